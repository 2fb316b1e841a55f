/* Convolves asymmetric kernels with a Gaussian, on nodes fixed to the kernel.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/asymmetric.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIGMA_PER_FWHM 0.42466090014400952136

/* The Gaussian ends this many standard deviations from its middle. */
#define REACH 6.5

/* Below this many Lorentzian widths the Gaussian is so narrow that nodes on the kernel would be far too many: then the
   nodes are on the Gaussian, and the kernel is evaluated at each. */
#define NARROW 0.01

#define MOST_NODES ((size_t)4 << 20)

/* Eight nodes are summed side by side: the same order of addition on every processor. */
#define LANES 8
typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));

struct clv_num_asymmetric {
    clv_asymmetric_shape shape;
    clv_asymmetric_line line;
    double sigma, step, per_area; /* eV, eV, 1/eV */
    double area[CLV_NUM_KERNEL_PARTS];
    double kink[CLV_NUM_KERNEL_PARTS]; /* what the sum misses at the kernel's centre, times G' */
    long first;                        /* node of the tables' first entry; node 0 is the centre */
    size_t reach, blocks;              /* nodes on each side of an energy; blocks of LANES that hold them all */
    double *gaussian;                  /* [blocks LANES] exp(-(k - reach)^2 step^2/(2 sigma^2)) */
    double *part[CLV_NUM_KERNEL_PARTS];
};

/* A step that resolves both the kernel and the Gaussian; the third bound keeps the error at the centre small, where the
   second derivative of la and lf jumps. */
static double choose_step(clv_asymmetric_shape shape, const clv_asymmetric_line *line, double sigma)
{
    double step = fmin(0.16 * line->lorentzian, 0.9 * sigma);

    if (shape == CLV_ASYMMETRIC_DONIACH_SUNJIC) { return step; }
    double width = line->lorentzian / sqrt(fmax(1, fmax(line->alpha, line->beta)));
    if (shape == CLV_ASYMMETRIC_LF) { step = fmin(step, 0.9 * SIGMA_PER_FWHM * line->damping); }
    return fmin(step, fmin(0.16 * width, 0.07 * sqrt(width * sigma)));
}

/* Euler and Maclaurin (DLMF 2.10.1): the second derivative of the kernel jumps by 8 (beta - alpha)/lorentzian^2 at its
   centre; to lowest order the trapezoid sum then errs by step^4/240 times the jump times G'. */
static void set_kink(clv_num_asymmetric *made)
{
    const clv_asymmetric_line *line = &made->line;
    double each = made->shape == CLV_ASYMMETRIC_DONIACH_SUNJIC
                      ? 0
                      : -pow(made->step, 4) / 240 * 8 / (line->lorentzian * line->lorentzian);

    made->kink[CLV_NUM_KERNEL] = each * (line->alpha - line->beta);
    made->kink[CLV_NUM_BY_LORENTZIAN] = -2 / line->lorentzian * made->kink[CLV_NUM_KERNEL];
    made->kink[CLV_NUM_BY_ALPHA] = each;
    made->kink[CLV_NUM_BY_BETA] = -each;
    made->kink[CLV_NUM_BY_DAMPING] = 0;
}

static clv_status fill_tables(clv_num_asymmetric *made, double low, double high, clv_error *err)
{
    double from = floor(low / made->step), to = ceil(high / made->step);

    made->reach = (size_t)ceil(REACH * made->sigma / made->step);
    made->blocks = (2 * made->reach + 1 + LANES - 1) / LANES;
    CLV_CHECK(to - from + 4 * (double)made->reach < (double)MOST_NODES, err, CLV_LIMIT,
              "a line of %g eV (lorentzian) and %g eV (gaussian) is too narrow to be drawn over %g eV",
              made->line.lorentzian, made->line.gaussian, high - low);
    made->first = (long)from - (long)made->reach - 1;
    size_t room = (size_t)(to - from) + 2 * made->reach + 3 * LANES, bell = made->blocks * LANES;
    made->gaussian = calloc(bell + CLV_NUM_KERNEL_PARTS * room, sizeof(double));
    CLV_CHECK(made->gaussian, err, CLV_NO_MEMORY, "no memory for a line shape");
    for (size_t p = 0; p < CLV_NUM_KERNEL_PARTS; p++) { made->part[p] = made->gaussian + bell + p * room; }
    for (size_t k = 0; k <= 2 * made->reach; k++) {
        double t = ((double)k - (double)made->reach) * made->step / made->sigma;
        made->gaussian[k] = exp(-0.5 * t * t);
    }
    for (size_t k = 0; k < room; k++) {
        double part[CLV_NUM_KERNEL_PARTS];
        clv_num_asymmetric_kernel(made->shape, &made->line, (double)(made->first + (long)k) * made->step, part, NULL);
        for (size_t p = 0; p < CLV_NUM_KERNEL_PARTS; p++) { made->part[p][k] = part[p]; }
    }
    set_kink(made);
    return CLV_OK;
}

clv_status clv_num_asymmetric_new(clv_asymmetric_shape shape, const clv_asymmetric_line *line, double low, double high,
                                  clv_num_asymmetric **out, clv_error *err)
{
    clv_num_asymmetric *made;
    clv_status status = CLV_OK;

    CLV_TRY(clv_num_asymmetric_check(shape, line, err));
    made = calloc(1, sizeof *made);
    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for a line shape");
    made->shape = shape;
    made->line = *line;
    made->sigma = SIGMA_PER_FWHM * line->gaussian;
    clv_num_asymmetric_area(shape, line, made->area);
    made->per_area = 1 / made->area[CLV_NUM_KERNEL];
    double narrow =
        line->lorentzian / (shape == CLV_ASYMMETRIC_DONIACH_SUNJIC ? 1 : sqrt(fmax(1, fmax(line->alpha, line->beta))));
    if (made->sigma >= NARROW * narrow) {
        made->step = choose_step(shape, line, made->sigma);
        status = fill_tables(made, low, high, err);
    }
    if (status) {
        clv_num_asymmetric_free(made);
        return status;
    }
    *out = made;
    return CLV_OK;
}

void clv_num_asymmetric_free(clv_num_asymmetric *made)
{
    if (!made) { return; }
    free(made->gaussian);
    free(made);
}

/* Sums over the nodes around one energy. */
typedef struct sums {
    double value, first, second; /* moments of (E - node)/sigma */
    double part[CLV_NUM_KERNEL_PARTS];
} sums;

/* The same vector where tables hold it, at any address. */
typedef double lanes_in_table __attribute__((vector_size(LANES * sizeof(double)), aligned(8), may_alias));

#define LOAD(table, at) (*(const lanes_in_table *)((table) + (at)))

static double total(const lanes *from)
{
    double sum = 0;

    for (int i = 0; i < LANES; i++) { sum += (*from)[i]; }
    return sum;
}

#if defined(__x86_64__)
#define AT_NATIVE_WIDTH __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define AT_NATIVE_WIDTH
#endif

/* Weight of node k: gaussian[k] ratio^(k - reach), `power` that of the first eight nodes. `t` is their (E -
   node)/sigma, `down` how much less the next eight have. */
AT_NATIVE_WIDTH static void add_up(const clv_num_asymmetric *line, size_t at, const lanes *first_power, double ratio_8,
                                   const lanes *first_t, double down, int derivatives, sums *out)
{
    lanes value = {0}, first = {0}, second = {0}, lorentzian = {0}, alpha = {0}, beta = {0}, damping = {0};
    lanes power = *first_power, t = *first_t;

    for (size_t b = 0; b < line->blocks * LANES; b += LANES) {
        lanes weight = LOAD(line->gaussian, b) * power, term = weight * LOAD(line->part[0], at + b);
        value += term;
        if (derivatives) {
            first += term * t;
            second += term * t * t;
            lorentzian += weight * LOAD(line->part[CLV_NUM_BY_LORENTZIAN], at + b);
            alpha += weight * LOAD(line->part[CLV_NUM_BY_ALPHA], at + b);
            beta += weight * LOAD(line->part[CLV_NUM_BY_BETA], at + b);
            damping += weight * LOAD(line->part[CLV_NUM_BY_DAMPING], at + b);
        }
        power *= ratio_8;
        t -= down;
    }
    *out = (sums){total(&value),
                  total(&first),
                  total(&second),
                  {total(&value), total(&lorentzian), total(&alpha), total(&beta), total(&damping)}};
}

/* The raw convolution on the kernel's nodes. */
static void on_kernel(const clv_num_asymmetric *line, double x, int derivatives, clv_num_asymmetric_point *point)
{
    double eta = line->step / line->sigma, nearest = round(x / line->step), rest = x / line->step - nearest;
    double ratio = exp(rest * eta * eta), start = exp(-rest * eta * eta * (double)line->reach), ratio_8 = 1;
    double front = exp(-0.5 * rest * rest * eta * eta) * eta / sqrt(2 * M_PI), per_sigma = 1 / line->sigma;
    double u = x * per_sigma, bell = exp(-0.5 * u * u) * per_sigma / sqrt(2 * M_PI), g1 = -u * per_sigma * bell;
    double g2 = (u * u - 1) * per_sigma * per_sigma * bell,
           g3 = (3 * u - u * u * u) * per_sigma * per_sigma * per_sigma * bell;
    lanes power, t;
    sums s;

    for (int i = 0; i < LANES; i++) {
        power[i] = start * ratio_8;
        t[i] = (rest + (double)line->reach - i) * eta;
        ratio_8 *= ratio;
    }
    size_t at = (size_t)((long)nearest - (long)line->reach - line->first);
    add_up(line, at, &power, ratio_8, &t, LANES * eta, derivatives, &s);
    point->value = front * s.value + line->kink[0] * g1;
    if (!derivatives) { return; }
    point->by_energy = -front * s.first * per_sigma + line->kink[0] * g2;
    point->by_gaussian = SIGMA_PER_FWHM * (front * (s.second - s.value) * per_sigma + line->kink[0] * line->sigma * g3);
    for (size_t p = 0; p < CLV_NUM_KERNEL_PARTS; p++) { point->part[p] = front * s.part[p] + line->kink[p] * g1; }
}

/* The raw convolution on the nodes of a narrow Gaussian (of width 0: the kernel itself). */
static void on_gaussian(const clv_num_asymmetric *line, double x, clv_num_asymmetric_point *point)
{
    const double step = 0.9;
    double by_x, part[CLV_NUM_KERNEL_PARTS];

    *point = (clv_num_asymmetric_point){0};
    for (int k = -7; k <= 7; k++) {
        double t = step * k, weight = step / sqrt(2 * M_PI) * exp(-0.5 * t * t);
        clv_num_asymmetric_kernel(line->shape, &line->line, x - line->sigma * t, part, &by_x);
        point->by_energy += weight * by_x;
        point->by_gaussian -= weight * t * by_x * SIGMA_PER_FWHM;
        for (size_t p = 0; p < CLV_NUM_KERNEL_PARTS; p++) { point->part[p] += weight * part[p]; }
    }
    point->value = point->part[CLV_NUM_KERNEL];
}

void clv_num_asymmetric_at(const clv_num_asymmetric *line, double x, int derivatives, clv_num_asymmetric_point *point)
{
    double per = line->per_area;

    if (line->gaussian) {
        on_kernel(line, x, derivatives, point);
    } else {
        on_gaussian(line, x, point);
    }
    point->value *= per;
    if (!derivatives) { return; }
    point->by_energy *= per;
    point->by_gaussian *= per;
    point->part[CLV_NUM_KERNEL] = point->value;
    for (size_t p = 1; p < CLV_NUM_KERNEL_PARTS; p++) {
        point->part[p] = per * (point->part[p] - point->value * line->area[p]);
    }
}

static void store(double *column, size_t i, int add, double value)
{
    if (column) { column[i] = add ? column[i] + value : value; }
}

static void add_line(const clv_num_asymmetric *line, const double *energy, size_t count, int add,
                     const clv_asymmetric_columns *out)
{
    int derivatives =
        out->by_position || out->by_lorentzian || out->by_gaussian || out->by_alpha || out->by_beta || out->by_damping;
    double weight = line->line.weight;

    for (size_t i = 0; i < count; i++) {
        clv_num_asymmetric_point point = {0};
        clv_num_asymmetric_at(line, energy[i] - line->line.position, derivatives, &point);
        store(out->value, i, add, weight * point.value);
        if (!derivatives) { continue; }
        store(out->by_position, i, add, -weight * point.by_energy);
        store(out->by_gaussian, i, add, weight * point.by_gaussian);
        store(out->by_lorentzian, i, add, weight * point.part[CLV_NUM_BY_LORENTZIAN]);
        store(out->by_alpha, i, add, weight * point.part[CLV_NUM_BY_ALPHA]);
        store(out->by_beta, i, add, weight * point.part[CLV_NUM_BY_BETA]);
        store(out->by_damping, i, add, weight * point.part[CLV_NUM_BY_DAMPING]);
    }
}

clv_status clv_asymmetric_sum(clv_asymmetric_shape shape, const double *energy, size_t count,
                              const clv_asymmetric_line *lines, size_t line_count, const clv_asymmetric_columns *out,
                              clv_error *err)
{
    double low = INFINITY, high = -INFINITY;

    for (size_t i = 0; i < count; i++) {
        low = fmin(low, energy[i]);
        high = fmax(high, energy[i]);
    }
    if (count == 0) { return CLV_OK; }
    CLV_CHECK(isfinite(low) && isfinite(high) && line_count > 0, err, CLV_BAD_ARGUMENT,
              "a line shape needs finite energies and at least one line");
    for (size_t l = 0; l < line_count; l++) {
        clv_num_asymmetric *line = NULL;
        double at = lines[l].position;
        CLV_TRY(clv_num_asymmetric_new(shape, &lines[l], low - at, high - at, &line, err));
        add_line(line, energy, count, l > 0, out);
        clv_num_asymmetric_free(line);
    }
    return CLV_OK;
}
