-- Scores the trial: lua5.4 score.lua FOLDER compares FOLDER/setN.lua (what was found) with FOLDER/truth.lua, prints the figures
-- and fails beyond the limits below. SPDX-License-Identifier: GPL-3.0-or-later
local folder = arg[1]
local truth = dofile(folder .. "/truth.lua")

local LIMITS = { missed = 0.10, invented = 0.05, energy_bias = 0.02, energy_scatter = 0.05, intensity_bias = 0.05 }

-- Doublets that the noise allows to see: separation and weaker area over four times what they can be known to.
local function is_clear(s)
  return math.abs(s.position[1] - s.position[2]) > 4 * s.separation_bound and math.min(s.area[1], s.area[2]) > 4 * s.area_bound
end

local function median(list)
  table.sort(list)
  local n = #list
  return n % 2 == 1 and list[(n + 1) // 2] or 0.5 * (list[n // 2] + list[n // 2 + 1])
end

-- 1.4826 times the median distance from the median: the standard deviation of normal scatter, deaf to outliers.
local function scatter(list)
  local middle, off = median(list), {}
  for i, value in ipairs(list) do off[i] = math.abs(value - middle) end
  return 1.4826 * median(off)
end

local count = { clear = 0, missed = 0, faint = 0, faint_missed = 0, single = 0, invented = 0 }
local energy, intensity = {}, {}

-- Lines are told apart by their order along the energies.
local function compare(s, f)
  local order = s.position[1] < s.position[2] and { 1, 2 } or { 2, 1 }
  local found = f.position[1] < f.position[2] and { 1, 2 } or { 2, 1 }
  for k = 1, 2 do
    energy[#energy + 1] = f.position[found[k]] - s.position[order[k]]
    intensity[#intensity + 1] = f.area[found[k]] / s.area[order[k]] - 1
  end
end

for place, set in ipairs(truth) do
  local found = dofile(("%s/set%d.lua"):format(folder, place))
  assert(#found == #set, "a set has other spectra than its truth")
  for i, s in ipairs(set) do
    local double = #found[i].position == 2
    if #s.position == 1 then
      count.single, count.invented = count.single + 1, count.invented + (double and 1 or 0)
    elseif is_clear(s) then
      count.clear, count.missed = count.clear + 1, count.missed + (double and 0 or 1)
      if double then compare(s, found[i]) end
    else
      count.faint, count.faint_missed = count.faint + 1, count.faint_missed + (double and 0 or 1)
    end
  end
end

local figures = {
  missed = count.missed / count.clear,
  invented = count.invented / count.single,
  energy_bias = median(energy), energy_scatter = scatter(energy),
  intensity_bias = median(intensity), intensity_scatter = scatter(intensity),
}
print(("clear doublets %d, called singlets %d (%.1f %%)"):format(count.clear, count.missed, 100 * figures.missed))
print(("faint doublets %d, called singlets %d"):format(count.faint, count.faint_missed))
print(("singlets %d, called doublets %d (%.1f %%)"):format(count.single, count.invented, 100 * figures.invented))
print(("energies: bias %+.4f eV, random %.4f eV"):format(figures.energy_bias, figures.energy_scatter))
print(("intensities: bias %+.4f, random %.4f"):format(figures.intensity_bias, figures.intensity_scatter))
assert(count.clear >= 40 and count.single >= 60, "the trial is too small to say anything")
for name, limit in pairs(LIMITS) do
  assert(math.abs(figures[name]) < limit, ("%s is %.4f, not under %g"):format(name, figures[name], limit))
end
