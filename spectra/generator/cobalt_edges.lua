-- Models of the Co L2,3 edges of Co2+ and Co3+ in oxides, per atom: two white lines on two steps. They follow published
-- positions, ratios and numbers of holes; they are no measurement. SPDX-License-Identifier: GPL-3.0-or-later
--
-- Positions: L3 779.2 and L2 794.6 eV of CoO (R. F. Egerton's CoO spectrum, Electron Energy-Loss Spectroscopy in the Electron
-- Microscope, 3rd ed., 2011, doi 10.1007/978-1-4419-9583-4); of Co3+ 2.0 eV higher (Y. Yang et al., PNAS 116 (2019) 24425, doi
-- 10.1073/pnas.1906623116, as the Cornell spectral library tells). L3/L2 4.8 and 2.4: Z. L. Wang, J. S. Yin, Y. D. Jiang, Micron
-- 31 (2000) 571, doi 10.1016/S0968-4328(99)00139-0 (from memory). Area of both lines: 4 eV of the step for each 3d hole (3 and 4),
-- our choice. Natural widths 0.47 and 1.13 eV: J. L. Campbell, T. Papp, At. Data Nucl. Data Tables 77 (2001) 1, doi
-- 10.1006/adnd.2000.0848, with 1.6 eV more for multiplets; steps of 2:1 as arctangents (S. J. Pearson, C. C. Ahn, B. Fultz, Phys.
-- Rev. B 47 (1993) 8471, doi 10.1103/PhysRevB.47.8471).

local edges = {
  ["Co2+"] = { l3 = 779.2, l2 = 794.6, ratio = 4.8, holes = 3 },
  ["Co3+"] = { l3 = 781.2, l2 = 796.6, ratio = 2.4, holes = 4 },
}

local WIDTH3, WIDTH2, AREA = 0.47 + 1.6, 1.13 + 1.6, 4

local function lorentzian(x, width) return width / (2 * math.pi) / (x * x + width * width / 4) end
local function step(x) return 0.5 + math.atan(x / 0.5) / math.pi end

local cobalt = {}

-- The edge at an energy loss in eV; the continuum behind both edges is 1.
function cobalt.edge(state, energy)
  local e = edges[state]
  local lines = AREA * e.holes
  return lines * (e.ratio * lorentzian(energy - e.l3, WIDTH3) + lorentzian(energy - e.l2, WIDTH2)) / (1 + e.ratio)
    + 2 / 3 * step(energy - e.l3) + 1 / 3 * step(energy - e.l2)
end

return cobalt
