/* One descriptor in full as JSON, for programs that build forms, completion or pages from it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "describe.h"

static const char *type_name(clv_type type)
{
    static const char *const names[] = {"",           "number",  "integer", "boolean", "text",      "choice",
                                        "range",      "numbers", "names",   "groups",  "parameter", "component",
                                        "components", "object",  "path",    "any"};

    return type <= CLV_TYPE_ANY ? names[type] : "";
}

static void text_member(const char *name, const char *text, const char *before)
{
    printf("%s\"%s\":", before, name);
    clv_json_text(stdout, text);
}

static void kinds_member(const char *name, uint32_t kinds)
{
    int comma = 0;

    printf(",\"%s\":[", name);
    for (int kind = 0; kind < CLV_KINDS; kind++) {
        if (!(kinds & CLV_ON(kind))) { continue; }
        if (comma++) { putchar(','); }
        clv_json_text(stdout, clv_kind_name((clv_kind)kind));
    }
    putchar(']');
}

static void choices_member(const char *choices)
{
    char word[2] = {0};

    fputs(",\"choices\":[\"", stdout);
    for (; *choices; choices++) {
        word[0] = *choices;
        fputs(*choices == '|' ? "\",\"" : word, stdout);
    }
    fputs("\"]", stdout);
}

static void parameter(const clv_parameter *row)
{
    text_member("name", row->name, "{");
    text_member("type", type_name(row->type), ",");
    text_member("unit", row->unit, ",");
    text_member("preset", row->preset, ",");
    text_member("doc", row->doc, ",");
    printf(",\"place\":%u,\"required\":%s", row->place, row->flags & CLV_REQUIRED ? "true" : "false");
    if (row->low != row->high) {
        fputs(",\"low\":", stdout);
        clv_json_number(stdout, row->low);
        fputs(",\"high\":", stdout);
        clv_json_number(stdout, row->high);
    }
    if (row->choices) { choices_member(row->choices); }
    if (row->kinds) { kinds_member("kinds", row->kinds); }
    putchar('}');
}

static void parameters(const clv_parameter *rows)
{
    fputs(",\"parameters\":[", stdout);
    for (const clv_parameter *row = rows; row && row->name; row++) {
        if (row != rows) { putchar(','); }
        parameter(row);
    }
    fputs("]}", stdout);
}

void clv_json_format(size_t place)
{
    const clv_format *format = clv_registry_format(place);

    text_member("name", format->name, "{");
    text_member("title", format->title, ",");
    text_member("suffixes", format->suffixes, ",");
    text_member("source", format->source, ",");
    printf(",\"read\":%s,\"write\":%s", format->read ? "true" : "false", format->write ? "true" : "false");
    parameters(format->parameters);
}

void clv_json_operation(size_t place)
{
    const clv_operation *operation = clv_registry_operation(place);

    text_member("name", operation->name, "{");
    text_member("doc", operation->doc, ",");
    text_member("source", operation->source, ",");
    kinds_member("on", operation->on);
    text_member("gives", clv_kind_name(operation->gives), ",");
    parameters(operation->parameters);
}

void clv_json_component(size_t place)
{
    const clv_component *component = clv_registry_component(place);

    text_member("name", component->name, "{");
    text_member("doc", component->doc, ",");
    text_member("source", component->source, ",");
    text_member("formula", component->formula, ",");
    text_member("role", clv_describe_role(component->role), ",");
    parameters(component->parameters);
}
