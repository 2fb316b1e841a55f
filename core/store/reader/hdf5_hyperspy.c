/* Reads HyperSpy's HDF5 files (.hspy, .hdf5), versions 1.0 to 3.x. SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5.h"

#include <stdio.h>
#include <string.h>

/* The group of one signal, what its axes say, and how many spectra have been sent. */
typedef struct hyperspy {
    hid_t group;
    const char *metadata; /* "metadata"; "mapped_parameters" before version 1.2 */
    int navigates[HDF5_AXES], told;
    char title[HDF5_TEXT], type[HDF5_TEXT], record_by[HDF5_TEXT];
} hyperspy;

/* ---- Axes */

/* Places of a table stand in the file; those of a function cannot be told. */
static int take_places(const hyperspy *h, const char *group, hdf5_axis *axis)
{
    char path[64], type[HDF5_TEXT];

    snprintf(path, sizeof path, "%s/axis", group);
    if (!hdf5_exists(h->group, path)) {
        return !hdf5_text(h->group, group, "_type", type) || strcmp(type, "UniformDataAxis") == 0;
    }
    axis->values = reader_room(axis->size, sizeof *axis->values);
    return hdf5_numbers(h->group, path, axis->values, axis->size) == axis->size;
}

/* "axis-0" is the array's first, unless an old file says which it is. */
static int take_axis(hyperspy *h, hdf5_signal *s, int number)
{
    char group[32];
    double place, offset, scale, navigates;
    hdf5_axis *axis;
    int k = number;

    snprintf(group, sizeof group, "axis-%d", number);
    if (!hdf5_exists(h->group, group)) { return 1; }
    place = hdf5_number(h->group, group, "index_in_array");
    if (place >= 0 && place < s->rank) { k = (int)place; }
    axis = &s->axis[k];
    offset = hdf5_number(h->group, group, "offset");
    scale = hdf5_number(h->group, group, "scale");
    navigates = hdf5_number(h->group, group, "navigate");
    if (isfinite(offset)) { axis->offset = offset; }
    if (isfinite(scale) && scale != 0) { axis->scale = scale; }
    hdf5_text(h->group, group, "name", axis->name);
    hdf5_text(h->group, group, "units", axis->unit);
    if (strcmp(axis->name, "_None_") == 0) { axis->name[0] = 0; }
    if (strcmp(axis->unit, "_None_") == 0 || strcmp(axis->unit, "<undefined>") == 0) { axis->unit[0] = 0; }
    if (!isnan(navigates)) {
        h->navigates[k] = navigates != 0;
        h->told++;
    }
    return take_places(h, group, axis);
}

/* Which dimension spectra run along; -1: these are images, or spectra of something else than energy. */
static int find_energy(const hyperspy *h, const hdf5_signal *s, int *taken_as_ev)
{
    int found = s->rank - 1, signals = 0;

    for (int k = 0; k < s->rank && h->told == s->rank; k++) {
        if (h->navigates[k]) { continue; }
        found = k;
        signals++;
    }
    if (signals > 1 || (h->told < s->rank && strcmp(h->record_by, "image") == 0)) { return -1; }
    *taken_as_ev = isnan(hdf5_electronvolts(s->axis[found].unit));
    return *taken_as_ev && *s->axis[found].unit ? -1 : found;
}

/* ---- Metadata */

static const struct {
    const char *group, *key, *name, *unit;
} numbers[] = {
    {"TEM", "beam_energy", "beam_energy", "keV"},
    {"TEM", "convergence_angle", "convergence_angle", "mrad"},
    {"TEM", "beam_current", "beam_current", "nA"},
    {"TEM", "probe_area", "probe_area", "nm^2"},
    {"TEM", "camera_length", "camera_length", "mm"},
    {"TEM", "magnification", "magnification", "1"},
    {"TEM/Detector/EELS", "collection_angle", "collection_angle", "mrad"},
    {"TEM/EELS", "collection_angle", "collection_angle", "mrad"},
    {"TEM/Detector", "collection_angle", "collection_angle", "mrad"},
    {"TEM/Detector/EELS", "dwell_time", "dwell", "s"},
    {"TEM/Detector/EELS", "exposure", "dwell", "s"},
    {"TEM", "dwell_time", "dwell", "s"},
    {"TEM/Detector", "dwell_time", "dwell", "s"},
    {"TEM/Detector/EELS", "frame_number", "scans", "1"},
    {"TEM/Detector/EELS", "aperture_size", "aperture", "mm"},
    {"TEM/Detector/EDS", "live_time", "live_time", "s"},
    {"TEM/Detector/EDS", "real_time", "real_time", "s"},
    {"TEM/Detector/EDS", "elevation_angle", "elevation_angle", "deg"},
    {"TEM/Detector/EDS", "azimuth_angle", "azimuth_angle", "deg"},
    {"TEM/Stage", "tilt_alpha", "tilt_x", "deg"},
    {"TEM/Stage", "tilt_beta", "tilt_y", "deg"},
};

/* How many of our unit one of the file's is: old files tell theirs beside the number. */
static double factor_of(const hyperspy *h, const char *path, const char *key)
{
    static const struct {
        const char *unit;
        double factor;
    } units[] = {{"ms", 1e-3}, {"us", 1e-6}, {"\xC2\xB5s", 1e-6}, {"V", 1e-3}, {"rad", 1e3}, {"pA", 1e-3}};
    char name[HDF5_TEXT], unit[HDF5_TEXT];

    snprintf(name, sizeof name, "%s_units", key);
    hdf5_text(h->group, path, name, unit);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(unit, units[i].unit) == 0) { return units[i].factor; }
    }
    return 1;
}

static void add_numbers(const hyperspy *h, hdf5_signal *s)
{
    static const char *const places[] = {"Acquisition_instrument/", ""};
    char path[HDF5_TEXT];

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        for (size_t p = 0; p < 4; p++) { /* SEM instead of TEM; old files have no Acquisition_instrument */
            snprintf(path, sizeof path, "%s/%s%s", h->metadata, places[p / 2], numbers[i].group);
            if (p % 2) { *strstr(path + strlen(h->metadata), "TEM") = 'S'; }
            hdf5_add_number(s, numbers[i].name,
                            hdf5_number(h->group, path, numbers[i].key) * factor_of(h, path, numbers[i].key),
                            numbers[i].unit);
        }
    }
}

static void add_texts(const hyperspy *h, hdf5_signal *s)
{
    static const struct {
        const char *group, *key, *name;
    } texts[] = {{"General", "title", "title"},
                 {"General", "date", "date"},
                 {"General", "time", "time"},
                 {"General", "authors", "operator"},
                 {"General", "notes", "comment"},
                 {"Sample", "description", "sample"},
                 {"Acquisition_instrument/TEM", "microscope", "instrument"},
                 {"Acquisition_instrument/TEM", "acquisition_mode", "operating_mode"},
                 {"Acquisition_instrument/TEM/Detector/EELS", "spectrometer", "detector"}};
    char path[HDF5_TEXT], text[HDF5_TEXT];

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        snprintf(path, sizeof path, "%s/%s", h->metadata, texts[i].group);
        if (hdf5_text(h->group, path, texts[i].key, text)) { hdf5_add_text(s, texts[i].name, text); }
    }
    hdf5_add_text(s, "signal_type", h->type);
}

/* variance = correlation * (gain * mean + offset), where somebody measured it: gain 1 without offset is the preset. */
static void add_noise(const hyperspy *h, hdf5_signal *s)
{
    char path[HDF5_TEXT];
    double gain, offset, correlation;

    snprintf(path, sizeof path, "%s/Signal/Noise_properties/Variance_linear_model", h->metadata);
    gain = hdf5_number(h->group, path, "gain_factor");
    offset = hdf5_number(h->group, path, "gain_offset");
    correlation = hdf5_number(h->group, path, "correlation_factor");
    if (!(gain > 0)) { return; }
    correlation = correlation > 0 ? correlation : 1;
    s->noise_scale = gain * correlation;
    s->noise_read = offset > 0 ? sqrt(offset * correlation) : 0;
}

static void name_kind(const hyperspy *h, hdf5_signal *s)
{
    if (strncmp(h->type, "EDS", 3) == 0) {
        s->energy_name = "photon_energy";
        snprintf(s->technique, sizeof s->technique, "EDS");
    } else if (*h->type && strncmp(h->type, "EELS", 4) != 0) {
        s->noise = "unknown"; /* a dielectric function, a luminescence spectrum: no counts of electrons */
    }
}

/* ---- Signals */

static void read_texts(hyperspy *h)
{
    char path[HDF5_TEXT];

    h->metadata = hdf5_exists(h->group, "mapped_parameters") ? "mapped_parameters" : "metadata";
    snprintf(path, sizeof path, "%s/General", h->metadata);
    if (!hdf5_text(h->group, path, "title", h->title)) { hdf5_text(h->group, h->metadata, "title", h->title); }
    snprintf(path, sizeof path, "%s/Signal", h->metadata);
    if (!hdf5_text(h->group, path, "signal_type", h->type)) {
        hdf5_text(h->group, h->metadata, "signal_type", h->type);
    }
    if (!hdf5_text(h->group, path, "record_by", h->record_by)) {
        hdf5_text(h->group, h->metadata, "record_by", h->record_by);
    }
}

/* Sends one signal; returns how many spectra that were. */
static int read_signal(hyperspy *h, hid_t data)
{
    hdf5_signal s;
    int energy, taken_as_ev = 0;

    read_texts(h);
    if (!hdf5_begin(&s, data)) {
        hdf5_skip(h->title, "is no array of numbers");
        return 0;
    }
    for (int k = 0; k < s.rank; k++) {
        if (!take_axis(h, &s, k)) {
            hdf5_clear(&s);
            hdf5_skip(h->title, "has an axis that is a function");
            return 0;
        }
    }
    energy = find_energy(h, &s, &taken_as_ev);
    if (energy < 0) {
        hdf5_clear(&s);
        hdf5_skip(h->title, "is an image, or not on energies");
        return 0;
    }
    hdf5_order(&s, energy);
    snprintf(s.name, sizeof s.name, "%s", h->title);
    if (taken_as_ev) {
        snprintf(s.note, sizeof s.note, "-- the energies have no unit in the file and are taken as eV");
    }
    name_kind(h, &s);
    add_noise(h, &s);
    add_numbers(h, &s);
    add_texts(h, &s);
    hdf5_send(&s);
    return 1;
}

static int take_signal(hid_t experiments, const char *name, void *payload)
{
    hyperspy h = {.group = H5Gopen2(experiments, name, H5P_DEFAULT)};
    int *sent = payload;
    hid_t data;

    if (h.group < 0) { return 0; }
    data = hdf5_exists(h.group, "data") ? H5Dopen2(h.group, "data", H5P_DEFAULT) : -1;
    if (data >= 0) {
        *sent += read_signal(&h, data);
        H5Dclose(data);
    }
    H5Gclose(h.group);
    return 0;
}

int hdf5_hyperspy(hid_t file)
{
    hid_t experiments = hdf5_exists(file, "Experiments") ? H5Gopen2(file, "Experiments", H5P_DEFAULT) : -1;
    int sent = 0;

    if (experiments < 0) { return -1; }
    hdf5_each(experiments, take_signal, &sent);
    H5Gclose(experiments);
    return sent;
}
