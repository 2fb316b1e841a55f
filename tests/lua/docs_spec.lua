-- The documentation that is made from the descriptors: nothing is left out, every link leads somewhere, every text of Lua compiles.
-- SPDX-License-Identifier: GPL-3.0-or-later
local support = require "support"
local json = require "dkjson"

describe("the documentation", function()
  local folder, source = support.folder(), support.samples .. "/../.."
  teardown(function() support.remove(folder) end)
  local code, _, problem = support.shell(("lua5.4 '%s/docs/site/build.lua' '%s' '%s' '%s/docs'"):format(source, support.command,
    source, folder))
  local function made(name) return support.read(folder .. "/docs/" .. name) end

  it("has a page for everything that is registered", function()
    assert.equal(0, code, problem)
    local _, text = support.corelevel("list", "--json")
    for group, list in pairs(json.decode(text)) do
      assert.is_true(#list > 5)
      for _, one in ipairs(list) do
        local page = made(("html/%s_%s.html"):format(group:sub(1, -2), one.name))
        assert.is_truthy(page, one.name)
        for _, parameter in ipairs(one.parameters) do
          assert.is_truthy(page:find("<code>" .. parameter.name .. "</code>", 1, true), one.name .. "." .. parameter.name)
        end
      end
    end
  end)

  it("has no link or picture that leads nowhere", function()
    local _, list = support.shell(("cd %s/docs/html && ls *.html"):format(folder))
    for page in list:gmatch "%S+" do
      local text = made("html/" .. page)
      for link in text:gmatch '[hs]r[ec]f?="([^"#]+)' do
        if not link:find "^https?:" then assert.is_truthy(made("html/" .. link), page .. " leads to " .. link) end
      end
    end
  end)

  it("names every command in the man page and the completions, and every method in the annotations", function()
    local _, help = support.corelevel("--help")
    for name in help:match("commands[^\n]*\n(.-)\n\n"):gmatch "  (%S+) +[^\n]+" do
      assert.is_truthy(made("corelevel.1"):find(".SS corelevel " .. name, 1, true), name)
      assert.is_truthy(made("corelevel.bash"):find("    " .. name .. ") options=", 1, true), name)
    end
    assert.equal(0, (support.shell(("bash -n %s/docs/corelevel.bash"):format(folder))))
    local annotations = made "corelevel.lua"
    assert.is_truthy(load(annotations))
    assert.is_truthy(annotations:find("function spectra:fit(", 1, true))
    assert.is_truthy(annotations:find("function cl.doublet(", 1, true))
  end)

  it("shows Lua that compiles", function()
    local _, list = support.shell(("cd %s && ls README.md docs/*.md"):format(source))
    local blocks, ran = 0, 0
    for page in list:gmatch "%S+" do
      for block in support.read(source .. "/" .. page):gmatch "```lua\n(.-)\n```" do
        blocks = blocks + 1
        assert.is_truthy(load(block, page))
        local sample = block:match "^%-%- run: (%S+)"
        if sample then
          support.write(folder .. "/block.lua", block)
          local ended, _, err = support.corelevel("run", folder .. "/block.lua", support.samples .. "/" .. sample,
            "--out", folder .. "/block")
          assert.equal(0, ended, page .. ": " .. err)
          ran = ran + 1
        end
      end
    end
    assert.is_true(blocks > 4 and ran > 0)
  end)

  it("shows a Slurm job array that gives the same bytes as one process", function()
    -- The page's own script, run for each task with the variables that Slurm sets.
    local script = assert(support.read(source .. "/docs/batch.md"):match "```sh\n(.-)\n```")
    local last = tonumber(script:match "%-%-array=1%-(%d+)")
    support.shell(("cd %s && mkdir -p slurm/data bin && ln -s %s bin/corelevel && cp %s/lua/workflows/depth_profile.lua slurm/ "
      .. "&& cp %s/licoo2_*.vms slurm/data/"):format(folder, support.command, source, support.samples))
    support.write(folder .. "/slurm/array.sh", script)
    local run = ("cd %s/slurm && PATH=%s/bin:$PATH "):format(folder, folder)
    for task = 1, last do
      local ended, _, err = support.shell(run .. ("SLURM_ARRAY_TASK_ID=%d SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=%d sh array.sh")
        :format(task, last))
      assert.equal(0, ended, err)
    end
    assert.equal(0, (support.shell(run .. "corelevel merge results/")))
    assert.equal(0, (support.shell(run .. "corelevel batch depth_profile.lua data/*.vms --out one")))
    assert.equal(0, (support.shell(run .. "diff -r --exclude='journal*' results one")))
  end)
end)
