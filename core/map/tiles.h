/* Work over tiles on all cores: a tile is a fixed share of the data, so that results do not depend on the threads.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_TILES_H
#define CLV_TILES_H

#include <corelevel/error.h>

/* One tile's work. `thread` is below the number that clv_tiles_run was given, for scratch space. [any thread] */
typedef clv_status (*clv_tile_work)(void *payload, size_t tile, size_t thread, clv_error *err);

/* Runs tiles 0 to count - 1 on `threads` threads (1 works on the caller's alone). When tiles fail, the sentence is that
   of the lowest one, whatever the threads, and no higher tile is begun. Errors: those of the work, CLV_NO_MEMORY. */
clv_status clv_tiles_run(size_t count, size_t threads, clv_tile_work work, void *payload, clv_error *err);

#endif
