/* What roles may, looked at cell by cell: every cell is what the decision of a real request says, and what
 * the explanation says; drafts count as if somebody had them. */
#include "unit.h"
#include "world.h"

#include "gate/gate.h"

#include <urcu/urcu-memb.h>

enum { ROLES = 8, ROUNDS = 60 };

static struct world world;
static struct gate *gate;
static struct call call;

static const char *const lines[] = {
    "@",
    "@:db:*",
    "@:db:0d010000-0000-4000-8000-000000000d01",
    "@:db:0d020000-0000-4000-8000-000000000d02",
    "@:db:*:keyspace:*",
    "@:db:*:keyspace:shop",
    "@:db:0d010000-0000-4000-8000-000000000d01:keyspace:crm",
    "@:db:*:keyspace:*:table:*",
    "@:db:*:keyspace:shop:table:*",
    "@:db:0d010000-0000-4000-8000-000000000d01:keyspace:*:table:orders",
    "@:db:0d010000-0000-4000-8000-000000000d01:keyspace:shop:table:orders",
    "drn:astra:org:0a020000-0000-4000-8000-000000000a02:db:*",
    "drn:astra:org:__ORG_ID__:db:*:keyspace:crm:table:customers",
    "@:role:*"};
enum { LINES = sizeof lines / sizeof *lines };

static struct policy random_policy(void)
{
    char actions[1024] = "";
    char text[2048] = "";
    const uint32_t actions_n = 1 + world_below(12);
    const uint32_t lines_n = 1 + world_below(4);
    for (uint32_t i = 0; i < actions_n; i++) {
        (void)strcat(strcat(actions, action_name((enum action)world_below(ACTIONS))), " ");
    }
    for (uint32_t i = 0; i < lines_n; i++) (void)strcat(strcat(text, lines[world_below(LINES)]), " ");
    return world_policy(&world.arena, world_below(4) ? EFFECT_ALLOW : EFFECT_DENY, actions, text);
}

static struct role random_role(uint8_t number)
{
    return (struct role){.id = world_id(0x01, number),
                         .scope = WORLD_ORG,
                         .name = BYTES("role"),
                         .policy = random_policy()};
}

static size_t resources(struct resource out[16])
{
    static const bytes keyspaces[] = {BYTES("shop"), BYTES("crm")};
    static const bytes tables[] = {BYTES("orders"), BYTES("customers")};
    const struct uuid org = WORLD_ORG;
    const struct uuid dbs[] = {WORLD_DB, WORLD_OTHER_DB};
    size_t n = 0;
    out[n++] = resource_organization(&org);
    out[n++] = resource_any_database(&org);
    for (size_t d = 0; d < 2; d++) {
        out[n++] = resource_database(&org, &dbs[d]);
        for (size_t k = 0; k < 2; k++) {
            out[n++] = resource_keyspace(&org, &dbs[d], keyspaces[k]);
            out[n++] = resource_table(&org, &dbs[d], keyspaces[k], tables[k]);
        }
    }
    return n;
}

static int set_up(void **state)
{
    (void)state;
    urcu_memb_register_thread();
    world_init(&world);
    arena_init(&call.arena, 64 << 20);
    const struct gate_options options = {.index = world.index};
    return err_is_ok(gate_new(&options, &gate)) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    gate_free(gate);
    arena_drop(&call.arena);
    world_drop(&world);
    urcu_memb_unregister_thread();
    return 0;
}

/* One holder against its token in the index, and against the explanation. */
static size_t compare_cells(const struct gate_about *who, const struct index_token *token)
{
    struct resource on[16];
    struct gate_roles *roles = NULL;
    size_t cells = 0;
    const size_t n = resources(on);
    assert_ok(gate_roles_new(gate, who, &roles));
    for (size_t i = 0; i < n; i++) {
        const action_set allowed = gate_roles_allowed(roles, &on[i]);
        const action_set denied = gate_roles_denied(roles, &on[i]);
        assert_int_equal(allowed & denied, 0);
        if (token) assert_int_equal(allowed, gate_set_allowed(gate, token->role_set, &on[i]));
        for (unsigned a = 0; a < ACTIONS; a++, cells++) {
            const struct ask ask = {(enum action)a, on[i]};
            struct gate_explanation x;
            assert_ok(gate_explain(gate, &call, who, &ask, &x));
            assert_int_equal(x.allowed, (allowed & action_bit(ask.action)) != 0);
            assert_int_equal(x.by_rule && x.effect == EFFECT_DENY,
                             (denied & action_bit(ask.action)) != 0);
            assert_true(x.change[0] != 0);
        }
    }
    gate_roles_free(roles);
    return cells;
}

static void a_cell_is_what_is_decided_and_explained(void **state)
{
    (void)state;
    size_t cells = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct uuid held[3];
        struct role drafts[2];
        for (uint8_t i = 0; i < ROLES; i++) {
            const struct role r = random_role(i);
            world_put_role(&world, &r, NULL);
        }
        for (size_t i = 0; i < 3; i++) held[i] = world_id(0x01, (uint8_t)world_below(ROLES + 1));
        for (uint8_t i = 0; i < 2; i++) drafts[i] = random_role((uint8_t)(100 + i));
        const struct token_new t = world_token(&world, WORLD_ORG, false, held, 3, CLOCK_NEVER_MS);
        struct index_token token;
        struct gate_about who = {.scope = WORLD_ORG, .roles = held, .roles_n = 3};
        assert_true(index_find_token(world.index, bytes_of(t.client_id, TOKEN_CLIENT_ID), &token));
        cells += compare_cells(&who, &token);
        who.drafts = drafts;
        who.drafts_n = 2;
        cells += compare_cells(&who, NULL);
    }
    assert_true(cells > 50000);
}

/* A draft does what the same role does once somebody holds it. */
static void a_draft_counts_as_the_role_that_it_becomes(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct resource on[16];
        const struct role r = random_role(1);
        struct gate_roles *draft = NULL;
        struct gate_roles *role = NULL;
        world_put_role(&world, &r, NULL);
        assert_ok(gate_roles_new(
            gate, &(struct gate_about){.scope = WORLD_ORG, .drafts = &r, .drafts_n = 1}, &draft));
        assert_ok(gate_roles_new(
            gate, &(struct gate_about){.scope = WORLD_ORG, .roles = &r.id, .roles_n = 1}, &role));
        for (size_t i = 0, n = resources(on); i < n; i++) {
            const struct gate_difference none = gate_roles_compare(draft, role, &on[i]);
            const struct gate_difference made = gate_roles_compare(NULL, role, &on[i]);
            const struct gate_difference gone = gate_roles_compare(role, NULL, &on[i]);
            assert_int_equal(none.gained | none.lost, 0);
            assert_int_equal(made.gained, gate_roles_allowed(role, &on[i]));
            assert_int_equal(made.lost, gate_roles_denied(role, &on[i]));
            assert_int_equal(made.gained, gone.lost);
            assert_int_equal(made.lost, gone.gained);
        }
        gate_roles_free(draft);
        gate_roles_free(role);
    }
}

/* --- what would change a verdict --- */

static const char *change_of(const struct gate_about *who, enum action action, const char *on)
{
    static struct gate_explanation x;
    struct ask ask = {.action = action};
    assert_ok(resource_read(bytes_of_text(on), &ask.on));
    assert_ok(gate_explain(gate, &call, who, &ask, &x));
    return x.change;
}

static void the_smallest_change_is_named(void **state)
{
    (void)state;
    const char *orders = "drn:astra:org:0a010000-0000-4000-8000-000000000a01:db:"
                         "0d010000-0000-4000-8000-000000000d01:keyspace:shop:table:orders";
    const struct uuid roles[] = {world_id(0x01, 1), world_id(0x01, 2)};
    const struct gate_about who = {.scope = WORLD_ORG, .roles = roles, .roles_n = 2};
    world_role(&world, roles[0], EFFECT_ALLOW, "org-read", "@");
    assert_non_null(strstr(change_of(&who, ACTION_DB_TABLE_SELECT, orders),
                           "Add db-table-select on drn:astra:org:"));
    assert_non_null(strstr(change_of(&who, ACTION_DB_TABLE_SELECT, orders), "to role role-1."));
    world_role(&world, roles[1], EFFECT_ALLOW, "db-table-modify",
               "@:db:*:keyspace:shop:table:orders @:db:*");
    assert_string_equal(change_of(&who, ACTION_DB_TABLE_SELECT, orders),
                        "Add db-table-select to role role-2, which has that resource already.");
    world_role(&world, roles[1], EFFECT_ALLOW, "db-table-select", "@:db:*:keyspace:crm:table:*");
    assert_non_null(strstr(change_of(&who, ACTION_DB_TABLE_SELECT, orders),
                           "to role role-2, which has db-table-select already."));
    world_role(&world, roles[0], EFFECT_ALLOW, "db-table-select", "@:db:*:keyspace:*:table:*");
    assert_string_equal(change_of(&who, ACTION_DB_TABLE_SELECT, orders),
                        "Remove it from role role-1, or deny db-table-select there in any role of "
                        "its holder.");
    world_role(&world, roles[1], EFFECT_DENY, "db-table-select", "@:db:*:keyspace:shop:table:*");
    assert_string_equal(change_of(&who, ACTION_DB_TABLE_SELECT, orders),
                        "Remove the deny of db-table-select on drn:astra:org:"
                        "0a010000-0000-4000-8000-000000000a01:db:*:keyspace:shop:table:* from role "
                        "role-2.");
    world_role(&world, roles[0], EFFECT_ALLOW, "org-read", "@");
    assert_non_null(strstr(change_of(&who, ACTION_DB_TABLE_SELECT, orders),
                           " from role role-2. Add db-table-select on drn:astra:org:"));
    assert_non_null(strstr(change_of(&who, ACTION_DB_CQL, orders), "Nothing would"));
    assert_string_equal(change_of(&who, ACTION_DB_CQL,
                                  "drn:astra:org:0a020000-0000-4000-8000-000000000a02:db:*"),
                        "Nothing would: the resource belongs to another organization.");
}

static void builtin_roles_are_not_told_to_be_changed(void **state)
{
    (void)state;
    const struct gate_about who = {
        .scope = WORLD_ORG, .roles = &builtin_organization_administrator, .roles_n = 1};
    const char *org = "drn:astra:org:0a010000-0000-4000-8000-000000000a01";
    const char *allowed = change_of(&who, ACTION_ORG_READ, org);
    assert_non_null(strstr(allowed, "Take role Organization Administrator from its holder"));
    assert_non_null(strstr(change_of(&who, ACTION_ORG_DB_EXPAND, "drn:astra:org:__ORG_ID__:db:*"),
                           "role"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
UNIT_MAIN(T(a_cell_is_what_is_decided_and_explained),
          T(a_draft_counts_as_the_role_that_it_becomes), T(the_smallest_change_is_named),
          T(builtin_roles_are_not_told_to_be_changed))
