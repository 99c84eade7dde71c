/* Waits after failures: who has to, how long, and whom others' failures never touch. */
#include "unit.h"

#include "people/delay.h"
#include "people/delay_network.h"

static struct delay *delays;
static const bytes ada = BYTES("ada");
static const bytes here = BYTES("10.0.0.1");
static const bytes there = BYTES("10.9.9.9");

static int open_it(void **state)
{
    (void)state;
    return err_is_ok(delay_new(&delays)) ? 0 : 1;
}

static int close_it(void **state)
{
    (void)state;
    delay_free(delays);
    return 0;
}

static void fail_often(bytes account, bytes network, uint64_t now_ms)
{
    uint64_t wait = 0;
    for (int i = 0; i < DELAY_FREE; i++)
        assert_true(delay_take(delays, account, network, false, now_ms, &wait));
}

static void waits_double_up_to_the_most(void **state)
{
    uint64_t now = 1000000;
    uint64_t wait = 0;
    uint64_t want = DELAY_FIRST_MS;
    (void)state;
    fail_often(ada, here, now);
    for (int i = 0; i < 20; i++) {
        assert_false(delay_take(delays, ada, here, false, now, &wait));
        assert_int_equal(wait, want);
        now += wait - 1;
        assert_false(delay_take(delays, ada, here, false, now, &wait));
        assert_int_equal(wait, 1);
        now += wait;
        assert_true(delay_take(delays, ada, here, false, now, &wait));
        want = want * 2 < DELAY_MOST_MS ? want * 2 : DELAY_MOST_MS;
    }
}

static void strangers_elsewhere_keep_nobody_out(void **state)
{
    uint64_t wait = 0;
    (void)state;
    fail_often(ada, there, 5000);
    assert_false(delay_take(delays, ada, there, false, 5000, &wait));
    assert_true(delay_take(delays, ada, here, false, 5000, &wait));
    assert_true(delay_take(delays, BYTES("bob"), there, false, 5000, &wait));
}

static void what_was_right_and_what_is_long_ago_is_forgotten(void **state)
{
    uint64_t wait = 0;
    (void)state;
    fail_often(ada, here, 5000);
    assert_false(delay_take(delays, ada, here, false, 5000, &wait));
    delay_clear(delays, ada, here, 5000);
    fail_often(ada, here, 6000);
    assert_false(delay_take(delays, ada, here, false, 6000, &wait));
    fail_often(ada, here, 6000 + DELAY_FORGET_MS);
}

static void a_flood_of_names_does_not_wash_out_who_failed_most(void **state)
{
    uint64_t wait = 0;
    (void)state;
    fail_often(ada, here, 5000);
    for (uint64_t i = 0; i < 10 * DELAY_SETS * DELAY_WAYS; i++)
        (void)delay_take(delays, bytes_of(&i, sizeof i), bytes_of(&i, sizeof i), false, 5000, &wait);
    assert_false(delay_take(delays, ada, here, false, 5000, &wait));
}

/* Another account each time. */
static unsigned fail_with_names(bytes network, unsigned n, uint64_t now_ms, uint64_t *wait)
{
    static uint64_t name;
    for (unsigned i = 0; i < n; i++) {
        name++;
        if (!delay_take(delays, bytes_of(&name, sizeof name), network, false, now_ms, wait)) return i;
    }
    return n;
}

static void many_accounts_from_one_network_wait_together(void **state)
{
    uint64_t wait = 0;
    (void)state;
    assert_int_equal(fail_with_names(here, 2 * DELAY_NETWORK_FREE, 5000, &wait), DELAY_NETWORK_FREE);
    assert_int_equal(wait, DELAY_NETWORK_EACH_MS);
    assert_int_equal(fail_with_names(here, 1, 5000 + wait - 1, &wait), 0);
    assert_int_equal(wait, 1);
    assert_int_equal(fail_with_names(here, 2, 5000 + DELAY_NETWORK_EACH_MS, &wait), 1);
    assert_int_equal(fail_with_names(there, 1, 5000, &wait), 1);
    const uint64_t later = 5000 + DELAY_NETWORK_EACH_MS * (DELAY_NETWORK_FREE + 1ull);
    assert_int_equal(fail_with_names(here, 2 * DELAY_NETWORK_FREE, later, &wait), DELAY_NETWORK_FREE);
}

static void neighbours_hold_nobody_back_who_was_right_before(void **state)
{
    uint64_t wait = 0;
    (void)state;
    assert_true(delay_take(delays, ada, here, false, 5000, &wait));
    delay_clear(delays, ada, here, 5000);
    assert_int_equal(fail_with_names(here, 2 * DELAY_NETWORK_FREE, 6000, &wait), DELAY_NETWORK_FREE);
    fail_often(ada, here, 6000);
    assert_false(delay_take(delays, ada, here, false, 6000, &wait));
    assert_int_equal(wait, DELAY_FIRST_MS);
    const uint64_t week = 6000 + (uint64_t)DELAY_KNOWN_MS;
    assert_int_equal(fail_with_names(here, 2 * DELAY_NETWORK_FREE, week, &wait), DELAY_NETWORK_FREE);
    assert_false(delay_take(delays, ada, here, false, week, &wait));
}

/* As after a restart, before which they were right. */
static void nor_who_is_on_record_as_having_been(void **state)
{
    uint64_t wait = 0;
    (void)state;
    assert_int_equal(fail_with_names(here, 2 * DELAY_NETWORK_FREE, 6000, &wait), DELAY_NETWORK_FREE);
    assert_false(delay_take(delays, ada, here, false, 6000, &wait));
    for (int i = 0; i < DELAY_FREE; i++) assert_true(delay_take(delays, ada, here, true, 6000, &wait));
    assert_false(delay_take(delays, ada, here, true, 6000, &wait));
    assert_int_equal(wait, DELAY_FIRST_MS);
}

static void who_is_right_costs_the_network_nothing(void **state)
{
    uint64_t wait = 0;
    (void)state;
    for (uint64_t i = 0; i < 3 * DELAY_NETWORK_FREE; i++) {
        assert_true(delay_take(delays, bytes_of(&i, sizeof i), here, false, 5000, &wait));
        delay_clear(delays, bytes_of(&i, sizeof i), here, 5000);
    }
    for (int i = 0; i < 3 * DELAY_NETWORK_FREE; i++) {
        assert_true(delay_take(delays, ada, here, false, 5000, &wait));
        delay_clear(delays, ada, here, 5000);
    }
    assert_int_equal(fail_with_names(here, 2 * DELAY_NETWORK_FREE, 5000, &wait), DELAY_NETWORK_FREE);
}

static void a_flood_of_networks_does_not_wash_out_one_that_owes_most(void **state)
{
    uint64_t wait = 0;
    (void)state;
    assert_int_equal(fail_with_names(here, 2 * DELAY_NETWORK_FREE, 5000, &wait), DELAY_NETWORK_FREE);
    for (uint64_t i = 0; i < 10 * DELAY_NETWORK_SETS * DELAY_NETWORK_WAYS; i++)
        (void)fail_with_names(bytes_of(&i, sizeof i), 1, 5000, &wait);
    assert_int_equal(fail_with_names(here, 1, 5000, &wait), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(waits_double_up_to_the_most, open_it, close_it),
        cmocka_unit_test_setup_teardown(strangers_elsewhere_keep_nobody_out, open_it, close_it),
        cmocka_unit_test_setup_teardown(what_was_right_and_what_is_long_ago_is_forgotten, open_it,
                                        close_it),
        cmocka_unit_test_setup_teardown(a_flood_of_names_does_not_wash_out_who_failed_most, open_it,
                                        close_it),
        cmocka_unit_test_setup_teardown(many_accounts_from_one_network_wait_together, open_it, close_it),
        cmocka_unit_test_setup_teardown(neighbours_hold_nobody_back_who_was_right_before, open_it, close_it),
        cmocka_unit_test_setup_teardown(nor_who_is_on_record_as_having_been, open_it, close_it),
        cmocka_unit_test_setup_teardown(who_is_right_costs_the_network_nothing, open_it, close_it),
        cmocka_unit_test_setup_teardown(a_flood_of_networks_does_not_wash_out_one_that_owes_most, open_it,
                                        close_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
