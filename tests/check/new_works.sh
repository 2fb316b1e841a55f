#!/bin/sh
# Do the skeletons of ./dev new compile without a warning and pass their own tests?
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tests/check/new_works.sh BUILD   (a built folder; run by ctest as new_skeletons)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
flags="-std=c17 -D_GNU_SOURCE -O1 -Wall -Wextra -Wshadow -Wmissing-prototypes -Werror -I$root/core/include"
mkdir "$work/loaded"

for kind in format operation component; do
    "$here/new.sh" $kind sample_$kind "$work" >/dev/null
    if "$here/new.sh" $kind sample_$kind "$work" >/dev/null 2>&1; then echo "new $kind overwrites"; exit 1; fi
    cc $flags -fPIC -shared -o "$work/loaded/$kind.so" "$work"/plugins/*/sample_$kind.c -L"$build" -lcorelevel -lm
    cc $flags -o "$work/test" "$work"/tests/plugins/*/test_sample_$kind.c -L"$build" -Wl,-rpath,"$build" -lcorelevel -lcmocka -lm
    CORELEVEL_PLUGIN_PATH="$work/loaded" "$work/test" >"$work/log" 2>&1 || { echo "the test of a new $kind fails:"; cat "$work/log"; exit 1; }
done
if "$here/new.sh" format 'Bad Name' "$work" 2>/dev/null; then echo "a bad name is taken"; exit 1; fi
echo "skeletons of a format, an operation and a component work"
