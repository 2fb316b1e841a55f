/* The line shapes that CasaXPS names, as shapes of a model.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "casaxps.h"

#include <corelevel/text.h>

#include <string.h>

/* The widths that exported curves of these presets show; no rule for others is published. */
const casaxps_preset casaxps_presets[] = {{"LA(1.53,243)", "la", 1.53, 1.53, 0.498, 0.835, 0},
                                          {"LF(0.54,10,80,100,6)", "lf", 0.54, 10, 0.50, 0.81, 8.7},
                                          {0}};

/* The numbers between the brackets of "LA(1.3,2.5,11)"; 0 where something else stands there. */
static size_t shape_numbers(const char *text, double numbers[8])
{
    const char *at = strchr(text, '('), *end = text + strlen(text);
    size_t count = 0;

    while (at && count < 8) {
        at = clv_text_number_at(at + 1, end, &numbers[count]);
        if (!at) { return 0; }
        count++;
        if (*at == ')') { return at + 1 == end ? count : 0; }
        if (*at != ',') { return 0; }
    }
    return 0;
}

static int find_preset(const char *name, casaxps_shape *to)
{
    for (const casaxps_preset *p = casaxps_presets; p->name; p++) {
        if (strcmp(p->name, name) != 0) { continue; }
        *to = (casaxps_shape){.kind = CASAXPS_PRESET, .name = p->shape, .preset = *p};
        return 1;
    }
    return 0;
}

static int find_gl(const char *name, const double *n, size_t count, casaxps_shape *to)
{
    int sum = strncmp(name, "SGL(", 4) == 0, product = strncmp(name, "GL(", 3) == 0;

    if ((!sum && !product) || count != 1 || !(n[0] >= 0 && n[0] <= 100)) { return 0; }
    *to = (casaxps_shape){.kind = CASAXPS_GL, .name = sum ? "gl_sum" : "gl_product", .mixing = n[0] / 100};
    return 1;
}

/* LA(a,b,n), LA(a,n) and LF(a,b,w,…): the exponents are known, how wide the parts are is not. */
static int find_free(const char *name, const double *n, size_t count, casaxps_shape *to)
{
    int la = strncmp(name, "LA(", 3) == 0 && (count == 2 || count == 3);
    int lf = strncmp(name, "LF(", 3) == 0 && count >= 4;

    if (!la && !lf) { return 0; }
    *to = (casaxps_shape){.kind = CASAXPS_FREE,
                          .name = la ? "la" : "lf",
                          .preset = {.alpha = n[0],
                                     .beta = count == 2 ? n[0] : n[1],
                                     .lorentzian = 0.5,
                                     .gaussian = 0.8,
                                     .damping = lf ? 8.7 : 0}};
    return 1;
}

clv_status casaxps_find_shape(const casaxps_component *c, casaxps_unknown unknown, casaxps_shape *to, clv_error *err)
{
    double n[8];
    size_t count = shape_numbers(c->shape, n);

    if (find_preset(c->shape, to) || find_gl(c->shape, n, count, to)) { return CLV_OK; }
    CLV_CHECK(find_free(c->shape, n, count, to), err, CLV_BAD_ARGUMENT,
              "the shape %s of component \"%s\" is not known; known are GL(m), SGL(m), LA(1.53,243), "
              "LF(0.54,10,80,100,6), and other LA and LF with unknown = \"free\"",
              c->shape, c->name);
    CLV_CHECK(unknown != CASAXPS_REFUSE, err, CLV_BAD_ARGUMENT,
              "how wide the parts of %s are (component \"%s\") is not published; unknown = \"free\" fits both widths",
              c->shape, c->name);
    CLV_CHECK(unknown != CASAXPS_FIX, err, CLV_BAD_ARGUMENT,
              "the widths of %s (component \"%s\") are not known, so it cannot be fixed", c->shape, c->name);
    return CLV_OK;
}
