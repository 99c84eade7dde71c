/* Bodies in chunks: the same however they are cut, and what is none. */
#include "unit.h"

#include "http/chunks.h"

#include <stdio.h>
#include <stdlib.h>

/* Reads `text` in parts of `step` bytes; gives what came last, and the body. */
static enum chunks_got read_in(bytes text, size_t step, char body[100], size_t *left)
{
    struct chunks c = {0};
    enum chunks_got got = CHUNKS_MORE;
    size_t n = 0;
    *left = text.n;
    for (size_t at = 0; at < text.n && got == CHUNKS_MORE; at += step) {
        bytes part = bytes_part(text, at, step);
        while (part.n && got == CHUNKS_MORE) {
            bytes piece;
            got = chunks_take(&c, &part, &piece);
            assert_true(n + piece.n < 100);
            if (piece.n) memcpy(body + n, piece.p, piece.n);
            n += piece.n;
        }
        *left = text.n - at - (step < text.n - at ? step : text.n - at) + part.n;
    }
    body[n] = 0;
    return got;
}

static void reads_the_same_however_it_is_cut(void **state)
{
    const bytes text = BYTES("5\r\nhello\r\n0A;a=\"b\"\r\n, world!\r\n\r\n01\r\n?\r\n000;x\r\nTrailer: y\r\nZ:\r\n\r\nNEXT");
    (void)state;
    for (size_t step = 1; step <= text.n; step++) {
        char body[100];
        size_t left;
        assert_int_equal(read_in(text, step, body, &left), CHUNKS_END);
        assert_string_equal(body, "hello, world!\r\n?");
        assert_int_equal(left, 4);
    }
}

static void takes_any_number_of_chunks(void **state)
{
    char text[500] = "";
    char body[100];
    size_t left;
    (void)state;
    for (int i = 0; i < 40; i++) strcat(text, "1\r\nx\r\n");
    strcat(text, "0\r\n\r\n");
    assert_int_equal(read_in(bytes_of_text(text), 7, body, &left), CHUNKS_END);
    assert_int_equal(strlen(body), 40);
}

static void refuses_what_is_none(void **state)
{
    static const char *const broken[] = {"\r\n", "x\r\n", " 5\r\n", "5 \r\n", "-1\r\n", "0x5\r\n", "5\n", "5\rx", "1\r\nab", "1\r\na\rb",
                                         "1\r\na\n", "1;a\nb", "0\r\n\n", "0\r\n\rx", "0\r\nA: b\nc", "0\r\nA: b\rc"};
    char body[100];
    size_t left;
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        assert_int_equal(read_in(bytes_of_text(broken[i]), 1, body, &left), CHUNKS_BROKEN);
    }
    assert_int_equal(read_in(BYTES("fffffffffffffff\r\n"), 1, body, &left), CHUNKS_MORE);
    assert_int_equal(read_in(BYTES("ffffffffffffffff\r\n"), 1, body, &left), CHUNKS_TOO_BIG);
}

static void drops_only_so_much(void **state)
{
    char *text = malloc(2 * CHUNKS_ASIDE_MAX);
    char body[100];
    size_t left;
    (void)state;
    for (int more = 0; more < 2; more++) {
        size_t n = (size_t)snprintf(text, 10, "0\r\n");
        memset(text + n, 'x', CHUNKS_ASIDE_MAX);
        n += CHUNKS_ASIDE_MAX;
        n += (size_t)snprintf(text + n, 10, "%s\r\n\r\n", more ? "x" : "");
        assert_int_equal(read_in(bytes_of(text, n), n, body, &left), more ? CHUNKS_BROKEN : CHUNKS_END);
    }
    free(text);
}

UNIT_MAIN(cmocka_unit_test(reads_the_same_however_it_is_cut), cmocka_unit_test(takes_any_number_of_chunks),
          cmocka_unit_test(refuses_what_is_none),
          cmocka_unit_test(drops_only_so_much))
