/* The plugin "corelevel.core": operations that need models and fits, and so live in the library itself.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/operations.h"
#include "apply/netcdf_format.h"

static const clv_operation *const operations[] = {
    &apply_fit,           &apply_fractions,    &apply_save_fit,
    &apply_save_columns,  &apply_save_spectra, &apply_save_record,
    &apply_save_group,    &apply_plot_fit,     &apply_plot_columns,
    &apply_plot_spectra,  &apply_plot_record,  &apply_plot_group,
    &apply_preview,       &apply_detected,     &apply_difference,
    &apply_model_weights, &apply_quantify,     NULL,
};

static const clv_format *const formats[] = {&clv_format_netcdf, &clv_format_hdf5, NULL};

extern const clv_plugin clv_plugin_core;
const clv_plugin clv_plugin_core = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.core",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
    .operations = operations,
};
