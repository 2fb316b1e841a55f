/* Builds netCDF-4 files and publishes them whole.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/dataset.h"

#include <errno.h>
#include <fcntl.h>
#include <netcdf.h>
#include <netcdf_mem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/publication.h"
#include "store/library.h"
#include "store/verify.h"

#define CHUNK_BYTES ((size_t)1 << 20)
#define SMALL_BYTES ((size_t)4096)

struct clv_dataset {
    char *path; /* the final name; NULL when the bytes are sent */
    clv_publication *publication;
    int on_disk; /* built in the publication's file instead of in memory */
    int is_open;
    int root; /* netCDF's identifiers; ours of a group is its distance from the root's */
    verify_counts counts;
};

static const char *where(const clv_dataset *dataset) { return dataset->path ? dataset->path : "netcdf"; }

/* netCDF tells no reason when the system refused; what can be known of the disk was checked before. */
static clv_status check(const clv_dataset *dataset, int code, const char *doing, clv_error *err)
{
    if (code == NC_NOERR) { return CLV_OK; }
    if (code == NC_ENOMEM) { return clv_fail(err, CLV_NO_MEMORY, "%s: out of memory", where(dataset)); }
    return clv_fail(err, CLV_CANNOT_WRITE, "%s: could not %s: %s", where(dataset), doing, nc_strerror(code));
}

#define NC_TRY(call, doing) CLV_TRY(check(dataset, CLV_LOCKED(call), (doing), err))

static int id(const clv_dataset *dataset, int group) { return dataset->root + group; }

/* Makes sure of the room on the disk before a library that cannot tell why it failed writes there. */
static clv_status reserve(const char *path, const char *beside, size_t bytes, clv_error *err)
{
    int file = open(beside, O_WRONLY | O_CLOEXEC);
    struct statvfs disk;
    int full = 0;

    if (file < 0) { return clv_fail(err, CLV_CANNOT_WRITE, "%s: %s", path, strerrordesc_np(errno)); }
    if (fallocate(file, FALLOC_FL_KEEP_SIZE, 0, (off_t)bytes)) { /* not every file system can */
        full = errno == ENOSPC || errno == EDQUOT ||
               (fstatvfs(file, &disk) == 0 && (double)disk.f_bavail * (double)disk.f_frsize < (double)bytes);
    }
    close(file);
    CLV_CHECK(!full, err, CLV_CANNOT_WRITE, "%s: the disk is too full: %zu MiB may be needed; nothing was left there",
              path, bytes >> 20);
    return CLV_OK;
}

static clv_status create(clv_dataset *dataset, size_t bytes, clv_error *err)
{
    if (dataset->on_disk) {
        const char *beside = clv_publication_path(dataset->publication);

        NC_TRY(nc_create(beside, NC_NETCDF4 | NC_CLOBBER, &dataset->root), "begin the file");
        dataset->is_open = 1;
        return reserve(dataset->path, beside, bytes, err);
    }
    NC_TRY(nc_create_mem("corelevel", NC_NETCDF4, 65536, &dataset->root), "begin the file");
    dataset->is_open = 1;
    return CLV_OK;
}

clv_status clv_dataset_new(const char *path, size_t bytes, clv_dataset **dataset, clv_error *err)
{
    clv_dataset *made = calloc(1, sizeof *made);
    clv_status status = CLV_OK;

    CLV_CHECK(made, err, CLV_NO_MEMORY, "%s: out of memory", path ? path : "netcdf");
    if (path) {
        made->path = strdup(path);
        status = made->path ? clv_publication_open(path, &made->publication, err)
                            : clv_fail(err, CLV_NO_MEMORY, "%s: out of memory", path);
    }
    made->on_disk = path && bytes > CLV_DATASET_IN_MEMORY;
    if (!status) { status = create(made, bytes, err); }
    if (status) {
        clv_dataset_free(made);
        return status;
    }
    *dataset = made;
    return CLV_OK;
}

void clv_dataset_free(clv_dataset *dataset)
{
    if (!dataset) { return; }
    if (dataset->is_open) { (void)CLV_LOCKED(nc_abort(dataset->root)); }
    clv_publication_free(dataset->publication);
    free(dataset->path);
    free(dataset);
}

/* ---- Names */

/* Writes `name` as netCDF takes it, cut at a character's end so that a number still fits behind it. */
static void clean(const char *name, int blanks, char out[NC_MAX_NAME + 1])
{
    size_t length = strlen(name), limit = NC_MAX_NAME - 16;

    if (length > limit) {
        length = limit;
        while (length > 0 && ((unsigned char)name[length] & 0xC0) == 0x80) { length--; }
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)name[i];
        int letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
        int refused = c < 0x20 || c == 0x7F || c == '/' || (i == 0 && !letter) || (c == ' ' && i + 1 == length);

        out[i] = refused || (blanks && c == ' ') ? '_' : (char)c;
    }
    out[length] = 0;
    if (length == 0) { strcpy(out, "_"); }
}

/* Whether a name stands for something in the group itself. netCDF compares in NFC. */
static int is_taken(int group, const char *name)
{
    int found, dimensions[NC_MAX_DIMS], count = 0;
    int taken = nc_inq_varid(group, name, &found) == NC_NOERR || nc_inq_grp_ncid(group, name, &found) == NC_NOERR;

    if (!taken && nc_inq_dimid(group, name, &found) == NC_NOERR &&
        nc_inq_dimids(group, &count, dimensions, 0) == NC_NOERR) {
        for (int i = 0; i < count && !taken; i++) { taken = dimensions[i] == found; }
    }
    return taken;
}

/* Cleans a name and numbers it until it is free. */
static void free_name(int group, const char *name, int blanks, char out[NC_MAX_NAME + 1])
{
    char base[NC_MAX_NAME + 1];

    clean(name, blanks, base);
    strcpy(out, base);
    for (unsigned n = 2; is_taken(group, out); n++) {
        snprintf(out, NC_MAX_NAME + 1, blanks ? "%s_(%u)" : "%s (%u)", base, n);
    }
}

clv_status clv_dataset_add_group(clv_dataset *dataset, int parent, const char *name, int named, int *group,
                                 clv_error *err)
{
    char clean_name[NC_MAX_NAME + 1];
    int made = 0, code;

    clv_library_lock();
    free_name(id(dataset, parent), name, 0, clean_name);
    code = nc_def_grp(id(dataset, parent), clean_name, &made);
    clv_library_unlock();
    CLV_TRY(check(dataset, code, "add a group", err));
    *group = made - dataset->root;
    dataset->counts.groups++;
    if (!named && strcmp(clean_name, name) == 0) { return CLV_OK; }
    return clv_dataset_set_text(dataset, *group, CLV_DATASET_GROUP, "long_name", name, err);
}

clv_status clv_dataset_add_dimension(clv_dataset *dataset, int group, const char *name, size_t size, int *dimension,
                                     clv_error *err)
{
    char clean_name[NC_MAX_NAME + 1];
    int code;

    clv_library_lock();
    free_name(id(dataset, group), name, 1, clean_name);
    code = nc_def_dim(id(dataset, group), clean_name, size, dimension);
    clv_library_unlock();
    return check(dataset, code, "add a dimension", err);
}

/* ---- Variables */

static int type_of(clv_dataset_type type)
{
    return type == CLV_DATASET_DOUBLE ? NC_DOUBLE : type == CLV_DATASET_BYTE ? NC_BYTE : NC_CHAR;
}

/* Chunks of about CHUNK_BYTES of whole trailing dimensions; nothing for what is small. */
static int set_storage(int group, int variable, clv_dataset_type type, const size_t *sizes, size_t count)
{
    size_t chunks[CLV_DATASET_MAX_DIMENSIONS], bytes = type == CLV_DATASET_DOUBLE ? 8 : 1;
    int code;

    for (size_t i = count; i-- > 0;) {
        size_t room = CHUNK_BYTES / bytes;

        chunks[i] = sizes[i] < room ? sizes[i] : room > 0 ? room : 1;
        bytes *= chunks[i];
    }
    if (bytes <= SMALL_BYTES) { return NC_NOERR; }
    code = nc_def_var_chunking(group, variable, NC_CHUNKED, chunks);
    if (!code) { code = nc_def_var_deflate(group, variable, type == CLV_DATASET_DOUBLE, 1, 1); }
    return code ? code : nc_def_var_fletcher32(group, variable, NC_FLETCHER32);
}

clv_status clv_dataset_add_variable(clv_dataset *dataset, int group, const char *name, clv_dataset_type type,
                                    const int *dimensions, size_t count, int *variable, clv_error *err)
{
    size_t sizes[CLV_DATASET_MAX_DIMENSIONS];
    char clean_name[NC_MAX_NAME + 1];
    int code = NC_NOERR;

    CLV_CHECK(count <= CLV_DATASET_MAX_DIMENSIONS, err, CLV_BAD_ARGUMENT, "%s: %s has too many dimensions",
              where(dataset), name);
    clean(name, 1, clean_name);
    clv_library_lock();
    for (size_t i = 0; i < count && !code; i++) { code = nc_inq_dimlen(id(dataset, group), dimensions[i], &sizes[i]); }
    if (!code) { code = nc_def_var(id(dataset, group), clean_name, type_of(type), (int)count, dimensions, variable); }
    if (!code) { code = nc_def_var_fill(id(dataset, group), *variable, NC_NOFILL, NULL); }
    if (!code) { code = set_storage(id(dataset, group), *variable, type, sizes, count); }
    clv_library_unlock();
    dataset->counts.variables++;
    return check(dataset, code, "add a variable", err);
}

clv_status clv_dataset_put(clv_dataset *dataset, int group, int variable, const void *values, clv_error *err)
{
    NC_TRY(nc_put_var(id(dataset, group), variable, values), "write a variable");
    return CLV_OK;
}

static int put_at(int group, int variable, size_t leading, size_t place, const void *values)
{
    int dimensions[NC_MAX_VAR_DIMS], n = 0, code;
    size_t start[CLV_DATASET_MAX_DIMENSIONS] = {0}, extent[CLV_DATASET_MAX_DIMENSIONS];

    code = nc_inq_var(group, variable, NULL, NULL, &n, dimensions, NULL);
    for (int i = n; i-- > 0 && !code;) {
        code = nc_inq_dimlen(group, dimensions[i], &extent[i]);
        if (code || (size_t)i >= leading) { continue; }
        start[i] = place % extent[i];
        place /= extent[i];
        extent[i] = 1;
    }
    return code ? code : nc_put_vara(group, variable, start, extent, values);
}

clv_status clv_dataset_put_at(clv_dataset *dataset, int group, int variable, size_t leading, size_t place,
                              const void *values, clv_error *err)
{
    NC_TRY(put_at(id(dataset, group), variable, leading, place, values), "write a variable");
    return CLV_OK;
}

/* ---- Attributes */

static int attribute_of(int variable) { return variable == CLV_DATASET_GROUP ? NC_GLOBAL : variable; }

clv_status clv_dataset_set_text(clv_dataset *dataset, int group, int variable, const char *name, const char *text,
                                clv_error *err)
{
    char clean_name[NC_MAX_NAME + 1];

    if (!text) { return CLV_OK; }
    clean(name, 0, clean_name);
    NC_TRY(nc_put_att_text(id(dataset, group), attribute_of(variable), clean_name, strlen(text), text),
           "write an attribute");
    return CLV_OK;
}

clv_status clv_dataset_set_numbers(clv_dataset *dataset, int group, int variable, const char *name,
                                   const double *numbers, size_t count, clv_error *err)
{
    char clean_name[NC_MAX_NAME + 1];

    clean(name, 0, clean_name);
    NC_TRY(nc_put_att_double(id(dataset, group), attribute_of(variable), clean_name, NC_DOUBLE, count, numbers),
           "write an attribute");
    return CLV_OK;
}

clv_status clv_dataset_set_bytes(clv_dataset *dataset, int group, int variable, const char *name, const int8_t *bytes,
                                 size_t count, clv_error *err)
{
    NC_TRY(nc_put_att_schar(id(dataset, group), attribute_of(variable), name, NC_BYTE, count, bytes),
           "write an attribute");
    return CLV_OK;
}

/* ---- Publication */

static clv_status close_in_memory(clv_dataset *dataset, NC_memio *image, clv_error *err)
{
    dataset->is_open = 0;
    NC_TRY(nc_close_memio(dataset->root, image), "finish the file");
    return CLV_OK;
}

static clv_status check_file(const char *path, void *payload, clv_error *err)
{
    const clv_dataset *dataset = payload;

    return clv_verify_file(path, where(dataset), &dataset->counts, err);
}

clv_status clv_dataset_finish(clv_dataset *dataset, clv_error *err)
{
    NC_memio image = {0};
    clv_publication *publication = dataset->publication;
    clv_status status = CLV_OK;

    if (dataset->on_disk) {
        dataset->is_open = 0;
        status = check(dataset, CLV_LOCKED(nc_close(dataset->root)), "finish the file", err);
    } else {
        status = close_in_memory(dataset, &image, err);
        if (!status) { status = clv_publication_put(publication, image.memory, image.size, err); }
        free(image.memory);
    }
    if (!status) {
        dataset->publication = NULL;
        status = clv_publication_finish(publication, check_file, dataset, err);
    }
    clv_dataset_free(dataset);
    return status;
}

clv_status clv_dataset_send(clv_dataset *dataset,
                            clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err),
                            void *payload, clv_error *err)
{
    NC_memio image = {0};
    clv_status status = close_in_memory(dataset, &image, err);

    if (!status) { status = put(payload, image.memory, image.size, err); }
    free(image.memory);
    clv_dataset_free(dataset);
    return status;
}
