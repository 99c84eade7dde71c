"""Before login: what strangers send, what they are told, and that honest clients do not notice."""
import resource
import socket
import struct
import time

import pytest
import wire
from conftest import Watch, resident, room
from test_traps import refused

MIB = 1 << 20


def ended(client, timeout=10):
    """The frames before the end; the connection must end."""
    frames = client.closed(timeout)
    client.close()
    return frames


def bad_credentials(frames):
    assert [(one.opcode, one.code) for one in frames] == [(wire.ERROR, wire.CREDENTIALS)], frames
    return frames[0].message


# ---- who gets in ----

def test_token_and_secret_pair(rig, version):
    token = rig.reader()
    for user, password in (("token", token.text), (token.client_id, token.secret)):
        with wire.Client(rig.port, version) as client:
            first = client.startup()
            assert first.opcode == wire.AUTHENTICATE
            assert first.reader().string() == "org.apache.cassandra.auth.PasswordAuthenticator"
            assert client.authenticate(user, password).opcode == wire.AUTH_SUCCESS
            assert client.query("SELECT v FROM shop.orders WHERE id = 1").opcode == wire.RESULT


def test_all_that_is_wrong_is_refused_alike(rig, version):
    good, gone = rig.reader(), rig.reader()
    rig.latchkey.delete_token(gone)
    other = rig.writer()
    wrong = [("token", good.text[:-1] + ("0" if good.text[-1] != "0" else "1")), ("token", gone.text), ("token", "AstraCS:x:y"),
             ("token", ""), ("token", "x" * 200), (good.client_id, other.secret), (good.client_id, ""), ("nobody", good.secret),
             (good.client_id.lower(), good.secret), ("TOKEN", good.text), ("cassandra", "cassandra"),
             (gone.client_id, gone.secret)]
    messages = set()
    for user, password in wrong:
        client = wire.Client(rig.port, version)
        client.startup()
        client.post(wire.AUTH_RESPONSE, wire.plain(user, password))
        messages.add(bad_credentials(ended(client)))
    assert len(messages) == 1, messages


def test_a_token_without_db_cql(rig, version):
    token = rig.latchkey.token_for(("db-table-select", rig.database.drn("shop", "orders")))
    client = wire.Client(rig.port, version)
    client.startup()
    client.post(wire.AUTH_RESPONSE, wire.plain("token", token.text))
    assert "db-cql" in bad_credentials(ended(client))


def test_a_token_of_another_database(rig, version):
    other = "drn:astra:org:%s:db:%s" % (rig.latchkey.organization, "11111111-2222-3333-4444-555555555555")
    token = rig.latchkey.token_for(("db-cql", other), ("db-table-select", other + ":keyspace:*:table:*"))
    client = wire.Client(rig.port, version)
    client.startup()
    client.post(wire.AUTH_RESPONSE, wire.plain("token", token.text))
    bad_credentials(ended(client))


def test_the_dse_order_of_plain(rig, version):
    """Drivers that see a DSE authenticator send the mechanism's name first."""
    token = rig.reader()
    client = wire.Client(rig.port, version)
    client.startup()
    answer = client.ask(wire.AUTH_RESPONSE, wire.value(b"PLAIN"))
    assert answer.opcode == wire.AUTH_CHALLENGE and answer.reader().bytes() == b"PLAIN-START"
    assert client.authenticate("token", token.text).opcode == wire.AUTH_SUCCESS
    client.close()


def test_no_second_login_on_a_live_connection(rig, version):
    poor, rich = rig.reader(), rig.everything()
    client = rig.client(poor, version)
    try:
        answer = client.authenticate("token", rich.text)
        assert answer.opcode == wire.ERROR and answer.code == wire.PROTOCOL
        answer = client.query("SELECT v FROM vault.secrets WHERE id = 1")
        assert answer.opcode == wire.ERROR and answer.code == wire.UNAUTHORIZED
    except wire.Closed:
        pass
    client.close()


@pytest.mark.parametrize("opcode", [wire.STARTUP, wire.READY, wire.AUTHENTICATE, wire.SUPPORTED, wire.RESULT, wire.EVENT,
                                    wire.AUTH_CHALLENGE, wire.AUTH_SUCCESS, 0x04, 0x11, 0xFF])
def test_messages_that_no_client_sends(rig, version, opcode):
    client = rig.client(rig.reader(), version)
    client.post(opcode, wire.string_map({"CQL_VERSION": "3.0.0"}))
    frames = ended(client)
    assert all((one.opcode, one.code) == (wire.ERROR, wire.PROTOCOL) for one in frames), frames


@pytest.mark.parametrize("opcode", [wire.QUERY, wire.PREPARE, wire.EXECUTE, wire.BATCH, wire.REGISTER, wire.AUTH_RESPONSE])
def test_nothing_before_startup(rig, watch, version, opcode):
    client = wire.Client(rig.port, version)
    client.post(opcode, wire.long_string("SELECT v FROM shop.orders") + wire.parameters())
    frames = ended(client)
    assert all((one.opcode, one.code) == (wire.ERROR, wire.PROTOCOL) for one in frames), frames
    watch.nothing()


@pytest.mark.parametrize("opcode", [wire.QUERY, wire.PREPARE, wire.EXECUTE, wire.BATCH, wire.REGISTER, wire.STARTUP])
def test_nothing_but_auth_response_before_login(rig, watch, version, opcode):
    client = wire.Client(rig.port, version)
    client.startup()
    client.post(opcode, wire.long_string("SELECT v FROM shop.orders") + wire.parameters())
    frames = ended(client)
    assert frames and all((one.opcode, one.code) in ((wire.ERROR, wire.PROTOCOL), (wire.ERROR, wire.CREDENTIALS)) for one in frames), frames
    watch.nothing()


def test_statements_pipelined_behind_a_wrong_login(rig, watch, version):
    client = wire.Client(rig.port, version)
    client.send(wire.frame(version, 0, 1, wire.STARTUP, wire.string_map({"CQL_VERSION": "3.0.0"}))
                + wire.frame(version, 0, 2, wire.AUTH_RESPONSE, wire.plain("token", "AstraCS:wrong"))
                + wire.frame(version, 0, 3, wire.QUERY, wire.long_string("SELECT v FROM shop.orders") + wire.parameters()))
    assert not [one for one in ended(client) if one.opcode in (wire.RESULT, wire.AUTH_SUCCESS)]
    watch.nothing()


def test_options_before_and_after_login(rig, watch, version):
    with wire.Client(rig.port, version) as client:
        before = client.ask(wire.OPTIONS)
        assert before.opcode == wire.SUPPORTED
        reader = before.reader()
        lists = {reader.string(): reader.string_list() for _ in range(reader.number("H"))}
        assert {"3/v3", "4/v4"} <= set(lists["PROTOCOL_VERSIONS"]) and "CQL_VERSION" in lists and "COMPRESSION" in lists
        assert not [key for key in lists if key.startswith("SCYLLA") or key == "PRODUCT_TYPE"]
        assert client.login("token", rig.reader().text).opcode == wire.AUTH_SUCCESS
        assert client.ask(wire.OPTIONS).opcode == wire.SUPPORTED
    watch.nothing()
    assert not [one for one in watch.all(opcodes=(wire.OPTIONS,)) if one.stream == 1]


def test_one_byte_at_a_time(rig, version):
    token = rig.reader()
    with wire.Client(rig.port, version) as client:
        messages = [(wire.STARTUP, wire.string_map({"CQL_VERSION": "3.0.0"})), (wire.AUTH_RESPONSE, wire.plain("token", token.text)),
                    (wire.QUERY, wire.long_string("SELECT v FROM shop.orders WHERE id = ?") + wire.parameters([b"slow"]))]
        for stream, (opcode, body) in enumerate(messages):
            for byte in wire.frame(version, 0, stream, opcode, body):
                client.send(bytes([byte]))
            answer = client.answer(stream)
        assert answer.rows() == [[b"slow"]]


# ---- versions ----

@pytest.mark.parametrize("byte, flags", [(0x01, 0), (0x02, 0), (0x06, 0), (0x07, 0x10), (0x41, 0), (0x42, 0), (0x05, 0x10), (0x00, 0),
                                         (0x7F, 0)])
@pytest.mark.parametrize("opcode", [wire.OPTIONS, wire.STARTUP])
def test_unknown_versions(rig, byte, flags, opcode):
    client = wire.Client(rig.port)
    body = wire.string_map({"CQL_VERSION": "3.0.0"}) if opcode == wire.STARTUP else b""
    if byte in (1, 2):
        client.send(struct.pack(">BBBBI", byte, flags, 9, opcode, len(body)) + body)
    else:
        client.send(wire.frame(byte, flags, 9, opcode, body))
    if byte in (1, 2):
        data = b""
        while True:
            part = client.socket.recv(4096)
            if not part:
                break
            data += part
        assert data and data[0] & 0x80, data
        assert b"nvalid or unsupported protocol version" in data and b"4/v4" in data
        if data[0] & 0x7F in (1, 2):
            assert data[2] == 9 and data[3] == wire.ERROR
        return
    frames = ended(client)
    assert len(frames) == 1, frames
    answer = frames[0]
    assert (answer.opcode, answer.code, answer.stream) == (wire.ERROR, wire.PROTOCOL, 9)
    assert answer.version in (0x84, 0x85) and answer.version & 0x80
    assert "Invalid or unsupported protocol version" in answer.message
    assert "3/v3" in answer.message and "4/v4" in answer.message


def test_version_5_is_answered_so_that_drivers_step_down(rig):
    client = wire.Client(rig.port, 5)
    client.send(wire.frame(5, 0, 0, wire.OPTIONS))
    frames = ended(client)
    assert "Invalid or unsupported protocol version" in frames[0].message and frames[0].version == 0x85


# ---- too much, too slow, not at all ----

def test_a_572_mb_auth_response(rig, version):
    before = resident(rig)
    clients = []
    for _ in range(20):
        client = wire.Client(rig.port, version)
        client.startup()
        client.send(wire.frame(version, 0, 1, wire.AUTH_RESPONSE, b"", length=572 * MIB))
        try:
            for _ in range(64):
                client.send(bytes(65536))
        except (wire.Closed, socket.timeout):
            pass
        clients.append(client)
    for client in clients:
        try:
            frames = client.closed(10)
            assert all((one.opcode, one.code) in ((wire.ERROR, wire.PROTOCOL), (wire.ERROR, wire.CREDENTIALS)) for one in frames)
        except wire.Closed:
            pass
        client.close()
    assert resident(rig) - before < room(rig, 32)
    assert rig.healthy()


@pytest.mark.parametrize("size", [128 * 1024 + 1, MIB, (1 << 31) - 1, (1 << 32) - 1])
@pytest.mark.parametrize("opcode", [wire.OPTIONS, wire.STARTUP, wire.AUTH_RESPONSE])
def test_headers_over_the_limit_before_login(rig, version, size, opcode):
    client = wire.Client(rig.port, version)
    if opcode == wire.AUTH_RESPONSE:
        client.startup()
    client.send(wire.frame(version, 0, 1, opcode, b"", length=size))
    frames = ended(client, 4)    # answered on the header, not at the deadline
    assert all((one.opcode, one.code) == (wire.ERROR, wire.PROTOCOL) for one in frames), frames


@pytest.mark.parametrize("size", [256 * MIB + 1, (1 << 31) - 1, (1 << 32) - 1])
def test_a_header_over_all_limits_after_login(rig, version, watch, size):
    client = rig.client(rig.everything(), version)
    client.send(wire.frame(version, 0, 1, wire.QUERY, b"", length=size))
    frames = ended(client, 4)
    assert all(one.opcode == wire.ERROR for one in frames), frames
    watch.nothing()


def test_a_request_over_the_limit_costs_only_itself(rig, version):
    """As with a node: it is refused on its header, its bytes go nowhere, and the connection goes on."""
    size = 16 * MIB + 1
    with rig.client(rig.everything(), version) as client:
        watch = Watch(rig.node)
        before = client.post(wire.QUERY, wire.long_string("SELECT v FROM shop.orders WHERE id = ?") + wire.parameters([b"before"]))
        for _ in range(2):
            client.send(wire.frame(version, 0, 7, wire.QUERY, b"", length=size))
            refused(client.answer(7), wire.INVALID)
            client.send(wire.frame(4, 0, 7, wire.QUERY, b"xx") * (size // 11) + bytes(size % 11))
        after = client.query("SELECT v FROM shop.orders WHERE id = ?", b"after")
        assert client.answer(before).rows() == [[b"before"]] and after.rows() == [[b"after"]]
        assert [one.values for one in watch.all()] == [[b"before"], [b"after"]]


def test_a_large_statement_within_the_limit(rig, version, watch):
    with rig.client(rig.everything(), version) as client:
        blob = bytes(5 * MIB)
        answer = client.query("INSERT INTO shop.orders (id, v) VALUES (?, ?)", 1, blob)
        assert answer.opcode == wire.RESULT, answer
    assert watch.one().values[1] == blob


GARBAGE = [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), bytes(4096),
           b"\xff" * 4096, b"SSH-2.0-OpenSSH_9.2\r\n", b"\x04", b"\x04\x00\x00\x00\x01\xff\xff\xff\xff", b"\x84\x00\x00\x01\x05\0\0\0\0",
           b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n", bytes(range(256)) * 64]


@pytest.mark.parametrize("garbage", GARBAGE, ids=["http", "tls", "zeros", "ones", "ssh", "one-byte", "huge", "response", "proxy", "ramp"])
def test_garbage(rig, watch, garbage):
    client = wire.Client(rig.port)
    client.send(garbage)
    client.socket.shutdown(socket.SHUT_WR)
    assert not [one for one in ended_raw(client) if one in (wire.READY, wire.AUTHENTICATE, wire.AUTH_SUCCESS)]
    watch.nothing()
    assert rig.healthy()


def ended_raw(client):
    """Opcodes of what came before the end, as far as it was frames."""
    try:
        return [one.opcode for one in client.closed(10)]
    except ConnectionResetError:
        return []


def test_random_garbage_after_a_good_start(rig):
    import random
    random.seed(20260101)
    token = rig.reader()
    for number in range(60):
        client = rig.client(token, 3 + number % 2)
        try:
            client.send(bytes([3 + number % 2]) + random.randbytes(random.randrange(1, 3000)))
            client.socket.shutdown(socket.SHUT_WR)
            client.closed(10)
        except (wire.Closed, OSError):
            pass
        client.close()
    assert rig.healthy()


def test_half_open_logins_end_and_hurt_nobody(new_rig):
    rig = new_rig({"cql-login-ms": 1500})
    before = resident(rig)
    waiting = []
    for number in range(600):
        client = wire.Client(rig.port, 4)
        if number % 3 == 1:
            client.send(b"\x04\x00\x00")
        if number % 3 == 2:
            client.post(wire.STARTUP, wire.string_map({"CQL_VERSION": "3.0.0"}))
        waiting.append(client)
    began = time.monotonic()
    assert rig.healthy() and time.monotonic() - began < 5
    assert resident(rig) - before < room(rig, 64)
    for client in waiting:
        client.closed(10)
        client.close()
    assert rig.healthy()


def test_half_open_logins_shut_nobody_out(new_rig):
    """More of them than one worker takes: the oldest make room for whoever comes, and an honest login gets in."""
    rig = new_rig({"workers": 1, "cql-login-ms": 60000})
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 6000:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 6000), hard))
    waiting = [wire.Client(rig.port, 4) for _ in range(4200)]
    assert rig.healthy()
    assert waiting[0].closed(10) == []
    for client in waiting:
        client.close()


def test_a_trickle_does_not_move_the_deadline(new_rig):
    rig = new_rig({"cql-login-ms": 1000})
    client = wire.Client(rig.port, 4)
    began = time.monotonic()
    with pytest.raises((wire.Closed, OSError)):
        for byte in wire.frame(4, 0, 0, wire.STARTUP, wire.string_map({"CQL_VERSION": "3.0.0", "X": "x" * 4000})):
            client.send(bytes([byte]))
            time.sleep(0.05)
    assert time.monotonic() - began < 10


def test_a_client_that_has_logged_in_may_be_silent(new_rig):
    rig = new_rig({"cql-login-ms": 500})
    with rig.client(rig.everything()) as client:
        assert client.quiet(1.5) is None
        assert client.query("SELECT v FROM shop.orders WHERE id = 1").opcode == wire.RESULT


def test_more_clients_than_one_address_may_have(new_rig):
    rig = new_rig({"cql-connections-address": 50})
    token = rig.everything()
    clients = [rig.client(token) for _ in range(40)]
    over = []
    for _ in range(40):
        try:
            client = wire.Client(rig.port)
            over.append((client, client.login("token", token.text)))
        except (wire.Closed, ConnectionError):
            pass
    assert len([one for one in over if one[1].opcode == wire.AUTH_SUCCESS]) <= 10
    for client in clients:
        assert client.query("SELECT v FROM shop.orders WHERE id = 1").opcode == wire.RESULT
        client.close()
    for client, _ in over:
        client.close()


# ---- expiry ----

def test_expiry_closes_at_its_second(rig, version):
    end = int(time.time()) + 4
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(end))
    role = rig.latchkey.make_role(["db-cql", "db-table-select"], [rig.database.drn(), rig.database.drn("shop", "orders")])
    token = rig.latchkey.make_token(role, tokenExpiry=stamp)
    clients = [rig.client(token, version) for _ in range(5)]
    for client in clients:
        assert client.query("SELECT v FROM shop.orders WHERE id = 1").opcode == wire.RESULT
    for client in clients:
        try:
            frames = client.closed(15)
        finally:
            client.close()
        assert not [one for one in frames if one.opcode == wire.RESULT]
    assert end - 0.1 <= time.time() <= end + 2.5
    with wire.Client(rig.port, version) as client:
        answer = client.login("token", token.text)
        assert answer.opcode == wire.ERROR and answer.code == wire.CREDENTIALS
