-- Makes the sample spectra from a seed: lua5.4 spectra/generate.lua --seed N --out DIR [--only NAME]
-- SPDX-License-Identifier: GPL-3.0-or-later

package.path = (arg[0]:match "^(.*)/[^/]*$" or ".") .. "/?.lua;" .. package.path

local experiment = require "generator.experiment"
local json = require "generator.json"
local licoo2 = require "generator.licoo2"
local sulfide = require "generator.sulfide"
local vamas = require "generator.vamas"

local SAMPLES = {
  { name = "licoo2_pristine", plan = licoo2.pristine },
  { name = "licoo2_reduced", plan = licoo2.reduced },
  { name = "sulfide_bare", plan = sulfide.bare },
  { name = "sulfide_coated", plan = sulfide.coated },
  { name = "standard_co2", plan = licoo2.co2 },
  { name = "standard_co3", plan = licoo2.co3 },
}

local USAGE = "usage: lua5.4 generate.lua --seed N --out DIR [--only NAME]"

local function fail(...)
  io.stderr:write("generate: ", string.format(...), "\n")
  os.exit(2)
end

local function read_options(words)
  local options = {}
  for i = 1, #words, 2 do
    local key = words[i]:match "^%-%-(%a+)$"
    if not (key == "seed" or key == "out" or key == "only") or not words[i + 1] then
      fail("cannot use '%s'; %s", words[i], USAGE)
    end
    options[key] = words[i + 1]
  end
  local seed = math.tointeger(tonumber(options.seed))
  if not seed or not options.out then
    fail("--seed (a whole number) and --out are needed; %s", USAGE)
  end
  options.seed = seed
  return options
end

local function write(path, bytes)
  local file, message = io.open(path, "wb")
  if not file then
    fail("cannot write %s: %s", path, message)
  end
  file:write(bytes)
  if not file:close() then
    fail("cannot write %s", path)
  end
end

-- Each sample starts its own sequence, so that --only makes the same bytes as making all.
local function make(index, options)
  math.randomseed(options.seed, index)
  local plan = SAMPLES[index].plan()
  local measured, truth = experiment.make(plan)
  truth.seed = options.seed
  truth.file = plan.name .. ".vms"
  write(options.out .. "/" .. plan.name .. ".vms", vamas.text(measured))
  write(options.out .. "/" .. plan.name .. ".truth.json", json.text(truth))
end

local function main()
  local options = read_options(arg)
  local made = 0
  for index, sample in ipairs(SAMPLES) do
    if not options.only or options.only == sample.name then
      make(index, options)
      made = made + 1
    end
  end
  if made == 0 then
    fail("there is no sample '%s'", options.only)
  end
end

main()
