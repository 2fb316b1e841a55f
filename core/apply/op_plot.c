/* The operation `plot`: draws an object into a file whose suffix says how.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/operations.h"
#include "apply/plot.h"

#include <math.h>
#include <stdlib.h>

static plot_wish read_wish(const clv_options *options)
{
    plot_wish wish = {.low = -INFINITY, .high = INFINITY};

    clv_options_range(options, "range", &wish.low, &wish.high);
    wish.normalise = clv_options_text(options, "normalise");
    wish.stack = clv_options_boolean(options, "stack");
    return wish;
}

static clv_status draw_spectra_group(const clv_group *group, const plot_wish *wish, clv_figure **figure, clv_error *err)
{
    size_t count = clv_group_count(group);
    const clv_spectra **spectra = calloc(count + 1, sizeof *spectra);
    const char **names = calloc(count + 1, sizeof *names);
    clv_status status = spectra && names ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "no memory to draw spectra");

    for (size_t i = 0; i < count && !status; i++) {
        spectra[i] = clv_value_as_object(clv_group_at(group, i), CLV_SPECTRA);
        names[i] = clv_group_name(group, i);
    }
    if (!status) { status = plot_spectra(spectra, names, count, wish, figure, err); }
    free(spectra);
    free(names);
    return status;
}

static clv_status draw_group(const clv_group *group, const plot_wish *wish, clv_figure **figure, clv_error *err)
{
    CLV_CHECK(clv_group_count(group) > 0, err, CLV_BAD_ARGUMENT, "the list is empty");
    switch (clv_group_kind(group)) {
    case CLV_FIT: return plot_fits(group, figure, err);
    case CLV_COLUMNS: return plot_columns_of_group(group, figure, err);
    case CLV_SPECTRA: return draw_spectra_group(group, wish, figure, err);
    case CLV_RECORD: return plot_records(group, wish, figure, err);
    default:
        return clv_fail(err, CLV_BAD_ARGUMENT,
                        "a list of items such as %s is not drawn as one figure; draw each by itself",
                        clv_kind_phrase(clv_group_kind(group)));
    }
}

static clv_status draw(const clv_value *on, const plot_wish *wish, clv_figure **figure, clv_error *err)
{
    void *object = clv_value_as_object(on, clv_value_kind(on));
    const clv_spectra *spectra = object;

    switch (clv_value_kind(on)) {
    case CLV_FIT: return plot_fit(object, figure, err);
    case CLV_COLUMNS: return plot_columns(object, figure, err);
    case CLV_SPECTRA: return plot_spectra(&spectra, NULL, 1, wish, figure, err);
    case CLV_RECORD: return plot_record(object, wish, figure, err);
    case CLV_GROUP: return draw_group(object, wish, figure, err);
    default: return clv_fail(err, CLV_BAD_ARGUMENT, "%s cannot be drawn", clv_kind_phrase(clv_value_kind(on)));
    }
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const char *path = clv_options_text(call->options, "path");
    plot_wish wish = read_wish(call->options);
    clv_figure_format format;
    clv_figure *figure = NULL;
    clv_status status;

    CLV_TRY(clv_figure_format_find(path, &format, err));
    status = draw(call->on, &wish, &figure, err);
    if (!status) { status = clv_figure_save(figure, path, err); }
    clv_figure_free(figure);
    CLV_TRY(status);
    *result = clv_value_ref(call->on);
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "path",
     .type = CLV_TYPE_PATH,
     .place = 1,
     .flags = CLV_REQUIRED | CLV_WRITTEN,
     .doc = "where to draw: .svg, .pdf or .png"},
    {0},
};

static const clv_parameter spectra_rows[] = {
    {.name = "path",
     .type = CLV_TYPE_PATH,
     .place = 1,
     .flags = CLV_REQUIRED | CLV_WRITTEN,
     .doc = "where to draw: .svg, .pdf or .png"},
    {.name = "range", .type = CLV_TYPE_RANGE, .unit = "eV", .doc = "true energies that are drawn; preset: all"},
    {.name = "normalise",
     .type = CLV_TYPE_CHOICE,
     .choices = "area|max",
     .doc = "scale each spectrum from its least value to the same area or height"},
    {.name = "stack", .type = CLV_TYPE_BOOLEAN, .preset = "false", .doc = "lift each spectrum above the one before"},
    {0},
};

const clv_operation apply_plot_fit = {
    .size = sizeof(clv_operation),
    .name = "plot",
    .doc = "draws data, envelope, components, background and residuals, one panel per level, a waterfall beyond 12",
    .on = CLV_ON(CLV_FIT),
    .gives = CLV_FIT,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};

const clv_operation apply_plot_columns = {
    .size = sizeof(clv_operation),
    .name = "plot",
    .doc = "draws values with error bars along their axis, or heat maps over two axes",
    .on = CLV_ON(CLV_COLUMNS),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};

const clv_operation apply_plot_spectra = {
    .size = sizeof(clv_operation),
    .name = "plot",
    .doc = "draws the spectra in one panel, a waterfall beyond 12",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = spectra_rows,
    .run = run,
};

const clv_operation apply_plot_record = {
    .size = sizeof(clv_operation),
    .name = "plot",
    .doc = "draws every region in a panel of its own",
    .on = CLV_ON(CLV_RECORD),
    .gives = CLV_RECORD,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = spectra_rows,
    .run = run,
};

const clv_operation apply_plot_group = {
    .size = sizeof(clv_operation),
    .name = "plot",
    .doc = "draws all members in one figure: spectra, regions and columns over one another, fits beside one another",
    .on = CLV_ON(CLV_GROUP),
    .gives = CLV_GROUP,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = spectra_rows,
    .run = run,
};
