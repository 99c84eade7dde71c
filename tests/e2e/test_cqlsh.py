"""The unmodified cqlsh from PyPI through the gateway: what a person types."""
import os
import re
import subprocess
import sys

import pytest

CQLSH = os.path.join(os.path.dirname(sys.executable), "cqlsh")


@pytest.fixture(scope="module")
def desk(real, database):
    real.make_keyspace(
        "desk",
        "CREATE TYPE desk.address (street text, number int)",
        "CREATE TABLE desk.people (id int PRIMARY KEY, name text, home frozen<address>)",
        "CREATE TABLE desk.numbers (id int PRIMARY KEY, square bigint)",
        "CREATE TABLE desk.copied (id int PRIMARY KEY, square bigint)",
        "CREATE INDEX people_name ON desk.people (name)",
        "INSERT INTO desk.people (id, name, home) VALUES (1, 'Ada', {street: 'Long', number: 3})")


@pytest.fixture
def cqlsh(door, tmp_path):
    """Runs statements as some token; the answer's text and exit code."""
    def run(token, statements, username="token", password=None, version=4, options=()):
        arguments = [sys.executable, CQLSH, "--no-color", "-u", username, "-p", password or token.text,
                     "--protocol-version", str(version), "--connect-timeout", "20", "--request-timeout", "60",
                     *options, "127.0.0.1", str(door.port)]
        environment = dict(os.environ, HOME=str(tmp_path), CQL_HISTORY=str(tmp_path / "history"))
        return subprocess.run(arguments, input=statements, capture_output=True, text=True,
                              env=environment, cwd=tmp_path, timeout=180)
    return run


def good(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("version", [3, 4])
def test_cqlsh_reads_a_table_with_a_token(cqlsh, orders_only, version):
    out = good(cqlsh(orders_only, "SELECT item FROM shop.orders WHERE id = 1;", version=version))
    assert "lamp" in out and "(1 rows)" in out


def test_cqlsh_logs_in_with_client_id_and_secret(cqlsh, orders_only):
    out = good(cqlsh(None, "SELECT item FROM shop.orders WHERE id = 1;", orders_only.client_id, orders_only.secret))
    assert "lamp" in out


def test_cqlsh_with_a_wrong_token_says_bad_credentials(cqlsh, orders_only):
    done = cqlsh(None, "SELECT now() FROM system.local;", password=orders_only.text[:-1] + "!")
    assert done.returncode != 0 and "Bad credentials" in done.stdout + done.stderr


def test_cqlsh_without_a_pinned_version_steps_down_and_works(door, orders_only, tmp_path):
    done = subprocess.run([sys.executable, CQLSH, "-u", "token", "-p", orders_only.text, "127.0.0.1", str(door.port),
                           "-e", "SELECT item FROM shop.orders WHERE id = 2"], capture_output=True, text=True,
                          env=dict(os.environ, HOME=str(tmp_path)), timeout=60)
    assert done.returncode == 0 and "door" in done.stdout, done.stdout + done.stderr


def test_a_refused_table_is_explained_with_action_and_resource(cqlsh, orders_only, database):
    done = cqlsh(orders_only, "SELECT * FROM shop.customers;")
    assert "Unauthorized" in done.stderr and "missing db-table-select on " + database.drn("shop", "customers") in done.stderr


def test_show_version_and_host_work(cqlsh, orders_only):
    out = good(cqlsh(orders_only, "SHOW VERSION\nSHOW HOST\n"))
    assert "Cassandra 5.0" in out and "Connected to" in out


def test_use_then_unqualified_names(cqlsh, everything, desk):
    assert "Ada" in good(cqlsh(everything, "USE desk;\nSELECT name FROM people;\n"))


def test_the_health_check_of_everybody_works(cqlsh, orders_only):
    out = good(cqlsh(orders_only, "SELECT now() FROM system.local;\nSELECT release_version FROM system.local;\n"))
    assert "5.0" in out


@pytest.mark.parametrize("statement,words", [
    ("DESCRIBE KEYSPACES", ["desk", "shop"]),
    ("DESCRIBE TABLES", ["people", "orders"]),
    ("DESCRIBE TYPES", ["address"]),
    ("DESCRIBE KEYSPACE desk", ["CREATE KEYSPACE desk", "CREATE TABLE desk.people", "CREATE TYPE desk.address"]),
    ("DESCRIBE TABLE desk.people", ["CREATE TABLE desk.people", "CREATE INDEX people_name"]),
    ("DESC desk.people", ["CREATE TABLE desk.people"]),
    ("DESCRIBE TYPE desk.address", ["CREATE TYPE desk.address"]),
    ("DESCRIBE INDEX desk.people_name", ["CREATE INDEX people_name"]),
    ("DESCRIBE SCHEMA", ["CREATE KEYSPACE desk", "CREATE KEYSPACE shop"]),
    ("DESCRIBE FULL SCHEMA", ["CREATE KEYSPACE desk"]),
    ("DESCRIBE CLUSTER", ["Partitioner: Murmur3Partitioner", "Snitch"]),
    ("DESCRIBE TABLE desk.people WITH INTERNALS", ["CREATE TABLE desk.people"])])
def test_describe_shows_what_is_there(cqlsh, everything, desk, statement, words):
    out = good(cqlsh(everything, statement + ";\n"))
    for word in words:
        assert word in out, out


def test_describe_in_a_keyspace_that_is_used(cqlsh, everything, desk):
    out = good(cqlsh(everything, "USE desk;\nDESCRIBE TABLES;\nDESCRIBE TABLE people;\n"))
    assert "CREATE TABLE desk.people" in out


@pytest.mark.parametrize("statement", ["DESCRIBE KEYSPACES", "DESCRIBE TABLES", "DESCRIBE SCHEMA", "DESCRIBE FULL SCHEMA",
                                       "DESCRIBE TYPES", "DESCRIBE CLUSTER", "DESCRIBE KEYSPACE vault",
                                       "DESCRIBE TABLE vault.secrets", "DESCRIBE KEYSPACE shop"])
def test_describe_never_names_what_a_limited_token_may_not_see(cqlsh, orders_only, desk, statement):
    done = cqlsh(orders_only, statement + ";\n")
    out = done.stdout + done.stderr.replace(statement, "")
    for secret in ("CREATE KEYSPACE vault", "secrets (", "customers", "desk"):
        assert secret not in out, out
    if "vault" not in statement:
        assert "vault" not in out, out


def test_copy_to_and_copy_from_carry_every_row(cqlsh, everything, desk, tmp_path):
    source = tmp_path / "numbers.csv"
    source.write_text("".join("%d,%d\n" % (n, n * n) for n in range(5000)))
    target = tmp_path / "out.csv"
    out = cqlsh(everything, "COPY desk.numbers (id, square) FROM '%s' WITH NUMPROCESSES = 2;\n"
                            "COPY desk.numbers (id, square) TO '%s' WITH NUMPROCESSES = 2;\n" % (source, target))
    assert out.returncode == 0 and "5000 rows exported" in out.stdout, out.stdout + out.stderr
    assert sorted(target.read_text().split()) == sorted(source.read_text().split())


def test_estimates_of_a_table_that_may_be_read_are_drawn(cqlsh, everything, desk):
    """cqlsh asks its picture of the schema how to draw them."""
    out = good(cqlsh(everything, "SELECT table_name, partitions_count FROM system.size_estimates"
                                 " WHERE keyspace_name = 'desk' AND table_name = 'people';\n"
                                 "SELECT table_name FROM system.table_estimates WHERE keyspace_name = 'desk' AND table_name = 'people';\n"))
    assert "rows)" in out and "not found" not in out, out


def test_copy_takes_its_options(cqlsh, everything, desk, tmp_path):
    source, target = tmp_path / "copied.csv", tmp_path / "copied.out"
    source.write_text("id,square\n" + "".join("%d,%d\n" % (n, n * n) for n in range(2000)))
    out = good(cqlsh(everything,
                     "COPY desk.copied (id, square) FROM '%s' WITH HEADER = TRUE AND NUMPROCESSES = 2 AND CHUNKSIZE = 100"
                     " AND MAXBATCHSIZE = 10 AND MINBATCHSIZE = 2 AND INGESTRATE = 100000 AND TTL = 1000;\n"
                     "COPY desk.copied (id, square) FROM '%s' WITH HEADER = TRUE AND PREPAREDSTATEMENTS = FALSE AND MAXROWS = 50;\n"
                     "COPY desk.copied TO '%s' WITH HEADER = TRUE AND PAGESIZE = 100 AND MAXREQUESTS = 2;\n"
                     % (source, source, target)))
    assert "2000 rows imported" in out and "50 rows imported" in out and "2000 rows exported" in out, out
    assert sorted(target.read_text().split()) == sorted(source.read_text().split())


def test_a_long_script_of_comments_batches_and_quotes_runs_from_a_file(cqlsh, everything, desk, tmp_path):
    more, script = tmp_path / "more.cql", tmp_path / "long.cql"
    more.write_text("SELECT square FROM numbers WHERE id = 90000 /* the last */;\n")
    lines = ["-- line\n// line\n/* a block; with -- others\n of more lines */\nUSE desk;"]
    for n in range(100):
        lines.append("INSERT INTO people (id, name) VALUES (%d, 'it''s; -- no comment /* %d */'); -- one; more" % (n + 1000, n))
        if n % 10 == 0:
            lines.append("BEGIN BATCH /* in */ INSERT INTO people (id, name) VALUES (%d, $$dollar; 'x'$$);\n -- between\n"
                         " UPDATE desk.people SET name = 'u' WHERE id = %d;\n DELETE name FROM people WHERE id = 1001;\nAPPLY BATCH;"
                         % (n + 2000, n + 2001))
    lines.append("BEGIN UNLOGGED BATCH USING TIMESTAMP 1 INSERT INTO numbers (id, square) VALUES (90000, 7) APPLY BATCH;")
    lines.append("SELECT count(*) FROM people WHERE id IN (1099, 2090, 2091);\nSELECT name FROM \"people\" WHERE id = 2090;")
    script.write_text("\n".join(lines + ["SOURCE '%s'" % more]) + "\n")
    out = good(cqlsh(everything, "", options=("-f", str(script))))
    assert "dollar; 'x'" in out and re.search(r"count\n-+\n\s+3\n", out) and re.search(r"square\n-+\n\s+7\n", out), out


def test_copy_from_a_table_that_is_not_allowed_fails(cqlsh, orders_only, desk, tmp_path):
    done = cqlsh(orders_only, "COPY shop.customers TO '%s';\n" % (tmp_path / "stolen.csv"))
    text = (tmp_path / "stolen.csv").read_text() if (tmp_path / "stolen.csv").exists() else ""
    assert "4000" not in text and "4000" not in done.stdout


def test_every_statement_of_a_working_day(cqlsh, everything, desk):
    out = good(cqlsh(everything, """
CONSISTENCY LOCAL_QUORUM
PAGING 100
EXPAND ON
CREATE TABLE desk.day (id int PRIMARY KEY, note text) WITH comment = 'it''s' AND gc_grace_seconds = 100;
INSERT INTO desk.day (id, note) VALUES (1, $$it's "quoted"$$);
BEGIN BATCH
  INSERT INTO desk.day (id, note) VALUES (2, 'b');
  UPDATE desk.day SET note = 'c' WHERE id = 3;
APPLY BATCH;
ALTER TABLE desk.day ADD extra int;
CREATE INDEX day_note ON desk.day (note);
SELECT * FROM desk.day WHERE id = 1;
SELECT count(*) FROM desk.day;
TRUNCATE desk.day;
DROP INDEX desk.day_note;
DROP TABLE desk.day;
"""))
    assert 'it\'s "quoted"' in out and re.search(r"count\s*\|\s*3", out)


def test_a_statement_that_is_not_cql_is_a_syntax_error_and_the_session_goes_on(cqlsh, orders_only):
    done = cqlsh(orders_only, "SELEC * FROM shop.orders;\nSELECT item FROM shop.orders WHERE id = 1;\n")
    assert "SyntaxException" in done.stderr or "Invalid syntax" in done.stderr, done.stderr
    assert "lamp" in done.stdout
