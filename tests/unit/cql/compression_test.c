/* Compressed bodies: what lies about itself first, then both kinds, made by hand. */
#include "unit.h"

#include "cql/compression.h"

enum { MAX = 1000 };

#define LZ4_HELLO "\0\0\0\5\x50hello" /* its length; five literals */
#define SNAPPY_HELLO "\5\x10hello"

static void nothing_is_opened_without_agreement(void **state)
{
    (void)state;
    struct wr w = wr_growing(MAX);
    assert_err(compression_open(COMPRESSION_NONE, BYTES(""), MAX, &w), FRAME_BAD);
    assert_err(compression_open(COMPRESSION_NONE, BYTES(LZ4_HELLO), MAX, &w), FRAME_BAD);
    wr_drop(&w);
}

static void what_is_not_what_it_says_is_refused(void **state)
{
    (void)state;
    static const struct {
        enum compression how;
        bytes body;
    } bad[] = {
        {COMPRESSION_LZ4, BYTES("\0\0\0")},
        {COMPRESSION_LZ4, BYTES("\0\0\0\0\1")},
        {COMPRESSION_LZ4, BYTES("\0\0\0\4\x50hello")},
        {COMPRESSION_LZ4, BYTES("\0\0\0\6\x50hello")},
        {COMPRESSION_LZ4, BYTES("\0\0\0\5\x50hell")},
        {COMPRESSION_LZ4, BYTES("\0\0\0\5\x50hello!")},
        {COMPRESSION_LZ4, BYTES("\0\0\0\x10\x10x\xff\xff\0")}, /* copies from before its begin */
        {COMPRESSION_LZ4, BYTES("\xff\xff\xff\xff\x50hello")},
        {COMPRESSION_SNAPPY, BYTES("\0\0h")},
        {COMPRESSION_SNAPPY, BYTES("\xff\xff\xff\xff\xff\xff")},
        {COMPRESSION_SNAPPY, BYTES("\4\x10hello")},
        {COMPRESSION_SNAPPY, BYTES("\6\x10hello")},
        {COMPRESSION_SNAPPY, BYTES("\5\x10hell")},
        {COMPRESSION_SNAPPY, BYTES("\5\1\x09")},
        {COMPRESSION_SNAPPY, BYTES(LZ4_HELLO)},
    };
    struct wr w = wr_growing(MAX);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_err(compression_open(bad[i].how, bad[i].body, MAX, &w), FRAME_BAD);
    }
    wr_drop(&w);
}

static void a_length_over_the_limit_is_refused_before_it_is_made_room_for(void **state)
{
    (void)state;
    struct wr w = wr_growing(MAX);
    assert_err(compression_open(COMPRESSION_LZ4, BYTES(LZ4_HELLO), 4, &w), FRAME_TOO_BIG);
    assert_err(compression_open(COMPRESSION_LZ4, BYTES("\x7f\xff\xff\xff\x50hello"), MAX, &w),
               FRAME_TOO_BIG);
    assert_err(compression_open(COMPRESSION_SNAPPY, BYTES(SNAPPY_HELLO), 4, &w), FRAME_TOO_BIG);
    assert_err(compression_open(COMPRESSION_SNAPPY, BYTES("\xff\xff\xff\xff\7\x10hello"), MAX, &w),
               FRAME_TOO_BIG);
    assert_null(w.p);
    wr_drop(&w);
}

static void both_kinds_open_and_the_room_is_used_again(void **state)
{
    (void)state;
    struct wr w = wr_growing(MAX);
    for (unsigned i = 0; i < 2; i++) {
        assert_ok(compression_open(COMPRESSION_LZ4, BYTES(LZ4_HELLO), 5, &w));
        assert_bytes(wr_view(&w), "hello");
        assert_ok(compression_open(COMPRESSION_SNAPPY, BYTES(SNAPPY_HELLO), 5, &w));
        assert_bytes(wr_view(&w), "hello");
        assert_ok(compression_open(COMPRESSION_LZ4, BYTES(""), 5, &w));
        assert_int_equal(w.n, 0);
        assert_err(compression_open(COMPRESSION_LZ4, BYTES("\0\0\3\xe9\x50hello"), 1001, &w),
                   NO_MEMORY); /* more than the buffer may ever have: it is as good as new after */
    }
    wr_drop(&w);
}

/* Java's driver 3 sends an OPTIONS without a body so. */
static void nothing_may_be_compressed_into_something(void **state)
{
    (void)state;
    static const struct {
        enum compression how;
        bytes body;
    } empty[] = {{COMPRESSION_LZ4, BYTES("\0\0\0\0")},
                 {COMPRESSION_LZ4, BYTES("\0\0\0\0\0")},
                 {COMPRESSION_SNAPPY, BYTES("\0")}};
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        struct wr w = wr_growing(MAX);
        assert_ok(compression_open(empty[i].how, empty[i].body, MAX, &w));
        assert_int_equal(w.n, 0);
        wr_drop(&w);
    }
}

static void names_are_read_in_any_case(void **state)
{
    (void)state;
    enum compression c = COMPRESSION_NONE;
    assert_false(compression_find(BYTES(""), &c));
    assert_false(compression_find(BYTES("zstd"), &c));
    assert_false(compression_find(BYTES("lz"), &c));
    assert_true(compression_find(BYTES("LZ4"), &c));
    assert_int_equal(c, COMPRESSION_LZ4);
    assert_true(compression_find(BYTES("snappy"), &c));
    assert_int_equal(c, COMPRESSION_SNAPPY);
}

UNIT_MAIN(cmocka_unit_test(nothing_is_opened_without_agreement),
          cmocka_unit_test(what_is_not_what_it_says_is_refused),
          cmocka_unit_test(a_length_over_the_limit_is_refused_before_it_is_made_room_for),
          cmocka_unit_test(both_kinds_open_and_the_room_is_used_again),
          cmocka_unit_test(nothing_may_be_compressed_into_something),
          cmocka_unit_test(names_are_read_in_any_case))
