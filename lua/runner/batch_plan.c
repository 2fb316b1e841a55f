/* The items of a batch: inputs and options told apart, names and folders that differ, shards.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch.h"

#include <stdlib.h>
#include <string.h>

static int out_of_memory(void)
{
    fprintf(stderr, "corelevel: not enough memory\n");
    return CLV_OUTCOME_LIMIT;
}

/* ---- Words: inputs by place, options for all */

/* The declared row of a name among inputs or options; NULL for none. */
static const clv_value *find_row(const clv_value *rows, const char *name, size_t length)
{
    for (size_t i = 0; rows && i < clv_value_count(rows); i++) {
        const clv_value *row = clv_value_at(rows, i), *named = row ? clv_value_get(row, "name") : NULL;
        const char *text = named ? clv_value_as_text(named) : NULL;
        size_t same = 0;
        if (!text || strlen(text) != length) { continue; }
        while (same < length && (text[same] == name[same] || (text[same] == '_' && name[same] == '-'))) { same++; }
        if (same == length) { return row; }
    }
    return NULL;
}

/* Whether the word after an option belongs to it. */
static int takes_value(const clv_value *declaration, const char *option, const char *next)
{
    const clv_value *options = declaration ? clv_value_get(declaration, "options") : NULL;
    const clv_value *row = find_row(options, option + 2, strlen(option + 2));
    const clv_value *preset = row ? clv_value_get(row, "preset") : NULL;

    if (strchr(option, '=') || !next) { return 0; }
    if (!preset || clv_value_kind(preset) != CLV_BOOLEAN) { return 1; }
    return strcmp(next, "true") == 0 || strcmp(next, "false") == 0;
}

/* Moves options with their values out of the words, which then are inputs. */
static int take_options(clv_batch *batch, const clv_value *declaration, clv_words *words)
{
    batch->options.word = calloc((size_t)words->count + 1, sizeof(char *));
    if (!batch->options.word) { return out_of_memory(); }
    for (int i = 0; i < words->count;) {
        char *word = words->word[i];
        int used = 1;
        if (strcmp(word, "--") == 0) {
            clv_words_remove(words, i);
            break;
        }
        if (strncmp(word, "--", 2) != 0) {
            i++;
            continue;
        }
        used += takes_value(declaration, word, i + 1 < words->count ? words->word[i + 1] : NULL);
        for (; used > 0; used--) {
            batch->options.word[batch->options.count++] = words->word[i];
            clv_words_remove(words, i);
        }
    }
    return CLV_OUTCOME_DONE;
}

/* ---- Items */

static clv_batch_item *add_item(clv_batch *batch, const char *path)
{
    char *own = strdup(path), *words = strdup("");
    clv_batch_item *grown = own && words ? reallocarray(batch->items, batch->count + 1, sizeof *grown) : NULL;

    if (!grown) {
        free(own);
        free(words);
        return NULL;
    }
    batch->items = grown;
    grown[batch->count] = (clv_batch_item){.place = batch->count, .path = own, .words = words};
    return &grown[batch->count++];
}

static int add_word(clv_batch_item *item, const char *word)
{
    char *grown = realloc(item->words, strlen(item->words) + strlen(word) + 2);

    if (!grown) { return 0; }
    item->words = grown;
    strcat(strcat(grown, word), "\n");
    return 1;
}

static int add_common(const clv_batch *batch, clv_batch_item *item)
{
    for (int i = 0; i < batch->options.count; i++) {
        if (!add_word(item, batch->options.word[i])) { return 0; }
    }
    return 1;
}

static int plan_words(clv_batch *batch, const clv_words *words)
{
    for (int i = 0; i < words->count; i++) {
        clv_batch_item *item = add_item(batch, words->word[i]);
        if (strchr(words->word[i], '\n')) { return clv_usage("batch", "an input has a line feed in its name"); }
        if (!item || !add_common(batch, item) || !add_word(item, "--") || !add_word(item, words->word[i])) {
            return out_of_memory();
        }
    }
    return batch->count > 0 ? CLV_OUTCOME_DONE : clv_usage("batch", "%s", "the inputs are missing");
}

/* The column of a table that holds the first input: named as it, or `input`; NULL for none. */
static const char *main_column(const clv_value *declaration, const clv_value *row)
{
    const clv_value *inputs = declaration ? clv_value_get(declaration, "inputs") : NULL;
    const clv_value *first = inputs ? clv_value_at(inputs, 0) : NULL;
    const clv_value *name = first ? clv_value_get(first, "name") : NULL;

    if (name && clv_value_as_text(name) && clv_value_get(row, clv_value_as_text(name))) {
        return clv_value_as_text(name);
    }
    return clv_value_get(row, "input") ? "input" : NULL;
}

/* One row: its input, and every other column that is not empty as an option of that name. */
static int plan_row(clv_batch *batch, const clv_value *row, const char *main)
{
    const char *path = clv_value_as_text(clv_value_get(row, main));
    clv_batch_item *item = add_item(batch, path);
    int good = item && add_common(batch, item);

    for (size_t i = 0; good && i < clv_value_name_count(row); i++) {
        const char *name = clv_value_name_at(row, i), *text = clv_value_as_text(clv_value_get(row, name));
        char *word = NULL;
        if (strcmp(name, main) == 0 || !*text) { continue; }
        if (strchr(text, '\n')) { return clv_usage("batch", "%s: a field has a line feed in it", batch->table); }
        good = asprintf(&word, "--%s=%s", name, text) >= 0 && add_word(item, word);
        free(word);
    }
    return good && add_word(item, "--") && add_word(item, path) ? CLV_OUTCOME_DONE : out_of_memory();
}

static int plan_table(clv_batch *batch, const clv_value *declaration)
{
    clv_value *rows = NULL;
    clv_error err = {0};
    int code = CLV_OUTCOME_DONE;

    if (clv_journal_read_table(batch->table, &rows, &err)) { return clv_say(&err, clv_code_of(&err)); }
    for (size_t i = 0; i < clv_value_count(rows) && !code; i++) {
        const clv_value *row = clv_value_at(rows, i);
        const char *main = main_column(declaration, row);
        code = main ? plan_row(batch, row, main)
                    : clv_usage("batch", "%s: one column should hold the inputs and be named 'input'", batch->table);
    }
    if (!code && batch->count == 0) { code = clv_usage("batch", "%s: there are no rows", batch->table); }
    clv_value_free(rows);
    return code;
}

/* ---- Names and folders */

/* The end of a path with `levels` folders before its last part. */
static const char *tail(const char *path, int levels)
{
    const char *at = path + strlen(path);

    while (at > path && at[-1] == '/') { at--; }
    for (; at > path; at--) {
        if (at[-1] == '/' && levels-- == 0) { break; }
    }
    return at;
}

/* Whether an item of another path would be called the same. */
static int is_shared(const clv_batch *batch, size_t place, int levels)
{
    const char *own = tail(batch->items[place].path, levels);

    for (size_t i = 0; i < batch->count; i++) {
        const char *path = batch->items[i].path;
        if (strcmp(path, batch->items[place].path) != 0 && strcmp(own, tail(path, levels)) == 0) { return 1; }
    }
    return 0;
}

static int same_path_before(const clv_batch *batch, size_t place)
{
    int count = 0;

    for (size_t i = 0; i < place; i++) { count += strcmp(batch->items[i].path, batch->items[place].path) == 0; }
    return count;
}

/* The last part of the path, with as many folders before it as it takes to tell it from others; a path that is given
   again is counted. */
static int name_item(clv_batch *batch, size_t place)
{
    clv_batch_item *item = &batch->items[place];
    int levels = 0, again = same_path_before(batch, place);
    const char *name;

    while (!batch->base && is_shared(batch, place, levels) && tail(item->path, levels) > item->path) { levels++; }
    name = batch->base ? item->path + strlen(batch->base) : tail(item->path, levels);
    name += strspn(name, "/");
    if (again) { return asprintf(&item->name, "%s (%d)", name, again + 1) >= 0; }
    item->name = strdup(name);
    return item->name != NULL;
}

static int is_reserved(const char *folder)
{
    static const char *const names[] = {"", ".", "..", "summary.csv", "failures.csv", "batch.nc", "report.html"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(folder, names[i]) == 0) { return 1; }
    }
    return strncmp(folder, "journal", 7) == 0 || strncmp(folder, ".work", 5) == 0;
}

static int is_taken(const clv_batch *batch, size_t place, const char *folder)
{
    for (size_t i = 0; i < place; i++) {
        if (strcmp(batch->items[i].folder, folder) == 0) { return 1; }
    }
    return is_reserved(folder);
}

/* The name without its suffix; with it where that tells it from an item before; numbered where nothing else does. */
static int choose_folder(clv_batch *batch, size_t place)
{
    clv_batch_item *item = &batch->items[place];
    char *folder = strdup(item->name), *dot, *numbered = NULL;

    if (!folder) { return 0; }
    for (char *c = folder; *c; c++) { *c = *c == '/' ? '_' : *c; }
    dot = strrchr(folder, '.');
    if (dot && dot > folder) { *dot = 0; }
    if (is_taken(batch, place, folder) && dot && dot > folder) { *dot = '.'; }
    for (int n = 2; is_taken(batch, place, numbered ? numbered : folder); n++) {
        free(numbered);
        if (asprintf(&numbered, "%s-%d", folder, n) < 0) {
            free(folder);
            return 0;
        }
    }
    item->folder = numbered ? numbered : folder;
    if (numbered) { free(folder); }
    return 1;
}

static int name_all(clv_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (!name_item(batch, i) || !choose_folder(batch, i)) { return out_of_memory(); }
    }
    batch->total = batch->count;
    return CLV_OUTCOME_DONE;
}

/* What the workflow declares; NULL for a workflow that fails before, as each item will then tell. */
static const clv_value *declared(clv_session *session)
{
    const clv_value *declaration = NULL;
    const char *help = NULL;

    return clv_session_describe(session, &declaration, &help, NULL) ? NULL : declaration;
}

int clv_batch_plan(clv_batch *batch, clv_words *words)
{
    clv_session_setup setup = {.size = sizeof setup, .time_limit = 60, .max_failed = -1};
    clv_session *session = NULL;
    clv_error err = {0};
    const clv_value *declaration;
    int code;

    if (clv_session_open(batch->workflow, &setup, &session, &err)) {
        return clv_say(&err, err.status == CLV_NOT_FOUND ? CLV_OUTCOME_USAGE : CLV_OUTCOME_INPUT);
    }
    declaration = declared(session);
    code = take_options(batch, declaration, words);
    if (!code && batch->table && words->count > 0) {
        code = clv_usage("batch", "'%s' is too much beside --table", words->word[0]);
    }
    if (!code) { code = batch->table ? plan_table(batch, declaration) : plan_words(batch, words); }
    if (!code) { code = name_all(batch); }
    clv_session_free(session);
    return code;
}

int clv_batch_hash_list(const clv_batch *batch, char hash[CLV_JOURNAL_HASH_SIZE])
{
    size_t size = 0;
    FILE *stream;
    char *text = NULL;

    stream = open_memstream(&text, &size);
    if (!stream) { return 0; }
    for (size_t i = 0; i < batch->count; i++) {
        fprintf(stream, "%s\n%s\n%s\n", batch->items[i].name, batch->items[i].folder, batch->items[i].words);
    }
    if (fclose(stream)) {
        free(text);
        return 0;
    }
    clv_journal_hash_text(text, hash);
    free(text);
    return 1;
}

static void free_item(clv_batch_item *item)
{
    free(item->name);
    free(item->folder);
    free(item->path);
    free(item->words);
}

void clv_batch_keep_shard(clv_batch *batch)
{
    size_t kept = 0;

    for (size_t i = 0; i < batch->count; i++) {
        if (i % batch->shards + 1 == batch->shard) {
            batch->items[kept++] = batch->items[i];
        } else {
            free_item(&batch->items[i]);
        }
    }
    batch->count = kept;
}

void clv_batch_free(clv_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) { free_item(&batch->items[i]); }
    free(batch->items);
    free(batch->options.word);
    free(batch->work);
    free(batch->journal);
}
