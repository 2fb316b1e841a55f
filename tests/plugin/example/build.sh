#!/bin/sh
# Builds the example plugin against an installed corelevel, found by pkg-config and by nothing else.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
cd "$(dirname "$0")"
cc -std=c17 -O2 -Wall -Wextra -Werror -fPIC -fvisibility=hidden $(pkg-config --cflags corelevel) -shared -o example.so \
    strip.c dead_time.c sech.c $(pkg-config --libs corelevel) -lm
