/* What the store is told of a request with an Idempotency-Key, and what the picture in memory then says
 * of it. */
#include "unit.h"
#include "world.h"

#include "api/replay.h"
#include "base/clock.h"

#include <urcu/urcu-memb.h>

static struct world world;
static struct arena arena;
static struct once_memory memory;
static struct record_token made;

static int start(void **state)
{
    (void)state;
    urcu_memb_register_thread();
    world_init(&world);
    arena_init(&arena, 1 << 20);
    memory = replay_memory(world.index);
    made = (struct record_token){.scope = WORLD_ORG};
    memset(made.client_id, 'q', sizeof made.client_id);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_drop(&arena);
    world_drop(&world);
    urcu_memb_unregister_thread();
    return 0;
}

static struct once_key key_of(unsigned number)
{
    struct once_key k;
    const struct once_request r = {.key = bytes_of((const uint8_t *)&number, sizeof number),
                                   .body = BYTES("{}")};
    once_hash(&r, &k);
    return k;
}

static size_t put(unsigned key, const struct record_token *token, int64_t now_ms, struct change *c)
{
    const struct once_key k = key_of(key);
    urcu_memb_read_lock();
    const size_t n = replay_put(index_snapshot(world.index), &k, now_ms, token, c);
    urcu_memb_read_unlock();
    return n;
}

static void carry_out(unsigned key, const struct record_token *token, int64_t now_ms)
{
    struct change c;
    assert_int_equal(put(key, token, now_ms, &c), 1);
    world_apply(&world, &c, NULL);
}

static bool recall(unsigned key, struct once_past *past)
{
    const struct once_key k = key_of(key);
    return memory.recall(memory.owner, k.request, &arena, past);
}

static void what_was_made_is_known_with_its_body(void **state)
{
    const struct once_key k = key_of(1);
    struct once_past past;
    (void)state;
    assert_false(recall(1, &past));
    carry_out(1, &made, clock_utc_ms());
    assert_true(recall(1, &past));
    assert_int_equal(past.subject.n, TOKEN_CLIENT_ID);
    assert_memory_equal(past.subject.p, made.client_id, TOKEN_CLIENT_ID);
    assert_memory_equal(past.body, k.body, ONCE_HASH);
    assert_false(recall(2, &past));
}

/* A minute to either side. */
static void it_is_known_for_a_day(void **state)
{
    const int64_t a_day_ago = clock_utc_ms() - REPLAY_KEPT_MS;
    struct once_past past;
    (void)state;
    carry_out(1, &made, a_day_ago + 60000);
    carry_out(2, &made, a_day_ago - 60000);
    assert_true(recall(1, &past));
    assert_false(recall(2, &past));
}

static void what_has_ended_is_written_over_in_its_scope_alone(void **state)
{
    struct record_token elsewhere = made;
    struct change c;
    struct once_past past;
    (void)state;
    elsewhere.scope = WORLD_OTHER_ORG;
    assert_int_equal(put(1, &made, 0, &c), 1);
    assert_true(c.expect == CHANGE_ABSENT);
    world_apply(&world, &c, NULL);
    assert_int_equal(put(1, &elsewhere, clock_utc_ms(), &c), 0);
    assert_int_equal(put(1, &made, clock_utc_ms(), &c), 1);
    assert_true(c.expect == CHANGE_ANY_VERSION);
    world_apply(&world, &c, NULL);
    assert_true(recall(1, &past));
}

static void without_a_key_nothing_is_kept(void **state)
{
    struct change c;
    (void)state;
    urcu_memb_read_lock();
    assert_int_equal(replay_put(index_snapshot(world.index), NULL, 0, &made, &c), 0);
    urcu_memb_read_unlock();
}

/* All of them in one change of the picture. */
static void fill(const struct record_token *token, unsigned from, unsigned n)
{
    struct change *all = calloc(n, sizeof *all);
    assert_non_null(all);
    for (unsigned i = 0; i < n; i++) assert_int_equal(put(from + i, token, 0, &all[i]), 1);
    assert_ok(index_apply(world.index, all, n, NULL));
    free(all);
}

static void a_scope_fills_its_own_places_and_all_fill_all(void **state)
{
    struct record_token token = made;
    struct change c;
    (void)state;
    for (unsigned i = 0; i < REPLAY_MAX / REPLAY_EACH_MAX; i++) {
        token.scope.b[15] = (uint8_t)i;
        fill(&token, i * REPLAY_EACH_MAX, REPLAY_EACH_MAX - 1);
        carry_out((i + 1) * REPLAY_EACH_MAX - 1, &token, 0);
        assert_int_equal(put(REPLAY_MAX, &token, 0, &c), 0);
        token.scope.b[15] = 0xff;
        assert_int_equal(put(REPLAY_MAX, &token, 0, &c), i + 1 < REPLAY_MAX / REPLAY_EACH_MAX);
    }
}

#define IN_ORDER(test) cmocka_unit_test_setup_teardown(test, start, stop)
UNIT_MAIN(IN_ORDER(what_was_made_is_known_with_its_body), IN_ORDER(it_is_known_for_a_day),
          IN_ORDER(what_has_ended_is_written_over_in_its_scope_alone),
          IN_ORDER(without_a_key_nothing_is_kept),
          IN_ORDER(a_scope_fills_its_own_places_and_all_fill_all))
