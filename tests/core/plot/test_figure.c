/* Draws figures of every kind to every format: valid, reproducible, and unharmed by hostile input.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gallery.h"

#include <unistd.h>

typedef struct file {
    unsigned char *at;
    size_t size;
} file;

static clv_status keep(const void *bytes, size_t size, void *payload)
{
    file *f = payload;

    f->at = malloc(size + 1);
    if (!f->at) { return CLV_NO_MEMORY; }
    memcpy(f->at, bytes, size);
    f->at[size] = 0;
    f->size = size;
    return CLV_OK;
}

static file written(const clv_figure *figure, clv_figure_format format)
{
    clv_error err = {0};
    file f = {0};

    if (clv_figure_write(figure, format, keep, &f, &err)) { fail_msg("%s", err.text); }
    return f;
}

static uint32_t number_at(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* With CORELEVEL_GALLERY=FOLDER the figures are also left there to be looked at. */
static void test_gallery(void **state)
{
    const char *folder = getenv("CORELEVEL_GALLERY");

    (void)state;
    simulate_all();
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        clv_figure *figure = NULL;
        clv_error err = {0};
        if (kinds[k].draw(&figure, &err)) { fail_msg("%s: %s", kinds[k].name, err.text); }
        file png = written(figure, CLV_FIGURE_PNG);
        assert_memory_equal(png.at, "\x89PNG\r\n\x1a\n", 8);
        assert_int_equal(number_at(png.at + 16), lround(kinds[k].width_mm / 25.4 * 300));
        free(png.at);
        for (int format = 0; folder && format < 3; format++) {
            char path[400];
            snprintf(path, sizeof path, "%s/%s.%s", folder, kinds[k].name,
                     format == 0   ? "svg"
                     : format == 1 ? "pdf"
                                   : "png");
            if (clv_figure_save(figure, path, &err)) { fail_msg("%s", err.text); }
        }
        clv_figure_free(figure);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_gallery)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
