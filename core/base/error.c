/* Fills and extends the one-sentence error that travels on the caller's stack.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *clv_version(void) { return CLV_VERSION_STRING; }

/* Cuts a text that was too long at the end of a whole UTF-8 character. */
static void cut_at_character(char *text, size_t size)
{
    size_t end = strnlen(text, size);

    if (end + 1 < size) { return; }
    while (end > 0 && ((unsigned char)text[end - 1] & 0xC0) == 0x80) { end--; }
    if (end > 0 && ((unsigned char)text[end - 1] & 0x80)) { end--; }
    text[end] = 0;
}

clv_status clv_fail(clv_error *err, clv_status status, const char *format, ...)
{
    va_list list;

    if (!err) { return status; }
    err->status = status;
    va_start(list, format);
    vsnprintf(err->text, sizeof err->text, format, list);
    va_end(list);
    cut_at_character(err->text, sizeof err->text);
    return status;
}

clv_status clv_error_at(clv_error *err, const char *format, ...)
{
    char place[sizeof err->text];
    char rest[sizeof err->text];
    va_list list;

    if (!err) { return CLV_FAILED; }
    va_start(list, format);
    vsnprintf(place, sizeof place, format, list);
    va_end(list);
    memcpy(rest, err->text, sizeof rest);
    rest[sizeof rest - 1] = 0;
    snprintf(err->text, sizeof err->text, "%s: %s", place, rest);
    cut_at_character(err->text, sizeof err->text);
    return err->status;
}

const char *clv_status_name(clv_status status)
{
    switch (status) {
    case CLV_OK: return "ok";
    case CLV_NO_MEMORY: return "out of memory";
    case CLV_BAD_ARGUMENT: return "bad argument";
    case CLV_BAD_FILE: return "bad file";
    case CLV_NOT_FOUND: return "not found";
    case CLV_CANNOT_WRITE: return "cannot write";
    case CLV_NOT_CONVERGED: return "not converged";
    case CLV_CANCELLED: return "cancelled";
    case CLV_LIMIT: return "limit reached";
    case CLV_FAILED: return "failed";
    }
    return "unknown status";
}
