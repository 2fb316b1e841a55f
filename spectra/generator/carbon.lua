-- The C 1s region that every sample has, to set the energy scale by its C-C component.
-- SPDX-License-Identifier: GPL-3.0-or-later

local carbon = {}

local WIDTH, NATURAL = 1.2, 0.0868

local function peak(name, position, area)
  return { name = name, position = position, area = area, fwhm = WIDTH, lorentzian = NATURAL }
end

-- A plan with the published positions and these areas (counts eV).
function carbon.plan(c_c, c_o, o_c_o, co3, level)
  return {
    name = "C 1s",
    species = "C",
    transition = "1s",
    low = 280.0,
    high = 295.0,
    step = 0.1,
    dwell = 0.5,
    scans = 10,
    background = { level = level, slope = 0.0, shirley_k = 0.015 },
    components = {
      peak("C-C", 284.8, c_c),
      peak("C-O", 286.5, c_o),
      peak("O-C=O", 289.0, o_c_o),
      peak("CO3", 290.0, co3),
    },
  }
end

return carbon
