"""`latchkey audit export`: records are sent on to a server, and the command line says whether they arrive there."""
import concurrent.futures
import contextlib
import http.server
import json
import os
import subprocess
import threading

import pytest

import leaks
from collector import Collector
from latchkey import ADMINISTRATOR, Latchkey, until
from test_cli_output import on_terminal, shown_by

DONE, USAGE, INVALID, FORBIDDEN, RETRY, MISSING = 0, 2, 3, 5, 6, 7
SECRET = "the-collector's-own-token-4712"
NOWHERE = {"enabled": False, "destination": "trail", "records": "/v2/audit"}


@pytest.fixture
def collector():
    found = Collector()
    yield found
    found.close()


@pytest.fixture(scope="module")
def group(binary, tmp_path_factory):
    """Two organizations in an enterprise; everybody may have records sent to this machine."""
    daemon = Latchkey(binary, tmp_path_factory.mktemp("exports") / "latchkey")
    daemon.init("--enterprise", "Group")
    daemon.configure(audit_export_targets="127.0.0.0/8")
    daemon.serve()
    daemon.ask("org", "create", "Other", "--email", "eve@example.com")
    yield daemon
    daemon.stop()


@pytest.fixture
def quiet(group):
    """Afterwards nothing is sent any more."""
    yield
    for scope in (["--org", "Acme"], ["--every-scope"]):
        group.run("audit", "export", "end", *scope)


@pytest.fixture(params=["socket", "url"])
def export(request, group, quiet, tmp_path):
    """export(*words): in the organization Acme."""
    where = ["--data", group.data, "--org", "Acme"] if request.param == "socket" else ["--url", group.api]

    def run(*words, stdin="", token=group.administrator):
        done = subprocess.run([group.binary, "audit", "export", *words, *where], input=stdin, capture_output=True, text=True,
                              timeout=60, env=dict(os.environ, LATCHKEY_TOKEN=token))
        leaks.notice(done.stdout, "latchkey audit export")
        return done

    def ask(*words, **more):
        done = run(*words, **more)
        assert done.returncode == DONE and done.stderr == "", done
        return json.loads(done.stdout) if done.stdout else None
    leaks.note(SECRET, "the collector's token")
    run.ask, run.token_file = ask, tmp_path / "collector.token"
    run.token_file.write_text(SECRET + "\n")
    run.token_file.chmod(0o600)
    return run


def refused(done, code, *says):
    assert done.returncode == code and done.stdout == "", done
    assert done.stderr.startswith("latchkey: ") and done.stderr.count("\n") == 1, done.stderr
    for words in says:
        assert words in done.stderr


def shown(daemon, *words):
    code, text, error = on_terminal(daemon, "audit", "export", *words, "--org", "Acme")
    assert (code, error) == (DONE, ""), error
    return text


# set up, shown, ended

def test_a_webhook_goes_through_its_life(group, export, collector):
    assert export.ask() == NOWHERE
    made = export.ask("webhook", collector.url + "/audit", "--collector-token-file", "-", stdin=SECRET + "\n")
    assert made["webhook"] == {"endpoint": collector.url + "/audit", "hasToken": True}
    assert made["delivery"]["sent"] > 0 and "problem" not in made["delivery"]
    assert collector.requests[0].headers["Authorization"] == "Bearer " + SECRET
    assert [r["event"]["name"] for r in collector.records()][:1] == ["audit-export.update"]
    assert export.ask()["webhook"] == made["webhook"]
    assert export.ask("end") is None
    assert export.ask() == NOWHERE
    refused(export("end"), MISSING, "sent nowhere")


def test_splunk_is_told_index_source_and_type(group, export, collector):
    made = export.ask("splunk", collector.url, "--collector-token-file", str(export.token_file), "--index", "security",
                      "--source", "shop", "--sourcetype", "latchkey:audit")
    assert made["splunk"] == {"endpoint": collector.url, "hasToken": True, "index": "security", "source": "shop",
                              "sourcetype": "latchkey:audit"}
    event = collector.requests[0].lines()[0]
    assert (event["index"], event["source"], event["sourcetype"]) == ("security", "shop", "latchkey:audit")
    assert collector.requests[0].headers["Authorization"] == "Splunk " + SECRET


def test_after_sends_what_was_before(group, export, collector):
    token = group.make_token(ADMINISTRATOR)
    export.ask("webhook", collector.url, "--after", "0")
    collector.until_event("token.create", token.client_id)
    assert collector.records()[0]["seq"] < 10


def test_what_does_not_arrive_is_told_with_the_problem_and_is_set_up(group, export, collector):
    collector.answer = 503
    made = export.ask("webhook", collector.url)
    assert made["enabled"] and made["delivery"]["state"] == "failing"
    assert made["delivery"]["problem"] == "the server answers 503"
    other = Collector()
    made = export.ask("webhook", other.url)
    assert made["delivery"]["state"] != "failing" and "problem" not in made["delivery"], "of the place before nothing is told"
    other.until_event("audit-export.update")
    other.close()


# for people

def test_people_are_told_in_words(group, quiet, collector):
    assert shown(group) == "audit records are sent nowhere; they stay in the trail\n"
    collector.answer = (400, {}, b"no \x1b[31m index")
    text = shown(group, "webhook", collector.url)
    assert text.startswith("set up, but records do not arrive: the server answers 400") and "sent again" in text
    assert "\x1b" not in text
    facts = dict(line.split("  ", 1) for line in shown(group).splitlines())
    assert {name: value.strip() for name, value in facts.items() if name in ("state", "endpoint", "with a token")} == {
        "state": "failing", "endpoint": collector.url, "with a token": "no"}
    assert "400" in facts["problem"] and facts["last failure"].strip() and int(facts["behind"]) > 0
    collector.answer = 200
    assert shown(group, "webhook", collector.url) == "set up, and records arrive\n"
    until("that all has arrived", lambda: "current" in shown(group))
    facts = dict(line.split("  ", 1) for line in shown(group).splitlines())
    assert [*facts] == ["destination", "endpoint", "with a token", "state", "arrived up to", "behind", "sent since start",
                        "last success", "last failure", "set up", "by", "by the operator"]
    assert shown(group, "end") == ""


class StandIn(http.server.BaseHTTPRequestHandler):
    """A daemon that takes everything and then answers what its server was told."""

    def do_GET(self):
        own = "currentOrg" in self.path
        self.server.asked += not own
        status, body = (200, {"id": "4c0a5fd0-1c1a-4c2e-9d7e-0e8a0d3d7f10"}) if own else self.server.state
        self.answer(status, json.dumps(body).encode())

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(202, b"")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


@contextlib.contextmanager
def stand_in(status, body):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    server.state, server.asked = (status, body), 0
    server.words = ["audit", "export", "webhook", "https://c.example.org/", "--url", "http://127.0.0.1:%d" % server.server_port]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def any_token(monkeypatch):
    monkeypatch.setenv("LATCHKEY_TOKEN", "any")


def test_the_wait_has_an_end(binary, any_token):
    """What arrived or failed, did so a moment before it was set up."""
    before = {"lastSuccess": "2026-01-31T12:00:00.122Z", "lastFailure": "2026-01-31T12:00:00.122Z"}
    state = dict(NOWHERE, enabled=True, updatedOn="2026-01-31T12:00:00.123Z", destination="webhook")
    cases = [(dict(state, delivery=dict(before, state="delivering", behind=3)), "set up; there is no answer within 10 s"),
             (dict(state, delivery=dict(before, state="failing", behind=3)), "set up; there is no answer within 10 s"),
             (dict(state, delivery=dict(before, state="current", behind=0)), "set up; there was nothing to send within 10 s"),
             (state, "set up; there was nothing to send within 10 s")]

    def wait(case):
        with stand_in(200, case[0]) as server:
            code, shown, error = shown_by(binary, *server.words)
        assert (code, error) == (DONE, "") and shown.startswith(case[1]), shown
        assert server.asked > 1
    with concurrent.futures.ThreadPoolExecutor(len(cases)) as all_at_once:
        list(all_at_once.map(wait, cases))


def test_one_that_somebody_ended_is_not_waited_for(binary, any_token):
    with stand_in(200, NOWHERE) as server:
        code, shown, error = shown_by(binary, *server.words)
    assert (code, error, server.asked) == (DONE, "", 1) and "sent nowhere" in shown


def test_that_it_is_set_up_is_said_when_nobody_says_how_it_stands(binary, any_token):
    with stand_in(503, {}) as server:
        done = subprocess.run([binary, *server.words], capture_output=True, text=True, timeout=60)
    refused(done, RETRY, "it is set up, but how it stands cannot be asked")


# whose

def test_everything_is_the_operator_s(group, quiet, collector):
    words = ["audit", "export", "webhook", collector.url, "--every-scope"]
    made = group.ask(*words)
    assert made["byOperator"] is True
    group.ask("token", "create", "--role", ADMINISTRATOR, "--org", "Other")
    collector.until_event("token.create")
    assert group.ask("audit", "export", "--org", "Acme") == NOWHERE
    refused(group.run(*words, "--org", "Acme"), USAGE, "leave out --org")
    done = subprocess.run([group.binary, *words, "--url", group.api], capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, LATCHKEY_TOKEN=group.administrator))
    refused(done, USAGE, "--data")
    assert group.ask("audit", "export", "end", "-S") is None
    assert group.ask("audit", "export", "-S") == NOWHERE


def test_of_an_enterprise_alone_nothing_is_sent(group, collector):
    refused(group.run("audit", "export", "webhook", collector.url, "--enterprise"), USAGE, "--every-scope")
    boss = group.ask("token", "create", "--enterprise", "--role", "Enterprise Administrator")["token"]
    for words in ([], ["webhook", collector.url], ["end"]):
        done = subprocess.run([group.binary, "audit", "export", *words, "--url", group.api], capture_output=True, text=True,
                              timeout=60, env=dict(os.environ, LATCHKEY_TOKEN=boss))
        refused(done, MISSING, "--every-scope")
    assert collector.requests == []


def test_what_the_operator_set_up_no_token_changes(group, export, collector):
    group.ask("audit", "export", "webhook", collector.url, "--org", "Acme")
    done = export("webhook", collector.url)
    if "--url" in done.args:
        refused(done, FORBIDDEN, "local operator")
        refused(export("end"), FORBIDDEN, "local operator")
    else:
        assert done.returncode == DONE


def test_it_takes_the_permission(group, collector):
    token = group.token_for(("org-read", "drn:astra:org:" + group.organization)).text
    for words in ([], ["webhook", collector.url], ["end"]):
        done = subprocess.run([group.binary, "audit", "export", *words, "--url", group.api], capture_output=True, text=True,
                              timeout=60, env=dict(os.environ, LATCHKEY_TOKEN=token))
        refused(done, FORBIDDEN, "org-audits-read")
    assert collector.requests == []


# slips

@pytest.mark.parametrize("words, code, says", [
    (["kafka", "https://c.example.org/"], USAGE, "webhook URL, splunk URL or end"),
    (["https://c.example.org/"], USAGE, "webhook URL"),
    (["webhook"], USAGE, "webhook URL"), (["splunk", "--collector-token-file", "TOKEN"], USAGE, "splunk URL"),
    (["splunk", "https://c.example.org/"], USAGE, "--collector-token-file"),
    (["webhook", "https://c.example.org/", "more"], USAGE, "more"), (["end", "webhook"], USAGE, "webhook"),
    (["webhook", "https://c.example.org/", "--after", "-1"], USAGE, "--after"),
    (["webhook", "https://c.example.org/", "--after", "many"], USAGE, "--after"),
    (["webhook", "https://c.example.org/", "--after", ""], USAGE, "--after"),
    (["webhook", "https://c.example.org/", "--after", "9" * 19], USAGE, "--after"),
    (["webhook", "https://c.example.org/", "--after", "9" * 18], INVALID, "newest record"),
    (["webhook", "https://c.example.org/", "--index", "x"], USAGE, "--index goes with audit export splunk"),
    (["--after", "0"], USAGE, "--after goes with"), (["end", "--collector-token-file", "TOKEN"], USAGE, "goes with"),
    (["webhook", "c.example.org"], INVALID, "https://"), (["webhook", ""], INVALID, "endpoint"),
    (["webhook", b"https://c.example.org/\xff"], INVALID, "UTF-8"),
    (["webhook", "https://c.example.org/", "--collector-token-file", "WIDE"], INVALID, "chmod 600"),
    (["webhook", "https://c.example.org/", "--collector-token-file", "EMPTY"], INVALID, "1 to 1024 bytes"),
    (["webhook", "https://c.example.org/", "--collector-token-file", "WORDS"], INVALID, "without spaces"),
    (["webhook", "https://c.example.org/", "--collector-token-file", "BYTES"], INVALID, "UTF-8"),
    (["webhook", "https://c.example.org/", "--collector-token-file", "-"], INVALID, "standard input"),
    (["webhook", "https://c.example.org/", "--collector-token-file", "/nowhere"], MISSING, "/nowhere"),
    (["pulsar", "pulsar://c.example.org"], INVALID, "Pulsar"),
], ids=str)
def test_a_slip_is_told_and_nothing_is_set_up(latchkey, tmp_path, words, code, says):
    for name, text, mode in (("TOKEN", b"x" * 20, 0o600), ("WIDE", b"x" * 20, 0o640), ("EMPTY", b"\n", 0o600),
                             ("WORDS", b"a token", 0o600), ("BYTES", b"\xff\xfe", 0o600)):
        (tmp_path / name).write_bytes(text)
        (tmp_path / name).chmod(mode)
    words = [str(tmp_path / w) if isinstance(w, str) and (tmp_path / w).is_file() else w for w in words]
    refused(latchkey.run("audit", "export", *words, stdin=""), code, says)
    assert latchkey.ask("audit", "export") == NOWHERE
