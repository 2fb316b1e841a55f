/* corelevel list envelopes: the chemical states of the envelope library, or the lines of one.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

static void json_envelope(const clv_envelope *e)
{
    fputs("{\"state\":", stdout);
    clv_json_text(stdout, e->state);
    fputs(",\"line\":", stdout);
    clv_json_text(stdout, e->line);
    fputs(",\"source\":", stdout);
    clv_json_text(stdout, e->source);
    printf(",\"split\":%.6g,\"ratio\":%.6g,\"broaden\":%.6g,\"parts\":[", e->split, e->ratio, e->broaden);
    for (size_t i = 0; i < e->count; i++) {
        printf("%s{\"position\":%.6g,\"fwhm\":%.6g,\"area\":%.6g}", i ? "," : "", e->parts[i].position,
               e->parts[i].fwhm, e->parts[i].area);
    }
    fputs("]}", stdout);
}

static void print_json(const clv_envelope *one)
{
    if (one) {
        json_envelope(one);
        putchar('\n');
        return;
    }
    putchar('[');
    for (size_t i = 0; i < clv_envelopes_count(); i++) {
        if (i) { putchar(','); }
        json_envelope(clv_envelopes_at(i));
    }
    puts("]");
}

static void print_states(void)
{
    clv_table *table = clv_table_new(4);

    clv_table_add(table, "state");
    clv_table_add(table, "line");
    clv_table_add(table, "lines");
    clv_table_add(table, "source");
    for (size_t i = 0; i < clv_envelopes_count(); i++) {
        const clv_envelope *e = clv_envelopes_at(i);

        clv_table_add(table, "%s", e->state);
        clv_table_add(table, "%s", e->line);
        clv_table_add(table, "%zu", e->count);
        clv_table_add(table, "%s", e->source);
    }
    clv_table_print(table, stdout);
    clv_table_free(table);
}

static void print_lines(const clv_envelope *e)
{
    clv_table *table = clv_table_new(3);

    printf("%s, %s\n", e->state, e->line);
    if (e->split > 0) {
        printf("each with a partner %g eV higher of %g times its area, %g eV wider\n", e->split, e->ratio, e->broaden);
    }
    clv_table_add(table, "position [eV]");
    clv_table_add(table, "fwhm [eV]");
    clv_table_add(table, "area");
    for (size_t i = 0; i < e->count; i++) {
        clv_table_add(table, "%.6g", e->parts[i].position);
        clv_table_add(table, "%.6g", e->parts[i].fwhm);
        clv_table_add(table, "%.4f", e->parts[i].area);
    }
    clv_table_print(table, stdout);
    clv_table_free(table);
    printf("source: %s\n", e->source);
}

int clv_envelopes_show(const char *command, const char *name, int json)
{
    const clv_envelope *one = NULL;
    clv_error err = {0};

    if (clv_envelopes_ready(&err)) { return clv_say(&err, CLV_OUTCOME_INPUT); }
    if (name && clv_envelopes_find(name, NULL, &one, &err)) { return clv_usage(command, "%s", err.text); }
    if (json) {
        print_json(one);
    } else if (one) {
        print_lines(one);
    } else {
        print_states();
    }
    return CLV_OUTCOME_DONE;
}
