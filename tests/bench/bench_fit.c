/* Times the fit engine on the simulated Co 2p series, beside a plain C fitter and lmfit; with --accept counts bias,
   coverage and failures over 20,000 spectra. SPDX-License-Identifier: GPL-3.0-or-later */
#include "co2p.h"
#include "fit/engine.h"
#include "fit/workspace.h"
#include "gsl_co2p.h"

#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define TILE 64

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void simulate(double *y, size_t n, double counts)
{
    double energy[CO2P_CHANNELS], mean[CO2P_CHANNELS], truth[CO2P_PARAMETERS];
    co2p_random random = {88172645463325252u};

    co2p_energies(energy);
    for (size_t i = 0; i < n; i++) {
        co2p_truth(i, n, counts, truth);
        co2p_mean(truth, energy, CO2P_CHANNELS, mean);
        for (int c = 0; c < CO2P_CHANNELS; c++) { y[i * CO2P_CHANNELS + c] = co2p_poisson(&random, mean[c]); }
    }
}

static clv_problem_data data_of(const double *energy, const double *y, size_t i)
{
    return (clv_problem_data){.energy = energy,
                              .channels = CO2P_CHANNELS,
                              .intensity = y + i * CO2P_CHANNELS,
                              .low = -INFINITY,
                              .high = INFINITY};
}

/* Fits all spectra; gives spectra a CPU second and the mean number of steps. */
static double run(clv_engine *engine, const double *energy, const double *y, size_t n, int warm, double *steps)
{
    static co2p_found f;
    clv_error err = {0};
    double begin = seconds(), iterations = 0;

    co2p_found_set(&f);
    for (size_t i = 0; i < n; i++) {
        clv_problem_data data = data_of(energy, y, i);
        clv_engine_fit(engine, &data, warm && i % TILE ? &f.solution : NULL, &f.solution, &err);
        iterations += f.solution.iterations;
    }
    *steps = iterations / (double)n;
    return (double)n / (seconds() - begin);
}

static void print_speed(clv_engine *engine, const double *energy, const double *y, size_t n, int warm)
{
    double best = 0, steps = 0;

    for (int r = 0; r < 5; r++) { best = fmax(best, run(engine, energy, y, n, warm, &steps)); }
    printf("engine, %s: %.0f spectra/s a core, %.2f steps a fit\n", warm ? "warm" : "cold", best, steps);
}

/* Time of one part of an evaluation in microseconds, the best of several rounds. */
#define TIME_PART(name, call)                               \
    do {                                                    \
        double least = 1e9;                                 \
        for (int r = 0; r < 20; r++) {                      \
            double begin = seconds();                       \
            for (int k = 0; k < 500; k++) { call; }         \
            least = fmin(least, (seconds() - begin) / 500); \
        }                                                   \
        printf("  %-42s %6.2f us\n", name, 1e6 * least);    \
    } while (0)

static void print_parts(clv_engine *engine, const double *energy, const double *y)
{
    double steps;
    static co2p_found f;
    clv_error err = {0};

    co2p_found_set(&f);
    run(engine, energy, y, 1, 0, &steps);
    printf("parts of one step:\n");
    TIME_PART("ties and derived widths", clv_mapping_thetas(engine->mapping, &engine->scratch, engine->here.free,
                                                            engine->parameter, engine->jacobian, &err));
    clv_mapping_coefficients(engine->mapping, engine->here.linear, engine->parameter);
    TIME_PART("Voigt columns with derivatives", clv_evaluate_terms(engine, 1, &err));
    TIME_PART("all columns, ready for the linear solve", clv_evaluate_columns(engine, engine->here.free, &err));
    TIME_PART("linear solve", clv_coefficients_solve(engine, engine->trial.linear));
    TIME_PART("model", clv_evaluate_model(engine, engine->here.linear));
    TIME_PART("deviance and weights", clv_likelihood_deviance(engine, engine->trial_weight));
    TIME_PART("derivatives of the model", clv_evaluate_derivatives(engine));
    TIME_PART("derivatives and information matrix", clv_step_gram(engine));
    TIME_PART("step", clv_step_solve(engine, 1e-3, engine->delta));
    TIME_PART("covariance of all parameters", clv_covariance_fill(engine, &f.solution));
    TIME_PART("chi-squared and runs", clv_statistics_fill(engine, &f.solution));
}

static double print_gsl(const double *energy, const double *y, size_t n)
{
    gsl_multifit_nlinear_parameters options = gsl_multifit_nlinear_default_parameters();
    gsl_multifit_nlinear_workspace *work =
        gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &options, CO2P_CHANNELS, GSL_COUNT);
    double p[GSL_COUNT] = {10000, 8000, 4000, 779.7, 782.3, 786.5, 0.55, 1.7, 0.25, 1000, 0, 0.03};
    static gsl_data data;

    gsl_set_error_handler_off();
    data.energy = energy;
    double begin = seconds();
    for (size_t i = 0; i < n; i++) {
        data.y = y + i * CO2P_CHANNELS;
        gsl_fit(work, &data, p);
    }
    double rate = (double)n / (seconds() - begin);
    gsl_multifit_nlinear_free(work);
    printf("GSL lm with libcerf, analytic, warm: %.0f spectra/s\n", rate);
    return rate;
}

static double print_lmfit(const double *energy, const double *y, size_t n)
{
    char path[] = "/tmp/bench_fit_XXXXXX", command[400], line[100] = "";
    int file = mkstemp(path);
    FILE *out = file < 0 ? NULL : fdopen(file, "w");

    if (!out) { return NAN; }
    for (size_t i = 0; i <= n; i++) {
        for (int c = 0; c < CO2P_CHANNELS; c++) {
            fprintf(out, "%.10g ", i ? y[(i - 1) * CO2P_CHANNELS + (size_t)c] : energy[c]);
        }
        fprintf(out, "\n");
    }
    fclose(out);
    snprintf(command, sizeof command,
             "OPENBLAS_NUM_THREADS=1 /usr/bin/python3 %s/tests/bench/lmfit_co2p.py %s 2>/dev/null", CLV_SOURCE_DIR,
             path);
    FILE *pipe = popen(command, "r");
    double rate = pipe && fgets(line, sizeof line, pipe) ? strtod(line, NULL) : NAN;
    if (pipe) { pclose(pipe); }
    unlink(path);
    if (rate > 0) {
        printf("lmfit VoigtModel with expressions, warm: %.2f spectra/s\n", rate);
    } else {
        printf("lmfit was not timed: /usr/bin/python3 has no lmfit\n");
    }
    return rate;
}

/* Columns of a linear model that were computed before: three power laws and two edges on 1024 channels. */
typedef struct linear_map {
    double column[5][1024], energy[1024], mean[1024];
    double *y;
} linear_map;

static clv_status map_columns(const clv_columns_call *call, clv_error *err)
{
    const linear_map *map = call->prepared;

    (void)err;
    for (size_t c = 0; c < 5; c++) { memcpy(call->value[c], map->column[c], call->count * sizeof(double)); }
    return CLV_OK;
}

static void print_linear(size_t n)
{
    static const clv_component type = {.size = sizeof type, .role = CLV_ROLE_BACKGROUND, .columns = map_columns};
    static linear_map map;
    static double value[5], error[5], covariance[25];
    clv_problem_parameter parameters[5];
    clv_term term = {.type = &type, .prepared = &map, .coefficients = 5};
    clv_problem problem = {.terms = &term,
                           .term_count = 1,
                           .parameters = parameters,
                           .parameter_count = 5,
                           .statistics = CLV_STATISTICS_MEAN_WEIGHTS,
                           .noise_scale = 1,
                           .tolerance = 1e-3,
                           .iterations = 60};
    clv_engine *engine;
    clv_error err = {0};
    co2p_random random = {11};
    double best = 0;

    for (int i = 0; i < 1024; i++) {
        double e = map.energy[i] = 700 + 0.2 * i;
        for (int c = 0; c < 3; c++) { map.column[c][i] = pow(e / 800, -2 - c); }
        for (int c = 3; c < 5; c++) {
            map.column[c][i] = 1 / (1 + exp(-(e - 777 - 2 * c))) * (1 + exp(-pow((e - 779 - 2 * c) / 2, 2)));
        }
        map.mean[i] =
            100 * (map.column[0][i] + map.column[1][i] + map.column[2][i] + map.column[3][i]) + 50 * map.column[4][i];
    }
    for (int k = 0; k < 5; k++) {
        parameters[k] =
            (clv_problem_parameter){.coefficient = 1, .start = NAN, .low = k < 3 ? -INFINITY : 0, .high = INFINITY};
    }
    map.y = malloc(n * 1024 * sizeof *map.y);
    if (!map.y || clv_engine_new(&problem, 1024, &engine, &err)) { return; }
    for (size_t i = 0; i < n * 1024; i++) { map.y[i] = co2p_poisson(&random, map.mean[i % 1024]); }
    for (int r = 0; r < 5; r++) {
        clv_solution solution = {.value = value, .error = error, .covariance = covariance};
        double begin = seconds();
        for (size_t i = 0; i < n; i++) {
            clv_problem_data data = {.energy = map.energy,
                                     .channels = 1024,
                                     .intensity = map.y + i * 1024,
                                     .variance = map.mean,
                                     .low = -INFINITY,
                                     .high = INFINITY};
            clv_engine_fit(engine, &data, NULL, &solution, &err);
        }
        best = fmax(best, (double)n / (seconds() - begin));
    }
    printf("linear map, 5 columns, 1024 channels, sandwich errors, chi-squared: %.0f spectra/s a core\n", best);
    clv_engine_free(engine);
    free(map.y);
}

/* Bias of areas, coverage, failures over many spectra. */
static int accept(size_t n)
{
    static const int watched[] = {CO2P_AREA,
                                  CO2P_STRIDE + CO2P_AREA,
                                  2 * CO2P_STRIDE + CO2P_AREA,
                                  DOUBLET_POSITION,
                                  CO2P_STRIDE + DOUBLET_POSITION,
                                  2 * CO2P_STRIDE + DOUBLET_POSITION,
                                  DOUBLET_GAUSSIAN,
                                  DOUBLET_LORENTZIAN,
                                  CO2P_LEVEL,
                                  CO2P_SLOPE,
                                  CO2P_K};
    enum { W = sizeof watched / sizeof *watched };
    double energy[CO2P_CHANNELS], truth[CO2P_PARAMETERS], bias[W] = {0}, one[W] = {0}, two[W] = {0};
    double *y = malloc(n * CO2P_CHANNELS * sizeof *y);
    static co2p_found f;
    co2p_model model;
    clv_engine *engine;
    clv_error err = {0};
    int failed = 0, marked = 0, good = 1;

    if (!y || co2p_model_new(&model, &err) || clv_engine_new(&model.problem, CO2P_CHANNELS, &engine, &err)) {
        return 1;
    }
    co2p_energies(energy);
    simulate(y, n, 1);
    co2p_found_set(&f);
    for (size_t i = 0; i < n; i++) {
        clv_problem_data data = data_of(energy, y, i);
        clv_engine_fit(engine, &data, i % TILE ? &f.solution : NULL, &f.solution, &err);
        co2p_truth(i, n, 1, truth);
        failed += (f.solution.flags & (CLV_FIT_NOT_CONVERGED | CLV_FIT_NOT_FINITE)) != 0;
        marked += f.solution.flags != 0;
        for (int w = 0; w < W; w++) {
            double z = (f.value[watched[w]] - truth[watched[w]]) / f.error[watched[w]];
            bias[w] += (f.value[watched[w]] - truth[watched[w]]) / (double)n;
            one[w] += fabs(z) < 1;
            two[w] += fabs(z) < 1.959964;
        }
    }
    for (int w = 0; w < W; w++) {
        int fits =
            fabs(one[w] / (double)n - 0.6827) < 0.0125 && two[w] / (double)n > 0.945 && two[w] / (double)n < 0.96;
        good &= fits && (w > 2 || fabs(bias[w]) < 0.001 * 30000);
        printf("  parameter %2d: bias %10.3g, covered %.4f (68 %%) %.4f (95 %%)\n", watched[w], bias[w],
               one[w] / (double)n, two[w] / (double)n);
    }
    printf("%zu spectra: %d failed, %d marked: %s\n", n, failed, marked, good && !failed ? "accepted" : "NOT accepted");
    clv_engine_free(engine);
    co2p_model_free(&model);
    free(y);
    return !(good && !failed);
}

int main(int argc, char **argv)
{
    size_t n = 1024;
    double energy[CO2P_CHANNELS], *y = malloc(n * CO2P_CHANNELS * sizeof *y), steps;
    co2p_model model;
    clv_engine *engine;
    clv_error err = {0};

    if (argc > 1 && strcmp(argv[1], "--accept") == 0) {
        free(y);
        return accept(argc > 2 ? strtoul(argv[2], NULL, 10) : 20000);
    }
    if (argc > 1 && strcmp(argv[1], "--linear") == 0) {
        free(y);
        print_linear(5000);
        return 0;
    }
    if (!y || co2p_model_new(&model, &err) || clv_engine_new(&model.problem, CO2P_CHANNELS, &engine, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    co2p_energies(energy);
    simulate(y, n, 1);
    printf("co2p A2: 451 channels, 12 free parameters, Poisson likelihood, full covariance; kernels %s\n",
           clv_num_kernel_name());
    print_speed(engine, energy, y, n, 1);
    print_speed(engine, energy, y, n, 0);
    print_parts(engine, energy, y);
    print_linear(1000);
    double ours = run(engine, energy, y, n, 1, &steps), gsl = print_gsl(energy, y, 100);
    double lmfit = argc > 1 && strcmp(argv[1], "--no-lmfit") == 0 ? NAN : print_lmfit(energy, y, 6);
    printf("ratio to GSL %.0f, to lmfit %.0f\n", ours / gsl, ours / lmfit);
    clv_engine_free(engine);
    co2p_model_free(&model);
    free(y);
    return 0;
}
