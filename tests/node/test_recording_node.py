"""The recording node itself, and the client that talks to it: a test that trusts them has to know that they are right."""
import json
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "gateway")]

import wire  # noqa: E402
from node_schema import Keyspace, Schema, Table, simple  # noqa: E402
from recording_node import PASSWORD, USER, RecordingNode  # noqa: E402

READ = 'SELECT "v" FROM "shop"."orders" WHERE "id" = ?'


@pytest.fixture
def node():
    view = Table([("v", "text", "partition_key"), ("id", "int", "clustering")], base="orders")
    made = RecordingNode(Schema({"shop": Keyspace({"orders": simple(), "by_v": view}, types={"addr": [("street", "text")]})}))
    yield made
    made.close()


@pytest.fixture(params=[3, 4])
def client(request, node):
    made = wire.Client(node.port, request.param)
    assert made.login(USER, PASSWORD).opcode == wire.AUTH_SUCCESS
    yield made
    made.close()


def test_wrong_password(node):
    with wire.Client(node.port) as client:
        assert client.login(USER, "x").code == wire.CREDENTIALS


def test_query_prepare_execute_batch(node, client):
    assert client.query(READ, b"mark").rows() == [[b"mark"]]
    statement = client.prepare(READ).prepared()
    assert statement.id == wire.statement_id(READ) and statement.binds.names == ["id"] and statement.result.names == ["v"]
    assert statement.binds.pk == ([0] if client.version == 4 else [])
    assert client.execute(statement.id, b"again").rows() == [[b"again"]]
    assert client.ask(wire.BATCH, wire.batch([("INSERT INTO x", [1]), (statement.id, [None])])).kind == wire.VOID
    query, prepare, execute, batch = node.received()
    assert query.text == prepare.text == execute.text == READ and execute.values == [b"again"]
    assert batch.entries == [("INSERT INTO x", [b"\0\0\0\1"]), (READ, [None])] and not batch.trailing


def test_unknown_id_and_forgotten_ones(node, client):
    assert client.execute(b"x" * 16).error_extras() == b"x" * 16
    identity = client.prepare(READ).prepared().id
    node.forget(READ)
    assert client.execute(identity, 1).code == wire.UNPREPARED


def test_rules(node, client):
    node.fail("orders", wire.OVERLOADED, times=1)
    assert client.query(READ, 1).code == wire.OVERLOADED
    node.hold("orders")
    stream = client.post(wire.QUERY, wire.long_string(READ) + wire.parameters([b"mark"]))
    assert client.quiet(0.1) is None
    node.wait_for(lambda: node.held)
    assert node.release() == 1 and client.answer(stream).rows() == [[b"mark"]]
    node.rules.clear()
    node.drop("orders")
    client.post(wire.QUERY, wire.long_string(READ) + wire.parameters())
    assert client.closed() == []


def test_schema_and_events(node, client):
    rows = client.query("SELECT keyspace_name, table_name FROM system_schema.tables WHERE keyspace_name = 'shop'").rows()
    assert rows == [[b"shop", b"orders"]]
    assert len(client.query("SELECT * FROM system.local").rows()) == 1
    client.ask(wire.REGISTER, wire.string_list(["SCHEMA_CHANGE"]))
    node.schema_event("UPDATED", "TABLE", "shop", "orders")
    event = client.receive()
    assert event.stream == -1 and [event.reader().string()] == ["SCHEMA_CHANGE"]
    assert not node.received() and node.received(control=True)


def test_positions(node, client):
    client.query(READ, 1)
    before = node.positions()
    client.query(READ, 2)
    first, second = node.received()
    assert first.start < before[first.connection] == second.start


def test_swarm(node, tmp_path):
    node.open_login = True
    (tmp_path / "tokens").write_text("a\nb\nc\n", encoding="utf-8")
    swarm = str(HERE.parent / "gateway" / "swarm.py")
    for words in (["--in-flight", "4"], ["--churn", "0.1", "--version", "3"]):
        done = subprocess.run([sys.executable, swarm, str(node.port), str(tmp_path / "tokens"), "--sessions", "50", "--seconds", "1", *words],
                              capture_output=True, text=True, timeout=60)
        report = json.loads(done.stdout.splitlines()[-1])
        assert report["wrongs"] == 0 and report["answers"] > 100 and not report["errors"] and not report["lost"], report
