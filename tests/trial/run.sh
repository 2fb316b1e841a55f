#!/usr/bin/env bash
# Makes, analyses and scores the trial: run.sh CORELEVEL REPOSITORY FOLDER SEED
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
corelevel=$1 repository=$2 folder=$3 seed=$4
here="$(cd "$(dirname "$0")" && pwd)"
mkdir -p "$folder"
lua5.4 "$here/make.lua" "$repository" "$folder" "$seed"
for set in 1 2 3 4 5 6 7 8 9 10; do
  "$corelevel" run "$here/analyse.lua" "$folder/set$set.csv" > "$folder/set$set.lua"
done
lua5.4 "$here/score.lua" "$folder"
