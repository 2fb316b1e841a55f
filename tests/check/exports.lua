-- Does the shared library export what its public headers declare with CLV_API, no more and no less?
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- usage: lua5.4 tests/check/exports.lua LIBRARY.so HEADER...
local library = arg[1]
local offences = 0

local function offend(...)
  offences = offences + 1
  print(string.format(...))
end

-- The declarations of a header: comments, preprocessor lines and what stands between braces left out.
local function declarations(path)
  local text = assert(io.open(path)):read "a"
  text = text:gsub("/%*.-%*/", " "):gsub("\\\n", " "):gsub("\n%s*#[^\n]*", "\n"):gsub("%b{}", " ")
  return text
end

local declared = {}
for i = 2, #arg do
  for statement in declarations(arg[i]):gmatch "[^;]+" do
    local name = statement:match "(clv_[%w_]+)%s*%("
    if name and not statement:find("typedef", 1, true) and not statement:find("static inline", 1, true) then
      if not statement:find("CLV_API", 1, true) then offend("%s: %s is declared without CLV_API", arg[i], name) end
      declared[name] = arg[i]
    end
  end
end

local exported = {}
for line in assert(io.popen("nm -D --defined-only " .. library)):lines() do
  local kind, name = line:match "^%x+ (%a) ([^@]+)"
  if kind and kind ~= "A" then exported[name] = kind end
end

local function each_missing(of, from, sentence)
  local names = {}
  for name in pairs(of) do
    if not from[name] then names[#names + 1] = name end
  end
  table.sort(names)
  for _, name in ipairs(names) do offend(sentence, name, of[name]) end
end

if not next(exported) then offend("%s: exports nothing", library) end
each_missing(declared, exported, "%s is declared in %s, but the library does not define it")
each_missing(exported, declared, "%s (%s) is exported, but no public header declares it")
os.exit(offences == 0)
