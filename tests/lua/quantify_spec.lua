-- Quantification, upper limits and differences in Lua, against the planted truth of the sulfide samples.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"
local cl = require "corelevel"
local json = dofile(support.samples .. "/../../tests/spectra/json_reader.lua")

local function mistake(f, ...)
  local fine, problem = pcall(f, ...)
  assert.is_false(fine)
  assert.matches("^[^:]*quantify_spec%.lua:%d+: ", problem)
  return problem
end

local function species(name, line, energy)
  return cl.doublet { name, line = line, position = { energy, energy - 0.3, energy + 0.3 }, fwhm = { 1.2, 0.7, 2.2 } }
end

local s2p = cl.model {
  cl.shirley {}, species("PS4 3-", "S 2p", 161.0), species("S-S", "S 2p", 163.3), species("SO4 2-", "S 2p", 169.5),
}
local p2p = cl.model { cl.shirley {}, species("PS4 3-", "P 2p", 131.4), species("P2Sx 2-", "P 2p", 133.1) }

local function fits_of(name)
  local xps = cl.load(support.samples .. "/" .. name .. ".vms")
    :charge_correct { line = "C 1s", component = "C-C", at = 284.8, missing = "fail" }
  return { S = xps["S 2p"]:fit(s2p), P = xps["P 2p"]:fit(p2p) }
end

local bare, coated = fits_of "sulfide_bare", fits_of "sulfide_coated"
local function truth_of(name) return json.read(support.read(support.samples .. "/" .. name .. ".truth.json")) end

-- The planted model: Scofield's sensitivities and the transmission, no attenuation length.
local planted = { sensitivity = "scofield", transmission = "file", imfp = "none", normalise_to = "S + P" }

local function with(changes)
  local all = {}
  for key, value in pairs(planted) do all[key] = value end
  for key, value in pairs(changes) do all[key] = value end
  return all
end

local function share(columns, name) return columns[name].values[1], columns[name].errors[1] end

-- Each share within four of its errors; S + P is 1 with no error at all.
local function compare_with_truth(columns, truth, slack)
  local seen = 0
  for line, states in pairs(truth.shares) do
    for state, expected in pairs(states) do
      local value, err = share(columns, line:match "^%a+" .. " " .. state)
      seen = seen + 1
      if expected > 0 then
        assert.is_true(err > 0 and math.abs(value - expected) < 4 * err + slack * expected,
          ("%s %s: %g ± %g, not %g"):format(line, state, value, err, expected))
      end
    end
  end
  assert.equal(5, seen)
  local s, s_error = share(columns, "S")
  local p, p_error = share(columns, "P")
  assert.is_true(math.abs(s + p - 1) < 1e-12)
  assert.is_true(math.abs(s_error - p_error) < 1e-12 and s_error > 0)
  local sum = columns["S"] + columns["P"]
  assert.is_true(sum.errors[1] < 1e-9) -- the covariance of both fits is kept
end

describe("quantify", function()
  it("finds the planted shares", function()
    compare_with_truth(cl.quantify(bare, planted), truth_of "sulfide_bare", 0)
    compare_with_truth(cl.quantify(coated, planted), truth_of "sulfide_coated", 0)
  end)

  it("stays within 2 % of them with attenuation lengths", function()
    compare_with_truth(cl.quantify(bare, with { imfp = "tpp-2m" }), truth_of "sulfide_bare", 0.02)
    -- Li6PS5Cl (1.64 g/cm3, 268.4 g/mol, 50 valence electrons: 6 + 5 + 30 + 7 and the rest of Li's shell)
    local argyrodite = { density = 1.64, valence_electrons = 48, molar_mass = 268.4, band_gap = 4 }
    compare_with_truth(cl.quantify(bare, with { imfp = "tpp-2m", material = argyrodite }), truth_of "sulfide_bare", 0.02)
  end)

  it("changes by the ratio of the transmissions when that is left out", function()
    -- T = 25 (KE / 1000)^-0.4 at 1325.6 and 1355.2 eV (S 2p at 161.0, P 2p at 131.4 eV; samples/README.md)
    local function ratio(columns) return share(columns, "S PS4 3-") / share(columns, "P PS4 3-") end
    local change = ratio(cl.quantify(bare, with { transmission = "none" })) / ratio(cl.quantify(bare, planted))
    assert.is_true(math.abs(change / (1325.6 / 1355.2) ^ -0.4 - 1) < 1e-4)
  end)

  it("normalises to one element, and names what was not measured", function()
    local to_p = cl.quantify(bare, with { normalise_to = "P" })
    assert.is_true(math.abs(share(to_p, "P") - 1) < 1e-12)
    assert.is_true(share(to_p, "S") > 3)
    assert.matches("not measured: Li, Cl", tostring(cl.quantify(bare, with { normalise_to = "S + P + Li + Cl" })))
    assert.matches("shares of P %+ S; elements without a fit are in no sum", tostring(cl.quantify(bare)))
    assert.matches("kinetic energy %^ 0.75", tostring(cl.quantify(bare)))
  end)

  it("refuses what it cannot honestly do", function()
    assert.matches("normalise_to: \"Sq\" is no element; did you mean S",
      mistake(function() cl.quantify(bare, with { normalise_to = "Sq" }) end))
    assert.matches("S: its fit is one of \"P 2p\"", mistake(function() cl.quantify({ S = bare.P }, planted) end))
    assert.matches("\"Sulfur\" is none", mistake(function() cl.quantify({ Sulfur = bare.S }, planted) end))
    assert.matches("material: there is no \"densty\"; did you mean density",
      mistake(function() cl.quantify(bare, with { imfp = "tpp-2m", material = { densty = 2 } }) end))
    assert.matches("material: valence_electrons must be given",
      mistake(function() cl.quantify(bare, with { imfp = "tpp-2m", material = { density = 2 } }) end))
    assert.matches("did you mean", mistake(function() cl.quantify(bare, with { imfp = "tpp2m" }) end))
    assert.matches("needs fits by their elements", mistake(function() cl.quantify({ bare.S }, planted) end))
    local profile = cl.load(support.sample)["Co 2p"]
    local co = profile:fit(cl.model { cl.shirley {}, cl.doublet { "Co", line = "Co 2p", position = { 780, 778, 783 } } })
    assert.matches("do not stand on the same points", mistake(function() cl.quantify({ S = bare.S, Co = co }) end))
  end)
end)

local function factors(includes, lines)
  return ('<sensitivity name="ours" source="made for this test" photon_energy="1486.6" includes="%s">%s</sensitivity>')
    :format(includes, lines)
end

describe("sensitivity factors of a file", function()
  local folder
  before_each(function() folder = support.folder() end)
  after_each(function() support.remove(folder) end)

  local function quantify(text, changes)
    changes.sensitivity = support.write(folder .. "/factors.xml", text)
    return cl.quantify(bare, with(changes))
  end
  -- Scofield's, relative to C 1s, as in the samples' truth
  local lines = '<line name="S 2p" factor="1.6753"/><line name="P 2p3/2" factor="0.7888"/><line name="P 2p1/2" factor="0.4027"/>'

  it("give the same shares when they are Scofield's", function()
    local value = share(quantify(factors("nothing", lines), {}), "S PS4 3-")
    assert.is_true(math.abs(value - share(cl.quantify(bare, planted), "S PS4 3-")) < 1e-4)
    local example = cl.quantify(bare, with { sensitivity = support.samples .. "/../sensitivity_example.xml" })
    assert.is_true(math.abs(share(example, "S PS4 3-") - value) < 2e-3) -- three digits
  end)

  it("are never mixed with what they contain", function()
    local both = factors("transmission imfp", lines)
    assert.matches("contain the transmission already; say transmission = \"none\"", mistake(function() quantify(both, {}) end))
    assert.matches("contain the attenuation length already", mistake(function()
      quantify(both, { transmission = "none", imfp = "tpp-2m" })
    end))
    assert.is_true(share(quantify(both, { transmission = "none" }), "S") > 0.7)
  end)

  it("say what is wrong with them", function()
    local function problem_of(includes, text)
      return mistake(function() quantify(factors(includes, text), {}) end)
    end
    assert.matches("have none for P 2p", problem_of("nothing", '<line name="S 2p" factor="1"/>'))
    assert.matches("factors.xml:1: \"Q\" is no line", problem_of("nothing", '<line name="Q" factor="1"/>'))
    assert.matches("includes: \"lambda\" is none of", problem_of("lambda", lines))
    assert.matches("factor %-1 of S 2p is not above zero", problem_of("nothing", '<line name="S 2p" factor="-1"/>'))
    assert.matches("cannot be read", mistake(function() cl.quantify(bare, with { sensitivity = folder .. "/none.xml" }) end))
    local other = factors("nothing", lines):gsub("1486.6", "1253.6")
    assert.matches("are for photons of 1253.6 eV", mistake(function() quantify(other, {}) end))
  end)
end)

describe("detected", function()
  local shares = cl.compare { bare = cl.quantify(bare, planted), coated = cl.quantify(coated, planted) }

  it("gives a limit for what is not there, and only for that", function()
    local text = tostring(shares:detected { level = 0.95 })
    local coated_line, bare_line = text:match "\n(coated[^\n]*)", text:match "\n(bare[^\n]*)"
    local _, limits = coated_line:gsub("<", "")
    assert.is_nil(bare_line:find "<") -- everything was planted there
    assert.is_true(limits >= 1)
    assert.is_true(text:find "below x with 95 %% confidence" ~= nil)
  end)

  it("writes limits beside the values", function()
    local folder = support.folder()
    shares:detected():save(folder .. "/limits.csv")
    local text = support.read(folder .. "/limits.csv")
    support.remove(folder)
    local header, first, second = text:match "^([^\r\n]*)\r?\n([^\r\n]*)\r?\n([^\r\n]*)"
    local place, at = 0, nil
    for name in (header .. ","):gmatch "([^,]*)," do
      place = place + 1
      if name == "S SO4 2-_limit" then at = place end
    end
    local function field(row)
      local i = 0
      for text_of in (row .. ","):gmatch "([^,]*)," do
        i = i + 1
        if i == at then return text_of end
      end
    end
    assert.equal("", field(first)) -- bare: detected
    local limit = tonumber(field(second))
    -- An area on its bound: the estimate is 0, so the limit is 1.96 errors (the normal quantile of 0.975); the error of
    -- such an area in these counts is that of S-S to within a factor of two.
    local _, err = share(shares.coated, "S S-S")
    assert.is_true(limit > 0 and limit < 2 * 1.96 * err)
  end)

  it("asks for more with a higher level", function()
    local function limit(level)
      return tonumber(tostring(coated.S["SO4 2-"].area:detected { level = level }):match "< ([%d.]+)")
    end
    -- 1.2816, 1.6449, 1.96, 2.5758 are the quantiles of 0.9, 0.95, 0.975 and 0.995; prints have two digits, rounded up
    assert.is_true(math.abs(limit(0.99) / limit(0.95) - 2.5758 / 1.96) < 0.06)
    assert.is_true(math.abs(limit(0.8) / limit(0.95) - 1.2816 / 1.96) < 0.06)
    assert.matches("level", mistake(function() coated.S["SO4 2-"].area:detected { level = 2 } end))
  end)
end)

describe("difference", function()
  local shares = cl.compare { bare = cl.quantify(bare, planted), coated = cl.quantify(coated, planted) }

  it("is one member minus the other, with both errors", function()
    local made = shares:difference("coated", "bare")
    for _, name in ipairs { "S", "S PS4 3-", "P PS4 3-" } do
      local a, ea = share(shares.coated, name)
      local b, eb = share(shares.bare, name)
      local d, ed = share(made, name)
      assert.is_true(math.abs(d - (a - b)) < 1e-15)
      assert.is_true(math.abs(ed - math.sqrt(ea ^ 2 + eb ^ 2)) < 1e-15)
    end
    assert.matches("coated minus bare", tostring(made))
    local none, zero = share(shares:difference("bare", "bare"), "S")
    assert.equal(0, none)
    assert.equal(0, zero) -- of itself there is no doubt
  end)

  it("tells what does not fit together", function()
    assert.matches("no member \"baer\"; did you mean \"bare\"", mistake(function() shares:difference("coated", "baer") end))
    local one = cl.compare { a = cl.quantify(bare, planted), b = cl.quantify({ S = bare.S }, { imfp = "none" }) }
    assert.matches("\"a\" has a column \"", mistake(function() one:difference("a", "b") end))
    assert.matches("taken of columns", mistake(function() cl.compare { a = bare.S, b = coated.S }:difference("a", "b") end))
    local profile = cl.load(support.sample)["C 1s"]
    local model = cl.model { cl.constant {}, cl.peak { "C-C", position = { 284.8, 284, 286 }, fwhm = { 1.2, 0.8, 2 } } }
    local whole, part = profile:fit(model), profile:drop { level = 3 }:fit(model)
    local axes = cl.compare { whole = whole["C-C"].area, part = part["C-C"].area }
    assert.matches("drop those that the other has not", mistake(function() axes:difference("whole", "part") end))
  end)
end)

describe("a depth profile", function()
  local function doublet(name, energy, split, fwhm)
    return cl.doublet { name, position = { energy, energy - 1, energy + 1 }, split = split, ratio = 0.5, fwhm = fwhm, lorentzian = 0.47 }
  end
  local model = cl.model {
    cl.shirley {}, doublet("Co3+", 780, 15.0, { 1.8, 1, 3 }), doublet("Co2+", 782, 15.1, "Co3+.fwhm"),
    doublet("Co2+ satellite", 786.4, 16.8, { 5, 3, 8 }),
  }
  local function fit(name)
    local record = cl.load(support.samples .. "/" .. name .. ".vms")
    return record:charge_correct { line = "C 1s", component = "C-C", at = 284.8, missing = "hold" }["Co 2p"]:fit(model)
  end
  local reduced = fit "licoo2_reduced"
  local both = cl.compare { treated = reduced, control = fit "licoo2_pristine" }:fractions { "Co3+", { "Co2+", "Co2+ satellite" } }

  it("describes simulated counts with a reduced chi-squared of one", function()
    -- scatter sqrt(2 / dof) of chi-squared over dof with over 400 channels: 0.07
    local text = tostring(reduced)
    local value = tonumber(text:match "reduced chi%-squared ([%d.]+)")
    assert.is_true(value == nil or math.abs(value - 1) < 0.32)
  end)

  it("calls Co2+ after sputtering an upper limit until a control takes the ion beam's part out", function()
    assert.matches("after sputtering the fraction of Co2%+ is an upper limit", tostring(both))
    local made = both:difference("treated", "control")
    assert.is_nil(tostring(made):find "upper limit")
    assert.matches("what the ion beam did is taken out with control", tostring(made))
    local treated, control = truth_of "licoo2_reduced", truth_of "licoo2_pristine"
    for i, level in ipairs(treated.levels) do
      local expected = level.regions["Co 2p"].fractions["Co2+"] - control.levels[i].regions["Co 2p"].fractions["Co2+"]
      local value, err = made["Co2+"].values[i], made["Co2+"].errors[i]
      assert.is_true(math.abs(value - expected) < 4 * err, ("level %d: %g ± %g, not %g"):format(i, value, err, expected))
    end
  end)
end)
