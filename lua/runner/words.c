/* The words of a command line: options taken out one by one, what is left refused or counted.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void clv_words_remove(clv_words *words, int place)
{
    memmove(words->word + place, words->word + place + 1, (size_t)(words->count - place - 1) * sizeof words->word[0]);
    words->count--;
}

int clv_words_flag(clv_words *words, const char *name)
{
    for (int i = 0; i < words->count && strcmp(words->word[i], "--") != 0; i++) {
        if (strcmp(words->word[i], name) == 0) {
            clv_words_remove(words, i);
            return 1;
        }
    }
    return 0;
}

int clv_words_value(clv_words *words, const char *name, const char **value)
{
    size_t length = strlen(name);

    for (int i = 0; i < words->count && strcmp(words->word[i], "--") != 0; i++) {
        if (strncmp(words->word[i], name, length) != 0) { continue; }
        if (words->word[i][length] == '=') {
            *value = words->word[i] + length + 1;
            clv_words_remove(words, i);
            return 1;
        }
        if (words->word[i][length] != 0) { continue; }
        if (i + 1 == words->count) {
            fprintf(stderr, "corelevel: %s needs a value\n", name);
            return -1;
        }
        *value = words->word[i + 1];
        clv_words_remove(words, i);
        clv_words_remove(words, i);
        return 1;
    }
    return 0;
}

int clv_words_number(clv_words *words, const char *name, double low, double high, double *value)
{
    const char *text = NULL;
    char *end;
    double number;
    int found = clv_words_value(words, name, &text);

    if (found != 1) { return found; }
    number = strtod(text, &end);
    if (end == text || *end || !(number >= low && number <= high)) {
        fprintf(stderr, "corelevel: %s needs a number from %g to %g, not '%s'\n", name, low, high, text);
        return -1;
    }
    *value = number;
    return 1;
}

int clv_words_check(const clv_command *command, clv_words *words, int least, int most)
{
    for (int i = 0; i < words->count; i++) {
        const char *word = words->word[i];
        if (strcmp(word, "--") == 0) {
            clv_words_remove(words, i);
            break;
        }
        if (word[0] == '-' && word[1]) { return clv_usage(command->name, "there is no option %s", word); }
    }
    if (words->count < least) { return clv_usage(command->name, "%s", "something is missing"); }
    if (words->count > most) { return clv_usage(command->name, "'%s' is too much", words->word[most]); }
    return 0;
}

int clv_usage(const char *command, const char *format, ...)
{
    va_list list;

    fprintf(stderr, "corelevel%s%s: ", command ? " " : "", command ? command : "");
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fprintf(stderr, "; see corelevel%s%s --help\n", command ? " " : "", command ? command : "");
    return CLV_OUTCOME_USAGE;
}

int clv_say(const clv_error *err, int code)
{
    fprintf(stderr, "corelevel: %s\n", err->text[0] ? err->text : clv_status_name(err->status));
    return code;
}

int clv_code_of(const clv_error *err)
{
    switch (err->status) {
    case CLV_OK: return CLV_OUTCOME_DONE;
    case CLV_BAD_FILE:
    case CLV_NOT_FOUND: return CLV_OUTCOME_INPUT;
    case CLV_CANNOT_WRITE: return CLV_OUTCOME_OUTPUT;
    case CLV_BAD_ARGUMENT: return CLV_OUTCOME_USAGE;
    case CLV_LIMIT:
    case CLV_NO_MEMORY: return CLV_OUTCOME_LIMIT;
    case CLV_CANCELLED: return CLV_OUTCOME_INTERRUPTED;
    default: return CLV_OUTCOME_FAILED;
    }
}

int clv_finish(int code)
{
    int broken = fflush(stdout) != 0 || ferror(stdout);
    struct stat status;

    if (!broken) { return code; }
    if (fstat(STDOUT_FILENO, &status) == 0 && S_ISFIFO(status.st_mode)) { return code; } /* its reader had enough */
    fprintf(stderr, "corelevel: the standard output could not be written\n");
    return CLV_OUTCOME_OUTPUT;
}
