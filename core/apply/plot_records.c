/* Draws records: a panel for each region, the records of a list over one another in it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/plot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *sample_of(const clv_spectra *spectra)
{
    const char *sample = clv_metadata_text(clv_spectra_metadata(spectra), "sample");

    return sample ? sample : "";
}

/* Whether a record holds the same region twice, so that a panel's title must tell the sample too. */
static bool holds_twice(const clv_record *record, size_t place)
{
    const char *name = clv_spectra_name(clv_record_at(record, place));

    for (size_t i = 0; i < clv_record_count(record); i++) {
        if (i != place && strcmp(clv_spectra_name(clv_record_at(record, i)), name) == 0) { return true; }
    }
    return false;
}

/* "Co 2p, CoO" */
static void title_of(const clv_record *record, size_t place, char title[PLOT_LABEL_SIZE])
{
    const clv_spectra *spectra = clv_record_at(record, place);
    char name[PLOT_LABEL_SIZE], sample[PLOT_LABEL_SIZE] = "";

    clv_label_chemical(clv_spectra_name(spectra), name, sizeof name);
    if (holds_twice(record, place)) { clv_label_chemical(sample_of(spectra), sample, sizeof sample); }
    snprintf(title, PLOT_LABEL_SIZE, "%.90s%s%.90s", name, *sample ? ", " : "", sample);
}

static clv_status add_panel(clv_figure *figure, const clv_spectra *spectra, const char *title, const plot_wish *wish,
                            size_t place, size_t columns, clv_panel **made, clv_error *err)
{
    char x[PLOT_LABEL_SIZE], y[PLOT_LABEL_SIZE];
    clv_panel_options panel;

    plot_set_panel(spectra, wish, x, y, &panel);
    panel.title = title;
    panel.row = place / columns;
    panel.column = place % columns;
    return clv_figure_add_panel(figure, &panel, made, err);
}

static clv_status start(size_t count, bool shared, clv_figure **figure, clv_error *err)
{
    size_t columns = count < 3 ? count : 3;
    clv_figure_options options = {.size = sizeof options,
                                  .width_mm = count > 1 ? CLV_FIGURE_DOUBLE_COLUMN : 0,
                                  .legend_above = shared && count > 1};

    CLV_CHECK(count > 0, err, CLV_BAD_ARGUMENT, "there are no spectra to draw");
    CLV_CHECK(count <= 64 * columns, err, CLV_BAD_ARGUMENT, "%zu regions are too many for one figure; select some",
              count);
    return clv_figure_new(&options, figure, err);
}

clv_status plot_record(const clv_record *record, const plot_wish *wish, clv_figure **figure, clv_error *err)
{
    size_t count = clv_record_count(record), columns = count < 3 ? count : 3;

    *figure = NULL;
    CLV_TRY(start(count, false, figure, err));
    for (size_t i = 0; i < count; i++) {
        const clv_spectra *spectra = clv_record_at(record, i);
        char title[PLOT_LABEL_SIZE];
        clv_panel *made;
        plot_pen pen = {0};

        title_of(record, i, title);
        CLV_TRY(add_panel(*figure, spectra, title, wish, i, columns, &made, err));
        CLV_TRY(plot_measure_lift(spectra, wish, &pen.lift, err));
        CLV_TRY(plot_add_spectra(made, spectra, wish, &pen, err));
    }
    return CLV_OK;
}

/* ---- Several records */

static const clv_record *record_at(const clv_group *group, size_t i)
{
    return clv_value_as_object(clv_group_at(group, i), CLV_RECORD);
}

/* The first spectra of a region in the order of the records; NULL when this place is not where the region begins. */
static const clv_spectra *begins_region(const clv_group *group, size_t member, size_t place)
{
    const clv_spectra *spectra = clv_record_at(record_at(group, member), place);

    for (size_t m = 0; m <= member; m++) {
        size_t end = m == member ? place : clv_record_count(record_at(group, m));

        for (size_t i = 0; i < end; i++) {
            const clv_spectra *other = clv_record_at(record_at(group, m), i);
            if (strcmp(clv_spectra_name(other), clv_spectra_name(spectra)) == 0) { return NULL; }
        }
    }
    return spectra;
}

static size_t count_regions(const clv_group *group)
{
    size_t count = 0;

    for (size_t m = 0; m < clv_group_count(group); m++) {
        for (size_t i = 0; i < clv_record_count(record_at(group, m)); i++) {
            count += begins_region(group, m, i) != NULL;
        }
    }
    return count;
}

/* Adds the spectra of one region of all records; with `panel` NULL it only measures how far they are lifted. */
static clv_status add_region(const clv_group *group, const char *region, const plot_wish *wish, clv_panel *panel,
                             plot_pen *pen, clv_error *err)
{
    pen->member = 0;
    for (size_t m = 0; m < clv_group_count(group); m++) {
        const clv_record *record = record_at(group, m);

        for (size_t i = 0; i < clv_record_count(record); i++) {
            const clv_spectra *spectra = clv_record_at(record, i);
            char name[PLOT_LABEL_SIZE];
            bool twice = holds_twice(record, i);

            if (strcmp(clv_spectra_name(spectra), region) != 0) { continue; }
            snprintf(name, sizeof name, "%.90s%s%.90s", clv_group_name(group, m), twice ? " " : "",
                     twice ? sample_of(spectra) : "");
            pen->name = name;
            CLV_TRY(panel ? plot_add_spectra(panel, spectra, wish, pen, err)
                          : plot_measure_lift(spectra, wish, &pen->lift, err));
            pen->member++;
        }
    }
    pen->name = NULL;
    return CLV_OK;
}

clv_status plot_records(const clv_group *group, const plot_wish *wish, clv_figure **figure, clv_error *err)
{
    size_t count = count_regions(group), columns = count < 3 ? count : 3, drawn = 0;

    *figure = NULL;
    CLV_TRY(start(count, true, figure, err));
    for (size_t m = 0; m < clv_group_count(group); m++) {
        for (size_t i = 0; i < clv_record_count(record_at(group, m)); i++) {
            const clv_spectra *spectra = begins_region(group, m, i);
            char title[PLOT_LABEL_SIZE];
            clv_panel *made;
            plot_pen pen = {0};

            if (!spectra) { continue; }
            clv_label_chemical(clv_spectra_name(spectra), title, sizeof title);
            CLV_TRY(add_panel(*figure, spectra, title, wish, drawn++, columns, &made, err));
            CLV_TRY(add_region(group, clv_spectra_name(spectra), wish, NULL, &pen, err));
            CLV_TRY(add_region(group, clv_spectra_name(spectra), wish, made, &pen, err));
        }
    }
    return CLV_OK;
}
