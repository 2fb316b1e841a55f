/* Axes: a name, a unit and one value for each place; the energy axis is always a spectrum's last.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_AXIS_H
#define CLV_AXIS_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* An immutable, counted axis. Names are those of the field: binding_energy, kinetic_energy, photon_energy, energy_loss
   (eV); depth (nm, or nm SiO2 equiv.), etch_time (s), level, x, y (nm), scan, sample, k (1/angstrom), r (angstrom). */
typedef struct clv_axis clv_axis;

/* Makes an axis of `size` values (copied). Energy axes must be finite and strictly ascending; other axes may hold any
   finite values. Unit "1" means none. Errors: CLV_BAD_ARGUMENT naming the first offending place, CLV_NO_MEMORY. */
CLV_API clv_status clv_axis_new(const char *name, const char *unit, const double *values, size_t size, clv_axis **axis,
                                clv_error *err);

/* Shares; gives up one reference (NULL is allowed). */
CLV_API clv_axis *clv_axis_ref(const clv_axis *axis);
CLV_API void clv_axis_free(clv_axis *axis);

/* What the axis is made of; lent while it lives. */
CLV_API const char *clv_axis_name(const clv_axis *axis);
CLV_API const char *clv_axis_unit(const clv_axis *axis);
CLV_API size_t clv_axis_size(const clv_axis *axis);
CLV_API const double *clv_axis_values(const clv_axis *axis);

/* The spacing when all steps agree within 1e-6 of it (relative to the larger of step and 1e-9 of the range), else 0. */
CLV_API double clv_axis_step(const clv_axis *axis);

/* Whether a name is one of the four energy axes. */
CLV_API int clv_axis_is_energy(const char *name);

/* Whether two axes have the same name, unit and values. */
CLV_API int clv_axis_equal(const clv_axis *a, const clv_axis *b);

CLV_END_DECLS

#endif
