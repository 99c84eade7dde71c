"""Questions about tokens: token/authorize, introspection and forward-auth, as a table of who may hear what."""
import base64
import json
import socket
import time

import pytest
import requests

from latchkey import until

FORGED = "AstraCS:" + "x" * 24 + ":" + "0" * 64
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def shared(binary, tmp_path_factory):
    """A daemon with an enterprise whose proxy we are."""
    from conftest import Rig, RecordingNode, make_schema
    node = RecordingNode(make_schema())
    rig = Rig(binary, str(tmp_path_factory.mktemp("questions")), node, {
        "trusted-proxies": "127.0.0.1/32", "question-limit": 1000000, "question-burst": 1000000,
        "forward-auth-action": "X-Ask-Action", "forward-auth-resource": "X-Ask-Resource"})
    yield rig
    rig.close()
    node.close()


@pytest.fixture
def org(rig):
    return "drn:astra:org:" + rig.latchkey.organization


@pytest.fixture
def asker(rig, org):
    """Whoever protects something: may know of tokens, and nothing else."""
    return rig.latchkey.make_token(rig.latchkey.make_role(["org-token-read"], [org]))


def ended(rig):
    token = rig.reader()
    rig.latchkey.delete_token(token)
    return token.text


def authorize(rig, token, body, **headers):
    headers = {"Authorization": "Bearer " + token} if token else headers
    return requests.post(rig.latchkey.api + "/v2/token/authorize", json=body, headers=headers, timeout=30)


def introspect(rig, token, body, **headers):
    headers = {"Content-Type": FORM, **({"Authorization": "Bearer " + token} if token else {}), **headers}
    return requests.post(rig.latchkey.api + "/oauth2/introspect", data=body, headers=headers, timeout=30)


def forward(rig, token=None, action="db-table-select", resource=None, method="GET", query=None, **headers):
    if token:
        headers["Authorization"] = "Bearer " + token
    if query is None:
        query = {"action": action, "resource": resource or rig.database.drn("shop", "orders")}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.request(method, rig.latchkey.api + "/v2/forward-auth", params=query, headers=headers, timeout=30)


def basic(token):
    return "Basic " + base64.b64encode(("%s:%s" % (token.client_id, token.secret)).encode()).decode()


# token/authorize

def test_authorize_decides_as_the_token_would_be_decided(rig, asker, org):
    reader = rig.reader()
    own = "drn:astra:org:*:db:%s" % rig.database.id
    orders, secrets = own + ":keyspace:shop:table:orders", own + ":keyspace:vault:table:secrets"
    table = [
        (["db-table-select"], [orders], True),
        (["db-table-select"], [rig.database.drn("shop", "orders")], True),
        (["db-table-select"], ["drn:astra:org:__ORG_ID__:db:%s:keyspace:shop:table:orders" % rig.database.id], True),
        (["db-table-select"], [secrets], False),
        (["db-table-select"], [orders, secrets], False),
        (["db-table-modify"], [orders], False),
        (["db-table-select", "db-table-modify"], [orders], False),
        (["db-table-select", "db-cql"], [orders, own], True),
        (["db-table-select", "db-cql"], [orders], False),        # no resource of db-cql's level
        (["db-cql"], [own, org], True),                          # the organization is of another level
        (["org-read"], [org], False),
        (["db-table-select"], [own + ":keyspace:shop:table:*"], False),
        (["db-table-select"], ["drn:astra:org:11111111-2222-4333-8444-555555555555:db:%s:keyspace:shop:table:orders"
                               % rig.database.id], False),
        (["no-such-action"], [orders], False),
        (["enterprise-read"], ["drn:astra:enterprise:*"], False),
    ]
    for actions, resources, want in table:
        answer = authorize(rig, asker.text, {"token": reader.text, "actions": actions, "resources": resources})
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"allow": want, "org_id": rig.latchkey.organization}, (actions, resources)
        assert answer.headers["Cache-Control"] == "no-store"


def test_authorize_tells_nothing_of_what_is_not_here(rig, asker):
    question = {"actions": ["db-cql"], "resources": [rig.database.drn()]}
    for token in (FORGED, ended(rig), "x", "AstraCS:", rig.reader().text[:-1] + "g"):
        assert authorize(rig, asker.text, {"token": token, **question}).json() == {"allow": False, "org_id": ""}


def test_authorize_who_may_ask(rig, asker):
    reader, other = rig.reader(), rig.writer()
    question = {"actions": ["db-cql"], "resources": [rig.database.drn()]}
    yes = {"allow": True, "org_id": rig.latchkey.organization}
    assert authorize(rig, reader.text, {"token": reader.text, **question}).json() == yes
    assert authorize(rig, reader.text, question).json() == yes
    for token in (other.text, FORGED):
        assert authorize(rig, reader.text, {"token": token, **question}).status_code == 403
    assert authorize(rig, None, question).status_code == 401
    assert authorize(rig, FORGED, question).status_code == 401
    assert authorize(rig, None, {"token": reader.text, **question}, Authorization=basic(asker)).json() == yes
    assert authorize(rig, None, question, Cookie="session=x; __Host-session=y").status_code == 401
    wrong = basic(asker)[:-4] + "AAAA"
    assert authorize(rig, None, question, Authorization=wrong).status_code == 401


@pytest.mark.parametrize("change", [
    {"actions": []}, {"resources": []}, {"actions": None}, {"resources": None}, {"actions": "db-cql"}, {"resources": ["x"]},
    {"resources": ["drn:astra:org:*:db:x"]}, {"resources": [7]}, {"actions": [7]}, {"resources": ["drn:astra:org:*x"]},
    {"token": 7}, {"token": "x" * 600}, {"actions": ["db-cql"] * 300}, {"resources": ["drn:astra:org:*:db:*"] * 65}])
def test_authorize_what_is_no_question(rig, asker, change):
    question = {"token": rig.reader().text, "actions": ["db-cql"], "resources": [rig.database.drn()], **change}
    assert authorize(rig, asker.text, question).status_code == 400


def test_authorize_takes_get_for_no_question(rig, asker):
    assert rig.latchkey.http("GET", "/v2/token/authorize", token=asker.text).status_code == 405


# introspection

def test_introspection_of_a_good_token(rig, asker):
    reader = rig.token(("db-table-select", "shop", "orders"), tokenExpiry="2031-01-31T12:00:00Z")
    answer = introspect(rig, asker.text, {"token": reader.text, "token_type_hint": "access_token"})
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json()
    assert found.pop("iat") == pytest.approx(time.time(), abs=60)
    assert sorted(found.pop("roles")) == sorted(reader.made["roles"])
    assert sorted(found.pop("scope").split(" ")) == ["db-cql", "db-table-select"]
    assert found == {"active": True, "client_id": reader.client_id, "sub": reader.client_id, "token_type": "Bearer",
                     "exp": 1927627200, "org_id": rig.latchkey.organization}


def test_introspection_tells_nothing_of_what_is_not_here(rig, asker):
    for token in (FORGED, ended(rig), "x", "%00%", rig.reader().text.lower()):
        answer = introspect(rig, asker.text, {"token": token})
        assert answer.status_code == 200 and answer.text == '{"active":false}', token


def test_introspection_who_may_ask_and_how(rig, asker):
    reader, other = rig.reader(), rig.writer()
    assert introspect(rig, reader.text, {"token": reader.text}).json()["active"] is True
    assert introspect(rig, reader.text, {"token": other.text}).status_code == 403
    assert introspect(rig, reader.text, {"token": FORGED}).status_code == 403
    assert introspect(rig, None, {"token": reader.text}).status_code == 401
    assert introspect(rig, None, {"token": reader.text}, Cookie="session=x").status_code == 401
    assert introspect(rig, None, {"token": reader.text}, Authorization=basic(asker)).json()["active"] is True
    for body in ({}, {"token": ""}, "token=%s&token=%s" % (reader.text, reader.text), "token=%zz", {"toke": "x"}):
        assert introspect(rig, asker.text, body).status_code == 400, body
    assert introspect(rig, asker.text, json.dumps({"token": reader.text}), **{"Content-Type": "application/json"}).status_code == 400


# forward-auth

def test_forward_auth_answers_three_things(rig):
    reader = rig.reader()
    good = forward(rig, reader.text)
    assert good.status_code == 200 and good.content == b""
    assert good.headers["X-Latchkey-Client-Id"] == reader.client_id
    assert good.headers["X-Latchkey-Organization"] == rig.latchkey.organization
    assert sorted(good.headers["X-Latchkey-Roles"].split(",")) == sorted(reader.made["roles"])
    secrets = rig.database.drn("vault", "secrets")
    table = [(reader.text, "db-table-modify", None, 403), (reader.text, "db-table-select", secrets, 403),
             (reader.text, "nonsense", None, 403), (reader.text, "db-table-select", "nonsense", 403),
             (reader.text, "db-table-select", "drn:astra:org:*:db:%s:keyspace:shop:table:orders" % rig.database.id, 200),
             (reader.text, "db-cql", None, 403),
             (None, "db-table-select", None, 401), (FORGED, "db-table-select", None, 401), (ended(rig), "db-table-select", None, 401),
             ("x", "db-table-select", None, 401), ("x", "nonsense", "nonsense", 401)]
    for token, action, resource, want in table:
        answer = forward(rig, token, action, resource)
        assert answer.status_code == want, (token, action, resource)
        assert (want == 200) == any(name.lower().startswith("x-latchkey-") for name in answer.headers)
    assert "WWW-Authenticate" in forward(rig).headers
    for query in ({}, {"action": "db-table-select"}, {"resource": secrets}):
        assert forward(rig, reader.text, query=query).status_code == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "ANY"])
def test_forward_auth_takes_every_method(rig, method):
    """A preflight that was answered by itself would be let in without a token."""
    reader = rig.reader()
    assert forward(rig, reader.text, method=method).status_code == 200
    assert forward(rig, method=method).status_code == 401
    assert forward(rig, reader.text, "db-table-modify", method=method).status_code == 403


def test_forward_auth_finds_the_token_in_three_fields(rig):
    reader = rig.reader()
    for field in ("Token", "X-Cassandra-Token"):
        assert forward(rig, **{field: reader.text}).status_code == 200
        assert forward(rig, **{field: reader.text, "Authorization": "Basic eDp5"}).status_code == 200
        assert forward(rig, reader.text, **{field: reader.text}).status_code == 400
    assert forward(rig, Token=reader.text, X_Cassandra_Token=reader.text).status_code == 400
    assert forward(rig, Authorization=basic(reader)).status_code == 401
    assert forward(rig, Cookie="session=x").status_code == 401


def raw(rig, *fields, query=None):
    """A request with fields as they are; the status."""
    query = query or "action=db-table-select&resource=" + rig.database.drn("shop", "orders")
    with socket.create_connection(("127.0.0.1", int(rig.latchkey.api.rsplit(":", 1)[1])), 20) as connection:
        connection.sendall(("GET /v2/forward-auth?%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n" % (
            query, "".join(field + "\r\n" for field in fields))).encode())
        return int(connection.makefile("rb").readline().split()[1])


def test_forward_auth_what_comes_twice_is_refused(rig):
    text = rig.reader().text
    good = "Authorization: Bearer " + text
    question = "action=db-table-select&resource=" + rig.database.drn("shop", "orders")
    assert raw(rig, good) == 200
    assert raw(rig, good, good) == 400
    assert raw(rig, "Token: " + text, "Token: " + FORGED) == 400
    assert raw(rig, "token: " + FORGED, "Token: " + text) == 400
    assert raw(rig, good, query=question + "&action=db-table-select") == 400
    assert raw(rig, good, query=question + "&path=/x?y=1&resource=z") == 400
    assert raw(rig, good, query=question + "&path=/x?y=1") == 200


def test_forward_auth_headers_ask_only_from_trusted_proxies(rig, new_rig):
    good = "Authorization: Bearer " + rig.reader().text
    fields = ("X-Ask-Action: db-table-select", "X-Ask-Resource: " + rig.database.drn("shop", "orders"))
    assert raw(rig, good, *fields, query="x=y") == 200
    assert raw(rig, good, *fields) == 400
    assert raw(rig, good, *fields, fields[0], query="x=y") == 400
    assert raw(rig, good, "X-Ask-Action: db-table-modify", fields[1], query="x=y") == 403
    other = new_rig({"forward-auth-action": "X-Ask-Action", "forward-auth-resource": "X-Ask-Resource"})
    good = "Authorization: Bearer " + other.reader().text
    fields = ("X-Ask-Action: db-table-select", "X-Ask-Resource: " + other.database.drn("shop", "orders"))
    assert raw(other, good, *fields, query="x=y") == 403
    assert raw(other, good, *fields) == 200


# limits

def test_questions_have_a_limit_of_their_own(new_rig):
    rig = new_rig({"question-limit": 1, "question-burst": 5, "trusted-proxies": "127.0.0.1/32"})
    one, other = rig.reader(), rig.reader()
    assert [forward(rig, one.text, X_Forwarded_For="10.0.0.%d" % i).status_code for i in range(7)][-1] == 403
    assert forward(rig, other.text).status_code == 200
    question = {"actions": ["db-cql"], "resources": [rig.database.drn()]}
    answers = [authorize(rig, other.text, question).status_code for _ in range(7)]
    assert answers[0] == 200 and answers[-1] == 429
    assert rig.latchkey.http("GET", "/v2/currentOrg", token=other.text).status_code == 200


# access lists

def test_the_database_s_list_guards_questions_about_it(rig, asker):
    reader = rig.reader()
    path = "/v2/databases/%s/access-list" % rig.database.id
    every = "drn:astra:org:*:db:*:keyspace:*:table:*"
    broad = rig.latchkey.token_for(("db-table-select", every.replace("*", rig.latchkey.organization, 1)))
    question = {"token": reader.text, "actions": ["db-table-select"], "resources": [rig.database.drn("shop", "orders")]}
    assert forward(rig, broad.text, resource=every, X_Forwarded_For="10.0.0.1").status_code == 200
    body = {"addresses": [{"address": "10.1.0.0/16"}], "configurations": {"accessListEnabled": True}}
    assert rig.latchkey.http("PUT", path, body).status_code == 204
    try:
        assert forward(rig, reader.text, X_Forwarded_For="10.1.2.3").status_code == 200
        refused = forward(rig, reader.text, X_Forwarded_For="10.2.0.1")
        assert refused.status_code == 403 and "access list" in refused.text
        assert forward(rig, broad.text, resource=every, X_Forwarded_For="10.2.0.1").status_code == 403
        assert forward(rig, broad.text, resource=every, X_Forwarded_For="10.1.0.1").status_code == 200
        for source, want in (("10.1.2.3", True), ("10.2.0.1", False)):
            answer = rig.latchkey.http("POST", "/v2/token/authorize", question, asker.text, headers={"X-Forwarded-For": source})
            assert answer.json() == {"allow": want, "org_id": rig.latchkey.organization}
    finally:
        assert rig.latchkey.http("DELETE", path).status_code == 204


def test_the_api_s_list_guards_who_asks_and_not_who_is_asked_about(rig, asker):
    reader = rig.reader()
    path = "/v2/organizations/%s/devops-acl" % rig.latchkey.organization
    assert rig.latchkey.http("PUT", path, [{"address": "127.0.0.1"}]).status_code == 200
    try:
        headers = {"X-Forwarded-For": "10.0.0.1"}
        question = {"actions": ["db-cql"], "resources": [rig.database.drn()]}
        assert rig.latchkey.http("POST", "/v2/token/authorize", question, reader.text, headers=headers).status_code == 403
        assert introspect(rig, asker.text, {"token": reader.text}, **headers).status_code == 403
        assert forward(rig, reader.text, X_Forwarded_For="10.0.0.1").status_code == 200
    finally:
        assert rig.latchkey.http("DELETE", path).status_code == 202


def test_refusals_are_in_the_audit_trail(rig):
    reader = rig.reader()
    assert forward(rig, reader.text, "db-table-modify").status_code == 403

    def recorded():
        lines = rig.latchkey.run("audit", "tail", "-n", "50").stdout.splitlines()
        return [line for line in lines if "question.refused" in line and reader.client_id in line]
    found = until("the refusal in the trail", recorded)
    assert "db-table-modify" in found[-1] and reader.secret not in "".join(found)
