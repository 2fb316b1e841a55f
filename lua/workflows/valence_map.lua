-- Where Co2+ sits in a LiCoO2 particle: a dual-EELS spectrum image to Co2+/Co3+ maps, an L3 shift profile and a shell thickness.
--   corelevel run valence_map.lua map.dm4 --co2 CoO.msa --co3 LiCoO2.msa --out results/
-- SPDX-License-Identifier: GPL-3.0-or-later
local cl = require "corelevel"

cl.workflow {
  name   = "Cobalt valence map",
  inputs = {
    { "map",     "EELS spectrum image over the Co L2,3 edge" },
    { "lowloss", "low-loss map of the same pixels", optional = true },
    { "co2",     "Co L2,3 of a Co2+ standard", default = cl.library "eels/Co2+" },   -- a model, and marked as one in every output
    { "co3",     "Co L2,3 of a Co3+ standard", default = cl.library "eels/Co3+" },
  },
}

local map = cl.open(cl.inputs.map)                           -- opened, not read: it may be larger than memory
if cl.inputs.lowloss then
  map = map:align_zlp { lowloss = cl.open(cl.inputs.lowloss) }
end

local valence = cl.model {
  cl.powerlaw { exponents = { 2, 3, 4 } },                   -- linear and co-fitted: its error is in the fractions' error
  cl.reference { "Co3+", cl.load(cl.inputs.co3), shift = { 0, -1, 1 } },
  cl.reference { "Co2+", cl.load(cl.inputs.co2), shift = "Co3+.shift" },
}

local fit = map:fit(valence, { range = { 712, 860 } })
local fraction = fit:fractions { "Co3+", "Co2+" }

fraction:plot "co_valence.png"
fit["Co3+"].shift:plot "co_l3_shift.png"
print("shell", fraction["Co2+"]:shell_thickness { geometry = "section", level = 0.5 })   -- nm; "sphere" fits a projected particle
fit:save "valence.nc"                                        -- coefficients, covariances, chi-squared, status
