-- corelevel for Lua: loading, models, groups and workflows; every operation is a method of the objects it stands on.
-- SPDX-License-Identifier: GPL-3.0-or-later
local core = require "corelevel.core"
local workflow = require "corelevel.workflow"

core.comfort()

local cl = {
  version = core.version,
  load = core.load,
  open = core.load,
  model = core.model,
  fixed = core.fixed,
  list = core.list,
  compare = core.compare,
}

-- Every component there is, built in or from a plugin, is a function: cl.doublet { "Co3+", position = 780 }.
for _, name in ipairs(core.components()) do
  cl[name] = function(...) return core.component(name, ...) end
end

--- Names an item of the library, "area/name"; `cl.load` reads it wherever a path may stand.
function cl.library(item)
  if type(item) ~= "string" or not item:find "^[%w_-]+/[^/]+$" then
    core.fail 'library: needs "area/name", as in cl.library "eels/Co2+"'
  end
  return "library:" .. item
end

--- Declares what a workflow is called, needs and lets be chosen, and fills cl.inputs and cl.options.
function cl.workflow(declaration)
  rawset(cl, "inputs", nil)
  rawset(cl, "options", nil)
  local inputs, options = workflow.declare(declaration)
  rawset(cl, "inputs", inputs)
  rawset(cl, "options", options)
end

--- Writes a report of fits, columns and spectra as one HTML file, and as JSON beside it; the title is the workflow's name.
function cl.report(path, items) core.report(path, items, workflow.name) end

-- An operation on groups is also a function of a table: cl.quantify({ S = fit1, P = fit2 }, { … }).
local function on_group(name)
  return function(members, ...)
    if type(members) == "table" then
      members = #members > 0 and core.list(members) or core.compare(members)
    end
    return core.apply(name, members, ...)
  end
end

local function unknown(name)
  if name == "inputs" or name == "options" then
    core.fail(("cl.%s is there after cl.workflow { … } has declared it"):format(name))
  end
  local names = {}
  for known in pairs(cl) do names[#names + 1] = known end
  table.sort(names)
  local near = core.nearest(tostring(name), names)
  local hint = near and ("; did you mean cl.%s?"):format(near) or ""
  core.fail(("corelevel has no function %s%s"):format(tostring(name), hint))
end

return setmetatable(cl, {
  __index = function(_, name)
    if type(name) == "string" and core.stands_on_group(name) then return on_group(name) end
    unknown(name)
  end,
  __newindex = function(_, name)
    core.fail(("corelevel is not changed: %s cannot be set"):format(tostring(name)))
  end,
})
