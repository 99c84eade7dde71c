/* Framing that two readers could read differently. */
#include "unit.h"

#include "http/framing.h"

#include <stdio.h>

static struct note note;
static struct framing got;

static err judge(const char *version, const char *fields)
{
    char text[1000];
    struct head_scan scan = {0};
    struct head h;
    struct arena a;
    arena_init(&a, 1 << 16);
    (void)snprintf(text, sizeof text, "POST / %s\r\n%s\r\n", version, fields);
    assert_int_equal(head_scan(&scan, bytes_of_text(text)), HEAD_WHOLE);
    assert_ok(head_read(bytes_of_text(text), &scan, &a, &h, &note));
    const err e = framing_read(&h, 1000, &got, &note);
    arena_drop(&a);
    return e;
}

#define H "Host: x\r\n"

static void refuses(void **state)
{
    static const char *const wrong[] = {
        "Accept: x\r\n",
        H "hOST: x\r\n",
        H "Content-Length: 2\r\ncontent-length: 2\r\n",
        H "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        H "Transfer-Encoding: gzip, chunked\r\n",
        H "Transfer-Encoding: \r\n",
        H "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        H "Content-Length: +2\r\n",
        H "Content-Length: 2, 2\r\n",
        H "Content-Length: 0x2\r\n",
        H "Content-Length: \r\n",
        H "Authorization: a\r\nAuthorization: b\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_err(judge("HTTP/1.1", wrong[i]), BAD_INPUT);
    assert_err(judge("HTTP/1.0", "Transfer-Encoding: chunked\r\n"), BAD_INPUT);
    assert_err(judge("HTTP/1.1", H "Content-Length: 1001\r\n"), BODY_TOO_BIG);
    assert_err(judge("HTTP/1.1", H "Content-Length: 99999999999999999999\r\n"), BODY_TOO_BIG);
}

static void takes(void **state)
{
    (void)state;
    assert_ok(judge("HTTP/1.0", "Accept: x\r\n"));
    assert_int_equal(got.length, 0);
    assert_ok(judge("HTTP/1.1", "host: x\r\ncontent-length: 1000\r\n"));
    assert_int_equal(got.length, 1000);
    assert_false(got.chunked);
    assert_ok(judge("HTTP/1.1", H "Content-Length: 0000000000000010\r\n"));
    assert_int_equal(got.length, 10);
    assert_ok(judge("HTTP/1.1", H "Transfer-Encoding: Chunked\r\n"));
    assert_true(got.chunked);
    assert_ok(judge("HTTP/1.1", H "Expect: 100-Continue\r\n"));
    assert_true(got.expects);
    assert_ok(judge("HTTP/1.0", "Expect: 100-continue\r\n"));
    assert_false(got.expects);
}

static void knows_whether_the_connection_goes_on(void **state)
{
    (void)state;
    assert_ok(judge("HTTP/1.1", H));
    assert_true(got.keeps);
    assert_ok(judge("HTTP/1.1", H "Connection: x, CLOSE\r\n"));
    assert_false(got.keeps);
    assert_ok(judge("HTTP/1.1", H "Connection: closed\r\n"));
    assert_true(got.keeps);
    assert_ok(judge("HTTP/1.0", ""));
    assert_false(got.keeps);
    assert_ok(judge("HTTP/1.0", "Connection: Keep-Alive\r\n"));
    assert_true(got.keeps);
    assert_ok(judge("HTTP/1.0", "Connection: keep-alive, close\r\n"));
    assert_false(got.keeps);
}

UNIT_MAIN(cmocka_unit_test(refuses), cmocka_unit_test(takes),
          cmocka_unit_test(knows_whether_the_connection_goes_on))
