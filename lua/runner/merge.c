/* corelevel merge: the shards of a batch become one.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "paths.h"

/* The shards' journals, each with the folder that it lies in. */
typedef struct merge {
    clv_journal **journals;
    const char **folders;
    size_t count;
} merge;

static int is_journal(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return strncmp(entry->d_name, "journal", 7) == 0 && length > 7 &&
           strcmp(entry->d_name + length - 7, ".sqlite") == 0;
}

static clv_status add_journal(merge *self, const char *folder, const char *name, clv_error *err)
{
    clv_journal **journals = reallocarray(self->journals, self->count + 1, sizeof *journals);
    const char **folders;
    clv_status status;
    char *path = NULL;

    if (journals) { self->journals = journals; }
    folders = reallocarray(self->folders, self->count + 1, sizeof *folders);
    if (folders) { self->folders = folders; }
    CLV_CHECK(journals && folders && asprintf(&path, "%s/%s", folder, name) >= 0, err, CLV_NO_MEMORY,
              "not enough memory");
    status = clv_journal_open_shard(path, &self->journals[self->count], err);
    free(path);
    if (!status) { self->folders[self->count++] = folder; }
    return status;
}

static clv_status add_folder(merge *self, const char *folder, clv_error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_journal, alphasort);
    clv_status status = CLV_OK;

    CLV_CHECK(count >= 0, err, CLV_NOT_FOUND, "%s: there is no such folder", folder);
    if (count == 0) {
        status = clv_fail(err, CLV_NOT_FOUND, "%s: there is no shard of a batch in this folder", folder);
    }
    for (int i = 0; i < count; i++) {
        if (!status) { status = add_journal(self, folder, entries[i]->d_name, err); }
        free(entries[i]);
    }
    free(entries);
    return status;
}

/* Copies what the items of one shard left to where the whole batch is to lie. */
static clv_status copy_results(clv_journal *journal, const char *from, const char *out, clv_error *err)
{
    clv_journal_item item;

    for (size_t i = 0;; i++) {
        char *source = NULL, *target = NULL;
        clv_status status;
        CLV_TRY(clv_journal_at(journal, i, &item, err));
        if (!item.name) { return CLV_OK; }
        if (!*item.folder) { continue; }
        CLV_CHECK(!strchr(item.folder, '/') && strcmp(item.folder, "..") != 0, err, CLV_BAD_FILE,
                  "%s: a shard names '%s' as a folder of results, which is none", from, item.folder);
        if (asprintf(&source, "%s/%s", from, item.folder) < 0 || asprintf(&target, "%s/%s", out, item.folder) < 0) {
            status = clv_fail(err, CLV_NO_MEMORY, "not enough memory");
        } else {
            status = clv_folder_copy(source, target, err);
        }
        free(source);
        free(target);
        CLV_TRY(status);
    }
}

/* Whether two paths lead to one folder: nothing is copied onto itself. */
static int is_same(const char *a, const char *b)
{
    struct stat one, other;

    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static clv_status put_together(merge *self, const clv_words *words, const char *out, size_t *failed, clv_error *err)
{
    for (int i = 0; i < words->count; i++) { CLV_TRY(add_folder(self, words->word[i], err)); }
    CLV_TRY(clv_folder_make(out, err));
    CLV_TRY(clv_journal_summarise(self->journals, self->count, out, failed, err));
    for (size_t i = 0; i < self->count; i++) {
        if (is_same(self->folders[i], out)) { continue; }
        CLV_TRY(copy_results(self->journals[i], self->folders[i], out, err));
    }
    return CLV_OK;
}

static int run(const clv_command *self, clv_words *words)
{
    merge merged = {0};
    const char *out = NULL;
    clv_error err = {0};
    size_t failed = 0;
    int code;

    if (clv_words_value(words, "--out", &out) < 0) { return CLV_OUTCOME_USAGE; }
    code = clv_words_check(self, words, 1, 100000);
    if (code) { return code; }
    if (!out && words->count > 1) { return clv_usage(self->name, "%s", "several folders need --out DIR"); }
    if (put_together(&merged, words, out ? out : words->word[0], &failed, &err)) {
        code = clv_say(&err, err.status == CLV_BAD_ARGUMENT ? CLV_OUTCOME_INPUT : clv_code_of(&err));
    } else {
        code = failed ? CLV_OUTCOME_FAILED : CLV_OUTCOME_DONE;
    }
    for (size_t i = 0; i < merged.count; i++) { clv_journal_free(merged.journals[i]); }
    free(merged.journals);
    free(merged.folders);
    return code;
}

const clv_command clv_command_merge = {
    .name = "merge",
    .doc = "put the shards of a batch together",
    .help =
        "  corelevel merge results/                          shards that wrote into one folder\n"
        "  corelevel merge shard1/ shard2/ --out results/\n"
        "\n"
        "corelevel merge DIR... [--out DIR]\n"
        "\n"
        "Writes summary.csv, batch.nc and failures.csv of the whole batch from the journals of its shards, the same "
        "bytes as\n"
        "without shards, and copies the results to --out where that is another folder. Every shard must be finished.",
    .run = run,
};
