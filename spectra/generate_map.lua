-- Writes a simulated dual-EELS map of a LiCoO2 particle with a Co2+ shell as DigitalMicrograph 4 files:
--   lua5.4 generate_map.lua FOLDER [SEED]   makes FOLDER/map.dm4, FOLDER/lowloss.dm4 and FOLDER/map.truth.json
-- A section through a round particle: inside the shell's inner radius all Co is Co3+, in the shell Co2+, outside there is none. Counts are
-- Poisson; the energies drift from row to row, in both maps alike. SPDX-License-Identifier: GPL-3.0-or-later
local here = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = here .. "/generator/?.lua;" .. package.path
local cobalt, dm4, poisson = require "cobalt_edges", require "dm4", require "poisson"

local folder, seed = arg[1], math.tointeger(tonumber(arg[2] or 1))
assert(folder and seed, "generate_map.lua FOLDER [SEED]")
math.randomseed(seed)

local SIZE, PIXEL = 40, 1.0                          -- pixels a side, nm
local RADIUS, SHELL = 16, 4                          -- nm
local FIRST, STEP, CHANNELS = 705, 0.5, 320          -- eV of loss
local LOW_FIRST, LOW_STEP, LOW_CHANNELS = -20, 0.25, 240
local BACKGROUND, EDGE, ZERO_LOSS = 250, 60, 20000   -- counts a channel at 760 eV, counts of the step, counts of the zero loss
local CENTRE = PIXEL * (SIZE - 1) / 2

local function drift(row) return 0.8 * math.sin(2 * math.pi * row / SIZE) end

-- The share of a pixel within a radius of the centre, from 8 x 8 points.
local function share(x, y, radius)
  local inside = 0
  for i = 0, 7 do
    for k = 0, 7 do
      local dx, dy = x + PIXEL * ((i + 0.5) / 8 - 0.5) - CENTRE, y + PIXEL * ((k + 0.5) / 8 - 0.5) - CENTRE
      if dx * dx + dy * dy < radius * radius then inside = inside + 1 end
    end
  end
  return inside / 64
end

local edge2, edge3 = {}, {}
local function core(x, y, row, put)
  local whole, inner = share(x, y, RADIUS), share(x, y, RADIUS - SHELL)
  for c = 1, CHANNELS do
    local energy = FIRST + STEP * (c - 1) - drift(row)
    local key = row * CHANNELS + c
    edge2[key] = edge2[key] or cobalt.edge("Co2+", energy)
    edge3[key] = edge3[key] or cobalt.edge("Co3+", energy)
    put(c, poisson.count((0.1 + whole) * BACKGROUND * (energy / 760) ^ -3 + EDGE * (inner * edge3[key] + (whole - inner) * edge2[key])))
  end
end

local function low(_, _, row, put)
  for c = 1, LOW_CHANNELS do
    local t = (LOW_FIRST + LOW_STEP * (c - 1) - drift(row)) / 0.9
    put(c, poisson.count(ZERO_LOSS * LOW_STEP / 0.96 * math.exp(-4 * math.log(2) * t * t) + 2))
  end
end

-- GMS stores the energy as the slowest dimension.
local function map(channels, spectrum)
  local values = {}
  for row = 0, SIZE - 1 do
    for column = 0, SIZE - 1 do
      spectrum(PIXEL * column, PIXEL * row, row, function(c, counts) values[(c - 1) * SIZE * SIZE + row * SIZE + column + 1] = counts end)
    end
  end
  assert(#values == channels * SIZE * SIZE)
  return values
end

local function write(name, bytes)
  local file = assert(io.open(folder .. "/" .. name, "wb"))
  file:write(bytes)
  file:close()
end

local function image(name, first, step, channels, spectrum)
  return dm4.bytes {
    name = name, values = map(channels, spectrum), beam_energy = 200000, collection = 40, convergence = 25, exposure = 0.05,
    dimensions = { { SIZE, 0, PIXEL, "nm" }, { SIZE, 0, PIXEL, "nm" }, { channels, first, step, "eV" } },
  }
end

write("map.dm4", image("LiCoO2 particle", FIRST, STEP, CHANNELS, core))
write("lowloss.dm4", image("LiCoO2 particle, low loss", LOW_FIRST, LOW_STEP, LOW_CHANNELS, low))
write("map.truth.json", ('{"radius":%g,"shell":%g,"pixel":%g,"size":%d,"centre":%g,"drift":0.8,"seed":%d}\n'):format(RADIUS, SHELL, PIXEL,
  SIZE, CENTRE, seed))
