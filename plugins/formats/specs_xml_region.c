/* Turns regions of SPECS XML files into spectra: detectors brought to one energy scale and added up.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "specs_xml.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Scans that are kept apart. */
#define MOST_SCANS 20000

void specs_region_free(specs_region *region)
{
    for (size_t i = 0; i < region->scan_count; i++) { free(region->scan[i].counts); }
    free(region->scan);
    free(region->transmission);
    clv_metadata_free(region->metadata);
    *region = (specs_region){0};
}

/* How many counts a whole scan has. */
static double whole_scan(const specs_region *region)
{
    double detectors = region->detectors ? (double)region->detectors : 1,
           curves = region->curves > 1 ? region->curves : 1;

    return (region->values + region->head + region->tail) * detectors * curves;
}

clv_status specs_region_add(specs_region *region, const specs_wish *wish, specs_scan scan_take, clv_error *err)
{
    specs_scan *last = region->scan_count ? &region->scan[region->scan_count - 1] : NULL, *larger;
    size_t room = region->scan_room ? 2 * region->scan_room : 16;

    if ((double)scan_take.count != whole_scan(region)) {
        region->stopped++;
        free(scan_take.counts);
        return CLV_OK;
    }
    if (wish->add_scans && last && last->cycle == scan_take.cycle && last->count == scan_take.count) {
        for (size_t i = 0; i < last->count; i++) { last->counts[i] += scan_take.counts[i]; }
        last->scans += scan_take.scans;
        free(scan_take.counts);
        return CLV_OK;
    }
    if (region->scan_count == MOST_SCANS) {
        free(scan_take.counts);
        return clv_fail(err, CLV_LIMIT, "region '%s': more than %d scans or cycles", region->name, MOST_SCANS);
    }
    if (region->scan_count == region->scan_room) {
        larger = reallocarray(region->scan, room, sizeof *larger);
        if (!larger) { free(scan_take.counts); }
        CLV_CHECK(larger, err, CLV_NO_MEMORY, "no memory for %zu scans", room);
        region->scan = larger;
        region->scan_room = room;
    }
    region->scan[region->scan_count++] = scan_take;
    return CLV_OK;
}

/* ---- Checks */

static clv_status check_number(const char *where, const specs_region *region, const char *what, double number,
                               double low, double high, clv_error *err)
{
    if (number >= low && number <= high) { return CLV_OK; }
    return clv_fail(err, CLV_BAD_FILE, "%s: region '%s': %s should be from %g to %g, %g stands there", where,
                    region->name, what, low, high, number);
}

static clv_status check_region(const char *where, const specs_region *region, clv_error *err)
{
    CLV_TRY(check_number(where, region, "values_per_curve", region->values, 1, 1e8, err));
    CLV_TRY(check_number(where, region, "mcd_head", region->head, 0, 1e8, err));
    CLV_TRY(check_number(where, region, "mcd_tail", region->tail, 0, 1e8, err));
    CLV_TRY(check_number(where, region, "the first energy", region->start, -1e5, 1e5, err));
    CLV_TRY(check_number(where, region, "the size of scan_delta", fabs(region->step), 1e-6, 1e5, err));
    if (region->scan_count > 0) { return CLV_OK; }
    return clv_fail(err, CLV_BAD_FILE, "%s: region '%s': no scan has the %.0f counts that its numbers tell", where,
                    region->name, whole_scan(region));
}

/* ---- Detectors */

/* By how many channels a detector sees higher energies than the analyser is set to: its shift is told in pass energies,
   which holds where the pass energy is fixed. */
static double shift_of(const specs_region *region, size_t detector)
{
    if (strcmp(region->mode, "FixedAnalyzerTransmission") != 0 || region->detectors < 2) { return 0; }
    return region->shift[detector] * region->pass_energy / region->step;
}

/* The first channel of each detector for the region's first energy. */
static clv_status find_starts(const char *where, const specs_region *region, size_t *from, clv_error *err)
{
    for (size_t d = 0; d < region->detectors; d++) {
        double first = nearbyint(region->head - shift_of(region, d));

        if (!(first >= 0 && first <= region->head + region->tail)) {
            return clv_fail(err, CLV_BAD_FILE,
                            "%s: region '%s': channeltron %zu is shifted by %.3g channels, and there are %.0f before "
                            "and %.0f after",
                            where, region->name, d + 1, shift_of(region, d), region->head, region->tail);
        }
        from[d] = (size_t)first;
    }
    return CLV_OK;
}

/* ---- Spectra */

static clv_status fill_metadata(const specs_region *region, const specs_scan *scan, clv_spectra *spectra,
                                clv_error *err)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra);
    time_t seconds = scan->time > 0 && scan->time < 4e9 ? (time_t)scan->time : 0;
    struct tm parts;
    char text[40];

    CLV_TRY(rows_copy_metadata(region->metadata, metadata, err));
    CLV_TRY(clv_metadata_set_number(metadata, "scans", (double)scan->scans, "1", err));
    CLV_TRY(clv_metadata_set_text(metadata, "region", region->name, err));
    if (seconds == 0 || !gmtime_r(&seconds, &parts)) { return CLV_OK; }
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
             parts.tm_hour, parts.tm_min, parts.tm_sec);
    return clv_metadata_set_text(metadata, "started", text, err);
}

static clv_status fill_history(const specs_region *region, int added, clv_spectra *spectra, clv_error *err)
{
    char line[120];

    if (added && region->detectors > 1) {
        snprintf(line, sizeof line, "-- %zu channeltrons added up, each shifted to the nearest channel",
                 region->detectors);
        CLV_TRY(clv_spectra_add_history(spectra, line, err));
    }
    if (region->stopped == 0) { return CLV_OK; }
    snprintf(line, sizeof line, "-- %zu scans left out because they are not whole", region->stopped);
    return clv_spectra_add_history(spectra, line, err);
}

/* Where in a scan's series something belongs. */
typedef struct variables {
    const char *names[SPECS_PARAMETERS + 4], *units[SPECS_PARAMETERS + 4];
    double values[SPECS_PARAMETERS + 4];
    size_t count;
} variables;

static void append(variables *along, const char *name, const char *unit, double value)
{
    along->names[along->count] = name;
    along->units[along->count] = unit;
    along->values[along->count++] = value;
}

static void list_variables(const specs_region *region, const specs_wish *wish, const specs_scan *scan, size_t curve,
                           variables *along)
{
    along->count = 0;
    if (region->cycles > 1) { append(along, "level", "1", (double)scan->cycle); }
    for (size_t i = 0; i < scan->parameters; i++) {
        append(along, scan->parameter[i].name, scan->parameter[i].unit, scan->parameter[i].value);
    }
    if (region->curves > 1) { append(along, "curve", "1", (double)curve); }
    if (!wish->add_scans) { append(along, "scan", "1", (double)scan->scan); }
}

/* Everything that one block is made of. */
typedef struct block {
    const specs_region *region;
    const specs_wish *wish;
    const specs_scan *scan;
    const clv_cursor *in;
    clv_record *out;
    rows_signal what;
    rows table; /* energy, counts, transmission */
    size_t curve;
} block;

static clv_status add_block(block *b, size_t channel, clv_error *err)
{
    rows_signal companion = b->what;
    clv_spectra *spectra = NULL;
    variables along;
    clv_status status;

    CLV_TRY(rows_spectra(&b->table, b->in, &b->what, &spectra, err));
    status = fill_metadata(b->region, b->scan, spectra, err);
    if (!status) { status = fill_history(b->region, b->wish->add_channels, spectra, err); }
    companion.first = 2;
    if (!status && b->table.width > 2) {
        status = rows_add_beside(&b->table, b->in, &companion, "transmission", spectra, err);
    }
    if (status) {
        clv_spectra_free(spectra);
        return status;
    }
    list_variables(b->region, b->wish, b->scan, b->curve, &along);
    if (channel != SIZE_MAX) { append(&along, "channel", "1", (double)channel); }
    return rows_add_block(b->out, b->in, spectra, along.names, along.units, along.values, along.count, err);
}

/* The counts of one curve: [channel][detector]. */
static const double *counts_of(const block *b)
{
    const specs_region *region = b->region;
    size_t channels = (size_t)(region->values + region->head + region->tail);

    return b->scan->counts + b->curve * channels * region->detectors;
}

static clv_status add_sum(block *b, const size_t *from, clv_error *err)
{
    const specs_region *region = b->region;
    const double *counts = counts_of(b);
    size_t n = (size_t)region->values;

    rows_clear(&b->table);
    b->table.width = region->transmission_count == n ? 3 : 2;
    for (size_t i = 0; i < n; i++) {
        double row[3] = {region->start + (double)i * region->step, 0, b->table.width > 2 ? region->transmission[i] : 0};

        for (size_t d = 0; d < region->detectors; d++) { row[1] += counts[(i + from[d]) * region->detectors + d]; }
        CLV_TRY(rows_add(&b->table, row, err));
    }
    return add_block(b, SIZE_MAX, err);
}

/* Each detector at the energies that it sees itself. */
static clv_status add_apart(block *b, clv_error *err)
{
    const specs_region *region = b->region;
    const double *counts = counts_of(b);
    size_t n = (size_t)(region->values + region->head + region->tail);

    for (size_t d = 0; d < region->detectors; d++) {
        rows_clear(&b->table);
        b->table.width = 2;
        for (size_t i = 0; i < n; i++) {
            double row[2] = {region->start + ((double)i - region->head + shift_of(region, d)) * region->step,
                             counts[i * region->detectors + d]};
            CLV_TRY(rows_add(&b->table, row, err));
        }
        CLV_TRY(add_block(b, d, err));
    }
    return CLV_OK;
}

static clv_status add_scans(block *b, const size_t *from, clv_error *err)
{
    size_t curves = b->region->curves > 1 ? (size_t)b->region->curves : 1;

    for (size_t s = 0; s < b->region->scan_count; s++) {
        b->scan = &b->region->scan[s];
        for (b->curve = 0; b->curve < curves; b->curve++) {
            CLV_TRY(b->wish->add_channels ? add_sum(b, from, err) : add_apart(b, err));
        }
    }
    return CLV_OK;
}

clv_status specs_region_emit(const specs_region *region, const specs_wish *wish, const char *where,
                             const clv_cursor *in, clv_record *out, clv_error *err)
{
    const char *technique = clv_metadata_text(region->metadata, "technique");
    int electrons = technique && (strcmp(technique, "XPS") == 0 || strcmp(technique, "UPS") == 0);
    block b = {.region = region, .wish = wish, .in = in, .out = out};
    size_t from[SPECS_DETECTORS];
    clv_status status;

    b.what = (rows_signal){.name = region->name, .unit = "counts", .energy = 0, .first = 1, .count = 1};
    rows_name_axis(0, electrons ? clv_metadata_number(region->metadata, "photon_energy") : NAN, &b.what);
    if (strncmp(region->mode, "Constant", 8) == 0) {
        b.what.axis = "photon_energy";
        b.what.photon = NAN;
    }
    CLV_TRY(check_region(where, region, err));
    CLV_TRY(find_starts(where, region, from, err));
    status = add_scans(&b, from, err);
    rows_free(&b.table);
    return status;
}

clv_status specs_region_skip(const specs_region *region, clv_record *out, clv_error *err)
{
    clv_metadata *metadata = clv_record_metadata_fill(out);
    const char *before = clv_metadata_text(metadata, "left_out");
    char text[400];

    snprintf(text, sizeof text, "%.200s%s%s (%s)", before ? before : "", before ? "; " : "", region->name,
             region->scan_count + region->stopped && *region->mode ? region->mode : "no scans");
    return clv_metadata_set_text(metadata, "left_out", text, err);
}
