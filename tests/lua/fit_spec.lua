-- Models, fits and columns in Lua: calls by place and by name, arithmetic with covariances, sentences for mistakes.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"
local cl = require "corelevel"

local function mistake(f, ...)
  local fine, problem = pcall(f, ...)
  assert.is_false(fine)
  assert.matches("^[^:]*fit_spec%.lua:%d+: ", problem)
  return problem
end

local record = cl.load(support.sample)
local co = record["Co 2p"]

local model = cl.model {
  cl.shirley {},
  cl.doublet { "Co3+", position = { 780, 779, 781 }, split = 15.0, ratio = 0.5, fwhm = { 1.8, 1, 3 }, lorentzian = 0.47 },
  cl.doublet { "Co2+", position = { 782, 781, 783 }, split = 15.1, ratio = 0.5, fwhm = "Co3+.fwhm", lorentzian = 0.47 },
  cl.doublet { "Co2+ satellite", position = { 786.4, 785, 788 }, split = 16.8, ratio = 0.5, fwhm = { 5, 3, 8 } },
}
local fit = co:crop(773, 811):fit(model)

local function close(expected, found, relative)
  for i, value in ipairs(expected) do
    assert.is_true(math.abs(found[i] - value) <= relative * math.abs(value), ("%d: %g, not %g"):format(i, found[i], value))
  end
end

describe("a call", function()
  it("takes values by place, by name, or both in one table", function()
    local placed = co:crop(773, 811).energy
    assert.same(placed, co:crop { low = 773, high = 811 }.energy)
    assert.same(placed, co:crop { 773, 811 }.energy)
    assert.same(placed, co:crop(773, { high = 811 }).energy)
    assert.equal(381, #placed) -- 0.1 eV steps from 773 to 811
  end)

  it("applies to each member of a group", function()
    local each = cl.list { co, record["C 1s"] }:smooth()
    assert.same({ "Co 2p", "C 1s" }, { each[1].name, each[2].name })
    local named = cl.compare { a = co, b = co }:crop(773, 811)
    assert.same({ 3, 381 }, named["b"].shape)
  end)

  it("takes a record of one spectra for its spectra", function()
    assert.matches('fit: .*holds 3 %(Co 2p, C 1s, O 1s%): choose one, as in record%["Co 2p"%]',
      mistake(function() record:fit(model) end))
  end)

  it("names the parameter that is wrong, and a near one", function()
    assert.matches("crop: .*hihg.*did you mean high", mistake(function() co:crop { low = 3, hihg = 4 } end))
    assert.matches('crop: high is "x"', mistake(function() co:crop(1, "x") end))
    assert.matches("crop: .*function cannot be given", mistake(function() co:crop(print, 1) end))
    assert.matches("crop: call it on an object with a colon", mistake(function() co.crop(1, 2) end))
    assert.matches("corp.*did you mean.*crop", mistake(function() co:corp(1, 2) end))
    assert.matches("doublet: .*fwmh.*did you mean fwhm", mistake(function() cl.doublet { "A", fwmh = 1 } end))
    assert.matches("fixed: needs one number", mistake(function() cl.fixed() end))
  end)

  it("refuses lists with holes and tables that hold themselves", function()
    assert.matches("a list has a hole", mistake(function() co:crop { low = { [1] = 1, [7] = 2 }, high = 3 } end))
    local endless = {}
    endless.low = endless
    assert.matches("more than 32 deep", mistake(function() co:crop(endless) end))
  end)
end)

describe("a fit", function()
  it("gives the columns of a component", function()
    local area = fit["Co3+"].area
    assert.equal("Co3+.area", area.name)
    assert.equal(3, #area)
    assert.same({ 0, 15, 30 }, { table.unpack(area.axes[1]) })
    assert.equal("eV", fit["Co3+"].position.unit)
  end)

  it("tells misspelt components and parameters", function()
    assert.matches('no component "Co4%+"; did you mean "Co[23]%+"', mistake(function() return fit["Co4+"] end))
    assert.matches("no parameter fwmh; did you mean fwhm", mistake(function() return fit["Co3+"].fwmh end))
  end)

  it("prints tables", function()
    assert.matches("Co3%+", tostring(fit:fractions { "Co3+", { "Co2+", "Co2+ satellite" } }))
    assert.matches("^Co3%+: .*area", tostring(fit["Co3+"]))
    assert.is_true(#tostring(fit) > 0)
    assert.is_true(#tostring(model) > 0)
    assert.is_true(#tostring(record) > 0)
  end)
end)

describe("arithmetic of columns", function()
  local a, b, s = fit["Co3+"].area, fit["Co2+"].area, fit["Co2+ satellite"].area

  it("is that of numbers", function()
    local va, vb = a.values, b.values
    for i = 1, 3 do
      assert.equal(va[i] + vb[i], (a + b).values[i])
      assert.equal(va[i] - vb[i], (a - b).values[i])
      assert.equal(va[i] * vb[i], (a * b).values[i])
      assert.equal(va[i] / vb[i], (a / b).values[i])
      assert.equal(va[i] ^ 2, (a ^ 2).values[i])
      assert.equal(-va[i], (-a).values[i])
      assert.equal(1 - va[i] * 2, (1 - 2 * a).values[i])
      assert.equal(va[i] - -1, (a - -1).values[i])
      assert.equal(-3 / va[i], (-3 / a).values[i])
    end
  end)

  it("keeps covariances: a - a has no error, a / (a + b) that of the fractions", function()
    assert.same({ 0, 0, 0 }, (a - a).errors)
    close(a.errors, (-a).errors, 1e-12)
    local share, fractions = a / (a + b + s), fit:fractions { "Co3+", { "Co2+", "Co2+ satellite" } }
    close(fractions["Co3+"].values, share.values, 1e-12)
    close(fractions["Co3+"].errors, share.errors, 1e-9)
  end)

  it("names its results and their units", function()
    assert.equal("Co3+.area / (Co3+.area + Co2+.area)", (a / (a + b)).name)
    assert.equal("1", (a / b).unit)
    assert.equal(a.unit, (2 * a).unit)
    assert.matches("cannot be added", mistake(function() return a + fit["Co3+"].position end))
    assert.matches("not with a table", mistake(function() return a + {} end))
  end)

  it("goes through all columns of several", function()
    local percent = 100 * fit:fractions { "Co3+", { "Co2+", "Co2+ satellite" } }
    assert.equal(2, #percent.names)
    for i = 1, 3 do
      local sum = 0
      for _, values in pairs(percent.values) do sum = sum + values[i] end
      assert.is_true(math.abs(sum - 100) < 1e-9)
    end
  end)
end)

describe("weights of models", function()
  local function peak(name, fwhm) return cl.doublet { name, position = { 780, 778, 784 }, split = 15.0, ratio = 0.5, fwhm = fwhm } end
  local range = { 774, 811 }
  local one = co:fit(cl.model { cl.shirley {}, peak("a", { 2, 1, 8 }) }, { range = range })
  local two = co:fit(model, { range = range })

  -- exp(-delta / 2) over the sum, with the criteria that the fits print: all parameters here are free.
  it("are those of Schwarz's and Akaike's criteria", function()
    local whole = co:sum()
    local nested = whole:fit(cl.model { cl.shirley {}, cl.doublet { "a", position = { 780, 779, 781 }, split = 15.0, ratio = 0.5,
      fwhm = { 2, 1, 8 }, lorentzian = 0.47 } }, { range = range })
    local fixed = whole:fit(cl.model { cl.shirley {}, cl.doublet { "a", position = { 780, 779, 781 }, split = 15.0, ratio = 0.5,
      fwhm = { 2, 1, 8 }, lorentzian = 0.5 } }, { range = range })
    for _, criterion in ipairs { "bic", "aic" } do
      local weights = cl.compare { nested = nested, fixed = fixed }:model_weights { criterion = criterion }
      local a, b = weights.nested.values[1], weights.fixed.values[1]
      local function printed(of) return tonumber((tostring(of):match(criterion:upper() .. " ([%d.]+)"))) end
      assert.is_true(math.abs(a + b - 1) < 1e-12)
      assert.is_true(math.abs(2 * math.log(a / b) - (printed(fixed) - printed(nested))) < 0.11)
    end
  end)

  it("choose the model that made the data", function()
    for _, weight in ipairs(cl.compare { one = one, two = two }:model_weights().two.values) do assert.is_true(weight > 0.999) end
  end)

  it("are refused for fits of other data, ranges and statistics", function()
    local shorter = co:fit(model, { range = { 775, 811 } })
    assert.matches("give both the same range", mistake(function() cl.compare { a = two, b = shorter }:model_weights() end))
    local other = co:fit(model, { range = range, statistics = "least_squares" })
    assert.matches("fit both alike", mistake(function() cl.compare { a = two, b = other }:model_weights() end))
    local elsewhere = record["C 1s"]:fit(cl.model { cl.shirley {}, cl.peak { "c", position = { 285, 283, 287 }, fwhm = { 1, 0.5, 3 } } })
    assert.matches("different data", mistake(function() cl.compare { a = two, b = elsewhere }:model_weights() end))
  end)
end)

describe("a workflow whose fit failed", function()
  -- There are no channels from 900 to 950 eV, so nothing can be fitted: flag 2 of clv_fit_flag, not finite.
  local FAILING = ([[
    local cl = require "corelevel"
    local co = cl.load "%s"["Co 2p"]
    local fit = co:fit(cl.model { cl.peak { "A", position = { 910, 900, 920 } } }, { range = { 900, 950 } })
    print(table.concat(fit.status, " "))
    %%s]]):format(support.sample)

  it("runs to its end, says so and is exit code 1", function()
    local code, out, err = support.workflow(FAILING:format 'print "end"')
    assert.same({ 1, "2.0 2.0 2.0\nend\n" }, { code, out })
    assert.matches("w%.lua:3: the fit of Co 2p failed for 3 of 3 spectra %(1, 2, 3%)", err)
  end)

  it("has the exit code of what is worse", function()
    assert.equal(5, (support.workflow(FAILING:format "error 'mine'")))
    assert.equal(3, (support.workflow(FAILING:format "cl.load 'nosuch.vms'")))
  end)
end)
