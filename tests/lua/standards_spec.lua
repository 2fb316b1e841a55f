-- Measured references: the depth profile by standards, scales and notes, and mixtures of real reference spectra.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"
local cl = require "corelevel"
local json = dofile(support.samples .. "/../../tests/spectra/json_reader.lua")
package.path = support.samples .. "/../?.lua;" .. package.path
local poisson = require "generator.poisson"

local function mistake(f, ...)
  local fine, problem = pcall(f, ...)
  assert.is_false(fine)
  assert.matches("^[^:]*standards_spec%.lua:%d+: ", problem)
  return problem
end

local charge = { line = "C 1s", component = "C-C", at = 284.8, missing = "hold" }
local function sample(name) return support.samples .. "/" .. name .. ".vms" end
local function truth_of(name) return json.read(support.read(support.samples .. "/" .. name .. ".truth.json")) end

local function standard(name)
  return cl.load(sample(name)):charge_correct(charge)["Co 2p"]:subtract(cl.shirley { active = false })
end

local co3, co2 = standard "standard_co3", standard "standard_co2"

local function model_of(a, b, more)
  local second = { "Co2+", b, shift = "Co3+.shift", broadening = "Co3+.broadening" }
  local first = { "Co3+", a, shift = { 0, -0.5, 0.5 }, broadening = { 0.3, 0, 1.5 } }
  for key, value in pairs(more or {}) do first[key], second[key] = value, value end
  return cl.model { cl.shirley { active = true }, cl.reference(first), cl.reference(second) }
end

local function fit_of(name)
  return cl.load(sample(name)):charge_correct(charge)["Co 2p"]:fit(model_of(co3, co2), { nonnegative = true })
end

local both = cl.compare { treated = fit_of "licoo2_reduced", control = fit_of "licoo2_pristine" }

describe("a profile fitted with standards", function()
  local fractions = both:fractions { "Co3+", "Co2+" }

  it("finds the planted fractions", function()
    -- The standards' own noise and background are in no error: four errors and 0.015.
    for member, name in pairs { treated = "licoo2_reduced", control = "licoo2_pristine" } do
      for i, level in ipairs(truth_of(name).levels) do
        local value, err = fractions[member]["Co2+"].values[i], fractions[member]["Co2+"].errors[i]
        local expected = level.regions["Co 2p"].fractions["Co2+"]
        assert.is_true(math.abs(value - expected) < 4 * err + 0.015, ("%s %d: %g, not %g"):format(name, i, value, expected))
        assert.is_true(err > 0 and err < 0.02)
      end
    end
  end)

  it("calls Co2+ an upper limit without a control, and not with one", function()
    assert.matches("the fraction of Co2%+ is an upper limit: the ion beam itself reduces Co3%+", tostring(fractions.treated))
    assert.is_nil(tostring(fractions:difference("treated", "control")):find "upper limit")
  end)

  it("says on which scale references are compared", function()
    assert.matches("references are compared by their areas", tostring(fractions))
    local s = cl.load(sample "licoo2_reduced"):charge_correct(charge)["Co 2p"]
    local none = s:fit(model_of(co3, co2, { scale = "none" })):fractions { "Co3+", "Co2+" }
    assert.matches("compared by their coefficients", tostring(none))
    assert.matches("scale.*\"aera\"", mistake(function() model_of(co3, co2, { scale = "aera" }) end))
    local raw = cl.load(sample "standard_co3"):charge_correct(charge)["Co 2p"]
    local mixed = s:fit(cl.model { cl.constant {}, cl.reference { "Co3+", raw, scale = "step" }, cl.reference { "Co2+", co2 } })
    assert.matches("are not on one scale", mistake(function() mixed:fractions { "Co3+", "Co2+" } end))
  end)

  it("says where a reference ends, and what its noise adds", function()
    local s = cl.load(sample "licoo2_reduced"):charge_correct(charge)["Co 2p"]
    local text = tostring(s:fit(model_of(co3:crop(775, 805), co2:crop(775, 805))))
    assert.matches("the reference Co3%+ covers 775.%d to 804.%d eV", text)
    assert.is_nil(tostring(s:fit(model_of(co3, co2))):find "their noise adds") -- ten times the counts
    local profile = cl.load(sample "licoo2_pristine"):drop { level = { 1, 2 } }
    local own = profile:charge_correct(charge)["Co 2p"]:subtract(cl.shirley { active = false })
    assert.matches("their noise adds %d+ %% to the variance", tostring(s:fit(model_of(own, co2))))
  end)

  it("takes one spectrum for a reference", function()
    local s = cl.load(sample "licoo2_reduced"):charge_correct(charge)["Co 2p"]
    assert.matches("a reference is one spectrum; .* holds 3: sum or select one first",
      mistake(function() s:fit(model_of(s, co2)) end))
  end)
end)

-- ---- Real references

local data = os.getenv "CORELEVEL_TESTDATA"

-- The spectrum moved and broadened by a Gaussian of full width `width`: a sum over shifted copies, linear between channels.
local function moved(spectra, shift, width)
  local energy, y, sigma = spectra.energy, spectra.intensity, width / (2 * math.sqrt(2 * math.log(2)))
  local step, made = energy[2] - energy[1], {}
  local function at(x)
    local place = (x - energy[1]) / step
    local i = math.max(0, math.min(#energy - 2, math.floor(place)))
    local t = math.max(0, math.min(1, place - i))
    return y[i + 1] * (1 - t) + y[i + 2] * t
  end
  for i, e in ipairs(energy) do
    local sum, norm = 0, 0
    for k = -60, 60 do
      local u = k / 12
      local weight = math.exp(-u * u / 2)
      sum, norm = sum + weight * at(e - shift - u * sigma), norm + weight
    end
    made[i] = sum / norm
  end
  return made
end

local function area(spectra)
  local sum = 0
  for _, value in ipairs(spectra.intensity) do sum = sum + value end
  return sum
end

describe("mixtures of real CoO and Co3O4", function()
  if not data then
    it("were skipped", function() pending "CORELEVEL_TESTDATA is not set: no real references to mix" end)
    return
  end
  local record = cl.load(data .. "/xps/Co_references.vms")
  local oxide = record:select { sample = "CoO" }[1]:crop(774, 812)
  local spinel = record:select { sample = "Co3O4" }[1]:crop(774, 812)
  local bare_oxide, bare_spinel = oxide:subtract(cl.shirley { active = false }), spinel:subtract(cl.shirley { active = false })
  local a, b = moved(oxide, 0.1, 0.2), moved(spinel, 0.1, 0.2)
  local model = model_of(bare_spinel, bare_oxide)

  -- One mixture with Poisson noise, as a file; its fraction of CoO by area, as found and as made.
  local function mix(share, folder)
    local lines = { "Binding Energy (eV),Counts" }
    for i, energy in ipairs(oxide.energy) do
      lines[#lines + 1] = ("%.4f,%d"):format(energy, poisson.count(share * a[i] + (1 - share) * b[i]))
    end
    local path = support.write(folder .. "/mixture.csv", table.concat(lines, "\n") .. "\n")
    local found = cl.load(path)[1]:fit(model, { nonnegative = true }):fractions { "Co3+", "Co2+" }
    local first, second = share * area(bare_oxide), (1 - share) * area(bare_spinel)
    return found["Co2+"].values[1], found["Co2+"].errors[1], first / (first + second)
  end

  it("are taken apart to 0.03, with intervals that hold", function()
    local folder = support.folder()
    local within, all = 0, 0
    math.randomseed(7, 1)
    for _, share in ipairs { 0.1, 0.3, 0.5, 0.7, 0.9 } do
      for _ = 1, 8 do
        local value, err, expected = mix(share, folder)
        assert.is_true(math.abs(value - expected) < 0.03, ("%g: %g ± %g, not %g"):format(share, value, err, expected))
        within, all = within + (math.abs(value - expected) < err and 1 or 0), all + 1
      end
    end
    support.remove(folder)
    -- 68 % of 40 intervals should hold: 27 with a scatter of 2.9; the model (Shirley of each, then of the sum) is not exact.
    assert.is_true(within >= 0.68 * all - 3 * math.sqrt(all * 0.68 * 0.32), ("%d of %d"):format(within, all))
  end)
end)
