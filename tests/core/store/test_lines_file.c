/* The line library from another file, as CORELEVEL_LINES names it: tests/spectra/good.xml, one that is not there, and
   one that is wrong, each in a process of its own because it is read once. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <corelevel/lines.h>

/* Runs `check` in a child with the variable set; its exit code. */
static int with(const char *path, int (*check)(void))
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        setenv("CORELEVEL_LINES", path, 1);
        _exit(check());
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int is_good(void) { return clv_lines_ready(NULL) == CLV_OK && clv_lines_count() > 0 && clv_lines_count() < 20; }

static int has_none(void)
{
    const clv_line *line;
    clv_error err = {0}, again = {0};

    return clv_lines_ready(&err) == CLV_BAD_FILE && clv_lines_count() == 0 && !clv_lines_at(0) &&
           clv_lines_auger_count() == 0 && strlen(err.text) > 20 &&
           clv_lines_find("Co 2p", NULL, &line, &again) == CLV_BAD_FILE && strcmp(err.text, again.text) == 0;
}

static void another_file(void **state)
{
    (void)state;
    assert_int_equal(with(CLV_SOURCE_DIR "/tests/spectra/good.xml", is_good), 1);
    assert_int_equal(with("/no/such/file.xml", has_none), 1);
    assert_int_equal(with(CLV_SOURCE_DIR "/tests/spectra/unknown_source.xml", has_none), 1);
    assert_int_equal(with(CLV_SOURCE_DIR "/README.md", has_none), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(another_file)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
