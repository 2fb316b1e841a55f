-- What the tests of the spectra folder share: checks that count, and where things are.
-- SPDX-License-Identifier: GPL-3.0-or-later

local check = { source = arg[1], build = arg[2] }

assert(check.source and check.build, "usage: lua5.4 test_NAME.lua SOURCE_FOLDER BUILD_FOLDER")
package.path = check.source .. "/spectra/?.lua;" .. package.path

local checks, failures = 0, 0

-- Counts one check, and says which one failed.
function check.that(condition, format, ...)
  checks = checks + 1
  if not condition then
    failures = failures + 1
    io.stderr:write("failed: ", string.format(format, ...), "\n")
  end
end

function check.near(value, expected, tolerance, what)
  local close = math.abs(value - expected) <= tolerance
  check.that(close, "%s: %.17g, expected %.17g within %g", what, value, expected, tolerance)
end

function check.read(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:read "a"
  file:close()
  return bytes
end

-- Ends the program; a test that made no check has failed too.
function check.done()
  print(string.format("%d checks, %d failed", checks, failures))
  os.exit(failures == 0 and checks > 0)
end

return check
