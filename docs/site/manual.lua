-- The man page corelevel(1), from what the command says of itself. SPDX-License-Identifier: GPL-3.0-or-later
local function roff(text)
  return (text:gsub("\\", "\\e"):gsub("-", "\\-"):gsub("\n([.'])", "\n\\&%1"):gsub("^([.'])", "\\&%1"))
end

return function(what)
  local out = {
    '.TH CORELEVEL 1 "" "corelevel ', roff(what.version), '" "User commands"\n.SH NAME\ncorelevel \\- ',
    roff(what.help:match "^corelevel: ([^\n]+)"), "\n.SH SYNOPSIS\n.B corelevel\n.I COMMAND\n.RI [ WORD ...]\n.SH DESCRIPTION\n.nf\n",
    roff(what.help), ".fi\n.SH COMMANDS\n",
  }
  for _, command in ipairs(what.commands) do
    out[#out + 1] = (".SS corelevel %s\n%s\n.PP\n.nf\n%s.fi\n"):format(roff(command.name), roff(command.doc), roff(command.help))
  end
  out[#out + 1] = ".SH SEE ALSO\n.B corelevel list\n(operations, components, formats and lines, with units, presets and sources)\n"
  return table.concat(out)
end
