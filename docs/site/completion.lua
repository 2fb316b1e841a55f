-- Completions for bash: commands, their options as their help names them, and what `list` knows.
-- SPDX-License-Identifier: GPL-3.0-or-later
local function sorted(set)
  local list = {}
  for word in pairs(set) do list[#list + 1] = word end
  table.sort(list)
  return table.concat(list, " ")
end

local function options_of(help)
  local set = { ["--help"] = true }
  for word in help:gmatch "%-%-[%l][%l-]*" do set[word] = true end
  return sorted(set)
end

local TEMPLATE = [==[
# Completions of the command corelevel for bash.
_corelevel() {
    local word=${COMP_WORDS[COMP_CWORD]} options names=""
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "@COMMANDS@ --help --version" -- "$word")
        return
    fi
    case ${COMP_WORDS[1]} in
@CASES@    *) options="" ;;
    esac
    if [ "${COMP_WORDS[1]}" = list ]; then
        case ${COMP_WORDS[2]} in
@LISTS@        esac
        [ "$COMP_CWORD" -eq 2 ] && names="formats operations components lines envelopes"
    fi
    if [[ $word == -* || -n $names ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options $names" -- "$word")
    else
        compopt -o default 2>/dev/null
    fi
}
complete -F _corelevel corelevel
]==]

return function(what)
  local commands, cases, lists = {}, {}, {}
  for _, command in ipairs(what.commands) do
    commands[#commands + 1] = command.name
    cases[#cases + 1] = ('    %s) options="%s" ;;\n'):format(command.name, options_of(command.help))
  end
  for _, key in ipairs { "formats", "operations", "components" } do
    local names = {}
    for _, one in ipairs(what.registry[key]) do names[one.name] = true end
    lists[#lists + 1] = ('        %s) names="%s" ;;\n'):format(key, sorted(names))
  end
  local parts = { COMMANDS = table.concat(commands, " "), CASES = table.concat(cases), LISTS = table.concat(lists) }
  return (TEMPLATE:gsub("@(%u+)@", parts))
end
