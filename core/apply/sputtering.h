/* What is to be said of oxidation states that were measured after sputtering. Private to core/apply.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_SPUTTERING_H
#define CLV_APPLY_SPUTTERING_H

#include <corelevel/columns.h>
#include <corelevel/spectra.h>

/* Ion beams reduce oxides: after sputtering, the fraction of the lower of two oxidation states of an element (columns
   "Co3+" and "Co2+") is an upper limit of what was there. Adds a note that says so, with ion, energy and fluence where
   the file tells them; none when nothing was sputtered or no such pair is there. Source: S. Hofmann, Rep. Prog. Phys.
   61 (1998) 827, doi 10.1088/0034-4885/61/7/002. Errors: CLV_NO_MEMORY. */
clv_status sputtering_add_note(const clv_spectra *spectra, clv_columns *columns, clv_error *err);

/* Whether a note is such a one. */
int sputtering_is_note(const char *note);

#endif
