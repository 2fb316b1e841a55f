/* Sends one signal of a netCDF file with its axes as spectra. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader.h"

#include <math.h>
#include <netcdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AXES_MAX 6

/* A signal with its shape. */
typedef struct signal {
    int group, variable, own;
    int count, dimensions[AXES_MAX];
    size_t sizes[AXES_MAX];
    int falling; /* the file's energies descend */
    char name[NC_MAX_NAME + 1];
} signal_of;

static void check(int code, const char *what)
{
    if (code) { reader_refuse("%s cannot be read: %s", what, nc_strerror(code)); }
}

/* Reads a whole variable as doubles, with what CF says of fill values, scale and offset. */
static double *read_all(int group, int variable, uint64_t count, const char *what)
{
    double *values = reader_room(count, sizeof *values), fill = NAN, scale = 1, offset = 0;
    int filled, scaled;

    check(nc_get_var_double(group, variable, values), what);
    filled = reader_numbers(group, variable, "_FillValue", &fill, 1) == 1 && !isnan(fill);
    scaled = reader_numbers(group, variable, "scale_factor", &scale, 1) == 1;
    scaled |= reader_numbers(group, variable, "add_offset", &offset, 1) == 1;
    for (uint64_t i = 0; i < count && (filled || scaled); i++) {
        if (filled && values[i] == fill) {
            values[i] = NAN;
        } else if (scaled) {
            values[i] = values[i] * scale + offset;
        }
    }
    return values;
}

static void send_name(uint32_t tag, int group, int variable, const char *name, int own)
{
    char *true_name = own ? reader_text(group, variable, "long_name") : NULL;

    reader_send_text(tag, true_name && *true_name ? true_name : name);
    free(true_name);
}

static void send_unit(int group, int variable, const char *otherwise)
{
    char *unit = reader_text(group, variable, "units");

    reader_send_text(CLV_STREAM_UNIT, unit && *unit ? unit : otherwise);
    free(unit);
}

static void reverse(double *values, size_t rows, size_t count)
{
    for (size_t r = 0; r < rows; r++) {
        double *row = values + r * count;

        for (size_t i = 0; i < count / 2; i++) {
            double kept = row[i];

            row[i] = row[count - 1 - i];
            row[count - 1 - i] = kept;
        }
    }
}

/* ---- Axes */

/* Sends a coordinate along a dimension that is known to have `size` places; `energy` tells that it is that of the
   energies, which may have to be turned round. */
static void send_coordinate(uint32_t tag, const signal_of *s, int group, int variable, const char *name, size_t size,
                            int energy)
{
    char own_name[NC_MAX_NAME + 1];
    double *values = read_all(group, variable, size, name);

    check(nc_inq_varname(group, variable, own_name), name);
    if (energy && s->falling) { reverse(values, 1, size); }
    send_name(tag, group, variable, own_name, s->own);
    send_unit(group, variable, energy && tag == CLV_STREAM_AXIS ? "eV" : "1");
    reader_send(CLV_STREAM_VALUES, values, size * sizeof *values);
    free(values);
}

/* A dimension without a coordinate counts its places from 1. */
static void send_places(const char *name, size_t size)
{
    double *values = reader_room(size, sizeof *values);

    for (size_t i = 0; i < size; i++) { values[i] = (double)(i + 1); }
    reader_send_text(CLV_STREAM_AXIS, name);
    reader_send_text(CLV_STREAM_UNIT, "1");
    reader_send(CLV_STREAM_VALUES, values, size * sizeof *values);
    free(values);
}

/* Sends those of the signal's `coordinates` that stand on one dimension alone, without the axis's own. */
static void send_beside(const signal_of *s, int axis, int own_group, int own_variable)
{
    char *text = reader_text(s->group, s->variable, "coordinates"), *rest = text;

    for (char *name; rest && (name = strsep(&rest, " "));) {
        int variable, count, dimension[NC_MAX_VAR_DIMS];
        nc_type type;

        if (!*name || nc_inq_varid(s->group, name, &variable)) { continue; }
        check(nc_inq_var(s->group, variable, NULL, &type, &count, NULL, NULL), name);
        if (count != 1 || type == NC_CHAR || type >= NC_STRING) { continue; }
        check(nc_inq_vardimid(s->group, variable, dimension), name);
        if (dimension[0] != s->dimensions[axis]) { continue; }
        if (own_group == s->group && own_variable == variable) { continue; }
        send_coordinate(CLV_STREAM_BESIDE, s, s->group, variable, name, s->sizes[axis], axis == s->count - 1);
    }
    free(text);
}

static void send_axis(const signal_of *s, int axis)
{
    int energy = axis == s->count - 1, variable = -1;
    int group = reader_coordinate(s->group, s->dimensions[axis], energy, &variable);
    char name[NC_MAX_NAME + 1];

    check(nc_inq_dimname(s->group, s->dimensions[axis], name), "a dimension");
    if (group < 0) {
        send_places(name, s->sizes[axis]);
    } else {
        send_coordinate(CLV_STREAM_AXIS, s, group, variable, name, s->sizes[axis], energy);
    }
    send_beside(s, axis, group, variable);
}

/* ---- What stands beside the signal */

/* Sends another variable of the group when it has exactly the first `count` dimensions of the signal. */
static void send_like(const signal_of *s, const char *name, uint32_t tag, int count)
{
    int variable, found, dimensions[NC_MAX_VAR_DIMS];
    nc_type type;
    uint64_t size = 1;
    double *values;

    if (nc_inq_varid(s->group, name, &variable)) { return; }
    check(nc_inq_var(s->group, variable, NULL, &type, &found, dimensions, NULL), name);
    if (found != count || type == NC_CHAR || type >= NC_STRING) { return; }
    for (int i = 0; i < count; i++) {
        if (dimensions[i] != s->dimensions[i]) { return; }
        size *= s->sizes[i];
    }
    values = read_all(s->group, variable, size, name);
    if (count == s->count && s->falling) { reverse(values, size / s->sizes[count - 1], s->sizes[count - 1]); }
    reader_send(tag, values, size * sizeof *values);
    free(values);
}

static void send_noise(const signal_of *s)
{
    char *noise = reader_text(s->group, s->variable, "noise");
    double numbers[2] = {1, 0}, window[2];
    nc_type type;

    check(nc_inq_vartype(s->group, s->variable, &type), s->name);
    if (noise) {
        reader_send_text(CLV_STREAM_NOISE, noise);
    } else if (type != NC_FLOAT && type != NC_DOUBLE) {
        reader_send_text(CLV_STREAM_NOISE, "poisson"); /* without the attribute integer counts are poisson */
    }
    free(noise);
    reader_numbers(s->group, s->variable, "noise_scale", &numbers[0], 1);
    reader_numbers(s->group, s->variable, "noise_read", &numbers[1], 1);
    reader_send(CLV_STREAM_NOISE_NUMBERS, numbers, sizeof numbers);
    if (reader_numbers(s->group, s->variable, "window", window, 2) == 2) {
        reader_send(CLV_STREAM_WINDOW, window, sizeof window);
    }
}

/* ---- The whole */

static void find_shape(signal_of *s)
{
    int variable = -1, energy, last;
    double *values;

    check(nc_inq_varname(s->group, s->variable, s->name), "a variable");
    check(nc_inq_varndims(s->group, s->variable, &s->count), s->name);
    if (s->count > AXES_MAX) {
        reader_refuse("%.80s has %d dimensions; at most %d are read", s->name, s->count, AXES_MAX);
    }
    check(nc_inq_vardimid(s->group, s->variable, s->dimensions), s->name);
    for (int i = 0; i < s->count; i++) {
        check(nc_inq_dimlen(s->group, s->dimensions[i], &s->sizes[i]), s->name);
        if (s->sizes[i] == 0) { reader_refuse("%.80s has a dimension without places", s->name); }
    }
    last = s->count - 1;
    energy = reader_coordinate(s->group, s->dimensions[last], 1, &variable);
    values = read_all(energy, variable, s->sizes[last], "the energy axis");
    s->falling = s->sizes[last] > 1 && values[0] > values[s->sizes[last] - 1];
    free(values);
}

void reader_signal(int group, int variable, int own)
{
    signal_of s = {.group = group, .variable = variable, .own = own};
    uint64_t size = 1;
    double *values;
    char *name;

    find_shape(&s);
    name = strcmp(s.name, "intensity") == 0 ? reader_text(group, NC_GLOBAL, "long_name")
                                            : reader_text(group, variable, "long_name");
    reader_send_text(CLV_STREAM_SPECTRA, name && *name ? name : s.name);
    free(name);
    send_unit(group, variable, "1");
    for (int i = 0; i < s.count; i++) {
        send_axis(&s, i);
        if (s.sizes[i] > UINT64_MAX / 16 / size) { reader_refuse("%.80s is too large", s.name); }
        size *= s.sizes[i];
    }
    values = read_all(group, variable, size, s.name);
    if (s.falling) { reverse(values, size / s.sizes[s.count - 1], s.sizes[s.count - 1]); }
    reader_send(CLV_STREAM_INTENSITY, values, size * sizeof *values);
    free(values);
    if (strcmp(s.name, "intensity") == 0) {
        send_like(&s, "variance", CLV_STREAM_VARIANCE, s.count);
        send_like(&s, "energy_offset", CLV_STREAM_OFFSET, s.count - 1);
        send_like(&s, "energy_offset_error", CLV_STREAM_OFFSET_ERROR, s.count - 1);
    }
    send_noise(&s);
    reader_metadata(group, own);
    reader_send(CLV_STREAM_DONE, NULL, 0);
}
