/* Reads the EELS spectrum images of Thermo Fisher Velox files (EMD). SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/json_find.h>

enum { X, ENERGY, Y, RANK }; /* the order of the file's array */

/* A number, which Velox writes as a text, too ("300000"); NaN: there is none. */
static double json_number(const char *json, const char *path)
{
    const char *at = clv_json_find(json, path);
    char *end;
    double number;

    if (!at) { return NAN; }
    at += *at == '"';
    number = strtod(at, &end);
    return end > at ? number : NAN;
}

/* The scanned part of the field of view, in nm from its centre. */
static void set_scan(hdf5_signal *s, const char *about, int k, const char *side, const char *width, const char *name)
{
    char path[64];
    double field, first, size;

    snprintf(path, sizeof path, "Optics.FullScanFieldOfView.%s", name);
    field = json_number(about, path);
    snprintf(path, sizeof path, "Scan.ScanArea.%s", side);
    first = json_number(about, path);
    snprintf(path, sizeof path, "Scan.ScanSize.%s", width);
    size = json_number(about, path);
    snprintf(s->axis[k].name, HDF5_TEXT, "%s", name);
    if (!(field > 0) || !(size >= 1)) { return; }
    s->axis[k].scale = field / size * 1e9;
    s->axis[k].offset = isfinite(first) ? (first - 0.5) * field * 1e9 : 0;
    snprintf(s->axis[k].unit, HDF5_TEXT, "nm");
}

/* `acquired` is what the spectrometer says, `about` what the microscope does. Angles are in rad, voltages in V. */
static void add_facts(hdf5_signal *s, const char *acquired, const char *about)
{
    double scale = json_number(acquired, "Data.intensityScale"), offset = json_number(acquired, "Data.intensityOffset");
    char text[HDF5_TEXT];

    hdf5_add_number(s, "dwell", json_number(acquired, "Data.exposureTime"), "s");
    hdf5_add_number(s, "dispersion", json_number(acquired, "Data.dispersion"), "eV");
    hdf5_add_number(s, "scans", json_number(acquired, "Data.detectorFramesAveraged"), "1");
    if (scale > 0) {
        hdf5_add_number(s, "gain", 1 / scale, "counts per electron");
        hdf5_add_number(s, "dark_level", -offset / scale, "counts");
    }
    hdf5_add_number(s, "beam_energy", json_number(about, "Optics.AccelerationVoltage") / 1000, "keV");
    hdf5_add_number(s, "convergence_angle", json_number(about, "Optics.BeamConvergence") * 1000, "mrad");
    hdf5_add_number(s, "camera_length", json_number(about, "Optics.CameraLength") * 1000, "mm");
    if (clv_json_find_text(about, "Instrument.InstrumentClass", text, sizeof text)) {
        hdf5_add_text(s, "instrument", text);
    }
    if (clv_json_find_text(about, "Instrument.InstrumentModel", text, sizeof text)) {
        hdf5_add_text(s, "instrument_model", text);
    }
    hdf5_add_text(s, "signal_type", "EELS");
}

/* The raw numbers stand on a dark level, so they are no counts yet. */
static int read_image(hid_t group, hid_t data, const char *acquired, const char *about)
{
    hdf5_signal s;
    double dispersion = acquired ? json_number(acquired, "Data.dispersion") : NAN;
    double first = acquired ? json_number(acquired, "Data.offset") : NAN;

    (void)group;
    if (!hdf5_begin(&s, data) || s.rank != RANK) {
        hdf5_skip("EELS", "is no array of three dimensions");
        return 0;
    }
    if (!(dispersion != 0) || !isfinite(dispersion) || !isfinite(first)) {
        hdf5_skip("EELS", "does not tell its dispersion and first energy");
        return 0;
    }
    s.energy = ENERGY;
    memcpy(s.order, (const int[RANK]){Y, X, ENERGY}, sizeof(int[RANK]));
    s.axis[ENERGY].offset = first;
    s.axis[ENERGY].scale = dispersion;
    set_scan(&s, about, X, "left", "width", "x");
    set_scan(&s, about, Y, "top", "height", "y");
    snprintf(s.name, sizeof s.name, "EELS");
    if (json_number(acquired, "Data.intensityOffset") != 0) {
        s.noise = "unknown";
        snprintf(s.note, sizeof s.note,
                 "-- the numbers are raw: electrons = intensity * %.17g + %.17g as the detector says",
                 json_number(acquired, "Data.intensityScale"), json_number(acquired, "Data.intensityOffset"));
    }
    add_facts(&s, acquired, about ? about : "");
    hdf5_send(&s);
    return 1;
}

static int take_image(hid_t images, const char *name, void *payload)
{
    hid_t group = H5Gopen2(images, name, H5P_DEFAULT), data;
    char *acquired, *about;
    int *sent = payload;

    if (group < 0) { return 0; }
    acquired = hdf5_dataset_text(group, "AcquisitionMetadata");
    about = hdf5_dataset_text(group, "Metadata");
    data = hdf5_exists(group, "Data") ? H5Dopen2(group, "Data", H5P_DEFAULT) : -1;
    if (data >= 0) {
        *sent += read_image(group, data, acquired, about);
        H5Dclose(data);
    }
    free(acquired);
    free(about);
    H5Gclose(group);
    return 0;
}

int hdf5_velox(hid_t file)
{
    hid_t images;
    int sent = 0;

    if (!hdf5_exists(file, "Application/Velox") && !hdf5_exists(file, "Data/EelsSpectrumImage")) { return -1; }
    images = hdf5_exists(file, "Data/EelsSpectrumImage") ? H5Gopen2(file, "Data/EelsSpectrumImage", H5P_DEFAULT) : -1;
    if (images < 0) {
        hdf5_skip("its data", "are images or EDS, without an EELS spectrum image");
        return 0;
    }
    hdf5_each(images, take_image, &sent);
    H5Gclose(images);
    return sent;
}
