-- Makes the trial: lua5.4 make.lua REPOSITORY FOLDER SEED writes FOLDER/setN.csv (N = 1 to 10, 22 spectra each)
-- and FOLDER/truth.lua. SPDX-License-Identifier: GPL-3.0-or-later
local repository, folder, seed = arg[1], arg[2], math.tointeger(tonumber(arg[3]))
package.path = repository .. "/spectra/?.lua;" .. repository .. "/spectra/generator/?.lua;" .. package.path
local voigt, poisson = require "voigt", require "poisson"
math.randomseed(seed)

local FIRST, STEP, CHANNELS = 278, 0.1, 161
local SEPARATIONS, RATIOS = { 0.4, 0.7, 1.0, 1.4 }, { 0.15, 0.3, 0.6, 1.0 }
local LORENTZIAN, RISE = 0.25, 0.01 -- eV; Shirley's k in 1/eV

local function uniform(low, high) return low + (high - low) * math.random() end

-- One line of unit area with its Shirley background, as a list over the channels.
local function line(position, gaussian, lorentzian)
  local value, integral = voigt.new(gaussian, lorentzian)
  local column = {}
  for i = 1, CHANNELS do
    local x = FIRST + STEP * (i - 1) - position
    column[i] = value(x) + RISE * integral(x)
  end
  return column
end

-- Expected counts of a spectrum as a list; areas in counts eV.
local function expect(s)
  local counts = {}
  for i = 1, CHANNELS do counts[i] = s.level end
  for k = 1, #s.area do
    for i, value in ipairs(line(s.position[k], s.gaussian, LORENTZIAN)) do counts[i] = counts[i] + s.area[k] * value end
  end
  return counts
end

-- The inverse of a symmetric matrix by Gauss and Jordan, rows scaled.
local function inverse(m)
  local n, a = #m, {}
  for i = 1, n do
    a[i] = {}
    for k = 1, n do a[i][k], a[i][n + k] = m[i][k], i == k and 1 or 0 end
  end
  for i = 1, n do
    local best = i
    for k = i, n do if math.abs(a[k][i]) > math.abs(a[best][i]) then best = k end end
    a[i], a[best] = a[best], a[i]
    local pivot = a[i][i]
    for k = 1, 2 * n do a[i][k] = a[i][k] / pivot end
    for r = 1, n do
      if r ~= i then
        local by = a[r][i]
        for k = 1, 2 * n do a[r][k] = a[r][k] - by * a[i][k] end
      end
    end
  end
  for i = 1, n do a[i] = table.move(a[i], n + 1, 2 * n, 1, {}) end
  return a
end

-- (up - down) times a factor, added to a list.
local function add_slope(to, up, down, factor)
  for i = 1, CHANNELS do to[i] = (to[i] or 0) + factor * (up[i] - down[i]) end
end

-- How the counts move with level, both areas, both positions, the two common widths, and k.
local function slopes_of(s)
  local h, slopes = 1e-4, { {}, {}, {}, {}, {}, {}, {}, {} }
  local _, integral = voigt.new(s.gaussian, LORENTZIAN)
  for i = 1, CHANNELS do slopes[1][i], slopes[8][i] = 1, 0 end
  for k = 1, 2 do
    local p, g, a = s.position[k], s.gaussian, s.area[k]
    slopes[1 + k] = line(p, g, LORENTZIAN)
    add_slope(slopes[3 + k], line(p + h, g, LORENTZIAN), line(p - h, g, LORENTZIAN), a / (2 * h))
    add_slope(slopes[6], line(p, g + h, LORENTZIAN), line(p, g - h, LORENTZIAN), a / (2 * h))
    add_slope(slopes[7], line(p, g, LORENTZIAN + h), line(p, g, LORENTZIAN - h), a / (2 * h))
    for i = 1, CHANNELS do slopes[8][i] = slopes[8][i] + a * integral(FIRST + STEP * (i - 1) - p) end
  end
  return slopes
end

-- The least standard errors (Cramer and Rao) that separation and weaker area can have when all of the above is unknown.
local function bounds(s)
  local mean, slopes, fisher = expect(s), slopes_of(s), {}
  for j = 1, #slopes do
    fisher[j] = {}
    for k = 1, #slopes do
      local sum = 0
      for i = 1, CHANNELS do sum = sum + slopes[j][i] * slopes[k][i] / mean[i] end
      fisher[j][k] = sum
    end
  end
  local c = inverse(fisher)
  local weak = s.area[1] < s.area[2] and 2 or 3
  return math.sqrt(c[4][4] + c[5][5] - 2 * c[4][5]), math.sqrt(c[weak][weak])
end

local function singlet(height)
  local gaussian = uniform(0.8, 1.1)
  return { gaussian = gaussian, level = 0.1 * height, position = { uniform(284.2, 285.6) }, area = { height * gaussian * 1.1 } }
end

local function doublet(height, separation, ratio)
  local s = singlet(height)
  local sign = math.random() < 0.5 and -1 or 1
  s.position[2] = s.position[1] + sign * separation
  s.area[2] = s.area[1] * ratio
  s.separation_bound, s.area_bound = bounds(s)
  return s
end

local function one_set(place)
  local height, list = 1000 * 10 ^ (2 * (place - 1) / 9), {}
  for _, separation in ipairs(SEPARATIONS) do
    for _, ratio in ipairs(RATIOS) do list[#list + 1] = doublet(height, separation, ratio) end
  end
  for _ = 1, 6 do list[#list + 1] = singlet(height) end
  for i = #list, 2, -1 do -- in any order
    local k = math.random(i)
    list[i], list[k] = list[k], list[i]
  end
  return list
end

local function write(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end

local truth = { "return {" }
for place = 1, 10 do
  local blocks = {}
  truth[#truth + 1] = "  {"
  for level, s in ipairs(one_set(place)) do
    local counts = expect(s)
    for i = 1, CHANNELS do counts[i] = poisson.count(counts[i]) end
    blocks[level] = counts
    truth[#truth + 1] = ("    { position = { %s }, area = { %s }, separation_bound = %s, area_bound = %s },"):format(
      table.concat(s.position, ", "), table.concat(s.area, ", "), s.separation_bound or "nil", s.area_bound or "nil")
  end
  truth[#truth + 1] = "  },"
  local lines = { "binding_energy [eV]" }
  for level = 1, #blocks do lines[1] = lines[1] .. ",C 1s " .. level .. " [counts]" end
  for i = 1, CHANNELS do
    local row = { ("%.10g"):format(FIRST + STEP * (i - 1)) }
    for level = 1, #blocks do row[#row + 1] = ("%d"):format(blocks[level][i]) end
    lines[#lines + 1] = table.concat(row, ",")
  end
  write(("%s/set%d.csv"):format(folder, place), table.concat(lines, "\n") .. "\n")
end
truth[#truth + 1] = "}"
write(folder .. "/truth.lua", table.concat(truth, "\n") .. "\n")
