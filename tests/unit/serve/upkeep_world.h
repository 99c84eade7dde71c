/* What upkeep works on: a store in memory, a gate over an empty picture, a loop and a work thread. Each test
 * file includes it once. */
#pragma once

#include "unit.h"

#include "base/random.h"
#include "gate/gate.h"
#include "index/index.h"
#include "loop/work.h"
#include "store/store.h"

#include <urcu/urcu-memb.h>

static struct store *store;
static struct index *picture;
static struct gate *gate;
static struct loop *loop;
static struct work *work;

static inline void upkeep_begin(const struct store_ports *ports)
{
    urcu_memb_register_thread();
    assert_ok(store_memory_open(ports, &store));
    assert_ok(index_new(&picture));
    const struct gate_options o = {
        .index = picture, .prefixes = {BYTES(TOKEN_PREFIX)}, .prefixes_n = 1};
    assert_ok(gate_new(&o, &gate));
    assert_ok(loop_new(NULL, &loop));
    assert_ok(work_new(1, 16, &work));
}

static inline void upkeep_end(void)
{
    work_free(work);
    store_close(store);
    gate_free(gate);
    index_free(picture);
    loop_free(loop);
    urcu_memb_unregister_thread();
}

static bool upkeep_arrived;

static void upkeep_done(struct store_commit *c)
{
    assert_ok(c->result);
    upkeep_arrived = true;
}

/* One change, durable when it returns. */
static inline void upkeep_commit(enum change_verb verb, uint64_t expect, const struct record *r)
{
    struct call call = {0};
    struct change c = {.verb = verb, .expect = expect, .record = *r};
    struct store_commit commit = {.loop = loop, .done = upkeep_done};
    c.by = (struct ask){ACTION_ORG_TOKEN_WRITE, record_scope(&c.record)};
    arena_init(&call.arena, 1 << 16);
    urcu_memb_read_lock();
    const struct permit *permit = gate_permit_upkeep(gate, &call);
    urcu_memb_read_unlock();
    upkeep_arrived = false;
    store_commit(store, permit, &c, 1, NULL, &commit);
    while (!upkeep_arrived) (void)loop_turn(loop, 1000);
    arena_drop(&call.arena);
}
