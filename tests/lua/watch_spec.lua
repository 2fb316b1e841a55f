-- Watched folders: files that grow, arrive late, change, go away; what is left is compared with a batch to the byte.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"

local shell = support.shell

local WORKFLOW = [[
local cl = require "corelevel"
cl.workflow { name = "w", inputs = { { "file", "spectra" } } }
local fit = cl.load(cl.inputs.file)["Co 2p"]:crop(773, 811):fit(cl.model { cl.linear {},
  cl.peak { "a", position = 780, fwhm = 2 }, cl.peak { "b", position = 786, fwhm = 4 } })
fit:save "co2p.csv"
fit:fractions { "a", "b" }:save "fractions.csv"
]]

describe("corelevel watch", function()
  local folder = support.folder()
  teardown(function() support.remove(folder) end)
  support.write(folder .. "/w.lua", WORKFLOW)
  shell("mkdir " .. folder .. "/in " .. folder .. "/made")
  for name, sample in pairs { a = "licoo2_reduced", b = "licoo2_pristine", c = "licoo2_reduced" } do
    shell(("cp %s/%s.vms %s/made/%s.vms"):format(support.samples, sample, folder, name))
  end
  local watch = ("cd %s && exec %s watch w.lua in/ --match '*.vms' --settle 0.6 --jobs 2"):format(folder, support.command)

  local function same_as_batch(item)
    local code, out = shell(("cd %s && diff -r out/%s whole/%s"):format(folder, item, item))
    assert.same({ 0, "" }, { code, out })
  end

  it("reduces each file when it is whole, whatever else lies there", function()
    support.write(folder .. "/in/notes.txt", "no spectra")
    support.write(folder .. "/in/.hidden.vms", "no spectra")
    support.write(folder .. "/feed.sh", ([[
      cd %s
      cp made/a.vms in/
      head -c 20000 made/b.vms > in/b.vms; sleep 0.4; tail -c +20001 made/b.vms | head -c 5000 >> in/b.vms; sleep 0.4
      tail -c +25001 made/b.vms >> in/b.vms
      mkdir in/late; sleep 1; cp made/c.vms in/late/c.vms; echo none > in/none.vms
    ]]):format(folder))
    local code, _, err = shell(("sh %s/feed.sh & %s --out in/out --idle 4"):format(folder, watch))
    assert.equal(1, code, err)
    shell(("mv %s/in/out %s/out"):format(folder, folder))
    assert.equal(0, (shell(("cd %s && %s batch w.lua made/*.vms --out whole"):format(folder, support.command))))
    same_as_batch "a"
    same_as_batch "b"
    assert.equal(support.read(folder .. "/whole/c/fractions.csv"), support.read(folder .. "/out/late_c/fractions.csv"))
    local summary = support.read(folder .. "/out/summary.csv")
    assert.matches("\na%.vms,.*\nb%.vms,.*\nlate/c%.vms,", summary) -- in the order in which they became whole
    local _, rows = summary:gsub("\n", "")
    assert.equal(1 + 3 * 3, rows)
    assert.matches("^input,where,why\r\nnone%.vms,w%.lua:3,[^\n]*\n$", support.read(folder .. "/out/failures.csv"))
  end)

  it("goes on where it was stopped: new and changed files are done, what is gone keeps its results", function()
    local stamp = ("stat -c '%%n %%Y %%i' %s/out/b/*"):format(folder)
    local _, before = shell(stamp)
    shell(("cd %s && rm in/late/c.vms && cp made/b.vms in/a.vms && cp made/a.vms in/none.vms && cp made/c.vms in/0.vms")
      :format(folder))
    local code, _, err = shell(watch .. " --out out --idle 2")
    assert.equal(0, code, err)
    assert.equal(before, select(2, shell(stamp)))
    assert.equal(support.read(folder .. "/whole/b/fractions.csv"), support.read(folder .. "/out/a/fractions.csv"))
    assert.equal(support.read(folder .. "/whole/a/fractions.csv"), support.read(folder .. "/out/none/fractions.csv"))
    assert.matches("\na%.vms,.*\nlate/c%.vms,.*\n0%.vms,", support.read(folder .. "/out/summary.csv"))
    assert.equal("input,where,why\r\n", support.read(folder .. "/out/failures.csv"))
  end)

  it("stops when it is told to", function()
    local code = shell(("{ sh -c '%s' & w=$!; sleep 1.5; kill -INT $w; wait $w; }"):format(
      (watch .. " --out stopped"):gsub("'", "'\\''")))
    assert.equal(130, code)
    assert.equal("input,where,why\r\n", support.read(folder .. "/stopped/failures.csv"))
  end)

  it("answers wrong usage with exit code 2, a folder that is not there with 3", function()
    assert.equal(2, (shell(watch)))
    assert.equal(2, (shell(watch .. " --out x --shard 1/2")))
    assert.equal(2, (support.corelevel("watch", folder .. "/w.lua", "--out", folder .. "/x")))
    assert.equal(3, (support.corelevel("watch", folder .. "/w.lua", folder .. "/nosuch", "--out", folder .. "/x")))
  end)
end)
