/* The choice of kernels: by processor, and by the environment variable CORELEVEL_KERNEL.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "num/kernels.h"

/* Whether a fresh process with CORELEVEL_KERNEL = `asked` takes the level `expected`. The parent has not chosen yet. */
static int child_takes(const char *asked, const char *expected)
{
    int status = 1;
    pid_t child = fork();

    if (child == 0) {
        setenv("CORELEVEL_KERNEL", asked, 1);
        _exit(strcmp(clv_num_kernel_name(), expected) == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static const char *best(void)
{
    return clv_num_kernels_find("avx512") ? "avx512" : clv_num_kernels_find("avx2") ? "avx2" : "generic";
}

static void test_kernels__environment_takes_a_level(void **state)
{
    (void)state;
    assert_true(child_takes("generic", "generic"));
    assert_true(child_takes("avx2", clv_num_kernels_find("avx2") ? "avx2" : best()));
    assert_true(child_takes("avx512", best()));
    assert_true(child_takes("sse9", best()));
}

static void test_kernels__best_level_without_environment(void **state)
{
    (void)state;
    unsetenv("CORELEVEL_KERNEL");
    assert_string_equal(clv_num_kernel_name(), best());
    assert_ptr_equal(clv_num_kernels_get(), clv_num_kernels_find(best()));
    assert_null(clv_num_kernels_find("sse9"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kernels__environment_takes_a_level),
        cmocka_unit_test(test_kernels__best_level_without_environment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
