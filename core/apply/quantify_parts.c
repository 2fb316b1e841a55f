/* Lists the components that are quantified, with the line and level of each.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/quantify.h"

#include <corelevel/elements.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const clv_fit *quantify_fit(const quantify_work *work, size_t element)
{
    return clv_value_as_object(clv_group_at(work->fits, element), CLV_FIT);
}

const char *quantify_element(const quantify_work *work, size_t element) { return clv_group_name(work->fits, element); }

/* The line of the fitted spectra, from their name or what the file says of the region. */
static clv_status line_of_fit(const quantify_work *work, size_t element, clv_line_name *line, clv_error *err)
{
    static const char *const entries[] = {"line", "region"};
    const clv_spectra *spectra = quantify_fit(work, element)->spectra;
    const char *symbol = quantify_element(work, element);
    int number, found = clv_line_name_read(clv_spectra_name(spectra), line, NULL);

    CLV_TRY(clv_element_number(symbol, &number, err));
    for (size_t i = 0; i < sizeof entries / sizeof *entries && !found; i++) {
        const char *text = clv_metadata_text(clv_spectra_metadata(spectra), entries[i]);

        found = text && clv_line_name_read(text, line, NULL);
    }
    CLV_CHECK(found && line->kind == CLV_LINE_PHOTO, err, CLV_BAD_ARGUMENT,
              "%s: the spectra \"%s\" do not say of which line they are, such as %s 2p", symbol,
              clv_spectra_name(spectra), symbol);
    CLV_CHECK(strcmp(line->element, clv_element_symbol(number)) == 0, err, CLV_BAD_ARGUMENT,
              "%s: its fit is one of \"%s\", a line of %s", symbol, clv_spectra_name(spectra), line->element);
    return CLV_OK;
}

static size_t find_theta(const clv_model *model, const model_component *component, const char *name)
{
    for (size_t i = component->first; i < component->first + component->thetas; i++) {
        if (model->parameters[i].row && strcmp(model->parameters[i].row->name, name) == 0) { return i; }
    }
    return SIZE_MAX;
}

/* A component's own line where it names one, else the fit's; a doublet has both members of its level. */
static clv_status line_of_part(quantify_work *work, quantify_part *part, const model_component *component,
                               const clv_line_name *line, int *other, clv_error *err)
{
    const char *text = clv_options_text(component->options, "line");
    int doublet = strcmp(component->type->name, "doublet") == 0;

    part->line = *line;
    if (text && !clv_line_name_read(text, &part->line, NULL)) { part->line = *line; }
    *other = strcmp(part->line.element, line->element) != 0;
    if (doublet) { part->line.parts[0] = 0; }
    if (*other || doublet || part->line.parts[0] || part->line.shell[1] == 's') { return CLV_OK; }
    if (strcmp(component->type->name, "peak") != 0) { return CLV_OK; }
    return quantify_note(work, err, "%s of %s is one peak and counts as both members of the level", part->name,
                         line->element);
}

static clv_status add_part(quantify_work *work, size_t element, const model_component *component,
                           const clv_line_name *line, clv_error *err)
{
    quantify_part *part = &work->parts[work->count];
    int other = 0;

    *part = (quantify_part){.fit = quantify_fit(work, element), .name = component->name, .element = element};
    CLV_CHECK(component->type->role == CLV_ROLE_PEAK && component->coefficients == 1, err, CLV_BAD_ARGUMENT,
              "%s: \"%s\" has no area (its coefficient multiplies a measured reference); quantify fits of peaks and "
              "doublets",
              quantify_element(work, element), component->name);
    CLV_TRY(line_of_part(work, part, component, line, &other, err));
    if (other) {
        return quantify_note(work, err, "left out: %s, a line of %s in the fit of %s", part->name, part->line.element,
                             line->element);
    }
    part->area = component->first + component->thetas;
    part->position = find_theta(part->fit->model, component, "position");
    work->count++;
    return CLV_OK;
}

static size_t count_components(const quantify_work *work)
{
    size_t count = 0;

    for (size_t i = 0; i < clv_group_count(work->fits); i++) { count += quantify_fit(work, i)->model->count; }
    return count;
}

clv_status quantify_list_parts(quantify_work *work, clv_error *err)
{
    work->parts = calloc(count_components(work) + 1, sizeof *work->parts);
    CLV_CHECK(work->parts, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < clv_group_count(work->fits); i++) {
        size_t element = work->order[i], before = work->count;
        const clv_fit *fit = quantify_fit(work, element);
        clv_line_name line;

        CLV_TRY(line_of_fit(work, element, &line, err));
        for (size_t c = 0; c < fit->model->count; c++) {
            clv_role role = fit->model->components[c].type->role;

            if (role != CLV_ROLE_PEAK && role != CLV_ROLE_REFERENCE) { continue; }
            CLV_TRY(add_part(work, element, &fit->model->components[c], &line, err));
        }
        CLV_CHECK(work->count > before, err, CLV_BAD_ARGUMENT, "%s: its fit has no peak of that element",
                  quantify_element(work, element));
    }
    return CLV_OK;
}
