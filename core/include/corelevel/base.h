/* Export macros and the version: what every public header of corelevel begins with.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_BASE_H
#define CLV_BASE_H

#include <stddef.h>
#include <stdint.h>

/* The version of the headers a program was compiled with; `clv_version` tells that of the library it runs with. */
#define CLV_VERSION_MAJOR 0
#define CLV_VERSION_MINOR 1
#define CLV_VERSION_PATCH 0
#define CLV_VERSION_STRING "0.1.0"

/* Marks a function as part of the library's face. Everything else is hidden from programs that link it. */
#define CLV_API __attribute__((visibility("default")))

/* Lets the compiler check a printf-like call: `text` is the place of the format, `first` that of its first argument. */
#define CLV_PRINTF(text, first) __attribute__((format(printf, text, first)))

#ifdef __cplusplus
#define CLV_BEGIN_DECLS extern "C" {
#define CLV_END_DECLS }
#else
#define CLV_BEGIN_DECLS
#define CLV_END_DECLS
#endif

CLV_BEGIN_DECLS

/* Tells the version of the running library, such as "0.1.0". The text is constant. Any thread. */
CLV_API const char *clv_version(void);

CLV_END_DECLS

#endif
