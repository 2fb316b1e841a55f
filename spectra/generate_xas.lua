-- Writes simulated scans of a LiCoO2 cathode reduced at its surface, and of a pristine one, as XDI files:
--   lua5.4 generate_xas.lua FOLDER [SEED]   makes treated_co.xdi, pristine_co.xdi (Co K, electron yield, reference foil), treated_o.xdi
--   and pristine_o.xdi (O K, electron and fluorescence yield) and xas.truth.json. Counts are Poisson.
-- SPDX-License-Identifier: GPL-3.0-or-later
local here = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = here .. "/generator/?.lua;" .. package.path
local poisson = require "poisson"

local folder, seed = arg[1], math.tointeger(tonumber(arg[2] or 1))
assert(folder and seed, "generate_xas.lua FOLDER [SEED]")
math.randomseed(seed)

local K2_PER_EV = 0.2624682917
local FOIL = 7708.78                                   -- first maximum of the derivative of Co metal, eV (Kraft et al. 1996)
local EDGE = { pristine = 7724.0, treated = 7722.0 }   -- half of the step: 2.0 eV apart
local MONO = { pristine = 0.62, treated = -0.41 }      -- what each scan's energies are off, eV
local SHELLS = { { 1.92, 6, 0.003 }, { 2.82, 6, 0.004 } } -- Angstrom, atoms, Angstrom^2
local CARBONATE = { treated = { tey = 0.45, tfy = 0.12 }, pristine = { tey = 0, tfy = 0 } } -- eV times the edge step, at 534 eV
local OVER = 4                                         -- other absorption in edge steps: over-absorption of the fluorescence

-- Poisson counts; of large means by the normal distribution, whose skewness then is below 1 %.
local function count(mean)
  if mean < 1e4 then return poisson.count(mean) end
  local normal = math.sqrt(-2 * math.log(1 - math.random())) * math.cos(2 * math.pi * math.random())
  return math.floor(mean + math.sqrt(mean) * normal + 0.5)
end

local function arctan(x, width) return 0.5 + math.atan(2 * x / width) / math.pi end
local function lorentzian(x, width) return width / (2 * math.pi) / (x * x + width * width / 4) end
local function gaussian(x, width) return math.exp(-4 * math.log(2) * (x / width) ^ 2) / (1.0644670194 * width) end

-- Normalised absorption at the Co K edge.
local function cobalt(energy, edge)
  local x = energy - edge
  local mu = arctan(x, 3) + 5.5 * lorentzian(x - 4.5, 6) + 0.25 * gaussian(x + 13, 2.5)
  local k2 = K2_PER_EV * (x - 2)
  if k2 > 4 then
    local k = math.sqrt(k2)
    for _, s in ipairs(SHELLS) do
      local envelope = 0.55 * math.exp(-((k - 6.5) / 4.5) ^ 2) / (k * s[1] ^ 2)
      local wave = math.sin(2 * k * s[1] - 0.75 * k + 1.2) * (1 - math.exp(-(k - 2) ^ 2))
      mu = mu + s[2] * envelope * math.exp(-2 * s[3] * k2) * wave
    end
  end
  return mu
end

local function foil(energy) return arctan(energy - FOIL, 2.4) + 0.8 * lorentzian(energy - FOIL - 16, 20) end

-- Normalised absorption at the O K edge, the carbonate's line aside.
local function oxygen(energy)
  return 1 / (1 + math.exp(-(energy - 536))) + 1.1 * gaussian(energy - 530.2, 1.3) + 4.5 * gaussian(energy - 541, 7)
    + 1.6 * gaussian(energy - 537.5, 3)
end

local function write(name, lines)
  local file = assert(io.open(folder .. "/" .. name, "w"))
  file:write(table.concat(lines, "\n"), "\n")
  file:close()
end

local function head(sample, element, columns)
  local lines = { "# XDI/1.0 corelevel", "# Element.symbol: " .. element, "# Element.edge: K", "# Mono.d_spacing: 3.13555",
    "# Sample.name: " .. sample }
  for i, column in ipairs(columns) do lines[#lines + 1] = ("# Column.%d: %s"):format(i, column) end
  lines[#lines + 1] = "# ///"
  lines[#lines + 1] = "# simulated by corelevel spectra/generate_xas.lua; planted values in xas.truth.json"
  lines[#lines + 1] = "#---"
  return lines
end

local function co_scan(sample)
  local lines = head(sample, "Co", { "energy eV", "i0 counts", "tey counts", "murefer" })
  local energy = 7548.0
  while energy <= 8600 do
    local x = energy - EDGE.pristine
    local real = energy - MONO[sample]
    local i0 = 3e6 * (1 - 1e-4 * (energy - 7500))
    local mu = 0.6 - 2e-4 * x + cobalt(real, EDGE[sample]) * (1 - 4e-4 * math.max(0, x))
    lines[#lines + 1] = ("%.4f %d %d %.6f"):format(energy, count(i0), count(0.3 * i0 * mu),
      1.2 + foil(real) + 1e-4 * (math.random() + math.random() + math.random() - 1.5))
    energy = energy + (x < -30 and 5 or x < 40 and 0.25 or 0.5 + 0.05 * math.sqrt(math.max(0, x)))
  end
  write(sample .. "_co.xdi", lines)
end

local function o_scan(sample)
  local lines = head(sample, "O", { "energy eV", "i0 counts", "tey counts", "tfy counts" })
  for i = 0, 460 do
    local energy = 518 + 0.1 * i
    local line = gaussian(energy - 534, 0.9)
    local surface = oxygen(energy) + CARBONATE[sample].tey * line
    local bulk = oxygen(energy) + CARBONATE[sample].tfy * line
    local i0 = 4e6
    lines[#lines + 1] = ("%.4f %d %d %d"):format(energy, count(i0), count(i0 * (0.05 + 0.2 * surface)),
      count(i0 * (0.02 + 0.08 * bulk * (1 + OVER) / (bulk + OVER))))
  end
  write(sample .. "_o.xdi", lines)
end

for _, sample in ipairs { "treated", "pristine" } do
  co_scan(sample)
  o_scan(sample)
end
write("xas.truth.json", { ('{"shift":%g,"co_o":%g,"co_co":%g,"carbonate_tey":%g,"carbonate_tfy":%g,"seed":%d}'):format(
  EDGE.treated - EDGE.pristine, SHELLS[1][1], SHELLS[2][1], CARBONATE.treated.tey, CARBONATE.treated.tfy, seed) })
