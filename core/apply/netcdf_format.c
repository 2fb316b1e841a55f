/* The formats "netcdf" (reads corelevel's own files and others with an energy axis, writes corelevel's) and "hdf5"
   (reads the layouts of electron microscopes). SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/netcdf_format.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/spectra_file.h"
#include "store/stream.h"
#include "store/worker.h"

/* Spectra that are being put together from the items of the reading process, none of which is believed. */
typedef struct making {
    clv_record *record;
    const char *file;
    char *name, *unit;
    size_t axis_count;
    struct making_axis {
        char *name, *unit;
        clv_axis *axis;
        size_t on;  /* the axis it belongs to */
        int beside; /* it stands beside that one */
    } axes[64];
    clv_spectra *spectra; /* made when the intensity comes */
    char *entry;          /* name of the metadata that come next */
    double number;        /* the last metadata's, for its unit */
    double *offset;       /* waits for its errors */
} making;

static void clear(making *m)
{
    for (size_t i = 0; i < m->axis_count; i++) {
        free(m->axes[i].name);
        free(m->axes[i].unit);
        clv_axis_free(m->axes[i].axis);
    }
    free(m->name);
    free(m->unit);
    free(m->entry);
    free(m->offset);
    clv_spectra_free(m->spectra);
    *m = (making){.record = m->record, .file = m->file};
}

static clv_status odd(const making *m, clv_error *err)
{
    return clv_fail(err, CLV_BAD_FILE, "%s: its reader tells what makes no sense; the file is damaged", m->file);
}

static clv_status keep(char **place, const char *text, clv_error *err)
{
    char *copy = strdup(text);

    CLV_CHECK(copy, err, CLV_NO_MEMORY, "no memory for a text");
    free(*place);
    *place = copy;
    return CLV_OK;
}

/* ---- Axes and signal */

static clv_status add_axis(making *m, const char *name, int beside, clv_error *err)
{
    struct making_axis *axis;

    if (!m->name || m->spectra || m->axis_count == sizeof m->axes / sizeof *m->axes || (beside && m->axis_count == 0)) {
        return odd(m, err);
    }
    axis = &m->axes[m->axis_count];
    axis->beside = beside;
    axis->on = m->axis_count == 0 ? 0 : m->axes[m->axis_count - 1].on + !beside;
    m->axis_count++;
    return keep(&axis->name, name, err);
}

static clv_status set_unit(making *m, const char *unit, clv_error *err)
{
    if (m->entry && m->spectra) {
        return clv_metadata_set_number(clv_spectra_metadata_fill(m->spectra), m->entry, m->number, unit, err);
    }
    if (!m->name || m->spectra) { return odd(m, err); }
    return keep(m->axis_count ? &m->axes[m->axis_count - 1].unit : &m->unit, unit, err);
}

static clv_status set_values(making *m, const double *values, size_t count, clv_error *err)
{
    struct making_axis *axis = m->axis_count ? &m->axes[m->axis_count - 1] : NULL;

    if (!axis || axis->axis || !axis->unit || count == 0) { return odd(m, err); }
    if (clv_axis_new(axis->name, axis->unit, values, count, &axis->axis, err)) {
        return clv_error_at(err, "the axis %.80s", axis->name);
    }
    return CLV_OK;
}

static clv_status add_besides(making *m, clv_error *err)
{
    for (size_t i = 0; i < m->axis_count; i++) {
        if (m->axes[i].beside) { CLV_TRY(clv_spectra_add_beside(m->spectra, m->axes[i].on, m->axes[i].axis, err)); }
    }
    return CLV_OK;
}

static clv_status set_intensity(making *m, const double *values, size_t count, clv_error *err)
{
    clv_axis *axes[CLV_SPECTRA_MAX_AXES];
    size_t n = 0;

    if (!m->name || m->spectra || !m->unit) { return odd(m, err); }
    for (size_t i = 0; i < m->axis_count; i++) {
        if (!m->axes[i].axis || (!m->axes[i].beside && n == CLV_SPECTRA_MAX_AXES)) { return odd(m, err); }
        if (!m->axes[i].beside) { axes[n++] = m->axes[i].axis; }
    }
    if (n == 0) { return odd(m, err); }
    CLV_TRY(clv_spectra_new(m->name, m->unit, axes, n, &m->spectra, err));
    if (clv_spectra_count(m->spectra) * clv_spectra_channels(m->spectra) != count) { return odd(m, err); }
    memcpy(clv_spectra_fill(m->spectra), values, count * sizeof *values);
    return add_besides(m, err);
}

/* ---- What belongs to the signal */

static clv_status set_variance(making *m, const double *values, size_t count, clv_error *err)
{
    double *variance;

    if (clv_spectra_count(m->spectra) * clv_spectra_channels(m->spectra) != count) { return odd(m, err); }
    CLV_TRY(clv_spectra_make_variance(m->spectra, &variance, err));
    memcpy(variance, values, count * sizeof *values);
    return CLV_OK;
}

static clv_status set_offset(making *m, const double *values, size_t count, int errors, clv_error *err)
{
    if (clv_spectra_count(m->spectra) != count) { return odd(m, err); }
    for (size_t i = 0; i < count; i++) {
        CLV_CHECK(isfinite(values[i]) || errors, err, CLV_BAD_FILE, "%s: energy_offset of spectrum %zu is not finite",
                  m->file, i + 1);
    }
    if (errors) { return m->offset ? clv_spectra_set_offset(m->spectra, m->offset, values, err) : odd(m, err); }
    free(m->offset);
    m->offset = malloc((count + 1) * sizeof *m->offset);
    CLV_CHECK(m->offset, err, CLV_NO_MEMORY, "no memory for offsets");
    memcpy(m->offset, values, count * sizeof *values);
    return clv_spectra_set_offset(m->spectra, values, NULL, err);
}

static clv_status set_noise(making *m, const char *name)
{
    if (strcmp(name, "variance") == 0) { return CLV_OK; } /* follows from there being one */
    clv_spectra_set_noise(m->spectra, strcmp(name, "poisson") == 0 ? CLV_NOISE_POISSON : CLV_NOISE_UNKNOWN, 1, 0);
    return CLV_OK;
}

static clv_status set_numbers(making *m, uint32_t tag, const double *numbers, size_t count, clv_error *err)
{
    if (count != 2) { return odd(m, err); }
    if (tag == CLV_STREAM_WINDOW) {
        if (numbers[0] < numbers[1]) { clv_spectra_set_window(m->spectra, numbers[0], numbers[1]); }
        return CLV_OK;
    }
    if (numbers[0] > 0 && isfinite(numbers[0]) && numbers[1] >= 0 && isfinite(numbers[1])) {
        clv_spectra_set_noise(m->spectra, clv_spectra_noise(m->spectra), numbers[0], numbers[1]);
    }
    return CLV_OK;
}

static clv_status set_metadata(making *m, uint32_t tag, const char *text, const double *number, size_t count,
                               clv_error *err)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(m->spectra);

    if (tag == CLV_STREAM_METADATA) { return keep(&m->entry, text, err); }
    if (!m->entry) { return odd(m, err); }
    if (tag == CLV_STREAM_TEXT) { return clv_metadata_set_text(metadata, m->entry, text, err); }
    if (count != 1) { return odd(m, err); }
    m->number = *number;
    return clv_metadata_set_number(metadata, m->entry, m->number, "1", err);
}

static clv_status finish(making *m, clv_error *err)
{
    clv_status status = clv_record_add(m->record, m->spectra, err);

    m->spectra = NULL;
    clear(m);
    return status;
}

static clv_status take_signal(making *m, uint32_t tag, const void *bytes, size_t count, clv_error *err)
{
    size_t numbers = count / sizeof(double);

    if (!m->spectra) { return odd(m, err); }
    switch (tag) {
    case CLV_STREAM_VARIANCE: return set_variance(m, bytes, numbers, err);
    case CLV_STREAM_OFFSET: return set_offset(m, bytes, numbers, 0, err);
    case CLV_STREAM_OFFSET_ERROR: return set_offset(m, bytes, numbers, 1, err);
    case CLV_STREAM_NOISE: return set_noise(m, bytes);
    case CLV_STREAM_NOISE_NUMBERS:
    case CLV_STREAM_WINDOW: return set_numbers(m, tag, bytes, numbers, err);
    case CLV_STREAM_METADATA:
    case CLV_STREAM_TEXT:
    case CLV_STREAM_NUMBER: return set_metadata(m, tag, bytes, bytes, numbers, err);
    case CLV_STREAM_HISTORY: return clv_spectra_add_history(m->spectra, bytes, err);
    case CLV_STREAM_DONE: return finish(m, err);
    default: return odd(m, err);
    }
}

static clv_status take(void *payload, uint32_t tag, const void *bytes, size_t count, clv_error *err)
{
    making *m = payload;

    switch (tag) {
    case CLV_STREAM_SPECTRA: return m->name ? odd(m, err) : keep(&m->name, bytes, err);
    case CLV_STREAM_UNIT: return set_unit(m, bytes, err);
    case CLV_STREAM_AXIS: return add_axis(m, bytes, 0, err);
    case CLV_STREAM_BESIDE: return add_axis(m, bytes, 1, err);
    case CLV_STREAM_VALUES: return set_values(m, bytes, count / sizeof(double), err);
    case CLV_STREAM_INTENSITY: return set_intensity(m, bytes, count / sizeof(double), err);
    default: return take_signal(m, tag, bytes, count, err);
    }
}

/* ---- The format */

static int probe(const clv_head *head)
{
    static const char hdf5[] = "\x89HDF\r\n\x1a\n";

    if (head->count >= 8 && memcmp(head->bytes, hdf5, 8) == 0) { return clv_head_suffix(head, "nc nc4 cdf") ? 90 : 40; }
    if (head->count >= 4 && memcmp(head->bytes, "CDF", 3) == 0) {
        return head->bytes[3] == 1 || head->bytes[3] == 2 || head->bytes[3] == 5 ? 95 : 0;
    }
    return 0;
}

/* The layouts are found by what is inside (core/store/reader); the suffix only says which name it is read under. */
static int probe_hdf5(const clv_head *head)
{
    static const char hdf5[] = "\x89HDF\r\n\x1a\n";

    if (head->count < 8 || memcmp(head->bytes, hdf5, 8) != 0) { return 0; }
    return clv_head_suffix(head, "hspy emd dm5 nxs nexus hdf5 h5 hdf") ? 90 : 30;
}

static clv_status read_file(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    making m = {.record = out, .file = clv_cursor_name(in)};
    size_t count = clv_cursor_size(in);
    const uint8_t *bytes;
    clv_status status;

    (void)options;
    CLV_TRY(clv_cursor_seek(in, 0, err));
    CLV_TRY(clv_cursor_bytes(in, count, &bytes, err));
    status = clv_worker_read(m.file, bytes, count, take, &m, err);
    clear(&m);
    if (status == CLV_BAD_ARGUMENT) { /* what the file gave to a maker of axes or spectra */
        clv_error said = err ? *err : (clv_error){0};

        return clv_fail(err, CLV_BAD_FILE, "%s: %s", m.file, said.text);
    }
    CLV_TRY(status);
    CLV_CHECK(clv_record_count(out) > 0, err, CLV_BAD_FILE,
              "%s: no variable has a last dimension with energies (binding_energy, kinetic_energy, photon_energy or "
              "energy_loss)",
              m.file);
    return CLV_OK;
}

static clv_status write_file(const clv_record *record, const clv_options *options,
                             clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err),
                             void *payload, clv_error *err)
{
    clv_dataset *dataset = NULL;
    clv_status status;

    (void)options;
    CLV_TRY(clv_dataset_new(NULL, 0, &dataset, err));
    status = clv_record_put(dataset, record, err);
    if (!status) { return clv_dataset_send(dataset, put, payload, err); }
    clv_dataset_free(dataset);
    return status;
}

const clv_format clv_format_hdf5 = {
    .size = sizeof(clv_format),
    .name = "hdf5",
    .title = "HDF5 of HyperSpy, EMD (NCEM, Velox), DigitalMicrograph 5, NeXus, pyEELSMODEL",
    .suffixes = "hspy emd dm5 nxs nexus hdf5 h5 hdf",
    .source = "HyperSpy user guide, the HSpy format; EMD specification 0.2, emdatasets.com; NeXus 2024.02, NXdata, "
              "manual.nexusformat.org; checked on files",
    .probe = probe_hdf5,
    .read = read_file,
};

const clv_format clv_format_netcdf = {
    .size = sizeof(clv_format),
    .name = "netcdf",
    .title = "netCDF, in corelevel's layout or with an energy axis",
    .suffixes = "nc nc4 cdf",
    .source = "NetCDF User's Guide, https://docs.unidata.ucar.edu/nug (UCAR/Unidata); CF Conventions 1.11, 2023",
    .probe = probe,
    .read = read_file,
    .write = write_file,
};
