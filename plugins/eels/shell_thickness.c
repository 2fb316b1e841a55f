/* The operation `shell_thickness`: how thick the shell of a particle is, from the map of a fraction.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "eels.h"

#include <corelevel/step.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ERROR 0.25 /* of a fraction that still says something about its pixel */
#define LEAST_PIXELS 25
#define SURFACE 0.15 /* pixels to which the surface is known */

/* A map and the particle in it. Distances in pixels until the end. */
typedef struct particle {
    const clv_columns *columns;
    size_t rows, width, count;        /* count: pixels of the particle */
    double pixel;                     /* its side, in the axis' unit */
    int *label;                       /* [rows * width] 1 inside, 0 outside */
    double *covered;                  /* [rows * width] how much of the pixel the particle covers */
    double *distance, *value, *error; /* [count] from the surface, fraction, its error */
    double radius, row, column;       /* of the disc of the same area; its centre */
    double spread;                    /* what the surface leaves open of the thickness */
} particle;

static double row_of(const particle *p, size_t pixel)
{
    size_t row = pixel / p->width;

    return (double)row;
}

static double column_of(const particle *p, size_t pixel) { return (double)(pixel % p->width); }

/* ---- The particle */

static int is_known(const particle *p, size_t i)
{
    double error = clv_columns_error(p->columns, 0, i);

    return isfinite(clv_columns_value(p->columns, 0, i)) && error > 0 && error < MOST_ERROR;
}

/* Marks the connected pixels around a start with `mark`; gives their number. */
static size_t flood(particle *p, size_t start, int from, int mark, size_t *stack)
{
    size_t depth = 0, found = 0;

    stack[depth++] = start;
    p->label[start] = mark;
    while (depth > 0) {
        size_t at = stack[--depth], row = at / p->width, column = at % p->width;
        size_t next[4] = {at - p->width, at + p->width, at - 1, at + 1};
        int there[4] = {row > 0, row + 1 < p->rows, column > 0, column + 1 < p->width};

        found++;
        for (int k = 0; k < 4; k++) {
            if (!there[k] || p->label[next[k]] != from) { continue; }
            p->label[next[k]] = mark;
            stack[depth++] = next[k];
        }
    }
    return found;
}

/* The largest connected region of pixels with a known fraction, its holes filled. */
static clv_status find_particle(particle *p, clv_error *err)
{
    size_t all = p->rows * p->width, *stack = calloc(all + 1, sizeof *stack), best = 0;
    int mark = 2, chosen = 0;

    CLV_CHECK(stack, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < all; i++) { p->label[i] = is_known(p, i); }
    for (size_t i = 0; i < all; i++) {
        if (p->label[i] != 1) { continue; }
        size_t found = flood(p, i, 1, mark, stack);
        if (found > best) {
            best = found;
            chosen = mark;
        }
        mark++;
    }
    for (size_t i = 0; i < all; i++) { p->label[i] = p->label[i] == chosen && chosen > 0; }
    for (size_t i = 0; i < all; i++) { /* what is outside and touches the frame is outside: label -1 for a while */
        size_t row = i / p->width, column = i % p->width;
        int frame = row == 0 || column == 0 || row + 1 == p->rows || column + 1 == p->width;

        if (frame && p->label[i] == 0) { flood(p, i, 0, -1, stack); }
    }
    p->count = 0;
    for (size_t i = 0; i < all; i++) {
        p->label[i] = p->label[i] >= 0;
        p->count += (size_t)p->label[i];
    }
    free(stack);
    CLV_CHECK(best >= LEAST_PIXELS, err, CLV_BAD_ARGUMENT,
              "no particle was found: of the pixels with a fraction known to %g at most %zu touch one another",
              MOST_ERROR, best);
    CLV_CHECK(p->count < all, err, CLV_BAD_ARGUMENT, "the particle fills the whole map: its surface is not in it");
    return CLV_OK;
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_number);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/* A pixel on the edge is covered in part: by the ratio of the usual error to its own, as the noise stays while the
   signal falls. */
static clv_status find_cover(particle *p, clv_error *err)
{
    double *errors = calloc(p->count + 1, sizeof *errors), usual;
    size_t known = 0, all = p->rows * p->width;

    CLV_CHECK(errors, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < all; i++) {
        if (p->label[i] && is_known(p, i)) { errors[known++] = clv_columns_error(p->columns, 0, i); }
    }
    usual = median(errors, known);
    free(errors);
    for (size_t i = 0; i < all; i++) {
        size_t row = i / p->width, column = i % p->width;
        int inner = row > 0 && column > 0 && row + 1 < p->rows && column + 1 < p->width && p->label[i - 1] &&
                    p->label[i + 1] && p->label[i - p->width] && p->label[i + p->width];

        p->covered[i] = p->label[i];
        if (!p->label[i] || inner || !is_known(p, i)) { continue; }
        p->covered[i] = fmin(1, usual / clv_columns_error(p->columns, 0, i));
    }
    return CLV_OK;
}

/* Centre and radius of the disc of the particle's pixels. */
static void find_disc(particle *p)
{
    p->row = p->column = 0;
    for (size_t i = 0; i < p->rows * p->width; i++) {
        if (!p->label[i]) { continue; }
        p->row += row_of(p, i) / (double)p->count;
        p->column += column_of(p, i) / (double)p->count;
    }
    p->radius = sqrt((double)p->count / M_PI);
}

/* How far along the way from one pixel to its neighbour half of it is covered; NaN where the surface does not cross. */
static double crossing_to(const particle *p, size_t from, size_t to)
{
    double a = p->covered[from] - 0.5, b = p->covered[to] - 0.5;

    return (a > 0) != (b > 0) ? a / (a - b) : NAN;
}

/* The distance to the surface, which crosses the ways between neighbours where half a pixel is covered. */
static double distance_of(const particle *p, size_t at)
{
    double least = INFINITY, row = row_of(p, at), column = column_of(p, at);

    for (size_t i = 0; i < p->rows * p->width; i++) {
        double here = row_of(p, i) - row, there = column_of(p, i) - column;

        if (i % p->width + 1 < p->width) {
            double t = crossing_to(p, i, i + 1);
            if (!isnan(t)) { least = fmin(least, hypot(here, there + t)); }
        }
        if (i / p->width + 1 < p->rows) {
            double t = crossing_to(p, i, i + p->width);
            if (!isnan(t)) { least = fmin(least, hypot(here + t, there)); }
        }
    }
    return p->covered[at] > 0.5 ? least : -least;
}

static clv_status list_pixels(particle *p, clv_error *err)
{
    size_t n = 0;

    p->distance = calloc(3 * p->count + 1, sizeof *p->distance);
    CLV_CHECK(p->distance, err, CLV_NO_MEMORY, "out of memory");
    p->value = p->distance + p->count;
    p->error = p->value + p->count;
    for (size_t i = 0; i < p->rows * p->width; i++) {
        if (!p->label[i] || !is_known(p, i)) { continue; }
        p->distance[n] = distance_of(p, i);
        p->value[n] = clv_columns_value(p->columns, 0, i);
        p->error[n++] = clv_columns_error(p->columns, 0, i);
    }
    p->count = n;
    return CLV_OK;
}

/* ---- A section: the fraction is a step along the distance from the surface */

static clv_status sort_pixels(particle *p, clv_error *err)
{
    struct point {
        double distance, value, error;
    } *points = calloc(p->count + 1, sizeof *points);

    CLV_CHECK(points, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < p->count; i++) { points[i] = (struct point){p->distance[i], p->value[i], p->error[i]}; }
    qsort(points, p->count, sizeof *points, by_number);
    for (size_t i = 0; i < p->count; i++) {
        p->distance[i] = points[i].distance;
        p->value[i] = points[i].value;
        p->error[i] = points[i].error;
    }
    free(points);
    return CLV_OK;
}

/* Where the step has a level: by bisection between the ends of the data; NaN where it never has it. */
static double crossing(const clv_step *step, double level)
{
    double part = (level - step->low) / (step->high - step->low), low = -40, high = 40;

    if (!(part > 0 && part < 1)) { return NAN; }
    for (int i = 0; i < 200; i++) {
        double middle = 0.5 * (low + high);
        *(0.5 * erfc(-middle / sqrt(2)) < part ? &low : &high) = middle;
    }
    return step->place + 0.5 * (low + high) * step->spread;
}

static clv_status section(particle *p, double level, double *thickness, double *error, clv_error *err)
{
    clv_step step;
    double gradient[4], variance = 0, h = 1e-4;

    CLV_TRY(sort_pixels(p, err));
    CLV_TRY(clv_step_fit(p->distance, p->value, p->error, p->count, &step, err));
    *thickness = crossing(&step, level);
    CLV_CHECK(isfinite(*thickness), err, CLV_BAD_ARGUMENT,
              "the fraction goes from %.2f at the surface to %.2f inside and never has the level %g", step.low,
              step.high, level);
    for (int k = 0; k < 4; k++) {
        clv_step moved = step;

        *(k == 0 ? &moved.low : k == 1 ? &moved.high : k == 2 ? &moved.place : &moved.spread) += h;
        gradient[k] = (crossing(&moved, level) - *thickness) / h;
    }
    for (int a = 0; a < 4; a++) {
        for (int b = 0; b < 4; b++) { variance += gradient[a] * step.covariance[a][b] * gradient[b]; }
    }
    *error = sqrt(variance);
    return CLV_OK;
}

/* ---- A sphere in projection: shell and core lie over one another */

static double chord(double radius, double off) { return off < radius ? 2 * sqrt(radius * radius - off * off) : 0; }

/* The shell's share of the path at a distance from the centre, seen with a Gaussian probe (five nodes of Gauss and
   Hermite across the radius, each weighted with its path). */
static double projected(double radius, double shell, double off, double sigma)
{
    static const double node[5] = {-2.856970013872806, -1.355626179974266, 0, 1.355626179974266, 2.856970013872806};
    static const double weight[5] = {0.011257411327721, 0.222075922005613, 0.533333333333333, 0.222075922005613,
                                     0.011257411327721};
    double whole = 0, inner = 0;

    for (int k = 0; k < 5; k++) {
        double at = fabs(off + sigma * node[k]);

        whole += weight[k] * chord(radius, at);
        inner += weight[k] * chord(radius - shell, at);
    }
    return whole > 0 ? 1 - inner / whole : 1;
}

/* Distances are those from the centre, in `distance`. */
static double misfit(const particle *p, double radius, double shell, double sigma)
{
    double sum = 0;

    for (size_t i = 0; i < p->count; i++) {
        sum += pow((p->value[i] - projected(radius, shell, p->distance[i], sigma)) / p->error[i], 2);
    }
    return sum;
}

/* The best shell of a radius: a scan, then golden section. */
static double best_shell(const particle *p, double radius, double sigma, double *least)
{
    double low = 0, high = 0;

    *least = INFINITY;
    for (int k = 1; k < 48; k++) {
        double found = misfit(p, radius, radius * k / 48, sigma);
        if (found < *least) {
            *least = found;
            low = radius * (k - 1) / 48;
            high = radius * (k + 1) / 48;
        }
    }
    for (int i = 0; i < 40; i++) {
        double a = high - 0.618033988749895 * (high - low), b = low + 0.618033988749895 * (high - low);
        if (misfit(p, radius, a, sigma) < misfit(p, radius, b, sigma)) {
            high = b;
        } else {
            low = a;
        }
    }
    *least = misfit(p, radius, 0.5 * (low + high), sigma);
    return 0.5 * (low + high);
}

/* Radius and shell together: the edge of a sphere gives too little to be seen, but how the fraction falls inside tells
   both. The error of the shell is that of both unknown, chi-squared scaled to its degrees of freedom. */
static void sphere(particle *p, double sigma, double *thickness, double *error)
{
    double low = 0.95 * p->radius - 1, high = 1.1 * p->radius + 2, least = 0, h = 0.02 * p->radius, r, t, factor;
    double rr, tt, rt;

    for (int i = 0; i < 40; i++) {
        double a = high - 0.618033988749895 * (high - low), b = low + 0.618033988749895 * (high - low), at_a, at_b;
        best_shell(p, a, sigma, &at_a);
        best_shell(p, b, sigma, &at_b);
        if (at_a < at_b) {
            high = b;
        } else {
            low = a;
        }
    }
    r = p->radius = 0.5 * (low + high);
    t = *thickness = best_shell(p, r, sigma, &least);
    rr = (misfit(p, r + h, t, sigma) + misfit(p, r - h, t, sigma) - 2 * least) / (h * h);
    tt = (misfit(p, r, t + h, sigma) + misfit(p, r, t - h, sigma) - 2 * least) / (h * h);
    rt = (misfit(p, r + h, t + h, sigma) - misfit(p, r + h, t - h, sigma) - misfit(p, r - h, t + h, sigma) +
          misfit(p, r - h, t - h, sigma)) /
         (4 * h * h);
    factor = fmax(1, least / (double)(p->count - 2));
    *error = rr * tt > rt * rt ? sqrt(2 * factor * rr / (rr * tt - rt * rt)) : p->radius;
}

static void radial_distances(particle *p)
{
    size_t n = 0;

    for (size_t i = 0; i < p->rows * p->width; i++) {
        if (!p->label[i] || !is_known(p, i)) { continue; }
        p->distance[n++] = hypot(row_of(p, i) - p->row, column_of(p, i) - p->column);
    }
}

/* ---- The operation */

static clv_status check_map(const clv_columns *columns, particle *p, clv_error *err)
{
    const clv_axis *y, *x;
    double step_y, step_x;

    CLV_CHECK(clv_columns_axis_count(columns) == 2 && clv_columns_count(columns) == 1, err, CLV_BAD_ARGUMENT,
              "the map of one fraction is needed, %zu columns on %zu axes were given", clv_columns_count(columns),
              clv_columns_axis_count(columns));
    y = clv_columns_axis(columns, 0);
    x = clv_columns_axis(columns, 1);
    p->rows = clv_axis_size(y);
    p->width = clv_axis_size(x);
    CLV_CHECK(p->rows >= 5 && p->width >= 5, err, CLV_BAD_ARGUMENT, "a map of %zu by %zu pixels is too small", p->rows,
              p->width);
    step_y = fabs(clv_axis_values(y)[p->rows - 1] - clv_axis_values(y)[0]) / (double)(p->rows - 1);
    step_x = fabs(clv_axis_values(x)[p->width - 1] - clv_axis_values(x)[0]) / (double)(p->width - 1);
    CLV_CHECK(strcmp(clv_axis_unit(x), clv_axis_unit(y)) == 0 && fabs(step_x - step_y) <= 1e-3 * step_x, err,
              CLV_BAD_ARGUMENT, "pixels are %g %s by %g %s; they must be square", step_y, clv_axis_unit(y), step_x,
              clv_axis_unit(x));
    p->pixel = step_x;
    p->columns = columns;
    return CLV_OK;
}

static clv_status find_thickness(const clv_call *call, particle *p, double *thickness, double *error, clv_error *err)
{
    int round = strcmp(clv_options_text(call->options, "geometry"), "sphere") == 0;
    double sigma = clv_options_number(call->options, "probe") / p->pixel / 2.35482;

    CLV_TRY(find_particle(p, err));
    find_disc(p);
    CLV_TRY(find_cover(p, err));
    CLV_TRY(list_pixels(p, err));
    p->spread = SURFACE;
    if (round) {
        radial_distances(p);
        sphere(p, sigma, thickness, error);
        p->spread = SURFACE / 2;
    } else {
        CLV_TRY(section(p, clv_options_number(call->options, "level"), thickness, error, err));
    }
    *error = hypot(*error, p->spread) * p->pixel;
    *thickness *= p->pixel;
    return CLV_OK;
}

static clv_status make_result(const clv_call *call, const particle *p, double thickness, double error,
                              clv_columns *made, clv_error *err)
{
    double local = error * error, gradient = 1;
    const char *unit = clv_axis_unit(clv_columns_axis(p->columns, 1));
    clv_uncertainty *source = NULL;
    clv_status status;
    char note[300];

    CLV_TRY(clv_uncertainty_new(1, 1, &local, 0, NULL, NULL, &source, err));
    status = clv_columns_fill(made, 0, "thickness", unit, &thickness, source, &gradient, err);
    clv_uncertainty_free(source);
    CLV_TRY(status);
    snprintf(note, sizeof note,
             "geometry: %s; a particle of %zu pixels, radius %.2f %s; what the surface leaves "
             "open adds %.2f %s",
             clv_options_text(call->options, "geometry"), p->count, p->radius * p->pixel, unit, p->spread * p->pixel,
             unit);
    return clv_columns_add_note(made, note, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    particle p = {0};
    clv_columns *made = NULL;
    double thickness = 0, error = 0;
    clv_status status = check_map(clv_value_as_object(call->on, CLV_COLUMNS), &p, err);

    CLV_TRY(status);
    p.label = calloc(p.rows * p.width + 1, sizeof *p.label);
    p.covered = calloc(p.rows * p.width + 1, sizeof *p.covered);
    status = p.label && p.covered ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");
    if (!status) { status = find_thickness(call, &p, &thickness, &error, err); }
    if (!status) { status = clv_columns_new(NULL, 0, 1, &made, err); }
    if (!status) { status = make_result(call, &p, thickness, error, made, err); }
    free(p.label);
    free(p.covered);
    free(p.distance);
    if (status) {
        clv_columns_free(made);
        return status;
    }
    *result = clv_value_object(CLV_COLUMNS, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "geometry",
     .type = CLV_TYPE_CHOICE,
     .choices = "section|sphere",
     .flags = CLV_REQUIRED,
     .doc = "section: cut through, the fraction steps with the distance from the surface; sphere: seen in projection, "
            "where "
            "shell and core lie over one another"},
    {.name = "level",
     .type = CLV_TYPE_NUMBER,
     .preset = "0.5",
     .low = 0.01,
     .high = 0.99,
     .unit = "1",
     .doc = "section: the fraction at which the shell ends"},
    {.name = "probe",
     .type = CLV_TYPE_NUMBER,
     .preset = "0",
     .low = 0,
     .high = 1e4,
     .unit = "nm",
     .doc = "sphere: full width of the probe, in the unit of the map's axes"},
    {0},
};

const clv_operation eels_shell_thickness = {
    .size = sizeof(clv_operation),
    .name = "shell_thickness",
    .doc = "finds the particle in the map of a shell's fraction and how thick the shell is",
    .on = CLV_ON(CLV_COLUMNS),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
