"""What the gateway tests share: a recording node, a Latchkey in front of it, tokens as each test needs them."""
import functools
import os
import pathlib
import re
import sys
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent / "node"), str(HERE.parent / "e2e")]

import wire  # noqa: E402
from latchkey import Latchkey, until  # noqa: E402
from node_schema import Keyspace, Schema, Table, simple  # noqa: E402
from recording_node import PASSWORD, USER, RecordingNode  # noqa: E402

LONG = bool(os.environ.get("LATCHKEY_TEST_LONG"))


def make_schema():
    """`orders` stands in both keyspaces, so that a name resolved in the wrong one is answered, not refused."""
    view = Table([("v", "text", "partition_key"), ("id", "int", "clustering")], base="orders")
    shop = Keyspace(
        {"orders": Table([("id", "int", "partition_key"), ("v", "text"), ("n", "int")], indexes=["orders_v_idx"]),
         "users": simple(), "Users": simple(), "json": simple(), "by_v": view,
         "hits": Table([("id", "int", "partition_key"), ("c", "counter")])},
        types={"addr": [("street", "text")]},
        functions=[("upper", ["text"], "text")],
        aggregates=[("total", ["text"], "joined", "ended", "text")])
    vault = Keyspace(
        {"orders": simple(("secret", "text")), "secrets": Table([("id", "int", "partition_key"), ("v", "text")],
                                                                indexes=["secrets_idx"]),
         "by_secret": Table([("v", "text", "partition_key"), ("id", "int", "clustering")], base="secrets")},
        types={"addr": [("street", "text")]},
        functions=[("upper", ["text"], "text"), ("joined", ["text", "text"], "text"), ("ended", ["text"], "text")],
        aggregates=[("total", ["text"], "joined", "ended", "text")])
    return Schema({"shop": shop, "vault": vault})


def bare(text):
    """A forwarded text without its quotes and spaces, to look for names in."""
    return re.sub(r'[\s"]+', "", text or "").lower()


class Rig:
    """A daemon, its node, and one registered database."""

    def __init__(self, binary, folder, node, settings=None):
        self.node = node
        self.latchkey = Latchkey(binary, folder)
        self.latchkey.init()
        self.latchkey.configure(**{name.replace("-", "_"): value for name, value in {"workers": 2, **(settings or {})}.items()})
        self.latchkey.serve()
        self.database = self.latchkey.add_database("test", "%s:%d" % (node.address, node.port), USER, PASSWORD)
        self.port = self.database.port
        self.everything = functools.lru_cache(None)(self._everything)
        self.wait_up()

    def wait_up(self):
        """Until a statement goes through."""
        def answered():
            try:
                with self.client(self.everything()) as client:
                    return client.query("SELECT v FROM shop.orders WHERE id = 1", timeout=5).opcode == wire.RESULT
            except (OSError, wire.Closed, AssertionError):
                return False
        until("a statement that goes through", answered, 60)

    def close(self):
        """SIGTERM: a sanitizer that found something makes the exit code bad."""
        self.latchkey.stop()

    # tokens

    def _everything(self):
        database = self.database
        return self.latchkey.make_token(self.latchkey.make_role(
            ["db-cql", "db-all-keyspace-create", "db-all-keyspace-describe", "db-keyspace-create", "db-keyspace-alter",
             "db-keyspace-drop", "db-keyspace-describe", "db-table-create", "db-table-alter", "db-table-drop",
             "db-table-describe", "db-table-select", "db-table-modify", "db-keyspace-modify", "db-keyspace-grant",
             "db-keyspace-authorize", "db-table-grant", "db-table-authorize"],
            [database.drn(), database.drn("*"), database.drn("*", "*")]))

    def token(self, *rights, **more):
        """A token that may log in and holds exactly these (action, keyspace[, table]) rights."""
        lines = [("db-cql", self.database.drn())]
        lines += [(right[0], self.database.drn(*right[1:])) for right in rights]
        return self.latchkey.token_for(*lines, **more)

    def reader(self, keyspace="shop", table="orders"):
        return self.token(("db-table-select", keyspace, table))

    def writer(self, keyspace="shop", table="orders"):
        return self.token(("db-table-select", keyspace, table), ("db-table-modify", keyspace, table))

    # clients

    def client(self, token, version=4, **more):
        """Logged in with this token."""
        client = wire.Client(self.port, version, **more)
        answer = client.login("token", token.text)
        assert answer.opcode == wire.AUTH_SUCCESS, answer
        return client

    def healthy(self, version=4):
        """An honest client gets its answer, and it is its own."""
        with self.client(self.everything(), version) as client:
            answer = client.query("SELECT v FROM shop.orders WHERE id = ?", b"mark", timeout=60)
            return answer.opcode == wire.RESULT and answer.rows() == [[b"mark"]]

    def recovered(self):
        """Every worker has its connections again: many clients in a row, spread by the kernel, are served."""
        def all_served():
            return all(self.healthy(version) for version in (3, 4) for _ in range(16))
        until("the gateway's recovery", all_served, 60)

    def set_policy(self, role, actions, resources):
        name = "Test %s %d" % (role[:8], time.monotonic_ns())
        self.latchkey.good("PUT", "/v2/organizations/roles/" + role, {
            "name": name, "policy": {"description": "changed by a test", "effect": "allow", "actions": actions,
                                     "resources": resources}})


def resident(rig):
    """Bytes of memory that the daemon has."""
    with open("/proc/%d/statm" % rig.latchkey.process.pid, encoding="utf-8") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


@functools.lru_cache(None)
def sanitizer_keeps(binary):
    """What a sanitizer keeps of freed memory by design, in bytes: not the daemon's doing."""
    with open(binary, "rb") as file:
        found = file.read()
    return 512 << 20 if b"__asan_init" in found or b"__tsan_init" in found else 0


def room(rig, mib):
    return (mib << 20) + sanitizer_keeps(rig.latchkey.binary)


class Watch:
    """What the node received since the watch began."""

    def __init__(self, node):
        self.node, self.start = node, node.mark()

    def all(self, **more):
        return self.node.received(self.start, **more)

    def texts(self, **more):
        return [one.text for one in self.all(**more)]

    def nothing(self):
        """Nothing came: a statement that goes on is answered by the node, so whoever has an answer has it on record."""
        found = self.all()
        assert not found, "the node received %r" % found
        return True

    def one(self, opcode=None):
        found = [one for one in self.all() if opcode is None or one.opcode == opcode]
        assert len(found) == 1, found
        return found[0]


@pytest.fixture(scope="session")
def binary():
    path = os.environ.get("LATCHKEY_BIN") or str(CHECKOUT / ".latchkey" / "build-test" / "latchkey")
    assert os.access(path, os.X_OK), path + " is not there: ./test builds it, LATCHKEY_BIN names another"
    return path


@pytest.fixture(scope="session")
def shared(binary, tmp_path_factory):
    node = RecordingNode(make_schema())
    rig = Rig(binary, str(tmp_path_factory.mktemp("gateway")), node)
    yield rig
    rig.close()
    node.close()


@pytest.fixture
def rig(shared):
    """The shared daemon and node; what a test told the node is forgotten after it."""
    assert shared.latchkey.process.poll() is None, "the daemon ended: " + shared.latchkey.log()[-3000:]
    yield shared
    with shared.node.lock:
        shared.node.rules.clear()
        shared.node.later.clear()
    shared.node.release()
    shared.node.refuse_login = shared.node.refuse_connections = False


@pytest.fixture
def new_rig(binary, tmp_path):
    """Makes a daemon and a node of a test's own: new_rig(settings, node=…)."""
    made = []

    def make(settings=None, node=None):
        node = node or RecordingNode(make_schema())
        made.append((Rig(binary, str(tmp_path / ("own%d" % len(made))), node, settings), node))
        return made[-1][0]
    yield make
    for rig, node in made:
        rig.close()
        node.close()


@pytest.fixture
def watch(rig):
    return Watch(rig.node)


@pytest.fixture(params=[3, 4], ids=["v3", "v4"])
def version(request):
    return request.param
