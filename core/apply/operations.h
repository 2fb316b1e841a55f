/* The operations that stand on models and fits, gathered into the plugin "corelevel.core" by operations.c.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_OPERATIONS_H
#define CLV_APPLY_OPERATIONS_H

#include <corelevel/plugin.h>

extern const clv_operation apply_fit;       /* op_fit.c */
extern const clv_operation apply_fractions; /* op_fractions.c */
extern const clv_operation apply_save_fit, apply_save_columns, apply_save_spectra, apply_save_record,
    apply_save_group; /* op_save.c */
extern const clv_operation apply_plot_fit, apply_plot_columns, apply_plot_spectra, apply_plot_record,
    apply_plot_group; /* op_plot.c */

extern const clv_operation apply_detected;      /* op_detected.c */
extern const clv_operation apply_quantify;      /* op_quantify.c */
extern const clv_operation apply_difference;    /* op_difference.c */
extern const clv_operation apply_model_weights; /* op_model_weights.c */
extern const clv_operation apply_preview;       /* op_preview.c */

#endif
