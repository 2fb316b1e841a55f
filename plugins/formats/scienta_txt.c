/* Reads the text files of Scienta's SES: regions of energies by one column or many, along angles or positions.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "scienta.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the lines of a section are. */
typedef enum section { OTHER, FILE_INFO, REGION, INFO, DATA } section;

typedef struct ses_file {
    clv_cursor *in;
    clv_record *out;
    clv_error *err;
    section section;
    double regions, found;     /* as the file says; data read */
    clv_metadata *metadata;    /* of the region being read */
    char label[2][ROWS_LABEL]; /* of its first two dimensions */
    double size[2];
    double *scale; /* of the second */
    size_t scale_count;
    double slice; /* of a third dimension, from 1; NaN */
    rows table;
} ses_file;

/* ---- Spectra */

/* The second dimension; NULL where there is one column only. */
static clv_status make_along(const ses_file *file, size_t columns, clv_axis **along)
{
    char name[ROWS_LABEL], unit[ROWS_LABEL];
    double factor, *values;
    clv_status status;

    *along = NULL;
    if (columns == 1) { return CLV_OK; }
    scienta_name_axis(file->label[1], name, unit, &factor);
    values = calloc(columns, sizeof *values);
    CLV_CHECK(values, file->err, CLV_NO_MEMORY, "no memory for %zu columns", columns);
    for (size_t i = 0; i < columns; i++) {
        values[i] = file->scale_count == columns ? factor * file->scale[i] : (double)i;
    }
    status = clv_axis_new(name, unit, values, columns, along, file->err);
    free(values);
    return status;
}

static clv_status check_size(const ses_file *file)
{
    double columns = file->size[1] > 0 ? file->size[1] : 1;

    if (file->size[0] > 0 && (double)file->table.count != file->size[0]) {
        return clv_cursor_fail(file->in, file->err, "the region says %.0f energies, %zu follow", file->size[0],
                               file->table.count);
    }
    if (file->table.width < 2 || (file->size[1] > 0 && (double)file->table.width != columns + 1)) {
        return clv_cursor_fail(file->in, file->err,
                               "the rows should hold an energy and %.0f intensities, not %zu numbers", columns,
                               file->table.width);
    }
    return CLV_OK;
}

static clv_status fill_metadata(const ses_file *file, const char *name, clv_spectra *spectra)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra);

    CLV_TRY(rows_copy_metadata(file->metadata, metadata, file->err));
    if (!isnan(file->slice)) { CLV_TRY(clv_metadata_set_number(metadata, "slice", file->slice, "1", file->err)); }
    return clv_metadata_set_text(metadata, "region", name, file->err);
}

static clv_status add_spectra(ses_file *file, rows_signal *what)
{
    clv_spectra *spectra = NULL;
    clv_status status;

    what->unit = rows_are_whole(&file->table, 1, what->count) ? "counts" : "a.u.";
    CLV_TRY(rows_spectra(&file->table, file->in, what, &spectra, file->err));
    status = fill_metadata(file, what->name, spectra);
    if (status) {
        clv_spectra_free(spectra);
        return status;
    }
    return rows_add_block(file->out, file->in, spectra, NULL, NULL, NULL, 0, file->err);
}

static clv_status end_data(ses_file *file)
{
    const char *name = file->metadata ? clv_metadata_text(file->metadata, "region") : NULL;
    rows_signal what = {.name = name ? name : "region", .energy = 0, .first = 1};
    clv_status status;

    if (file->section != DATA) { return CLV_OK; }
    CLV_TRY(scienta_finish(file->metadata, file->err));
    CLV_TRY(check_size(file));
    if (!scienta_is_energy(file->label[0], file->metadata, &what)) {
        return clv_cursor_fail(file->in, file->err, "the region runs along '%s'; only energies can be read",
                               file->label[0]);
    }
    what.count = file->table.width - 1;
    CLV_TRY(make_along(file, what.count, &what.along));
    status = add_spectra(file, &what);
    clv_axis_free(what.along);
    rows_clear(&file->table);
    return status;
}

/* ---- Sections */

static clv_status begin_region(ses_file *file)
{
    clv_metadata_free(file->metadata);
    file->metadata = clv_metadata_new();
    CLV_CHECK(file->metadata, file->err, CLV_NO_MEMORY, "no memory for a region");
    file->label[0][0] = file->label[1][0] = 0;
    file->size[0] = file->size[1] = NAN;
    file->scale_count = 0;
    return CLV_OK;
}

/* "[Data 2:3]": of the second region the third slice. */
static clv_status begin_data(ses_file *file, const char *line)
{
    const char *colon = strchr(line, ':');

    if (!file->metadata) {
        return clv_cursor_fail(file->in, file->err, "a section [Region] should stand before the data");
    }
    file->slice = NAN;
    if (colon) { clv_text_number_at(colon + 1, colon + strlen(colon), &file->slice); }
    if (!colon || file->slice == 1) { file->found++; }
    return CLV_OK;
}

static clv_status begin_section(ses_file *file, const char *line)
{
    CLV_TRY(end_data(file));
    file->section = OTHER;
    if (strncmp(line, "[Region ", 8) == 0) {
        file->section = REGION;
        return begin_region(file);
    }
    if (strncmp(line, "[Data ", 6) == 0) {
        file->section = DATA;
        return begin_data(file, line);
    }
    if (strncmp(line, "[Info]", 6) == 0) { file->section = FILE_INFO; }
    if (strncmp(line, "[Info ", 6) == 0 && file->metadata) { file->section = INFO; }
    return CLV_OK;
}

/* The scale of the second dimension. */
static clv_status take_scale(ses_file *file, const char *text)
{
    rows one = {0};
    clv_status status = *text ? rows_add_line(&one, file->in, text, file->err) : CLV_OK;

    free(file->scale);
    file->scale = one.numbers;
    file->scale_count = one.count ? one.width : 0;
    return status;
}

/* "Dimension 1 size=361" and the like. The energies stand again beside the intensities. */
static clv_status take_dimension(ses_file *file, const char *line)
{
    const char *equals = strchr(line, '='), *value = equals ? equals + 1 : "";
    int which = line[10] == '1' ? 0 : line[10] == '2' ? 1 : -1;

    if (!equals || which < 0) { return CLV_OK; }
    if (strncmp(line + 11, " name", 5) == 0) {
        rows_trim(value, strlen(value), file->label[which], ROWS_LABEL);
    } else if (strncmp(line + 11, " size", 5) == 0) {
        clv_text_number_at(value, value + strlen(value), &file->size[which]);
    } else if (strncmp(line + 11, " scale", 6) == 0 && which == 1) {
        return take_scale(file, value + strspn(value, " \t"));
    }
    return CLV_OK;
}

static clv_status take_line(ses_file *file, const char *line)
{
    static const char regions[] = "Number of Regions=";

    if (line[0] == '[') { return begin_section(file, line); }
    if (!line[strspn(line, " \t")]) { return CLV_OK; }
    switch (file->section) {
    case DATA: return rows_add_line(&file->table, file->in, line, file->err);
    case REGION:
        if (strncmp(line, "Dimension ", 10) == 0 && line[10]) { return take_dimension(file, line); }
        return scienta_keep(file->metadata, line, file->err);
    case INFO: return scienta_keep(file->metadata, line, file->err);
    case FILE_INFO:
        if (strncmp(line, regions, strlen(regions)) == 0) {
            clv_text_number_at(line + strlen(regions), line + strlen(line), &file->regions);
        }
        return CLV_OK;
    default: return CLV_OK;
    }
}

static clv_status take_file(ses_file *file)
{
    const char *line = "";
    clv_status status;

    while (!(status = clv_cursor_text(file->in, &line, file->err))) { CLV_TRY(take_line(file, line)); }
    if (status != CLV_NOT_FOUND) { return status; }
    CLV_TRY(end_data(file));
    if (file->found > 0 && !(file->regions > file->found)) { return CLV_OK; }
    return clv_cursor_fail(file->in, file->err, "the file says %g regions, it holds the data of %.0f", file->regions,
                           file->found);
}

static clv_status read_scienta_txt(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    ses_file file = {.in = in, .out = out, .err = err, .slice = NAN};
    clv_status status = take_file(&file);

    (void)options;
    clv_metadata_free(file.metadata);
    free(file.scale);
    rows_free(&file.table);
    return status;
}

static int probe_scienta_txt(const clv_head *head)
{
    size_t info = clv_head_find(head, "[Info]");

    return info < 16 && clv_head_find(head, "Number of Regions=") < 400 ? 100 : 0;
}

static const clv_format scienta_txt = {
    .size = sizeof scienta_txt,
    .name = "scienta_txt",
    .title = "Scienta text, from SES",
    .suffixes = "txt",
    .source = "the entries of the files themselves",
    .probe = probe_scienta_txt,
    .read = read_scienta_txt,
};

static const clv_format *const formats[] = {&scienta_txt, NULL};

CLV_PLUGIN(scienta_txt) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.scienta_txt",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
