/* What the grammar takes and refuses, and which names it finds; the corpus has the breadth. */
#include "unit.h"

#include "cql/parser.h"

#include <stdio.h>

static struct arena arena;
static struct parser_statement p;
static struct note note;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 22);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_drop(&arena);
    return 0;
}

static err parse(const char *text)
{
    return parser_read(bytes_of_text(text), &arena, &p, &note);
}

/* Each was refused by Cassandra 5.0's own parser too. */
static void refuses_what_cassandra_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", ";", "SELECT", "SELECT FROM t", "SELECT a, FROM t", "SELECT * , a FROM t",
        "SELECT a b FROM t",
        "SELECT * FROM t WHERE", "SELECT * FROM t WHERE a", "SELECT * FROM t WHERE a = b",
        "SELECT * FROM t WHERE a = 1 OR b = 2", "SELECT * FROM t WHERE NOT a = 1",
        "SELECT * FROM t WHERE a IN 1",
        "SELECT * FROM t LIMIT 'x'", "SELECT * FROM t LIMIT 1 LIMIT 2",
        "SELECT * FROM t LIMIT 1 ORDER BY a",
        "SELECT * FROM t ALLOW", "SELECT * FROM t, u", "SELECT * FROM a.b.c", "SELECT * FROM (t)",
        "SELECT JSON * 3 FROM t", "SELECT a[] FROM t", "SELECT a[1..2..3] FROM t",
        "SELECT count(*, a) FROM t",
        "SELECT cast(a AS address) FROM t", "SELECT ttl(f(a)) FROM t", "SELECT \"\" FROM t",
        "INSERT INTO t VALUES (1)", "INSERT INTO t () VALUES ()", "INSERT INTO t (a) VALUES (b)",
        "INSERT INTO t (a) VALUES (1) USING TTL", "INSERT INTO t JSON 5", "INSERT t (a) VALUES (1)",
        "INSERT INTO t (a) VALUES (1) USING TTL 5 IF NOT EXISTS", "UPDATE t SET a = 1",
        "UPDATE t SET WHERE k = 1",
        "UPDATE t SET a = b + 1 WHERE k = 1", "UPDATE t SET a = 1 + b WHERE k = 1",
        "UPDATE t SET a = a WHERE k = 1",
        "UPDATE t SET a = 1 WHERE k = 1 IF NOT EXISTS", "DELETE FROM t",
        "DELETE * FROM t WHERE k = 1",
        "DELETE FROM t USING TTL 5 WHERE k = 1", "BEGIN BATCH", "BEGIN BATCH; APPLY BATCH",
        "BEGIN BATCH INSERT INTO t (a) VALUES (1);; APPLY BATCH", "BEGIN LOGGED BATCH APPLY BATCH",
        "TRUNCATE", "TRUNCATE TABLE", "TRUNCATE t, u", "USE", "USE a.b", "USE ?", "USE 'a'",
        "CREATE TABLE t", "CREATE TABLE t ()", "CREATE TABLE t (a)", "CREATE TABLE t (, a int)",
        "CREATE TABLE t (a int PRIMARY)", "CREATE TABLE t (a byte PRIMARY KEY)",
        "CREATE TABLE t (a map<int>)",
        "CREATE TABLE t (a vector<float>)", "CREATE TABLE t (a int) WITH x",
        "CREATE TABLE t (a int) WITH x = y",
        "CREATE TABLE t (a int) WITH x = {'a': ?}",
        "CREATE TABLE t (a int) WITH CLUSTERING ORDER BY (a)",
        "CREATE KEYSPACE k", "CREATE SCHEMA k WITH x = 1", "CREATE INDEX", "CREATE INDEX i ON t",
        "CREATE INDEX ON t a",
        "CREATE INDEX k.i ON t (a)", "CREATE MATERIALIZED VIEW v AS SELECT * FROM t",
        "CREATE TYPE t ()",
        "CREATE TYPE int (a int)", "CREATE OR REPLACE TABLE t (a int)", "ALTER TABLE t",
        "ALTER TABLE t ADD",
        "ALTER TABLE t RENAME a", "ALTER TABLE t DROP", "ALTER KEYSPACE k", "ALTER INDEX i", "DROP",
        "DROP TABLE",
        "DROP TABLE t, u", "DROP TABLE t CASCADE", "DROP SCHEMA k", "DESCRIBE", "DESC TABLE",
        "DESC FULL", "DESC 'x'",
        "DESC CLUSTER.x", "EXPLAIN SELECT * FROM t", "select * from t where k between 1 and 2"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (parse(bad[i]).code != ERR_CQL_SYNTAX) fail_msg("taken: %s", bad[i]);
        arena_reset(&arena);
    }
}

static void assert_ref(uint32_t i, enum parser_role role, const char *keyspace, const char *name)
{
    assert_true(i < p.refs_n);
    assert_int_equal(p.refs[i].role, role);
    assert_bytes(lexer_text(p.text, &p.tokens[p.refs[i].name]), name);
    if (!keyspace) assert_int_equal(p.refs[i].keyspace, PARSER_NONE);
    else assert_bytes(lexer_text(p.text, &p.tokens[p.refs[i].keyspace]), keyspace);
}

static void finds_the_names(void **state)
{
    (void)state;
    assert_ok(parse("SELECT f(a), k.g((k2.type) {x: h(1)}) FROM k3.t WHERE b = (frozen<u>) i(?)"));
    assert_int_equal(p.kind, STATEMENT_SELECT);
    assert_int_equal(p.refs_n, 7);
    assert_ref(0, PARSER_FUNCTION, NULL, "f");
    assert_ref(1, PARSER_FUNCTION, "k", "g");
    assert_ref(2, PARSER_TYPE, "k2", "type");
    assert_ref(3, PARSER_FUNCTION, NULL, "h");
    assert_ref(4, PARSER_TABLE, "k3", "t");
    assert_ref(5, PARSER_TYPE, NULL, "u");
    assert_ref(6, PARSER_FUNCTION, NULL, "i");
    assert_int_equal(p.parts[0].table, 4);
    assert_int_equal(p.binds_n, 1);
}

static void keeps_the_statements_of_a_batch_apart(void **state)
{
    (void)state;
    assert_ok(parse("BEGIN COUNTER BATCH USING TIMESTAMP ? UPDATE a.t SET c += 1 WHERE k = 1; "
                    "DELETE FROM u WHERE k = f(:x) "
                    "IF EXISTS INSERT INTO v (k) VALUES (1) APPLY BATCH;;"));
    assert_int_equal(p.kind, STATEMENT_BATCH);
    assert_int_equal(p.batch, PARSER_BATCH_COUNTER);
    assert_int_equal(p.parts_n, 3);
    assert_int_equal(p.parts[0].kind, STATEMENT_UPDATE);
    assert_false(p.parts[0].conditional);
    assert_true(p.parts[1].conditional);
    assert_int_equal(p.parts[2].kind, STATEMENT_INSERT);
    assert_ref(2, PARSER_FUNCTION, NULL, "f");
    assert_int_equal(p.refs[2].part, 1);
    assert_int_equal(p.binds_n, 2);
    assert_int_equal(p.tokens[p.tokens_n - 1].type, K_BATCH);
}

static void forgets_what_it_tried_in_vain(void **state)
{
    (void)state;
    assert_ok(parse("SELECT (a) AS b, (c.d) + ?, json FROM t WHERE (e = ?)"));
    assert_int_equal(p.refs_n, 1);
    assert_int_equal(p.binds_n, 2);
    assert_ok(parse("SELECT json, distinct FROM t"));
    assert_int_equal(p.tokens[1].mark, PARSER_NAME);
    assert_ok(parse("SELECT JSON DISTINCT json FROM t"));
    assert_int_equal(p.tokens[1].mark, PARSER_AS_IS);
    assert_int_equal(p.tokens[3].mark, PARSER_NAME);
    assert_ok(parse("SELECT now() FROM t"));
    assert_true(p.column_free);
    assert_ok(parse("SELECT now(), count(*) FROM t"));
    assert_false(p.column_free);
}

static void names_the_place_of_an_error(void **state)
{
    (void)state;
    assert_err(parse("SELECT a\nFROM t WHERE b == 1"), CQL_SYNTAX);
    assert_string_equal(note.text, "line 2:16 not expected here: '='");
    assert_err(parse("SELECT a FROM"), CQL_SYNTAX);
    assert_string_equal(note.text, "line 1:13 something is missing at the end of the statement");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

UNIT_MAIN(CASE(refuses_what_cassandra_refuses), CASE(finds_the_names),
          CASE(keeps_the_statements_of_a_batch_apart), CASE(forgets_what_it_tried_in_vain),
          CASE(names_the_place_of_an_error))
