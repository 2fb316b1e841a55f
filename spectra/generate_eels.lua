-- Writes the models of Co L2,3 edges: lua5.4 generate_eels.lua [FOLDER] makes FOLDER/Co2+.msa and FOLDER/Co3+.msa (preset: eels
-- beside this file). SPDX-License-Identifier: GPL-3.0-or-later
local here = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = here .. "/generator/?.lua;" .. package.path
local cobalt = require "cobalt_edges"

local FIRST, STEP, CHANNELS = 740, 0.1, 1601
local folder = arg[1] or here .. "/eels"

for _, state in ipairs { "Co2+", "Co3+" } do
  local lines = {
    "#FORMAT      : EMSA/MAS Spectral Data File", "#VERSION     : 1.0", "#TITLE       : " .. state .. " L2,3, model",
    "#COMMENT     : MODEL from published positions, ratios and widths (spectra/generator/cobalt_edges.lua), not a measurement",
    "#NPOINTS     : " .. CHANNELS, "#NCOLUMNS    : 1", "#XUNITS      : eV", "#YUNITS      : per atom", "#DATATYPE    : Y",
    "#XPERCHAN    : " .. STEP, "#OFFSET      : " .. FIRST, "#SIGNALTYPE  : ELS", "#SPECTRUM    : Spectral Data Starts Here",
  }
  for i = 0, CHANNELS - 1 do lines[#lines + 1] = ("%.6f"):format(cobalt.edge(state, FIRST + STEP * i)) end
  lines[#lines + 1] = "#ENDOFDATA   :"
  local file = assert(io.open(("%s/%s.msa"):format(folder, state), "w"))
  file:write(table.concat(lines, "\n"), "\n")
  file:close()
end
