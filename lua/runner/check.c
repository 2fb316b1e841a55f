/* corelevel check: whether a report tells of every fit what ISO 19830 asks.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BYTES ((size_t)256 << 20)

static int read_file(const char *path, char **bytes, size_t *count)
{
    FILE *file = fopen(path, "rbe");
    long size = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    int read = 0;

    *bytes = size >= 0 && (size_t)size <= MOST_BYTES ? malloc((size_t)size + 1) : NULL;
    if (*bytes) {
        rewind(file);
        *count = fread(*bytes, 1, (size_t)size, file);
        read = *count == (size_t)size;
    }
    if (!read) {
        fprintf(stderr, "corelevel: %s cannot be read: %s\n", path,
                size > (long)MOST_BYTES ? "it is too large" : strerror(errno));
    }
    if (file) { fclose(file); }
    return read;
}

static int print_answer(const clv_value *answer)
{
    const clv_value *missing = clv_value_get(answer, "missing");
    int complete = clv_value_as_boolean(clv_value_get(answer, "complete"));

    printf("%s: %s, %s\n", clv_value_as_text(clv_value_get(answer, "what")),
           clv_value_as_text(clv_value_get(answer, "standard")), complete ? "complete" : "not complete");
    for (size_t i = 0; i < clv_value_count(missing); i++) {
        printf("  missing: %s\n", clv_value_as_text(clv_value_at(missing, i)));
    }
    return complete;
}

static int run(const clv_command *self, clv_words *words)
{
    clv_value *answers = NULL;
    clv_error err = {0};
    char *bytes = NULL;
    size_t count = 0;
    int complete = 1, code = clv_words_check(self, words, 1, 1);

    if (code) { return code; }
    if (!read_file(words->word[0], &bytes, &count)) {
        free(bytes);
        return CLV_OUTCOME_INPUT;
    }
    code = clv_report_check(bytes, count, &answers, &err) ? CLV_OUTCOME_INPUT : CLV_OUTCOME_DONE;
    free(bytes);
    if (code) {
        clv_error_at(&err, "%s", words->word[0]);
        return clv_say(&err, code);
    }
    for (size_t i = 0; i < clv_value_count(answers); i++) { complete &= print_answer(clv_value_at(answers, i)); }
    if (clv_value_count(answers) == 0) { puts("there is no fit in this report"); }
    clv_value_free(answers);
    return complete ? CLV_OUTCOME_DONE : CLV_OUTCOME_FAILED;
}

const clv_command clv_command_check = {
    .name = "check",
    .doc = "whether a report tells what ISO 19830 asks",
    .help =
        "  corelevel check results/co2p.json\n"
        "\n"
        "corelevel check REPORT.json\n"
        "\n"
        "Reads the JSON that a report writes beside its page and names, for every fit in it, what is missing of the\n"
        "items that ISO 19830:2015 asks of a report on peak fitting. Exit code 0: all complete; 1: something "
        "missing.\n",
    .run = run,
};
