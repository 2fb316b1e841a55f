/* Labels of axes and signals as a paper has them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/plot.h"

#include <stdio.h>
#include <string.h>

#include <corelevel/text.h>

/* Words that are not just the axis' name with a capital. */
static const struct {
    const char *name, *label;
} words[] = {{"x", "x"}, {"y", "y"}, {"k", "k"}, {"r", "R"}};

static void add_unit(const char *unit, char out[PLOT_LABEL_SIZE])
{
    char marked[PLOT_LABEL_SIZE];
    size_t used = strlen(out);

    if (!unit || !*unit || strcmp(unit, "1") == 0) { return; }
    if (strcmp(unit, "1/angstrom") == 0 || strcmp(unit, "angstrom") == 0) {
        snprintf(out + used, PLOT_LABEL_SIZE - used, " (%s)", unit[0] == '1' ? "Å^{−1}" : "Å");
        return;
    }
    clv_label_chemical(unit, marked, sizeof marked);
    snprintf(out + used, PLOT_LABEL_SIZE - used, " (%s)", marked);
}

void plot_axis_label(const clv_axis *axis, char out[PLOT_LABEL_SIZE])
{
    const char *name = clv_axis_name(axis);

    snprintf(out, PLOT_LABEL_SIZE / 2, "%s", name);
    for (char *c = out; *c; c++) { *c = *c == '_' ? ' ' : *c; }
    if (out[0] >= 'a' && out[0] <= 'z') { out[0] = (char)(out[0] - 'a' + 'A'); }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(name, words[i].name) == 0) { snprintf(out, PLOT_LABEL_SIZE, "%s", words[i].label); }
    }
    add_unit(clv_axis_unit(axis), out);
}

void plot_signal_label(const char *name, const char *unit, char out[PLOT_LABEL_SIZE])
{
    snprintf(out, PLOT_LABEL_SIZE / 2, "%s", name);
    add_unit(unit, out);
}

/* The first word of the unit is enough in a panel: the axis label says the rest. */
void plot_place_label(const clv_axis *axis, size_t place, char out[PLOT_LABEL_SIZE])
{
    const char *unit = clv_axis_unit(axis);
    double value = clv_axis_values(axis)[place];

    if (strcmp(unit, "1") == 0) {
        char name[PLOT_LABEL_SIZE];

        plot_axis_label(axis, name);
        snprintf(out, PLOT_LABEL_SIZE, "%s %.4g", name, value);
        return;
    }
    snprintf(out, PLOT_LABEL_SIZE, "%.4g %.*s", value, (int)strcspn(unit, " "), unit);
}

void plot_column_label(const char *name, char out[PLOT_LABEL_SIZE])
{
    const char *dot = strrchr(name, '.');
    char component[PLOT_LABEL_SIZE / 2], marked[PLOT_LABEL_SIZE];

    if (!dot || dot == name || (dot[1] >= '0' && dot[1] <= '9')) {
        clv_label_chemical(name, out, PLOT_LABEL_SIZE);
        return;
    }
    snprintf(component, sizeof component, "%.*s", (int)(dot - name), name);
    clv_label_chemical(component, marked, sizeof marked);
    snprintf(out, PLOT_LABEL_SIZE, "%s %s", marked, dot + 1);
}

bool plot_is_reversed(const clv_spectra *spectra)
{
    return strcmp(clv_axis_name(clv_spectra_energy(spectra)), "binding_energy") == 0;
}

void plot_energies(const clv_spectra *spectra, size_t spectrum, double *energy)
{
    const double *values = clv_axis_values(clv_spectra_energy(spectra));
    const double *offset = clv_spectra_offset(spectra);

    for (size_t i = 0; i < clv_spectra_channels(spectra); i++) {
        energy[i] = values[i] + (offset ? offset[spectrum] : 0);
    }
}
