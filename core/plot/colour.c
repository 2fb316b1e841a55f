/* The palette for categories and the sequential colour map.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/figure.h>

#include <math.h>

static const clv_colour palette[] = {
    0xFF0072B2, 0xFFD55E00, 0xFF009E73, 0xFFCC79A7, 0xFFE69F00,
    0xFF56B4E9, 0xFF882255, 0xFF332288, 0xFF999933, 0xFF6B6B6B,
};

/* Hue (degrees) and chroma in Oklab along the map, at equal steps of t. */
static const struct {
    double hue, chroma;
} path[] = {{300, 0.115}, {272, 0.125}, {236, 0.100}, {200, 0.090}, {166, 0.120}, {134, 0.160}, {106, 0.180}};

clv_colour clv_colour_cycle(size_t k) { return palette[k % (sizeof palette / sizeof palette[0])]; }

static double encode(double linear)
{
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055;
}

/* Oklab to linear sRGB (Ottosson 2020); false outside the gamut. */
static bool oklab(double lightness, double a, double b, double rgb[3])
{
    double l = pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
    double m = pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
    double s = pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
    bool inside = true;

    rgb[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
    rgb[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
    rgb[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
    for (int i = 0; i < 3; i++) { inside = inside && rgb[i] >= 0 && rgb[i] <= 1; }
    return inside;
}

clv_colour clv_colour_map(double t)
{
    const size_t steps = sizeof path / sizeof path[0] - 1;
    const double degree = 3.14159265358979323846 / 180;
    double rgb[3];

    if (isnan(t)) { return 0xFFE4E4E4; }
    t = fmin(fmax(t, 0), 1);
    size_t k = t * (double)steps >= (double)steps ? steps - 1 : (size_t)(t * (double)steps);
    double part = t * (double)steps - (double)k;
    double hue = degree * (path[k].hue + part * (path[k + 1].hue - path[k].hue));
    double chroma = path[k].chroma + part * (path[k + 1].chroma - path[k].chroma);
    /* Less chroma until sRGB can show it: lightness, which carries the value, is never touched. */
    while (!oklab(0.27 + 0.64 * t, chroma * cos(hue), chroma * sin(hue), rgb) && chroma > 0) { chroma -= 0.002; }
    clv_colour colour = 0xFF;
    for (int i = 0; i < 3; i++) { colour = colour << 8 | (clv_colour)lround(255 * encode(fmin(fmax(rgb[i], 0), 1))); }
    return colour;
}
