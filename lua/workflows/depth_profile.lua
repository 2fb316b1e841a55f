-- Co3+ and Co2+ through a LiCoO2 surface: one XPS depth profile to area fractions, figures and tables.
-- These are peak labels, not a valence: for that fit measured standards.
--   corelevel run depth_profile.lua profile.vms --out results/
-- SPDX-License-Identifier: GPL-3.0-or-later
local cl = require "corelevel"

cl.workflow {
  name    = "Co 2p depth profile",
  inputs  = { { "profile", "XPS depth profile holding the C 1s and Co 2p regions" } },
  options = {
    emin = { 773.0, unit = "eV", doc = "low binding-energy end of the fit" },
    emax = { 811.0, unit = "eV", doc = "high binding-energy end of the fit" },
  },
}

local profile = cl.load(cl.inputs.profile)
  :charge_correct { line = "C 1s", component = "C-C", at = 284.8, missing = "hold" }

local function doublet(name, position, split, fwhm)
  return cl.doublet { name, position = position, split = split, ratio = 0.5, fwhm = fwhm, lorentzian = 0.47 }
end

local fit = profile["Co 2p"]:crop(cl.options.emin, cl.options.emax):fit(cl.model {
  cl.shirley { active = true },
  doublet("Co3+",           { 780.0, 779.4, 780.6 }, 15.0, { 1.8, 1.0, 3.0 }),
  doublet("Co2+",           { 782.0, 781.6, 782.4 }, 15.1, "Co3+.fwhm"),
  doublet("Co2+ satellite", { 786.4, 785.0, 788.0 }, 16.8, { 5.0, 3.0, 8.0 }),
}, { statistics = "poisson", share = { "Co3+.fwhm", "Co3+.position", "Co2+.position" } })

local fractions = fit:fractions { "Co3+", { "Co2+", "Co2+ satellite" } }

print(fractions)
fractions:save "fractions.csv"
fractions:plot "fractions.svg"
fit:plot "co2p.svg"
fit:plot "co2p.png"
fit:save "co2p.nc"
fit:save "co2p.csv"
cl.report("co2p.html", { fractions, fit })
