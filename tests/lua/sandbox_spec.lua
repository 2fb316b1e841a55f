-- A workflow has no files, no system and no bytecode, and its limits hold however it protects its calls.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"

local function prints(text, expected)
  local code, out, err = support.workflow(text)
  assert.same({ 0, expected .. "\n", "" }, { code, out, err })
end

describe("the sandbox", function()
  it("has no io, debug, package, dofile, loadfile", function()
    prints("print(io, debug, package, dofile, loadfile)", "nil\tnil\tnil\tnil\tnil")
  end)

  it("has nothing of os that reaches the system or the clock", function()
    prints("print(os.execute, os.getenv, os.remove, os.time, os.clock, os.date, os.exit)",
      "nil\tnil\tnil\tnil\tnil\tnil\tnil")
  end)

  it("says what to use instead of io", function()
    local code, _, err = support.workflow 'io.open("/etc/passwd")'
    assert.equal(5, code)
    assert.matches("w%.lua:1: .*global 'io'.*cl%.load", err)
  end)

  it("compiles text only", function()
    local bytecode = string.dump(function() return 1 end)
    local code, _, err = support.workflow(bytecode)
    assert.equal(5, code)
    assert.matches("binary chunk", err)
    prints('print(load("\\27Lua", "x", "b"))', "nil\tattempt to load a binary chunk (mode is 't')")
    prints("print(string.dump)", "nil")
    prints('print(load("return 6 * 7")())', "42")
  end)

  it("requires only the comfort and Lua files beside the workflow", function()
    local folder = support.folder()
    support.write(folder .. "/beside.lua", "return { answer = 42 }")
    support.write(folder .. "/w.lua", 'print(require("beside").answer, pcall(require, "../beside"))')
    local code, out = support.corelevel("run", folder .. "/w.lua")
    support.remove(folder)
    assert.equal(0, code)
    assert.matches('^42\tfalse\t.*there is no "%.%./beside"', out)
    for _, name in ipairs { "lfs", "socket.core", "corelevel.sandbox.x", "/etc/passwd" } do
      assert.equal(5, (support.workflow(('require "%s"'):format(name))), name)
    end
  end)

  it("writes below its folder, whatever it asks of the module's inside", function()
    prints('local core = require "corelevel.core" print(core.set_out, core.host.modules["sandbox.lua"])', "nil\tnil")
  end)

  it("refuses finalizers, which no limit reaches", function()
    local code, _, err = support.workflow "setmetatable({}, { __gc = function() while true do end end })"
    assert.equal(5, code)
    assert.matches("w%.lua:1: .*__gc", err)
  end)

  it("refuses patterns that may take for ever", function()
    local code, _, err = support.workflow '(("a"):rep(1000)):find(".-.-.-.-b")'
    assert.equal(5, code)
    assert.matches("w%.lua:1: .*pattern may take too long", err)
  end)

  it("goes through tables in the same order and draws the same random numbers every time", function()
    local text = [[
      local t = {}
      for i = 1, 40 do t["key" .. i] = i end
      for key in pairs(t) do io_ = (io_ or "") .. key end
      print(io_, math.random(1e9), math.random())]]
    local _, first = support.workflow(text)
    local _, second = support.workflow(text)
    assert.matches("^key1key10key11", first)
    assert.equal(first, second)
    local _, other = support.workflow(text .. " ")
    assert.not_equal(first:match "\t.*", other:match "\t.*")
  end)

  it("goes through proxies, false values and changed tables as Lua does", function()
    prints([[
      local t = setmetatable({ b = false, a = 1, "x" }, { __index = function() error "asked" end })
      local keys = {}
      for k, v in pairs(t) do keys[#keys + 1] = tostring(k) .. "=" .. tostring(v); t[k] = nil end
      print(table.concat(keys, " "), next(t))]], "1=x a=1 b=false\tnil")
  end)
end)

describe("a limit", function()
  local LOOPS = {
    plain = "while true do end",
    protected = "while true do pcall(function() while true do end end) end",
    handled = "while true do xpcall(function() while true do end end, function() end) end",
    coroutine = "while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
    wrapped = "while true do pcall(coroutine.wrap(function() while true do end end)) end",
    closing = [[
      while true do pcall(function()
        local x <close> = setmetatable({}, { __close = function() while true do end end })
        while true do end
      end) end]],
  }
  for name, text in pairs(LOOPS) do
    it("of time ends a " .. name .. " loop", function()
      local code, _, err = support.workflow(text, "--time-limit", "0.2")
      assert.equal(6, code)
      assert.matches("time limit of 0%.2 s", err)
    end)
  end

  it("of memory is exit code 6", function()
    local code, _, err = support.workflow('local t = {} while true do t[#t + 1] = ("x"):rep(1e5) .. #t end',
      "--memory-limit", "20")
    assert.equal(6, code)
    assert.matches("memory limit", err)
  end)

  it("that is not reached changes nothing", function()
    local code, out = support.workflow("print(1)", "--time-limit", "100", "--memory-limit", "50")
    assert.same({ 0, "1\n" }, { code, out })
  end)
end)

describe("an interrupt", function()
  it("is exit code 130", function()
    local folder = support.folder()
    support.write(folder .. "/w.lua", 'print "begun" while true do pcall(function() while true do end end) end')
    local code, out = support.shell(([[%s run %s/w.lua > %s/log & job=$!
      while ! grep -q begun %s/log; do sleep 0.02; done
      kill -INT $job; wait $job; echo $?]]):format(support.command, folder, folder, folder))
    support.remove(folder)
    assert.same({ 0, "130\n" }, { code, out })
  end)
end)
