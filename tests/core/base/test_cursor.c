/* The bounded cursor: lines of every kind, numbers with their place in sentences, binary numbers, gzip within bounds.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/cursor.h"

static clv_cursor *over(const char *name, const void *bytes, size_t count)
{
    clv_cursor *cursor = NULL;
    clv_error err = {0};

    assert_int_equal(clv_cursor_new(name, bytes, count, &cursor, &err), CLV_OK);
    return cursor;
}

static void expect_line(clv_cursor *cursor, const char *expected)
{
    const char *line = NULL;
    clv_error err = {0};

    assert_int_equal(clv_cursor_text(cursor, &line, &err), CLV_OK);
    assert_string_equal(line, expected);
}

static void lines_end_in_lf_crlf_or_cr(void **state)
{
    static const char text[] = "one\ntwo\r\n\r\nfour\rteen\nfive";
    clv_cursor *cursor = over("a.txt", text, sizeof text - 1);
    const char *line;

    (void)state;
    expect_line(cursor, "one");
    expect_line(cursor, "two");
    expect_line(cursor, "");
    expect_line(cursor, "four teen"); /* a stray CR within a comment, as one instrument writes it */
    expect_line(cursor, "five");
    assert_int_equal(clv_cursor_line(cursor), 5);
    assert_int_equal(clv_cursor_text(cursor, &line, NULL), CLV_NOT_FOUND);
    clv_cursor_free(cursor);
    cursor = over("old.txt", "one\rtwo\r", 8);
    expect_line(cursor, "one");
    expect_line(cursor, "two");
    assert_int_equal(clv_cursor_text(cursor, &line, NULL), CLV_NOT_FOUND);
    clv_cursor_free(cursor);
}

static void bytes_become_utf8(void **state)
{
    static const char text[] = "\xEF\xBB\xBFkept \xC3\xA9\nlatin \xE9\xB5\nnul\0end\n"; /* é as UTF-8; é µ as Latin-1 */
    clv_cursor *cursor = over("a.txt", text, sizeof text - 1);

    (void)state;
    expect_line(cursor, "kept \xC3\xA9");
    expect_line(cursor, "latin \xC3\xA9\xC2\xB5");
    expect_line(cursor, "nul end");
    clv_cursor_free(cursor);
}

static void a_line_over_one_mebibyte_is_refused(void **state)
{
    size_t size = ((size_t)1 << 20) + 1;
    char *text = malloc(size + 1);
    clv_cursor *cursor;
    const char *line;
    clv_error err = {0};

    (void)state;
    memset(text, 'x', size);
    text[size] = '\n';
    cursor = over("long.txt", text, size + 1);
    assert_int_equal(clv_cursor_text(cursor, &line, &err), CLV_BAD_FILE);
    assert_non_null(strstr(err.text, "1 MiB"));
    clv_cursor_free(cursor);
    cursor = over("long.txt", text + 1, size); /* exactly 1 MiB is allowed */
    assert_int_equal(clv_cursor_text(cursor, &line, &err), CLV_OK);
    assert_int_equal(strlen(line), size - 1);
    clv_cursor_free(cursor);
    free(text);
}

static void numbers_say_line_and_what_stands_there(void **state)
{
    static const char text[] = " 1E+37 \n7\nabc\n3.5\n12\n";
    clv_cursor *cursor = over("si_2p.vms", text, sizeof text - 1);
    clv_error err = {0};
    double number;
    long whole;

    (void)state;
    assert_int_equal(clv_cursor_number(cursor, "the work function", &number, &err), CLV_OK);
    assert_true(number == 1e37);
    assert_int_equal(clv_cursor_integer(cursor, "the count", 0, 10, &whole, &err), CLV_OK);
    assert_int_equal(whole, 7);
    assert_int_equal(clv_cursor_number(cursor, "the dwell", &number, &err), CLV_BAD_FILE);
    assert_string_equal(err.text, "si_2p.vms:3: the dwell should be a number, 'abc' stands there");
    assert_int_equal(clv_cursor_integer(cursor, "the count", 0, 10, &whole, &err), CLV_BAD_FILE);
    assert_string_equal(err.text, "si_2p.vms:4: the count should be a whole number, 3.5 stands there");
    assert_int_equal(clv_cursor_integer(cursor, "the count", 0, 10, &whole, &err), CLV_BAD_FILE);
    assert_string_equal(err.text, "si_2p.vms:5: the count should be from 0 to 10, 12 stands there");
    assert_int_equal(clv_cursor_number(cursor, "the dwell", &number, &err), CLV_BAD_FILE);
    assert_string_equal(err.text, "si_2p.vms:5: the file ends where the dwell should stand");
    clv_cursor_free(cursor);
}

static void binary_numbers_of_both_orders(void **state)
{
    /* 1.5 is 0x3FC00000 as a float and 0x3FF8000000000000 as a double (IEEE 754); -2 in two's complement */
    static const uint8_t bytes[] = {0x00, 0x00, 0xC0, 0x3F, 0x3F, 0xC0, 0x00, 0x00, 0xFE, 0xFF, 0xFF, 0xFE, 0xFE,
                                    0xFF, 0xFF, 0xFF, 0x3F, 0xF8, 0,    0,    0,    0,    0,    0,    0xFF, 0xFE};
    static const struct {
        char order;
        const char *type;
        double expected;
    } cases[] = {{'<', "f4", 1.5}, {'>', "f4", 1.5}, {'<', "i2", -2},  {'>', "i2", -2},
                 {'<', "i4", -2},  {'>', "f8", 1.5}, {'<', "u1", 255}, {'<', "i1", -2}};
    clv_cursor *cursor = over("a.spe", bytes, sizeof bytes);
    clv_error err = {0};
    double number;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(clv_cursor_binary(cursor, cases[i].order, cases[i].type, 1, &number, &err), CLV_OK);
        assert_true(number == cases[i].expected);
    }
    assert_int_equal(clv_cursor_left(cursor), 0);
    assert_int_equal(clv_cursor_binary(cursor, '<', "f4", SIZE_MAX / 2, &number, &err), CLV_BAD_FILE);
    assert_int_equal(clv_cursor_binary(cursor, '<', "f3", 1, &number, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_cursor_seek(cursor, sizeof bytes + 1, &err), CLV_BAD_FILE);
    clv_cursor_free(cursor);
}

static void heads_know_beginnings_places_and_suffixes(void **state)
{
    static const char text[] = "SOFH\nPlatform: PC\n";
    clv_cursor *cursor = over("My.File.SPE", text, sizeof text - 1);
    clv_head head;

    (void)state;
    clv_cursor_head(cursor, &head);
    assert_int_equal(head.count, sizeof text - 1);
    assert_true(clv_head_starts(&head, "SOFH"));
    assert_false(clv_head_starts(&head, "SOFX"));
    assert_int_equal(clv_head_find(&head, "Platform"), 5);
    assert_true(clv_head_find(&head, "EOFH") == SIZE_MAX);
    assert_true(clv_head_suffix(&head, "pro spe"));
    assert_false(clv_head_suffix(&head, "pro pe"));
    clv_cursor_free(cursor);
}

/* Packs with zlib itself. The caller frees. */
static uint8_t *pack(const void *bytes, size_t count, size_t *packed)
{
    size_t room = compressBound(count) + 64;
    uint8_t *out = malloc(room);
    z_stream stream = {0};

    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (z_const Bytef *)bytes;
    stream.avail_in = (unsigned)count;
    stream.next_out = out;
    stream.avail_out = (unsigned)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    *packed = room - stream.avail_out;
    deflateEnd(&stream);
    return out;
}

static void gzip_is_undone(void **state)
{
    static const char text[] = "first\nsecond\n";
    size_t one;
    uint8_t *packed = pack(text, sizeof text - 1, &one), *twice = malloc(2 * one);
    clv_cursor *cursor;
    clv_head head;

    (void)state;
    memcpy(twice, packed, one);
    memcpy(twice + one, packed, one); /* two members in one file, RFC 1952 2.2 */
    cursor = over("a.vms.gz", twice, 2 * one);
    clv_cursor_head(cursor, &head);
    assert_true(clv_head_suffix(&head, "vms"));
    assert_int_equal(clv_cursor_size(cursor), 2 * (sizeof text - 1));
    expect_line(cursor, "first");
    expect_line(cursor, "second");
    expect_line(cursor, "first");
    clv_cursor_free(cursor);
    free(twice);
    free(packed);
}

static void gzip_that_is_cut_damaged_or_too_large_is_refused(void **state)
{
    size_t size = (size_t)48 << 20, count;
    uint8_t *zeros = calloc(1, size), *packed = pack(zeros, size, &count);
    clv_cursor *cursor = NULL;
    clv_error err = {0};

    (void)state;
    assert_true(8 * ((size_t)1 << 20) + 16 * count < size);
    assert_int_equal(clv_cursor_new("bomb.gz", packed, count, &cursor, &err), CLV_LIMIT);
    assert_int_equal(clv_cursor_new("cut.gz", packed, 12, &cursor, &err), CLV_BAD_FILE);
    assert_string_equal(err.text, "cut.gz: the gzip data end too early");
    memset(packed + 10, 0xFF, 8);
    assert_int_equal(clv_cursor_new("bad.gz", packed, count, &cursor, &err), CLV_BAD_FILE);
    assert_non_null(strstr(err.text, "damaged"));
    assert_null(cursor);
    free(packed);
    free(zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_lf_crlf_or_cr),
        cmocka_unit_test(bytes_become_utf8),
        cmocka_unit_test(a_line_over_one_mebibyte_is_refused),
        cmocka_unit_test(numbers_say_line_and_what_stands_there),
        cmocka_unit_test(binary_numbers_of_both_orders),
        cmocka_unit_test(heads_know_beginnings_places_and_suffixes),
        cmocka_unit_test(gzip_is_undone),
        cmocka_unit_test(gzip_that_is_cut_damaged_or_too_large_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
