/* Requests a caller: bursts, refill, and neighbours that are left alone. */
#include "unit.h"

#include "http/rate_limit.h"

#include <stdio.h>

static unsigned passes(struct rate_limit *r, const char *who, uint64_t now_ms, unsigned tries)
{
    unsigned n = 0;
    for (unsigned i = 0; i < tries; i++) n += rate_limit_pass(r, bytes_of_text(who), now_ms, &(uint64_t){0});
    return n;
}

static void a_burst_is_used_up_and_comes_back(void **state)
{
    struct rate_limit *r = NULL;
    (void)state;
    assert_ok(rate_limit_new(5, 20, &r));
    assert_int_equal(passes(r, "a", 1000000, 60), 20);
    assert_int_equal(passes(r, "b", 1000000, 10), 10);
    assert_int_equal(passes(r, "a", 1000199, 10), 0);
    assert_int_equal(passes(r, "a", 1000200, 10), 1);
    assert_int_equal(passes(r, "a", 1001200, 10), 5);
    assert_int_equal(passes(r, "a", 2000000, 60), 20);
    rate_limit_free(r);
}

static void many_callers_do_not_disturb_one_that_is_busy(void **state)
{
    struct rate_limit *r = NULL;
    (void)state;
    assert_ok(rate_limit_new(1, 3, &r));
    assert_int_equal(passes(r, "busy", 1000, 10), 3);
    for (unsigned i = 0; i < 2000; i++) {
        char name[16];
        snprintf(name, sizeof name, "%u", i);
        assert_int_equal(passes(r, name, 1000, 1), 1);
    }
    assert_int_equal(passes(r, "busy", 1000, 10), 0);
    rate_limit_free(r);
}

UNIT_MAIN(cmocka_unit_test(a_burst_is_used_up_and_comes_back),
          cmocka_unit_test(many_callers_do_not_disturb_one_that_is_busy))
