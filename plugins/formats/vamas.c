/* Reads VAMAS, ISO 14976, line by line: every experiment and scan mode that holds spectra. The format's descriptor.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "vamas.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPEATED_LIMIT 4096 /* bytes of a comment that later blocks inherit */
#define ADDITIONS_LIMIT 200 /* additional parameters that are kept */

/* ---- Parameters of a block */

static clv_status keep_number(vamas_file *file, clv_metadata *metadata, const char *name, const char *unit)
{
    char what[VAMAS_LABEL];
    double number = 0;

    snprintf(what, sizeof what, "the block's %s", name);
    for (char *c = what; *c; c++) { *c = *c == '_' ? ' ' : *c; }
    CLV_TRY(clv_cursor_number(file->in, what, &number, file->err));
    if (fabs(number) < VAMAS_UNKNOWN) { return clv_metadata_set_number(metadata, name, number, unit, file->err); }
    if (isnan(clv_metadata_number(metadata, name))) { return CLV_OK; }
    return clv_metadata_set_number(metadata, name, NAN, unit, file->err); /* known in the first block only */
}

static clv_status keep_text(vamas_file *file, clv_metadata *metadata, const char *name)
{
    char text[VAMAS_LABEL];

    CLV_TRY(vamas_take_text(file, "a label of the block", text));
    if (strcmp(text, "Not Specified") == 0) { text[0] = 0; }
    if (!*text && !clv_metadata_text(metadata, name)) { return CLV_OK; } /* else known in the first block only */
    return clv_metadata_set_text(metadata, name, text, file->err);
}

/* The simple parameters numbered `low` to `high`. */
static clv_status take_rows(vamas_file *file, vamas_block *block, int low, int high)
{
    for (const vamas_parameter *p = vamas_parameters; p->name; p++) {
        if (p->number < low || p->number > high || !file->included[p->number] ||
            !vamas_holds(p, file->mode, block->technique)) {
            continue;
        }
        CLV_TRY(p->unit ? keep_number(file, block->metadata, p->name, p->unit)
                        : keep_text(file, block->metadata, p->name));
    }
    return CLV_OK;
}

/* ---- The parameters of a block that need more */

/* Year to hours in advance of GMT, -1 where unknown: kept as 2021-04-27T18:28:06+02:00 or the part that is known. */
static clv_status take_date(vamas_file *file, vamas_block *block)
{
    static const char *const names[7] = {"year", "month", "day", "hour", "minute", "second", "hours ahead of GMT"};
    double part[7] = {-1, -1, -1, -1, -1, -1, 0};
    char text[VAMAS_LABEL];
    int length, zone;

    for (int i = 0; i < 7; i++) {
        if (file->included[i + 1]) { CLV_TRY(clv_cursor_number(file->in, names[i], &part[i], file->err)); }
    }
    if (!(part[0] >= 1900 && part[0] <= 9999 && part[1] >= 1 && part[1] <= 12 && part[2] >= 1 && part[2] <= 31)) {
        return CLV_OK;
    }
    length = snprintf(text, sizeof text, "%04d-%02d-%02d", (int)part[0], (int)part[1], (int)part[2]);
    if (part[3] >= 0 && part[3] <= 24 && part[4] >= 0 && part[4] < 60 && part[5] >= 0 && part[5] < 61) {
        zone = fabs(part[6]) <= 14 ? (int)part[6] : 0;
        length += snprintf(text + length, sizeof text - (size_t)length, "T%02d:%02d:%02d", (int)part[3], (int)part[4],
                           (int)part[5]);
        if (zone) { snprintf(text + length, sizeof text - (size_t)length, "%+03d:00", zone); }
    }
    return clv_metadata_set_text(block->metadata, "started", text, file->err);
}

static clv_status take_place(vamas_file *file, vamas_block *block)
{
    if (file->included[10] && vamas_among(file->mode, "|MAP|MAPDP|")) {
        CLV_TRY(clv_cursor_number(file->in, "the x coordinate", &block->x, file->err));
        CLV_TRY(clv_cursor_number(file->in, "the y coordinate", &block->y, file->err));
    }
    for (size_t v = 0; file->included[11] && v < file->variables; v++) {
        CLV_TRY(clv_cursor_number(file->in, file->variable[v].label, &block->values[v], file->err));
    }
    return CLV_OK;
}

static clv_status take_abscissa(vamas_file *file, vamas_block *block)
{
    if (!file->included[31] || !vamas_among(file->scan, "|REGULAR|")) { return CLV_OK; }
    CLV_TRY(vamas_take_variable(file, "the abscissa's label", &block->abscissa));
    CLV_TRY(clv_cursor_number(file->in, "the abscissa's start", &block->start, file->err));
    return clv_cursor_number(file->in, "the abscissa's increment", &block->step, file->err);
}

static clv_status take_columns(vamas_file *file, vamas_block *block)
{
    long count = 0;

    if (!file->included[32]) { return CLV_OK; }
    CLV_TRY(clv_cursor_integer(file->in, "the number of corresponding variables", 1, VAMAS_COLUMNS, &count, file->err));
    block->columns = (size_t)count;
    for (size_t c = 0; c < block->columns; c++) {
        CLV_TRY(vamas_take_variable(file, "a corresponding variable", &block->column[c]));
    }
    return CLV_OK;
}

/* Further numbers, each with a label and a unit of its own. */
static clv_status take_additions(vamas_file *file, vamas_block *block)
{
    long count = 0;
    vamas_variable addition;
    double unused;

    if (!file->included[40]) { return CLV_OK; }
    CLV_TRY(vamas_take_count(file, "the number of additional parameters", 0, &count));
    for (long i = 0; i < count; i++) {
        const char *unit = addition.unit;

        CLV_TRY(vamas_take_variable(file, "an additional parameter", &addition));
        if (!*unit || vamas_among(unit, "|d|n|")) { unit = "1"; }
        if (i >= ADDITIONS_LIMIT) {
            CLV_TRY(clv_cursor_number(file->in, "an additional parameter", &unused, file->err));
            continue;
        }
        CLV_TRY(keep_number(file, block->metadata, *addition.label ? addition.label : "additional", unit));
    }
    return CLV_OK;
}

/* ---- The numbers */

static clv_status take_ordinates(vamas_file *file, vamas_block *block)
{
    long all = 0;
    double unused;

    CLV_TRY(vamas_take_count(file, "the number of ordinates", 1, &all));
    if (block->columns == 0 || (size_t)all % block->columns) {
        return clv_cursor_fail(file->in, file->err,
                               "block %zu has %ld ordinates, which %zu corresponding variables "
                               "cannot share",
                               block->place, all, block->columns);
    }
    for (size_t c = 0; c < 2 * block->columns; c++) {
        CLV_TRY(clv_cursor_number(file->in, "the lowest or highest ordinate", &unused, file->err));
    }
    block->points = (size_t)all / block->columns;
    block->ordinates = malloc((size_t)all * sizeof *block->ordinates);
    CLV_CHECK(block->ordinates, file->err, CLV_NO_MEMORY, "no memory for %ld ordinates", all);
    for (long i = 0; i < all; i++) {
        if (clv_cursor_number(file->in, "an ordinate", &block->ordinates[i], NULL)) {
            return clv_cursor_fail(file->in, file->err, "block %zu says %ld ordinates, %ld follow", block->place, all,
                                   i);
        }
    }
    return CLV_OK;
}

static clv_status take_future(vamas_file *file, long count)
{
    const char *line = "";

    for (long i = 0; i < count; i++) { CLV_TRY(vamas_next_text(file, "a future-upgrade entry", &line)); }
    return CLV_OK;
}

static clv_status take_block(vamas_file *file, vamas_block *block)
{
    CLV_TRY(vamas_take_text(file, "the block's identifier", block->id));
    CLV_TRY(keep_text(file, block->metadata, "sample"));
    CLV_TRY(take_date(file, block));
    if (file->included[8]) { CLV_TRY(vamas_take_comment(file, block->metadata)); }
    if (file->included[9]) { CLV_TRY(vamas_take_text(file, "the technique", block->technique)); }
    CLV_TRY(take_place(file, block));
    CLV_TRY(take_rows(file, block, 12, 28));
    if (file->included[29]) { CLV_TRY(vamas_take_text(file, "the species label", block->species)); }
    if (file->included[30]) {
        CLV_TRY(vamas_take_text(file, "the transition label", block->transition));
        CLV_TRY(keep_number(file, block->metadata, "detected_charge", "1"));
    }
    CLV_TRY(take_abscissa(file, block));
    CLV_TRY(take_columns(file, block));
    CLV_TRY(take_rows(file, block, 33, 39));
    CLV_TRY(take_additions(file, block));
    CLV_TRY(take_future(file, file->future));
    return take_ordinates(file, block);
}

/* ---- The file */

/* The inclusion list (count > 0: only these stand in later blocks) or exclusion list (count < 0: these do not). */
static clv_status take_inclusion(vamas_file *file, unsigned char included[41])
{
    long count = 0, number = 0;

    CLV_TRY(clv_cursor_integer(file->in, "the number of inclusions or exclusions", -40, 40, &count, file->err));
    memset(included, count <= 0, 41);
    for (long i = 0; i < labs(count); i++) {
        CLV_TRY(clv_cursor_integer(file->in, "an inclusion or exclusion", 1, 40, &number, file->err));
        included[number] = count > 0;
    }
    return CLV_OK;
}

static clv_status take_experiment(vamas_file *file)
{
    static const char *const names[4] = {"institution", "instrument", "operator", "experiment"};
    clv_metadata *metadata = clv_record_metadata_fill(file->out);

    for (int i = 0; i < 4; i++) { CLV_TRY(keep_text(file, metadata, names[i])); }
    CLV_TRY(vamas_take_comment(file, metadata));
    CLV_TRY(vamas_take_text(file, "the experiment mode", file->mode));
    if (!vamas_among(file->mode, "|MAP|MAPDP|MAPSV|MAPSVDP|NORM|SDP|SDPSV|SEM|NOEXP|")) {
        return clv_cursor_fail(file->in, file->err,
                               "'%s' is no experiment mode; NORM, MAP, SDP or the like should "
                               "stand here",
                               file->mode);
    }
    CLV_TRY(vamas_take_text(file, "the scan mode", file->scan));
    if (!vamas_among(file->scan, "|REGULAR|IRREGULAR|")) {
        return clv_cursor_fail(file->in, file->err, "the scan mode is '%s'%s; REGULAR or IRREGULAR should stand here",
                               file->scan, vamas_among(file->scan, "|MAPPING|") ? ": images without energies" : "");
    }
    return CLV_OK;
}

static clv_status take_variables(vamas_file *file)
{
    long regions = 0, count = 0, unused = 0;

    if (vamas_among(file->mode, "|MAP|MAPDP|NORM|SDP|")) {
        CLV_TRY(vamas_take_count(file, "the number of spectral regions", -1, &regions));
    }
    if (vamas_among(file->mode, "|MAP|MAPDP|")) {
        CLV_TRY(clv_cursor_integer(file->in, "the number of analysis positions", 0, 2000000000, &file->positions,
                                   file->err));
        CLV_TRY(clv_cursor_integer(file->in, "the number of x coordinates", 0, 2000000000, &unused, file->err));
        CLV_TRY(clv_cursor_integer(file->in, "the number of y coordinates", 0, 2000000000, &unused, file->err));
    }
    CLV_TRY(
        clv_cursor_integer(file->in, "the number of experimental variables", 0, VAMAS_VARIABLES, &count, file->err));
    file->variables = (size_t)count;
    for (size_t v = 0; v < file->variables; v++) {
        CLV_TRY(vamas_take_variable(file, "an experimental variable", &file->variable[v]));
    }
    return CLV_OK;
}

/* A long comment stays with the first block: repeating it for each later one could fill the memory. */
static clv_status shorten_first(vamas_file *file, clv_metadata *metadata)
{
    const char *comment = clv_metadata_text(metadata, "comment");

    if (!comment || strlen(comment) <= REPEATED_LIMIT) { return CLV_OK; }
    return clv_metadata_set_text(metadata, "comment", "", file->err);
}

/* Blocks after the first leave out what is excluded; it is then as in the first. */
static clv_status take_blocks(vamas_file *file, const unsigned char later[41])
{
    vamas_block first = {.x = NAN, .y = NAN}, block;
    int all = memchr(later + 1, 0, 40) == NULL;
    clv_status status = CLV_OK;

    memset(file->included, 1, sizeof file->included);
    for (long i = 0; i < file->blocks && !status; i++) {
        block = first;
        block.place = (size_t)i + 1;
        block.ordinates = NULL;
        block.metadata = i == 0 || all ? clv_metadata_new() : clv_metadata_copy(first.metadata);
        if (!block.metadata) { status = clv_fail(file->err, CLV_NO_MEMORY, "no memory for a block"); }
        if (!status) { status = take_block(file, &block); }
        if (!status) { status = vamas_add(file, &block); }
        free(block.ordinates);
        block.ordinates = NULL;
        if (i == 0) {
            first = block;
            status = status ? status : shorten_first(file, block.metadata);
            memcpy(file->included, later, sizeof file->included);
        } else {
            clv_metadata_free(block.metadata);
        }
    }
    clv_metadata_free(first.metadata);
    return status;
}

/* After the last block stands "end of experiment", or nothing; a number means that a block holds more than it says. */
static clv_status take_end(vamas_file *file)
{
    const char *line = "";
    double number;

    while (!*line) {
        clv_status status = clv_cursor_text(file->in, &line, file->err);

        if (status == CLV_NOT_FOUND) { return CLV_OK; }
        CLV_TRY(status);
        line += strspn(line, " \t");
    }
    if (!clv_text_number(line, strlen(line), &number, NULL)) {
        return clv_cursor_fail(file->in, file->err, "block %ld, the last, holds more ordinates than it says",
                               file->blocks);
    }
    return CLV_OK;
}

static clv_status take_file(vamas_file *file)
{
    unsigned char later[41];
    const char *line = "";
    long count = 0;

    while (!*line) { CLV_TRY(vamas_next_text(file, "the format identifier", &line)); }
    if (strcmp(line, vamas_identifier) != 0) {
        return clv_cursor_fail(file->in, file->err, "the format identifier '%s' should stand here", vamas_identifier);
    }
    CLV_TRY(take_experiment(file));
    CLV_TRY(take_variables(file));
    CLV_TRY(take_inclusion(file, later));
    CLV_TRY(vamas_take_count(file, "the number of manually entered items", 0, &count));
    CLV_TRY(take_future(file, count));
    CLV_TRY(vamas_take_count(file, "the number of future-upgrade experiment entries", 0, &count));
    CLV_TRY(vamas_take_count(file, "the number of future-upgrade block entries", 0, &file->future));
    CLV_TRY(take_future(file, count));
    CLV_TRY(vamas_take_count(file, "the number of blocks", 1, &file->blocks));
    if (file->blocks > 8192 && (size_t)file->blocks > clv_cursor_left(file->in) / 256) {
        return clv_cursor_fail(file->in, file->err, "%ld blocks cannot stand in the %zu bytes that follow",
                               file->blocks, clv_cursor_left(file->in));
    }
    CLV_TRY(take_blocks(file, later));
    return take_end(file);
}

static clv_status read_vamas(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    vamas_file file = {.in = in, .out = out, .err = err};
    clv_status status = take_file(&file);

    (void)options;
    free(file.line);
    return status;
}

static int probe_vamas(const clv_head *head)
{
    size_t at = clv_head_find(head, "VAMAS Surface Chemical Analysis Standard Data Transfer Format");

    for (size_t i = 0; i < at && at != SIZE_MAX; i++) {
        if (!strchr("\r\n\t \xEF\xBB\xBF", head->bytes[i])) { at = SIZE_MAX; }
    }
    if (at != SIZE_MAX) { return 100; }
    return clv_head_suffix(head, "vms npl") ? 5 : 0;
}

static const clv_format vamas = {
    .size = sizeof vamas,
    .name = "vamas",
    .title = "VAMAS, ISO 14976",
    .suffixes = "vms npl",
    .source = "W. A. Dench, L. B. Hazell, M. P. Seah, Surf. Interface Anal. 13 (1988) 63, doi 10.1002/sia.740130202; "
              "ISO 14976:1998",
    .probe = probe_vamas,
    .read = read_vamas,
    .write = vamas_write,
};

static const clv_format *const formats[] = {&vamas, NULL};

CLV_PLUGIN(vamas) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.vamas",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
