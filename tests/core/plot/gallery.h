/* Figures of every kind over a made-up Co 2p depth profile, for the tests to draw.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_TEST_GALLERY_H
#define CLV_TEST_GALLERY_H

#include <corelevel/figure.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHANNELS 241
#define LEVELS 24
#define COMPONENTS 3

/* One simulated level: two doublets (780/795 and 782/797 eV), a satellite, a Shirley step and Poisson-like noise. */
typedef struct level {
    double data[CHANNELS], sigma[CHANNELS], envelope[CHANNELS], background[CHANNELS];
    double curve[COMPONENTS][CHANNELS];
    const double *curves[COMPONENTS];
    char note[48];
    clv_figure_curves fit;
} level;

static double energies[CHANNELS], depths[LEVELS];
static level levels[LEVELS];
static const char *const names[COMPONENTS] = {"Co3+", "Co2+", "Co2+ satellite"};
static uint64_t seed = 7;

static double uniform(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u; /* Knuth's MMIX */
    return ((double)(seed >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void) { return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform()); }

/* Pseudo-Voigt of height one. */
static double peak(double x, double centre, double width)
{
    double t = (x - centre) / width;
    return 0.6 * exp(-2.772588722 * t * t) + 0.4 / (1 + 4 * t * t);
}

static double doublet(double x, double centre, double width)
{
    return peak(x, centre, width) + 0.48 * peak(x, centre + 15.0, width + 0.4);
}

static void simulate(level *l, double depth, const double *x)
{
    double reduced = 1 - exp(-depth / 12), sum = 0, chi2 = 0;

    for (int i = 0; i < CHANNELS; i++) {
        l->curve[0][i] = 5200 * (1 - 0.85 * reduced) * doublet(x[i], 780.0, 2.1);
        l->curve[1][i] = 4600 * reduced * doublet(x[i], 782.0, 2.6);
        l->curve[2][i] = 1500 * reduced * (peak(x[i], 786.6, 5.2) + 0.6 * peak(x[i], 803.0, 5.6));
    }
    for (int i = 0; i < CHANNELS; i++) {
        sum += l->curve[0][i] + l->curve[1][i] + l->curve[2][i];
        l->background[i] = 2600 + 0.011 * sum;
        l->envelope[i] = l->background[i] + l->curve[0][i] + l->curve[1][i] + l->curve[2][i];
        l->sigma[i] = sqrt(l->envelope[i]);
        double pull = normal();
        chi2 += pull * pull;
        l->data[i] = floor(l->envelope[i] + pull * l->sigma[i] + 0.5);
    }
    for (int k = 0; k < COMPONENTS; k++) { l->curves[k] = l->curve[k]; }
    snprintf(l->note, sizeof l->note, "χ_{ν}^{2} = %.2f", chi2 / (CHANNELS - 12));
    l->fit = (clv_figure_curves){.size = sizeof l->fit,
                                 .count = CHANNELS,
                                 .x = x,
                                 .data = l->data,
                                 .sigma = l->sigma,
                                 .envelope = l->envelope,
                                 .background = l->background,
                                 .component_count = COMPONENTS,
                                 .components = l->curves,
                                 .names = names,
                                 .note = l->note};
}

static void simulate_all(void)
{
    seed = 7;
    for (int i = 0; i < CHANNELS; i++) { energies[i] = 772 + 0.16 * i; }
    for (int k = 0; k < LEVELS; k++) {
        depths[k] = 2.5 * k;
        simulate(&levels[k], depths[k], energies);
    }
}

static clv_status draw_fit(clv_figure **out, clv_error *err)
{
    clv_figure_options options = {
        .size = sizeof options, .title = "Co 2p of a cathode & its fit", .description = "a < b"};
    clv_panel_options panel = {.size = sizeof panel,
                               .title = "LiCoO_{2}, 15 nm",
                               .x_label = "Binding energy (eV)",
                               .y_label = "Intensity (counts)",
                               .x_reversed = true};

    CLV_TRY(clv_figure_new(&options, out, err));
    return clv_figure_add_fit(*out, &panel, &levels[6].fit, NULL, err);
}

static clv_status draw_stack(size_t count, size_t step, clv_figure **out, clv_error *err)
{
    const clv_figure_curves *fits[LEVELS];
    double at[LEVELS];
    bool grid = count <= CLV_FIGURE_STACK_MAX;
    clv_figure_options options = {.size = sizeof options,
                                  .width_mm = grid ? CLV_FIGURE_DOUBLE_COLUMN : 0,
                                  .share_x = true,
                                  .legend_above = grid,
                                  .x_label = grid ? "Binding energy (eV)" : NULL,
                                  .y_label = grid ? "Intensity (arb. units)" : NULL};
    clv_panel_options panel = {.size = sizeof panel,
                               .x_reversed = true,
                               .hide_y_numbers = true,
                               .x_label = grid ? NULL : "Binding energy (eV)",
                               .y_label = grid ? NULL : "Intensity (arb. units)"};

    for (size_t k = 0; k < count; k++) {
        fits[k] = &levels[k * step].fit;
        at[k] = depths[k * step];
    }
    clv_fit_stack stack = {.size = sizeof stack,
                           .levels = fits,
                           .count = count,
                           .depths = at,
                           .unit = "nm",
                           .label = "Depth (nm SiO_{2} equiv.)"};
    CLV_TRY(clv_figure_new(&options, out, err));
    return clv_figure_add_stack(*out, &panel, &stack, err);
}

static clv_status draw_three(clv_figure **out, clv_error *err) { return draw_stack(3, 6, out, err); }
static clv_status draw_nine(clv_figure **out, clv_error *err) { return draw_stack(9, 2, out, err); }
static clv_status draw_waterfall(clv_figure **out, clv_error *err) { return draw_stack(LEVELS, 1, out, err); }

static clv_status draw_profile(clv_figure **out, clv_error *err)
{
    double x[11], co2[11], co3[11], e2[11], e3[11], so[11], es[11];
    unsigned char limit[11] = {0};
    clv_figure_options options = {.size = sizeof options, .width_mm = CLV_FIGURE_DOUBLE_COLUMN, .letters = true};
    clv_panel_options panel = {
        .size = sizeof panel, .x_label = "Depth (nm SiO_{2} equiv.)", .y_label = "Fraction of Co"};

    for (int k = 0; k < 11; k++) {
        x[k] = 5 * k;
        co2[k] = 0.9 * (1 - exp(-x[k] / 12)) + 0.02 * normal();
        co3[k] = 1 - co2[k];
        e2[k] = 0.03 + 0.002 * k;
        e3[k] = 0.02;
        so[k] = 0.3 * exp(-x[k] / 9);
        es[k] = 0.015;
        limit[k] = so[k] < 0.02;
        if (limit[k]) { so[k] = 0.02; }
    }
    clv_profile_column a = {.size = sizeof a, .name = "Co2+", .values = co2, .below = e2};
    clv_profile_column b = {.size = sizeof b, .name = "Co3+", .values = co3, .below = e3, .above = e2};
    clv_profile_column c = {.size = sizeof c, .name = "SO4 2-", .values = so, .below = es, .limit = limit};
    const clv_profile_column *const columns[] = {&a, &b, &c};
    CLV_TRY(clv_figure_new(&options, out, err));
    CLV_TRY(clv_figure_add_profile(*out, &panel, x, 11, columns, 3, false, NULL, err));
    panel.column = 1;
    clv_panel *kept;
    CLV_TRY(clv_figure_add_profile(*out, &panel, x, 11, columns, 2, true, &kept, err));
    return clv_panel_add_rule(kept, true, 21, "interface", NULL, err);
}

static clv_status draw_map(clv_figure **out, clv_error *err)
{
    enum { SIDE = 60 };
    static double cells[SIDE * SIDE];
    clv_figure_options options = {.size = sizeof options, .width_mm = CLV_FIGURE_DOUBLE_COLUMN, .letters = true};
    clv_panel_options panel = {.size = sizeof panel, .title = "V valence", .x_label = "x (nm)", .y_label = "y (nm)"};
    clv_panel *kept;

    for (int j = 0; j < SIDE; j++) {
        for (int i = 0; i < SIDE; i++) {
            double r = hypot(i - 28, j - 31);
            cells[j * SIDE + i] = r > 27 ? NAN : 4.9 - 0.9 / (1 + exp((r - 19) / 1.5)) + 0.04 * normal();
        }
    }
    clv_heat_map map = {.size = sizeof map,
                        .values = cells,
                        .columns = SIDE,
                        .rows = SIDE,
                        .x_max = 120,
                        .y_max = 120,
                        .label = "Valence of V",
                        .scale_bar = 40,
                        .scale_label = "40 nm"};
    CLV_TRY(clv_figure_new(&options, out, err));
    CLV_TRY(clv_figure_add_panel(*out, &panel, &kept, err));
    CLV_TRY(clv_panel_add_map(kept, &map, err));
    panel.column = 1;
    map.scale_bar = 0;
    CLV_TRY(clv_figure_add_panel(*out, &panel, &kept, err));
    return clv_panel_add_map(kept, &map, err);
}

/* One panel with every other kind of series, one with a logarithmic ordinate, one empty, one thin. */
static clv_status draw_kinds(clv_figure **out, clv_error *err)
{
    double x[30], y[30], e[30], z[30];
    clv_figure_options options = {.size = sizeof options, .width_mm = CLV_FIGURE_DOUBLE_COLUMN, .letters = true};
    clv_panel_options panel = {.size = sizeof panel, .x_label = "Photon energy (eV)", .y_label = "μ(E), normalised"};
    clv_panel *a, *b;

    for (int i = 0; i < 30; i++) {
        x[i] = 7700 + 3 * i;
        y[i] = i == 20 ? NAN : 0.5 + atan((x[i] - 7725) / 4) / 3.14159 + 0.2 * exp(-pow((x[i] - 7730) / 5, 2));
        e[i] = 0.03;
        z[i] = exp(-i / 4.0) * 3e5;
    }
    CLV_TRY(clv_figure_new(&options, out, err));
    CLV_TRY(clv_figure_add_panel(*out, &panel, &a, err));
    CLV_TRY(clv_panel_add_step(a, x, y, 30, &(clv_style){.size = sizeof(clv_style), .name = "step"}, err));
    CLV_TRY(clv_panel_add_errors(a, x, y, e, NULL, 30,
                                 &(clv_style){.size = sizeof(clv_style), .name = "point", .colour = 0xFFD55E00}, err));
    CLV_TRY(clv_panel_add_points(a, x, y, 30,
                                 &(clv_style){.size = sizeof(clv_style), .name = "point", .colour = 0xFFD55E00}, err));
    CLV_TRY(clv_panel_add_rule(a, true, 7725, "E_{0}", NULL, err));
    CLV_TRY(clv_panel_add_rule(a, false, 1, "post-edge", NULL, err));
    CLV_TRY(clv_panel_add_text(a, 7744, 1.15, 0, "white line", NULL, err));
    panel = (clv_panel_options){.size = sizeof panel,
                                .column = 1,
                                .log_y = true,
                                .x_label = "Etch time (s)",
                                .y_label = "Counts",
                                .caption = "SIMS-like"};
    CLV_TRY(clv_figure_add_panel(*out, &panel, &b, err));
    CLV_TRY(clv_panel_add_line(b, x, z, 30, &(clv_style){.size = sizeof(clv_style), .name = "^{6}Li"}, err));
    CLV_TRY(clv_panel_add_limits(b, x, e, 30, &(clv_style){.size = sizeof(clv_style), .name = "limit"}, err));
    panel = (clv_panel_options){.size = sizeof panel, .column = 2, .x_label = "Energy (eV)", .y_label = "Counts"};
    return clv_figure_add_panel(*out, &panel, NULL, err);
}

/* Overlaid raw spectra, as `corelevel plot` shows them. */
static clv_status draw_overlay(clv_figure **out, clv_error *err)
{
    clv_panel_options panel = {.size = sizeof panel,
                               .x_reversed = true,
                               .x_label = "Binding energy (eV)",
                               .y_label = "Intensity (counts s^{−1})"};
    clv_panel *kept;

    CLV_TRY(clv_figure_new(NULL, out, err));
    CLV_TRY(clv_figure_add_panel(*out, &panel, &kept, err));
    for (int k = 0; k < 4; k++) {
        char name[32];
        snprintf(name, sizeof name, "%g nm", depths[k * 5]);
        CLV_TRY(clv_panel_add_line(kept, energies, levels[k * 5].data, CHANNELS,
                                   &(clv_style){.size = sizeof(clv_style), .name = name}, err));
    }
    return CLV_OK;
}

static const struct kind {
    const char *name;
    clv_status (*draw)(clv_figure **out, clv_error *err);
    double width_mm;
} kinds[] = {
    {"fit", draw_fit, 85},          {"three", draw_three, 178},
    {"nine", draw_nine, 178},       {"waterfall", draw_waterfall, 85},
    {"profile", draw_profile, 178}, {"map", draw_map, 178},
    {"kinds", draw_kinds, 178},     {"overlay", draw_overlay, 85},
};

#endif
