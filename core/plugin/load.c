/* Loads files: reads the bytes, finds the format by probing, lets it read, stacks, measures the noise, hashes.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugin/options.h"

#include "base/cursor.h"
#include "base/publication.h"
#include "base/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)
#define WHOLE_LIMIT (64 * MIB)
#define PIECES 64

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* ---- Hashes */

const char *clv_load_hash(const uint8_t *bytes, size_t count, char text[CLV_SHA256_TEXT])
{
    clv_sha256 hash;
    uint8_t size[8];

    if (count <= WHOLE_LIMIT) {
        clv_sha256_text(bytes, count, text);
        return "source_sha256";
    }
    clv_sha256_start(&hash);
    for (int i = 0; i < 8; i++) { size[i] = (uint8_t)((uint64_t)count >> (8 * i)); }
    clv_sha256_add(&hash, size, sizeof size);
    for (size_t piece = 0; piece < PIECES; piece++) {
        size_t room = count - MIB;
        size_t at = room / (PIECES - 1) * piece + room % (PIECES - 1) * piece / (PIECES - 1);

        clv_sha256_add(&hash, bytes + at, MIB);
    }
    clv_sha256_finish(&hash, text);
    return "source_fingerprint";
}

/* ---- Finding the format */

/* "phi or vamas" for the formats whose score is the best. */
static void list_best(const clv_head *head, int best, char *text, size_t size)
{
    size_t length = 0;

    text[0] = 0;
    for (size_t i = 0; i < clv_registry_format_count() && length < size; i++) {
        const clv_format *format = clv_registry_format(i);

        if (!format->read || (best > 0 && format->probe(head) != best)) { continue; }
        length += (size_t)snprintf(text + length, size - length, "%s%s", length ? (best > 0 ? " or " : ", ") : "",
                                   format->name);
    }
}

static clv_status probe_all(const clv_head *head, const clv_format **found, clv_error *err)
{
    const clv_format *format = NULL;
    char names[300];
    int best = 0, many = 0;

    for (size_t i = 0; i < clv_registry_format_count(); i++) {
        const clv_format *candidate = clv_registry_format(i);
        int score = candidate->read ? candidate->probe(head) : 0;

        many = score > best ? 1 : many + (score == best);
        if (score > best) {
            best = score;
            format = candidate;
        }
    }
    if (!format) {
        list_best(head, 0, names, sizeof names);
        return clv_fail(err, CLV_NOT_FOUND, "%s: no format knows this file; there are: %s", head->name, names);
    }
    if (many > 1) {
        list_best(head, best, names, sizeof names);
        return clv_fail(err, CLV_BAD_FILE, "%s: this could be %s alike: say which, format = \"%s\"", head->name, names,
                        format->name);
    }
    *found = format;
    return CLV_OK;
}

static clv_status choose_format(const clv_head *head, const clv_value *options, const clv_format **format,
                                clv_error *err)
{
    const clv_value *named = clv_value_get(options, "format");

    if (clv_value_kind(named) == CLV_NIL) { return probe_all(head, format, err); }
    CLV_CHECK(clv_value_kind(named) == CLV_TEXT, err, CLV_BAD_ARGUMENT, "load: format is the name of a format");
    if (clv_registry_find_format(clv_value_as_text(named), format, err)) { return clv_error_at(err, "load"); }
    CLV_CHECK((*format)->read, err, CLV_BAD_ARGUMENT, "load: %s can only be written", (*format)->name);
    return CLV_OK;
}

/* ---- Files */

static clv_status refuse_path(const char *path, int reason, clv_error *err)
{
    switch (reason) {
    case ENOENT:
    case ENOTDIR: return clv_fail(err, CLV_NOT_FOUND, "%s: there is no such file", path);
    case EACCES:
    case EPERM: return clv_fail(err, CLV_BAD_FILE, "%s: the file may not be read (permissions)", path);
    default: return clv_fail(err, CLV_BAD_FILE, "%s: the file cannot be read (%s)", path, strerrordesc_np(reason));
    }
}

static clv_status read_all(int file, const char *path, uint8_t *bytes, size_t size, clv_error *err)
{
    size_t got = 0;

    while (got < size) {
        ssize_t more = read(file, bytes + got, size - got);

        if (more < 0 && errno == EINTR) { continue; }
        if (more < 0) { return refuse_path(path, errno, err); }
        CLV_CHECK(more > 0, err, CLV_BAD_FILE, "%s: the file became shorter while it was read", path);
        got += (size_t)more;
    }
    return CLV_OK;
}

/* Opens without waiting, so that a pipe by that name cannot hold us. */
static clv_status read_file(const char *path, uint8_t **bytes, size_t *count, clv_error *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat about;
    clv_status status = CLV_OK;

    if (file < 0 || fstat(file, &about)) {
        status = refuse_path(path, errno, err);
    } else if (!S_ISREG(about.st_mode)) {
        status = clv_fail(err, CLV_BAD_FILE, "%s: this is %s, not a file", path,
                          S_ISDIR(about.st_mode) ? "a folder" : "a device or a pipe");
    } else if (!(*bytes = malloc((size_t)about.st_size + 1))) {
        status = clv_fail(err, CLV_NO_MEMORY, "%s: no memory for its %lld bytes", path, (long long)about.st_size);
    } else {
        *count = (size_t)about.st_size;
        status = read_all(file, path, *bytes, *count, err);
    }
    if (file >= 0) { close(file); }
    return status;
}

/* Opens a file of the folder that `payload`, a path, lies in. */
static clv_status open_beside(void *payload, const char *name, uint8_t **bytes, size_t *count, clv_error *err)
{
    const char *path = payload;
    size_t folder = (size_t)(base_name(path) - path), size = folder + strlen(name) + 1;
    char *beside = malloc(size);
    clv_status status;

    CLV_CHECK(beside, err, CLV_NO_MEMORY, "%s: no memory to read it", name);
    snprintf(beside, size, "%.*s%s", (int)folder, path, name);
    status = read_file(beside, bytes, count, err);
    free(beside);
    return status;
}

/* ---- Reading */

/* Checks the options against the format's rows and one more, `format`. The rows must be freed after the options. */
static clv_status check_options(const clv_format *format, const clv_value *given, clv_parameter **rows,
                                clv_options **options, clv_error *err)
{
    static const clv_parameter own = {.name = "format", .type = CLV_TYPE_TEXT, .doc = "the format's name"};
    size_t count = clv_options_rows(format->parameters);

    *rows = calloc(count + 2, sizeof **rows);
    CLV_CHECK(*rows, err, CLV_NO_MEMORY, "load: no memory for its options");
    if (count > 0) { memcpy(*rows, format->parameters, count * sizeof **rows); }
    (*rows)[count] = own;
    return clv_options_check("load", *rows, given, options, err);
}

/* What the host does with what a reader gave. */
static clv_status finish_record(clv_record *record, const char *name, clv_error *err)
{
    CLV_CHECK(clv_record_count(record) > 0, err, CLV_BAD_FILE, "%s: it holds no spectra", name);
    CLV_TRY(clv_record_stack(record, err));
    for (size_t i = 0; i < clv_record_count(record); i++) {
        CLV_TRY(clv_spectra_measure_noise(clv_record_at(record, i), err));
    }
    return CLV_OK;
}

static clv_status read_record(clv_cursor *cursor, const clv_value *given, clv_record **record, const char **named,
                              clv_error *err)
{
    const clv_format *format = NULL;
    clv_parameter *rows = NULL;
    clv_options *options = NULL;
    clv_record *made = NULL;
    clv_head head;
    clv_status status;

    clv_cursor_head(cursor, &head);
    CLV_TRY(choose_format(&head, given, &format, err));
    status = check_options(format, given, &rows, &options, err);
    if (!status && !(made = clv_record_new())) { status = clv_fail(err, CLV_NO_MEMORY, "%s: no memory", head.name); }
    if (!status) { status = format->read(cursor, options, made, err); }
    if (!status) { status = finish_record(made, head.name, err); }
    clv_options_free(options);
    free(rows);
    if (status) {
        clv_record_free(made);
        return status;
    }
    *named = format->name;
    *record = made;
    return CLV_OK;
}

/* Whether spectra bring their origin with them, as a result file's do: their history begins there. */
static int has_origin(const clv_metadata *metadata)
{
    return clv_metadata_text(metadata, "source") &&
           (clv_metadata_text(metadata, "source_sha256") || clv_metadata_text(metadata, "source_fingerprint"));
}

/* Says where spectra come from in the spectra too: they go on without their record. */
static clv_status sign_spectra(clv_record *record, clv_error *err)
{
    for (size_t i = 0; i < clv_record_count(record); i++) {
        clv_metadata *metadata = clv_spectra_metadata_fill(clv_record_at(record, i));

        if (has_origin(metadata)) { continue; }
        CLV_TRY(clv_metadata_set_text(metadata, "source", clv_record_source(record), err));
        CLV_TRY(clv_metadata_set_text(metadata, clv_record_hash_name(record), clv_record_hash(record), err));
    }
    return CLV_OK;
}

/* Keeps which file beside this one was read, and its hash: the record's own covers the one that was named. */
static clv_status sign_beside(clv_record *record, const clv_cursor *beside, clv_error *err)
{
    char hash[CLV_SHA256_TEXT];
    int whole;

    if (!beside) { return CLV_OK; }
    whole = strcmp(clv_load_hash(clv_cursor_all(beside), clv_cursor_size(beside), hash), "source_sha256") == 0;
    for (size_t i = 0; i < clv_record_count(record); i++) {
        clv_metadata *metadata = clv_spectra_metadata_fill(clv_record_at(record, i));
        const char *name = whole ? "companion_sha256" : "companion_fingerprint";

        CLV_TRY(clv_metadata_set_text(metadata, "companion", clv_cursor_name(beside), err));
        CLV_TRY(clv_metadata_set_text(metadata, name, hash, err));
    }
    return CLV_OK;
}

/* Reads bytes as a file called `name`; `path` (NULL: in no folder) is where files beside it are looked for. */
static clv_status load_bytes(const char *name, const char *path, const void *bytes, size_t count,
                             const clv_value *options, clv_record **record, clv_error *err)
{
    char hash[CLV_SHA256_TEXT];
    const char *hash_name, *format;
    clv_cursor *cursor = NULL;
    clv_record *made = NULL;
    clv_status status;

    CLV_CHECK(count > 0, err, CLV_BAD_FILE, "%s: the file is empty", base_name(name));
    CLV_TRY(clv_cursor_new(base_name(name), bytes, count, &cursor, err));
    if (path) { clv_cursor_set_open(cursor, open_beside, (void *)(uintptr_t)path); }
    status = read_record(cursor, options, &made, &format, err);
    if (!status) { status = sign_beside(made, clv_cursor_opened(cursor), err); }
    clv_cursor_free(cursor);
    if (status) {
        clv_record_free(made);
        return status;
    }
    hash_name = clv_load_hash(bytes, count, hash);
    status = clv_record_set_source(made, base_name(name), format, hash_name, hash, err);
    if (!status) { status = sign_spectra(made, err); }
    if (status) {
        clv_record_free(made);
        return status;
    }
    *record = made;
    return CLV_OK;
}

clv_status clv_load_bytes(const char *name, const void *bytes, size_t count, const clv_value *options,
                          clv_record **record, clv_error *err)
{
    return load_bytes(name, NULL, bytes, count, options, record, err);
}

clv_status clv_load(const char *path, const clv_value *options, clv_record **record, clv_error *err)
{
    uint8_t *bytes = NULL;
    size_t count = 0;
    clv_status status = read_file(path, &bytes, &count, err);

    if (!status) { status = load_bytes(path, path, bytes, count, options, record, err); }
    free(bytes);
    return status;
}

/* ---- Writing */

static clv_status refuse_writing(const clv_format *format, clv_error *err)
{
    char names[200] = "";
    size_t length = 0;

    for (size_t i = 0; i < clv_registry_format_count() && length < sizeof names; i++) {
        const clv_format *candidate = clv_registry_format(i);

        if (!candidate->write) { continue; }
        length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", length ? ", " : "", candidate->name);
    }
    return clv_fail(err, CLV_BAD_ARGUMENT, "convert: %s can only be read; writable: %s", format->name,
                    length ? names : "none");
}

clv_status clv_convert(const clv_record *record, const char *path, const char *name, clv_error *err)
{
    const clv_format *format = NULL;
    clv_options *options = NULL;
    clv_publication *publication = NULL;
    clv_status status;

    if (clv_registry_find_format(name, &format, err)) { return clv_error_at(err, "convert"); }
    if (!format->write) { return refuse_writing(format, err); }
    CLV_TRY(clv_options_check("convert", format->parameters, NULL, &options, err));
    status = clv_publication_open(path, &publication, err);
    if (!status) { status = format->write(record, options, clv_publication_put, publication, err); }
    if (!status) {
        status = clv_publication_finish(publication, NULL, NULL, err);
        publication = NULL;
    }
    clv_publication_free(publication);
    clv_options_free(options);
    return status;
}
