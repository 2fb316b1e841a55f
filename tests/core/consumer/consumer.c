/* A program of somebody else: tells the version, loads a file, smooths a region, prints what it has.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/corelevel.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

static clv_status look(const char *path, clv_error *err)
{
    clv_record *record = NULL;
    clv_spectra *region = NULL;
    clv_value *spectra = NULL, *smoothed = NULL;
    clv_status status = clv_load(path, NULL, &record, err);

    if (!status) { status = clv_record_find(record, "Co 2p", NAN, &region, err); }
    if (!status) {
        spectra = clv_value_object(CLV_SPECTRA, clv_spectra_ref(region));
        status = clv_apply_text("smooth", spectra, "channels = 9", &smoothed, err);
    }
    if (!status) {
        const clv_spectra *made = clv_value_as_object(smoothed, CLV_SPECTRA);
        printf("%zu spectra of %zu channels\n", clv_spectra_count(made), clv_spectra_channels(made));
    }
    clv_value_free(smoothed);
    clv_value_free(spectra);
    clv_record_free(record);
    return status;
}

int main(int count, char **arguments)
{
    clv_error err = {0};

    if (count != 2) { return 2; }
    if (strcmp(clv_version(), CLV_VERSION_STRING) != 0) {
        fprintf(stderr, "built with %s, runs with %s\n", CLV_VERSION_STRING, clv_version());
        return 1;
    }
    if (look(arguments[1], &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    return 0;
}
