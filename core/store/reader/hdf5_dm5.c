/* Reads DigitalMicrograph's HDF5 files (DM5): the tags of DM4 as groups and attributes, arrays as datasets.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5.h"

#include <stdio.h>
#include <string.h>

#define IMAGES_MAX 10000

typedef struct dm5_image {
    hid_t group; /* ImageList/[i] */
    char name[HDF5_TEXT], signal[HDF5_TEXT], format[HDF5_TEXT];
} dm5_image;

/* Calibrations count dimensions from the fastest, arrays from the slowest. */
static void take_dimension(const dm5_image *image, hdf5_signal *s, int k)
{
    hdf5_axis *axis = &s->axis[s->rank - 1 - k];
    char path[64];
    double origin, scale;

    snprintf(path, sizeof path, "ImageData/Calibrations/Dimension/[%d]", k);
    origin = hdf5_number(image->group, path, "Origin");
    scale = hdf5_number(image->group, path, "Scale");
    axis->scale = isfinite(scale) && scale != 0 ? scale : 1;
    axis->offset = isfinite(origin) ? -origin * axis->scale : 0;
    hdf5_text(image->group, path, "Units", axis->unit);
}

/* The dimension in eV; else, of what calls itself a spectrum, the slowest, or the fastest where there is one line. */
static int find_energy(const dm5_image *image, const hdf5_signal *s)
{
    int is_spectrum = strncmp(image->format, "Spectrum", 8) == 0;

    for (int k = 0; k < s->rank; k++) {
        if (!isnan(hdf5_electronvolts(s->axis[k].unit))) { return k; }
    }
    if (!is_spectrum) { return -1; }
    return s->rank == 2 && s->axis[0].size == 1 ? 1 : 0;
}

static void add_facts(const dm5_image *image, hdf5_signal *s)
{
    static const struct {
        const char *group, *key, *name, *unit;
        double factor;
    } numbers[] = {
        {"Microscope Info", "Voltage", "beam_energy", "keV", 0.001},
        {"Microscope Info", "Indicated Magnification", "magnification", "1", 1},
        {"EELS/Experimental Conditions", "Collection semi-angle (mrad)", "collection_angle", "mrad", 1},
        {"EELS/Experimental Conditions", "Convergence semi-angle (mrad)", "convergence_angle", "mrad", 1},
        {"EELS/Experimental Conditions", "Dispersion (eV/ch)", "dispersion", "eV", 1},
        {"EELS", "Collection semi-angle (mrad)", "collection_angle", "mrad", 1},
        {"EELS", "Convergence semi-angle (mrad)", "convergence_angle", "mrad", 1},
        {"EELS/Acquisition", "Exposure (s)", "dwell", "s", 1},
        {"EELS", "Exposure (s)", "dwell", "s", 1},
        {"EELS/Acquisition", "Number of frames", "scans", "1", 1},
    };
    char path[HDF5_TEXT];

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        snprintf(path, sizeof path, "ImageTags/%s", numbers[i].group);
        hdf5_add_number(s, numbers[i].name, hdf5_number(image->group, path, numbers[i].key) * numbers[i].factor,
                        numbers[i].unit);
    }
    hdf5_add_text(s, "signal_type", image->signal);
}

static void add_gain(const dm5_image *image, hdf5_signal *s)
{
    double scale = hdf5_number(image->group, "ImageData/Calibrations/Brightness", "Scale");
    char unit[HDF5_TEXT];

    hdf5_text(image->group, "ImageData/Calibrations/Brightness", "Units", unit);
    if (scale > 0 && scale != 1 && strcmp(unit, "e-") == 0) {
        hdf5_add_number(s, "gain", 1 / scale, "counts per electron");
    }
}

static int read_data(dm5_image *image, hid_t data)
{
    hdf5_signal s;
    int energy;

    hdf5_text(image->group, ".", "Name", image->name);
    hdf5_text(image->group, "ImageTags/Meta Data", "Signal", image->signal);
    hdf5_text(image->group, "ImageTags/Meta Data", "Format", image->format);
    if (!hdf5_begin(&s, data)) {
        hdf5_skip(image->name, "is no array of numbers");
        return 0;
    }
    for (int k = 0; k < s.rank; k++) { take_dimension(image, &s, k); }
    energy = find_energy(image, &s);
    if (energy < 0 || strncmp(image->signal, "EDS", 3) == 0 || strncmp(image->signal, "X-ray", 5) == 0) {
        hdf5_skip(image->name, energy < 0 ? "is an image: no dimension is in eV" : "is EDS");
        return 0;
    }
    hdf5_order(&s, energy);
    s.drop_single = 1;
    snprintf(s.name, sizeof s.name, "%s", image->name);
    if (isnan(hdf5_electronvolts(s.axis[energy].unit))) {
        snprintf(s.note, sizeof s.note, "-- the energies have the unit \"%.100s\" in the file and are taken as eV",
                 s.axis[energy].unit);
    }
    add_facts(image, &s);
    add_gain(image, &s);
    hdf5_send(&s);
    return 1;
}

static int is_thumbnail(hid_t file, int place)
{
    char path[64];

    for (int i = 0; i < IMAGES_MAX; i++) {
        double index;

        snprintf(path, sizeof path, "Thumbnails/[%d]", i);
        index = hdf5_number(file, path, "ImageIndex");
        if (isnan(index)) { return 0; }
        if (index == place) { return 1; }
    }
    return 0;
}

int hdf5_dm5(hid_t file)
{
    int sent = 0;

    if (!hdf5_exists(file, "ImageList") || !hdf5_exists(file, "ImageList/[0]")) { return -1; }
    for (int i = 0; i < IMAGES_MAX; i++) {
        char path[64];
        dm5_image image = {0};
        hid_t data;

        snprintf(path, sizeof path, "ImageList/[%d]", i);
        if (!hdf5_exists(file, path)) { break; }
        if (is_thumbnail(file, i)) { continue; }
        image.group = H5Gopen2(file, path, H5P_DEFAULT);
        if (image.group < 0) { continue; }
        data = hdf5_exists(image.group, "ImageData/Data") ? H5Dopen2(image.group, "ImageData/Data", H5P_DEFAULT) : -1;
        if (data >= 0) {
            sent += read_data(&image, data);
            H5Dclose(data);
        }
        H5Gclose(image.group);
    }
    return sent;
}
