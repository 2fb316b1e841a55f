-- The Voigt profile and its integral by the trapezoidal rule on the convolution; independent of the library's own.
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- V(x) = integral of G(t) L(x - t) dt, with G and L of unit area. The trapezoidal rule on the whole line converges
-- geometrically (Trefethen & Weideman 2014, doi 10.1137/130932132): its error is about exp(-2 pi^2 sigma^2 / h^2) from
-- the Gaussian and exp(-2 pi gamma / h) from the Lorentzian's pole, so the step h below leaves 1e-11.

local voigt = {}

local SIGMA_PER_FWHM = 1 / (2 * math.sqrt(2 * math.log(2)))

-- The nodes and weights of the rule for one pair of widths. The pole asks for a step in proportion to the Lorentzian
-- width, so widths under 0.005 eV are refused rather than computed slowly.
local function rule(gaussian, lorentzian)
  assert(gaussian > 0 and lorentzian >= 0.005, "voigt: widths must be gaussian > 0 and lorentzian >= 0.005 eV")
  local sigma, gamma = gaussian * SIGMA_PER_FWHM, lorentzian / 2
  local step = math.min(sigma / 2, 2 * math.pi * gamma / 27)
  local half = math.ceil(8.5 * sigma / step)
  local nodes, weights = {}, {}
  for i = -half, half do
    local t = i * step
    nodes[#nodes + 1] = t
    weights[#weights + 1] = step * math.exp(-0.5 * (t / sigma) ^ 2) / (sigma * math.sqrt(2 * math.pi))
  end
  return nodes, weights, gamma
end

-- Two functions of x, the distance from the maximum in eV: the profile (1/eV, unit area), its integral from -infinity.
function voigt.new(gaussian, lorentzian)
  local nodes, weights, gamma = rule(gaussian, lorentzian)
  local function value(x)
    local sum = 0
    for i = 1, #nodes do
      local d = x - nodes[i]
      sum = sum + weights[i] / (d * d + gamma * gamma)
    end
    return sum * gamma / math.pi
  end
  local function integral(x)
    local sum = 0
    for i = 1, #nodes do
      sum = sum + weights[i] * math.atan((x - nodes[i]) / gamma)
    end
    return 0.5 + sum / math.pi
  end
  return value, integral
end

-- The full width at half maximum, found by bisection.
function voigt.fwhm(gaussian, lorentzian)
  local value = voigt.new(gaussian, lorentzian)
  local half = value(0) / 2
  local low, high = 0, gaussian + lorentzian
  for _ = 1, 60 do
    local middle = (low + high) / 2
    if value(middle) > half then
      low = middle
    else
      high = middle
    end
  end
  return low + high
end

-- The Gaussian width that, with this Lorentzian width, makes the whole profile `fwhm` wide.
function voigt.gaussian(fwhm, lorentzian)
  assert(fwhm > lorentzian, "voigt: fwhm must exceed lorentzian")
  local low, high = 0.01 * (fwhm - lorentzian), fwhm
  for _ = 1, 48 do
    local middle = (low + high) / 2
    if voigt.fwhm(middle, lorentzian) < fwhm then
      low = middle
    else
      high = middle
    end
  end
  return (low + high) / 2
end

return voigt
