-- Annotations (LuaCATS) that editors read for completion and checks of workflows; never loaded by a workflow.
-- SPDX-License-Identifier: GPL-3.0-or-later
local TYPES = {
  text = "string", number = "number", integer = "integer", boolean = "boolean", range = "number[]", numbers = "number[]",
  names = "string|string[]", path = "string", parameter = "number|string|number[]|table", groups = "table", any = "any",
  component = "table", object = "any",
}

local function line(text) return (text:gsub("%s+", " ")) end

local function type_of(p)
  if p.choices then
    local list = {}
    for i, choice in ipairs(p.choices) do list[i] = ("%q"):format(choice) end
    return table.concat(list, "|")
  end
  if p.kinds then
    local list = {}
    for i, kind in ipairs(p.kinds) do list[i] = "corelevel." .. kind end
    return table.concat(list, "|")
  end
  return assert(TYPES[p.type], p.type)
end

-- A class of the named options, whose places are its fields, too.
local function options_class(out, class, parameters)
  out[#out + 1] = ("---@class %s\n"):format(class)
  for _, p in ipairs(parameters) do
    local unit = p.unit and (" [%s]"):format(p.unit) or ""
    out[#out + 1] = ("---@field %s? %s %s%s\n"):format(p.name, type_of(p), line(p.doc), unit)
    if p.place > 0 then out[#out + 1] = ("---@field [%d]? %s %s\n"):format(p.place, type_of(p), p.name) end
  end
  out[#out + 1] = "\n"
end

local function add_methods(out, kind, operations)
  out[#out + 1] = ("---@class corelevel.%s\nlocal %s = {}\n\n"):format(kind, kind)
  for _, one in ipairs(operations) do
    for _, on in ipairs(one.on) do
      if on == kind then
        local class = ("corelevel.%s.%s"):format(kind, one.name)
        options_class(out, class, one.parameters)
        out[#out + 1] = ("---%s\n---@param options? %s|any\n---@return corelevel.%s\nfunction %s:%s(options, ...) end\n\n"):format(
          line(one.doc), class, one.gives, kind, one.name)
      end
    end
  end
end

local HEAD = [[
---@meta corelevel
-- What editors know of corelevel %s; made from its descriptors.

---@class corelevel
---@field inputs table<string, any> inputs of the workflow, by name
---@field options table<string, any> options of the workflow, by name
---@field version string
local cl = {}

---Reads a file, or an item of the library.
---@param path string
---@param options? table
---@return corelevel.record
function cl.load(path, options) end

---Opens a file without reading all of it.
---@param path string
---@param options? table
---@return corelevel.record
function cl.open(path, options) end

---@param declaration table name, inputs, options, live
function cl.workflow(declaration) end

---@param components table
---@return corelevel.model
function cl.model(components) end

---Holds a parameter at a value.
---@param value number
function cl.fixed(value) end

---@param members table
---@return corelevel.group
function cl.list(members) end

---@param members table<string, any>
---@return corelevel.group
function cl.compare(members) end

---@param name string "area/name"
---@return string
function cl.library(name) end

---@param path string
---@param items table
function cl.report(path, items) end

]]

return function(what)
  local out = { HEAD:format(what.version) }
  for _, kind in ipairs { "record", "spectra", "columns", "fit", "model", "group" } do add_methods(out, kind, what.registry.operations) end
  for _, one in ipairs(what.registry.components) do
    local class = "corelevel.component." .. one.name
    options_class(out, class, one.parameters)
    out[#out + 1] = ("---%s\n---@param options %s\nfunction cl.%s(options) end\n\n"):format(line(one.doc), class, one.name)
  end
  out[#out + 1] = "return cl\n"
  return table.concat(out)
end
