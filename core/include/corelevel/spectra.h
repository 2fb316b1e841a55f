/* Spectra: one signal on named axes, the energy axis last and contiguous, with its noise, offsets, metadata and
   history. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_SPECTRA_H
#define CLV_SPECTRA_H

#include <corelevel/axis.h>
#include <corelevel/metadata.h>

CLV_BEGIN_DECLS

/* Five experimental variables and the energy. */
#define CLV_SPECTRA_MAX_AXES 6

/* How the signal scatters, a property of the data and not of its unit. */
typedef enum clv_noise {
    CLV_NOISE_UNKNOWN = 0, /* nothing is known: errors are scaled by the residuals */
    CLV_NOISE_POISSON = 1, /* counts: variance = scale * mean (+ read noise squared) */
    CLV_NOISE_VARIANCE = 2 /* a variance is given for each channel */
} clv_noise;

/* One signal. Values are immutable once shared: what changes one returns a new one. `clv_spectra *` (not const) is the
   maker's, who may fill and set; everybody else holds `const clv_spectra *`. "Spectrum i" counts the places of all axes
   but the energy axis, the last of them fastest, from 0. Any thread may read and count. */
typedef struct clv_spectra clv_spectra;

/* Makes spectra of zeros on `count` axes (1 to CLV_SPECTRA_MAX_AXES, shared; the last one an energy axis). Name such as
   "Co 2p"; unit such as "counts", "counts/s", "1". Errors: CLV_BAD_ARGUMENT, CLV_NO_MEMORY (also when sizes overflow).
 */
CLV_API clv_status clv_spectra_new(const char *name, const char *unit, clv_axis *const *axes, size_t count,
                                   clv_spectra **spectra, clv_error *err);

/* Makes a deep copy that the caller may change, with the same name, noise, offsets, metadata and history. */
CLV_API clv_status clv_spectra_copy(const clv_spectra *spectra, clv_spectra **copy, clv_error *err);

/* Makes a copy of everything but the numbers on other axes: intensities are zero, variance and offsets are dropped when
   the number of spectra changes, the variance also when the number of channels does (the noise is then unknown until a
   new one is made). Metadata, noise, history, window and what stands beside equal axes stay. */
CLV_API clv_status clv_spectra_like(const clv_spectra *spectra, clv_axis *const *axes, size_t count, clv_spectra **made,
                                    clv_error *err);

/* Shares the spectra: one more reference. Any thread. */
CLV_API clv_spectra *clv_spectra_ref(const clv_spectra *spectra);
/* Gives up one reference; the last one frees. NULL is allowed. */
CLV_API void clv_spectra_free(clv_spectra *spectra);

/* Shape. `clv_spectra_axis(s, clv_spectra_axis_count(s) - 1)` is the energy axis, also `clv_spectra_energy`. */
CLV_API const char *clv_spectra_name(const clv_spectra *spectra);             /* "Co 2p"; lent */
CLV_API const char *clv_spectra_unit(const clv_spectra *spectra);             /* "counts"; lent */
CLV_API size_t clv_spectra_axis_count(const clv_spectra *spectra);            /* 1 for a single spectrum */
CLV_API clv_axis *clv_spectra_axis(const clv_spectra *spectra, size_t place); /* lent */
CLV_API clv_axis *clv_spectra_energy(const clv_spectra *spectra);             /* lent */
CLV_API size_t clv_spectra_count(const clv_spectra *spectra);    /* number of spectra: product of the leading sizes */
CLV_API size_t clv_spectra_channels(const clv_spectra *spectra); /* size of the energy axis */

/* A second coordinate of an axis (etch_time beside depth; the analyser's transmission beside the energies), NULL where
   there is none. The axis is shared and must have the size of the one at `place`. */
CLV_API size_t clv_spectra_beside_count(const clv_spectra *spectra, size_t place);
CLV_API clv_axis *clv_spectra_beside(const clv_spectra *spectra, size_t place, size_t which);
CLV_API clv_status clv_spectra_add_beside(clv_spectra *spectra, size_t place, clv_axis *axis, clv_error *err);

/* The numbers, spectrum after spectrum, channels fastest: intensity; variance (NULL unless noise is
   CLV_NOISE_VARIANCE). Lent. The maker fills them through the second pair; `clv_spectra_make_variance` sets the noise
   to variance. */
CLV_API const double *clv_spectra_intensity(const clv_spectra *spectra);
CLV_API const double *clv_spectra_variance(const clv_spectra *spectra);
CLV_API double *clv_spectra_fill(clv_spectra *spectra);
CLV_API clv_status clv_spectra_make_variance(clv_spectra *spectra, double **variance, clv_error *err);

/* True energy = axis value + offset: one offset in eV per spectrum with its standard uncertainty (both NULL where
   nothing has been aligned). A negative uncertainty marks a held or fallback value (see charge_correct). Setting copies
   count() values; a NULL error means exact offsets, a NULL offset takes them away. */
CLV_API const double *clv_spectra_offset(const clv_spectra *spectra);
CLV_API const double *clv_spectra_offset_error(const clv_spectra *spectra);
CLV_API clv_status clv_spectra_set_offset(clv_spectra *spectra, const double *offset, const double *error,
                                          clv_error *err);

/* The window in true energies outside which channels are masked, as `crop` leaves it; -INFINITY and INFINITY when there
   is none. */
CLV_API void clv_spectra_window(const clv_spectra *spectra, double *low, double *high);
CLV_API void clv_spectra_set_window(clv_spectra *spectra, double low, double high);

/* Noise: its kind; for Poisson the variance is `scale` times the mean plus `read` squared (counts). The measured scale
   is what `clv_spectra_measure_noise` found from fourth differences when the spectra were loaded (NaN before), and the
   lag-1 correlation beside it. */
CLV_API clv_noise clv_spectra_noise(const clv_spectra *spectra);
CLV_API double clv_spectra_noise_scale(const clv_spectra *spectra);       /* variance over mean */
CLV_API double clv_spectra_noise_read(const clv_spectra *spectra);        /* counts */
CLV_API double clv_spectra_noise_measured(const clv_spectra *spectra);    /* variance over mean */
CLV_API double clv_spectra_noise_correlation(const clv_spectra *spectra); /* -1 to 1 */
/* Sets the noise; a variance that was given is dropped unless the noise is CLV_NOISE_VARIANCE. Spectra begin with
   unknown noise, scale 1, read noise 0. */
CLV_API void clv_spectra_set_noise(clv_spectra *spectra, clv_noise noise, double scale, double read);

/* Measures the noise of counts and, where variance/mean lies outside 0.8-1.25, uses the measured scale and says so in
   the history. For spectra that are not counts it only records what it measures. */
CLV_API clv_status clv_spectra_measure_noise(clv_spectra *spectra, clv_error *err);

/* Metadata of the whole, lent; the maker changes them through the second. */
CLV_API const clv_metadata *clv_spectra_metadata(const clv_spectra *spectra);
CLV_API clv_metadata *clv_spectra_metadata_fill(clv_spectra *spectra);
/* Rename, and tell another unit without changing a number. Copied. Errors: CLV_NO_MEMORY. */
CLV_API clv_status clv_spectra_set_name(clv_spectra *spectra, const char *name, clv_error *err);
CLV_API clv_status clv_spectra_set_unit(clv_spectra *spectra, const char *unit, clv_error *err);

/* History: one line for each thing done, as it would be written in a workflow, oldest first. Lent. */
CLV_API size_t clv_spectra_history_count(const clv_spectra *spectra);
CLV_API const char *clv_spectra_history(const clv_spectra *spectra, size_t place);
CLV_API clv_status clv_spectra_add_history(clv_spectra *spectra, const char *line, clv_error *err);

CLV_END_DECLS

#endif
