/* Columns: values with uncertainties along axes, which know their joint covariance, so that a / (a + b) has the right
   error. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_COLUMNS_H
#define CLV_COLUMNS_H

#include <corelevel/axis.h>

CLV_BEGIN_DECLS

/* Where uncertainties come from: for each point a covariance of n local quantities given the shared ones, a covariance
   of m shared quantities, and how the local ones follow them (sensitivity). Columns made of the same source are
   correlated through it. Immutable once shared, counted. */
typedef struct clv_uncertainty clv_uncertainty;

/* Makes a source for `points` points: local covariance [points][n][n] given the shared quantities, shared covariance
   [m][m], sensitivity [points][n][m] (d local / d shared); the last two NULL when m is 0. All copied. */
CLV_API clv_status clv_uncertainty_new(size_t points, size_t n, const double *local, size_t m, const double *shared,
                                       const double *sensitivity, clv_uncertainty **source, clv_error *err);
/* Shares the source: one more reference. Any thread. */
CLV_API clv_uncertainty *clv_uncertainty_ref(const clv_uncertainty *source);
/* Gives up one reference; NULL is allowed. */
CLV_API void clv_uncertainty_free(clv_uncertainty *source);

/* Several named columns on common axes. Immutable once shared, counted. Point i counts all places, the last axis
 * fastest. */
typedef struct clv_columns clv_columns;

/* Makes `count` columns on `axis_count` axes (0 for a single point; shared). Values are NaN until filled. */
CLV_API clv_status clv_columns_new(clv_axis *const *axes, size_t axis_count, size_t count, clv_columns **columns,
                                   clv_error *err);
/* Shares the columns: one more reference. Any thread. */
CLV_API clv_columns *clv_columns_ref(const clv_columns *columns);
/* Gives up one reference; NULL is allowed. */
CLV_API void clv_columns_free(clv_columns *columns);

/* Fills column `c`: its name, unit ("1" for none), values [points], and the gradient of each value by the source's n
   local and m shared quantities, [points][n + m] (NULL with a NULL source: exact numbers). Copies; shares the source.
 */
CLV_API clv_status clv_columns_fill(clv_columns *columns, size_t c, const char *name, const char *unit,
                                    const double *values, const clv_uncertainty *source, const double *gradient,
                                    clv_error *err);

/* Sets the interval (68 %) of column c where it is not symmetric: [points][2], copied. */
CLV_API clv_status clv_columns_set_interval(clv_columns *columns, size_t c, const double *interval, clv_error *err);
/* The interval of column c, [points][2], lent; NULL where none was set. */
CLV_API const double *clv_columns_interval(const clv_columns *columns, size_t c);

/* What may be said of one spectrum's fit; bits, 0 is a clean fit. The same bits stand in `status` of the netCDF file.
 */
typedef enum clv_fit_flag {
    CLV_FIT_NOT_CONVERGED = 1 << 0, /* failed: the iteration did not settle */
    CLV_FIT_NOT_FINITE = 1 << 1,    /* failed: no finite result, or nothing to fit */
    CLV_FIT_AT_BOUND = 1 << 2,      /* a parameter ended on a bound: it has no symmetric error */
    CLV_FIT_UNDETERMINED = 1 << 3,  /* the data do not determine some parameter: its error is NaN */
    CLV_FIT_POOR = 1 << 4,          /* model does not describe the data (runs test or reduced chi-squared) */
    CLV_FIT_RESTARTED = 1 << 5,     /* the warm start was given up for a cold one */
    CLV_FIT_HELD = 1 << 6,          /* its energy offset is a held or fallback one */
    CLV_FIT_OVERLAP = 1 << 7        /* an Auger line or other named feature lies in the range */
} clv_fit_flag;

/* Status flags for each point, the bits of clv_fit_flag (0: fine), one byte a point, copied. Errors: CLV_NO_MEMORY. */
CLV_API clv_status clv_columns_set_flags(clv_columns *columns, const uint8_t *flags, clv_error *err);
/* The flags of one point; 0 where none were set. */
CLV_API uint8_t clv_columns_flags(const clv_columns *columns, size_t point);

/* Notes that every print and file shows, such as which component is in no group. Copied; read back by
   place from 0, lent, NULL beyond the last. */
CLV_API clv_status clv_columns_add_note(clv_columns *columns, const char *note, clv_error *err);
CLV_API size_t clv_columns_note_count(const clv_columns *columns);
CLV_API const char *clv_columns_note(const clv_columns *columns, size_t place);

/* A second coordinate beside the axis at `place` (etch_time beside depth), shared; it must have the size of that axis.
   Any number may stand beside one axis; `which` counts them from 0. Reading beyond gives NULL. */
CLV_API clv_status clv_columns_add_beside(clv_columns *columns, size_t place, clv_axis *axis, clv_error *err);
CLV_API size_t clv_columns_beside_count(const clv_columns *columns, size_t place);
CLV_API clv_axis *clv_columns_beside(const clv_columns *columns, size_t place, size_t which);

/* Read. Columns, points and places count from 0; names, units and axes are lent, NULL beyond the last. */
CLV_API size_t clv_columns_count(const clv_columns *columns);      /* number of columns */
CLV_API size_t clv_columns_points(const clv_columns *columns);     /* values in each: product of the axes' sizes */
CLV_API size_t clv_columns_axis_count(const clv_columns *columns); /* 0 for a single point */
CLV_API clv_axis *clv_columns_axis(const clv_columns *columns, size_t place);
CLV_API const char *clv_columns_name(const clv_columns *columns, size_t c);
CLV_API const char *clv_columns_unit(const clv_columns *columns, size_t c);
/* Finds the place of the column of a name; SIZE_MAX when there is none. */
CLV_API size_t clv_columns_find(const clv_columns *columns, const char *name);
/* The value of column c at a point; NaN where there is none. */
CLV_API double clv_columns_value(const clv_columns *columns, size_t c, size_t point);

/* The standard uncertainty of a value, and the covariance of two values (same or other column and point); 0 for exact
   numbers, NaN where a fit gave none. */
CLV_API double clv_columns_error(const clv_columns *columns, size_t c, size_t point);
CLV_API double clv_columns_covariance(const clv_columns *columns, size_t c, size_t point, size_t d, size_t other);

/* Makes the one column `c`, sharing its uncertainty, so that it stays correlated with the others. The caller's. Errors:
   CLV_BAD_ARGUMENT when there is no such column. */
CLV_API clv_status clv_columns_pick(const clv_columns *columns, size_t c, clv_columns **column, clv_error *err);

/* Makes one column from an expression of others (`a / (a + b)`), first-order propagation with all covariances.
   `columns` and `names` have `count` entries, each a single column; a single column of one point is spread over all
   points. Errors: CLV_BAD_ARGUMENT when axes differ or the expression is wrong. */
CLV_API clv_status clv_columns_calculate(const char *expression, const char *const *names,
                                         const clv_columns *const *columns, size_t count, const char *name,
                                         const char *unit, clv_columns **made, clv_error *err);

/* Makes columns of only the points whose places along `axis` (its place among the axes) are listed, ascending. Shares
   the uncertainty. The caller's. Errors: CLV_BAD_ARGUMENT when a place lies beyond the axis. */
CLV_API clv_status clv_columns_take(const clv_columns *columns, size_t axis, const size_t *places, size_t count,
                                    clv_columns **made, clv_error *err);

/* Makes the columns of both, those of `more` last; the axes must be equal. Uncertainties are shared. The caller's.
   Errors: CLV_BAD_ARGUMENT when the axes differ. */
CLV_API clv_status clv_columns_join(const clv_columns *columns, const clv_columns *more, clv_columns **joined,
                                    clv_error *err);

/* Sets of column c the standard uncertainties that values would have which a bound holds in place (areas that came out
   as 0), were they free: from them an upper limit follows. [points], NaN where the value is not held; copied. Reading
   lends them, or NULL where there are none. */
CLV_API clv_status clv_columns_set_held_error(clv_columns *columns, size_t c, const double *error, clv_error *err);
CLV_API const double *clv_columns_held_error(const clv_columns *columns, size_t c);

/* Sets the upper limits of column c, [points], NaN where the value was detected: prints show `< limit` in place of the
   value, tables gain a column `<name>_limit`. Copied; reading lends them, or NULL where there are none. */
CLV_API clv_status clv_columns_set_limit(clv_columns *columns, size_t c, const double *limit, clv_error *err);
CLV_API const double *clv_columns_limit(const clv_columns *columns, size_t c);

CLV_END_DECLS

#endif
