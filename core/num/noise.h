/* How much a measured curve scatters, whatever its shape: from fourth differences, robustly.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_NOISE_H
#define NUM_NOISE_H

#include <corelevel/error.h>

/* Fewer channels than this tell nothing of the noise. */
#define CLV_NOISE_CHANNELS 24

/* What was measured. All NaN for fewer than CLV_NOISE_CHANNELS channels or data that are not finite. */
typedef struct clv_noise_measured {
    double sigma;             /* standard deviation of the noise, in the data's unit (typical over the curve) */
    double scale;             /* variance over mean, 1 for raw counts; NaN where the data are not above zero */
    double scale_error;       /* its standard error */
    double correlation;       /* of neighbours, as of a first-order autoregression; 0 for white noise */
    double correlation_error; /* its standard error */
} clv_noise_measured;

/* Measures the noise of `n` channels on a uniform axis. Fourth differences remove whatever is smooth over five
   channels; they are summed in blocks of 16 and the median block counts, so that sharp features in less than half of
   the blocks do not. `sigma` and `scale` are those of white noise: positive correlation makes them too small. One
   spectrum tells little of the correlation (standard error 0.17 for 451 channels), so that they are not corrected for
   it: average it over a map first. Source: J. von Neumann, Ann. Math. Stat. 12 (1941) 367, doi 10.1214/aoms/1177731677
   (differences); the fourth is a choice. Errors: CLV_NO_MEMORY. Any thread. */
clv_status clv_noise_measure(const double *y, size_t n, clv_noise_measured *measured, clv_error *err);

/* Gives the scale to use for counts that promise `promised` variance over mean: the measured one when it lies outside
   0.8 to 1.25 times that and further off than three of its standard errors, else (and when it is NaN) the promised one.
   For several spectra of one record, average what was measured first. */
double clv_noise_scale(double promised, double measured, double error);

#endif
