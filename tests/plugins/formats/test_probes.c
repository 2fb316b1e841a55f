/* Which reader takes which file: every real file goes through all probes. Those of vendors win their own kinds and
   leave strangers alone. SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

#include <dirent.h>
#include <sys/stat.h>

/* What each kind of real file in the folder xps is, as SOURCES.md there says; by the end of its name. */
static const struct {
    const char *end, *format;
} kinds[] = {
    {".vms", "vamas"},
    {".npl", "vamas"},
    {".spe", "phi"},
    {".pro", "phi"},
    {"Al-NE-FeCr-S02p6-Fe2p-3.xy", "columns"}, /* two columns without a heading */
    {".xy", "specs_xy"},
    {".xml", "specs_xml"},
    {".ibw", "igor"},
    {"Ag_0001.txt", "scienta_txt"},
    {"Ru02_0063.txt", "scienta_txt"},
    {"check-oxidation.txt", "eis"},
    {"vms_txt_export.txt", "casa"},
    {"vms_export.txt", "casa"},
    {"lineshapes_cols.txt", "casa"},
    {"Co2p_Co_metal.txt", "casa"},
    {"Co2p_CoO.txt", "casa"},
    {"Co2p_Co3O4.txt", "casa"},
    {"_NiWNi2p_Ni2p.txt", "columns"},
    {"C1s_sample.csv", "columns"},
    {"_Ef.csv", "columns"},
    {"_testfile.csv", "columns"},
};

static int ends_in(const char *name, const char *end)
{
    size_t length = strlen(name), tail = strlen(end);

    return length >= tail && strcmp(name + length - tail, end) == 0;
}

/* The format that is surest, NULL when none is or two are alike. */
static const char *winner(const char *path)
{
    static uint8_t bytes[65536];
    FILE *file = fopen(path, "rb");
    clv_head head = {.size = sizeof head, .bytes = bytes, .name = strrchr(path, '/') + 1};
    const char *best = NULL;
    int score = 0;

    if (!file) { return NULL; }
    head.count = fread(bytes, 1, sizeof bytes, file);
    fseek(file, 0, SEEK_END);
    head.file_size = (uint64_t)ftell(file);
    fclose(file);
    for (size_t i = 0; i < clv_registry_format_count(); i++) {
        const clv_format *format = clv_registry_format(i);
        int own = format->read ? format->probe(&head) : 0;

        if (own == score && own > 0) { best = NULL; }
        if (own > score) { best = format->name; }
        score = own > score ? own : score;
    }
    return best;
}

static int is_vendor(const char *format)
{
    static const char *const names[] = {"specs_xy", "specs_xml", "scienta_txt", "igor", "eis", "casa"};

    for (size_t i = 0; format && i < sizeof names / sizeof *names; i++) {
        if (strcmp(format, names[i]) == 0) { return 1; }
    }
    return 0;
}

/* Calls for every file below a folder; returns how many. */
static size_t walk(const char *folder, void (*check)(const char *path, const char *name))
{
    DIR *open = opendir(folder);
    size_t files = 0;
    struct stat facts;
    char path[1000];

    for (struct dirent *entry = open ? readdir(open) : NULL; entry; entry = readdir(open)) {
        if (entry->d_name[0] == '.') { continue; }
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (stat(path, &facts)) { continue; }
        if (S_ISDIR(facts.st_mode)) {
            files += walk(path, check);
        } else {
            check(path, entry->d_name);
            files++;
        }
    }
    if (open) { closedir(open); }
    return files;
}

static void check_known(const char *path, const char *name)
{
    const char *expected = strncmp(name, "2024", 4) == 0 && ends_in(name, ".csv") ? "casa" : NULL;
    const char *got = winner(path);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !expected; i++) {
        if (ends_in(name, kinds[i].end)) { expected = kinds[i].format; }
    }
    if (expected ? !got || strcmp(got, expected) != 0 : is_vendor(got)) {
        fail_msg("%s: %s instead of %s", name, got ? got : "no format, or two alike", expected ? expected : "another");
    }
}

static void check_stranger(const char *path, const char *name)
{
    const char *got = winner(path);

    if (is_vendor(got)) { fail_msg("%s is taken by %s", name, got); }
}

static const char *root_or_skip(void)
{
    const char *root = getenv("CORELEVEL_TESTDATA");

    if (!root) {
        print_message("SKIPPED: real files through all probes: CORELEVEL_TESTDATA is not set\n");
        skip();
    }
    return root;
}

static void files_of_photoelectrons(void **state)
{
    char folder[600];

    (void)state;
    snprintf(folder, sizeof folder, "%s/xps", root_or_skip());
    assert_true(walk(folder, check_known) > 60);
}

static void strangers(void **state)
{
    char folder[600];

    (void)state;
    snprintf(folder, sizeof folder, "%s/eels", root_or_skip());
    assert_true(walk(folder, check_stranger) > 50);
    snprintf(folder, sizeof folder, "%s/xas", root_or_skip());
    assert_true(walk(folder, check_stranger) > 1000);
}

/* First bytes of others: none of ours. */
static void short_and_foreign_heads(void **state)
{
    static const struct {
        const char *bytes;
        size_t count;
    } heads[] = {{"", 0},
                 {"\0", 1},
                 {"\5\0", 2},
                 {"# XDI/1.0\n# Element.symbol: Cu\n8979 1 2\n", 40},
                 {"#FORMAT      : EMSA/MAS Spectral Data File\n", 42},
                 {"\x89HDF\r\n\x1a\n\0\0\0\0\0", 13},
                 {"\0\0\0\3\0\0\0\1", 8}, /* dm3 */
                 {"SOFH\nPlatform: PC\n", 18},
                 {"<?xml version=\"1.0\"?><html/>", 28},
                 {"[Info]\nx=1\n", 11},
                 {"Region\tCount\n", 13},
                 {"Cycle 3 of us\n1 2\n3 4\n5 6\n", 26}};

    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        clv_head head = {.size = sizeof head,
                         .bytes = (const uint8_t *)heads[i].bytes,
                         .count = heads[i].count,
                         .file_size = heads[i].count,
                         .name = "any"};

        for (size_t f = 0; f < clv_registry_format_count(); f++) {
            const clv_format *format = clv_registry_format(f);

            if (is_vendor(format->name) && format->probe(&head)) {
                fail_msg("head %zu is taken by %s", i, format->name);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_photoelectrons),
        cmocka_unit_test(strangers),
        cmocka_unit_test(short_and_foreign_heads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
