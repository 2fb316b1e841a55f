/* The operation `save`: writes an object into a file whose suffix says how.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/operations.h"
#include "apply/save.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/registry.h>
#include <corelevel/text.h>

typedef enum file_kind { FILE_NETCDF, FILE_CSV, FILE_FORMAT } file_kind;

/* Whether a suffix is one of those between blanks. */
static int among(const char *suffix, const char *suffixes)
{
    size_t length = strlen(suffix);

    for (const char *at = suffixes; at && (at = strstr(at, suffix)); at++) {
        if ((at == suffixes || at[-1] == ' ') && (at[length] == ' ' || at[length] == 0)) { return 1; }
    }
    return 0;
}

/* The format other than netCDF that is written under a suffix; NULL when there is none. Fills `all` with their
   suffixes. */
static const clv_format *find_format(const char *suffix, char *all, size_t size)
{
    const clv_format *found = NULL;
    size_t used = 0;

    for (size_t i = 0; i < clv_registry_format_count(); i++) {
        const clv_format *format = clv_registry_format(i);

        if (!format->write || !format->suffixes || strcmp(format->name, "netcdf") == 0) { continue; }
        if (*suffix && among(suffix, format->suffixes)) { found = format; }
        if (used < size) {
            used += (size_t)snprintf(all + used, size - used, "%s%s", used ? " " : "", format->suffixes);
        }
    }
    return found;
}

static clv_status find_kind(const char *path, clv_kind on, file_kind *kind, const clv_format **format, clv_error *err)
{
    const char *suffix = strrchr(path, '.');
    const char *slash = strrchr(path, '/');
    char all[200] = "";
    int formats = on == CLV_SPECTRA || on == CLV_RECORD;

    if (!suffix || (slash && suffix < slash)) { suffix = "."; }
    *kind = clv_text_equal(suffix, ".nc") ? FILE_NETCDF : FILE_CSV;
    if (*kind == FILE_NETCDF || clv_text_equal(suffix, ".csv")) { return CLV_OK; }
    *kind = FILE_FORMAT;
    *format = find_format(suffix + 1, all, sizeof all);
    if (formats && *format) { return CLV_OK; }
    if (!formats) {
        return clv_fail(err, CLV_BAD_ARGUMENT, "path: \"%s\" should end in .nc (netCDF) or .csv (a table)", path);
    }
    return clv_fail(err, CLV_BAD_ARGUMENT,
                    "path: \"%s\" should end in .nc (netCDF), .csv (a table) or that of a format that is written (%s)",
                    path, all);
}

static clv_status save_format(const clv_record *record, clv_spectra *spectra, const clv_format *format,
                              const char *path, clv_error *err)
{
    clv_record *one = record ? clv_record_ref(record) : clv_record_new();
    clv_status status = CLV_OK;

    CLV_CHECK(one, err, CLV_NO_MEMORY, "no memory to save");
    if (spectra) { status = clv_record_add(one, clv_spectra_ref(spectra), err); }
    if (!status) { status = clv_convert(one, path, format->name, err); }
    clv_record_free(one);
    return status;
}

static clv_status save_fit(const clv_call *call, file_kind kind, const char *path, clv_error *err)
{
    const clv_fit *fit = clv_value_as_object(call->on, CLV_FIT);
    int curves = clv_spectra_count(clv_fit_spectra(fit)) <= SAVE_CURVES_MAX;

    if (clv_options_given(call->options, "curves")) { curves = clv_options_boolean(call->options, "curves"); }
    return kind == FILE_NETCDF ? save_fit_netcdf(fit, path, curves, err) : save_fit_csv(fit, path, curves, err);
}

static clv_status save_columns(const clv_columns *columns, file_kind kind, const char *path, clv_error *err)
{
    return kind == FILE_NETCDF ? save_columns_netcdf(columns, path, err) : save_columns_csv(columns, path, err);
}

static clv_status save_spectra(clv_spectra *spectra, file_kind kind, const char *path, clv_error *err)
{
    return kind == FILE_NETCDF ? save_spectra_netcdf(spectra, path, err) : save_spectra_csv(&spectra, 1, path, err);
}

static clv_status save_record(const clv_record *record, file_kind kind, const char *path, clv_error *err)
{
    size_t count = clv_record_count(record);
    clv_spectra **spectra;
    clv_status status;

    if (kind == FILE_NETCDF) { return save_record_netcdf(record, path, err); }
    spectra = calloc(count + 1, sizeof(clv_spectra *));
    CLV_CHECK(spectra, err, CLV_NO_MEMORY, "no memory for a table");
    for (size_t i = 0; i < count; i++) { spectra[i] = clv_record_at(record, i); }
    status = save_spectra_csv(spectra, count, path, err);
    free(spectra);
    return status;
}

static clv_status save_group(const clv_group *group, file_kind kind, const char *path, clv_error *err)
{
    CLV_CHECK(clv_group_kind(group) == CLV_COLUMNS, err, CLV_BAD_ARGUMENT,
              "a list of columns is saved as one file; of a list of %s save each under a path of its own",
              clv_group_count(group) > 0 ? clv_kind_name(clv_group_kind(group)) : "nothing");
    return kind == FILE_NETCDF ? save_group_netcdf(group, path, err) : save_group_csv(group, path, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const char *path = clv_options_text(call->options, "path");
    clv_kind on = clv_value_kind(call->on);
    void *object = clv_value_as_object(call->on, on);
    file_kind kind = FILE_NETCDF;
    const clv_format *format = NULL;

    CLV_TRY(find_kind(path, on, &kind, &format, err));
    if (kind == FILE_FORMAT) {
        CLV_TRY(save_format(on == CLV_RECORD ? object : NULL, on == CLV_SPECTRA ? object : NULL, format, path, err));
        *result = clv_value_ref(call->on);
        return CLV_OK;
    }
    switch (on) {
    case CLV_FIT: CLV_TRY(save_fit(call, kind, path, err)); break;
    case CLV_COLUMNS: CLV_TRY(save_columns(object, kind, path, err)); break;
    case CLV_SPECTRA: CLV_TRY(save_spectra(object, kind, path, err)); break;
    case CLV_RECORD: CLV_TRY(save_record(object, kind, path, err)); break;
    case CLV_GROUP: CLV_TRY(save_group(object, kind, path, err)); break;
    default: return clv_fail(err, CLV_BAD_ARGUMENT, "%s cannot be saved", clv_kind_phrase(on));
    }
    *result = clv_value_ref(call->on);
    return CLV_OK;
}

#define ROW_PATH                                                                                \
    {                                                                                           \
        .name = "path", .type = CLV_TYPE_PATH, .place = 1, .flags = CLV_REQUIRED | CLV_WRITTEN, \
        .doc = "where to write; the suffix says how"                                            \
    }

static const clv_parameter rows[] = {ROW_PATH, {0}};

static const clv_parameter fit_rows[] = {
    ROW_PATH,
    {.name = "curves",
     .type = CLV_TYPE_BOOLEAN,
     .doc = "whether components, model, background and residual are written too; preset: up to 10000 spectra"},
    {0},
};

const clv_operation apply_save_fit = {
    .size = sizeof(clv_operation),
    .name = "save",
    .doc = "writes spectra and fit as netCDF (.nc), or its curves as a table (x.csv) and its parameters beside it "
           "(x_parameters.csv)",
    .on = CLV_ON(CLV_FIT),
    .gives = CLV_FIT,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = fit_rows,
    .run = run,
};

const clv_operation apply_save_columns = {
    .size = sizeof(clv_operation),
    .name = "save",
    .doc = "writes values, errors and status as a table (.csv) or as netCDF (.nc)",
    .on = CLV_ON(CLV_COLUMNS),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};

const clv_operation apply_save_spectra = {
    .size = sizeof(clv_operation),
    .name = "save",
    .doc = "writes the spectra as netCDF (.nc), as a table with a row for each channel (.csv), or in a format that is "
           "written, such as VAMAS (.vms)",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};

const clv_operation apply_save_record = {
    .size = sizeof(clv_operation),
    .name = "save",
    .doc = "writes all regions as netCDF (.nc), as a table with a row for each channel (.csv), or in a format that is "
           "written, such as VAMAS (.vms)",
    .on = CLV_ON(CLV_RECORD),
    .gives = CLV_RECORD,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};

const clv_operation apply_save_group = {
    .size = sizeof(clv_operation),
    .name = "save",
    .doc = "writes the columns of all members as one table with a first column sample (.csv) or as netCDF (.nc)",
    .on = CLV_ON(CLV_GROUP),
    .gives = CLV_GROUP,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
