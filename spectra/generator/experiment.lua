-- Turns planned levels and regions into a VAMAS experiment and its truth: one imagined instrument for all samples.
-- SPDX-License-Identifier: GPL-3.0-or-later

local region = require "generator.region"

local experiment = {}

local PHOTON_ENERGY = 1486.6 -- Al K-alpha, eV

-- The instrument's transmission at a kinetic energy in eV; the counts are as recorded, transmission included.
function experiment.transmission(kinetic)
  return 25 * (kinetic / 1000) ^ -0.4
end

function experiment.kinetic(binding)
  return PHOTON_ENERGY - binding
end

local function transmissions(start, step, channels)
  local values = {}
  for i = 1, channels do
    values[i] = tonumber(string.format("%.6g", experiment.transmission(start + (i - 1) * step)))
  end
  return values
end

-- The comment lines of a block; `Etch rate` is the documented key from which depth = etch time x rate follows.
local function comment(sample, level)
  local lines = { "Simulated by corelevel spectra/generate.lua; planted values in " .. sample.name .. ".truth.json" }
  if sample.etch_rate then
    lines[#lines + 1] = string.format("Etch rate = %g nm/s (SiO2 equivalent)", sample.etch_rate)
    lines[#lines + 1] = string.format("Etch depth = %g nm (SiO2 equivalent)", level.etch_time * sample.etch_rate)
  end
  return lines
end

local function block(sample, level, plan, counts)
  local start = PHOTON_ENERGY - plan.high
  return {
    name = string.format("%s/%d", plan.name, level.number),
    sample = sample.title,
    comment = comment(sample, level),
    variables = { level.etch_time },
    source = "Al K-alpha (monochromated)",
    photon_energy = PHOTON_ENERGY,
    source_power = 150,
    incidence_angle = 54.7,
    incidence_azimuth = 0,
    analyser_mode = "FAT",
    pass_energy = 40,
    magnification = nil,
    work_function = 0,
    bias = 0,
    take_off_angle = 0,
    take_off_azimuth = 0,
    tilt = 0,
    tilt_azimuth = 0,
    rotation = 0,
    species = plan.species,
    transition = plan.transition,
    abscissa = { label = "Kinetic Energy", unit = "eV", start = start, step = plan.step },
    ordinates = {
      { label = "Intensity", unit = "d", values = counts },
      { label = "Transmission", unit = "d", values = transmissions(start, plan.step, #counts) },
    },
    dwell = plan.dwell,
    scans = plan.scans,
  }
end

local function level_truth(sample, level)
  return {
    level = level.number,
    etch_time = level.etch_time,
    depth = sample.etch_rate and level.etch_time * sample.etch_rate or nil,
    charging_shift = level.charging_shift,
    energy_offset = -level.charging_shift,
    regions = {},
  }
end

-- One region of one level: its block and its truth.
local function make_region(sample, level, plan)
  local counts, truth = region.make(plan, level.charging_shift)
  if plan.groups then
    truth.fractions = region.fractions(truth, plan.groups)
  end
  truth.maximum = math.max(table.unpack(counts))
  return block(sample, level, plan, counts), truth
end

-- Makes a sample {name, title, note, etch_rate, levels = { {etch_time, charging_shift, regions = {plan, ...}} }}: the
-- experiment for vamas.text and the truth for json.text.
function experiment.make(sample)
  local blocks, levels = {}, {}
  for number, level in ipairs(sample.levels) do
    level.number = number
    levels[number] = level_truth(sample, level)
    for _, plan in ipairs(level.regions) do
      blocks[#blocks + 1], levels[number].regions[plan.name] = make_region(sample, level, plan)
    end
  end
  local truth = {
    sample = sample.title,
    photon_energy = PHOTON_ENERGY,
    etch_rate = sample.etch_rate,
    depth_unit = sample.etch_rate and "nm SiO2 equiv." or nil,
    note = sample.note,
    paper = "Adv. Mater. 2023, doi 10.1002/adma.202305748",
    levels = levels,
  }
  for key, value in pairs(sample.truth or {}) do
    truth[key] = value
  end
  return {
    institution = "corelevel",
    instrument = "Simulated spectrometer",
    operator = "Not Specified",
    name = sample.title,
    comment = { sample.title, "Simulated data with Poisson noise, not a measurement" },
    mode = "NORM",
    variables = { { label = "Etch Time", unit = "s" } },
    blocks = blocks,
  }, truth
end

return experiment
