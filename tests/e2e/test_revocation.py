"""What is taken away is gone: deleted and expired tokens, changed and deleted roles, on live sessions."""
import datetime
import threading
import time

import pytest
from cassandra import OperationTimedOut, Unauthorized
from cassandra.cluster import NoHostAvailable

from conftest import SERVICE, SERVICE_PASSWORD
from door import Door, wait_until_answered
from latchkey import until
from raw import ERROR, RESULT, Raw, plain

UNAUTHORIZED = 0x2100


def reader(latchkey, database, **more):
    role = latchkey.make_role(["db-cql", "db-table-select"], [database.drn(), database.drn("shop", "orders")])
    return latchkey.make_token(role, **more)


def refused(client, text="SELECT * FROM shop.orders"):
    """True when the connection is closed or answers anything but rows."""
    try:
        return client.query(text).opcode != RESULT
    except ConnectionError:
        return True


def test_a_deleted_token_is_out_at_once_and_its_sessions_are_closed(door, latchkey, database):
    token = reader(latchkey, database)
    clients = [Raw(door.port).login(token) for _ in range(20)]
    prepared = [client.prepare("SELECT * FROM shop.orders") for client in clients]
    assert all(client.execute(one).opcode == RESULT for client, one in zip(clients, prepared))
    latchkey.delete_token(token)
    answered = time.monotonic()
    for client, one in zip(clients[:10], prepared):
        try:
            assert client.execute(one).opcode == ERROR
        except ConnectionError:
            pass
    for client in clients[10:]:
        assert client.closed(5)
    assert time.monotonic() - answered < 3, "closed within a second, and some patience for this machine"
    with Raw(door.port) as late:
        assert late.authenticate(plain("token", token.text)).code == 0x0100
        with pytest.raises(AssertionError):
            Raw(door.port).login(token.secret, token.client_id)
    for client in clients:
        client.socket.close()


def test_deleting_one_token_leaves_another_with_the_same_role_alone(door, latchkey, database):
    first, second = reader(latchkey, database), reader(latchkey, database)
    with Raw(door.port) as stays, Raw(door.port) as goes:
        stays.login(second)
        goes.login(first)
        latchkey.delete_token(first)
        assert refused(goes)
        assert stays.query("SELECT * FROM shop.orders").opcode == RESULT


def test_nothing_is_answered_after_the_delete_under_load(door, latchkey, database):
    for _ in range(5):
        token = reader(latchkey, database)
        clients = [Raw(door.port).login(token) for _ in range(8)]
        deleted, late = threading.Event(), []

        def hammer(client):
            try:
                while True:
                    before = deleted.is_set()
                    answer = client.query("SELECT * FROM shop.orders")
                    if before and answer.opcode == RESULT:
                        late.append(answer)
                    if answer.opcode != RESULT:
                        return
            except (ConnectionError, OSError):
                return

        threads = [threading.Thread(target=hammer, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        latchkey.delete_token(token)
        deleted.set()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive(), "a session of a deleted token was not closed"
        assert late == []
        for client in clients:
            client.socket.close()


def test_the_python_driver_is_told_when_its_token_is_gone(door, latchkey, database):
    token = reader(latchkey, database)
    with door.driver(token) as session:
        session.execute("SELECT * FROM shop.orders")
        latchkey.delete_token(token)
        with pytest.raises((NoHostAvailable, OperationTimedOut, Unauthorized, ConnectionError)):
            for _ in range(5):
                session.execute("SELECT * FROM shop.orders", timeout=5)


def test_an_expired_token_is_closed_at_its_second(door, latchkey, database):
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
    token = reader(latchkey, database, tokenExpiry=end.strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z")
    with Raw(door.port) as idle, Raw(door.port) as busy:
        idle.login(token)
        busy.login(token)
        assert busy.query("SELECT * FROM shop.orders").opcode == RESULT
        while datetime.datetime.now(datetime.timezone.utc) < end:
            time.sleep(0.02)
        assert refused(busy)
        assert idle.closed(3), "an idle session of an expired token is closed by itself"
    assert latchkey.http("GET", "/v2/currentOrg", token=token.text).status_code == 401


def test_narrowing_a_role_acts_on_live_sessions_and_prepared_statements(door, latchkey, database):
    policy = {"description": "", "effect": "allow", "actions": ["db-cql", "db-table-select"],
              "resources": [database.drn(), database.drn("shop", "orders")]}
    role = latchkey.good("POST", "/v2/organizations/roles", {"name": "Shrinking", "policy": policy})["id"]
    token = latchkey.make_token(role)
    with Raw(door.port) as client:
        client.login(token)
        identity = client.prepare("SELECT * FROM shop.orders")
        assert client.execute(identity).opcode == RESULT
        narrow = dict(policy, resources=[database.drn()])
        latchkey.good("PUT", "/v2/organizations/roles/" + role, {"name": "Shrinking", "policy": narrow})
        assert client.execute(identity).code == UNAUTHORIZED
        assert client.query("SELECT * FROM shop.orders").code == UNAUTHORIZED
        latchkey.good("PUT", "/v2/organizations/roles/" + role, {"name": "Shrinking", "policy": policy})
        assert client.execute(identity).opcode == RESULT


def test_taking_db_cql_from_a_role_ends_its_live_sessions_statements(door, latchkey, database):
    policy = {"description": "", "effect": "allow", "actions": ["db-cql", "db-table-select"],
              "resources": [database.drn(), database.drn("shop", "orders")]}
    role = latchkey.good("POST", "/v2/organizations/roles", {"name": "Leaving", "policy": policy})["id"]
    token = latchkey.make_token(role)
    with Raw(door.port) as client:
        client.login(token)
        latchkey.good("PUT", "/v2/organizations/roles/" + role,
                      {"name": "Leaving", "policy": dict(policy, actions=["db-table-select"])})
        assert refused(client)


def test_deleting_a_role_takes_what_it_gave_and_keeps_the_token(door, latchkey, database):
    policy = {"description": "", "effect": "allow", "actions": ["db-cql", "db-table-select"],
              "resources": [database.drn(), database.drn("shop", "orders")]}
    role = latchkey.good("POST", "/v2/organizations/roles", {"name": "Dangling", "policy": policy})["id"]
    token = latchkey.make_token(role)
    with Raw(door.port) as client:
        client.login(token)
        latchkey.good("DELETE", "/v2/organizations/roles/" + role)
        assert refused(client)
    listed = [c for c in latchkey.good("GET", "/v2/tokens")["clients"] if c["clientId"] == token.client_id]
    assert listed and listed[0]["roles"] == [role]


def test_removing_the_database_closes_its_door(binary, own_latchkey, real):
    own_latchkey.serve()
    database = own_latchkey.add_database("short", real.node, SERVICE, SERVICE_PASSWORD)
    wait_until_answered(Door(database))
    client = Raw(database.port).login(own_latchkey.administrator)
    assert client.query("SELECT * FROM shop.orders").opcode == RESULT
    assert own_latchkey.run("db", "remove", "short").returncode == 0
    assert client.closed(5)
    with pytest.raises(OSError):
        Raw(database.port).login(own_latchkey.administrator)


def test_sessions_survive_nothing_but_tokens_survive_a_restart(own_latchkey, real):
    own_latchkey.serve()
    database = own_latchkey.add_database("main", real.node, SERVICE, SERVICE_PASSWORD)
    wait_until_answered(Door(database))
    kept, gone = reader(own_latchkey, database), reader(own_latchkey, database)
    own_latchkey.delete_token(gone)
    own_latchkey.stop()
    own_latchkey.serve()
    with Raw(database.port) as client:
        client.login(kept)
        until("an answer of the cluster", lambda: client.query("SELECT * FROM shop.orders").opcode == RESULT)
    with Raw(database.port) as client:
        assert client.authenticate(plain("token", gone.text)).code == 0x0100
    own_latchkey.stop()
