/* Framing that two readers could read differently. */
#include "unit.h"

#include "http/strict.h"

struct field {
    const char *name;
    const char *value;
};

static struct note note;

static err judge(const char *version, const struct field *fields, uint64_t *length)
{
    struct strict s;
    strict_begin(&s, version);
    for (; fields->name; fields++) {
        strict_see(&s, bytes_of_text(fields->name), bytes_of_text(fields->value));
    }
    return strict_judge(&s, 1000, length, &note);
}

#define FIELDS(...) (const struct field[]){__VA_ARGS__, {0}}

static void refuses(void **state)
{
    uint64_t n = 7;
    (void)state;
    assert_err(judge("HTTP/1.1", FIELDS({"Accept", "x"}), &n), BAD_INPUT);
    assert_err(judge("HTTP/9.9", FIELDS({"Host", "x"}), &n), BAD_INPUT);
    assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"hOST", "x"}), &n), BAD_INPUT);
    assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"Content-Length", "2"}, {"content-length", "2"}), &n), BAD_INPUT);
    assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"Content-Length", "2"}, {"Transfer-Encoding", "chunked"}), &n), BAD_INPUT);
    assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"Transfer-Encoding", "gzip, chunked"}), &n), BAD_INPUT);
    assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}), &n), BAD_INPUT);
    assert_err(judge("HTTP/1.0", FIELDS({"Transfer-Encoding", "chunked"}), &n), BAD_INPUT);
    assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"Content-Length", "+2"}), &n), BAD_INPUT);
    assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"Content-Length", "2, 2"}), &n), BAD_INPUT);
    assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"Content-Length", ""}), &n), BAD_INPUT);
    assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"Content-Length", "99999999999999999999"}), &n), BAD_INPUT);
    assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"Content-Length", "1001"}), &n), BODY_TOO_BIG);
    assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"Authorization", "a"}, {"Authorization", "b"}), &n), BAD_INPUT);
    assert_int_equal(n, 7);
}

static void refuses_names_and_values_that_another_reader_may_take_otherwise(void **state)
{
    static const char *const names[] = {"", "Content-Length ", "Content Length", "X\t", "X\x01", "X(", "\"X\"", "X/Y",
                                        "Content-Length5", "transfer-encodingchunked", "Hosta"};
    static const char *const values[] = {"a\rb", "a\nb", "\x01", "a\x7f"};
    uint64_t n = 7;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {names[i], "1"}), &n), BAD_INPUT);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_err(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"X", values[i]}), &n), BAD_INPUT);
    assert_ok(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"X-a.b!#$%&'*+^_`|~1", "a\tb \xc3\xa9"}), &n));
}

static void takes(void **state)
{
    uint64_t n = 7;
    (void)state;
    assert_ok(judge("HTTP/1.0", FIELDS({"Accept", "x"}), &n));
    assert_int_equal(n, 0);
    assert_ok(judge("HTTP/1.1", FIELDS({"host", "x"}, {"content-length", "1000"}), &n));
    assert_int_equal(n, 1000);
    assert_ok(judge("HTTP/1.1", FIELDS({"Host", "x"}, {"Transfer-Encoding", "Chunked"}), &n));
}

UNIT_MAIN(cmocka_unit_test(refuses), cmocka_unit_test(takes),
          cmocka_unit_test(refuses_names_and_values_that_another_reader_may_take_otherwise))
