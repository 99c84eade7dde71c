/* The schema picture: what is dropped is gone with all that hangs on it, what returns is new. */
#include "unit.h"

#include "statement/schema.h"
#include "statement/schema_apply.h"

#include <stdio.h>

static struct arena arena;
static struct arena call;
static struct schema *s;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    arena_init(&call, 1 << 20);
    return schema_new(&arena, (struct hash_seed){7, 9}, &s).code;
}

static int tear_down(void **state)
{
    (void)state;
    arena_drop(&call);
    arena_drop(&arena);
    return 0;
}

static void apply(const char *text)
{
    struct note note = {0};
    assert_ok(schema_apply(s, (bytes){0}, bytes_of_text(text), &call, &note));
    arena_reset(&call);
}

static const struct schema_entry *find(enum schema_object object, const char *ks, const char *name)
{
    return schema_find(s, object, bytes_of_text(ks), bytes_of_text(name));
}

static void finds_nothing_in_an_empty_picture(void **state)
{
    (void)state;
    assert_null(find(SCHEMA_TABLE, "ks", "t"));
    assert_false(schema_has_keyspace(s, BYTES("ks")));
    schema_drop(s, SCHEMA_TABLE, BYTES("ks"), BYTES("t"));
    assert_int_equal(schema_count(s), 0);
}

static void tells_sorts_and_keyspaces_apart(void **state)
{
    (void)state;
    assert_ok(schema_add_table(s, BYTES("ks"), BYTES("x")));
    assert_null(find(SCHEMA_INDEX, "ks", "x"));
    assert_null(find(SCHEMA_TABLE, "ks2", "x"));
    assert_null(find(SCHEMA_TABLE, "ksx", ""));
    assert_null(find(SCHEMA_TABLE, "", "ksx"));
    assert_non_null(find(SCHEMA_TABLE, "ks", "x"));
}

static void knows_a_views_base_and_a_bases_views(void **state)
{
    (void)state;
    assert_ok(schema_add_view(s, BYTES("ks"), BYTES("v1"), BYTES("t")));
    assert_ok(schema_add_view(s, BYTES("ks"), BYTES("v2"), BYTES("t")));
    const struct schema_entry *t = find(SCHEMA_TABLE, "ks", "t");
    assert_ptr_equal(find(SCHEMA_TABLE, "ks", "v1")->owner, t);
    assert_bytes(t->views->name, "v2");
    assert_bytes(t->views->sibling->name, "v1");
    schema_drop(s, SCHEMA_TABLE, BYTES("ks"), BYTES("v2"));
    assert_bytes(t->views->name, "v1");
    assert_null(t->views->sibling);
    assert_ok(schema_add_table(s, BYTES("ks"), BYTES("v2")));
    assert_false(find(SCHEMA_TABLE, "ks", "v2")->view);
}

static void drops_what_hangs_on_a_table(void **state)
{
    (void)state;
    apply("CREATE TABLE ks.t (k int PRIMARY KEY, v int)");
    apply("CREATE INDEX i ON ks.t (v)");
    apply("CREATE INDEX ON ks.t (v)");
    apply("CREATE INDEX ON ks.t (v)");
    assert_bytes(find(SCHEMA_INDEX, "ks", "i")->owner->name, "t");
    assert_non_null(find(SCHEMA_INDEX, "ks", "t_v_idx"));
    assert_non_null(find(SCHEMA_INDEX, "ks", "t_v_idx_1"));
    apply("DROP TABLE ks.t");
    assert_null(find(SCHEMA_INDEX, "ks", "i"));
    assert_null(find(SCHEMA_TABLE, "ks", "t"));
    apply("CREATE TABLE ks.t (k int PRIMARY KEY)");
    assert_null(find(SCHEMA_INDEX, "ks", "i"));
}

static void drops_a_keyspace_whole(void **state)
{
    (void)state;
    apply("CREATE KEYSPACE ks WITH replication = {}");
    apply("CREATE TABLE ks.t (k int PRIMARY KEY)");
    apply("CREATE TABLE other.t (k int PRIMARY KEY)");
    apply("CREATE TYPE ks.y (a int)");
    apply("CREATE FUNCTION ks.f() CALLED ON NULL INPUT RETURNS int LANGUAGE java AS $$ $$");
    apply("DROP KEYSPACE ks");
    assert_false(schema_has_keyspace(s, BYTES("ks")));
    assert_null(find(SCHEMA_TABLE, "ks", "t"));
    assert_null(find(SCHEMA_TYPE, "ks", "y"));
    assert_null(find(SCHEMA_FUNCTION, "ks", "f"));
    assert_non_null(find(SCHEMA_TABLE, "other", "t"));
}

static void counts_overloads(void **state)
{
    (void)state;
    apply("CREATE FUNCTION ks.f(a int) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS ''");
    apply("CREATE FUNCTION ks.f(a text) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS ''");
    apply("CREATE OR REPLACE FUNCTION ks.f(a text) CALLED ON NULL INPUT RETURNS int LANGUAGE "
          "java AS ''");
    apply("DROP FUNCTION ks.f(int)");
    assert_non_null(find(SCHEMA_FUNCTION, "ks", "f"));
    apply("DROP FUNCTION ks.f(text)");
    assert_null(find(SCHEMA_FUNCTION, "ks", "f"));
}

static void knows_columns_and_counters(void **state)
{
    (void)state;
    apply("CREATE TABLE ks.t (a int, b int, c int, d map<text, int>, s counter static, PRIMARY "
          "KEY ((a, b), c))");
    const struct schema_entry *t = find(SCHEMA_TABLE, "ks", "t");
    assert_true(t->counter);
    unsigned kinds[4] = {0};
    for (const struct schema_column *c = t->columns; c; c = c->next) kinds[c->kind]++;
    assert_int_equal(kinds[SCHEMA_COLUMN_PARTITION_KEY], 2);
    assert_int_equal(kinds[SCHEMA_COLUMN_CLUSTERING], 1);
    assert_int_equal(kinds[SCHEMA_COLUMN_STATIC], 1);
    assert_int_equal(kinds[SCHEMA_COLUMN_REGULAR], 1);
}

static void knows_an_aggregates_functions(void **state)
{
    (void)state;
    apply("CREATE AGGREGATE ks.a(int) SFUNC \"F\" STYPE int FINALFUNC g INITCOND 0");
    const struct schema_entry *a = find(SCHEMA_AGGREGATE, "ks", "a");
    assert_bytes(a->state_function, "F");
    assert_bytes(a->final_function, "g");
}

static void applies_a_file_of_statements(void **state)
{
    (void)state;
    struct note note = {0};
    const bytes file = BYTES("CREATE KEYSPACE ks WITH replication = {'a': ';'};\n\n"
                             "-- a comment;\nCREATE TABLE ks.t (k int PRIMARY KEY) ; ;\n"
                             "CREATE FUNCTION ks.f() CALLED ON NULL INPUT RETURNS int LANGUAGE "
                             "java AS $$ ; $$;"
                             "CREATE TYPE ks.y (a int)");
    assert_ok(schema_apply_all(s, file, &call, &note));
    assert_int_equal(schema_count(s), 4);
    assert_err(schema_apply_all(s, BYTES("CREATE TABLE ks.t"), &call, &note), CQL_SYNTAX);
    assert_err(schema_apply_all(s, BYTES("CREATE TABLE t (k int PRIMARY KEY)"), &call, &note),
               CQL_INVALID);
    assert_ok(schema_apply_all(s, BYTES("SELECT * FROM ks.t; CREATE ROLE r"), &call, &note));
}

static void grows_and_still_finds(void **state)
{
    (void)state;
    char name[32];
    for (int i = 0; i < 20000; i++) {
        (void)snprintf(name, sizeof name, "t%d", i);
        assert_ok(schema_add_table(s, BYTES("ks"), bytes_of_text(name)));
        if (i % 3 == 0) schema_drop(s, SCHEMA_TABLE, BYTES("ks"), bytes_of_text(name));
    }
    for (int i = 0; i < 20000; i++) {
        (void)snprintf(name, sizeof name, "t%d", i);
        assert_int_equal(find(SCHEMA_TABLE, "ks", name) != NULL, i % 3 != 0);
    }
}

static void says_when_memory_is_used_up(void **state)
{
    (void)state;
    struct arena small;
    struct schema *tiny = NULL;
    arena_init(&small, 4096);
    assert_ok(schema_new(&small, (struct hash_seed){0}, &tiny));
    err e = DONE;
    char name[32];
    for (int i = 0; i < 100 && err_is_ok(e); i++) {
        (void)snprintf(name, sizeof name, "t%d", i);
        e = schema_add_table(tiny, BYTES("ks"), bytes_of_text(name));
    }
    assert_int_equal(e.code, ERR_NO_MEMORY);
    arena_drop(&small);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

UNIT_MAIN(CASE(finds_nothing_in_an_empty_picture), CASE(tells_sorts_and_keyspaces_apart),
          CASE(knows_a_views_base_and_a_bases_views), CASE(drops_what_hangs_on_a_table),
          CASE(drops_a_keyspace_whole), CASE(counts_overloads), CASE(knows_columns_and_counters),
          CASE(knows_an_aggregates_functions), CASE(applies_a_file_of_statements),
          CASE(grows_and_still_finds), CASE(says_when_memory_is_used_up))
