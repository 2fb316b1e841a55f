-- Reads the truth files: JSON of objects, lists, strings without escapes, numbers and booleans.
-- SPDX-License-Identifier: GPL-3.0-or-later

local reader = {}

local read

local function read_members(text, place, close, read_one)
  local members = {}
  place = text:match("^%s*()", place)
  while text:sub(place, place) ~= close do
    place = text:match("^%s*,?%s*()", read_one(members, place))
  end
  return members, place + 1
end

local function read_object(text, place)
  return read_members(text, place + 1, "}", function(members, at)
    local key, after = text:match('^"([^"\\]*)"%s*:%s*()', at)
    assert(key, "a key is expected at byte " .. at)
    members[key], after = read(text, after)
    return after
  end)
end

local function read_list(text, place)
  return read_members(text, place + 1, "]", function(members, at)
    local value, after = read(text, at)
    members[#members + 1] = value
    return after
  end)
end

function read(text, place)
  local first = text:sub(place, place)
  if first == "{" then
    return read_object(text, place)
  elseif first == "[" then
    return read_list(text, place)
  elseif first == '"' then
    local value, after = text:match('^"([^"\\]*)"()', place)
    return assert(value, "an unfinished text at byte " .. place), after
  end
  local value, after = text:match("^([-+%w.]+)()", place)
  return assert(tonumber(value), "a number is expected at byte " .. place), after
end

-- The value that `text` holds.
function reader.read(text)
  return (read(text, 1))
end

return reader
