-- X-ray absorption from scans to shifts, distances and excesses, on simulated scans with planted values
-- (spectra/generate_xas.lua), and the words for channels. SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"
local cl = require "corelevel"

local spectra = support.samples .. "/.."
local SEEDS = 8

local function make(seed)
  local folder = support.folder()
  assert(os.execute(("lua5.4 '%s/generate_xas.lua' '%s' %d"):format(spectra, folder, seed)))
  return folder
end

local function mistake(f, ...)
  local fine, problem = pcall(f, ...)
  assert.is_false(fine)
  return problem
end

describe("near-surface XAS", function()
  local folder = make(1)
  teardown(function() support.remove(folder) end)

  it("runs as a workflow", function()
    local function scan(name) return folder .. "/" .. name .. ".xdi" end
    local code, said, problem = support.corelevel("run", spectra .. "/../lua/workflows/surface_xas.lua", "--treated", scan "treated_co",
      "--pristine", scan "pristine_co", "--treated-o", scan "treated_o", "--pristine-o", scan "pristine_o", "--out", folder .. "/out")
    assert.equal(0, code, problem)
    assert.matches("edge shift\thalf_step %[eV%]\n *%-[12]%.%d+ ± 0%.0", said)
    assert.is_truthy(support.read(folder .. "/out/surface_xas.html"))
  end)

  it("knows channels by the parts that columns play", function()
    local scan = cl.load(folder .. "/treated_co.xdi")
    local tey, by_hand = scan:mu "tey", scan:mu "[tey] / [i0]"
    assert.same(by_hand.intensity, tey.intensity)
    assert.equal("murefer", scan:mu("murefer").name)
    assert.matches('there are no columns for "trans"; there are: i0, tey, murefer', mistake(function() scan:mu "trans" end))
    assert.matches("not normalised; call normalize first", mistake(function() tey:autobk {} end))
    assert.matches("call normalize_pair first", mistake(function() scan:excess { around = 534, width = 1 } end))
  end)

  it("says where it stands on energies that nothing aligned", function()
    local function xanes(name) return cl.load(folder .. "/" .. name .. "_co.xdi"):mu "tey":normalize {} end
    local shift = xanes "treated":edge_shift(xanes "pristine")
    assert.same({ "max_derivative", "half_step", "integral", "centroid", "correlation" }, shift.names)
    assert.matches("the monochromator adds 0.30 eV", tostring(shift))
  end)
end)

-- Planted: -2.0 eV; carbonate of 0.45 and 0.12 eV as a Gaussian of 0.9 eV, of which a window of 1.5 eV holds
-- erf(0.75 * 2 sqrt(ln 2) / 0.9) = 0.9502; none in the pristine sample.
describe("planted values", function()
  it("come back within their errors over seeds", function()
    local pulls = { shift = {}, treated = {}, pristine = {} }
    for seed = 11, 10 + SEEDS do
      local folder = make(seed)
      local function xanes(name)
        return cl.load(folder .. "/" .. name .. "_co.xdi"):align { channel = "reference" }:mu "tey"
          :normalize { pre = { -150, -30 }, post = { 150, 700 } }
      end
      local function excess(name)
        return cl.load(folder .. "/" .. name .. "_o.xdi"):normalize_pair { "tey", "tfy", pre = { 520, 527 }, post = { 550, 565 } }
          :excess { around = 534, width = 1.5 }["excess corrected"]
      end
      local treated, pristine = xanes "treated", xanes "pristine"
      local shift = treated:edge_shift(pristine, { by = "half_step" })
      table.insert(pulls.shift, (shift.values[1] + 2) / shift.errors[1])
      for name, truth in pairs { treated = 0.33 * 0.9502, pristine = 0 } do
        local found = excess(name)
        table.insert(pulls[name], (found.values[1] - truth) / found.errors[1])
      end
      local a, b = treated:autobk {}:fourier { k = { 3, 12 } }:peaks { between = { 1, 3.2 } },
        pristine:autobk {}:fourier { k = { 3, 12 } }:peaks { between = { 1, 3.2 } }
      for _, peak in ipairs { "peak 1", "peak 2" } do assert.is_true(math.abs(a[peak].values[1] - b[peak].values[1]) < 0.02) end
      assert.is_true(math.abs(a["peak 1"].values[1] - (1.92 - 0.37)) < 0.02) -- the planted phase is -0.75 k: 0.375 Angstrom short
      -- A Kaiser window of parameter 0 is the limit of those near it.
      local function kaiser(dk)
        local r = treated:autobk {}:fourier { k = { 3, 12 }, window = "kaiser", dk = dk }
        return r:peaks { between = { 1, 3.2 } }["height 1"].values[1]
      end
      assert.is_true(math.abs(kaiser(0) / kaiser(0.01) - 1) < 1e-4)
      support.remove(folder)
    end
    for name, list in pairs(pulls) do
      for _, pull in ipairs(list) do assert.is_true(math.abs(pull) < 3, name .. ": " .. table.concat(list, " ")) end
    end
  end)
end)
