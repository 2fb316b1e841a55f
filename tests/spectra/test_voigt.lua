-- The generator's Voigt profile, its integral and its width against independently computed values.
-- SPDX-License-Identifier: GPL-3.0-or-later

package.path = (arg[0]:match "^(.*)/" or ".") .. "/?.lua;" .. package.path
local check = require "check"
local voigt = require "generator.voigt"

-- gaussian, lorentzian, x, profile, integral: the profile by scipy special.wofz (Faddeeva package), the integral by
-- adaptive quadrature of that (integrate.quad).
local TABLE = {
  { 1.2, 0.0868, 0, 0.73238220736713, 0.5 },
  { 1.2, 0.0868, 0.3, 0.62306567972246, 0.70841989360681 },
  { 1.2, 0.0868, 1.7, 0.010111874341713, 0.99036664236352 },
  { 1.2, 0.0868, 8, 0.00021852968202601, 0.99826609240524 },
  { 1.6346, 0.47, 0, 0.44730520563724, 0.5 },
  { 1.6346, 0.47, 0.3, 0.41646042688875, 0.63105888193899 },
  { 1.6346, 0.47, 1.7, 0.061680099908514, 0.94031537556127 },
  { 1.6346, 0.47, 8, 0.0011951530366448, 0.99058041334826 },
  { 4.7, 0.47, 0, 0.18240603989534, 0.5 },
  { 4.7, 0.47, 1.7, 0.13131904261086, 0.77915978196103 },
  { 4.7, 0.47, 8, 0.0015789788256741, 0.98986881944407 },
  { 0.5, 1.5, 0, 0.39640530744177, 0.5 },
  { 0.5, 1.5, 1.7, 0.071345701041753, 0.86616814846494 },
  { 0.5, 1.5, 8, 0.0037053772961955, 0.97022471685806 },
  { 1, 0.02, 0, 0.9220436711883, 0.5 },
  { 1, 0.02, 1.7, 0.0017466487548348, 0.99794410059542 },
  { 1, 0.02, 8, 5.0162315248974e-05, 0.99960098208685 },
}

for _, row in ipairs(TABLE) do
  local value, integral = voigt.new(row[1], row[2])
  local what = string.format("gaussian %g, lorentzian %g, x %g", row[1], row[2], row[3])
  check.near(value(row[3]), row[4], 1e-9 * row[4] + 1e-12, "profile at " .. what)
  check.near(value(-row[3]), value(row[3]), 1e-12, "symmetry at " .. what)
  check.near(integral(row[3]), row[5], 1e-9, "integral at " .. what)
  check.near(integral(row[3]) + integral(-row[3]), 1, 1e-10, "both sides at " .. what)
end

-- Whole widths by root finding on the same scipy profile (optimize.brentq).
check.near(voigt.fwhm(1.2, 0.0868), 1.2469340184612, 1e-9, "width of 1.2, 0.0868")
check.near(voigt.fwhm(1.6346, 0.47), 1.8999830955538, 1e-9, "width of 1.6346, 0.47")
check.near(voigt.fwhm(0.5, 1.5), 1.6609164852572, 1e-9, "width of 0.5, 1.5")

-- Closed form: far outside the Gaussian the profile is the Lorentzian, gamma / pi / (x^2 + gamma^2), with the next term
-- of the asymptotic series 1 + 3 sigma^2 / x^2.
local value = voigt.new(0.4, 0.6)
local sigma = 0.4 / (2 * math.sqrt(2 * math.log(2)))
check.near(value(60) * math.pi * (3600 + 0.09) / 0.3, 1 + 3 * sigma ^ 2 / 3600, 1e-7, "Lorentzian wing")

for _, fwhm in ipairs { 0.9, 1.9, 5.0 } do
  check.near(voigt.fwhm(voigt.gaussian(fwhm, 0.47), 0.47), fwhm, 1e-9, "Gaussian width solved for " .. fwhm)
end
check.that(not pcall(voigt.gaussian, 0.4, 0.47), "a whole width under the Lorentzian one must be refused")
check.that(not pcall(voigt.new, 1.0, 0.0), "a vanishing Lorentzian width must be refused")
check.done()
