#!/bin/sh
# Runs a workflow through the command, through stock lua5.4 and as its C twin, with one and with three threads, and
# SPDX-License-Identifier: GPL-3.0-or-later
# compares every file byte by byte. Usage: twins.sh COMMAND TWIN SAMPLE WORKFLOW MODULES FOLDER
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
command=$1 twin=$2 sample=$3 workflow=$4 modules=$5 folder=$6
export LUA_PATH="$modules/share/lua/5.4/?.lua;$modules/share/lua/5.4/?/init.lua;;"
export LUA_CPATH="$modules/lib/lua/5.4/?.so;;"
rm -rf "$folder"
mkdir -p "$folder/c"
"$command" run "$workflow" "$sample" --threads 1 --out "$folder/one" >"$folder/one.txt" 2>"$folder/one.err"
"$command" run "$workflow" "$sample" --threads 3 --out "$folder/three" >"$folder/three.txt" 2>"$folder/three.err"
LC_ALL=C.UTF-8 lua5.4 "$workflow" "$sample" --out "$folder/lua" >"$folder/lua.txt" 2>"$folder/lua.err"
"$twin" "$sample" "$folder/c" >"$folder/c.txt"
for file in co2p.nc co2p.csv co2p_parameters.csv fractions.csv; do
    for other in three lua c; do cmp "$folder/one/$file" "$folder/$other/$file"; done
done
for file in co2p.svg fractions.svg; do
    for other in three lua; do cmp "$folder/one/$file" "$folder/$other/$file"; done
done
for other in three lua c; do cmp "$folder/one.txt" "$folder/$other.txt"; done
