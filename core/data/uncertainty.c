/* Keeps the covariances that columns of one fit share. SPDX-License-Identifier: GPL-3.0-or-later */
#include "uncertainty.h"

#include <stdlib.h>
#include <string.h>

static void destroy_uncertainty(void *object)
{
    clv_uncertainty *source = object;

    free(source->local);
    free(source->shared);
    free(source->sensitivity);
    free(source);
}

/* Copies `a * b * c` numbers; none when the product is zero. */
static clv_status copy_numbers(double **copy, const double *numbers, size_t a, size_t b, size_t c, clv_error *err)
{
    size_t count, bytes;

    if (a == 0 || b == 0 || c == 0) { return CLV_OK; }
    CLV_CHECK(numbers, err, CLV_BAD_ARGUMENT, "a source of uncertainty lacks a covariance or sensitivity");
    CLV_CHECK(!__builtin_mul_overflow(a, b, &count) && !__builtin_mul_overflow(count, c, &count) &&
                  !__builtin_mul_overflow(count, sizeof **copy, &bytes) && (*copy = malloc(bytes)),
              err, CLV_NO_MEMORY, "no memory for %zu x %zu x %zu covariances", a, b, c);
    memcpy(*copy, numbers, bytes);
    return CLV_OK;
}

static clv_status fill(clv_uncertainty *made, const double *local, const double *shared, const double *sensitivity,
                       clv_error *err)
{
    CLV_TRY(copy_numbers(&made->local, local, made->points, made->n, made->n, err));
    CLV_TRY(copy_numbers(&made->shared, shared, 1, made->m, made->m, err));
    return copy_numbers(&made->sensitivity, sensitivity, made->points, made->n, made->m, err);
}

clv_status clv_uncertainty_new(size_t points, size_t n, const double *local, size_t m, const double *shared,
                               const double *sensitivity, clv_uncertainty **source, clv_error *err)
{
    clv_uncertainty *made;
    clv_status status;

    CLV_CHECK(points > 0, err, CLV_BAD_ARGUMENT, "a source of uncertainty needs at least one point");
    made = clv_object_new(sizeof *made, CLV_NIL, destroy_uncertainty);
    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for a source of uncertainty");
    made->points = points;
    made->n = n;
    made->m = m;
    status = fill(made, local, shared, sensitivity, err);
    if (status) {
        clv_uncertainty_free(made);
        return status;
    }
    *source = made;
    return CLV_OK;
}

clv_uncertainty *clv_uncertainty_ref(const clv_uncertainty *source) { return clv_object_ref(source); }
void clv_uncertainty_free(clv_uncertainty *source) { clv_object_free(source); }

static double local_part(const clv_uncertainty *s, const double *a, const double *b, size_t point)
{
    const double *covariance = s->local + point * s->n * s->n;
    double sum = 0.0;

    for (size_t i = 0; i < s->n; i++) {
        for (size_t j = 0; a[i] != 0.0 && j < s->n; j++) {
            if (b[j] != 0.0) { sum += a[i] * covariance[i * s->n + j] * b[j]; }
        }
    }
    return sum;
}

/* The total derivative by shared quantity `k`: its own and through the local quantities that follow it. */
static double shared_gradient(const clv_uncertainty *s, const double *gradient, size_t point, size_t k)
{
    double sum = gradient[s->n + k];

    for (size_t i = 0; i < s->n; i++) {
        if (gradient[i] != 0.0) { sum += gradient[i] * s->sensitivity[(point * s->n + i) * s->m + k]; }
    }
    return sum;
}

double clv_uncertainty_covariance(const clv_uncertainty *source, const double *a, size_t p, const double *b, size_t q)
{
    double sum = p == q ? local_part(source, a, b, p) : 0.0;

    for (size_t k = 0; k < source->m; k++) {
        double u = shared_gradient(source, a, p, k);

        for (size_t l = 0; u != 0.0 && l < source->m; l++) {
            double v = shared_gradient(source, b, q, l);

            if (v != 0.0) { sum += u * source->shared[k * source->m + l] * v; }
        }
    }
    return sum;
}
