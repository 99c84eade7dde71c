/* Records: every kind round trips, unknown fields survive, no cut of a body is taken for whole. */
#include "unit.h"

#include "model/record.h"

static const struct uuid id = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
static const struct uuid scope = {{9, 9, 9}};
static const struct uuid roles[] = {{{5}}, {{6}}, {{5}}};
static const enum action actions[] = {ACTION_DB_TABLE_SELECT, ACTION_DB_CQL, ACTION_DB_CQL};

static const struct record_hash hashes[] = {{{1, 2, 3}}, {{255}}};
static struct record_access entries[2];

static struct record sample(enum record_kind kind)
{
    static struct resource lines[3];
    struct record r = {.kind = kind, .version = 3};
    switch (kind) {
    case RECORD_ENTERPRISE:
        r.of.enterprise = (struct record_enterprise){id, BYTES("ent"), 42};
        break;
    case RECORD_ORGANIZATION:
        r.of.organization = (struct record_organization){
            id, scope, BYTES("org"), BYTES("a@b.c"), INT64_MIN, 5, INT64_MAX, true, true};
        break;
    case RECORD_DATABASE:
        r.of.database = (struct record_database){
            id, scope, BYTES("db"), BYTES("h:9042,i:9042"), BYTES("dc1"), BYTES("svc"),
            BYTES("\x00\x01\xff"), BYTES("127.0.0.1:9142"), BYTES(""), BYTES("owner"), 7};
        break;
    case RECORD_ROLE:
        lines[0] = resource_table(&scope, &id, BYTES("ks"), BYTES("t"));
        lines[1] = resource_any_database(&scope);
        lines[2] = lines[0];
        r.of.role = (struct role){.id = id, .scope = scope, .name = BYTES("r"), .database = id,
                                  .updated_ns = 9, .updated_by = BYTES("me"),
                                  .policy = {EFFECT_DENY, BYTES("d"), actions, 3, lines, 3}};
        break;
    case RECORD_TOKEN:
        r.of.token = (struct record_token){.client_id = "ABCDEFGHIJKLMNOPQRSTUVW",
                                           .scope = scope, .enterprise = true, .key_id = 65535,
                                           .verifier = {1, 2, 3}, .created_ns = 8,
                                           .expires_ms = INT64_MAX, .roles = roles, .roles_n = 3,
                                           .description = BYTES("desc"), .created_by = BYTES("me")};
        r.of.token.client_id[23] = 'X';
        break;
    case RECORD_TOMBSTONE:
        r.of.tombstone = (struct record_tombstone){.scope = scope, .deleted_ms = 77};
        memset(r.of.tombstone.client_id, 'q', TOKEN_CLIENT_ID);
        break;
    case RECORD_PERSON:
        r.of.person = (struct record_person){
            id, BYTES("a@b.c"), BYTES("$argon2id$x"), BYTES("\x00\x01"), 7, hashes, 2, 8, 9, hashes[0], 10, true,
            BYTES("\x01\x02")};
        break;
    case RECORD_MEMBERSHIP:
        r.of.membership = (struct record_membership){id, roles[0], scope, true, BYTES("a@b.c"), true,
            hashes[1], 11, 12, BYTES("me"), roles, 3};
        break;
    case RECORD_SESSION:
        r.of.session = (struct record_session){id, scope, hashes[0], 1, 2, 3, BYTES("::1"), BYTES("curl")};
        break;
    case RECORD_ACCESS_LIST:
        entries[0] = (struct record_access){BYTES("10.0.0.0/8"), BYTES("office"), true, INT64_MAX, 7};
        entries[1] = (struct record_access){.address = BYTES("::1/128")};
        r.of.access_list = (struct record_access_list){id, scope, true, entries, 2};
        break;
    case RECORD_REPLAY:
        r.of.replay = (struct record_replay){.id = id, .scope = scope, .body = hashes[1], .ends_ms = 99};
        memset(r.of.replay.client_id, 'r', TOKEN_CLIENT_ID);
        break;
    case RECORD_AUDIT_EXPORT:
        r.of.audit_export = (struct record_audit_export){id, scope, INT64_MAX, 2, BYTES("https://h/x"), BYTES("\x00s"),
            BYTES("main"), BYTES("s"), BYTES("t"), true, BYTES("me"), 13};
        break;
    case RECORD_FORMER_DATABASE:
        r.of.former_database = (struct record_former_database){
            id, scope, BYTES("d"), BYTES("dc1"), BYTES("h:1"), BYTES("me"), 14, 15};
        break;
    }
    return r;
}

static struct wr body_of(const struct record *r)
{
    struct wr w = wr_growing(1 << 20);
    record_write(r, &w);
    assert_false(w.bad);
    return w;
}

static void damaged_bodies_are_refused(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    for (unsigned kind = 1; kind < RECORD_KINDS_END; kind++) {
        const struct record r = sample((enum record_kind)kind);
        struct wr w = body_of(&r);
        for (size_t n = 0; n < w.n; n++) {
            struct record got = {0};
            arena_reset(&a);
            const err e = record_read((enum record_kind)kind, bytes_of(w.p, n), &a, &got);
            if (!err_is_ok(e)) continue;
            /* A cut between two fields: fewer fields, never others. */
            struct wr again = body_of(&got);
            assert_true(again.n <= w.n + 64);
            wr_drop(&again);
        }
        for (size_t i = 0; i < w.n; i++) {
            struct record got = {0};
            arena_reset(&a);
            w.p[i] = (uint8_t)~w.p[i];
            (void)err_is_ok(record_read((enum record_kind)kind, wr_view(&w), &a, &got));
            w.p[i] = (uint8_t)~w.p[i];
        }
        wr_drop(&w);
    }
    struct record got = {0};
    assert_err(record_read((enum record_kind)0, BYTES(""), &a, &got), STORE_DAMAGED);
    assert_err(record_read((enum record_kind)RECORD_KINDS_END, BYTES(""), &a, &got), STORE_DAMAGED);
    assert_err(record_read(RECORD_TOKEN, BYTES("\x01\x00\x00\x00\x01z"), &a, &got), STORE_DAMAGED);
    assert_err(record_read(RECORD_TOKEN, BYTES("\x01\xff\xff\xff\xff"), &a, &got), STORE_DAMAGED);
    arena_drop(&a);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    for (unsigned kind = 1; kind < RECORD_KINDS_END; kind++) {
        const struct record r = sample((enum record_kind)kind);
        struct wr w = body_of(&r);
        struct record got = {.version = 3};
        assert_ok(record_read((enum record_kind)kind, wr_view(&w), &a, &got));
        struct wr again = body_of(&got);
        assert_true(bytes_eq(wr_view(&w), wr_view(&again)));
        char key[2][RECORD_ID_MAX];
        assert_int_equal(record_id(&r, key[0]), record_id(&got, key[1]));
        assert_int_equal(got.version, 3);
        wr_drop(&again);
        wr_drop(&w);
    }
    arena_drop(&a);
}

static void every_field_survives(void **state)
{
    (void)state;
    struct arena a;
    struct record got = {0};
    arena_init(&a, 1 << 20);
    struct record r = sample(RECORD_TOKEN);
    struct wr w = body_of(&r);
    assert_ok(record_read(RECORD_TOKEN, wr_view(&w), &a, &got));
    assert_memory_equal(got.of.token.client_id, r.of.token.client_id, TOKEN_CLIENT_ID);
    assert_memory_equal(got.of.token.verifier, r.of.token.verifier, SERVER_KEY_VERIFIER);
    assert_true(got.of.token.enterprise && got.of.token.key_id == 65535);
    assert_true(got.of.token.expires_ms == INT64_MAX && got.of.token.created_ns == 8);
    assert_int_equal(got.of.token.roles_n, 3);
    assert_memory_equal(got.of.token.roles, roles, sizeof roles);
    wr_drop(&w);
    r = sample(RECORD_ROLE);
    w = body_of(&r);
    assert_ok(record_read(RECORD_ROLE, wr_view(&w), &a, &got));
    assert_int_equal(got.of.role.policy.effect, EFFECT_DENY);
    assert_int_equal(got.of.role.policy.actions_n, 3);
    assert_memory_equal(got.of.role.policy.actions, actions, sizeof actions);
    assert_bytes(got.of.role.policy.resources[2].table, "t");
    assert_true(got.of.role.policy.resources[1].id_any);
    wr_drop(&w);
    r = sample(RECORD_ORGANIZATION);
    w = body_of(&r);
    assert_ok(record_read(RECORD_ORGANIZATION, wr_view(&w), &a, &got));
    assert_true(got.of.organization.created_ns == INT64_MIN && got.of.organization.ceiling_off);
    assert_true(got.of.organization.maximum_lifetime_ms == INT64_MAX);
    wr_drop(&w);
    arena_drop(&a);
}

static void unknown_fields_survive_a_rewrite(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    for (unsigned kind = 1; kind < RECORD_KINDS_END; kind++) {
        const struct record r = sample((enum record_kind)kind);
        struct wr w = body_of(&r);
        wr_u8(&w, 200);
        wr_bytes32(&w, BYTES("from the future"));
        wr_u8(&w, 201);
        wr_bytes32(&w, BYTES(""));
        struct record got = {0};
        assert_ok(record_read((enum record_kind)kind, wr_view(&w), &a, &got));
        assert_int_equal(got.unknown.n, 5 + 15 + 5);
        struct wr again = body_of(&got);
        assert_true(bytes_eq(wr_view(&w), wr_view(&again)));
        wr_drop(&again);
        wr_drop(&w);
    }
    arena_drop(&a);
}

static void a_record_names_its_scope_and_its_claim(void **state)
{
    (void)state;
    for (unsigned kind = 1; kind < RECORD_KINDS_END; kind++) {
        const struct record r = sample((enum record_kind)kind);
        const bool own =
            kind == RECORD_ENTERPRISE || kind == RECORD_ORGANIZATION || kind == RECORD_PERSON || kind == RECORD_AUDIT_EXPORT;
        const struct resource on = record_scope(&r);
        assert_true(uuid_eq(&on.scope, own ? &id : &scope));
        const bool claims = kind == RECORD_ORGANIZATION || kind == RECORD_DATABASE ||
                            kind == RECORD_ROLE || kind == RECORD_PERSON;
        assert_int_equal(record_claim(&r).n > 0, claims);
    }
}

static void lists_of_people_and_addresses_survive(void **state)
{
    (void)state;
    struct arena a;
    struct record got = {0};
    struct record r = sample(RECORD_ACCESS_LIST);
    arena_init(&a, 1 << 20);
    struct wr w = body_of(&r);
    assert_ok(record_read(RECORD_ACCESS_LIST, wr_view(&w), &a, &got));
    assert_int_equal(got.of.access_list.entries_n, 2);
    assert_true(bytes_eq(got.of.access_list.entries[0].description, BYTES("office")));
    assert_true(got.of.access_list.entries[0].enabled);
    assert_int_equal(got.of.access_list.entries[0].updated_ns, INT64_MAX);
    assert_int_equal(got.of.access_list.entries[0].created_ns, 7);
    assert_true(bytes_eq(got.of.access_list.entries[1].address, BYTES("::1/128")));
    wr_drop(&w);
    r = sample(RECORD_PERSON);
    w = body_of(&r);
    assert_ok(record_read(RECORD_PERSON, wr_view(&w), &a, &got));
    assert_memory_equal(got.of.person.recovery, hashes, sizeof hashes);
    assert_int_equal(got.of.person.setup_ends_ms, 10);
    wr_drop(&w);
    r = sample(RECORD_MEMBERSHIP);
    w = body_of(&r);
    assert_ok(record_read(RECORD_MEMBERSHIP, wr_view(&w), &a, &got));
    assert_int_equal(got.of.membership.roles_n, 3);
    assert_true(got.of.membership.invited && got.of.membership.enterprise);
    wr_drop(&w);
    arena_drop(&a);
}

UNIT_MAIN(cmocka_unit_test(lists_of_people_and_addresses_survive), cmocka_unit_test(damaged_bodies_are_refused), cmocka_unit_test(what_is_written_is_read_back),
          cmocka_unit_test(every_field_survives), cmocka_unit_test(unknown_fields_survive_a_rewrite),
          cmocka_unit_test(a_record_names_its_scope_and_its_claim))
