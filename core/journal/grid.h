/* The tables of a whole batch as arrays. Private to core/journal. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_JOURNAL_GRID_H
#define CLV_JOURNAL_GRID_H

#include "journal/entries.h"

/* Writes `batch.nc` into a folder: a group for each published table, its columns on the dimension `input` (all items,
   their names in the variable `input`) and one for its rows: the values of its axes that occur in any item, in
   ascending order, where items share them; else `row`, and the axes are variables of both. What an item does not have
   is NaN. Errors: CLV_CANNOT_WRITE, CLV_BAD_FILE, CLV_NO_MEMORY. */
clv_status clv_grid_write(const clv_entries *entries, const char *folder, clv_error *err);

#endif
