-- HTML: escapes, Markdown by cmark-gfm, and the frame of a page.
-- SPDX-License-Identifier: GPL-3.0-or-later
local html = {}

local STYLE = [[
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 15rem minmax(0, 50rem); gap: 2rem; }
nav { padding: 1rem; border-right: 1px solid var(--line); font-size: .9rem; max-height: 100vh; overflow: auto; position: sticky; top: 0;
  box-sizing: border-box; }
nav h2 { font-size: .8rem; margin: 1rem 0 .2rem; opacity: .7; } nav ul { list-style: none; margin: 0; padding: 0; }
main { padding: 1rem 1rem 4rem; } img { max-width: 100%; background: #fff; }
table { border-collapse: collapse; display: block; overflow-x: auto; } th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem;
  text-align: left; vertical-align: top; }
pre { background: var(--soft); padding: .7rem; overflow-x: auto; } code { font-family: ui-monospace, monospace; font-size: .92em; }
dt { font-weight: 600; margin-top: .5rem; } dd { margin: 0 0 0 1rem; } .lead { font-size: 1.1rem; }
@media (max-width: 50rem) { body { display: block; }
  nav { position: static; max-height: 12rem; border: 0; border-bottom: 1px solid var(--line); } }
@media print { nav { display: none; } body { display: block; } }
]]

function html.escape(text)
  return (tostring(text):gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

function html.markdown(path)
  local pipe <close> = assert(io.popen(("cmark-gfm -e table --to html '%s'"):format(path)))
  local text = pipe:read "a"
  assert(#text > 0, path .. " became no page")
  return (text:gsub('href="docs/([%w-]+)%.md', 'href="%1.html'):gsub('href="([%w-]+)%.md', 'href="%1.html'))
end

local function menu_html(menu)
  local out = { "<nav aria-label=\"Pages\">\n" }
  for _, part in ipairs(menu) do
    out[#out + 1] = ("<h2>%s</h2>\n<ul>\n"):format(html.escape(part.title))
    for _, item in ipairs(part) do
      out[#out + 1] = ("<li><a href=\"%s\">%s</a></li>\n"):format(item[1], html.escape(item[2]))
    end
    out[#out + 1] = "</ul>\n"
  end
  out[#out + 1] = "</nav>\n"
  return table.concat(out)
end

function html.page(title, body, menu)
  return table.concat {
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    "<title>", html.escape(title), "</title>\n<style>", STYLE, "</style></head>\n<body>\n", menu_html(menu),
    "<main>\n", body, "</main>\n</body></html>\n",
  }
end

return html
