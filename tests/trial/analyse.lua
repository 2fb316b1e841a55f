-- Looks at one set of the trial without knowing the truth: is each spectrum one line or two, where, how strong?
--   corelevel run analyse.lua set1.csv > set1.lua
-- SPDX-License-Identifier: GPL-3.0-or-later
local cl = require "corelevel"

cl.workflow {
  name = "C 1s: one line or two",
  inputs = { { "set", "spectra of one set" } },
}

-- Two lines of one shape; the second begins where it is told to.
local function two(first, second)
  return cl.model {
    cl.shirley {},
    cl.peak { "a", position = { first, 283, 288 }, fwhm = { 1.0, 0.5, 2.0 }, lorentzian = { 0.2, 0, 1.0 } },
    cl.peak { "b", position = { second, 282, 289 }, fwhm = "a.fwhm", lorentzian = "a.lorentzian" },
  }
end

local one = cl.model {
  cl.shirley {},
  cl.peak { "a", position = { 285, 283, 288 }, fwhm = { 1.2, 0.5, 3.0 }, lorentzian = { 0.2, 0, 1.0 } },
}

local rows = {}
for _, spectrum in ipairs(cl.load(cl.inputs.set)) do
  local single = spectrum:fit(one)
  local at = single.a.position.values[1]
  local fits = { single = single, left = spectrum:fit(two(at + 0.2, at - 0.6)), right = spectrum:fit(two(at - 0.2, at + 0.6)) }
  local weights = cl.compare(fits):model_weights()
  local best = "single"
  for _, name in ipairs { "left", "right" } do
    if weights[name].values[1] > weights[best].values[1] then best = name end
  end
  local found = fits[best]
  rows[#rows + 1] = best == "single" and ("{ position = { %.6f }, area = { %.6f } },"):format(at, single.a.area.values[1])
    or ("{ position = { %.6f, %.6f }, area = { %.6f, %.6f } },"):format(found.a.position.values[1],
      found.b.position.values[1], found.a.area.values[1], found.b.area.values[1])
end
print("return {\n" .. table.concat(rows, "\n") .. "\n}")
