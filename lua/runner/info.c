/* corelevel info: what a file holds, as a table or as JSON.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <math.h>
#include <string.h>

static void json_axis(const clv_axis *axis)
{
    size_t size = clv_axis_size(axis);
    const double *values = clv_axis_values(axis);

    fputs("{\"name\":", stdout);
    clv_json_text(stdout, clv_axis_name(axis));
    fputs(",\"unit\":", stdout);
    clv_json_text(stdout, clv_axis_unit(axis));
    printf(",\"size\":%zu,\"first\":", size);
    clv_json_number(stdout, size ? values[0] : NAN);
    fputs(",\"last\":", stdout);
    clv_json_number(stdout, size ? values[size - 1] : NAN);
    putchar('}');
}

/* Members of a metadata object; those that `over` (NULL allowed) has too are left to it. */
static int json_metadata(const clv_metadata *metadata, const clv_metadata *over, int comma)
{
    for (size_t i = 0; metadata && i < clv_metadata_count(metadata); i++) {
        const char *name = clv_metadata_name(metadata, i), *text = clv_metadata_text(metadata, name);
        if (over && (clv_metadata_text(over, name) || !isnan(clv_metadata_number(over, name)))) { continue; }
        if (comma) { putchar(','); }
        clv_json_text(stdout, name);
        putchar(':');
        if (text) {
            clv_json_text(stdout, text);
        } else {
            clv_json_number(stdout, clv_metadata_number(metadata, name));
        }
        comma = 1;
    }
    return comma;
}

static void json_spectra(const clv_record *record, const clv_spectra *spectra)
{
    size_t axes = clv_spectra_axis_count(spectra);
    int comma;

    fputs("{\"name\":", stdout);
    clv_json_text(stdout, clv_spectra_name(spectra));
    fputs(",\"shape\":[", stdout);
    for (size_t i = 0; i < axes; i++) { printf("%s%zu", i ? "," : "", clv_axis_size(clv_spectra_axis(spectra, i))); }
    fputs("],\"unit\":", stdout);
    clv_json_text(stdout, clv_spectra_unit(spectra));
    fputs(",\"axes\":[", stdout);
    for (size_t i = 0; i < axes; i++) {
        if (i) { putchar(','); }
        json_axis(clv_spectra_axis(spectra, i));
    }
    fputs("],\"metadata\":{", stdout);
    comma = json_metadata(clv_record_metadata(record), clv_spectra_metadata(spectra), 0);
    json_metadata(clv_spectra_metadata(spectra), NULL, comma);
    fputs("}}", stdout);
}

/* Text and number of an entry: the spectra's own, else the record's. */
static const char *text_of(const clv_record *record, const clv_spectra *spectra, const char *name)
{
    const char *text = spectra ? clv_metadata_text(clv_spectra_metadata(spectra), name) : NULL;

    return text ? text : clv_metadata_text(clv_record_metadata(record), name);
}

static double number_of(const clv_record *record, const clv_spectra *spectra, const char *name)
{
    double number = clv_metadata_number(clv_spectra_metadata(spectra), name);

    return isnan(number) ? clv_metadata_number(clv_record_metadata(record), name) : number;
}

static const char *technique_of(const clv_record *record)
{
    return text_of(record, clv_record_count(record) ? clv_record_at(record, 0) : NULL, "technique");
}

static void print_json(const clv_record *record)
{
    fputs("{\"format\":", stdout);
    clv_json_text(stdout, clv_record_format(record));
    fputs(",\"technique\":", stdout);
    clv_json_text(stdout, technique_of(record));
    fputs(",\"spectra\":[", stdout);
    for (size_t i = 0; i < clv_record_count(record); i++) {
        if (i) { putchar(','); }
        json_spectra(record, clv_record_at(record, i));
    }
    puts("]}");
}

/* A cell with a number or a text of the metadata, "-" where there is none. */
static void add_entry(clv_table *table, const clv_record *record, const clv_spectra *spectra, const char *name)
{
    const char *text = text_of(record, spectra, name);
    double number = number_of(record, spectra, name);

    if (text) {
        clv_table_add(table, "%.40s", text);
    } else if (isnan(number)) {
        clv_table_add(table, "-");
    } else {
        clv_table_add(table, "%.6g", number);
    }
}

/* The leading axes: "3 depths 0 … 30 nm"; for one spectrum the level that its metadata tell. */
static void add_levels(clv_table *table, const clv_record *record, const clv_spectra *spectra)
{
    char text[200] = "";
    size_t used = 0, count = clv_spectra_axis_count(spectra);

    if (count < 2) {
        add_entry(table, record, spectra, "level");
        return;
    }
    for (size_t i = 0; i + 1 < count && used < sizeof text; i++) {
        const clv_axis *axis = clv_spectra_axis(spectra, i);
        size_t size = clv_axis_size(axis);
        const char *unit = clv_axis_unit(axis);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%zu %s %.4g … %.4g%s%s", i ? ", " : "", size,
                                 clv_axis_name(axis), clv_axis_values(axis)[0], clv_axis_values(axis)[size - 1],
                                 strcmp(unit, "1") != 0 ? " " : "", strcmp(unit, "1") != 0 ? unit : "");
    }
    clv_table_add(table, "%s", text);
}

static void add_spectra(clv_table *table, const clv_record *record, const clv_spectra *spectra)
{
    const clv_axis *energy = clv_spectra_energy(spectra);
    size_t size = clv_axis_size(energy);
    const double *values = clv_axis_values(energy);

    clv_table_add(table, "%s", clv_spectra_name(spectra));
    add_entry(table, record, spectra, "sample");
    add_levels(table, record, spectra);
    clv_table_add(table, "%s %.6g … %.6g eV", clv_axis_name(energy), values[0], values[size - 1]);
    clv_table_add(table, "%zu", size);
    add_entry(table, record, spectra, "pass_energy");
    add_entry(table, record, spectra, "dwell");
    add_entry(table, record, spectra, "scans");
    clv_table_add(table, "%s", clv_spectra_unit(spectra));
}

static void print_table(const clv_record *record, const char *path)
{
    static const char *const heading[] = {"spectra",          "sample",    "level", "energy", "channels",
                                          "pass energy [eV]", "dwell [s]", "scans", "unit"};
    const char *technique = technique_of(record);
    const clv_format *format = NULL;
    clv_table *table = clv_table_new(sizeof heading / sizeof heading[0]);

    clv_registry_find_format(clv_record_format(record), &format, NULL);
    printf("%s: %s%s%s\n\n", path, format ? format->title : clv_record_format(record), technique ? ", " : "",
           technique ? technique : "");
    for (size_t i = 0; i < sizeof heading / sizeof heading[0]; i++) { clv_table_add(table, "%s", heading[i]); }
    for (size_t i = 0; i < clv_record_count(record); i++) { add_spectra(table, record, clv_record_at(record, i)); }
    clv_table_print(table, stdout);
    clv_table_free(table);
}

static int run(const clv_command *self, clv_words *words)
{
    int json = clv_words_flag(words, "--json"), code;
    clv_record *record = NULL;
    clv_error err = {0};

    code = clv_words_check(self, words, 1, 1);
    if (code) { return code; }
    if (clv_load(words->word[0], NULL, &record, &err)) { return clv_say(&err, clv_code_of(&err)); }
    if (json) {
        print_json(record);
    } else {
        print_table(record, words->word[0]);
    }
    clv_record_free(record);
    return CLV_OUTCOME_DONE;
}

const clv_command clv_command_info = {
    .name = "info",
    .doc = "what a file holds",
    .help = "  corelevel info profile.vms\n"
            "  corelevel info profile.vms --json\n"
            "\n"
            "corelevel info FILE [--json]\n"
            "\n"
            "Prints each spectra with its sample, level, energies, pass energy, dwell time and scans.\n"
            "  --json   {\"format\":, \"technique\":, \"spectra\":[{\"name\":, \"shape\":, \"unit\":, \"axes\":, "
            "\"metadata\":}]}",
    .run = run,
};
