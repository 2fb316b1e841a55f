/* SHA-256 against the vectors that NIST publishes for FIPS 180-4 (csrc.nist.gov, SHA256.pdf and SHA_All.pdf).
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/sha256.h"

static void short_messages(void **state)
{
    static const struct {
        const char *message, *hash;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqr"
         "st"
         "u",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    char text[CLV_SHA256_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clv_sha256_text(cases[i].message, strlen(cases[i].message), text);
        assert_string_equal(text, cases[i].hash);
    }
}

static void a_million_letters_in_odd_pieces(void **state)
{
    size_t left = 1000000, piece = 1;
    char *letters = malloc(1000);
    char text[CLV_SHA256_TEXT];
    clv_sha256 hash;

    (void)state;
    memset(letters, 'a', 1000);
    clv_sha256_start(&hash);
    while (left > 0) {
        size_t take = piece < left ? piece : left;

        clv_sha256_add(&hash, letters, take);
        left -= take;
        piece = piece % 997 + 1;
    }
    clv_sha256_finish(&hash, text);
    assert_string_equal(text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(letters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_messages),
        cmocka_unit_test(a_million_letters_in_odd_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
