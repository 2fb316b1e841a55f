/* Finds values in a JSON text by their path, without building anything of it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_JSON_FIND_H
#define CLV_JSON_FIND_H

#include <corelevel/base.h>

#include <stddef.h>

CLV_BEGIN_DECLS

/* For readers of files that carry their metadata as JSON: a few values of a large text, wanted by name. The text need
   not be good JSON, nor is it checked beyond what is passed on the way.

   Gives where the value at a path begins: names of members and places in lists (from 0) between points, such as
   "data_sources.0.title". Names that hold a point cannot be asked for. NULL where the text (ending in NUL, or NULL) has
   no such value, or is no JSON up to there. Lent by the text; bounded by it, however deep it is. */
CLV_API const char *clv_json_find(const char *json, const char *path);

/* Copies the text at a path, escapes left as they stand; returns its length. 0, and an empty copy, where there is none,
   it is no text, or it does not fit into `size` bytes. */
CLV_API size_t clv_json_find_text(const char *json, const char *path, char *text, size_t size);

CLV_END_DECLS

#endif
