-- Loads a strip file, corrects it, fits it with the example's component; prints what the C twin prints.
-- SPDX-License-Identifier: GPL-3.0-or-later
local cl = require "corelevel"
cl.workflow { inputs = { { "file", "a strip file" } } }

local spectra = cl.load(cl.inputs.file)["Sn 3d"]
local fit = spectra:fit(cl.model { cl.constant {}, cl.sech { "Sn", position = { 487, 486, 488 } } }, { statistics = "least_squares" })
for _, name in ipairs { "position", "fwhm", "area" } do
  print(("%s %.17g"):format(name, fit["Sn"][name].values[1]))
end
local peak = spectra.intensity[71]
local corrected = spectra:dead_time(100).intensity[71]
print(("corrected %.17g %.17g"):format(peak, corrected))
