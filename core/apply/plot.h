/* Figures of the operation `plot`, one drawer for each kind of object. Private to core/apply.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_PLOT_H
#define CLV_APPLY_PLOT_H

#include <corelevel/figure.h>
#include <corelevel/fit.h>
#include <corelevel/group.h>
#include <corelevel/record.h>

/* Room for any label. */
#define PLOT_LABEL_SIZE 200

/* More spectra than these are thinned evenly before they are drawn as a waterfall. */
#define PLOT_LEVELS_MAX ((size_t)60)

/* How spectra are drawn. */
typedef struct plot_wish {
    double low, high;      /* true energies; -INFINITY and INFINITY for all */
    const char *normalise; /* "area", "max" or NULL */
    int stack;             /* each lifted above the one before */
} plot_wish;

/* After so many members hues come again, dashed. */
#define PLOT_HUES ((size_t)10)

/* What goes on from one spectra object in a panel to the next. */
typedef struct plot_pen {
    const char *name; /* of the member of a list, before the place in the legend; NULL when there is only one */
    size_t member;    /* its place among those of the panel */
    size_t before;    /* curves drawn so far */
    double lift;      /* from one curve to the next, 0 unless they are stacked */
} plot_pen;

/* Each makes a figure; the caller owns it. */
clv_status plot_fit(const clv_fit *fit, clv_figure **figure, clv_error *err);
clv_status plot_fits(const clv_group *group, clv_figure **figure, clv_error *err);
clv_status plot_columns(const clv_columns *columns, clv_figure **figure, clv_error *err);
clv_status plot_columns_of_group(const clv_group *group, clv_figure **figure, clv_error *err);
clv_status plot_record(const clv_record *record, const plot_wish *wish, clv_figure **figure, clv_error *err);
clv_status plot_records(const clv_group *group, const plot_wish *wish, clv_figure **figure, clv_error *err);
clv_status plot_spectra(const clv_spectra *const *spectra, const char *const *names, size_t count,
                        const plot_wish *wish, clv_figure **figure, clv_error *err);

/* Labels, direction and range of a panel for spectra; the labels are written into `x` and `y`. */
void plot_set_panel(const clv_spectra *spectra, const plot_wish *wish, char x[PLOT_LABEL_SIZE], char y[PLOT_LABEL_SIZE],
                    clv_panel_options *panel);

/* Adds the curves of spectra to a panel and moves the pen on. */
clv_status plot_add_spectra(clv_panel *panel, const clv_spectra *spectra, const plot_wish *wish, plot_pen *pen,
                            clv_error *err);

/* Raises `lift` to what the curves of spectra need when they are stacked. */
clv_status plot_measure_lift(const clv_spectra *spectra, const plot_wish *wish, double *lift, clv_error *err);

/* "Depth (nm SiO_{2} equiv.)" for an axis, "15 nm" for a place of one, "Intensity (counts)" for a signal, "Co^{3+}
   area" for the column "Co3+.area". */
void plot_axis_label(const clv_axis *axis, char out[PLOT_LABEL_SIZE]);
void plot_signal_label(const char *name, const char *unit, char out[PLOT_LABEL_SIZE]);
void plot_column_label(const char *name, char out[PLOT_LABEL_SIZE]);
void plot_place_label(const clv_axis *axis, size_t place, char out[PLOT_LABEL_SIZE]);

/* Whether the energies of spectra run from right to left. */
bool plot_is_reversed(const clv_spectra *spectra);

/* Writes the true energies of one spectrum. */
void plot_energies(const clv_spectra *spectra, size_t spectrum, double *energy);

#endif
