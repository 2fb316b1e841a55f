-- Does every #include lead down? The floors are those that CMakeLists.txt builds with: its clv_room lines.
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- usage: lua5.4 tests/check/floors.lua < list of C files, one path a line
--
-- A room may include its own headers and those of the rooms it stands on ("room/header.h"), the public faces that those
-- rooms declare (FACES) and the few it is shown (SEES), and the foreign libraries it meets (FOREIGN).

-- Headers of each foreign library, by the short name that CMakeLists.txt uses.
local foreign = {
  gsl = { "gsl/" }, cerf = { "cerf.h" }, xraylib = { "xraylib.h" }, zlib = { "zlib.h" }, threads = { "pthread.h" },
  netcdf = { "netcdf.h", "netcdf_mem.h", "netcdf_filter.h" }, libxml2 = { "libxml/" }, hdf5 = { "hdf5.h" }, dl = { "dlfcn.h" },
  cairo = { "cairo.h", "cairo-svg.h", "cairo-pdf.h" }, sqlite = { "sqlite3.h" },
  lua = { "lua.h", "lauxlib.h" }, lualib = { "lualib.h" },
}
local standard = [[assert complex ctype errno fenv float inttypes limits locale math setjmp signal stdalign stdarg
  stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype]]
-- What the system offers beyond C. The pure rooms do without it.
local system = [[alloca.h dirent.h fcntl.h fnmatch.h poll.h search.h spawn.h strings.h unistd.h sys/]]
local vectors = [[emmintrin.h immintrin.h arm_neon.h]]

-- Rooms that stand above core: plugins and Lua see the public faces and their own folder.
local rooms = {
  ["plugins"] = { faces = "*", own = true, foreign = "" },
  ["plugins/formats"] = { faces = "*", own = true, foreign = "libxml2" },
  ["lua/binding"] = { faces = "*", own = true, foreign = "lua dl" },
  ["lua/host"] = { faces = "*", own = true, below = "lua/binding", foreign = "lua lualib dl threads" },
  ["lua/runner"] = { faces = "*", own = true, below = "lua/binding lua/host", foreign = "threads" },
}
local offences = 0

local function offend(...)
  offences = offences + 1
  print(string.format(...))
end

local function has(list, word) return (" " .. list:gsub("%s+", " ") .. " "):find(" " .. word .. " ", 1, true) end

local function any_prefix(list, header)
  for _, prefix in ipairs(list) do
    if header == prefix or prefix:sub(-1) == "/" and header:sub(1, #prefix) == prefix then return true end
  end
  return false
end

-- The rooms of core, as CMakeLists.txt declares them, and the room of each public face.
local home = {}
local function read_floors()
  local text = assert(io.open "CMakeLists.txt"):read "a"
  for name, body in text:gmatch "clv_room%(%s*([%w_]+)%s+([^)]*)%)" do
    local room, key = { own = true, core = true }, nil
    for word in body:gmatch "%S+" do
      if has("ON FACES SEES FOREIGN", word) then key = word:lower() else room[key] = (room[key] or "") .. " " .. word end
    end
    for _, k in ipairs { "on", "faces", "sees", "foreign" } do room[k] = room[k] or "" end
    for face in room.faces:gmatch "%S+" do
      if home[face] then offend("CMakeLists.txt: the face %s belongs to %s and to %s", face, home[face], name) end
      home[face] = name
    end
    rooms["core/" .. name] = room
  end
  for name, room in pairs(rooms) do
    for below in (room.core and room.on or ""):gmatch "%S+" do
      if not rooms["core/" .. below] then offend("CMakeLists.txt: %s stands on %s, which is no room", name, below) end
    end
  end
end

local function room_of(path)
  local best
  for name in pairs(rooms) do
    if path:sub(1, #name + 1) == name .. "/" and (not best or #name > #best) then best = name end
  end
  return best
end

local function exists(path)
  local file = io.open(path)
  return file and file:close()
end

-- Why a room may not include a public face; nil when it may.
local function refuse_face(name, room, face)
  if room.faces == "*" or has(room.faces .. " " .. room.sees, face) then return nil end
  for below in room.on:gmatch "%S+" do
    if home[face] == below then return nil end
  end
  if not home[face] then return "no room declares the face <corelevel/" .. face .. ".h> (FACES in CMakeLists.txt)" end
  return ("%s does not stand on core/%s, whose face <corelevel/%s.h> is"):format(name, home[face], face)
end

local function refuse_foreign(name, room, header)
  if has(standard, header:match "^[%w_]+" or "") and header:match "^[%w_]+%.h$" then return nil end
  for word in system:gmatch "%S+" do
    if any_prefix({ word }, header) then
      return has("core/num core/fit", name) and name .. " is pure: it does without <" .. header .. ">" or nil
    end
  end
  if name == "core/num" and has(vectors, header) then return nil end
  for library in room.foreign:gmatch "%S+" do
    if foreign[library] and any_prefix(foreign[library], header) then return nil end
  end
  return name .. " may not meet <" .. header .. ">"
end

local function refuse_quoted(name, room, path, header)
  local folder = path:match "^(.*)/"
  if header:find("..", 1, true) then return "no include climbs out of its folder" end
  if exists(folder .. "/" .. header) then return nil end
  if room.core then
    local other, file = header:match "^([%w_]+)/(.+)$"
    if not other then return '"' .. header .. '" is not in ' .. folder end
    if "core/" .. other == name or has(room.on, other) then
      return not exists("core/" .. other .. "/" .. file) and '"' .. header .. '" does not exist' or nil
    end
    return ('%s does not stand on core/%s, whose "%s" is'):format(name, other, header)
  end
  for below in (room.below or ""):gmatch "%S+" do
    if exists(below .. "/" .. header) then return nil end
  end
  return ('%s sees public faces and its own folder, not "%s"'):format(name, header)
end

local function check(path)
  local name, n = room_of(path), 0
  local room = rooms[name]
  if not room then return end
  for line in io.lines(path) do
    n = n + 1
    local mark, header = line:match '^%s*#%s*include%s*(["<])([^">]+)'
    local face = mark == "<" and header:match "^corelevel/([%w_]+)%.h$"
    local why
    if face then
      why = refuse_face(name, room, face)
    elseif mark == "<" then
      why = refuse_foreign(name, room, header)
    elseif mark then
      why = refuse_quoted(name, room, path, header)
    end
    if why then offend("%s:%d: %s", path, n, why) end
  end
end

-- Public headers include public and standard headers only: no foreign type stands in them.
local function check_face(path)
  local face, n = path:match "([%w_]+)%.h$", 0
  if not home[face] and face ~= "corelevel" and path:match "^core/" then
    offend("%s: no room declares this face (FACES in CMakeLists.txt)", path)
  end
  for line in io.lines(path) do
    n = n + 1
    local header = line:match '^%s*#%s*include%s*["<]([^">]+)'
    if header and not header:match "^corelevel/" and not has(standard, header:match "^([%w_]+)%.h$" or "") then
      offend("%s:%d: a public header does without <%s>: no foreign type stands in a face", path, n, header)
    end
  end
end

read_floors()
for path in io.lines() do
  if path:find("include/corelevel/", 1, true) then check_face(path) else check(path) end
end
os.exit(offences == 0)
