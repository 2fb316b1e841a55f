/* What the readers of Scienta's text and Igor files share: the entries that SES writes beside its spectra.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_SCIENTA_H
#define CLV_SCIENTA_H

#include "rows.h"

/* Keeps an entry "Pass Energy=50"; a line that is none is left out, and so are paths of the measuring computer. */
clv_status scienta_keep(clv_metadata *metadata, const char *line, clv_error *err);

/* Derives what follows from several entries: when it started, the dwell time per sweep. */
clv_status scienta_finish(clv_metadata *metadata, clv_error *err);

/* The axis that a label such as "Kinetic Energy [eV]" means: of energies (its name and photon energy go to `what`,
   true) or another one (false), whose name, unit and factor to that unit are told. */
int scienta_is_energy(const char *label, const clv_metadata *metadata, rows_signal *what);
void scienta_name_axis(const char *label, char name[ROWS_LABEL], char unit[ROWS_LABEL], double *factor);

#endif
