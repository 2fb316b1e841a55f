-- Is nothing left lying about? Words of unfinished work, and folders that nobody has explained.
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- usage: lua5.4 tests/check/house.lua < list of all files of the project, one path a line
--
-- Every folder that holds files, down to the second level (core/num, plugins/xps, tests/check), has a README.md that says
-- what lives there and what it may depend on; tests/core and tests/plugins mirror the house and need none below them.
local words = { "TO" .. "DO", "FIX" .. "ME", "XX" .. "X", "HA" .. "CK" }
local phrases = { "not " .. "implemented", "for " .. "now", "place" .. "holder" }
local text_of = { c = true, h = true, lua = true, sh = true, cmake = true, txt = true, py = true }
local exempt = { [".ci"] = true, ["core/include"] = true, ["docs/images"] = true }
local offences, folders, has_readme = 0, {}, {}

local function offend(...)
  offences = offences + 1
  print(string.format(...))
end

local function check_words(path)
  local n = 0
  for line in io.lines(path) do
    n = n + 1
    for _, word in ipairs(words) do
      if line:find("%f[%w_]" .. word .. "%f[^%w_]") then offend('%s:%d: the word "%s"', path, n, word) end
    end
    local low = line:lower()
    for _, phrase in ipairs(phrases) do
      if low:find("%f[%w]" .. phrase .. "%f[%W]") then offend('%s:%d: the words "%s"', path, n, phrase) end
    end
    if line:find "%s$" then offend("%s:%d: blanks at the end of the line", path, n) end
  end
end

for path in io.lines() do
  local suffix = path:match "%.(%w+)$" or ""
  if text_of[suffix] or path == "dev" or path == ".ci/run" then check_words(path) end
  local first, second = path:match "^([^/]+)/", path:match "^([^/]+/[^/]+)/"
  if first then folders[first] = true end
  if second then folders[second] = true end
  if path:match "README%.md$" then has_readme[path:match "^(.*)/README%.md$" or ""] = true end
end
local missing = {}
for folder in pairs(folders) do
  if not has_readme[folder] and not exempt[folder] then missing[#missing + 1] = folder end
end
table.sort(missing)
for _, folder in ipairs(missing) do offend("%s: no README.md says what lives there", folder) end
os.exit(offences == 0)
