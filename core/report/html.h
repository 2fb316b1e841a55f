/* Text as HTML: escaped, or with raised and lowered parts; what a table of a report's content holds.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_REPORT_HTML_H
#define CLV_REPORT_HTML_H

#include <corelevel/value.h>

#include "data/buffer.h"

/* Length in bytes of the well-formed UTF-8 character at `text`; 0 when there is none. */
size_t clv_html_character(const char *text);

/* Adds a text with & < > " ' escaped and what is not UTF-8 replaced; NULL adds nothing. Fit for element content and for
   attributes in quotes. */
void clv_html_add(clv_buffer *out, const char *text);

/* Adds a text with the markup of figures: `^{…}` raised, `_{…}` lowered, `\` before a character taken as it stands. */
void clv_html_add_markup(clv_buffer *out, const char *text);

/* Adds a name as people type it as chemistry writes it. */
void clv_html_add_name(clv_buffer *out, const char *name);

/* Adds a value with its error in brackets of typography: "0.512 ± 0.004", powers of ten raised; an en dash for NaN. */
void clv_html_add_measured(clv_buffer *out, double value, double error);

/* Adds a number with four significant digits, or all before the point. */
void clv_html_add_brief(clv_buffer *out, double value);

/* Adds a unit in parentheses, nothing for "1" or NULL. */
void clv_html_add_unit(clv_buffer *out, const char *unit);

/* Look into content: the text, number and truth under a name; NULL, NaN and 0 where there is none. */
const char *clv_html_text(const clv_value *table, const char *name);
double clv_html_number(const clv_value *table, const char *name);

/* The number at a place of the list under a name; NaN where there is none. */
double clv_html_number_at(const clv_value *table, const char *name, size_t place);
const char *clv_html_text_at(const clv_value *table, const char *name, size_t place);

/* Adds the texts of a list as <li> of a <ul> with a class. Nothing for an empty list. */
void clv_html_add_list(clv_buffer *out, const clv_value *list, const char *class_name);

#endif
