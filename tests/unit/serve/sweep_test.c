/* A sweep removes the marks of tokens deleted long ago and those of requests that have ended, however
 * many, and no others. */
#include "unit.h"

#include "base/random.h"
#include "gate/gate.h"
#include "index/index.h"
#include "serve/sweep.h"
#include "store/store.h"

#include <urcu/urcu-memb.h>

enum { OLD = SWEEP_BATCH + 44, YOUNG = 5 };
static const int64_t now_ms = 9000 + SWEEP_DAYS * INT64_C(86400000);

static struct store *store;
static struct index *picture;
static struct gate *gate;
static struct loop *loop;
static struct work *work;

static int set_up(void **state)
{
    (void)state;
    const struct store_ports ports = {0};
    urcu_memb_register_thread();
    assert_ok(store_memory_open(&ports, &store));
    assert_ok(index_new(&picture));
    const struct gate_options o = {
        .index = picture, .prefixes = {BYTES(TOKEN_PREFIX)}, .prefixes_n = 1};
    assert_ok(gate_new(&o, &gate));
    assert_ok(loop_new(NULL, &loop));
    assert_ok(work_new(1, 16, &work));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    work_free(work);
    store_close(store);
    gate_free(gate);
    index_free(picture);
    loop_free(loop);
    urcu_memb_unregister_thread();
    return 0;
}

static bool arrived;

static void done(struct store_commit *c)
{
    assert_ok(c->result);
    arrived = true;
}

static void put(const struct record *r)
{
    struct call call = {0};
    struct change c = {.verb = CHANGE_PUT, .expect = CHANGE_ABSENT, .record = *r};
    struct store_commit commit = {.loop = loop, .done = done};
    c.by = (struct ask){ACTION_ORG_TOKEN_WRITE, record_scope(&c.record)};
    arena_init(&call.arena, 1 << 16);
    urcu_memb_read_lock();
    const struct permit *permit = gate_permit_upkeep(gate, &call);
    urcu_memb_read_unlock();
    arrived = false;
    store_commit(store, permit, &c, 1, NULL, &commit);
    while (!arrived) (void)loop_turn(loop, 1000);
    arena_drop(&call.arena);
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

static void sweep(size_t tombstones, size_t replays)
{
    struct sweep *s;
    struct store_numbers n;
    assert_ok(sweep_new(loop, work, gate, store, &s));
    sweep_start(s, now_ms);
    sweep_free(s);
    assert_ok(store_count(store, &n));
    assert_int_equal(n.records[RECORD_TOMBSTONE], tombstones);
    assert_int_equal(n.records[RECORD_REPLAY], replays);
}

static void old_marks_go_and_young_ones_stay(void **state)
{
    (void)state;
    for (int i = 0; i < OLD; i++) mark(1000 + i);
    for (int i = 0; i < YOUNG; i++) mark(9000);
    sweep(YOUNG, 0);
}

static void requests_that_have_ended_go(void **state)
{
    (void)state;
    for (int i = 0; i < OLD; i++) carry_out(now_ms - i);
    for (int i = 0; i < YOUNG; i++) carry_out(now_ms + 1 + i);
    for (int i = 0; i < OLD; i++) mark(1000 + i);
    sweep(0, YOUNG);
}

UNIT_MAIN(cmocka_unit_test_setup_teardown(old_marks_go_and_young_ones_stay, set_up, tear_down),
          cmocka_unit_test_setup_teardown(requests_that_have_ended_go, set_up, tear_down))
