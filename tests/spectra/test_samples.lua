-- The sample spectra: made again to the byte, read by an independent reader, and described by their truth.
-- SPDX-License-Identifier: GPL-3.0-or-later

local here = arg[0]:match "^(.*)/" or "."
package.path = here .. "/?.lua;" .. package.path
local check = require "check"
local json_reader = require "json_reader"
local vamas_reader = require "vamas_reader"
local voigt = require "generator.voigt"

local NAMES = {
  "licoo2_pristine", "licoo2_reduced", "sulfide_bare", "sulfide_coated", "standard_co2", "standard_co3",
}
local SAMPLES = check.source .. "/spectra/samples/"

local function generate(arguments)
  local quoted = string.format("'%s' '%s/spectra/generate.lua' %s 2>/dev/null", arg[-1], check.source, arguments)
  local done, _, code = os.execute(quoted)
  return done and 0 or code
end

local function folder(name)
  local path = check.build .. "/" .. name
  assert(os.execute("mkdir -p '" .. path .. "'"))
  return path
end

local function test_bytes()
  local all, one, other = folder "samples_1", folder "samples_only", folder "samples_2"
  check.that(generate("--seed 1 --out '" .. all .. "'") == 0, "the generator must run")
  check.that(generate("--seed 1 --only sulfide_bare --out '" .. one .. "'") == 0, "the generator must run with --only")
  check.that(generate("--seed 2 --only sulfide_bare --out '" .. other .. "'") == 0, "the generator must take a seed")
  local total = 0
  for _, name in ipairs(NAMES) do
    for _, ending in ipairs { ".vms", ".truth.json" } do
      local shipped = check.read(SAMPLES .. name .. ending)
      total = total + #shipped
      check.that(check.read(all .. "/" .. name .. ending) == shipped, "%s%s differs when made again", name, ending)
    end
  end
  check.that(total < 2 ^ 20, "the samples take %d bytes", total)
  local shipped = check.read(SAMPLES .. "sulfide_bare.vms")
  check.that(check.read(one .. "/sulfide_bare.vms") == shipped, "--only must make the same bytes")
  check.that(check.read(other .. "/sulfide_bare.vms") ~= shipped, "another seed must make other noise")
end

local function test_mistakes()
  local out = "--out '" .. check.build .. "'"
  check.that(generate(out) == 2, "a missing seed must end with 2")
  check.that(generate "--seed 1" == 2, "a missing folder must end with 2")
  check.that(generate("--seed 1.5 " .. out) == 2, "a broken seed must end with 2")
  check.that(generate("--seed 1 --only nothing " .. out) == 2, "an unknown sample must end with 2")
  check.that(generate("--seeds 1 " .. out) == 2, "an unknown option must end with 2")
  check.that(generate "--seed 1 --out /nonexistent/folder" == 2, "a folder that is not there must end with 2")
end

-- Expected counts at a true binding energy from the formulas of samples/README.md.
local function model(region, low)
  local lines = {}
  for _, peak in pairs(region.components) do
    local ratio = peak.ratio or 0
    local value, integral = voigt.new(peak.gaussian, peak.lorentzian)
    lines[#lines + 1] = { peak.area / (1 + ratio), peak.position, value, integral }
    lines[#lines + 1] = { peak.area * ratio / (1 + ratio), peak.position + (peak.split or 0), value, integral }
  end
  return function(energy)
    local peaks, integrals = 0, 0
    for _, line in ipairs(lines) do
      peaks = peaks + line[1] * line[3](energy - line[2])
      integrals = integrals + line[1] * (line[4](energy - line[2]) - line[4](low - line[2]))
    end
    local background = region.background
    return background.level + background.slope * (energy - low) + peaks + background.shirley_k * integrals
  end
end

-- Pearson's chi-squared over n channels scatters by sqrt(2 n); the sum of residuals by the root of the counts.
local function test_noise(block, region, shift, what)
  local counts = block.ordinates[1].values
  local low = region.binding_energy.low - shift
  local expected = model(region, low)
  local chi2, excess, total = 0, 0, 0
  for i, count in ipairs(counts) do
    local mean = expected(block.photon_energy - (block.start + (i - 1) * block.step) - shift)
    chi2, excess, total = chi2 + (count - mean) ^ 2 / mean, excess + count - mean, total + mean
  end
  check.near(chi2, #counts, 4.5 * math.sqrt(2 * #counts), "chi-squared of " .. what)
  check.near(excess, 0, 4.5 * math.sqrt(total), "sum of residuals of " .. what)
end

local function test_block(block, level, truth, name)
  local what = name .. " " .. block.name
  local region = level.regions[block.species .. " " .. block.transition]
  local axis = region.binding_energy
  local counts, transmission = block.ordinates[1], block.ordinates[2]
  check.that(block.technique == "XPS" and block.charge == -1 and block.mode == "FAT", "fields of %s", what)
  check.that(block.abscissa == "Kinetic Energy" and block.abscissa_unit == "eV", "abscissa of %s", what)
  check.that(counts.label == "Intensity" and transmission.label == "Transmission", "ordinates of %s", what)
  check.near(block.photon_energy, truth.photon_energy, 0, "photon energy of " .. what)
  check.near(block.variables[1], level.etch_time, 0, "etch time of " .. what)
  check.near(block.photon_energy - block.start, axis.high, 1e-9, "first channel of " .. what)
  local last = block.start + (#counts.values - 1) * block.step
  check.near(block.photon_energy - last, axis.low, 1e-9, "last channel of " .. what)
  check.that(counts.maximum == math.max(table.unpack(counts.values)), "largest count of %s", what)
  check.that(counts.minimum == math.min(table.unpack(counts.values)), "least count of %s", what)
  for _, count in ipairs(counts.values) do
    check.that(math.type(count) == "integer", "counts of %s must be whole numbers", what)
  end
  for i, value in ipairs(transmission.values) do
    local kinetic = block.start + (i - 1) * block.step
    check.near(value, 25 * (kinetic / 1000) ^ -0.4, 1e-4, "transmission of " .. what)
  end
  test_noise(block, region, level.charging_shift, what)
end

local function test_depth(level, truth, comment, name)
  check.near(level.energy_offset, -level.charging_shift, 0, "energy offset of " .. name)
  if truth.etch_rate then
    local rate = table.concat(comment, "\n"):match "Etch rate = ([%d.]+) nm/s %(SiO2 equivalent%)"
    check.near(tonumber(rate), truth.etch_rate, 0, "etch rate of " .. name)
    check.near(level.depth, level.etch_time * truth.etch_rate, 1e-9, "depth of " .. name)
  end
end

local function test_file(name)
  local experiment = vamas_reader.read(check.read(SAMPLES .. name .. ".vms"))
  local truth = json_reader.read(check.read(SAMPLES .. name .. ".truth.json"))
  local count = 0
  for _, block in ipairs(experiment.blocks) do
    local level = truth.levels[tonumber(block.name:match "/(%d+)$")]
    test_block(block, level, truth, name)
    test_depth(level, truth, block.comment, name)
    count = count + 1
  end
  local variable = experiment.variables[1]
  check.that(experiment.mode == "NORM" and experiment.scan == "REGULAR" and experiment.regions == 3, "mode of %s", name)
  check.that(variable.label == "Etch Time" and variable.unit == "s", "variable of %s", name)
  check.that(count == 3 * #truth.levels, "%s has %d blocks for %d levels", name, count, #truth.levels)
  return truth
end

-- The published values, and what makes the reduced sample one: Co2+ that falls with depth.
local function test_cobalt(truth, reduced)
  local fractions, depths = {}, { 0, 15, 30 }
  for i, level in ipairs(truth.levels) do
    local region = level.regions["Co 2p"]
    local components = region.components
    local co3, co2, satellite = components["Co3+"], components["Co2+"], components["Co2+ satellite"]
    check.near(level.depth, depths[i], 1e-9, "depth")
    check.near(co3.position, 780.0, 0, "Co3+")
    check.near(co3.split, 15.0, 0, "Co3+ splitting")
    check.near(co2.position, 782.0, 0, "Co2+")
    check.near(co2.position + co2.split, 797.1, 1e-9, "Co2+ 2p1/2")
    check.near(voigt.fwhm(co2.gaussian, co2.lorentzian), co2.fwhm, 1e-6, "whole width of Co2+")
    check.that(co2.fwhm == co3.fwhm, "Co2+ and Co3+ must be equally wide")
    fractions[i] = (co2.area + satellite.area) / (co3.area + co2.area + satellite.area)
    check.near(region.fractions["Co2+"], fractions[i], 1e-9, "fraction of Co2+")
    check.near(region.fractions["Co3+"], 1 - fractions[i], 1e-9, "fraction of Co3+")
    local carbon = level.regions["C 1s"].components
    check.near(carbon["C-C"].position, 284.8, 0, "C-C")
    for name, peak in pairs(carbon) do
      check.that(name == "C-C" or peak.area < carbon["C-C"].area / 2, "C-C must be the strongest C 1s line")
    end
  end
  check.that(not reduced or fractions[1] > 0.5 and fractions[1] > fractions[2] and fractions[2] > fractions[3],
    "Co2+ of the reduced sample must fall with depth")
  check.that(reduced or fractions[1] < 0.2, "the pristine sample must hold little Co2+")
end

-- area = constant x amount x sensitivity x transmission, so amounts over all S and P follow from the areas.
local function test_sulfide(truth)
  local amounts, total = {}, 0
  for line, states in pairs(truth.shares) do
    for state in pairs(states) do
      local peak = truth.levels[1].regions[line].components[state]
      local transmission = ((truth.photon_energy - peak.position) / 1000) ^ -0.4
      amounts[line .. state] = peak.area / truth.sensitivity[line] / transmission
      total = total + amounts[line .. state]
    end
  end
  for line, states in pairs(truth.shares) do
    for state, share in pairs(states) do
      check.near(amounts[line .. state] / total, share, 1e-9, "share of " .. state)
    end
  end
end

test_bytes()
test_mistakes()
test_cobalt(test_file "licoo2_pristine", false)
test_cobalt(test_file "licoo2_reduced", true)
test_sulfide(test_file "sulfide_bare")
local coated = test_file "sulfide_coated"
test_sulfide(coated)
check.that(coated.levels[1].regions["S 2p"].components["SO4 2-"].area == 0, "the coated sample holds no sulfate")
check.done()
