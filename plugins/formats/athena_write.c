/* Writes Athena projects as Perl data, as Demeter 0.9 does, with the parameters that were read or found.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "athena.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/base.h>
#include <corelevel/text.h>

/* Parameters that are kept, by Athena's names. */
const athena_parameter athena_kept[] = {
    {"bkg_z", "element", NULL},
    {"fft_edge", "edge", NULL},
    {"source", "athena_source", NULL},
    {"bkg_e0", "athena_e0", "eV"},
    {"bkg_pre1", "athena_pre_low", "eV"},
    {"bkg_pre2", "athena_pre_high", "eV"},
    {"bkg_nor1", "athena_normalisation_low", "eV"},
    {"bkg_nor2", "athena_normalisation_high", "eV"},
    {"bkg_step", "athena_edge_step", "1"},
    {"bkg_rbkg", "athena_rbkg", "Angstrom"},
    {"bkg_kw", "athena_kweight", "1"},
    {"fft_kmin", "athena_k_low", "1/Angstrom"},
    {"fft_kmax", "athena_k_high", "1/Angstrom"},
    {"fft_dk", "athena_dk", "1/Angstrom"},
    {"importance", "athena_importance", "1"},
    {NULL, NULL, NULL},
};

typedef struct writer {
    clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err);
    void *payload;
    clv_error *err;
    size_t groups;
} writer;

static clv_status put_text(const writer *w, const char *text) { return w->put(w->payload, text, strlen(text), w->err); }

/* A text in single quotes; line feeds become blanks. */
static clv_status put_quoted(const writer *w, const char *text)
{
    CLV_TRY(put_text(w, "'"));
    for (; *text; text++) {
        char one[3] = {*text, 0, 0};
        if (*text == '\'' || *text == '\\') {
            one[0] = '\\';
            one[1] = *text;
        }
        if (*text == '\n' || *text == '\r') { one[0] = ' '; }
        CLV_TRY(put_text(w, one));
    }
    return put_text(w, "'");
}

static clv_status put_pair(const writer *w, const char *key, const char *value)
{
    CLV_TRY(put_text(w, ","));
    CLV_TRY(put_quoted(w, key));
    CLV_TRY(put_text(w, ","));
    return put_quoted(w, value);
}

static clv_status put_number(const writer *w, const char *key, double number)
{
    char digits[CLV_TEXT_NUMBER_SIZE];

    clv_text_from_number(number, digits);
    return put_pair(w, key, digits);
}

static clv_status put_array(const writer *w, const char *name, const double *values, size_t count)
{
    char text[CLV_TEXT_NUMBER_SIZE + 4], digits[CLV_TEXT_NUMBER_SIZE];

    CLV_TRY(put_text(w, name));
    CLV_TRY(put_text(w, " = ("));
    for (size_t i = 0; i < count; i++) {
        clv_text_from_number(values[i], digits);
        snprintf(text, sizeof text, "%s'%s'", i ? "," : "", digits);
        CLV_TRY(put_text(w, text));
    }
    return put_text(w, ");\n");
}

static clv_status put_parameters(const writer *w, const clv_spectra *spectra, size_t which, const char *label,
                                 const char *key)
{
    const clv_metadata *metadata = clv_spectra_metadata(spectra);
    const double *offset = clv_spectra_offset(spectra);

    CLV_TRY(put_text(w, "@args = ('datagroup',"));
    CLV_TRY(put_quoted(w, key));
    CLV_TRY(put_pair(w, "label", label));
    CLV_TRY(put_pair(w, "recordtype", "mu(E)"));
    CLV_TRY(put_pair(w, "is_xmu", "1"));
    CLV_TRY(put_number(w, "npts", (double)clv_spectra_channels(spectra)));
    CLV_TRY(put_number(w, "bkg_eshift", offset ? offset[which] : 0));
    for (const athena_parameter *p = athena_kept; p->athena; p++) {
        const char *text = clv_metadata_text(metadata, p->name);
        double number = clv_metadata_number(metadata, p->name);
        if (text) { CLV_TRY(put_pair(w, p->athena, text)); }
        if (!text && isfinite(number)) { CLV_TRY(put_number(w, p->athena, number)); }
    }
    return put_text(w, ");\n");
}

/* The intensity kept beside a signal, NULL for none. */
static const clv_spectra *find_beside(const clv_record *record, const clv_spectra *spectra)
{
    char name[600];

    snprintf(name, sizeof name, "%s: i0", clv_spectra_name(spectra));
    for (size_t i = 0; i < clv_record_count(record); i++) {
        const clv_spectra *one = clv_record_at(record, i);
        if (strcmp(clv_spectra_name(one), name) == 0 && clv_spectra_channels(one) == clv_spectra_channels(spectra) &&
            clv_spectra_count(one) == clv_spectra_count(spectra)) {
            return one;
        }
    }
    return NULL;
}

static clv_status put_errors(const writer *w, const double *variance, size_t count)
{
    double *error = calloc(count + 1, sizeof *error);
    clv_status status;

    CLV_CHECK(error, w->err, CLV_NO_MEMORY, "no memory to write a project");
    for (size_t i = 0; i < count; i++) { error[i] = sqrt(variance[i]); }
    status = put_array(w, "@stddev", error, count);
    free(error);
    return status;
}

/* One spectrum as a group. Names of groups are letters, and differ. */
static clv_status put_group(writer *w, const clv_spectra *spectra, const clv_spectra *beside, size_t which)
{
    size_t channels = clv_spectra_channels(spectra), number = w->groups++;
    const double *variance = clv_spectra_variance(spectra);
    char key[8], label[600];

    for (int i = 5; i >= 0; i--, number /= 26) { key[i] = (char)('a' + number % 26); }
    key[6] = 0;
    snprintf(label, sizeof label, "%s", clv_spectra_name(spectra));
    if (clv_spectra_count(spectra) > 1) {
        snprintf(label, sizeof label, "%s, %zu", clv_spectra_name(spectra), which + 1);
    }
    CLV_TRY(put_text(w, "$old_group = "));
    CLV_TRY(put_quoted(w, key));
    CLV_TRY(put_text(w, ";\n"));
    CLV_TRY(put_parameters(w, spectra, which, label, key));
    CLV_TRY(put_array(w, "@x", clv_axis_values(clv_spectra_energy(spectra)), channels));
    CLV_TRY(put_array(w, "@y", clv_spectra_intensity(spectra) + which * channels, channels));
    if (beside) { CLV_TRY(put_array(w, "@i0", clv_spectra_intensity(beside) + which * channels, channels)); }
    if (variance) { CLV_TRY(put_errors(w, variance + which * channels, channels)); }
    return put_text(w, "[record]   # create object and set arrays\n\n");
}

/* Whether spectra are the intensity beside another signal, which is written with that. */
static int stands_beside(const clv_record *record, const clv_spectra *spectra)
{
    for (size_t i = 0; i < clv_record_count(record); i++) {
        if (find_beside(record, clv_record_at(record, i)) == spectra) { return 1; }
    }
    return 0;
}

static clv_status check_finite(const clv_spectra *spectra, clv_error *err)
{
    size_t count = clv_spectra_count(spectra) * clv_spectra_channels(spectra);

    for (size_t i = 0; i < count; i++) {
        CLV_CHECK(isfinite(clv_spectra_intensity(spectra)[i]), err, CLV_BAD_ARGUMENT,
                  "%s has a channel that is no number, which a project cannot hold", clv_spectra_name(spectra));
    }
    return CLV_OK;
}

clv_status athena_write(const clv_record *record, const clv_options *options,
                        clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err),
                        void *payload, clv_error *err)
{
    writer w = {.put = put, .payload = payload, .err = err};

    (void)options;
    CLV_TRY(put_text(&w, "# Athena project file -- Demeter version 0.9.25\n# Written by corelevel " CLV_VERSION_STRING
                         "\n\n"));
    for (size_t i = 0; i < clv_record_count(record); i++) {
        const clv_spectra *spectra = clv_record_at(record, i);
        CLV_CHECK(strcmp(clv_axis_name(clv_spectra_energy(spectra)), "photon_energy") == 0, err, CLV_BAD_ARGUMENT,
                  "%s stands over %s; a project holds spectra over photon energies", clv_spectra_name(spectra),
                  clv_axis_name(clv_spectra_energy(spectra)));
        CLV_TRY(check_finite(spectra, err));
        if (stands_beside(record, spectra)) { continue; }
        for (size_t k = 0; k < clv_spectra_count(spectra); k++) {
            CLV_TRY(put_group(&w, spectra, find_beside(record, spectra), k));
        }
    }
    return put_text(&w, "@journal = ('');\n\n1;\n\n");
}
