-- Poisson-distributed counts from math.random, exact for any mean.
-- SPDX-License-Identifier: GPL-3.0-or-later

local poisson = {}

local CHUNK = 400 -- exp(-400) is still far from underflow

-- Knuth's product of uniforms (The Art of Computer Programming 2, 3.4.1): exact, in time proportional to the mean.
local function small(mean)
  local limit, product, count = math.exp(-mean), math.random(), 0
  while product > limit do
    product = product * math.random()
    count = count + 1
  end
  return count
end

-- A count whose expectation is `mean`. A sum of Poisson counts is one of the summed mean.
function poisson.count(mean)
  assert(mean >= 0 and mean < 1e7, "poisson: the mean must lie in [0, 1e7)")
  local total = 0
  while mean > CHUNK do
    total = total + small(CHUNK)
    mean = mean - CHUNK
  end
  return total + small(mean)
end

return poisson
