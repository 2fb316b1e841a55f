/* Replays the kept fuzz corpus through the readers: each file is read, or refused in one sentence that names it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/corelevel.h>

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CORPUS CLV_SOURCE_DIR "/tests/fuzz/corpus"

static size_t replayed;

static void replay(const char *format, const char *path, const char *name)
{
    clv_value *options = clv_value_table();
    clv_record *record = NULL;
    clv_error err = {0};
    static char bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    size_t count;

    assert_non_null(file);
    count = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_int_equal(clv_value_set(options, "format", clv_value_text(format), NULL), CLV_OK);
    if (clv_load_bytes(name, bytes, count, options, &record, &err)) {
        assert_null(record);
        assert_non_null(strstr(err.text, name));
    }
    clv_record_free(record);
    clv_value_free(options);
    replayed++;
}

static void each_file(const char *format)
{
    char folder[600], path[1200];
    struct dirent *entry;
    DIR *directory;

    snprintf(folder, sizeof folder, "%s/%s", CORPUS, format);
    directory = opendir(folder);
    assert_non_null(directory);
    while ((entry = readdir(directory))) {
        if (entry->d_name[0] == '.') { continue; }
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        replay(format, path, entry->d_name);
    }
    closedir(directory);
}

static void test_corpus__is_read_or_refused(void **state)
{
    struct dirent *entry;
    DIR *directory = opendir(CORPUS);

    (void)state;
    assert_non_null(directory);
    while ((entry = readdir(directory))) {
        if (entry->d_name[0] != '.' && !strchr(entry->d_name, '.')) { each_file(entry->d_name); }
    }
    closedir(directory);
    assert_true(replayed >= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_corpus__is_read_or_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
