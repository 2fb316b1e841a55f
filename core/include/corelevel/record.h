/* Records: what a file holds, named spectra with where they came from; finding a region by any spelling of its line.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_RECORD_H
#define CLV_RECORD_H

#include <corelevel/spectra.h>

CLV_BEGIN_DECLS

/* Immutable once shared, counted. */
typedef struct clv_record clv_record;

/* Makes an empty record, the caller's; NULL when memory is out. */
CLV_API clv_record *clv_record_new(void);
/* Shares the record: one more reference. Any thread. */
CLV_API clv_record *clv_record_ref(const clv_record *record);
/* Gives up one reference; the last one frees the spectra too, unless others share them. NULL is allowed. */
CLV_API void clv_record_free(clv_record *record);

/* Adds spectra (taken even on failure). What a reader adds is one block: a spectrum on its energy axis alone, whose
   metadata say sample, region and technique. Experimental variables (etch time, depth, level, angle, temperature, x, y
   …) are told by `clv_record_add_block`: names as axis names, one unit and one value for each, the fastest-changing
   last. */
CLV_API clv_status clv_record_add(clv_record *record, clv_spectra *spectra_take, clv_error *err);
CLV_API clv_status clv_record_add_block(clv_record *record, clv_spectra *spectra_take, const char *const *variables,
                                        const char *const *units, const double *values, size_t count, clv_error *err);

/* Stacks blocks: those of the same sample, region, technique, unit and number of channels, whose energy axes are equal
   or shifted by a constant (which becomes energy_offset), become one spectra along their experimental variable, in the
   order of the file; metadata that differ from block to block stay as texts with the values listed. Where several
   variables change with the block (etch time and depth) the first that changes strictly gives the axis, the others
   stand beside it. Blocks that repeat at equal variables stack along `scan` within the file's order. Others stay
   separate. */
CLV_API clv_status clv_record_stack(clv_record *record, clv_error *err);

/* The spectra: how many. */
CLV_API size_t clv_record_count(const clv_record *record);
/* The spectra at a place from 0, lent; NULL beyond the last. */
CLV_API clv_spectra *clv_record_at(const clv_record *record, size_t place);

/* Finds the one spectra that any spelling of a line means: "Co 2p", "Co2p", "Co 2p3/2", "co2p", the region's own name,
   or a line whose energy (from the line library, given by the caller as `energy`, NaN where unknown) lies in the range
   of exactly one region. Errors: CLV_NOT_FOUND listing what there is; CLV_BAD_ARGUMENT listing the matches when there
   are several. Lent. */
CLV_API clv_status clv_record_find(const clv_record *record, const char *line, double energy, clv_spectra **found,
                                   clv_error *err);

/* Makes a record of those spectra whose sample, line and level match (NULL or NaN: any). Shares the spectra. */
CLV_API clv_status clv_record_select(const clv_record *record, const char *sample, const char *line, double level,
                                     clv_record **selected, clv_error *err);

/* Where it came from: the file's base name, its format, the hash that `hash_name` names ("source_sha256" or
   "source_fingerprint"). Texts are copied by the setter and lent by the getters (NULL before). */
CLV_API clv_status clv_record_set_source(clv_record *record, const char *name, const char *format,
                                         const char *hash_name, const char *hash, clv_error *err);
CLV_API const char *clv_record_source(const clv_record *record);    /* "lco.vms" */
CLV_API const char *clv_record_format(const clv_record *record);    /* "vamas" */
CLV_API const char *clv_record_hash_name(const clv_record *record); /* "source_sha256" */
CLV_API const char *clv_record_hash(const clv_record *record);      /* hexadecimal */

/* Takes over from another record where it came from and the metadata that all its spectra share, as an operation does
   whose result stands for the same file. */
CLV_API clv_status clv_record_copy_source(clv_record *record, const clv_record *from, clv_error *err);

/* Metadata shared by all; lent; the maker changes them through the second. */
CLV_API const clv_metadata *clv_record_metadata(const clv_record *record);
CLV_API clv_metadata *clv_record_metadata_fill(clv_record *record);

CLV_END_DECLS

#endif
