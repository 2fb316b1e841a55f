/* What a fit holds, for the files of this room that make, read, draw and save one.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_FIT_OBJECT_H
#define CLV_APPLY_FIT_OBJECT_H

#include "apply/plan.h"
#include "fit/intervals.h"

struct clv_fit {
    clv_object object;
    clv_spectra *spectra;
    clv_model *model;
    fit_plan *plan;
    const char *statistics;
    const char *uncertainty;
    size_t count;          /* spectra */
    size_t all;            /* parameters of the model, used or not */
    double *value, *error; /* [count][all] */
    uint8_t *state;        /* [count][all] clv_parameter_state */
    double *local;         /* [count][all][all] covariance given the shared parameters */
    double *sensitivity;   /* [count][all][shared], NULL without shared ones */
    double *shared;        /* [shared][shared], NULL without shared ones */
    double *held_error;    /* [count][all] of coefficients on a bound their error were they free, or NaN */
    double *chi2, *deviance, *dof, *runs; /* [count] */
    double *fitted;                       /* [count] parameters that were fitted for this spectrum alone */
    double *correlation;                  /* [count] of neighbouring residuals */
    double *interval;                     /* [count][all][2], NULL without profile or bootstrap */
    size_t replicas;                      /* of the bootstrap, 0 without */
    uint64_t seed;
    double *shift, *shift_error; /* [count]: the rigid shift where positions are shared */
    uint8_t *flags;              /* [count] clv_fit_flag */
    int *iterations;             /* [count] */
    double *mean_variance;       /* [channels], statistics mean_weights only */
    double low, high;            /* window in true energies */
    size_t shown_count;
    size_t *shown; /* places of the parameters that appear */
    size_t drawn_count;
    size_t *drawn; /* components as drawn: peaks and references, then backgrounds */
    char **notes;
    size_t note_count;
    clv_uncertainty *source;
};

/* How the notes on backgrounds that went before the fit begin; tables of results end their rows with that note. */
#define FIT_BACKGROUND_BEFORE "a background was "

/* Allocates a fit with room for all results; shares spectra and model, takes the plan even on failure. */
clv_status fit_object_new(const clv_spectra *spectra, const clv_model *model, const fit_wish *wish, fit_plan *plan_take,
                          clv_fit **fit, clv_error *err);

/* Adds a sentence about the whole fit. */
clv_status fit_note(clv_fit *fit, clv_error *err, const char *format, ...) CLV_PRINTF(3, 4);

/* Fits all spectra of a fresh object (fit_run.c), and says what is to be said of it (fit_notes.c). */
clv_status fit_run(clv_fit *fit, clv_error *err);
clv_status fit_describe(clv_fit *fit, clv_error *err);

/* Says of measured references where they end within the fit, and what their noise adds (fit_references.c). */
clv_status fit_describe_references(clv_fit *fit, clv_error *err);

/* Whether `scale`, which a reference gave itself, is its area (by the trapezoidal rule) and no edge step. */
int fit_reference_by_area(const model_component *component, double scale);

/* One spectrum as the engine wants it; `curve` has room for the channels when the model has inactive backgrounds. */
clv_status fit_data(const clv_fit *fit, size_t spectrum, double *curve, clv_problem_data *data, clv_error *err);

/* Finds the intervals of one spectrum where they were asked for; `profiler` is made when it is first needed, one a
   thread. A bootstrap replaces errors and covariance of the solution. */
clv_status fit_intervals(const clv_fit *fit, clv_engine *engine, clv_profiler **profiler, size_t spectrum,
                         const clv_problem_data *data, clv_solution *solution, clv_error *err);

/* The solution of one spectrum as arrays inside the fit. */
clv_solution fit_solution(const clv_fit *fit, size_t spectrum);

/* Columns on the leading axes of the fitted spectra, with the fit's flags and notes; and one of them filled with a
 * parameter. */
clv_status fit_columns_new(const clv_fit *fit, size_t count, clv_columns **columns, clv_error *err);
clv_status fit_columns_fill(const clv_fit *fit, size_t parameter, clv_columns *columns, size_t c, const char *name,
                            clv_error *err);

/* Whether that spectrum's fit failed: it did not converge or has no finite result. */
int fit_failed(const clv_fit *fit, size_t spectrum);

#endif
