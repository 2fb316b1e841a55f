/* Compares the variables of two netCDF files, number by number. SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/compare.h>

#include "store/stream.h"
#include "store/worker.h"

/* One variable as the reading process told it. */
typedef struct variable {
    char *name;
    void *values;
    size_t bytes;
    int text, matched;
} variable;

typedef struct content {
    const char *path;
    variable *variables;
    size_t count;
} content;

static void content_free(content *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->variables[i].name);
        free(self->variables[i].values);
    }
    free(self->variables);
}

static clv_status begin(content *self, const char *name, clv_error *err)
{
    variable *grown = reallocarray(self->variables, self->count + 1, sizeof *grown);
    char *copy = grown ? strdup(name) : NULL;

    if (grown) { self->variables = grown; }
    CLV_CHECK(copy, err, CLV_NO_MEMORY, "%s: no memory for what it holds", self->path);
    grown[self->count++] = (variable){.name = copy};
    return CLV_OK;
}

static clv_status take(void *payload, uint32_t tag, const void *bytes, size_t count, clv_error *err)
{
    content *self = payload;
    variable *last = self->count ? &self->variables[self->count - 1] : NULL;

    if (tag == CLV_STREAM_VARIABLE) { return begin(self, bytes, err); }
    CLV_CHECK((tag == CLV_STREAM_VALUES || tag == CLV_STREAM_TEXT) && last && !last->values, err, CLV_BAD_FILE,
              "%s: its reader tells what makes no sense; the file is damaged", self->path);
    last->values = malloc(count + 1);
    CLV_CHECK(last->values, err, CLV_NO_MEMORY, "%s: no memory for what it holds", self->path);
    memcpy(last->values, bytes, count);
    last->bytes = count;
    last->text = tag == CLV_STREAM_TEXT;
    return CLV_OK;
}

static clv_status read_bytes(const char *path, char **bytes, size_t *count, clv_error *err)
{
    FILE *file = fopen(path, "rbe");
    long size = -1;

    CLV_CHECK(file, err, CLV_NOT_FOUND, "%s: cannot be opened: %s", path, strerrordesc_np(errno));
    if (fseek(file, 0, SEEK_END) == 0) { size = ftell(file); }
    rewind(file);
    *bytes = size >= 0 ? malloc((size_t)size + 1) : NULL;
    *count = *bytes ? fread(*bytes, 1, (size_t)size, file) : 0;
    fclose(file);
    if (size >= 0 && *bytes && *count == (size_t)size) { return CLV_OK; }
    free(*bytes);
    *bytes = NULL;
    return clv_fail(err, size < 0 || *count ? CLV_BAD_FILE : CLV_NO_MEMORY, "%s: cannot be read", path);
}

static clv_status content_read(content *self, clv_error *err)
{
    char *bytes = NULL;
    size_t count = 0;
    clv_status status;

    CLV_TRY(read_bytes(self->path, &bytes, &count, err));
    status = clv_worker_read_variables(self->path, bytes, count, take, self, err);
    free(bytes);
    return status;
}

/* ---- Comparing */

static void note(clv_file_difference *difference, const char *name, double by)
{
    difference->differing++;
    if (difference->where[0] && by <= difference->largest) { return; }
    difference->largest = by;
    snprintf(difference->where, sizeof difference->where, "%s", name);
}

static double relative(double a, double b)
{
    double larger = fmax(fabs(a), fabs(b));

    if (!isfinite(a) || !isfinite(b)) { return INFINITY; }
    return larger > 0 ? fabs(a - b) / larger : 0;
}

static int same_bits(double a, double b)
{
    uint64_t x, y;

    memcpy(&x, &a, sizeof x);
    memcpy(&y, &b, sizeof y);
    return x == y || (isnan(a) && isnan(b));
}

static void compare_numbers(const variable *a, const variable *b, clv_file_difference *difference)
{
    const double *x = a->values, *y = b->values;

    for (size_t i = 0; i < a->bytes / sizeof *x; i++) {
        difference->compared++;
        if (same_bits(x[i], y[i])) { continue; }
        note(difference, a->name, relative(x[i], y[i]));
    }
}

static void compare_one(const variable *a, const variable *b, clv_file_difference *difference)
{
    if (a->bytes != b->bytes || a->text != b->text) {
        difference->compared++;
        note(difference, a->name, INFINITY);
    } else if (a->text) {
        difference->compared++;
        if (a->bytes && memcmp(a->values, b->values, a->bytes) != 0) { note(difference, a->name, INFINITY); }
    } else {
        compare_numbers(a, b, difference);
    }
}

static variable *find(content *self, const char *name)
{
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp(self->variables[i].name, name) == 0) { return &self->variables[i]; }
    }
    return NULL;
}

static void compare_all(const content *a, content *b, clv_file_difference *difference)
{
    for (size_t i = 0; i < a->count; i++) {
        variable *other = find(b, a->variables[i].name);
        if (other) {
            other->matched = 1;
            compare_one(&a->variables[i], other, difference);
        } else {
            difference->compared++;
            note(difference, a->variables[i].name, INFINITY);
        }
    }
    for (size_t i = 0; i < b->count; i++) {
        if (b->variables[i].matched) { continue; }
        difference->compared++;
        note(difference, b->variables[i].name, INFINITY);
    }
}

clv_status clv_netcdf_compare(const char *path, const char *other, clv_file_difference *difference, clv_error *err)
{
    content a = {.path = path}, b = {.path = other};
    clv_status status = content_read(&a, err);

    *difference = (clv_file_difference){0};
    if (!status) { status = content_read(&b, err); }
    if (!status) { compare_all(&a, &b, difference); }
    content_free(&a);
    content_free(&b);
    return status;
}
