-- Writes ISO 14976 (VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4) files, REGULAR scans.
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Experiment modes NORM (no coordinates) and MAP (positions and field of view); every block carries all its fields, so
-- the inclusion list is empty. Field order: ISO 14976:1998, as in Dench, Hazell, Seah, Surf. Interface
-- Anal. 13 (1988) 63.

local vamas = {}

local UNDEFINED = "1E+37" -- the standard's number for a value that is not known
local MODES = { NORM = true, MAP = true }

local function number(value)
  if value == nil then
    return UNDEFINED
  end
  return math.type(value) == "integer" and string.format("%d", value) or string.format("%.10g", value)
end

local function add(lines, ...)
  for _, value in ipairs { ... } do
    if type(value) == "string" then
      assert(not value:find "[\r\n]", "vamas: a field may not hold a line break")
      lines[#lines + 1] = value
    else
      lines[#lines + 1] = number(value)
    end
  end
end

-- n numbers of a block, undefined where the block does not give them.
local function add_numbers(lines, block, ...)
  for _, key in ipairs { ... } do
    lines[#lines + 1] = number(block[key])
  end
end

local function add_comment(lines, comment)
  add(lines, #comment, table.unpack(comment))
end

-- The labels and units of experimental or corresponding variables.
local function add_variables(lines, variables)
  add(lines, #variables)
  for _, variable in ipairs(variables) do
    add(lines, variable.label, variable.unit)
  end
end

local function regions(blocks)
  local seen, count = {}, 0
  for _, block in ipairs(blocks) do
    local name = block.species .. " " .. block.transition
    if not seen[name] then
      seen[name], count = true, count + 1
    end
  end
  return count
end

local function add_header(lines, experiment)
  add(lines, "VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4")
  add(lines, experiment.institution, experiment.instrument, experiment.operator, experiment.name)
  add_comment(lines, experiment.comment)
  add(lines, experiment.mode, "REGULAR", regions(experiment.blocks))
  if experiment.mode == "MAP" then
    add(lines, experiment.positions or 1, experiment.columns or 1, experiment.rows or 1)
  end
  add_variables(lines, experiment.variables)
  add(lines, 0, 0, 0, 0) -- inclusion list, manually entered items, future upgrades of experiment and block
  add(lines, #experiment.blocks)
end

local function add_source(lines, experiment, block)
  add(lines, block.source)
  add_numbers(lines, block, "photon_energy", "source_power", "beam_width_x", "beam_width_y")
  if experiment.mode == "MAP" then
    add_numbers(lines, block, "field_x", "field_y")
  end
  add_numbers(lines, block, "incidence_angle", "incidence_azimuth")
end

local function add_analyser(lines, block)
  add(lines, block.analyser_mode)
  add_numbers(lines, block, "pass_energy", "magnification", "work_function", "bias")
  add_numbers(lines, block, "analysis_width_x", "analysis_width_y", "take_off_angle", "take_off_azimuth")
  add(lines, block.species, block.transition, -1) -- the detected particle is an electron
end

-- min and max of every corresponding variable, then their values interleaved channel by channel.
local function add_ordinates(lines, variables)
  local channels = #variables[1].values
  add(lines, channels * #variables)
  for _, variable in ipairs(variables) do
    assert(#variable.values == channels, "vamas: corresponding variables must be equally long")
    add(lines, math.min(table.unpack(variable.values)), math.max(table.unpack(variable.values)))
  end
  for channel = 1, channels do
    for _, variable in ipairs(variables) do
      add(lines, variable.values[channel])
    end
  end
end

local function add_block(lines, experiment, block)
  add(lines, block.name, block.sample)
  for _, key in ipairs { "year", "month", "day", "hour", "minute", "second" } do
    add(lines, block[key] or -1)
  end
  add(lines, block.hours_from_gmt or 0)
  add_comment(lines, block.comment)
  add(lines, "XPS")
  if experiment.mode == "MAP" then
    add(lines, block.x or 1, block.y or 1)
  end
  for i = 1, #experiment.variables do
    add(lines, (assert(block.variables[i], "vamas: a block lacks the value of an experimental variable")))
  end
  add_source(lines, experiment, block)
  add_analyser(lines, block)
  add(lines, block.abscissa.label, block.abscissa.unit, block.abscissa.start, block.abscissa.step)
  add_variables(lines, block.ordinates)
  add(lines, "pulse counting", block.dwell, block.scans, 0)
  add_numbers(lines, block, "tilt", "tilt_azimuth", "rotation")
  add(lines, 0) -- additional numerical parameters
  add_ordinates(lines, block.ordinates)
end

-- The bytes of a file. `experiment` holds institution, instrument, operator, name, comment (list of lines), mode,
-- variables (list of label, unit) and blocks; a block names its numbers as above, in the units of the standard (eV, s,
-- W, degree).
function vamas.text(experiment)
  assert(MODES[experiment.mode], "vamas: the experiment mode must be NORM or MAP")
  local lines = {}
  add_header(lines, experiment)
  for _, block in ipairs(experiment.blocks) do
    add_block(lines, experiment, block)
  end
  add(lines, "end of experiment")
  return table.concat(lines, "\r\n") .. "\r\n"
end

return vamas
