-- The command's other verbs: what files hold, what there is, what is wrong with a command line.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"

describe("corelevel", function()
  it("tells its version and its commands", function()
    local code, out = support.corelevel "--version"
    assert.equal(0, code)
    assert.matches("^corelevel %d+%.%d+%.%d+\n$", out)
    code, out = support.corelevel "--help"
    assert.equal(0, code)
    for _, name in ipairs { "run", "batch", "merge", "info", "convert", "plot", "list", "lines", "demo" } do
      assert.matches("\n  " .. name .. " ", out)
      local help_code, help = support.corelevel(name, "--help")
      assert.equal(0, help_code)
      assert.matches("^  corelevel " .. name, help)
    end
  end)

  it("answers wrong usage with exit code 2 and a hint", function()
    local code, out, err = support.corelevel "inof"
    assert.same({ 2, "" }, { code, out })
    assert.matches("no command 'inof'", err)
    assert.equal(2, (support.corelevel()))
    assert.equal(2, (support.corelevel "info"))
    assert.equal(2, (support.corelevel("info", "a", "b")))
    assert.equal(2, (support.corelevel("info", "--jsno", "a")))
    assert.equal(2, (support.corelevel("plot", support.sample)))
    assert.equal(2, (support.corelevel("plot", support.sample, "-o", "x.svg", "--normalise", "mean")))
    assert.equal(2, (support.corelevel("plot", support.sample, "-o", "x.svg", "--range", "3")))
    assert.equal(2, (support.corelevel("convert", support.sample, "x.nosuch")))
    assert.equal(2, (support.corelevel("list", "everything")))
    assert.equal(2, (support.corelevel("list", "operations", "nosuch")))
    assert.equal(2, (support.corelevel("lines", "Xx 9z")))
    assert.equal(2, (support.corelevel("run", "w.lua", "--threads", "many")))
  end)

  it("answers verbs that it does not have with exit code 2", function()
    local code, _, err = support.corelevel("replai", "w.nc")
    assert.equal(2, code)
    assert.matches("did you mean 'replay'", err)
  end)
end)

describe("a reader of the output that had enough", function()
  it("is no failure", function()
    local code, out, err = support.shell(([[{ %s list --json; echo $? >&2; } | head -c 3]]):format(support.command))
    assert.same({ 0, '{"f', "0\n" }, { code, out, err })
  end)
end)

describe("corelevel info", function()
  -- The values were written into the sample by its generator (spectra/generator/licoo2.lua).
  it("prints a table", function()
    local code, out = support.corelevel("info", support.sample)
    assert.equal(0, code)
    assert.matches("VAMAS, ISO 14976", out)
    assert.matches("\nCo 2p +LiCoO2 reduced +3 depth 0 … 30 nm SiO2 equiv%. +binding_energy 770 … 812 eV +421 ", out)
    assert.matches(" 421 +40 +0%.5 +8 ", out)
  end)

  it("prints JSON", function()
    local code, out = support.corelevel("info", support.sample, "--json")
    assert.equal(0, code)
    assert.truthy(out:find('{"format":"vamas","technique":"XPS","spectra":[{"name":"Co 2p","shape":[3,421],'
      .. '"unit":"counts",' .. '"axes":[{"name":"depth","unit":"nm SiO2 equiv.","size":3,"first":0,"last":30},'
      .. '{"name":"binding_energy","unit":"eV","size":421,"first":770,"last":812}],"metadata":{', 1, true), out)
    assert.truthy(out:find('"pass_energy":40', 1, true))
    local checked = support.shell(("%s info %s --json | /usr/bin/python3 -c 'import json,sys; json.load(sys.stdin)'")
      :format(support.command, support.sample))
    assert.equal(0, checked)
  end)

  it("answers unreadable inputs with exit code 3", function()
    local code, out, err = support.corelevel("info", "nosuch.vms")
    assert.same({ 3, "" }, { code, out })
    assert.matches("nosuch%.vms: there is no such file", err)
  end)
end)

describe("corelevel list", function()
  it("lists formats, operations and components from their descriptors", function()
    local _, out = support.corelevel("list", "formats")
    assert.matches("\nvamas +VAMAS, ISO 14976 +vms npl", out)
    _, out = support.corelevel("list", "formats", "--json")
    assert.truthy(out:find('{"name":"vamas","title":"VAMAS, ISO 14976","suffixes":"vms npl"', 1, true))
    local code, all = support.corelevel "list"
    assert.equal(0, code)
    assert.matches("\nformat +title", "\n" .. all)
  end)

  it("tells one of them in full, or a near name", function()
    local code, out = support.corelevel("list", "formats", "vamas")
    assert.equal(0, code)
    assert.matches("source: .*ISO 14976", out)
    local _, _, err = support.corelevel("list", "formats", "vamsa")
    assert.matches("did you mean 'vamas'", err)
  end)
end)

describe("corelevel lines", function()
  it("tells a line by any spelling", function()
    local code, out = support.corelevel("lines", "co2p")
    assert.equal(0, code)
    assert.matches("\nCo 2p ", out)
    code, out = support.corelevel("lines", "S 2p", "--json")
    assert.equal(0, code)
    assert.matches('^%[{"name":"S 2p","element":"S",', out)
  end)
end)
