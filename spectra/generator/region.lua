-- The forward model of one region: Voigt peaks on an active Shirley background with level and slope; Poisson counts.
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- At true binding energy E, with E0 the low end of the region:
--   expected counts(E) = P(E) + level + slope (E - E0) + k * integral of P from E0 to E,
--   P(E) = sum over components of area / (1 + ratio) * [ V(E - position) + ratio V(E - position - split) ].
-- The measured binding energy is E + charging shift.

local poisson = require "generator.poisson"
local voigt = require "generator.voigt"

local region = {}

-- Widths are solved once for each pair, as they recur at every level.
local solved = {}

local function gaussian_of(fwhm, lorentzian)
  local key = string.format("%.12g %.12g", fwhm, lorentzian)
  solved[key] = solved[key] or voigt.gaussian(fwhm, lorentzian)
  return solved[key]
end

-- A component's truth: what was planted, with the Gaussian width that makes the whole profile `fwhm` wide.
local function plant(component)
  local peak = { gaussian = gaussian_of(component.fwhm, component.lorentzian) }
  for key, value in pairs(component) do
    peak[key] = value
  end
  peak.name = nil
  return peak
end

-- The lines of a component: one, or the two of a doublet.
local function add_lines(lines, peak, low)
  local value, integral = voigt.new(peak.gaussian, peak.lorentzian)
  local ratio = peak.ratio or 0
  local function add(area, position)
    local below = integral(low - position)
    lines[#lines + 1] = function(energy)
      return area * value(energy - position), area * (integral(energy - position) - below)
    end
  end
  add(peak.area / (1 + ratio), peak.position)
  if ratio > 0 then
    add(peak.area * ratio / (1 + ratio), peak.position + peak.split)
  end
end

local function expected(lines, background, low, energy)
  local peaks, integrals = 0, 0
  for _, line in ipairs(lines) do
    local value, integral = line(energy)
    peaks, integrals = peaks + value, integrals + integral
  end
  return peaks + background.level + background.slope * (energy - low) + background.shirley_k * integrals
end

-- Makes a region of `plan` {low, high, step, background, components} at a charging shift: the counts by ascending
-- kinetic energy (descending binding energy), and the truth.
function region.make(plan, shift)
  local lines, components = {}, {}
  local low = plan.low - shift
  for _, component in ipairs(plan.components) do
    components[component.name] = plant(component)
    add_lines(lines, components[component.name], low)
  end
  local counts = {}
  local channels = math.floor((plan.high - plan.low) / plan.step + 0.5) + 1
  for i = channels - 1, 0, -1 do
    local energy = plan.low + i * plan.step - shift
    counts[#counts + 1] = poisson.count(expected(lines, plan.background, low, energy))
  end
  local axis = { low = plan.low, high = plan.high, step = plan.step }
  return counts, { background = plan.background, components = components, binding_energy = axis }
end

-- Fractions of the total area by groups {name, member, ...}; a group is named after its first member.
function region.fractions(truth, groups)
  local total, sums = 0, {}
  for _, group in ipairs(groups) do
    sums[group[1]] = 0
    for _, member in ipairs(group) do
      sums[group[1]] = sums[group[1]] + truth.components[member].area
    end
    total = total + sums[group[1]]
  end
  for name, sum in pairs(sums) do
    sums[name] = sum / total
  end
  return sums
end

return region
