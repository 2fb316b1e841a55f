/* Reads the envelope library's XML, element by element, and searches it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/envelope_library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

#include "data/line_name.h"
#include "store/xml.h"

static clv_status no_memory(clv_error *err) { return clv_fail(err, CLV_NO_MEMORY, "out of memory for the envelopes"); }

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

/* ---- Elements */

/* Appends one attribute to a citation, with what stands before and behind it. */
static clv_status cite(clv_xml *xml, const char *before, const char *name, const char *behind, char *text, size_t size,
                       clv_error *err)
{
    size_t used = strlen(text);
    const char *part;

    CLV_TRY(clv_xml_attribute(xml, name, &part, err));
    if (part) { snprintf(text + used, size - used, "%s%s%s", before, part, behind); }
    return CLV_OK;
}

static clv_status open_source(clv_xml *xml, clv_envelope_library *library, clv_error *err)
{
    struct clv_envelope_source *sources =
        grow(library->sources, library->source_count, &library->source_room, sizeof *sources);
    struct clv_envelope_source *source;
    char text[5 * CLV_XML_MAX_TEXT] = "";
    const char *id;

    if (!sources) { return no_memory(err); }
    library->sources = sources;
    source = &sources[library->source_count++];
    *source = (struct clv_envelope_source){0};
    CLV_TRY(clv_xml_text(xml, "id", &id, err));
    source->id = strdup(id);
    CLV_TRY(cite(xml, "", "authors", "", text, sizeof text, err));
    CLV_TRY(cite(xml, ", ", "title", "", text, sizeof text, err));
    CLV_TRY(cite(xml, " (", "year", ")", text, sizeof text, err));
    CLV_TRY(cite(xml, ", doi ", "doi", "", text, sizeof text, err));
    CLV_TRY(cite(xml, ", ", "url", "", text, sizeof text, err));
    CLV_TRY(cite(xml, "; read: ", "read", "", text, sizeof text, err));
    source->citation = strdup(text);
    return source->id && source->citation ? CLV_OK : no_memory(err);
}

static clv_status find_source(clv_xml *xml, const clv_envelope_library *library, const char **citation, clv_error *err)
{
    const char *id;

    CLV_TRY(clv_xml_text(xml, "source", &id, err));
    for (size_t i = 0; i < library->source_count; i++) {
        if (strcmp(library->sources[i].id, id) != 0) { continue; }
        *citation = library->sources[i].citation;
        return CLV_OK;
    }
    return clv_xml_fail(xml, err, "there is no source \"%.40s\"", id);
}

/* A number within (above, high], or its preset where it is not given. */
static clv_status read_number(clv_xml *xml, const char *name, double preset, double above, double high, double *to,
                              clv_error *err)
{
    const char *text;

    CLV_TRY(clv_xml_attribute(xml, name, &text, err));
    *to = preset;
    if (!text && preset == preset) { return CLV_OK; }
    CLV_TRY(clv_xml_number(xml, name, to, err));
    if (*to > above && *to <= high) { return CLV_OK; }
    return clv_xml_fail(xml, err, "%s = %g lies outside %g to %g", name, *to, above, high);
}

static clv_status keep(clv_xml *xml, const char *name, const char **kept, clv_error *err)
{
    const char *text;

    CLV_TRY(clv_xml_text(xml, name, &text, err));
    *kept = strdup(text);
    return *kept ? CLV_OK : no_memory(err);
}

static clv_status open_envelope(clv_xml *xml, clv_envelope_library *library, clv_error *err)
{
    clv_envelope *list = grow(library->envelopes, library->count, &library->room, sizeof *list), *e;
    clv_line_name line;
    bool whole;

    if (!list) { return no_memory(err); }
    library->envelopes = list;
    e = &list[library->count++];
    *e = (clv_envelope){.size = sizeof *e};
    CLV_TRY(keep(xml, "state", &e->state, err));
    CLV_TRY(keep(xml, "line", &e->line, err));
    if (!clv_line_name_read(e->line, &line, &whole) || !whole || line.kind != CLV_LINE_PHOTO) {
        return clv_xml_fail(xml, err, "\"%.40s\" is no line such as Co 2p3/2", e->line);
    }
    CLV_TRY(read_number(xml, "split", 0, 0, 1000, &e->split, err));
    CLV_TRY(read_number(xml, "ratio", 0, 0, 10, &e->ratio, err));
    CLV_TRY(read_number(xml, "broaden", 0, -1e-300, 20, &e->broaden, err));
    return find_source(xml, library, &e->source, err);
}

static clv_status open_part(clv_xml *xml, clv_envelope_library *library, clv_error *err)
{
    clv_envelope *e = library->count ? &library->envelopes[library->count - 1] : NULL;
    clv_envelope_part *parts;

    if (!e || clv_xml_depth(xml) != 2) { return clv_xml_fail(xml, err, "<part> belongs in an <envelope>"); }
    if (e->count == CLV_ENVELOPE_MAX_PARTS) {
        return clv_xml_fail(xml, err, "an envelope has at most %d parts", CLV_ENVELOPE_MAX_PARTS);
    }
    parts = realloc((clv_envelope_part *)(uintptr_t)e->parts, (e->count + 1) * sizeof *parts);
    if (!parts) { return no_memory(err); }
    e->parts = parts;
    CLV_TRY(read_number(xml, "position", 0.0 / 0.0, 0, 1e6, &parts[e->count].position, err));
    CLV_TRY(read_number(xml, "fwhm", 0.0 / 0.0, 0, 100, &parts[e->count].fwhm, err));
    CLV_TRY(read_number(xml, "area", 0.0 / 0.0, 0, 1e9, &parts[e->count].area, err));
    e->count++;
    return CLV_OK;
}

static clv_status open_any(clv_xml *xml, clv_envelope_library *library, clv_error *err)
{
    const char *name = clv_xml_name(xml);

    if (clv_xml_depth(xml) == 0) {
        if (strcmp(name, "envelopes") == 0) { return CLV_OK; }
        return clv_xml_fail(xml, err, "the root is <%s>, of an envelope library it is <envelopes>", name);
    }
    if (strcmp(name, "sources") == 0) { return CLV_OK; }
    if (strcmp(name, "source") == 0) { return open_source(xml, library, err); }
    if (strcmp(name, "envelope") == 0) { return open_envelope(xml, library, err); }
    if (strcmp(name, "part") == 0) { return open_part(xml, library, err); }
    return clv_xml_fail(xml, err, "<%s> is no part of an envelope library", name);
}

/* Makes the areas of an envelope's parts sum to one. */
static clv_status close_envelope(clv_xml *xml, clv_envelope_library *library, clv_error *err)
{
    clv_envelope *e = &library->envelopes[library->count - 1];
    clv_envelope_part *parts = (clv_envelope_part *)(uintptr_t)e->parts;
    double sum = 0;

    if (e->count == 0) { return clv_xml_fail(xml, err, "the envelope of %.40s has no <part>", e->state); }
    if ((e->split > 0) != (e->ratio > 0)) {
        return clv_xml_fail(xml, err, "split and ratio of %.40s belong together", e->state);
    }
    for (size_t i = 0; i < e->count; i++) { sum += parts[i].area; }
    for (size_t i = 0; i < e->count; i++) { parts[i].area /= sum; }
    return CLV_OK;
}

static clv_status read_all(clv_xml *xml, clv_envelope_library *library, clv_error *err)
{
    clv_xml_event event;

    for (;;) {
        CLV_TRY(clv_xml_next(xml, &event, err));
        if (event == CLV_XML_END) { return CLV_OK; }
        if (event == CLV_XML_OPEN) { CLV_TRY(open_any(xml, library, err)); }
        if (event == CLV_XML_CLOSE && strcmp(clv_xml_name(xml), "envelope") == 0) {
            CLV_TRY(close_envelope(xml, library, err));
        }
    }
}

clv_status clv_envelope_library_read(const char *name, const void *bytes, size_t count, clv_envelope_library *library,
                                     clv_error *err)
{
    clv_xml *xml = NULL;
    clv_status status;

    CLV_TRY(clv_xml_open(name, bytes, count, &xml, err));
    status = read_all(xml, library, err);
    clv_xml_free(xml);
    if (!status && library->count == 0) { status = clv_fail(err, CLV_BAD_FILE, "%s: holds no envelopes", name); }
    if (status) { clv_envelope_library_clear(library); }
    return status;
}

void clv_envelope_library_clear(clv_envelope_library *library)
{
    for (size_t i = 0; i < library->count; i++) {
        free((char *)(uintptr_t)library->envelopes[i].state);
        free((char *)(uintptr_t)library->envelopes[i].line);
        free((clv_envelope_part *)(uintptr_t)library->envelopes[i].parts);
    }
    for (size_t i = 0; i < library->source_count; i++) {
        free(library->sources[i].id);
        free(library->sources[i].citation);
    }
    free(library->envelopes);
    free(library->sources);
    *library = (clv_envelope_library){0};
}

/* ---- Finding */

static int is_of_line(const clv_envelope *e, const char *line)
{
    clv_line_name own, wanted;

    return !line || (clv_line_name_read(e->line, &own, NULL) && clv_line_name_read(line, &wanted, NULL) &&
                     clv_line_name_match(&own, &wanted));
}

clv_status clv_envelope_library_find(const clv_envelope_library *library, const char *state, const char *line,
                                     const clv_envelope **envelope, clv_error *err)
{
    const char **names = calloc(library->count + 1, sizeof *names), *near;
    size_t count = 0;

    if (!names) { return no_memory(err); }
    *envelope = NULL;
    for (size_t i = 0; i < library->count; i++) {
        const clv_envelope *e = &library->envelopes[i];

        if (!is_of_line(e, line)) { continue; }
        names[count++] = e->state;
        if (!*envelope && clv_text_equal(e->state, state)) { *envelope = e; }
    }
    near = clv_text_nearest(state, names, count);
    free(names);
    CLV_CHECK(*envelope, err, CLV_NOT_FOUND, "the envelope library has no state \"%.60s\"%s%s%s%s%s", state,
              line ? " of " : "", line ? line : "", near ? "; did you mean \"" : "", near ? near : "",
              near ? "\"?" : "; see corelevel list envelopes");
    return CLV_OK;
}
