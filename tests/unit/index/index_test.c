/* The index: what is put is found, what is removed has ended, versions rise, the clock is obeyed. */
#include "unit.h"
#include "world.h"

static struct world world;

static const int64_t created_ms = INT64_C(1000000000000);
static const struct uuid role_a = {{0x01, 1}};
static const struct uuid role_b = {{0x01, 2}};

static int set_up(void **state)
{
    (void)state;
    urcu_memb_register_thread();
    world_init(&world);
    world_role(&world, role_a, EFFECT_ALLOW, "db-cql", "@:db:*");
    world_role(&world, role_b, EFFECT_ALLOW, "org-read", "@");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_drop(&world);
    urcu_memb_unregister_thread();
    return 0;
}

struct seen {
    unsigned ended;
    uint32_t last_ended;
    unsigned sets;
    unsigned databases;
    unsigned removed;
};

static void on_ended(void *owner, uint32_t live)
{
    struct seen *s = owner;
    s->ended++;
    s->last_ended = live;
}

static void on_set(void *owner, uint32_t role_set)
{
    (void)role_set;
    ((struct seen *)owner)->sets++;
}

static void on_database(void *owner, const struct record_database *d)
{
    (void)d;
    ((struct seen *)owner)->databases++;
}

static void on_removed(void *owner, const struct uuid *id)
{
    (void)id;
    ((struct seen *)owner)->removed++;
}

static struct index_effects into(struct seen *s)
{
    *s = (struct seen){0};
    return (struct index_effects){s, on_ended, on_set, on_database, on_removed, NULL};
}

static bool find(const struct token_new *t, struct index_token *out)
{
    return index_find_token(world.index, bytes_of(t->client_id, TOKEN_CLIENT_ID), out);
}

/* --- tokens --- */

static void what_is_no_client_id_is_not_found(void **state)
{
    (void)state;
    struct index_token got;
    const struct token_new t = world_token(&world, WORLD_ORG, false, &role_a, 1, CLOCK_NEVER_MS);
    assert_false(index_find_token(world.index, BYTES(""), &got));
    assert_false(index_find_token(world.index, BYTES("abc"), &got));
    assert_false(index_find_token(world.index, BYTES("0123456789abcdefghijklmn"), &got));
    assert_false(index_find_token(world.index, bytes_of(t.client_id, TOKEN_CLIENT_ID - 1), &got));
    for (size_t i = 0; i < TOKEN_CLIENT_ID; i++) {
        struct token_new other = t;
        other.client_id[i] = (char)(other.client_id[i] ^ 0x20); /* the other case */
        assert_false(find(&other, &got));
    }
}

static void what_is_put_is_found_as_it_was(void **state)
{
    (void)state;
    const struct uuid roles[] = {role_b, role_a, role_b};
    const struct token_new t =
        world_token(&world, WORLD_ORG, false, roles, 3, created_ms + 5000);
    struct index_token got;
    assert_true(find(&t, &got));
    const struct uuid org = WORLD_ORG;
    assert_true(uuid_eq(&got.scope, &org));
    assert_false(got.enterprise);
    assert_int_equal(got.key_id, 1);
    assert_int_equal(got.created_ms, created_ms);
    assert_int_equal(got.valid_until_ms, created_ms + 5000);
    assert_true(index_is_live(world.index, got.live, got.live_word));
    const struct role_set *set = index_role_set(world.index, got.role_set);
    assert_int_equal(set->roles_n, 2);
    assert_true(uuid_eq(&set->roles[0], &role_a));
    uint8_t want[SERVER_KEY_VERIFIER];
    server_key_verifier(&world.keys.list[0], t.digest, want);
    assert_memory_equal(got.verifier, want, sizeof want);
}

static void a_removed_token_has_ended_before_it_is_gone(void **state)
{
    (void)state;
    const struct token_new t = world_token(&world, WORLD_ORG, false, &role_a, 1, CLOCK_NEVER_MS);
    struct index_token got;
    struct seen seen;
    const struct index_effects effects = into(&seen);
    assert_true(find(&t, &got));
    assert_int_equal(index_role_holders(world.index, &role_a), 1);
    world_remove_token(&world, &t, &effects);
    assert_int_equal(seen.ended, 1);
    assert_int_equal(seen.last_ended, got.live);
    assert_false(index_is_live(world.index, got.live, got.live_word));
    assert_false(find(&t, &got));
    assert_int_equal(index_role_holders(world.index, &role_a), 0);
    world_remove_token(&world, &t, &effects);
    assert_int_equal(seen.ended, 1);
}

static void a_number_comes_back_with_another_generation(void **state)
{
    (void)state;
    struct index_token first = {0};
    bool again = false;
    for (int i = 0; i < 1200 && !again; i++) {
        const struct token_new t = world_token(&world, WORLD_ORG, false, &role_a, 1, CLOCK_NEVER_MS);
        struct index_token got;
        assert_true(find(&t, &got));
        if (i == 0) first = got;
        again = i > 0 && got.live == first.live;
        if (again) assert_true(got.live_word != first.live_word);
        assert_true(i == 0 || !index_is_live(world.index, first.live, first.live_word));
        world_remove_token(&world, &t, NULL);
        grace_wait();
    }
    assert_true(again);
}

static void an_edit_keeps_the_live_word_and_new_roles_do_not(void **state)
{
    (void)state;
    struct token_new t = world_token(&world, WORLD_ORG, false, &role_a, 1, CLOCK_NEVER_MS);
    struct index_token before;
    struct index_token after;
    assert_true(find(&t, &before));
    struct record r = world_token_record(&world, &t, WORLD_ORG, &role_a, 1);
    r.of.token.key_id = 9;
    r.version = 2;
    struct change c = world_put(r);
    struct seen seen;
    const struct index_effects effects = into(&seen);
    world_apply(&world, &c, &effects);
    assert_true(find(&t, &after));
    assert_int_equal(after.key_id, 9);
    assert_int_equal(index_key_tokens(world.index, 1), 0);
    assert_int_equal(index_key_tokens(world.index, 9), 1);
    assert_true(after.live_word == before.live_word && seen.ended == 0);
    c.record.of.token.roles = &role_b;
    world_apply(&world, &c, &effects);
    assert_int_equal(seen.ended, 1);
    assert_false(index_is_live(world.index, before.live, before.live_word));
    assert_true(find(&t, &after));
    assert_true(index_is_live(world.index, after.live, after.live_word));
    assert_int_equal(index_role_holders(world.index, &role_a), 0);
    assert_int_equal(index_role_holders(world.index, &role_b), 1);
    assert_int_equal(index_key_tokens(world.index, 9), 1);
    world_remove_token(&world, &t, NULL);
    assert_int_equal(index_key_tokens(world.index, 9), 0);
}

static void far_ends_are_kept_to_the_millisecond(void **state)
{
    (void)state;
    static const struct {
        int64_t put;
        int64_t found;
    } rows[] = {{INT64_C(253402300799999), INT64_C(253402300799999)}, /* the end of the year 9999 */
                {(INT64_C(1) << 48) - 2, (INT64_C(1) << 48) - 2},
                {INT64_C(1) << 50, CLOCK_NEVER_MS},
                {CLOCK_NEVER_MS, CLOCK_NEVER_MS},
                {(INT64_C(1) << 32) + 5, (INT64_C(1) << 32) + 5},
                {-1, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct token_new t = world_token(&world, WORLD_ORG, false, &role_a, 1, rows[i].put);
        struct index_token got;
        assert_true(find(&t, &got));
        assert_true(got.expires_ms == rows[i].found);
    }
}

static void who_was_revoked_is_found_as_such_until_it_is_gone(void **state)
{
    (void)state;
    const struct token_new t = world_token(&world, WORLD_ORG, false, &role_a, 1, created_ms + 4000);
    struct index_token got;
    assert_true(find(&t, &got) && index_token_is_active(&got));
    index_expire(world.index, created_ms + 4000, NULL);
    assert_true(find(&t, &got) && !index_token_is_active(&got));
    world_organization(&world, WORLD_ORG, WORLD_ENTERPRISE, 0, 90000);
    assert_true(find(&t, &got) && index_token_is_active(&got));
    assert_true(index_is_live(world.index, got.live, got.live_word));
}

/* Against a plain list: puts, edits and removals in random order. */
static void many_random_changes_agree_with_a_list(void **state)
{
    (void)state;
    enum { N = 3000, STEPS = 30000 };
    static struct token_new tokens[N];
    static bool there[N];
    memset(there, 0, sizeof there);
    for (int i = 0; i < N; i++) token_make(&tokens[i], world_below);
    size_t alive = 0;
    for (int step = 0; step < STEPS; step++) {
        const uint32_t i = world_below(N);
        if (there[i] && world_below(3) == 0) {
            world_remove_token(&world, &tokens[i], NULL);
            there[i] = false;
            alive--;
        } else {
            struct change c =
                world_put(world_token_record(&world, &tokens[i], WORLD_ORG, &role_a, 1));
            world_apply(&world, &c, NULL);
            alive += !there[i];
            there[i] = true;
        }
    }
    struct index_numbers n;
    index_count(world.index, &n);
    assert_int_equal(n.tokens, alive);
    for (int i = 0; i < N; i++) {
        struct index_token got;
        assert_int_equal(find(&tokens[i], &got), there[i]);
        if (there[i]) assert_true(index_is_live(world.index, got.live, got.live_word));
    }
}

static void too_many_roles_are_refused(void **state)
{
    (void)state;
    struct uuid roles[ROLE_TOKEN_ROLES_MAX + 1];
    for (size_t i = 0; i < ROLE_TOKEN_ROLES_MAX + 1; i++) roles[i] = world_id(0x02, (uint8_t)i);
    struct token_new t;
    token_make(&t, world_below);
    struct change c = world_put(world_token_record(&world, &t, WORLD_ORG, roles, 65));
    assert_err(index_apply(world.index, &c, 1, NULL), BAD_INPUT);
    c.record.of.token.roles_n = 64;
    assert_ok(index_apply(world.index, &c, 1, NULL));
}

/* --- time --- */

static void tokens_end_at_their_time(void **state)
{
    (void)state;
    assert_int_equal(index_next_expiry(world.index), CLOCK_NEVER_MS);
    const struct token_new late =
        world_token(&world, WORLD_ORG, false, &role_a, 1, created_ms + 9000);
    const struct token_new early =
        world_token(&world, WORLD_ORG, false, &role_a, 1, created_ms + 4000);
    assert_int_equal(index_next_expiry(world.index), created_ms + 4000);
    struct seen seen;
    const struct index_effects effects = into(&seen);
    index_expire(world.index, created_ms + 3999, &effects);
    assert_int_equal(seen.ended, 0);
    index_expire(world.index, created_ms + 4000, &effects);
    assert_int_equal(seen.ended, 1);
    struct index_token got;
    assert_true(find(&early, &got));
    assert_false(index_is_live(world.index, got.live, got.live_word));
    assert_true(find(&late, &got));
    assert_true(index_is_live(world.index, got.live, got.live_word));
    assert_int_equal(index_next_expiry(world.index), created_ms + 9000);
    index_expire(world.index, created_ms + 4000, &effects);
    assert_int_equal(seen.ended, 1);
}

static void the_maximum_shortens_lives_and_gives_them_back(void **state)
{
    (void)state;
    const struct token_new t = world_token(&world, WORLD_ORG, false, &role_a, 1, CLOCK_NEVER_MS);
    struct index_token got;
    struct seen seen;
    const struct index_effects effects = into(&seen);
    world_organization(&world, WORLD_ORG, WORLD_ENTERPRISE, 0, 60000);
    assert_true(find(&t, &got));
    assert_int_equal(got.valid_until_ms, created_ms + 60000);
    assert_int_equal(index_next_expiry(world.index), created_ms + 60000);
    index_expire(world.index, created_ms + 60000, &effects);
    assert_int_equal(seen.ended, 1);
    const struct index_token ended = got;
    world_organization(&world, WORLD_ORG, WORLD_ENTERPRISE, 0, 90000);
    assert_true(find(&t, &got));
    assert_true(index_is_live(world.index, got.live, got.live_word));
    assert_false(index_is_live(world.index, ended.live, ended.live_word));
    assert_int_equal(index_next_expiry(world.index), created_ms + 90000);
}

static void an_expiry_moved_back_lets_a_token_live_again(void **state)
{
    (void)state;
    const struct token_new t =
        world_token(&world, WORLD_ORG, false, &role_a, 1, created_ms + 4000);
    index_expire(world.index, created_ms + 5000, NULL);
    struct change c = world_put(world_token_record(&world, &t, WORLD_ORG, &role_a, 1));
    c.record.of.token.expires_ms = created_ms + 8000;
    world_apply(&world, &c, NULL);
    struct index_token got;
    assert_true(find(&t, &got));
    assert_true(index_is_live(world.index, got.live, got.live_word));
    assert_int_equal(index_next_expiry(world.index), created_ms + 8000);
}

static void lifetimes_follow_the_organization(void **state)
{
    (void)state;
    struct note note;
    const struct record_organization none = {0};
    const struct record_organization o = {.default_lifetime_ms = 5000, .maximum_lifetime_ms = 9000};
    const struct record_organization m = {.maximum_lifetime_ms = 9000};
    const struct record_organization huge = {.maximum_lifetime_ms = INT64_MAX};
    assert_err(snapshot_check_expiry(&none, 1000, 1000, &note), BAD_INPUT);
    assert_err(snapshot_check_expiry(&o, 1000, 10001, &note), BAD_INPUT);
    assert_ok(snapshot_check_expiry(&o, 1000, 10000, &note));
    assert_ok(snapshot_check_expiry(NULL, 1000, CLOCK_NEVER_MS, &note));
    assert_err(snapshot_check_expiry(&m, 1000, CLOCK_NEVER_MS, &note), BAD_INPUT);
    assert_int_equal(snapshot_default_expiry(&none, 1000), CLOCK_NEVER_MS);
    assert_int_equal(snapshot_default_expiry(&o, 1000), 6000);
    assert_int_equal(snapshot_default_expiry(&m, 1000), 10000);
    assert_int_equal(snapshot_default_expiry(&huge, 1000), CLOCK_NEVER_MS);
    assert_int_equal(snapshot_valid_until(&m, 1000, CLOCK_NEVER_MS), 10000);
    assert_int_equal(snapshot_valid_until(&m, 1000, 7000), 7000);
    assert_int_equal(snapshot_valid_until(NULL, 1000, 7000), 7000);
}

/* --- roles --- */

static void a_changed_role_raises_the_version_of_its_sets_only(void **state)
{
    (void)state;
    const struct uuid both[] = {role_a, role_b};
    const struct token_new with_a = world_token(&world, WORLD_ORG, false, &role_a, 1, CLOCK_NEVER_MS);
    const struct token_new with_b = world_token(&world, WORLD_ORG, false, &role_b, 1, CLOCK_NEVER_MS);
    const struct token_new with_both = world_token(&world, WORLD_ORG, false, both, 2, CLOCK_NEVER_MS);
    const struct token_new same = world_token(&world, WORLD_ORG, false, &role_a, 1, CLOCK_NEVER_MS);
    struct index_token a;
    struct index_token b;
    struct index_token ab;
    struct index_token a2;
    assert_true(find(&with_a, &a) && find(&with_b, &b) && find(&with_both, &ab) && find(&same, &a2));
    assert_int_equal(a.role_set, a2.role_set);
    const uint64_t b_version = index_role_set(world.index, b.role_set)->version;
    const uint64_t a_version = index_role_set(world.index, a.role_set)->version;
    struct seen seen;
    const struct index_effects effects = into(&seen);
    const struct role wider = world_make_role(&world.arena, role_a, WORLD_ORG, EFFECT_ALLOW,
                                              "db-cql org-write", "@:db:* @");
    world_put_role(&world, &wider, &effects);
    assert_int_equal(seen.sets, 2);
    assert_int_equal(seen.ended, 0);
    assert_true(index_role_set(world.index, a.role_set)->version > a_version);
    assert_true(index_role_set(world.index, b.role_set)->version == b_version);
    const struct uuid org = WORLD_ORG;
    const struct resource on = resource_organization(&org);
    assert_true(role_set_allows(index_role_set(world.index, ab.role_set), ACTION_ORG_WRITE, &on));
    assert_false(role_set_allows(index_role_set(world.index, b.role_set), ACTION_ORG_WRITE, &on));
    world_remove_role(&world, role_a, NULL);
    assert_false(role_set_allows(index_role_set(world.index, a.role_set), ACTION_ORG_WRITE, &on));
    assert_int_equal(index_role_set(world.index, a.role_set)->roles_n, 1);
    assert_null(index_role_set(world.index, 77));
    assert_null(index_role_set(world.index, INDEX_NO_ROLE_SET));
}

static void a_role_of_another_scope_gives_nothing(void **state)
{
    (void)state;
    const struct token_new t =
        world_token(&world, WORLD_OTHER_ORG, false, &role_a, 1, CLOCK_NEVER_MS);
    struct index_token got;
    assert_true(find(&t, &got));
    const struct role_set *set = index_role_set(world.index, got.role_set);
    assert_false(role_set_allows_anywhere(set, ACTION_DB_CQL));
    assert_int_equal(set->entries_n, 0);
}

/* --- the snapshot --- */

static void an_older_version_of_a_record_is_left_out(void **state)
{
    (void)state;
    struct record r = {.kind = RECORD_DATABASE, .version = 5};
    r.of.database =
        (struct record_database){.id = WORLD_DB, .organization = WORLD_ORG, .name = BYTES("five")};
    struct change c = world_put(r);
    world_apply(&world, &c, NULL);
    c.record.version = 4;
    c.record.of.database.name = BYTES("four");
    world_apply(&world, &c, NULL);
    const struct uuid db = WORLD_DB;
    assert_bytes(snapshot_database(index_snapshot(world.index), &db)->name, "five");
    assert_int_equal(snapshot_record_version(index_snapshot(world.index), RECORD_DATABASE, &db), 5);
}

static void listings_are_by_scope_and_name(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct uuid other = WORLD_OTHER_ORG;
    const char *const names[] = {"zoo", "Beta", "alpha"};
    for (uint8_t i = 0; i < 3; i++) world_database(&world, world_id(0x0d, (uint8_t)(10 + i)), org, names[i]);
    const struct snapshot *s = index_snapshot(world.index);
    const struct snapshot_list list = snapshot_databases(s, &org);
    assert_int_equal(list.n, 4);
    assert_bytes(list.records[0]->of.database.name, "alpha");
    assert_bytes(list.records[1]->of.database.name, "Beta");
    assert_bytes(list.records[2]->of.database.name, "shop");
    assert_bytes(list.records[3]->of.database.name, "zoo");
    assert_int_equal(snapshot_databases(s, &other).n, 1);
    assert_non_null(snapshot_database_named(s, &org, BYTES("BETA")));
    assert_null(snapshot_database_named(s, &other, BYTES("beta")));
    assert_int_equal(snapshot_all(s, RECORD_DATABASE).n, 5);
    const struct uuid enterprise = WORLD_ENTERPRISE;
    const struct uuid nobody = {{0}};
    assert_int_equal(snapshot_organizations(s, &enterprise).n, 1);
    assert_int_equal(snapshot_organizations(s, &nobody).n, 1);
}

static bool count_role(void *owner, const struct role *r)
{
    (void)r;
    return ++*(unsigned *)owner < 17;
}

static void roles_are_listed_with_the_built_in_ones(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct uuid enterprise = WORLD_ENTERPRISE;
    const struct snapshot *s = index_snapshot(world.index);
    unsigned n = 0;
    snapshot_each_role(s, &enterprise, true, count_role, &n);
    assert_int_equal(n, 1);
    n = 0;
    snapshot_each_role(s, &org, false, count_role, &n);
    assert_int_equal(n, 17); /* it was stopped before the last */
    assert_non_null(snapshot_role_named(s, &org, BYTES("ROLE-1")));
    assert_non_null(snapshot_role_of(s, &org, false, &builtin_database_administrator));
    assert_null(snapshot_role_of(s, &org, true, &builtin_database_administrator));
    assert_null(snapshot_role_of(s, &org, false, &builtin_enterprise_administrator));
    const struct uuid other = WORLD_OTHER_ORG;
    assert_null(snapshot_role_of(s, &other, false, &role_a));
}

static void databases_come_and_go_with_an_effect(void **state)
{
    (void)state;
    struct seen seen;
    const struct index_effects effects = into(&seen);
    struct record r = {.kind = RECORD_DATABASE, .version = 1};
    r.of.database = (struct record_database){
        .id = world_id(0x0d, 7), .organization = WORLD_ORG, .name = BYTES("new")};
    struct change c = world_put(r);
    world_apply(&world, &c, &effects);
    assert_int_equal(seen.databases, 1);
    c.verb = CHANGE_REMOVE;
    world_apply(&world, &c, &effects);
    assert_int_equal(seen.removed, 1);
}

/* A list of changes in one call: the same records put, replaced and removed within it. */
static void one_call_may_hold_many_changes_of_one_record(void **state)
{
    (void)state;
    struct record r = {.kind = RECORD_DATABASE, .version = 1};
    r.of.database = (struct record_database){
        .id = world_id(0x0d, 9), .organization = WORLD_ORG, .name = BYTES("one")};
    struct change c[4] = {world_put(r), world_put(r), world_put(r), world_put(r)};
    c[1].record.version = 2;
    c[1].record.of.database.name = BYTES("two");
    c[2].verb = CHANGE_REMOVE;
    c[3].record.version = 3;
    c[3].record.of.database.name = BYTES("three");
    const uint64_t version = index_version(world.index);
    assert_ok(index_apply(world.index, c, 4, NULL));
    assert_int_equal(index_version(world.index), version + 1);
    const struct uuid id = world_id(0x0d, 9);
    assert_bytes(snapshot_database(index_snapshot(world.index), &id)->name, "three");
    struct token_new t;
    token_make(&t, world_below);
    struct change again[2] = {world_put(world_token_record(&world, &t, WORLD_ORG, &role_a, 1)),
                              world_put(world_token_record(&world, &t, WORLD_ORG, &role_a, 1))};
    again[1].verb = CHANGE_REMOVE;
    assert_ok(index_apply(world.index, again, 2, NULL));
    struct index_token got;
    assert_false(find(&t, &got));
}

static void a_token_costs_less_than_its_bound(void **state)
{
    (void)state;
    enum { N = 200000 };
    assert_ok(index_reserve(world.index, N / 2));
    for (int i = 0; i < N; i++) (void)world_token(&world, WORLD_ORG, false, &role_a, 1, CLOCK_NEVER_MS);
    struct index_numbers n;
    index_count(world.index, &n);
    assert_int_equal(n.tokens, N);
    assert_true(n.token_bytes / N <= 105);
}

/* Whoever remembers a scope's tokens may rely on it: nothing happens to them without a change. */
static void a_scope_counts_its_tokens_and_what_happens_to_them(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct uuid other = WORLD_OTHER_ORG;
    const struct uuid nobody = {{0x77}};
    const struct index_scope other_before = index_scope(world.index, &other, false);
    assert_int_equal(index_scope(world.index, &nobody, false).changes, 0);
    struct index_scope before = index_scope(world.index, &org, false);
    const struct token_new t = world_token(&world, org, false, &role_a, 1, created_ms + 5000);
    struct index_scope after = index_scope(world.index, &org, false);
    assert_true(after.changes > before.changes);
    assert_int_equal(after.tokens, before.tokens + 1);
    before = after;
    index_expire(world.index, created_ms + 5000, NULL);
    after = index_scope(world.index, &org, false);
    assert_true(after.changes > before.changes);
    assert_int_equal(after.tokens, before.tokens);
    before = after;
    world_organization(&world, org, WORLD_ENTERPRISE, 0, 1000);
    after = index_scope(world.index, &org, false);
    assert_true(after.changes > before.changes);
    before = after;
    world_remove_token(&world, &t, NULL);
    after = index_scope(world.index, &org, false);
    assert_true(after.changes > before.changes);
    assert_int_equal(after.tokens, before.tokens - 1);
    assert_int_equal(index_scope(world.index, &org, true).changes, 0);
    assert_int_equal(index_scope(world.index, &other, false).changes, other_before.changes);
}

static void holders_are_counted_by_scope(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct uuid other = WORLD_OTHER_ORG;
    const struct uuid role = builtin_database_administrator;
    (void)world_token(&world, org, false, &role, 1, CLOCK_NEVER_MS);
    (void)world_token(&world, other, false, &role, 1, CLOCK_NEVER_MS);
    (void)world_token(&world, other, false, &role, 1, CLOCK_NEVER_MS);
    assert_int_equal(index_role_holders(world.index, &role), 3);
    assert_int_equal(index_role_holders_in(world.index, &role, &org), 1);
    assert_int_equal(index_role_holders_in(world.index, &role, &other), 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
static void a_membership_that_changes_ends_what_was_decided_by_it(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct uuid ann = world_person(&world, 1, "ann@example.org");
    const struct uuid bob = world_person(&world, 2, "Bob@example.org");
    const struct uuid ann_here = record_membership_id(&ann, &org);
    const struct uuid bob_here = record_membership_id(&bob, &org);
    struct index_member before;
    struct index_member other;
    struct index_member after;
    world_member(&world, ann, WORLD_ORG, false, &role_a, 1, true);
    assert_false(index_find_member(world.index, &ann_here, &before));
    world_member(&world, ann, WORLD_ORG, false, &role_a, 1, false);
    world_member(&world, bob, WORLD_ORG, false, &role_a, 1, false);
    assert_true(index_find_member(world.index, &ann_here, &before));
    assert_true(index_find_member(world.index, &bob_here, &other));
    assert_int_equal(before.role_set, other.role_set);
    assert_int_equal(index_role_holders(world.index, &role_a), 2);
    world_member(&world, ann, WORLD_ORG, false, &role_b, 1, false);
    assert_false(index_is_live(world.index, before.live, before.live_word));
    assert_true(index_is_live(world.index, other.live, other.live_word));
    assert_true(index_find_member(world.index, &ann_here, &after));
    assert_true(after.role_set != before.role_set);
    assert_int_equal(index_role_holders(world.index, &role_a), 1);
    struct change gone = {.verb = CHANGE_REMOVE, .record = {.kind = RECORD_MEMBERSHIP}};
    gone.record.of.membership.id = ann_here;
    world_apply(&world, &gone, NULL);
    assert_false(index_find_member(world.index, &ann_here, &after));
    assert_int_equal(index_role_holders(world.index, &role_b), 0);
}

static void people_are_found_by_address_ignoring_case(void **state)
{
    (void)state;
    static char names[40][24];
    for (uint8_t i = 0; i < 40; i++) {
        (void)snprintf(names[i], sizeof names[i], "P%u@Example.org", (unsigned)i * 7 % 40);
        (void)world_person(&world, i, names[i]);
    }
    const struct snapshot *s = index_snapshot(world.index);
    for (uint8_t i = 0; i < 40; i++) {
        char other[24];
        (void)snprintf(other, sizeof other, "p%u@eXample.ORG", (unsigned)i * 7 % 40);
        const struct record_person *p = snapshot_person_called(s, bytes_of_text(other));
        assert_non_null(p);
        assert_int_equal(p->id.b[1], i);
    }
    assert_null(snapshot_person_called(s, BYTES("p40@example.org")));
    assert_null(snapshot_person_called(s, BYTES("")));
}

UNIT_MAIN(T(what_is_no_client_id_is_not_found), T(what_is_put_is_found_as_it_was),
          T(a_removed_token_has_ended_before_it_is_gone),
          T(a_number_comes_back_with_another_generation),
          T(an_edit_keeps_the_live_word_and_new_roles_do_not),
          T(far_ends_are_kept_to_the_millisecond), T(who_was_revoked_is_found_as_such_until_it_is_gone),
          T(many_random_changes_agree_with_a_list), T(too_many_roles_are_refused),
          T(tokens_end_at_their_time), T(the_maximum_shortens_lives_and_gives_them_back),
          T(an_expiry_moved_back_lets_a_token_live_again), T(lifetimes_follow_the_organization),
          T(a_changed_role_raises_the_version_of_its_sets_only),
          T(a_role_of_another_scope_gives_nothing), T(an_older_version_of_a_record_is_left_out),
          T(listings_are_by_scope_and_name), T(roles_are_listed_with_the_built_in_ones),
          T(databases_come_and_go_with_an_effect), T(one_call_may_hold_many_changes_of_one_record),
          T(a_token_costs_less_than_its_bound),
          T(a_membership_that_changes_ends_what_was_decided_by_it),
          T(people_are_found_by_address_ignoring_case),
          T(a_scope_counts_its_tokens_and_what_happens_to_them),
          T(holders_are_counted_by_scope))
