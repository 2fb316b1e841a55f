/* SHA-256 of bytes as they come. Private to core.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_BASE_SHA256_H
#define CLV_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* Room for a hash as lower-case hexadecimal text with its zero. */
#define CLV_SHA256_TEXT 65

/* A hash under way. Start it with clv_sha256_start; copying it copies its state. */
typedef struct clv_sha256 {
    uint32_t state[8];
    uint64_t count;    /* bytes so far */
    uint8_t block[64]; /* the last, unfinished block */
} clv_sha256;

/* Source: NIST FIPS 180-4 (2015), doi 10.6028/NIST.FIPS.180-4. */
void clv_sha256_start(clv_sha256 *hash);
void clv_sha256_add(clv_sha256 *hash, const void *bytes, size_t count);

/* Writes the hash of everything added; `hash` must be started anew before it is used again. */
void clv_sha256_finish(clv_sha256 *hash, char text[CLV_SHA256_TEXT]);

/* All in one. */
void clv_sha256_text(const void *bytes, size_t count, char text[CLV_SHA256_TEXT]);

#endif
