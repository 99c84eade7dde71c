/* A sweep removes the marks of tokens deleted and databases unregistered long ago and those of requests that have
 * ended, however many, and no others. */
#include "upkeep_world.h"

#include "serve/sweep.h"

enum { OLD = SWEEP_BATCH + 44, YOUNG = 5 };
static const int64_t now_ms = 9000 + SWEEP_DAYS * INT64_C(86400000);

static int set_up(void **state)
{
    const struct store_ports ports = {0};
    (void)state;
    upkeep_begin(&ports);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    upkeep_end();
    return 0;
}

static void put(const struct record *r)
{
    upkeep_commit(CHANGE_PUT, CHANGE_ABSENT, r);
}

static void mark(int64_t deleted_ms)
{
    struct record r = {.kind = RECORD_TOMBSTONE, .of.tombstone.deleted_ms = deleted_ms};
    struct token_new t;
    token_make(&t, random_below);
    memcpy(r.of.tombstone.client_id, t.client_id, TOKEN_CLIENT_ID);
    put(&r);
}

static void carry_out(int64_t ends_ms)
{
    struct record r = {.kind = RECORD_REPLAY, .of.replay.ends_ms = ends_ms};
    random_fill(r.of.replay.id.b, sizeof r.of.replay.id.b);
    put(&r);
}

static void unregister(int64_t removed_ms)
{
    struct record r = {.kind = RECORD_FORMER_DATABASE, .of.former_database.removed_ns = removed_ms * 1000000};
    random_fill(r.of.former_database.id.b, sizeof r.of.former_database.id.b);
    put(&r);
}

static void sweep(size_t tombstones, size_t replays, size_t databases)
{
    struct sweep *s;
    struct store_numbers n;
    assert_ok(sweep_new(loop, work, gate, store, &s));
    sweep_start(s, now_ms);
    sweep_free(s);
    assert_ok(store_count(store, &n));
    assert_int_equal(n.records[RECORD_TOMBSTONE], tombstones);
    assert_int_equal(n.records[RECORD_REPLAY], replays);
    assert_int_equal(n.records[RECORD_FORMER_DATABASE], databases);
}

static void old_marks_go_and_young_ones_stay(void **state)
{
    (void)state;
    for (int i = 0; i < OLD; i++) mark(1000 + i);
    for (int i = 0; i < YOUNG; i++) mark(9000);
    sweep(YOUNG, 0, 0);
}

static void requests_that_have_ended_go(void **state)
{
    (void)state;
    for (int i = 0; i < OLD; i++) carry_out(now_ms - i);
    for (int i = 0; i < YOUNG; i++) carry_out(now_ms + 1 + i);
    for (int i = 0; i < OLD; i++) mark(1000 + i);
    sweep(0, YOUNG, 0);
}

static void databases_unregistered_long_ago_go(void **state)
{
    (void)state;
    for (int i = 0; i < OLD; i++) unregister(1000 + i);
    for (int i = 0; i < YOUNG; i++) unregister(9000);
    for (int i = 0; i < YOUNG; i++) mark(9000);
    sweep(YOUNG, 0, YOUNG);
}

UNIT_MAIN(cmocka_unit_test_setup_teardown(old_marks_go_and_young_ones_stay, set_up, tear_down),
          cmocka_unit_test_setup_teardown(requests_that_have_ended_go, set_up, tear_down),
          cmocka_unit_test_setup_teardown(databases_unregistered_long_ago_go, set_up, tear_down))
