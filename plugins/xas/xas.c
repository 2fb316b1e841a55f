/* The plugin "corelevel.xas": operations of x-ray absorption spectroscopy.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "xas.h"

static const clv_operation *const operations[] = {
    &xas_mu,      &xas_align, &xas_normalize,      &xas_edge_shift, &xas_autobk_operation,
    &xas_fourier, &xas_peaks, &xas_normalize_pair, &xas_excess,     NULL};

clv_status xas_take_over(const clv_call *call, const clv_spectra *from, clv_spectra *to, clv_error *err)
{
    const clv_metadata *m = clv_spectra_metadata(from);

    for (size_t i = 0; i < clv_metadata_count(m); i++) {
        const char *name = clv_metadata_name(m, i), *text = clv_metadata_text(m, name);

        CLV_TRY(text ? clv_metadata_set_text(clv_spectra_metadata_fill(to), name, text, err)
                     : clv_metadata_set_number(clv_spectra_metadata_fill(to), name, clv_metadata_number(m, name),
                                               clv_metadata_unit(m, name), err));
    }
    for (size_t i = 0; i < clv_spectra_history_count(from); i++) {
        CLV_TRY(clv_spectra_add_history(to, clv_spectra_history(from, i), err));
    }
    return clv_spectra_add_history(to, call->line, err);
}

CLV_PLUGIN(xas) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.xas",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .operations = operations,
};
