-- Writes DigitalMicrograph 4 files of one spectrum image: tags as in files of GMS, numbers as 32-bit floats.
-- SPDX-License-Identifier: GPL-3.0-or-later

local dm4 = {}

local FLOAT, DOUBLE, UNSIGNED = 6, 7, 5

-- "%%%%", how many numbers describe the value, these, the value. The tree is big endian, values are little endian.
local function value(info, bytes)
  local words = {}
  for i, word in ipairs(info) do words[i] = string.pack(">I8", word) end
  return "%%%%" .. string.pack(">I8", #info) .. table.concat(words) .. bytes
end

local function number(n) return { data = value({ DOUBLE }, string.pack("<d", n)) } end
local function unsigned(n) return { data = value({ UNSIGNED }, string.pack("<I4", n)) } end

local function text(t)
  local units = {}
  for _, code in utf8.codes(t) do units[#units + 1] = string.pack("<I2", code) end
  return { data = value({ 20, 4, #units }, table.concat(units)) }
end

local function floats(list)
  local parts = {}
  for i = 1, #list, 200 do
    local last = math.min(i + 199, #list)
    parts[#parts + 1] = string.pack("<" .. ("f"):rep(last - i + 1), table.unpack(list, i, last))
  end
  return { data = value({ 20, FLOAT, #list }, table.concat(parts)) }
end

-- A directory of { name, tag } pairs; "" for no name.
local function directory(entries)
  local parts = { string.pack(">BBI8", 1, 0, #entries) }
  for _, entry in ipairs(entries) do
    local name, tag = entry[1], entry[2]
    local body = tag.data or directory(tag)
    parts[#parts + 1] = string.pack(">BI2", tag.data and 21 or 20, #name) .. name .. string.pack(">I8", #body) .. body
  end
  return table.concat(parts)
end

-- `image` has values (the fastest dimension first), dimensions = { { size, offset, scale, unit } … }, name, beam_energy
-- (V), angles (mrad), exposure (s). Gives the bytes of the file.
function dm4.bytes(image)
  local calibrations, sizes = {}, {}
  for i, d in ipairs(image.dimensions) do
    calibrations[i] = { "", { { "Origin", number(-d[2] / d[3]) }, { "Scale", number(d[3]) }, { "Units", text(d[4]) } } }
    sizes[i] = { "", unsigned(d[1]) }
  end
  local tree = { { "ImageList", { { "", {
    { "ImageData", {
      { "Calibrations", { { "Dimension", calibrations } } },
      { "Data", floats(image.values) },
      { "DataType", unsigned(2) },
      { "Dimensions", sizes },
      { "PixelDepth", unsigned(4) },
    } },
    { "ImageTags", {
      { "EELS", { { "Acquisition", { { "Exposure (s)", number(image.exposure) }, { "Number of frames", unsigned(1) } } },
        { "Experimental Conditions", { { "Collection semi-angle (mrad)", number(image.collection) },
          { "Convergence semi-angle (mrad)", number(image.convergence) } } } } },
      { "Meta Data", { { "Format", text "Spectrum image" }, { "Signal", text "EELS" } } },
      { "Microscope Info", { { "Voltage", number(image.beam_energy) } } },
    } },
    { "Name", text(image.name) },
  } } } } }
  local root = directory(tree)
  return string.pack(">I4I8I4", 4, #root, 1) .. root .. ("\0"):rep(8)
end

return dm4
