/* corelevel convert: one file read, and written in another format.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <string.h>
#include <strings.h>

/* Whether a suffix is one of a format's, which are separated by blanks. */
static int has_suffix(const char *suffixes, const char *suffix)
{
    size_t length = strlen(suffix);

    for (; suffixes && *suffixes; suffixes += strspn(suffixes, " ")) {
        size_t word = strcspn(suffixes, " ");
        if (word == length && strncasecmp(suffixes, suffix, length) == 0) { return 1; }
        suffixes += word;
    }
    return 0;
}

/* The writable format that a file's suffix means, NULL when there is none. */
static const char *format_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot && i < clv_registry_format_count(); i++) {
        const clv_format *format = clv_registry_format(i);
        if (format->write && has_suffix(format->suffixes, dot + 1)) { return format->name; }
    }
    return NULL;
}

static int say_writable(const clv_command *self, const char *path)
{
    fprintf(stderr, "corelevel: the name of %s tells no format that is written; --format takes", path);
    for (size_t i = 0, n = 0; i < clv_registry_format_count(); i++) {
        const clv_format *format = clv_registry_format(i);
        if (format->write) { fprintf(stderr, "%s %s", n++ ? "," : "", format->name); }
    }
    fputs("\n", stderr);
    return clv_usage(self->name, "%s", "the format is missing");
}

static int convert(const char *in, const char *out, const char *format)
{
    clv_record *record = NULL;
    clv_error err = {0};
    int code = CLV_OUTCOME_DONE;

    if (clv_load(in, NULL, &record, &err)) { return clv_say(&err, clv_code_of(&err)); }
    if (clv_convert(record, out, format, &err)) { code = clv_say(&err, clv_code_of(&err)); }
    clv_record_free(record);
    return code;
}

static int run(const clv_command *self, clv_words *words)
{
    const char *name = NULL;
    const clv_format *format = NULL;
    clv_error err = {0};
    int code;

    if (clv_words_value(words, "--format", &name) < 0) { return CLV_OUTCOME_USAGE; }
    code = clv_words_check(self, words, 2, 2);
    if (code) { return code; }
    if (name && clv_registry_find_format(name, &format, &err)) { return clv_usage(self->name, "%s", err.text); }
    if (format && !format->write) { return clv_usage(self->name, "%s is read, not written", name); }
    if (!name) { name = format_of(words->word[1]); }
    return name ? convert(words->word[0], words->word[1], name) : say_writable(self, words->word[1]);
}

const clv_command clv_command_convert = {
    .name = "convert",
    .doc = "write a file in another format",
    .help = "  corelevel convert profile.vms profile.nc\n"
            "  corelevel convert map.dm4 map.dat --format msa\n"
            "\n"
            "corelevel convert IN OUT [--format F]\n"
            "\n"
            "The format is what OUT's suffix says, or F; corelevel list formats marks those that are written.",
    .run = run,
};
