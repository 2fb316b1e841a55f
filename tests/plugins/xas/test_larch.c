/* Normalisation against what Larch 2026.3.1 found in the shared spectra: edge energy, step, ranges, normalised values
   (shared/data/xas/ref, made by an independent run of Larch). SPDX-License-Identifier: GPL-3.0-or-later */
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
    size_t all, edge, step, norm, refused;
} tally;

static double number(const json *spectrum, const char *name)
{
    const json *v = json_get(spectrum, name);

    return v && v->kind == 'n' ? v->number : NAN;
}

static void compare(const char *name, const json *spectrum, tally *found)
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
        if (read_table(path) && t.ascends) { compare(csv->text, &spectra->items[i], found); }
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
    print_message("%zu spectra: same edge point %zu, of these same step %zu, same values %zu; refused %zu\n", found.all,
                  found.edge, found.step, found.norm, found.refused);
    assert_true(found.all > 400 && found.refused == 0);
    assert_true((double)found.edge > 0.98 * (double)found.all);
    assert_true((double)found.step > 0.99 * (double)found.edge && found.norm == found.step);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(normalisation_is_that_of_larch)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
