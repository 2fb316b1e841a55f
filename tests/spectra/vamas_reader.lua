-- Reads a NORM, REGULAR VAMAS file line by line in the order of ISO 14976; written apart from the generator's writer.
-- SPDX-License-Identifier: GPL-3.0-or-later

local reader = {}

local function cursor(bytes)
  local lines, place = {}, 0
  for line in bytes:gmatch "(.-)\r\n" do
    lines[#lines + 1] = line
  end
  local next_line = {}
  function next_line.text()
    place = place + 1
    return assert(lines[place], "the file ends too early")
  end
  function next_line.number()
    local text = next_line.text()
    return assert(tonumber(text), "line " .. place .. " should be a number: " .. text)
  end
  function next_line.skip(count)
    for _ = 1, count do
      next_line.text()
    end
  end
  function next_line.left()
    return #lines - place
  end
  return next_line
end

local function read_list(line)
  local list = {}
  for i = 1, line.number() do
    list[i] = line.text()
  end
  return list
end

local function read_variables(line)
  local list = {}
  for i = 1, line.number() do
    list[i] = { label = line.text(), unit = line.text(), values = {} }
  end
  return list
end

local function read_ordinates(line, variables)
  local count = line.number()
  for _, variable in ipairs(variables) do
    variable.minimum, variable.maximum = line.number(), line.number()
  end
  for _ = 1, count / #variables do
    for _, variable in ipairs(variables) do
      variable.values[#variable.values + 1] = line.number()
    end
  end
end

local function read_block(line, variable_count)
  local block = { name = line.text(), sample = line.text(), variables = {} }
  line.skip(7) -- date, time, hours from Greenwich
  block.comment = read_list(line)
  block.technique = line.text()
  for i = 1, variable_count do
    block.variables[i] = line.number()
  end
  block.source, block.photon_energy = line.text(), line.number()
  line.skip(5) -- strength, beam width x and y, polar angle, azimuth
  block.mode, block.pass_energy = line.text(), line.number()
  line.skip(7) -- magnification, work function, bias, analysis width x and y, take-off angles
  block.species, block.transition, block.charge = line.text(), line.text(), line.number()
  block.abscissa, block.abscissa_unit, block.start, block.step = line.text(), line.text(), line.number(), line.number()
  block.ordinates = read_variables(line)
  block.signal_mode, block.dwell, block.scans = line.text(), line.number(), line.number()
  line.skip(4) -- time correction, tilt, tilt azimuth, rotation
  assert(line.number() == 0, "no additional numerical parameters are expected")
  read_ordinates(line, block.ordinates)
  return block
end

-- The experiment in a file's bytes: mode, variables, regions, blocks; an error where a field is not what it should be.
function reader.read(bytes)
  local line = cursor(bytes)
  assert(line.text() == "VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4", "format identifier")
  line.skip(4) -- institution, instrument, operator, experiment
  local experiment = { comment = read_list(line), mode = line.text(), scan = line.text(), regions = line.number() }
  experiment.variables = read_variables(line)
  assert(line.number() == 0 and line.number() == 0 and line.number() == 0 and line.number() == 0, "no optional entries")
  experiment.blocks = {}
  for i = 1, line.number() do
    experiment.blocks[i] = read_block(line, #experiment.variables)
  end
  assert(line.text() == "end of experiment", "the terminator")
  assert(line.left() == 0, "nothing after the terminator")
  return experiment
end

return reader
