"""The same statements straight to the node and through the gateway: the answers are the same, byte for byte."""
import struct

import pytest

from raw import BATCH, ERROR, EXECUTE, ONE, PREPARE, QUERY, RESULT, Raw, long_string, string

SETUP = (
    "CREATE TYPE twin.address (street text, number int)",
    "CREATE TABLE twin.t (part int, row int, a text, b blob, m map<text, int>, l list<int>, s set<text>, u frozen<address>,"
    " v vector<float, 2>, x tuple<int, text>, st text static, PRIMARY KEY (part, row)) WITH CLUSTERING ORDER BY (row DESC)",
    "CREATE TABLE twin.c (id int PRIMARY KEY, n counter)",
    'CREATE TABLE twin."MixedCase" ("Id" int PRIMARY KEY, "select" text)',
    "CREATE INDEX t_a ON twin.t (a)",
    "CREATE MATERIALIZED VIEW twin.w AS SELECT part, row, a FROM twin.t WHERE a IS NOT NULL AND part IS NOT NULL"
    " AND row IS NOT NULL PRIMARY KEY (a, part, row)",
    "CREATE FUNCTION twin.f (n int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS 'return n * 2;'",
)

STATEMENTS = [
    "INSERT INTO twin.t (part, row, a, b, m, l, s, u, v, x, st) VALUES (1, 1, 'it''s', 0xCAFE, {'k': 1}, [1, 2], {'a'},"
    " {street: 'Long', number: 3}, [0.5, 1], (1, 'one'), 'static') USING TIMESTAMP 1000",
    "INSERT INTO twin.t (part, row, a) VALUES (1, 2, $$dollar 'quoted' -- no comment$$) USING TIMESTAMP 1000",
    "INSERT INTO twin.t JSON '{\"part\": 2, \"row\": 1, \"a\": \"json\"}' USING TIMESTAMP 1000",
    "SELECT * FROM twin.t",
    "SELECT * FROM twin.t WHERE part = 1 AND row IN (1, 2) ORDER BY row ASC LIMIT 1",
    "SELECT a AS first, b, m['k'], l, u.street, x, WRITETIME(a), TTL(a) FROM twin.t WHERE part = 1",
    "SELECT JSON * FROM twin.t WHERE part = 1 AND row = 1",
    "SELECT DISTINCT part, st FROM twin.t",
    "SELECT part, count(*), max(row), min(row), sum(row), avg(row) FROM twin.t GROUP BY part",
    "SELECT row + 1, row * 2, row / 2, row % 2, -row, (row + 1) * 3 FROM twin.t WHERE part = 1",
    "SELECT CAST(row AS text), CAST(row AS double), (int) row, token(part), toJson(m), blobAsInt(intAsBlob(row)) FROM twin.t WHERE part = 1",
    "SELECT twin.f(row), f(row) FROM twin.t WHERE part = 1",
    "SELECT * FROM twin.t WHERE token(part) > -9223372036854775808 PER PARTITION LIMIT 1",
    "SELECT * FROM twin.t WHERE a = 'it''s'",
    "SELECT * FROM twin.t WHERE m CONTAINS KEY 'k' ALLOW FILTERING",
    "SELECT * FROM twin.t WHERE part = 1 AND (row) >= (1) AND (row) < (5)",
    "SELECT * FROM twin.w WHERE a = 'json'",
    'SELECT "Id", "select" FROM twin."MixedCase"',
    'INSERT INTO twin."MixedCase" ("Id", "select") VALUES (1, \'x\')',
    "UPDATE twin.t USING TTL 0 AND TIMESTAMP 2000 SET a = 'new', m['n'] = 2, l = l + [3], s = s + {'b'}, u = {street: 'S'} WHERE part = 1 AND row = 1",
    "UPDATE twin.t SET a = 'no' WHERE part = 9 AND row = 9 IF a = 'x'",
    "UPDATE twin.t SET a = 'no' WHERE part = 9 AND row = 9 IF EXISTS",
    "DELETE m['n'], l[0] FROM twin.t USING TIMESTAMP 3000 WHERE part = 1 AND row = 1",
    "SELECT * FROM twin.t WHERE part = 1",
    "DELETE FROM twin.t WHERE part = 9 AND row = 9 IF EXISTS",
    "INSERT INTO twin.t (part, row) VALUES (1, 1) IF NOT EXISTS",
    "BEGIN BATCH USING TIMESTAMP 5000 INSERT INTO twin.t (part, row, a) VALUES (3, 1, 'b1'); UPDATE twin.t SET a = 'b2' WHERE part = 3 AND row = 2; APPLY BATCH",
    "BEGIN UNLOGGED BATCH DELETE FROM twin.t WHERE part = 3; APPLY BATCH",
    "SELECT count(*) FROM twin.t",
    "TRUNCATE twin.c",
    "SELECT v, similarity_cosine(v, [1, 1]) FROM twin.t WHERE part = 1",
    "SELECT release_version, cql_version, partitioner, data_center, rack FROM system.local",
    "SELECT key, bootstrapped, cluster_name FROM system.local WHERE key = 'local'",
]

ERRORS = [
    "SELECT nowhere FROM twin.t",
    "SELECT * FROM twin.t WHERE b = 0x00",
    "INSERT INTO twin.t (part) VALUES (1)",
    "INSERT INTO twin.t (part, row) VALUES ('text', 1)",
    "UPDATE twin.c SET n = 5 WHERE id = 1",
    "SELECT * FROM twin.t ORDER BY a",
    "CREATE TABLE twin.t (id int PRIMARY KEY)",
    "CREATE TABLE twin.u (id nosuchtype PRIMARY KEY)",
    "ALTER TABLE twin.t ADD a text",
    "ALTER TABLE twin.t DROP part",
    "INSERT INTO twin.t (part, row) VALUES (?, ?)",
]


@pytest.fixture(scope="module", params=[4, 3], ids=["v4", "v3"])
def pair(request, real, door, everything):
    real.make_keyspace("twin", *SETUP)
    direct, through = Raw(real.port, request.param), Raw(door.port, request.param)
    direct.login("cassandra", "cassandra")
    through.login(everything)
    yield direct, through
    direct.socket.close()
    through.socket.close()


def both(pair, opcode, body):
    direct, through = (one.ask(opcode, body, stream=5) for one in pair)
    assert (through.version, through.stream, through.opcode) == (direct.version, direct.stream, direct.opcode), (direct, through)
    return direct, through


def test_results_of_texts_are_the_same_bytes(pair):
    different = []
    for text in STATEMENTS:
        direct, through = both(pair, QUERY, long_string(text) + struct.pack(">HB", ONE, 0))
        if direct.opcode == ERROR or direct.body != through.body:
            different.append((text, direct, direct.body, through.body))
    assert different == []


def test_errors_have_the_same_code_and_words(pair):
    for text in ERRORS:
        direct, through = both(pair, QUERY, long_string(text) + struct.pack(">HB", ONE, 0))
        assert direct.opcode == ERROR
        assert (direct.code, direct.message.replace('"', "")) == (through.code, through.message.replace('"', "")), text


def test_prepared_statements_have_the_same_metadata_and_results(pair):
    for text, values in (("SELECT * FROM twin.t WHERE part = ? AND row = ?", (1, 1)),
                         ("SELECT part, row FROM twin.t WHERE part = :p LIMIT :l", (1, 1)),
                         ("INSERT INTO twin.c (id) VALUES (?)", ()),
                         ("UPDATE twin.t SET a = 'x' WHERE part = ? AND row = ? IF EXISTS", (77, 1)),
                         ("SELECT * FROM twin.t WHERE part IN ? AND row = ?", ())):
        direct, through = both(pair, PREPARE, long_string(text))
        if direct.opcode == ERROR:
            assert direct.code == through.code
            continue
        assert direct.body[22:] == through.body[22:], text
        if not values:
            continue
        answers = []
        for one, prepared in zip(pair, (direct, through)):
            body = string(prepared.body[6:22]) + struct.pack(">HBH", ONE, 1, len(values))
            body += b"".join(struct.pack(">ii", 4, value) for value in values)
            answers.append(one.ask(EXECUTE, body))
        assert answers[0].opcode == answers[1].opcode == RESULT, answers
        assert answers[0].body == answers[1].body, text


def test_pages_are_cut_at_the_same_places(pair):
    for number in range(250):
        pair[0].query("INSERT INTO twin.t (part, row) VALUES (50, %d)" % number)
    for one in pair:
        seen, state = 0, None
        while True:
            flags = 0x04 | (0x08 if state else 0)
            body = long_string("SELECT row FROM twin.t WHERE part = 50") + struct.pack(">HBi", ONE, flags, 100)
            if state:
                body += struct.pack(">i", len(state)) + state
            answer = one.ask(QUERY, body)
            assert answer.opcode == RESULT
            kind, got, _ = struct.unpack_from(">iii", answer.body)
            assert kind == 2
            seen += 1
            if not got & 0x02:
                break
            size = struct.unpack_from(">i", answer.body, 12)[0]
            state = answer.body[16:16 + size]
        assert seen == 3


def test_a_batch_message_with_all_its_fields_is_answered_alike(pair):
    insert = "INSERT INTO twin.t (part, row) VALUES (60, ?)"
    body = struct.pack(">BHB", 1, 2, 0) + long_string(insert) + struct.pack(">Hii", 1, 4, 1)
    body += struct.pack(">B", 0) + long_string("INSERT INTO twin.t (part, row) VALUES (60, 2)") + struct.pack(">H", 0)
    body += struct.pack(">HBHq", ONE, 0x10 | 0x20, 0x0009, 12345)
    direct, through = both(pair, BATCH, body)
    assert direct.opcode == RESULT and direct.body == through.body
