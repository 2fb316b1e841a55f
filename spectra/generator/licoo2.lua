-- Depth profiles of LiCoO2 cathode surfaces: Co 2p, C 1s and O 1s at 0, 15 and 30 nm, pristine and reduced.
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- From the paper: Co2+ at 782.0 and 797.1 eV, Co3+ at 780.0 eV with a splitting of 15.0 eV, the C 1s positions and the
-- depths. Ours: every area and width, the Co2+ satellite, the whole O 1s region, backgrounds and charging. Real Co 2p
-- lines of either state are multiplets; two doublets and a satellite are the paper's labels, and the planted model is
-- exactly these.

local carbon = require "generator.carbon"

local licoo2 = {}

local ETCH_RATE = 0.05 -- nm/s
local ETCH_TIMES = { 0, 300, 600 }

-- The Co 2p region: `fraction` of the area (all of Co2+ with its satellite) belongs to Co2+.
local function cobalt(total, fraction)
  local reduced = total * fraction
  local satellite = 0.31 * reduced
  local function doublet(name, position, split, fwhm, area)
    return { name = name, position = position, split = split, ratio = 0.5, area = area, fwhm = fwhm, lorentzian = 0.47 }
  end
  return {
    name = "Co 2p",
    species = "Co",
    transition = "2p",
    low = 770.0,
    high = 812.0,
    step = 0.1,
    dwell = 0.5,
    scans = 8,
    background = { level = 420.0, slope = 0.0, shirley_k = 0.035 },
    components = {
      doublet("Co3+", 780.0, 15.0, 1.9, total - reduced),
      doublet("Co2+", 782.0, 15.1, 1.9, reduced - satellite),
      doublet("Co2+ satellite", 786.4, 16.8, 5.0, satellite),
    },
    groups = { { "Co3+" }, { "Co2+", "Co2+ satellite" } },
  }
end

local function oxygen(lattice, carbonate, adsorbed)
  local function peak(name, position, fwhm, area)
    return { name = name, position = position, area = area, fwhm = fwhm, lorentzian = 0.1559 }
  end
  return {
    name = "O 1s",
    species = "O",
    transition = "1s",
    low = 525.0,
    high = 538.0,
    step = 0.1,
    dwell = 0.5,
    scans = 4,
    background = { level = 300.0, slope = 0.0, shirley_k = 0.02 },
    components = {
      peak("lattice", 529.5, 1.2, lattice),
      peak("CO3 and OH", 531.7, 1.6, carbonate),
      peak("adsorbed", 533.2, 1.7, adsorbed),
    },
  }
end

-- C 1s is strong on the surface as received and weak, though measured with the same scans, after etching.
-- Carbonate stands on the treated surface alone.
local function levels(fractions, shifts, carbonate)
  local carbons = { { 9000, 2100, 900, 1700, 420 }, { 2400, 320, 150, 210, 260 }, { 2000, 240, 100, 120, 240 } }
  local oxygens = { { 2600, 4200, 1300 }, { 6400, 1300, 300 }, { 7000, 900, 200 } }
  local totals = { 7600.0, 9400.0, 10000.0 }
  local made = {}
  for i, time in ipairs(ETCH_TIMES) do
    made[i] = {
      etch_time = time,
      charging_shift = shifts[i],
      regions = {
        cobalt(totals[i], fractions[i]),
        carbon.plan(carbons[i][1], carbons[i][2], carbons[i][3], carbonate * carbons[i][4], carbons[i][5]),
        oxygen(table.unpack(oxygens[i])),
      },
    }
  end
  return made
end

local NOTE = "Positions of Co 2p and C 1s and the depths are the paper's; "
  .. "areas, widths, the satellite, O 1s, backgrounds and charging are ours."

function licoo2.pristine()
  return {
    name = "licoo2_pristine",
    title = "LiCoO2 pristine",
    etch_rate = ETCH_RATE,
    note = NOTE,
    levels = levels({ 0.12, 0.09, 0.08 }, { 0.21, 0.34, 0.30 }, 0),
  }
end

function licoo2.reduced()
  return {
    name = "licoo2_reduced",
    title = "LiCoO2 reduced",
    etch_rate = ETCH_RATE,
    note = NOTE,
    levels = levels({ 0.62, 0.35, 0.17 }, { 0.31, 0.44, 0.38 }, 1),
  }
end

-- A standard that holds one state alone, with ten times the counts of a level of the profiles.
local function standard(name, title, fraction, shift)
  return {
    name = name,
    title = title,
    note = NOTE,
    levels = {
      {
        etch_time = 0,
        charging_shift = shift,
        regions = { cobalt(100000.0, fraction), carbon.plan(2400, 320, 150, 210, 260) },
      },
    },
  }
end

function licoo2.co2()
  return standard("standard_co2", "Co2+ standard", 1.0, 0.40)
end

function licoo2.co3()
  return standard("standard_co3", "Co3+ standard", 0.0, 0.15)
end

return licoo2
