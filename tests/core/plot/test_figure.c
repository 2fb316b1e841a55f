/* Draws figures of every kind to every format: valid, reproducible, and unharmed by hostile input.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gallery.h"

#include <unistd.h>

typedef struct file {
    unsigned char *at;
    size_t size;
} file;

static clv_status keep(const void *bytes, size_t size, void *payload)
{
    file *f = payload;

    f->at = malloc(size + 1);
    if (!f->at) { return CLV_NO_MEMORY; }
    memcpy(f->at, bytes, size);
    f->at[size] = 0;
    f->size = size;
    return CLV_OK;
}

static file written(const clv_figure *figure, clv_figure_format format)
{
    clv_error err = {0};
    file f = {0};

    if (clv_figure_write(figure, format, keep, &f, &err)) { fail_msg("%s", err.text); }
    return f;
}

static uint32_t number_at(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Tags nest and close, attribute values are quoted, no bare ampersand: what a parser needs of a cairo SVG. */
static bool is_well_formed(const char *s)
{
    size_t depth = 0, elements = 0;

    for (; *s; s++) {
        if (*s == '&' && !strchr("aglq", s[1])) { return false; }
        if (*s != '<') { continue; }
        const char *end = s + 1;
        size_t quotes = 0;
        while (*end && (*end != '>' || quotes % 2)) { quotes += *end++ == '"'; }
        if (!*end || quotes % 2) { return false; }
        if (s[1] == '/') {
            if (depth-- == 0) { return false; }
        } else if (s[1] != '?' && s[1] != '!' && end[-1] != '/') {
            depth++;
        }
        elements++;
        s = end;
    }
    return depth == 0 && elements > 2;
}

static void check_svg(const file *f)
{
    assert_non_null(strstr((char *)f->at, "<svg"));
    assert_true(is_well_formed((char *)f->at));
    assert_null(strstr((char *)f->at, "nan"));
    assert_null(strstr((char *)f->at, "inf"));
}

static void check_pdf(const file *f)
{
    assert_memory_equal(f->at, "%PDF-1.", 7);
    assert_memory_equal(f->at + f->size - 6, "%%EOF\n", 6);
}

/* W3C PNG: signature, IHDR with the size, then pHYs: 300 dots per inch are 11811 per metre. */
static void check_png(const file *f, double width_mm)
{
    assert_memory_equal(f->at, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(number_at(f->at + 16), lround(width_mm / 25.4 * 300));
    assert_memory_equal(f->at + 37, "pHYs", 4);
    assert_int_equal(number_at(f->at + 41), 11811);
    assert_int_equal(f->at[49], 1);
    assert_memory_equal(f->at + f->size - 8, "IEND", 4);
}

static void check_format(const clv_figure *figure, clv_figure_format format, double width_mm)
{
    file one = written(figure, format), other = written(figure, format);

    assert_int_equal(one.size, other.size);
    assert_memory_equal(one.at, other.at, one.size);
    if (format == CLV_FIGURE_SVG) { check_svg(&one); }
    if (format == CLV_FIGURE_PDF) { check_pdf(&one); }
    if (format == CLV_FIGURE_PNG) { check_png(&one, width_mm); }
    free(one.at);
    free(other.at);
}

static void check_all_formats(const clv_figure *figure, double width_mm)
{
    check_format(figure, CLV_FIGURE_SVG, width_mm);
    check_format(figure, CLV_FIGURE_PDF, width_mm);
    check_format(figure, CLV_FIGURE_PNG, width_mm);
}

static void leave_in_gallery(const clv_figure *figure, const char *name)
{
    const char *folder = getenv("CORELEVEL_GALLERY"), *const suffixes[] = {"svg", "pdf", "png"};
    clv_error err = {0};

    for (int format = 0; folder && format < 3; format++) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s.%s", folder, name, suffixes[format]);
        if (clv_figure_save(figure, path, &err)) { fail_msg("%s", err.text); }
    }
}

/* Every kind, every format, twice. With CORELEVEL_GALLERY=FOLDER the figures are also left there to be looked at. */
static void test_every_kind(void **state)
{
    (void)state;
    simulate_all();
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        clv_figure *figure = NULL;
        clv_error err = {0};
        if (kinds[k].draw(&figure, &err)) { fail_msg("%s: %s", kinds[k].name, err.text); }
        check_all_formats(figure, kinds[k].width_mm);
        leave_in_gallery(figure, kinds[k].name);
        clv_figure_free(figure);
    }
}

/* The same description built again is the same file; what was drawn in between leaves no trace. */
static void test_built_again_is_the_same(void **state)
{
    clv_figure *one = NULL, *other = NULL;

    (void)state;
    simulate_all();
    assert_int_equal(draw_map(&one, NULL), CLV_OK);
    file before = written(one, CLV_FIGURE_SVG);
    file between = written(one, CLV_FIGURE_PDF);
    simulate_all();
    assert_int_equal(draw_map(&other, NULL), CLV_OK);
    file after = written(other, CLV_FIGURE_SVG);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.at, after.at, before.size);
    free(before.at);
    free(between.at);
    free(after.at);
    clv_figure_free(one);
    clv_figure_free(other);
}

/* Two SVGs in one HTML page must not share identifiers, or one shows the other's glyphs. */
static void test_identifiers_differ_between_figures(void **state)
{
    clv_figure *one = NULL, *other = NULL;

    (void)state;
    simulate_all();
    assert_int_equal(draw_fit(&one, NULL), CLV_OK);
    assert_int_equal(draw_profile(&other, NULL), CLV_OK);
    file a = written(one, CLV_FIGURE_SVG), b = written(other, CLV_FIGURE_SVG);
    const char *first = strstr((char *)a.at, " id=\""), *second = strstr((char *)b.at, " id=\"");
    assert_non_null(first);
    assert_non_null(second);
    assert_memory_not_equal(first, second, 14);
    assert_non_null(strstr((char *)a.at, "<title>Co 2p of a cathode &amp; its fit</title>"));
    assert_non_null(strstr((char *)a.at, "<desc>a &lt; b</desc>"));
    assert_null(strstr((char *)a.at, "\"glyph"));
    assert_null(strstr((char *)a.at, "#glyph"));
    free(a.at);
    free(b.at);
    clv_figure_free(one);
    clv_figure_free(other);
}

/* The figure keeps copies: arrays and texts may change after the call. */
static void test_data_are_copied(void **state)
{
    double x[3] = {1, 2, 3}, y[3] = {1, 4, 9};
    char title[] = "before";
    clv_panel_options options = {.size = sizeof options, .title = title};
    clv_figure *figure = NULL;
    clv_panel *panel = NULL;

    (void)state;
    assert_int_equal(clv_figure_new(NULL, &figure, NULL), CLV_OK);
    assert_int_equal(clv_figure_add_panel(figure, &options, &panel, NULL), CLV_OK);
    assert_int_equal(clv_panel_add_line(panel, x, y, 3, NULL, NULL), CLV_OK);
    file before = written(figure, CLV_FIGURE_SVG);
    memset(x, 0, sizeof x);
    memset(y, 0, sizeof y);
    memcpy(title, "after!", 6);
    file after = written(figure, CLV_FIGURE_SVG);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.at, after.at, before.size);
    free(before.at);
    free(after.at);
    clv_figure_free(figure);
}

static void add_everything(clv_panel *panel, const double *x, const double *y, size_t n, const char *text)
{
    clv_style style = {
        .size = sizeof style, .name = text, .width = n > 0 ? y[0] : 0, .marker = (clv_marker)99, .dash = (clv_dash)-3};
    clv_error err = {0};
    double value = n > 0 ? x[0] : NAN;

    assert_int_equal(clv_panel_add_points(panel, x, y, n, &style, &err), CLV_OK);
    assert_int_equal(clv_panel_add_line(panel, x, y, n, &style, &err), CLV_OK);
    assert_int_equal(clv_panel_add_step(panel, x, y, n, NULL, &err), CLV_OK);
    assert_int_equal(clv_panel_add_area(panel, x, y, x, n, &style, &err), CLV_OK);
    assert_int_equal(clv_panel_add_errors(panel, x, y, y, x, n, NULL, &err), CLV_OK);
    assert_int_equal(clv_panel_add_limits(panel, x, y, n, &style, &err), CLV_OK);
    assert_int_equal(clv_panel_add_rule(panel, true, value, text, NULL, &err), CLV_OK);
    assert_int_equal(clv_panel_add_rule(panel, false, value, text, &style, &err), CLV_OK);
    assert_int_equal(clv_panel_add_text(panel, value, value, value, text, NULL, &err), CLV_OK);
    if (n > 0) {
        clv_heat_map map = {.size = sizeof map,
                            .values = y,
                            .columns = n,
                            .rows = 1,
                            .x_min = x[0],
                            .x_max = x[n - 1],
                            .low = y[0],
                            .label = text,
                            .scale_bar = x[0],
                            .scale_label = text};
        assert_int_equal(clv_panel_add_map(panel, &map, &err), CLV_OK);
    }
    clv_waterfall waterfall = {.size = sizeof waterfall,
                               .x = x,
                               .data = y,
                               .curves = x,
                               .count = n,
                               .levels = 1,
                               .depths = y,
                               .label = text,
                               .offset = value};
    assert_int_equal(clv_panel_add_waterfall(panel, &waterfall, &err), CLV_OK);
}

static void check_hostile(const double *x, const double *y, size_t n, const char *text, bool log)
{
    clv_figure_options options = {.size = sizeof options,
                                  .title = text,
                                  .description = text,
                                  .x_label = text,
                                  .y_label = text,
                                  .width_mm = 40,
                                  .dots_per_inch = 72,
                                  .letters = true,
                                  .legend_above = log};
    clv_panel_options panel_options = {.size = sizeof panel_options,
                                       .title = text,
                                       .caption = text,
                                       .x_label = text,
                                       .y_label = text,
                                       .x_reversed = log,
                                       .log_y = log};
    clv_figure *figure = NULL;
    clv_panel *panel = NULL;
    clv_error err = {0};

    if (clv_figure_new(&options, &figure, &err)) { fail_msg("%s", err.text); }
    if (clv_figure_add_panel(figure, &panel_options, &panel, &err)) { fail_msg("%s", err.text); }
    add_everything(panel, x, y, n, text);
    clv_figure_curves fit = {.size = sizeof fit,
                             .count = n,
                             .x = x,
                             .data = y,
                             .sigma = x,
                             .envelope = x,
                             .background = y,
                             .component_count = 1,
                             .components = &y,
                             .names = &text,
                             .note = text};
    panel_options.column = 1;
    if (clv_figure_add_fit(figure, &panel_options, &fit, NULL, &err)) { fail_msg("%s", err.text); }
    for (int format = CLV_FIGURE_SVG; format <= CLV_FIGURE_PNG; format++) {
        file f = written(figure, (clv_figure_format)format);
        if (format == CLV_FIGURE_SVG) { check_svg(&f); }
        free(f.at);
    }
    clv_figure_free(figure);
}

static void test_hostile_numbers_and_texts(void **state)
{
    static const double sets[][5] = {
        {0, 0, 0, 0, 0},
        {NAN, NAN, NAN, NAN, NAN},
        {1e300, -1e300, 1e300, 0, 1},
        {1.7e308, -1.7e308, INFINITY, -INFINITY, NAN},
        {1e-320, 1e-310, -1e-320, 0, 1e-300},
        {780, 781, NAN, 783, 784},
        {5, 5, 5, 5, 5},
        {3, 1, 2, 1, 3},
        {1e15, 1e15 + 0.25, 1e15 + 0.5, 1e15 + 1, 1e15 + 2},
    };
    const size_t count = sizeof sets / sizeof sets[0];
    char *huge = malloc(100001);

    (void)state;
    assert_non_null(huge);
    memset(huge, 'W', 100000);
    huge[100000] = 0;
    const char *texts[] = {
        "", huge, "\xFF\xFE\xC0 ^{_{\\", "<&\">]]>", "^{^{^{^{}}}}", "Co^{2+}", "漢字 \xF0\x9F\x98\x80"};
    for (size_t k = 0; k < count * count; k++) {
        const char *text = texts[k % (sizeof texts / sizeof texts[0])];
        check_hostile(sets[k / count], sets[k % count], k % 6, text, k % 2);
    }
    free(huge);
}

static void test_faults_are_told(void **state)
{
    clv_figure *figure = NULL, *other = NULL;
    clv_panel *panel = NULL, *foreign = NULL;
    clv_error err = {0};
    clv_figure_format format;
    const double x[2] = {0, 1};

    (void)state;
    assert_int_equal(clv_figure_new(&(clv_figure_options){.width_mm = 85}, &figure, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "sizeof(clv_figure_options)"));
    clv_figure_options wide = {.size = sizeof wide, .width_mm = 5000};
    assert_int_equal(clv_figure_new(&wide, &figure, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "width_mm is 5000"));
    assert_int_equal(clv_figure_new(NULL, &figure, &err), CLV_OK);
    assert_int_equal(clv_figure_new(NULL, &other, &err), CLV_OK);
    assert_int_equal(clv_figure_add_panel(other, NULL, &foreign, &err), CLV_OK);
    clv_panel_options options = {.size = sizeof options, .under = foreign};
    assert_int_equal(clv_figure_add_panel(figure, &options, &panel, &err), CLV_BAD_ARGUMENT);
    options = (clv_panel_options){.size = sizeof options, .row = 64};
    assert_int_equal(clv_figure_add_panel(figure, &options, &panel, &err), CLV_BAD_ARGUMENT);
    options = (clv_panel_options){.size = sizeof options, .x_min = 800, .x_max = 770};
    assert_int_equal(clv_figure_add_panel(figure, &options, &panel, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "ascending"));
    options = (clv_panel_options){.size = sizeof options, .log_y = true, .y_min = 0, .y_max = 1};
    assert_int_equal(clv_figure_add_panel(figure, &options, &panel, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_figure_add_panel(figure, NULL, &panel, &err), CLV_OK);
    assert_int_equal(clv_panel_add_line(panel, x, NULL, 2, NULL, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_panel_add_line(panel, x, x, CLV_FIGURE_POINTS_MAX + 1, NULL, &err), CLV_LIMIT);
    clv_heat_map map = {.size = sizeof map, .values = x, .columns = SIZE_MAX, .rows = 2};
    assert_int_equal(clv_panel_add_map(panel, &map, &err), CLV_LIMIT);
    assert_int_equal(clv_panel_set_colour_bar(panel, 1, NAN, NULL, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_figure_format_find("a.PDF", &format, &err), CLV_OK);
    assert_int_equal(format, CLV_FIGURE_PDF);
    assert_int_equal(clv_figure_format_find("a.gif", &format, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_figure_save(figure, "/nowhere/at/all.svg", &err), CLV_CANNOT_WRITE);
    assert_non_null(strstr(err.text, "/nowhere/at/all.svg: No such file"));
    clv_figure_free(figure);
    clv_figure_free(other);
    clv_figure_free(NULL);
}

static clv_status refuse(const void *bytes, size_t size, void *payload)
{
    (void)bytes;
    *(size_t *)payload = size;
    return CLV_CANCELLED;
}

static void test_writer_may_refuse(void **state)
{
    clv_figure *figure = NULL;
    size_t size = 0;

    (void)state;
    assert_int_equal(clv_figure_new(NULL, &figure, NULL), CLV_OK);
    assert_int_equal(clv_figure_write(figure, CLV_FIGURE_SVG, refuse, &size, NULL), CLV_CANCELLED);
    assert_true(size > 100);
    assert_int_equal(clv_figure_write(figure, (clv_figure_format)7, refuse, &size, NULL), CLV_BAD_ARGUMENT);
    clv_figure_free(figure);
}

static void test_save_leaves_one_whole_file(void **state)
{
    char folder[] = "/tmp/clv_figure_XXXXXX", path[64], part[80];
    clv_figure *figure = NULL;
    clv_error err = {0};

    (void)state;
    simulate_all();
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/fit.pdf", folder);
    snprintf(part, sizeof part, "%s.part", path);
    assert_int_equal(draw_fit(&figure, &err), CLV_OK);
    if (clv_figure_save(figure, path, &err)) { fail_msg("%s", err.text); }
    assert_int_equal(access(path, R_OK), 0);
    assert_int_not_equal(access(part, F_OK), 0);
    unlink(path);
    rmdir(folder);
    clv_figure_free(figure);
}

/* Oklab lightness of sRGB, by Ottosson's forward matrices; the map promises 0.27 + 0.64 t. */
static double lightness(clv_colour colour)
{
    double rgb[3];

    for (int i = 0; i < 3; i++) {
        double v = (colour >> (16 - 8 * i) & 0xFF) / 255.0;
        rgb[i] = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
    }
    double l = cbrt(0.4122214708 * rgb[0] + 0.5363325363 * rgb[1] + 0.0514459929 * rgb[2]);
    double m = cbrt(0.2119034982 * rgb[0] + 0.6806995451 * rgb[1] + 0.1073969566 * rgb[2]);
    double s = cbrt(0.0883024619 * rgb[0] + 0.2817188376 * rgb[1] + 0.6299787005 * rgb[2]);
    return 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
}

static void test_colour_map_is_linear_in_lightness(void **state)
{
    (void)state;
    for (int k = 0; k <= 100; k++) {
        assert_true(fabs(lightness(clv_colour_map(k / 100.0)) - (0.27 + 0.64 * k / 100.0)) < 0.005);
    }
    assert_int_equal(clv_colour_map(-3), clv_colour_map(0));
    assert_int_equal(clv_colour_map(INFINITY), clv_colour_map(1));
    assert_int_equal(clv_colour_map(NAN), 0xFFE4E4E4);
    assert_int_equal(clv_colour_cycle(3), clv_colour_cycle(13));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_built_again_is_the_same),
        cmocka_unit_test(test_identifiers_differ_between_figures),
        cmocka_unit_test(test_data_are_copied),
        cmocka_unit_test(test_hostile_numbers_and_texts),
        cmocka_unit_test(test_faults_are_told),
        cmocka_unit_test(test_writer_may_refuse),
        cmocka_unit_test(test_save_leaves_one_whole_file),
        cmocka_unit_test(test_colour_map_is_linear_in_lightness),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
