/* A reader of "strip" files, a tiny format made up for this example: a heading of `key: value` lines, then counts.
   SPDX-License-Identifier: GPL-3.0-or-later

   STRIP 1
   sample: tin plate
   region: Sn 3d
   first: 480.0          binding energy of the first channel, eV
   step: 0.1             eV, positive
   dwell: 0.25           s per channel
   channels: 201
   and then one line of counts for each channel */
#include "example.h"

#include <stdlib.h>
#include <string.h>

#define MOST_CHANNELS 1000000

typedef struct heading {
    char sample[80], region[80];
    double first, step, dwell;
    long channels;
} heading;

static int probe(const clv_head *head) { return clv_head_starts(head, "STRIP 1") ? 95 : 0; }

/* The value of a `key: value` line; every line of a heading stands at its place. */
static clv_status read_value(clv_cursor *in, const char *key, const char **value, clv_error *err)
{
    size_t length = strlen(key);
    clv_status status = clv_cursor_text(in, value, err);

    if (status == CLV_NOT_FOUND) { return clv_cursor_fail(in, err, "the file ends where \"%s:\" should stand", key); }
    CLV_TRY(status);
    if (strncmp(*value, key, length) != 0 || (*value)[length] != ':') {
        return clv_cursor_fail(in, err, "\"%s\" stands where \"%s:\" should", *value, key);
    }
    *value += length + 1;
    *value += strspn(*value, " ");
    return CLV_OK;
}

static clv_status read_text(clv_cursor *in, const char *key, char *text, size_t size, clv_error *err)
{
    const char *value = NULL;

    CLV_TRY(read_value(in, key, &value, err));
    if (strlen(value) >= size) { return clv_cursor_fail(in, err, "%s: over %zu bytes", key, size - 1); }
    strcpy(text, value);
    return CLV_OK;
}

static clv_status read_number(clv_cursor *in, const char *key, double low, double high, double *number, clv_error *err)
{
    const char *value = NULL;

    CLV_TRY(read_value(in, key, &value, err));
    if (clv_text_number(value, strlen(value), number, NULL) || !(*number >= low && *number <= high)) {
        return clv_cursor_fail(in, err, "%s: \"%s\" is no number from %g to %g", key, value, low, high);
    }
    return CLV_OK;
}

static clv_status read_heading(clv_cursor *in, heading *h, clv_error *err)
{
    const char *line = NULL;
    double channels = 0;

    CLV_TRY(clv_cursor_text(in, &line, err));
    CLV_TRY(read_text(in, "sample", h->sample, sizeof h->sample, err));
    CLV_TRY(read_text(in, "region", h->region, sizeof h->region, err));
    CLV_TRY(read_number(in, "first", 0, 1e5, &h->first, err));
    CLV_TRY(read_number(in, "step", 1e-6, 1e3, &h->step, err));
    CLV_TRY(read_number(in, "dwell", 1e-9, 1e6, &h->dwell, err));
    CLV_TRY(read_number(in, "channels", 2, MOST_CHANNELS, &channels, err));
    h->channels = (long)channels;
    return CLV_OK;
}

/* The energy axis. */
static clv_status make_axis(const heading *h, clv_axis **axis, clv_error *err)
{
    double *energies = malloc((size_t)h->channels * sizeof *energies);
    clv_status status;

    CLV_CHECK(energies, err, CLV_NO_MEMORY, "no memory for %ld energies", h->channels);
    for (long i = 0; i < h->channels; i++) { energies[i] = h->first + (double)i * h->step; }
    status = clv_axis_new("binding_energy", "eV", energies, (size_t)h->channels, axis, err);
    free(energies);
    return status;
}

/* Fills spectra that the caller frees when this fails. */
static clv_status fill(clv_cursor *in, const heading *h, clv_spectra *spectra, clv_error *err)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra);
    double *counts = clv_spectra_fill(spectra);

    CLV_TRY(clv_metadata_set_text(metadata, "sample", h->sample, err));
    CLV_TRY(clv_metadata_set_text(metadata, "region", h->region, err));
    CLV_TRY(clv_metadata_set_text(metadata, "technique", "XPS", err));
    CLV_TRY(clv_metadata_set_number(metadata, "dwell", h->dwell, "s", err));
    for (long i = 0; i < h->channels; i++) { CLV_TRY(clv_cursor_number(in, "counts", &counts[i], err)); }
    clv_spectra_set_noise(spectra, CLV_NOISE_POISSON, 1, 0);
    return CLV_OK;
}

static clv_status read_strip(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    heading h = {0};
    clv_axis *axis = NULL;
    clv_spectra *spectra = NULL;
    clv_status status;

    (void)options;
    CLV_TRY(read_heading(in, &h, err));
    if (clv_cursor_left(in) < (size_t)h.channels) {
        return clv_cursor_fail(in, err, "%ld channels are told, only %zu bytes follow", h.channels,
                               clv_cursor_left(in));
    }
    CLV_TRY(make_axis(&h, &axis, err));
    status = clv_spectra_new(h.region, "counts", &axis, 1, &spectra, err);
    clv_axis_free(axis);
    CLV_TRY(status);
    status = fill(in, &h, spectra, err);
    if (status) {
        clv_spectra_free(spectra);
        return status;
    }
    return clv_record_add_block(out, spectra, NULL, NULL, NULL, 0, err);
}

const clv_format example_strip = {.size = sizeof(clv_format),
                                  .name = "strip",
                                  .title = "Strip, the format of the example plugin",
                                  .suffixes = "strip",
                                  .source = "the comment at the top of strip.c",
                                  .probe = probe,
                                  .read = read_strip};
