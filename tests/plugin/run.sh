#!/bin/sh
# A plugin from outside the tree against an installed, moved corelevel: built by pkg-config, listed, loading, fitting.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tests/plugin/run.sh BUILD   (a built folder; run by ctest as plugin_outside)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
failed=0

wrong() { printf 'not well: %s\n' "$*" >&2; failed=1; }
# expect WHAT FILE TEXT: the file holds the text.
expect() { grep -qF -- "$3" "$2" || { wrong "$1: \"$3\" is not in:"; cat "$2" >&2; }; }

# Installed at one place and moved to another: nothing may remember where it was.
cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/moved"
prefix=$work/moved
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
unset CORELEVEL_DATA_DIR CORELEVEL_PLUGIN_PATH LD_LIBRARY_PATH 2>/dev/null || :
corelevel=$prefix/bin/corelevel

# The example, in a folder of its own outside the tree.
cp -r "$here/example" "$work/example"
"$work/example/build.sh"
lua5.4 "$here/make_strip.lua" >"$work/tin.strip"
export CORELEVEL_PLUGIN_PATH="$work/example"

"$corelevel" list --json >"$work/list.json" 2>"$work/list.err"
for name in strip dead_time sech; do expect "list --json" "$work/list.json" "\"name\":\"$name\""; done
[ -s "$work/list.err" ] && { wrong "list says:"; cat "$work/list.err" >&2; }
"$corelevel" info "$work/tin.strip" --json >"$work/info.json"
expect "info --json" "$work/info.json" '"format":"strip"'
expect "info --json" "$work/info.json" '"shape":[151]'

# From Lua and from C: the same numbers to the bit, and the planted truth.
"$corelevel" run "$here/use.lua" "$work/tin.strip" --out "$work/out" >"$work/lua.out" 2>"$work/lua.err" ||
    { wrong "the workflow failed:"; cat "$work/lua.err" >&2; }
cc -std=c17 -Wall -Wextra -Werror $(pkg-config --cflags corelevel) -o "$work/use" "$here/use.c" $(pkg-config --libs corelevel)
"$work/use" "$work/tin.strip" >"$work/c.out" || wrong "the C program failed"
cmp -s "$work/lua.out" "$work/c.out" || { wrong "Lua and C differ:"; diff "$work/lua.out" "$work/c.out" >&2 || :; }
# Truth of make_strip.lua; whole counts leave errors below 1e-4. A dead time of 100 ns in 0.25 s blocks 4e-7 a count.
awk '
    function near(x, truth, within) { if (x < truth - within || x > truth + within) { print "not well: " $1, x, "not", truth; bad = 1 } seen++ }
    $1 == "position" { near($2, 487.03, 1e-4) }
    $1 == "fwhm" { near($2, 1.4, 2e-4) }
    $1 == "area" { near($2, 1e6, 100) }
    $1 == "corrected" { near($3, $2 / (1 - $2 * 4e-7), 1e-6) }
    END { exit bad || seen != 4 }' "$work/c.out" || { wrong "the numbers:"; cat "$work/c.out" >&2; }

# A damaged file is refused in one sentence that says where.
head -20 "$work/tin.strip" >"$work/short.strip"
if "$corelevel" info "$work/short.strip" >/dev/null 2>"$work/short.err"; then wrong "a short file is read"; fi
expect "a short file" "$work/short.err" "short.strip"

# Bad plugins: each skipped with one sentence, the good one works beside them.
mkdir "$work/bad"
for source in "$here"/bad/*.c; do
    cc -std=c17 -fPIC -shared $(pkg-config --cflags corelevel) -o "$work/bad/$(basename "$source" .c).so" "$source" $(pkg-config --libs corelevel)
done
echo "this is text" >"$work/bad/text.so"
export CORELEVEL_PLUGIN_PATH="$work/bad:$work/example:$work/nowhere"
"$corelevel" list components >"$work/bad.out" 2>"$work/bad.err" || wrong "bad plugins make list fail"
expect "beside bad ones" "$work/bad.out" sech
says() {
    expect "$1" "$work/bad.err" "$2"
    [ "$(grep -c "/$1" "$work/bad.err")" -eq 1 ] || wrong "$1: not exactly one message"
}
says other_version.so "it is made for version 2 of the plugin interface, this is 1"
says refuses.so "it is made for another version of the plugin interface than 1"
says no_entry.so "it is no plugin, it has no clv_plugin_entry"
says too_small.so "is of a smaller size than this version needs"
says duplicate.so "brings an operation named smooth, which is there already"
says text.so "it cannot be loaded"
says nowhere "the folder cannot be read"
[ "$(wc -l <"$work/bad.err")" -eq 7 ] || { wrong "7 messages are expected:"; cat "$work/bad.err" >&2; }

[ $failed -eq 0 ] && echo "the example plugin works from an installed and moved tree, 7 bad ones are skipped"
exit $failed
