/* Fits of CasaXPS read from its comments and written into them: its exported curves drawn again, its links, and fits
   that come back the same. SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

#include <corelevel/fit.h>
#include <corelevel/plugin.h>
#include <unistd.h>

static clv_value *spectra_of(const char *path, size_t place)
{
    clv_record *record = NULL;
    clv_error err = {0};
    clv_value *value;

    if (clv_load(path, NULL, &record, &err)) { return NULL; }
    value = clv_value_object(CLV_SPECTRA, clv_spectra_ref(clv_record_at(record, place)));
    clv_record_free(record);
    return value;
}

/* What an operation gives; its options are a literal. */
static clv_status apply(const char *name, const clv_value *on, const char *options, clv_value **made, clv_error *err)
{
    clv_value *table = NULL;
    clv_status status = clv_value_parse(options, &table, err);

    if (!status) { status = clv_apply(name, on, table, made, err); }
    clv_value_free(table);
    return status;
}

static clv_value *must(const char *name, const clv_value *on, const char *options)
{
    clv_value *made = NULL;
    clv_error err = {0};

    if (apply(name, on, options, &made, &err)) { fail_msg("%s", err.text); }
    return made;
}

static clv_value *fit_of(const clv_value *spectra, clv_value *model_take)
{
    clv_value *table = clv_value_table(), *made = NULL;
    clv_error err = {0};

    clv_value_set(table, "model", model_take, NULL);
    if (clv_apply("fit", spectra, table, &made, &err)) { fail_msg("%s", err.text); }
    clv_value_free(table);
    return made;
}

static clv_value *redrawn(const clv_value *spectra)
{
    return fit_of(spectra, must("casaxps_model", spectra, "fixed = true"));
}

/* The fit saved as a VAMAS file and loaded again. */
static clv_value *sent_home(const clv_value *fit)
{
    clv_value *with = must("casaxps", fit, ""), *back;
    clv_record *record = clv_record_new();
    clv_error err = {0};

    clv_record_add(record, clv_spectra_ref(clv_value_as_object(with, CLV_SPECTRA)), &err);
    if (clv_convert(record, "test_casaxps_fit.tmp.vms", "vamas", &err)) { fail_msg("%s", err.text); }
    back = spectra_of("test_casaxps_fit.tmp.vms", 0);
    assert_non_null(back);
    unlink("test_casaxps_fit.tmp.vms");
    clv_record_free(record);
    clv_value_free(with);
    return back;
}

static double value_of(const clv_value *fit, size_t spectrum, const char *name)
{
    const clv_fit *f = clv_value_as_object(fit, CLV_FIT);
    size_t place = clv_fit_parameter_find(f, name);

    if (place == SIZE_MAX) { fail_msg("no parameter %s", name); }
    return clv_fit_value(f, spectrum, place);
}

static void same_parameters(const clv_value *a, const clv_value *b, size_t spectrum)
{
    const clv_fit *f = clv_value_as_object(a, CLV_FIT);

    for (size_t p = 0; p < clv_fit_parameter_count(f); p++) {
        const char *name = clv_fit_parameter_name(f, p);
        double was = clv_fit_value(f, spectrum, p), is = value_of(b, spectrum, name);

        if (!(fabs(is - was) <= 1e-12 * fmax(fabs(was), 1000))) { fail_msg("%s: %.17g is not %.17g", name, is, was); }
    }
}

static clv_value *real_file(const char *name, size_t place)
{
    clv_value *value = spectra_of(vendor_path(name), place);

    assert_non_null(value);
    return value;
}

/* The envelope of FeO_analyzed.vms as CasaXPS exported it (FeO_analyzed_lineshapes_cols.txt: counts, columns 7 and 8
   are background and envelope against descending binding energy, 0.05 eV apart from 750 eV). */
static void an_exported_envelope_is_drawn_again(void **state)
{
    clv_value *spectra = real_file("FeO_analyzed.vms", 0), *fit = redrawn(spectra);
    const clv_fit *f = clv_value_as_object(fit, CLV_FIT);
    size_t channels = clv_spectra_channels(clv_fit_spectra(f)), lines = 0, compared = 0;
    double *model = calloc(channels, sizeof *model), worst = 0, low = INFINITY, high = 0;
    char line[1000];
    FILE *in;

    (void)state;
    assert_int_equal(clv_fit_curves(f, 0, model, NULL, NULL, NULL, NULL, NULL), CLV_OK);
    in = fopen(vendor_path("FeO_analyzed_lineshapes_cols.txt"), "r");
    assert_non_null(in);
    while (fgets(line, sizeof line, in)) {
        double n[8];
        if (sscanf(line, "%lf %lf %lf %lf %lf %lf %lf %lf", n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7) != 8) {
            continue;
        }
        size_t channel = channels - 1 - lines++;
        assert_true(channel < channels);
        if (n[0] < 737.53 || n[0] > 786.76) { continue; } /* CasaXPS' background is the data outside its region */
        worst = fmax(worst, fabs(model[channel] - n[7]));
        low = fmin(low, n[7]);
        high = fmax(high, n[7]);
        compared++;
    }
    fclose(in);
    print_message("envelope: %zu channels, at most %.2f %% of its height off\n", compared, 100 * worst / (high - low));
    assert_true(compared > 950);
    assert_true(worst < 0.01 * (high - low));
    free(model);
    clv_value_free(fit);
    clv_value_free(spectra);
}

/* The numbers are those of the file's lines; 3.63 eV is the sum of its calibrations, 1486.69 its photon energy. */
static void links_and_calibrations_are_kept(void **state)
{
    clv_value *spectra = real_file("assigned.vms", 7), *model = must("casaxps_model", spectra, "");
    const clv_model *m = clv_value_as_object(model, CLV_MODEL);
    char *text = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_model_count(m), 5);
    assert_string_equal(clv_model_name(m, 2), "S 2p WS2 (2)");
    assert_int_equal(clv_value_write(clv_model_component(m, 2), &text, &err), CLV_OK);
    assert_string_equal(text, "peak { \"S 2p WS2 (2)\", area = \"[S 2p WS2].area * 0.5\", fwhm = \"[S 2p WS2].fwhm\", "
                              "mixing = 0.3, position = \"[S 2p WS2].position + 1.16\", shape = \"gl_product\" }");
    clv_text_free(text);
    clv_value_free(model);
    clv_value_free(spectra);
}

/* Two spectra of a doublet, a peak linked to it and a line of LA(1.53,243), by the formulas of the shapes; counts. */
static clv_value *simulated(void)
{
    double energy[201], etch[2] = {0, 30};
    clv_axis *axes[2] = {NULL, NULL};
    clv_spectra *made = NULL;
    clv_error err = {0};
    clv_metadata *m;

    for (int i = 0; i < 201; i++) { energy[i] = 155 + 0.1 * i; }
    assert_int_equal(clv_axis_new("etch_time", "s", etch, 2, &axes[0], &err), CLV_OK);
    assert_int_equal(clv_axis_new("binding_energy", "eV", energy, 201, &axes[1], &err), CLV_OK);
    assert_int_equal(clv_spectra_new("S 2p", "counts", axes, 2, &made, &err), CLV_OK);
    for (int i = 0; i < 402; i++) {
        double x = energy[i % 201], shift = i < 201 ? 0 : 0.15, t = (x - 161.5 - shift) / 1.2,
               u = (x - 162.7 - shift) / 1.2, v = (x - 168.1) / 1.9;

        clv_spectra_fill(made)[i] =
            round(300 + 9000 * exp(-2.7726 * t * t) + 4500 * exp(-2.7726 * u * u) + 2000 * exp(-2.7726 * v * v) +
                  (i < 201 ? 0.4 : 0.9) * (energy[i % 201] > 162));
    }
    clv_spectra_set_noise(made, CLV_NOISE_POISSON, 1, 0);
    m = clv_spectra_metadata_fill(made);
    clv_metadata_set_number(m, "photon_energy", 1486.6, "eV", &err);
    clv_metadata_set_number(m, "dwell", 0.3, "s", &err);
    clv_metadata_set_number(m, "scans", 7, "1", &err);
    clv_metadata_set_text(m, "comment", "first; of three; words", &err);
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    return clv_value_object(CLV_SPECTRA, made);
}

static clv_value *model_of(const char *text)
{
    clv_model *model = NULL;
    clv_error err = {0};

    if (clv_model_parse(text, &model, &err)) { fail_msg("%s", err.text); }
    return clv_value_object(CLV_MODEL, model);
}

#define DRAWN "shirley { active = false, variant = \"casaxps\", ends = { 157, 173 }, average = 2 }, "

/* What is written comes back: the second writing from the first one's model says the same for every spectrum. */
static void a_fit_comes_home(void **state)
{
    clv_value *spectra = simulated(), *back, *again;
    clv_value *fit =
        fit_of(spectra,
               model_of(DRAWN "peak { \"S2-\", position = { 161.5, 161, 162 }, fwhm = { 1.2, 0.5, 3 }, shape = "
                              "\"gl_product\" }, peak { \"S2- 1_2\", position = \"S2-.position + 1.2\", fwhm = "
                              "\"S2-.fwhm\", area = \"S2-.area * 0.5\", shape = \"gl_product\" }, peak { \"SO4\", "
                              "position = { 168, 167, 169 }, lorentzian = { 0.9, 0.2, 3 }, gaussian = "
                              "\"SO4.lorentzian * 1.6767068273092370\", alpha = 1.53, beta = 1.53, shape = \"la\" }"));

    (void)state;
    back = sent_home(fit);
    for (int i = 0; i < 2; i++) {
        clv_value *model =
            must("casaxps_model", back, i == 0 ? "spectrum = 1, fixed = true" : "spectrum = 2, fixed = true");

        again = fit_of(back, model);
        same_parameters(fit, again, (size_t)i);
        clv_value_free(again);
    }
    again = fit_of(back, must("casaxps_model", back, ""));
    for (size_t i = 0; i < 2; i++) {
        assert_true(fabs(value_of(again, i, "SO4.area") / value_of(fit, i, "SO4.area") - 1) < 1e-5);
    }
    clv_value_free(again);
    clv_value_free(back);
    clv_value_free(fit);
    clv_value_free(spectra);
}

static void a_doublet_becomes_two_linked_lines(void **state)
{
    clv_value *spectra = simulated(), *back, *again;
    clv_value *fit =
        fit_of(spectra, model_of(DRAWN "doublet { \"S2-\", position = { 161.5, 161, 162 }, split = 1.2, ratio "
                                       "= 0.5, fwhm = { 1.2, 0.5, 3 }, shape = \"gl_sum\" }, peak { \"SO4\", "
                                       "position = { 168, 167, 169 }, fwhm = { 2, 1, 3 }, shape = \"gaussian\" }"));

    (void)state;
    back = sent_home(fit);
    again = fit_of(back, must("casaxps_model", back, ""));
    for (size_t i = 0; i < 2; i++) {
        double whole = value_of(again, i, "S2-.area") + value_of(again, i, "S2- (2).area");

        assert_true(fabs(whole / value_of(fit, i, "S2-.area") - 1) < 1e-5);
        assert_true(fabs(value_of(again, i, "S2- (2).position") - value_of(fit, i, "S2-.position") - 1.2) < 1e-5);
    }
    clv_value_free(again);
    clv_value_free(back);
    clv_value_free(fit);
    clv_value_free(spectra);
}

static void refused(const char *name, const clv_value *on, const char *options, const char *words)
{
    clv_value *made = NULL;
    clv_error err = {0};

    assert_int_not_equal(apply(name, on, options, &made, &err), CLV_OK);
    if (!strstr(err.text, words)) { fail_msg("\"%s\" does not say \"%s\"", err.text, words); }
}

static void what_casaxps_does_not_have_is_refused(void **state)
{
    static const char *const models[][2] = {
        {"shirley { active = true }, peak { \"a\", position = 161, fwhm = 1, shape = \"gaussian\" }", "active = false"},
        {DRAWN "peak { \"a\", position = 161, fwhm = 1 }", "voigt"},
        {DRAWN "peak { \"a\", position = 161, shape = \"la\", alpha = 2, beta = 1, lorentzian = 1, gaussian = 1 }",
         "LA(1.53,243)"},
        {"linear { active = false }, constant { active = false }, peak { \"a\", position = 161, fwhm = 1, shape = "
         "\"gaussian\" }",
         "one background"}};
    clv_value *spectra = simulated();

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        clv_value *fit = fit_of(spectra, model_of(models[i][0]));

        refused("casaxps", fit, "", models[i][1]);
        clv_value_free(fit);
    }
    refused("casaxps_model", spectra, "", "holds no fit of CasaXPS");
    clv_value_free(spectra);
}

static clv_value *with_comment(const char *comment)
{
    clv_value *value = simulated();
    clv_error err = {0};

    clv_metadata_set_text(clv_spectra_metadata_fill(clv_value_as_object(value, CLV_SPECTRA)), "comment", comment, &err);
    return value;
}

#define HEAD "Casa Info Follows\n0\n0\n1\n"
#define REGION HEAD "CASA region (*S*) (*Shirley*) 1310 1330 1 2 0 0 299 542 275 0 (*NoTag*) 0\n1\n"
#define LINE "CASA comp (*S*) (*GL(30)*) Area 100 0 1e5 -1 1 MFWHM 1 0.5 2 -1 1 Position 1325 1320 1328 -1 0 RSF 1"

static void damage_is_named(void **state)
{
    static const char *const cases[][2] = {
        {"Casa Info Follows\n1\nCalib M = 282.4,283.5 A = 286.8 BE ADD\n0\n0\n0\n",
         "line 3 of the comment: a calibration by"},
        {HEAD "CASA region (*S*) (*Spline*) 1310 1330 1 2 0 0 299 542 275 0\n1\n" LINE, "\"Spline\""},
        {HEAD "CASA region (*S*) (*Shirley*) 1310 1330 1 2 5 0 299 542 275 0\n1\n" LINE, "moves the ends"},
        {HEAD "CASA region (*S*) (*Shirley*) 1310 x\n1\n" LINE, "line 5 of the comment: a region has"},
        {REGION "CASA comp (*S*) (*GL(30)*) Area 100 0 1e5 -1 1\n", "line 7 of the comment: a component has"},
        {REGION "CASA comp (*S*) (*DS(0.1,10)*) Area 100 0 1e5 -1 1 MFWHM 1 0.5 2 -1 1 Position 1325 1320 1328 -1 0",
         "the shape DS(0.1,10)"},
        {REGION
         "CASA comp (*S*) (*LA(1.3,2.5,11)*) Area 100 0 1e5 -1 1 MFWHM 1 0.5 2 -1 1 Position 1325 1320 1328 -1 0",
         "unknown = \"free\""},
        {REGION "CASA comp (*S*) (*GL(30)*) Area 100 0 1e5 7 1 MFWHM 1 0.5 2 -1 1 Position 1325 1320 1328 -1 0",
         "linked to component 7 of 1"},
        {HEAD "CASA region (*S*) (*Shirley*) 1310 1330 1 2 0 0 299 542 275 0\n0\n", "no component"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clv_value *spectra = with_comment(cases[i][0]);

        refused("casaxps_model", spectra, "", cases[i][1]);
        clv_value_free(spectra);
    }
}

/* Every cut and every changed byte of a good comment is read or refused with a sentence. */
static void no_comment_hurts(void **state)
{
    static const char good[] = "x\n" REGION LINE "\nmore";
    char text[sizeof good];

    (void)state;
    for (size_t i = 0; i < 3 * sizeof good; i++) {
        clv_value *spectra, *made = NULL;
        clv_error err = {0};

        memcpy(text, good, sizeof good);
        if (i < sizeof good) { text[i] = 0; }
        if (i >= sizeof good && i < 2 * sizeof good - 1) { text[i - sizeof good] = '9'; }
        if (i >= 2 * sizeof good && i < 3 * sizeof good - 1) { text[i - 2 * sizeof good] = '('; }
        spectra = with_comment(text);
        if (apply("casaxps_model", spectra, "unknown = \"free\"", &made, &err)) { assert_true(strlen(err.text) > 10); }
        clv_value_free(made);
        clv_value_free(spectra);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exported_envelope_is_drawn_again),
        cmocka_unit_test(links_and_calibrations_are_kept),
        cmocka_unit_test(a_fit_comes_home),
        cmocka_unit_test(a_doublet_becomes_two_linked_lines),
        cmocka_unit_test(what_casaxps_does_not_have_is_refused),
        cmocka_unit_test(damage_is_named),
        cmocka_unit_test(no_comment_hurts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
