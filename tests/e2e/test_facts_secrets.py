"""No secret stands in logs, trail, store, settings or the words of processes: the search itself, and what people do with tokens
by mistake."""
import base64
import os
import re
import subprocess

import pytest

import leaks
from facts import request, wire
from latchkey import ADMINISTRATOR, Latchkey, until

PLANTED = "AstraCS:%s:%s" % ("PlantedPlantedPlantedPla", "5e" * 32)
SECRET = "planted.secret,of_the+tests-" + "k" * 100


@pytest.fixture
def apart(monkeypatch):
    """The search with nothing noted and no folder known."""
    for name in ("found_in", "last_seen", "folders", "began"):
        monkeypatch.setattr(leaks, name, {})


# the search

PLACES = {"the text": PLANTED.encode(), "the third part": PLANTED.split(":")[2].encode(), "its bytes": bytes.fromhex(PLANTED.split(":")[2]),
          "between zeros": b"\0\0" + PLANTED.encode() + b"\0", "the end of a line": b"x\n" + PLANTED.encode()}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["log", "data/latchkey.db", "data/latchkey.db-wal", "data/audit/0001", "latchkey.conf"])
def test_a_planted_secret_is_found(apart, tmp_path, name, place):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"before" + PLACES[place] + b"after")
    assert leaks.search(str(tmp_path)) == []
    leaks.note(PLANTED, "a test")
    assert {found for found, _ in leaks.search(str(tmp_path))} == {str(path)}
    with pytest.raises(AssertionError, match="a test"):
        leaks.check(str(tmp_path), "latchkey")


def test_the_message_about_a_find_does_not_hold_the_secret(apart, tmp_path):
    (tmp_path / "log").write_text(PLANTED)
    leaks.note(PLANTED, "a test")
    with pytest.raises(AssertionError) as refusal:
        leaks.check(str(tmp_path), "latchkey")
    assert PLANTED.split(":")[2] not in str(refusal.value)


def test_only_the_files_that_are_meant_to_hold_a_secret_are_left_out(apart, tmp_path):
    leaks.note(PLANTED, "a test")
    for name in ("administrator-token", "setup-link"):
        (tmp_path / name).write_text(PLANTED)
    leaks.expect(str(tmp_path), str(tmp_path / "administrator-token"))
    assert leaks.search(str(tmp_path)) == []
    (tmp_path / "other").write_text(PLANTED)
    assert {name for name, _ in leaks.search(str(tmp_path))} == {str(tmp_path / "other")}


def test_a_daemon_s_end_asks_for_what_was_seen_since_it_was_there_and_the_run_s_end_for_everything(apart, tmp_path):
    leaks.note(PLANTED, "a test before")
    leaks.expect(str(tmp_path))
    (tmp_path / "log").write_text(PLANTED)
    leaks.check(str(tmp_path), "latchkey")
    with pytest.raises(AssertionError, match="a test before"):
        leaks.check_everything()
    leaks.note(PLANTED, "the daemon")
    with pytest.raises(AssertionError, match="log"):
        leaks.check(str(tmp_path), "latchkey")


def test_a_folder_goes_only_after_it_was_searched_for_everything(apart, tmp_path, monkeypatch):
    monkeypatch.setattr(leaks, "left", [])
    monkeypatch.setattr(leaks, "LEFT_MAX", 2)
    leaks.note(PLANTED, "a test before")
    for name in ("clean", "other", "leaky"):
        (tmp_path / name).mkdir()
        leaks.expect(str(tmp_path / name))
    (tmp_path / "leaky" / "log").write_text(PLANTED)
    leaks.leave(tmp_path / "clean")
    assert (tmp_path / "clean").is_dir()
    leaks.leave(tmp_path / "other")
    assert not (tmp_path / "clean").exists() and not (tmp_path / "other").exists()
    leaks.leave(tmp_path / "leaky")
    with pytest.raises(AssertionError, match="a test before"):
        leaks.let_go("latchkey")
    assert (tmp_path / "leaky" / "log").exists()


@pytest.mark.parametrize("answer", ['{"clientId":"x","secret":"%s","orgId":"y"}' % SECRET, '{"invitationLink":"https://h/invitation#%s"}' % ("a1" * 32),
                                    '{"recoveryCodes":["abcd-efgh-ijkm-npqr","bbcd-efgh-ijkm-npqr"]}', '{"csrfToken":"%s"}' % ("c" * 40),
                                    '{"token" : "%s"}' % PLANTED, "made:\n%s\n" % PLANTED, '{"secret":"%s"}' % ("JBSWY3DP" * 4)])
def test_what_an_answer_hands_out_is_noted(apart, answer):
    leaks.notice(answer, "a test")
    assert leaks.found_in and all(secret in answer.encode() or len(secret) == 32 for secret in leaks.found_in)


def test_a_secret_among_the_words_of_a_process_is_found(apart):
    leaks.note(PLANTED, "a test")
    process = subprocess.Popen(["sh", "-c", "read -r line", PLANTED], stdin=subprocess.PIPE)
    try:
        until("the words of the process", lambda: ("/proc/%d/cmdline" % process.pid, "a test") in leaks.search_processes("sh"))
        assert leaks.search_processes("latchkey") == []
    finally:
        process.kill()
        process.communicate()


# what a daemon leaves behind

@pytest.fixture(scope="module")
def used(binary, tmp_path_factory):
    """A daemon on which a token was used rightly, and wrongly in every way; still running."""
    daemon = Latchkey(binary, tmp_path_factory.mktemp("used"))
    daemon.init()
    daemon.configure(log_level="debug")
    daemon.serve()
    daemon.token = daemon.make_token(ADMINISTRATOR, description="used")
    yield daemon
    daemon.stop()


MISTAKES = {
    "as it should be": ("GET", "/v2/currentOrg", {"Authorization": "Bearer {token}"}),
    "another scheme": ("GET", "/v2/currentOrg", {"Authorization": "Token {token}"}),
    "no scheme": ("GET", "/v2/currentOrg", {"Authorization": "{token}"}),
    "a stray character": ("GET", "/v2/currentOrg", {"Authorization": "Bearer {token}'"}),
    "basic": ("GET", "/v2/currentOrg", {"Authorization": "Basic {basic}"}),
    "the secret as token": ("GET", "/v2/currentOrg", {"Authorization": "Bearer {secret}"}),
    "in the query": ("GET", "/v2/currentOrg?token={token}", {}),
    "in the query beside a good one": ("GET", "/v2/tokens?access_token={token}&x={secret}", {"Authorization": "Bearer {token}"}),
    "in the path": ("GET", "/v2/tokens/{token}", {"Authorization": "Bearer {token}"}),
    "deleted by its text": ("DELETE", "/v2/tokens/{token}", {"Authorization": "Bearer {token}"}),
    "deleted by its secret": ("DELETE", "/v2/clientIdSecrets/{secret}", {"Authorization": "Bearer {token}"}),
    "as a role": ("DELETE", "/v2/organizations/roles/{token}", {"Authorization": "Bearer {token}"}),
    "as a database": ("GET", "/v2/databases/{token}", {"Authorization": "Bearer {token}"}),
    "as a keyspace": ("POST", "/v2/databases/00000000-0000-4000-8000-000000000000/keyspaces/{token}", {"Authorization": "Bearer {token}"}),
    "as request id": ("GET", "/v2/currentOrg", {"Authorization": "Bearer {token}", "X-Request-Id": "{token}"}),
    "as user agent": ("GET", "/v2/currentOrg", {"Authorization": "Bearer {token}", "User-Agent": "{token}"}),
    "as referer": ("GET", "/v2/currentOrg", {"Authorization": "Bearer {token}", "Referer": "https://x/?{token}"}),
    "as another header": ("GET", "/v2/currentOrg", {"X-Cassandra-Token": "{token}", "Token": "{token}"}),
    "as cookie": ("GET", "/v2/currentOrg", {"Cookie": "token={token}"}),
    "as host": ("GET", "/v2/currentOrg", {"Authorization": "Bearer {token}", "Host": "{token}"}),
    "on a path that is not there": ("GET", "/v2/nowhere/{token}", {"Authorization": "Bearer {token}"}),
    "with a method that is not there": ("BREW", "/v2/tokens/{token}", {"Authorization": "Bearer {token}"}),
    "as idempotency key": ("DELETE", "/v2/tokens/" + "x" * 24, {"Authorization": "Bearer {token}", "Idempotency-Key": "{secret}"})}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_token_used_wrongly_is_written_down_nowhere(used, mistake):
    method, path, headers = MISTAKES[mistake]
    pair = base64.b64encode(("%s:%s" % (used.token.client_id, used.token.secret)).encode()).decode()
    fill = {"token": used.token.text, "secret": used.token.secret, "basic": pair}
    headers = {"Authorization": None, **{name: value.format(**fill) for name, value in headers.items()}}
    answer = used.http(method, path.format(**fill), headers=headers)
    assert used.token.secret not in answer.text and used.token.text.split(":")[2] not in answer.text
    leaks.note(pair, "Basic")
    leaks.check(used.folder, used.binary)


@pytest.mark.parametrize("body", ['{"roles":["%(token)s"]}', '{"roles":["%(role)s"],"orgId":"%(token)s"}', '{"roles":["%(role)s"],"tokenExpiry":"%(token)s"}',
                                  '{"token":"%(token)s"}', '%(token)s', '{"roles":["%(role)s"],"secret":"%(secret)s"}'])
def test_a_token_in_a_body_is_written_down_nowhere(used, body):
    text = body % {"token": used.token.text, "secret": used.token.secret, "role": ADMINISTRATOR}
    used.http("POST", "/v2/tokens", None, data=text.encode(), headers={"Content-Type": "application/json"})
    leaks.check(used.folder, used.binary)


def test_a_token_in_what_is_no_http_is_written_down_nowhere(used):
    for words in (b"AUTH %s\r\n\r\n", b"GET /%s HTTP/9\r\n\r\n", b"GET / HTTP/1.1\r\n%s\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: %s\r\n\r\n"):
        with wire(used) as connection:
            connection.send(words % used.token.text.encode())
            connection.socket.recv(65536)
    leaks.check(used.folder, used.binary)


def test_a_connection_cut_in_the_middle_of_a_token_leaves_nothing(used):
    with wire(used) as connection:
        connection.send(request(used, "GET", "/v2/currentOrg", token=used.token.text)[:-40])
    used.good("GET", "/v2/currentOrg")
    leaks.check(used.folder, used.binary)


def test_the_trail_names_the_client_and_never_its_secret(used):
    used.make_token(ADMINISTRATOR)
    trail = used.run("audit", "tail", "-n", "1000").stdout
    assert used.token.client_id in trail and not re.search(r"AstraCS:[A-Za-z]{24}:", trail)


def test_after_a_kill_the_log_that_is_not_yet_folded_holds_no_secret(binary, tmp_path):
    daemon = Latchkey(binary, tmp_path)
    daemon.init()
    daemon.serve()
    for _ in range(3):
        daemon.make_token(ADMINISTRATOR)
    daemon.add_database("a", "127.0.0.1:1", "nobody", "a password that can be told from others")
    assert daemon.process is not None
    daemon.kill()       # searches the folder
    assert [name for name in os.listdir(daemon.data) if name.endswith("-wal")], os.listdir(daemon.data)
    daemon.serve()
    daemon.stop()
