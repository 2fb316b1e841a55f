/* The table of numeric kernels for each instruction set, and the choice among them at run time.
   SPDX-License-Identifier: GPL-3.0-or-later

   Levels: `generic` (plain vectors of two doubles: SSE2 on x86-64, NEON on aarch64; no fused operations), `avx2` (with
   FMA) and `avx512`. The best one that the processor has is taken once per process; the environment variable
   CORELEVEL_KERNEL = generic | avx2 | avx512, read once, takes a lower one. A level that the processor lacks is never
   taken: then, and for any other word, the best one stands, and clv_num_kernel_name says which.
   Each kernel sums in an order that is fixed for its level, so the same input gives the same bits on one level,
   whatever the number of threads; two levels agree to the bounds that the kernels state. */
#ifndef CLV_NUM_KERNELS_H
#define CLV_NUM_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/* How many doubles a column of `n` channels must hold: the next multiple of 8. Columns are 64-byte aligned. What stands
   behind the n-th channel must be finite; kernels that sum over channels say what it must be. */
static inline size_t clv_num_padded(size_t n) { return (n + 7) / 8 * 8; }

/* One line of a group: place and widths in eV, and what its unit area is multiplied by. */
typedef struct clv_num_line {
    double position;
    double gaussian;   /* full width at half maximum of the Gaussian part */
    double lorentzian; /* full width at half maximum of the Lorentzian part */
    double weight;     /* area in units of the group's, such as 1 and `ratio` of a doublet */
} clv_num_line;

/* Where a group's value (1/eV) and derivatives (1/eV^2) go; any may be NULL. Borrowed, 64-byte aligned, overwritten. */
typedef struct clv_num_line_columns {
    double *value;
    double *by_position;
    double *by_gaussian;
    double *by_lorentzian;
} clv_num_line_columns;

/* The shapes of profile.h. */
typedef enum clv_num_shape {
    CLV_NUM_GAUSSIAN,
    CLV_NUM_LORENTZIAN,
    CLV_NUM_GL_SUM,
    CLV_NUM_GL_PRODUCT,
    CLV_NUM_GL_POWER
} clv_num_shape;

/* What of a line of profile.h is the same for all energies; made by profile.c. */
typedef struct clv_num_profile_constants {
    double position, per_fwhm; /* eV, 1/eV */
    double mixing;             /* m */
    double gaussian;           /* a of exp(-a t^2) */
    double lorentzian;         /* b of 1/(1 + b t^2) */
    double height;             /* weight/(fwhm area) */
    double area_by_mixing;     /* logarithmic derivative of the area */
} clv_num_profile_constants;

/* The same for the shapes of profile.h: derivatives by a common shift, a common change of width and a common change of
   mixing; any may be NULL. Borrowed, 64-byte aligned, overwritten. */
typedef struct clv_num_profile_columns {
    double *value;
    double *by_position;
    double *by_fwhm;
    double *by_mixing; /* zeros for the Gaussian and the Lorentzian */
} clv_num_profile_columns;

/* The kernels of one level. What each does is said at the function of the same name. */
typedef struct clv_num_kernels {
    const char *name;
    void (*voigt)(const double *energy, size_t n, const clv_num_line *lines, size_t line_count,
                  const clv_num_line_columns *out);
    void (*profile)(clv_num_shape shape, const double *energy, size_t n, const clv_num_profile_constants *line,
                    bool add, const clv_num_profile_columns *out);
    void (*gram)(const double *const *columns, size_t count, const double *weights, const double *target, size_t n,
                 double *out, double *projection);
    void (*combine)(const double *const *columns, size_t count, const double *coefficients, size_t n, double *out);
    void (*add_scaled)(double *out, double factor, const double *column, size_t n);
    double (*weighted_squares)(const double *column, const double *weights, size_t n);
    double (*poisson)(const double *counts, const double *model, const double *mask, double least, size_t n,
                      double *weights);
    /* out = own in + factor integral(in): clv_num_running_integral and clv_num_with_running_integral in one */
    void (*integrate)(const double *energy, double step, double own, double factor, const double *in, double *out,
                      size_t n);
} clv_num_kernels;

/* Tells the kernels in use. Constant, any thread. */
const clv_num_kernels *clv_num_kernels_get(void);

/* Tells the kernels of a named level, or NULL when there is no such level or this processor lacks it. */
const clv_num_kernels *clv_num_kernels_find(const char *name);

/* Tells the name of the level in use: "generic", "avx2" or "avx512". */
const char *clv_num_kernel_name(void);

#endif
