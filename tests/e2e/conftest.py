"""What the end-to-end tests share: one real Cassandra, one Latchkey in front of it, tokens made as needed."""
import os
import pathlib
import sys

import pytest

os.umask(0o077)     # files with passwords are refused when others can read them
HERE = pathlib.Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "fixture"))

import cassandra_node  # noqa: E402
import cql  # noqa: E402
import leaks  # noqa: E402
from door import Door, wait_until_answered  # noqa: E402
from latchkey import ADMINISTRATOR, Latchkey, free_port, until  # noqa: E402

SERVICE, SERVICE_PASSWORD = "gateway_of_tests", "the password of the gateway's service role"
KEYSPACE_GRANTS = ("CREATE", "ALTER", "DROP", "SELECT", "MODIFY")
ROWS = 100_000


def pytest_report_header(config):
    return "long: %s" % ("yes" if os.environ.get("LATCHKEY_TEST_LONG") else "no (./test long)")


@pytest.fixture(scope="session")
def binary():
    path = os.environ.get("LATCHKEY_BIN") or str(CHECKOUT / ".latchkey" / "build-test" / "latchkey")
    assert os.access(path, os.X_OK), path + " is not there: ./test e2e builds it, LATCHKEY_BIN names another"
    return path


@pytest.fixture(scope="session", autouse=True)
def nothing_leaks():
    """After everything else: no secret that this run was given stands in what the daemons left behind."""
    yield
    leaks.check_everything()


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("e2e")


class Real:
    """A Cassandra node with its superuser's connection."""

    def __init__(self, address, port):
        self.address, self.port = address, port
        self.node = "%s:%d" % (address, port)
        self.service = SERVICE, SERVICE_PASSWORD
        self.superuser = cql.wait_for_login(address, port, "cassandra", "cassandra", 120)

    def run(self, *statements):
        for statement in statements:
            self.superuser.query(statement)

    def login(self, username, password):
        return cql.wait_for_login(self.address, self.port, username, password, 10)

    def make_keyspace(self, name, *statements):
        self.run("DROP KEYSPACE IF EXISTS " + name,
                 "CREATE KEYSPACE %s WITH replication = {'class': 'NetworkTopologyStrategy',"
                 " 'datacenter1': 1}" % name)
        self.run(*["GRANT %s ON KEYSPACE %s TO %s" % (grant, name, SERVICE) for grant in KEYSPACE_GRANTS])
        self.run("GRANT EXECUTE ON ALL FUNCTIONS IN KEYSPACE %s TO %s" % (name, SERVICE), *statements)


@pytest.fixture(scope="session")
def real(place):
    """LATCHKEY_TEST_CASSANDRA=HOST:PORT uses a node that runs already (superuser cassandra/cassandra)."""
    given = os.environ.get("LATCHKEY_TEST_CASSANDRA")
    node = None
    if given:
        host, _, port = given.rpartition(":")
        found = Real(host, int(port))
    else:
        node = cassandra_node.Node(str(place / "cassandra"), port=free_port(), storage_port=free_port(),
                                   properties={"cassandra.auth_bcrypt_gensalt_log2_rounds": 4})
        node.launch()
        node.wait().close()
        found = Real("127.0.0.1", node.port)
    found.run("CREATE ROLE IF NOT EXISTS %s WITH LOGIN = true AND SUPERUSER = false" % SERVICE,
              "ALTER ROLE %s WITH PASSWORD = '%s'" % (SERVICE, SERVICE_PASSWORD.replace("'", "''")),
              "GRANT CREATE ON ALL KEYSPACES TO " + SERVICE)
    found.make_keyspace(
        "shop",
        "CREATE TABLE shop.orders (id int PRIMARY KEY, item text, pieces int)",
        "CREATE TABLE shop.customers (name text PRIMARY KEY, card text)",
        "INSERT INTO shop.orders (id, item, pieces) VALUES (1, 'lamp', 2)",
        "INSERT INTO shop.orders (id, item, pieces) VALUES (2, 'door', 1)",
        "INSERT INTO shop.customers (name, card) VALUES ('Ada', '4000')")
    found.make_keyspace("vault", "CREATE TABLE vault.secrets (id int PRIMARY KEY, secret text)",
                        "INSERT INTO vault.secrets (id, secret) VALUES (1, 'MARKER')")
    yield found
    found.superuser.close()
    if node is not None:
        node.stop(clean=not os.path.exists(os.path.join(os.path.dirname(cassandra_node.fetch()), "classes.jsa")))


@pytest.fixture(scope="session")
def latchkey(binary, place):
    """The daemon that the tests share; what changes its life makes its own."""
    daemon = Latchkey(binary, place / "latchkey")
    daemon.init()
    daemon.serve()
    yield daemon
    daemon.stop()


@pytest.fixture(autouse=True)
def no_daemon_stays():
    """What a test started itself and did not get to end, because it failed, ends with it."""
    before = set(Latchkey.running)
    yield
    for daemon in Latchkey.running - before:
        daemon.kill()


@pytest.fixture
def own_latchkey(binary, tmp_path):
    """A Latchkey for one test: initialised, not started."""
    daemon = Latchkey(binary, tmp_path / "latchkey")
    daemon.init()
    yield daemon
    daemon.kill()
    leaks.leave(tmp_path / "latchkey")


@pytest.fixture(scope="session")
def database(latchkey, real):
    found = latchkey.add_database("main", real.node, SERVICE, SERVICE_PASSWORD)
    until("a database that is active", lambda: latchkey.ask("db", "show", "main")["status"] == "ACTIVE")
    return found


@pytest.fixture(scope="session")
def door(database, real):
    found = Door(database)
    wait_until_answered(found)
    return found


@pytest.fixture(scope="session")
def everything(latchkey, database):
    """A token of the Organization Administrator's role."""
    return latchkey.make_token(ADMINISTRATOR)


@pytest.fixture(scope="session")
def orders_only(latchkey, database):
    """The token of the demo: logs in, reads and writes one table."""
    role = latchkey.make_role(["db-cql", "db-table-select", "db-table-modify"],
                              [database.drn(), database.drn("shop", "orders")])
    return latchkey.make_token(role)
