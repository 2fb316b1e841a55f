/* Backgrounds: closed forms, curves that CasaXPS exported, failures that are told, and speed.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <corelevel/background.h>
#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { n_max = 2000 };

/* A Gaussian line on a step of a tenth of its height. */
static void make_line(double *x, double *y, size_t n, double step)
{
    for (size_t i = 0; i < n; i++) {
        double t = (x[i] = 770 + step * (double)i) - 780;
        y[i] = 1000 * exp(-t * t / 2) + 100 + 50 * (1 + erf(t / sqrt(2)));
    }
}

/* A Gaussian of area a over a background that is exactly its Shirley curve: closed form k * integral = step * (1 + erf)
 * / 2. */
static void test_background__shirley_closed_form(void **state)
{
    static double x[n_max], y[n_max], b[n_max];
    clv_shirley_options options = {.ends = {0, n_max - 1, 0}, .sum = CLV_SHIRLEY_TRAPEZOID};
    clv_shirley_result result;

    (void)state;
    make_line(x, y, n_max, 0.01);
    assert_int_equal(clv_background_shirley(x, y, n_max, &options, b, &result, NULL), CLV_OK);
    for (size_t i = 0; i < n_max; i++) {
        double t = x[i] - 780;
        assert_true(fabs(b[i] - 100 - 50 * (1 + erf(t / sqrt(2)))) < 2e-3);
    }
    assert_true(fabs(result.strength - 100 / (1000 * sqrt(2 * M_PI))) < 1e-5);
    assert_true(result.iterations < 60 && result.change <= 1e-9);
}

/* The recipe written out naively, channel by channel, with non-uniform steps: both must agree. */
static void test_background__shirley_agrees_with_the_recipe(void **state)
{
    double x[203], y[203], b[203], expected[203];
    enum { n = 203, first = 5, last = 197 };

    (void)state;
    make_line(x, y, n, 0.1);
    for (int i = 0; i < n; i++) {
        x[i] += 0.02 * sin(i);
        y[i] += 3 * sin(17.0 * i);
    }
    for (int trapezoid = 0; trapezoid < 2; trapezoid++) {
        clv_shirley_options options = {.ends = {first, last, 2},
                                       .sum = trapezoid ? CLV_SHIRLEY_TRAPEZOID : CLV_SHIRLEY_CASAXPS};
        double low = (y[3] + y[4] + y[5] + y[6] + y[7]) / 5, high = (y[195] + y[196] + y[197] + y[198] + y[199]) / 5;
        double area[n];

        assert_int_equal(clv_background_shirley(x, y, n, &options, b, NULL, NULL), CLV_OK);
        for (int i = 0; i < n; i++) { expected[i] = i < first || i > last ? y[i] : low; }
        for (int round = 0; round < 200; round++) {
            double sum = 0;
            for (int i = first; i <= last; i++) {
                double s = y[i] - expected[i];
                if (trapezoid) {
                    sum += i > first ? 0.5 * (s + y[i - 1] - expected[i - 1]) * (x[i] - x[i - 1]) : 0;
                    area[i] = sum;
                } else {
                    area[i] = sum;
                    sum += s * (i > first ? 0.5 * (x[i + 1] - x[i - 1]) : x[i + 1] - x[i]);
                }
            }
            for (int i = first; i <= last; i++) { expected[i] = low + (high - low) * area[i] / area[last]; }
        }
        for (int i = 0; i < n; i++) { assert_true(fabs(b[i] - expected[i]) < 1e-6); }
        assert_true(b[first] == low && b[last] == high);
    }
}

static void test_background__falling_step_is_legal(void **state)
{
    double x[401], y[401], b[401];
    clv_shirley_options options = {.ends = {0, 400, 0}};

    (void)state;
    for (int i = 0; i < 401; i++) {
        double t = (x[i] = 0.05 * i) - 10;
        y[i] = 1000 * exp(-t * t / 2) + 200 - 50 * (1 + erf(t / sqrt(2)));
    }
    assert_int_equal(clv_background_shirley(x, y, 401, &options, b, NULL, NULL), CLV_OK);
    assert_true(b[0] > 199.9 && b[400] < 100.1);
    for (int i = 1; i < 401; i++) { assert_true(b[i] <= b[i - 1] + 1e-9); }
}

static void test_background__no_solution_is_an_error(void **state)
{
    double x[301], y[301], b[301] = {0};
    clv_shirley_options options = {.ends = {0, 300, 0}};
    clv_shirley_result result;
    clv_error err = {0};

    (void)state;
    make_line(x, y, 301, 0.06);
    y[300] = 3000; /* one noisy end far above the plateau: no background can reach it below the data */
    assert_int_equal(clv_background_shirley(x, y, 301, &options, b, &result, &err), CLV_NOT_CONVERGED);
    assert_non_null(strstr(err.text, "average more channels"));
    assert_true(b[150] == 0);
    make_line(x, y, 301, 0.06);
    for (int i = 1; i < 300; i++) { y[i] = 50; }
    assert_int_equal(clv_background_shirley(x, y, 301, &options, b, &result, &err), CLV_NOT_CONVERGED);
    assert_non_null(strstr(err.text, "no area"));
    make_line(x, y, 301, 0.06);
    options.max_iterations = 2;
    assert_int_equal(clv_background_shirley(x, y, 301, &options, b, &result, &err), CLV_NOT_CONVERGED);
    assert_non_null(strstr(err.text, "still changes by"));
    assert_int_equal(result.iterations, 2);
    assert_true(result.change > 1e-9);
}

static void test_background__bad_regions_are_refused(void **state)
{
    double x[] = {1, 2, 3, 4, 5}, y[] = {1, 2, 9, 2, 1}, b[5];
    clv_shirley_options options = {.ends = {3, 3, 0}};
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_background_shirley(x, y, 5, &options, b, NULL, &err), CLV_BAD_ARGUMENT);
    options.ends.last = 5;
    assert_int_equal(clv_background_shirley(x, y, 5, &options, b, NULL, &err), CLV_BAD_ARGUMENT);
    options.ends.first = 0;
    options.ends.last = 4;
    y[2] = NAN;
    assert_int_equal(clv_background_shirley(x, y, 5, &options, b, NULL, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "channel 2"));
    y[2] = 9;
    x[3] = 2.5;
    assert_int_equal(clv_background_line(x, y, 5, &options.ends, b, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "ascend"));
}

static void test_background__line_and_outside(void **state)
{
    double x[] = {0, 1, 2, 4, 5, 6}, y[] = {7, 1, 50, 60, 5, 9}, b[6];
    clv_background_ends ends = {1, 4, 0};

    (void)state;
    assert_int_equal(clv_background_line(x, y, 6, &ends, b, NULL), CLV_OK);
    assert_true(b[0] == 7 && b[1] == 1 && b[2] == 2 && b[3] == 4 && b[4] == 5 && b[5] == 9);
    ends.average = 1;
    assert_int_equal(clv_background_line(x, y, 6, &ends, b, NULL), CLV_OK);
    assert_true(fabs(b[1] - 58.0 / 3) < 1e-12 && fabs(b[4] - 74.0 / 3) < 1e-12);
}

/* A cubic through windows of exact cubic data is that cubic. */
static void test_background__polynomial_is_exact(void **state)
{
    double x[101], y[101], b[101];
    clv_background_ends ends = {10, 90, 5};
    clv_error err = {0};

    (void)state;
    for (int i = 0; i < 101; i++) {
        double t = (x[i] = 700 + 0.2 * i) - 710;
        y[i] = 1 + t - 0.3 * t * t + 0.02 * t * t * t + (i > 20 && i < 80 ? 100 : 0);
    }
    assert_int_equal(clv_background_polynomial(x, y, 101, &ends, 3, b, NULL), CLV_OK);
    for (int i = 0; i < 101; i++) {
        double t = x[i] - 710;
        double expected = i < 10 || i > 90 ? y[i] : 1 + t - 0.3 * t * t + 0.02 * t * t * t;
        assert_true(fabs(b[i] - expected) < 1e-9);
    }
    ends.average = 0;
    assert_int_equal(clv_background_polynomial(x, y, 101, &ends, 2, b, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "needs 3 channels"));
}

/* One exported table: energies, counts per second and CasaXPS' background, turned to ascending binding energy. */
typedef struct export_table {
    double x[400], y[400], background[400];
    size_t n;
} export_table;

static void read_export(const char *path, export_table *table)
{
    char line[2000];
    FILE *file = fopen(path, "r");

    if (!file) { fail_msg("cannot open %s", path); }
    table->n = 0;
    while (fgets(line, sizeof line, file)) {
        double cells[40];
        size_t count = 0;
        const char *place = line, *end = line + strlen(line), *next;

        while (count < 40 && (next = clv_text_number_at(place, end, &cells[count]))) {
            count++;
            place = *next == ',' ? next + 1 : next;
        }
        if (count < 4 || table->n == 400) { continue; }
        table->x[table->n] = -cells[0];
        table->y[table->n] = cells[1];
        table->background[table->n++] = cells[count - 2];
    }
    fclose(file);
    for (size_t i = 0; i < table->n; i++) { table->x[i] = -table->x[i]; }
    for (size_t i = 0; i < table->n / 2; i++) {
        double *arrays[] = {table->x, table->y, table->background};
        for (int a = 0; a < 3; a++) {
            double kept = arrays[a][i];
            arrays[a][i] = arrays[a][table->n - 1 - i];
            arrays[a][table->n - 1 - i] = kept;
        }
    }
}

/* The exported regions that are Shirley backgrounds, with how near we must come (of the peak's height). The curves are
   what CasaXPS itself wrote; the public repository is theoechem/article_MAHE_2024_IL_pitfalls (GPL-3.0). */
static void test_background__equals_casaxps(void **state)
{
    static const struct {
        const char *file;
        double within;
    } rows[] = {{"20240220_Au_MPPipTFSI4AMSIol3_S_2p.csv", 2e-6},     {"20240220_Au_MPPipTFSI4AMSIol3_F_1s.csv", 2e-6},
                {"20240621_Au_Nadep_from_MPPipTFSI_Au_4f.csv", 2e-6}, {"20240228_Au_MPPipTFSIIol3_O_1s.csv", 5e-5},
                {"20240220_Au_MPPipTFSI4AMSIol3_N_1s.csv", 5e-5},     {"20240228_Au_MPPipTFSIIol3_Au_4f.csv", 5e-5}};
    const char *root = getenv("CORELEVEL_TESTDATA");
    static export_table table;

    (void)state;
    if (!root) {
        print_message("SKIPPED: CasaXPS' exported backgrounds (CORELEVEL_TESTDATA is not set)\n");
        skip();
    }
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        char path[1000];
        clv_shirley_options options = {.ends = {.average = 1}};
        double curve[400], worst = 0, height = 0;
        clv_error err = {0};

        snprintf(path, sizeof path, "%s/xps/%s", root, rows[r].file);
        read_export(path, &table);
        while (table.background[options.ends.first] == table.y[options.ends.first]) { options.ends.first++; }
        options.ends.last = table.n - 1;
        while (table.background[options.ends.last] == table.y[options.ends.last]) { options.ends.last--; }
        if (clv_background_shirley(table.x, table.y, table.n, &options, curve, NULL, &err)) {
            fail_msg("%s", err.text);
        }
        for (size_t i = 0; i < table.n; i++) {
            worst = fmax(worst, fabs(curve[i] - table.background[i]));
            height = fmax(height, table.y[i] - table.background[i]);
        }
        print_message("%-50s %.1e of the peak\n", rows[r].file, worst / height);
        assert_true(worst / height <= rows[r].within);
    }
}

/* A bench line. The goal is 5 us for 451 channels; the bar leaves room for a busy machine and for sanitizers. */
static void test_background__is_fast(void **state)
{
    double x[451], y[451], b[451], best = 1e9;
    clv_shirley_options options = {.ends = {0, 450, 1}, .tolerance = 1e-9};
    clv_shirley_result result = {0};

    (void)state;
    make_line(x, y, 451, 0.1);
    for (int round = 0; round < 200; round++) {
        struct timespec from, to;
        clock_gettime(CLOCK_MONOTONIC, &from);
        for (int i = 0; i < 20; i++) {
            assert_int_equal(clv_background_shirley(x, y, 451, &options, b, &result, NULL), CLV_OK);
        }
        clock_gettime(CLOCK_MONOTONIC, &to);
        best = fmin(best, ((double)(to.tv_sec - from.tv_sec) * 1e6 + 1e-3 * (double)(to.tv_nsec - from.tv_nsec)) / 20);
    }
    print_message("bench: Shirley, 451 channels: %.2f us, %zu iterations\n", best, result.iterations);
    assert_true(best < 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_background__shirley_closed_form),
        cmocka_unit_test(test_background__shirley_agrees_with_the_recipe),
        cmocka_unit_test(test_background__falling_step_is_legal),
        cmocka_unit_test(test_background__no_solution_is_an_error),
        cmocka_unit_test(test_background__bad_regions_are_refused),
        cmocka_unit_test(test_background__line_and_outside),
        cmocka_unit_test(test_background__polynomial_is_exact),
        cmocka_unit_test(test_background__equals_casaxps),
        cmocka_unit_test(test_background__is_fast),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
