/* Reads the line library's XML, element by element.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/line_library.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/xml.h"

/* A reading under way: what is open, and the library so far. */
typedef struct reading {
    clv_xml *xml;
    clv_line_library *library;
    const char *element; /* symbol of the open element */
    clv_line *line;      /* the open line or state, else NULL */
    clv_auger *auger;    /* the open Auger line, else NULL */
    size_t own;          /* place of the open line's own entry */
    int skipped;         /* within a <satellite> */
} reading;

/* Makes room for one more item of `size` bytes behind `count`; NULL when memory is out, the array then stays. */
static void *grow(void *array, size_t count, size_t *room, size_t size)
{
    void *bigger = array;

    if (count == *room) {
        bigger = realloc(array, (*room * 2 + 16) * size);
        if (bigger) { *room = *room * 2 + 16; }
    }
    return bigger;
}

static clv_status no_memory(clv_error *err) { return clv_fail(err, CLV_NO_MEMORY, "out of memory for the lines"); }

/* Keeps a copy of a text for the life of the library. */
static clv_status keep(reading *in, const char *text, const char **kept, clv_error *err)
{
    clv_line_library *library = in->library;
    char **texts = grow(library->texts, library->text_count, &library->text_room, sizeof *texts);

    if (!texts) { return no_memory(err); }
    library->texts = texts;
    *kept = texts[library->text_count] = strdup(text);
    if (!*kept) { return no_memory(err); }
    library->text_count++;
    return CLV_OK;
}

static clv_status keep_attribute(reading *in, const char *name, const char **kept, clv_error *err)
{
    const char *text;

    CLV_TRY(clv_xml_text(in->xml, name, &text, err));
    return keep(in, text, kept, err);
}

/* Appends one attribute to a citation, with what stands before and behind it. */
static clv_status cite(reading *in, const char *before, const char *name, const char *behind, char *text, size_t size,
                       clv_error *err)
{
    size_t used = strlen(text);
    const char *part;

    CLV_TRY(clv_xml_attribute(in->xml, name, &part, err));
    if (part) { snprintf(text + used, size - used, "%s%s%s", before, part, behind); }
    return CLV_OK;
}

/* "authors, title (year), doi …" */
static clv_status open_source(reading *in, clv_error *err)
{
    clv_line_library *library = in->library;
    struct clv_line_source *sources =
        grow(library->sources, library->source_count, &library->source_room, sizeof *sources);
    struct clv_line_source *source;
    char text[5 * CLV_XML_MAX_TEXT] = "";
    const char *id;

    if (!sources) { return no_memory(err); }
    library->sources = sources;
    source = &sources[library->source_count++];
    *source = (struct clv_line_source){0};
    CLV_TRY(clv_xml_text(in->xml, "id", &id, err));
    source->id = strdup(id);
    CLV_TRY(cite(in, "", "authors", "", text, sizeof text, err));
    CLV_TRY(cite(in, ", ", "title", "", text, sizeof text, err));
    CLV_TRY(cite(in, " (", "year", ")", text, sizeof text, err));
    CLV_TRY(cite(in, ", doi ", "doi", "", text, sizeof text, err));
    CLV_TRY(cite(in, ", ", "url", "", text, sizeof text, err));
    CLV_TRY(cite(in, "; read: ", "read", "", text, sizeof text, err));
    source->citation = strdup(text);
    return source->id && source->citation ? CLV_OK : no_memory(err);
}

/* The citation that a value names; one that was not read there says so. */
static clv_status find_source(reading *in, const char **citation, clv_error *err)
{
    const char *id, *checked, *found = NULL;
    char text[5 * CLV_XML_MAX_TEXT + 64];

    CLV_TRY(clv_xml_text(in->xml, "source", &id, err));
    for (size_t i = 0; i < in->library->source_count && !found; i++) {
        if (strcmp(in->library->sources[i].id, id) == 0) { found = in->library->sources[i].citation; }
    }
    if (!found) { return clv_xml_fail(in->xml, err, "there is no source \"%.40s\"", id); }
    *citation = found;
    CLV_TRY(clv_xml_attribute(in->xml, "checked", &checked, err));
    if (!checked) { return CLV_OK; }
    snprintf(text, sizeof text, "%s (quoted, not read there)", found);
    return keep(in, text, citation, err);
}

/* A value within (low, high] with its source. */
static clv_status read_value(reading *in, double low, double high, double *value, const char **source, clv_error *err)
{
    CLV_TRY(clv_xml_number(in->xml, "value", value, err));
    if (!(*value > low && *value <= high)) {
        return clv_xml_fail(in->xml, err, "the value %g of <%s> lies outside %g to %g", *value, clv_xml_name(in->xml),
                            low, high);
    }
    return find_source(in, source, err);
}

/* Appends a line that begins as `start`. */
static clv_status add_line(reading *in, clv_line start, clv_error *err)
{
    clv_line_library *library = in->library;
    clv_line *lines = grow(library->lines, library->line_count, &library->line_room, sizeof *lines);

    if (!lines) { return no_memory(err); }
    library->lines = lines;
    in->line = &lines[library->line_count++];
    *in->line = start;
    return CLV_OK;
}

static clv_status open_line(reading *in, clv_error *err)
{
    clv_line start = {.size = sizeof start,
                      .element = in->element,
                      .energy = NAN,
                      .split = NAN,
                      .ratio = NAN,
                      .lorentzian = NAN,
                      .broaden = NAN};

    in->own = in->library->line_count;
    CLV_TRY(add_line(in, start, err));
    return keep_attribute(in, "name", &in->line->name, err);
}

/* A state begins as its line is; its energy must be its own. */
static clv_status open_state(reading *in, clv_error *err)
{
    clv_line start = in->library->lines[in->own];

    start.energy = NAN;
    start.energy_source = NULL;
    CLV_TRY(add_line(in, start, err));
    return keep_attribute(in, "name", &in->line->state, err);
}

static clv_status open_auger(reading *in, clv_error *err)
{
    clv_line_library *library = in->library;
    clv_auger *augers = grow(library->augers, library->auger_count, &library->auger_room, sizeof *augers);
    clv_auger start = {.size = sizeof start, .element = in->element, .energy = NAN, .low = NAN, .high = NAN};

    if (!augers) { return no_memory(err); }
    library->augers = augers;
    in->auger = &augers[library->auger_count++];
    *in->auger = start;
    return keep_attribute(in, "name", &in->auger->name, err);
}

static clv_status open_range(reading *in, clv_error *err)
{
    const char *source;

    CLV_TRY(clv_xml_number(in->xml, "low", &in->auger->low, err));
    CLV_TRY(clv_xml_number(in->xml, "high", &in->auger->high, err));
    if (!(in->auger->low > 0 && in->auger->low < in->auger->high)) {
        return clv_xml_fail(in->xml, err, "a range from %g to %g is none", in->auger->low, in->auger->high);
    }
    return find_source(in, &source, err);
}

/* One of the values of a line, a state or an Auger line. */
static clv_status open_value(reading *in, const char *name, clv_error *err)
{
    clv_line *line = in->line;
    const char *source;

    if (in->auger && strcmp(name, "range") == 0) { return open_range(in, err); }
    if (strcmp(name, "energy") == 0) {
        return in->auger ? read_value(in, 0, 1e6, &in->auger->energy, &in->auger->source, err)
                         : read_value(in, 0, 1e6, &line->energy, &line->energy_source, err);
    }
    if (!in->auger && strcmp(name, "split") == 0) {
        return read_value(in, 0, 1e4, &line->split, &line->split_source, err);
    }
    if (!in->auger && strcmp(name, "ratio") == 0) {
        return read_value(in, 0, 1, &line->ratio, &line->ratio_source, err);
    }
    if (!in->auger && strcmp(name, "lorentzian") == 0) {
        return read_value(in, 0, 100, &line->lorentzian, &line->lorentzian_source, err);
    }
    if (!in->auger && strcmp(name, "broaden") == 0) { return read_value(in, -100, 100, &line->broaden, &source, err); }
    return clv_xml_fail(in->xml, err, "<%.40s> does not belong into <%s>", name, in->auger ? "auger" : "line");
}

static clv_status open_any(reading *in, clv_error *err)
{
    const char *name = clv_xml_name(in->xml);
    int depth = clv_xml_depth(in->xml);

    if (in->skipped) { return CLV_OK; }
    if (depth == 0) { return strcmp(name, "lines") == 0 ? CLV_OK : clv_xml_fail(in->xml, err, "no line library"); }
    if (depth == 1 && strcmp(name, "sources") == 0) { return CLV_OK; }
    if (depth == 1 && strcmp(name, "element") == 0) { return keep_attribute(in, "symbol", &in->element, err); }
    if (depth == 2 && !in->element && strcmp(name, "source") == 0) { return open_source(in, err); }
    if (depth == 2 && in->element && strcmp(name, "line") == 0) { return open_line(in, err); }
    if (depth == 2 && in->element && strcmp(name, "auger") == 0) { return open_auger(in, err); }
    if (depth == 3 && in->line && strcmp(name, "state") == 0) { return open_state(in, err); }
    if (depth == 3 && in->line && strcmp(name, "satellite") == 0) {
        in->skipped = 1;
        return CLV_OK;
    }
    if (depth >= 3 && (in->line || in->auger)) { return open_value(in, name, err); }
    return clv_xml_fail(in->xml, err, "<%.40s> does not belong here", name);
}

static clv_status close_any(reading *in, clv_error *err)
{
    const char *name = clv_xml_name(in->xml);

    if (strcmp(name, "satellite") == 0) { in->skipped = 0; }
    if (in->skipped) { return CLV_OK; }
    if (strcmp(name, "state") == 0 || strcmp(name, "line") == 0) {
        if (in->line && isnan(in->line->energy)) { return clv_xml_fail(in->xml, err, "<%s> has no energy", name); }
        in->line = strcmp(name, "state") == 0 ? &in->library->lines[in->own] : NULL;
    }
    if (in->auger && strcmp(name, "auger") == 0) {
        if (isnan(in->auger->energy) || isnan(in->auger->low)) {
            return clv_xml_fail(in->xml, err, "<auger> needs an energy and a range");
        }
        in->auger = NULL;
    }
    return CLV_OK;
}

clv_status clv_line_library_read(const char *name, const void *bytes, size_t count, clv_line_library *library,
                                 clv_error *err)
{
    reading in = {.library = library};
    clv_xml_event event = CLV_XML_OPEN;
    clv_status status;

    CLV_TRY(clv_xml_open(name, bytes, count, &in.xml, err));
    do {
        status = clv_xml_next(in.xml, &event, err);
        if (!status && event == CLV_XML_OPEN) { status = open_any(&in, err); }
        if (!status && event == CLV_XML_CLOSE) { status = close_any(&in, err); }
    } while (!status && event != CLV_XML_END);
    clv_xml_free(in.xml);
    if (!status && library->line_count == 0) { status = clv_fail(err, CLV_BAD_FILE, "%s: holds no lines", name); }
    if (status) { clv_line_library_clear(library); }
    return status;
}

void clv_line_library_clear(clv_line_library *library)
{
    for (size_t i = 0; i < library->text_count; i++) { free(library->texts[i]); }
    for (size_t i = 0; i < library->source_count; i++) {
        free(library->sources[i].id);
        free(library->sources[i].citation);
    }
    free(library->texts);
    free(library->sources);
    free(library->lines);
    free(library->augers);
    *library = (clv_line_library){0};
}
