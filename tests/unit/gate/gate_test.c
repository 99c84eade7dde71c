/* The gate: identification, permits, the ceiling's errors, sessions and their cached decisions. */
#include "unit.h"
#include "world.h"

#include "gate/gate.h"

static struct world world;
static struct gate *gate;
static struct call call;

static const int64_t now_ms = INT64_C(1000000000000) + 60000;

struct told {
    unsigned n;
    char name[32];
    char outcome[16];
    char detail[1024];
};
static struct told told;

static void record(void *owner, const struct event_draft *draft)
{
    struct told *t = owner;
    t->n++;
    (void)snprintf(t->name, sizeof t->name, "%s", draft->name);
    (void)snprintf(t->outcome, sizeof t->outcome, "%s", draft->outcome);
    (void)snprintf(t->detail, sizeof t->detail, "%.*s", BYTES_FMT(draft->detail));
}

static const struct uuid role_select = {{0x01, 1}};
static const struct uuid role_deny = {{0x01, 2}};
static const struct uuid role_admin = {{0x01, 3}};
static const struct uuid role_modify = {{0x01, 4}};

#define DB ":db:0d010000-0000-4000-8000-000000000d01"

static int set_up(void **state)
{
    (void)state;
    urcu_memb_register_thread();
    world_init(&world);
    world_role(&world, role_select, EFFECT_ALLOW, "db-cql db-table-select db-keyspace-describe",
               "@" DB " @" DB ":keyspace:shop:table:orders");
    world_role(&world, role_deny, EFFECT_DENY, "db-table-select",
               "@" DB ":keyspace:shop:table:secret");
    world_role(&world, role_admin, EFFECT_ALLOW,
               "db-cql db-table-select db-table-modify org-token-write org-role-write "
               "db-all-keyspace-create",
               "@ @:db:* @:db:*:keyspace:* @:db:*:keyspace:*:table:*");
    world_role(&world, role_modify, EFFECT_ALLOW, "db-table-modify", "@:db:*:keyspace:*:table:*");
    const struct gate_options options = {.index = world.index,
                                         .prefixes = {BYTES(TOKEN_PREFIX)},
                                         .prefixes_n = 1,
                                         .events = {&told, record}};
    assert_ok(gate_new(&options, &gate));
    gate_set_keys(gate, &world.keys);
    arena_init(&call.arena, CALL_ARENA_MAX);
    call.now_ms = now_ms;
    told = (struct told){0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gate_free(gate);
    arena_drop(&call.arena);
    call = (struct call){0};
    world_drop(&world);
    urcu_memb_unregister_thread();
    return 0;
}

static struct credential whole(const struct token_new *t, char text[128])
{
    const size_t n = token_write(t, BYTES(TOKEN_PREFIX), text);
    return (struct credential){.kind = CREDENTIAL_TOKEN, .token = bytes_of(text, n)};
}

static void log_in(const struct token_new *t)
{
    char text[128];
    const struct credential cred = whole(t, text);
    assert_ok(gate_identify(gate, &call, &cred));
}

static struct token_new token_with(const struct uuid *roles, size_t n)
{
    return world_token(&world, WORLD_ORG, false, roles, n, CLOCK_NEVER_MS);
}

/* --- identification --- */

static void a_wrong_token_is_refused_and_recorded(void **state)
{
    (void)state;
    struct token_new t = token_with(&role_select, 1);
    t.digest[31] ^= 1;
    char text[128];
    struct credential cred = whole(&t, text);
    assert_err(gate_identify(gate, &call, &cred), TOKEN_UNKNOWN);
    assert_int_equal(call.who.kind, PRINCIPAL_NONE);
    assert_string_equal(told.name, "api.login");
    assert_string_equal(told.outcome, "refused");
    cred.token = BYTES("AstraCS:nonsense");
    assert_err(gate_identify(gate, &call, &cred), TOKEN_MALFORMED);
    cred = (struct credential){.kind = CREDENTIAL_NONE};
    assert_err(gate_identify(gate, &call, &cred), TOKEN_MALFORMED);
}

/* What is counted for a token: refusals of whoever has its secret, and of nobody who guesses. */
static void a_refusal_is_a_token_s_only_with_its_secret(void **state)
{
    (void)state;
    struct token_new t =
        world_token(&world, WORLD_ORG, false, &role_select, 1, call.now_ms + 1000);
    const struct uuid org = WORLD_ORG;
    char text[128];
    char id[TOKEN_CLIENT_ID + 1] = "";
    memcpy(id, t.client_id, TOKEN_CLIENT_ID);
    struct credential cred = whole(&t, text);
    assert_ok(gate_identify(gate, &call, &cred));
    assert_int_equal(call.refused.reason, REFUSAL_NONE);
    call.now_ms += 2000;
    assert_err(gate_identify(gate, &call, &cred), TOKEN_UNKNOWN);
    assert_int_equal(call.refused.reason, REFUSAL_EXPIRED);
    assert_string_equal(call.refused.client_id, id);
    assert_true(uuid_eq(&call.refused.scope, &org));
    assert_int_equal(call.who.kind, PRINCIPAL_NONE);
    call.refused = (struct call_refused){0};
    t.digest[31] ^= 1;
    cred = whole(&t, text);
    assert_err(gate_identify(gate, &call, &cred), TOKEN_UNKNOWN);
    assert_int_equal(call.refused.reason, REFUSAL_NONE);
    assert_string_equal(call.refused.client_id, "");
    call.now_ms -= 2000;
}

static void without_keys_nobody_comes_in(void **state)
{
    (void)state;
    const struct gate_options options = {.index = world.index};
    struct gate *keyless;
    assert_ok(gate_new(&options, &keyless));
    const struct credential cred = {.kind = CREDENTIAL_UID};
    assert_err(gate_identify(keyless, &call, &cred), NOT_READY);
    gate_free(keyless);
}

/* --- permits --- */

static void a_permit_covers_what_was_asked_and_nothing_else(void **state)
{
    (void)state;
    const struct token_new t = token_with(&role_admin, 1);
    log_in(&t);
    const struct uuid org = WORLD_ORG;
    const struct ask ask = {ACTION_ORG_TOKEN_WRITE, resource_organization(&org)};
    const struct permit *p = NULL;
    assert_ok(gate_permit(gate, &call, &ask, 1, &p));
    assert_true(permit_covers(p, ACTION_ORG_TOKEN_WRITE, &ask.on));
    assert_false(permit_covers(p, ACTION_ORG_ROLE_WRITE, &ask.on));
    assert_false(permit_covers_statement(p, 0));
    assert_false(permit_covers_statement(p, GATE_UNNUMBERED));
}

static void every_question_of_a_permit_must_be_allowed(void **state)
{
    (void)state;
    const struct token_new t = token_with(&role_admin, 1);
    log_in(&t);
    const struct uuid org = WORLD_ORG;
    const struct ask asks[] = {{ACTION_ORG_TOKEN_WRITE, resource_organization(&org)},
                               {ACTION_ORG_ROLE_DELETE, resource_organization(&org)}};
    const struct permit *p = NULL;
    assert_err(gate_permit(gate, &call, asks, 2, &p), NOT_ALLOWED);
    assert_null(p);
    assert_string_equal(call.note.text,
                        "missing org-role-delete on drn:astra:org:0a010000-0000-4000-8000-000000000a01");
    assert_string_equal(told.name, "api.refused");
    assert_true(gate_may(gate, &call, &asks[0]));
    assert_false(gate_may(gate, &call, &asks[1]));
    assert_true(gate_may_anywhere(gate, &call, ACTION_DB_CQL));
    assert_false(gate_may_anywhere(gate, &call, ACTION_ORG_DB_VIEW));
}

static void the_operator_may_everything_and_a_nobody_nothing(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct ask ask = {ACTION_ORG_WRITE, resource_organization(&org)};
    const struct permit *p = NULL;
    assert_err(gate_permit(gate, &call, &ask, 1, &p), TOKEN_UNKNOWN);
    const struct credential cred = {.kind = CREDENTIAL_UID, .uid = 7};
    assert_ok(gate_identify(gate, &call, &cred));
    assert_string_equal(call.who.name, "operator uid=7");
    assert_ok(gate_permit(gate, &call, &ask, 1, &p));
    assert_true(permit_covers(p, ACTION_ENTERPRISE_WRITE, &ask.on));
    assert_ok(gate_recheck(gate, p, now_ms));
}

static void a_permit_ends_with_its_token_and_with_its_role(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct ask ask = {ACTION_ORG_TOKEN_WRITE, resource_organization(&org)};
    const struct token_new t = token_with(&role_admin, 1);
    log_in(&t);
    const struct permit *p;
    assert_ok(gate_permit(gate, &call, &ask, 1, &p));
    assert_ok(gate_recheck(gate, p, now_ms));
    world_role(&world, role_admin, EFFECT_ALLOW, "db-cql", "@:db:*");
    assert_err(gate_recheck(gate, p, now_ms), CONFLICT);
    world_remove_token(&world, &t, NULL);
    assert_err(gate_recheck(gate, p, now_ms), NOT_ALLOWED);
    assert_err(gate_permit(gate, &call, &ask, 1, &p), TOKEN_UNKNOWN);
}

/* --- handing out --- */

static void unknown_foreign_and_wrong_level_roles_are_one_error(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct uuid foreign = {{0x01, 9}};
    const struct role theirs = world_make_role(&world.arena, foreign, WORLD_OTHER_ORG, EFFECT_ALLOW,
                                               "db-cql", "@:db:*");
    world_put_role(&world, &theirs, NULL);
    const struct token_new t = token_with(&role_admin, 1);
    log_in(&t);
    const struct uuid bad[] = {{{0x01, 77}}, foreign, builtin_enterprise_administrator};
    const struct ask ask = {ACTION_ORG_TOKEN_WRITE, resource_organization(&org)};
    const struct permit *p;
    for (size_t i = 0; i < 3; i++) {
        assert_err(gate_permit_roles(gate, &call, &ask, 1, &org, false, &bad[i], 1, false, &p),
                   BAD_INPUT);
        char want[128];
        char id[UUID_TEXT + 1];
        uuid_text(&bad[i], id);
        (void)snprintf(want, sizeof want, "roles: %s is not a role that can be given here", id);
        assert_string_equal(call.note.text, want);
    }
}

static void nobody_hands_out_what_they_lack(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct token_new t = token_with(&role_admin, 1);
    log_in(&t);
    const struct ask ask = {ACTION_ORG_TOKEN_WRITE, resource_organization(&org)};
    const struct permit *p;
    assert_ok(gate_permit_roles(gate, &call, &ask, 1, &org, false, &role_modify, 1, false, &p));
    assert_err(gate_permit_roles(gate, &call, &ask, 1, &org, false,
                                 &builtin_organization_administrator, 1, false, &p),
               ABOVE_CEILING);
    const struct uuid other = WORLD_OTHER_ORG;
    assert_err(gate_permit_roles(gate, &call, &ask, 1, &other, false, &role_modify, 1, false, &p),
               NOT_ALLOWED);
}

static void an_enterprise_token_mints_for_its_members_only(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct uuid other = WORLD_OTHER_ORG;
    const struct uuid enterprise = WORLD_ENTERPRISE;
    const struct token_new t = world_token(&world, WORLD_ENTERPRISE, true,
                                           &builtin_enterprise_administrator, 1, CLOCK_NEVER_MS);
    log_in(&t);
    const struct ask ask = {ACTION_ENTERPRISE_TOKEN_WRITE, resource_enterprise(&enterprise)};
    const struct uuid *admin = &builtin_organization_administrator;
    const struct permit *p;
    assert_ok(gate_permit_roles(gate, &call, &ask, 1, &org, false, admin, 1, false, &p));
    assert_err(gate_permit_roles(gate, &call, &ask, 1, &org, false, admin, 1, true, &p), NOT_ALLOWED);
    assert_err(gate_permit_roles(gate, &call, &ask, 1, &other, false, admin, 1, false, &p),
               NOT_ALLOWED);
    assert_err(gate_permit_roles(gate, &call, &ask, 1, &enterprise, true, admin, 1, false, &p),
               BAD_INPUT);
    assert_ok(gate_permit_roles(gate, &call, &ask, 1, &enterprise, true,
                                &builtin_enterprise_administrator, 1, false, &p));
}

static void a_role_is_written_within_what_one_holds(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct token_new t = token_with(&role_admin, 1);
    log_in(&t);
    const struct ask ask = {ACTION_ORG_ROLE_WRITE, resource_organization(&org)};
    const struct permit *p;
    struct role r = world_make_role(&world.arena, (struct uuid){{0x01, 50}}, WORLD_ORG,
                                    EFFECT_ALLOW, "db-table-select", "@" DB ":keyspace:a:table:b");
    assert_ok(gate_permit_role_change(gate, &call, &ask, 1, NULL, &r, &p));
    const struct role wide = world_make_role(&world.arena, r.id, WORLD_ORG, EFFECT_ALLOW,
                                             "db-table-drop", "@" DB ":keyspace:a:table:b");
    assert_err(gate_permit_role_change(gate, &call, &ask, 1, &r, &wide, &p), ABOVE_CEILING);
    assert_string_equal(call.note.text,
                        "the caller may hand out only what it holds: missing db-table-drop on "
                        "drn:astra:org:0a010000-0000-4000-8000-000000000a01" DB
                        ":keyspace:a:table:b");
    assert_ok(gate_permit_role_change(gate, &call, &ask, 1, &wide, &r, &p));
    assert_err(gate_permit_role_change(gate, &call, &ask, 1,
                                       builtin_role(&builtin_database_administrator), &r, &p),
               BUILTIN_ROLE);
}

/* What a deny takes of delegation comes back with its line: to lift it is to give it. */
static void a_denied_delegation_is_not_lifted_by_who_lacks_it(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct token_new t = token_with(&role_admin, 1);
    log_in(&t);
    const struct ask ask = {ACTION_ORG_ROLE_WRITE, resource_organization(&org)};
    const struct permit *p;
    const struct uuid id = {{0x01, 51}};
    const struct role all = world_make_role(&world.arena, id, WORLD_ORG, EFFECT_DENY,
                                            "db-table-select", "@" DB ":keyspace:a:table:b @:role:*");
    const struct role one = world_make_role(
        &world.arena, id, WORLD_ORG, EFFECT_DENY, "db-table-select",
        "@" DB ":keyspace:a:table:b @:role:01000000-0000-4000-8000-000000000001");
    const struct role none = world_make_role(&world.arena, id, WORLD_ORG, EFFECT_DENY,
                                             "db-table-select", "@" DB ":keyspace:a:table:b");
    assert_err(gate_permit_role_change(gate, &call, &ask, 1, &all, &none, &p), ABOVE_CEILING);
    assert_err(gate_permit_role_change(gate, &call, &ask, 1, &all, &one, &p), ABOVE_CEILING);
    assert_err(gate_permit_role_change(gate, &call, &ask, 1, &all, NULL, &p), ABOVE_CEILING);
    assert_ok(gate_permit_role_change(gate, &call, &ask, 1, &none, &all, &p));
    assert_ok(gate_permit_role_change(gate, &call, &ask, 1, &all, &all, &p));
}

/* --- sessions --- */

static struct statement_need need(enum action action, const char *keyspace, const char *table)
{
    return (struct statement_need){.action = action,
                                   .or_action = action,
                                   .keyspace = bytes_of_text(keyspace),
                                   .table = bytes_of_text(table)};
}

static void who_may_not_open_a_session_is_told_what_is_missing(void **state)
{
    (void)state;
    struct gate_worker *w;
    struct gate_session s;
    const struct uuid db = WORLD_DB;
    const struct uuid other_db = WORLD_OTHER_DB;
    assert_ok(gate_worker_new(gate, &w));
    struct token_new t = token_with(&role_modify, 1);
    log_in(&t);
    assert_err(gate_open_session(w, &call, &db, &s), TOKEN_NO_LOGIN);
    assert_non_null(strstr(call.note.text, "(missing db-cql on drn:astra:org:"));
    assert_string_equal(told.name, "cql.login");
    assert_string_equal(told.outcome, "refused");
    t = token_with(&role_admin, 1);
    log_in(&t);
    assert_err(gate_open_session(w, &call, &other_db, &s), TOKEN_NO_LOGIN);
    t = world_token(&world, WORLD_ENTERPRISE, true, &builtin_enterprise_administrator, 1,
                    CLOCK_NEVER_MS);
    log_in(&t);
    assert_err(gate_open_session(w, &call, &db, &s), TOKEN_NO_LOGIN);
    const struct credential uid = {.kind = CREDENTIAL_UID};
    assert_ok(gate_identify(gate, &call, &uid));
    assert_err(gate_open_session(w, &call, &db, &s), TOKEN_NO_LOGIN);
    gate_worker_free(w);
}

static void statements_are_admitted_by_need(void **state)
{
    (void)state;
    struct gate_worker *w;
    struct gate_session s;
    const struct uuid db = WORLD_DB;
    assert_ok(gate_worker_new(gate, &w));
    const struct token_new t = token_with(&role_select, 1);
    log_in(&t);
    assert_ok(gate_open_session(w, &call, &db, &s));
    const struct statement_need needs[] = {need(ACTION_DB_TABLE_SELECT, "shop", "orders"),
                                           need(ACTION_DB_TABLE_MODIFY, "shop", "orders")};
    struct gate_permit_storage storage;
    const struct permit *p = NULL;
    struct note note;
    struct gate_statement both = {3, needs, 2};
    assert_err(gate_admit(w, &s, &both, 1, now_ms, &storage, &p, &note), NOT_ALLOWED);
    assert_null(p);
    assert_non_null(strstr(note.text, " or any of its parents (missing db-table-modify on drn:astra:org:"));
    assert_non_null(strstr(note.text, ":keyspace:shop:table:orders)"));
    struct statement_need kept = need(ACTION_DB_TABLE_SELECT, "system", "size_estimates");
    kept.named = kept.table;
    kept.never = true;
    kept.instead = "one table";
    assert_err(gate_admit(w, &s, &(struct gate_statement){5, &kept, 1}, 1, now_ms, &storage, &p, &note),
               NOT_ALLOWED);
    assert_non_null(strstr(note.text, "<table system.size_estimates> or any of its parents (no token "
                                      "has; ask for one table)"));
    struct gate_statement one = {4, needs, 1};
    for (int i = 0; i < 3; i++) {
        assert_ok(gate_admit(w, &s, &one, 1, now_ms, &storage, &p, &note));
        assert_true(permit_covers_statement(p, 4));
        assert_false(permit_covers_statement(p, 3));
        assert_false(permit_covers(p, ACTION_DB_TABLE_SELECT, &(struct resource){0}));
    }
    assert_err(gate_admit(w, &s, &both, 1, now_ms, &storage, &p, &note), NOT_ALLOWED);
    one.number = GATE_UNNUMBERED;
    assert_ok(gate_admit(w, &s, &one, 1, now_ms, &storage, &p, &note));
    gate_close_session(w, &s);
    gate_worker_free(w);
}

/* However many statements a process has seen, what was allowed is remembered by its own number. */
static void what_is_remembered_is_one_numbers_alone(void **state)
{
    (void)state;
    struct gate_worker *w;
    struct gate_session s;
    const struct uuid db = WORLD_DB;
    const uint64_t far = (UINT64_C(1) << 40) + 5;
    assert_ok(gate_worker_new(gate, &w));
    const struct token_new t = token_with(&role_select, 1);
    log_in(&t);
    assert_ok(gate_open_session(w, &call, &db, &s));
    const struct statement_need may = need(ACTION_DB_TABLE_SELECT, "shop", "orders");
    const struct statement_need may_not = need(ACTION_DB_TABLE_MODIFY, "shop", "orders");
    struct gate_permit_storage storage;
    const struct permit *p;
    struct note note;
    for (uint64_t i = 0; i < 3 * (uint64_t)GATE_DECISIONS_MAX; i++) {
        const struct gate_statement st = {far + i, &may, 1};
        assert_ok(gate_admit(w, &s, &st, 1, now_ms, &storage, &p, &note));
    }
    /* The newest is not decided again, */
    const uint64_t last = far + 3 * (uint64_t)GATE_DECISIONS_MAX - 1;
    const struct gate_statement known = {last, &may_not, 1};
    assert_ok(gate_admit(w, &s, &known, 1, now_ms, &storage, &p, &note));
    assert_true(permit_covers_statement(p, last));
    assert_false(permit_covers_statement(p, (uint32_t)last));
    /* and lends its answer to none that falls on its place. */
    for (uint64_t shift = 16; shift < 64; shift++) {
        const struct gate_statement other = {last ^ UINT64_C(1) << shift, &may_not, 1};
        assert_err(gate_admit(w, &s, &other, 1, now_ms, &storage, &p, &note), NOT_ALLOWED);
    }
    gate_close_session(w, &s);
    gate_worker_free(w);
}

static void a_changed_role_or_schema_voids_what_was_decided(void **state)
{
    (void)state;
    struct gate_worker *w;
    struct gate_session s;
    const struct uuid db = WORLD_DB;
    assert_ok(gate_worker_new(gate, &w));
    const struct token_new t = token_with(&role_select, 1);
    log_in(&t);
    assert_ok(gate_open_session(w, &call, &db, &s));
    const struct statement_need orders = need(ACTION_DB_TABLE_SELECT, "shop", "orders");
    const struct statement_need base = need(ACTION_DB_TABLE_SELECT, "shop", "base");
    struct gate_permit_storage storage;
    const struct permit *p;
    struct note note;
    struct gate_statement st = {100, &orders, 1};
    assert_ok(gate_admit(w, &s, &st, 1, now_ms, &storage, &p, &note));
    /* The same text under another schema may need something else: a table became a view. */
    st.needs = &base;
    assert_err(gate_admit(w, &s, &st, 2, now_ms, &storage, &p, &note), NOT_ALLOWED);
    st.needs = &orders;
    assert_ok(gate_admit(w, &s, &st, 3, now_ms, &storage, &p, &note));
    world_role(&world, role_select, EFFECT_ALLOW, "db-cql", "@" DB);
    assert_err(gate_admit(w, &s, &st, 3, now_ms, &storage, &p, &note), NOT_ALLOWED);
    world_role(&world, role_select, EFFECT_ALLOW, "db-table-select", "@" DB ":keyspace:shop:table:*");
    /* Without db-cql a session is over, whatever the tables. */
    assert_err(gate_admit(w, &s, &st, 3, now_ms, &storage, &p, &note), TOKEN_NO_LOGIN);
    world_remove_role(&world, role_select, NULL);
    assert_err(gate_admit(w, &s, &st, 3, now_ms, &storage, &p, &note), TOKEN_NO_LOGIN);
    gate_close_session(w, &s);
    gate_worker_free(w);
}

static void a_session_ends_with_its_token_and_at_its_time(void **state)
{
    (void)state;
    struct gate_worker *w;
    struct gate_session s;
    const struct uuid db = WORLD_DB;
    assert_ok(gate_worker_new(gate, &w));
    const struct token_new t =
        world_token(&world, WORLD_ORG, false, &role_select, 1, now_ms + 1000);
    log_in(&t);
    assert_ok(gate_open_session(w, &call, &db, &s));
    struct gate_permit_storage storage;
    const struct permit *p;
    struct note note;
    const struct gate_statement nothing = {0, NULL, 0};
    assert_true(gate_session_is_live(w, &s, now_ms + 999));
    assert_false(gate_session_is_live(w, &s, now_ms + 1000));
    assert_err(gate_admit(w, &s, &nothing, 1, now_ms + 1000, &storage, &p, &note), TOKEN_UNKNOWN);
    assert_ok(gate_admit(w, &s, &nothing, 1, now_ms, &storage, &p, &note));
    world_remove_token(&world, &t, NULL);
    assert_false(gate_session_is_live(w, &s, now_ms));
    assert_err(gate_admit(w, &s, &nothing, 1, now_ms, &storage, &p, &note), TOKEN_UNKNOWN);
    gate_close_session(w, &s);
    gate_worker_free(w);
}

static void alternatives_any_table_and_never(void **state)
{
    (void)state;
    struct gate_worker *w;
    struct gate_session s;
    const struct uuid db = WORLD_DB;
    assert_ok(gate_worker_new(gate, &w));
    const struct token_new t = token_with(&role_admin, 1);
    log_in(&t);
    assert_ok(gate_open_session(w, &call, &db, &s));
    struct gate_permit_storage storage;
    const struct permit *p;
    struct note note;
    struct statement_need n = need(ACTION_DB_KEYSPACE_CREATE, "new", "");
    const struct gate_statement st = {GATE_UNNUMBERED, &n, 1};
    assert_err(gate_admit(w, &s, &st, 1, now_ms, &storage, &p, &note), NOT_ALLOWED);
    n.or_action = ACTION_DB_ALL_KEYSPACE_CREATE;
    assert_ok(gate_admit(w, &s, &st, 1, now_ms, &storage, &p, &note));
    n = need(ACTION_DB_TABLE_MODIFY, "ks", "*");
    n.table_any = true;
    assert_ok(gate_admit(w, &s, &st, 1, now_ms, &storage, &p, &note));
    n.never = true;
    assert_err(gate_admit(w, &s, &st, 1, now_ms, &storage, &p, &note), NOT_ALLOWED);
    gate_close_session(w, &s);
    gate_worker_free(w);
}

static void a_session_sees_what_it_may_use(void **state)
{
    (void)state;
    struct gate_worker *w;
    struct gate_session s;
    const struct uuid db = WORLD_DB;
    const struct uuid roles[] = {role_select, role_deny};
    assert_ok(gate_worker_new(gate, &w));
    const struct token_new t = token_with(roles, 2);
    log_in(&t);
    assert_ok(gate_open_session(w, &call, &db, &s));
    assert_true(gate_session_sees(w, &s, BYTES("shop"), (bytes){0}));
    assert_true(gate_session_sees(w, &s, BYTES("shop"), BYTES("orders")));
    assert_false(gate_session_sees(w, &s, BYTES("shop"), BYTES("secret")));
    assert_false(gate_session_sees(w, &s, BYTES("other"), (bytes){0}));
    assert_false(gate_session_sees(w, &s, BYTES("Shop"), (bytes){0}));
    gate_close_session(w, &s);
    gate_worker_free(w);
}

static void the_story_names_the_role_and_its_line(void **state)
{
    (void)state;
    const struct uuid org = WORLD_ORG;
    const struct uuid db = WORLD_DB;
    const struct uuid roles[] = {role_admin, role_deny, {{0x01, 99}}};
    struct gate_explanation e;
    const struct gate_about about = {.scope = WORLD_ORG, .roles = roles, .roles_n = 3};
    struct ask ask = {ACTION_DB_TABLE_SELECT,
                      resource_table(&org, &db, BYTES("shop"), BYTES("orders"))};
    assert_ok(gate_explain(gate, &call, &about, &ask, &e));
    assert_true(e.allowed && e.by_rule && uuid_eq(&e.role, &role_admin));
    assert_string_equal(e.change, "Remove it from role role-3, or deny db-table-select there in any "
                                  "role of its holder.");
    ask.on.table = BYTES("secret");
    assert_ok(gate_explain(gate, &call, &about, &ask, &e));
    assert_true(!e.allowed && e.by_rule && e.effect == EFFECT_DENY && uuid_eq(&e.role, &role_deny));
    assert_non_null(strstr(e.text, "a deny beats every allow"));
    ask.action = ACTION_DB_TABLE_DROP;
    assert_ok(gate_explain(gate, &call, &about, &ask, &e));
    assert_true(!e.allowed && !e.by_rule);
    assert_non_null(strstr(e.text, "none of the 3 roles (1 of them deleted) allows db-table-drop"));
    const struct gate_about one = {.scope = WORLD_ORG, .roles = &roles[2], .roles_n = 1};
    assert_ok(gate_explain(gate, &call, &one, &ask, &e));
    assert_non_null(strstr(e.text, "the one role (deleted) does not allow db-table-drop"));
    const struct gate_about without = {.scope = WORLD_ORG};
    assert_ok(gate_explain(gate, &call, &without, &ask, &e));
    assert_non_null(strstr(e.text, "there is no role that allows db-table-drop"));
    ask.action = ACTION_DB_CQL;
    assert_ok(gate_explain(gate, &call, &about, &ask, &e));
    assert_non_null(strstr(e.text, "is asked on the level database"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
static void only_the_person_writes_their_account(void **state)
{
    (void)state;
    const struct permit *p = NULL;
    const struct uuid ann = world_person(&world, 1, "ann@example.org");
    const struct uuid bob = world_person(&world, 2, "bob@example.org");
    const struct ask account = gate_own(&ann);
    (void)world_session(&world, ann, "secret", now_ms, now_ms);
    const struct credential cred = {.kind = CREDENTIAL_SESSION, .session = BYTES("secret")};
    assert_ok(gate_identify(gate, &call, &cred));
    assert_err(gate_permit_own(gate, &call, &bob, NULL, 0, &p), NOT_ALLOWED);
    assert_null(p);
    assert_ok(gate_permit_own(gate, &call, &ann, NULL, 0, &p));
    assert_true(permit_covers(p, account.action, &account.on));
    assert_ok(gate_recheck(gate, p, now_ms));
    assert_err(gate_permit(gate, &call, &account, 1, &p), NOT_ALLOWED);
    const struct token_new t = token_with(&role_admin, 1);
    log_in(&t);
    assert_err(gate_permit_own(gate, &call, &ann, NULL, 0, &p), NOT_ALLOWED);
    const struct ask lacking = {ACTION_ORG_USER_WRITE, resource_organization(&call.who.scope)};
    assert_err(gate_permit_account(gate, &call, &ann, &lacking, 1, &p), NOT_ALLOWED);
}

static void a_demoted_member_changes_nothing_any_more(void **state)
{
    (void)state;
    const struct permit *p = NULL;
    const struct uuid org = WORLD_ORG;
    const struct ask ask = {ACTION_ORG_TOKEN_WRITE, resource_organization(&org)};
    const struct uuid ann = world_person(&world, 1, "ann@example.org");
    (void)world_session(&world, ann, "secret", now_ms, now_ms);
    world_member(&world, ann, WORLD_ORG, false, &role_admin, 1, false);
    const struct credential cred = {.kind = CREDENTIAL_SESSION, .session = BYTES("secret")};
    assert_ok(gate_identify(gate, &call, &cred));
    assert_ok(gate_permit(gate, &call, &ask, 1, &p));
    assert_ok(gate_recheck(gate, p, now_ms));
    world_member(&world, ann, WORLD_ORG, false, &role_select, 1, false);
    assert_err(gate_recheck(gate, p, now_ms), NOT_ALLOWED);
}

UNIT_MAIN(T(only_the_person_writes_their_account),
          T(a_demoted_member_changes_nothing_any_more), T(a_wrong_token_is_refused_and_recorded),
          T(a_refusal_is_a_token_s_only_with_its_secret), T(without_keys_nobody_comes_in),
          T(a_permit_covers_what_was_asked_and_nothing_else),
          T(every_question_of_a_permit_must_be_allowed),
          T(the_operator_may_everything_and_a_nobody_nothing),
          T(a_permit_ends_with_its_token_and_with_its_role),
          T(unknown_foreign_and_wrong_level_roles_are_one_error), T(nobody_hands_out_what_they_lack),
          T(an_enterprise_token_mints_for_its_members_only),
          T(a_role_is_written_within_what_one_holds),
          T(a_denied_delegation_is_not_lifted_by_who_lacks_it),
          T(who_may_not_open_a_session_is_told_what_is_missing), T(statements_are_admitted_by_need),
          T(what_is_remembered_is_one_numbers_alone),
          T(a_changed_role_or_schema_voids_what_was_decided),
          T(a_session_ends_with_its_token_and_at_its_time), T(alternatives_any_table_and_never),
          T(a_session_sees_what_it_may_use), T(the_story_names_the_role_and_its_line))
