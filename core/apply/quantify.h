/* What the operation `quantify` knows of each component, from its line to the factor that makes an amount of its area.
   Private to core/apply. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_QUANTIFY_H
#define CLV_APPLY_QUANTIFY_H

#include "apply/fit_object.h"
#include "data/line_name.h"
#include "store/sensitivity.h"

#include <corelevel/group.h>
#include <corelevel/imfp.h>
#include <corelevel/plugin.h>

/* How areas become amounts. */
typedef struct quantify_method {
    clv_sensitivity set; /* rows of a user's file; none with Scofield's cross-sections */
    int scofield, transmission, imfp, has_material;
    clv_material material;
} quantify_method;

/* One component of one element's fit. */
typedef struct quantify_part {
    const clv_fit *fit;
    const char *name; /* of the component; lent */
    clv_line_name line;
    size_t element;  /* place among the fits */
    size_t area;     /* place of its area among all parameters of the model */
    size_t position; /* the same of its position, SIZE_MAX where it has none */
    double *weight;  /* [points] amount of one unit of area */
} quantify_part;

/* Everything under way. */
typedef struct quantify_work {
    const clv_group *fits;
    quantify_method method;
    quantify_part *parts;
    size_t count;
    size_t points;
    size_t *order;        /* [fits] places of the fits as they are shown */
    uint8_t *inside;      /* [fits] whether the element is in the sum */
    char *sum;            /* "S + P", the elements of the sum that were measured */
    clv_columns *remarks; /* notes on the way, on no axes */
} quantify_work;

/* Reads the options (quantify_options.c). Errors: CLV_BAD_ARGUMENT naming the option. */
clv_status quantify_read_method(const clv_options *options, quantify_method *method, clv_error *err);
clv_status quantify_read_sum(const clv_options *options, quantify_work *work, clv_error *err);

/* Lists the components of all fits with their lines (quantify_parts.c). */
clv_status quantify_list_parts(quantify_work *work, clv_error *err);

/* Works out the weight of a part at every point, and notes what was supposed (quantify_factors.c). */
clv_status quantify_weigh(quantify_work *work, quantify_part *part, clv_error *err);

/* Notes how the weights were made, after all have been. */
clv_status quantify_note_method(quantify_work *work, clv_error *err);

/* The fit of an element, and its name. */
const clv_fit *quantify_fit(const quantify_work *work, size_t element);
const char *quantify_element(const quantify_work *work, size_t element);

/* Adds a note once. */
clv_status quantify_note(quantify_work *work, clv_error *err, const char *format, ...) CLV_PRINTF(3, 4);

#endif
