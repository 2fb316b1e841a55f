/* Fits and models as people want to see them on a terminal.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_PRINT_H
#define CLV_APPLY_PRINT_H

#include "apply/fit_object.h"
#include "data/buffer.h"

/* Append a fit or a model to a text. */
clv_status fit_print(const clv_fit *fit, clv_buffer *text, clv_error *err);
void model_print(const clv_model *model, clv_buffer *text);

/* Columns of everything that is free in a fit: areas first as they stand, then shapes; what is shared is left out. */
clv_status fit_free_columns(const clv_fit *fit, clv_columns **columns, clv_error *err);

#endif
