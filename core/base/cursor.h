/* What hosts inside the library do with a cursor beyond its public face. Private to core.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_BASE_CURSOR_H
#define CLV_BASE_CURSOR_H

#include <corelevel/cursor.h>

/* Fills a head with the first bytes of the cursor's file (gzip undone), for probes. Lends what the cursor lends. */
void clv_cursor_head(const clv_cursor *cursor, clv_head *head);

/* Opens the file of that base name in the folder of the cursor's: bytes are the cursor's, freed with free. */
typedef clv_status (*clv_cursor_open)(void *payload, const char *name, uint8_t **bytes, size_t *count, clv_error *err);

/* Says how files beside this one are opened; without it clv_cursor_beside refuses. */
void clv_cursor_set_open(clv_cursor *cursor, clv_cursor_open open, void *payload);

/* The file that clv_cursor_beside opened, lent; NULL where none was. */
const clv_cursor *clv_cursor_opened(const clv_cursor *cursor);

/* All bytes of the file (gzip undone), lent. */
const uint8_t *clv_cursor_all(const clv_cursor *cursor);

#endif
