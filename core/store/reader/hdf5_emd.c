/* Reads EMD files of NCEM and Berkeley: groups of the type 1 with a dataset and its dimensions dim1, dim2 …
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5.h"

#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 12

typedef struct emd {
    hid_t file;
    int depth, groups, sent;
} emd;

/* ---- Dimensions */

/* A unit as EMD writes it, without brackets and underlines: "[n_m]" is nm. */
static void plain_unit(char unit[HDF5_TEXT])
{
    size_t n = 0;

    for (size_t i = 0; unit[i]; i++) {
        if (!strchr("[]_", unit[i])) { unit[n++] = unit[i]; }
    }
    unit[n] = 0;
}

/* All places, or the first two of evenly spaced ones. */
static void take_dimension(hid_t group, int number, hdf5_axis *axis)
{
    char path[32];
    double first[2] = {0, 1};
    size_t count;

    snprintf(path, sizeof path, "dim%d", number + 1);
    count = hdf5_numbers(group, path, first, 2);
    hdf5_text(group, path, "name", axis->name);
    hdf5_text(group, path, "units", axis->unit);
    plain_unit(axis->unit);
    if (count == 0) { return; }
    axis->offset = first[0];
    if (count > 1) { axis->scale = first[1] - first[0]; }
    if (count != axis->size || count < 3) { return; }
    axis->values = reader_room(axis->size, sizeof *axis->values);
    hdf5_numbers(group, path, axis->values, axis->size);
}

static int find_energy(hid_t group, const hdf5_signal *s, int *taken_as_ev)
{
    char kind[HDF5_TEXT], record[HDF5_TEXT];

    for (int k = s->rank - 1; k >= 0; k--) {
        if (!isnan(hdf5_electronvolts(s->axis[k].unit))) { return k; }
    }
    hdf5_text(group, ".", "signal_type", kind);
    hdf5_text(group, ".", "record_by", record);
    *taken_as_ev = 1;
    if (*s->axis[s->rank - 1].unit) { return -1; }
    return strcmp(kind, "EELS") == 0 || strcmp(record, "spectrum") == 0 ? s->rank - 1 : -1;
}

/* ---- Metadata: the groups beside the signals, or above them */

static void add_facts(hid_t file, hdf5_signal *s)
{
    static const struct {
        const char *group, *key, *name, *unit;
        double factor;
    } numbers[] = {{"microscope", "voltage", "beam_energy", "keV", 1e-3},
                   {"microscope", "accelerating_voltage", "beam_energy", "keV", 1e-3},
                   {"microscope", "convergence_angle", "convergence_angle", "mrad", 1},
                   {"microscope", "collection_angle", "collection_angle", "mrad", 1},
                   {"microscope", "camera_length", "camera_length", "mm", 1},
                   {"microscope", "dwell_time", "dwell", "s", 1}};
    static const struct {
        const char *group, *key, *name;
    } texts[] = {{"microscope", "name", "instrument"},
                 {"sample", "material", "sample"},
                 {"sample", "name", "sample"},
                 {"user", "name", "operator"},
                 {"comments", "comment", "comment"}};
    char text[HDF5_TEXT];

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double number = hdf5_number(file, numbers[i].group, numbers[i].key), factor = numbers[i].factor;

        if (factor != 1 && number < 1e4) { factor = 1; } /* kilovolts already */
        hdf5_add_number(s, numbers[i].name, number * factor, numbers[i].unit);
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (hdf5_text(file, texts[i].group, texts[i].key, text)) { hdf5_add_text(s, texts[i].name, text); }
    }
}

/* ---- Signals */

static int read_data(emd *e, hid_t group, const char *name, hid_t data)
{
    hdf5_signal s;
    int energy, taken_as_ev = 0;
    char kind[HDF5_TEXT];

    if (!hdf5_begin(&s, data)) {
        hdf5_skip(name, "is no array of numbers of at most six dimensions");
        return 0;
    }
    for (int k = 0; k < s.rank; k++) { take_dimension(group, k, &s.axis[k]); }
    energy = find_energy(group, &s, &taken_as_ev);
    if (energy < 0) {
        hdf5_clear(&s);
        hdf5_skip(name, "has no dimension in eV");
        return 0;
    }
    hdf5_order(&s, energy);
    snprintf(s.name, sizeof s.name, "%s", strcmp(name, "__unnamed__") == 0 ? "" : name);
    hdf5_text(group, ".", "signal_type", kind);
    if (strncmp(kind, "EDS", 3) == 0) {
        s.energy_name = "photon_energy";
        snprintf(s.technique, sizeof s.technique, "EDS");
    }
    if (taken_as_ev) {
        snprintf(s.note, sizeof s.note, "-- the energies have no unit in the file and are taken as eV");
    }
    hdf5_add_text(&s, "signal_type", kind);
    add_facts(e->file, &s);
    hdf5_send(&s);
    return 1;
}

static int take_group(hid_t parent, const char *name, void *payload)
{
    static const char *const names[] = {"data", "datacube", "realslice", "diffractionslice", "array"};
    emd *e = payload;
    H5O_info_t about;
    hid_t group, data = -1;

    if (!hdf5_exists(parent, name) || H5Oget_info_by_name(parent, name, &about, H5P_DEFAULT) < 0) { return 0; }
    if (about.type != H5O_TYPE_GROUP || e->depth == DEPTH_MAX) { return 0; }
    group = H5Gopen2(parent, name, H5P_DEFAULT);
    if (group < 0) { return 0; }
    if (hdf5_number(group, ".", "emd_group_type") == 1) {
        e->groups++;
        for (size_t i = 0; i < sizeof names / sizeof *names && data < 0; i++) {
            if (hdf5_exists(group, names[i])) { data = H5Dopen2(group, names[i], H5P_DEFAULT); }
        }
    }
    if (data >= 0) {
        e->sent += read_data(e, group, name, data);
        H5Dclose(data);
    }
    e->depth++;
    hdf5_each(group, take_group, e);
    e->depth--;
    H5Gclose(group);
    return 0;
}

int hdf5_emd(hid_t file)
{
    emd e = {.file = file};
    int told = !isnan(hdf5_number(file, ".", "version_major")) || H5Aexists(file, "version_major") > 0;

    hdf5_each(file, take_group, &e);
    return e.groups > 0 || told ? e.sent : -1;
}
