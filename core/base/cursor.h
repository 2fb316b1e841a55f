/* What hosts inside the library do with a cursor beyond its public face. Private to core.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_BASE_CURSOR_H
#define CLV_BASE_CURSOR_H

#include <corelevel/cursor.h>

/* Fills a head with the first bytes of the cursor's file (gzip undone), for probes. Lends what the cursor lends. */
void clv_cursor_head(const clv_cursor *cursor, clv_head *head);

#endif
