/* What the files of the plugin room share: how checked options are held, one value's check, one operation's run.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_PLUGIN_OPTIONS_H
#define CLV_PLUGIN_OPTIONS_H

#include <corelevel/registry.h>

struct clv_options {
    const clv_parameter *rows;
    size_t count;
    clv_value **values;   /* [count]; NULL stands for nil */
    unsigned char *given; /* [count]: not by preset */
};

/* How many rows there are (NULL: 0). */
size_t clv_options_rows(const clv_parameter *rows);

/* Checks one value against its row and gives it in its normal form (lists as tables, a record of one spectra as
   spectra). The value made is the caller's. Errors: CLV_BAD_ARGUMENT in one sentence beginning with `who`. */
clv_status clv_options_normal(const char *who, const clv_parameter *row, const clv_value *value, clv_value **normal,
                              clv_error *err);

/* Applies a per-spectrum operation to the spectra that the call stands on; see clv_block for what it is handed. */
clv_status clv_apply_spectra(const clv_call *call, const clv_operation *operation, clv_value **result, clv_error *err);

/* Hashes a file's bytes into text and tells the hash's name: "source_sha256" of all bytes up to 64 MiB, beyond
   "source_fingerprint" of the size (8 bytes, little-endian), the first and the last MiB and 62 evenly spaced ones. */
const char *clv_load_hash(const uint8_t *bytes, size_t count, char text[65]);

#endif
