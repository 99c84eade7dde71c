"""Audit records sent on to a server: what arrives, that nothing is left out, who may say where to."""
import hashlib
import json
import os
import re
import subprocess

import pytest

import leaks
import unix_http
from collector import Collector
from facts import NOBODY, assert_refused
from latchkey import ADMINISTRATOR, Latchkey, until

SECRET = "the-collector's-own-token-4711"
EVERYTHING = "/v2/operator/audit/export"


@pytest.fixture
def collector():
    found = Collector()
    yield found
    found.close()


@pytest.fixture
def daemon(own_latchkey):
    own_latchkey.configure(audit_export_targets="127.0.0.0/8")
    own_latchkey.serve()
    yield own_latchkey


def path(daemon, organization=None):
    return "/v2/organizations/%s/telemetry/auditLogs" % (organization or daemon.organization)


def webhook(collector, **more):
    leaks.note(SECRET, "the collector's token")
    return {"webhook": {"endpoint": collector.url + "/audit", "token": SECRET}, **more}


def export(daemon, body, **more):
    answer = daemon.http("POST", path(daemon), body, **more)
    assert answer.status_code == 202, answer.text
    assert answer.content == b""


def state(daemon):
    return daemon.good("GET", path(daemon))


def until_state(daemon, wanted):
    return until("the state " + wanted, lambda: (s := state(daemon)).get("delivery", {}).get("state") == wanted and s)


def make(daemon):
    return daemon.make_token(daemon.make_role(["org-read"], [], name=None))


def trail(daemon):
    """Every line of it, as bytes, by its sequence."""
    folder = os.path.join(daemon.data, "audit")
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            found.update({json.loads(line)["seq"]: line for line in file if line.endswith(b"\n")})
    return found


# what arrives

def test_records_arrive_as_they_stand_in_the_trail_the_set_up_itself_first(daemon, collector):
    export(daemon, webhook(collector))
    token = make(daemon)
    collector.until_event("token.create", token.client_id)
    request = collector.requests[0]
    assert request.path == "/audit" and request.headers["Content-Type"] == "application/x-ndjson"
    assert request.headers["Authorization"] == "Bearer " + SECRET
    assert request.headers["User-Agent"].startswith("latchkey/")
    assert collector.records()[0]["event"]["name"] == "audit-export.update"
    stands = trail(daemon)
    for request in list(collector.requests):
        for line in request.body.splitlines(keepends=True):
            record = json.loads(line)
            assert line == stands[record["seq"]]
            assert hashlib.sha256(line[:line.rindex(b',"hash":')]).hexdigest() == record["hash"]
    daemon.stop()


def test_splunk_is_given_events_with_their_time_and_place(daemon, collector):
    export(daemon, {"splunk": {"endpoint": collector.url, "token": SECRET, "index": "se\"curity", "source": "shop"}})
    token = make(daemon)
    collector.until_event("token.create", token.client_id)
    request = collector.requests[0]
    assert request.path == "/services/collector/event"
    assert request.headers["Authorization"] == "Splunk " + SECRET
    for event in request.lines():
        assert (event["source"], event["sourcetype"], event["index"]) == ("shop", "_json", "se\"curity")
        assert abs(event["time"] - float(request.lines()[0]["time"])) < 3600
    assert state(daemon)["splunk"] == {"endpoint": collector.url, "hasToken": True, "index": "se\"curity", "source": "shop"}
    daemon.stop()


def test_it_is_shown_how_it_stands_and_the_token_never(daemon, collector):
    assert state(daemon) == {"enabled": False, "destination": "trail", "records": "/v2/audit"}
    export(daemon, webhook(collector))
    token = make(daemon)
    collector.until_event("token.create", token.client_id)
    shown = until_state(daemon, "current")
    assert shown["enabled"] is True and shown["destination"] == "webhook" and shown["byOperator"] is False
    assert shown["webhook"] == {"endpoint": collector.url + "/audit", "hasToken": True}
    assert shown["updatedBy"] == daemon.administrator.split(":")[1]
    assert shown["delivery"]["sent"] >= 2 and shown["delivery"]["behind"] == 0 and "lastSuccess" in shown["delivery"]
    assert SECRET not in daemon.http("GET", path(daemon)).text + json.dumps(daemon.good("GET", "/v2/audit"))
    metrics = daemon.http("GET", "/metrics").text
    assert "latchkey_audit_exports_failing 0" in metrics and "latchkey_audit_exported_total" in metrics
    daemon.stop()


# nothing is left out

def arrived(collector):
    return [r["seq"] for r in collector.records()]


def of_the_organization(daemon, since):
    """What the search says that there is, oldest first."""
    found, query = [], "/v2/audit?limit=1000"
    while query:
        answer = daemon.http("GET", query)
        found += [r["seq"] for r in answer.json()["records"]]
        query = answer.links["next"]["url"].removeprefix(daemon.api) if "next" in answer.links else None
    return sorted(seq for seq in found if seq >= since)


def test_what_does_not_arrive_is_sent_again_until_it_does(daemon, collector):
    export(daemon, webhook(collector))
    collector.until_event("audit-export.update")
    until_state(daemon, "current")
    collector.answer = (503, {"Retry-After": "1"}, b"busy")
    token = make(daemon)
    shown = until_state(daemon, "failing")
    assert shown["delivery"]["problem"] == "the server answers 503" and shown["delivery"]["behind"] > 0
    assert "latchkey_audit_exports_failing 1" in daemon.http("GET", "/metrics").text
    collector.requests.clear()
    collector.answer = 200
    collector.until_event("token.create", token.client_id)
    until_state(daemon, "current")
    assert "export_failing" in daemon.log() and "export_well" in daemon.log()
    daemon.stop()


def test_the_server_being_away_and_the_daemon_killed_lose_nothing(own_latchkey):
    daemon = own_latchkey
    daemon.configure(audit_export_targets="127.0.0.0/8", audit_file_bytes=65536)
    daemon.serve()
    first = Collector()
    export(daemon, webhook(first))
    begun = first.until_event("audit-export.update")["seq"]
    tokens = [make(daemon) for _ in range(100)]
    first.until_event("token.create", tokens[10].client_id)
    daemon.kill()
    seen = set(arrived(first))
    first.close()
    daemon.serve()
    tokens += [make(daemon) for _ in range(100)]
    until_state(daemon, "failing")
    second = Collector(port=first.port)
    second.until_event("token.create", tokens[-1].client_id)
    until_state(daemon, "current")
    wanted = of_the_organization(daemon, begun)
    seen |= set(arrived(second))
    assert [seq for seq in wanted if seq not in seen] == []
    assert len(os.listdir(os.path.join(daemon.data, "audit"))) > 1, "several files were gone through"
    assert arrived(second) == sorted(arrived(second)), "in order"
    daemon.stop()
    second.close()


def test_after_a_restart_it_goes_on_where_it_was(daemon, collector):
    export(daemon, webhook(collector))
    token = make(daemon)
    collector.until_event("token.create", token.client_id)
    until_state(daemon, "current")
    daemon.stop()
    before = arrived(collector)
    daemon.serve()
    token = make(daemon)
    collector.until_event("token.create", token.client_id)
    assert len(set(arrived(collector))) == len(arrived(collector)) > len(before), "nothing came twice"
    daemon.stop()


def test_a_new_token_goes_on_where_it_was_and_after_begins_anew(daemon, collector):
    export(daemon, webhook(collector))
    collector.until_event("audit-export.update")
    collector.answer = 401
    token = make(daemon)
    until_state(daemon, "failing")
    collector.requests.clear()
    collector.answer = 200
    renewed = webhook(collector)
    renewed["webhook"]["token"] = "another-token-of-the-collector"
    export(daemon, renewed)
    collector.until_event("token.create", token.client_id)
    assert collector.requests[0].headers["Authorization"] == "Bearer another-token-of-the-collector"
    until_state(daemon, "current")
    collector.requests.clear()
    export(daemon, webhook(collector, after=0))
    collector.until_event("token.create", token.client_id)
    until_state(daemon, "current")
    assert arrived(collector) == of_the_organization(daemon, 1)[:len(arrived(collector))]
    collector.requests.clear()
    export(daemon, {"webhook": {"endpoint": collector.url + "/elsewhere"}})
    until("a request there", lambda: [r for r in collector.requests if r.path == "/elsewhere"])
    assert "Authorization" not in collector.requests[-1].headers, "a token goes where it was given for, and nowhere else"
    daemon.stop()


def test_what_failed_at_one_place_is_not_told_of_the_next(daemon, collector):
    export(daemon, {"webhook": {"endpoint": "http://127.0.0.1:1/"}})
    until_state(daemon, "failing")
    export(daemon, webhook(collector))
    shown = until("how the second one stands", lambda: (s := state(daemon)).get("delivery") and s)
    assert shown["delivery"]["state"] != "failing" and "problem" not in shown["delivery"], shown
    collector.until_event("audit-export.update")
    until_state(daemon, "current")
    export(daemon, {"webhook": {"endpoint": "http://127.0.0.1:1/"}})
    until_state(daemon, "failing")
    said = re.findall(r"event=(export_\w+) endpoint=\"([^\"]+)", daemon.log())
    failing = ("export_failing", "http://127.0.0.1:1/")
    assert said == [failing, ("export_well", collector.url + "/audit"), failing], "well is what arrived, not what was set up"
    export(daemon, {"webhook": {"endpoint": "http://127.0.0.1:1/2"}})
    daemon.wait_log("export_failing endpoint=\"http://127.0.0.1:1/2\"")
    assert daemon.log().count("export_well") == 1
    daemon.stop()


def test_a_server_that_takes_less_at_once_is_given_less(daemon, collector):
    most = 3
    tokens = [make(daemon) for _ in range(20)]
    collector.answer = lambda request: 413 if len(request.lines()) > most else 200
    export(daemon, webhook(collector, after=0))
    until("all in small requests", lambda: tokens[-1].client_id in
          [r["event"].get("subject") for request in list(collector.requests) if len(request.lines()) <= most
           for r in request.lines()])
    until_state(daemon, "current")
    assert "export_failing" not in daemon.log(), "asking for less is no failure"
    taken = [request for request in collector.requests if len(request.lines()) <= most]
    assert len(collector.requests) < 2 * len(taken) + 10, "it is not tried with all of them again and again"
    collector.answer = 413
    make(daemon)
    assert until_state(daemon, "failing")["delivery"]["problem"] == "the server answers 413 to one record alone"
    daemon.stop()


def test_an_answer_counts_by_its_status_however_long_it_is(daemon, collector):
    collector.answer = (200, {}, b"y" * (1 << 20))
    export(daemon, webhook(collector))
    token = make(daemon)
    collector.until_event("token.create", token.client_id)
    until_state(daemon, "current")
    sent = [r["seq"] for r in collector.records()]
    assert sent == sorted(set(sent)) and "export_failing" not in daemon.log()
    collector.answer = (503, {}, b"n" * (1 << 20))
    make(daemon)
    assert until_state(daemon, "failing")["delivery"]["problem"] == "the server answers 503"
    collector.answer = 200
    until_state(daemon, "current")
    daemon.stop()


def test_what_a_server_says_stays_in_its_place_in_the_log(daemon, collector):
    collector.answer = (500, {}, b'no" level=error event=forged why="')
    unix_http.good(daemon, "POST", path(daemon), webhook(collector))
    assert "event=forged" in until_state(daemon, "failing")["delivery"]["problem"]
    line = next(l for l in daemon.log().splitlines() if "event=export_failing" in l)
    assert " endpoint=\"%s/audit\" organization=%s " % (collector.url, daemon.organization) in line
    assert line.endswith("why=\"the server answers 500: no' level=error event=forged why='\""), line
    collector.answer = 200
    unix_http.good(daemon, "DELETE", path(daemon))
    daemon.stop()


def test_after_its_end_nothing_is_sent(daemon, collector):
    export(daemon, webhook(collector))
    collector.until_event("audit-export.update")
    until_state(daemon, "current")
    assert daemon.http("DELETE", path(daemon)).status_code == 202
    assert state(daemon) == {"enabled": False, "destination": "trail", "records": "/v2/audit"}
    assert_refused(daemon.http("DELETE", path(daemon)), 404, "sent nowhere")
    other = Collector()
    export(daemon, webhook(other))
    token = make(daemon)
    other.until_event("token.create", token.client_id)
    assert "token.create" not in [r["event"]["name"] for r in collector.records()]
    events = [r["event"]["name"] for r in daemon.good("GET", "/v2/audit?event=audit-export.")["records"]]
    assert events == ["audit-export.update", "audit-export.delete", "audit-export.update"]
    daemon.stop()
    other.close()


# whose records

def test_an_organization_is_sent_its_own_and_the_operator_everything(binary, tmp_path, collector):
    daemon = Latchkey(binary, tmp_path / "latchkey")
    daemon.init("--enterprise", "Group")
    daemon.configure(audit_export_targets="127.0.0.0/8")
    daemon.serve()
    other = daemon.ask("org", "create", "Other", "--email", "eve@example.com")["OrganizationID"]
    everything = Collector()
    unix_http.good(daemon, "POST", EVERYTHING, {"webhook": {"endpoint": everything.url}})
    export(daemon, webhook(collector))
    unix_http.good(daemon, "POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, organization="Other")
    token = make(daemon)
    collector.until_event("token.create", token.client_id)
    everything.until_event("token.create", token.client_id)
    everything.until(lambda r: r["event"].get("scope") == other)
    assert not [r for r in collector.records() if other in json.dumps(r)]
    assert "Authorization" not in everything.requests[0].headers
    shown = unix_http.good(daemon, "GET", EVERYTHING)
    assert shown["byOperator"] is True and shown["webhook"] == {"endpoint": everything.url, "hasToken": False}
    assert daemon.http("GET", EVERYTHING).status_code == 404
    unix_http.good(daemon, "DELETE", EVERYTHING)
    daemon.stop()
    everything.close()


# who may, and where to

@pytest.mark.parametrize("body, words", [
    ({}, "one of \"webhook\" and \"splunk\""),
    ({"webhook": {"endpoint": "https://a"}, "splunk": {"endpoint": "https://a", "token": "t"}}, "one of"),
    ({"webhook": {}}, "endpoint"),
    ({"webhook": "https://a"}, "webhook"),
    ({"webhook": {"endpoint": "collector.example.org"}}, "https://"),
    ({"webhook": {"endpoint": "ftp://127.0.0.1/x"}}, "https://"),
    ({"webhook": {"endpoint": "file:///etc/passwd"}}, "https://"),
    ({"webhook": {"endpoint": "https://"}}, "https://"),
    ({"webhook": {"endpoint": "https://127.0.0.1:99999/"}}, "https://"),
    ({"webhook": {"endpoint": "https://name:secret@127.0.0.1/"}}, "\"token\""),
    ({"webhook": {"endpoint": "https://127.0.0.1/#part"}}, "fragment"),
    ({"webhook": {"endpoint": "https://127.0.0.1:65536/"}}, "65535"),
    ({"webhook": {"endpoint": "https://127.0.0.1/a b"}}, "spaces"),
    ({"webhook": {"endpoint": "https://127.0.0.1/\"level=error"}}, "quotation"),
    ({"webhook": {"endpoint": "https://127.0.0.1/\u00e4"}}, "ASCII"),
    ({"webhook": {"endpoint": "http://192.0.2.1/"}}, "in clear"),
    ({"webhook": {"endpoint": "http://localhost.example.org/"}}, "in clear"),
    ({"webhook": {"endpoint": "https://127.0.0.1/", "token": "two words"}}, "\"token\""),
    ({"webhook": {"endpoint": "https://127.0.0.1/", "token": "x" * 1025}}, "\"token\""),
    ({"webhook": {"endpoint": "https://127.0.0.1/" + "x" * 2048}}, "\"endpoint\""),
    ({"splunk": {"endpoint": "https://127.0.0.1/"}}, "\"token\""),
    ({"webhook": {"endpoint": "https://127.0.0.1/"}, "after": -1}, "\"after\""),
    ({"webhook": {"endpoint": "https://127.0.0.1/"}, "after": 1000000}, "newest record"),
])
def test_what_cannot_be_sent_to_is_told_at_its_field(latchkey, body, words):
    answer = unix_http.ask(latchkey, "POST", path(latchkey), body)
    assert answer[0] == 400 and words in answer[1]["errors"][0]["message"], answer
    assert state(latchkey)["enabled"] is False


def test_pulsar_is_refused_by_its_name(latchkey):
    body = {"pulsar": {"endpoint": "pulsar+ssl://h:6651", "topic": "persistent://a/b/c", "auth_strategy": "token", "token": "t"}}
    assert_refused(latchkey.http("POST", path(latchkey), body), 422, "Pulsar", "webhook")


def test_without_a_setting_only_the_operator_says_where_to(latchkey, collector):
    for endpoint in ("https://127.0.0.1/", "https://collector.example.org/"):
        assert_refused(latchkey.http("POST", path(latchkey), {"webhook": {"endpoint": endpoint}}), 403, "audit-export-targets")
    unix_http.good(latchkey, "POST", path(latchkey), webhook(collector))
    collector.until_event("audit-export.update")
    for method, body in (("POST", webhook(collector)), ("DELETE", None)):
        assert_refused(latchkey.http(method, path(latchkey), body), 403, "local operator")
    assert state(latchkey)["byOperator"] is True
    unix_http.good(latchkey, "DELETE", path(latchkey))


def test_an_address_is_judged_where_the_connection_goes(own_latchkey, collector):
    daemon = own_latchkey
    daemon.configure(audit_export_targets="192.0.2.0/24, 2001:db8::/32")
    daemon.serve()
    assert_refused(daemon.http("POST", path(daemon), webhook(collector)), 403, "audit-export-targets", "127.0.0.1")
    for name in ("http://localhost:%d/", "https://localhost:%d/"):
        export(daemon, {"webhook": {"endpoint": name % collector.port}})
        shown = until_state(daemon, "failing")
        assert "not sent to the address" in shown["delivery"]["problem"], shown
        assert "audit-export-targets" in shown["delivery"]["problem"]
        assert "127.0.0.1" not in shown["delivery"]["problem"] and "::1" not in shown["delivery"]["problem"]
        assert daemon.http("DELETE", path(daemon)).status_code == 202
    assert collector.requests == []
    daemon.stop()


def test_redirects_are_not_followed_and_an_answer_is_the_operator_s_alone(daemon, collector):
    other = Collector()
    collector.answer = (307, {"Location": other.url}, b"a secret page")
    export(daemon, webhook(collector))
    assert until_state(daemon, "failing")["delivery"]["problem"] == "the server answers 307 (redirects are not followed)"
    unix_http.good(daemon, "POST", path(daemon), webhook(collector))
    collector.answer = (400, {}, b"{\"text\":\"Incorrect index\"}\x1b")
    until("the server's words", lambda: (state(daemon).get("delivery", {}).get("problem") or "").startswith("the server answers 400: {\"text\":\"Incorrect index\"}"))
    assert other.requests == []
    daemon.stop()
    other.close()


def test_it_takes_the_permission_and_one_s_own_organization(daemon, collector):
    none = make(daemon).text
    reader = daemon.make_token(daemon.make_role(["org-audits-read"], ["drn:astra:org:" + daemon.organization])).text
    for method, body in (("GET", None), ("POST", webhook(collector)), ("DELETE", None)):
        assert_refused(daemon.http(method, path(daemon), body, token=none), 403, "org-audits-read")
        for other in (NOBODY, "x"):
            assert_refused(daemon.http(method, path(daemon, other), body, token=reader), 404)
    export(daemon, webhook(collector), token=reader)
    assert daemon.http("GET", path(daemon), token=reader).json()["enabled"] is True
    daemon.stop()


# TLS and the token at rest

def make_certificate(folder):
    paths = str(folder / "cert.pem"), str(folder / "key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-keyout", paths[1], "-out", paths[0], "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return paths


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("collector"))


def test_a_certificate_that_is_added_counts_without_a_restart(own_latchkey, certificate, tmp_path):
    daemon, trusted = own_latchkey, tmp_path / "trusted.pem"
    (tmp_path / "other").mkdir()
    other = make_certificate(tmp_path / "other")
    trusted.write_bytes(open(other[0], "rb").read())
    daemon.configure(audit_export_targets="127.0.0.0/8", audit_export_ca=str(trusted))
    daemon.serve()
    secure = Collector(certificate=certificate)
    export(daemon, webhook(secure))
    until_state(daemon, "failing")
    trusted.write_bytes(open(other[0], "rb").read() + open(certificate[0], "rb").read())
    secure.until_event("audit-export.update")
    daemon.stop()
    secure.close()


@pytest.mark.parametrize("known", [False, True])
def test_a_server_is_judged_by_its_certificate(own_latchkey, certificate, known):
    daemon = own_latchkey
    daemon.configure(audit_export_targets="127.0.0.0/8", **({"audit_export_ca": certificate[0]} if known else {}))
    daemon.serve()
    secure = Collector(certificate=certificate)
    export(daemon, webhook(secure))
    if known:
        secure.until_event("audit-export.update")
    else:
        problem = until_state(daemon, "failing")["delivery"]["problem"]
        assert "certificate" in problem and "audit-export-ca" in problem, problem
        assert secure.requests == []
    daemon.stop()
    secure.close()


def test_the_token_follows_the_newest_server_key(daemon, collector):
    export(daemon, webhook(collector))
    collector.until_event("audit-export.update")
    daemon.ask("key", "rotate")
    assert [key["exports"] for key in daemon.ask("key", "list")] == [0, 1]
    daemon.ask("key", "retire", "1", "--force")
    token = make_as_operator(daemon)
    collector.until_event("token.create", token)
    assert collector.requests[-1].headers["Authorization"] == "Bearer " + SECRET
    daemon.stop()


def make_as_operator(daemon):
    return unix_http.good(daemon, "POST", "/v2/tokens", {"roles": [ADMINISTRATOR]})["clientId"]


def test_the_operator_sees_all_exports_and_how_they_stand(daemon, collector):
    assert daemon.ask("status")["exports"] == []
    export(daemon, webhook(collector))
    unix_http.good(daemon, "POST", EVERYTHING, {"webhook": {"endpoint": collector.url}})
    until_state(daemon, "current")
    until("both are there", lambda: [e["state"] for e in daemon.ask("status")["exports"]] == ["current", "current"])
    collector.answer = 500
    make(daemon)
    shown = until("both fail", lambda: (e := daemon.ask("status")["exports"]) and all(one["state"] == "failing" for one in e) and e)
    assert {e["name"] for e in shown} == {"", "Acme"} and all(e["problem"].startswith("the server answers 500") for e in shown)
    assert state(daemon)["delivery"]["nextTry"] > state(daemon)["delivery"]["lastFailure"]
    daemon.stop()


def test_records_whose_files_are_gone_are_counted(own_latchkey, collector):
    daemon = own_latchkey
    daemon.configure(audit_file_bytes=65536, audit_export_targets="127.0.0.0/8")
    daemon.serve()
    for _ in range(150):
        make_as_operator(daemon)
    daemon.stop()
    first = sorted(os.listdir(os.path.join(daemon.data, "audit")))[:2]
    gone = int(first[1].removeprefix("audit-").removesuffix(".jsonl")) - 1
    os.unlink(os.path.join(daemon.data, "audit", first[0]))
    daemon.serve()
    export(daemon, webhook(collector, after=0))
    collector.until_event("audit-export.update")
    shown = until_state(daemon, "current")
    assert shown["delivery"]["missing"] == gone
    assert re.findall(r"export_gap .*records=(\d+) before=(\d+)", daemon.log()) == [(str(gone), str(gone + 1))]
    daemon.stop()


@pytest.fixture
def no_certificate(tmp_path):
    (tmp_path / "empty.pem").write_text("no certificate\n")
    return str(tmp_path / "empty.pem")


def test_a_file_without_certificates_is_told_at_the_start(own_latchkey, no_certificate):
    own_latchkey.configure(audit_export_ca=no_certificate)
    own_latchkey.serve(ready=False)
    assert own_latchkey.process.wait(60) != 0
    own_latchkey.ended()
    assert "holds no certificate" in own_latchkey.log()


@pytest.mark.parametrize("setting, words", [
    ({"audit_export_targets": "10.0.0.0/8, nonsense"}, "audit-export-targets: \"nonsense\""),
    ({"audit_export_ca": "/no/such/file.pem"}, "audit-export-ca: /no/such/file.pem"),
])
def test_a_setting_that_cannot_be_is_told_at_the_start(own_latchkey, setting, words):
    own_latchkey.configure(**setting)
    own_latchkey.serve(ready=False)
    assert own_latchkey.process.wait(60) != 0
    own_latchkey.ended()
    assert words in own_latchkey.log()


def test_many_records_arrive_in_few_requests(daemon, collector):
    tokens = [make_as_operator(daemon) for _ in range(3000)]
    export(daemon, webhook(collector, after=0))
    collector.until_event("token.create", tokens[-1])
    assert len(collector.requests) < 20
    assert arrived(collector) == of_the_organization(daemon, 1)[:len(arrived(collector))]
    daemon.stop()
