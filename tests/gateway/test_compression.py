"""Requests that come compressed. Drivers that were told to compress ask for it in STARTUP, some without having looked at
what is offered; every body may then come compressed or not. What goes on to the node never is, nor are answers."""
import signal

import pytest

import wire
from conftest import Watch
from test_traps import refused

SELECT = "SELECT v FROM shop.orders WHERE id = ?"
KINDS = pytest.mark.parametrize("kind", ["lz4", "snappy"])
MIB = 1 << 20


def squeeze(kind, *more):
    return getattr(wire, kind)(*more)


def greeted(rig, kind, version=4):
    client = wire.Client(rig.port, version)
    assert client.startup(COMPRESSION=kind).opcode == wire.AUTHENTICATE
    return client


def client_of(rig, kind, version=4, token=None):
    client = greeted(rig, kind, version)
    answer = client.authenticate("token", (token or rig.everything()).text)
    assert answer.opcode == wire.AUTH_SUCCESS, answer
    return client


def query(text, *values):
    return wire.long_string(text) + wire.parameters(values)


def test_both_are_offered(rig, version):
    with wire.Client(rig.port, version) as client:
        reader = client.ask(wire.OPTIONS).reader()
        offered = {reader.string(): reader.string_list() for _ in range(reader.number("H"))}
    assert offered["COMPRESSION"] == ["lz4", "snappy"]


@pytest.mark.parametrize("name", ["zstd", "deflate", "", "lz4 "])
def test_what_is_not_offered_is_refused(rig, version, name):
    with wire.Client(rig.port, version) as client:
        answer = client.startup(COMPRESSION=name)
        if name:
            refused(answer, wire.PROTOCOL)
            assert client.closed() == []
        else:
            assert answer.opcode == wire.AUTHENTICATE


@KINDS
def test_everything_may_come_compressed(rig, version, kind):
    token = rig.writer()
    with greeted(rig, kind.upper(), version) as client:
        login = squeeze(kind, wire.plain("token", token.text))
        assert client.ask(wire.AUTH_RESPONSE, login, wire.F_COMPRESSED).opcode == wire.AUTH_SUCCESS
        watch = Watch(rig.node)
        answers = [client.ask(wire.QUERY, squeeze(kind, query(SELECT, b"mine")), wire.F_COMPRESSED), client.query(SELECT, b"plain")]
        assert [one.rows() for one in answers] == [[[b"mine"]], [[b"plain"]]] and not any(one.flags for one in answers)
        prepared = client.ask(wire.PREPARE, squeeze(kind, wire.long_string(SELECT)), wire.F_COMPRESSED).prepared()
        execute = squeeze(kind, wire.string(prepared.id) + wire.parameters([b"bound"]))
        assert client.ask(wire.EXECUTE, execute, wire.F_COMPRESSED).rows() == [[b"bound"]]
        batch = wire.batch([("INSERT INTO shop.orders (id, v) VALUES (1, 'x')", [])])
        assert client.ask(wire.BATCH, squeeze(kind, batch), wire.F_COMPRESSED).opcode == wire.RESULT
        if version >= 4:
            payload = squeeze(kind, wire.bytes_map({"k": b"v"}) + query(SELECT, b"payload"))
            assert client.ask(wire.QUERY, payload, wire.F_COMPRESSED | wire.F_PAYLOAD).rows() == [[b"payload"]]
        for nothing in (b"", squeeze(kind, b"")):
            assert client.ask(wire.OPTIONS, nothing, wire.F_COMPRESSED).opcode == wire.SUPPORTED
    assert not [one for one in watch.all() if one.flags]


@KINDS
def test_what_is_compressed_is_authorised(rig, kind):
    with client_of(rig, kind, token=rig.reader()) as client:
        watch = Watch(rig.node)
        refused(client.ask(wire.QUERY, squeeze(kind, query("SELECT v FROM vault.secrets")), wire.F_COMPRESSED), wire.UNAUTHORIZED)
        watch.nothing()


def test_one_that_waits_for_a_reload_is_decided_by_its_own_words(rig):
    """It is taken up again when the buffer that it was opened into has held others."""
    with client_of(rig, "lz4") as client:
        bodies = [query("SELECT v FROM shop.missing_%d" % n) for n in range(4)] + [query(SELECT, b"found")]
        streams = [client.post(wire.QUERY, wire.lz4(body), wire.F_COMPRESSED) for body in bodies]
        for n, stream in enumerate(streams[:4]):
            answer = client.answer(stream)
            refused(answer, wire.UNAUTHORIZED)
            assert "missing_%d" % n in answer.message
        assert client.answer(streams[4]).rows() == [[b"found"]]


@KINDS
def test_what_lies_about_its_length_ends_the_connection(rig, version, kind):
    body = query(SELECT, b"x")
    watch = Watch(rig.node)
    for claimed in (0, len(body) - 1, len(body) + 1, 1 << 20):
        with client_of(rig, kind, version) as client:
            refused(client.ask(wire.QUERY, squeeze(kind, body, claimed), wire.F_COMPRESSED), wire.PROTOCOL)
            assert client.closed() == []
    watch.nothing()


@KINDS
def test_one_that_would_be_too_large_is_refused_before_it_is_opened(rig, version, kind):
    with client_of(rig, kind, version) as client:
        watch = Watch(rig.node)
        for claimed in (16 * MIB + 1, (1 << 31) - 1):
            refused(client.ask(wire.QUERY, squeeze(kind, query(SELECT, b"x"), claimed), wire.F_COMPRESSED), wire.INVALID)
        watch.nothing()
        assert client.query(SELECT, b"next").rows() == [[b"next"]]


def test_a_few_bytes_for_many(rig):
    insert = wire.long_string("INSERT INTO shop.orders (id, v) VALUES (1, ?)")
    blob = bytes(8 * MIB)
    head = insert + wire.struct.pack(">HBHi", wire.ONE, wire.P_VALUES, 1, len(blob)) + b"\0"
    with client_of(rig, "lz4") as client:
        for _ in range(4):
            watch = Watch(rig.node)
            body = wire.lz4_again(head, len(blob) - 7, bytes(6))
            assert len(body) < len(blob) // 200
            assert client.ask(wire.QUERY, body, wire.F_COMPRESSED).opcode == wire.RESULT
            assert watch.one(wire.QUERY).values == [blob]


@KINDS
def test_before_the_login_small_means_small_when_opened(rig, version, kind):
    with greeted(rig, kind, version) as client:
        body = squeeze(kind, wire.plain("token", "x" * 100), 128 * 1024 + 1)
        refused(client.ask(wire.AUTH_RESPONSE, body, wire.F_COMPRESSED), wire.PROTOCOL)
        assert client.closed() == []


@pytest.mark.parametrize("opcode", [wire.OPTIONS, wire.STARTUP])
def test_before_startup_nothing_is_compressed(rig, version, opcode):
    with wire.Client(rig.port, version) as client:
        body = wire.lz4(wire.string_map({"CQL_VERSION": "3.0.0", "COMPRESSION": "lz4"}))
        refused(client.ask(opcode, body, wire.F_COMPRESSED), wire.PROTOCOL)
        assert client.closed() == []


def test_a_turn_is_measured_by_what_is_opened(new_rig):
    """All of it arrives in one reading, and would be one turn: whoever comes after it does not wait for that."""
    rig = new_rig({"workers": 1})
    many = wire.lz4_again(wire.long_string(b"(" * 60000)[:60], 60000 - 56 - 6, b"(" * 6 + wire.parameters())
    greedy, other = client_of(rig, "lz4"), rig.client(rig.everything())
    burst = b"".join(wire.frame(4, wire.F_COMPRESSED, stream, wire.QUERY, many) for stream in range(1, 150))
    burst += wire.frame(4, 0, 200, wire.QUERY, query(SELECT, b"last of many"))
    assert len(burst) < 1 << 16
    watch = Watch(rig.node)
    rig.latchkey.process.send_signal(signal.SIGSTOP)
    greedy.send(burst)
    mine = other.post(wire.QUERY, query(SELECT, b"other"))
    rig.latchkey.process.send_signal(signal.SIGCONT)
    assert other.answer(mine).rows() == [[b"other"]]
    for stream in range(1, 150):
        refused(greedy.answer(stream), wire.SYNTAX)
    assert greedy.answer(200).rows() == [[b"last of many"]]
    assert [one.values for one in watch.all(opcodes=(wire.QUERY,))] == [[b"other"], [b"last of many"]]
    greedy.close()
    other.close()
