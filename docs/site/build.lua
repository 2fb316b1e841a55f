-- Makes the documentation: lua5.4 build.lua COMMAND SOURCE OUT
--   OUT/html/*.html, OUT/corelevel.1, OUT/corelevel.bash, OUT/corelevel.lua (annotations that editors read).
-- SPDX-License-Identifier: GPL-3.0-or-later
package.path = arg[0]:match "^(.*)/[^/]*$" .. "/?.lua;" .. package.path
local json = require "dkjson"
local site = require "site"

local command, source, out = arg[1], arg[2], arg[3]
assert(command and source and out, "build.lua COMMAND SOURCE OUT")

local function run(words)
  local pipe <close> = assert(io.popen(("'%s' %s"):format(command, words)))
  return pipe:read "a"
end

local function write(name, text)
  local file <close> = assert(io.open(out .. "/" .. name, "wb"))
  assert(file:write(text))
end

-- The commands with their help, as the command itself lists them.
local function read_commands()
  local commands = {}
  for name, doc in run("--help"):match("commands[^\n]*\n(.-)\n\n"):gmatch "  (%S+) +([^\n]+)" do
    commands[#commands + 1] = { name = name, doc = doc, help = run(name .. " --help") }
  end
  assert(#commands > 5, "corelevel --help lists no commands")
  return commands
end

assert(os.execute(("mkdir -p '%s/html'"):format(out)))
local what = {
  version = run("--version"):match "%S+%s*$":gsub("%s", ""),
  help = run "--help",
  commands = read_commands(),
  registry = assert(json.decode(run "list --json")),
  source = source,
}
for name, text in pairs(site.pages(what)) do write("html/" .. name, text) end
assert(os.execute(("cp -r '%s/docs/images' '%s/html/'"):format(source, out)))
write("corelevel.1", require "manual"(what))
write("corelevel.bash", require "completion"(what))
write("corelevel.lua", require "annotations"(what))
