-- What fits say of their backgrounds: the shared level, options that are not heeded, backgrounds taken away before.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"
local cl = require "corelevel"

local s2p = cl.load(support.samples .. "/sulfide_bare.vms")["S 2p"]

local function peak() return cl.doublet { "sulfide", line = "S 2p", position = { 161.5, 160.5, 162.5 }, fwhm = { 1.1, 0.6, 2.0 } } end

describe("a background", function()
  it("takes the level that all backgrounds of a model share", function()
    local model = cl.model { cl.shirley { level = cl.fixed(400) }, cl.linear {}, peak() }
    assert.matches("background%.level +400 signal, fixed", tostring(model))
    assert.has_error(function() cl.model { cl.shirley { level = 1 }, cl.linear { level = 2 }, peak() } end)
  end)

  it("that is fitted says which of its options are not heeded", function()
    local range = { 158, 166 }
    local fit = s2p:fit(cl.model { cl.shirley { ends = range, average = 3 }, peak() }, { range = range })
    assert.matches("shirley: ends is not heeded", tostring(fit))
    assert.matches("shirley: average is not heeded", tostring(fit))
    assert.is_nil(tostring(s2p:fit(cl.model { cl.shirley {}, peak() }, { range = range })):find("heeded", 1, true))
  end)

  it("that was subtracted is told by the later fit", function()
    local bare = s2p:subtract(cl.shirley { active = false, ends = { 158.5, 166 } })
    local said = "a background was subtracted before the fit"
    assert.is_truthy(tostring(bare:fit(cl.model { peak() })):find(said, 1, true))
    assert.is_nil(tostring(s2p:fit(cl.model { cl.shirley {}, peak() })):find(said, 1, true))
  end)
end)
