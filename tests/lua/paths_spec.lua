-- Where a workflow writes: below --out, in folders made as needed, and nowhere else unless it is trusted.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"

-- Runs a workflow that notes a text by the specs' plugin; gives exit code, message and the folder it ran in.
local function run(call, ...)
  local folder = support.folder()
  local path = support.write(folder .. "/w.lua", ([[
    local cl = require "corelevel"
    local co = cl.load "%s"["Co 2p"]
    print(co:%s == co)]]):format(support.sample, call:gsub("FOLDER", folder)))
  local words = {}
  for i, word in ipairs { ... } do words[i] = word:gsub("FOLDER", folder) end
  local code, out, err = support.shell(("cd %s && %s run %s %s"):format(folder, support.command, path,
    table.concat(words, " ")))
  return code, out .. err, folder
end

local function written(file, call, ...)
  local code, said, folder = run(call, ...)
  local text = support.read(folder .. "/" .. file)
  support.remove(folder)
  assert.same({ 0, "true\n", "noted" }, { code, said, text })
end

local function refused(expected_code, sentence, call, ...)
  local code, said, folder = run(call, ...)
  support.remove(folder)
  assert.equal(expected_code, code)
  assert.matches("w%.lua:3: ", said)
  assert.matches(sentence, said)
end

describe("a save", function()
  it("goes below --out, by place or by name, and its object chains", function()
    written("results/a.txt", 'note "a.txt"', "--out", "results")
    written("results/a.txt", 'note { path = "a.txt" }', "--out", "results/")
    written("results/deep/er/a.txt", 'note { "deep/er/a.txt" }', "--out", "FOLDER/results")
    written("a.txt", 'note "a.txt"')
    written("a.txt", 'note "./..a/../..b.txt":note "a.txt"', "--trust")
  end)

  it("does not leave --out", function()
    refused(5, "leads out of the output folder.*%-%-trust", 'note "../a.txt"', "--out", "results")
    refused(5, "leads out of the output folder", 'note "x/../../a.txt"', "--out", "results")
    refused(5, "leads out of the output folder", 'note ".."', "--out", "results")
    refused(5, "absolute path.*%-%-trust", 'note "FOLDER/a.txt"', "--out", "results")
    refused(5, "a path to write to is empty", 'note ""', "--out", "results")
  end)

  it("leaves it when the workflow is trusted", function()
    written("a.txt", 'note "../a.txt"', "--out", "results", "--trust")
    written("a.txt", 'note "FOLDER/a.txt"', "--out", "results", "--trust")
  end)

  it("that cannot be written is exit code 4", function()
    refused(4, "folder cannot be made: Not a directory", 'note "w.lua/a.txt"')
    refused(4, "cannot be written: No space left", 'note "/dev/full"', "--trust")
  end)

  it("that failed and was handled leaves the exit code to what ended the run", function()
    local code, _, folder = run 'note(select(2, pcall(co.note, co, "w.lua/a.txt")) and "a.txt") error "mine"'
    support.remove(folder)
    assert.equal(5, code)
  end)
end)

describe("an operation that takes too long", function()
  it("ends with the time limit", function()
    local code, said, folder = run("linger()", "--time-limit", "0.1")
    support.remove(folder)
    assert.equal(6, code)
    assert.matches("time limit was hit within an operation", said)
  end)

  it("ends with an interrupt", function()
    local folder = support.folder()
    support.write(folder .. "/w.lua", ([[
      local co = require("corelevel").load "%s"["Co 2p"]
      print "begun" co:linger()]]):format(support.sample))
    local code, out = support.shell(([[%s run %s/w.lua > %s/log & job=$!
      while ! grep -q begun %s/log; do sleep 0.02; done
      kill -INT $job; wait $job; echo $?]]):format(support.command, folder, folder, folder))
    support.remove(folder)
    assert.same({ 0, "130\n" }, { code, out })
  end)
end)
