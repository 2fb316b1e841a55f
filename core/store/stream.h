/* What the reading process tells the library: a stream of items, each a tag, a length in bytes and that many bytes in
   this machine's byte order. Shared by corelevel-reader, which believes the file, and the library, which believes
   neither. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_STREAM_H
#define CLV_STORE_STREAM_H

#include <stdint.h>

/* The head of an item. */
typedef struct clv_stream_head {
    uint32_t tag, zero;
    uint64_t length;
} clv_stream_head;

/* Tags. Texts have no ending zero. One spectra is SPECTRA … DONE; its axes come in order, slowest first, each AXIS
   followed by UNIT and VALUES; a BESIDE (with UNIT and VALUES) belongs to the axis before it. UNIT after SPECTRA is
   that of the signal. */
enum {
    CLV_STREAM_SPECTRA = 1,   /* text: its name */
    CLV_STREAM_UNIT,          /* text */
    CLV_STREAM_AXIS,          /* text: its name */
    CLV_STREAM_BESIDE,        /* text: its name */
    CLV_STREAM_VALUES,        /* doubles */
    CLV_STREAM_INTENSITY,     /* doubles */
    CLV_STREAM_VARIANCE,      /* doubles */
    CLV_STREAM_OFFSET,        /* doubles */
    CLV_STREAM_OFFSET_ERROR,  /* doubles */
    CLV_STREAM_NOISE,         /* text */
    CLV_STREAM_NOISE_NUMBERS, /* two doubles: scale, read */
    CLV_STREAM_WINDOW,        /* two doubles */
    CLV_STREAM_METADATA,      /* text: the name of what follows, a TEXT or a NUMBER and perhaps a UNIT */
    CLV_STREAM_TEXT,          /* text */
    CLV_STREAM_NUMBER,        /* one double */
    CLV_STREAM_HISTORY,       /* text: one line */
    CLV_STREAM_DONE,          /* nothing: the spectra are whole */
    CLV_STREAM_VARIABLE, /* text: the path of a variable whose VALUES or TEXT (bytes) follow; only when all are asked */
    CLV_STREAM_ERROR,    /* text: why the file cannot be read; nothing follows */
    CLV_STREAM_END       /* nothing: the file has been read */
};

/* The word with which corelevel-reader sends all variables of a netCDF file as they are, not as spectra. */
#define CLV_STREAM_ALL_VARIABLES "variables"

/* The most bytes of numbers that a file of `size` bytes may become. */
#define CLV_STREAM_LIMIT(size) (((uint64_t)256 << 20) + 200 * (uint64_t)(size))

#endif
