-- Writes the strip file of the test: a sech line on a level, rounded to whole counts, from the closed form.
-- SPDX-License-Identifier: GPL-3.0-or-later
local AREA, POSITION, FWHM, LEVEL = 1e6, 487.03, 1.4, 2000
local FIRST, STEP, CHANNELS = 480.0, 0.1, 151
local w = FWHM / (2 * math.log(2 + math.sqrt(3))) -- acosh 2 = log(2 + sqrt 3)

print "STRIP 1\nsample: tin plate\nregion: Sn 3d"
print(("first: %.1f\nstep: %.1f\ndwell: 0.25\nchannels: %d"):format(FIRST, STEP, CHANNELS))
for i = 0, CHANNELS - 1 do
  local u = (FIRST + i * STEP - POSITION) / w
  local line = 2 / (math.exp(u) + math.exp(-u)) / (math.pi * w)
  print(("%d"):format(math.floor(LEVEL + AREA * line + 0.5)))
end
