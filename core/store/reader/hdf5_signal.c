/* Sends a signal of an HDF5 file with its axes and facts as spectra. SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Beginning */

/* Whether numbers can be made of a type: whole and floating ones, truth values, pairs (r, i). */
static int is_readable(hid_t type, int *complex_numbers)
{
    H5T_class_t kind = H5Tget_class(type);

    *complex_numbers = kind == H5T_COMPOUND && H5Tget_nmembers(type) == 2 && H5Tget_member_index(type, "r") >= 0 &&
                       H5Tget_member_index(type, "i") >= 0 && H5Tget_member_class(type, 0) == H5T_FLOAT &&
                       H5Tget_member_class(type, 1) == H5T_FLOAT;
    return kind == H5T_INTEGER || kind == H5T_FLOAT || *complex_numbers;
}

int hdf5_begin(hdf5_signal *s, hid_t data)
{
    hid_t type = H5Dget_type(data), space = H5Dget_space(data);
    hsize_t sizes[HDF5_AXES];
    int complex_numbers, rank = H5Sget_simple_extent_ndims(space);
    int good = is_readable(type, &complex_numbers) && rank >= 1 && rank <= HDF5_AXES;

    *s = (hdf5_signal){.data = data, .noise_scale = 1, .energy_name = "energy_loss", .unit = "counts"};
    snprintf(s->technique, sizeof s->technique, "EELS");
    if (good) { good = H5Sget_simple_extent_dims(space, sizes, NULL) == rank; }
    s->rank = good ? rank : 0;
    for (int k = 0; k < s->rank; k++) {
        s->axis[k] = (hdf5_axis){.size = (size_t)sizes[k], .scale = 1};
        if (sizes[k] == 0) { good = 0; }
    }
    H5Sclose(space);
    H5Tclose(type);
    hdf5_order(s, s->rank - 1);
    return good;
}

void hdf5_order(hdf5_signal *s, int energy)
{
    int n = 0;

    s->energy = energy;
    for (int k = 0; k < s->rank; k++) {
        if (k != energy) { s->order[n++] = k; }
    }
    if (s->rank > 0) { s->order[n] = energy; }
}

void hdf5_clear(hdf5_signal *s)
{
    for (int k = 0; k < s->rank; k++) {
        free(s->axis[k].values);
        s->axis[k].values = NULL;
    }
}

/* ---- Facts */

static int has_fact(const hdf5_signal *s, const char *name)
{
    for (size_t i = 0; i < s->fact_count; i++) {
        if (strcmp(s->facts[i].name, name) == 0) { return 1; }
    }
    return s->fact_count == sizeof s->facts / sizeof *s->facts;
}

void hdf5_add_number(hdf5_signal *s, const char *name, double number, const char *unit)
{
    if (!isfinite(number) || has_fact(s, name)) { return; }
    s->facts[s->fact_count++] = (hdf5_fact){.name = name, .unit = unit, .number = number};
}

void hdf5_add_text(hdf5_signal *s, const char *name, const char *text)
{
    if (!*text || has_fact(s, name)) { return; }
    s->facts[s->fact_count] = (hdf5_fact){.name = name};
    snprintf(s->facts[s->fact_count++].text, HDF5_TEXT, "%s", text);
}

static void send_facts(const hdf5_signal *s)
{
    for (size_t i = 0; i < s->fact_count; i++) {
        const hdf5_fact *fact = &s->facts[i];

        reader_send_text(CLV_STREAM_METADATA, fact->name);
        if (fact->unit) {
            reader_send(CLV_STREAM_NUMBER, &fact->number, sizeof fact->number);
            reader_send_text(CLV_STREAM_UNIT, fact->unit);
        } else {
            reader_send_text(CLV_STREAM_TEXT, fact->text);
        }
    }
    if (*s->technique) {
        reader_send_text(CLV_STREAM_METADATA, "technique");
        reader_send_text(CLV_STREAM_TEXT, s->technique);
    }
}

/* ---- Axes */

double hdf5_electronvolts(const char *unit)
{
    static const struct {
        const char *unit;
        double in_ev;
    } units[] = {{"ev", 1}, {"kev", 1000}, {"mev", 0.001}, {"electronvolt", 1}, {"electron_volt", 1}};
    char plain[32];
    size_t n = 0;

    for (; *unit && n + 1 < sizeof plain; unit++) {
        if (strchr("[]_ ", *unit)) { continue; }
        plain[n++] = *unit >= 'A' && *unit <= 'Z' ? (char)(*unit + 32) : *unit;
    }
    plain[n] = 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(plain, units[i].unit) == 0) { return units[i].in_ev; }
    }
    return NAN;
}

/* The name of an axis as the project writes names: letters of lower case, digits, underlines. */
static void plain_name(const char *from, char to[HDF5_TEXT])
{
    size_t n = 0;

    for (; *from && n + 20 < HDF5_TEXT; from++) {
        char c = *from >= 'A' && *from <= 'Z' ? (char)(*from + 32) : *from;
        int kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && n > 0);

        if (kept) { to[n++] = c; }
        if (!kept && n > 0 && to[n - 1] != '_') { to[n++] = '_'; }
    }
    while (n > 0 && to[n - 1] == '_') { n--; }
    to[n] = 0;
    if (reader_is_energy(to)) { strcat(to, "_axis"); }
}

static int is_dropped(const hdf5_signal *s, int k) { return s->drop_single && k != s->energy && s->axis[k].size == 1; }

/* Axes without a name are x, y, z … from the fastest on; names that come twice are numbered. */
static void name_axis(const hdf5_signal *s, int place, char name[HDF5_TEXT], char earlier[][HDF5_TEXT])
{
    static const char *const names[] = {"x", "y", "z", "v", "w"};
    char base[HDF5_TEXT];
    int faster = 0;

    for (int i = place + 1; i < s->rank - 1; i++) { faster += !is_dropped(s, s->order[i]); }
    plain_name(s->axis[s->order[place]].name, base);
    if (!*base) { snprintf(base, sizeof base, "%s", names[faster]); }
    snprintf(name, HDF5_TEXT, "%s", base);
    for (int i = 0, n = 2; i < place; i++) {
        if (strcmp(earlier[i], name) != 0) { continue; }
        snprintf(name, HDF5_TEXT, "%.280s_%d", base, n++);
        i = -1;
    }
}

static void send_axis(const hdf5_signal *s, int k, const char *name)
{
    const hdf5_axis *axis = &s->axis[k];
    double *values = reader_room(axis->size, sizeof *values), in_ev = hdf5_electronvolts(axis->unit);
    double factor = k == s->energy && !isnan(in_ev) ? in_ev : 1;
    int falling;

    for (size_t i = 0; i < axis->size; i++) {
        values[i] = (axis->values ? axis->values[i] : axis->offset + (double)i * axis->scale) * factor;
    }
    falling = k == s->energy && axis->size > 1 && values[0] > values[axis->size - 1];
    for (size_t a = 0, b = axis->size - 1; falling && a < b; a++, b--) {
        double kept = values[a];

        values[a] = values[b];
        values[b] = kept;
    }
    reader_send_text(CLV_STREAM_AXIS, name);
    reader_send_text(CLV_STREAM_UNIT, k == s->energy ? "eV" : *axis->unit ? axis->unit : "1");
    reader_send(CLV_STREAM_VALUES, values, axis->size * sizeof *values);
    free(values);
}

static void send_axes(const hdf5_signal *s)
{
    char names[HDF5_AXES][HDF5_TEXT] = {{0}};

    for (int i = 0; i < s->rank - 1; i++) {
        if (is_dropped(s, s->order[i])) { continue; }
        name_axis(s, i, names[i], names);
        send_axis(s, s->order[i], names[i]);
    }
    send_axis(s, s->energy, s->energy_name);
}

/* ---- Numbers */

static int is_falling(const hdf5_axis *axis)
{
    return axis->values ? axis->size > 1 && axis->values[0] > axis->values[axis->size - 1] : axis->scale < 0;
}

/* Copies so that the energy is fastest and rises, the others in the order of the file. */
static void put_in_order(const hdf5_signal *s, const double *from, double *to)
{
    size_t stride[HDF5_AXES], total = 1, at[HDF5_AXES] = {0}, channels = s->axis[s->energy].size;
    int falling = is_falling(&s->axis[s->energy]);

    for (int k = s->rank - 1; k >= 0; k--) {
        stride[k] = total;
        total *= s->axis[k].size;
    }
    for (size_t done = 0; done < total; done += channels) {
        size_t begin = 0;

        for (int k = 0; k < s->rank; k++) { begin += at[k] * stride[k]; }
        for (size_t c = 0; c < channels; c++) {
            to[done + (falling ? channels - 1 - c : c)] = from[begin + c * stride[s->energy]];
        }
        for (int i = s->rank - 2; i >= 0; i--) { /* the next spectrum */
            if (++at[s->order[i]] < s->axis[s->order[i]].size) { break; }
            at[s->order[i]] = 0;
        }
    }
}

/* A type that takes one member of pairs, or plain doubles. */
static hid_t memory_type(const char *member)
{
    hid_t type;

    if (!member) { return H5Tcopy(H5T_NATIVE_DOUBLE); }
    type = H5Tcreate(H5T_COMPOUND, sizeof(double));
    H5Tinsert(type, member, 0, H5T_NATIVE_DOUBLE);
    return type;
}

static double *read_values(const hdf5_signal *s, const char *member, uint64_t *count)
{
    hid_t type = memory_type(member);
    double *values, *ordered;
    int as_is = s->energy == s->rank - 1 && !is_falling(&s->axis[s->energy]);
    herr_t code;

    *count = 1;
    for (int k = 0; k < s->rank; k++) {
        if (s->axis[k].size > UINT64_MAX / 16 / *count) { reader_refuse("\"%.80s\" is too large", s->name); }
        *count *= s->axis[k].size;
    }
    for (int i = 0; i < s->rank; i++) { as_is &= s->order[i] == i; }
    values = reader_room(*count, sizeof *values);
    code = H5Dread(s->data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    H5Tclose(type);
    if (code < 0) {
        reader_refuse("the numbers of \"%.80s\" cannot be read: they are damaged, or compressed in a way that HDF5 has "
                      "no filter for",
                      s->name);
    }
    if (as_is) { return values; }
    ordered = reader_room(*count, sizeof *ordered);
    put_in_order(s, values, ordered);
    free(values);
    return ordered;
}

/* What is normalised is no counts: these are more than a fraction of one on average. Negative ones, as a dark reference
   leaves them, do not scatter as Poisson's. */
static const char *noise_of(const hdf5_signal *s, const double *values, uint64_t count, int *are_counts)
{
    double sum = 0;
    int negative = 0;

    for (uint64_t i = 0; i < count; i++) {
        sum += values[i];
        negative |= !(values[i] >= 0);
    }
    *are_counts = !s->noise && sum > 0.01 * (double)count;
    return *are_counts && !negative ? "poisson" : "unknown";
}

static void send_part(const hdf5_signal *s, const char *member, const char *part)
{
    uint64_t count;
    double *values = read_values(s, member, &count), numbers[2] = {s->noise_scale, s->noise_read};
    int are_counts;
    const char *noise = noise_of(s, values, count, &are_counts);
    char name[HDF5_TEXT + 20];

    if (member) { noise = "unknown"; }
    snprintf(name, sizeof name, "%s%s", *s->name ? s->name : "spectrum", part);
    reader_send_text(CLV_STREAM_SPECTRA, name);
    reader_send_text(CLV_STREAM_UNIT, !member && (are_counts || strcmp(s->unit, "counts") != 0) ? s->unit : "1");
    send_axes(s);
    reader_send(CLV_STREAM_INTENSITY, values, count * sizeof *values);
    free(values);
    reader_send_text(CLV_STREAM_NOISE, noise);
    reader_send(CLV_STREAM_NOISE_NUMBERS, numbers, sizeof numbers);
    send_facts(s);
    if (*s->note) { reader_send_text(CLV_STREAM_HISTORY, s->note); }
    reader_send(CLV_STREAM_DONE, NULL, 0);
}

void hdf5_send(hdf5_signal *s)
{
    hid_t type = H5Dget_type(s->data);
    int complex_numbers = 0;

    is_readable(type, &complex_numbers);
    H5Tclose(type);
    if (complex_numbers) {
        send_part(s, "r", " (real part)");
        send_part(s, "i", " (imaginary part)");
    } else {
        send_part(s, NULL, "");
    }
    hdf5_clear(s);
}
