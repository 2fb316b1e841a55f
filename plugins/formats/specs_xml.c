/* Reads the XML files of SPECS SpecsLab2: structs written by CORBA's serialiser, streamed.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "specs_xml.h"

#include <corelevel/text.h>

#include <libxml/xmlreader.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DEPTH 40

/* An element that is open. */
typedef struct element {
    char tag[16], name[64], type[64];
    double length; /* of a sequence, NaN */
} element;

typedef struct xml_file {
    clv_cursor *in;
    clv_record *out;
    clv_error *err;
    xmlTextReader *reader;
    char message[300]; /* what libxml2 said first */
    specs_wish wish;
    element open[MOST_DEPTH];
    size_t depth;
    char group[ROWS_LABEL], parameter[ROWS_LABEL], curve[ROWS_LABEL];
    specs_region region;
    int in_region;
    specs_scan scan; /* facts of the cycle being read; its counts come scan by scan */
} xml_file;

/* Takes libxml2's words, which would go to stderr otherwise; the first ones say what is wrong. */
static void keep_message(void *payload, xmlErrorPtr error)
{
    xml_file *file = payload;

    if (file->message[0] || !error || !error->message) { return; }
    snprintf(file->message, sizeof file->message, "%s", error->message);
    file->message[strcspn(file->message, "\n")] = 0;
}

static void tell_where(const xml_file *file, char *where, size_t size)
{
    snprintf(where, size, "%.200s:%d", clv_cursor_name(file->in), xmlTextReaderGetParserLineNumber(file->reader));
}

static CLV_PRINTF(2, 3) clv_status refuse(const xml_file *file, const char *format, ...)
{
    char where[220], text[300];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (char *c = text; *c; c++) { *c = (unsigned char)*c < ' ' ? ' ' : *c; }
    tell_where(file, where, sizeof where);
    return clv_fail(file->err, CLV_BAD_FILE, "%s: %s", where, text);
}

/* ---- What stands where */

/* The type of the innermost struct, or of the one `out` levels around it. */
static const char *owner(const xml_file *file, int out)
{
    for (size_t i = file->depth; i-- > 0;) {
        if (strcmp(file->open[i].tag, "struct") == 0 && out-- == 0) { return file->open[i].type; }
    }
    return "";
}

/* The nearest name within the innermost struct. */
static const char *field(const xml_file *file)
{
    for (size_t i = file->depth; i-- > 0;) {
        if (*file->open[i].name) { return file->open[i].name; }
        if (strcmp(file->open[i].tag, "struct") == 0) { break; }
    }
    return "";
}

static int is_at(const xml_file *file, const char *type, const char *name)
{
    return strcmp(owner(file, 0), type) == 0 && strcmp(field(file), name) == 0;
}

static const element *sequence_of(const xml_file *file)
{
    for (size_t i = file->depth; i-- > 0;) {
        if (strcmp(file->open[i].tag, "sequence") == 0) { return &file->open[i]; }
    }
    return NULL;
}

/* ---- Lists of numbers */

/* The numbers of a text, as many as the sequence says. The caller frees. */
static clv_status take_list(xml_file *file, const char *text, double **list, size_t *count)
{
    const element *sequence = sequence_of(file);
    double said = sequence ? sequence->length : NAN;
    size_t room = strlen(text) / 2 + 1, found = 0;
    const char *end = text + strlen(text), *at = text + strspn(text, " \t\r\n"), *next;
    double *numbers;

    if (!(said >= 0 && said <= (double)room)) {
        return refuse(file, "the sequence '%s' says %g values, which the text cannot hold", field(file), said);
    }
    numbers = calloc((size_t)said + 1, sizeof *numbers);
    CLV_CHECK(numbers, file->err, CLV_NO_MEMORY, "no memory for %.0f numbers", said);
    for (; *at && found < (size_t)said; at = next + strspn(next, " \t\r\n"), found++) {
        next = clv_text_number_at(at, end, &numbers[found]);
        if (!next || !isfinite(numbers[found])) {
            free(numbers);
            return refuse(file, "a number should stand where '%.*s' does in the sequence '%s'",
                          (int)fmin(20, (double)strcspn(at, " \t\r\n")), at, field(file));
        }
    }
    if (*at || found != (size_t)said) {
        free(numbers);
        return refuse(file, "the sequence '%s' says %.0f values, %s", field(file), said,
                      *at ? "more follow" : "fewer follow");
    }
    *list = numbers;
    *count = found;
    return CLV_OK;
}

static clv_status take_counts(xml_file *file, const char *text)
{
    specs_scan scan = file->scan;

    if (file->region.detectors == 0) { file->region.detectors = 1; }
    CLV_TRY(take_list(file, text, &scan.counts, &scan.count));
    for (size_t i = 0; i < scan.count; i++) {
        if (!(scan.counts[i] >= 0)) {
            free(scan.counts);
            return refuse(file, "a count is negative");
        }
    }
    file->scan.scan++;
    return specs_region_add(&file->region, &file->wish, scan, file->err);
}

static clv_status take_transmission(xml_file *file, const char *text)
{
    free(file->region.transmission);
    file->region.transmission = NULL;
    return take_list(file, text, &file->region.transmission, &file->region.transmission_count);
}

/* What another device measured along a cycle: its mean stands in the metadata. */
static clv_status take_curve(xml_file *file, const char *text)
{
    char name[ROWS_LABEL], unit[ROWS_LABEL];
    double *list = NULL, sum = 0;
    size_t count = 0;

    CLV_TRY(take_list(file, text, &list, &count));
    for (size_t i = 0; i < count; i++) { sum += list[i]; }
    free(list);
    rows_split_label(file->curve, name, unit);
    if (!*name || count == 0) { return CLV_OK; }
    return clv_metadata_set_number(file->region.metadata, name, sum / (double)count, unit, file->err);
}

/* ---- Single values */

static const rows_key keys[] = {
    {"analysis_method", "technique", NULL},
    {"analyzer_lens", "lens_mode", NULL},
    {"analyzer_slit", "slit", NULL},
    {"dwell_time", "dwell", "s"},
    {"excitation_energy", "photon_energy", "eV"},
    {"pass_energy", "pass_energy", "eV"},
    {"bias_voltage", "bias_voltage", "V"},
    {"detector_voltage", "detector_voltage", "V"},
    {"effective_workfunction", "work_function", "eV"},
    {NULL, NULL, NULL},
};

static double number_of(const char *text)
{
    double number;

    return clv_text_number(text, strlen(text), &number, NULL) ? NAN : number;
}

/* A field of the region's definition: what the energies are made of is set aside, the rest is kept. */
static clv_status take_definition(xml_file *file, const char *name, const char *text)
{
    specs_region *region = &file->region;
    const struct {
        const char *name;
        double *into;
    } own[] = {{"values_per_curve", &region->values},
               {"curves_per_scan", &region->curves},
               {"scan_delta", &region->step},
               {"kinetic_energy", &region->start},
               {"pass_energy", &region->pass_energy}};

    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (strcmp(name, own[i].name) == 0) { *own[i].into = number_of(text); }
    }
    for (const rows_key *key = keys; key->key; key++) {
        if (strcmp(key->key, name) == 0) { return rows_keep(region->metadata, keys, name, text, file->err); }
    }
    return CLV_OK;
}

/* Named values of the source are kept; those of a cycle tell the places of a series. */
static clv_status take_parameter(xml_file *file, const char *text)
{
    static const rows_key anode[] = {{"Anode", "anode", NULL}, {"Power [W]", "source_power", "W"}, {NULL, NULL, NULL}};
    specs_scan *scan = &file->scan;
    specs_parameter *p = &scan->parameter[scan->parameters];
    const char *holder = owner(file, 1);

    if (strcmp(holder, "SourceInfo") == 0) {
        for (const rows_key *key = anode; key->key; key++) {
            if (strcmp(key->key, file->parameter) != 0) { continue; }
            return rows_keep(file->region.metadata, anode, key->key, text, file->err);
        }
    } else if (strcmp(holder, "Cycle") == 0 && scan->parameters < SPECS_PARAMETERS) {
        p->value = number_of(text);
        rows_split_label(file->parameter, p->name, p->unit);
        scan->parameters += isfinite(p->value) && *p->name;
    }
    return CLV_OK;
}

static clv_status take_detector(xml_file *file, const char *text)
{
    specs_region *region = &file->region;

    if (region->detectors == 0) { return CLV_OK; }
    region->shift[region->detectors - 1] = number_of(text);
    return CLV_OK;
}

/* Texts and numbers directly in a region, group, cycle, source or analyser. */
static clv_status take_fact(xml_file *file, const char *text)
{
    specs_region *region = &file->region;
    const struct {
        const char *type, *name;
        char *into;
    } labels[] = {{"RegionGroup", "name", file->group},
                  {"RegionData", "name", region->name},
                  {"ScanMode", "name", region->mode},
                  {"Parameter", "name", file->parameter},
                  {"YCurve", "name", file->curve}};
    const struct {
        const char *type, *name;
        double *into;
    } numbers[] = {{"RegionData", "mcd_head", &region->head},
                   {"RegionData", "mcd_tail", &region->tail},
                   {"Cycle", "time", &file->scan.time},
                   {"CompactCycle", "time", &file->scan.time}};

    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (is_at(file, labels[i].type, labels[i].name)) { rows_trim(text, strlen(text), labels[i].into, ROWS_LABEL); }
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (is_at(file, numbers[i].type, numbers[i].name)) { *numbers[i].into = number_of(text); }
    }
    if (is_at(file, "CompactCycle", "num_scans") && number_of(text) > 0) {
        file->scan.scans = (size_t)fmin(number_of(text), 1e9);
    }
    if (!file->in_region) { return CLV_OK; }
    if (is_at(file, "AnalyzerInfo", "name")) {
        return clv_metadata_set_text(region->metadata, "analyser", text, file->err);
    }
    return is_at(file, "SourceInfo", "name") ? clv_metadata_set_text(region->metadata, "x_ray_source", text, file->err)
                                             : CLV_OK;
}

static clv_status take_text(xml_file *file, const char *text)
{
    if (!file->in_region) { return take_fact(file, text); }
    if (is_at(file, "ScanData", "counts") || is_at(file, "CompactCycle", "counts")) { return take_counts(file, text); }
    if (is_at(file, "RegionData", "transmission")) { return take_transmission(file, text); }
    if (is_at(file, "YCurve", "data")) { return take_curve(file, text); }
    if (is_at(file, "Detector", "shift")) { return take_detector(file, text); }
    if (is_at(file, "Parameter", "value")) { return take_parameter(file, text); }
    if (strcmp(owner(file, 0), "RegionDef") == 0) { return take_definition(file, field(file), text); }
    return take_fact(file, text);
}

/* ---- Elements */

static clv_status begin_region(xml_file *file)
{
    if (file->in_region) { return refuse(file, "a region stands inside a region"); }
    specs_region_free(&file->region);
    file->region.metadata = clv_metadata_new();
    CLV_CHECK(file->region.metadata, file->err, CLV_NO_MEMORY, "no memory for a region");
    file->in_region = 1;
    return *file->group ? clv_metadata_set_text(file->region.metadata, "sample", file->group, file->err) : CLV_OK;
}

static clv_status begin_struct(xml_file *file, const char *type)
{
    if (strcmp(type, "RegionData") == 0) { return begin_region(file); }
    if (strcmp(type, "Cycle") == 0 || strcmp(type, "CompactCycle") == 0) {
        file->scan = (specs_scan){.cycle = file->region.cycles, .scans = 1, .time = NAN};
    } else if (strcmp(type, "Detector") == 0) {
        if (file->region.detectors == SPECS_DETECTORS) {
            return refuse(file, "more than %d detectors", SPECS_DETECTORS);
        }
        file->region.detectors++;
    }
    return CLV_OK;
}

static clv_status end_region(xml_file *file)
{
    static const char *const modes[] = {"FixedAnalyzerTransmission", "FixedRetardingRatio", "ConstantInitialState",
                                        "ConstantFinalState"};
    specs_region *region = &file->region;
    char where[220];
    int known = 0;

    file->in_region = 0;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) { known |= strcmp(region->mode, modes[i]) == 0; }
    if (!known || (region->scan_count == 0 && region->stopped == 0)) {
        return specs_region_skip(region, file->out, file->err);
    }
    if (strncmp(region->mode, "Constant", 8) == 0) {
        region->start = clv_metadata_number(region->metadata, "photon_energy");
    }
    tell_where(file, where, sizeof where);
    return specs_region_emit(region, &file->wish, where, file->in, file->out, file->err);
}

static void copy_attribute(const xml_file *file, const char *name, char *into, size_t size)
{
    xmlChar *value = xmlTextReaderGetAttribute(file->reader, (const xmlChar *)name);

    rows_trim(value ? (const char *)value : "", value ? strlen((const char *)value) : 0, into, size);
    xmlFree(value);
}

static clv_status end_element(xml_file *file)
{
    const element *e;

    if (file->depth == 0) { return CLV_OK; }
    e = &file->open[--file->depth];
    if (strcmp(e->tag, "struct") != 0) { return CLV_OK; }
    if (strcmp(e->type, "Cycle") == 0 || strcmp(e->type, "CompactCycle") == 0) { file->region.cycles++; }
    return strcmp(e->type, "RegionData") == 0 && file->in_region ? end_region(file) : CLV_OK;
}

static clv_status begin_element(xml_file *file)
{
    element *e = &file->open[file->depth];
    int empty = xmlTextReaderIsEmptyElement(file->reader) == 1;
    char length[40];

    if (file->depth == MOST_DEPTH) { return refuse(file, "elements are nested deeper than %d", MOST_DEPTH); }
    snprintf(e->tag, sizeof e->tag, "%.15s", (const char *)xmlTextReaderConstLocalName(file->reader));
    copy_attribute(file, "name", e->name, sizeof e->name);
    copy_attribute(file, "type_name", e->type, sizeof e->type);
    copy_attribute(file, "length", length, sizeof length);
    e->length = number_of(length);
    file->depth++;
    if (strcmp(e->tag, "struct") == 0) { CLV_TRY(begin_struct(file, e->type)); }
    return empty ? end_element(file) : CLV_OK;
}

/* ---- The file */

static clv_status take_node(xml_file *file)
{
    const xmlChar *text;

    switch (xmlTextReaderNodeType(file->reader)) {
    case XML_READER_TYPE_ELEMENT: return begin_element(file);
    case XML_READER_TYPE_END_ELEMENT: return end_element(file);
    case XML_READER_TYPE_ENTITY_REFERENCE: return refuse(file, "entities of one's own are refused");
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
        text = xmlTextReaderConstValue(file->reader);
        return text ? take_text(file, (const char *)text) : CLV_OK;
    default: return CLV_OK;
    }
}

static clv_status take_nodes(xml_file *file)
{
    int got;

    while ((got = xmlTextReaderRead(file->reader)) == 1) { CLV_TRY(take_node(file)); }
    if (got < 0) { return refuse(file, "%s", file->message[0] ? file->message : "malformed XML"); }
    if (clv_record_count(file->out) == 0) { return refuse(file, "the file holds no region with scans along energies"); }
    return CLV_OK;
}

/* Entity declarations are looked for in the bytes themselves, before the parser can act on them; that sees all of them
   because nothing but single-byte text and UTF-8 is parsed. */
static clv_status open_reader(xml_file *file)
{
    size_t size = clv_cursor_left(file->in);
    const uint8_t *bytes = NULL;
    const char *encoding;

    CLV_TRY(clv_cursor_bytes(file->in, size, &bytes, file->err));
    CLV_TRY(clv_cursor_seek(file->in, 0, file->err));
    CLV_CHECK(size > 0 && size < (1u << 30), file->err, CLV_BAD_FILE, "%s: %zu bytes cannot be read as XML",
              clv_cursor_name(file->in), size);
    CLV_CHECK(!memchr(bytes, 0, size), file->err, CLV_BAD_FILE, "%s: not text, a byte is 0", clv_cursor_name(file->in));
    CLV_CHECK(!memmem(bytes, size, "<!ENTITY", 8), file->err, CLV_BAD_FILE,
              "%s: declares entities (<!ENTITY), which are refused because they can reach or grow without bound",
              clv_cursor_name(file->in));
    encoding = clv_text_is_utf8((const char *)bytes, size) ? "UTF-8" : "ISO-8859-1";
    file->reader = xmlReaderForMemory((const char *)bytes, (int)size, NULL, encoding,
                                      XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_HUGE);
    CLV_CHECK(file->reader, file->err, CLV_NO_MEMORY, "%s: no memory to read it", clv_cursor_name(file->in));
    xmlTextReaderSetStructuredErrorHandler(file->reader, keep_message, file);
    return CLV_OK;
}

static int is_sum(const clv_options *options, const char *name)
{
    const char *text = clv_options_text(options, name);

    return !text || strcmp(text, "sum") == 0;
}

static clv_status read_specs_xml(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    xml_file *file = calloc(1, sizeof *file);
    clv_status status;

    CLV_CHECK(file, err, CLV_NO_MEMORY, "%s: no memory to read it", clv_cursor_name(in));
    file->in = in;
    file->out = out;
    file->err = err;
    file->wish = (specs_wish){is_sum(options, "scans"), is_sum(options, "channels")};
    status = open_reader(file);
    if (!status) { status = take_nodes(file); }
    if (file->reader) { xmlFreeTextReader(file->reader); }
    specs_region_free(&file->region);
    free(file);
    return status;
}

static int probe_specs_xml(const clv_head *head)
{
    size_t start = clv_head_find(head, "<?xml");

    if (start > 3 && clv_head_find(head, "<any") == SIZE_MAX) { return 0; }
    if (clv_head_find(head, "IDL:specs.de/") != SIZE_MAX) { return 100; }
    return clv_head_find(head, "CORBA XML document") != SIZE_MAX ? 60 : 0;
}

static const clv_parameter parameters[] = {
    {.name = "scans",
     .type = CLV_TYPE_CHOICE,
     .unit = "1",
     .preset = "\"sum\"",
     .choices = "sum|separate",
     .doc = "whether the scans of a region are added up or stand along an axis scan"},
    {.name = "channels",
     .type = CLV_TYPE_CHOICE,
     .unit = "1",
     .preset = "\"sum\"",
     .choices = "sum|separate",
     .doc = "whether the channeltrons of the detector are added up or stand apart at their own energies"},
    {.name = NULL},
};

static const clv_format specs_xml = {
    .size = sizeof specs_xml,
    .name = "specs_xml",
    .title = "SPECS XML, from SpecsLab2",
    .suffixes = "xml",
    .source = "the document type in the files themselves",
    .parameters = parameters,
    .probe = probe_specs_xml,
    .read = read_specs_xml,
};

static const clv_format *const formats[] = {&specs_xml, NULL};

CLV_PLUGIN(specs_xml) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.specs_xml",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
