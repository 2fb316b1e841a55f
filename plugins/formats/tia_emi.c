/* What the EMI file beside TIA series tells of their measurement, in pieces of XML between other bytes.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "tia.h"

#include "rows.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_XML ((size_t)1 << 22)

/* The text between `before` and the next '<'. */
static int find_text(const char *xml, const char *before, char text[ROWS_LABEL])
{
    const char *at = strstr(xml, before);
    size_t length;

    if (!at) { return 0; }
    at += strlen(before);
    length = strcspn(at, "<");
    rows_trim(at, length < ROWS_LABEL ? length : ROWS_LABEL - 1, text, ROWS_LABEL);
    return *text != 0;
}

static clv_status add_facts(const char *xml, clv_metadata *to, clv_error *err)
{
    static const struct {
        const char *before, *name, *unit; /* unit NULL: a text */
        double factor;
    } facts[] = {
        {"<Label>High tension</Label><Value>", "beam_energy", "keV", 1},
        {"<AcceleratingVoltage>", "beam_energy", "keV", 1e-3},
        {"<IntegrationTime>", "dwell", "s", 1},
        {"<Label>Camera length</Label><Value>", "camera_length", "mm", 1e3},
        {"<Label>Magnification</Label><Value>", "magnification", "1", 1},
        {"<Label>Stage A</Label><Value>", "tilt_x", "deg", 1},
        {"<Label>Stage B</Label><Value>", "tilt_y", "deg", 1},
        {"<Label>Microscope</Label><Value>", "instrument", NULL, 0},
        {"<Label>User</Label><Value>", "operator", NULL, 0},
        {"<Label>Mode</Label><Value>", "operating_mode", NULL, 0},
        {"<AcquireDate>", "started", NULL, 0},
    };

    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        char text[ROWS_LABEL];
        double number;

        if (!find_text(xml, facts[i].before, text) || clv_metadata_unit(to, facts[i].name)) { continue; }
        if (!facts[i].unit) {
            CLV_TRY(clv_metadata_set_text(to, facts[i].name, text, err));
        } else if (!clv_text_number(text, strlen(text), &number, NULL) && isfinite(number)) {
            CLV_TRY(clv_metadata_set_number(to, facts[i].name, number * facts[i].factor, facts[i].unit, err));
        }
    }
    return CLV_OK;
}

clv_status tia_emi_facts(clv_cursor *emi, clv_metadata *to, clv_error *err)
{
    const uint8_t *bytes;
    size_t count = clv_cursor_size(emi);
    char *xml;
    clv_status status;

    if (count > MOST_XML) { count = MOST_XML; }
    CLV_TRY(clv_cursor_seek(emi, 0, err));
    CLV_TRY(clv_cursor_bytes(emi, count, &bytes, err));
    xml = malloc(count + 1);
    CLV_CHECK(xml, err, CLV_NO_MEMORY, "%s: no memory to read it", clv_cursor_name(emi));
    for (size_t i = 0; i < count; i++) { xml[i] = bytes[i] ? (char)bytes[i] : ' '; }
    xml[count] = 0;
    status = add_facts(xml, to, err);
    free(xml);
    return status;
}

int tia_emi_mentions(clv_cursor *emi, const char *word)
{
    const uint8_t *bytes = NULL;
    size_t count = clv_cursor_size(emi);

    if (clv_cursor_seek(emi, 0, NULL) || clv_cursor_bytes(emi, count, &bytes, NULL)) { return 0; }
    return memmem(bytes, count, word, strlen(word)) != NULL;
}
