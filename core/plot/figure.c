/* Keeps a figure: its options and its grid of panels.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/label.h"
#include "plot/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

clv_status clv_options_read(void *to, size_t size, const void *from, const char *what, clv_error *err)
{
    size_t given;

    memset(to, 0, size);
    if (!from) { return CLV_OK; }
    memcpy(&given, from, sizeof given);
    CLV_CHECK(given >= sizeof given && given < 65536, err, CLV_BAD_ARGUMENT,
              "%s: size is %zu; set .size = sizeof(%s) in the struct", what, given, what);
    memcpy(to, from, given < size ? given : size);
    return CLV_OK;
}

clv_status clv_text_copy(const char *text, char **out, clv_error *err)
{
    char clean[CLV_LABEL_BYTES - CLV_LABEL_RUNS - 2];

    *out = NULL;
    if (!text) { return CLV_OK; }
    clv_label_clean(text, clean, sizeof clean);
    *out = strdup(clean);
    CLV_CHECK(*out, err, CLV_NO_MEMORY, "no memory for a text of a figure");
    return CLV_OK;
}

static clv_status check_number(double *value, double preset, double min, double max, const char *name, clv_error *err)
{
    if (*value == 0) { *value = preset; }
    CLV_CHECK(*value >= min && *value <= max, err, CLV_BAD_ARGUMENT, "figure: %s is %g; it must lie in %g..%g", name,
              *value, min, max);
    return CLV_OK;
}

static clv_status check_figure(clv_figure_options *options, clv_error *err)
{
    CLV_TRY(check_number(&options->width_mm, CLV_FIGURE_SINGLE_COLUMN, 20, 1000, "width_mm", err));
    if (options->height_mm != 0) { CLV_TRY(check_number(&options->height_mm, 0, 15, 2000, "height_mm", err)); }
    CLV_TRY(check_number(&options->dots_per_inch, 300, 30, 1200, "dots_per_inch", err));
    CLV_TRY(check_number(&options->font_size, 7.5, 3, 40, "font_size", err));
    double longest = fmax(options->width_mm, options->height_mm) / 25.4 * options->dots_per_inch;
    CLV_CHECK(longest <= 30000, err, CLV_BAD_ARGUMENT, "figure: %.0f pixels across is too many; at most 30000",
              longest);
    return CLV_OK;
}

/* Replaces each of the caller's texts with a copy of our own. After a failure the rest is NULL. */
static clv_status own_texts(const char ***texts, size_t count, clv_error *err)
{
    clv_status status = CLV_OK;

    for (size_t i = 0; i < count; i++) {
        char *copy = NULL;
        if (status == CLV_OK) { status = clv_text_copy(*texts[i], &copy, err); }
        *texts[i] = copy;
    }
    return status;
}

clv_status clv_figure_new(const clv_figure_options *options, clv_figure **out, clv_error *err)
{
    clv_figure *figure;
    clv_figure_options own;
    clv_status status;

    CLV_TRY(clv_options_read(&own, sizeof own, options, "clv_figure_options", err));
    CLV_TRY(check_figure(&own, err));
    figure = calloc(1, sizeof *figure);
    CLV_CHECK(figure, err, CLV_NO_MEMORY, "no memory for a figure");
    figure->options = own;
    clv_figure_options *kept = &figure->options;
    const char **texts[] = {&kept->title, &kept->description, &kept->x_label, &kept->y_label};
    status = own_texts(texts, sizeof texts / sizeof texts[0], err);
    if (status) {
        clv_figure_free(figure);
        return status;
    }
    *out = figure;
    return CLV_OK;
}

void clv_figure_free(clv_figure *figure)
{
    if (!figure) { return; }
    for (size_t i = 0; i < figure->count; i++) { clv_panel_free(figure->panels[i]); }
    free(figure->panels);
    free((char *)figure->options.title);
    free((char *)figure->options.description);
    free((char *)figure->options.x_label);
    free((char *)figure->options.y_label);
    free(figure);
}

static clv_status check_range(const char *name, double *min, double *max, bool log, clv_error *err)
{
    if (*min == *max || isnan(*min) || isnan(*max)) {
        *min = *max = NAN;
        return CLV_OK;
    }
    CLV_CHECK(*min < *max, err, CLV_BAD_ARGUMENT, "panel: %s runs from %g down to %g; give it ascending", name, *min,
              *max);
    CLV_CHECK(isfinite(*min) && isfinite(*max), err, CLV_BAD_ARGUMENT, "panel: %s is not finite", name);
    CLV_CHECK(!log || *min > 0, err, CLV_BAD_ARGUMENT, "panel: %s begins at %g; a logarithmic range is positive", name,
              *min);
    return CLV_OK;
}

static clv_status check_panel(const clv_figure *figure, clv_panel_options *options, clv_error *err)
{
    CLV_CHECK(figure->count < CLV_FIGURE_PANELS, err, CLV_LIMIT, "a figure holds at most %d panels", CLV_FIGURE_PANELS);
    if (options->under) {
        CLV_CHECK(options->under->figure == figure, err, CLV_BAD_ARGUMENT, "panel: `under` is of another figure");
        options->row = options->under->options.row;
        options->column = options->under->options.column;
    }
    CLV_CHECK(options->row < CLV_FIGURE_GRID && options->column < CLV_FIGURE_GRID, err, CLV_BAD_ARGUMENT,
              "panel: row %zu, column %zu is beyond the grid; both must be below %d", options->row, options->column,
              CLV_FIGURE_GRID);
    if (options->height == 0) { options->height = options->under ? 0.28 : 1; }
    CLV_CHECK(options->height >= 0.01 && options->height <= 100, err, CLV_BAD_ARGUMENT,
              "panel: height is %g; it must lie in 0.01..100", options->height);
    CLV_CHECK(options->aspect == 0 || (options->aspect >= 0.05 && options->aspect <= 20), err, CLV_BAD_ARGUMENT,
              "panel: aspect is %g; it must lie in 0.05..20", options->aspect);
    CLV_TRY(check_range("the x range", &options->x_min, &options->x_max, false, err));
    return check_range("the y range", &options->y_min, &options->y_max, options->log_y, err);
}

/* Gives the panel its place below those that already stand in its cell. */
static void enter(clv_figure *figure, clv_panel *panel)
{
    for (size_t i = 0; i < figure->count; i++) {
        const clv_panel_options *other = &figure->panels[i]->options;
        if (other->row == panel->options.row && other->column == panel->options.column) { panel->place++; }
    }
    figure->panels[figure->count++] = panel;
    if (panel->options.row + 1 > figure->rows) { figure->rows = panel->options.row + 1; }
    if (panel->options.column + 1 > figure->columns) { figure->columns = panel->options.column + 1; }
}

clv_status clv_figure_add_panel(clv_figure *figure, const clv_panel_options *options, clv_panel **out, clv_error *err)
{
    clv_panel_options own;
    clv_panel *panel, **panels;
    clv_status status;

    CLV_TRY(clv_options_read(&own, sizeof own, options, "clv_panel_options", err));
    CLV_TRY(check_panel(figure, &own, err));
    panels = realloc(figure->panels, (figure->count + 1) * sizeof *panels);
    CLV_CHECK(panels, err, CLV_NO_MEMORY, "no memory for a panel");
    figure->panels = panels;
    panel = calloc(1, sizeof *panel);
    CLV_CHECK(panel, err, CLV_NO_MEMORY, "no memory for a panel");
    panel->figure = figure;
    panel->options = own;
    const char **texts[] = {&panel->options.title, &panel->options.caption, &panel->options.x_label,
                            &panel->options.y_label};
    status = own_texts(texts, sizeof texts / sizeof texts[0], err);
    if (status) {
        clv_panel_free(panel);
        return status;
    }
    enter(figure, panel);
    if (out) { *out = panel; }
    return CLV_OK;
}
