/* One descriptor in full, for people: what it is, its parameters with presets and bounds, its source.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "describe.h"

#include <string.h>

void clv_describe_kinds(uint32_t kinds, char *text, size_t size)
{
    size_t used = 0;

    text[0] = 0;
    for (int kind = 0; kind < CLV_KINDS; kind++) {
        if (!(kinds & CLV_ON(kind)) || used >= size) { continue; }
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", clv_kind_name((clv_kind)kind));
    }
}

const char *clv_describe_role(clv_role role)
{
    switch (role) {
    case CLV_ROLE_PEAK: return "peak";
    case CLV_ROLE_REFERENCE: return "reference";
    case CLV_ROLE_BACKGROUND: return "background";
    case CLV_ROLE_TRANSFORM:
    case CLV_ROLE_STEPS: return "background of the peaks";
    }
    return "";
}

/* "a number", "one of area, max" and the like, with the allowed range. */
static void type_text(const clv_parameter *row, char *text, size_t size)
{
    static const char *const words[] = {"",
                                        "number",
                                        "whole number",
                                        "true or false",
                                        "text",
                                        "one of",
                                        "{lo, hi}",
                                        "numbers",
                                        "names",
                                        "groups of names",
                                        "parameter",
                                        "component",
                                        "list of components",
                                        "object",
                                        "path",
                                        "any"};
    const char *word = row->type <= CLV_TYPE_ANY ? words[row->type] : "";
    char kinds[120];

    if (row->type == CLV_TYPE_CHOICE) {
        snprintf(text, size, "%s", row->choices);
        for (char *bar = strchr(text, '|'); bar; bar = strchr(bar, '|')) { *bar = ' '; }
    } else if (row->type == CLV_TYPE_OBJECT) {
        clv_describe_kinds(row->kinds, kinds, sizeof kinds);
        snprintf(text, size, "%s", kinds);
    } else if (row->low != row->high) {
        snprintf(text, size, "%s, %g to %g", word, row->low, row->high);
    } else {
        snprintf(text, size, "%s", word);
    }
}

static void parameter_row(clv_table *table, const clv_parameter *row)
{
    char type[200];

    type_text(row, type, sizeof type);
    clv_table_add(table, "  %s", row->name);
    clv_table_add(table, "%s", type);
    clv_table_add(table, "%s", row->unit && strcmp(row->unit, "1") != 0 ? row->unit : "");
    clv_table_add(table, "%s", row->preset ? row->preset : row->flags & CLV_REQUIRED ? "needed" : "");
    clv_table_add(table, "%s", row->doc ? row->doc : "");
}

static void describe_parameters(const clv_parameter *rows)
{
    clv_table *table = clv_table_new(5);

    if (rows && rows->name) {
        puts("\nparameters (in places: those that may stand without their name):");
        clv_table_add(table, "  name");
        clv_table_add(table, "is");
        clv_table_add(table, "unit");
        clv_table_add(table, "preset");
        clv_table_add(table, "%s", "");
        for (const clv_parameter *row = rows; row->name; row++) { parameter_row(table, row); }
        clv_table_print(table, stdout);
    }
    clv_table_free(table);
}

static void describe_source(const char *source)
{
    if (source) { printf("\nsource: %s\n", source); }
}

/* A call with what must be given and what may stand without a name: "spectra:crop(low, high)". */
static void print_places(const clv_parameter *rows)
{
    uint32_t places = 0;

    for (uint32_t place = 1; place <= 8; place++) {
        for (const clv_parameter *row = rows; row && row->name; row++) {
            if (row->place == place) { printf("%s%s", places++ ? ", " : " ", row->name); }
        }
    }
    printf("%s}\n", places ? ", … " : " … ");
}

void clv_describe_format(size_t place)
{
    const clv_format *format = clv_registry_format(place);

    printf("%s: %s\n  suffixes: %s\n  %s%s\n", format->name, format->title,
           format->suffixes ? format->suffixes : "none", format->read ? "read" : "",
           format->write ? format->read ? ", written" : "written" : "");
    describe_parameters(format->parameters);
    describe_source(format->source);
}

void clv_describe_operation(size_t place)
{
    const clv_operation *operation = clv_registry_operation(place);
    char on[200];

    clv_describe_kinds(operation->on, on, sizeof on);
    printf("%s: %s\n  on: %s\n  gives: %s\n  in Lua: x:%s {", operation->name, operation->doc, on,
           clv_kind_name(operation->gives), operation->name);
    print_places(operation->parameters);
    describe_parameters(operation->parameters);
    describe_source(operation->source);
}

void clv_describe_component(size_t place)
{
    const clv_component *component = clv_registry_component(place);

    printf("%s: %s\n  is a %s\n  in Lua: cl.%s {", component->name, component->doc, clv_describe_role(component->role),
           component->name);
    print_places(component->parameters);
    if (component->formula) { printf("\nformula: %s\n", component->formula); }
    describe_parameters(component->parameters);
    describe_source(component->source);
}
