/* What ISO 19830 asks of a report on peak fitting, item by item, and whether a report tells it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/reporting.h"

#include <corelevel/report.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/json_read.h"

/* A fit's part of a report as it is read. */
typedef struct told {
    const clv_value *software, *content;
    int has_residuals;
} told;

static const char *text_of(const clv_value *table, const char *name)
{
    return clv_value_as_text(clv_value_get(table, name));
}

static int says(const clv_value *table, const char *name)
{
    const char *text = text_of(table, name);

    return text && *text;
}

static int has_number(const clv_value *table, const char *name)
{
    return isfinite(clv_value_as_number(clv_value_get(table, name)));
}

/* ---- Items */

static int software(const told *t)
{
    const char *text = clv_value_as_text(t->software), *version = text ? strchr(text, ' ') : NULL;

    return version && version[1];
}

static int source(const told *t)
{
    const clv_value *from = clv_value_get(t->content, "provenance");

    return says(from, "source") && (says(from, "source_sha256") || says(from, "source_fingerprint"));
}

static int x_rays(const told *t)
{
    const clv_value *list = clv_value_get(clv_value_get(t->content, "provenance"), "metadata");

    for (size_t i = 0; i < clv_value_count(list); i++) {
        const char *name = text_of(clv_value_at(list, i), "name");

        if (name && strcmp(name, "photon_energy") == 0) { return 1; }
    }
    return 0;
}

static int energies(const told *t) { return says(t->content, "energy_reference"); }

static int satellites(const told *t) { return says(t->content, "satellites"); }

static int range(const told *t)
{
    const clv_value *of = clv_value_get(t->content, "range");

    return has_number(of, "low") && has_number(of, "high") && has_number(of, "channels");
}

static int is_role(const clv_value *component, const char *role)
{
    const char *own = text_of(component, "role");

    return own && strcmp(own, role) == 0;
}

/* Ends, averaging and type stand in the description; that there is no background must be said too. */
static int background(const told *t)
{
    const clv_value *list = clv_value_get(t->content, "components");
    size_t found = 0;

    for (size_t i = 0; i < clv_value_count(list); i++) {
        if (!is_role(clv_value_at(list, i), "background")) { continue; }
        found++;
        if (!says(clv_value_at(list, i), "description") || !says(clv_value_at(list, i), "formula")) { return 0; }
    }
    return found > 0 || says(t->content, "background");
}

static int shapes(const told *t)
{
    const clv_value *list = clv_value_get(t->content, "components");
    size_t found = 0;

    for (size_t i = 0; i < clv_value_count(list); i++) {
        if (is_role(clv_value_at(list, i), "background")) { continue; }
        found++;
        if (!says(clv_value_at(list, i), "name") || !says(clv_value_at(list, i), "formula")) { return 0; }
    }
    return found > 0;
}

/* Whether some parameter is `component`.`one of the words` with values. */
static int has_parameter(const told *t, const char *component, const char *words)
{
    const clv_value *list = clv_value_get(t->content, "parameters");
    size_t length = strlen(component);

    for (size_t i = 0; i < clv_value_count(list); i++) {
        const char *name = text_of(clv_value_at(list, i), "name");
        char wanted[40];

        if (!name || strncmp(name, component, length) != 0 || name[length] != '.') { continue; }
        snprintf(wanted, sizeof wanted, "|%.36s|", name + length + 1);
        if (strstr(words, wanted) && clv_value_count(clv_value_get(clv_value_at(list, i), "values")) > 0) { return 1; }
    }
    return 0;
}

/* Of an envelope and a measured reference the place is that of its source: they move by a shift, which may be none. */
static int values(const told *t)
{
    const clv_value *list = clv_value_get(t->content, "components");

    for (size_t i = 0; i < clv_value_count(list); i++) {
        const clv_value *component = clv_value_at(list, i);
        const char *name = text_of(component, "name"), *type = text_of(component, "type");
        int whole = type && (strcmp(type, "peak") == 0 || strcmp(type, "doublet") == 0);

        if (is_role(component, "background") || !name) { continue; }
        if (!has_parameter(t, name, "|area|coefficient|")) { return 0; }
        if (whole && (!has_parameter(t, name, "|position|") || !has_parameter(t, name, "|fwhm|"))) { return 0; }
    }
    return 1;
}

/* Every parameter says how it was asked for; ties by their expression, free ones that start somewhere by that. */
static int constraints(const told *t)
{
    const clv_value *list = clv_value_get(t->content, "parameters");

    for (size_t i = 0; i < clv_value_count(list); i++) {
        const clv_value *p = clv_value_at(list, i);
        const char *asked = text_of(p, "asked");

        if (!asked || !says(p, "unit")) { return 0; }
        if (strcmp(asked, "tied") == 0 && !says(p, "expression")) { return 0; }
    }
    return clv_value_count(list) > 0;
}

/* Free parameters have an error in every spectrum, or a state that says why not. */
static int uncertainties(const told *t)
{
    const clv_value *list = clv_value_get(t->content, "parameters");

    for (size_t i = 0; i < clv_value_count(list); i++) {
        const clv_value *p = clv_value_at(list, i), *errors = clv_value_get(p, "errors"),
                        *states = clv_value_get(p, "states");

        for (size_t k = 0; k < clv_value_count(clv_value_get(p, "values")); k++) {
            const char *state = clv_value_as_text(clv_value_at(states, k));

            if (!state || (strcmp(state, "free") == 0 && !isfinite(clv_value_as_number(clv_value_at(errors, k))))) {
                return 0;
            }
        }
    }
    return says(t->content, "uncertainty");
}

static int weighting(const told *t) { return says(t->content, "statistics"); }

static int goodness(const told *t)
{
    const clv_value *of = clv_value_get(t->content, "goodness");

    return clv_value_count(clv_value_get(of, "reduced_chi2")) > 0 && clv_value_count(clv_value_get(of, "dof")) > 0 &&
           clv_value_count(clv_value_get(of, "runs_p")) > 0;
}

static int residuals(const told *t) { return t->has_residuals; }

static int series(const told *t)
{
    double count = clv_value_as_number(clv_value_get(t->content, "count"));

    return !(count > 1) || says(t->content, "series");
}

static const struct {
    const char *item;
    int (*told)(const told *t);
} items[] = {
    {"software and its version", software},
    {"the file with its fingerprint", source},
    {"photon energy of the x-rays", x_rays},
    {"energy reference, or that none was applied", energies},
    {"satellites of the x-rays: removed or not", satellites},
    {"ends of the fitted range and number of channels", range},
    {"background: type, ends, averaging, or that there is none", background},
    {"components: name and formula of each", shapes},
    {"position, width and area of each component", values},
    {"constraints: starts, bounds, ties of every parameter", constraints},
    {"weighting of the data", weighting},
    {"goodness of fit", goodness},
    {"residuals", residuals},
    {"uncertainty of every fitted parameter", uncertainties},
    {"what links the spectra of a series", series},
};

static const size_t count_of_items = sizeof items / sizeof *items;

/* ---- Answers */

/* { standard, complete, missing = { … } } */
static clv_status answer(const told *t, clv_value **made, clv_error *err)
{
    clv_value *table = clv_value_table(), *missing = clv_value_table();
    clv_status status = table && missing ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "no memory for a report");

    for (size_t i = 0; i < count_of_items && !status; i++) {
        if (!items[i].told(t)) { status = clv_value_append(missing, clv_value_text(items[i].item), err); }
    }
    if (!status) { status = clv_value_set(table, "standard", clv_value_text("ISO 19830:2015"), err); }
    if (!status) { status = clv_value_set(table, "asked", clv_value_number((double)count_of_items), err); }
    if (!status) { status = clv_value_set(table, "complete", clv_value_boolean(clv_value_count(missing) == 0), err); }
    if (!status) {
        status = clv_value_set(table, "missing", missing, err);
        missing = NULL;
    }
    clv_value_free(missing);
    if (status) {
        clv_value_free(table);
        return status;
    }
    *made = table;
    return CLV_OK;
}

static int is_fit(const clv_value *content)
{
    const char *kind = text_of(content, "kind");

    return kind && strcmp(kind, "fit") == 0;
}

clv_status clv_reporting_add(clv_report_item *item, clv_error *err)
{
    clv_value *own = clv_value_text("corelevel " CLV_VERSION_STRING), *made = NULL;
    told t = {.software = own,
              .content = item->content,
              .has_residuals = item->curves && strstr(item->curves, "\"residual\"") != NULL};
    clv_status status = CLV_OK;

    if (is_fit(item->content)) { status = answer(&t, &made, err); }
    clv_value_free(own);
    if (status || !made) { return status; }
    return clv_value_set(item->content, "reporting", made, err);
}

/* ---- Files */

static int spectra_have(const clv_value *curves, const char *name)
{
    const clv_value *list = clv_value_get(curves, "spectra");

    for (size_t i = 0; i < clv_value_count(list); i++) {
        if (clv_value_count(clv_value_get(clv_value_at(list, i), name)) == 0) { return 0; }
    }
    return clv_value_count(list) > 0;
}

static clv_status add_answer(const clv_value *report, const clv_value *item, clv_value *list, clv_error *err)
{
    told t = {.software = clv_value_get(report, "software"),
              .content = clv_value_get(item, "content"),
              .has_residuals = spectra_have(clv_value_get(item, "curves"), "residual")};
    const char *what = text_of(t.content, "what");
    clv_value *made = NULL;

    if (!is_fit(t.content)) { return CLV_OK; }
    CLV_TRY(answer(&t, &made, err));
    CLV_TRY(clv_value_append(list, made, err));
    return clv_value_set(made, "what", clv_value_text(what ? what : "fit"), err);
}

clv_status clv_report_check(const void *json, size_t count, clv_value **answers, clv_error *err)
{
    clv_value *report = NULL, *list;
    const clv_value *all;
    const char *schema;
    clv_status status;

    CLV_TRY(clv_json_read(json, count, &report, err));
    schema = text_of(report, "schema");
    all = clv_value_get(report, "items");
    list = clv_value_table();
    status = list ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "no memory for a report");
    if (!status && (!schema || strcmp(schema, "corelevel-report-1") != 0)) {
        status = clv_fail(err, CLV_BAD_FILE, "is no report: its schema is \"%.40s\", not \"corelevel-report-1\"",
                          schema ? schema : "");
    }
    for (size_t i = 0; i < clv_value_count(all) && !status; i++) {
        status = add_answer(report, clv_value_at(all, i), list, err);
    }
    clv_value_free(report);
    if (status) {
        clv_value_free(list);
        return status;
    }
    *answers = list;
    return CLV_OK;
}
