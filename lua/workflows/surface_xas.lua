-- What a treatment did to the near-surface: Co K edge in electron yield (tens of nm and more), O K carbonate (a few nm in
-- TEY, deeper in TFY).
--   corelevel run surface_xas.lua --treated sr-co.xdi --pristine p-co.xdi --treated-o sr-o.xdi --pristine-o p-o.xdi --out results/
-- SPDX-License-Identifier: GPL-3.0-or-later
local cl = require "corelevel"

cl.workflow {
  name   = "Near-surface XAS",
  inputs = {
    { "treated",    "Co K-edge scan of the treated sample, with its reference channel" },
    { "pristine",   "Co K-edge scan of the pristine sample, with its reference channel" },
    { "treated_o",  "O K-edge scan of the treated sample with TEY and TFY channels" },
    { "pristine_o", "O K-edge scan of the pristine sample with TEY and TFY channels" },
  },
}

local function xanes(path)
  return cl.load(path):align { channel = "reference" }:mu "tey":normalize { pre = { -150, -30 }, post = { 150, 700 } }
end

local treated, pristine = xanes(cl.inputs.treated), xanes(cl.inputs.pristine)
print("edge shift", treated:edge_shift(pristine, { by = "half_step" }))    -- eV, with the monochromator's share of its uncertainty

local shells = cl.list { treated, pristine }
  :autobk { rbkg = 1.0, kweight = 2 }
  :fourier { k = { 3, 12 }, dk = 1, window = "hanning", kweight = 2 }
print(shells:peaks { between = { 1.0, 3.2 } })                             -- Co-O and Co-Co distances, not phase-corrected

local function carbonate(path)
  local yields = cl.load(path):normalize_pair { "tey", "tfy", pre = { 520, 527 }, post = { 550, 565 } }
  return yields:excess { around = 534, width = 1.5 }                       -- surface over bulk, with and without over-absorption correction
end

local excess = cl.compare { treated = carbonate(cl.inputs.treated_o), pristine = carbonate(cl.inputs.pristine_o) }
print("carbonate", excess)
cl.report("surface_xas.html", { treated, pristine, shells, excess })
