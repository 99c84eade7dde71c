/* Connections a source: the limits, and the table against plain counting. */
#include "unit.h"

#include "net/source_limit.h"

static struct address v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    return (struct address){.family = ADDRESS_V4, .ip = {a, b, c, d}, .port = 1};
}

static void refuses_over_each_limit(void **state)
{
    struct source_limit *s = NULL;
    (void)state;
    assert_ok(source_limit_new(5, 2, &s));
    const struct address one = v4(192, 0, 2, 1);
    const struct address two = v4(192, 0, 2, 2);
    const struct address here = v4(127, 0, 0, 1);
    assert_ok(source_limit_take(s, &one));
    assert_ok(source_limit_take(s, &one));
    assert_err(source_limit_take(s, &one), TOO_MANY);
    assert_ok(source_limit_take(s, &two));
    source_limit_give(s, &one);
    assert_ok(source_limit_take(s, &one));
    assert_ok(source_limit_take(s, &here));
    assert_ok(source_limit_take(s, &here));
    assert_err(source_limit_take(s, &here), TOO_MANY);
    assert_int_equal(source_limit_open(s), 5);
    source_limit_free(s);
}

static void one_v6_network_is_one_source(void **state)
{
    struct source_limit *s = NULL;
    struct address a = {.family = ADDRESS_V6, .ip = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 9}};
    (void)state;
    assert_ok(source_limit_new(100, 1, &s));
    assert_ok(source_limit_take(s, &a));
    a.ip[15] = 77;
    assert_err(source_limit_take(s, &a), TOO_MANY);
    a.ip[7] = 2;
    assert_ok(source_limit_take(s, &a));
    source_limit_free(s);
}

static void agrees_with_plain_counting(void **state)
{
    enum { SOURCES = 64, TOTAL = 40, EACH = 3 };
    struct source_limit *s = NULL;
    unsigned counts[SOURCES] = {0};
    unsigned total = 0;
    uint32_t seed = 1;
    (void)state;
    assert_ok(source_limit_new(TOTAL, EACH, &s));
    for (int step = 0; step < 200000; step++) {
        seed = seed * 1664525u + 1013904223u;
        const unsigned i = (seed >> 16) % SOURCES;
        const struct address a = v4(10, 0, (uint8_t)(i >> 4), (uint8_t)(i << 4));
        if (seed >> 31) {
            const bool fits = total < TOTAL && counts[i] < EACH;
            assert_int_equal(err_is_ok(source_limit_take(s, &a)), fits);
            if (fits) {
                counts[i]++;
                total++;
            }
        } else if (counts[i]) {
            source_limit_give(s, &a);
            counts[i]--;
            total--;
        }
        assert_int_equal(source_limit_open(s), total);
    }
    source_limit_free(s);
}

UNIT_MAIN(cmocka_unit_test(refuses_over_each_limit), cmocka_unit_test(one_v6_network_is_one_source),
          cmocka_unit_test(agrees_with_plain_counting))
