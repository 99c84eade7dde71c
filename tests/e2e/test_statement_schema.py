"""`latchkey statement --schema` with what a real node prints for DESCRIBE: views, indexes and functions are found in it."""
import json
import subprocess

import pytest

KEYSPACE = '"Described"'
DDL = [
    "CREATE TYPE %s.street (name text, number int)",
    "CREATE TYPE %s.\"Address\" (street frozen<street>, \"Zip;Code\" text)",
    "CREATE TABLE %s.plain (k int PRIMARY KEY, v int, m map<text, int>, a frozen<\"Address\">, e vector<float, 3>, s text)"
    " WITH comment = 'it''s; a -- comment /* within */'",
    "CREATE TABLE %s.\"Quoted\" (\"Key\" int, \"select\" text, c text STATIC, d int, PRIMARY KEY (\"Key\", d))"
    " WITH CLUSTERING ORDER BY (d DESC)",
    "CREATE INDEX ON %s.plain (v)",
    "CREATE INDEX \"Over\" ON %s.plain (keys(m))",
    "CREATE INDEX near ON %s.plain (e) USING 'sai'",
    "CREATE MATERIALIZED VIEW %s.by_v AS SELECT k, v, s FROM %s.plain WHERE v IS NOT NULL AND k IS NOT NULL"
    " PRIMARY KEY (v, k)",
    "CREATE FUNCTION %s.more(state int, val int) CALLED ON NULL INPUT RETURNS int LANGUAGE java"
    " AS $$ int x = 1; /* ; */ return state == null ? val : state + val; $$",
    "CREATE AGGREGATE %s.total(int) SFUNC more STYPE int INITCOND 0",
]


@pytest.fixture(scope="module")
def described(real, tmp_path_factory):
    real.run("DROP KEYSPACE IF EXISTS " + KEYSPACE,
             "CREATE KEYSPACE %s WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}" % KEYSPACE,
             *[text.replace("%s", KEYSPACE) for text in DDL])
    files = {}
    for what in ("SCHEMA", "KEYSPACE " + KEYSPACE, "FULL SCHEMA"):
        rows = real.superuser.query("DESCRIBE " + what)
        file = tmp_path_factory.mktemp("described") / "schema.cql"
        file.write_text("\n\n".join(row[3].decode() for row in rows), encoding="utf-8")
        files[what.split()[0]] = str(file)
    yield files
    real.run("DROP KEYSPACE " + KEYSPACE)


def ask(binary, schema, *texts):
    lines = "".join(json.dumps({"keyspace": "Described", "cql": text}) + "\n" for text in texts)
    done = subprocess.run([binary, "statement", "--schema", schema], input=lines, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for answer in answers:
        assert answer["accepted"], answer
    return [sorted((a["action"], a["table"]) for a in answer["actions"]) for answer in answers]


@pytest.mark.parametrize("what", ["SCHEMA", "KEYSPACE", "FULL"])
def test_what_describe_prints_is_a_schema(binary, described, what):
    found = ask(binary, described[what], 'DROP INDEX plain_v_idx', 'DROP INDEX "Over"', "DROP INDEX near",
                "SELECT * FROM by_v", "SELECT total(v) FROM plain", 'SELECT "select" FROM "Quoted"')
    assert found[0] == found[1] == found[2] == [("db-table-alter", "plain")]
    assert found[3] == [("db-table-select", "plain")]
    assert found[4] == [("db-table-select", "*"), ("db-table-select", "plain")]
    assert found[5] == [("db-table-select", "Quoted")]
