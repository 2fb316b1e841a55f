/* A simulated depth profile of a Co 2p region with its planted truth: two doublets and a satellite on an active Shirley
   background and a slope. SPDX-License-Identifier: GPL-3.0-or-later

   451 channels, 770 to 815 eV; Voigt values from libcerf, not from the kernel under test. The energies and the shares
   of the components drift along the series. Thetas and places as below. */
#ifndef CLV_CO2P_H
#define CLV_CO2P_H

#include "fit_components.h"

#include <cerf.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum {
    CO2P_CHANNELS = 451,
    CO2P_FIRST = 0,                   /* doublet 1: 6 thetas, area */
    CO2P_AREA = DOUBLET_THETAS,       /* place of the area within a doublet */
    CO2P_STRIDE = DOUBLET_THETAS + 1, /* from one doublet to the next */
    CO2P_LEVEL = 3 * CO2P_STRIDE,     /* constant */
    CO2P_SLOPE,
    CO2P_K,
    CO2P_PARAMETERS
};

#define CO2P_SIGMA_TO_FWHM 2.3548200450309493

/* xorshift64* (G. Marsaglia, J. Stat. Softw. 8 (2003) 14; S. Vigna, ACM Trans. Math. Softw. 42 (2016) 30). */
typedef struct co2p_random {
    uint64_t state;
} co2p_random;

static inline double co2p_uniform(co2p_random *random)
{
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return (double)((random->state * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

static inline double co2p_normal(co2p_random *random)
{
    double u = co2p_uniform(random), v = co2p_uniform(random);
    return sqrt(-2 * log(u + 1e-300)) * cos(6.283185307179586477 * v);
}

/* A Poisson number: by inversion below 30, by rejection above (W. Hörmann, Insur. Math. Econ. 12 (1993) 39, PTRS). */
static inline double co2p_poisson(co2p_random *random, double mean)
{
    if (mean < 30) {
        double p = exp(-mean), sum = p, u = co2p_uniform(random), k = 0;
        while (u > sum && k < 1000) {
            k++;
            p *= mean / k;
            sum += p;
        }
        return k;
    }
    double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b, inverse = 1.1239 + 1.1328 / (b - 3.4);
    double v_r = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        double u = co2p_uniform(random) - 0.5, v = co2p_uniform(random), us = 0.5 - fabs(u);
        double k = floor((2 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= v_r) { return k; }
        if (k < 0 || (us < 0.013 && v > us)) { continue; }
        if (log(v * inverse / (a / (us * us) + b)) <= k * log(mean) - mean - lgamma(k + 1)) { return k; }
    }
}

/* The truth of spectrum i of n, all areas times `counts`. */
static inline void co2p_truth(size_t i, size_t n, double counts, double *value)
{
    double t = n > 1 ? (double)i / (double)(n - 1) : 0, g = 0.65 * CO2P_SIGMA_TO_FWHM, wide = 2.0 * CO2P_SIGMA_TO_FWHM;
    const double thetas[3][DOUBLET_THETAS] = {{780.0 + 0.1 * sin(5 * t), 15.1, 0.5, g, 0.7, 0},
                                              {782.0 + 0.15 * t, 15.1, 0.5, g, 0.7, 0},
                                              {786.0 + 0.2 * t, 17.0, 0.5, wide, 0.7, 0}};
    const double areas[3] = {15000 * (1 - 0.6 * t), 15000 * (0.5 + 0.5 * t), 7500 * (0.5 + 0.5 * t)};
    for (int d = 0; d < 3; d++) {
        memcpy(value + d * CO2P_STRIDE, thetas[d], sizeof thetas[d]);
        value[d * CO2P_STRIDE + DOUBLET_FWHM] = clv_num_voigt_fwhm(thetas[d][DOUBLET_GAUSSIAN], 0.7, NULL);
        value[d * CO2P_STRIDE + CO2P_AREA] = areas[d] * counts;
    }
    value[CO2P_LEVEL] = 1200 * counts;
    value[CO2P_SLOPE] = -8 * counts;
    value[CO2P_K] = 0.045;
}

/* The mean spectrum for given parameters, energies moved by `shift`; the Shirley integral by trapezoids from the first
   channel, as in the engine. */
static inline void co2p_mean(const double *value, const double *energy, size_t n, double *mean)
{
    double *peaks = malloc(n * sizeof *peaks), sum = 0;
    for (size_t i = 0; i < n; i++) {
        peaks[i] = 0;
        for (int d = 0; d < 3; d++) {
            const double *t = value + d * CO2P_STRIDE;
            double sigma = t[DOUBLET_GAUSSIAN] / CO2P_SIGMA_TO_FWHM, gamma = t[DOUBLET_LORENTZIAN] / 2;
            double x = energy[i] - t[DOUBLET_POSITION];
            peaks[i] += t[CO2P_AREA] / (1 + t[DOUBLET_RATIO]) *
                        (voigt(x, sigma, gamma) + t[DOUBLET_RATIO] * voigt(x - t[DOUBLET_SPLIT], sigma, gamma));
        }
        if (i > 0) { sum += 0.5 * (peaks[i] + peaks[i - 1]) * (energy[i] - energy[i - 1]); }
        mean[i] = peaks[i] + value[CO2P_K] * sum + value[CO2P_LEVEL] + value[CO2P_SLOPE] * (energy[i] - 792.5);
    }
    free(peaks);
}

static inline void co2p_energies(double *energy)
{
    for (int i = 0; i < CO2P_CHANNELS; i++) { energy[i] = 770 + 0.1 * i; }
}

/* The model A2: positions free, one gaussian of the two main doublets and one lorentzian of all tied, satellite's own
   gaussian; areas, level, slope, k free: 12 parameters. `ties` holds the two identity ties. */
typedef struct co2p_model {
    clv_term terms[6];
    clv_problem_parameter parameters[CO2P_PARAMETERS];
    clv_expression *tie;
    size_t from_gaussian[1], from_lorentzian[1];
    double middle;
    clv_problem problem;
} co2p_model;

static inline void co2p_model_doublet(co2p_model *model, int d, double position, double split, double gaussian)
{
    clv_problem_parameter *p = model->parameters + d * CO2P_STRIDE;
    model->terms[d] = (clv_term){
        .type = &doublet_component, .first = (size_t)d * CO2P_STRIDE, .thetas = DOUBLET_THETAS, .coefficients = 1};
    p[DOUBLET_POSITION] = (clv_problem_parameter){.start = position, .low = position - 2, .high = position + 2};
    p[DOUBLET_SPLIT] = (clv_problem_parameter){.state = CLV_PARAMETER_FIXED, .start = split};
    p[DOUBLET_RATIO] = (clv_problem_parameter){.state = CLV_PARAMETER_FIXED, .start = 0.5};
    p[DOUBLET_GAUSSIAN] = (clv_problem_parameter){.start = gaussian, .low = 0.2, .high = 12};
    p[DOUBLET_LORENTZIAN] = (clv_problem_parameter){.start = 0.5, .low = 0, .high = 4};
    p[DOUBLET_FWHM] = (clv_problem_parameter){.state = CLV_PARAMETER_DERIVED};
    p[CO2P_AREA] = (clv_problem_parameter){.coefficient = 1, .start = NAN, .low = 0, .high = INFINITY};
}

static inline clv_status co2p_model_new(co2p_model *model, clv_error *err)
{
    const char *const name[] = {"x"};
    memset(model, 0, sizeof *model);
    CLV_TRY(clv_expression_new("x", name, 1, &model->tie, err));
    model->middle = 792.5;
    model->from_gaussian[0] = DOUBLET_GAUSSIAN;
    model->from_lorentzian[0] = DOUBLET_LORENTZIAN;
    co2p_model_doublet(model, 0, 779.7, 15.1, 1.3);
    co2p_model_doublet(model, 1, 782.3, 15.1, 1.3);
    co2p_model_doublet(model, 2, 786.5, 17.0, 4.0);
    for (int d = 1; d < 3; d++) {
        clv_problem_parameter *p = model->parameters + d * CO2P_STRIDE;
        p[DOUBLET_LORENTZIAN].state = CLV_PARAMETER_TIED;
        p[DOUBLET_LORENTZIAN].tie = model->tie;
        p[DOUBLET_LORENTZIAN].tie_from = model->from_lorentzian;
    }
    model->parameters[CO2P_STRIDE + DOUBLET_GAUSSIAN].state = CLV_PARAMETER_TIED;
    model->parameters[CO2P_STRIDE + DOUBLET_GAUSSIAN].tie = model->tie;
    model->parameters[CO2P_STRIDE + DOUBLET_GAUSSIAN].tie_from = model->from_gaussian;
    model->terms[3] = (clv_term){.first = CO2P_LEVEL, .coefficients = 1};
    model->terms[4] =
        (clv_term){.type = &slope_component, .prepared = &model->middle, .first = CO2P_SLOPE, .coefficients = 1};
    model->terms[5] = (clv_term){.type = &shirley_component, .first = CO2P_K, .thetas = 1};
    for (int i = CO2P_LEVEL; i <= CO2P_SLOPE; i++) {
        model->parameters[i] =
            (clv_problem_parameter){.coefficient = 1, .start = NAN, .low = -INFINITY, .high = INFINITY};
    }
    model->parameters[CO2P_K] = (clv_problem_parameter){.start = 0.03, .low = 0, .high = 0.5};
    model->problem = (clv_problem){.terms = model->terms,
                                   .term_count = 6,
                                   .parameters = model->parameters,
                                   .parameter_count = CO2P_PARAMETERS,
                                   .statistics = CLV_STATISTICS_POISSON,
                                   .noise_scale = 1,
                                   .tolerance = 1e-3,
                                   .iterations = 60};
    return CLV_OK;
}

/* Room for what a fit tells. */
typedef struct co2p_found {
    double value[CO2P_PARAMETERS], error[CO2P_PARAMETERS], covariance[CO2P_PARAMETERS * CO2P_PARAMETERS];
    uint8_t state[CO2P_PARAMETERS];
    clv_solution solution;
} co2p_found;

static inline void co2p_found_set(co2p_found *f)
{
    f->solution = (clv_solution){.value = f->value, .error = f->error, .state = f->state, .covariance = f->covariance};
}

static inline void co2p_model_free(co2p_model *model) { clv_expression_free(model->tie); }

#endif
