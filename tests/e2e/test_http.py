"""The DevOps API as its real clients need it: shapes, codes, types, in the places where one of them would break."""
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import uuid

import pytest
import requests

from latchkey import ADMINISTRATOR

TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$")
NOBODY = "00000000-0000-4000-8000-000000000000"


def policy(actions=("org-read",), resources=(), effect="allow"):
    return {"description": "of a test", "effect": effect, "actions": list(actions), "resources": list(resources)}


@pytest.fixture(scope="module")
def org(latchkey):
    return "drn:astra:org:" + latchkey.organization


@pytest.fixture(scope="module")
def nobody(latchkey, org):
    """A token that may do nothing here."""
    return latchkey.make_token(latchkey.make_role(["db-cql"], [org + ":db:*"])).text


def errors(answer):
    found = json.loads(answer.text)["errors"]
    assert found and all(isinstance(e["ID"], int) and isinstance(e["message"], str) for e in found)
    return found


# currentOrg and who may ask

def test_current_org_has_the_key_id_exactly(latchkey):
    answer = latchkey.http("GET", "/v2/currentOrg")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("application/json")
    assert answer.json()["id"] == latchkey.organization


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic eDp5", "Bearer x", "AstraCS:x",
                                    "Bearer AstraCS:%s:%s" % ("x" * 24, "0" * 64)])
def test_without_a_good_token_everything_is_401_with_a_json_object(latchkey, header):
    for path in ("/v2/currentOrg", "/v2/tokens", "/v2/organizations/roles", "/v2/databases"):
        answer = latchkey.http("GET", path, headers={"Authorization": header})
        assert answer.status_code == 401, path
        assert answer.headers["Content-Type"].startswith("application/json")
        errors(answer)


def test_a_token_in_the_query_string_is_not_taken(latchkey):
    answer = latchkey.http("GET", "/v2/currentOrg?token=" + latchkey.administrator, headers={"Authorization": ""})
    assert answer.status_code in (400, 401)


def test_an_unknown_path_is_404_with_the_usual_object(latchkey):
    answer = latchkey.http("GET", "/v2/nowhere")
    assert answer.status_code == 404
    errors(answer)


@pytest.mark.parametrize("method,path", [("PUT", "/v2/tokens"), ("DELETE", "/v2/currentOrg"), ("POST", "/v2/currentOrg")])
def test_a_wrong_method_is_405_or_404(latchkey, method, path):
    assert latchkey.http(method, path).status_code in (404, 405)


# tokens

@pytest.mark.parametrize("path", ["/v2/tokens", "/v2/clientIdSecrets"])
def test_a_token_is_made_with_all_that_clients_read(latchkey, path):
    answer = latchkey.http("POST", path, {"roles": [ADMINISTRATOR], "description": "made", "unknownField": 1,
                                          "orgId": latchkey.organization})
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("application/json")
    made = answer.json()
    assert re.fullmatch("[A-Za-z]{24}", made["clientId"]) and len(made["secret"]) == 128
    assert made["token"] == "AstraCS:%s:%s" % (made["clientId"], hashlib.sha256(made["secret"].encode()).hexdigest())
    assert made["roles"] == [ADMINISTRATOR] and made["orgId"] == latchkey.organization
    assert TIME.match(made["generatedOn"]) and made["description"] == "made"
    assert answer.headers.get("Cache-Control") == "no-store"


def test_the_last_four_letters_of_a_client_id_are_the_checksum_of_the_others(latchkey):
    import zlib
    identity = latchkey.make_token(ADMINISTRATOR).client_id
    value, digits = zlib.crc32(identity[:20].encode()) % 52 ** 4, ""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    for _ in range(4):
        value, digit = divmod(value, 52)
        digits = letters[digit] + digits
    assert identity[20:] == digits


@pytest.mark.parametrize("path", ["/v2/tokens", "/v2/clientIdSecrets"])
def test_the_list_shows_tokens_without_secrets(latchkey, path):
    token = latchkey.make_token(ADMINISTRATOR, description="listed")
    answer = latchkey.http("GET", path)
    assert answer.status_code == 200
    assert token.secret not in answer.text and token.text not in answer.text
    found = [c for c in answer.json()["clients"] if c["clientId"] == token.client_id][0]
    assert found["roles"] == [ADMINISTRATOR] and found["description"] == "listed"
    assert TIME.match(found["generatedOn"]) and found.get("tokenExpiry") in (None, "", "0001-01-01T00:00:00Z")
    assert found["status"] == "active" and found["effectiveExpiry"] is None


@pytest.mark.parametrize("path", ["/v2/tokens/", "/v2/clientIdSecrets/", "/v2/clientIdSecret/"])
def test_delete_answers_204_without_type_and_body_and_again(latchkey, path):
    token = latchkey.make_token(ADMINISTRATOR)
    for _ in range(2):
        answer = latchkey.http("DELETE", path + token.client_id)
        assert answer.status_code == 204 and answer.content == b"" and "Content-Type" not in answer.headers
    assert latchkey.http("GET", "/v2/currentOrg", token=token.text).status_code == 401


def test_deleting_a_token_that_never_was_is_404(latchkey):
    answer = latchkey.http("DELETE", "/v2/tokens/" + "x" * 24)
    assert answer.status_code == 404
    errors(answer)


@pytest.mark.parametrize("given,kept", [
    ("2126-01-01T00:00:00Z", "2126-01-01T00:00:00"), ("2126-01-01T00:00:00.123Z", "2126-01-01T00:00:00.123"),
    ("2126-01-01T00:00:00.123456789Z", "2126-01-01T00:00:00.123456789"), ("2126-01-01T02:00:00+02:00", "2126-01-01T00:00:00")])
def test_an_expiry_keeps_its_fraction_and_is_answered_in_utc(latchkey, given, kept):
    made = latchkey.make_token(ADMINISTRATOR, tokenExpiry=given).made
    assert made["tokenExpiry"].rstrip("Z").rstrip("0").rstrip(".") == kept.rstrip("0").rstrip(".") or \
        made["tokenExpiry"].startswith(kept)


@pytest.mark.parametrize("absent", [None, "", "0001-01-01T00:00:00Z"])
def test_an_absent_expiry_is_never(latchkey, absent):
    made = latchkey.make_token(ADMINISTRATOR, tokenExpiry=absent).made
    assert made.get("tokenExpiry") in (None, "", "0001-01-01T00:00:00Z")


@pytest.mark.parametrize("body", [
    {}, {"roles": []}, {"roles": None}, {"roles": "x"}, {"roles": [1]}, {"roles": ["Organization Administrator"]},
    {"roles": [NOBODY]}, {"roles": [ADMINISTRATOR], "tokenExpiry": "tomorrow"},
    {"roles": [ADMINISTRATOR], "tokenExpiry": "2020-01-01T00:00:00Z"}, {"roles": [ADMINISTRATOR], "tokenExpiry": 17},
    {"roles": [ADMINISTRATOR], "description": "x" * 1025}, {"roles": [ADMINISTRATOR], "description": "a\u202eb"},
    {"roles": [ADMINISTRATOR] + [str(uuid.uuid4()) for _ in range(65)]}, [], "x", 7])
def test_a_bad_body_is_400_and_makes_nothing(latchkey, body):
    before = len(latchkey.good("GET", "/v2/tokens")["clients"])
    answer = latchkey.http("POST", "/v2/tokens", body)
    assert answer.status_code == 400, answer.text
    errors(answer)
    assert len(latchkey.good("GET", "/v2/tokens")["clients"]) == before


@pytest.mark.parametrize("text", ["{", "", "{\"roles\": [\"%s\"], \"roles\": []}" % ADMINISTRATOR, "\xff", "nul", "{}{}"])
def test_a_body_that_is_not_one_json_object_is_400(latchkey, text):
    answer = latchkey.http("POST", "/v2/tokens", None, data=text.encode("latin-1"), headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text


def test_an_unknown_role_is_named_in_the_refusal(latchkey):
    assert NOBODY in latchkey.http("POST", "/v2/tokens", {"roles": [NOBODY]}).text


def test_another_organization_as_org_id_is_refused(latchkey):
    assert latchkey.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "orgId": NOBODY}).status_code == 403


def test_role_ids_are_taken_in_any_case_and_answered_in_lower_case(latchkey):
    made = latchkey.good("POST", "/v2/tokens", {"roles": [ADMINISTRATOR.upper()]})
    assert made["roles"] == [ADMINISTRATOR]
    assert latchkey.good("GET", "/v2/organizations/roles/" + ADMINISTRATOR.upper())["id"] == ADMINISTRATOR


def test_who_may_not_write_tokens_gets_403_that_names_the_permission(latchkey, nobody):
    answer = latchkey.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, token=nobody)
    assert answer.status_code == 403 and "org-token-write" in answer.text
    assert latchkey.http("GET", "/v2/tokens", token=nobody).status_code == 403


def test_nobody_hands_out_what_they_do_not_hold(latchkey, org):
    minter = latchkey.make_token(latchkey.make_role(["org-token-write"], [org])).text
    answer = latchkey.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, token=minter)
    assert answer.status_code == 403
    own = latchkey.make_role(["org-token-write"], [org])
    assert latchkey.http("POST", "/v2/tokens", {"roles": [own]}, token=minter).status_code == 200


# roles

def test_the_role_list_is_an_array_of_the_built_in_and_the_custom_ones(latchkey):
    roles = latchkey.good("GET", "/v2/organizations/roles")
    assert isinstance(roles, list) and len(roles) >= 16
    administrator = [r for r in roles if r["id"] == ADMINISTRATOR][0]
    assert administrator["name"] == "Organization Administrator"
    assert administrator["policy"]["effect"] == "allow" and "db-cql" in administrator["policy"]["actions"]
    for role in roles:
        assert isinstance(role["policy"], dict) and "last_update_date_time" in role
        if "last_update_datetime" in role:
            assert TIME.match(role["last_update_datetime"])


def test_a_role_is_made_read_changed_and_deleted(latchkey, org):
    answer = latchkey.http("POST", "/v2/organizations/roles",
                           {"name": "R/W Test", "policy": policy(["org-user-read", "org-read"], [org + ":db:*", org])})
    assert answer.status_code == 201 and answer.headers["Content-Type"].startswith("application/json")
    role = answer.json()
    assert role["name"] == "R/W Test" and role["policy"]["actions"] == ["org-user-read", "org-read"]
    assert role["policy"]["resources"] == [org + ":db:*", org]
    path = "/v2/organizations/roles/" + role["id"]
    assert latchkey.good("GET", path)["policy"] == role["policy"]
    assert latchkey.http("PUT", path, {"name": "Renamed", "policy": policy([], [])}).status_code == 200
    assert latchkey.good("GET", path)["name"] == "Renamed"
    assert latchkey.http("DELETE", path).status_code == 204
    assert latchkey.http("GET", path).status_code == 404


@pytest.mark.parametrize("name", ["Taken", "taken", " Taken ", "organization administrator"])
def test_a_role_name_that_is_taken_is_409(latchkey, name):
    latchkey.http("POST", "/v2/organizations/roles", {"name": "Taken", "policy": policy()})
    answer = latchkey.http("POST", "/v2/organizations/roles", {"name": name, "policy": policy()})
    assert answer.status_code == 409
    assert answer.headers["Content-Type"].startswith("text/plain")
    errors(answer)


@pytest.mark.parametrize("change", [
    {"name": ""}, {"name": None}, {"name": "x" * 129}, {"name": "a\nb"}, {"policy": None}, {"policy": "x"}, {"policy": []},
    {"policy": {"actions": ["no-such-action"], "resources": [], "effect": "allow", "description": ""}},
    {"policy": {"actions": ["org-read"], "resources": ["nonsense"], "effect": "allow", "description": ""}},
    {"policy": {"actions": ["org-read"], "resources": [], "effect": "maybe", "description": ""}},
    {"policy": {"actions": ["enterprise-read"], "resources": [], "effect": "allow", "description": ""}},
    {"policy": {"actions": ["db-cql"], "resources": [], "effect": "deny", "description": ""}}])
def test_a_bad_role_is_400_as_text_with_the_object(latchkey, change):
    answer = latchkey.http("POST", "/v2/organizations/roles", {"name": "Bad", "policy": policy(), **change})
    assert answer.status_code == 400, answer.text
    assert answer.headers["Content-Type"].startswith("text/plain")
    errors(answer)


def test_unknown_actions_are_listed_in_the_refusal(latchkey):
    answer = latchkey.http("POST", "/v2/organizations/roles", {"name": "Bad", "policy": policy(["org-read", "wrong-one", "wrong-two"])})
    assert "wrong-one" in answer.text and "wrong-two" in answer.text and "org-read" not in answer.text


@pytest.mark.parametrize("method,path,code", [
    ("GET", "/v2/organizations/roles/" + NOBODY, 404), ("GET", "/v2/organizations/roles/", 404),
    ("DELETE", "/v2/organizations/roles/" + NOBODY, 404), ("GET", "/v2/organizations/roles/x", 404)])
def test_role_errors_are_text_for_the_whole_prefix(latchkey, method, path, code):
    answer = latchkey.http(method, path)
    assert answer.status_code in (code, 400) and answer.headers["Content-Type"].startswith("text/plain")
    errors(answer)


def test_the_list_s_403_is_a_json_object_and_the_others_are_text(latchkey, nobody):
    answer = latchkey.http("GET", "/v2/organizations/roles", token=nobody)
    assert answer.status_code == 403 and answer.headers["Content-Type"].startswith("application/json")
    answer = latchkey.http("POST", "/v2/organizations/roles", {"name": "x", "policy": policy()}, token=nobody)
    assert answer.status_code == 403 and answer.headers["Content-Type"].startswith("text/plain")


def test_built_in_roles_cannot_be_changed_or_deleted(latchkey):
    path = "/v2/organizations/roles/" + ADMINISTRATOR
    assert latchkey.http("DELETE", path).status_code == 403
    assert latchkey.http("PUT", path, {"name": "Mine", "policy": policy()}).status_code == 403


def test_a_deny_role_in_use_is_not_deleted(latchkey, org):
    role = latchkey.make_role(["db-cql"], [org + ":db:*"], effect="deny", name="In use")
    token = latchkey.make_token(role, ADMINISTRATOR)
    assert latchkey.http("DELETE", "/v2/organizations/roles/" + role).status_code == 409
    latchkey.delete_token(token)
    assert latchkey.http("DELETE", "/v2/organizations/roles/" + role).status_code == 204


# databases

def test_the_database_object_has_what_clients_panic_without(latchkey, database):
    listed = [d for d in latchkey.good("GET", "/v2/databases?include=non_terminated&provider=all&limit=1000") if d["id"] == database.id]
    one = latchkey.good("GET", "/v2/databases/" + database.id)
    for found in (listed[0], one):
        assert found["status"] == "ACTIVE" and found["orgId"] == latchkey.organization
        assert found["info"]["name"] == "main" and found["info"]["cloudProvider"] in ("AWS", "GCP", "AZURE")
        assert found["info"]["datacenters"][0]["id"] and isinstance(found["storage"], dict)
        assert isinstance(found["info"]["keyspaces"], list) and isinstance(found["info"]["additionalKeyspaces"], list)


def test_an_absent_database_is_404_for_who_may_look_and_401_for_who_may_not(latchkey, nobody):
    assert latchkey.http("GET", "/v2/databases/" + NOBODY).status_code == 404
    answer = latchkey.http("GET", "/v2/databases/" + NOBODY, token=nobody)
    assert answer.status_code == 401 and "org-db-view" in answer.text


def test_registering_in_the_hosted_service_s_shape_is_422(latchkey):
    answer = latchkey.http("POST", "/v2/databases", {"name": "x", "cloudProvider": "GCP", "tier": "serverless",
                                                     "capacityUnits": 1, "region": "us-east1"})
    assert answer.status_code == 422 and "contactPoints" in answer.text


def test_the_database_token_opens_the_database_and_no_organization_action(latchkey, database, door):
    answer = latchkey.http("POST", "/v2/databases/%s/token" % database.id)
    assert answer.status_code == 200, answer.text
    made = answer.json()
    door.raw(made["token"]).query("SELECT * FROM shop.orders")
    assert latchkey.http("GET", "/v2/tokens", token=made["token"]).status_code == 403
    again = latchkey.good("POST", "/v2/databases/%s/token" % database.id)
    assert again["roles"] == made["roles"] and again["clientId"] != made["clientId"]


# HTTP itself

def send(latchkey, words):
    port = int(latchkey.api.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), 20) as client:
        client.sendall(words)
        answer = b""
        while True:
            part = client.recv(65536)
            if not part:
                return answer
            answer += part


def test_expect_100_continue_is_answered_at_once(latchkey):
    port = int(latchkey.api.rsplit(":", 1)[1])
    body = json.dumps({"roles": [ADMINISTRATOR]}).encode()
    with socket.create_connection(("127.0.0.1", port), 20) as client:
        client.sendall(b"POST /v2/tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
                       b"Expect: 100-Continue\r\nContent-Length: %d\r\n\r\n" % (latchkey.administrator.encode(), len(body)))
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
        client.sendall(body)
        assert client.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("method,path,code", [("GET", "/v2/currentOrg", 200), ("DELETE", "/v2/tokens/" + "x" * 24, 404)])
def test_a_body_of_null_on_get_and_delete_is_read_and_dropped(latchkey, method, path, code):
    for _ in range(2):
        answer = latchkey.http(method, path, data=b"null", headers={"Content-Type": "application/json"})
        assert answer.status_code == code


def test_two_requests_on_one_connection_stay_apart(latchkey):
    one = (b"GET /v2/currentOrg HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: 4\r\n"
           b"Content-Type: application/json\r\n\r\nnull" % latchkey.administrator.encode())
    last = one.replace(b"Content-Length", b"Connection: close\r\nContent-Length")
    answer = send(latchkey, one + last)
    assert answer.count(b"HTTP/1.1 200 ") == 2, answer


def test_readiness_liveness_and_metrics_are_there(latchkey, database):
    assert latchkey.http("GET", "/livez", headers={"Authorization": ""}).status_code == 200
    assert latchkey.http("GET", "/readyz", headers={"Authorization": ""}).status_code == 200
    answer = latchkey.http("GET", "/metrics")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain")
    assert "# TYPE latchkey_" in answer.text
    for line in answer.text.splitlines():
        assert line.startswith("#") or re.match(r'^[a-z_]+(\{[^}]*\})? [0-9.e+-]+$', line), line


def test_explain_of_a_statement_says_when_the_token_could_not_even_log_in(latchkey, database, door):
    token = latchkey.token_for(("db-table-select", database.drn("shop", "orders")))
    answer = latchkey.good("POST", "/v2/explain", {"tokenId": token.client_id, "databaseId": database.id,
                                                   "cql": "SELECT * FROM shop.orders"})
    assert answer["allow"] is False and "db-cql" in answer["text"], answer
    assert [need["allow"] for need in answer["needs"]] == [False, True]


def test_explain_gives_the_verdict_and_the_rule(latchkey, database, orders_only):
    answer = latchkey.good("POST", "/v2/explain", {"tokenId": orders_only.client_id, "action": "db-table-select",
                                                   "resource": database.drn("shop", "orders")})
    assert answer["allow"] is True or answer.get("verdict") == "allow", answer
    answer = latchkey.good("POST", "/v2/explain", {"tokenId": orders_only.client_id, "action": "db-table-select",
                                                   "resource": database.drn("shop", "customers")})
    assert answer.get("allow") is False or answer.get("verdict") == "deny", answer


def test_a_request_id_comes_back(latchkey):
    answer = latchkey.http("GET", "/v2/currentOrg", headers={"X-Request-Id": "abc.1"})
    assert answer.headers.get("X-Request-Id") == "abc.1"


# TLS

@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")], check=True, capture_output=True)
    return folder


def test_the_api_speaks_tls_where_a_certificate_is_given(own_latchkey, certificate):
    own_latchkey.serve("--http-tls-cert", str(certificate / "cert.pem"), "--http-tls-key", str(certificate / "key.pem"))
    secure = own_latchkey.api.replace("http://", "https://")
    headers = {"Authorization": "Bearer " + own_latchkey.administrator}
    answer = requests.get(secure + "/v2/currentOrg", headers=headers, verify=str(certificate / "cert.pem"), timeout=20)
    assert answer.status_code == 200 and answer.json()["id"] == own_latchkey.organization
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(own_latchkey.api + "/v2/currentOrg", headers=headers, timeout=20)
    own_latchkey.stop()


def test_a_key_that_others_may_read_is_refused_at_start_and_at_reload(own_latchkey, certificate, tmp_path):
    words = ["--http-tls-cert", str(certificate / "cert.pem"), "--http-tls-key", str(tmp_path / "key.pem")]
    shutil.copy(certificate / "key.pem", tmp_path / "key.pem")
    os.chmod(tmp_path / "key.pem", 0o640)
    own_latchkey.serve(*words, ready=False)
    assert own_latchkey.process.wait(30) != 0
    assert "chmod 600 %s" % (tmp_path / "key.pem") in own_latchkey.log()
    own_latchkey.process = None
    checked = tmp_path / "latchkey.conf"
    checked.write_text("http-tls-cert = %s\nhttp-tls-key = %s\n" % (certificate / "cert.pem", tmp_path / "key.pem"))
    refused = own_latchkey.run("config", "check", str(checked), data=False)
    assert refused.returncode != 0 and "chmod 600" in refused.stderr, refused
    os.chmod(tmp_path / "key.pem", 0o600)
    assert own_latchkey.run("config", "check", str(checked), data=False).returncode == 0
    own_latchkey.serve(*words)
    os.chmod(tmp_path / "key.pem", 0o604)
    own_latchkey.process.send_signal(signal.SIGHUP)
    own_latchkey.wait_log("reload outcome=failed.*chmod 600")
    own_latchkey.stop()


def test_a_certificate_without_its_key_is_refused_at_start(own_latchkey, certificate):
    own_latchkey.serve("--http-tls-cert", str(certificate / "cert.pem"), ready=False)
    assert own_latchkey.process.wait(30) != 0
    own_latchkey.process = None


def test_one_token_that_asks_too_much_is_told_429_and_others_are_not(own_latchkey):
    own_latchkey.configure(rate_limit=5, rate_burst=20)
    own_latchkey.serve()
    other = own_latchkey.make_token(ADMINISTRATOR)
    codes = [own_latchkey.http("GET", "/v2/currentOrg").status_code for _ in range(60)]
    assert codes[0] == 200 and 429 in codes
    assert own_latchkey.http("GET", "/v2/currentOrg", token=other.text).status_code == 200
