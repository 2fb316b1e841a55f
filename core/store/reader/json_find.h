/* Finds a value in a JSON text by its path. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_READER_JSON_FIND_H
#define CLV_STORE_READER_JSON_FIND_H

#include <stddef.h>

/* Where the value of "Optics.AccelerationVoltage" begins; NULL where the text has no such member, or is none of JSON up
   to there. */
const char *json_find(const char *json, const char *path);

/* The number there, also where it stands as a text ("300000"); NaN: there is none. */
double json_number(const char *json, const char *path);

/* The text there, without what escapes stand for; returns its length, 0 where there is none. */
size_t json_text(const char *json, const char *path, char *text, size_t size);

#endif
