/* What the tables of texts do not show: limits, the simple form of a SELECT, words of a denial. */
#include "unit.h"

#include "cql/parser.h"
#include "statement/schema.h"
#include "statement/statement.h"

#include <stdio.h>
#include <stdlib.h>

static struct arena arena;
static struct arena call;
static struct schema *schema;
static struct statement s;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    arena_init(&call, 64 << 20);
    return schema_new(&arena, (struct hash_seed){0}, &schema).code;
}

static int tear_down(void **state)
{
    (void)state;
    arena_drop(&call);
    arena_drop(&arena);
    return 0;
}

static err understand(bytes text)
{
    struct note note = {0};
    return statement_understand(schema, BYTES("ks"), text, &call, &s, &note);
}

static void refuses_what_is_no_text(void **state)
{
    (void)state;
    assert_err(understand((bytes){0}), CQL_SYNTAX);
    assert_err(understand(BYTES("SELECT * FROM t WHERE k = '\xff'")), CQL_SYNTAX);
    assert_err(understand(BYTES("SELECT * FROM t WHERE k = '\xed\xa0\x80'")), CQL_SYNTAX);
    assert_err(understand(BYTES("SELECT * FROM t\0")), CQL_SYNTAX);
    assert_err(understand(BYTES("SELECT * FROM\xc2\xa0t")), CQL_SYNTAX);
    assert_err(understand(BYTES("\xef\xbb\xbfSELECT * FROM t")), CQL_SYNTAX);
    assert_err(understand(BYTES("SELECT * FROM\ft")), CQL_SYNTAX);
    assert_err(understand(BYTES("SELECT * FROM\vt")), CQL_SYNTAX);
    assert_ok(understand(BYTES("SELECT *\r\n\tFROM t WHERE k = 'a\0b' AND \"\0\" = 1")));
    assert_bytes(bytes_part(s.text, 0, 37), "SELECT * FROM \"ks\".\"t\" WHERE \"k\" = 'a");
}

/* head, then `n` times `part`, then tail. */
static err repeated(const char *head, const char *part, size_t n, const char *tail)
{
    const size_t size = strlen(head) + n * strlen(part) + strlen(tail) + 1;
    char *text = malloc(size);
    assert_non_null(text);
    strcpy(text, head);
    char *at = text + strlen(head);
    for (size_t i = 0; i < n; i++, at += strlen(part)) strcpy(at, part);
    strcpy(at, tail);
    const err e = understand(bytes_of_text(text));
    free(text);
    return e;
}

static void refuses_what_is_nested_too_deeply(void **state)
{
    (void)state;
    static const char *const openings[] = {"[",  "(",   "{",   "(int)", "-",
                                           "f(", "{a:", "[f(", "cast("};
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        assert_err(repeated("INSERT INTO t (k) VALUES (", openings[i], 100000, "1"), CQL_SYNTAX);
        assert_err(repeated("SELECT ", openings[i], 100000, " FROM t"), CQL_SYNTAX);
        arena_reset(&call);
    }
    assert_err(repeated("SELECT * FROM t WHERE ", "(", 100000, "a = 1"), CQL_SYNTAX);
    assert_err(repeated("CREATE TABLE t (k ", "list<", 100000, "int"), CQL_SYNTAX);
    assert_err(repeated("SELECT ", "(a)", 100000, " FROM t"), CQL_SYNTAX);
}

static void takes_what_is_merely_long(void **state)
{
    (void)state;
    assert_ok(repeated("SELECT * FROM t WHERE k IN (0", ", 1", 100000, ")"));
    arena_reset(&call);
    assert_ok(repeated("BEGIN BATCH ", "INSERT INTO t (k) VALUES (1); ", 20000, "APPLY BATCH"));
    assert_int_equal(s.needs_n, 1);
    arena_reset(&call);
    assert_ok(repeated("SELECT a", " + a", 100000, " FROM t"));
    arena_reset(&call);
    assert_ok(repeated("SELECT a", ".b[1]", 50000, " FROM t"));
    arena_reset(&call);
    assert_err(repeated("BEGIN BATCH ", "DELETE FROM t WHERE k = 1 ", 70000, "APPLY BATCH"),
               CQL_SYNTAX);
}

static void says_when_memory_is_used_up(void **state)
{
    (void)state;
    static const char text[] = "BEGIN BATCH INSERT INTO \"T\"\"\" (\"a\"\"b\", c) VALUES ($$x$$, "
                               "f(1)); "
                               "UPDATE Ks2.T SET a = 1 WHERE k = 1 APPLY BATCH";
    struct note note = {0};
    bool done = false;
    for (size_t max = 0; max < 20000 && !done; max += 16) {
        struct arena small;
        arena_init(&small, max);
        const err e = statement_understand(schema, BYTES("ks"), bytes_of_text(text), &small, &s,
                                           &note);
        done = err_is_ok(e);
        if (!done) assert_int_equal(e.code, ERR_NO_MEMORY);
        arena_drop(&small);
    }
    assert_true(done);
}

static void shows_the_simple_form_of_a_select(void **state)
{
    (void)state;
    assert_ok(understand(BYTES("SELECT a, \"B\" AS c FROM system.local WHERE key = 'it''s' AND x "
                               "IN (1, ?, :Y) "
                               "AND z IN ? AND u = 550e8400-e29b-41d4-a716-446655440000 AND v = "
                               "true "
                               "AND w = null LIMIT :n")));
    const struct statement_select *q = &s.select;
    assert_true(q->simple);
    assert_int_equal(q->selectors_n, 2);
    assert_bytes(q->selectors[1].column, "B");
    assert_bytes(q->selectors[1].alias, "c");
    assert_int_equal(q->where_n, 6);
    assert_bytes(q->where[0].values[0].text, "it's");
    assert_true(q->where[1].in && !q->where[1].in_bind);
    assert_int_equal(q->where[1].values_n, 3);
    assert_int_equal(q->where[1].values[1].bind, 0);
    assert_int_equal(q->where[1].values[2].bind, 1);
    assert_bytes(q->where[1].values[2].text, "y");
    assert_true(q->where[2].in_bind);
    assert_int_equal(q->where[2].values[0].bind, 2);
    assert_int_equal(q->where[3].values[0].type, STATEMENT_VALUE_UUID);
    assert_int_equal(q->where[4].values[0].type, STATEMENT_VALUE_BOOLEAN);
    assert_int_equal(q->where[5].values[0].type, STATEMENT_VALUE_NULL);
    assert_true(q->limited);
    assert_int_equal(q->limit.bind, 3);
    assert_int_equal(s.binds_n, 4);
}

static void knows_shapes_that_are_not_simple(void **state)
{
    (void)state;
    static const char *const shapes[] = {
        "SELECT ttl(a) FROM system.peers", "SELECT a[1] FROM system.peers",
        "SELECT a.b FROM system.peers",
        "SELECT * FROM system.peers WHERE a > 1",
        "SELECT * FROM system.peers WHERE (a, b) = (1, 2)",
        "SELECT * FROM system.peers GROUP BY a", "SELECT * FROM system.peers ORDER BY a",
        "SELECT * FROM system.peers PER PARTITION LIMIT 1",
        "SELECT * FROM system.peers WHERE a = f(1)",
        "SELECT * FROM system.peers WHERE a[1] = 1", "SELECT count(a) FROM system.peers",
        "SELECT count(*), a FROM system.peers", "SELECT * FROM system.peers WHERE a = -?",
        "SELECT * FROM system.peers WHERE a CONTAINS 1",
        "SELECT * FROM system.peers WHERE a = 1 + 1"};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        assert_ok(understand(bytes_of_text(shapes[i])));
        assert_false(s.select.simple);
        assert_int_equal(s.route, STATEMENT_ROUTE_LOCAL_SYSTEM);
    }
    assert_ok(understand(BYTES("SELECT JSON DISTINCT count, json FROM system.peers ALLOW "
                               "FILTERING")));
    assert_true(s.select.simple && s.select.json && s.select.distinct && !s.select.count);
    assert_ok(understand(BYTES("SELECT count(*) AS n FROM system.peers LIMIT 3")));
    assert_true(s.select.simple && s.select.count);
    assert_bytes(s.select.selectors[0].alias, "n");
}

static void folds_names(void **state)
{
    (void)state;
    bytes name;
    assert_ok(statement_fold_name(BYTES("KeySpace1"), &call, &name));
    assert_bytes(name, "keyspace1");
    assert_ok(statement_fold_name(BYTES("\"Key\"\"Space\""), &call, &name));
    assert_bytes(name, "Key\"Space");
    assert_ok(statement_fold_name(BYTES("TTL"), &call, &name));
    assert_bytes(name, "ttl");
    static const char *const bad[] = {"",    "select", "a b",  "a.b", "'a'",
                                      "\"a", "1a",     "\"\"", "a;",  "a\n--"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_err(statement_fold_name(bytes_of_text(bad[i]), &call, &name), CQL_SYNTAX);
    }
    assert_bytes(statement_quote_name(BYTES("a\"b"), &call), "\"a\"\"b\"");
}

static void knows_system_keyspaces_in_any_case(void **state)
{
    (void)state;
    static const char *const system[] = {"system", "SYSTEM", "system_auth", "System_X",
        "dse_security", "dse"};
    static const char *const users[] = {"", "ks", "systematic", "my_system", "dsefuture", "sys"};
    for (size_t i = 0; i < sizeof system / sizeof system[0]; i++) {
        assert_true(statement_is_system_keyspace(bytes_of_text(system[i])));
        assert_false(statement_is_system_keyspace(bytes_of_text(users[i])));
    }
}

static void speaks_of_targets_as_cassandra_does(void **state)
{
    (void)state;
    struct statement_need need = {.action = ACTION_DB_TABLE_SELECT, .keyspace = BYTES("ks"),
                                  .table = BYTES("t"), .named = BYTES("v")};
    assert_string_equal(statement_permission(need.action), "SELECT");
    assert_string_equal(statement_permission(ACTION_DB_ALL_KEYSPACE_CREATE), "CREATE");
    assert_bytes(statement_target(&need, &call), "<table ks.v>");
    need.table_any = true;
    assert_bytes(statement_target(&need, &call), "<all tables in ks>");
    need = (struct statement_need){.keyspace = BYTES("ks")};
    assert_bytes(statement_target(&need, &call), "<keyspace ks>");
    need = (struct statement_need){0};
    assert_bytes(statement_target(&need, &call), "<all keyspaces>");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

UNIT_MAIN(CASE(refuses_what_is_no_text), CASE(refuses_what_is_nested_too_deeply),
          CASE(takes_what_is_merely_long), CASE(says_when_memory_is_used_up),
          CASE(shows_the_simple_form_of_a_select), CASE(knows_shapes_that_are_not_simple),
          CASE(folds_names), CASE(knows_system_keyspaces_in_any_case),
          CASE(speaks_of_targets_as_cassandra_does))
