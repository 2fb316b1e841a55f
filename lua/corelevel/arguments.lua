-- The words of a command line as a workflow's inputs and options, and the help that tells which there are.
-- SPDX-License-Identifier: GPL-3.0-or-later
local core = require "corelevel.core"

core.comfort()

local arguments = {}

local function named(rows, name)
  for _, row in ipairs(rows) do
    if row.name == name then return row end
  end
end

local function as_written(name) return "--" .. name:gsub("_", "-") end

local function all_names(declaration)
  local names = {}
  for _, row in ipairs(declaration.inputs) do names[#names + 1] = as_written(row.name) end
  for _, row in ipairs(declaration.options) do names[#names + 1] = as_written(row.name) end
  return names
end

local function to_numbers(word)
  local numbers = {}
  for part in (word .. ","):gmatch "([^,]*)," do
    numbers[#numbers + 1] = tonumber(part)
    if not tonumber(part) then return nil end
  end
  return numbers
end

-- Reads a word as what the option's preset is.
local function to_type(row, word)
  local kind = type(row.preset)
  if kind == "string" or kind == "nil" then return word end
  if kind == "boolean" then
    if word == "true" or word == "false" then return word == "true" end
    return nil, ("%s is true or false, not '%s'"):format(as_written(row.name), word)
  end
  local value = kind == "number" and tonumber(word) or kind == "table" and to_numbers(word) or nil
  if value == nil or value ~= value then
    return nil, ("%s needs %s, not '%s'"):format(as_written(row.name),
      kind == "number" and "a number" or "numbers with commas between", word)
  end
  return value
end

-- One `--name value`; returns how many words were used, or nil and what is wrong.
local function take_named(declaration, words, i, inputs, options)
  local name, value = words[i]:match "^%-%-([^=]+)=(.*)$"
  name = (name or words[i]:sub(3)):gsub("-", "_")
  local used = value and 1 or 2
  local input, option = named(declaration.inputs, name), named(declaration.options, name)
  if not input and not option then
    local near = core.nearest(as_written(name), all_names(declaration))
    return nil, ("there is no option %s%s"):format(words[i], near and ("; did you mean %s?"):format(near) or "")
  end
  value = value or words[i + 1]
  if option and type(option.preset) == "boolean" and used == 2 and value ~= "true" and value ~= "false" then
    options[name] = true
    return 1
  end
  if value == nil then return nil, ("%s needs a value"):format(words[i]) end
  local problem
  if input then
    inputs[name] = value
  else
    options[name], problem = to_type(option, value)
  end
  return not problem and used or nil, problem
end

local function take_placed(declaration, word, inputs)
  for _, row in ipairs(declaration.inputs) do
    if inputs[row.name] == nil then
      inputs[row.name] = word
      return
    end
  end
  local count = #declaration.inputs
  return ("'%s' is one input too many: the workflow takes %s"):format(word, count == 0 and "none" or count)
end

local function fill_presets(declaration, inputs, options)
  for _, row in ipairs(declaration.inputs) do
    if inputs[row.name] == nil then inputs[row.name] = row.default end
    if inputs[row.name] == nil and not row.optional then
      return ("the input '%s' is missing%s"):format(row.name, row.doc ~= "" and ": " .. row.doc or "")
    end
  end
  for _, row in ipairs(declaration.options) do
    if options[row.name] == nil then options[row.name] = row.preset end
  end
end

-- Values that a session set by name.
local function take_set(kind, rows, set, values)
  for name, value in pairs(set) do
    if not named(rows, name) then return ("the workflow declares no %s '%s'"):format(kind, name) end
    values[name] = value
  end
end

--- Reads words as inputs (by place or name) and options; `set_inputs`, `set_options` are values that stand already.
-- Gives inputs and options, or nil, nil and what is wrong.
function arguments.parse(declaration, words, set_inputs, set_options)
  local inputs, options, placed = {}, {}, {}
  local problem = take_set("input", declaration.inputs, set_inputs, inputs)
    or take_set("option", declaration.options, set_options, options)
  local i, open = 1, true
  while i <= #words and not problem do
    local used = 1
    if open and words[i] == "--" then
      open = false
    elseif open and words[i]:find "^%-%-." then
      used, problem = take_named(declaration, words, i, inputs, options)
    else
      placed[#placed + 1] = words[i]
    end
    i = i + (used or 1)
  end
  for _, word in ipairs(placed) do problem = problem or take_placed(declaration, word, inputs) end
  problem = problem or fill_presets(declaration, inputs, options)
  if problem then return nil, nil, problem end
  return inputs, options
end

--- Takes --out DIR and --help out of words that come without the command.
function arguments.take_own(words)
  local own, i = {}, 1
  while i <= #words and words[i] ~= "--" do
    local out = words[i]:match "^%-%-out=(.*)$"
    if words[i] == "--help" then
      own.help = true
      table.remove(words, i)
    elseif out or words[i] == "--out" then
      own.out = out or words[i + 1]
      if not own.out then return nil, "--out needs a folder" end
      table.remove(words, i)
      if not out then table.remove(words, i) end
    else
      i = i + 1
    end
  end
  return own
end

local function show(preset)
  if type(preset) == "table" then return table.concat(preset, ",") end
  if math.type(preset) == "float" then return ("%.14g"):format(preset) end
  return preset == nil and "VALUE" or tostring(preset)
end

local function input_rows(declaration)
  local rows = {}
  for i, row in ipairs(declaration.inputs) do
    local note = row.optional and " (optional)" or ""
    if row.default ~= nil then note = (" (preset: %s)"):format(tostring(row.default)) end
    rows[i] = { as_written(row.name) .. " FILE", row.doc .. note }
  end
  return rows
end

local function option_rows(declaration)
  local rows = {}
  for i, row in ipairs(declaration.options) do
    local unit = row.unit and (" [%s]"):format(row.unit) or ""
    rows[i] = { ("%s %s"):format(as_written(row.name), show(row.preset)), row.doc .. unit }
  end
  return rows
end

local function add_section(lines, title, rows)
  local width = 0
  for _, row in ipairs(rows) do width = math.max(width, #row[1]) end
  if #rows > 0 then lines[#lines + 1] = "\n" .. title .. ":" end
  for _, row in ipairs(rows) do
    lines[#lines + 1] = ("  %s%s  %s"):format(row[1], (" "):rep(width - #row[1]), row[2])
  end
end

--- The help of a workflow: an example first, then its inputs (in their places) and its options with presets.
function arguments.help(declaration, command)
  local example = { command }
  for _, row in ipairs(declaration.inputs) do
    if not row.optional and row.default == nil then example[#example + 1] = row.name:upper() end
  end
  local lines = { declaration.name ~= "" and declaration.name or nil }
  lines[#lines + 1] = "  " .. table.concat(example, " ") .. " --out results/"
  add_section(lines, "inputs, by place or by name", input_rows(declaration))
  add_section(lines, "options, with their presets", option_rows(declaration))
  return table.concat(lines, "\n")
end

return arguments
