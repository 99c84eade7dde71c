"""Every kind of statement that is not always refused: its text, what has to be there, and what it asks for."""

KEYSPACE = "kinds"
NEW = "kinds_new"

SETUP = (
    "CREATE TYPE kinds.address (street text)",
    "CREATE TABLE kinds.t (id int PRIMARY KEY, a text, n int, m map<text, int>)",
    "CREATE TABLE kinds.other (id int PRIMARY KEY, a text)",
    "CREATE TABLE kinds.w (part int, row int, a text, PRIMARY KEY (part, row))",
    "CREATE TABLE kinds.counted (id int PRIMARY KEY, n counter)",
    "CREATE TABLE kinds.base (id int PRIMARY KEY, a text)",
    "CREATE TABLE kinds.vectors (id int PRIMARY KEY, v vector<float, 2>)",
    "CREATE CUSTOM INDEX ann ON kinds.vectors (v) USING 'StorageAttachedIndex'",
    "CREATE MATERIALIZED VIEW kinds.seen AS SELECT * FROM kinds.base WHERE a IS NOT NULL AND id IS NOT NULL"
    " PRIMARY KEY (a, id)",
    "CREATE FUNCTION kinds.f (n int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS 'return n + 1;'",
    "CREATE FUNCTION kinds.add2 (s int, n int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS 'return s + n;'",
    "CREATE AGGREGATE kinds.total (int) SFUNC add2 STYPE int INITCOND 0",
    "INSERT INTO kinds.t (id, a, n) VALUES (1, 'x', 1)",
)

SELECT, MODIFY, ALTER = "db-table-select", "db-table-modify", "db-table-alter"
CREATE, DROP, DESCRIBE = "db-table-create", "db-table-drop", "db-table-describe"


class Kind:
    """needs: (action, keyspace, table or None); undo brings back what was; before makes what it wants."""

    def __init__(self, name, text, needs, before=(), undo=(), cassandra=None, keyspace=None, rows=None):
        self.name, self.text = name, text
        self.needs = [(n[0], n[2] if len(n) > 2 else KEYSPACE, n[1]) for n in needs]
        self.before, self.undo = before, undo
        self.extra = cassandra or []        # what Cassandra asks beyond our actions
        self.keyspace, self.rows = keyspace, rows

    def __repr__(self):
        return self.name


FUNCTIONS = ("EXECUTE ON ALL FUNCTIONS IN KEYSPACE kinds",)

KINDS = [
    Kind("SELECT", "SELECT * FROM kinds.t", [(SELECT, "t")]),
    Kind("SELECT quoted", 'SELECT "id" FROM "kinds"."t"', [(SELECT, "t")]),
    Kind("SELECT with comments", "SELECT/**/id -- comment\nFROM/* x */kinds . t // more\n", [(SELECT, "t")]),
    Kind("SELECT JSON", "SELECT JSON id FROM kinds.t", [(SELECT, "t")]),
    Kind("SELECT DISTINCT", "SELECT DISTINCT part FROM kinds.w", [(SELECT, "w")]),
    Kind("SELECT count", "SELECT count(*), max(n) FROM kinds.t", [(SELECT, "t")]),
    Kind("SELECT GROUP BY", "SELECT part, count(*) FROM kinds.w GROUP BY part", [(SELECT, "w")]),
    Kind("SELECT ALLOW FILTERING", "SELECT * FROM kinds.t WHERE a = ' FROM kinds.other ' ALLOW FILTERING", [(SELECT, "t")]),
    Kind("SELECT ANN", "SELECT id FROM kinds.vectors ORDER BY v ANN OF [1, 2] LIMIT 1", [(SELECT, "vectors")]),
    Kind("SELECT of a view", "SELECT * FROM kinds.seen", [(SELECT, "base")]),
    Kind("SELECT function", "SELECT kinds.f(n) FROM kinds.t", [(SELECT, "t"), (SELECT, "*")], cassandra=FUNCTIONS),
    Kind("SELECT aggregate", "SELECT kinds.total(n) FROM kinds.t", [(SELECT, "t"), (SELECT, "*")], cassandra=FUNCTIONS),
    Kind("INSERT", "INSERT INTO kinds.t (id, a) VALUES (2, 'b')", [(MODIFY, "t")]),
    Kind("INSERT JSON", "INSERT INTO kinds.t JSON '{\"id\": 3}' DEFAULT UNSET", [(MODIFY, "t")]),
    Kind("INSERT USING", "INSERT INTO kinds.t (id, a) VALUES (2, 'b') USING TTL 100 AND TIMESTAMP 1", [(MODIFY, "t")]),
    Kind("INSERT IF NOT EXISTS", "INSERT INTO kinds.t (id, a) VALUES (2, 'b') IF NOT EXISTS", [(MODIFY, "t"), (SELECT, "t")]),
    Kind("UPDATE", "UPDATE kinds.t SET a = 'c', m['k'] = 1 WHERE id = 2", [(MODIFY, "t")]),
    Kind("UPDATE counter", "UPDATE kinds.counted SET n = n + 1 WHERE id = 1", [(MODIFY, "counted")]),
    Kind("UPDATE IF", "UPDATE kinds.t SET a = 'c' WHERE id = 2 IF a = 'b'", [(MODIFY, "t"), (SELECT, "t")]),
    Kind("UPDATE IF EXISTS", "UPDATE kinds.t SET a = 'c' WHERE id = 2 IF EXISTS", [(MODIFY, "t"), (SELECT, "t")]),
    Kind("INSERT with a function", "INSERT INTO kinds.t (id, n) VALUES (4, kinds.f(1))",
         [(MODIFY, "t"), (SELECT, "*")], cassandra=FUNCTIONS),
    Kind("DELETE", "DELETE a FROM kinds.t WHERE id = 2", [(MODIFY, "t")]),
    Kind("DELETE IF", "DELETE FROM kinds.t WHERE id = 2 IF EXISTS", [(MODIFY, "t"), (SELECT, "t")]),
    Kind("UPDATE of a base table", "UPDATE kinds.base SET a = 'z' WHERE id = 1", [(MODIFY, "base")],
         cassandra=("SELECT ON TABLE kinds.base", "MODIFY ON TABLE kinds.seen")),
    Kind("BATCH", "BEGIN BATCH INSERT INTO kinds.t (id, a) VALUES (5, 'b'); DELETE FROM kinds.other WHERE id = 1;"
         " APPLY BATCH", [(MODIFY, "t"), (MODIFY, "other")]),
    Kind("BATCH UNLOGGED", "BEGIN UNLOGGED BATCH UPDATE kinds.t SET a = 'q' WHERE id = 5"
         " INSERT INTO kinds.other (id) VALUES (1) APPLY BATCH", [(MODIFY, "t"), (MODIFY, "other")]),
    Kind("BATCH COUNTER", "BEGIN COUNTER BATCH UPDATE kinds.counted SET n = n + 1 WHERE id = 1; APPLY BATCH",
         [(MODIFY, "counted")]),
    Kind("TRUNCATE", "TRUNCATE kinds.other", [(MODIFY, "other")]),
    Kind("TRUNCATE TABLE", "TRUNCATE TABLE kinds.other", [(MODIFY, "other")]),
    Kind("CREATE KEYSPACE", "CREATE KEYSPACE kinds_new WITH replication = {'class': 'SimpleStrategy',"
         " 'replication_factor': 1}", [("db-keyspace-create", None, NEW)], undo=("DROP KEYSPACE IF EXISTS kinds_new",)),
    Kind("ALTER KEYSPACE", "ALTER KEYSPACE kinds WITH durable_writes = true", [("db-keyspace-alter", None)]),
    Kind("DROP KEYSPACE", "DROP KEYSPACE kinds_new", [("db-keyspace-drop", None, NEW)],
         before=("CREATE KEYSPACE IF NOT EXISTS kinds_new WITH replication = {'class': 'SimpleStrategy',"
                 " 'replication_factor': 1}", "GRANT DROP ON KEYSPACE kinds_new TO gateway_of_tests"),
         undo=("DROP KEYSPACE IF EXISTS kinds_new",)),
    Kind("CREATE TABLE", "CREATE TABLE kinds.made (id int PRIMARY KEY, a text, s text MASKED WITH DEFAULT)"
         " WITH comment = 'x' AND gc_grace_seconds = 10", [(CREATE, "made")], undo=("DROP TABLE IF EXISTS kinds.made",)),
    Kind("CREATE TABLE IF NOT EXISTS", "CREATE TABLE IF NOT EXISTS kinds.made (part int, row int, f frozen<list<int>>,"
         " PRIMARY KEY ((part), row)) WITH CLUSTERING ORDER BY (row DESC)", [(CREATE, "made")],
         undo=("DROP TABLE IF EXISTS kinds.made",)),
    Kind("ALTER TABLE ADD", "ALTER TABLE kinds.other ADD extra int", [(ALTER, "other")],
         undo=("ALTER TABLE kinds.other DROP IF EXISTS extra",)),
    Kind("ALTER TABLE DROP", "ALTER TABLE kinds.other DROP extra", [(ALTER, "other")],
         before=("ALTER TABLE kinds.other ADD IF NOT EXISTS extra int",), undo=("ALTER TABLE kinds.other DROP IF EXISTS extra",)),
    Kind("ALTER TABLE RENAME", "ALTER TABLE kinds.w RENAME row TO line", [(ALTER, "w")],
         undo=("ALTER TABLE kinds.w RENAME IF EXISTS line TO row",)),
    Kind("ALTER TABLE WITH", "ALTER TABLE kinds.other WITH comment = 'new' AND compaction ="
         " {'class': 'SizeTieredCompactionStrategy'}", [(ALTER, "other")]),
    Kind("ALTER TABLE MASKED", "ALTER TABLE kinds.other ALTER a MASKED WITH DEFAULT", [(ALTER, "other")],
         undo=("ALTER TABLE kinds.other ALTER a DROP MASKED",)),
    Kind("DROP TABLE", "DROP TABLE kinds.gone", [(DROP, "gone")],
         before=("CREATE TABLE IF NOT EXISTS kinds.gone (id int PRIMARY KEY)",), undo=("DROP TABLE IF EXISTS kinds.gone",)),
    Kind("CREATE INDEX", "CREATE INDEX made_index ON kinds.other (a)", [(ALTER, "other")],
         undo=("DROP INDEX IF EXISTS kinds.made_index",)),
    Kind("CREATE CUSTOM INDEX", "CREATE CUSTOM INDEX made_index ON kinds.other (a) USING 'StorageAttachedIndex'"
         " WITH OPTIONS = {'case_sensitive': 'false'}", [(ALTER, "other")], undo=("DROP INDEX IF EXISTS kinds.made_index",)),
    Kind("DROP INDEX", "DROP INDEX kinds.old_index", [(ALTER, "other")],
         before=("CREATE INDEX IF NOT EXISTS old_index ON kinds.other (a)",), undo=("DROP INDEX IF EXISTS kinds.old_index",)),
    Kind("CREATE MATERIALIZED VIEW", "CREATE MATERIALIZED VIEW kinds.made_view AS SELECT id, a FROM kinds.other"
         " WHERE a IS NOT NULL AND id IS NOT NULL PRIMARY KEY (a, id)",
         [(ALTER, "other"), (SELECT, "other"), (CREATE, "made_view")],
         undo=("DROP MATERIALIZED VIEW IF EXISTS kinds.made_view",)),
    Kind("ALTER MATERIALIZED VIEW", "ALTER MATERIALIZED VIEW kinds.seen WITH comment = 'x'", [(ALTER, "base")]),
    Kind("DROP MATERIALIZED VIEW", "DROP MATERIALIZED VIEW kinds.former", [(ALTER, "other"), (DROP, "former")],
         before=("CREATE MATERIALIZED VIEW IF NOT EXISTS kinds.former AS SELECT id, a FROM kinds.other"
                 " WHERE a IS NOT NULL AND id IS NOT NULL PRIMARY KEY (a, id)",),
         undo=("DROP MATERIALIZED VIEW IF EXISTS kinds.former",)),
    Kind("CREATE TYPE", "CREATE TYPE kinds.made_type (a int, b frozen<address>)", [(CREATE, "*")],
         undo=("DROP TYPE IF EXISTS kinds.made_type",)),
    Kind("ALTER TYPE", "ALTER TYPE kinds.old_type ADD IF NOT EXISTS c int", [(ALTER, "*")],
         before=("CREATE TYPE IF NOT EXISTS kinds.old_type (a int)",), undo=("DROP TYPE IF EXISTS kinds.old_type",)),
    Kind("DROP TYPE", "DROP TYPE kinds.old_type", [(DROP, "*")],
         before=("CREATE TYPE IF NOT EXISTS kinds.old_type (a int)",), undo=("DROP TYPE IF EXISTS kinds.old_type",)),
    Kind("DESCRIBE TABLE", "DESCRIBE TABLE kinds.t", [(DESCRIBE, "t")]),
    Kind("DESCRIBE KEYSPACE", "DESCRIBE KEYSPACE kinds", [("db-keyspace-describe", None)]),
]

# Refused whatever the token may do: text, and the words that the refusal names it by.
REFUSED = [
    ("CREATE ROLE intruder WITH PASSWORD = 'x' AND LOGIN = true", "CREATE ROLE"),
    ("CREATE USER intruder WITH PASSWORD 'x'", "CREATE USER"),
    ("ALTER ROLE gateway_of_tests WITH PASSWORD = 'x'", "ALTER ROLE"),
    ("ALTER USER gateway_of_tests WITH PASSWORD 'x'", "ALTER USER"),
    ("DROP ROLE gateway_of_tests", "DROP ROLE"),
    ("DROP USER gateway_of_tests", "DROP USER"),
    ("GRANT SELECT ON kinds.t TO gateway_of_tests", "GRANT"),
    ("GRANT ALL ON ALL KEYSPACES TO gateway_of_tests", "GRANT"),
    ("GRANT cassandra TO gateway_of_tests", "GRANT"),
    ("REVOKE SELECT ON kinds.t FROM gateway_of_tests", "REVOKE"),
    ("REVOKE cassandra FROM gateway_of_tests", "REVOKE"),
    ("LIST ROLES", "LIST"),
    ("LIST ROLES OF gateway_of_tests", "LIST"),
    ("LIST USERS", "LIST"),
    ("LIST SUPERUSERS", "LIST"),
    ("LIST ALL PERMISSIONS", "LIST"),
    ("LIST SELECT ON kinds.t OF gateway_of_tests", "LIST"),
    ("ADD IDENTITY 'spiffe://x' TO ROLE 'cassandra'", "ADD IDENTITY"),
    ("DROP IDENTITY 'spiffe://x'", "DROP IDENTITY"),
    ("CREATE FUNCTION kinds.g (n int) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS 'return 1;'", "CREATE FUNCTION"),
    ("CREATE OR REPLACE FUNCTION kinds.f (n int) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS $$return 1;$$",
     "CREATE FUNCTION"),
    ("DROP FUNCTION kinds.f", "DROP FUNCTION"),
    ("CREATE AGGREGATE kinds.h (int) SFUNC add2 STYPE int INITCOND 0", "CREATE AGGREGATE"),
    ("DROP AGGREGATE kinds.total", "DROP AGGREGATE"),
    ("CREATE TRIGGER x ON kinds.t USING 'org.example.Trigger'", "CREATE TRIGGER"),
    ("DROP TRIGGER x ON kinds.t", "DROP TRIGGER"),
]

# Neither known nor forwarded: a syntax error of the gateway's own.
UNKNOWN = [
    "BEGIN TRANSACTION SELECT * FROM kinds.t WHERE id = 1; COMMIT TRANSACTION",
    "CREATE TABLE kinds.made LIKE kinds.t",
    "COMMENT ON TABLE kinds.t IS 'x'",
    "RESTRICT SELECT ON kinds.t TO gateway_of_tests",
    "SELECT * FROM kinds.t; SELECT * FROM vault.secrets",
    "SELECT * FROM kinds.t BYPASS CACHE",
    "SELECT * FROM MUTATION_FRAGMENTS(kinds.t)",
    "PRUNE MATERIALIZED VIEW kinds.seen",
    "EXPLAIN SELECT * FROM kinds.t",
    "SELECT * FROM kinds.t /* unterminated",
    "SELECT * FROM kinds.t -- no end of line",
    "SELECT * FROM kinds.t WHERE id = 1 GARBAGE",
    "SELECT\x0b* FROM kinds.t",
    "SELECT\u00a0* FROM kinds.t",
    "\ufeffSELECT * FROM kinds.t",
    "",
    ";",
    "()",
]

# Read by nobody through the gateway, however much the token may do.
SYSTEM = [
    "SELECT * FROM system_auth.roles",
    "SELECT salted_hash FROM system_auth.roles",
    "SELECT * FROM system.prepared_statements",
    "SELECT * FROM system_views.clients",
    "SELECT * FROM system_views.queries",
    "SELECT * FROM system_traces.sessions",
    "SELECT * FROM system_traces.events",
    "SELECT * FROM system_distributed.repair_history",
    "SELECT * FROM system.size_estimates",
    "SELECT * FROM system.paxos",
    "INSERT INTO system_auth.roles (role, is_superuser) VALUES ('x', true)",
    "UPDATE system.local SET cluster_name = 'x' WHERE key = 'local'",
    "TRUNCATE system_traces.events",
    "ALTER KEYSPACE system_auth WITH durable_writes = false",
    "DROP TABLE system_auth.roles",
    "ALTER TABLE system_traces.events WITH comment = 'x'",
    "CREATE TABLE system_auth.mine (id int PRIMARY KEY)",
    "DROP KEYSPACE system_distributed",
]
