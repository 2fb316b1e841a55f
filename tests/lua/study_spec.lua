-- The study of one material by four techniques, from simulated instrument files to one report; numbers beside what was planted
-- (spectra/generate*.lua). SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"

describe("the LiCoO2 study", function()
  local folder, spectra = support.folder(), support.samples .. "/.."
  for _, generator in ipairs { "generate_map.lua", "generate_xas.lua" } do
    assert(os.execute(("lua5.4 '%s/%s' '%s' 3"):format(spectra, generator, folder)))
  end
  local function sample(name) return support.samples .. "/" .. name .. ".vms" end
  local function scan(name) return folder .. "/" .. name .. ".xdi" end
  local code, said, problem = support.corelevel("run", spectra .. "/../lua/workflows/licoo2_study.lua",
    "--profile", sample "licoo2_reduced", "--control", sample "licoo2_pristine", "--bare", sample "sulfide_bare",
    "--coated", sample "sulfide_coated", "--treated-co", scan "treated_co", "--pristine-co", scan "pristine_co",
    "--treated-o", scan "treated_o", "--pristine-o", scan "pristine_o", "--map", folder .. "/map.dm4",
    "--lowloss", folder .. "/lowloss.dm4", "--out", folder .. "/out")
  teardown(function() support.remove(folder) end)

  it("runs in one command", function()
    assert.equal(0, code, problem)
    local page = support.read(folder .. "/out/licoo2_study.html")
    for _, word in ipairs { "Co^{2+}", "carbonate", "half_step", "thickness", "excess" } do
      assert.is_truthy(support.read(folder .. "/out/licoo2_study.json"):find(word, 1, true), word)
    end
    assert.is_true(#page < 5e6)
    local _, remarks = page:gsub('<p class="remark">', "")
    assert.equal(3, remarks) -- a text among what is reported: a paragraph for each line
  end)

  -- "value ± error" of a line, or "< limit".
  local function within(line, truth, times)
    local value, error = line:match "(-?%d[%d.]*) ± (%d[%d.]*)%s*$"
    value, error = tonumber(value), tonumber(error)
    assert.is_true(value ~= nil and math.abs(value - truth) <= times * error, line .. ", planted " .. truth)
  end

  it("finds what was planted", function()
    local function after(heading, pattern) return assert(said:match(heading .. ".-\n(" .. pattern .. ")"), heading) end
    within(after("shell\nthickness", "[^\n]*"), 4, 2.5)
    within(after("edge shift, treated less pristine\nhalf_step", "[^\n]*"), -2, 3)
    within(after("surface over bulk", "treated[^\n]*"), 0.33 * 0.9502, 3)
    within(after("surface over bulk", "pristine[^\n]*"), 0, 3)
    -- Carbonate in C 1s: 1700 of 13,700 counts eV on the treated surface, none on the pristine one.
    local treated = after("carbonate at 290 eV", "treated +0 +0[^\n]*")
    within(treated:match "^treated +0 +0 +([^ ]+ ± [^ ]+)", 1700 / 13700, 3)
    assert.matches("^pristine +0 +0 +< 0%.00", after("carbonate at 290 eV", "pristine +0 +0[^\n]*"))
    assert.is_nil(said:find("neighbouring channels", 1, true)) -- the simulated noise is white
    -- The remark on depths: 1 - exp(-4.1 / 40) of the electron yield, times 3 eV.
    assert.matches("A shell of 4%.%d nm is 10 %% of what electron yield sees, and would move the edge by %-0%.3 eV", said)
    -- SO4 is gone from the coated interface, with a limit.
    assert.matches("< 0%.00", after("species at the interface", "coated[^\n]*"))
  end)
end)
