/* Normalisation, AUTOBK and transforms against what Larch 2026.3.1 found in the shared spectra: edge energy, step,
   normalised values, chi(k), |chi(R)| (shared/data/xas/ref, made by an independent run of Larch).
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

#include <corelevel/plugin.h>
#include <dirent.h>

#define MOST 20000

typedef struct table {
    double energy[MOST], mu[MOST], norm[MOST];
    size_t n;
    int ascends;
} table;

static table t;

static const char *folder_of(const char *group)
{
    static char path[600];
    const char *root = getenv("CORELEVEL_TESTDATA");

    snprintf(path, sizeof path, "%s/xas/ref/%s", root ? root : "", group);
    return path;
}

/* energy,mu,pre_edge,post_edge,norm,… */
static int read_table(const char *path)
{
    FILE *in = fopen(path, "r");
    char line[600];

    t.n = 0;
    t.ascends = 1;
    if (!in) { return 0; }
    while (fgets(line, sizeof line, in) && t.n < MOST) {
        double v[5];

        if (sscanf(line, "%lf,%lf,%lf,%lf,%lf", v, v + 1, v + 2, v + 3, v + 4) != 5) { continue; }
        t.energy[t.n] = v[0];
        t.mu[t.n] = v[1];
        t.norm[t.n] = v[4];
        t.ascends &= t.n == 0 || v[0] > t.energy[t.n - 1];
        t.n++;
    }
    fclose(in);
    return t.n >= 12;
}

static clv_value *spectra_of_table(void)
{
    clv_axis *axis = NULL;
    clv_spectra *made = NULL;
    clv_error err = {0};

    if (clv_axis_new("photon_energy", "eV", t.energy, t.n, &axis, &err)) { fail_msg("%s", err.text); }
    if (clv_spectra_new("mu", "1", &axis, 1, &made, &err)) { fail_msg("%s", err.text); }
    memcpy(clv_spectra_fill(made), t.mu, t.n * sizeof *t.mu);
    clv_axis_free(axis);
    return clv_value_object(CLV_SPECTRA, made);
}

typedef struct tally {
    size_t all, edge, step, norm, refused, chi, chi_same, r_same;
} tally;

static double number(const json *spectrum, const char *name)
{
    const json *v = json_get(spectrum, name);

    return v && v->kind == 'n' ? v->number : NAN;
}

/* The second column of k,chi,… or r,magnitude,… */
static size_t read_column(const char *path, double *values)
{
    FILE *in = fopen(path, "r");
    char line[600];
    size_t n = 0;

    while (in && fgets(line, sizeof line, in) && n < MOST) {
        double v[2];

        if (sscanf(line, "%lf,%lf", v, v + 1) == 2) { values[n++] = v[1]; }
    }
    if (in) { fclose(in); }
    return n;
}

static double values_k[MOST];

/* Relative difference in the sense of least squares, weighted with k^2 from 2 1/Angstrom on. */
static double distance(const double *ours, const double *theirs, size_t n)
{
    double off = 0, all = 0;

    for (size_t i = 40; i < n; i++) {
        double k4 = pow(0.05 * (double)i, 4);
        off += k4 * pow(ours[i] - theirs[i], 2);
        all += k4 * theirs[i] * theirs[i];
    }
    return sqrt(off / all);
}

/* chi(k) and |chi(R)| of a normalised spectrum beside Larch's. */
static void compare_exafs(const char *folder, const clv_value *normalised, const json *spectrum, tally *found)
{
    const json *csv = json_get(spectrum, "csv_k"), *csv_r = json_get(spectrum, "csv_R"),
               *ft = json_get(spectrum, "xftf");
    clv_value *chi = NULL, *r = NULL;
    clv_error err = {0};
    char text[1000];
    size_t n;

    if (!csv || csv->kind != 's' || !ft || ft->kind != 'o') { return; }
    found->chi++;
    if (clv_apply_text("autobk", normalised, "kweight = 2", &chi, &err)) { return; }
    snprintf(text, sizeof text, "%s/%s", folder, csv->text);
    n = read_column(text, values_k);
    if (n == clv_spectra_channels(clv_value_as_object(chi, CLV_SPECTRA)) &&
        distance(clv_spectra_intensity(clv_value_as_object(chi, CLV_SPECTRA)), values_k, n) < 2e-4) {
        found->chi_same++;
    }
    snprintf(text, sizeof text, "k = { %g, %g }, dk = 1, kweight = 2", number(ft, "kmin"), number(ft, "kmax"));
    if (!clv_apply_text("fourier", chi, text, &r, &err) && csv_r && csv_r->kind == 's') {
        const clv_spectra *magnitude = clv_record_at(clv_value_as_object(r, CLV_RECORD), 0);
        double worst = 0, highest = 0;

        snprintf(text, sizeof text, "%s/%s", folder, csv_r->text);
        n = read_column(text, values_k);
        for (size_t i = 0; i < n && i < clv_spectra_channels(magnitude); i++) {
            worst = fmax(worst, fabs(values_k[i] - clv_spectra_intensity(magnitude)[i]));
            highest = fmax(highest, values_k[i]);
        }
        found->r_same += worst < 2e-4 * highest;
    }
    clv_value_free(r);
    clv_value_free(chi);
}

static void compare(const char *folder, const char *name, const json *spectrum, tally *found)
{
    clv_value *on = spectra_of_table(), *made = NULL;
    clv_error err = {0};
    const clv_metadata *m;
    double e0 = number(spectrum, "e0"), step = number(spectrum, "edge_step"), worst = 0;

    found->all++;
    if (clv_apply_text("normalize", on, "", &made, &err)) {
        found->refused++;
        clv_value_free(on);
        return;
    }
    m = clv_spectra_metadata(clv_value_as_object(made, CLV_SPECTRA));
    if (fabs(clv_metadata_number(m, "e0") - e0) < 1e-3) {
        found->edge++;
        int same = fabs(clv_metadata_number(m, "edge_step") / step - 1) < 1e-6;
        for (size_t i = 0; i < t.n; i++) {
            worst = fmax(worst, fabs(clv_spectra_intensity(clv_value_as_object(made, CLV_SPECTRA))[i] - t.norm[i]));
        }
        found->step += (size_t)same;
        found->norm += worst < 1e-5;
        if (same) { compare_exafs(folder, made, spectrum, found); }
        if (!same) {
            print_message("%s: step %.9g, Larch %.9g; ranges %g %g %g %g, Larch %g %g %g %g\n", name,
                          clv_metadata_number(m, "edge_step"), step, clv_metadata_number(m, "pre_low"),
                          clv_metadata_number(m, "pre_high"), clv_metadata_number(m, "post_low"),
                          clv_metadata_number(m, "post_high"), number(spectrum, "pre1"), number(spectrum, "pre2"),
                          number(spectrum, "norm1"), number(spectrum, "norm2"));
        }
    } else {
        print_message("%s: e0 %.3f, Larch %.3f\n", name, clv_metadata_number(m, "e0"), e0);
    }
    clv_value_free(made);
    clv_value_free(on);
}

static void one_file(const char *group, const char *name, tally *found)
{
    char path[1000];
    json dump;
    const json *spectra;

    snprintf(path, sizeof path, "%s/%s", folder_of(group), name);
    dump = json_file(path);
    spectra = json_get(&dump, "spectra");
    for (size_t i = 0; spectra && i < spectra->count; i++) {
        const json *csv = json_get(&spectra->items[i], "csv_E");

        if (!csv || csv->kind != 's') { continue; }
        snprintf(path, sizeof path, "%s/%s", folder_of(group), csv->text);
        if (read_table(path) && t.ascends) { compare(folder_of(group), csv->text, &spectra->items[i], found); }
    }
    json_free(&dump);
}

static void normalisation_is_that_of_larch(void **state)
{
    static const char *const groups[] = {"xdi_bmm", "xdi_xasdb", "xdi_spec_good", "beamlines", "fluor",
                                         "quick",   "prj",       "xasref_foils",  "larch_misc"};
    tally found = {0};

    (void)state;
    vendor_path("../xas/ref/xdi_bmm/Co-K-CoO.xdi.json");
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        DIR *folder = opendir(folder_of(groups[g]));
        const struct dirent *entry;

        while (folder && (entry = readdir(folder))) {
            size_t length = strlen(entry->d_name);
            if (length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0) {
                one_file(groups[g], entry->d_name, &found);
            }
        }
        if (folder) { closedir(folder); }
    }
    print_message("%zu EXAFS: chi(k) within 2e-4 of %zu, |chi(R)| of %zu\n", found.chi, found.chi_same, found.r_same);
    print_message("%zu spectra: same edge point %zu, of these same step %zu, same values %zu; refused %zu\n", found.all,
                  found.edge, found.step, found.norm, found.refused);
    assert_true(found.all > 400 && found.refused == 0);
    assert_true((double)found.edge > 0.98 * (double)found.all);
    assert_true(found.chi > 300 && (double)found.chi_same > 0.97 * (double)found.chi &&
                (double)found.r_same > 0.96 * (double)found.chi);
    assert_true((double)found.step > 0.99 * (double)found.edge && found.norm == found.step);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(normalisation_is_that_of_larch)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
