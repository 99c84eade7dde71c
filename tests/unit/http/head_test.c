/* Heads of requests: where they end, however they are cut, and what is none. */
#include "unit.h"

#include "http/head.h"

#include <stdio.h>
#include <stdlib.h>

static struct note note;
static struct arena arena;
static struct head head;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_drop(&arena);
    return 0;
}

static enum head_state scan_whole(bytes text, struct head_scan *s)
{
    *s = (struct head_scan){0};
    return head_scan(s, text);
}

static err read_text(bytes text)
{
    struct head_scan s;
    assert_int_equal(scan_whole(text, &s), HEAD_WHOLE);
    return head_read(text, &s, &arena, &head, &note);
}

#define GOOD "GET /a?b HTTP/1.1\r\nHost: x\r\nX-A.b!#$%&'*+^_`|~1:\t a\tb \xc3\xa9 \r\nEmpty:\r\n\r\n"

static void reads_lines_and_fields(void **state)
{
    (void)state;
    assert_ok(read_text(BYTES("\r\n\r\n" GOOD "rest")));
    assert_true(bytes_eq_text(head.method, "GET"));
    assert_true(bytes_eq_text(head.target, "/a?b"));
    assert_false(head.http_1_0);
    assert_int_equal(head.fields_n, 3);
    assert_true(bytes_eq_text(head_field(&head, BYTES("x-a.b!#$%&'*+^_`|~1"))->value, "a\tb \xc3\xa9"));
    assert_int_equal(head_field(&head, BYTES("EMPTY"))->value.n, 0);
    assert_null(head_field(&head, BYTES("Hos")));
    assert_ok(read_text(BYTES("OPTIONS * HTTP/1.0\r\n\r\n")));
    assert_true(head.http_1_0);
    assert_int_equal(head.fields_n, 0);
}

static void ends_at_the_same_byte_however_it_is_cut(void **state)
{
    const bytes text = BYTES("\r\n" GOOD "GET");
    (void)state;
    for (size_t step = 1; step <= text.n; step++) {
        struct head_scan s = {0};
        enum head_state got = HEAD_PART;
        for (size_t n = step; got == HEAD_PART; n += step) {
            assert_true(n < text.n + step);
            got = head_scan(&s, bytes_part(text, 0, n));
        }
        assert_int_equal(got, HEAD_WHOLE);
        assert_int_equal(s.at, text.n - 3);
        assert_int_equal(s.lines, 4);
    }
}

static void breaks_at_the_first_wrong_byte(void **state)
{
    static const char *const broken[] = {"\n", "GET / HTTP/1.1\n", "GET / HTTP/1.1\r\nHost: x\n", "\x16\x03\x01", " GET",
                                         "{", "\r\n\r\n\r\n\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n\n"};
    struct head_scan s;
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_int_equal(scan_whole(bytes_of_text(broken[i]), &s), HEAD_BROKEN);
}

static void refuses_what_another_reader_may_take_otherwise(void **state)
{
    static const char *const first[] = {"GET", "GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", "GET / HTTP/9.9", "GET / HTTP/1.1\r",
                                        "GET /\ta HTTP/1.1", "GET /a b HTTP/1.1", "G(T / HTTP/1.1", "GET / http/1.1", "GET / HTTP/1.01"};
    static const char *const fields[] = {": 1", "Content-Length : 2", "Content Length: 2", "X\t: 1", " folded", "\tfolded: x", "X",
                                         "X(: 1", "\"X\": 1", "X/Y: 1", "X: a\rb", "X: \x01", "X: a\x7f", "X\xc3: 1"};
    char text[200];
    (void)state;
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        (void)snprintf(text, sizeof text, "%s\r\nHost: x\r\n\r\n", first[i]);
        assert_err(read_text(bytes_of_text(text)), BAD_INPUT);
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        (void)snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", fields[i]);
        assert_err(read_text(bytes_of_text(text)), BAD_INPUT);
        assert_int_equal(head.fields_n, 0);
    }
    assert_err(read_text(BYTES("GET / HTTP/1.1\r\nX: a\0b\r\n\r\n")), BAD_INPUT);
}

static void has_room_for_so_much_and_no_more(void **state)
{
    char *text = malloc(2 * HEAD_MAX);
    struct head_scan s;
    (void)state;
    size_t n = (size_t)snprintf(text, 100, "GET / HTTP/1.1\r\n");
    for (size_t i = 0; i < HEAD_FIELDS_MAX; i++) n += (size_t)snprintf(text + n, 100, "a:b\r\n");
    assert_ok(read_text(bytes_of(text, n + (size_t)snprintf(text + n, 100, "\r\n"))));
    assert_int_equal(head.fields_n, HEAD_FIELDS_MAX);
    assert_err(read_text(bytes_of(text, n + (size_t)snprintf(text + n, 100, "a:b\r\n\r\n"))), HEADER_TOO_BIG);
    n = (size_t)snprintf(text, 100, "GET / HTTP/1.1\r\nX: ");
    memset(text + n, 'x', HEAD_MAX - n - 4);
    memcpy(text + HEAD_MAX - 4, "\r\n\r\n", 4);
    assert_ok(read_text(bytes_of(text, HEAD_MAX)));
    memcpy(text + HEAD_MAX - 4, "x\r\n\r\n", 5);
    assert_int_equal(scan_whole(bytes_of(text, HEAD_MAX + 1), &s), HEAD_WHOLE);
    assert_err(head_read(bytes_of(text, HEAD_MAX + 1), &s, &arena, &head, &note), HEADER_TOO_BIG);
    free(text);
}

/* RFC 9110, section 5.6.2, by the letter. */
static void knows_every_character_of_a_name(void **state)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    (void)state;
    for (unsigned c = 1; c < 256; c++) {
        char text[] = "GET / HTTP/1.1\r\nX?: 1\r\n\r\n";
        const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool good = alnum || strchr(marks, (int)c);
        if (c == '\n' || c == ':') continue;
        text[17] = (char)c;
        const err e = read_text(bytes_of_text(text));
        assert_int_equal(err_is_ok(e), good);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_lines_and_fields),
        cmocka_unit_test(ends_at_the_same_byte_however_it_is_cut),
        cmocka_unit_test(breaks_at_the_first_wrong_byte),
        cmocka_unit_test(refuses_what_another_reader_may_take_otherwise),
        cmocka_unit_test(has_room_for_so_much_and_no_more),
        cmocka_unit_test(knows_every_character_of_a_name),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
