"""Two nodes behind one door: both are used, one may die and come back, and what was asked meanwhile is answered honestly."""
import struct
import threading

import pytest

import cassandra_node
from conftest import SERVICE, SERVICE_PASSWORD
from latchkey import ADMINISTRATOR, Latchkey, free_port, until
from raw import ERROR, ONE, QUERY, RESULT, Raw, long_string

# Unavailable, overloaded, write timeout, read timeout: what drivers understand; never "bootstrapping", never a server error.
HONEST = {0x1000, 0x1001, 0x1100, 0x1200}


@pytest.fixture(scope="module")
def ring(place):
    port, storage = free_port(), free_port()
    nodes = [cassandra_node.Node(str(place / ("ring%d" % n)), "127.0.0.%d" % (n + 1), port, storage, "384M", n, 2, "127.0.0.1",
                                 "ring", {"cassandra.auth_bcrypt_gensalt_log2_rounds": 4,
                                          "cassandra.unsafesystem": "false"}) for n in range(2)]
    try:
        first = cassandra_node.start_ring(nodes)
        for statement in (
                "CREATE ROLE %s WITH LOGIN = true AND PASSWORD = '%s'" % (SERVICE, SERVICE_PASSWORD.replace("'", "''")),
                "CREATE KEYSPACE ring WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 2}",
                "CREATE TABLE ring.t (id int PRIMARY KEY, a text)",
                "GRANT SELECT ON KEYSPACE ring TO " + SERVICE, "GRANT MODIFY ON KEYSPACE ring TO " + SERVICE,
                "INSERT INTO ring.t (id, a) VALUES (1, 'one')"):
            first.query(statement)
        first.close()
        yield nodes
    finally:
        for node in nodes:
            node.stop(clean=False)


@pytest.fixture(scope="module")
def gateway(binary, place, ring):
    daemon = Latchkey(binary, place / "ring-latchkey")
    daemon.init()
    daemon.serve()
    daemon.database = daemon.add_database("ring", "127.0.0.1:%d" % ring[0].port, SERVICE, SERVICE_PASSWORD)
    daemon.token = daemon.make_token(ADMINISTRATOR)
    yield daemon
    daemon.stop()


def connections_to(node):
    """Established TCP connections of this machine to the node's CQL port."""
    address = "".join("%02X" % int(part) for part in reversed(node.address.split(".")))
    wanted = ("%s:%04X" % (address, node.port), "0000000000000000FFFF0000%s:%04X" % (address, node.port))
    count = 0
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table, encoding="ascii") as file:
            count += sum(line.split()[2] in wanted and line.split()[3] == "01" for line in list(file)[1:])
    return count


def test_both_nodes_of_the_datacenter_are_found_and_used(ring, gateway):
    for node in ring:
        until("a connection to " + node.address, lambda n=node: connections_to(n))
    with Raw(gateway.database.port) as client:
        client.login(gateway.token)
        assert client.query("SELECT a FROM ring.t").opcode == RESULT


def test_a_client_sees_one_node_and_never_the_real_addresses(ring, gateway):
    with Raw(gateway.database.port) as client:
        client.login(gateway.token)
        for text in ("SELECT * FROM system.peers", "SELECT * FROM system.peers_v2", "SELECT * FROM system.local"):
            answer = client.query(text)
            assert answer.opcode == RESULT, answer
            assert b"\x7f\x00\x00\x02" not in answer.body, text


def test_a_dead_node_is_left_and_taken_again_when_it_is_back(ring, gateway):
    codes, stop = set(), threading.Event()

    def ask():
        with Raw(gateway.database.port) as client:
            client.login(gateway.token)
            while not stop.is_set():
                answer = client.query("SELECT a FROM ring.t WHERE id = 1")
                codes.add((answer.code, answer.message) if answer.opcode == ERROR else None)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        until("a first answer", lambda: None in codes)
        ring[1].stop(clean=False)
        until("no connection to the dead node", lambda: not connections_to(ring[1]))
        with Raw(gateway.database.port) as client:
            client.login(gateway.token)
            until("an answer from the other", lambda: client.query("SELECT a FROM ring.t").opcode == RESULT)
        ring[1].launch()
        until("its rows of the roles", lambda: cassandra_node.reads_everywhere(ring[1].wait()))
        until("a connection to the node that is back", lambda: connections_to(ring[1]), 60)
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert {code for code, _ in codes - {None}} <= HONEST, codes


def test_with_no_node_left_statements_are_refused_and_not_kept_waiting(ring, gateway):
    with Raw(gateway.database.port) as client:
        client.login(gateway.token)
        for node in ring:
            node.stop()
        until("no connection", lambda: not any(connections_to(node) for node in ring))
        answers = []
        for text in ("SELECT a FROM ring.t", "INSERT INTO ring.t (id, a) VALUES (2, 'x')"):
            answers.append(client.ask(QUERY, long_string(text) + struct.pack(">HB", ONE, 0)))
        assert all(answer.code in HONEST for answer in answers), answers
        assert client.ask(0x05).opcode == 0x06, "the session lives on"
        assert gateway.http("GET", "/readyz").status_code == 200, "a dead cluster is a metric, not unreadiness"
        cassandra_node.start_ring(ring)
        until("an answer again", lambda: client.query("SELECT a FROM ring.t").opcode == RESULT, 60)
