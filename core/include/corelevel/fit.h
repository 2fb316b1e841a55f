/* Fits: a model, what it found for each spectrum, how sure it is, and how good the model is.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_FIT_H
#define CLV_FIT_H

#include <corelevel/columns.h>
#include <corelevel/spectra.h>
#include <corelevel/value.h>

CLV_BEGIN_DECLS

/* A model: a list of components with their options, names checked, ties not yet resolved against data. Immutable once
   shared, counted. */
typedef struct clv_model clv_model;

/* Makes a model from a table of component values (by place). Checks types, options, names (unique, none of "[ ] / ."),
   that every name in an expression exists, and that ties make no circle. Errors: CLV_BAD_ARGUMENT with component and
   parameter. */
CLV_API clv_status clv_model_new(const clv_value *components, clv_model **model, clv_error *err);
/* Makes a model from literal text, a comma between components: `shirley { active = true }, doublet { "Co3+", position =
 * {780, 779.4, 780.6}, … }`. */
CLV_API clv_status clv_model_parse(const char *text, clv_model **model, clv_error *err);
/* Shares the model: one more reference. Any thread. */
CLV_API clv_model *clv_model_ref(const clv_model *model);
/* Gives up one reference; NULL is allowed. */
CLV_API void clv_model_free(clv_model *model);

/* Components: how many, the name of one ("Co3+", "background" for unnamed backgrounds take their type's name), its
 * value. */
CLV_API size_t clv_model_count(const clv_model *model);
CLV_API const char *clv_model_name(const clv_model *model, size_t place);
CLV_API const clv_value *clv_model_component(const clv_model *model, size_t place);

/* State of one parameter in one spectrum's fit. */
typedef enum clv_parameter_state {
    CLV_PARAMETER_FREE = 0,    /* fitted for each spectrum */
    CLV_PARAMETER_FIXED = 1,   /* held at its value */
    CLV_PARAMETER_TIED = 2,    /* an expression of others */
    CLV_PARAMETER_DERIVED = 3, /* follows from others of its component (fwhm from gaussian and lorentzian) */
    CLV_PARAMETER_SHARED = 4,  /* fitted once for the whole series */
    CLV_PARAMETER_AT_BOUND = 5 /* ended on a bound: its error is NaN */
} clv_parameter_state;

/* A fit over spectra. Immutable, counted. Spectrum i counts as in the spectra. */
typedef struct clv_fit clv_fit;

/* Shares the fit: one more reference. Any thread. */
CLV_API clv_fit *clv_fit_ref(const clv_fit *fit);
/* Gives up one reference; NULL is allowed. */
CLV_API void clv_fit_free(clv_fit *fit);

/* What was fitted, with what. Lent. `statistics` is poisson, mean_weights, chi2 or least_squares; `uncertainty` is
   covariance, profile or bootstrap. */
CLV_API const clv_spectra *clv_fit_spectra(const clv_fit *fit);
CLV_API const clv_model *clv_fit_model(const clv_fit *fit);
CLV_API const char *clv_fit_statistics(const clv_fit *fit);
CLV_API const char *clv_fit_uncertainty(const clv_fit *fit);

/* Parameters: how many; the name `<component>.<parameter>` of one, such as "Co2+.area", and its unit, with the signal's
   unit spelled out; the place of a name. Texts are lent. */
CLV_API size_t clv_fit_parameter_count(const clv_fit *fit);
CLV_API const char *clv_fit_parameter_name(const clv_fit *fit, size_t parameter);
CLV_API const char *clv_fit_parameter_unit(const clv_fit *fit, size_t parameter);
CLV_API size_t clv_fit_parameter_find(const clv_fit *fit, const char *name); /* SIZE_MAX: none */

/* Results of one spectrum. `spectrum` and `parameter` must be below their counts; values are in the parameter's unit.
 */
CLV_API double clv_fit_value(const clv_fit *fit, size_t spectrum, size_t parameter);
/* The standard uncertainty, with what shared parameters add; NaN at a bound or where undetermined. */
CLV_API double clv_fit_error(const clv_fit *fit, size_t spectrum, size_t parameter);
/* How the parameter came by its value. */
CLV_API clv_parameter_state clv_fit_state(const clv_fit *fit, size_t spectrum, size_t parameter);
/* The covariance of two parameters of one spectrum: total, with what shared parameters add. */
CLV_API double clv_fit_covariance(const clv_fit *fit, size_t spectrum, size_t a, size_t b);

/* Writes the interval (68 %) of a parameter and gives 1 where the fit was asked for uncertainty = "profile" or
   "bootstrap"; gives 0 and NaN otherwise. Profile: where the deviance, least over all other parameters, is 1 above its
   minimum; free parameters only, others NaN; an end at a bound is the bound, an end without limit NaN. Bootstrap: the
   15.87 and 84.13 % points of the replicas, whose errors and covariance the fit then tells too. */
CLV_API int clv_fit_interval(const clv_fit *fit, size_t spectrum, size_t parameter, double interval[2]);

/* Shared parameters (one value for the whole series): how many, which, and their covariance; the source of uncertainty
   that columns of this fit share. Lent. */
CLV_API size_t clv_fit_shared_count(const clv_fit *fit);
CLV_API size_t clv_fit_shared(const clv_fit *fit, size_t place);
CLV_API double clv_fit_shared_covariance(const clv_fit *fit, size_t a, size_t b);
CLV_API double clv_fit_sensitivity(const clv_fit *fit, size_t spectrum, size_t parameter, size_t shared);
CLV_API const clv_uncertainty *clv_fit_source(const clv_fit *fit);

/* Goodness of fit of one spectrum, which must be below the number of spectra. The criteria of H. Akaike, IEEE Trans.
   Autom. Control 19 (1974) 716, doi 10.1109/TAC.1974.1100705, and G. Schwarz, Ann. Stat. 6 (1978) 461, doi
   10.1214/aos/1176344136, compare models of the same data under the same statistics: deviance + 2 k and deviance +
   k log n with k fitted parameters and n channels (least squares: n log(squares / n) for the deviance, and the variance
   is one more parameter). Parameters that a series shares are not counted. */
CLV_API double clv_fit_chi2(const clv_fit *fit, size_t spectrum);     /* Pearson's, with the model's variance */
CLV_API double clv_fit_deviance(const clv_fit *fit, size_t spectrum); /* what Poisson likelihood minimises */
CLV_API double clv_fit_dof(const clv_fit *fit, size_t spectrum);      /* channels less free parameters */
CLV_API double clv_fit_reduced(const clv_fit *fit, size_t spectrum);  /* chi2 over dof; NaN when there are none */
CLV_API double clv_fit_runs(const clv_fit *fit, size_t spectrum);     /* two-sided p of the runs test */
CLV_API double clv_fit_aic(const clv_fit *fit, size_t spectrum);      /* Akaike's criterion: lower is better */
CLV_API double clv_fit_bic(const clv_fit *fit, size_t spectrum);      /* Schwarz's criterion: lower is better */
CLV_API uint8_t clv_fit_flags(const clv_fit *fit, size_t spectrum);   /* bits of clv_fit_flag */
CLV_API int clv_fit_iterations(const clv_fit *fit, size_t spectrum);  /* steps that the iteration took */

/* Sentences about the whole fit, such as an Auger line in the range or correlations over 0.95. Lent. */
CLV_API size_t clv_fit_note_count(const clv_fit *fit);
CLV_API const char *clv_fit_note(const clv_fit *fit, size_t place);

/* Components as drawn: peaks and references, then backgrounds. How many; the name of one (lent); whether (1 or 0) it is
   a background. */
CLV_API size_t clv_fit_component_count(const clv_fit *fit);
CLV_API const char *clv_fit_component_name(const clv_fit *fit, size_t component);
CLV_API int clv_fit_component_is_background(const clv_fit *fit, size_t component);

/* Writes curves of one spectrum, each [channels] or NULL where not wanted: the whole model (envelope), the background
   (all backgrounds and what a transform adds), each component [components][channels], the residual (data - model), the
   residual over its standard deviation. NaN outside the window that was fitted. */
CLV_API clv_status clv_fit_curves(const clv_fit *fit, size_t spectrum, double *model, double *background,
                                  double *components, double *residual, double *normalised, clv_error *err);

/* Makes the column of one parameter ("Co2+.area") over the axes of the fitted spectra but the energy, with the fit's
   uncertainty, flags and notes. The caller's. Errors: CLV_NOT_FOUND with a did-you-mean. */
CLV_API clv_status clv_fit_column(const clv_fit *fit, const char *parameter, clv_columns **column, clv_error *err);

CLV_END_DECLS

#endif
