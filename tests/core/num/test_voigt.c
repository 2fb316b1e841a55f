/* The Voigt kernels of every level against libcerf, an asymptotic series and closed forms.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <cerf.h>
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/voigt.h"

#define CHANNELS 1024
#define FWHM_PER_SIGMA 2.35482004503094938202

enum { VALUE, BY_POSITION, BY_GAUSSIAN, BY_LORENTZIAN, OUTPUTS };

static const char *const levels[] = {"generic", "avx2", "avx512"};
static const double bounds[OUTPUTS] = {1e-11, 1e-9, 1e-8, 1e-9}; /* as stated in voigt.h */

static _Alignas(64) double energy[CHANNELS];
static _Alignas(64) double got[OUTPUTS][CHANNELS];
static double expected[OUTPUTS][CHANNELS];

static const clv_num_line_columns into_got = {got[VALUE], got[BY_POSITION], got[BY_GAUSSIAN], got[BY_LORENTZIAN]};

static const clv_num_kernels *level_or_say(const char *name)
{
    const clv_num_kernels *kernels = clv_num_kernels_find(name);

    if (!kernels) { print_message("SKIPPED: this processor lacks level %s\n", name); }
    return kernels;
}

/* w, w', w'': by libcerf and w' = -2zw + 2i/sqrt(pi); beyond |z| = 9 by the asymptotic series of w (DLMF 7.12.1) and
   its term-wise derivatives, because the recurrence loses digits there. 40 terms, cut where they stop falling. */
static void faddeeva(long double complex z, long double complex w[3])
{
    const long double root_pi = sqrtl(acosl(-1));

    if (cabsl(z) < 9) {
        w[0] = w_of_z((double complex)z);
        w[1] = -2 * z * w[0] + 2 * I / root_pi;
        w[2] = -2 * w[0] - 2 * z * w[1];
        return;
    }
    long double complex u = 1 / (z * z), term = I / (root_pi * z);
    w[0] = w[1] = w[2] = 0;
    for (int k = 0; k < 40; k++) {
        w[0] += term;
        w[1] -= (2 * k + 1) * term / z;
        w[2] += (2 * k + 1) * (2 * k + 2) * term * u;
        if (cabsl(u) * (k + 0.5L) >= 1) { break; }
        term *= u * (k + 0.5L);
    }
}

static void reference_line(double e, const clv_num_line *line, long double out[OUTPUTS])
{
    long double sigma = line->gaussian / (long double)FWHM_PER_SIGMA, a = 1 / (sigma * sqrtl(2));
    long double scale = line->weight * a / sqrtl(acosl(-1));
    long double complex w[3];

    faddeeva(a * ((long double)e - line->position + 0.5L * line->lorentzian * I), w);
    out[VALUE] = scale * creall(w[0]);
    out[BY_POSITION] = -scale * a * creall(w[1]);
    out[BY_GAUSSIAN] = scale * a * a * creall(w[2]) * sigma / FWHM_PER_SIGMA;
    out[BY_LORENTZIAN] = -0.5L * scale * a * cimagl(w[1]);
}

static void reference(const clv_num_line *lines, size_t line_count)
{
    memset(expected, 0, sizeof expected);
    for (size_t i = 0; i < CHANNELS; i++) {
        for (size_t k = 0; k < line_count; k++) {
            long double one[OUTPUTS];
            reference_line(energy[i], &lines[k], one);
            for (int o = 0; o < OUTPUTS; o++) { expected[o][i] += (double)one[o]; }
        }
    }
}

/* The largest magnitude of each output of one line, found on a grid that is fine where the line is. */
static void peaks(const clv_num_line *line, double peak[OUTPUTS])
{
    for (int o = 0; o < OUTPUTS; o++) { peak[o] = 0; }
    for (int i = 0; i <= 300; i++) {
        long double at[OUTPUTS];
        reference_line(line->position + 0.01 * i * (line->gaussian + line->lorentzian), line, at);
        for (int o = 0; o < OUTPUTS; o++) { peak[o] = fmax(peak[o], (double)fabsl(at[o])); }
    }
}

/* The largest difference between two columns in units of `largest`, or of the largest magnitude of the second. */
static double worst(const double *a, const double *b, double largest)
{
    double difference = 0;

    for (size_t i = 0; i < CHANNELS; i++) {
        if (!(fabs(a[i] - b[i]) <= difference)) { difference = fabs(a[i] - b[i]); }
        if (fabs(b[i]) > largest) { largest = fabs(b[i]); }
    }
    return difference / largest;
}

static void energies(double from, double step)
{
    for (size_t i = 0; i < CHANNELS; i++) { energy[i] = from + step * (double)i; }
}

static void hold(const char *level, const clv_num_line *line, double most[OUTPUTS])
{
    double peak[OUTPUTS];

    peaks(line, peak);
    for (int o = 0; o < OUTPUTS; o++) {
        double error = worst(got[o], expected[o], peak[o]);
        most[o] = fmax(most[o], error);
        if (!(error <= bounds[o])) {
            fail_msg("%s: output %d of G %g, L %g is off by %g of its peak", level, o, line->gaussian, line->lorentzian,
                     error);
        }
    }
}

static void test_voigt__keeps_its_bounds_against_libcerf(void **state)
{
    static const double gaussian[] = {0.02, 0.31, 1.53, 4.7};
    static const double ratio[] = {0, 1e-12, 1e-6, 1e-3, 0.05, 0.3, 0.7, 1, 1.5, 2.5, 4, 6, 8, 8.5, 10, 20, 100, 1e4};
    static const double steps[] = {0.004, 0.03, 0.2, 1.1, 9}; /* of the whole width */

    (void)state;
    for (size_t l = 0; l < 3; l++) {
        const clv_num_kernels *kernels = level_or_say(levels[l]);
        double most[OUTPUTS] = {0};
        for (size_t i = 0; kernels && i < 4 * 18 * 5; i++) {
            double g = gaussian[i % 4], r = ratio[i / 4 % 18], step = steps[i / 72] * g * fmax(1, r);
            clv_num_line line = {780.03, g, g * r, 1};
            energies(line.position - 511 * step, step);
            reference(&line, 1);
            kernels->voigt(energy, CHANNELS, &line, 1, &into_got);
            hold(levels[l], &line, most);
        }
        if (kernels) { print_message("%s: %.1e %.1e %.1e %.1e\n", levels[l], most[0], most[1], most[2], most[3]); }
    }
}

/* Where the Lorentzian part prevails, the value is right relative to itself however far the wing. */
static void test_voigt__wings_are_relatively_right(void **state)
{
    clv_num_line line = {0, 1.2, 0.4, 1};

    (void)state;
    for (size_t l = 0; l < 3; l++) {
        const clv_num_kernels *kernels = level_or_say(levels[l]);
        if (!kernels) { continue; }
        for (size_t i = 0; i < CHANNELS; i++) { energy[i] = 5.1 * pow(1.3, (double)i / 8); }
        reference(&line, 1);
        kernels->voigt(energy, CHANNELS, &line, 1, &into_got);
        for (size_t i = 0; i < CHANNELS; i++) {
            assert_true(fabs(got[VALUE][i] - expected[VALUE][i]) <= 1e-9 * expected[VALUE][i]);
        }
    }
}

/* Closed form: the normal density, and d/dlorentzian at 0 = -(1/2) d/dE of its Hilbert transform (Dawson's integral).
 */
static void test_voigt__without_lorentzian_is_the_gaussian(void **state)
{
    clv_num_line line = {285, 1.1, 0, 2};
    double sigma = line.gaussian / FWHM_PER_SIGMA, most[OUTPUTS] = {0};

    (void)state;
    energies(275, 20.0 / CHANNELS);
    for (size_t i = 0; i < CHANNELS; i++) {
        double x = energy[i] - line.position, z = x / (sigma * M_SQRT2);
        double v = 2 * exp(-z * z) / (sigma * sqrt(2 * M_PI));
        expected[VALUE][i] = v;
        expected[BY_POSITION][i] = v * x / (sigma * sigma);
        expected[BY_GAUSSIAN][i] = v * (x * x / (sigma * sigma) - 1) / line.gaussian;
        expected[BY_LORENTZIAN][i] = -(1 - 2 * z * dawson(z)) / (2 * M_PI * sigma * sigma) * 2;
    }
    for (size_t l = 0; l < 3; l++) {
        const clv_num_kernels *kernels = level_or_say(levels[l]);
        if (!kernels) { continue; }
        kernels->voigt(energy, CHANNELS, &line, 1, &into_got);
        hold(levels[l], &line, most);
    }
}

static void test_voigt__without_gaussian_is_the_lorentzian(void **state)
{
    (void)state;
    for (size_t l = 0; l < 3 * 4; l++) {
        static const double tiny[] = {0, 1e-200, 1e-20, 1e-10};
        const clv_num_kernels *kernels = level_or_say(levels[l / 4]);
        clv_num_line line = {285, tiny[l % 4], 0.8, 1};
        double h = 0.4;
        if (!kernels) { continue; }
        energies(275, 20.0 / CHANNELS);
        kernels->voigt(energy, CHANNELS, &line, 1, &into_got);
        for (size_t i = 0; i < CHANNELS; i++) {
            double x = energy[i] - line.position, q = x * x + h * h;
            double curvature = 2 * h * (3 * x * x - h * h) / (M_PI * q * q * q);
            assert_true(fabs(got[VALUE][i] - h / (M_PI * q)) <= 1e-15 / h);
            assert_true(fabs(got[BY_POSITION][i] - 2 * x * h / (M_PI * q * q)) <= 1e-15 / (h * h));
            assert_true(fabs(got[BY_LORENTZIAN][i] - 0.5 * (x * x - h * h) / (M_PI * q * q)) <= 1e-15 / (h * h));
            double by_gaussian = curvature * line.gaussian / (FWHM_PER_SIGMA * FWHM_PER_SIGMA);
            assert_true(fabs(got[BY_GAUSSIAN][i] - by_gaussian) <= 1e-14 * line.gaussian / (h * h * h));
        }
    }
}

/* A doublet, and more lines than are taken at once: against libcerf line by line. */
static void test_voigt__sums_weighted_lines(void **state)
{
    clv_num_line lines[19];
    double most[OUTPUTS] = {0};

    (void)state;
    for (size_t k = 0; k < 19; k++) {
        lines[k] = (clv_num_line){772 + 2.1 * (double)k, 0.6 + 0.1 * (double)(k % 5), 0.05 * (double)(k % 7),
                                  k == 1 ? 0.5 : 1 + 0.3 * (double)k};
    }
    energies(765, 0.05);
    for (size_t l = 0; l < 3; l++) {
        const clv_num_kernels *kernels = level_or_say(levels[l]);
        static const size_t counts[] = {2, 8, 9, 19};
        for (size_t c = 0; kernels && c < 4; c++) {
            reference(lines, counts[c]);
            kernels->voigt(energy, CHANNELS, lines, counts[c], &into_got);
            hold(levels[l], lines, most);
        }
    }
}

static void test_voigt__levels_agree(void **state)
{
    static _Alignas(64) double first[OUTPUTS][CHANNELS];
    clv_num_line lines[2] = {{780, 1.3, 0.4, 1}, {795.1, 1.3, 0.5, 0.5}};

    (void)state;
    energies(770, 0.05);
    clv_num_kernels_find("generic")->voigt(energy, CHANNELS, lines, 2, &into_got);
    memcpy(first, got, sizeof got);
    for (size_t l = 1; l < 3; l++) {
        const clv_num_kernels *kernels = level_or_say(levels[l]);
        if (!kernels) { continue; }
        kernels->voigt(energy, CHANNELS, lines, 2, &into_got);
        for (int o = 0; o < OUTPUTS; o++) { assert_true(worst(got[o], first[o], 0) <= bounds[o]); }
    }
}

static void test_voigt__each_output_is_optional(void **state)
{
    static _Alignas(64) double all[OUTPUTS][CHANNELS];
    clv_num_line lines[2] = {{780, 1.3, 0.4, 1}, {795.1, 1.3, 0.5, 0.5}};

    (void)state;
    energies(770, 0.05);
    clv_num_voigt(energy, CHANNELS, lines, 2, &into_got);
    memcpy(all, got, sizeof got);
    for (int o = 0; o < OUTPUTS; o++) {
        clv_num_line_columns one = {NULL, NULL, NULL, NULL};
        double **slot[OUTPUTS] = {&one.value, &one.by_position, &one.by_gaussian, &one.by_lorentzian};
        *slot[o] = got[o];
        memset(got, 0, sizeof got);
        clv_num_voigt(energy, CHANNELS, lines, 2, &one);
        assert_memory_equal(got[o], all[o], sizeof all[o]);
    }
    clv_num_voigt(energy, CHANNELS, lines, 0, &into_got);
    for (size_t i = 0; i < CHANNELS; i++) { assert_true(got[VALUE][i] == 0 && got[BY_LORENTZIAN][i] == 0); }
}

static void test_voigt__finite_in_finite_out(void **state)
{
    static const double widths[] = {-1, 0, 5e-324, 1e-200, 1e-30, 1e-9, 1, 1e9, 1e200, 1.7e308};
    static const double places[] = {0, 5e-324, 780, -1.7e308, 1.7e308};

    (void)state;
    for (size_t i = 0; i < CHANNELS; i++) {
        energy[i] = (i % 2 ? -1 : 1) * (i < 8 ? 0 : pow(10, 0.6 * (double)i - 308));
        if (!isfinite(energy[i])) { energy[i] = i % 2 ? -1.7e308 : 1.7e308; }
    }
    for (size_t i = 0; i < 3 * 10 * 10 * 5; i++) {
        const clv_num_kernels *kernels = clv_num_kernels_find(levels[i % 3]);
        clv_num_line line = {places[i / 300], widths[i / 3 % 10], widths[i / 30 % 10], 1};
        if (!kernels) { continue; }
        kernels->voigt(energy, CHANNELS, &line, 1, &into_got);
        for (size_t k = 0; k < CHANNELS; k++) {
            assert_true(isfinite(got[VALUE][k]) && got[VALUE][k] >= 0);
            assert_true(isfinite(got[BY_POSITION][k]) && isfinite(got[BY_GAUSSIAN][k]));
            assert_true(isfinite(got[BY_LORENTZIAN][k]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_voigt__keeps_its_bounds_against_libcerf),
        cmocka_unit_test(test_voigt__wings_are_relatively_right),
        cmocka_unit_test(test_voigt__without_lorentzian_is_the_gaussian),
        cmocka_unit_test(test_voigt__without_gaussian_is_the_lorentzian),
        cmocka_unit_test(test_voigt__sums_weighted_lines),
        cmocka_unit_test(test_voigt__levels_agree),
        cmocka_unit_test(test_voigt__each_output_is_optional),
        cmocka_unit_test(test_voigt__finite_in_finite_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
