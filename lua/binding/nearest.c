/* Did you mean: the near name among those that a list gives one by one.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"

#include <stdlib.h>

const char *clv_nearest(const char *wrong, size_t count, const char *(*name_at)(const void *list, size_t place),
                        const void *list)
{
    const char **names = malloc((count + 1) * sizeof *names);
    const char *near = NULL;

    if (!names) { return NULL; }
    for (size_t i = 0; i < count; i++) { names[i] = name_at(list, i); }
    near = clv_text_nearest(wrong, names, count);
    free(names);
    return near;
}
