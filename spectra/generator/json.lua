-- Writes Lua tables as JSON with sorted keys, so that the same table always gives the same bytes.
-- SPDX-License-Identifier: GPL-3.0-or-later

local json = {}

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local function text(value)
  return '"' .. value:gsub('[%c"\\]', function(c)
    return ESCAPES[c] or string.format("\\u%04x", c:byte())
  end) .. '"'
end

local function number(value)
  assert(value == value and math.abs(value) < math.huge, "json: numbers must be finite")
  return math.type(value) == "integer" and string.format("%d", value) or string.format("%.10g", value)
end

local function sorted_keys(object)
  local keys = {}
  for key in pairs(object) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

local write

local function list(value, indent)
  local items = {}
  for i, item in ipairs(value) do
    items[i] = indent .. "  " .. write(item, indent .. "  ")
  end
  return "[\n" .. table.concat(items, ",\n") .. "\n" .. indent .. "]"
end

local function object(value, indent)
  local items = {}
  for i, key in ipairs(sorted_keys(value)) do
    items[i] = indent .. "  " .. text(key) .. ": " .. write(value[key], indent .. "  ")
  end
  return "{\n" .. table.concat(items, ",\n") .. "\n" .. indent .. "}"
end

function write(value, indent)
  local kind = type(value)
  if kind == "table" then
    return #value > 0 and list(value, indent) or object(value, indent)
  elseif kind == "number" then
    return number(value)
  elseif kind == "boolean" then
    return tostring(value)
  end
  return text(value)
end

-- The text of `value` (tables of strings, numbers, booleans and tables), ending with a line feed.
function json.text(value)
  return write(value, "") .. "\n"
end

return json
