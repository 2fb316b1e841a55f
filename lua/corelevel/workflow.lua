-- What a workflow declares, and its inputs and options from the command line, the session that runs it, or `arg`.
-- SPDX-License-Identifier: GPL-3.0-or-later
local core = require "corelevel.core"
local arguments = require "corelevel.arguments"

core.comfort()

local workflow = {}

-- The command's own options, which a workflow cannot take.
local RESERVED = {
  out = true, threads = true, quiet = true, trust = true, max_failed = true, help = true, time_limit = true,
  memory_limit = true, hash = true, json = true,
}

local LIVE = { points = true, spectra = true, frames = true }

local function fail(text, ...) core.fail("workflow: " .. text:format(...)) end

local function sorted_keys(t)
  local keys = {}
  for key in pairs(t) do
    if type(key) ~= "string" then fail("a table of names holds a %s as a key", type(key)) end
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

-- Refuses keys that are not among `known` (a sorted list), apart from places 1 to `places`.
local function check_keys(what, t, known, places)
  if type(t) ~= "table" then fail("%s: a table is needed, not a %s", what, type(t)) end
  for key in pairs(t) do
    local fine = math.type(key) == "integer" and key >= 1 and key <= places
    for _, name in ipairs(known) do fine = fine or key == name end
    if not fine then
      local near = core.nearest(tostring(key), known)
      fail("%s: there is no '%s'%s", what, tostring(key), near and ("; did you mean '%s'?"):format(near) or "")
    end
  end
end

local function check_name(kind, name, taken)
  if type(name) ~= "string" or not name:find "^[%a][%w_]*$" then
    fail("%s: a name of letters, digits and _ is needed, not '%s'", kind, tostring(name))
  end
  if RESERVED[name] then fail("'%s' is an option of the command itself: choose another name", name) end
  if taken[name] then fail("'%s' is declared twice", name) end
  taken[name] = true
end

local function check_inputs(given, taken)
  local inputs = {}
  check_keys("inputs", given, {}, #given)
  for place, input in ipairs(given) do
    check_keys(("input %d"):format(place), input, { "default", "doc", "name", "optional" }, 2)
    local name, doc = input[1] or input.name, input[2] or input.doc
    check_name("inputs", name, taken)
    inputs[place] = { name = name, doc = doc or "", optional = input.optional and true or nil, default = input.default }
  end
  return inputs
end

local PRESETS = { number = true, string = true, boolean = true, table = true, ["nil"] = true }

local function check_options(given, taken)
  local options = {}
  if type(given) ~= "table" then fail("options: a table is needed, not a %s", type(given)) end
  for place, name in ipairs(sorted_keys(given)) do
    local row = given[name]
    check_name("options", name, taken)
    if type(row) ~= "table" then row = { row } end
    check_keys(("option '%s'"):format(name), row, { "doc", "unit" }, 1)
    if not PRESETS[type(row[1])] then fail("option '%s': a %s cannot be a preset", name, type(row[1])) end
    options[place] = { name = name, preset = row[1], unit = row.unit, doc = row.doc or "" }
  end
  return options
end

local function check_live(live)
  check_keys("live", live, { "every", "take" }, 0)
  if live.take ~= nil and not LIVE[live.take] then fail("live: take is \"points\", \"spectra\" or \"frames\"") end
  if live.every ~= nil and not (type(live.every) == "number" and live.every >= 0) then
    fail("live: every is a number of seconds")
  end
  return live
end

local function check(given)
  local taken = {}
  check_keys("declaration", given, { "inputs", "live", "name", "options" }, 0)
  if type(given.name or "") ~= "string" then fail("name: a text is needed, not a %s", type(given.name)) end
  return {
    name = given.name or "",
    inputs = check_inputs(given.inputs or {}, taken),
    options = check_options(given.options or {}, taken),
    live = given.live and check_live(given.live),
  }
end

-- A table that tells a misspelt name; what is declared and was not given is nil.
local function strict(kind, rows, values)
  local known, names = {}, {}
  for i, row in ipairs(rows) do known[row.name], names[i] = true, row.name end
  return setmetatable({}, {
    __index = function(_, name)
      if known[name] then return values[name] end
      local near = core.nearest(tostring(name), names)
      core.fail(("the workflow declares no %s '%s'%s"):format(kind, tostring(name),
        near and ("; did you mean '%s'?"):format(near) or ""))
    end,
    __newindex = function(_, name) core.fail(("cl.%ss.%s cannot be set"):format(kind, tostring(name))) end,
    __pairs = function() return next, values end,
  })
end

-- Without a session: `lua5.4 workflow.lua input … --name value`; --out and --help as the command has them.
local function from_arg(declaration)
  local words = {}
  for i, word in ipairs(arg or {}) do words[i] = word end
  local script = arg and arg[0] or "workflow.lua"
  local function stop(text)
    io.stderr:write(script, ": ", text, "\n")
    os.exit(2)
  end
  local own, problem = arguments.take_own(words)
  if problem then stop(problem) end
  if own.help then
    print(arguments.help(declaration, "lua5.4 " .. script))
    os.exit(0)
  end
  core.set_out(own.out)
  local inputs, options, wrong = arguments.parse(declaration, words, {}, {})
  if wrong then stop(wrong) end
  return inputs, options
end

local function from_host(declaration)
  local host = core.host
  host.declare(declaration, arguments.help(declaration, host.command))
  local inputs, options, wrong = arguments.parse(declaration, host.arguments, host.inputs, host.options)
  if wrong then host.usage(wrong) end
  return inputs, options
end

--- Checks a declaration and gives the inputs and options that it names.
function workflow.declare(given)
  local declaration = check(given)
  workflow.name = declaration.name
  local inputs, options = (core.host and from_host or from_arg)(declaration)
  return strict("input", declaration.inputs, inputs), strict("option", declaration.options, options)
end

return workflow
