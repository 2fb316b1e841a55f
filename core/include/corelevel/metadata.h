/* Metadata: what the instrument and the operator said of a spectrum, as named numbers with units and named texts.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_METADATA_H
#define CLV_METADATA_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* An ordered list of entries. Well-known names: sample, region, line, technique, photon_energy (eV), anode, pass_energy
   (eV), dwell (s), scans, work_function (eV), sputter_rate (nm/s), sputter_rate_material, sputter_ion, sputter_energy
   (eV), operator, instrument, comment, started; anything else keeps the name its format gives it. */
typedef struct clv_metadata clv_metadata;

/* Makes an empty list, the caller's; NULL when memory is out. */
CLV_API clv_metadata *clv_metadata_new(void);
/* Makes a deep copy, the caller's; NULL when memory is out. */
CLV_API clv_metadata *clv_metadata_copy(const clv_metadata *metadata);
/* Frees a list and all its entries; NULL is allowed. */
CLV_API void clv_metadata_free(clv_metadata *metadata);

/* Changing is for the maker, before the object they belong to is shared; reading is for any thread.

   Set a number with its unit ("1" for none) or a text under a name, replacing an older entry of that name. Copies.
   Texts that are not UTF-8 are taken as ISO 8859-1. Errors: CLV_NO_MEMORY. */
CLV_API clv_status clv_metadata_set_number(clv_metadata *metadata, const char *name, double number, const char *unit,
                                           clv_error *err);
CLV_API clv_status clv_metadata_set_text(clv_metadata *metadata, const char *name, const char *text, clv_error *err);

/* Read, by place from 0 or by name; what is lent lives as long as the metadata. */
CLV_API size_t clv_metadata_count(const clv_metadata *metadata); /* number of entries */
/* The name of the entry at a place, in the order in which they were set; NULL beyond the last. */
CLV_API const char *clv_metadata_name(const clv_metadata *metadata, size_t place);
/* The number under a name; NaN where there is none or a text stands there. */
CLV_API double clv_metadata_number(const clv_metadata *metadata, const char *name);
/* The unit of the number under a name; NULL where there is no such entry. */
CLV_API const char *clv_metadata_unit(const clv_metadata *metadata, const char *name);
/* The text under a name; NULL where there is none or a number stands there. */
CLV_API const char *clv_metadata_text(const clv_metadata *metadata, const char *name);

CLV_END_DECLS

#endif
