/* Last uses in memory, while they grow. */
#include "unit.h"

#include "base/clock.h"
#include "index/grace.h"
#include "usage/usage_last.h"

#include <stdio.h>

static bytes id_of(size_t i, char room[32])
{
    const int n = snprintf(room, 32, "token-%zu", i);
    return bytes_of(room, (size_t)n);
}

static int64_t last_of(const struct usage_last *t, bytes id)
{
    const struct usage_cell *c = usage_last_find(t, id);
    return c ? atomic_load(&c->last_ms) : -1;
}

static void the_latest_counts(void **state)
{
    struct usage_last t;
    (void)state;
    assert_ok(usage_last_init(&t));
    assert_int_equal(last_of(&t, BYTES("a")), -1);
    assert_ok(usage_last_note(&t, BYTES("a"), 20, 2));
    assert_ok(usage_last_note(&t, BYTES("a"), 10, -1));
    assert_int_equal(last_of(&t, BYTES("a")), 20);
    assert_int_equal(atomic_load(&usage_last_find(&t, BYTES("a"))->sessions), 1);
    const int64_t next_year = INT64_C(366) * 24 * 3600 * 1000;
    assert_ok(usage_last_note(&t, BYTES("a"), next_year, 0));
    assert_ok(usage_last_note(&t, BYTES("a"), 0, 0));
    assert_int_equal(last_of(&t, BYTES("a")), next_year);
    assert_ok(usage_last_note(&t, BYTES("a"), 30, 0));
    assert_int_equal(last_of(&t, BYTES("a")), 30);
    usage_last_forget(&t, BYTES("a"));
    usage_last_forget(&t, BYTES("never was"));
    assert_int_equal(last_of(&t, BYTES("a")), 0);
    assert_int_equal(atomic_load(&usage_last_find(&t, BYTES("a"))->sessions), 1);
    usage_last_drop(&t);
}

static void a_hundred_thousand(void **state)
{
    enum { N = 100000 };
    struct usage_last t;
    char room[32];
    (void)state;
    assert_ok(usage_last_init(&t));
    for (size_t i = 0; i < N; i++) assert_ok(usage_last_note(&t, id_of(i, room), (int64_t)i + 1, 0));
    for (size_t i = 0; i < N; i++) assert_int_equal(last_of(&t, id_of(i, room)), i + 1);
    assert_int_equal(last_of(&t, id_of(N, room)), -1);
    assert_int_equal(t.used, N);
    /* What is forgotten makes room when the table is made anew. */
    for (size_t i = 10; i < N; i++) usage_last_forget(&t, id_of(i, room));
    assert_ok(usage_last_reserve(&t, 1 << 20));
    assert_int_equal(t.used, 10);
    assert_int_equal(last_of(&t, id_of(3, room)), 4);
    usage_last_drop(&t);
}

/* Ten are there at any time: the table is as large as ten need, however many there were. */
static void many_come_and_go(void **state)
{
    struct usage_last t;
    char room[32];
    (void)state;
    assert_ok(usage_last_init(&t));
    for (size_t i = 0; i < 10000; i++) {
        assert_ok(usage_last_note(&t, id_of(i, room), (int64_t)i + 1, 0));
        if (i >= 10) usage_last_forget(&t, id_of(i - 10, room));
        assert_true(t.used <= 600);
    }
    assert_int_equal(last_of(&t, id_of(9995, room)), 9996);
    usage_last_drop(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_latest_counts),
                                       cmocka_unit_test(a_hundred_thousand),
                                       cmocka_unit_test(many_come_and_go)};
    urcu_memb_register_thread();
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    grace_wait();
    urcu_memb_unregister_thread();
    return failed;
}
