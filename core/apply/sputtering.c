/* Says of a lower oxidation state after sputtering that it is an upper limit.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/sputtering.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BEGINNING "after sputtering "

/* Reads "Co2+" or "Co2+ in CoO" as an element and a charge; 0 when it is no oxidation state. */
static int read_state(const char *name, char element[3])
{
    size_t n = 0;

    if (!name || !(name[0] >= 'A' && name[0] <= 'Z')) { return 0; }
    element[n++] = name[0];
    if (name[1] >= 'a' && name[1] <= 'z') { element[n++] = name[1]; }
    element[n] = 0;
    if (name[n] >= '1' && name[n] <= '8' && name[n + 1] == '+') { return name[n] - '0'; }
    return 0;
}

/* The column of the lowest state of an element of which a higher one is there, SIZE_MAX when there is none. */
static size_t find_reduced(const clv_columns *columns, size_t *higher)
{
    for (size_t c = 0; c < clv_columns_count(columns); c++) {
        char element[3], other[3];
        int charge = read_state(clv_columns_name(columns, c), element);

        for (size_t d = 0; charge > 0 && d < clv_columns_count(columns); d++) {
            *higher = d;
            if (read_state(clv_columns_name(columns, d), other) > charge && strcmp(element, other) == 0) { return c; }
        }
    }
    return SIZE_MAX;
}

static int is_etched(clv_axis *axis)
{
    int etched = strcmp(clv_axis_name(axis), "etch_time") == 0 || strcmp(clv_axis_name(axis), "depth") == 0;

    for (size_t i = 0; i < clv_axis_size(axis); i++) {
        if (etched && clv_axis_values(axis)[i] > 0) { return 1; }
    }
    return 0;
}

static int was_sputtered(const clv_spectra *spectra)
{
    const clv_metadata *metadata = clv_spectra_metadata(spectra);

    for (size_t i = 0; i + 1 < clv_spectra_axis_count(spectra); i++) {
        if (is_etched(clv_spectra_axis(spectra, i))) { return 1; }
        for (size_t k = 0; k < clv_spectra_beside_count(spectra, i); k++) {
            if (is_etched(clv_spectra_beside(spectra, i, k))) { return 1; }
        }
    }
    return clv_metadata_number(metadata, "etch_time") > 0 || clv_metadata_number(metadata, "depth") > 0;
}

/* ", by Ar+ of 2000 eV, 1e16 ions/cm2", as far as it is known. */
static void write_beam(const clv_metadata *metadata, char *text, size_t size)
{
    const char *ion = clv_metadata_text(metadata, "sputter_ion");
    const char *unit = clv_metadata_unit(metadata, "sputter_fluence");
    double energy = clv_metadata_number(metadata, "sputter_energy");
    double fluence = clv_metadata_number(metadata, "sputter_fluence");
    size_t used = 0;

    text[0] = 0;
    if (!ion && !isfinite(energy) && !isfinite(fluence)) { return; }
    used = (size_t)snprintf(text, size, " (%.60s", ion ? ion : "ions");
    if (isfinite(energy) && used < size) { used += (size_t)snprintf(text + used, size - used, ", %g eV", energy); }
    if (isfinite(fluence) && used < size) {
        used += (size_t)snprintf(text + used, size - used, ", %g %.20s", fluence, unit ? unit : "");
    }
    if (used < size) { snprintf(text + used, size - used, ")"); }
}

clv_status sputtering_add_note(const clv_spectra *spectra, clv_columns *columns, clv_error *err)
{
    char beam[160], note[500];
    size_t higher = 0, reduced = find_reduced(columns, &higher);

    if (reduced == SIZE_MAX || !was_sputtered(spectra)) { return CLV_OK; }
    write_beam(clv_spectra_metadata(spectra), beam, sizeof beam);
    snprintf(note, sizeof note,
             BEGINNING "the fraction of %.60s is an upper limit: the ion beam%s itself reduces %.60s; "
                       "difference to a control that was sputtered alike takes that out",
             clv_columns_name(columns, reduced), beam, clv_columns_name(columns, higher));
    return clv_columns_add_note(columns, note, err);
}

int sputtering_is_note(const char *note) { return strncmp(note, BEGINNING, strlen(BEGINNING)) == 0; }
