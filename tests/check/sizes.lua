-- Are functions and files short, headers a book, first lines true to form? Prints what is not.
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- usage: lua5.4 tests/check/sizes.lua [--tell] < list of files, one path a line
--
-- The measures are those that the best codebases of this kind share: over the product's C functions a median of at most
-- 12 lines and a 90th percentile of at most 40; no function, of tests too, over 80; no file over 500 unless its first
-- line says that it is a table or generated; at least half of the lines of public headers bear a comment. `.clang-format`
-- holds braces of functions in column one, which is how a function's end is known.
local LONGEST, FILE, MEDIAN, NINTH, COMMENT = 80, 500, 12, 40, 0.5
local tell = arg[1] == "--tell"
local offences, lengths, longest = 0, {}, {}

local function offend(...)
  offences = offences + 1
  print(string.format(...))
end

local function read(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line end
  return lines
end

-- Calls found(first, last) for each function of a C file.
local function each_function(lines, found)
  local start, opened
  for i, line in ipairs(lines) do
    if opened then
      if line:match "^}" then
        found(start, i)
        start, opened = nil, nil
      end
    elseif line == "{" then
      opened = start or i
    elseif line:match "^[%a_].*%)%s*{.*}$" and not line:match "=" then
      found(start or i, i)
      start = nil
    elseif line:match "^[%a_]" and not line:match "[;:=]$" then
      start = start or i
    elseif line:match "^[#}/]" or line == "" or line:match ";$" then
      start = nil
    end
  end
end

-- The same for a Lua file: a function ends with the first `end` that stands as far in as the line it began on.
local function each_lua_function(lines, found)
  local open = {}
  for i, line in ipairs(lines) do
    local space = line:match "^(%s*)"
    local top = open[#open]
    if top and line:match "^%s*end" and space == top.space then
      found(top.line, i)
      open[#open] = nil
    elseif line:match "function" and not line:match "^%s*%-%-" and not line:match "%f[%w]end%f[%W]" then
      open[#open + 1] = { space = space, line = i }
    end
  end
end

local function share_of_comment(lines)
  local filled, commented, inside = 0, 0, false
  for _, line in ipairs(lines) do
    if line:match "%S" then
      local bears = inside
      local rest = line
      if inside then
        local after = rest:match "%*/(.*)"
        inside, rest = not after, after or ""
      end
      while rest:find("/*", 1, true) do
        bears = true
        rest = rest:match "/%*(.*)"
        local after = rest:match "%*/(.*)"
        if not after then
          inside = true
          break
        end
        rest = after
      end
      filled, commented = filled + 1, commented + (bears and 1 or 0)
    end
  end
  return filled > 0 and commented / filled or 1
end

-- The first line says what the file is, and one of the first sixteen bears the licence.
local function check_opening(path, lines)
  local first = lines[1] or ""
  local at = 1
  if first:match "^#!" or first:match "^<%?xml" then at = 2 end
  local text = (lines[at] or ""):match "^/%* (.*)" or (lines[at] or ""):match "^%-%- (.*)" or (lines[at] or ""):match "^# (.*)"
    or (lines[at] or ""):match "^<!%-%- (.*)"
  if not text or not text:match "%a+%W+%a+" then offend("%s:%d: the file does not open with a line that says what it is", path, at) end
  for i = at, math.min(#lines, 16) do
    if lines[i]:find("SPDX-License-Identifier: GPL-3.0-or-later", 1, true) then return end
  end
  offend("%s: no line SPDX-License-Identifier: GPL-3.0-or-later near its top", path)
end

local function is_table(lines)
  local opening = table.concat(lines, " ", 1, math.min(3, #lines)):lower()
  return opening:match "%f[%w]tables?%f[%W]" or opening:match "generated" or opening:match "made by "
end

local function check(path)
  local lines = read(path)
  local product = not path:match "^tests/"
  local function found(first, last)
    local length = last - first + 1
    if length > LONGEST then
      offend("%s:%d: this function has %d lines, more than %d", path, first, length, LONGEST)
    end
    if product and path:match "%.[ch]$" then
      lengths[#lengths + 1] = length
      if length > NINTH then longest[#longest + 1] = ("%3d %s:%d"):format(length, path, first) end
    end
  end
  check_opening(path, lines)
  if path:match "%.[ch]$" then each_function(lines, found) end
  if path:match "%.lua$" then each_lua_function(lines, found) end
  if #lines > FILE and not is_table(lines) then offend("%s: %d lines, more than %d", path, #lines, FILE) end
  if path:find("include/corelevel/", 1, true) then
    local share = share_of_comment(lines)
    if share < COMMENT then
      offend("%s: %.0f %% of its lines bear a comment; a public header needs %.0f %%", path, 100 * share, 100 * COMMENT)
    end
  end
end

for path in io.lines() do check(path) end
table.sort(lengths)
if #lengths > 0 then
  local median, ninth = lengths[(#lengths + 1) // 2], lengths[math.ceil(#lengths * 0.9)]
  if median > MEDIAN then offend("functions: the median has %d lines, more than %d", median, MEDIAN) end
  if ninth > NINTH then offend("functions: the 90th percentile has %d lines, more than %d", ninth, NINTH) end
  if tell then
    table.sort(longest, function(a, b) return a > b end)
    print(("%d functions: median %d, 90th percentile %d, longest %d lines"):format(#lengths, median, ninth, lengths[#lengths]))
    print(table.concat(longest, "\n"))
  end
end
os.exit(offences == 0)
