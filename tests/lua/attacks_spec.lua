-- Workflows from elsewhere that mean harm: each is stopped in time, keeps within its memory, and leaves nothing where it should not.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"
local system = require "system"

local LIMIT = 0.3 -- s

-- Ends by the time limit, within a fifth of it beside the start of the process.
local ENDLESS = {
  "while true do end",
  "repeat until false",
  "for i = 1, math.huge do end",
  "::a:: goto a",
  "local function f() return f() end f()",
  "while true do pcall(error) end",
  "while true do pcall(function() while true do end end) end",
  "local function f() pcall(f) end while true do f() end",
  "while true do xpcall(error, function() while true do end end) end",
  "while true do xpcall(function() error(setmetatable({}, { __tostring = function() while true do end end })) end, tostring) end",
  "local function f() while true do coroutine.yield() end end local c = coroutine.wrap(f) while true do c() end",
  "while true do coroutine.wrap(function() while true do end end)() end",
  "local function f() coroutine.wrap(f)() end while true do pcall(f) end",
  "while true do local c = coroutine.create(function() while true do end end) coroutine.resume(c) coroutine.close(c) end",
  "local t = setmetatable({}, { __index = function(t, k) while true do end end }) print(t.x)",
  "local t = setmetatable({}, { __newindex = function(t, k, v) while true do end end }) t.x = 1",
  "local t = setmetatable({}, { __eq = function() while true do end end }) print(t == setmetatable({}, getmetatable(t)))",
  "local t = setmetatable({}, { __lt = function() while true do end end }) print(t < t)",
  "local t = setmetatable({}, { __len = function() while true do end end }) print(#t)",
  "local t = setmetatable({}, { __concat = function() while true do end end }) print(t .. t)",
  "local t = setmetatable({}, { __call = function() while true do end end }) t()",
  "local t = setmetatable({}, { __tostring = function() while true do end end }) print(t)",
  "local t = setmetatable({}, { __pairs = function() while true do end end }) for _ in pairs(t) do end",
  "local t = setmetatable({}, { __close = function() while true do end end }) do local x <close> = t end",
  "local t = {} for i = 1, 1e4 do t[i] = i % 7 end while true do table.sort(t, function(a, b) return a < b end) end",
  "table.sort({ 3, 2, 1 }, function() while true do end end)",
  "string.gsub(('a'):rep(10), 'a', function() while true do end end)",
  "for _ in string.gmatch(('a'):rep(100), 'a') do while true do end end",
  "while true do load('return 1')() end",
  "load('while true do end')()",
  "load(function() while true do end end)",
  "local cl = require 'corelevel' while true do pcall(cl.load, 'nosuch.vms') end",
  "local cl = require 'corelevel' while true do pcall(cl.peak, { 'a', position = 3 }) end",
  "while true do math.random() end",
  "while true do collectgarbage() end",
  "while true do ('x'):rep(100) end",
  "while true do select('#', table.unpack({}, 1, 100)) end",
  "while true do utf8.len('äöü') end",
}

-- Ends by the memory limit of 16 MiB, or by Lua's own bounds.
local HUNGRY = {
  "local t = {} while true do t[#t + 1] = {} end",
  "local s = 'x' while true do s = s .. s end",
  "local s = ('x'):rep(1e9)",
  "local s = ('x'):rep(1 << 62)",
  "local t = {} for i = 1, math.huge do t[i] = ('x'):rep(1000) .. i end",
  "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end",
  "local function f() local a, b, c, d return 1 + f() end f()",
  "local t = table.pack(table.unpack({}, 1, 1e7))",
  "local s = table.concat(setmetatable({}, { __index = function() return ('x'):rep(1e6) end }), '', 1, 1e6)",
  "local s = string.format('%99.99f', 1):rep(1e7)",
  "local f = assert(load(('x = {' .. ('{'):rep(1e5))))",
  "string.rep('a', 1e8, ',')",
  "local s = '' for i = 1, math.huge do s = s .. ('%d'):format(i):rep(1000) end",
}

-- What a workflow has no way to: an error, or nil where it looks.
local REFUSED = {
  "io.open('/etc/passwd')",
  "os.execute 'touch stolen'",
  "os.remove '/tmp/x'",
  "debug.sethook()",
  "debug.getregistry()",
  "package.loadlib('/lib/x86_64-linux-gnu/libc.so.6', 'system')",
  "require 'os'.execute 'touch stolen'",
  "require 'io'",
  "require 'debug'",
  "require 'package'",
  "require '../../etc/passwd'",
  "dofile '/etc/passwd'",
  "loadfile '/etc/passwd'()",
  "load('\\27Lua')()",
  "string.dump(print)()",
  "getmetatable('').__index.rep = nil ('x').nosuch()",
  "setmetatable({}, { __gc = print })",
  "collectgarbage 'stop'",
  "collectgarbage('setpause', 1e9)",
  "(('a'):rep(10000)):find '.-.-.-.-b'",
  "(('a'):rep(10000)):match '(.*)(.*)(.*)(.*)b'",
  "(('a'):rep(10000)):gsub('.-.-.-.-b', '')",
  "local cl = require 'corelevel' cl.load('/dev/zero')",
  "local cl = require 'corelevel' cl.load('/')",
  "local cl = require 'corelevel' cl.load(('x'):rep(1e5))",
  "local cl = require 'corelevel' cl.load 'SAMPLE':save '/tmp/stolen.nc'",
  "local cl = require 'corelevel' cl.load 'SAMPLE':save '../stolen.nc'",
  "local cl = require 'corelevel' cl.load 'SAMPLE':save 'a/../../stolen.nc'",
  "local cl = require 'corelevel' cl.load 'SAMPLE':plot '../stolen.svg'",
  "local cl = require 'corelevel' cl.report('../stolen.html', { cl.load 'SAMPLE' })",
  "local cl = require 'corelevel' cl.library '../../etc/passwd'",
  "local cl = require 'corelevel' cl.load(cl.library 'eels/../../x')",
  "local cl = require 'corelevel' cl.new_function = print",
  "local cl = require 'corelevel' getmetatable(cl).__index = nil cl.nosuch()",
  "local core = require 'corelevel.core' core.set_out '/tmp'",
  "local cl = require 'corelevel' local r = cl.load 'SAMPLE' r.x = 1",
  "local cl = require 'corelevel' local r = cl.load 'SAMPLE' debug.setmetatable(r, {})",
  "local cl = require 'corelevel' getmetatable(cl.load 'SAMPLE').__gc()",
  "local cl = require 'corelevel' cl.model(setmetatable({}, { __index = function() return cl end }))",
  "local t = {} t[1] = t local cl = require 'corelevel' cl.model(t)",
  "print(({ pcall(require('corelevel').load) })[2]) error 'end'",
  "error(setmetatable({}, { __tostring = function() return nil end }))",
  "error()",
}

local function attack(text, ...)
  local folder = support.folder()
  support.write(folder .. "/w.lua", (text:gsub("SAMPLE", support.sample)))
  local begun = system.gettime()
  local code, out, err = support.corelevel("run", folder .. "/w.lua", "--out", folder .. "/out", ...)
  local spent = system.gettime() - begun
  local _, left = support.shell(("ls %s %s/.. | grep -c stolen"):format(folder, folder))
  support.remove(folder)
  assert.equal("0\n", left, text)
  return code, err, spent, out
end

describe("workflows that mean harm", function()
  it("end by the time limit when they do not end", function()
    for _, text in ipairs(ENDLESS) do
      local code, err, spent = attack(text, "--time-limit", tostring(LIMIT))
      assert.equal(6, code, text .. "\n" .. err)
      assert.matches("time limit", err, text)
      assert.is_true(spent < 1.2 * LIMIT + 0.3, ("%s took %.2f s"):format(text, spent)) -- 0.3 s to start on a busy machine
    end
  end)

  it("end by the memory limit when they only grow", function()
    for _, text in ipairs(HUNGRY) do
      local code, err = attack(text, "--memory-limit", "16", "--time-limit", "20")
      assert.is_true(code == 6 or code == 5, text .. "\n" .. code .. err)
      assert.matches("%a", err)
    end
  end)

  it("are refused what they have no way to, with a sentence, and leave nothing", function()
    for _, text in ipairs(REFUSED) do
      local code, err = attack(text, "--time-limit", "20", "--memory-limit", "64")
      assert.is_true(code == 3 or code == 5, text .. "\n" .. code .. err)
      assert.matches("corelevel: .....", err, text)
    end
  end)

  it("are " .. #ENDLESS + #HUNGRY + #REFUSED .. " in all", function()
    assert.is_true(#ENDLESS + #HUNGRY + #REFUSED > 50)
  end)
end)
