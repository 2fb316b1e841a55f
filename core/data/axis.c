/* Makes and compares axes. SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/axis.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "object.h"
#include "texts.h"

struct clv_axis {
    clv_object base;
    char *name, *unit;
    double *values;
    size_t size;
};

static void destroy_axis(void *object)
{
    clv_axis *axis = object;

    free(axis->name);
    free(axis->unit);
    free(axis->values);
    free(axis);
}

static clv_status check_values(const char *name, const double *values, size_t size, clv_error *err)
{
    int energy = clv_axis_is_energy(name);

    CLV_CHECK(size > 0, err, CLV_BAD_ARGUMENT, "axis %s has no values", name);
    for (size_t i = 0; i < size; i++) {
        CLV_CHECK(isfinite(values[i]), err, CLV_BAD_ARGUMENT, "axis %s: value %zu is not a finite number", name, i + 1);
        CLV_CHECK(!energy || i == 0 || values[i] > values[i - 1], err, CLV_BAD_ARGUMENT,
                  "axis %s: value %zu (%g) is not above the one before it (%g); energies ascend", name, i + 1,
                  values[i], values[i ? i - 1 : 0]);
    }
    return CLV_OK;
}

clv_status clv_axis_new(const char *name, const char *unit, const double *values, size_t size, clv_axis **axis,
                        clv_error *err)
{
    clv_axis *made;

    CLV_CHECK(name && *name && unit && values, err, CLV_BAD_ARGUMENT, "an axis needs a name, a unit and values");
    CLV_TRY(check_values(name, values, size, err));
    made = clv_object_new(sizeof *made, CLV_NIL, destroy_axis);
    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for axis %s", name);
    made->name = clv_texts_copy(name);
    made->unit = clv_texts_copy(unit);
    made->values = reallocarray(NULL, size, sizeof *values);
    made->size = size;
    if (!made->name || !made->unit || !made->values) {
        clv_axis_free(made);
        return clv_fail(err, CLV_NO_MEMORY, "no memory for the %zu values of axis %s", size, name);
    }
    memcpy(made->values, values, size * sizeof *values);
    *axis = made;
    return CLV_OK;
}

clv_axis *clv_axis_ref(const clv_axis *axis) { return clv_object_ref(axis); }
void clv_axis_free(clv_axis *axis) { clv_object_free(axis); }

const char *clv_axis_name(const clv_axis *axis) { return axis->name; }
const char *clv_axis_unit(const clv_axis *axis) { return axis->unit; }
size_t clv_axis_size(const clv_axis *axis) { return axis->size; }
const double *clv_axis_values(const clv_axis *axis) { return axis->values; }

double clv_axis_step(const clv_axis *axis)
{
    const double *v = axis->values;
    double range, step, within;

    if (axis->size < 2) { return 0.0; }
    range = v[axis->size - 1] - v[0];
    step = range / (double)(axis->size - 1);
    within = 1e-6 * fmax(fabs(step), 1e-9 * fabs(range));
    for (size_t i = 1; i < axis->size; i++) {
        if (!(fabs(v[i] - v[i - 1] - step) <= within)) { return 0.0; }
    }
    return step;
}

int clv_axis_is_energy(const char *name)
{
    static const char *const energies[] = {
        "binding_energy", "kinetic_energy", "photon_energy", "energy_loss", "k", "r"};

    for (size_t i = 0; i < sizeof energies / sizeof *energies; i++) {
        if (strcmp(name, energies[i]) == 0) { return 1; }
    }
    return 0;
}

int clv_axis_equal(const clv_axis *a, const clv_axis *b)
{
    if (a == b) { return 1; }
    if (a->size != b->size || strcmp(a->name, b->name) != 0 || strcmp(a->unit, b->unit) != 0) { return 0; }
    for (size_t i = 0; i < a->size; i++) {
        if (a->values[i] != b->values[i]) { return 0; }
    }
    return 1;
}
