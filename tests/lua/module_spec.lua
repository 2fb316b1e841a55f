-- The module in a stock Lua: loading, indexing, methods, values and mistakes.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"
local cl = require "corelevel"

-- The sentence of a mistake, which names this file and a line.
local function mistake(f, ...)
  local fine, problem = pcall(f, ...)
  assert.is_false(fine)
  assert.matches("^[^:]*module_spec%.lua:%d+: ", problem)
  return problem
end

describe("a record", function()
  local record = cl.load(support.sample)

  it("counts from 1 and finds any spelling of a line", function()
    assert.equal(3, #record)
    assert.equal("Co 2p", record[1].name)
    assert.is_nil(record[0])
    assert.is_nil(record[4])
    assert.equal(record[1], record["Co2p"])
    assert.equal(record[1], record["Co 2p"])
    assert.same({ "Co 2p", "C 1s", "O 1s" }, record.names)
  end)

  it("is gone through by ipairs and pairs", function()
    local names = {}
    for place, spectra in ipairs(record) do names[place] = spectra.name end
    assert.same(record.names, names)
    for place, spectra in pairs(record) do assert.equal(names[place], spectra.name) end
  end)

  it("tells what it holds when asked for something else", function()
    assert.matches('there is no "Co 9p".*"Co 2p"', mistake(function() return record["Co 9p"] end))
  end)

  it("is not changed", function()
    assert.matches("values are not changed", mistake(function() record.x = 1 end))
    assert.matches("a record is indexed by names and places", mistake(function() return record[{}] end))
  end)
end)

describe("spectra", function()
  local co = cl.load(support.sample)["Co 2p"]

  it("tell their readings as plain Lua", function()
    assert.same({ 3, 421 }, co.shape)
    assert.equal("counts", co.unit)
    assert.equal("depth", co.axes[1].name)
    assert.same({ 0, 15, 30 }, { table.unpack(co.axes[1]) })
    assert.equal(770, co.energy[1])
    assert.equal(3 * 421, #co.intensity)
    assert.equal(40, co.metadata.pass_energy)
  end)
end)

describe("the module", function()
  it("is not changed and tells misspelt functions", function()
    assert.matches("cannot be set", mistake(function() cl.x = 1 end))
    assert.matches("no function laod; did you mean cl%.load%?", mistake(function() return cl.laod end))
  end)

  it("leaves nothing global", function()
    local code, out = support.shell([[lua5.4 -e '
      local before = {}
      for name in pairs(_G) do before[name] = true end
      require "corelevel"
      for name in pairs(_G) do if not before[name] then print(name) end end']])
    assert.same({ 0, "" }, { code, out })
  end)

  it("tells an input that is not there", function()
    assert.matches("nosuch%.vms: there is no such file", mistake(function() cl.load "nosuch.vms" end))
    assert.matches("load: needs the path of a file, not a nil", mistake(function() cl.load() end))
    assert.matches('no item "eels/nosuch"', mistake(function() cl.load(cl.library "eels/nosuch") end))
    assert.matches('needs "area/name"', mistake(function() cl.library "nosuch" end))
  end)

  it("fixes numbers only", function()
    assert.matches("needs one number", mistake(function() cl.fixed "1" end))
    assert.equal("userdata", type(cl.fixed(1)))
  end)
end)

describe("groups", function()
  local record = cl.load(support.sample)

  it("list by place and compare by name, sorted", function()
    local list = cl.list { record[1], record[2] }
    assert.equal(2, #list)
    assert.equal("C 1s", list[2].name)
    local both = cl.compare { SR = record[2], P = record[1] }
    assert.same({ "P", "SR" }, both.names)
    assert.equal("Co 2p", both["P"].name)
    assert.equal("C 1s", both[2].name)
    local seen = {}
    for name, spectra in pairs(both) do seen[#seen + 1] = name .. spectra.name end
    assert.same({ "PCo 2p", "SRC 1s" }, seen)
  end)

  it("look names up on each member", function()
    local each = cl.list { record, record }["Co 2p"]
    assert.same({ "Co 2p", "Co 2p" }, { each[1].name, each[2].name })
    local named = cl.compare { P = record, SR = record }["C 1s"]
    assert.equal("C 1s", named["SR"].name)
  end)

  it("hold objects of one kind", function()
    assert.matches("list: ", mistake(function() cl.list { record, record[1] } end))
    assert.matches("an item is a number, not an object", mistake(function() cl.list { 1 } end))
    assert.matches("each member needs a name", mistake(function() cl.compare { record } end))
    assert.matches('no member "Q"', mistake(function() return cl.compare { P = record[1] }["Q"] end))
  end)
end)

describe("a workflow in stock lua5.4", function()
  it("takes inputs and options from arg", function()
    local folder = support.folder()
    support.write(folder .. "/w.lua", [[
      local cl = require "corelevel"
      cl.workflow { inputs = { { "a", "an input" } }, options = { e = { 1.5 } } }
      print(cl.inputs.a, cl.options.e)]])
    local run = ("lua5.4 %s/w.lua "):format(folder)
    assert.same({ 0, "x.vms\t2\n", "" }, { support.shell(run .. "x.vms --e 2 --out results") })
    local code, _, err = support.shell(run)
    assert.equal(2, code)
    assert.matches("the input 'a' is missing", err)
    local _, help = support.shell(run .. "--help")
    assert.matches("lua5%.4 .*w%.lua A %-%-out results/", help)
    support.remove(folder)
  end)
end)
