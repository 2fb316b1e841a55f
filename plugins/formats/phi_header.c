/* The text header of PHI files: regions, source, sputter gun; everything else is kept under its own name.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "phi.h"

#include <corelevel/text.h>

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define KEPT_LIMIT 500

/* Takes the next word of a line; false at its end. */
static int next_word(const char **at, char *word, size_t size)
{
    size_t length;

    *at += strspn(*at, " \t");
    length = strcspn(*at, " \t");
    snprintf(word, size, "%.*s", (int)(length < 1000 ? length : 1000), *at);
    *at += length;
    return length > 0;
}

/* The next word as a number, NaN when it is none. */
static double next_number(const char **at)
{
    char word[64];
    double number;

    if (!next_word(at, word, sizeof word) || clv_text_number(word, strlen(word), &number, NULL)) { return NAN; }
    return number;
}

/* "C1s" gives "C 1s", "Su1s" and "SUR" the survey; other names stay. */
static void name_region(const char *raw, char name[64])
{
    size_t letters = strspn(raw, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    if (strncasecmp(raw, "su1s", 4) == 0 || strncasecmp(raw, "sur", 3) == 0) {
        snprintf(name, 64, "Survey");
    } else if (letters >= 1 && letters <= 2 && isdigit((unsigned char)raw[letters])) {
        snprintf(name, 64, "%.*s %.50s", (int)letters, raw, raw + letters);
    } else {
        snprintf(name, 64, "%.60s", raw);
    }
}

/* `SpectralRegDef: 2 2 C1s 6 101 -0.2000 298.0000 278.0000 297.0000 279.0000 0.800000 55.00 AREA`: place, number, name,
   atomic number, points, step, first and last energy as acquired and as wanted, time per point, pass energy. */
static clv_status take_region(phi_file *file, const char *value)
{
    phi_region *region = &file->region[file->regions];
    char raw[64];
    double points;

    if (file->regions == PHI_REGIONS) {
        return clv_cursor_fail(file->in, file->err, "more than %d regions", PHI_REGIONS);
    }
    region->number = next_number(&value);
    next_number(&value);
    next_word(&value, raw, sizeof raw);
    name_region(raw, region->name);
    next_number(&value);
    points = next_number(&value);
    region->step = next_number(&value);
    region->start = next_number(&value);
    for (int i = 0; i < 3; i++) { next_number(&value); }
    region->dwell = next_number(&value);
    region->pass_energy = next_number(&value);
    region->sweeps = NAN;
    if (!(points >= 1 && points <= 1e6) || isnan(region->number) || isnan(region->start) ||
        !(fabs(region->step) > 1e-6)) {
        return clv_cursor_fail(file->in, file->err, "a region needs its number, points, step and first energy");
    }
    region->points = (size_t)points;
    file->regions++;
    return CLV_OK;
}

/* `SpectralRegDef2: 2 20.0 10 0 4 180`: the third number is that of the sweeps. */
static clv_status take_sweeps(phi_file *file, const char *value)
{
    double number = next_number(&value), sweeps;

    next_number(&value);
    sweeps = next_number(&value);
    for (size_t i = 0; i < file->regions; i++) {
        if (file->region[i].number == number) { file->region[i].sweeps = sweeps; }
    }
    return CLV_OK;
}

/* `XraySource: Al 1486.6 mono` */
static clv_status take_source(phi_file *file, const char *value)
{
    char anode[64], kind[64] = "", text[140];

    next_word(&value, anode, sizeof anode);
    file->photon_energy = next_number(&value);
    next_word(&value, kind, sizeof kind);
    snprintf(text, sizeof text, "%s%s%s", anode, *kind ? " " : "", kind);
    CLV_TRY(clv_metadata_set_text(file->common, "anode", text, file->err));
    if (!(file->photon_energy > 0)) { return CLV_OK; }
    return clv_metadata_set_number(file->common, "photon_energy", file->photon_energy, "eV", file->err);
}

/* `FileDate: 2024 1 22` */
static clv_status take_date(phi_file *file, const char *value)
{
    double year = next_number(&value), month = next_number(&value), day = next_number(&value);
    char text[32];

    if (!(year >= 1900 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) { return CLV_OK; }
    snprintf(text, sizeof text, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    return clv_metadata_set_text(file->common, "started", text, file->err);
}

/* `FileDesc: (1, SnO2_10nm)` */
static clv_status take_sample(phi_file *file, const char *value)
{
    const char *comma = strchr(value, ',');
    char text[256];
    size_t length;

    snprintf(text, sizeof text, "%.250s", comma && *value == '(' ? comma + 1 + strspn(comma + 1, " ") : value);
    length = strlen(text);
    if (comma && length > 0 && text[length - 1] == ')') { text[length - 1] = 0; }
    return *text ? clv_metadata_set_text(file->common, "sample", text, file->err) : CLV_OK;
}

/* `IntensityCalCoeff: 40.000 0.200` */
static clv_status take_calibration(phi_file *file, const char *value)
{
    double coefficient = next_number(&value), exponent = next_number(&value);

    if (coefficient > 0 && fabs(exponent) < 10) {
        file->coefficient = coefficient;
        file->exponent = exponent;
    }
    return CLV_OK;
}

static clv_status take_corrected(phi_file *file, const char *value)
{
    file->corrected = strncmp(value, "yes", 3) == 0;
    return CLV_OK;
}

/* `SputterRate: 0.000 A/min`, of whichever gun; 0 stands for not known. */
static clv_status take_rate(phi_file *file, const char *value)
{
    double rate = next_number(&value) * 0.1 / 60;

    if (!(rate > 0) || !isfinite(rate)) { return CLV_OK; }
    file->rate = rate;
    CLV_TRY(clv_metadata_set_text(file->common, "sputter_rate_material", "SiO2", file->err));
    return clv_metadata_set_number(file->common, "sputter_rate", rate, "nm/s", file->err);
}

/* `DepthCalDef: 1 Layer3 1 0.0000 0.0000 Ar+ 10.00 0.50 20 …`: the sixth word is the ion, the seventh its energy in kV.
 */
static clv_status take_layer(phi_file *file, const char *value)
{
    char ion[64] = "";
    double energy;

    for (int i = 0; i < 6; i++) { next_word(&value, ion, sizeof ion); }
    energy = next_number(&value);
    if (*ion) { CLV_TRY(clv_metadata_set_text(file->common, "sputter_ion", ion, file->err)); }
    return energy > 0 ? clv_metadata_set_number(file->common, "sputter_energy", energy * 1000, "eV", file->err)
                      : CLV_OK;
}

static clv_status take_work_function(phi_file *file, const char *value)
{
    double energy = next_number(&value);

    return isnan(energy) ? CLV_OK : clv_metadata_set_number(file->common, "work_function", energy, "eV", file->err);
}

static clv_status take_technique(phi_file *file, const char *value)
{
    return clv_metadata_set_text(file->common, "technique", value, file->err);
}

static clv_status take_instrument(phi_file *file, const char *value)
{
    return clv_metadata_set_text(file->common, "instrument", value, file->err);
}

static clv_status take_mode(phi_file *file, const char *value)
{
    return clv_metadata_set_text(file->common, "analyser_mode", value, file->err);
}

/* What a known key means; a key without a line here is only kept. */
static const struct {
    const char *key;
    clv_status (*take)(phi_file *file, const char *value);
} keys[] = {
    {"SpectralRegDef", take_region},
    {"SpectralRegDef2", take_sweeps},
    {"XraySource", take_source},
    {"FileDate", take_date},
    {"FileDesc", take_sample},
    {"IntensityCalCoeff", take_calibration},
    {"IntensityRecal", take_corrected},
    {"SputterRate", take_rate},
    {"GCIBSputterRate", take_rate},
    {"DepthCalDef", take_layer},
    {"AnalyserWorkFcn", take_work_function},
    {"Technique", take_technique},
    {"InstrumentModel", take_instrument},
    {"AnalyserMode", take_mode},
};

/* Keeps the line under its own name and takes what it means. */
static clv_status take_line(phi_file *file, const char *line)
{
    const char *colon = strchr(line, ':'), *value;
    clv_metadata *kept = clv_record_metadata_fill(file->out);
    char key[80], text[512];
    size_t length;

    if (!colon || colon == line || colon - line >= (ptrdiff_t)sizeof key) { return CLV_OK; }
    snprintf(key, sizeof key, "%.*s", (int)(colon - line), line);
    value = colon + 1 + strspn(colon + 1, " \t");
    snprintf(text, sizeof text, "%.500s", value);
    length = strlen(text);
    while (length > 0 && text[length - 1] == ' ') { text[--length] = 0; }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(key, keys[i].key) == 0) { CLV_TRY(keys[i].take(file, text)); }
    }
    if (!*text || clv_metadata_count(kept) >= KEPT_LIMIT || clv_metadata_text(kept, key)) { return CLV_OK; }
    return clv_metadata_set_text(kept, key, text, file->err);
}

clv_status phi_take_header(phi_file *file)
{
    const char *line = "";

    CLV_TRY(clv_cursor_text(file->in, &line, file->err));
    if (strncmp(line, "SOFH", 4) != 0) { return clv_cursor_fail(file->in, file->err, "SOFH should stand here"); }
    while (strncmp(line, "EOFH", 4) != 0) {
        clv_status status = clv_cursor_text(file->in, &line, file->err);

        if (status == CLV_NOT_FOUND) {
            return clv_cursor_fail(file->in, file->err, "the file ends before EOFH, the end of its header");
        }
        CLV_TRY(status);
        CLV_TRY(take_line(file, line));
    }
    if (file->regions == 0) {
        return clv_cursor_fail(file->in, file->err, "the header describes no region (SpectralRegDef)");
    }
    return CLV_OK;
}
