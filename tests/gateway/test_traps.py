"""The traps T1 to T34 that a bypass would use, each with what the node received."""
import re
import struct
import time

import pytest
import wire
from conftest import Watch, bare

SELECT = "SELECT v FROM shop.orders WHERE id = 1"
SECRET = "SELECT v FROM vault.secrets WHERE id = 1"


def refused(answer, *codes):
    assert answer.opcode == wire.ERROR, answer
    assert answer.code in (codes or (wire.UNAUTHORIZED,)), "0x%04x %s" % (answer.code, answer.message)
    return answer


def allowed(answer, kind=None):
    assert answer.opcode == wire.RESULT, answer.message if answer.opcode == wire.ERROR else answer
    assert kind is None or answer.kind == kind, answer
    return answer


# ---- T1 to T4: which keyspace ----

def test_t1_unqualified_without_keyspace(rig, watch, version):
    with rig.client(rig.reader(), version) as client:
        refused(client.query("SELECT v FROM orders WHERE id = 1"), wire.INVALID)
    watch.nothing()


def test_t1_use_then_unqualified(rig, watch, version):
    with rig.client(rig.reader(), version) as client:
        assert client.use("shop").keyspace() == "shop"
        allowed(client.query("SELECT v FROM orders WHERE id = 1"), wire.ROWS)
    assert "fromshop.orderswhere" in bare(watch.one().text)


def test_t1_use_of_a_keyspace_without_rights(rig, watch, version):
    with rig.client(rig.reader(), version) as client:
        client.use("shop")
        refused(client.query("USE vault"), wire.INVALID, wire.UNAUTHORIZED)
        allowed(client.query("SELECT v FROM orders WHERE id = 1"))
    assert "fromshop.orderswhere" in bare(watch.one().text)


def test_t1_prepared_under_one_keyspace_executed_under_another(rig, watch, version):
    token = rig.token(("db-table-select", "shop", "orders"), ("db-table-select", "vault", "orders"))
    with rig.client(token, version) as client:
        client.use("shop")
        statement = client.prepare("SELECT v FROM orders WHERE id = ?").prepared()
        client.use("vault")
        allowed(client.execute(statement.id, 1))
        other = client.prepare("SELECT v FROM orders WHERE id = ?").prepared()
        assert other.id != statement.id
    executed = [one for one in watch.all() if one.opcode == wire.EXECUTE]
    assert ["fromshop.orders" in bare(one.text) for one in executed] == [True]


def test_t1_use_never_reaches_the_node(rig, watch, version):
    with rig.client(rig.everything(), version) as client:
        for text in ("USE shop", 'use "vault"', "USE shop;", "/* x */ USE shop"):
            allowed(client.query(text), wire.SET_KEYSPACE)
        prepared = client.prepare("USE shop")
        if prepared.opcode == wire.RESULT:
            allowed(client.execute(prepared.prepared().id), wire.SET_KEYSPACE)
        allowed(client.query("SELECT v FROM orders WHERE id = 1"))
    assert not [one for one in watch.all(control=True) if (one.text or "").upper().lstrip().startswith("USE")]


@pytest.mark.parametrize("opcode", ["query", "execute", "batch"])
def test_t2_keyspace_flag_of_version_5(rig, version, opcode):
    token = rig.token(("db-table-select", "shop", "orders"), ("db-table-modify", "shop", "orders"))
    with rig.client(token, version) as client:
        statement = client.prepare(SELECT).prepared()
        watch = Watch(rig.node)
        keyspace = wire.string("vault")
        if opcode == "query":
            answer = client.query("SELECT v FROM orders WHERE id = 1", flags=wire.P_KEYSPACE, tail=keyspace)
        elif opcode == "execute":
            answer = client.execute(statement.id, flags=wire.P_KEYSPACE, tail=keyspace)
        else:
            entries = [("INSERT INTO orders (id) VALUES (1)", [])]
            answer = client.ask(wire.BATCH, wire.batch(entries, flags=wire.P_KEYSPACE, tail=keyspace))
        refused(answer, wire.PROTOCOL)
    watch.nothing()


def test_t3_use_and_query_in_one_write(rig, version):
    token = rig.token(("db-table-select", "shop", "orders"), ("db-table-select", "vault", "orders"))
    text = wire.long_string("SELECT v FROM orders WHERE id = ?")
    seen = set()
    for _ in range(30):
        with rig.client(token, version) as client:
            client.use("shop")
            watch = Watch(rig.node)
            client.send(wire.frame(version, 0, 1, wire.QUERY, text + wire.parameters([b"befo"]))
                        + wire.frame(version, 0, 2, wire.QUERY, wire.long_string("USE vault") + wire.parameters())
                        + wire.frame(version, 0, 3, wire.QUERY, text + wire.parameters([b"aftr"])))
            assert [allowed(client.answer(stream)).kind for stream in (1, 2, 3)] == [
                wire.ROWS, wire.SET_KEYSPACE, wire.ROWS]
            where = {one.values[0]: "vault" if "vault.orders" in bare(one.text) else "shop" for one in watch.all()}
            assert where[b"befo"] == "shop"
            seen.add(where[b"aftr"])
    assert len(seen) == 1, "the outcome changes from run to run"


VIEW = "CREATE MATERIALIZED VIEW vault.copy AS SELECT * FROM orders WHERE v IS NOT NULL AND id IS NOT NULL PRIMARY KEY (v, id)"


def test_t4_the_view_decides_the_keyspace_of_its_base(rig, watch, version):
    rights = [(action, "shop", "orders") for action in ("db-table-alter", "db-table-select")]
    with rig.client(rig.token(*rights, ("db-table-create", "vault", "copy")), version) as client:
        client.use("shop")
        refused(client.query(VIEW))
    watch.nothing()


def test_t4_forwarded_with_the_base_qualified(rig, watch, version):
    rights = [(action, "vault", "orders") for action in ("db-table-alter", "db-table-select")]
    token = rig.token(*rights, ("db-table-create", "vault", "copy"), ("db-table-select", "shop", "orders"))
    with rig.client(token, version) as client:
        client.use("shop")
        client.query(VIEW, timeout=30)
    assert "fromvault.orderswhere" in bare(watch.one().text)


def test_t4_types_belong_to_the_tables_keyspace(rig, watch, version):
    with rig.client(rig.everything(), version) as client:
        client.use("shop")
        client.query("CREATE TABLE vault.homes (id int PRIMARY KEY, a frozen<addr>)", timeout=30)
    text = bare(watch.one().text)
    assert "vault.homes" in text and "shop.addr" not in text


# ---- T5 to T7: names, literals, comments ----

@pytest.mark.parametrize("text, passes", [
    ("SELECT v FROM shop.users WHERE id = 1", True),
    ("SELECT v FROM SHOP.USERS WHERE id = 1", True),
    ('SELECT v FROM "shop"."users" WHERE id = 1', True),
    ('SELECT v FROM shop."Users" WHERE id = 1', False),
    ('SELECT v FROM "Shop".users WHERE id = 1', False),
    ('SELECT v FROM shop."users " WHERE id = 1', False),
    ('SELECT v FROM "shop.users" WHERE id = 1', False),
    ('SELECT v FROM shop."users""" WHERE id = 1', False),
    ('SELECT v FROM shop."" WHERE id = 1', False),
    ('SELECT v FROM shop."SELECT" WHERE id = 1', False),
    ('SELECT v FROM shop.select WHERE id = 1', False),
    ('SELECT v FROM shop.u\u017fers WHERE id = 1', False),
    ('SELECT v FROM shop."us\0ers" WHERE id = 1', False),
    ('SELECT v FROM shop.users.orders WHERE id = 1', False),
    ('SELECT v FROM "shop:table:users".users WHERE id = 1', False)])
def test_t5_names_by_their_exact_bytes(rig, watch, version, text, passes):
    with rig.client(rig.reader("shop", "users"), version) as client:
        answer = client.query(text)
    if passes:
        allowed(answer)
        assert '"users"' in watch.one().text
    else:
        refused(answer, wire.UNAUTHORIZED, wire.SYNTAX, wire.INVALID)
        watch.nothing()


@pytest.mark.parametrize("text, literal", [
    ("SELECT v FROM shop.orders WHERE v = ' FROM vault.secrets ' ALLOW FILTERING", "' FROM vault.secrets '"),
    ("SELECT v FROM shop.orders WHERE v = 'it''s; DROP TABLE shop.orders' ALLOW FILTERING", "'it''s; DROP TABLE shop.orders'"),
    ("SELECT v FROM shop.orders WHERE v = $$ ; DROP TABLE vault.secrets; -- ' $$ ALLOW FILTERING",
     "' ; DROP TABLE vault.secrets; -- '' '"),
    ("SELECT v FROM shop.orders WHERE v = '-- /* */' ALLOW FILTERING", "'-- /* */'"),
    ("SELECT v FROM shop.orders WHERE v = '\u00e4\n\u2028' ALLOW FILTERING", "'\u00e4\n\u2028'")])
def test_t6_literals_that_look_like_syntax(rig, watch, version, text, literal):
    with rig.client(rig.reader(), version) as client:
        allowed(client.query(text))
    assert literal in watch.one().text and bare(watch.one().text).startswith("selectvfromshop.orders")


@pytest.mark.parametrize("text", [
    "SELECT v FROM vault.secrets WHERE v = ' FROM shop.orders ' ALLOW FILTERING",
    "SELECT v FROM vault.secrets WHERE v = $$ FROM shop.orders $$ ALLOW FILTERING",
    'SELECT "v FROM shop.orders" FROM vault.secrets',
    'SELECT v AS "x FROM shop.orders --" FROM vault.secrets'])
def test_t6_literals_hide_no_table(rig, watch, version, text):
    with rig.client(rig.reader(), version) as client:
        refused(client.query(text), wire.UNAUTHORIZED, wire.INVALID)
    watch.nothing()


@pytest.mark.parametrize("text", [
    "select/**/v/**/from/**/vault.secrets/**/where/**/id=1",
    "SELECT v FROM /* shop.orders */ vault.secrets WHERE id = 1",
    "SELECT v FROM--shop.orders\nvault.secrets WHERE id = 1",
    "SELECT v FROM vault/*.*/./*shop*/secrets WHERE id = 1",
    "SELECT v FROM // shop.orders\r vault.secrets WHERE id = 1",
    "/* SELECT v FROM shop.orders */ SELECT v FROM vault.secrets"])
def test_t7_comments_hide_no_table(rig, watch, version, text):
    with rig.client(rig.reader(), version) as client:
        refused(client.query(text))
    watch.nothing()


@pytest.mark.parametrize("text", [
    "select/**/v/**/from/**/shop.orders/**/where/**/id=1", "SELECT v FROM shop.orders WHERE id=1--x\n",
    "SELECT v FROM shop . orders // vault.secrets\n WHERE id = 1 ;;", "/* /* */ SELECT v FROM shop.orders WHERE id = 1"])
def test_t7_comments_are_dropped(rig, watch, version, text):
    with rig.client(rig.reader(), version) as client:
        allowed(client.query(text))
    sent = watch.one().text
    assert "/*" not in sent and "--" not in sent and "//" not in sent and "vault" not in sent


@pytest.mark.parametrize("text", [
    "SELECT v FROM shop.orders /* WHERE id = 1", "SELECT v FROM shop.orders WHERE id = 1 -- end",
    "/* /* */ */ SELECT v FROM shop.orders", "SELECT v FROM shop.orders WHERE v = 'open",
    "SELECT v FROM shop.orders WHERE v = $$open", 'SELECT "v FROM shop.orders', "SELECT v FROM shop.orders; SELECT v FROM shop.orders",
    "SELECT v FROM shop.orders WHERE id = 1AND v = ''", "", ";", "\ufeffSELECT v FROM shop.orders", "SELECT\0v FROM shop.orders",
    "SELECT v\u00a0FROM shop.orders", "SELECT\x0cv FROM shop.orders"])
def test_t7_what_the_lexer_refuses(rig, watch, version, text):
    with rig.client(rig.everything(), version) as client:
        refused(client.query(text), wire.SYNTAX, wire.INVALID)
    watch.nothing()


def test_t7_text_that_is_not_utf8(rig, watch, version):
    with rig.client(rig.everything(), version) as client:
        for raw in (b"SELECT v FROM shop.orders WHERE v = '\xff'", b"SELECT v FROM shop.orders WHERE v = '\xc0\xaf'",
                    b"SELECT v FROM shop.orders WHERE v = '\xed\xa0\x80'"):
            refused(client.ask(wire.QUERY, wire.long_string(raw) + wire.parameters()),
                    wire.SYNTAX, wire.INVALID, wire.PROTOCOL)
    watch.nothing()


# ---- T8 to T13: prepared statements and what surrounds them ----

def test_t8_unknown_id(rig, watch, version):
    identity = bytes(range(16))
    with rig.client(rig.everything(), version) as client:
        answer = refused(client.execute(identity, 1), wire.UNPREPARED)
        assert answer.error_extras() == identity
        for odd in (b"", b"x", bytes(17), bytes(300)):
            refused(client.execute(odd, 1), wire.UNPREPARED, wire.PROTOCOL)
    watch.nothing()


def test_t8_id_prepared_by_somebody_else(rig, version):
    with rig.client(rig.everything(), version) as rich:
        statement = rich.prepare(SECRET + " ").prepared()
        with rig.client(rig.reader(), version) as poor:
            watch = Watch(rig.node)
            nobody = bytes(16)
            assert refused(poor.execute(nobody), wire.UNPREPARED).body.replace(nobody, statement.id) == poor.execute(statement.id).body
            refused(poor.ask(wire.BATCH, wire.batch([(statement.id, [])])), wire.UNPREPARED)
            watch.nothing()


def test_t8_prepared_is_what_the_token_prepared(rig, version):
    """Its ids hold on all of its connections, in both versions, and say nothing to others: not even to those who may."""
    mine, other = rig.reader(), rig.reader()
    text = "SELECT v FROM shop.orders WHERE id = ? AND n = %d" % (40 + version)
    with rig.client(mine, version) as client, rig.client(other, version) as stranger:
        identity = client.prepare(text).prepared().id
        elsewhere = [rig.client(mine, number) for number in (3, 4) for _ in range(6)]
        for one in elsewhere:
            assert allowed(one.execute(identity, b"mine")).rows() == [[b"mine"]]
            one.close()
        watch = Watch(rig.node)
        refused(stranger.execute(identity, b"x"), wire.UNPREPARED)
        watch.nothing()
        assert stranger.prepare(text).prepared().id == identity
        assert allowed(stranger.execute(identity, b"now!")).rows() == [[b"now!"]]


def test_t8_an_id_of_the_nodes_own_that_nobody_prepared_here(rig, watch, version):
    text = 'SELECT "v" FROM "vault"."secrets" WHERE "id" = 77'
    with rig.node.lock:
        rig.node.texts[wire.statement_id(text)] = text
        rig.node.prepared.add(wire.statement_id(text))
    with rig.client(rig.everything(), version) as client:
        refused(client.execute(wire.statement_id(text)), wire.UNPREPARED)
    watch.nothing()


def test_t9_payload_before_the_text(rig, version):
    decoy = wire.long_string(SELECT)
    token = rig.reader()
    with rig.client(token, 4) as client:
        watch = Watch(rig.node)
        for payload in ({"k": decoy}, {SELECT: b""}, {"a": None, "b": decoy}, {}):
            body = wire.bytes_map(payload) + wire.long_string(SECRET) + wire.parameters()
            refused(client.ask(wire.QUERY, body, wire.F_PAYLOAD))
        watch.nothing()
        body = wire.bytes_map({"k": wire.long_string(SECRET)}) + wire.long_string(SELECT) + wire.parameters()
        allowed(client.ask(wire.QUERY, body, wire.F_PAYLOAD))
        assert "shop.orders" in bare(watch.one().text)
    with rig.client(token, 3) as client:
        body = wire.bytes_map({"k": decoy}) + wire.long_string(SECRET) + wire.parameters()
        watch = Watch(rig.node)
        try:
            refused(client.ask(wire.QUERY, body, wire.F_PAYLOAD), wire.UNAUTHORIZED, wire.PROTOCOL)
        except wire.Closed:
            pass
        watch.nothing()


def test_t9_payload_cut_short(rig, watch):
    for body in (b"\0\1", b"\xff\xff" + wire.string("k"), wire.string("k"), struct.pack(">H", 1) + wire.string("k") + b"\x7f\xff\xff\xff"):
        client = rig.client(rig.reader(), 4)
        try:
            refused(client.ask(wire.QUERY, body, wire.F_PAYLOAD), wire.PROTOCOL)
        except wire.Closed:
            pass
        client.close()
    watch.nothing()
    assert rig.healthy()


@pytest.mark.parametrize("key", ["ProxyExecute", "token", "roleName", "isFromExternalAuth", "graph-source"])
def test_t10_payload_that_carries_an_identity(rig, key):
    with rig.client(rig.writer(), 4) as client:
        statement = client.prepare(SELECT).prepared()
        watch = Watch(rig.node)
        payload = wire.bytes_map({key: b"cassandra"})
        allowed(client.ask(wire.QUERY, payload + wire.long_string(SELECT) + wire.parameters(), wire.F_PAYLOAD))
        allowed(client.ask(wire.EXECUTE, payload + wire.string(statement.id) + wire.parameters(), wire.F_PAYLOAD))
        entries = wire.batch([("INSERT INTO shop.orders (id) VALUES (1)", [])])
        allowed(client.ask(wire.BATCH, payload + entries, wire.F_PAYLOAD))
        allowed(client.ask(wire.PREPARE, payload + wire.long_string(SELECT + " ALLOW FILTERING"), wire.F_PAYLOAD))
    received = watch.all()
    assert len(received) >= 3 and all(one.decoded for one in received)
    assert not [one for one in received if one.flags & wire.F_PAYLOAD or b"cassandra" in one.body]


@pytest.mark.parametrize("make", [
    lambda token: "cassandra\0token\0" + token, lambda token: "x\0token\0" + token, lambda token: "\0token\0" + token + "\0",
    lambda token: "\0token\0" + token + "\0cassandra", lambda token: "token\0" + token, lambda token: "\0\0token\0" + token,
    lambda token: "\0token", lambda token: "", lambda token: "\0\0", lambda token: "\0\0" + token, lambda token: "\0token\0"],
    ids=["authzid", "short-authzid", "trailing-nul", "fourth-field", "one-nul", "empty-user-first", "no-password", "empty",
         "all-empty", "no-user", "empty-password"])
def test_t11_plain_that_is_not_plain(rig, watch, version, make):
    client = wire.Client(rig.port, version)
    client.startup()
    answer = client.ask(wire.AUTH_RESPONSE, wire.value(make(rig.everything().text).encode()))
    refused(answer, wire.CREDENTIALS)
    client.closed()
    watch.nothing()


def test_t11_null_token(rig, watch, version):
    client = wire.Client(rig.port, version)
    client.startup()
    refused(client.ask(wire.AUTH_RESPONSE, wire.value(None)), wire.CREDENTIALS, wire.PROTOCOL)
    client.closed()
    watch.nothing()


def insert(table, number=1):
    return "INSERT INTO %s (id, v) VALUES (%d, 'x')" % (table, number)


def test_t12_batch_of_everything_allowed(rig, version):
    token = rig.token(("db-table-modify", "shop", "orders"), ("db-table-modify", "vault", "secrets"))
    with rig.client(token, version) as client:
        client.use("shop")
        identity = client.prepare("UPDATE orders SET v = ? WHERE id = ?").prepared().id
        watch = Watch(rig.node)
        allowed(client.ask(wire.BATCH, wire.batch([(insert("orders"), []), (identity, [b"new", 2]),
                                                   (insert("vault.secrets"), [])])), wire.VOID)
    got = watch.one(wire.BATCH)
    assert got.decoded and [("vault" if "vault" in what else "shop") for what, _ in got.entries] == ["shop", "shop", "vault"]
    assert all('"shop"."orders"' in what or '"vault"."secrets"' in what for what, _ in got.entries)
    assert got.entries[1][1] == [b"new", b"\0\0\0\2"]


@pytest.mark.parametrize("entries", [
    [(insert("shop.orders"), []), (insert("vault.secrets"), [])],
    [(insert("vault.secrets"), []), (insert("shop.orders"), [])],
    [(insert("shop.orders"), []), ("BEGIN BATCH %s APPLY BATCH" % insert("shop.orders"), [])],
    [(insert("shop.orders"), []), (SELECT, [])], [("TRUNCATE shop.orders", [])], [("USE shop", [])],
    [("DROP TABLE shop.orders", [])], [(insert("orders"), [])]],
    ids=["last", "first", "nested", "select", "truncate", "use", "drop", "no-keyspace"])
def test_t12_one_bad_entry_refuses_the_batch(rig, watch, version, entries):
    token = rig.token(("db-table-modify", "shop", "orders"), ("db-table-select", "shop", "orders"))
    with rig.client(token, version) as client:
        refused(client.ask(wire.BATCH, wire.batch(entries)), wire.UNAUTHORIZED, wire.INVALID, wire.SYNTAX)
    watch.nothing()


def test_t12_batch_text_asks_for_every_statement(rig, watch, version):
    with rig.client(rig.writer(), version) as client:
        client.use("shop")
        for inner in (insert("vault.secrets"), insert("orders") + "; " + insert("vault.secrets"),
                      insert("orders") + " DELETE FROM vault.secrets WHERE id = 1"):
            refused(client.query("BEGIN BATCH %s APPLY BATCH" % inner))
        watch.nothing()
        allowed(client.query("BEGIN UNLOGGED BATCH %s; %s APPLY BATCH" % (insert("orders"), insert("shop.orders", 2))))
    assert watch.one().text.count('"shop"."orders"') == 2


@pytest.mark.parametrize("body", [
    b"\0\0\1\0" + wire.long_string(insert("shop.orders")) + b"\0\1" + struct.pack(">i", -3) + b"\0\1\0",
    b"\0\0\1\0" + wire.long_string(insert("shop.orders")) + b"\0\1" + struct.pack(">i", 1 << 30) + b"\0\1\0",
    b"\0\0\1\2" + wire.long_string(insert("shop.orders")) + b"\0\0\0\1\0",
    b"\3\0\1\0" + wire.long_string(insert("shop.orders")) + b"\0\0\0\1\0",
    b"\0\xff\xff\0" + wire.long_string(insert("shop.orders")) + b"\0\0\0\1\0",
    wire.batch([(insert("shop.orders"), [])], flags=0x40), wire.batch([(insert("shop.orders"), [])])[:-1], b""],
    ids=["length -3", "length 1 GiB", "kind 2", "type 3", "65535 entries", "names", "cut", "empty"])
def test_t12_malformed_batches(rig, watch, version, body):
    with rig.client(rig.everything(), version) as client:
        try:
            refused(client.ask(wire.BATCH, body), wire.PROTOCOL, wire.INVALID)
        except wire.Closed:
            pass
    watch.nothing()
    assert rig.healthy()


def test_t12_unset_and_null_values_travel(rig, version):
    with rig.client(rig.everything(), version) as client:
        identity = client.prepare("UPDATE shop.orders SET v = ? WHERE id = ?").prepared().id
        watch = Watch(rig.node)
        values = [None, 1] if version == 3 else [wire.UNSET, 1]
        allowed(client.ask(wire.BATCH, wire.batch([(identity, [None, 1]), (identity, values)])))
    assert watch.one(wire.BATCH).entries[1][1][0] is values[0]


def test_t13_an_id_belongs_to_the_text_that_the_node_was_given(rig, watch, version):
    spellings = ["SELECT v FROM orders WHERE id = ?", "SELECT v FROM shop . orders WHERE id=?", 'SELECT "v" FROM "shop"."orders" WHERE "id" = ?;']
    with rig.client(rig.reader(), version) as client:
        client.use("shop")
        identities = {client.prepare(text).prepared().id for text in spellings}
    sent = {wire.statement_id(one.text) for one in rig.node.received() if one.opcode == wire.PREPARE}
    assert len(identities) == 1 and identities <= sent
    assert rig.node.texts[identities.pop()].count('"shop"."orders"') == 1


# ---- T14 to T17: frames ----

def test_t14_compressed_without_agreement(rig, watch, version):
    client = rig.client(rig.everything(), version)
    body = struct.pack(">i", 1 << 30) + b"\xff" * 64
    try:
        refused(client.ask(wire.QUERY, body, wire.F_COMPRESSED), wire.PROTOCOL)
    except wire.Closed:
        pass
    watch.nothing()
    assert rig.healthy()


def test_t14_trailing_bytes_do_not_travel(rig, version):
    with rig.client(rig.everything(), version) as client:
        identity = client.prepare("SELECT v FROM shop.orders WHERE id = ?").prepared().id
        watch = Watch(rig.node)
        tail = wire.long_string(SECRET)
        client.query(SELECT, tail=tail)
        client.ask(wire.PREPARE, wire.long_string("SELECT n FROM shop.orders WHERE id = ?") + tail)
        client.ask(wire.BATCH, wire.batch([(insert("shop.orders"), [])], tail=tail))
        refused(client.execute(identity, 1, tail=tail), wire.PROTOCOL)
    received = watch.all()
    assert not [one for one in received if b"secrets" in one.body]
    assert not [one for one in received if one.opcode != wire.PREPARE and one.trailing]


def test_t14_undecodable_bodies_reach_nobody(rig, version):
    with rig.client(rig.everything(), version) as client:
        identity = client.prepare("SELECT v FROM shop.orders WHERE id = ?").prepared().id
    watch = Watch(rig.node)
    whole = wire.string(identity) + wire.parameters([1])
    bodies = [whole[:size] for size in range(len(whole))]
    bodies += [wire.string(identity) + struct.pack(">HBHi", 1, 1, 1, size) + b"\0\0\0\1" for size in (-3, 5, 1 << 24, 0x7FFFFFFF)]
    for body in bodies:
        client = rig.client(rig.everything(), version)
        try:
            refused(client.ask(wire.EXECUTE, body), wire.PROTOCOL, wire.INVALID, wire.UNPREPARED)
        except wire.Closed:
            pass
        client.close()
    watch.nothing()
    assert rig.healthy()


@pytest.mark.parametrize("byte", [0x03, 0x04, 0x05, 0x84, 0x83, 0x00, 0x42, 0xFF])
def test_t15_another_version_in_mid_connection(rig, watch, version, byte):
    if byte == version:
        return
    client = rig.client(rig.everything(), version)
    client.post(wire.QUERY, wire.long_string(SELECT) + wire.parameters(), version=byte)
    frames = client.closed()
    assert all(one.opcode == wire.ERROR for one in frames), frames
    watch.nothing()


def test_t16_negative_stream(rig, watch, version):
    client = rig.client(rig.everything(), version)
    client.post(wire.QUERY, wire.long_string(SELECT) + wire.parameters(), stream=-1)
    try:
        refused(client.receive(), wire.PROTOCOL)
    except wire.Closed:
        pass
    watch.nothing()


def test_t16_one_stream_used_twice(rig, watch, version):
    rig.node.hold("orders")
    with rig.client(rig.reader(), version) as client:
        for mark in (b"one!", b"two!"):
            client.post(wire.QUERY, wire.long_string("SELECT v FROM shop.orders WHERE id = ?") + wire.parameters([mark]), stream=7)
        rig.node.wait_for(lambda: len(watch.all()) == 2, "both statements")
        assert len({one.stream for one in watch.all() if one.connection is watch.all()[0].connection}) in (1, 2)
        rig.node.release()
        answers = [client.receive() for _ in range(2)]
    assert [one.stream for one in answers] == [7, 7]
    assert sorted(one.rows()[0][0] for one in answers) == [b"one!", b"two!"]


def test_t17_paging_state_of_another_statement(rig, watch, version):
    with rig.client(rig.reader(), version) as client:
        refused(client.query(SECRET, paging_state=b"\0\x10stolen", page_size=10))
        watch.nothing()
        allowed(client.query(SELECT, paging_state=b"any", page_size=10))
    assert watch.one().paging_state == b"any" and "shop.orders" in bare(watch.one().text)


# ---- T18 to T23: what else a name may mean ----

def test_t18_a_view_is_read_with_the_right_on_its_base(rig, watch, version):
    with rig.client(rig.reader("shop", "by_v"), version) as client:
        refused(client.query("SELECT id FROM shop.by_v WHERE v = 'x'"))
    watch.nothing()
    with rig.client(rig.reader("shop", "orders"), version) as client:
        allowed(client.query("SELECT id FROM shop.by_v WHERE v = 'x'"))
    assert '"shop"."by_v"' in watch.one().text


@pytest.mark.parametrize("text", [
    "SELECT * FROM MUTATION_FRAGMENTS(shop.orders)", "SELECT * FROM shop.orders_scylla_cdc_log", "SELECT * FROM shop.orders_v_idx",
    'SELECT * FROM shop."orders.orders_v_idx"', "SELECT * FROM shop.orders BYPASS CACHE", "PRUNE MATERIALIZED VIEW shop.by_v",
    "SELECT * FROM system.paxos", "SELECT * FROM shop.orders USING TIMEOUT 5s"])
def test_t18_tables_behind_tables(rig, watch, version, text):
    with rig.client(rig.everything(), version) as client:
        refused(client.query(text), wire.UNAUTHORIZED, wire.SYNTAX, wire.INVALID)
    watch.nothing()


@pytest.mark.parametrize("text", [
    "SELECT vault.upper(v) FROM shop.orders WHERE id = 1", "SELECT max(vault.upper(v)) FROM shop.orders",
    "SELECT v FROM shop.orders WHERE id = 1 AND v = vault.upper('x') ALLOW FILTERING",
    "SELECT vault.total(v) FROM shop.orders", "INSERT INTO shop.orders (id, v) VALUES (1, vault.upper('x'))",
    "UPDATE shop.orders SET v = vault.upper('x') WHERE id = 1", "UPDATE shop.orders SET v = 'x' WHERE id = 1 IF v = vault.upper('x')",
    "DELETE FROM shop.orders WHERE id = 1 IF v = vault.upper('x')", "SELECT CAST(vault.upper(v) AS text) FROM shop.orders",
    "SELECT (vault.upper(v)) FROM shop.orders", "SELECT v FROM shop.orders WHERE v IN (vault.upper('x')) ALLOW FILTERING",
    "BEGIN BATCH INSERT INTO shop.orders (id, v) VALUES (1, vault.upper('x')) APPLY BATCH"])
def test_t19_functions_wherever_they_hide(rig, watch, version, text):
    rights = [(action, "shop", "*") for action in ("db-table-select", "db-table-modify")]
    with rig.client(rig.token(*rights), version) as client:
        refused(client.query(text), wire.UNAUTHORIZED, wire.SYNTAX, wire.INVALID)
        refused(client.prepare(text), wire.UNAUTHORIZED, wire.SYNTAX, wire.INVALID)
    watch.nothing()


def test_t19_a_function_of_the_tables_keyspace(rig, watch, version):
    with rig.client(rig.reader("shop", "orders"), version) as client:
        refused(client.query("SELECT upper(v) FROM shop.orders WHERE id = 1"))
    watch.nothing()
    with rig.client(rig.reader("shop", "*"), version) as client:
        allowed(client.query("SELECT upper(v) FROM shop.orders WHERE id = 1"))
    assert '"shop"."upper"' in watch.one().text


SYSTEM = ["system.prepared_statements", "system_views.queries", "system_views.clients", "system_views.settings", "system_auth.roles",
          "system_auth.role_permissions", "system_traces.sessions", "system_traces.events", "system.size_estimates",
          "system.table_estimates", "system_distributed.repair_history", "dse_security.role_permissions", "system.batches",
          "system.built_views", '"system"."IndexInfo"', "system.available_ranges", "system_virtual_schema.nothing", "system_schema.nothing"]


@pytest.mark.parametrize("table", SYSTEM)
def test_t20_system_tables(rig, watch, version, table):
    with rig.client(rig.everything(), version) as client:
        for text in ("SELECT * FROM %s", "SELECT JSON * FROM %s", "SELECT count(*) FROM %s", "TRUNCATE %s"):
            refused(client.query(text % table), wire.UNAUTHORIZED, wire.INVALID, wire.SYNTAX)
        refused(client.prepare("SELECT * FROM " + table), wire.UNAUTHORIZED, wire.INVALID)
    watch.nothing()


@pytest.mark.parametrize("text", [
    "INSERT INTO system_auth.roles (role) VALUES ('x')", "UPDATE system_schema.tables SET comment = 'x' WHERE keyspace_name = 'shop'",
    "DELETE FROM system.peers WHERE peer = '127.0.0.1'", "ALTER KEYSPACE system_auth WITH replication = {'class': 'SimpleStrategy'}",
    "CREATE TABLE system_auth.t (id int PRIMARY KEY)", "DROP TABLE system_traces.events", "CREATE INDEX ON system_auth.roles (salted_hash)",
    "ALTER TABLE system_auth.roles ADD x int", "CREATE FUNCTION system_auth.f(a int) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS 'x'"])
def test_t20_writing_to_system_keyspaces(rig, watch, version, text):
    with rig.client(rig.everything(), version) as client:
        refused(client.query(text), wire.UNAUTHORIZED, wire.INVALID, wire.SYNTAX)
    watch.nothing()


@pytest.mark.parametrize("text", [
    "CREATE ROLE r", "ALTER ROLE latchkey_gateway WITH PASSWORD = 'x'", "DROP ROLE r", "CREATE USER u", "GRANT r TO s",
    "GRANT ALL ON ALL KEYSPACES TO r", "REVOKE SELECT ON shop.orders FROM r", "LIST ROLES", "LIST ALL PERMISSIONS", "LIST USERS",
    "LIST SUPERUSERS", "ADD IDENTITY 'x' TO ROLE 'cassandra'", "DROP IDENTITY 'x'", "CREATE TRIGGER t ON shop.orders USING 'x'",
    "DROP TRIGGER t ON shop.orders", "BEGIN TRANSACTION SELECT * FROM shop.orders; COMMIT TRANSACTION", "CREATE TABLE shop.a LIKE shop.orders",
    "COMMENT ON TABLE shop.orders IS 'x'", "ALTER USER latchkey_gateway WITH PASSWORD 'x'", "RESTRICT ALL ON shop.orders TO r",
    "CREATE FUNCTION shop.f(a int) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS 'return a;'", "DROP FUNCTION shop.upper",
    "CREATE AGGREGATE shop.a(text) SFUNC joined STYPE text", "DROP AGGREGATE shop.total", "EXPLAIN SELECT * FROM shop.orders",
    "CREATE CUSTOM INDEX ON shop.orders (v) USING 'com.example.Evil'"])
def test_always_denied_kinds(rig, watch, version, text):
    with rig.client(rig.everything(), version) as client:
        refused(client.query(text), wire.UNAUTHORIZED, wire.SYNTAX, wire.INVALID)
        refused(client.prepare(text), wire.UNAUTHORIZED, wire.SYNTAX, wire.INVALID)
    watch.nothing()


def test_t21_tracing_is_cleared(rig, version):
    with rig.client(rig.everything(), version) as client:
        identity = client.prepare("SELECT v FROM shop.orders WHERE id = ?", flags=wire.F_TRACING).prepared().id
        watch = Watch(rig.node)
        answers = [client.query(SELECT, frame_flags=wire.F_TRACING), client.execute(identity, 1, frame_flags=wire.F_TRACING),
                   client.ask(wire.BATCH, wire.batch([(insert("shop.orders"), [])]), wire.F_TRACING)]
    assert all(not one.flags & wire.F_TRACING for one in map(allowed, answers))
    received = [one for one in watch.all() if one.opcode != wire.PREPARE]
    assert len(received) == 3 and not [one for one in watch.all() if one.flags & wire.F_TRACING]


def test_t22_events_of_what_a_token_may_not_see(rig, version):
    with rig.client(rig.reader(), version) as client, rig.client(rig.everything(), version) as rich:
        for one in (client, rich):
            assert one.ask(wire.REGISTER, wire.string_list(["SCHEMA_CHANGE", "TOPOLOGY_CHANGE", "STATUS_CHANGE"])).opcode == wire.READY
        rig.node.schema_event("UPDATED", "TABLE", "vault", "secrets")
        rig.node.schema_event("UPDATED", "TABLE", "shop", "users")
        rig.node.schema_event("UPDATED", "TABLE", "shop", "orders")
        rich_events = []
        while not [one for one in rich_events if b"orders" in one.body]:
            rich_events.append(rich.receive(15))
        assert any(b"vault" in one.body for one in rich_events)
        events = [client.receive(15)]
        while True:
            more = client.quiet(0.5)
            if more is None:
                break
            events.append(more)
    assert all(one.opcode == wire.EVENT and one.stream == -1 for one in events)
    assert [one for one in events if b"orders" in one.body]
    assert not [one for one in events if b"vault" in one.body or b"users" in one.body]


def without(message, *names):
    for name in names:
        message = message.replace(name, "NAME")
    return message


@pytest.mark.parametrize("form", [
    "SELECT * FROM vault.%s", "INSERT INTO vault.%s (id) VALUES (1)", "DELETE FROM vault.%s WHERE id = 1", "TRUNCATE vault.%s",
    "ALTER TABLE vault.%s ADD x int", "DROP TABLE vault.%s", "CREATE INDEX ON vault.%s (v)", "DROP TABLE IF EXISTS vault.%s",
    "CREATE TABLE vault.%s (id int PRIMARY KEY)", "DESCRIBE TABLE vault.%s"])
def test_t23_refusals_do_not_tell_what_exists(rig, watch, version, form):
    with rig.client(rig.reader(), version) as client:
        there = refused(client.query(form % "secrets"), wire.UNAUTHORIZED, wire.INVALID)
        missing = refused(client.query(form % "unheard"), wire.UNAUTHORIZED, wire.INVALID)
        nowhere = refused(client.query((form % "secrets").replace("vault.", "cellar.")), wire.UNAUTHORIZED, wire.INVALID)
    assert there.code == missing.code == nowhere.code
    assert without(there.message, "secrets") == without(missing.message, "unheard")
    assert without(there.message, "vault") == without(nowhere.message, "cellar")
    watch.nothing()


@pytest.mark.parametrize("text, guarded", [
    ("DROP KEYSPACE cellar", False), ("DROP KEYSPACE IF EXISTS cellar", True), ("DROP TABLE IF EXISTS cellar.t", True),
    ("ALTER TABLE IF EXISTS cellar.t DROP IF EXISTS x", True),
    ("ALTER TABLE cellar.t DROP IF EXISTS x", False), ("CREATE TABLE IF NOT EXISTS cellar.t (id int PRIMARY KEY)", False),
    ("ALTER KEYSPACE cellar WITH durable_writes = false", False)])
def test_a_keyspace_that_is_not_there_is_no_matter_for_the_node(rig, watch, version, text, guarded):
    """A node would say that the gateway's role lacks a grant on it, which is an alarm: nobody could have made that grant."""
    with rig.client(rig.everything(), version) as client:
        for answer in (client.query(text), client.query(text), client.execute(client.prepare(text).prepared().id)):
            if guarded:
                allowed(answer, wire.VOID)
            else:
                assert "Keyspace 'cellar' doesn't exist" in refused(answer, wire.INVALID).message
    with rig.client(rig.reader(), version) as client:
        refused(client.query(text), wire.UNAUTHORIZED)
    assert [one for one in watch.all() if one.opcode != wire.PREPARE] == []


def test_t23_columns_are_not_told_either(rig, watch, version):
    with rig.client(rig.reader(), version) as client:
        messages = {refused(client.query("SELECT %s FROM vault.secrets" % column)).message for column in ("v", "nothing", "*")}
        refused(client.prepare("SELECT v FROM vault.secrets WHERE id = ?"))
    assert len(messages) == 1
    watch.nothing()


def test_a_refusal_names_client_action_and_resource(rig, version):
    token = rig.reader()
    with rig.client(token, version) as client:
        message = refused(client.query(SECRET)).message
    assert token.client_id in message and "SELECT" in message and "<table vault.secrets>" in message
    assert "db-table-select" in message and rig.database.drn("vault", "secrets") in message


# ---- T24 to T30: time and load ----

def test_t24_a_flood_of_prepares_evicts_nobody_else(new_rig):
    rig = new_rig({"cql-prepared-per-token": 100})
    with rig.client(rig.everything()) as honest, rig.client(rig.reader()) as flooder:
        identity = honest.prepare("SELECT v FROM shop.orders WHERE id = ?").prepared().id
        first = flooder.prepare("SELECT v FROM shop.orders WHERE n = 0").prepared().id
        for number in range(1, 400):
            answer = flooder.prepare("SELECT v FROM shop.orders WHERE n = %d" % number)
            assert answer.opcode == wire.RESULT or answer.code in (wire.OVERLOADED, wire.INVALID), answer
        assert allowed(honest.execute(identity, b"mine")).rows() == [[b"mine"]]
        again = flooder.execute(first)
        assert again.opcode == wire.RESULT or again.code == wire.UNPREPARED, again


def test_t25_a_policy_that_shrinks_after_prepare(rig, version):
    role = rig.latchkey.make_role(["db-cql", "db-table-select"], [rig.database.drn(), rig.database.drn("shop", "orders")],
                                  name="Shrinks %d" % time.monotonic_ns())
    token = rig.latchkey.make_token(role)
    with rig.client(token, version) as client:
        identity = client.prepare("SELECT v FROM shop.orders WHERE id = ?").prepared().id
        allowed(client.execute(identity, 1))
        rig.set_policy(role, ["db-cql", "db-table-select"], [rig.database.drn(), rig.database.drn("shop", "users")])
        watch = Watch(rig.node)
        refused(client.execute(identity, 1))
        refused(client.query(SELECT))
        watch.nothing()
        allowed(client.query("SELECT v FROM shop.users WHERE id = 1"))
        rig.set_policy(role, ["db-cql", "db-table-select"], [rig.database.drn(), rig.database.drn("shop", "orders")])
        allowed(client.execute(identity, 1))


def test_t26_requests_after_revocation(rig, version):
    token = rig.writer()
    client = rig.client(token, version)
    identity = client.prepare("SELECT v FROM shop.orders WHERE id = ?").prepared().id
    allowed(client.execute(identity, 1))
    rig.latchkey.delete_token(token)
    watch = Watch(rig.node)
    try:
        client.post(wire.EXECUTE, wire.string(identity) + wire.parameters([1]))
        client.post(wire.QUERY, wire.long_string(SELECT) + wire.parameters())
        client.post(wire.BATCH, wire.batch([(insert("shop.orders"), [])]))
    except wire.Closed:
        pass
    assert not [one for one in client.closed(5) if one.opcode == wire.RESULT]
    assert rig.healthy()
    assert not [one for one in watch.all() if b"mark" not in one.values]


def test_t28_names_always_go_quoted(rig, watch, version):
    with rig.client(rig.everything(), version) as client:
        allowed(client.query("SELECT v FROM shop.json WHERE id = 1"))
        allowed(client.query("INSERT INTO shop.orders (id, v) VALUES (1, 'x') IF NOT EXISTS USING TTL 5"))
    select, insert_text = watch.texts()
    assert '"shop"."json"' in select and '"v"' in select and '"id"' in select
    assert '"shop"."orders"' in insert_text


def test_t29_timestamps_are_no_matter_of_authorisation(rig, watch, version):
    with rig.client(rig.writer(), version) as client:
        allowed(client.query("INSERT INTO shop.orders (id, v) VALUES (1, 'x') USING TIMESTAMP 9223372036854775807"))
        allowed(client.query(insert("shop.orders"), flags=wire.P_TIMESTAMP, tail=struct.pack(">q", 1 << 62)))
    assert "9223372036854775807" in watch.texts()[0] and watch.all()[1].timestamp == 1 << 62


def test_t30_answers_of_a_dead_session(rig, version):
    token = rig.reader()
    text = wire.long_string("SELECT v FROM shop.orders WHERE id = ?")
    watch = Watch(rig.node)
    rule = rig.node.hold(lambda one: one.values == [b"dead"])
    for _ in range(3):
        client = rig.client(token, version)
        for stream in range(1, 101):
            client.send(wire.frame(version, 0, stream, wire.QUERY, text + wire.parameters([b"dead"])))
        rig.node.wait_for(lambda: len([one for one in watch.all() if one.values == [b"dead"]]) == 100, "the requests")
        client.close()
        with rig.client(token, version) as next_one:
            for stream in range(1, 101):
                next_one.send(wire.frame(version, 0, stream, wire.QUERY, text + wire.parameters([b"live"])))
            rig.node.release()
            answers = [next_one.receive() for _ in range(100)]
            assert {one.rows()[0][0] for one in answers} == {b"live"}
            assert next_one.quiet(0.2) is None
        watch = Watch(rig.node)
    rig.node.unrule(rule)


# ---- T31 to T34 ----

@pytest.mark.parametrize("table", ["system_traces.sessions", "system_traces.events", "system.size_estimates", "system.table_estimates"])
def test_t31_readable_by_everybody_on_cassandra(rig, watch, version, table):
    with rig.client(rig.reader(), version) as client:
        for text in ("SELECT * FROM " + table, "SELECT * FROM %s WHERE session_id = 123e4567-e89b-12d3-a456-426614174000" % table,
                     "SELECT range_start FROM %s WHERE keyspace_name = 'vault'" % table,
                     "SELECT range_start FROM %s WHERE keyspace_name = 'vault' AND table_name = 'secrets'" % table):
            refused(client.query(text), wire.UNAUTHORIZED, wire.INVALID)
    watch.nothing()


ESTIMATES = "SELECT range_start, partitions_count FROM system.size_estimates WHERE keyspace_name = ? AND table_name = "


def test_t31_estimates_are_read_by_bound_names_of_tables_that_may_be_read(rig, watch, version):
    with rig.client(rig.reader("shop", "orders"), version) as client:
        for text, hidden, open_one in ((ESTIMATES + "?", (b"vault", b"secrets"), (b"shop", b"orders")),
                                       (ESTIMATES + "?", (b"vault", b"by_secret"), (b"shop", b"by_v")),     # views
                                       (ESTIMATES + "'orders'", (b"vault",), (b"shop",))):
            prepared = allowed(client.prepare(text)).prepared().id
            # After an answer, too: what was decided for some values is not remembered for others.
            for _ in range(2):
                for ask in (lambda *values: client.query(text, *values), lambda *values: client.execute(prepared, *values)):
                    watch.start = rig.node.mark()
                    names = (b".".join(hidden) if len(hidden) == 2 else b"vault.orders").decode()
                    assert "<table %s>" % names in refused(ask(*hidden)).message
                    watch.nothing()
                    allowed(ask(*open_one), wire.ROWS)
                    assert watch.one(wire.QUERY).values == list(open_one)
            watch.start = rig.node.mark()


def test_t31_estimates_by_other_values_are_refused(rig, watch, version):
    with rig.client(rig.everything(), version) as client:
        both = ESTIMATES + "?"
        refused(client.query(both, b"system_auth", b"roles"))
        for values in ((), (b"shop",), (None, b"orders"), (b"shop", None), (b"shop", b"\xff")):
            refused(client.query(both, *values), wire.INVALID)
        # A node finds values by the names of the columns, whatever else they may be called.
        refused(client.query(both, b"shop", b"orders", names=["", ""]), wire.INVALID)
        refused(client.query(both, b"shop", b"orders", names=["keyspace_name", "table_name"]), wire.INVALID)
        message = refused(client.query("SELECT * FROM system.size_estimates")).message
        assert "no token has; ask for one table at a time: keyspace_name = ... AND table_name = ..." in message
    watch.nothing()


def test_t32_every_byte_of_a_token_counts(rig):
    token = rig.reader().text
    for place in range(len(token)):
        wrong = token[:place] + ("0" if token[place] != "0" else "1") + token[place + 1:]
        with wire.Client(rig.port) as client:
            refused(client.login("token", wrong), wire.CREDENTIALS)
    for wrong in (token[:-1], token + "0", token + " ", token.upper(), token[:72], ""):
        with wire.Client(rig.port) as client:
            refused(client.login("token", wrong), wire.CREDENTIALS)
    with wire.Client(rig.port) as client:
        assert client.login("token", token).opcode == wire.AUTH_SUCCESS


@pytest.mark.parametrize("form, there", [
    ("DROP INDEX vault.%s", "secrets_idx"), ("DROP INDEX IF EXISTS vault.%s", "secrets_idx"),
    ("DROP MATERIALIZED VIEW vault.%s", "by_secret"), ("DROP MATERIALIZED VIEW IF EXISTS vault.%s", "by_secret"),
    ("ALTER MATERIALIZED VIEW vault.%s WITH comment = 'x'", "by_secret"), ("DROP FUNCTION vault.%s", "upper"),
    ("DROP FUNCTION IF EXISTS vault.%s", "upper"), ("DROP AGGREGATE vault.%s", "total"), ("DROP TYPE vault.%s", "addr")])
def test_t33_dropping_what_is_missing(rig, watch, version, form, there):
    with rig.client(rig.reader(), version) as client:
        first = refused(client.query(form % there), wire.UNAUTHORIZED, wire.INVALID, wire.SYNTAX)
        second = refused(client.query(form % "unheard"), wire.UNAUTHORIZED, wire.INVALID, wire.SYNTAX)
    assert first.code == second.code
    assert without(first.message, there) == without(second.message, "unheard")
    assert "secrets>" not in first.message
    watch.nothing()


def test_t34_functions_belong_to_the_keyspace_of_the_table(rig, watch, version):
    token = rig.token(("db-table-select", "shop", "*"), ("db-table-select", "vault", "orders"))
    with rig.client(token, version) as client:
        client.use("shop")
        for text in ("SELECT total(v) FROM vault.orders", "SELECT upper(v) FROM vault.orders"):
            refused(client.query(text))
    watch.nothing()
    with rig.client(rig.token(("db-table-select", "vault", "*"), ("db-table-select", "shop", "orders")), version) as client:
        client.use("shop")
        allowed(client.query("SELECT total(v) FROM vault.orders"))
    assert re.search(r'"vault"\."total"', watch.one().text)
