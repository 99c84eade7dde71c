/* Networks on record: whose they are, for how long, how many, and that they tell nothing without a key. */
#include "unit.h"

#include "people/delay.h"
#include "people/known.h"

#include <stdlib.h>

#define HOUR INT64_C(3600000)

static const int64_t now = 500000 * HOUR + 5;
static const bytes here = BYTES("\xc0\x00\x02\x01");
static const bytes there = BYTES("\xc0\x00\x02\x02");

static struct server_keys keys;
static struct record_person ada;
static uint8_t rooms[2][KNOWN_MAX]; /* a record is never written over while it is read */
static unsigned turn;

static int set_up(void **state)
{
    (void)state;
    keys = (struct server_keys){.n = 1};
    keys.list[0].id = 1;
    memset(keys.list[0].key, 7, SERVER_KEY_SIZE);
    ada = (struct record_person){.id = {{1}}};
    return 0;
}

static void note(bytes network, int64_t at_ms)
{
    known_note(&ada, &keys, network, at_ms, rooms[turn++ % 2]);
}

static void whoever_was_right_from_there_is_known_there(void **state)
{
    (void)state;
    assert_false(known_has(&ada, &keys, here, now));
    note(here, now);
    assert_true(known_has(&ada, &keys, here, now));
    assert_false(known_has(&ada, &keys, there, now));
    struct record_person bob = ada;
    bob.id.b[0] = 2;
    assert_false(known_has(&bob, &keys, here, now));
}

static void for_a_week(void **state)
{
    (void)state;
    note(here, now);
    assert_true(known_has(&ada, &keys, here, now + DELAY_KNOWN_MS));
    assert_false(known_has(&ada, &keys, here, now + DELAY_KNOWN_MS + HOUR));
    assert_false(known_has(&ada, &keys, here, now - HOUR)); /* by a clock that was wrong */
    note(there, now + DELAY_KNOWN_MS + HOUR);
    assert_int_equal(ada.networks.n, KNOWN_EACH);
}

static void the_last_eight_of_them(void **state)
{
    (void)state;
    note(here, now);
    for (uint8_t i = 1; i < KNOWN_NETWORKS; i++) note(bytes_of(&i, 1), now);
    assert_true(known_has(&ada, &keys, here, now));
    const uint8_t middle = 3;
    note(bytes_of(&middle, 1), now); /* which makes it the newest, not another one */
    assert_true(known_has(&ada, &keys, here, now));
    note(here, now);
    assert_int_equal(ada.networks.n, KNOWN_MAX);
    note(there, now);
    assert_int_equal(ada.networks.n, KNOWN_MAX);
    assert_true(known_has(&ada, &keys, here, now));
    const uint8_t oldest = 1;
    assert_false(known_has(&ada, &keys, bytes_of(&oldest, 1), now));
}

static void a_network_is_known_under_the_key_that_there_was(void **state)
{
    (void)state;
    note(here, now);
    keys.list[1] = keys.list[0];
    keys.list[1].id = 2;
    keys.list[1].key[0] ^= 1;
    keys.n = 2;
    assert_true(known_has(&ada, &keys, here, now));
    keys.list[0] = keys.list[1]; /* the first is retired */
    keys.n = 1;
    assert_false(known_has(&ada, &keys, here, now));
}

static void who_comes_over_a_socket_is_no_network(void **state)
{
    (void)state;
    note((bytes){0}, now);
    assert_int_equal(ada.networks.n, 0);
    note(here, now);
    assert_false(known_has(&ada, &keys, (bytes){0}, now));
}

static void what_is_cut_short_is_not_read_beyond_its_end(void **state)
{
    (void)state;
    note(here, now);
    note(there, now);
    for (size_t n = 0; n < 2 * KNOWN_EACH; n++) {
        uint8_t *copy = malloc(n ? n : 1);
        struct record_person cut = ada;
        memcpy(copy, ada.networks.p, n);
        cut.networks = bytes_of(copy, n);
        assert_int_equal(known_has(&cut, &keys, there, now), n >= KNOWN_EACH);
        assert_false(known_has(&cut, &keys, here, now));
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(whoever_was_right_from_there_is_known_there, set_up),
        cmocka_unit_test_setup(for_a_week, set_up),
        cmocka_unit_test_setup(the_last_eight_of_them, set_up),
        cmocka_unit_test_setup(a_network_is_known_under_the_key_that_there_was, set_up),
        cmocka_unit_test_setup(who_comes_over_a_socket_is_no_network, set_up),
        cmocka_unit_test_setup(what_is_cut_short_is_not_read_beyond_its_end, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
