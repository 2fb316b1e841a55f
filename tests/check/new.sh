#!/bin/sh
# Begins a format, an operation or a component: a source file that works and a test that holds it, to be made your own.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tests/check/new.sh format|operation|component NAME [TREE]   (from ./dev new; TREE: the project's folder)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
fail() { echo "new: $*" >&2; exit 2; }

kind=${1:-} name=${2:-} tree=${3:-$here/../..}
[ -n "$name" ] || fail "usage: ./dev new format|operation|component NAME"
printf '%s' "$name" | grep -qE '^[a-z][a-z0-9_]*$' || fail "\"$name\": a name is lower-case letters, digits and _, beginning with a letter"
case "$kind" in
format) folder=formats ;;
operation) folder=general ;;
component) folder=components ;;
*) fail "\"$kind\" is no format, operation or component" ;;
esac

source=plugins/$folder/$name.c
test=tests/plugins/$folder/test_$name.c
for file in "$source" "$test"; do [ ! -e "$tree/$file" ] || fail "$file is there already"; done
mkdir -p "$tree/plugins/$folder" "$tree/tests/plugins/$folder"
sed "s/@NAME@/$name/g" "$here/new/$kind.c.in" >"$tree/$source"
sed "s/@NAME@/$name/g" "$here/new/test_$kind.c.in" >"$tree/$test"
if command -v clang-format-14 >/dev/null; then
    clang-format-14 -i --style=file:"$here/../../.clang-format" "$tree/$source" "$tree/$test"
fi
cat <<TXT
$source   does something small that works: make it yours
$test   holds what it does: change it with it
next: ./dev test test_$name     and CONTRIBUTING.md says what else it should have
TXT
