/* The sentence of a preview, and what it says has no effect. */
#include "unit.h"
#include "world.h"

#include "api/policy_effect.h"
#include "api/policy_summary.h"

static struct arena arena;
static struct policy_summary sum;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    sum = (struct policy_summary){.databases = 0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_drop(&arena);
    return 0;
}

static void count(const char *name, action_set allowed)
{
    struct resource on;
    char text[256];
    (void)snprintf(text, sizeof text, "drn:astra:%s", name);
    assert_ok(resource_read(bytes_of_text(text), &on));
    policy_summary_add(&sum, &on, allowed);
}

static const char *said(bool truncated)
{
    static char text[512];
    struct wr w = wr_fixed(text, sizeof text - 1);
    policy_summary_write(&sum, truncated, &w);
    assert_false(w.bad);
    text[w.n] = 0;
    return text;
}

#define DB_1 "org:__ORG_ID__:db:0d010000-0000-4000-8000-000000000d01"
#define DB_2 "org:__ORG_ID__:db:0d020000-0000-4000-8000-000000000d02"
#define BIT(a) (UINT64_C(1) << ACTION_##a)

static void nothing_is_a_sentence_too(void **state)
{
    (void)state;
    count("org:__ORG_ID__", 0);
    count("org:__ORG_ID__:db:*", 0);
    assert_string_equal(said(false), "It may do nothing with what there is.");
    count(DB_1, 0);
    count(DB_1 ":keyspace:shop", 0);
    count(DB_1 ":keyspace:shop:table:orders", 0);
    assert_string_equal(said(true),
                        "It may do nothing with what there is; there is more than was looked at.");
}

static void a_sentence_counts_what_may_be_done(void **state)
{
    (void)state;
    count("org:__ORG_ID__", BIT(ORG_READ) | BIT(ORG_TOKEN_READ));
    count("org:__ORG_ID__:db:*", BIT(ORG_DB_CREATE));
    count(DB_1, BIT(DB_CQL) | BIT(ORG_DB_VIEW));
    count(DB_1 ":keyspace:shop", 0);
    count(DB_1 ":keyspace:shop:table:orders", BIT(DB_TABLE_SELECT) | BIT(DB_TABLE_MODIFY));
    count(DB_1 ":keyspace:shop:table:customers", BIT(DB_TABLE_SELECT) | BIT(DB_TABLE_ALTER));
    count(DB_1 ":keyspace:shop:table:drafts", BIT(DB_TABLE_DROP));
    count(DB_2, BIT(ORG_DB_VIEW));
    count(DB_2 ":keyspace:crm", BIT(DB_KEYSPACE_DROP));
    count(DB_2 ":keyspace:crm:table:people", BIT(DB_TABLE_SELECT) | BIT(DB_TABLE_DROP));
    assert_string_equal(said(false),
                        "It logs in to 1 of 2 databases, reads 3 of 4 tables, writes 1 of 4 tables, "
                        "changes the schema of all 2 keyspaces, holds 2 of 22 permissions of the "
                        "organization, registers databases; drivers do not reach 1 of these tables, "
                        "for db-cql on the database is missing.");
}

static void an_enterprise_has_permissions_alone(void **state)
{
    (void)state;
    count("enterprise:__ENTERPRISE_ID__", action_of_level(LEVEL_ENTERPRISE));
    assert_string_equal(said(false), "It holds all 10 permissions of the enterprise.");
}

/* --- no effect --- */

struct found {
    char text[2048];
    size_t n;
    size_t most;
};

static bool note_it(void *owner, const struct policy_no_effect *n)
{
    struct found *f = owner;
    struct wr w = wr_fixed(f->text + strlen(f->text), sizeof f->text - strlen(f->text) - 1);
    if (n->action != ACTIONS) wr_text(&w, action_name(n->action));
    if (n->line) resource_write(n->line, &w);
    wr_format(&w, "=%s%s;", n->text, n->level == LEVELS ? "" : level_name(n->level));
    assert_false(w.bad);
    return ++f->n < f->most;
}

static struct found found_in(const char *actions, const char *lines, size_t most)
{
    struct found f = {.most = most};
    const struct uuid scope = WORLD_ORG;
    const struct role r = {.policy = world_policy(&arena, EFFECT_ALLOW, actions, lines)};
    policy_effect_each(&r, &scope, note_it, &f);
    return f;
}

static void what_has_an_effect_is_not_named(void **state)
{
    (void)state;
    assert_int_equal(found_in("db-cql db-table-select", "@:db:* @:db:*:keyspace:*:table:*", 9).n, 0);
    assert_int_equal(found_in("org-token-write", "@ @:role:*", 9).n, 0);
    assert_int_equal(found_in("org-db-create", "@:db:*", 9).n, 0);
}

static void pairs_that_grant_nothing_are_named(void **state)
{
    (void)state;
    struct found f = found_in("db-table-select db-cql", "@:db:*", 9);
    assert_int_equal(f.n, 1);
    assert_string_equal(
        f.text, "db-table-select=no effect here: the role has no resource of the leveltable;");
    f = found_in("org-db-create", "@:db:0d010000-0000-4000-8000-000000000d01", 9);
    assert_int_equal(f.n, 1);
    assert_non_null(strstr(f.text, "org-db-create=no effect here: it is asked on db:*"));
    f = found_in("db-cql", "@:db:* @", 9);
    assert_int_equal(f.n, 1);
    assert_non_null(strstr(f.text, "0a01=no effect here: the role has no action of the level"));
    f = found_in("db-cql", "drn:astra:org:0a020000-0000-4000-8000-000000000a02:db:* @:stream:x", 9);
    assert_int_equal(f.n, 3);
    assert_non_null(strstr(f.text, "it belongs to somebody else"));
    assert_non_null(strstr(f.text, "streams are accepted and never match"));
    assert_int_equal(
        found_in("db-cql", "drn:astra:org:0a020000-0000-4000-8000-000000000a02:db:* @:stream:x", 2).n,
        2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
UNIT_MAIN(T(nothing_is_a_sentence_too), T(a_sentence_counts_what_may_be_done),
          T(an_enterprise_has_permissions_alone), T(what_has_an_effect_is_not_named),
          T(pairs_that_grant_nothing_are_named))
