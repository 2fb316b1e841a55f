#!/bin/sh
# Programs of somebody else, by CMake package and by pkg-config, against an installed and moved corelevel.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tests/core/consumer/run.sh BUILD   (a built folder; run by ctest as consumer)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
unset CORELEVEL_DATA_DIR CORELEVEL_PLUGIN_PATH LD_LIBRARY_PATH PKG_CONFIG_PATH 2>/dev/null || :

cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/moved"
sample=$work/moved/share/corelevel/samples/licoo2_reduced.vms

cmake -S "$here" -B "$work/built" -G Ninja -DCMAKE_PREFIX_PATH="$work/moved" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cmake --build "$work/built" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$work/built/consumer" "$sample" >"$work/cmake.out"
"$work/built/session" "$sample" >"$work/session.out"

export PKG_CONFIG_PATH="$work/moved/lib/pkgconfig"
cc -std=c17 -Wall -Wextra -Werror $(pkg-config --cflags corelevel) -o "$work/consumer" "$here/consumer.c" $(pkg-config --libs corelevel)
"$work/consumer" "$sample" >"$work/pkgconfig.out"
pkg-config --exact-version="$("$work/moved/bin/corelevel" --version | cut -d' ' -f2)" corelevel ||
    { echo "pkg-config and the command tell different versions"; exit 1; }

# The sample holds Co 2p at three depths, 421 channels each: 770 to 812 eV in steps of 0.1 (spectra/generator/licoo2.lua).
for out in cmake pkgconfig; do
    [ "$(cat "$work/$out.out")" = "3 spectra of 421 channels" ] || { echo "$out prints: $(cat "$work/$out.out")"; exit 1; }
done
[ "$(cat "$work/session.out")" = counts ] || { echo "the session prints: $(cat "$work/session.out")"; exit 1; }
if grep -rlF "$work/first" "$work/moved" >"$work/log"; then echo "these remember the prefix:"; cat "$work/log"; exit 1; fi
echo "consumers by CMake and by pkg-config work"
