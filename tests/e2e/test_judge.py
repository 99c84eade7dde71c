"""The real node as judge: with exactly the grants that our table names it accepts a statement, with one less it refuses."""
import itertools
import json
import subprocess

import pytest

import cql
from kinds import KINDS, SETUP

UNAUTHORIZED = 0x2100
PASSWORD = "judged"

# Ours is the stricter one here: what we ask and Cassandra does not, by action.
STRICTER = {
    "CREATE MATERIALIZED VIEW": {"db-table-select", "db-table-create"},
    "DROP MATERIALIZED VIEW": {"db-table-drop"},
    "DESCRIBE TABLE": {"db-table-describe"},
    "DESCRIBE KEYSPACE": {"db-keyspace-describe"},
}
PERMISSION = {"select": "SELECT", "modify": "MODIFY", "create": "CREATE", "alter": "ALTER", "drop": "DROP",
              "describe": None}
number = itertools.count(1)


@pytest.fixture(scope="module")
def schema(real, tmp_path_factory):
    real.run("DROP KEYSPACE IF EXISTS kinds_new")
    real.make_keyspace("kinds", *SETUP)
    path = tmp_path_factory.mktemp("judge") / "schema.cql"
    ddl = ["CREATE KEYSPACE kinds WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"]
    path.write_text("".join(s + ";\n" for s in ddl + [s for s in SETUP if s.startswith("CREATE")]))
    return path


def our_answer(binary, schema, kind):
    lines = [{"cql": s, "keyspace": None, "apply": True} for s in kind.before if s.startswith(("CREATE", "ALTER"))]
    lines.append({"cql": kind.text, "keyspace": None, "id": "this"})
    done = subprocess.run([binary, "statement", "--schema", str(schema)], text=True, capture_output=True, timeout=30,
                          input="".join(json.dumps(line) + "\n" for line in lines))
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["id"] == "this" and answer["accepted"], answer
    return answer


def grant(action, keyspace, table):
    """Cassandra's words for one of our actions; None where it asks for nothing."""
    permission = PERMISSION[action.rsplit("-", 1)[1]]
    if permission is None:
        return None
    if action in ("db-keyspace-create", "db-all-keyspace-create"):
        return "CREATE ON ALL KEYSPACES"
    if table is None:
        return "%s ON KEYSPACE %s" % (permission, keyspace)
    if table == "*" and permission == "SELECT":
        return "EXECUTE ON ALL FUNCTIONS IN KEYSPACE %s" % keyspace
    if table == "*" or permission == "CREATE":
        return "%s ON ALL TABLES IN KEYSPACE %s" % (permission, keyspace)
    return "%s ON TABLE %s.%s" % (permission, keyspace, table)


def judge(real, grants, text):
    """The node's error code for the statement by a role with these grants, or None."""
    role = "judged_%d" % next(number)
    real.run("CREATE ROLE %s WITH LOGIN = true AND PASSWORD = '%s'" % (role, PASSWORD),
             *["GRANT %s TO %s" % (one, role) for one in grants])
    connection = real.login(role, PASSWORD)
    try:
        connection.query(text)
        return None
    except cql.CqlError as error:
        return error.code
    finally:
        connection.close()
        real.run("DROP ROLE " + role)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_cassandra_demands_what_our_table_names(binary, real, schema, kind):
    answer = our_answer(binary, schema, kind)
    named = sorted((a["action"], a["keyspace"], a["table"]) for a in answer["actions"] if a["action"] != "db-cql")
    assert named == sorted(kind.needs), named
    text, stricter = answer["statement"], STRICTER.get(kind.name, set())
    grants = {need: grant(*need) for need in kind.needs}
    all_grants = set(filter(None, grants.values())) | set(kind.extra)
    real.run(*kind.before)
    try:
        for need, one in grants.items():
            if one is not None and need[0] not in stricter:
                code = judge(real, sorted(all_grants - {one}), text)
                assert code == UNAUTHORIZED, "without %s the node says %s" % (one, code)
        for one in kind.extra:
            code = judge(real, sorted(all_grants - {one}), text)
            assert code == UNAUTHORIZED, "without the extra %s the node says %s" % (one, code)
        needed = sorted(one for one in all_grants
                        if one not in {grants.get(n) for n in kind.needs if n[0] in stricter})
        assert judge(real, needed, text) is None
    finally:
        real.run(*kind.undo)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_rewriting_the_rewritten_text_changes_nothing(binary, schema, kind):
    first = our_answer(binary, schema, kind)
    again = type(kind)(kind.name, first["statement"], [], before=kind.before)
    second = our_answer(binary, schema, again)
    assert second["statement"] == first["statement"] and second["actions"] == first["actions"]
