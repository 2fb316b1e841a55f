/* Asymmetric kernels before their convolution: values, areas and derivatives by their parameters.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_NUM_ASYMMETRIC_H
#define CLV_NUM_ASYMMETRIC_H

#include <corelevel/asymmetric.h>

/* Places in what a kernel tells: itself and its derivatives. */
enum {
    CLV_NUM_KERNEL,
    CLV_NUM_BY_LORENTZIAN,
    CLV_NUM_BY_ALPHA,
    CLV_NUM_BY_BETA,
    CLV_NUM_BY_DAMPING,
    CLV_NUM_KERNEL_PARTS
};

/* Checks that a line's parameters lie in its shape's ranges. */
clv_status clv_num_asymmetric_check(clv_asymmetric_shape shape, const clv_asymmetric_line *line, clv_error *err);

/* Evaluates the kernel `x` eV above its position: `part` its value and derivatives, `by_x`, if not NULL, its slope. */
void clv_num_asymmetric_kernel(clv_asymmetric_shape shape, const clv_asymmetric_line *line, double x,
                               double part[CLV_NUM_KERNEL_PARTS], double *by_x);

/* Tells the area of the kernel and its derivatives. */
void clv_num_asymmetric_area(clv_asymmetric_shape shape, const clv_asymmetric_line *line,
                             double part[CLV_NUM_KERNEL_PARTS]);

/* A line made ready for any number of energies within a range. */
typedef struct clv_num_asymmetric clv_num_asymmetric;

/* What a line of weight 1 is at one energy; derivatives by energy, Gaussian width and the kernel's parameters. */
typedef struct clv_num_asymmetric_point {
    double value, by_energy, by_gaussian, part[CLV_NUM_KERNEL_PARTS]; /* part[0] is the value again */
} clv_num_asymmetric_point;

/* Makes a line ready for energies from `low` to `high` above its position. Free with clv_num_asymmetric_free. */
clv_status clv_num_asymmetric_new(clv_asymmetric_shape shape, const clv_asymmetric_line *line, double low, double high,
                                  clv_num_asymmetric **made, clv_error *err);
void clv_num_asymmetric_free(clv_num_asymmetric *made);

/* Evaluates it `x` eV above its position, within the range it was made for. `derivatives` 0: the value alone. */
void clv_num_asymmetric_at(const clv_num_asymmetric *line, double x, int derivatives, clv_num_asymmetric_point *point);

#endif
