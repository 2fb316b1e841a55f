/* Publication: whole under the final name or nothing at all, and no unfinished file left behind.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/publication.h"

static char folder[] = "/tmp/clv_publish_XXXXXX";

static char *in_folder(const char *name)
{
    static char path[200];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int files_there(void)
{
    DIR *open = opendir(folder);
    int count = 0;

    for (struct dirent *entry = readdir(open); entry; entry = readdir(open)) {
        count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    }
    closedir(open);
    return count;
}

static clv_status accept(const char *path, void *payload, clv_error *err)
{
    struct stat about;

    (void)err;
    assert_int_equal(stat(path, &about), 0);
    *(off_t *)payload = about.st_size;
    return CLV_OK;
}

static clv_status decline(const char *path, void *payload, clv_error *err)
{
    (void)payload;
    return clv_fail(err, CLV_CANNOT_WRITE, "%s reads back wrong", path);
}

static void what_is_put_stands_there_in_the_end(void **state)
{
    clv_publication *publication = NULL;
    char *large = malloc(200000);
    off_t size = 0;
    FILE *file;
    clv_error err = {0};

    (void)state;
    memset(large, 'x', 200000);
    assert_int_equal(clv_publication_open(in_folder("a.csv"), &publication, &err), CLV_OK);
    assert_int_equal(clv_publication_put(publication, "head\n", 5, &err), CLV_OK);
    assert_int_equal(clv_publication_put(publication, large, 200000, &err), CLV_OK);
    assert_int_equal(clv_publication_put(publication, "tail\n", 5, &err), CLV_OK);
    assert_int_equal(access(in_folder("a.csv"), F_OK), -1);
    assert_int_equal(clv_publication_finish(publication, accept, &size, &err), CLV_OK);
    assert_int_equal(size, 200010);
    assert_int_equal(files_there(), 1);
    file = fopen(in_folder("a.csv"), "r");
    assert_int_equal(fread(large, 1, 6, file), 6);
    assert_memory_equal(large, "head\nx", 6);
    fclose(file);
    unlink(in_folder("a.csv"));
    free(large);
}

static void a_failed_check_or_giving_up_leaves_the_old_file(void **state)
{
    clv_publication *publication = NULL;
    FILE *old = fopen(in_folder("old.csv"), "w");
    struct stat about;
    clv_error err = {0};

    (void)state;
    fputs("old", old);
    fclose(old);
    assert_int_equal(clv_publication_open(in_folder("old.csv"), &publication, &err), CLV_OK);
    assert_int_equal(clv_publication_put(publication, "newer", 5, &err), CLV_OK);
    assert_int_equal(clv_publication_finish(publication, decline, NULL, &err), CLV_CANNOT_WRITE);
    assert_int_equal(clv_publication_open(in_folder("old.csv"), &publication, &err), CLV_OK);
    clv_publication_free(publication);
    assert_int_equal(stat(in_folder("old.csv"), &about), 0);
    assert_int_equal(about.st_size, 3);
    assert_int_equal(files_there(), 1);
    unlink(in_folder("old.csv"));
}

static void sentences_for_what_the_system_refuses(void **state)
{
    clv_publication *publication = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_publication_open(in_folder("no/such/a.csv"), &publication, &err), CLV_CANNOT_WRITE);
    assert_non_null(strstr(err.text, "there is no such folder"));
    assert_int_equal(clv_publication_open("/proc/a.csv", &publication, &err), CLV_CANNOT_WRITE);
    mkdir(in_folder("a.csv"), 0777);
    assert_int_equal(clv_publication_open(in_folder("a.csv"), &publication, &err), CLV_OK);
    assert_int_equal(clv_publication_finish(publication, NULL, NULL, &err), CLV_CANNOT_WRITE);
    assert_non_null(strstr(err.text, "a folder of this name is in the way"));
    rmdir(in_folder("a.csv"));
    assert_int_equal(files_there(), 0);
}

/* A file-size limit stands in for a disk that fills up while we write: the kernel refuses in the same place. */
static void a_write_that_the_kernel_refuses_leaves_nothing(void **state)
{
    struct rlimit before, small = {4096, 4096};
    clv_publication *publication = NULL;
    char *large = calloc(1, 100000);
    clv_error err = {0};

    (void)state;
    getrlimit(RLIMIT_FSIZE, &before);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    assert_int_equal(clv_publication_open(in_folder("full.csv"), &publication, &err), CLV_OK);
    assert_int_equal(clv_publication_put(publication, large, 100000, &err), CLV_CANNOT_WRITE);
    assert_int_equal(clv_publication_put(publication, "x", 1, &err), CLV_CANNOT_WRITE);
    assert_int_equal(clv_publication_finish(publication, NULL, NULL, &err), CLV_CANNOT_WRITE);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_non_null(strstr(err.text, "too large"));
    assert_int_equal(files_there(), 0);
    free(large);
}

static void a_full_disk_says_so(void **state)
{
    clv_publication *publication = NULL;
    char *large = calloc(1, 100000);
    clv_error err = {0};
    int newest, full;

    (void)state;
    /* /dev/full refuses every write with "no space left": it takes the place of the unfinished file, which has the
       lowest free descriptor */
    newest = dup(0);
    close(newest);
    assert_int_equal(clv_publication_open(in_folder("full.csv"), &publication, &err), CLV_OK);
    full = open("/dev/full", O_WRONLY);
    assert_true(full >= 0);
    assert_int_equal(dup2(full, newest), newest);
    close(full);
    assert_int_equal(clv_publication_put(publication, large, 100000, &err), CLV_CANNOT_WRITE);
    assert_non_null(strstr(err.text, "the disk is full"));
    clv_publication_free(publication);
    assert_int_equal(files_there(), 0);
    free(large);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_stands_there_in_the_end),
        cmocka_unit_test(a_failed_check_or_giving_up_leaves_the_old_file),
        cmocka_unit_test(sentences_for_what_the_system_refuses),
        cmocka_unit_test(a_write_that_the_kernel_refuses_leaves_nothing),
        cmocka_unit_test(a_full_disk_says_so),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
