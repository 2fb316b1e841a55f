/* The entries that Scienta's SES writes beside its spectra, in text files and in the notes of Igor waves.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "scienta.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

static const rows_key keys[] = {
    {"Region Name", "region", NULL},
    {"Lens Mode", "lens_mode", NULL},
    {"Pass Energy", "pass_energy", "eV"},
    {"Number of Sweeps", "scans", "1"},
    {"Excitation Energy", "photon_energy", "eV"},
    {"Energy Scale", "energy_scale", NULL},
    {"Acquisition Mode", "acquisition_mode", NULL},
    {"Center Energy", "centre_energy", "eV"},
    {"Low Energy", "low_energy", "eV"},
    {"High Energy", "high_energy", "eV"},
    {"Energy Step", "energy_step", "eV"},
    {"Step Time", "step_time", "ms"},
    {"Spectrum Name", "spectrum_name", NULL},
    {"Instrument", "instrument", NULL},
    {"Location", "institution", NULL},
    {"User", "operator", NULL},
    {"Sample", "sample", NULL},
    {"Comments", "comment", NULL},
    {"Time per Spectrum Channel", "acquisition_time", "s"},
    {"DetectorMode", "detector_mode", NULL},
    {NULL, NULL, NULL},
};

clv_status scienta_keep(clv_metadata *metadata, const char *line, clv_error *err)
{
    const char *equals = strchr(line, '=');
    char key[ROWS_LABEL], value[400];

    if (!equals) { return CLV_OK; }
    rows_trim(line, (size_t)(equals - line), key, sizeof key);
    rows_trim(equals + 1, strlen(equals + 1), value, sizeof value);
    if (strcmp(key, "File") == 0 || strcmp(key, "Sequence") == 0 || strcmp(value, ";") == 0) { return CLV_OK; }
    return rows_keep(metadata, keys, key, value, err);
}

clv_status scienta_finish(clv_metadata *metadata, clv_error *err)
{
    const char *date = clv_metadata_text(metadata, "date"), *time = clv_metadata_text(metadata, "time");
    double all = clv_metadata_number(metadata, "acquisition_time"), scans = clv_metadata_number(metadata, "scans");
    char started[80];

    if (date && time) {
        snprintf(started, sizeof started, "%.30sT%.30s", date, time);
        CLV_TRY(clv_metadata_set_text(metadata, "started", started, err));
    }
    if (!(all > 0 && scans > 0)) { return CLV_OK; }
    return clv_metadata_set_number(metadata, "dwell", all / scans, "s", err);
}

int scienta_is_energy(const char *label, const clv_metadata *metadata, rows_signal *what)
{
    const char *scale = clv_metadata_text(metadata, "energy_scale");
    int binding = strcasestr(label, "binding") != NULL, kinetic = strcasestr(label, "kinetic") != NULL;

    if (!binding && !kinetic && !strcasestr(label, "energy") && !strcasestr(label, "eV")) { return 0; }
    if (!binding && !kinetic && scale) { binding = strcasestr(scale, "binding") != NULL; }
    rows_name_axis(binding, clv_metadata_number(metadata, "photon_energy"), what);
    return 1;
}

void scienta_name_axis(const char *label, char name[ROWS_LABEL], char unit[ROWS_LABEL], double *factor)
{
    rows_split_label(label, name, unit);
    if (*label && !strchr(label, '[') && strlen(label) <= 4) {
        snprintf(unit, ROWS_LABEL, "%s", label);
    } /* a unit alone */
    *factor = 1;
    if (strncmp(unit, "deg", 3) == 0) {
        snprintf(name, ROWS_LABEL, "angle");
        snprintf(unit, ROWS_LABEL, "degree");
    } else if (strcmp(unit, "mm") == 0) {
        snprintf(name, ROWS_LABEL, "y");
        snprintf(unit, ROWS_LABEL, "nm");
        *factor = 1e6;
    } else if (!*name || clv_axis_is_energy(name)) {
        snprintf(name, ROWS_LABEL, "place");
    }
}
