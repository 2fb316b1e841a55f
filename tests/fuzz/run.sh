#!/bin/sh
# Runs every fuzz target for the given time, all cores busy, from the kept corpus; what breaks one is kept and named.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tests/fuzz/run.sh SECONDS   (from ./dev fuzz, which has built build/fuzz)
set -u
cd "$(dirname "$0")/../.."
seconds=$1
build=build/fuzz/tests
grown=build/fuzz/corpus
mkdir -p "$grown"

# One target: silent when nothing broke it.
if [ "${2:-}" = one ]; then
    target=$3 name=${3#fuzz_}
    mkdir -p "$grown/$name"
    kept=tests/fuzz/corpus/$name
    [ -d "$kept" ] || kept=""
    if ! "$build/$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2000 -print_final_stats=1 \
        -artifact_prefix="$grown/$name-" "$grown/$name" $kept >"$grown/$name.log" 2>&1; then
        echo "$target: broken, see $grown/$name.log:"
        grep -E 'ERROR|SUMMARY|Test unit written' "$grown/$name.log"
        exit 1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$grown/$name.log")
    [ "${runs:-0}" -gt 0 ] || { echo "$target: ran nothing"; exit 1; }
    echo "$target: $runs runs, nothing broke"
    exit 0
fi

targets=$(cd "$build" && find . -maxdepth 1 -type f -name "fuzz_*" -perm -u+x | sed "s|^..||" | sort)
[ -n "$targets" ] || { echo "no fuzz target is built in $build"; exit 1; }
echo "$targets" | xargs -P "$(nproc)" -I{} "$0" "$seconds" one {}
