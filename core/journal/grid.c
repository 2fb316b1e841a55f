/* Puts the tables of all items of a batch on common axes and writes them as netCDF.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal/grid.h"

#include <math.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

#include "store/dataset.h"

enum { SPARSE_FROM = 10000 /* places; fewer are always put on common axes */ };

/* One column of a table: its values for every item and place. */
typedef struct column {
    char *name;
    int is_axis;
    int is_text;    /* one of its fields is no number */
    double *number; /* [items][places] */
    char **text;    /* the same instead of numbers; NULL entries for empty */
} column;

/* One row of the common axes: the fields of its axis columns, joined; in a tree until all are known. */
typedef struct place {
    char *key;
    double *number; /* [axes] */
    size_t order;   /* of first appearance, then its place */
} place;

/* One published table over all items. */
typedef struct grid {
    char *name;
    column *columns;
    size_t count, axes, rows, most_rows;
    void *tree; /* of places by key */
    place **places;
    size_t place_count;
    int common;  /* places are those of the axes, not row numbers */
    int numeric; /* all axis fields are numbers */
} grid;

typedef struct grids {
    grid *grid;
    size_t count, items;
} grids;

static clv_status no_memory(clv_error *err) { return clv_fail(err, CLV_NO_MEMORY, "no memory for the batch's arrays"); }

static void free_place(void *node)
{
    place *self = node;

    free(self->key);
    free(self->number);
    free(self);
}

static void free_grids(grids *self)
{
    for (size_t g = 0; g < self->count; g++) {
        grid *one = &self->grid[g];
        for (size_t c = 0; c < one->count; c++) {
            for (size_t i = 0; one->columns[c].text && i < self->items * one->place_count; i++) {
                free(one->columns[c].text[i]);
            }
            free(one->columns[c].name);
            free(one->columns[c].number);
            free(one->columns[c].text);
        }
        tdestroy(one->tree, free_place);
        free(one->places);
        free(one->columns);
        free(one->name);
    }
    free(self->grid);
}

/* ---- First pass: columns and places */

static grid *find_grid(grids *self, const char *name)
{
    for (size_t g = 0; g < self->count; g++) {
        if (strcmp(self->grid[g].name, name) == 0) { return &self->grid[g]; }
    }
    return NULL;
}

static grid *add_grid(grids *self, const char *name)
{
    grid *grown = reallocarray(self->grid, self->count + 1, sizeof *grown);
    char *copy = grown ? strdup(name) : NULL;

    if (grown) { self->grid = grown; }
    if (!copy) { return NULL; }
    grown[self->count] = (grid){.name = copy, .numeric = 1};
    return &grown[self->count++];
}

static column *find_column(const grid *self, const char *name)
{
    for (size_t c = 0; c < self->count; c++) {
        if (strcmp(self->columns[c].name, name) == 0) { return &self->columns[c]; }
    }
    return NULL;
}

static int as_number(const char *text, double *number)
{
    *number = NAN;
    return *text == 0 || clv_text_number(text, strlen(text), number, NULL) == CLV_OK;
}

static int is_text(const clv_rows *rows, size_t c)
{
    double number;

    for (size_t row = 1; row < rows->count; row++) {
        if (!as_number(rows->field[row * rows->columns + c], &number)) { return 1; }
    }
    return 0;
}

static clv_status note_columns(grid *self, const clv_rows *rows, size_t axes, clv_error *err)
{
    for (size_t c = 0; c < rows->columns; c++) {
        column *grown, *known = find_column(self, rows->field[c]);
        if (known) {
            known->is_text |= is_text(rows, c);
            continue;
        }
        grown = reallocarray(self->columns, self->count + 1, sizeof *grown);
        if (!grown) { return no_memory(err); }
        self->columns = grown;
        grown[self->count] = (column){.name = strdup(rows->field[c]), .is_axis = c < axes, .is_text = is_text(rows, c)};
        if (!grown[self->count].name) { return no_memory(err); }
        self->axes += c < axes;
        self->count++;
    }
    return CLV_OK;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const place *)a)->key, ((const place *)b)->key);
}

/* The fields of the axes in a row, each ended by a unit separator. The text is the caller's. */
static char *key_of(const clv_rows *rows, size_t row, size_t axes)
{
    size_t length = 1;
    char *key, *at;

    for (size_t c = 0; c < axes; c++) { length += strlen(rows->field[row * rows->columns + c]) + 1; }
    key = at = malloc(length);
    for (size_t c = 0; key && c < axes; c++) {
        at = stpcpy(at, rows->field[row * rows->columns + c]);
        *at++ = '\x1f';
    }
    if (key) { *at = 0; }
    return key;
}

static clv_status note_place(grid *self, const clv_rows *rows, size_t row, size_t axes, clv_error *err)
{
    place *made = calloc(1, sizeof *made), **found;

    if (made) {
        made->key = key_of(rows, row, axes);
        made->number = calloc(axes + 1, sizeof *made->number);
        made->order = self->place_count;
    }
    found = made && made->key && made->number ? tsearch(made, &self->tree, compare_keys) : NULL;
    if (!found) {
        if (made) { free_place(made); }
        return no_memory(err);
    }
    if (*found != made) {
        free_place(made);
        return CLV_OK;
    }
    for (size_t c = 0; c < axes; c++) {
        self->numeric &= as_number(rows->field[row * rows->columns + c], &made->number[c]);
    }
    self->place_count++;
    return CLV_OK;
}

static clv_status note_table(void *payload, size_t at, const char *item, const char *name, const clv_rows *rows,
                             clv_error *err)
{
    grids *self = payload;
    grid *one = find_grid(self, name);
    size_t axes = clv_rows_axes(rows);

    (void)at;
    (void)item;
    if (!one) { one = add_grid(self, name); }
    if (!one) { return no_memory(err); }
    CLV_TRY(note_columns(one, rows, axes, err));
    for (size_t row = 1; row < rows->count; row++) { CLV_TRY(note_place(one, rows, row, axes, err)); }
    one->rows += rows->count - 1;
    if (rows->count - 1 > one->most_rows) { one->most_rows = rows->count - 1; }
    return CLV_OK;
}

/* ---- Places in order */

static void collect_place(const void *node, VISIT visit, void *closure)
{
    place ***next = closure;

    if (visit == postorder || visit == leaf) { *(*next)++ = *(place *const *)node; }
}

static int compare_places(const void *a, const void *b, void *closure)
{
    const place *x = *(place *const *)a, *y = *(place *const *)b;
    const grid *self = closure;

    for (size_t c = 0; self->numeric && c < self->axes; c++) {
        if (x->number[c] < y->number[c]) { return -1; }
        if (x->number[c] > y->number[c]) { return 1; }
    }
    return (x->order > y->order) - (x->order < y->order);
}

/* Common axes, unless items share so few places that most would be empty. */
static clv_status order_places(grid *self, size_t items, clv_error *err)
{
    place **next;

    self->common =
        self->axes > 0 && (self->place_count * items <= 2 * self->rows || self->place_count <= SPARSE_FROM / items);
    if (!self->common) {
        self->place_count = self->most_rows;
        return CLV_OK;
    }
    self->places = next = calloc(self->place_count + 1, sizeof *self->places);
    if (!next) { return no_memory(err); }
    twalk_r(self->tree, collect_place, &next);
    qsort_r(self->places, self->place_count, sizeof *self->places, compare_places, self);
    for (size_t i = 0; i < self->place_count; i++) { self->places[i]->order = i; }
    return CLV_OK;
}

static clv_status make_room(grid *self, size_t items, clv_error *err)
{
    for (size_t c = 0; c < self->count; c++) {
        column *one = &self->columns[c];
        if (self->common && one->is_axis) { continue; }
        if (one->is_text) {
            one->text = calloc(items * self->place_count + 1, sizeof(char *));
        } else {
            one->number = reallocarray(NULL, items * self->place_count + 1, sizeof *one->number);
        }
        if (!one->text && !one->number) { return no_memory(err); }
        for (size_t i = 0; one->number && i < items * self->place_count; i++) { one->number[i] = NAN; }
    }
    return CLV_OK;
}

/* ---- Second pass: values */

static clv_status put_field(column *to, size_t at, const char *text, clv_error *err)
{
    double number;

    if (to->text) {
        free(to->text[at]);
        to->text[at] = strdup(text);
        return to->text[at] ? CLV_OK : no_memory(err);
    }
    if (to->number && as_number(text, &number)) { to->number[at] = number; } /* neither: an axis that all share */
    return CLV_OK;
}

static size_t place_of(const grid *self, const clv_rows *rows, size_t row)
{
    place wanted = {.key = self->common ? key_of(rows, row, clv_rows_axes(rows)) : NULL}, **found = NULL;
    size_t order = SIZE_MAX;

    if (!self->common) { return row - 1; }
    if (wanted.key) { found = tfind(&wanted, &self->tree, compare_keys); }
    if (found) { order = (*found)->order; }
    free(wanted.key);
    return order;
}

static clv_status put_table(void *payload, size_t at, const char *item, const char *name, const clv_rows *rows,
                            clv_error *err)
{
    grids *self = payload;
    grid *one = find_grid(self, name);

    (void)item;
    for (size_t row = 1; row < rows->count; row++) {
        size_t where = place_of(one, rows, row);
        if (where == SIZE_MAX) { return no_memory(err); }
        for (size_t c = 0; c < rows->columns; c++) {
            CLV_TRY(put_field(find_column(one, rows->field[c]), at * one->place_count + where,
                              rows->field[row * rows->columns + c], err));
        }
    }
    return CLV_OK;
}

/* ---- Writing */

/* "Co3+ [eV]" is the name "Co3+" and the unit "eV"; both are the caller's. */
static clv_status split_name(const char *heading, char **name, char **unit, clv_error *err)
{
    const char *open = strstr(heading, " [");
    size_t length = strlen(heading);

    *unit = NULL;
    if (!open || heading[length - 1] != ']') { open = heading + length; }
    *name = strndup(heading, (size_t)(open - heading));
    if (*open) { *unit = strndup(open + 2, length - (size_t)(open - heading) - 3); }
    return *name && (!*open || *unit) ? CLV_OK : no_memory(err);
}

static clv_status put_texts(clv_dataset *dataset, int group, const char *name, const int *on, size_t dimensions,
                            const char *const *texts, size_t count, clv_error *err)
{
    int all[3] = {0}, variable = 0;
    size_t longest = 1;
    char *bytes, *length_name = NULL;
    clv_status status;

    for (size_t i = 0; i < count; i++) {
        longest = texts[i] && strlen(texts[i]) > longest ? strlen(texts[i]) : longest;
    }
    bytes = calloc(count, longest);
    if (!bytes || asprintf(&length_name, "%s_length", name) < 0) {
        free(bytes);
        return no_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        if (texts[i]) { memcpy(bytes + i * longest, texts[i], strlen(texts[i])); }
    }
    for (size_t d = 0; d < dimensions; d++) { all[d] = on[d]; }
    status = clv_dataset_add_dimension(dataset, group, length_name, longest, &all[dimensions], err);
    if (!status) {
        status = clv_dataset_add_variable(dataset, group, name, CLV_DATASET_CHAR, all, dimensions + 1, &variable, err);
    }
    if (!status) { status = clv_dataset_put(dataset, group, variable, bytes, err); }
    free(bytes);
    free(length_name);
    return status;
}

static clv_status put_numbers(clv_dataset *dataset, int group, const char *heading, const int *on, size_t dimensions,
                              const double *numbers, clv_error *err)
{
    char *name = NULL, *unit = NULL;
    int variable = 0;
    clv_status status = split_name(heading, &name, &unit, err);

    if (!status) {
        status = clv_dataset_add_variable(dataset, group, name, CLV_DATASET_DOUBLE, on, dimensions, &variable, err);
    }
    if (!status && unit) { status = clv_dataset_set_text(dataset, group, variable, "units", unit, err); }
    if (!status) { status = clv_dataset_put(dataset, group, variable, numbers, err); }
    free(name);
    free(unit);
    return status;
}

/* One axis that all items share: numbers, or texts where one of them is none. */
static clv_status put_axis(clv_dataset *dataset, int group, const grid *self, size_t axis, const column *of, int on,
                           clv_error *err)
{
    double *numbers = calloc(self->place_count, sizeof *numbers);
    char **texts = calloc(self->place_count, sizeof *texts);
    clv_status status = numbers && texts ? CLV_OK : no_memory(err);

    for (size_t i = 0; i < self->place_count && !status; i++) {
        const char *from = self->places[i]->key;
        for (size_t c = 0; c < axis; c++) { from = strchr(from, '\x1f') + 1; }
        numbers[i] = self->places[i]->number[axis];
        texts[i] = strndup(from, strcspn(from, "\x1f"));
        if (!texts[i]) { status = no_memory(err); }
    }
    if (!status) {
        status = self->numeric
                     ? put_numbers(dataset, group, of->name, &on, 1, numbers, err)
                     : put_texts(dataset, group, of->name, &on, 1, (const char *const *)texts, self->place_count, err);
    }
    for (size_t i = 0; texts && i < self->place_count; i++) { free(texts[i]); }
    free(texts);
    free(numbers);
    return status;
}

static clv_status put_columns(clv_dataset *dataset, int group, const grid *self, const int on[2], size_t items,
                              clv_error *err)
{
    size_t axis = 0;

    for (size_t c = 0; c < self->count; c++) {
        const column *one = &self->columns[c];
        if (self->common && one->is_axis) {
            CLV_TRY(put_axis(dataset, group, self, axis++, one, on[1], err));
        } else if (one->is_text) {
            CLV_TRY(put_texts(dataset, group, one->name, on, 2, (const char *const *)one->text,
                              items * self->place_count, err));
        } else {
            CLV_TRY(put_numbers(dataset, group, one->name, on, 2, one->number, err));
        }
    }
    return CLV_OK;
}

static clv_status put_grid(clv_dataset *dataset, const grid *self, int input, size_t items, clv_error *err)
{
    char *axis = NULL, *unit = NULL;
    int group = 0, on[2] = {input, 0};
    clv_status status;

    if (self->place_count == 0) { return CLV_OK; }
    CLV_TRY(split_name(self->common ? self->columns[0].name : "row", &axis, &unit, err));
    status = clv_dataset_add_group(dataset, CLV_DATASET_ROOT, self->name, 0, &group, err);
    if (!status) { status = clv_dataset_add_dimension(dataset, group, axis, self->place_count, &on[1], err); }
    if (!status) { status = put_columns(dataset, group, self, on, items, err); }
    free(axis);
    free(unit);
    return status;
}

static clv_status put_names(clv_dataset *dataset, const clv_entries *entries, int input, clv_error *err)
{
    char **names = calloc(entries->count, sizeof *names);
    clv_status status = names ? CLV_OK : no_memory(err);

    for (size_t i = 0; i < entries->count && !status; i++) {
        clv_journal_item item;
        status = clv_entries_item(entries, i, &item, err);
        if (!status && !(names[i] = strdup(item.name))) { status = no_memory(err); }
    }
    if (!status) {
        status =
            put_texts(dataset, CLV_DATASET_ROOT, "input", &input, 1, (const char *const *)names, entries->count, err);
    }
    for (size_t i = 0; names && i < entries->count; i++) { free(names[i]); }
    free(names);
    return status;
}

static clv_status write(const grids *self, const clv_entries *entries, const char *path, clv_error *err)
{
    clv_dataset *dataset = NULL;
    size_t bytes = 0;
    int input = 0;
    clv_status status;

    for (size_t g = 0; g < self->count; g++) {
        bytes += self->grid[g].count * self->grid[g].place_count * self->items * sizeof(double);
    }
    CLV_TRY(clv_dataset_new(path, bytes, &dataset, err));
    status = clv_dataset_set_text(dataset, CLV_DATASET_ROOT, CLV_DATASET_GROUP, "Conventions", "corelevel-1", err);
    if (!status) {
        status = clv_dataset_add_dimension(dataset, CLV_DATASET_ROOT, "input", entries->count, &input, err);
    }
    if (!status) { status = put_names(dataset, entries, input, err); }
    for (size_t g = 0; g < self->count && !status; g++) {
        status = put_grid(dataset, &self->grid[g], input, self->items, err);
    }
    if (!status) { return clv_dataset_finish(dataset, err); }
    clv_dataset_free(dataset);
    return status;
}

clv_status clv_grid_write(const clv_entries *entries, const char *folder, clv_error *err)
{
    grids self = {.items = entries->count};
    char *path = NULL;
    clv_status status;

    if (entries->count == 0) { return CLV_OK; }
    if (asprintf(&path, "%s/batch.nc", folder) < 0) { return no_memory(err); }
    status = clv_entries_visit(entries, note_table, &self, err);
    for (size_t g = 0; g < self.count && !status; g++) {
        status = order_places(&self.grid[g], self.items, err);
        if (!status) { status = make_room(&self.grid[g], self.items, err); }
    }
    if (!status) { status = clv_entries_visit(entries, put_table, &self, err); }
    if (!status) { status = write(&self, entries, path, err); }
    free_grids(&self);
    free(path);
    return status;
}
