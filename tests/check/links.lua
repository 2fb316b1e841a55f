-- Do the rooms call only downwards? What one room leaves undefined, itself or a room it stands on must define.
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- usage: lua5.4 tests/check/links.lua BUILD   (BUILD: a built folder, such as build/release)
local build = arg[1]
local rooms, home, wanted = {}, {}, {}
local offences = 0

for name, body in assert(io.open "CMakeLists.txt"):read("a"):gmatch "clv_room%(%s*([%w_]+)%s*([^)]*)%)" do
  local on, key = { [name] = true }, nil
  for word in body:gmatch "%S+" do
    if word:match "^%u+$" then key = word elseif key == "ON" then on[word] = true end
  end
  rooms[name] = on
end

for name in pairs(rooms) do
  local folder = ("%s/CMakeFiles/room_%s.dir"):format(build, name)
  local object
  for line in io.popen("find " .. folder .. " -name '*.o' -exec nm {} + -print 2>/dev/null"):lines() do
    local kind, symbol = line:match "([%a]) (clv_[%w_]+)$"
    object = line:match "core/([%w_/]+%.c)%.o:?$" or object
    if kind == "U" then
      wanted[#wanted + 1] = { room = name, symbol = symbol, object = object }
    elseif kind then
      home[symbol] = name
    end
  end
end

for _, want in ipairs(wanted) do
  local there = home[want.symbol]
  if there and not rooms[want.room][there] then
    offences = offences + 1
    print(("core/%s: calls %s of core/%s, on which core/%s does not stand"):format(want.object or want.room, want.symbol,
      there, want.room))
  end
end
if not next(home) then
  print(build .. ": no objects of the rooms; build first")
  offences = 1
end
os.exit(offences == 0)
