-- What the specs share: running the command, temporary folders, small workflows.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = {}

local function environment(name)
  return assert(os.getenv(name), name .. " is not set: run these specs through ctest")
end

support.command = environment "CORELEVEL_COMMAND"
support.samples = environment "CORELEVEL_SAMPLES"
support.sample = support.samples .. "/licoo2_reduced.vms"

local function quote(word) return "'" .. tostring(word):gsub("'", "'\\''") .. "'" end

--- Makes an empty folder; the caller gives it to `support.remove`.
function support.folder()
  local pipe = io.popen "mktemp -d"
  local path = pipe:read "l"
  pipe:close()
  return path
end

function support.remove(folder) os.execute("rm -rf " .. quote(folder)) end

function support.read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read "a"
  file:close()
  return text
end

function support.write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  return path
end

--- Runs a shell line; gives exit code, standard output and standard error.
function support.shell(line)
  local folder = support.folder()
  local _, _, code = os.execute(("( %s ) > %s/out 2> %s/err"):format(line, folder, folder))
  local out, err = support.read(folder .. "/out"), support.read(folder .. "/err")
  support.remove(folder)
  return code, out, err
end

--- Runs the command with words.
function support.corelevel(...)
  local words = { quote(support.command) }
  for _, word in ipairs { ... } do words[#words + 1] = quote(word) end
  return support.shell(table.concat(words, " "))
end

--- Runs a workflow given as text in a folder of its own: exit code, output, messages.
function support.workflow(text, ...)
  local folder = support.folder()
  local path = support.write(folder .. "/w.lua", text)
  local code, out, err = support.corelevel("run", path, "--out", folder .. "/out", ...)
  support.remove(folder)
  return code, out, err
end

return support
