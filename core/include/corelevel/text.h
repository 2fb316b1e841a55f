/* Text and numbers without locale: what every reader, writer and parser of the library uses.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_TEXT_H
#define CLV_TEXT_H

#include <stdbool.h>

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* Room for any number that clv_text_from_number writes, with the ending zero. */
#define CLV_TEXT_NUMBER_SIZE 32

/* Room for any "value ± error" that clv_text_from_measured writes, with the ending zero. */
#define CLV_TEXT_MEASURED_SIZE 96

/* Reads one decimal number that begins exactly at `text` and ends before `end` (both inside one buffer that needs no
   ending zero): `[+-] digits [. digits] [e [+-] digits]`, with digits on at least one side of the point. No blanks, no
   hexadecimal, no `nan` or `inf`, no comma; the process's locale has no say. The result is the double nearest to the
   decimal number (ties to even). Returns the place after the number, or NULL when none begins there; then `value` is
   left alone. A number too large for a double gives an infinity (see clv_text_number for an error instead). Any thread.
   ```c
   while ((next = clv_text_number_at(text, end, &value))) { ...; text = skip_blanks(next, end); }
   ``` */
CLV_API const char *clv_text_number_at(const char *text, const char *end, double *value);

/* Reads a text of `length` bytes that is one number and nothing else, in the grammar of clv_text_number_at.
   Errors: CLV_BAD_ARGUMENT when it is not a number, has something behind it, or is too large for a double; the sentence
   quotes the text. Any thread. */
CLV_API clv_status clv_text_number(const char *text, size_t length, double *value, clv_error *err);

/* Writes the shortest decimal digits (17 at most) that read back as the same double, such as `0.1`, `1e-9`, `451`,
   `nan`,
   `-inf`. Exponents are used below 1e-5 and from 1e17 on. `text` has room for CLV_TEXT_NUMBER_SIZE bytes. Returns the
   length. */
CLV_API size_t clv_text_from_number(double value, char *text);

/* Writes a value with its error to two digits of the error: `0.5123 ± 0.0045`, `1250 ± 130`, `(1.2346 ± 0.0012)e7`. An
   error that is not finite or not above zero is left out and the value gets six significant digits. `text` has room for
   CLV_TEXT_MEASURED_SIZE bytes; UTF-8. Returns the length in bytes. */
CLV_API size_t clv_text_from_measured(double value, double error, char *text);

/* Finds the name that was probably meant by `wrong`: the one of `n` names with the smallest Damerau-Levenshtein
   distance (insertions, deletions, replacements, swaps of neighbours; letter case is ignored), when that is at most a
   third of the longer of the two, or one. The first wins among equals. Returns NULL when none is near. Names over 100
   bytes are not considered. Source: F. J. Damerau, Commun. ACM 7 (1964) 171, doi 10.1145/363958.363994 (restricted to
   swaps of untouched neighbours). */
CLV_API const char *clv_text_nearest(const char *wrong, const char *const *names, size_t n);

/* Tells whether `length` bytes are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above
 * U+10FFFF). */
CLV_API bool clv_text_is_utf8(const char *text, size_t length);

/* Rewrites `length` bytes of ISO 8859-1 as UTF-8 with an ending zero. `out` has room for 2 `length` + 1 bytes and does
   not overlap the text. Returns the length without the zero. */
CLV_API size_t clv_text_from_latin1(const char *text, size_t length, char *out);

/* Compares two texts without regard to the case of ASCII letters: below, at or above zero, as strcmp does. No locale.
 */
CLV_API int clv_text_compare(const char *a, const char *b);

/* Tells whether two texts are the same without regard to the case of ASCII letters. No locale. */
CLV_API bool clv_text_equal(const char *a, const char *b);

CLV_END_DECLS

#endif
