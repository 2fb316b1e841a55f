-- Batches: good and bad inputs mixed, killed and resumed, sharded and merged; every comparison is to the byte.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"

local shell = support.shell

-- Each item: a table of one row and a text that it prints; a file that says so makes the workflow fail in another way.
local WORKFLOW = [[
local cl = require "corelevel"
cl.workflow { name = "b", inputs = { { "file", "spectra" } },
  options = { low = { 773.0, doc = "low end" }, spin = { false, doc = "never ends" } } }
if cl.options.spin then while true do end end
local fit = cl.load(cl.inputs.file)["Co 2p"]:crop(cl.options.low, 811):fit(cl.model { cl.linear {},
  cl.peak { "a", position = 780, fwhm = 2 }, cl.peak { "b", position = 786, fwhm = 4 } })
print(fit)
fit:save "co2p.csv"
fit:fractions { "a", "b" }:save "fractions.csv"
]]

-- Lists every file below a folder with its hash, so that two folders can be compared; journals apart where told.
local function content(folder, without_journals)
  local code, out = shell(("cd %s && find . -type f %s | LC_ALL=C sort | xargs -d '\\n' sha256sum"):format(folder,
    without_journals and "! -name 'journal*'" or ""))
  assert.equal(0, code)
  return out
end

local function lines(text)
  local list = {}
  for line in text:gmatch "[^\r\n]+" do list[#list + 1] = line end
  return list
end

-- Twelve items: two samples again and again under other names, one that is no spectra, one that is cut short.
-- A whole run of them is what the others are compared with.
local folder, batch

local function prepare()
  folder = support.folder()
  support.write(folder .. "/w.lua", WORKFLOW)
  shell("mkdir " .. folder .. "/in")
  for i = 1, 10 do
    local sample = i % 2 == 0 and "licoo2_reduced" or "licoo2_pristine"
    shell(("cp %s/%s.vms %s/in/p%02d.vms"):format(support.samples, sample, folder, i))
  end
  support.write(folder .. "/in/none.vms", "this is no VAMAS file\n")
  support.write(folder .. "/in/short.vms", support.read(support.sample):sub(1, 20000))
  batch = ("cd %s && %s batch w.lua"):format(folder, support.command)
  assert.equal(1, (shell(batch .. " in/*.vms --out whole --jobs 1")))
end

local function clean() support.remove(folder) end

-- The numbers of the summary as arrays: twelve inputs on the three depths that they share, NaN for the two that failed.
local function check_arrays()
  local summary = lines(support.read(folder .. "/whole/summary.csv"))
  local _, text = shell(("ncdump -p 9,17 %s/whole/batch.nc"):format(folder))
  assert.matches("input = 12 ;", text)
  assert.matches("group: fractions {\n  dimensions:\n  \tdepth = 3 ;", text)
  assert.matches('\n   depth = 0, 15, 30 ;', text)
  local values = {}
  for field in text:match("\n   a =\n(.-);"):gmatch "[^,%s]+" do values[#values + 1] = tonumber(field) or 0 / 0 end
  assert.equal(12 * 3, #values)
  local failed = 0
  for i = 1, 12 * 3 do failed = failed + (values[i] ~= values[i] and 1 or 0) end
  assert.equal(2 * 3, failed)
  local row = 1
  for i = 1, 12 * 3 do -- the inputs in their order: those that failed come first ("none") and last ("short")
    if values[i] == values[i] then
      row = row + 1
      assert.equal(tonumber(summary[row]:match "^[^,]*,[^,]*,[^,]*,([^,]*)"), values[i])
    end
  end
end

describe("corelevel batch", function()
  setup(prepare)
  teardown(clean)

  it("leaves a folder for each input, a summary and the failures with where and why", function()
    local summary = lines(support.read(folder .. "/whole/summary.csv"))
    assert.equal("input,depth [nm SiO2 equiv.],etch_time [s],a,a_error,b,b_error,status", summary[1])
    assert.equal(1 + 10 * 3, #summary) -- ten profiles of three levels
    local own = lines(support.read(folder .. "/whole/p03/fractions.csv"))
    assert.equal("p03.vms," .. own[2], summary[1 + 2 * 3 + 1])
    local failures = lines(support.read(folder .. "/whole/failures.csv"))
    assert.equal(3, #failures)
    assert.equal("input,where,why", failures[1])
    assert.matches("^none%.vms,w%.lua:5,.*none%.vms", failures[2])
    assert.matches("^short%.vms,w%.lua:5,.*short%.vms", failures[3])
    assert.is_nil(support.read(folder .. "/whole/none/printed.txt"))
    assert.matches("a", support.read(folder .. "/whole/p01/printed.txt"))
  end)

  it("leaves the same numbers as arrays on common axes", check_arrays)

  it("gives the same bytes for two jobs, full durability and a table of inputs", function()
    local rows = { "file,low" }
    for _, name in ipairs(lines(select(2, shell("cd " .. folder .. " && ls in")))) do rows[#rows + 1] = "in/" .. name .. "," end
    support.write(folder .. "/inputs.csv", table.concat(rows, "\r\n") .. "\r\n")
    assert.equal(1, (shell(batch .. " in/*.vms --out jobs --jobs 2 --durability full")))
    assert.equal(content(folder .. "/whole"), content(folder .. "/jobs"))
    assert.equal(1, (shell(batch .. " --table inputs.csv --out table")))
    assert.equal(content(folder .. "/whole"), content(folder .. "/table"))
  end)

  it("does nothing anew when it is finished, and refuses what would mix two batches", function()
    local before = content(folder .. "/whole")
    local stamps = "stat -c '%n %Y %i' " .. folder .. "/whole/*/* " .. folder .. "/whole/*.csv"
    local _, times = shell(stamps)
    assert.equal(1, (shell(batch .. " in/*.vms --out whole --resume")))
    assert.equal(times, select(2, shell(stamps)))
    assert.equal(before, content(folder .. "/whole"))
    local code, _, err = shell(batch .. " in/*.vms --out whole")
    assert.equal(2, code)
    assert.matches("%-%-resume", err)
    code, _, err = shell(batch .. " in/*.vms --out whole --resume --low 775")
    assert.equal(2, code)
    assert.matches("options changed", err)
    code, _, err = shell(("cd %s && cp w.lua v.lua && echo >> v.lua && %s batch v.lua in/*.vms --out whole --resume")
      :format(folder, support.command))
    assert.equal(2, code)
    assert.matches("the workflow changed", err)
    code, _, err = shell(batch .. " in/p01.vms --out whole --resume")
    assert.equal(2, code)
    assert.matches("11 items", err)
    assert.equal(before, content(folder .. "/whole"))
  end)

  it("ends the same when it is killed at any moment and resumed", function()
    math.randomseed(20) -- the moments are spread over the time that a whole run takes
    local interrupted = 0
    for trial = 1, 20 do
      local out = ("killed%d"):format(trial)
      local line = ("%s in/*.vms --out %s --resume --jobs %d --durability %s"):format(batch, out, trial % 2 + 1,
        trial % 3 == 0 and "full" or "batch")
      local code = shell(("timeout -s KILL %.3f sh -c '%s'"):format(0.02 + 0.35 * math.random(), line:gsub("'", "'\\''")
        :gsub("&& ", "&& exec ")))
      if code ~= 1 then interrupted = interrupted + 1 end
      assert.equal(1, (shell(line)))
      assert.equal(content(folder .. "/whole"), content(folder .. "/" .. out))
      support.remove(folder .. "/" .. out)
    end
    assert.is_true(interrupted > 3, "only " .. interrupted .. " of 20 runs were killed before their end")
  end)

  it("runs again only what was not finished", function()
    assert.equal(0, (shell(batch .. " in/p01.vms in/p03.vms --out more")))
    local _, times = shell("stat -c '%n %Y %i' " .. folder .. "/more/p01/*")
    assert.equal(1, (shell(batch .. " in/*.vms --out more --resume")))
    assert.equal(times, select(2, shell("stat -c '%n %Y %i' " .. folder .. "/more/p01/*")))
    assert.equal(content(folder .. "/whole", true), content(folder .. "/more", true))
  end)
end)

describe("the items of a batch", function()
  setup(prepare)
  teardown(clean)

  it("tries what failed again when its input has changed", function()
    shell(("cd %s && mkdir two && cp in/p01.vms two/ && cp in/none.vms two/x.vms"):format(folder))
    assert.equal(1, (shell(batch .. " two/*.vms --out repaired")))
    shell(("cp %s/in/p02.vms %s/two/x.vms"):format(folder, folder))
    assert.equal(0, (shell(batch .. " two/*.vms --out repaired --resume")))
    assert.equal("input,where,why\r\n", support.read(folder .. "/repaired/failures.csv"))
    shell(("cp %s/in/p01.vms %s/two/x.vms"):format(folder, folder))
    local code, _, err = shell(batch .. " two/*.vms --out repaired --resume")
    assert.equal(2, code)
    assert.matches("x%.vms: its input or its options changed", err)
  end)

  it("gives the same bytes in shards, one of them killed, in one folder or in several", function()
    for i = 1, 7 do
      local line = ("%s in/*.vms --shard %d/7 --out "):format(batch, i)
      if i == 3 then shell("timeout -s KILL 0.05 sh -c '" .. line:gsub("&& ", "&& exec ") .. "shards --resume'") end
      assert.is_true((shell(line .. "shards --resume")) <= 1)
      assert.is_true((shell(line .. "shard" .. i)) <= 1)
    end
    local code, _, err = support.corelevel("merge", folder .. "/shards")
    assert.same({ 1, "" }, { code, err })
    assert.equal(content(folder .. "/whole", true), content(folder .. "/shards", true))
    code, _, err = shell(("cd %s && %s merge shard1 shard2 shard4 --out merged"):format(folder, support.command))
    assert.equal(3, code)
    assert.matches("not finished", err)
    assert.equal(1, (shell(("cd %s && %s merge shard[1-7] --out merged"):format(folder, support.command))))
    assert.equal(content(folder .. "/whole", true), content(folder .. "/merged", true))
    assert.equal(2, (shell(batch .. " in/*.vms --out x --shard 0/7")))
    assert.equal(2, (shell(batch .. " in/*.vms --out x --shard 8/7")))
    assert.equal(2, (shell(batch .. " in/*.vms --out x --shard slurm")))
    assert.equal(0, (shell("export SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_COUNT=12; "
      .. batch .. " in/*.vms --out slurm --shard slurm")))
    assert.is_truthy(support.read(folder .. "/slurm/journal-5-of-12.sqlite"))
  end)
end)

describe("the workers of a batch", function()
  setup(prepare)
  teardown(clean)

  it("keeps an item that is killed, or that goes on too long, from stopping the rest", function()
    support.write(folder .. "/spin.csv", "file,spin\nin/p01.vms,\nin/p02.vms,true\nin/p03.vms,\n")
    assert.equal(1, (shell(batch .. " --table spin.csv --out late --time-limit 1")))
    local failures = lines(support.read(folder .. "/late/failures.csv"))
    assert.equal(2, #failures)
    assert.matches("^p02%.vms,limit,the time limit of 1 s was hit", failures[2])
    -- The worker of p02 is the one child that lives on; it dies as by a fault in a library.
    local line = batch:gsub("&& ", "&& exec ") .. " --table spin.csv --out crashed --jobs 2"
    local code = shell((("{ sh -c '%s' & batch=$!; until [ -d @/p01 ] && [ -d @/p03 ]; do sleep 0.1; done; sleep 0.3; "
      .. "kill -SEGV $(pgrep -P $batch); wait $batch; }"):format(line):gsub("@", folder .. "/crashed")))
    assert.equal(1, code)
    failures = lines(support.read(folder .. "/crashed/failures.csv"))
    assert.equal(2, #failures)
    assert.matches("^p02%.vms,crash,\"?the worker crashed %(signal 11", failures[2])
    assert.equal(1 + 2 * 3, #lines(support.read(folder .. "/crashed/summary.csv")))
  end)

  it("is interrupted with exit code 130 and goes on", function()
    local line = batch:gsub("&& ", "&& exec ") .. " --table spin.csv --out interrupted --jobs 1 --time-limit 2"
    local code = shell(("{ sh -c '%s' & batch=$!; sleep 0.7; kill -TERM $batch; wait $batch; }"):format(line))
    assert.equal(130, code)
    assert.equal(1, (shell(batch .. " --table spin.csv --out interrupted --resume --time-limit 1")))
    assert.equal(content(folder .. "/late"), content(folder .. "/interrupted"))
  end)

  it("lists its items without doing anything", function()
    local code, out = shell(batch .. " in/*.vms --out nothing --dry-run")
    assert.equal(0, code)
    assert.matches("\np01%.vms +p01 +to do\n", out)
    assert.equal(13, #lines(out))
    assert.equal(0, select(2, (select(2, shell("ls " .. folder))):gsub("nothing", "")))
  end)

  it("tells inputs of one name apart", function()
    shell(("cd %s && mkdir -p a b && cp in/p01.vms a/x.vms && cp in/p02.vms b/x.vms && cp in/p02.vms b/x.vamas")
      :format(folder))
    local _, out = shell(batch .. " a/x.vms b/x.vms b/x.vamas a/x.vms --out names --dry-run")
    assert.matches("a/x%.vms +a_x +to do\nb/x%.vms +b_x +to do\nx%.vamas +x +to do\na/x%.vms %(2%) +a_x%.vms %(2%) +to do",
      out)
  end)

  it("answers wrong usage with exit code 2", function()
    assert.equal(2, (shell(batch .. " in/p01.vms")))
    assert.equal(2, (shell(batch .. " --out x")))
    assert.equal(2, (shell(batch .. " in/p01.vms --out x1 --lwo 775")))
    assert.equal(2, (shell(batch .. " in/p01.vms --out x2 --durability none")))
    assert.equal(2, (shell(batch .. " in/p01.vms --table inputs.csv --out x3")))
    assert.equal(2, (support.corelevel("batch", "nosuch.lua", "x", "--out", folder .. "/x4")))
    assert.equal(3, (shell(batch .. " --table nosuch.csv --out x5")))
  end)
end)

describe("a batch that cannot write", function()
  setup(function()
    folder = support.folder()
    support.write(folder .. "/w.lua", WORKFLOW)
    batch = ("%s batch %s/w.lua %s %s/licoo2_pristine.vms"):format(support.command, folder, support.sample, support.samples)
  end)
  teardown(function()
    shell("umount " .. folder .. "/disk")
    support.remove(folder)
  end)

  it("says so for a folder that is in the way or cannot be made", function()
    support.write(folder .. "/file", "")
    local code, _, err = shell(batch .. " --out " .. folder .. "/file/out")
    assert.equal(4, code)
    assert.matches("cannot be made", err)
  end)

  it("says so for a full disk and for one that is only read, and loses nothing", function()
    local disk = folder .. "/disk"
    if shell(("mkdir %s && mount -t tmpfs -o size=400k tmpfs %s"):format(disk, disk)) ~= 0 then
      print "no small disk can be mounted here (that takes root): full and read-only disks are not tested"
      return
    end
    assert.equal(0, (shell(batch .. " --out " .. folder .. "/whole")))
    shell(("head -c 330k /dev/zero > %s/filler"):format(disk))
    local code, _, err = shell(batch .. " --out " .. disk .. "/out")
    assert.equal(4, code)
    assert.matches("disk", err)
    shell("rm " .. disk .. "/filler && mount -o remount,ro " .. disk)
    code, _, err = shell(batch .. " --out " .. disk .. "/out --resume")
    assert.equal(4, code)
    assert.matches("corelevel: .", err)
    shell("mount -o remount,rw " .. disk)
    assert.equal(0, (shell(batch .. " --out " .. disk .. "/out --resume")))
    assert.equal(content(folder .. "/whole"), content(disk .. "/out"))
  end)
end)
