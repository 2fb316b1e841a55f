-- The pages: an index, those of docs/ and one for each operation, component, format and command.
-- SPDX-License-Identifier: GPL-3.0-or-later
local html = require "html"

local site = {}

local GROUPS = {
  { key = "operations", title = "Operations", one = "operation" },
  { key = "components", title = "Components of models", one = "component" },
  { key = "formats", title = "File formats", one = "format" },
}

local function page_name(group, name) return ("%s_%s.html"):format(group.one, name:gsub("[^%w_]", "_")) end

-- Descriptors of one name stand on one page: an operation may stand on several kinds of objects.
local function by_name(list)
  local names, found = {}, {}
  for _, one in ipairs(list) do
    if not found[one.name] then names[#names + 1] = one.name end
    found[one.name] = found[one.name] or {}
    table.insert(found[one.name], one)
  end
  table.sort(names)
  return names, found
end

local function bounds(p)
  if p.choices then return "one of " .. table.concat(p.choices, ", ") end
  if p.low and p.high then return ("%s, %g to %g"):format(p.type, p.low, p.high) end
  return p.kinds and table.concat(p.kinds, " or ") or p.type
end

local function parameter_table(parameters)
  if #parameters == 0 then return "<p>It takes no options.</p>\n" end
  local rows = { "<table><thead><tr><th>name</th><th>is</th><th>unit</th><th>preset</th><th></th></tr></thead><tbody>\n" }
  for _, p in ipairs(parameters) do
    rows[#rows + 1] = ("<tr><td><code>%s</code>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n"):format(
      html.escape(p.name), p.place > 0 and " (place " .. p.place .. ")" or "", html.escape(bounds(p)),
      html.escape(p.unit or ""), p.required and "needed" or html.escape(p.preset or ""), html.escape(p.doc))
  end
  rows[#rows + 1] = "</tbody></table>\n"
  return table.concat(rows)
end

local function call_of(group, one)
  if group.one == "operation" then
    return ("%s:%s%s"):format(one.on[1], one.name, #one.parameters > 0 and " { … }" or "()")
  elseif group.one == "component" then
    return ("cl.%s { … }"):format(one.name)
  end
  return ('cl.load("file.%s", { format = "%s" })'):format((one.suffixes or ""):match "%S+" or "dat", one.name)
end

local function facts(group, one)
  local list = {}
  local function add(term, text)
    if text and text ~= "" then
      list[#list + 1] = ("<dt>%s</dt><dd>%s</dd>\n"):format(term, html.escape(text))
    end
  end
  add("in Lua", call_of(group, one))
  add("stands on", one.on and table.concat(one.on, ", "))
  add("gives", one.gives)
  add("is a", one.role)
  add("file names", one.suffixes and one.suffixes:gsub("%S+", ".%0"))
  if one.read ~= nil then add("is", one.read and one.write and "read and written" or one.read and "read" or "written") end
  add("formula", one.formula)
  add("source", one.source)
  return "<dl>\n" .. table.concat(list) .. "</dl>\n"
end

local function reference_page(group, name, descriptors, menu)
  local body = { ("<h1><code>%s</code></h1>\n"):format(html.escape(name)) }
  for _, one in ipairs(descriptors) do
    if #descriptors > 1 then body[#body + 1] = ("<h2>on %s</h2>\n"):format(table.concat(one.on, ", ")) end
    body[#body + 1] = ("<p class=\"lead\">%s</p>\n"):format(html.escape(one.doc or one.title))
    body[#body + 1] = facts(group, one) .. parameter_table(one.parameters)
  end
  return html.page(name, table.concat(body), menu)
end

-- Pages written by hand: title is the first heading.
local function hand_pages(what)
  local pages, pipe <close> = {}, assert(io.popen(("cd '%s/docs' && ls *.md"):format(what.source)))
  for file in pipe:lines() do
    if file ~= "README.md" then
      local path = ("%s/docs/%s"):format(what.source, file)
      local handle <close> = assert(io.open(path))
      pages[#pages + 1] = { file = file:gsub("%.md$", ".html"), path = path, title = assert(handle:read "l"):gsub("^#+ *", "") }
    end
  end
  return pages
end

local function menu_of(what, hand)
  local menu = { { title = "corelevel " .. what.version, { "index.html", "Overview" }, { "commands.html", "The command" } },
    { title = "Pages" } }
  for _, page in ipairs(hand) do table.insert(menu[2], { page.file, page.title }) end
  for _, group in ipairs(GROUPS) do
    local part = { title = group.title }
    for _, name in ipairs((by_name(what.registry[group.key]))) do part[#part + 1] = { page_name(group, name), name } end
    menu[#menu + 1] = part
  end
  return menu
end

local function commands_page(what, menu)
  local body = { "<h1>The command</h1>\n<pre>", html.escape(what.help), "</pre>\n" }
  for _, command in ipairs(what.commands) do
    body[#body + 1] = ("<h2 id=\"%s\">corelevel %s</h2>\n<p>%s</p>\n<pre>%s</pre>\n"):format(command.name, command.name,
      html.escape(command.doc), html.escape(command.help))
  end
  return html.page("The command", table.concat(body), menu)
end

--- All pages by file name.
function site.pages(what)
  local hand = hand_pages(what)
  local menu = menu_of(what, hand)
  local pages = { ["commands.html"] = commands_page(what, menu) }
  local readme = html.markdown(what.source .. "/README.md")
  pages["index.html"] = html.page("corelevel", (readme:gsub('<img [^>]*src="docs/images/', function(found)
    return (found:gsub("docs/images/", "images/"))
  end)), menu)
  for _, page in ipairs(hand) do pages[page.file] = html.page(page.title, html.markdown(page.path), menu) end
  for _, group in ipairs(GROUPS) do
    local names, found = by_name(what.registry[group.key])
    for _, name in ipairs(names) do pages[page_name(group, name)] = reference_page(group, name, found[name], menu) end
  end
  return pages
end

return site
