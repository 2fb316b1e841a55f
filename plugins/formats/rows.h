/* What the readers of exported text share: rows of numbers, and how energies and signals in them become spectra.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_ROWS_H
#define CLV_ROWS_H

#include <corelevel/plugin.h>

#define ROWS_LABEL 128

/* Rows of equally many numbers, one after the other, in the order of the file. */
typedef struct rows {
    double *numbers; /* [count][width] */
    size_t width;    /* 0: as many as the first row has */
    size_t count;
    size_t room; /* numbers */
} rows;

void rows_free(rows *table);
void rows_clear(rows *table); /* keeps the memory, forgets the width */

/* Adds the numbers of a line, between blanks, commas and semicolons. Errors: CLV_BAD_FILE when something else stands
   there or there are more or fewer than in the row before. */
clv_status rows_add_line(rows *table, const clv_cursor *in, const char *line, clv_error *err);
clv_status rows_add(rows *table, const double *numbers, clv_error *err);

/* Whether a line begins with a number. */
int rows_is_number(const char *line);

/* Which columns are meant, and as what. */
typedef struct rows_signal {
    const char *name, *unit;
    const char *axis;    /* name of the energy axis */
    double photon;       /* energies are this minus the column; NaN: as they stand */
    size_t energy;       /* column of the energies */
    size_t first, count; /* columns of the signal: more than one run along `along` */
    clv_axis *along;     /* of `count` places; NULL for one column */
} rows_signal;

/* Makes spectra of columns, energies ascending; where several rows have one energy their mean, and a line of history
   says so. Counts that are whole numbers get Poisson noise. Errors: CLV_BAD_FILE for no rows and for energies that are
   none. */
clv_status rows_spectra(const rows *table, const clv_cursor *in, const rows_signal *what, clv_spectra **made,
                        clv_error *err);

/* Adds a block to the record, as clv_record_add_block does; the spectra are taken even on failure. Errors: CLV_LIMIT
   when there are more blocks than a file of this size has reason to hold. */
clv_status rows_add_block(clv_record *record, const clv_cursor *in, clv_spectra *spectra_take, const char *const *names,
                          const char *const *units, const double *values, size_t count, clv_error *err);

/* Puts a column beside the energies under a name, unless it has a value that is not finite. */
clv_status rows_add_beside(const rows *table, const clv_cursor *in, const rows_signal *what, const char *name,
                           clv_spectra *spectra, clv_error *err);

/* Turns rates into the counts they were made from, when rate times `seconds` is a whole number within the rounding of
   the printed digits in every channel and those digits are enough to tell. Leaves other spectra as they are. */
clv_status rows_undo_rates(clv_spectra *spectra, double seconds, clv_error *err);

/* Energies of photoelectrons stand as binding energies where the photon energy is known: tells axis and photon. */
void rows_name_axis(int is_binding, double photon_energy, rows_signal *what);

/* Whether the columns of a signal hold nothing but whole numbers from 0 up, as counts are. */
int rows_are_whole(const rows *table, size_t first, size_t count);

/* How the metadata call what a format calls otherwise. Ends with a row without key. */
typedef struct rows_key {
    const char *key, *name;
    const char *unit; /* NULL: a text */
} rows_key;

/* Keeps one entry; keys that are not listed become names of lower case, with the unit in brackets where there is one.
   Empty values are left out. */
clv_status rows_keep(clv_metadata *metadata, const rows_key *keys, const char *key, const char *value, clv_error *err);

/* "Sample temperature [K]" as sample_temperature and K ("1" where there is none). */
void rows_split_label(const char *label, char name[ROWS_LABEL], char unit[ROWS_LABEL]);

/* Copies all entries. */
clv_status rows_copy_metadata(const clv_metadata *from, clv_metadata *to, clv_error *err);

/* Copies a text without the blanks around it, cut at the end of a character when there is no room. */
void rows_trim(const char *text, size_t length, char *out, size_t size);

#endif
