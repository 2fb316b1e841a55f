/* Export macros and the version: what every public header of corelevel begins with.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_BASE_H
#define CLV_BASE_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* uint32_t, SIZE_MAX */

/* The version of corelevel by semantic versioning: before 1.0 a minor version may change the interface; from 1.0 on a
   major one, and structs that cross it only ever grow at their end. These are the version of the headers a program was
   compiled with; `clv_version` tells that of the library it runs with. */
#define CLV_VERSION_MAJOR 0        /* changes when a program must be changed */
#define CLV_VERSION_MINOR 1        /* changes when something is added */
#define CLV_VERSION_PATCH 0        /* changes when something is mended */
#define CLV_VERSION_STRING "0.1.0" /* the three in one text */

/* Marks a function as part of the library's face. Everything else is hidden from programs that link it; what the
   library exports is made from these marks (cmake/exports.cmake), under one symbol version. */
#define CLV_API __attribute__((visibility("default")))

/* Lets the compiler check a printf-like call: `text` is the place of the format, `first` that of its first argument. */
#define CLV_PRINTF(text, first) __attribute__((format(printf, text, first)))

/* Stand around the declarations of each public header: a C++ program sees C functions, a C program sees nothing. Every
   public header compiles alone as C17 and as C++17. */
#ifdef __cplusplus
#define CLV_BEGIN_DECLS extern "C" {
#define CLV_END_DECLS }
#else
#define CLV_BEGIN_DECLS
#define CLV_END_DECLS
#endif

CLV_BEGIN_DECLS

/* Tells the version of the running library, such as "0.1.0": that of the library which the loader found, which may be
   newer than the headers above. The text is constant. Any thread. */
CLV_API const char *clv_version(void);

CLV_END_DECLS

#endif
