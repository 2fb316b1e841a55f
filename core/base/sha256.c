/* SHA-256 after FIPS 180-4, names as there.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sha256.h"

#include <string.h>

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, unsigned n) { return x >> n | x << (32 - n); }

/* The message schedule W (FIPS 180-4, 6.2.2 step 1). */
static void schedule(const uint8_t *bytes, uint32_t W[64])
{
    for (int t = 0; t < 16; t++) {
        const uint8_t *word = bytes + 4 * t;
        W[t] = (uint32_t)word[0] << 24 | (uint32_t)word[1] << 16 | (uint32_t)word[2] << 8 | word[3];
    }
    for (int t = 16; t < 64; t++) {
        uint32_t s0 = rotate(W[t - 15], 7) ^ rotate(W[t - 15], 18) ^ W[t - 15] >> 3;
        uint32_t s1 = rotate(W[t - 2], 17) ^ rotate(W[t - 2], 19) ^ W[t - 2] >> 10;
        W[t] = s1 + W[t - 7] + s0 + W[t - 16];
    }
}

static void compress(uint32_t H[8], const uint8_t *bytes)
{
    uint32_t W[64], v[8];

    schedule(bytes, W);
    memcpy(v, H, sizeof v);
    for (int t = 0; t < 64; t++) {
        uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
        uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
        uint32_t T1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + K[t] + W[t];
        uint32_t T2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += T1;
        v[0] = T1 + T2;
    }
    for (int i = 0; i < 8; i++) { H[i] += v[i]; }
}

void clv_sha256_start(clv_sha256 *hash)
{
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

    memcpy(hash->state, initial, sizeof initial);
    hash->count = 0;
}

void clv_sha256_add(clv_sha256 *hash, const void *bytes, size_t count)
{
    const uint8_t *from = bytes;

    while (count > 0) {
        size_t filled = hash->count % 64;
        size_t take = 64 - filled < count ? 64 - filled : count;

        if (take == 64) {
            compress(hash->state, from);
        } else {
            memcpy(hash->block + filled, from, take);
            if (filled + take == 64) { compress(hash->state, hash->block); }
        }
        hash->count += take;
        from += take;
        count -= take;
    }
}

void clv_sha256_finish(clv_sha256 *hash, char text[CLV_SHA256_TEXT])
{
    static const uint8_t padding[64] = {0x80};
    static const char digits[] = "0123456789abcdef";
    uint64_t bits = hash->count * 8;
    uint8_t length[8];

    for (int i = 0; i < 8; i++) { length[i] = (uint8_t)(bits >> (56 - 8 * i)); }
    clv_sha256_add(hash, padding, 1 + (119 - hash->count % 64) % 64);
    clv_sha256_add(hash, length, sizeof length);
    for (int i = 0; i < 64; i++) { text[i] = digits[hash->state[i / 8] >> (28 - 4 * (i % 8)) & 15]; }
    text[64] = 0;
}

void clv_sha256_text(const void *bytes, size_t count, char text[CLV_SHA256_TEXT])
{
    clv_sha256 hash;

    clv_sha256_start(&hash);
    clv_sha256_add(&hash, bytes, count);
    clv_sha256_finish(&hash, text);
}
