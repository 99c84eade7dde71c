/* STARTUP, SUPPORTED and PLAIN. */
#include "unit.h"

#include "cql/sasl.h"
#include "cql/startup.h"

static const struct startup_option options[] = {
    {BYTES("cql_version"), BYTES("3.0.0")},    {BYTES("COMPRESSION"), BYTES("lz4")},
    {BYTES("NOBODY_KNOWS"), BYTES("this")},    {BYTES("THROW_ON_OVERLOAD"), BYTES("1")},
    {BYTES("DRIVER_NAME"), BYTES("a driver")},
};

static void every_cut_of_a_startup_is_short(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    struct startup s;
    startup_write(&w, options, 5);
    for (size_t n = 0; n < w.n; n++) {
        assert_err(startup_read(bytes_part(wr_view(&w), 0, n), &s), FRAME_SHORT);
    }
    assert_ok(startup_read(wr_view(&w), &s));
    assert_bytes(s.cql_version, "3.0.0");
    assert_bytes(s.compression, "lz4");
    assert_bytes(s.driver_name, "a driver");
    assert_true(s.throw_on_overload);
    wr_u8(&w, 0);
    assert_err(startup_read(wr_view(&w), &s), FRAME_BAD);
    wr_drop(&w);
}

static void a_startup_needs_a_version_and_an_end(void **state)
{
    (void)state;
    struct startup s;
    struct wr w = wr_growing(1 << 20);
    startup_write(&w, options + 1, 4);
    assert_err(startup_read(wr_view(&w), &s), FRAME_BAD);
    assert_err(startup_read(BYTES("\xff\xff"), &s), FRAME_BAD);
    wr_drop(&w);
}

static void a_multimap_is_searched(void **state)
{
    (void)state;
    const bytes map = BYTES("\x00\x02\x00\x01k\x00\x02\x00\x01"
                            "a\x00\x01"
                            "b\x00\x01l\x00\x00");
    bytes values;
    bytes value;
    bool found;
    for (size_t n = 0; n < map.n; n++) {
        assert_err(startup_find(bytes_part(map, 0, n), BYTES("l"), &values, &found), FRAME_SHORT);
    }
    assert_ok(startup_find(map, BYTES("K"), &values, &found));
    assert_true(found);
    struct rd r = rd_over(values);
    assert_true(startup_next_string(&r, &value));
    assert_bytes(value, "a");
    assert_true(startup_next_string(&r, &value));
    assert_bytes(value, "b");
    assert_false(startup_next_string(&r, &value));
    assert_ok(startup_find(map, BYTES("m"), &values, &found));
    assert_false(found);
}

static err read_plain(const char *text, size_t n, struct sasl_plain *out)
{
    static uint8_t body[4096];
    struct wr w = wr_fixed(body, sizeof body);
    wr_bytes32(&w, bytes_of(text, n));
    return sasl_read_plain(wr_view(&w), out);
}
#define PLAIN(literal, out) read_plain(literal, sizeof(literal) - 1, out)

static void plain_is_strict(void **state)
{
    (void)state;
    struct sasl_plain p;
    assert_err(PLAIN("", &p), TOKEN_MALFORMED);
    assert_err(PLAIN("user", &p), TOKEN_MALFORMED);
    assert_err(PLAIN("\0user", &p), TOKEN_MALFORMED);
    assert_err(PLAIN("\0user\0", &p), TOKEN_MALFORMED);
    assert_err(PLAIN("\0\0pass", &p), TOKEN_MALFORMED);
    assert_err(PLAIN("root\0user\0pass", &p), TOKEN_MALFORMED); /* T11 */
    assert_err(PLAIN("\0user\0pass\0", &p), TOKEN_MALFORMED);
    assert_err(PLAIN("\0user\0pa\0ss", &p), TOKEN_MALFORMED);
    assert_err(PLAIN("\0us\xc0\xafr\0pass", &p), TOKEN_MALFORMED);
    char longer[SASL_FIELD_MAX + 8] = "\0u\0";
    memset(longer + 3, 'x', sizeof longer - 3);
    assert_err(read_plain(longer, 3 + SASL_FIELD_MAX + 1, &p), TOKEN_MALFORMED);
    assert_ok(read_plain(longer, 3 + SASL_FIELD_MAX, &p));
}

static void plain_is_read_back(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    struct sasl_plain p;
    sasl_write_plain(&w, BYTES("token"), BYTES("AstraCS:x:y"));
    for (size_t n = 0; n < w.n; n++) {
        assert_err(sasl_read_plain(bytes_part(wr_view(&w), 0, n), &p), FRAME_SHORT);
    }
    assert_ok(sasl_read_plain(wr_view(&w), &p));
    assert_bytes(p.user, "token");
    assert_bytes(p.password, "AstraCS:x:y");
    wr_u8(&w, 0);
    assert_err(sasl_read_plain(wr_view(&w), &p), FRAME_BAD);
    assert_err(sasl_read_plain(BYTES("\xff\xff\xff\xff"), &p), FRAME_BAD);
    assert_true(sasl_is_mechanism(BYTES("\0\0\0\x05PLAIN")));
    assert_false(sasl_is_mechanism(BYTES("\0\0\0\x05PLAIM")));
    wr_drop(&w);
}

UNIT_MAIN(cmocka_unit_test(every_cut_of_a_startup_is_short),
          cmocka_unit_test(a_startup_needs_a_version_and_an_end),
          cmocka_unit_test(a_multimap_is_searched), cmocka_unit_test(plain_is_strict),
          cmocka_unit_test(plain_is_read_back))
