/* corelevel list: formats, operations, components and lines there are, and one of them in full.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <string.h>

#include "describe.h"

/* One thing that can be listed. */
typedef struct shelf {
    const char *name;
    const char *const *heading; /* ends with NULL */
    size_t (*count)(void);
    const char *(*name_at)(size_t place);
    void (*add_row)(clv_table *table, size_t place);
    void (*describe)(size_t place);
    void (*json)(size_t place);
} shelf;

static const char *format_name(size_t i) { return clv_registry_format(i)->name; }
static const char *operation_name(size_t i) { return clv_registry_operation(i)->name; }
static const char *component_name(size_t i) { return clv_registry_component(i)->name; }

static void format_row(clv_table *table, size_t i)
{
    const clv_format *format = clv_registry_format(i);

    clv_table_add(table, "%s", format->name);
    clv_table_add(table, "%s", format->title);
    clv_table_add(table, "%s", format->suffixes ? format->suffixes : "");
    clv_table_add(table, "%s", format->read && format->write ? "read, written" : format->read ? "read" : "written");
}

static void operation_row(clv_table *table, size_t i)
{
    const clv_operation *operation = clv_registry_operation(i);
    char on[200];

    clv_describe_kinds(operation->on, on, sizeof on);
    clv_table_add(table, "%s", operation->name);
    clv_table_add(table, "%s", on);
    clv_table_add(table, "%s", operation->doc);
}

static void component_row(clv_table *table, size_t i)
{
    const clv_component *component = clv_registry_component(i);

    clv_table_add(table, "%s", component->name);
    clv_table_add(table, "%s", clv_describe_role(component->role));
    clv_table_add(table, "%s", component->doc);
}

static const char *const format_heading[] = {"format", "title", "suffixes", "is", NULL};
static const char *const operation_heading[] = {"operation", "on", "does", NULL};
static const char *const component_heading[] = {"component", "is", "describes", NULL};

static const shelf shelves[] = {
    {"formats", format_heading, clv_registry_format_count, format_name, format_row, clv_describe_format,
     clv_json_format},
    {"operations", operation_heading, clv_registry_operation_count, operation_name, operation_row,
     clv_describe_operation, clv_json_operation},
    {"components", component_heading, clv_registry_component_count, component_name, component_row,
     clv_describe_component, clv_json_component},
};

enum { SHELVES = sizeof shelves / sizeof shelves[0] };

static void list_table(const shelf *self)
{
    clv_table *table;
    size_t columns = 0;

    while (self->heading[columns]) { columns++; }
    table = clv_table_new(columns);
    for (size_t i = 0; i < columns; i++) { clv_table_add(table, "%s", self->heading[i]); }
    for (size_t i = 0; i < self->count(); i++) { self->add_row(table, i); }
    clv_table_print(table, stdout);
    clv_table_free(table);
}

/* All of them, or those of a name (operations of one name may stand on several kinds), as a JSON list. */
static void list_json(const shelf *self, const char *name)
{
    int comma = 0;

    putchar('[');
    for (size_t i = 0; i < self->count(); i++) {
        if (name && strcmp(self->name_at(i), name) != 0) { continue; }
        if (comma++) { putchar(','); }
        self->json(i);
    }
    putchar(']');
}

/* The nearest name of the shelf, NULL when none is near. */
static const char *nearest(const shelf *self, const char *name)
{
    const char *names[512];
    size_t count = self->count() < 512 ? self->count() : 512;

    for (size_t i = 0; i < count; i++) { names[i] = self->name_at(i); }
    return clv_text_nearest(name, names, count);
}

static int show(const clv_command *command, const shelf *self, const char *name, int json)
{
    size_t found = 0;
    const char *near;

    for (size_t i = 0; i < self->count(); i++) {
        if (strcmp(self->name_at(i), name) != 0) { continue; }
        if (!json) {
            if (found) { putchar('\n'); }
            self->describe(i);
        }
        found++;
    }
    if (found == 0) {
        near = nearest(self, name);
        return clv_usage(command->name, "%s: there is no '%s'%s%s%s", self->name, name, near ? " (did you mean '" : "",
                         near ? near : "", near ? "'?)" : "");
    }
    if (json) {
        list_json(self, name);
        putchar('\n');
    }
    return CLV_OUTCOME_DONE;
}

static int list_all(int json)
{
    if (json) { putchar('{'); }
    for (int i = 0; i < SHELVES; i++) {
        if (json) {
            printf("%s\"%s\":", i ? "," : "", shelves[i].name);
            list_json(&shelves[i], NULL);
        } else {
            if (i) { putchar('\n'); }
            list_table(&shelves[i]);
        }
    }
    if (json) { puts("}"); }
    return CLV_OUTCOME_DONE;
}

static void say_skipped(void)
{
    clv_registry_ready();
    for (size_t i = 0; i < clv_registry_message_count(); i++) {
        fprintf(stderr, "corelevel: %s\n", clv_registry_message(i));
    }
}

static int list_one(const clv_command *self, const shelf *one, const char *name, int json)
{
    if (name) { return show(self, one, name, json); }
    if (json) {
        list_json(one, NULL);
        putchar('\n');
    } else {
        list_table(one);
    }
    return CLV_OUTCOME_DONE;
}

static int run(const clv_command *self, clv_words *words)
{
    int json = clv_words_flag(words, "--json"), code = clv_words_check(self, words, 0, 2);
    const char *what = words->count > 0 ? words->word[0] : NULL, *name = words->count > 1 ? words->word[1] : NULL;

    if (code) { return code; }
    say_skipped();
    if (!what) { return list_all(json); }
    if (strcmp(what, "lines") == 0) { return clv_lines_show(self->name, name, json); }
    if (strcmp(what, "envelopes") == 0) { return clv_envelopes_show(self->name, name, json); }
    for (int i = 0; i < SHELVES; i++) {
        if (strcmp(shelves[i].name, what) == 0) { return list_one(self, &shelves[i], name, json); }
    }
    return clv_usage(self->name, "'%s' cannot be listed: formats, operations, components, lines and envelopes can",
                     what);
}

const clv_command clv_command_list = {
    .name = "list",
    .doc = "formats, operations, components, lines and envelopes there are",
    .help = "  corelevel list operations\n"
            "  corelevel list operations charge_correct      what it does, its parameters, its source\n"
            "  corelevel list envelopes Co3O4                the lines of a chemical state\n"
            "  corelevel list formats --json\n"
            "\n"
            "corelevel list [formats|operations|components|lines|envelopes] [NAME] [--json]",
    .run = run,
};
