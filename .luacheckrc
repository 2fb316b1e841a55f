-- What luacheck holds: Lua 5.4, nothing global. Workflows see the globals of the sandbox; busted's words stand in *_spec.lua.
-- SPDX-License-Identifier: GPL-3.0-or-later
std = "lua54"
max_line_length = 140
exclude_files = { "build/", "*.tmp" }
files["tests/**/*_spec.lua"] = { std = "lua54+busted" }
