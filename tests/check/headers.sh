#!/bin/sh
# Does every public header compile alone, as C17 and as C++17, with every warning an error?
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
status=0
for header in core/include/corelevel/*.h lua/host/include/corelevel/*.h; do
    [ -f "$header" ] || continue
    face="<corelevel/$(basename "$header")>"
    for language in c c++; do
        compiler=gcc standard=c17
        [ "$language" = c++ ] && compiler=g++ standard=c++17
        printf '#include %s\n#include %s\nint main(void);\nint main(void) { return 0; }\n' "$face" "$face" |
            sed "$([ "$language" = c++ ] && echo 's/(void)/()/g' || echo '')" |
            "$compiler" -x "$language" -std="$standard" -pedantic -Wall -Wextra -Werror -fsyntax-only \
                -Icore/include -Ilua/host/include - 2>&1 | sed "s|^|$header as $standard: |" | grep . && status=1
    done
done
exit $status
