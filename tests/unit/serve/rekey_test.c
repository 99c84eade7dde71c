/* Re-keying: tokens move to the newest key as they log in, a storm of logins fills no more than its room,
 * and a token that went away meanwhile stays away. */
#include "upkeep_world.h"

#include "base/clock.h"
#include "serve/rekey.h"

#include <pthread.h>

enum { TOKENS = 40, STORM = 10000, STRANGERS = 4 };

static struct server_keys keys;
static struct rekey *rekey;
static struct token_new tokens[TOKENS];
static _Atomic size_t commits; /* the store's thread counts, the tests read */

static void committed(void *owner, struct store_batch *b)
{
    const struct change *changes;
    const size_t n = store_batch_changes(b, &changes);
    (void)owner;
    commits += n; /* first: who sees a token moved finds it counted */
    assert_ok(index_apply(picture, changes, n, NULL));
    store_batch_finish(b, DONE);
}

static void add_key(void)
{
    struct server_key *k = &keys.list[keys.n++];
    k->id = (uint16_t)keys.n;
    random_fill(k->key, sizeof k->key);
    gate_set_keys(gate, &keys);
}

static struct record record_of(const struct token_new *t)
{
    static const struct uuid role = {{9}};
    const struct server_key *key = server_keys_newest(&keys);
    struct record r = {.kind = RECORD_TOKEN};
    r.of.token = (struct record_token){.scope = {{7}}, .key_id = key->id, .roles = &role, .roles_n = 1,
                                       .expires_ms = CLOCK_NEVER_MS, .description = BYTES("kept")};
    memcpy(r.of.token.client_id, t->client_id, TOKEN_CLIENT_ID);
    server_key_verifier(key, t->digest, r.of.token.verifier);
    return r;
}

static void commit(enum change_verb verb, const struct token_new *t)
{
    const struct record r = record_of(t);
    upkeep_commit(verb, CHANGE_ANY_VERSION, &r);
}

static int set_up(void **state)
{
    const struct store_ports ports = {.committed = committed};
    (void)state;
    keys.n = 0;
    upkeep_begin(&ports);
    add_key();
    assert_ok(rekey_new(loop, work, gate, store, &rekey));
    gate_set_rekey(gate, rekey_sink(rekey));
    for (size_t i = 0; i < TOKENS; i++) {
        token_make(&tokens[i], random_below);
        commit(CHANGE_PUT, &tokens[i]);
    }
    commits = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rekey_free(rekey);
    upkeep_end();
    return 0;
}

static err log_in(const struct token_new *t)
{
    char text[128];
    struct call call = {.now_ms = 1000};
    const size_t n = token_write(t, BYTES(TOKEN_PREFIX), text);
    const struct credential cred = {.kind = CREDENTIAL_TOKEN, .token = bytes_of(text, n)};
    urcu_memb_read_lock();
    const err e = gate_identify(gate, &call, &cred);
    urcu_memb_read_unlock();
    return e;
}

/* Until tokens that log in again have all moved; a place in the queue may have been another's. */
static void log_in_until_moved(size_t n)
{
    while (index_key_tokens(picture, keys.list[keys.n - 1].id) < n) {
        for (size_t i = 0; i < n; i++) assert_ok(log_in(&tokens[i]));
        (void)loop_turn(loop, 20);
    }
}

static void a_good_login_moves_a_token_to_the_newest_key(void **state)
{
    (void)state;
    struct arena a;
    struct record r = {.version = 0};
    add_key();
    assert_int_equal(index_key_tokens(picture, 1), TOKENS);
    log_in_until_moved(TOKENS);
    assert_int_equal(index_key_tokens(picture, 1), 0);
    arena_init(&a, 1 << 16);
    assert_ok(store_get(store, RECORD_TOKEN, bytes_of(tokens[0].client_id, TOKEN_CLIENT_ID), &a, &r));
    assert_int_equal(r.of.token.key_id, 2);
    assert_bytes(r.of.token.description, "kept");
    assert_int_equal(r.of.token.roles_n, 1);
    arena_drop(&a);
    keys.list[0] = keys.list[1];
    keys.n = 1;
    gate_set_keys(gate, &keys);
    for (size_t i = 0; i < TOKENS; i++) assert_ok(log_in(&tokens[i]));
}

static void a_bad_login_moves_nothing(void **state)
{
    (void)state;
    struct token_new wrong = tokens[0];
    add_key();
    wrong.digest[31] ^= 1;
    assert_err(log_in(&wrong), TOKEN_UNKNOWN);
    (void)loop_turn(loop, 0);
    assert_int_equal(index_key_tokens(picture, 2), 0);
    assert_ok(log_in(&tokens[1]));
    log_in_until_moved(2);
    assert_ok(log_in(&tokens[0]));
    wrong = tokens[0];
    wrong.digest[0] ^= 1;
    assert_err(log_in(&wrong), TOKEN_UNKNOWN);
}

static void *storm(void *owner)
{
    (void)owner;
    urcu_memb_register_thread();
    for (int i = 0; i < STORM; i++) assert_ok(log_in(&tokens[i % TOKENS]));
    urcu_memb_unregister_thread();
    return NULL;
}

/* Ten thousand logins by each of several threads: one commit a token, and everybody was let in. */
static void a_storm_of_logins_costs_a_commit_a_token(void **state)
{
    (void)state;
    pthread_t threads[STRANGERS];
    add_key();
    for (int i = 0; i < STRANGERS; i++) assert_int_equal(pthread_create(&threads[i], NULL, storm, NULL), 0);
    log_in_until_moved(TOKENS);
    for (int i = 0; i < STRANGERS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(commits, TOKENS);
}

static void a_token_deleted_meanwhile_stays_deleted(void **state)
{
    (void)state;
    add_key();
    assert_ok(log_in(&tokens[0]));
    commit(CHANGE_REMOVE, &tokens[0]);
    log_in_until_moved(0);
    assert_ok(log_in(&tokens[1]));
    while (index_key_tokens(picture, 2) < 1) (void)loop_turn(loop, 20);
    rekey_free(rekey);
    assert_ok(rekey_new(loop, work, gate, store, &rekey));
    gate_set_rekey(gate, rekey_sink(rekey));
    assert_err(log_in(&tokens[0]), TOKEN_UNKNOWN);
    struct store_numbers n;
    assert_ok(store_count(store, &n));
    assert_int_equal(n.records[RECORD_TOKEN], TOKENS - 1);
}

/* A wish that waited while its key went: carried out, it would be the token's end. */
static void a_key_retired_meanwhile_takes_no_token_along(void **state)
{
    (void)state;
    struct note note = {{0}};
    add_key();
    assert_ok(log_in(&tokens[0]));
    add_key();
    keys.list[1] = keys.list[2];
    keys.n = 2;
    gate_set_keys(gate, &keys);
    assert_ok(store_keys_set(store, &keys, &note));
    for (int i = 0; i < 10; i++) (void)loop_turn(loop, 20);
    rekey_free(rekey);
    assert_ok(rekey_new(loop, work, gate, store, &rekey));
    gate_set_rekey(gate, rekey_sink(rekey));
    assert_int_equal(index_key_tokens(picture, 2), 0);
    assert_ok(log_in(&tokens[0]));
}

/* Of a login before the token moved, or before it was made anew under its id. */
static void a_wish_that_comes_too_late_changes_nothing(void **state)
{
    (void)state;
    struct gate_rekey late = {.from = 1, .to = 2, .verifier = {0xbb}};
    add_key();
    memcpy(late.client_id, tokens[0].client_id, sizeof late.client_id);
    log_in_until_moved(1);
    const size_t before = commits;
    rekey_sink(rekey).offer(rekey, &late);
    while (index_key_tokens(picture, 2) < 2) {
        assert_ok(log_in(&tokens[1]));
        (void)loop_turn(loop, 20);
    }
    rekey_free(rekey); /* ends what is under way */
    assert_ok(rekey_new(loop, work, gate, store, &rekey));
    gate_set_rekey(gate, rekey_sink(rekey));
    assert_int_equal(commits, before + 1);
    assert_ok(log_in(&tokens[0]));
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
UNIT_MAIN(T(a_good_login_moves_a_token_to_the_newest_key), T(a_bad_login_moves_nothing),
          T(a_storm_of_logins_costs_a_commit_a_token), T(a_token_deleted_meanwhile_stays_deleted),
          T(a_key_retired_meanwhile_takes_no_token_along),
          T(a_wish_that_comes_too_late_changes_nothing))
