#!/bin/sh
# Checks what holds the house together, all of it: one line when it is well, every offence otherwise.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tests/check/run.sh [CHECK...]   (from ./dev check, which has built build/release; by name to run only some)
set -u
cd "$(dirname "$0")/../.."
build=build/release
report=$build/check.tmp
failed=""

files() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r f; do [ -f "$f" ] && echo "$f"; done; }

floors() { files '*.c' '*.h' | lua5.4 tests/check/floors.lua; }
links() { lua5.4 tests/check/links.lua $build; }
sizes() { files '*.c' '*.h' '*.lua' '*.sh' '*.cmake' '*CMakeLists.txt' dev .ci/run | lua5.4 tests/check/sizes.lua; }
house() { files . | lua5.4 tests/check/house.lua; }
format() { files '*.c' '*.h' | xargs clang-format-14 --dry-run 2>&1 | sed -n 's/: warning: code should be.*/: not as clang-format 14 writes it/p'; }
lint() { luacheck --quiet --no-color . | grep -v '^$\|^Total'; }
headers() { tests/check/headers.sh; }
exports() {
    lua5.4 tests/check/exports.lua $build/libcorelevel.so core/include/corelevel/*.h
    [ -f lua/host/include/corelevel/session.h ] &&
        lua5.4 tests/check/exports.lua $build/lib/libcorelevel-workflow.so lua/host/include/corelevel/*.h
}
tidy() { tests/check/tidy.sh $build; }

[ $# -gt 0 ] || set -- floors links sizes house format lint headers exports tidy
for check in "$@"; do
    "$check" >"$report" 2>&1
    if [ -s "$report" ]; then
        printf '%s: %s\n' "$check" "$(wc -l <"$report")"
        sed 's/^/    /' "$report"
        failed="$failed $check"
    fi
done
rm -f "$report"
[ -z "$failed" ] || { echo "check: not well:$failed"; exit 1; }
echo "check: all well ($*)"
