"""Ways around a gateway that need real Cassandra's behaviour to be seen: none of them reads or writes what it should not."""
import struct
import threading

import pytest

from raw import ERROR, EVENT, ONE, PREPARE, QUERY, READY, REGISTER, RESULT, Raw, long_string, string

UNAUTHORIZED = 0x2100


@pytest.fixture(scope="module")
def trap(real, door):
    real.make_keyspace(
        "trap",
        "CREATE TABLE trap.mine (id int PRIMARY KEY, a text, n int)",
        "CREATE TABLE trap.theirs (id int PRIMARY KEY, a text, n int)",
        'CREATE TABLE trap."Mine" (id int PRIMARY KEY, a text)',
        "CREATE FUNCTION trap.leak (n int) RETURNS NULL ON NULL INPUT RETURNS text LANGUAGE java AS 'return \"LEAKED\";'",
        "CREATE FUNCTION trap.s (a text, n int) CALLED ON NULL INPUT RETURNS text LANGUAGE java AS 'return \"LEAKED\";'",
        "CREATE AGGREGATE trap.agg (int) SFUNC s STYPE text",
        "CREATE MATERIALIZED VIEW trap.theirs_view AS SELECT * FROM trap.theirs WHERE a IS NOT NULL AND id IS NOT NULL"
        " PRIMARY KEY (a, id)",
        "INSERT INTO trap.mine (id, a, n) VALUES (1, 'mine', 1)",
        "INSERT INTO trap.theirs (id, a, n) VALUES (1, 'MARKER', 1)",
        "INSERT INTO trap.\"Mine\" (id, a) VALUES (1, 'MARKER')")
    real.make_keyspace("trap2", "CREATE TABLE trap2.mine (id int PRIMARY KEY, a text, n int)",
                       "INSERT INTO trap2.mine (id, a, n) VALUES (1, 'MARKER', 1)")


@pytest.fixture(scope="module")
def mine(latchkey, database, trap):
    """May do everything with trap.mine and create views' names anywhere."""
    return latchkey.token_for(
        ("db-cql", database.drn()),
        *[(action, database.drn("trap", "mine")) for action in ("db-table-select", "db-table-modify", "db-table-alter")])


@pytest.fixture
def client(door, mine):
    with Raw(door.port) as connected:
        yield connected.login(mine)


@pytest.mark.parametrize("text", [
    "SELECT * FROM trap.theirs", "SELECT * FROM trap.theirs_view", 'SELECT * FROM trap."Mine"', 'SELECT * FROM "trap"."theirs"',
    "SELECT * FROM TRAP.THEIRS", "SELECT * FROM trap . theirs", "SELECT/**/*/**/FROM/**/trap/**/./**/theirs",
    "SELECT * FROM trap.theirs -- FROM trap.mine\n", "SELECT * FROM /* trap.mine */ trap.theirs",
    "SELECT * FROM trap2.mine", "SELECT a FROM trap.theirs WHERE a = ' FROM trap.mine ' ALLOW FILTERING",
    "SELECT $$ FROM trap.mine $$ FROM trap.theirs", "BEGIN BATCH INSERT INTO trap.mine (id) VALUES (1); INSERT INTO trap2.mine (id) VALUES (2); APPLY BATCH",
    "SELECT trap.leak(n) FROM trap.mine", "SELECT leak(n) FROM trap.mine", "SELECT trap.agg(n) FROM trap.mine", "SELECT agg(n) FROM trap.mine",
    "INSERT INTO trap.mine (id, a) VALUES (5, trap.leak(1))", "UPDATE trap.mine SET a = leak(1) WHERE id = 5",
    "SELECT * FROM trap.mine WHERE a = trap.leak(1) ALLOW FILTERING",
    "CREATE MATERIALIZED VIEW trap2.v AS SELECT * FROM mine WHERE a IS NOT NULL AND id IS NOT NULL PRIMARY KEY (a, id)",
    "CREATE INDEX x ON trap2.mine (a)", "DROP INDEX trap2.nothing", "DROP MATERIALIZED VIEW trap2.nothing", "DROP FUNCTION trap.leak",
    "CREATE CUSTOM INDEX x ON trap.mine (a) USING 'org.example.Loader'"])
def test_no_spelling_reaches_what_is_not_allowed(client, text):
    for opcode, body in ((QUERY, long_string(text) + struct.pack(">HB", ONE, 0)), (PREPARE, long_string(text))):
        answer = client.ask(opcode, body)
        assert answer.opcode == ERROR and answer.code in (UNAUTHORIZED, 0x2000, 0x2200), (text, answer)
        assert b"MARKER" not in answer.body and b"LEAKED" not in answer.body
        if answer.code == 0x2200:
            assert "does not exist" in answer.message or "nconfigured" in answer.message, answer


def test_an_unqualified_name_after_use_of_another_keyspace_is_that_keyspace_s(client, trap):
    assert client.query("USE trap").opcode == RESULT
    assert b"mine" in client.query("SELECT a FROM mine").body
    answer = client.query("USE trap2")
    assert answer.opcode == ERROR, "the token has nothing in trap2"
    assert b"MARKER" not in client.query("SELECT a FROM mine").body


def test_use_pipelined_with_queries_never_reads_another_keyspace_s_table(door, everything, trap):
    with Raw(door.port) as client:
        client.login(everything)
        for turn in range(200):
            client.send(QUERY, long_string("USE trap") + struct.pack(">HB", ONE, 0), stream=1)
            client.send(QUERY, long_string("SELECT a FROM trap.mine") + struct.pack(">HB", ONE, 0), stream=2)
            client.send(QUERY, long_string("USE trap2") + struct.pack(">HB", ONE, 0), stream=3)
            answers = {}
            for _ in range(3):
                answer = client.receive()
                answers[answer.stream] = answer
            assert b"mine" in answers[2].body and b"MARKER" not in answers[2].body


def test_a_prepared_statement_keeps_the_keyspace_of_its_prepare(door, everything, trap):
    with Raw(door.port) as client:
        client.login(everything)
        client.query("USE trap")
        identity = client.prepare("SELECT a FROM mine WHERE id = 1")
        client.query("USE trap2")
        assert b"MARKER" not in client.execute(identity).body


def test_a_prepared_use_is_handled_by_the_gateway(door, everything, trap):
    with Raw(door.port) as client:
        client.login(everything)
        prepared = client.prepare("USE trap2")
        if isinstance(prepared, bytes):
            assert client.execute(prepared).opcode == RESULT
    with Raw(door.port) as other:
        other.login(everything)
        assert other.query("SELECT a FROM mine").opcode == ERROR, "another connection has no keyspace"


def test_a_custom_payload_is_decoded_and_dropped(door, mine, everything):
    payload = struct.pack(">H", 1) + string("ProxyExecute") + struct.pack(">i", 9) + b"cassandra"
    body = payload + long_string("SELECT a FROM trap.theirs") + struct.pack(">HB", ONE, 0)
    with Raw(door.port) as client:
        client.login(mine)
        answer = client.ask(QUERY, body, flags=0x04)
        assert answer.opcode == ERROR and b"MARKER" not in answer.body
        good = payload + long_string("SELECT a FROM trap.mine") + struct.pack(">HB", ONE, 0)
        assert client.ask(QUERY, good, flags=0x04).opcode == RESULT
        cut = struct.pack(">H", 1) + string("x") + struct.pack(">i", 1000)
        assert client.ask(QUERY, cut, flags=0x04).opcode == ERROR


def test_traces_of_others_are_not_readable_and_tracing_is_off(door, mine, everything):
    with Raw(door.port) as client:
        client.login(mine)
        answer = client.query("SELECT a FROM trap.mine", **{"flags": 0})
        assert answer.opcode == RESULT
        client.send(QUERY, long_string("SELECT a FROM trap.mine") + struct.pack(">HB", ONE, 0), flags=0x02)
        answer = client.receive()
        assert answer.opcode == RESULT and not answer.flags & 0x02
        assert client.query("SELECT * FROM system_traces.sessions").code == UNAUTHORIZED


def test_schema_events_tell_only_of_what_the_token_may_use(door, real, mine):
    with Raw(door.port) as client:
        client.login(mine)
        assert client.ask(REGISTER, struct.pack(">H", 1) + string("SCHEMA_CHANGE")).opcode == READY
        real.run("CREATE TABLE trap2.hidden (id int PRIMARY KEY)", "DROP TABLE trap2.hidden",
                 "ALTER TABLE trap.theirs WITH comment = 'hidden'", "ALTER TABLE trap.mine WITH comment = 'seen'")
        event = client.receive()
        assert event.opcode == EVENT and event.stream == -1
        assert event.body == string("SCHEMA_CHANGE") + string("UPDATED") + string("TABLE") + string("trap") + string("mine")


def test_negative_stream_ids_are_refused(door, mine):
    with Raw(door.port) as client:
        client.login(mine)
        client.send(QUERY, long_string("SELECT a FROM trap.mine") + struct.pack(">HB", ONE, 0), stream=-5)
        try:
            assert client.receive().opcode == ERROR
        except ConnectionError:
            pass


def test_one_stream_id_used_twice_gets_two_answers(door, mine):
    with Raw(door.port) as client:
        client.login(mine)
        for _ in range(2):
            client.send(QUERY, long_string("SELECT a FROM trap.mine") + struct.pack(">HB", ONE, 0), stream=9)
        assert [client.receive().stream for _ in range(2)] == [9, 9]


def test_a_client_that_leaves_with_answers_outstanding_disturbs_nobody(door, everything, trap):
    wrong = []

    def leave(number):
        for _ in range(20):
            with Raw(door.port) as client:
                client.login(everything)
                for stream in range(20):
                    client.send(QUERY, long_string("SELECT a FROM trap.theirs") + struct.pack(">HB", ONE, 0), stream=stream)

    def stay(number):
        with Raw(door.port) as client:
            client.login(everything)
            for _ in range(200):
                answer = client.query("SELECT a FROM trap.mine", stream=number)
                if answer.stream != number or b"MARKER" in answer.body or b"mine" not in answer.body:
                    wrong.append(answer)

    threads = [threading.Thread(target=leave, args=(n,)) for n in range(3)]
    threads += [threading.Thread(target=stay, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_bound_value_is_never_a_name(client):
    answer = client.ask(PREPARE, long_string("SELECT a FROM ? WHERE id = 1"))
    assert answer.opcode == ERROR
    answer = client.ask(PREPARE, long_string("SELECT a FROM trap.? WHERE id = 1"))
    assert answer.opcode == ERROR


def test_the_role_manager_of_the_cluster_is_unchanged_after_all_this(real):
    assert real.superuser.query("SELECT is_superuser FROM system_auth.roles WHERE role = 'gateway_of_tests'") == [[b"\0"]]
