"""The HTTP door of a running daemon: settings, TLS, refusals, and requests said twice. Needs no Cassandra."""
import json
import re
import signal
import socket
import ssl
import subprocess
import threading

import pytest
import requests

from latchkey import ADMINISTRATOR, until

USUAL = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


def port_of(latchkey):
    return int(latchkey.api.rsplit(":", 1)[1])


def say(latchkey, words, wrap=lambda s: s):
    """All that the door answers until it closes."""
    with socket.create_connection(("127.0.0.1", port_of(latchkey)), 30) as plain, wrap(plain) as client:
        client.sendall(words)
        answer = b""
        while True:
            part = client.recv(65536)
            if not part:
                return answer
            answer += part


def assert_problem(answer, status):
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), answer
    assert b"application/json" in head and b"nosniff" in head and b"\r\nConnection: close" in head
    assert isinstance(json.loads(body)["errors"][0]["ID"], int)


BROKEN = [(b"GET /v2/tokens HTTP/1.1\r\n\r\n", 400), (b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 400),
          (b"GET /livez HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n", 400),
          (b"GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400),
          (b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 40000 + b"\r\n\r\n", 431),
          (b"GET /" + b"x" * 100000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414)]


@pytest.mark.parametrize("words,status", BROKEN)
def test_what_is_no_http_is_answered_with_a_json_problem(latchkey, words, status):
    assert_problem(say(latchkey, words), status)


def test_every_answer_has_the_fields_of_safety(latchkey):
    for method, path in (("GET", "/v2/currentOrg"), ("GET", "/v2/nowhere"), ("OPTIONS", "/v2/tokens"), ("GET", "/livez")):
        answer = latchkey.http(method, path)
        assert USUAL.items() <= dict(answer.headers).items(), answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Strict-Transport-Security" not in answer.headers


# Idempotency-Key

def post(latchkey, key, token=None, path="/v2/tokens", **more):
    return latchkey.http("POST", path, {"roles": [ADMINISTRATOR], **more}, token=token, headers={"Idempotency-Key": key})


def tokens_called(latchkey, description):
    return [c for c in latchkey.good("GET", "/v2/tokens")["clients"] if c.get("description") == description]


def test_a_token_that_is_asked_for_twice_is_made_once(latchkey):
    first, second = (post(latchkey, "twice", description="twice") for _ in range(2))
    assert first.status_code == second.status_code == 200 and first.json() == second.json()
    assert len(tokens_called(latchkey, "twice")) == 1
    assert latchkey.http("GET", "/v2/currentOrg", token=second.json()["token"]).status_code == 200


def test_another_body_under_one_key_is_422(latchkey):
    assert post(latchkey, "body", description="one").status_code == 200
    answer = post(latchkey, "body", description="two")
    assert answer.status_code == 422 and "Idempotency-Key" in answer.text


def test_a_replay_of_a_token_that_is_gone_is_409(latchkey):
    made = post(latchkey, "gone").json()
    assert latchkey.http("DELETE", "/v2/tokens/" + made["clientId"]).status_code == 204
    answer = post(latchkey, "gone")
    assert answer.status_code == 409 and made["clientId"] in answer.text and made["secret"] not in answer.text


def test_a_replay_needs_the_token_and_the_permission_still(latchkey):
    role = latchkey.make_role(["org-token-write", "org-role-read"], ["drn:astra:org:" + latchkey.organization], name="Mints")
    maker = latchkey.make_token(role)
    made = latchkey.http("POST", "/v2/tokens", {"roles": [role]}, token=maker.text, headers={"Idempotency-Key": "again"})
    assert made.status_code == 200, made.text
    latchkey.good("PUT", "/v2/organizations/roles/" + role, {"name": "Mints", "policy": {
        "description": "no more", "effect": "allow", "actions": ["org-role-read"],
        "resources": ["drn:astra:org:" + latchkey.organization]}})
    again = latchkey.http("POST", "/v2/tokens", {"roles": [role]}, token=maker.text, headers={"Idempotency-Key": "again"})
    assert again.status_code == 403 and made.json()["secret"] not in again.text
    latchkey.delete_token(maker)
    again = latchkey.http("POST", "/v2/tokens", {"roles": [role]}, token=maker.text, headers={"Idempotency-Key": "again"})
    assert again.status_code == 401


def test_a_key_is_its_caller_s_own_and_its_path_s(latchkey):
    other = latchkey.make_token(ADMINISTRATOR)
    made = {post(latchkey, "own").json()["clientId"], post(latchkey, "own", token=other.text).json()["clientId"],
            post(latchkey, "own", path="/v2/clientIdSecrets").json()["clientId"]}
    assert len(made) == 3


# settings

def test_pages_of_named_origins_may_ask(own_latchkey):
    own_latchkey.configure(cors_origins="https://page.example")
    own_latchkey.serve()
    answer = own_latchkey.http("GET", "/v2/currentOrg", headers={"Origin": "https://page.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://page.example"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    answer = own_latchkey.http("OPTIONS", "/v2/tokens", headers={
        "Authorization": None, "Origin": "https://page.example", "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 204 and "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    answer = own_latchkey.http("GET", "/v2/currentOrg", headers={"Origin": "https://other.example"})
    assert answer.status_code == 200 and "Access-Control-Allow-Origin" not in answer.headers
    own_latchkey.stop()


def test_a_host_that_is_not_named_is_421_but_not_over_the_socket(own_latchkey):
    own_latchkey.configure(allowed_hosts="keys.example", public_url="https://login.example")
    own_latchkey.serve()
    for host, status in (("keys.example", 200), ("KEYS.example:1", 200), ("login.example", 200), ("evil.example", 421), ("", 421)):
        answer = own_latchkey.http("GET", "/livez", headers={"Host": host})
        assert answer.status_code == status, host
        if status == 421:
            assert answer.json()["errors"][0]["ID"] == 350421
    assert own_latchkey.ask("status", "--json")["version"]
    own_latchkey.stop()


def test_addresses_are_taken_from_trusted_proxies_alone_and_reach_the_audit(own_latchkey):
    def peers():
        return own_latchkey.run("audit", "tail", "-n", "50").stdout
    own_latchkey.configure(trusted_proxies="127.0.0.0/8, 10.0.0.0/8")
    own_latchkey.serve()
    own_latchkey.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, headers={
        "X-Forwarded-For": "203.0.113.7, ::ffff:198.51.100.9, 10.1.1.1", "X-Forwarded-Proto": "https"})
    assert "198.51.100.9" in peers() and "203.0.113.7" not in peers()
    own_latchkey.stop()
    own_latchkey.configure()
    own_latchkey.serve()
    own_latchkey.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, headers={"X-Forwarded-For": "192.0.2.200"})
    assert "192.0.2.200" not in peers()
    own_latchkey.stop()


def test_strangers_who_fail_too_often_hear_429_and_others_of_their_address_do_not(own_latchkey):
    own_latchkey.configure(failure_limit=1, failure_burst=10)
    own_latchkey.serve()
    answers = [own_latchkey.http("GET", "/v2/currentOrg", token="AstraCS:nobody") for _ in range(40)]
    assert answers[0].status_code == 401 and answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1 and answers[-1].json()["errors"][0]["ID"] == 350429
    assert answers[-1].headers["Connection"] == "close"
    assert own_latchkey.http("GET", "/v2/currentOrg").status_code == 200
    own_latchkey.stop()


# What comes from everywhere at once, and what it may hear.
STORMS = {
    "strangers": (lambda session, l: session.get(l.api + "/v2/tokens", headers={"Authorization": "Bearer AstraCS:x"}, timeout=30), {401}),
    "introspection": (lambda session, l: session.post(l.api + "/oauth2/introspect", data={"token": l.administrator}, timeout=30,
                                                      headers={"Authorization": "Bearer " + l.administrator}), {200}),
    "sign-ins": (lambda session, l: session.post(l.api + "/v2/sessions", json={"email": "ada@example.com", "password": "not this one"},
                                                 headers={"Origin": l.api}, timeout=60), {401, 429}),
}


@pytest.mark.parametrize("kind", STORMS)
def test_the_operator_is_answered_during_a_storm(own_latchkey, kind):
    ask, expected = STORMS[kind]
    own_latchkey.configure(http_loops=1)
    own_latchkey.serve()
    over, hit, codes = threading.Event(), threading.Semaphore(0), set()

    def storm():
        with requests.Session() as session:
            while not over.is_set():
                codes.add(ask(session, own_latchkey).status_code)
                hit.release()
    threads = [threading.Thread(target=storm) for _ in range(16)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            for _ in range(50):
                assert hit.acquire(timeout=30)
            assert own_latchkey.ask("status", "--json")["version"]
            own_latchkey.ask("token", "create", "--role", "Organization Administrator", "--json")
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert codes and codes <= expected
    own_latchkey.stop()


# TLS

def make_certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")], check=True, capture_output=True)


def wrap(folder, highest=ssl.TLSVersion.TLSv1_3):
    context = ssl.create_default_context(cafile=str(folder / "cert.pem"))
    context.maximum_version = highest
    return lambda plain: context.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=True)


@pytest.fixture
def secure(own_latchkey, tmp_path):
    """A daemon with a certificate, not started yet."""
    make_certificate(tmp_path)
    own_latchkey.tls = ("--http-tls-cert", str(tmp_path / "cert.pem"), "--http-tls-key", str(tmp_path / "key.pem"))
    own_latchkey.folder_of_keys = tmp_path
    return own_latchkey


CLOSING = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def test_under_tls_answers_say_so_and_refusals_are_the_same(secure):
    secure.serve(*secure.tls)
    answer = say(secure, CLOSING, wrap(secure.folder_of_keys))
    assert answer.startswith(b"HTTP/1.1 200 ") and b"\r\nStrict-Transport-Security: max-age=" in answer
    for words, status in BROKEN:
        answer = say(secure, words, wrap(secure.folder_of_keys))
        assert_problem(answer, status)
        assert b"\r\nStrict-Transport-Security: max-age=" in answer
    secure.stop()


def test_the_end_of_a_session_is_said_by_both(secure):
    secure.serve(*secure.tls)
    for highest in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        plain = socket.create_connection(("127.0.0.1", port_of(secure)), 30)
        with wrap(secure.folder_of_keys, highest)(plain) as client:
            client.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert client.recv(12) == b"HTTP/1.1 200"
            while b"ok" not in client.recv(65536):
                pass
            client.unwrap().close()
    secure.stop()


def slow_read(client, part):
    """Takes little at a time, so that the door has to wait in the middle of records."""
    answer = b""
    while True:
        got = client.recv(part)
        if not got:
            return answer
        answer += got


@pytest.mark.parametrize("highest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_long_bodies_pass_whole_under_tls_both_ways(secure, highest):
    secure.serve(*secure.tls)
    plain = requests.get("https://localhost:%d/v2/openapi.json" % port_of(secure), timeout=30,
                         verify=str(secure.folder_of_keys / "cert.pem")).content
    body = json.dumps({"email": "x" * 900000, "password": "y"}).encode()
    head = b"POST /v2/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n" % (
        secure.administrator.encode(), len(body))
    asks = b"GET /v2/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3 + head + body + CLOSING
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", port_of(secure)))
    with wrap(secure.folder_of_keys, highest)(raw) as client:
        assert client.version() == {ssl.TLSVersion.TLSv1_2: "TLSv1.2", ssl.TLSVersion.TLSv1_3: "TLSv1.3"}[highest]
        sender = threading.Thread(target=client.sendall, args=(asks,))
        sender.start()
        answer = slow_read(client, 3000)
        sender.join()
    assert answer.count(plain) == 3
    assert re.findall(rb"HTTP/1.1 (\d+) ", answer) == [b"200", b"200", b"200", b"403", b"200"]
    secure.stop()


def test_tls_1_2_is_spoken_by_default_and_not_above_the_minimum(secure):
    old = wrap(secure.folder_of_keys, ssl.TLSVersion.TLSv1_2)
    secure.serve(*secure.tls)
    assert say(secure, CLOSING, old).startswith(b"HTTP/1.1 200 ")
    secure.stop()
    secure.configure(tls_minimum="1.3")
    secure.serve(*secure.tls)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        say(secure, CLOSING, old)
    assert say(secure, CLOSING, wrap(secure.folder_of_keys)).startswith(b"HTTP/1.1 200 ")
    secure.stop()


def test_sighup_puts_a_new_certificate_into_use(secure):
    secure.serve(*secure.tls)
    assert say(secure, CLOSING, wrap(secure.folder_of_keys)).startswith(b"HTTP/1.1 200 ")
    make_certificate(secure.folder_of_keys)
    with pytest.raises(ssl.SSLError):
        say(secure, CLOSING, wrap(secure.folder_of_keys))
    secure.process.send_signal(signal.SIGHUP)

    def renewed():
        try:
            return say(secure, CLOSING, wrap(secure.folder_of_keys)).startswith(b"HTTP/1.1 200 ")
        except ssl.SSLError:
            return False
    until("the new certificate", renewed)
    (secure.folder_of_keys / "key.pem").write_text("no key")
    before = len(secure.log())
    secure.process.send_signal(signal.SIGHUP)
    secure.wait_log("key.pem", before)
    assert say(secure, CLOSING, wrap(secure.folder_of_keys)).startswith(b"HTTP/1.1 200 ")
    secure.stop()
