-- The valence map of a simulated dual-EELS particle (spectra/generate_map.lua): a shell of 4 nm Co2+ on Co3+, energies that drift.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"

local spectra = support.samples .. "/.."
local folder = support.folder()
assert(os.execute(("lua5.4 '%s/generate_map.lua' '%s' 7"):format(spectra, folder)))

local function run(more, ...)
  local out = folder .. "/" .. more
  local workflow = spectra .. "/../lua/workflows/valence_map.lua"
  local code, said, problem = support.corelevel("run", workflow, folder .. "/map.dm4", "--out", out, ...)
  return code, said, problem, out
end

describe("a valence map", function()
  teardown(function() support.remove(folder) end)

  it("finds the shell that was planted, its drift taken out by the low loss", function()
    local code, said, problem, out = run("aligned", "--lowloss", folder .. "/lowloss.dm4")
    assert.equal(0, code, problem)
    local thickness, error = said:match "\n *([%d.]+) ± ([%d.]+)"
    assert.is_true(math.abs(tonumber(thickness) - 4) < 2.5 * tonumber(error), said)
    assert.is_true(tonumber(error) < 0.3)
    assert.matches("geometry: section; a particle of 8%d%d pixels, radius 16%.%d", said)
    for _, name in ipairs { "co_valence.png", "co_l3_shift.png", "valence.nc" } do
      assert.is_truthy(support.read(out .. "/" .. name), name)
    end
  end)

  it("is the same bytes for any number of threads", function()
    local _, _, _, one = run("one", "--threads", "1")
    local _, _, _, two = run("two", "--threads", "2")
    assert.equal(support.read(one .. "/valence.nc"), support.read(two .. "/valence.nc"))
  end)

  -- Drift of 0.8 eV at most, planted as a sine over the rows: the free shift finds it without the low loss, and the aligned
  -- map has none left (mean over the particle within 0.1 eV).
  it("has references that say that they are models", function()
    local code, said = support.workflow(([[
      local cl = require "corelevel"
      local map = cl.open "%s/map.dm4":align_zlp { lowloss = cl.open "%s/lowloss.dm4" }
      local fit = map:fit(cl.model { cl.powerlaw { exponents = { 2, 3, 4 } },
        cl.reference { "Co3+", cl.load(cl.library "eels/Co3+"), shift = { 0, -1, 1 } },
        cl.reference { "Co2+", cl.load(cl.library "eels/Co2+"), shift = "Co3+.shift" } }, { range = { 712, 860 } })
      print(fit)
      local shift, sum, count = fit["Co3+"].shift, 0, 0
      for i, value in ipairs(shift.values) do
        if shift.errors[i] < 0.1 then sum, count = sum + value, count + 1 end
      end
      print("mean shift", sum / count, count)
    ]]):format(folder, folder))
    assert.equal(0, code)
    assert.matches("the reference Co2%+ is a model, not a measurement", said)
    local mean, count = said:match "mean shift%s+(%S+)%s+(%d+)"
    assert.is_true(math.abs(tonumber(mean)) < 0.1, said)
    assert.is_true(tonumber(count) > 500, said)
  end)
end)
