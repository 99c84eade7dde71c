/* A backlog keeps what fits, wakes its writer when it must, and counts what it turned away. */
#include "unit.h"

#include "audit/backlog.h"

static void what_does_not_fit_is_counted(void **state)
{
    (void)state;
    struct backlog b = backlog_of(12);
    assert_false(backlog_add(&b, BYTES("123456789"), true, false, 0));
    assert_true(backlog_add(&b, BYTES("1234"), false, false, 0));
    assert_false(backlog_add(&b, BYTES("5"), false, false, 0));
    assert_int_equal(b.lost, 2);
    assert_int_equal(backlog_count(&b), 1);
    backlog_drop(&b);
}

static void a_full_disk_leaves_room_for_durable_ones(void **state)
{
    (void)state;
    struct backlog b = backlog_of(100);
    assert_false(backlog_add(&b, BYTES("read"), false, true, 0));
    assert_true(backlog_add(&b, BYTES("change"), true, true, 0));
    assert_int_equal(b.lost, 1);
    assert_int_equal(backlog_count(&b), 1);
    backlog_drop(&b);
}

static void the_first_and_the_first_durable_one_wake(void **state)
{
    (void)state;
    struct backlog b = backlog_of(100);
    assert_true(backlog_add(&b, BYTES("a"), false, false, 7));
    assert_false(backlog_add(&b, BYTES("b"), false, false, 8));
    assert_true(backlog_add(&b, BYTES("c"), true, false, 9));
    assert_false(backlog_add(&b, BYTES("d"), true, false, 9));
    assert_int_equal(b.since_ms, 8);
    backlog_drop(&b);
}

static void what_is_taken_is_in_order_and_gone(void **state)
{
    (void)state;
    struct backlog b = backlog_of(100);
    bytes event;
    (void)backlog_add(&b, BYTES("one"), true, false, 1);
    (void)backlog_add(&b, BYTES(""), false, false, 1);
    (void)backlog_add(&b, BYTES("two"), false, false, 1);
    struct backlog taken = backlog_take(&b);
    assert_int_equal(backlog_count(&b), 0);
    assert_true(!b.urgent && b.since_ms == 0 && b.bytes_max == 100);
    struct rd at = rd_over(wr_view(&taken.events));
    assert_true(backlog_next(&at, &event));
    assert_bytes(event, "one");
    assert_true(backlog_next(&at, &event));
    assert_int_equal(event.n, 0);
    assert_true(backlog_next(&at, &event));
    assert_bytes(event, "two");
    assert_false(backlog_next(&at, &event));
    backlog_drop(&taken);
    backlog_drop(&b);
}

UNIT_MAIN(cmocka_unit_test(what_does_not_fit_is_counted),
          cmocka_unit_test(a_full_disk_leaves_room_for_durable_ones),
          cmocka_unit_test(the_first_and_the_first_durable_one_wake),
          cmocka_unit_test(what_is_taken_is_in_order_and_gone))
