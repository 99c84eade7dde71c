"""A token does what its actions say and nothing else: each kind of statement with them, and with any one taken away."""
import struct

import pytest

from kinds import KINDS, REFUSED, SETUP, SYSTEM, UNKNOWN
from latchkey import ADMINISTRATOR
from raw import BATCH, ERROR, ONE, RESULT, Raw, long_string

UNAUTHORIZED, SYNTAX, INVALID = 0x2100, 0x2000, 0x2200


@pytest.fixture(scope="module")
def kinds(real, door):
    real.run("DROP KEYSPACE IF EXISTS kinds_new")
    real.make_keyspace("kinds", *SETUP)


def token_for(latchkey, database, needs):
    return latchkey.token_for(("db-cql", database.drn()),
                              *[(action, database.drn(keyspace, table)) for action, keyspace, table in needs])


def removable(kind):
    """The needs that no other need of the kind covers: a wildcard on the keyspace's tables covers each of them."""
    return [need for need in kind.needs if need[2] in (None, "*") or (need[0], need[1], "*") not in kind.needs]


def missing_words(kind, database, need):
    """A refusal names nothing that the statement did not name: not the base of a view, nor the table of an index.
    It says the view or the index instead, as it would of a name that is not there."""
    action, keyspace, table = need
    named = table in (None, "*") or table in kind.text
    return "missing %s on %s" % (action, database.drn(keyspace, table) if named else database.drn(keyspace) + ":table:")


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind_needs_exactly_its_actions(kinds, real, door, latchkey, database, kind):
    real.run(*kind.before)
    try:
        for missing in removable(kind):
            token = token_for(latchkey, database, [n for n in kind.needs if n != missing])
            with Raw(door.port) as client:
                answer = client.login(token).query(kind.text)
                assert answer.opcode == ERROR, "without %s it was accepted" % (missing,)
                assert answer.code == UNAUTHORIZED, answer
                words = missing_words(kind, database, missing)
                assert words in answer.message and token.client_id in answer.message, answer
        with Raw(door.port) as client:
            client.login(token_for(latchkey, database, kind.needs))
            answer = client.query(kind.text)
            assert answer.opcode == RESULT, answer
    finally:
        real.run(*kind.undo)


@pytest.mark.parametrize("kind", [k for k in KINDS if k.name.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE", "BATCH")],
                         ids=str)
def test_prepare_is_refused_like_the_statement_itself(kinds, door, latchkey, database, kind):
    missing = removable(kind)[0]
    token = token_for(latchkey, database, [need for need in kind.needs if need != missing])
    with Raw(door.port) as client:
        answer = client.login(token).prepare(kind.text)
        assert not isinstance(answer, bytes), "it was prepared without %s" % (missing,)
        assert answer.code == UNAUTHORIZED and missing[0] in answer.message, answer
    with Raw(door.port) as client:
        client.login(token_for(latchkey, database, kind.needs))
        identity = client.prepare(kind.text)
        assert isinstance(identity, bytes), identity
        assert client.execute(identity).opcode == RESULT


def test_create_keyspace_is_also_opened_by_the_action_on_all_keyspaces(kinds, real, door, latchkey, database):
    token = latchkey.token_for(("db-cql", database.drn()), ("db-all-keyspace-create", database.drn("*")))
    with Raw(door.port) as client:
        client.login(token)
        answer = client.query("CREATE KEYSPACE kinds_new WITH replication ="
                              " {'class': 'SimpleStrategy', 'replication_factor': 1}")
        assert answer.opcode == RESULT, answer
    real.run("DROP KEYSPACE kinds_new")


@pytest.mark.parametrize("text,name", REFUSED, ids=[text[:40] for text, _ in REFUSED])
def test_some_kinds_are_refused_by_name_whatever_the_token_may_do(kinds, door, everything, text, name):
    with Raw(door.port) as client:
        client.login(everything)
        answer = client.query(text)
        assert answer.opcode == ERROR and answer.code == UNAUTHORIZED, answer
        assert name in answer.message.upper(), answer
        prepared = client.prepare(text)
        assert not isinstance(prepared, bytes) and prepared.code == UNAUTHORIZED, prepared


@pytest.mark.parametrize("text", UNKNOWN, ids=[repr(text[:40]) for text in UNKNOWN])
def test_what_is_not_understood_is_a_syntax_error_and_never_forwarded(kinds, door, everything, text):
    with Raw(door.port) as client:
        client.login(everything)
        answer = client.query(text)
        assert answer.opcode == ERROR and answer.code in (SYNTAX, UNAUTHORIZED), answer


@pytest.mark.parametrize("text", SYSTEM, ids=[text[:50] for text in SYSTEM])
def test_system_keyspaces_are_refused_even_to_an_administrator(kinds, door, everything, text):
    with Raw(door.port) as client:
        answer = client.login(everything).query(text)
        assert answer.opcode == ERROR and answer.code == UNAUTHORIZED, answer


def test_a_wildcard_at_table_level_opens_every_table_of_its_keyspace_only(kinds, door, latchkey, database):
    token = latchkey.token_for(("db-cql", database.drn()), ("db-table-select", database.drn("kinds", "*")))
    with Raw(door.port) as client:
        client.login(token)
        assert client.query("SELECT * FROM kinds.t").opcode == RESULT
        assert client.query("SELECT * FROM kinds.other").opcode == RESULT
        assert client.query("SELECT * FROM shop.orders").code == UNAUTHORIZED


def test_nothing_is_implied_downwards(kinds, door, latchkey, database):
    role = latchkey.make_role(["db-cql", "db-table-select"], [database.drn(), database.drn("kinds")])
    with Raw(door.port) as client:
        assert client.login(latchkey.make_token(role)).query("SELECT * FROM kinds.t").code == UNAUTHORIZED


def test_a_deny_on_one_table_wins_over_the_allow_on_all(kinds, door, latchkey, database):
    deny = latchkey.make_role(["db-table-select"], [database.drn("kinds", "other")], effect="deny")
    with Raw(door.port) as client:
        client.login(latchkey.make_token(ADMINISTRATOR, deny))
        assert client.query("SELECT * FROM kinds.t").opcode == RESULT
        assert client.query("SELECT * FROM kinds.other").code == UNAUTHORIZED


def test_a_batch_message_is_decided_entry_by_entry(kinds, door, latchkey, database):
    token = token_for(latchkey, database, [("db-table-modify", "kinds", "t")])
    mine, foreign = "INSERT INTO kinds.t (id) VALUES (70)", "INSERT INTO kinds.other (id) VALUES (70)"
    with Raw(door.port) as client:
        client.login(token)
        for texts, good in (((mine, mine), True), ((mine, foreign), False), ((foreign, mine), False)):
            body = struct.pack(">BH", 0, len(texts))
            for text in texts:
                body += struct.pack(">B", 0) + long_string(text) + struct.pack(">H", 0)
            answer = client.ask(BATCH, body + struct.pack(">HB", ONE, 0))
            assert (answer.opcode == RESULT) is good, answer
            assert good or answer.code == UNAUTHORIZED


@pytest.mark.parametrize("inner", ["SELECT * FROM kinds.t", "BEGIN BATCH INSERT INTO kinds.t (id) VALUES (1); APPLY BATCH",
                                   "TRUNCATE kinds.t", "USE kinds"])
def test_a_batch_message_takes_only_writes(kinds, door, everything, inner):
    with Raw(door.port) as client:
        client.login(everything)
        body = struct.pack(">BHB", 0, 1, 0) + long_string(inner) + struct.pack(">HHB", 0, ONE, 0)
        assert client.ask(BATCH, body).opcode == ERROR


def test_use_wants_any_action_in_the_keyspace_and_else_says_that_it_does_not_exist(kinds, door, orders_only):
    with Raw(door.port) as client:
        client.login(orders_only)
        assert client.query("USE shop").opcode == RESULT
        assert client.query("SELECT * FROM orders").opcode == RESULT
        hidden, missing = client.query("USE vault"), client.query("USE nowhere")
        assert hidden.code == missing.code == INVALID
        assert hidden.message.replace("vault", "x") == missing.message.replace("nowhere", "x")
        assert client.query("SELECT * FROM orders").opcode == RESULT


def test_a_refusal_never_tells_whether_the_thing_exists(kinds, door, orders_only):
    with Raw(door.port) as client:
        client.login(orders_only)
        for pattern in ("SELECT * FROM vault.%s", "INSERT INTO vault.%s (id) VALUES (1)", "DROP TABLE vault.%s",
                        "DESCRIBE TABLE vault.%s", "DROP INDEX vault.%s", "DROP MATERIALIZED VIEW vault.%s",
                        "SELECT nosuch FROM vault.%s", "ALTER TABLE vault.%s ADD x int"):
            there, missing = client.query(pattern % "secrets"), client.query(pattern % "nothing")
            assert there.opcode == missing.opcode == ERROR, pattern
            assert there.code == missing.code, pattern
            assert there.message.replace("secrets", "x") == missing.message.replace("nothing", "x"), pattern


def test_the_refusal_s_words_have_the_shape_of_cassandra_s(kinds, door, orders_only, database):
    with Raw(door.port) as client:
        answer = client.login(orders_only).query("SELECT * FROM shop.customers")
        assert answer.message == (
            "User %s has no SELECT permission on <table shop.customers> or any of its parents"
            " (missing db-table-select on %s)" % (orders_only.client_id, database.drn("shop", "customers")))


def test_schema_tables_show_only_what_the_token_may_use(kinds, door, orders_only):
    with Raw(door.port) as client:
        client.login(orders_only)
        for text in ("SELECT * FROM system_schema.keyspaces", "SELECT * FROM system_schema.tables",
                     "SELECT * FROM system_schema.columns", "SELECT * FROM system_schema.types",
                     "SELECT * FROM system_schema.views", "SELECT * FROM system_schema.indexes",
                     "SELECT keyspace_name, table_name FROM system_schema.tables",
                     "SELECT * FROM system_schema.tables WHERE keyspace_name = 'vault'",
                     "SELECT JSON * FROM system_schema.tables",
                     "SELECT table_name FROM system_schema.tables",
                     "SELECT table_name AS keyspace_name FROM system_schema.tables",
                     "SELECT count(*) FROM system_schema.tables WHERE keyspace_name = 'vault'"):
            answer = client.query(text)
            for hidden in (b"vault", b"secrets", b"customers", b"kinds"):
                assert hidden not in answer.body or hidden in text.encode(), (text, answer.body)
        assert b"orders" in client.query("SELECT * FROM system_schema.tables").body
