/* Gaussian, Lorentzian and GL shapes of every level: against plain formulas, finite differences and quadrature.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "num/profile.h"

#define CHANNELS 4096
#define LN2 0.69314718055994530942

enum { VALUE, BY_POSITION, BY_FWHM, BY_MIXING, OUTPUTS };

static const clv_num_shape shapes[] = {CLV_NUM_GAUSSIAN, CLV_NUM_LORENTZIAN, CLV_NUM_GL_SUM, CLV_NUM_GL_PRODUCT,
                                       CLV_NUM_GL_POWER};
static const double mixings[] = {0, 1e-9, 0.002, 0.0069, 0.00695, 0.05, 0.3, 0.5, 0.8, 0.99, 1};

static _Alignas(64) double energy[CHANNELS];
static _Alignas(64) double got[OUTPUTS][CHANNELS], up[OUTPUTS][CHANNELS], down[OUTPUTS][CHANNELS];

static const clv_num_profile_columns into_got = {got[VALUE], got[BY_POSITION], got[BY_FWHM], got[BY_MIXING]};

/* The definitions, by libm. */
static double plain(clv_num_shape shape, double t, double m)
{
    double g = exp(-4 * LN2 * t * t), l = 1 / (1 + 4 * t * t);

    switch (shape) {
    case CLV_NUM_GAUSSIAN: return g;
    case CLV_NUM_LORENTZIAN: return l;
    case CLV_NUM_GL_SUM: return (1 - m) * g + m * l;
    case CLV_NUM_GL_PRODUCT: return exp(-4 * LN2 * (1 - m) * t * t) / (1 + 4 * m * t * t);
    case CLV_NUM_GL_POWER: return exp(-4 * LN2 * (1 - m) * t * t) * pow(l, m);
    }
    return 0;
}

static double peak(const double *column)
{
    double most = 0;

    for (size_t i = 0; i < CHANNELS; i++) { most = fmax(most, fabs(column[i])); }
    return most;
}

static void energies(double from, double step)
{
    for (size_t i = 0; i < CHANNELS; i++) { energy[i] = from + step * (double)i; }
}

static void test_profile__values_are_the_definitions(void **state)
{
    (void)state;
    for (size_t k = 0; k < 5 * 11; k++) {
        clv_num_profile_line line = {285, 1.3, mixings[k / 5], 2};
        double height = line.weight / (line.fwhm * clv_num_profile_area(shapes[k % 5], line.mixing, NULL));
        energies(270, 30.0 / CHANNELS);
        clv_num_profile(shapes[k % 5], energy, CHANNELS, &line, 1, &into_got);
        for (size_t i = 0; i < CHANNELS; i++) {
            double expected = height * plain(shapes[k % 5], (energy[i] - line.position) / line.fwhm, line.mixing);
            assert_true(fabs(got[VALUE][i] - expected) <= 1e-14 * height);
            assert_true(fabs(got[VALUE][i] - expected) <= 1e-12 * expected || expected < 1e-290);
        }
    }
}

/* The area of unity by quadrature in u, E - position = fwhm sinh(u)/2: spectrally exact, tails to 1e16 widths. */
static void test_profile__area_is_one(void **state)
{
    const double step = 74.0 / CHANNELS;

    (void)state;
    for (size_t k = 0; k < 5 * 11; k++) {
        clv_num_profile_line line = {0, 1.7, mixings[k / 5], 1};
        long double sum = 0;
        for (size_t i = 0; i < CHANNELS; i++) { energy[i] = 0.5 * line.fwhm * sinh(step * ((double)i - CHANNELS / 2)); }
        clv_num_profile(shapes[k % 5], energy, CHANNELS, &line, 1, &into_got);
        for (size_t i = 0; i < CHANNELS; i++) {
            sum += (long double)got[VALUE][i] * hypot(energy[i], 0.5 * line.fwhm) * step;
        }
        assert_true(fabsl(sum - 1) < 1e-12L);
    }
}

static void difference(clv_num_shape shape, clv_num_profile_line line, int output, double h)
{
    const clv_num_profile_columns above = {up[VALUE], NULL, NULL, NULL}, below = {down[VALUE], NULL, NULL, NULL};
    clv_num_profile_line a = line, b = line;
    double *of_a[] = {NULL, &a.position, &a.fwhm, &a.mixing}, *of_b[] = {NULL, &b.position, &b.fwhm, &b.mixing};

    *of_a[output] += h;
    *of_b[output] -= h;
    clv_num_profile(shape, energy, CHANNELS, &a, 1, &above);
    clv_num_profile(shape, energy, CHANNELS, &b, 1, &below);
    for (size_t i = 0; i < CHANNELS; i++) {
        up[output][i] = (up[VALUE][i] - down[VALUE][i]) / (*of_a[output] - *of_b[output]);
    }
}

static void test_profile__derivatives_are_central_differences(void **state)
{
    (void)state;
    energies(275, 20.0 / CHANNELS);
    for (size_t k = 0; k < 5 * 11; k++) {
        clv_num_profile_line line = {285.03, 1.3, mixings[k / 5], 1};
        clv_num_profile(shapes[k % 5], energy, CHANNELS, &line, 1, &into_got);
        for (int o = BY_POSITION; o < OUTPUTS; o++) {
            int mixed = shapes[k % 5] >= CLV_NUM_GL_SUM;
            if (o == BY_MIXING && mixed && (line.mixing < 1e-3 || line.mixing > 0.95)) { continue; }
            difference(shapes[k % 5], line, o, 2e-5);
            for (size_t i = 0; i < CHANNELS; i++) {
                assert_true(fabs(up[o][i] - got[o][i]) <= 5e-9 * peak(got[o]) + 1e-10);
            }
        }
    }
}

/* mpmath, 40 digits: quadrature of S and of dS/dm over t. */
static void test_profile__areas_equal_the_table(void **state)
{
    static const struct {
        clv_num_shape shape;
        double mixing, area, by_mixing;
    } table[] = {
        {CLV_NUM_GL_PRODUCT, 1e-6, 1.064466783814999891, -0.235615317233585361},
        {CLV_NUM_GL_PRODUCT, 0.002, 1.0639993980739028628, -0.232015768307709048},
        {CLV_NUM_GL_PRODUCT, 0.0069, 1.0628836066777420234, -0.223474004298557569},
        {CLV_NUM_GL_PRODUCT, 0.00695, 1.0628724351074829445, -0.223388812485622976},
        {CLV_NUM_GL_PRODUCT, 0.05, 1.0546630732928595465, -0.161332637190991054},
        {CLV_NUM_GL_PRODUCT, 0.3, 1.041986779732109115, 0.0370008250772406212},
        {CLV_NUM_GL_PRODUCT, 0.8, 1.161323980465216645, 0.594289333769259683},
        {CLV_NUM_GL_PRODUCT, 0.99, 1.4400470761435018186, 5.78240512170649411},
        {CLV_NUM_GL_PRODUCT, 0.9999, 1.5562249677794385901, 71.940891169230589},
        {CLV_NUM_GL_POWER, 1e-6, 1.0644670948169985382, 0.0753858294397375443},
        {CLV_NUM_GL_POWER, 0.002, 1.0646180194863148694, 0.0756144908351010685},
        {CLV_NUM_GL_POWER, 0.0069, 1.0649899109100047179, 0.0761788427559314897},
        {CLV_NUM_GL_POWER, 0.00695, 1.0649937199968171653, 0.0761846298380111118},
        {CLV_NUM_GL_POWER, 0.05, 1.0683838919290217626, 0.0813906118370338555},
        {CLV_NUM_GL_POWER, 0.3, 1.0935284010220314532, 0.123995482385289876},
        {CLV_NUM_GL_POWER, 0.8, 1.2134233730834956626, 0.492564551169190412},
        {CLV_NUM_GL_POWER, 0.99, 1.4479211724522365115, 5.16108696294167024},
        {CLV_NUM_GL_POWER, 0.9999, 1.5563514803725075386, 70.7245427809163018},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        double by_mixing, area = clv_num_profile_area(table[i].shape, table[i].mixing, &by_mixing);
        assert_true(fabs(area / table[i].area - 1) < 1e-14);
        assert_true(fabs(by_mixing / table[i].by_mixing - 1) < 1e-11);
    }
}

static void test_profile__widths_are_where_the_shape_halves(void **state)
{
    (void)state;
    for (size_t k = 0; k < 5 * 11; k++) {
        double width = clv_num_profile_width(shapes[k % 5], mixings[k / 5]);
        assert_true(fabs(plain(shapes[k % 5], width / 2, mixings[k / 5]) - 0.5) < 1e-14);
    }
    assert_true(fabs(clv_num_profile_width(CLV_NUM_GL_PRODUCT, 0.3) - 0.961) < 5e-4); /* as published in profile.h */
}

static void test_profile__sums_lines_and_leaves_what_is_not_asked(void **state)
{
    const clv_num_profile_line lines[] = {{160, 0.9, 0.3, 1}, {161.2, 0.9, 0.3, 0.5}, {163, 1.1, 0.5, 0.2}};
    const clv_num_profile_columns only = {up[VALUE], NULL, NULL, NULL};

    (void)state;
    energies(150, 20.0 / CHANNELS);
    for (size_t k = 0; k < 5; k++) {
        memset(down, 0, sizeof down);
        for (size_t l = 0; l < 3; l++) {
            clv_num_profile(shapes[k], energy, CHANNELS, &lines[l], 1, &into_got);
            for (size_t i = 0; i < OUTPUTS * CHANNELS; i++) {
                down[i / CHANNELS][i % CHANNELS] += got[i / CHANNELS][i % CHANNELS];
            }
        }
        clv_num_profile(shapes[k], energy, CHANNELS, lines, 3, &into_got);
        clv_num_profile(shapes[k], energy, CHANNELS, lines, 3, &only);
        assert_memory_equal(got, down, sizeof got);
        assert_memory_equal(got[VALUE], up[VALUE], sizeof got[VALUE]);
        clv_num_profile(shapes[k], energy, CHANNELS, lines, 0, &into_got);
        memset(down, 0, sizeof down);
        assert_memory_equal(got, down, sizeof got);
    }
}

static void test_profile__finite_in_finite_out(void **state)
{
    static const double widths[] = {-1, 0, 1e-200, 1e-9, 1, 1e9, 1e200, 1.7e308};
    static const double places[] = {0, 285, -1.7e308, 1.7e308};

    (void)state;
    for (size_t i = 0; i < CHANNELS; i++) { energy[i] = (i % 2 ? -1 : 1) * pow(10, 0.15 * (double)i - 308); }
    for (size_t i = 0; i < CHANNELS; i++) { energy[i] = isfinite(energy[i]) ? energy[i] : 1.7e308; }
    for (size_t k = 0; k < 8 * 4 * 11 * 5; k++) {
        clv_num_profile_line line = {places[k / 8 % 4], widths[k % 8], k / 32 % 11 ? mixings[k / 32 % 11] : -3, 1};
        clv_num_profile(shapes[k / 352], energy, CHANNELS, &line, 1, &into_got);
        for (size_t i = 0; i < OUTPUTS * CHANNELS; i++) { assert_true(isfinite(got[i / CHANNELS][i % CHANNELS])); }
    }
}

static int run_here(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_profile__values_are_the_definitions),
        cmocka_unit_test(test_profile__area_is_one),
        cmocka_unit_test(test_profile__derivatives_are_central_differences),
        cmocka_unit_test(test_profile__areas_equal_the_table),
        cmocka_unit_test(test_profile__widths_are_where_the_shape_halves),
        cmocka_unit_test(test_profile__sums_lines_and_leaves_what_is_not_asked),
        cmocka_unit_test(test_profile__finite_in_finite_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Runs all tests in a child for each level, because a process chooses its kernels once. */
int main(void)
{
    static const char *const levels[] = {"generic", "avx2", "avx512"};
    int failed = 0;

    for (size_t l = 0; l < 3; l++) {
        int status = 1;
        pid_t child;
        if (!clv_num_kernels_find(levels[l])) {
            print_message("SKIPPED: this processor lacks level %s\n", levels[l]);
            continue;
        }
        child = fork();
        if (child == 0) {
            setenv("CORELEVEL_KERNEL", levels[l], 1);
            exit(run_here() || strcmp(clv_num_kernel_name(), levels[l]) != 0);
        }
        failed |= waitpid(child, &status, 0) != child || status != 0;
    }
    return failed;
}
