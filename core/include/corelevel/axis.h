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

/* Shares the axis: returns it with one more reference, which the caller gives up with clv_axis_free. Any thread. */
CLV_API clv_axis *clv_axis_ref(const clv_axis *axis);
/* Gives up one reference; the last one frees the axis. NULL is allowed. Any thread. */
CLV_API void clv_axis_free(clv_axis *axis);

/* What the axis is made of; lent while it lives. */
CLV_API const char *clv_axis_name(const clv_axis *axis);     /* "binding_energy" */
CLV_API const char *clv_axis_unit(const clv_axis *axis);     /* "eV"; "1" for none */
CLV_API size_t clv_axis_size(const clv_axis *axis);          /* number of values, at least 1 */
CLV_API const double *clv_axis_values(const clv_axis *axis); /* [size] */

/* Tells the spacing when all steps agree within 1e-6 of it (relative to the larger of step and 1e-9 of the range), else
 * 0. */
CLV_API double clv_axis_step(const clv_axis *axis);

/* Tells (1 or 0) whether a name is that of an axis that spectra run along: the energies binding_energy, kinetic_energy,
   photon_energy and energy_loss, and the wave number k and the distance r of EXAFS, which go as energies everywhere
   here. They ascend in memory, whatever way a figure shows them. */
CLV_API int clv_axis_is_energy(const char *name);

/* Tells (1 or 0) whether two axes have the same name, unit and values, to the bit. */
CLV_API int clv_axis_equal(const clv_axis *a, const clv_axis *b);

CLV_END_DECLS

#endif
