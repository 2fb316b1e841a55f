-- A sulfide electrolyte against a bare and a coated cathode: S 2p, P 2p and C 1s.
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- From the paper: S 2p3/2 at 161.0 (PS4 3-), 163.3 (S-S) and 169.5 eV (SO4 2-), P 2p3/2 at 131.4 (PS4 3-) and 133.1 eV
-- (P2Sx 2-). Ours: the amounts, widths, backgrounds and charging. Splittings and natural widths are those of lines.xml.

local carbon = require "generator.carbon"
local experiment = require "generator.experiment"

local sulfide = {}

-- Scofield's cross sections at 1486.6 eV relative to C 1s, both lines of the doublet, from xraylib 4.0
-- (J. H. Scofield, J. Electron Spectrosc. Relat. Phenom. 8 (1976) 129).
local LINES = {
  ["S 2p"] = {
    species = "S",
    low = 155.0,
    high = 176.0,
    split = 1.16,
    lorentzian = 0.09,
    sensitivity = 1.6753,
    level = 180.0,
  },
  ["P 2p"] = {
    species = "P",
    low = 126.0,
    high = 142.0,
    split = 0.87,
    lorentzian = 0.07,
    sensitivity = 1.1915,
    level = 120.0,
  },
}

local POSITIONS = {
  ["S 2p"] = { ["PS4 3-"] = 161.0, ["S-S"] = 163.3, ["SO4 2-"] = 169.5 },
  ["P 2p"] = { ["PS4 3-"] = 131.4, ["P2Sx 2-"] = 133.1 },
}

local ORDER = { ["S 2p"] = { "PS4 3-", "S-S", "SO4 2-" }, ["P 2p"] = { "PS4 3-", "P2Sx 2-" } }

local COUNTS = 280.0 -- counts eV for one unit of amount, sensitivity and transmission 25

-- area = amount x sensitivity x transmission at the position x a constant; no attenuation length enters.
local function region(name, amounts, fwhm)
  local line = LINES[name]
  local components, groups = {}, {}
  for i, state in ipairs(ORDER[name]) do
    local position = POSITIONS[name][state]
    local transmission = experiment.transmission(experiment.kinetic(position)) / 25
    components[i] = {
      name = state,
      position = position,
      split = line.split,
      ratio = 0.5,
      fwhm = fwhm,
      lorentzian = line.lorentzian,
      area = COUNTS * amounts[state] * line.sensitivity * transmission,
    }
    groups[i] = { state }
  end
  return {
    name = name,
    species = line.species,
    transition = "2p",
    low = line.low,
    high = line.high,
    step = 0.1,
    dwell = 0.5,
    scans = 8,
    background = { level = line.level, slope = 0.0, shirley_k = 0.02 },
    components = components,
    groups = groups,
  }
end

-- Amounts as shares of all S and P.
local function shares(amounts)
  local total, made = 0, {}
  for _, states in pairs(amounts) do
    for _, state in pairs(states) do
      total = total + state
    end
  end
  for line, states in pairs(amounts) do
    made[line] = {}
    for state, amount in pairs(states) do
      made[line][state] = amount / total
    end
  end
  return made
end

local function sample(name, title, amounts, shift)
  return {
    name = name,
    title = title,
    note = "Positions are the paper's; amounts, widths, backgrounds and charging are ours. "
      .. "area = amount x sensitivity x transmission x a constant, without attenuation length.",
    truth = {
      shares = shares(amounts),
      sensitivity = { ["S 2p"] = LINES["S 2p"].sensitivity, ["P 2p"] = LINES["P 2p"].sensitivity },
      transmission = "25 (kinetic energy / 1000 eV)^-0.4",
    },
    levels = {
      {
        etch_time = 0,
        charging_shift = shift,
        regions = {
          region("S 2p", amounts["S 2p"], 1.15),
          region("P 2p", amounts["P 2p"], 1.25),
          carbon.plan(4200, 700, 260, 240, 320),
        },
      },
    },
  }
end

function sulfide.bare()
  return sample("sulfide_bare", "Sulfide electrolyte on bare cathode", {
    ["S 2p"] = { ["PS4 3-"] = 13.0, ["S-S"] = 3.4, ["SO4 2-"] = 1.1 },
    ["P 2p"] = { ["PS4 3-"] = 3.3, ["P2Sx 2-"] = 1.5 },
  }, 0.26)
end

-- No sulfate at all: an honest analysis gives an upper limit.
function sulfide.coated()
  return sample("sulfide_coated", "Sulfide electrolyte on coated cathode", {
    ["S 2p"] = { ["PS4 3-"] = 16.0, ["S-S"] = 0.7, ["SO4 2-"] = 0.0 },
    ["P 2p"] = { ["PS4 3-"] = 4.1, ["P2Sx 2-"] = 0.3 },
  }, 0.38)
end

return sulfide
