"""Whatever the route table lets somebody think of, over TCP and over the socket: every request is answered, with no
error of the server, in JSON where it says so, and the daemon does not grow (tests/http_fuzz)."""
import os
import pathlib
import re
import socket
import subprocess

import unix_http
from latchkey import ADMINISTRATOR, Latchkey, free_port

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent.parent
LONG = bool(os.environ.get("LATCHKEY_TEST_LONG"))
RELEASE = CHECKOUT / ".latchkey" / "build-release" / "latchkey"
SEED = 20260131


def fuzzer(binary):
    beside = pathlib.Path(binary).parent / "tests" / "http_fuzz" / "route_fuzz"
    found = beside if beside.exists() else CHECKOUT / ".latchkey" / "build-test" / "tests" / "http_fuzz" / "route_fuzz"
    assert found.exists(), "%s is not there: ./test unit builds it" % found
    return found


def another_organization(daemon):
    """Its id and a token: whose access list to the API is written, so that nobody else is shut out by it."""
    made = daemon.ask("org", "create", "Fenced", "--email", "f@example.org")
    token = unix_http.good(daemon, "POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, organization="Fenced")
    return made["OrganizationID"], token["token"]


def nowhere(held):
    """A node that is not there, and cannot come to be: the port is ours, and nobody listens."""
    held.bind(("127.0.0.1", 0))
    return "127.0.0.1:%d" % held.getsockname()[1]


def begin(program, daemon, seed, requests, lines, told):
    """A fuzzer on its way; what it says is to be read while it runs."""
    with open(told, "w", encoding="utf-8") as out:
        one = subprocess.Popen(
            [program, daemon.api.rsplit(":", 1)[1], os.path.join(daemon.data, "latchkey.sock"),
             str(daemon.process.pid), str(seed), str(requests)],
            stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT, text=True)
    one.stdin.write("\n".join((*lines, "")))
    one.stdin.close()
    return one


def end(one, daemon, told):
    code = one.wait(timeout=7200)
    said = told.read_text(encoding="utf-8")
    print(said)
    assert code == 0, said[-8000:] + daemon.log()[-3000:]
    return said


def fuzz(binary, folder, seeds, requests, monkeypatch, program=None):
    """By a fuzzer for each seed, all at once; the routes that none of their requests was good for.
    What a sanitizer keeps of freed memory is no growth; it keeps little of it here."""
    options = os.environ.get("ASAN_OPTIONS", "")
    monkeypatch.setenv("ASAN_OPTIONS", options + ":quarantine_size_mb=16" if options else "quarantine_size_mb=16")
    program = program or fuzzer(binary)
    daemon = Latchkey(binary, folder)
    daemon.init("--enterprise", "Acme Group")
    daemon.configure(register_listen="127.0.0.0/8", register_targets="127.0.0.1/32", failure_limit=1000000,
                     failure_burst=1000000)
    daemon.serve()
    held, running = socket.socket(), []
    absent = nowhere(held)
    try:
        for number in range(3):
            answer = daemon.http("POST", "/v2/databases", {
                "name": "absent %d" % number, "contactPoints": absent, "datacenter": "dc", "username": "u",
                "password": "p", "listen": "127.0.0.1:%d" % free_port()})
            assert answer.status_code == 201, answer.text
        fenced, token = another_organization(daemon)
        for seed in seeds:
            lines = daemon.administrator, fenced, token, absent, "127.0.0.1:%d" % free_port()
            told = folder.parent / ("route_fuzz-%d.log" % seed)
            running.append((begin(program, daemon, seed, requests, lines, told), told))
        said = [end(one, daemon, told) for one, told in running]
        assert daemon.good("GET", "/v2/currentOrg")["id"] == daemon.organization
        assert daemon.run("audit", "verify").returncode == 0
    finally:
        held.close()
        for one, _ in running:
            if one.poll() is None:
                one.kill()
                one.wait()
        if daemon.process and daemon.process.poll() is None:
            daemon.stop()
        daemon.process = None
    return [re.search("routes without a good answer:(.*)", text).group(1) for text in said]


def test_nothing_that_is_asked_makes_an_error_or_stays(binary, tmp_path, monkeypatch):
    missed, = fuzz(binary, tmp_path / "latchkey", [SEED], 100_000 if LONG else 20_000, monkeypatch)
    assert "devops-acl" not in missed, "the list was never written: " + missed


def test_nobody_is_left_without_an_answer_when_several_ask(binary, tmp_path, monkeypatch):
    fuzz(binary, tmp_path / "latchkey", range(SEED + 10, SEED + 16), 10_000 if LONG else 2_500, monkeypatch)


if LONG:
    def test_a_million_requests_to_a_release_build(binary, tmp_path, monkeypatch):
        assert RELEASE.exists(), "%s is not there: ./test gateway builds it" % RELEASE
        fuzz(str(RELEASE), tmp_path / "latchkey", [SEED + 1], 1_000_000, monkeypatch, fuzzer(binary))

    def test_several_ask_a_release_build(binary, tmp_path, monkeypatch):
        fuzz(str(RELEASE), tmp_path / "latchkey", range(SEED + 20, SEED + 28), 50_000, monkeypatch, fuzzer(binary))
