-- Reads lines.xml, which its schema has already checked: elements and attributes, no text, no entities but the five.
-- SPDX-License-Identifier: GPL-3.0-or-later

local reader = {}

local ENTITIES = { amp = "&", lt = "<", gt = ">", quot = '"', apos = "'" }

local function attributes(text)
  local values = {}
  for name, value in text:gmatch '([%w_:]+)="([^"]*)"' do
    values[name] = value:gsub("&(%a+);", ENTITIES)
  end
  return values
end

-- The root: every element is a list of its children, with `tag`, `at` (its attributes), `child` (the first of a tag).
function reader.read(bytes)
  local root = { child = {} }
  local open = { root }
  bytes = bytes:gsub("<!%-%-.-%-%->", ""):gsub("<%?.-%?>", "")
  for closing, tag, inside, empty in bytes:gmatch "<(/?)([%w_]+)([^>]-)(/?)>" do
    if closing == "/" then
      assert(table.remove(open).tag == tag, "elements must nest")
    else
      local element, parent = { tag = tag, at = attributes(inside), child = {} }, open[#open]
      parent[#parent + 1] = element
      parent.child[tag] = parent.child[tag] or element
      if empty == "" then
        open[#open + 1] = element
      end
    end
  end
  assert(#open == 1, "every element must be closed")
  return root[1]
end

return reader
