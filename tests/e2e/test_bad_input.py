"""Garbage on every port: the answer that was promised, bounded memory, and honest clients that notice nothing."""
import os
import random
import socket
import struct
import time

import pytest

from raw import (AUTH_RESPONSE, AUTH_SUCCESS, BATCH, ERROR, EXECUTE, OPTIONS, ONE, PREPARE, QUERY, READY, REGISTER,
                 RESULT, STARTUP, SUPPORTED, Raw, long_string, plain, startup_body, string)

PROTOCOL_ERROR = 0x000A


@pytest.fixture(autouse=True)
def honest(door, orders_only):
    """A client that was there before still works afterwards, and so does a new one."""
    with Raw(door.port) as before:
        before.login(orders_only)
        yield
        assert before.query("SELECT * FROM shop.orders").opcode == RESULT
    with Raw(door.port) as after:
        assert after.login(orders_only).query("SELECT * FROM shop.orders").opcode == RESULT


def resident_bytes(latchkey):
    with open("/proc/%d/statm" % latchkey.process.pid, encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("version", [0x01, 0x02, 0x42, 0x41, 0x06, 0x00, 0x7F])
@pytest.mark.parametrize("opcode", [STARTUP, OPTIONS])
def test_an_unknown_protocol_version_is_refused_in_the_words_that_make_drivers_step_down(door, version, opcode):
    with Raw(door.port) as client:
        answer = client.ask(opcode, startup_body() if opcode == STARTUP else b"", version=version, stream=7)
        assert answer.code == PROTOCOL_ERROR, answer
        assert "Invalid or unsupported protocol version" in answer.message
        assert "3/v3" in answer.message and "4/v4" in answer.message
        assert answer.stream == 7
        assert client.closed()


def test_version_5_with_the_beta_flag_is_refused_like_an_unknown_version(door):
    with Raw(door.port) as client:
        answer = client.ask(STARTUP, startup_body(), version=0x05, flags=0x10)
        assert answer.code == PROTOCOL_ERROR
        assert "Invalid or unsupported protocol version" in answer.message
        assert client.closed()


def test_options_before_and_after_login_names_the_versions(door, orders_only):
    with Raw(door.port) as client:
        before = client.ask(OPTIONS)
        assert before.opcode == SUPPORTED and b"4/v4" in before.body and b"3/v3" in before.body
        client.login(orders_only)
        assert client.ask(OPTIONS).opcode == SUPPORTED


@pytest.mark.parametrize("opcode,body", [
    (QUERY, long_string("SELECT * FROM shop.orders") + struct.pack(">HB", ONE, 0)),
    (PREPARE, long_string("SELECT * FROM shop.orders")),
    (REGISTER, struct.pack(">H", 0)),
    (AUTH_RESPONSE, struct.pack(">i", 0))])
def test_nothing_but_startup_and_options_is_taken_before_startup(door, opcode, body):
    with Raw(door.port) as client:
        answer = client.ask(opcode, body)
        assert answer.opcode == ERROR and answer.code == PROTOCOL_ERROR, answer


def test_a_query_in_the_middle_of_the_login_is_refused(door):
    with Raw(door.port) as client:
        client.ask(STARTUP, startup_body())
        answer = client.query("SELECT * FROM shop.orders")
        assert answer.opcode == ERROR and answer.code == PROTOCOL_ERROR, answer


def test_a_second_startup_after_login_is_refused(door, orders_only):
    with Raw(door.port) as client:
        client.login(orders_only)
        assert client.ask(STARTUP, startup_body()).code == PROTOCOL_ERROR


def test_another_version_in_the_middle_of_a_connection_closes_it(door, orders_only):
    for version in (3, 0x84, 5):
        with Raw(door.port) as client:
            client.login(orders_only)
            client.send(QUERY, long_string("SELECT * FROM shop.orders") + struct.pack(">HB", ONE, 0), version=version)
            try:
                answer = client.receive()
                assert answer.opcode == ERROR, answer
            except ConnectionError:
                continue
            assert client.closed(), version


def test_an_auth_response_of_572_megabytes_is_refused_on_its_header(door, latchkey):
    before = resident_bytes(latchkey)
    with Raw(door.port) as client:
        client.ask(STARTUP, startup_body())
        client.send(AUTH_RESPONSE, b"", length=572 << 20)
        sent, chunk = 0, b"x" * 65536
        try:
            client.socket.settimeout(2)
            while sent < (32 << 20):
                sent += client.socket.send(chunk)
        except OSError:
            pass
        assert sent < (32 << 20), "a refused message must not be read to its end"
    assert resident_bytes(latchkey) - before < (16 << 20)


@pytest.mark.parametrize("length", [-1, -2147483648, 2147483647, (256 << 20) + 1])
def test_a_body_length_beyond_the_limit_is_refused_after_login(door, orders_only, length):
    with Raw(door.port) as client:
        client.login(orders_only)
        client.send(QUERY, b"", length=length)
        try:
            assert client.receive().opcode == ERROR
        except ConnectionError:
            return
        assert client.closed()


@pytest.mark.parametrize("body", [
    b"", b"\0", b"\xff\xff\xff\xff", struct.pack(">i", 1000) + b"SELECT", struct.pack(">i", -5) + b"SELECT",
    long_string("SELECT * FROM shop.orders"), long_string("SELECT * FROM shop.orders") + b"\0\1\1\xff\xff",
    long_string(b"SELECT * FROM shop.orders WHERE item = '\xff\xfe'") + struct.pack(">HB", ONE, 0)])
def test_a_malformed_query_is_an_error_and_not_the_end(door, orders_only, body):
    with Raw(door.port) as client:
        client.login(orders_only)
        answer = client.ask(QUERY, body, stream=3)
        assert answer.opcode == ERROR and answer.stream == 3, answer
        assert answer.code in (PROTOCOL_ERROR, 0x2000, 0x2200), answer


def test_the_keyspace_flag_of_version_5_is_refused_on_versions_3_and_4(door, everything):
    for version in (3, 4):
        with Raw(door.port, version) as client:
            client.login(everything)
            body = long_string("SELECT * FROM secrets") + struct.pack(">HB", ONE, 0x80) + string("vault")
            assert client.ask(QUERY, body).code == PROTOCOL_ERROR


def test_named_values_in_a_batch_are_refused(door, everything):
    with Raw(door.port) as client:
        client.login(everything)
        insert = "INSERT INTO shop.orders (id, item) VALUES (99, 'x')"
        body = struct.pack(">BHB", 0, 1, 0) + long_string(insert) + struct.pack(">HHB", 0, ONE, 0x40)
        assert client.ask(BATCH, body).opcode == ERROR


def test_an_unknown_prepared_id_is_answered_unprepared(door, orders_only):
    with Raw(door.port) as client:
        client.login(orders_only)
        answer = client.execute(b"\x01" * 16)
        assert answer.code == 0x2500, answer
        assert b"\x01" * 16 in answer.body


def test_an_id_that_another_token_prepared_is_decided_anew(door, orders_only, everything):
    with Raw(door.port) as owner, Raw(door.port) as stranger:
        identity = owner.login(everything).prepare("SELECT secret FROM vault.secrets")
        stranger.login(orders_only)
        answer = stranger.execute(identity)
        assert answer.opcode == ERROR and answer.code in (0x2500, 0x2100), answer
        assert b"MARKER" not in answer.body


def test_garbage_on_the_cql_port_is_answered_or_closed_but_never_waited_for(door):
    seed = random.Random(3)
    for size in (1, 8, 9, 100, 5000):
        with socket.create_connection(("127.0.0.1", door.port), 20) as client:
            client.sendall(bytes(seed.randrange(256) for _ in range(size)))
            client.shutdown(socket.SHUT_WR)
            client.settimeout(20)
            try:
                while client.recv(65536):
                    pass
            except ConnectionError:
                pass


def test_text_protocols_on_the_cql_port_are_sent_away(door):
    for words in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500):
        with socket.create_connection(("127.0.0.1", door.port), 20) as client:
            client.sendall(words)
            client.settimeout(20)
            try:
                while client.recv(65536):
                    pass
            except ConnectionError:
                pass


def test_half_open_handshakes_end_after_their_five_seconds(door):
    waiting = [socket.create_connection(("127.0.0.1", door.port), 20) for _ in range(50)]
    try:
        for number, client in enumerate(waiting):
            if number % 2:
                client.sendall(struct.pack(">BBhBi", 4, 0, 0, STARTUP, 100)[:number % 9 + 1])
        end = time.monotonic() + 15
        for client in waiting:
            client.settimeout(max(0.1, end - time.monotonic()))
            try:
                while client.recv(65536):
                    pass
            except ConnectionError:
                pass
    finally:
        for client in waiting:
            client.close()


def test_a_message_may_come_one_byte_at_a_time(door, orders_only):
    with Raw(door.port) as client:
        sasl = plain("token", orders_only.text)
        for opcode, body in ((STARTUP, startup_body()), (AUTH_RESPONSE, struct.pack(">i", len(sasl)) + sasl)):
            for byte in struct.pack(">BBhBi", 4, 0, 0, opcode, len(body)) + body:
                client.socket.sendall(bytes([byte]))
            answer = client.receive()
        assert answer.opcode == AUTH_SUCCESS


def test_register_is_answered_ready_by_the_gateway(door, orders_only):
    with Raw(door.port) as client:
        client.login(orders_only)
        events = ("SCHEMA_CHANGE", "STATUS_CHANGE", "TOPOLOGY_CHANGE")
        body = struct.pack(">H", 3) + b"".join(string(e) for e in events)
        assert client.ask(REGISTER, body).opcode == READY
        assert client.ask(REGISTER, struct.pack(">H", 1) + string("NONSENSE")).opcode == ERROR


def test_execute_with_a_body_that_is_too_long_or_too_short_is_refused(door, orders_only):
    with Raw(door.port) as client:
        client.login(orders_only)
        identity = client.prepare("SELECT * FROM shop.orders")
        good = string(identity) + struct.pack(">HB", ONE, 0)
        assert client.ask(EXECUTE, good).opcode == RESULT
        for cut in range(len(good)):
            answer = client.ask(EXECUTE, good[:cut])
            assert answer.opcode == ERROR, cut
        assert client.ask(EXECUTE, good).opcode == RESULT


@pytest.mark.parametrize("words", [
    b"\0" * 100, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST /v2/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"GET /v2/tokens HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"POST /v2/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
    b"POST /v2/tokens HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500])
def test_garbage_on_the_http_port_is_refused_and_closed(latchkey, words):
    port = int(latchkey.api.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), 20) as client:
        client.sendall(words)
        client.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while True:
                part = client.recv(65536)
                if not part:
                    break
                answer += part
        except ConnectionError:
            pass
    assert not answer.startswith(b"HTTP/1.1 2"), answer
    assert latchkey.http("GET", "/v2/currentOrg").status_code == 200


def test_a_body_over_one_mebibyte_is_refused(latchkey):
    answer = latchkey.http("POST", "/v2/tokens", {"roles": ["x" * (2 << 20)]})
    assert answer.status_code in (400, 413), answer.status_code
