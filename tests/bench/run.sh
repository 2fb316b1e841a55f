#!/bin/sh
# Runs every bench and prints what each measures: ratios to peers run side by side on this machine, never times alone.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tests/bench/run.sh [NAME...]   (from ./dev bench, which has built build/release; by name: bench_fit)
set -u
cd "$(dirname "$0")/../.."
build=build/release/tests
failed=""

# lmfit is a peer where it is installed; a bench whose peer is missing says so by itself or here.
if /usr/bin/python3 -c 'import lmfit' 2>/dev/null; then
    echo "peer lmfit $(/usr/bin/python3 -c 'import lmfit; print(lmfit.__version__)')"
else
    echo "peer lmfit: skipped, python3-lmfit is not installed"
fi
grep -m1 'model name' /proc/cpuinfo | sed 's/.*: /machine: /'

[ $# -gt 0 ] || set -- $(cd tests/bench && ls bench_*.c | sed 's/\.c$//')
for bench in "$@"; do
    [ -x "$build/$bench" ] || { echo "$bench is not built"; failed="$failed $bench"; continue; }
    printf '\n== %s: %s\n' "$bench" "$(sed -n '1s|^/\* ||p' "tests/bench/$bench.c" | sed 's| SPDX.*||; s| \*/||')"
    nice -n -5 true 2>/dev/null && quick="nice -n -5" || quick=""
    $quick "$build/$bench" || failed="$failed $bench"
done
[ -z "$failed" ] || { echo "bench: failed:$failed"; exit 1; }
