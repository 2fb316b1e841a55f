-- Results that are done again from what they tell of themselves: the same numbers, or which are not.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"

local shell = support.shell

local WORKFLOW = [[
local cl = require "corelevel"
cl.workflow { name = "r", inputs = { { "file", "spectra" } } }
local record = cl.load(cl.inputs.file):charge_correct { line = "C 1s", component = "C-C", at = 284.8, missing = "hold" }
record:save "record.nc"
local cobalt = record["Co 2p"]:crop(773, 811)
cobalt:save "cobalt.nc"
local model = cl.model { cl.shirley {}, cl.doublet { "a", position = { 780, 779, 781 }, split = 15, ratio = 0.5, fwhm = 2 },
  cl.peak { "b", position = "a.position + 6", fwhm = 4 } }
local fit = cobalt:fit(model, { share = { "a.fwhm" }, range = { 774, 800 } })
fit:save "fit.nc"
fit:save { "bare.nc", curves = false }
cobalt:smooth { channels = 5 }:subtract(cl.linear {}):save "smoothed.nc"
cobalt:fit(cl.model { cl.linear {}, cl.reference { "r", cobalt:drop { level = { 2, 3 } } } }):save "reference.nc"
]]

describe("corelevel replay", function()
  local folder = support.folder()
  teardown(function() support.remove(folder) end)
  support.write(folder .. "/w.lua", WORKFLOW)
  shell(("cp %s %s/p.vms"):format(support.sample, folder))
  local function replay(words) return shell(("cd %s && %s replay %s"):format(folder, support.command, words)) end
  local code, _, problem = shell(("cd %s && %s run w.lua p.vms --out out"):format(folder, support.command))

  it("does records, spectra and fits again, equal to the bit", function()
    assert.equal(0, code, problem)
    for _, name in ipairs { "record", "cobalt", "fit", "bare", "smoothed" } do
      local ended, out, err = replay("out/" .. name .. ".nc")
      assert.equal(0, ended, err .. out)
      assert.matches("the same: all %d%d%d+ numbers are equal to the bit", out)
    end
  end)

  it("tells which numbers are not the same", function()
    -- One area changed in its sixth digit, in the text that ncdump makes of the file.
    assert.equal(0, (shell(("cd %s/out && ncdump -p 9,17 bare.nc > bare.cdl"):format(folder))))
    local text = support.read(folder .. "/out/bare.cdl")
    local before, digits, after = text:match "^(.-parameter_value =%s+%d+%.%d%d%d)(%d)(.*)$"
    assert.is_truthy(digits)
    support.write(folder .. "/out/other.cdl", before .. (digits == "9" and "8" or digits + 1) .. after)
    assert.equal(0, (shell(("cd %s/out && ncgen -4 -o other.nc other.cdl"):format(folder))))
    local ended, out = replay "out/other.nc"
    assert.equal(1, ended, out)
    assert.matches("not the same: %d+ of %d+ numbers differ, most in Co 2p/fit/parameter_value", out)
    ended, out = replay "out/other.nc --tolerance 0.01"
    assert.equal(0, ended, out)
    assert.matches("the same within the tolerance", out)
  end)

  it("keeps the origin of what is loaded again and gone on with", function()
    support.write(folder .. "/on.lua", [[
      local cl = require "corelevel"
      cl.workflow { name = "on", inputs = { { "file", "result" } } }
      cl.load(cl.inputs.file):crop(775, 790):save "on.nc"
    ]])
    assert.equal(0, (shell(("cd %s && %s run on.lua out/cobalt.nc --out out"):format(folder, support.command))))
    local ended, out, err = replay "out/on.nc"
    assert.equal(0, ended, out .. err)
    assert.matches("made again from p%.vms, 3 lines", out)
  end)

  it("says what it lacks", function()
    local ended, _, err = replay "out/reference.nc"
    assert.equal(3, ended)
    assert.matches("fit was given an object that the history does not tell how to make", err)
    ended, _, err = replay "p.vms"
    assert.equal(3, ended)
    assert.matches("does not say which file it was made from", err)
    shell(("cd %s && mkdir far && mv p.vms far/ && cp %s/licoo2_pristine.vms p.vms"):format(folder, support.samples))
    ended, _, err = replay "out/fit.nc"
    assert.equal(3, ended)
    assert.matches("it is not the p%.vms that out/fit%.nc was made from", err)
    shell(("rm %s/p.vms"):format(folder))
    ended, _, err = replay "out/fit.nc"
    assert.equal(3, ended)
    assert.matches("%-%-inputs DIR", err)
    assert.equal(0, (replay "out/fit.nc --inputs far"))
    assert.equal(2, (replay ""))
    assert.equal(3, (replay "nosuch.nc"))
  end)
end)
