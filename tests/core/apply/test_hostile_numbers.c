/* Numbers that cannot lie quietly: every operation on spectra and every component of a model, as the registry lists
   them, on data that no instrument should give. Each is either an error with a sentence, or a result in which nothing
   that is not finite goes unmarked. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/columns.h>
#include <corelevel/fit.h>
#include <corelevel/group.h>
#include <corelevel/record.h>
#include <corelevel/registry.h>

#include <cmocka.h>

enum { CHANNELS = 201, COUNT = 3, EDGE = 40 /* channel of the line and the edge */ };

/* ---- Data */

/* A line and an edge, so that every technique finds what it looks for. */
static double ordinary(size_t i)
{
    double x = (double)i - EDGE;

    return 300 + 900 * exp(-pow(x / 15, 2)) + 150 * atan(x / 3) + 20 * sin(0.1 * x) + (double)(i * 7919 % 13);
}

static double not_a_number(size_t i) { return i % 9 == 4 ? NAN : ordinary(i); }
static double all_not_a_number(size_t i) { return (void)i, NAN; }
static double infinite(size_t i) { return i == EDGE ? INFINITY : ordinary(i); }
static double negative(size_t i) { return -ordinary(i); }
static double zero(size_t i) { return (void)i, 0; }
static double constant(size_t i) { return (void)i, 7; }
static double tiny(size_t i) { return 1e-300 * ordinary(i); }
static double subnormal(size_t i) { return 1e-318 * ordinary(i); }
static double huge(size_t i) { return 1e300 * ordinary(i); }
static double alternating(size_t i) { return i % 2 ? 1e15 : -1e15; }
static double one_spike(size_t i) { return i == EDGE ? 1e6 : 0; }

static const struct {
    const char *name;
    double (*value)(size_t);
    size_t channels;
} data[] = {
    {"ordinary data", ordinary, CHANNELS},
    {"some channels NaN", not_a_number, CHANNELS},
    {"all channels NaN", all_not_a_number, CHANNELS},
    {"an infinite channel", infinite, CHANNELS},
    {"negative counts", negative, CHANNELS},
    {"nothing but zeros", zero, CHANNELS},
    {"constant data", constant, CHANNELS},
    {"values of 1e-300", tiny, CHANNELS},
    {"values below 1e-308", subnormal, CHANNELS},
    {"values of 1e300", huge, CHANNELS},
    {"alternating signs", alternating, CHANNELS},
    {"a single spike", one_spike, CHANNELS},
    {"one channel", ordinary, 1},
    {"two channels", ordinary, 2},
    {"three channels", ordinary, 3},
};

static const char *const energy_axes[] = {"binding_energy", "photon_energy", "energy_loss", "k", "r"};

static clv_axis *axis_of(const char *name, size_t size, double first, double step)
{
    double values[CHANNELS];
    clv_axis *axis = NULL;

    for (size_t i = 0; i < size; i++) { values[i] = first + step * (double)i; }
    assert_int_equal(clv_axis_new(name, strcmp(name, "etch_time") == 0 ? "s" : "eV", values, size, &axis, NULL),
                     CLV_OK);
    return axis;
}

static clv_spectra *spectra_of(size_t which, const char *energy, const char *name, clv_noise noise)
{
    double first = *energy == 'k' || *energy == 'r' ? 0 : *energy == 'e' ? -20 : 776;
    double step = *energy == 'p' ? 2 : 0.1;
    size_t count = *energy == 'p' ? 1 : COUNT; /* absorption is taken one spectrum at a time */
    clv_axis *axes[] = {axis_of("etch_time", count, 0, 5), axis_of(energy, data[which].channels, first, step)};
    clv_spectra *spectra = NULL;
    double *values;

    assert_int_equal(
        clv_spectra_new(name, "counts", *energy == 'p' ? axes + 1 : axes, *energy == 'p' ? 1 : 2, &spectra, NULL),
        CLV_OK);
    values = clv_spectra_fill(spectra);
    for (size_t i = 0; i < count * data[which].channels; i++) {
        values[i] = data[which].value(i % data[which].channels);
    }
    clv_spectra_set_noise(spectra, noise, 1, 0);
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    return spectra;
}

static clv_value *value_of(clv_kind kind, size_t which, const char *energy, clv_noise noise)
{
    clv_record *record;

    if (kind == CLV_SPECTRA) { return clv_value_object(CLV_SPECTRA, spectra_of(which, energy, "Co 2p", noise)); }
    record = clv_record_new();
    assert_int_equal(clv_record_add(record, spectra_of(which, energy, "tey", noise), NULL), CLV_OK);
    assert_int_equal(clv_record_add(record, spectra_of(which, energy, "tfy", noise), NULL), CLV_OK);
    assert_int_equal(clv_record_add(record, spectra_of(which, energy, "C 1s", noise), NULL), CLV_OK);
    return clv_value_object(CLV_RECORD, record);
}

/* ---- What must hold */

static void check_fit(const clv_fit *fit, const char *what)
{
    for (size_t i = 0; i < clv_spectra_count(clv_fit_spectra(fit)); i++) {
        if (clv_fit_flags(fit, i)) { continue; }
        for (size_t p = 0; p < clv_fit_parameter_count(fit); p++) {
            if (!isfinite(clv_fit_value(fit, i, p))) {
                fail_msg("%s: %s is not finite and the fit is not marked", what, clv_fit_parameter_name(fit, p));
            }
        }
    }
}

/* A value that is not finite is there only where it is marked, or was never given an error either. */
static void check_columns(const clv_columns *columns, const char *what)
{
    for (size_t c = 0; c < clv_columns_count(columns); c++) {
        for (size_t i = 0; i < clv_columns_points(columns); i++) {
            double value = clv_columns_value(columns, c, i), error = clv_columns_error(columns, c, i);
            if (isinf(value) || (isnan(value) && isfinite(error) && error > 0 && !clv_columns_flags(columns, i))) {
                fail_msg("%s: %s is %g ± %g and not marked", what, clv_columns_name(columns, c), value, error);
            }
        }
    }
}

/* Spectra that were made of finite data hold finite numbers or NaN, never an infinity that looks like data. */
static void check_spectra(const clv_spectra *spectra, int was_finite, const char *what)
{
    const double *values = clv_spectra_intensity(spectra);

    for (size_t i = 0; was_finite && i < clv_spectra_count(spectra) * clv_spectra_channels(spectra); i++) {
        if (isinf(values[i])) { fail_msg("%s: a channel became infinite", what); }
    }
}

static void check_result(const clv_value *result, int was_finite, const char *what)
{
    const clv_record *record = clv_value_as_object(result, CLV_RECORD);
    const clv_group *group = clv_value_as_object(result, CLV_GROUP);

    if (clv_value_kind(result) == CLV_FIT) { check_fit(clv_value_as_object(result, CLV_FIT), what); }
    if (clv_value_kind(result) == CLV_COLUMNS) { check_columns(clv_value_as_object(result, CLV_COLUMNS), what); }
    if (clv_value_kind(result) == CLV_SPECTRA) {
        check_spectra(clv_value_as_object(result, CLV_SPECTRA), was_finite, what);
    }
    for (size_t i = 0; record && i < clv_record_count(record); i++) {
        check_spectra(clv_record_at(record, i), was_finite, what);
    }
    for (size_t i = 0; group && i < clv_group_count(group); i++) {
        check_result(clv_group_at(group, i), was_finite, what);
    }
}

static int is_finite_data(size_t which)
{
    for (size_t i = 0; i < data[which].channels; i++) {
        if (!isfinite(data[which].value(i))) { return 0; }
    }
    return 1;
}

/* Whether there was a result. */
static int try_one(const clv_operation *operation, const clv_value *on, const clv_value *options, size_t which,
                   const char *what)
{
    clv_value *result = NULL;
    clv_error err = {0};

    if (clv_apply(operation->name, on, options, &result, &err)) {
        if (strlen(err.text) < 10) { fail_msg("%s: an error without a sentence: \"%s\"", what, err.text); }
        if (getenv("CORELEVEL_TEST_TELL")) { print_message("%s: %s\n", what, err.text); }
        return 0;
    }
    check_result(result, is_finite_data(which), what);
    clv_value_free(result);
    return 1;
}

/* ---- Operations */

/* The options that an operation needs (objects are filled in), and what is to be done before it. */
typedef struct example {
    const char *name, *options;
    const char *before[3];
} example;

static const example calls[] = {
    {"crop", "776.5, 795", {NULL}},
    {"drop", "etch_time = 0", {NULL}},
    {"select", "line = 'tey'", {NULL}},
    {"sum", "along = 'etch_time'", {NULL}},
    {"depth", "rate = 0.1", {NULL}},
    {"dose", "current_density = 1", {NULL}},
    {"charge_correct", "line = 'C 1s', component = 'C-C', at = 780", {NULL}},
    {"align", "channel = 'tey', at = 780", {NULL}},
    {"mu", "'tey'", {NULL}},
    {"normalize_pair", "'tey', 'tfy', pre = { 776, 840 }, post = { 880, 1170 }", {NULL}},
    {"normalize", "pre = { -60, -20 }, post = { 40, 300 }", {NULL}},
    {"edge_shift", "by = 'half_step'", {"normalize"}},
    {"excess", "around = 860, width = 20", {"normalize_pair"}},
    {"autobk", "rbkg = 1", {"normalize"}},
    {"fourier", "k = { 3, 9 }", {"normalize", "autobk"}},
    {"peaks", "between = { 1, 3 }", {"normalize", "autobk", "fourier"}},
    {"smooth", "channels = 7", {NULL}},
    {"plot", "'hostile.svg'", {NULL}},
    {"save", "'hostile.nc'", {NULL}},
};

static const example *example_of(const char *name)
{
    static const example none = {"", "", {NULL}};

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (strcmp(calls[i].name, name) == 0) { return &calls[i]; }
    }
    return &none;
}

/* Another object, where one is asked for: the same data, a model, or a background. */
static void add_objects(const clv_operation *operation, clv_value *options, const clv_value *on)
{
    clv_model *model = NULL;

    if (strcmp(operation->name, "fit") == 0) {
        assert_int_equal(
            clv_model_parse("shirley {}, peak { 'A', position = { 780, 775, 785 }, fwhm = 2 }", &model, NULL), CLV_OK);
        clv_value_set(options, "model", clv_value_object(CLV_MODEL, model), NULL);
    }
    if (strcmp(operation->name, "edge_shift") == 0) { clv_value_append(options, clv_value_ref(on), NULL); }
    if (strcmp(operation->name, "background") == 0 || strcmp(operation->name, "subtract") == 0) {
        clv_value_append(options, clv_value_component("linear", clv_value_table()), NULL);
    }
}

static clv_value *make_options(const clv_operation *operation, const clv_value *on)
{
    char text[400];
    clv_value *options = NULL;
    clv_error err = {0};

    snprintf(text, sizeof text, "{ %s }", example_of(operation->name)->options);
    if (clv_value_parse(text, &options, &err)) { fail_msg("%s: %s", text, err.text); }
    add_objects(operation, options, on);
    return options;
}

/* The object after what is to be done before the operation; NULL when that was refused. */
static clv_value *prepared(const clv_operation *operation, clv_value *on_take)
{
    const example *self = example_of(operation->name);
    clv_value *on = on_take;

    for (size_t i = 0; i < 3 && self->before[i] && on; i++) {
        clv_value *made = NULL;
        clv_error err = {0};
        if (clv_apply_text(self->before[i], on, example_of(self->before[i])->options, &made, &err)) { made = NULL; }
        clv_value_free(on);
        on = made;
    }
    return on;
}

static int try_operation(const clv_operation *operation, clv_kind kind, size_t which, size_t *tried)
{
    int answered = 0;

    for (size_t axis = 0; axis < sizeof energy_axes / sizeof *energy_axes; axis++) {
        for (int noise = 0; noise < 2; noise++) {
            clv_kind first = strcmp(operation->name, "peaks") == 0 ? CLV_SPECTRA : kind; /* of what is done before */
            clv_noise kind_of_noise = noise ? CLV_NOISE_POISSON : CLV_NOISE_UNKNOWN;
            clv_value *on = prepared(operation, value_of(first, which, energy_axes[axis], kind_of_noise)), *options;
            char what[200];

            if (!on) { continue; }
            options = make_options(operation, on);

            snprintf(what, sizeof what, "%s on %s (%s, %s noise)", operation->name, data[which].name, energy_axes[axis],
                     noise ? "Poisson" : "unknown");
            answered += try_one(operation, on, options, which, what);
            ++*tried;
            clv_value_free(options);
            clv_value_free(on);
        }
    }
    return answered;
}

static void every_operation_answers_or_refuses(void **state)
{
    size_t tried = 0, operations = 0;

    (void)state;
    for (size_t i = 0; i < clv_registry_operation_count(); i++) {
        const clv_operation *operation = clv_registry_operation(i);
        for (int record = 0; record < 2; record++) {
            clv_kind kind = record ? CLV_RECORD : CLV_SPECTRA;
            if (!(operation->on & CLV_ON(kind))) { continue; }
            operations++;
            for (size_t which = 0; which < sizeof data / sizeof *data; which++) {
                int answered = try_operation(operation, kind, which, &tried);
                if (which == 0 && !answered && strcmp(operation->name, "casaxps_model") != 0) { /* takes a comment */
                    fail_msg("%s gave no result on ordinary data: say above how it is called", operation->name);
                }
            }
        }
    }
    remove("hostile.svg");
    remove("hostile.nc");
    print_message("%zu operations, %zu calls\n", operations, tried);
    assert_true(operations > 15);
}

/* With the options above each operation answers on some data: else it was never tried. */
static void every_call_above_is_a_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        const clv_operation *operation = NULL;
        clv_error err = {0};
        clv_options *options = NULL;
        clv_value *on = value_of(CLV_SPECTRA, 0, "photon_energy", CLV_NOISE_POISSON), *given;
        clv_status status;

        if (clv_registry_find_operation(calls[i].name, CLV_SPECTRA, &operation, NULL)) {
            assert_int_equal(clv_registry_find_operation(calls[i].name, CLV_RECORD, &operation, &err), CLV_OK);
        }
        given = make_options(operation, on);
        status = clv_options_check(operation->name, operation->parameters, given, &options, &err);
        if (status) { fail_msg("%s", err.text); }
        clv_options_free(options);
        clv_value_free(given);
        clv_value_free(on);
    }
}

/* ---- Components */

static const char *const models[] = {
    "constant {}, peak { 'A', position = 780, fwhm = 2 }",
    "constant {}, peak { 'A', position = 780, fwhm = 2, shape = 'gl_product' }",
    "constant {}, peak { 'A', position = 780, fwhm = 2, shape = 'gl_sum' }",
    "constant {}, peak { 'A', position = 780, fwhm = 2, shape = 'doniach_sunjic', alpha = 0.1, lorentzian = 0.5 }",
    "constant {}, peak { 'A', position = 780, shape = 'la', alpha = 1.5, beta = 1, lorentzian = 1, gaussian = 0.5 }",
    "constant {}, peak { 'A', position = 780, shape = 'lf', alpha = 1.5, beta = 1, lorentzian = 1, gaussian = 0.5, "
    "damping = 50 }",
    "shirley {}, doublet { 'A', position = 780, split = 5, ratio = 0.5, fwhm = 2 }",
    "shirley { active = false }, peak { 'A', position = 780, fwhm = 2 }",
    "tougaard {}, peak { 'A', position = 780, fwhm = 2 }",
    "linear {}, peak { 'A', position = 780, fwhm = 2 }, peak { 'B', position = 780, fwhm = 2 }",
    "polynomial { order = 3 }, peak { 'A', position = 780, fwhm = 2 }",
    "spline { energies = { 777, 785, 795 } }, peak { 'A', position = 780, fwhm = 2 }",
    "powerlaw { exponents = { 2, 3 } }, peak { 'A', position = 780, fwhm = 2 }",
    "linear {}, envelope { 'A', state = 'CoO' }",
    "linear {}",
};

static void fit_one(const char *text, size_t which, const char *statistics, size_t *fitted)
{
    clv_value *on = value_of(CLV_SPECTRA, which, "binding_energy", CLV_NOISE_POISSON), *options = clv_value_table();
    clv_value *result = NULL;
    clv_model *model = NULL;
    clv_error err = {0};
    char what[300];

    snprintf(what, sizeof what, "%s on %s by %s", text, data[which].name, statistics);
    if (clv_model_parse(text, &model, &err) == CLV_OK) {
        clv_value_set(options, "model", clv_value_object(CLV_MODEL, model), NULL);
        clv_value_set(options, "statistics", clv_value_text(statistics), NULL);
        if (clv_apply("fit", on, options, &result, &err) == CLV_OK) {
            check_fit(clv_value_as_object(result, CLV_FIT), what);
            ++*fitted;
        }
        clv_value_free(result);
    }
    if (err.status && strlen(err.text) < 10) { fail_msg("%s: an error without a sentence", what); }
    if (err.status && which == 0) { fail_msg("%s: %s", what, err.text); }
    clv_value_free(options);
    clv_value_free(on);
}

static void every_component_answers_or_refuses(void **state)
{
    static const char *const statistics[] = {"poisson", "least_squares", "chi2", "mean_weights"};
    size_t fitted = 0, tried = 0;

    (void)state;
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        for (size_t which = 0; which < sizeof data / sizeof *data; which++) {
            size_t ways = strstr(models[m], "alpha") ? 1 : sizeof statistics / sizeof *statistics; /* slow shapes */
            for (size_t s = 0; s < ways; s++, tried++) { fit_one(models[m], which, statistics[s], &fitted); }
        }
    }
    print_message("%zu of %zu fits gave a result\n", fitted, tried);
}

/* Every component of the registry stands in a model above: a new one has to be added. */
static void no_component_is_left_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < clv_registry_component_count(); i++) {
        const clv_component *component = clv_registry_component(i);
        int found = component->role == CLV_ROLE_REFERENCE || component->role == CLV_ROLE_STEPS; /* take spectra */
        char begin[100];

        snprintf(begin, sizeof begin, "%s {", component->name);
        for (size_t m = 0; m < sizeof models / sizeof *models; m++) { found |= strstr(models[m], begin) != NULL; }
        if (!found) { fail_msg("%s is in no model of this test", component->name); }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_above_is_a_call),
        cmocka_unit_test(every_operation_answers_or_refuses),
        cmocka_unit_test(every_component_answers_or_refuses),
        cmocka_unit_test(no_component_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
