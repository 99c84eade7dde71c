/* One writer and several readers: nobody sees half of anything. Meant for ThreadSanitizer as well. */
#include "unit.h"
#include "world.h"

#include <pthread.h>
#include <stdatomic.h>

enum { READERS = 3, TOKENS = 500, ROUNDS = 4000, LOOKS = 20000 };

static struct world world;
static struct token_new tokens[TOKENS];
static struct token_new edited;
static atomic_bool stop;
static atomic_uint wrong;
static atomic_ulong looked;

static const struct uuid role_a = {{0x01, 1}};
static const struct uuid role_b = {{0x01, 2}};

/* What holds of every token, whenever it is seen: its verifier is that of its digest, its role set
 * is there, and its actions are those of one version of its role or of another. */
static bool is_whole(const struct token_new *t, const struct index_token *got)
{
    uint8_t want[SERVER_KEY_VERIFIER];
    server_key_verifier(&world.keys.list[0], t->digest, want);
    if (memcmp(got->verifier, want, sizeof want) != 0) return false;
    const struct role_set *set = index_role_set(world.index, got->role_set);
    if (!set || set->number != got->role_set || set->roles_n != 1) return false;
    const struct uuid org = WORLD_ORG;
    const struct uuid db = WORLD_DB;
    const struct resource on = resource_table(&org, &db, BYTES("shop"), BYTES("orders"));
    const action_set allowed = role_set_allowed(set, &on);
    return allowed == action_bit(ACTION_DB_TABLE_SELECT) ||
           allowed == action_bit(ACTION_DB_TABLE_MODIFY);
}

static bool roles_are_whole(void)
{
    const struct uuid org = WORLD_ORG;
    const struct snapshot_list list = snapshot_roles(index_snapshot(world.index), &org);
    for (size_t i = 0; i < list.n; i++) {
        const struct role *r = &list.records[i]->of.role;
        if (r->policy.actions_n != 1 || r->policy.resources_n != 1) return false;
    }
    return list.n >= 2;
}

/* Edited over and over, never ended: whoever looks finds it, and alive. */
static void look_at_the_edited(void)
{
    struct index_token got;
    const bytes id = bytes_of(edited.client_id, TOKEN_CLIENT_ID);
    if (!index_find_token(world.index, id, &got) || !index_token_is_active(&got) ||
        !index_is_live(world.index, got.live, got.live_word)) {
        atomic_fetch_add(&wrong, 1);
    }
}

static void *read_on(void *argument)
{
    unsigned at = (unsigned)(uintptr_t)argument * 97;
    urcu_memb_register_thread();
    while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
        const struct token_new *t = &tokens[at++ % TOKENS];
        struct index_token got;
        urcu_memb_read_lock();
        if (index_find_token(world.index, bytes_of(t->client_id, TOKEN_CLIENT_ID), &got)) {
            if (!is_whole(t, &got)) atomic_fetch_add(&wrong, 1);
        }
        if (at % 16 == 0 && !roles_are_whole()) atomic_fetch_add(&wrong, 1);
        look_at_the_edited();
        urcu_memb_read_unlock();
        atomic_fetch_add_explicit(&looked, 1, memory_order_relaxed);
    }
    urcu_memb_unregister_thread();
    return NULL;
}

static void write_something(unsigned round)
{
    const uint32_t i = world_below(TOKENS);
    const struct uuid *role = round % 2 ? &role_a : &role_b;
    struct change c = world_put(world_token_record(&world, &tokens[i], WORLD_ORG, role, 1));
    if (round % 5 == 0) {
        world_remove_token(&world, &tokens[i], NULL);
    } else if (round % 7 == 0) {
        arena_reset(&world.arena);
        world_role(&world, role_a, EFFECT_ALLOW,
                   round % 3 ? "db-table-select" : "db-table-modify", "@:db:*:keyspace:*:table:*");
    } else {
        c.record.of.token.expires_ms = round % 11 ? CLOCK_NEVER_MS : 1;
        world_apply(&world, &c, NULL);
    }
    c = world_put(world_token_record(&world, &edited, WORLD_ORG, &role_a, 1));
    world_apply(&world, &c, NULL);
    if (round % 50 == 0) index_expire(world.index, 2, NULL);
}

static void readers_see_whole_things_only(void **state)
{
    (void)state;
    pthread_t readers[READERS];
    urcu_memb_register_thread();
    world_init(&world);
    world_role(&world, role_a, EFFECT_ALLOW, "db-table-select", "@:db:*:keyspace:*:table:*");
    world_role(&world, role_b, EFFECT_ALLOW, "db-table-modify", "@:db:*:keyspace:*:table:*");
    for (int i = 0; i < TOKENS; i++) token_make(&tokens[i], world_below);
    edited = world_token(&world, WORLD_ORG, false, &role_a, 1, CLOCK_NEVER_MS);
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_on, (void *)(uintptr_t)i), 0);
    }
    for (unsigned round = 0; round < ROUNDS || atomic_load(&looked) < LOOKS; round++) {
        write_something(round);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < READERS; i++) pthread_join(readers[i], NULL);
    assert_int_equal(atomic_load(&wrong), 0);
    world_drop(&world);
    urcu_memb_unregister_thread();
}

UNIT_MAIN(cmocka_unit_test(readers_see_whole_things_only))
