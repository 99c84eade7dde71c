"""What the gateway does with nodes: shares, prepares again, loses connections, waits no longer than it may, shows their tables."""
import ipaddress
import time

import pytest
import wire
from conftest import Watch, bare, make_schema
from latchkey import until
from node_schema import simple
from recording_node import RecordingNode
from recording_node import error as node_error
from test_traps import allowed, refused

READ = "SELECT v FROM shop.orders WHERE id = ?"
LOST = {
    "select": ("SELECT v FROM shop.orders WHERE id = 4711", wire.READ_TIMEOUT, None),
    "insert": ("INSERT INTO shop.orders (id, v) VALUES (4711, 'x')", wire.WRITE_TIMEOUT, "SIMPLE"),
    "update": ("UPDATE shop.orders SET v = 'x' WHERE id = 4711", wire.WRITE_TIMEOUT, "SIMPLE"),
    "delete": ("DELETE FROM shop.orders WHERE id = 4711", wire.WRITE_TIMEOUT, "SIMPLE"),
    "condition": ("INSERT INTO shop.orders (id, v) VALUES (4711, 'x') IF NOT EXISTS", wire.WRITE_TIMEOUT, "CAS"),
    "counter": ("UPDATE shop.hits SET c = c + 1 WHERE id = 4711", wire.WRITE_TIMEOUT, "COUNTER"),
    "batch": ("BEGIN BATCH INSERT INTO shop.orders (id) VALUES (4711) APPLY BATCH", wire.WRITE_TIMEOUT, "UNLOGGED_BATCH"),
    "unlogged": ("BEGIN UNLOGGED BATCH INSERT INTO shop.orders (id) VALUES (4711) APPLY BATCH", wire.WRITE_TIMEOUT, "UNLOGGED_BATCH"),
}


def lost_as(answer, code, kind):
    assert answer.opcode == wire.ERROR and answer.code == code, answer.message if answer.opcode == wire.ERROR else answer
    extras = answer.error_extras()
    assert extras[1:3] == (0, 1), extras
    assert extras[3] == (kind if code == wire.WRITE_TIMEOUT else 0), extras


# ---- a lost connection ----

@pytest.mark.parametrize("name", LOST)
@pytest.mark.parametrize("how", ["query", "execute"])
def test_written_and_unanswered(rig, version, name, how):
    text, code, kind = LOST[name]
    with rig.client(rig.everything(), version) as client:
        identity = client.prepare(text).prepared().id if how == "execute" and not text.startswith("BEGIN") else None
        watch = Watch(rig.node)
        rig.node.drop(lambda one: one.opcode in (wire.QUERY, wire.EXECUTE) and "4711" in (one.text or ""))
        answer = client.execute(identity, consistency=wire.QUORUM) if identity else client.query(text, consistency=wire.QUORUM)
        lost_as(answer, code, kind)
        assert answer.error_extras()[0] == wire.QUORUM
        rig.recovered()
    assert len([one for one in watch.all() if one.opcode != wire.PREPARE and "4711" in (one.text or "")]) == 1, "it was sent again"


@pytest.mark.parametrize("kind, name", [(0, "UNLOGGED_BATCH"), (1, "UNLOGGED_BATCH"), (2, "COUNTER")])
def test_written_and_unanswered_batches(rig, version, kind, name):
    text = "UPDATE shop.hits SET c = c + 1 WHERE id = 4711" if kind == 2 else "INSERT INTO shop.orders (id) VALUES (4711)"
    with rig.client(rig.everything(), version) as client:
        rig.node.drop(lambda one: one.opcode == wire.BATCH)
        lost_as(client.ask(wire.BATCH, wire.batch([(text, [])], kind)), wire.WRITE_TIMEOUT, name)
        rig.recovered()


def test_everybody_on_the_lost_connection_is_told_once(rig, version):
    token = rig.reader()
    rule = rig.node.hold(lambda one: one.values == [b"wait"])
    watch = Watch(rig.node)
    clients = [rig.client(token, version) for _ in range(50)]
    for client in clients:
        client.post(wire.QUERY, wire.long_string(READ) + wire.parameters([b"wait"]), stream=5)
    rig.node.wait_for(lambda: len(watch.all()) == 50, "all of them")
    rig.node.drop_connections()
    for client in clients:
        lost_as(client.answer(5), wire.READ_TIMEOUT, None)
    rig.node.unrule(rule)
    rig.recovered()
    for client in clients:
        assert allowed(client.query(READ, b"next")).rows() == [[b"next"]]
        client.close()
    assert len([one for one in watch.all() if one.values == [b"wait"]]) == 50


def test_no_node_at_all(new_rig):
    rig = new_rig()
    client = rig.client(rig.everything())
    watch = Watch(rig.node)
    rig.node.refuse_connections = True
    rig.node.drop_connections(control=True)

    def overloaded():
        answer = client.query("SELECT v FROM shop.orders WHERE id = 1")
        return answer.opcode == wire.ERROR and answer.code == wire.OVERLOADED
    until("0x1001", overloaded)
    for text in ("INSERT INTO shop.orders (id) VALUES (1)", "SELECT v FROM shop.orders", "TRUNCATE shop.orders"):
        refused(client.query(text), wire.OVERLOADED)
    refused(client.prepare("SELECT n FROM shop.orders"), wire.OVERLOADED)
    watch.nothing()
    rig.node.refuse_connections = False
    rig.recovered()
    allowed(client.query("SELECT v FROM shop.orders WHERE id = 1"))
    client.close()


def test_errors_of_the_node_go_through_as_they_are(rig, version):
    codes = [(wire.UNAVAILABLE, b"\0\4\0\0\0\2\0\0\0\1"), (wire.READ_TIMEOUT, b"\0\4\0\0\0\1\0\0\0\2\1"), (wire.OVERLOADED, b""),
             (wire.INVALID, b""), (wire.WRITE_TIMEOUT, b"\0\4\0\0\0\1\0\0\0\2" + wire.string("SIMPLE"))]
    with rig.client(rig.everything(), version) as client:
        for code, extras in codes:
            rig.node.fail("orders", code, "words of the node", extras, times=1)
            answer = refused(client.query("SELECT v FROM shop.orders WHERE id = 1"), code)
            assert "words of the node" in answer.message
            assert answer.body.endswith(extras)


def test_a_refusal_by_the_node_is_the_gateways_own_trouble(rig, version):
    with rig.client(rig.everything(), version) as client:
        rig.node.fail("orders", wire.UNAUTHORIZED, "User latchkey_gateway has no SELECT permission", times=1)
        answer = refused(client.query("SELECT v FROM shop.orders WHERE id = 1"), wire.SERVER)
        assert "latchkey_gateway" not in answer.message


# ---- deadlines ----

@pytest.fixture(scope="module")
def hasty(binary, tmp_path_factory):
    """A daemon that waits two seconds, five for schema changes."""
    from conftest import Rig
    node = RecordingNode(make_schema())
    rig = Rig(binary, str(tmp_path_factory.mktemp("hasty")), node, {"request-deadline-ms": 2000, "schema-deadline-ms": 5000, "workers": 1})
    yield rig
    rig.close()
    node.close()


@pytest.mark.parametrize("name", LOST)
def test_deadlines(hasty, name):
    text, code, kind = LOST[name]
    rule = hasty.node.hold("4711")
    try:
        with hasty.client(hasty.everything()) as client:
            began = time.monotonic()
            lost_as(client.query(text), code, kind)
            assert 1.9 <= time.monotonic() - began < 10
            hasty.node.release()
            assert client.quiet(0.3) is None, "the late answer was delivered"
            assert allowed(client.query(READ, b"next")).rows() == [[b"next"]]
    finally:
        hasty.node.unrule(rule)


def test_truncate_may_take_longer(hasty):
    rule = hasty.node.delay(lambda one: "TRUNCATE" in (one.text or "").upper(), 3.2)
    with hasty.client(hasty.everything()) as client:
        allowed(client.query("TRUNCATE shop.orders"))
    hasty.node.unrule(rule)


def test_late_answers_reach_nobody(hasty):
    """The stream of a request that was given up rests until the node has answered."""
    rule = hasty.node.hold(lambda one: one.values == [b"late"])
    with hasty.client(hasty.everything()) as client:
        for stream in range(200):
            client.post(wire.QUERY, wire.long_string(READ) + wire.parameters([b"late"]), stream=stream)
        assert {client.receive().code for _ in range(200)} == {wire.READ_TIMEOUT}
        watch = Watch(hasty.node)
        for stream in range(200):
            client.post(wire.QUERY, wire.long_string(READ) + wire.parameters([b"good"]), stream=stream)
        hasty.node.release()
        assert {client.receive().rows()[0][0] for _ in range(200)} == {b"good"}
        assert client.quiet(0.2) is None
        assert len(watch.all()) == 200
    hasty.node.unrule(rule)


# ---- UNPREPARED, and prepared state ----

def test_unprepared_is_repaired_unseen(rig, version):
    with rig.client(rig.everything(), version) as client:
        identity = client.prepare(READ).prepared().id
        allowed(client.execute(identity, b"one!"))
        watch = Watch(rig.node)
        rig.node.forget()
        assert allowed(client.execute(identity, b"two!")).rows() == [[b"two!"]]
    assert [one.opcode for one in watch.all()] == [wire.EXECUTE, wire.PREPARE, wire.EXECUTE]
    assert watch.all()[0].body == watch.all()[2].body


def test_unprepared_batch_is_repaired(rig, version):
    with rig.client(rig.everything(), version) as client:
        identity = client.prepare("UPDATE shop.orders SET v = ? WHERE id = ?").prepared().id
        allowed(client.ask(wire.BATCH, wire.batch([(identity, [b"w", 1])])))    # this worker's connection knows it now
        rig.node.forget()
        rig.node.rule(lambda one: one.opcode == wire.BATCH and identity not in rig.node.prepared,
                      lambda one, _: node_error(one.frame, wire.UNPREPARED, "x", wire.string(identity)))
        watch = Watch(rig.node)
        answer = client.ask(wire.BATCH, wire.batch([(identity, [b"x", 1])]))
        assert answer.opcode == wire.RESULT or answer.error_extras() == identity
    assert 1 <= len([one for one in watch.all() if one.opcode == wire.BATCH]) <= 2


def test_unprepared_with_other_metadata_is_passed_on(new_rig, version):
    rig = new_rig()
    with rig.client(rig.everything(), version) as client:
        statement = client.prepare("SELECT * FROM shop.users WHERE id = ?").prepared()
        assert statement.result.names == ["id", "v"]
        rig.node.schema.keyspaces["shop"].tables["users"] = simple(("added", "text"))
        rig.node.forget()
        answer = refused(client.execute(statement.id, 1, flags=wire.P_SKIP), wire.UNPREPARED)
        assert answer.error_extras() == statement.id
        again = client.prepare("SELECT * FROM shop.users WHERE id = ?").prepared()
        assert again.result.names == ["id", "v", "added"]
        watch = Watch(rig.node)
        rows = allowed(client.execute(again.id, 1, flags=wire.P_SKIP))
        assert rows.columns().names == ["id", "v", "added"], "columns of a changed statement must travel with the rows"
    assert not watch.one(wire.EXECUTE).query_flags & wire.P_SKIP


def test_unprepared_with_a_large_body_is_passed_on(rig, version):
    with rig.client(rig.everything(), version) as client:
        identity = client.prepare("UPDATE shop.orders SET v = ? WHERE id = 9").prepared().id
        rig.node.forget()
        watch = Watch(rig.node)
        answer = client.execute(identity, bytes(100000))
        assert answer.opcode == wire.ERROR and answer.code == wire.UNPREPARED and answer.error_extras() == identity
    assert [one.opcode for one in watch.all()][0] == wire.EXECUTE


def test_a_node_that_keeps_saying_unprepared(rig, version):
    """Repaired once at most: no loop between gateway and node."""
    with rig.client(rig.everything(), version) as client:
        identity = client.prepare(READ).prepared().id
        watch = Watch(rig.node)
        rig.node.rule(lambda one: one.opcode == wire.EXECUTE,
                      lambda one, _: node_error(one.frame, wire.UNPREPARED, "never heard", wire.string(one.id)))
        answer = client.execute(identity, 1)
        refused(answer, wire.UNPREPARED, wire.OVERLOADED)
    assert len(watch.all()) <= 3 * 16 + 2    # it may be taken up again, but not for ever


def test_a_storm_of_unprepared(rig, version):
    token = rig.everything()
    clients = [rig.client(token, version) for _ in range(20)]
    identities = [client.prepare(READ).prepared().id for client in clients]
    rig.node.forget()
    watch = Watch(rig.node)
    for client, identity in zip(clients, identities):
        for stream in range(1, 21):
            client.post(wire.EXECUTE, wire.string(identity) + wire.parameters([b"%04d" % stream]), stream=stream)
    for client in clients:
        for stream in range(1, 21):
            assert client.answer(stream).rows() == [[b"%04d" % stream]]
        client.close()
    prepares = [one for one in watch.all() if one.opcode == wire.PREPARE]
    assert 1 <= len(prepares) <= 40, "%d PREPAREs of one text" % len(prepares)


def test_a_new_connection_is_prepared_first(rig, version):
    with rig.client(rig.everything(), version) as client:
        identity = client.prepare(READ).prepared().id
        allowed(client.execute(identity, b"one!"))
        rig.node.drop_connections()
        rig.node.forget()
        rig.recovered()
        watch = Watch(rig.node)
        assert allowed(client.execute(identity, b"two!")).rows() == [[b"two!"]]
    assert watch.all()[0].opcode in (wire.PREPARE, wire.EXECUTE)


def test_concurrent_prepares_are_one(rig, version):
    token = rig.everything()
    clients = [rig.client(token, version) for _ in range(40)]
    text = "SELECT v FROM shop.orders WHERE id = ? AND n = %d" % version
    rig.node.delay(lambda one: one.opcode == wire.PREPARE, 0.3)
    watch = Watch(rig.node)
    for client in clients:
        client.post(wire.PREPARE, wire.long_string(text), stream=3)
    identities = {client.answer(3).prepared().id for client in clients}
    for client in clients:
        client.close()
    assert len(identities) == 1
    assert len([one for one in watch.all() if one.opcode == wire.PREPARE]) <= 2


# ---- shared connections ----

def test_few_connections_and_how_they_begin(rig, version):
    clients = [rig.client(rig.everything(), version) for _ in range(60)]
    for client in clients:
        allowed(client.query(READ, b"mark"))
    connections = [one for one in rig.node.data_connections() if one.version == version]
    assert 1 <= len(connections) <= 2 * 2    # two workers, a second connection each for large results
    assert all(one.startup.get("CQL_VERSION") and one.startup.get("THROW_ON_OVERLOAD") == "1" for one in connections)
    assert not [one for one in connections if "COMPRESSION" in one.startup]
    for client in clients:
        client.close()


def test_the_version_upstream_is_the_clients(rig, version):
    with rig.client(rig.everything(), version) as client:
        watch = Watch(rig.node)
        allowed(client.query(READ, b"mark"))
    assert watch.one().frame.version == version


def test_nodes_of_the_local_datacenter_only(binary, tmp_path):
    from conftest import Rig
    schema = make_schema()
    second, far = RecordingNode(schema, "127.0.0.2"), RecordingNode(schema, "127.0.0.3", datacenter="elsewhere")
    first = RecordingNode(schema, peers=[("127.0.0.2", second.port, "datacenter1"), ("127.0.0.3", far.port, "elsewhere")])
    second.peers = [("127.0.0.1", first.port, "datacenter1"), ("127.0.0.3", far.port, "elsewhere")]
    rig = Rig(binary, str(tmp_path / "three"), first)
    try:
        def used():
            with rig.client(rig.everything()) as client:
                for stream in range(60):
                    client.post(wire.QUERY, wire.long_string(READ) + wire.parameters([b"mark"]), stream=stream)
                for stream in range(60):
                    allowed(client.answer(stream))
            return first.received() and second.received()
        until("both nodes in use", used)
        assert not far.received(opcodes=range(256), control=True), "a node of another datacenter was used"
        second.refuse_connections = True
        second.drop_connections(control=True)
        rig.recovered()
        with rig.client(rig.everything()) as client:
            for _ in range(50):
                allowed(client.query(READ, b"mark"))
    finally:
        rig.close()
        for node in (first, second, far):
            node.close()


# ---- tables that the gateway answers ----

def local(client, text="SELECT * FROM system.local WHERE key='local'"):
    answer = allowed(client.query(text), wire.ROWS)
    rows = answer.rows()
    assert len(rows) == 1
    return dict(zip(answer.columns().names, rows[0]))


def test_system_local(rig, watch, version):
    with rig.client(rig.reader(), version) as client:
        row = local(client)
        again = local(client, "SELECT host_id, cluster_name FROM system.local")
        peers = allowed(client.query("SELECT * FROM system.peers")).rows()
        peers_v2 = client.query("SELECT * FROM system.peers_v2")
    watch.nothing()
    assert row["cluster_name"] == b"Recording Cluster" == again["cluster_name"]
    assert row["data_center"] == b"datacenter1" and row["release_version"] == rig.node.release_version.encode()
    assert row["host_id"] == again["host_id"] != rig.node.host_id.bytes
    assert row["rpc_address"] == ipaddress.ip_address("127.0.0.1").packed
    assert int.from_bytes(row["rpc_port"], "big") == rig.port if row.get("rpc_port") else True
    assert row["tokens"] and int.from_bytes(row["tokens"][:4], "big") == 1
    assert row["schema_version"] == rig.node.schema.version.bytes
    assert peers == [] and (peers_v2.opcode == wire.ERROR or peers_v2.rows() == [])


def test_system_local_prepared_and_named(rig, watch, version):
    with rig.client(rig.reader(), version) as client:
        statement = client.prepare("SELECT cluster_name FROM system.local").prepared()
        assert allowed(client.execute(statement.id)).rows() == [[b"Recording Cluster"]]
        client.use("shop")
        assert allowed(client.query("SELECT cluster_name FROM system.local")).rows() == [[b"Recording Cluster"]]
        if version >= 4:
            answer = client.query("SELECT * FROM system.peers_v2 WHERE peer = :address and peer_port = :port",
                                  ipaddress.ip_address("127.0.0.9").packed, 9042, names=["address", "port"])
            assert answer.opcode == wire.ERROR and answer.code == wire.INVALID or answer.rows() == []
    watch.nothing()


def test_now_of_system_local_is_asked_of_the_node(rig, watch, version):
    with rig.client(rig.reader(), version) as client:
        client.query("SELECT now() FROM system.local")
    got = [one for one in watch.all(control=True) if one.opcode == wire.QUERY and "now" in one.text]
    assert len(got) == 1 and "system.local" in bare(got[0].text)


def names_in(client, table, *columns):
    answer = allowed(client.query("SELECT * FROM system_schema." + table), wire.ROWS)
    places = [answer.columns().names.index(column) for column in columns]
    return {tuple((row[place] or b"").decode() for place in places) for row in answer.rows()}


def test_schema_as_a_token_may_see_it(rig, watch, version):
    with rig.client(rig.reader(), version) as client:
        keyspaces = {name for name, in names_in(client, "keyspaces", "keyspace_name")}
        assert "shop" in keyspaces and "vault" not in keyspaces
        assert {one for one in names_in(client, "tables", "keyspace_name", "table_name") if one[0] in ("shop", "vault")} == {("shop", "orders")}
        columns = names_in(client, "columns", "keyspace_name", "table_name", "column_name")
        seen = {one[:2] for one in columns if one[0] in ("shop", "vault")}
        assert ("shop", "orders") in seen and seen <= {("shop", "orders"), ("shop", "by_v")}
        assert names_in(client, "indexes", "keyspace_name", "index_name") == {("shop", "orders_v_idx")}
        assert names_in(client, "views", "keyspace_name", "view_name") <= {("shop", "by_v")}
        for table in ("types", "functions", "aggregates", "triggers", "dropped_columns"):
            assert not [one for one in names_in(client, table, "keyspace_name") if one[0] == "vault"]
    assert not [one for one in watch.all() if "system_schema" in bare(one.text)]


@pytest.mark.parametrize("text", [
    "SELECT * FROM system_schema.tables WHERE keyspace_name = 'vault'", "SELECT table_name FROM system_schema.tables WHERE keyspace_name = 'vault'",
    "SELECT * FROM system_schema.columns WHERE keyspace_name = 'vault' AND table_name = 'secrets'",
    "SELECT table_name FROM system_schema.tables", "SELECT JSON * FROM system_schema.tables", "SELECT DISTINCT keyspace_name FROM system_schema.tables",
    "SELECT count(*) FROM system_schema.tables", "SELECT table_name AS keyspace_name, keyspace_name AS table_name FROM system_schema.tables",
    "SELECT keyspace_name, max(table_name) FROM system_schema.tables GROUP BY keyspace_name", "SELECT * FROM system_schema.tables LIMIT 1000",
    "SELECT blobAsText(textAsBlob(table_name)) FROM system_schema.tables", "SELECT * FROM system_schema.tables WHERE table_name = 'secrets' ALLOW FILTERING",
    "SELECT * FROM system_schema.tables WHERE keyspace_name IN ('shop', 'vault')", "SELECT writetime(comment) FROM system_schema.tables",
    "SELECT * FROM system_schema.keyspaces WHERE keyspace_name = 'vault'", "SELECT * FROM system_schema.types", "SELECT * FROM system_schema.views",
    "SELECT * FROM system_schema.indexes WHERE keyspace_name = 'vault'", "SELECT * FROM system_virtual_schema.tables",
    "DESCRIBE KEYSPACES", "DESCRIBE TABLES", "DESC SCHEMA", "DESCRIBE FULL SCHEMA", "DESCRIBE CLUSTER", "DESCRIBE KEYSPACE vault", "DESCRIBE TYPES",
    "DESCRIBE TABLE vault.secrets WITH INTERNALS", "DESCRIBE vault", "DESCRIBE FUNCTIONS", "DESCRIBE INDEX vault.secrets_idx"])
def test_no_other_shape_of_query_shows_more(rig, version, text):
    def described(received, _):
        """A node would tell all it has to whoever asks."""
        from node_schema import rows_body
        from recording_node import reply
        columns = [("keyspace_name", "text"), ("type", "text"), ("name", "text"), ("create_statement", "text")]
        rows = [[b"shop", b"table", b"orders", b"CREATE TABLE shop.orders"], [b"vault", b"table", b"secrets", b"CREATE TABLE vault.secrets"]]
        return reply(received.frame, wire.RESULT, rows_body("system", "describe", columns, rows))
    rig.node.rule(lambda one: (one.text or "").upper().startswith("DESC"), described)
    with rig.client(rig.reader(), version) as client:
        for _ in range(2):
            answer = client.query(text, timeout=15)
            told = answer.body if answer.opcode == wire.RESULT else answer.message.encode()
            rows = answer.opcode == wire.RESULT
            for secret in (b"secrets", b"by_secret", b"users"):
                assert secret not in told.replace(text.encode(), b"") or not rows and secret.decode() in text, told
            assert not rows or b"vault" not in told, told
            if rows and "count" in text:
                assert b"\x00\x00\x00\x08" + (1).to_bytes(8, "big") in told


def test_a_table_that_appeared_since(new_rig, version):
    """The first use of a name that the picture lacks reloads it, for all who ask, and then decides."""
    rig = new_rig()
    token = rig.token(("db-table-select", "shop", "*"))
    with rig.client(token, version) as client:
        watch = Watch(rig.node)
        refused(client.query("SELECT v FROM shop.later WHERE id = 1"), wire.INVALID, wire.UNAUTHORIZED)
        watch.nothing()
        rig.node.schema.keyspaces["shop"].tables["later"] = simple()
        rig.node.schema.changed()
        until("the new table", lambda: client.query("SELECT v FROM shop.later WHERE id = 1").opcode == wire.RESULT)


@pytest.mark.parametrize("how", ["query", "execute"])
def test_what_could_not_be_read_again_is_not_said_to_be_missing(new_rig, version, how):
    """A keyspace that the picture lacks may be there: whoever drops it is answered by the node, not told that it is done."""
    rig = new_rig()
    with rig.client(rig.everything(), version) as client:
        identity = client.prepare("DROP KEYSPACE IF EXISTS later").prepared().id
        watch = Watch(rig.node)
        rig.node.unreadable = True
        answer = client.execute(identity, timeout=30) if how == "execute" else client.query("DROP KEYSPACE IF EXISTS later", timeout=30)
        assert answer.opcode == wire.RESULT
    assert [one.opcode for one in watch.all() if one.opcode != wire.PREPARE] == [wire.EXECUTE if how == "execute" else wire.QUERY]


def test_many_who_ask_for_what_is_missing_share_a_reload(rig, version):
    """Two hundred unknown names at once cost the node a few readings of its schema, and none when no right covers them."""
    for token, least, most in ((rig.reader(), 0, 0), (rig.token(("db-table-select", "shop", "*")), 1, 20)):
        clients = [rig.client(token, version) for _ in range(20)]
        since = rig.node.mark()
        for client in clients:
            for stream in range(1, 11):
                client.post(wire.QUERY, wire.long_string("SELECT v FROM shop.nothing%d" % stream) + wire.parameters(), stream=stream)
        for client in clients:
            for stream in range(1, 11):
                refused(client.answer(stream), wire.UNAUTHORIZED, wire.INVALID)
            client.close()
        readings = [one for one in rig.node.received(since, control=True) if "system_schema.tables" in bare(one.text)]
        assert least <= len(readings) <= most, "%d readings of the schema" % len(readings)


def test_schema_change_waits_for_the_picture(new_rig, version):
    """The reply to a CREATE comes when the gateway itself knows the table, so that the next statement finds it."""
    rig = new_rig()

    def create(received, answer):
        rig.node.schema.keyspaces["shop"].tables["fresh"] = simple()
        rig.node.schema.changed()
        return answer
    rig.node.rule(lambda one: (one.text or "").startswith("CREATE TABLE"), create)
    with rig.client(rig.everything(), version) as client:
        allowed(client.query("CREATE TABLE shop.fresh (id int PRIMARY KEY, v text)", timeout=30), wire.SCHEMA_CHANGE)
        allowed(client.query("SELECT v FROM shop.fresh WHERE id = 1"))


def test_service_password_that_is_refused(new_rig):
    """A cluster that does not let the gateway in is no reason to let a client wait for ever."""
    rig = new_rig()
    rig.node.refuse_login = True
    rig.node.drop_connections(control=True)
    with rig.client(rig.everything()) as client:
        def overloaded():
            answer = client.query("SELECT v FROM shop.orders WHERE id = 1")
            return answer.opcode == wire.ERROR and answer.code == wire.OVERLOADED
        until("0x1001", overloaded)
        rig.node.refuse_login = False
        rig.recovered()


def test_node_answers_in_any_cut(rig, version):
    """Rows of several sizes, some larger than any buffer, on a shared connection, byte for byte."""
    with rig.client(rig.reader(), version) as client:
        for size in (0, 1, 1000, 65535, 65536, 65537, 1 << 20, 3 << 20):
            mark = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
            assert allowed(client.query(READ, mark, timeout=60)).rows() == [[mark]]
