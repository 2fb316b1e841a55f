/* Asymmetric kernels and their areas in closed form, or by a sum that converges exponentially.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/asymmetric.h"

#include <math.h>
#include <string.h>

#define LN2 0.69314718055994530942

static clv_status check_exponent(const char *name, double exponent, double least, clv_error *err)
{
    CLV_CHECK(exponent >= least && exponent <= 50, err, CLV_BAD_ARGUMENT,
              "%s is %g; as an exponent of this shape it lies between %g and 50", name, exponent, least);
    return CLV_OK;
}

clv_status clv_num_asymmetric_check(clv_asymmetric_shape shape, const clv_asymmetric_line *line, clv_error *err)
{
    CLV_CHECK(isfinite(line->position) && isfinite(line->weight), err, CLV_BAD_ARGUMENT,
              "the position or the area of a line is not finite");
    CLV_CHECK(
        line->lorentzian >= 1e-3 && line->lorentzian <= 1e3 && line->lorentzian >= 0.01 * line->gaussian, err,
        CLV_BAD_ARGUMENT,
        "lorentzian is %g eV; a line of this shape needs one of at least 0.001 eV and a hundredth of its gaussian",
        line->lorentzian);
    CLV_CHECK(line->gaussian >= 0, err, CLV_BAD_ARGUMENT, "gaussian is %g eV; it is 0 or more", line->gaussian);
    if (shape == CLV_ASYMMETRIC_DONIACH_SUNJIC) {
        CLV_CHECK(line->alpha >= 0 && line->alpha <= 0.5, err, CLV_BAD_ARGUMENT,
                  "alpha is %g; the asymmetry of a Doniach-Sunjic line lies between 0 and 0.5", line->alpha);
        CLV_CHECK(line->within > 0 && isfinite(line->within), err, CLV_BAD_ARGUMENT,
                  "the area of a Doniach-Sunjic line needs a range above 0 eV, not %g", line->within);
        return CLV_OK;
    }
    double least = shape == CLV_ASYMMETRIC_LA ? 0.51 : 0.1;
    CLV_TRY(check_exponent("alpha", line->alpha, least, err));
    CLV_TRY(check_exponent("beta", line->beta, least, err));
    CLV_CHECK(shape == CLV_ASYMMETRIC_LA || (line->damping >= 0.1 * line->lorentzian && isfinite(line->damping)), err,
              CLV_BAD_ARGUMENT, "damping is %g eV; it is at least a tenth of lorentzian", line->damping);
    return CLV_OK;
}

/* Re[exp(-i pi alpha/2) (1 + i y)^(alpha - 1)]. */
static void doniach_sunjic(const clv_asymmetric_line *line, double x, double *part, double *by_x)
{
    double y = -2 * x / line->lorentzian, r = 1 + y * y, angle = atan(y), rest = 1 - line->alpha;
    double logarithm = 0.5 * log(r), phase = M_PI_2 * line->alpha + rest * angle, size = exp(-rest * logarithm);
    double by_y = -rest * size / sqrt(r) * sin(phase + angle);

    part[CLV_NUM_KERNEL] = size * cos(phase);
    part[CLV_NUM_BY_LORENTZIAN] = -by_y * y / line->lorentzian;
    part[CLV_NUM_BY_ALPHA] = logarithm * part[CLV_NUM_KERNEL] - size * sin(phase) * (M_PI_2 - angle);
    if (by_x) { *by_x = -2 * by_y / line->lorentzian; }
}

/* l^alpha above, l^beta below the position; damped for lf. */
static void powers(clv_asymmetric_shape shape, const clv_asymmetric_line *line, double x, double *part, double *by_x)
{
    double f = line->lorentzian, q = 2 * x / f, r = 1 + q * q, logarithm = log(r);
    double exponent = x > 0 ? line->alpha : line->beta, slope = -exponent * 4 * q / (r * f), by_damping = 0, damped = 0;

    if (shape == CLV_ASYMMETRIC_LF) {
        double per_damping = 1 / line->damping;
        damped = -4 * LN2 * x * x * per_damping * per_damping;
        slope += -8 * LN2 * x * per_damping * per_damping;
        by_damping = -2 * damped * per_damping;
    }
    double value = exp(-exponent * logarithm + damped);
    part[CLV_NUM_KERNEL] = value;
    part[CLV_NUM_BY_LORENTZIAN] = value * exponent * 2 * q * q / (r * f);
    part[x > 0 ? CLV_NUM_BY_ALPHA : CLV_NUM_BY_BETA] = -logarithm * value;
    part[CLV_NUM_BY_DAMPING] = by_damping * value;
    if (by_x) { *by_x = slope * value; }
}

void clv_num_asymmetric_kernel(clv_asymmetric_shape shape, const clv_asymmetric_line *line, double x,
                               double part[CLV_NUM_KERNEL_PARTS], double *by_x)
{
    memset(part, 0, CLV_NUM_KERNEL_PARTS * sizeof *part);
    if (shape == CLV_ASYMMETRIC_DONIACH_SUNJIC) {
        doniach_sunjic(line, x, part, by_x);
    } else {
        powers(shape, line, x, part, by_x);
    }
}

/* The antiderivative (1 + y^2)^(alpha/2) sin(alpha (atan y - pi/2))/alpha of the kernel over y, and its derivative by
   alpha; series in alpha where the quotient would lose digits. */
static double doniach_sunjic_integral(double alpha, double y, double *by_alpha)
{
    double logarithm = 0.5 * log1p(y * y), size = exp(alpha * logarithm),
           turn = y > 0 ? -atan(1 / y) : atan(y) - M_PI_2;
    double at = alpha * turn, sine, by;

    if (fabs(at) < 0.01) {
        double s = at * at;
        sine = turn * (1 - s / 6 * (1 - s / 20 * (1 - s / 42)));
        by = turn * turn * at * (-1.0 / 3 + s / 30 - s * s / 840);
    } else {
        sine = sin(at) / alpha;
        by = (turn * cos(at) - sine) / alpha;
    }
    *by_alpha = size * (logarithm * sine + by);
    return size * sine;
}

static void doniach_sunjic_area(const clv_asymmetric_line *line, double *part)
{
    double half = 0.5 * line->lorentzian, y = line->within / half, up, down, above[CLV_NUM_KERNEL_PARTS],
           below[CLV_NUM_KERNEL_PARTS];
    double area = doniach_sunjic_integral(line->alpha, y, &up) - doniach_sunjic_integral(line->alpha, -y, &down);

    doniach_sunjic(line, line->within, above, NULL);
    doniach_sunjic(line, -line->within, below, NULL);
    part[CLV_NUM_KERNEL] = half * area;
    part[CLV_NUM_BY_ALPHA] = half * (up - down);
    part[CLV_NUM_BY_LORENTZIAN] = 0.5 * (area - y * (above[0] + below[0]));
}

/* The derivative of ln Gamma, DLMF 5.5.2 and 5.11.2. */
static double digamma(double x)
{
    double sum = 0;

    for (; x < 12; x++) { sum -= 1 / x; }
    double s = 1 / (x * x);
    return sum + log(x) - 0.5 / x - s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s / 132))));
}

/* One side of l^exponent over x/lorentzian: sqrt(pi)/4 Gamma(exponent - 1/2)/Gamma(exponent), DLMF 5.12.3. */
static double power_side(double exponent, double *by_exponent)
{
    double side = 0.25 * sqrt(M_PI) * tgamma(exponent - 0.5) / tgamma(exponent);

    *by_exponent = side * (digamma(exponent - 0.5) - digamma(exponent));
    return side;
}

/* One damped side, with x = (lorentzian/2) sinh v: the integrand over v is even and analytic, so that the trapezoid
   rule of step 1/8 errs by about exp(-8 pi^2). `by` its derivatives by exponent, lorentzian, damping. */
static double damped_side(const clv_asymmetric_line *line, double exponent, double by[3])
{
    const double step = 0.125;
    double half = 0.5 * line->lorentzian, sum = 0;

    memset(by, 0, 3 * sizeof *by);
    for (int k = 0; k < 400; k++) {
        double s = sinh(step * k), log_cosh = log(cosh(step * k)), x = half * s / line->damping,
               damped = 4 * LN2 * x * x;
        double value = (k > 0 ? 1 : 0.5) * half * exp((1 - 2 * exponent) * log_cosh - damped);
        sum += value;
        by[0] -= 2 * log_cosh * value;
        by[1] += value * (1 - 2 * damped) / line->lorentzian;
        by[2] += value * 2 * damped / line->damping;
        if (damped > 40 || value < 1e-18 * sum) { break; }
    }
    for (int i = 0; i < 3; i++) { by[i] *= step; }
    return step * sum;
}

void clv_num_asymmetric_area(clv_asymmetric_shape shape, const clv_asymmetric_line *line,
                             double part[CLV_NUM_KERNEL_PARTS])
{
    memset(part, 0, CLV_NUM_KERNEL_PARTS * sizeof *part);
    if (shape == CLV_ASYMMETRIC_DONIACH_SUNJIC) {
        doniach_sunjic_area(line, part);
    } else if (shape == CLV_ASYMMETRIC_LA) {
        double high = power_side(line->alpha, &part[CLV_NUM_BY_ALPHA]),
               low = power_side(line->beta, &part[CLV_NUM_BY_BETA]);
        part[CLV_NUM_KERNEL] = line->lorentzian * (high + low);
        part[CLV_NUM_BY_LORENTZIAN] = high + low;
        part[CLV_NUM_BY_ALPHA] *= line->lorentzian;
        part[CLV_NUM_BY_BETA] *= line->lorentzian;
    } else {
        double high[3], low[3];
        part[CLV_NUM_KERNEL] = damped_side(line, line->alpha, high) + damped_side(line, line->beta, low);
        part[CLV_NUM_BY_ALPHA] = high[0];
        part[CLV_NUM_BY_BETA] = low[0];
        part[CLV_NUM_BY_LORENTZIAN] = high[1] + low[1];
        part[CLV_NUM_BY_DAMPING] = high[2] + low[2];
    }
}
