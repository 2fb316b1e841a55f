-- Shuts a workflow's Lua: no files, no system, no bytecode, no way around the limits; the same results every time.
-- SPDX-License-Identifier: GPL-3.0-or-later
-- luacheck: ignore 121 122 142
local gate = ...

local error, tostring, type, select, next, rawget = error, tostring, type, select, next, rawget
local find, sort, check = string.find, table.sort, gate.check

print = gate.print
dofile, loadfile, warn = nil, nil, nil
os = {}
string.dump = nil

-- Only text is compiled: bytecode can break the interpreter.
local compile = load
function load(chunk, name, _, ...) return compile(chunk, name, "t", ...) end

-- A workflow that was told to stop stops, however it protects its calls.
local function checked(...)
  check()
  return ...
end

local raw_pcall, raw_xpcall = pcall, xpcall
function pcall(...) return checked(raw_pcall(...)) end

-- While the error of a limit is on its way no limit reaches a message handler: then none is called.
function xpcall(f, handler, ...)
  local function guarded(...)
    if not raw_pcall(check) then return (...) end
    return handler(...)
  end
  return checked(raw_xpcall(f, type(handler) == "function" and guarded or handler, ...))
end

local resume, close = coroutine.resume, coroutine.close
function coroutine.resume(...) return checked(resume(...)) end
function coroutine.close(...) return checked(close(...)) end

-- Finalizers run where no limit reaches.
local set = setmetatable
function setmetatable(t, metatable)
  if type(metatable) == "table" and rawget(metatable, "__gc") ~= nil then
    error("a workflow's tables have no __gc", 2)
  end
  return set(t, metatable)
end

local collect = collectgarbage
function collectgarbage(what)
  if what ~= nil and what ~= "collect" and what ~= "count" then
    error(("collectgarbage: %q is not there in a workflow"):format(tostring(what)), 2)
  end
  return collect(what)
end

-- A pattern with q repetitions may try length ^ q places: one that could take minutes is refused.
local MOST_TRIES = 1e10

local function bounded(name)
  local raw = string[name]
  string[name] = function(text, pattern, ...)
    if type(text) == "string" and type(pattern) == "string" and not (name == "find" and select(2, ...) == true) then
      local repeats, at = 0, find(pattern, "[*+-]")
      while at do
        repeats, at = repeats + 1, find(pattern, "[*+-]", at + 1)
      end
      if repeats > 1 and (#text + 1.0) ^ repeats > MOST_TRIES then
        error(("string.%s: this pattern may take too long on a text of %d bytes"):format(name, #text), 2)
      end
    end
    return raw(text, pattern, ...)
  end
end
for _, name in next, { "find", "match", "gmatch", "gsub" } do bounded(name) end

-- The same order of keys and the same random numbers every time.
local RANK = { number = 1, string = 2, boolean = 3 }

local function before(a, b)
  local rank_a, rank_b = RANK[type(a)] or 4, RANK[type(b)] or 4
  if rank_a ~= rank_b then return rank_a < rank_b end
  if rank_a <= 2 then return a < b end
  return rank_a == 3 and not a and b
end

local raw_pairs = pairs
local function sorted_pairs(t)
  local keys, at = {}, 0
  for key in next, t do keys[#keys + 1] = key end
  sort(keys, before)
  return function()
    local key, value
    repeat
      at = at + 1
      key = keys[at]
      if key ~= nil then value = rawget(t, key) end
    until value ~= nil or key == nil
    return key, value
  end, t
end

local getmetatable = getmetatable
function pairs(t)
  local metatable = getmetatable(t)
  if type(t) ~= "table" or (type(metatable) == "table" and rawget(metatable, "__pairs")) then return raw_pairs(t) end
  return sorted_pairs(t)
end

local seed = math.randomseed
seed(gate.seed)
function math.randomseed(...)
  if select("#", ...) == 0 then return seed(gate.seed) end
  return seed(...)
end

-- Modules: the comfort, which came with the program, and Lua files beside the workflow.
local core = gate.core
core.host, core.set_out, gate.modules["sandbox.lua"] = gate, nil, nil

local loaded, loading = { ["corelevel.core"] = core }, {}

local function find_module(name)
  local file = find(name, "^corelevel%.?") and name:gsub("^corelevel%.?", ""):gsub("^$", "init")
  local own = file and gate.modules[file .. ".lua"]
  if own then return own, "=corelevel/" .. name end
  local text, path = gate.read_module(name)
  if text then return text, "@" .. path end
end

function require(name)
  if loaded[name] ~= nil then return loaded[name] end
  if type(name) ~= "string" then error("require: a name is needed", 2) end
  if loading[name] then error(("require: %q requires itself"):format(name), 2) end
  local text, chunk = find_module(name)
  if not text then
    error(("require: there is no %q: a workflow has corelevel and the Lua files beside it"):format(name), 2)
  end
  local made, problem = compile(text, chunk, "t")
  if not made then error(problem, 0) end
  loading[name] = true
  local value = made(name)
  loading[name] = nil
  loaded[name] = value == nil and true or value
  return loaded[name]
end
