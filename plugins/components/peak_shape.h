/* The line shapes of peaks and doublets: which parameters each has, its columns, its widths.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_COMPONENTS_PEAK_SHAPE_H
#define CLV_COMPONENTS_PEAK_SHAPE_H

#include <corelevel/plugin.h>

/* In the order of the choices of `shape`. */
typedef enum peak_shape {
    PEAK_VOIGT,
    PEAK_GAUSSIAN,
    PEAK_LORENTZIAN,
    PEAK_GL_SUM,
    PEAK_GL_PRODUCT,
    PEAK_GL_POWER,
    PEAK_DONIACH_SUNJIC,
    PEAK_LA,
    PEAK_LF,
    PEAK_SHAPES
} peak_shape;

/* Parameters of a line that its shape may read; those of a doublet's lines but places and areas are in common. */
enum {
    LINE_POSITION,
    LINE_LORENTZIAN,
    LINE_FWHM,
    LINE_GAUSSIAN,
    LINE_MIXING,
    LINE_ALPHA,
    LINE_BETA,
    LINE_DAMPING,
    LINE_PARAMETERS
};

typedef struct peak_line {
    double parameter[LINE_PARAMETERS];
    double weight;
} peak_line;

/* Where a sum goes; each is optional. */
typedef struct peak_columns {
    double *value, *by[LINE_PARAMETERS];
} peak_columns;

/* The shape that options name. */
peak_shape peak_shape_of(const clv_options *options);

/* Whether the shape reads parameter `place`. */
int peak_shape_reads(peak_shape shape, int place);

/* Sums one or two lines over padded energies; `within` is the range of a Doniach-Sunjic line's area. Tails go to
   higher energies, where `mirrored` to lower ones. */
clv_status peak_shape_sum(peak_shape shape, double within, int mirrored, const double *energy, size_t count,
                          const peak_line *lines, size_t line_count, const peak_columns *out, clv_error *err);

/* Of lorentzian, fwhm and gaussian fills the one at `derived` from the other two, with its derivatives by all. */
clv_status peak_shape_derive(peak_shape shape, double within, int derived, peak_line *line,
                             double gradient[LINE_PARAMETERS], clv_error *err);

#endif
