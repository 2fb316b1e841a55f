/* The parameters of VAMAS blocks that are kept as they stand, and where in a file each of them stands.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "vamas.h"

#include <string.h>

const char vamas_identifier[] = "VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4";

const vamas_parameter vamas_parameters[] = {
    {12, VAMAS_ALWAYS, "anode", NULL},
    {13, VAMAS_SPUTTERING_MODE, "sputter_atomic_number", "1"},
    {13, VAMAS_SPUTTERING_MODE, "sputter_atoms", "1"},
    {13, VAMAS_SPUTTERING_MODE, "sputter_charge", "1"},
    {14, VAMAS_ALWAYS, "photon_energy", "eV"},
    {15, VAMAS_ALWAYS, "source_power", "W"},
    {16, VAMAS_ALWAYS, "source_width_x", "um"},
    {16, VAMAS_ALWAYS, "source_width_y", "um"},
    {17, VAMAS_FIELD_OF_VIEW, "field_of_view_x", "um"},
    {17, VAMAS_FIELD_OF_VIEW, "field_of_view_y", "um"},
    {18, VAMAS_LINE_SCAN, "first_line_start_x", "1"},
    {18, VAMAS_LINE_SCAN, "first_line_start_y", "1"},
    {18, VAMAS_LINE_SCAN, "first_line_end_x", "1"},
    {18, VAMAS_LINE_SCAN, "first_line_end_y", "1"},
    {18, VAMAS_LINE_SCAN, "last_line_end_x", "1"},
    {18, VAMAS_LINE_SCAN, "last_line_end_y", "1"},
    {19, VAMAS_ALWAYS, "source_polar_angle", "degree"},
    {20, VAMAS_ALWAYS, "source_azimuth", "degree"},
    {21, VAMAS_ALWAYS, "analyser_mode", NULL},
    {22, VAMAS_ALWAYS, "pass_energy", "eV"},
    {23, VAMAS_DIFFERENTIAL, "differential_width", "eV"},
    {24, VAMAS_ALWAYS, "magnification", "1"},
    {25, VAMAS_ALWAYS, "work_function", "eV"},
    {26, VAMAS_ALWAYS, "target_bias", "V"},
    {27, VAMAS_ALWAYS, "analysis_width_x", "um"},
    {27, VAMAS_ALWAYS, "analysis_width_y", "um"},
    {28, VAMAS_ALWAYS, "take_off_polar_angle", "degree"},
    {28, VAMAS_ALWAYS, "take_off_azimuth", "degree"},
    {33, VAMAS_ALWAYS, "signal_mode", NULL},
    {34, VAMAS_ALWAYS, "dwell", "s"},
    {35, VAMAS_ALWAYS, "scans", "1"},
    {36, VAMAS_ALWAYS, "time_correction", "s"},
    {37, VAMAS_SPUTTERED, "sputter_energy", "eV"},
    {37, VAMAS_SPUTTERED, "sputter_current", "nA"},
    {37, VAMAS_SPUTTERED, "sputter_width_x", "um"},
    {37, VAMAS_SPUTTERED, "sputter_width_y", "um"},
    {37, VAMAS_SPUTTERED, "sputter_polar_angle", "degree"},
    {37, VAMAS_SPUTTERED, "sputter_azimuth", "degree"},
    {37, VAMAS_SPUTTERED, "sputter_mode", NULL},
    {38, VAMAS_ALWAYS, "tilt_polar_angle", "degree"},
    {38, VAMAS_ALWAYS, "tilt_azimuth", "degree"},
    {39, VAMAS_ALWAYS, "rotation", "degree"},
    {0, VAMAS_ALWAYS, NULL, NULL},
};

int vamas_among(const char *word, const char *words)
{
    size_t length = strlen(word);
    const char *found = length > 0 ? strstr(words, word) : NULL;

    while (found && (found == words || found[-1] != '|' || found[length] != '|')) { found = strstr(found + 1, word); }
    return found != NULL;
}

int vamas_holds(const vamas_parameter *parameter, const char *mode, const char *technique)
{
    int profile = vamas_among(mode, "|MAPDP|MAPSVDP|SDP|SDPSV|");

    switch (parameter->condition) {
    case VAMAS_ALWAYS: return 1;
    case VAMAS_SPUTTERING_MODE:
        return profile ||
               vamas_among(technique, "|FABMS|FABMS energy spec|ISS|SIMS|SIMS energy spec|SNMS|SNMS energy spec|");
    case VAMAS_FIELD_OF_VIEW: return vamas_among(mode, "|MAP|MAPDP|MAPSV|MAPSVDP|SEM|");
    case VAMAS_LINE_SCAN: return vamas_among(mode, "|MAPSV|MAPSVDP|SEM|");
    case VAMAS_DIFFERENTIAL: return vamas_among(technique, "|AES diff|");
    case VAMAS_SPUTTERED: return profile && vamas_among(technique, "|AES diff|AES dir|EDX|ELS|UPS|XPS|XRF|");
    }
    return 0;
}
