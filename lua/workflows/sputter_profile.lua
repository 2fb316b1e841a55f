-- Sn 3d and O 1s against depth through an oxide film: one PHI sputter profile to areas, a figure and a table.
--   corelevel run sputter_profile.lua profile.pro --rate 0.05 --out results/
-- SPDX-License-Identifier: GPL-3.0-or-later
local cl = require "corelevel"

cl.workflow {
  name   = "Sputter profile",
  inputs = { { "profile", "PHI sputter profile (.pro) holding the Sn 3d and O 1s regions" } },
  options = { rate = { 0, unit = "nm/s", doc = "sputter rate in SiO2; 0 leaves etch times" } },
}

local profile = cl.load(cl.inputs.profile)
if cl.options.rate > 0 then profile = profile:depth { rate = cl.options.rate } end

local tin = profile["Sn 3d"]:fit(cl.model {
  cl.shirley {},
  cl.doublet { "Sn 3d", line = "Sn 3d", position = { 486.7, 484.0, 489.0 }, fwhm = { 1.5, 0.8, 3.0 } },
})

-- O 1s may have no region of its own: then the survey that holds its energy is taken.
local oxygen = profile["O 1s"]:crop(522, 542):fit(cl.model {
  cl.shirley {},
  cl.peak { "O 1s", line = "O 1s", position = { 530.6, 528.0, 534.0 }, fwhm = { 1.6, 0.8, 3.5 } },
})

print(tin["Sn 3d"].area)
print(oxygen["O 1s"].area)
tin:plot "sn3d.svg"
oxygen:plot "o1s.svg"
tin["Sn 3d"].area:plot "sn3d_area.svg"
oxygen["O 1s"].area:plot "o1s_area.svg"
tin:save "sn3d.nc"
oxygen:save "o1s.nc"
tin["Sn 3d"].area:save "sn3d_area.csv"
oxygen["O 1s"].area:save "o1s_area.csv"
