-- What a workflow declares: inputs and options from the command line, help, and sentences for everything misspelt.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"

local DECLARED = [[
local cl = require "corelevel"
cl.workflow {
  name = "Trial",
  inputs = { { "profile", "a profile" }, { "low_loss", "its low loss", optional = true } },
  options = {
    emin = { 773.0, unit = "eV", doc = "low end" }, deep_fit = { false }, label = { "x" }, range = { { 1, 2 } },
  },
}
print(cl.inputs.profile, cl.inputs.low_loss, cl.options.emin, cl.options.deep_fit, cl.options.label,
  table.concat(cl.options.range, "|"))
]]

local function output(...)
  local code, out, err = support.workflow(DECLARED, ...)
  assert.same({ 0, "" }, { code, err })
  return out
end

local function usage(...)
  local code, out, err = support.workflow(DECLARED, ...)
  assert.same({ 2, "" }, { code, out })
  return err
end

describe("inputs and options", function()
  it("come by place, by name and from presets", function()
    assert.equal("a.vms\tnil\t773.0\tfalse\tx\t1|2\n", output "a.vms")
    assert.equal("a.vms\tb.vms\t773.0\tfalse\tx\t1|2\n", output("a.vms", "b.vms"))
    assert.equal("a.vms\tb.vms\t770\tfalse\tx\t1|2\n", output("--low-loss", "b.vms", "--emin", "770", "a.vms"))
    assert.equal("a.vms\tnil\t-7.5\ttrue\ty z\t3|4.5\n",
      output("--deep-fit", "--emin=-7.5", "--label", "y z", "--range", "3,4.5", "--profile=a.vms"))
  end)

  it("are words after --", function()
    assert.equal("--emin\tnil\t773.0\tfalse\tx\t1|2\n", output("--", "--emin"))
  end)

  it("that are wrong are exit code 2 with a sentence", function()
    assert.matches("the input 'profile' is missing: a profile", usage())
    assert.matches("'c' is one input too many: the workflow takes 2", usage("a", "b", "c"))
    assert.matches("no option %-%-emn; did you mean %-%-emin%?", usage("a", "--emn", "3"))
    assert.matches("%-%-emin needs a number, not 'low'", usage("a", "--emin", "low"))
    assert.matches("%-%-deep%-fit is true or false, not 'perhaps'", usage("a", "--deep-fit=perhaps"))
    assert.matches("%-%-range needs numbers with commas between", usage("a", "--range", "3;4"))
    assert.matches("%-%-label needs a value", (select(3, support.shell(
      ("cd $(mktemp -d) && cat > w.lua <<'end'\n%s\nend\n%s run w.lua a --label"):format(DECLARED, support.command)))))
  end)

  it("are told by --help, an example first, and nothing runs", function()
    local code, out, err = support.workflow(DECLARED .. 'error "ran"', "--help")
    assert.same({ 0, "" }, { code, err })
    assert.matches("^Trial\n  corelevel run .*w%.lua PROFILE %-%-out results/\n", out)
    assert.matches("%-%-low%-loss FILE +its low loss %(optional%)", out)
    assert.matches("%-%-emin 773 +low end %[eV%]", out)
  end)

  it("are told by --help where none are declared", function()
    local code, out = support.workflow('local cl = require "corelevel" cl.load "nosuch.vms"', "--help")
    assert.equal(0, code)
    assert.matches("declares no inputs", out)
  end)
end)

describe("a declaration", function()
  local WRONG = {
    ["there is no 'input'; did you mean 'inputs'"] = "input = {}",
    ["input 1: there is no 'optinal'; did you mean 'optional'"] = 'inputs = { { "a", "b", optinal = true } }',
    ["inputs: a name of letters, digits and _ is needed, not '1a'"] = 'inputs = { { "1a" } }',
    ["'a' is declared twice"] = 'inputs = { { "a" } }, options = { a = { 1 } }',
    ["'out' is an option of the command itself"] = "options = { out = { 1 } }",
    ["option 'a': there is no 'units'; did you mean 'unit'"] = 'options = { a = { 1, units = "eV" } }',
    ["option 'a': a function cannot be a preset"] = "options = { a = { print } }",
    ["live: take is"] = 'live = { take = "all" }',
    ["live: every is a number"] = 'live = { every = "s" }',
  }
  for sentence, text in pairs(WRONG) do
    it("is told: " .. sentence, function()
      local code, _, err = support.workflow(('local cl = require "corelevel"\n\ncl.workflow { %s }'):format(text))
      assert.equal(5, code)
      assert.truthy(err:find("w.lua:3: workflow: ", 1, true), err)
      assert.truthy(err:find(sentence, 1, true), err)
    end)
  end

  it("is needed before cl.inputs, whose names are checked", function()
    local _, _, err = support.workflow 'local cl = require "corelevel"\nprint(cl.inputs.a)'
    assert.matches("w%.lua:2: cl%.inputs is there after cl%.workflow", err)
    _, _, err = support.workflow(DECLARED .. "print(cl.inputs.profil)", "a")
    assert.matches("declares no input 'profil'; did you mean 'profile'%?", err)
    _, _, err = support.workflow(DECLARED .. "cl.options.emin = 3", "a")
    assert.matches("cl%.options%.emin cannot be set", err)
  end)
end)

describe("exit codes", function()
  it("of a workflow that is wrong, its file and its line", function()
    local code, _, err = support.workflow "local x =\n\n= 3"
    assert.equal(5, code)
    assert.matches("w%.lua:3: unexpected symbol", err)
    code, _, err = support.workflow "\nerror 'mine'"
    assert.equal(5, code)
    assert.matches("w%.lua:2: mine", err)
    code, _, err = support.workflow "error { what = 'a table' }"
    assert.equal(5, code)
    assert.matches("table", err)
  end)

  it("of an input that is not there or not readable", function()
    local code, _, err = support.workflow 'local cl = require "corelevel"\ncl.load "nosuch.vms"'
    assert.equal(3, code)
    assert.matches("w%.lua:2: nosuch%.vms: there is no such file", err)
    local folder = support.folder()
    support.write(folder .. "/x.vms", "VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4\nx\n")
    code = support.workflow(('require("corelevel").load "%s/x.vms"'):format(folder))
    support.remove(folder)
    assert.equal(3, code)
  end)

  it("of a failure that the workflow handles is 0", function()
    local code, out = support.workflow 'print((pcall(require("corelevel").load, "nosuch.vms")))'
    assert.same({ 0, "false\n" }, { code, out })
  end)

  it("of a failed read that is raised again", function()
    local code = support.workflow [[
      local fine, problem = pcall(require("corelevel").load, "nosuch.vms")
      error(problem, 0)]]
    assert.equal(3, code)
  end)

  it("of a workflow that is not there", function()
    assert.equal(2, (support.corelevel("run", "nosuch.lua")))
    assert.equal(2, (support.corelevel "run"))
  end)

  it("of a standard output that is full", function()
    local code, _, err = support.shell(support.command .. " --help > /dev/full")
    assert.equal(4, code)
    assert.matches("output could not be written", err)
  end)
end)
