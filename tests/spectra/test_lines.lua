-- The line library beyond its schema: sources, ratios, names, order, and values that can be reckoned from others.
-- SPDX-License-Identifier: GPL-3.0-or-later

local here = arg[0]:match "^(.*)/" or "."
package.path = here .. "/?.lua;" .. package.path
local check = require "check"
local xml_reader = require "xml_reader"

local library = xml_reader.read(check.read(check.source .. "/spectra/lines.xml"))

-- Statistical ratios: (2j + 1) of the weaker member over that of the stronger one.
local LEVELS = {
  ["1s"] = { level = "1s" },
  ["2p"] = { level = "2p3/2", ratio = 2 / 4 },
  ["3d"] = { level = "3d5/2", ratio = 4 / 6 },
  ["4f"] = { level = "4f7/2", ratio = 6 / 8 },
}

local function number(element)
  return element and tonumber(element.at.value)
end

-- Calls visit(element, path) for every element below `element`.
local function walk(element, visit, path)
  for _, child in ipairs(element) do
    local place = (path or "") .. "/" .. (child.at.name or child.at.symbol or child.tag)
    visit(child, place)
    walk(child, visit, place)
  end
end

local function test_sources()
  local known, used = {}, {}
  for _, source in ipairs(library.child.sources) do
    check.that(not known[source.at.id], "source %s stands there twice", source.at.id)
    known[source.at.id] = source
  end
  local values, unchecked = 0, 0
  walk(library, function(element, path)
    if element.at.value or element.at.low then
      values = values + 1
      unchecked = unchecked + (element.at.checked == "no" and 1 or 0)
      local source = known[element.at.source]
      check.that(source, "%s has no source", path)
      check.that(not source or element.at.checked == "no" or source.at.read or source.at.authors == "closed form"
        or source.at.id == "corelevel", "%s counts as checked, but its source was not read", path)
      used[element.at.source] = true
    end
  end)
  for id, source in pairs(known) do
    check.that(used[id], "source %s is used by no value", id)
    check.that(source.at.doi or source.at.isbn or source.at.url or source.at.authors == "closed form"
      or id == "corelevel", "source %s cannot be found", id)
  end
  print(string.format("%d values, %d of them from memory", values, unchecked))
  check.that(unchecked / values < 0.1, "more than a tenth of the values is from memory")
end

local function test_doublet(line, orbital, what)
  local ratio = number(line.child.ratio)
  if LEVELS[orbital].ratio then
    check.near(ratio, LEVELS[orbital].ratio, 1e-15, "ratio of " .. what)
    check.that(line.child.ratio.at.source == "statistical", "the ratio of %s is statistical", what)
  else
    check.that(not ratio and not line.child.split and not line.child.broaden, "%s is a singlet", what)
  end
end

-- The scatter of published binding energies is far smaller than the shifts that are possible at all, about 10 eV.
local function test_state(state, line, what)
  check.near(number(state.child.energy), number(line.child.energy), 12, "energy of " .. what)
  if state.child.split then
    check.near(number(state.child.split), number(line.child.split), 1, "splitting of " .. what)
  end
end

local function test_line(line, symbol)
  local name = line.at.name
  local orbital = name:match "%S+$"
  check.that(name == symbol .. " " .. orbital, "%s stands under %s", name, symbol)
  check.that(LEVELS[orbital] and line.at.level == LEVELS[orbital].level, "the level of %s is %s", name, line.at.level)
  test_doublet(line, orbital, name)
  local states = {}
  for _, part in ipairs(line) do
    if part.tag == "state" then
      check.that(not states[part.at.name], "%s has the state %s twice", name, part.at.name)
      states[part.at.name] = true
      test_state(part, line, name .. " " .. part.at.name)
    elseif part.tag == "satellite" then
      local above = number(part.child.energy) - number(line.child.energy)
      check.that(above > 2 and above < 15, "%s lies %g eV above %s", part.at.name, above, name)
    end
  end
end

local function test_auger(auger, symbol)
  local name, energy, range = auger.at.name, number(auger.child.energy), auger.child.range
  local low, high = tonumber(range.at.low), tonumber(range.at.high)
  check.that(name:match "^%S+" == symbol, "%s stands under %s", name, symbol)
  check.that(low < energy and energy < high, "%s lies outside its range", name)
  check.that(high - low <= 80, "the range of %s is %g eV wide", name, high - low)
end

local function test_elements()
  local last = 0
  for _, element in ipairs(library) do
    if element.tag == "element" then
      check.that(tonumber(element.at.number) > last, "%s is not in order", element.at.symbol)
      last = tonumber(element.at.number)
      for _, part in ipairs(element) do
        local test = part.tag == "line" and test_line or test_auger
        test(part, element.at.symbol)
      end
    end
  end
end

local function find(symbol, name, state)
  local found
  walk(library, function(element, path)
    if path == "/" .. symbol .. "/" .. name .. (state and "/" .. state or "") then
      found = element
    end
  end)
  return found
end

-- What the samples and the ready workflows stand on.
local function test_samples()
  local sulfur, phosphorus, cobalt = find("S", "S 2p"), find("P", "P 2p"), find("Co", "Co 2p")
  check.near(number(sulfur.child.split), 1.16, 0, "S 2p splitting of the samples")
  check.near(number(phosphorus.child.split), 0.87, 0, "P 2p splitting of the samples")
  check.near(number(sulfur.child.lorentzian), 0.09, 0, "S 2p width of the samples")
  check.near(number(phosphorus.child.lorentzian), 0.07, 0, "P 2p width of the samples")
  check.near(number(sulfur.child.broaden) + number(phosphorus.child.broaden), 0, 0, "equal widths of the samples")
  check.near(number(find("C", "C 1s").child.lorentzian), 0.0868, 0, "C 1s width of the samples")
  check.near(number(find("O", "O 1s").child.lorentzian), 0.1559, 0, "O 1s width of the samples")
  check.near(number(find("C", "C 1s", "C-C").child.energy), 284.8, 0, "charge reference")
  check.near(number(cobalt.child.lorentzian), 0.47, 0, "Co 2p3/2 width")
  check.near(number(cobalt.child.broaden), 1.13 - 0.47, 1e-12, "Co 2p1/2 extra width")
end

-- Co L3M23M45 lies under Co 2p3/2 with Al K-alpha, Fe LMM over it (HarwellXPS, page of cobalt: 786 eV, binding energy),
-- and Co L3M45M45 near 713 eV (Thermo, page of cobalt: check the Co LMM peak at 713 eV).
local function test_overlaps()
  local function covers(symbol, name, binding)
    local range = find(symbol, name).child.range
    local kinetic = 1486.6 - binding
    return tonumber(range.at.low) <= kinetic and kinetic <= tonumber(range.at.high)
  end
  check.that(covers("Co", "Co L3M23M45", 776), "Co L3M23M45 covers 776 eV")
  check.that(covers("Co", "Co L3M45M45", 713), "Co L3M45M45 covers 713 eV")
  check.that(covers("Fe", "Fe L3M45M45", 786), "Fe L3M45M45 covers 786 eV")
  check.that(covers("Na", "Na KL23L23", 500), "Na KLL covers 500 eV (HarwellXPS, page of oxygen)")
  check.that(covers("Ni", "Ni L3M23M45", 710), "Ni LMM overlaps Fe 2p (Thermo, page of iron)")
  check.that(covers("Cu", "Cu L3M23M23", 710), "Cu LMM overlaps Fe 2p (Thermo, page of iron)")
  check.that(not covers("O", "O KL23L23", 776), "O KLL does not cover 776 eV")
end

test_sources()
test_elements()
test_samples()
test_overlaps()
check.done()
