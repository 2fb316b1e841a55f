#!/bin/sh
# Runs clang-tidy 14 on the C files of the product, each once for as long as neither it, a header nor the settings change.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tests/check/tidy.sh BUILD   (a configured folder with compile_commands.json; what passed is kept in BUILD/tidy)
set -u
build=$1
kept=$build/tidy
mkdir -p "$kept"
headers=$(git ls-files -z '*.h' .clang-tidy tests/check/analysed.h tests/check/tidy.sh | xargs -0 cat | sha256sum | cut -c1-64)

# One file: silent when it passed, now or before; its complaints otherwise.
if [ "${2:-}" = one ]; then
    file=$3 headers=$4
    mark=$kept/$( (printf '%s' "$headers"; cat "$file"; printf '%s' "$file") | sha256sum | cut -c1-64)
    [ -f "$mark" ] && exit 0
    prelude="--extra-arg=-include --extra-arg=$PWD/tests/check/analysed.h"
    [ "$file" = core/base/error.c ] && prelude=
    if clang-tidy-14 -p "$build" --quiet $prelude "$file" >"$mark.tmp" 2>&1; then
        mv "$mark.tmp" "$mark"
        exit 0
    fi
    grep -E '(error|warning): ' "$mark.tmp" | sed "s|^$PWD/||"
    rm -f "$mark.tmp"
    exit 1
fi

git ls-files 'core/*.c' 'plugins/*.c' 'lua/*.c' | xargs -P "$(nproc)" -I{} "$0" "$build" one {} "$headers"
