/* RFC 3339 in both directions. */
#include "unit.h"

#include "base/clock.h"

static void refuses_what_is_not_a_time(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "2026", "2026-01-01", "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
        "2026-01-01T24:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z",
        "2026-01-01T00:00:00+0200", "2026-01-01T00:00:00Zx", "0000-01-01T00:00:00Z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t ns;
        assert_err(clock_read_utc(bytes_of_text(bad[i]), &ns), BAD_INPUT);
    }
}

static void reads_and_writes_every_fraction(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        int digits;
        const char *out;
    } rows[] = {
        {"2026-01-01T00:00:00Z", 0, "2026-01-01T00:00:00Z"},
        {"2026-01-01T00:00:00.123Z", 3, "2026-01-01T00:00:00.123Z"},
        {"2026-01-01T00:00:00.123456Z", 6, "2026-01-01T00:00:00.123456Z"},
        {"2026-01-01T00:00:00.1Z", 9, "2026-01-01T00:00:00.100000000Z"},
        {"2024-02-29T23:59:59.999999999z", 9, "2024-02-29T23:59:59.999999999Z"},
        {"2026-01-01T02:00:00+02:00", 0, "2026-01-01T00:00:00Z"},
        {"1969-12-31T23:59:59.5Z", 3, "1969-12-31T23:59:59.500Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ns;
        char text[CLOCK_TEXT_SIZE];
        assert_ok(clock_read_utc(bytes_of_text(rows[i].in), &ns));
        clock_write_utc(ns, rows[i].digits, text);
        assert_string_equal(text, rows[i].out);
    }
}

static void far_times_are_clamped(void **state)
{
    (void)state;
    int64_t ns;
    assert_ok(clock_read_utc(BYTES("9999-12-31T23:59:59Z"), &ns));
    assert_true(ns == INT64_MAX);
    assert_ok(clock_read_utc(BYTES("0001-01-01T00:00:00Z"), &ns));
    assert_true(ns == INT64_MIN);
}

UNIT_MAIN(cmocka_unit_test(refuses_what_is_not_a_time),
          cmocka_unit_test(reads_and_writes_every_fraction),
          cmocka_unit_test(far_times_are_clamped))
