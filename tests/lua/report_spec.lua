-- Reports from workflows: below --out, titled with the workflow's name, the same bytes again, drawn by a real browser.
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The browser test needs CORELEVEL_BROWSER, the path of a Chromium; without it the test says that it was left out.
local support = require "support"

local workflow = [[
local cl = require "corelevel"
cl.workflow { name = "Cobalt & <oxygen>", inputs = { { "profile", "a profile" } } }
local fit = cl.load(cl.inputs.profile)["Co 2p"]:crop(773, 811):fit(cl.model {
  cl.shirley {},
  cl.doublet { "Co3+", position = { 780, 779, 781 }, split = 15.0, ratio = 0.5, fwhm = { 1.8, 1, 3 }, lorentzian = 0.47 },
  cl.doublet { "Co2+", position = { 782, 781, 783 }, split = 15.1, ratio = 0.5, fwhm = "Co3+.fwhm", lorentzian = 0.47 },
})
cl.report("sub/report.html", { fit:fractions { "Co3+", "Co2+" }, treated = fit })
]]

local function run(text)
  local folder = support.folder()
  local path = support.write(folder .. "/w.lua", text)
  local code, out, err = support.corelevel("run", path, support.sample, "--out", folder .. "/out")
  return folder, code, out .. err
end

local function read(folder, name) return support.read(folder .. "/out/sub/" .. name) end

describe("corelevel check", function()
  -- What is taken out of the file is named, item by item; the list is that of core/report/reporting.c.
  it("is complete by ISO 19830 until something is taken out of it", function()
    local folder, code, said = run(workflow)
    assert.equal(0, code, said)
    local whole = read(folder, "report.json")
    assert.is_truthy(read(folder, "report.html"):find("All 15 items of a report on peak fitting are here", 1, true))
    local function check(text)
      local path = support.write(folder .. "/changed.json", text)
      local found, out, err = support.corelevel("check", path)
      return found, out .. err
    end
    local found, out = check(whole)
    assert.equal(0, found, out)
    assert.matches("^Co 2p: ISO 19830:2015, complete", out)
    for _, case in ipairs {
      { '"software":"corelevel [^"]*"', '"software":"corelevel"', "software and its version" },
      { '"source_sha256"', '"x"', "the file with its fingerprint" }, { '"photon_energy"', '"x"', "photon energy" },
      { '"energy_reference"', '"x"', "energy reference" }, { '"satellites"', '"x"', "satellites" },
      { '"channels"', '"x"', "ends of the fitted range" }, { '"role":"background"', '"role":"peak"', "position, width and area" },
      { '"role":"background"', '"role":"reference"', "background: type" }, { '"formula"', '"x"', "components: name and formula" },
      { '"Co3%+%.position"', '"x"', "position, width and area" }, { '"expression"', '"x"', "constraints" },
      { '"asked":"free"', '"x":"free"', "constraints" }, { '"statistics"', '"x"', "weighting" },
      { '"runs_p"', '"x"', "goodness" }, { '"residual"', '"x"', "residuals" }, { '"uncertainty"', '"x"', "uncertainty of every" },
      { '"series"', '"x"', "what links the spectra" },
    } do
      local changed, count = whole:gsub(case[1], (case[2]:gsub("%%", "%%%%")))
      assert.is_true(count > 0, case[1])
      found, out = check(changed)
      assert.equal(1, found, case[1])
      assert.is_truthy(out:find("missing: " .. case[3], 1, true), case[1] .. ": " .. out)
    end
    for _, bad in ipairs { "", "{", '{"schema":1}', "[1,2", '{"a":"\\ud800"}', whole:sub(1, #whole // 2), ("["):rep(100) } do
      found, out = check(bad)
      assert.equal(3, found, bad:sub(1, 20))
      assert.matches("changed%.json: ", out)
    end
    support.remove(folder)
  end)
end)

describe("cl.report", function()
  it("writes the page, JSON and CSV below --out, the same bytes each time", function()
    local first, code, said = run(workflow)
    local second = run(workflow)
    assert.equal(0, code, said)
    for _, name in ipairs { "report.html", "report.json", "report_values.csv" } do
      assert.is_truthy(read(first, name), name)
      assert.equal(read(first, name), read(second, name))
    end
    local page = read(first, "report.html")
    assert.is_truthy(page:find("<h1>Cobalt &amp; &lt;oxygen&gt;</h1>", 1, true))
    assert.is_nil(page:find(first, 1, true)) -- no folder of this machine
    assert.is_truthy(page:find("licoo2_reduced.vms", 1, true))
    assert.matches("^item,sample,place,quantity,unit,value,error,", read(first, "report_values.csv"))
    support.remove(first)
    support.remove(second)
  end)

  it("says what is wrong", function()
    local function said(line)
      local folder, code, text = run('local cl = require "corelevel"\ncl.workflow { inputs = { { "p", "" } } }\n' .. line)
      support.remove(folder)
      return code, text
    end
    local code, text = said 'cl.report("x.pdf", { cl.load(cl.inputs.p) })'
    assert.equal(5, code)
    assert.matches('w%.lua:3: report: path: .*should end in %.html', text)
    assert.matches("report: needs a path and a table", select(2, said 'cl.report("x.html")'))
    assert.matches("report: there is nothing to report", select(2, said 'cl.report("x.html", {})'))
    assert.matches("leads out of the output folder", select(2, said 'cl.report("../x.html", { cl.load(cl.inputs.p) })'))
  end)

  local browser = os.getenv "CORELEVEL_BROWSER"
  if not browser then
    pending "is drawn by a browser (CORELEVEL_BROWSER is not set: left out)"
    return
  end

  it("is drawn by a browser, every figure by its script, without a mistake", function()
    local folder, code, said = run(workflow)
    assert.equal(0, code, said)
    local status, dom, log = support.shell(table.concat({
      browser, "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking",
      "--disable-component-update --disable-sync --enable-logging=stderr --virtual-time-budget=3000",
      "--user-data-dir=" .. folder .. "/browser", "--dump-dom", "file://" .. folder .. "/out/sub/report.html",
    }, " "))
    assert.equal(0, status)
    local _, figures = dom:gsub("<figure[^>]*data%-interactive", "")
    local _, charts = dom:gsub('class="chart"', "")
    assert.equal(2, figures)
    assert.equal(figures, charts)
    assert.is_nil(log:find "CONSOLE", log)
    support.remove(folder)
  end)
end)
