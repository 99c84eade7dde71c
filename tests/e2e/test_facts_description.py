"""The description and the binary, operation by operation: each is asked once so that it goes well, and what comes back has the
status, the type, the names and the kinds that its schema and its example promise, and no others. A new operation is missing
here until it has a step."""
import json
import os
import re

import pytest
import requests

import leaks
import unix_http
from facts import NOBODY, ROLES, TEXT, errors_of, policy, role_body
from keyspace_node import PASSWORD as CLUSTER_PASSWORD, USER, keyspace_node
from latchkey import Latchkey, free_port, until
from person import PASSWORD, Browser, behind, totp

ENTERPRISE_ADMINISTRATOR = "014ba2cc-2ed1-44b8-8162-dba27ca7ce57"
READER = "d2cfcd63-055c-4a58-b957-8916d4a007a5"          # RO User
ADA, BEA = "ada@example.com", "bea@example.com"
USERS, PERSON = "/v2/organizations/users", "/v2/person"


class Operators:
    """An answer over the UNIX socket, as those of requests are read."""

    def __init__(self, daemon, method, path, body):
        connection = unix_http.Connection(os.path.join(daemon.data, "latchkey.sock"))
        connection.request(method, path, json.dumps(body) if body is not None else None, {"X-Latchkey-Organization": "Acme"})
        answer = connection.getresponse()
        self.content, self.status_code, self.headers = answer.read(), answer.status, answer.headers
        self.text = self.content.decode()
        connection.close()
        leaks.notice(self.text, "%s %s of the operator" % (method, path))

    def json(self):
        return json.loads(self.text)


class House:
    """A group with an organization, people and a cluster; whoever may ask what."""

    def __init__(self, daemon, node):
        self.daemon, self.node = daemon, node
        self.org, self.group = daemon.organization, daemon.enterprise
        self.boss = unix_http.good(daemon, "POST", "/v2/tokens", {"roles": [ENTERPRISE_ADMINISTRATOR]}, enterprise=True)["token"]
        self.database = self.register("described", "%s:%d" % (node.address, node.port), CLUSTER_PASSWORD)
        until("a database that is active with its keyspaces", lambda: (lambda d: d["status"] == "ACTIVE" and d["info"]["keyspaces"])(
            daemon.good("GET", "/v2/databases/" + self.database)))
        with open(daemon.made["setupLinkFile"], encoding="utf-8") as file:
            self.link = behind(file.read())[1]
        leaks.note(self.link, "the first link")
        self.ada, self.bea = Browser(daemon), Browser(daemon)

    def register(self, name, contact, password="p" * 20):
        answer = self.daemon.http("POST", "/v2/databases", {
            "name": name, "contactPoints": contact, "datacenter": "datacenter1", "username": USER,
            "password": password, "listen": "127.0.0.1:%d" % free_port()})
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def ask(self, *words, **more):
        return self.daemon.http(*words, **more)

    def anybody(self, method, path, body=None):
        return requests.request(method, self.daemon.api + path, json=body, timeout=60)

    def operator(self, method, path, body=None):
        return Operators(self.daemon, method, path, body)


# The description's method and path, and how it is asked; in their order, for some make what others need.

def tokens(h):
    made = h.daemon.good("POST", "/v2/tokens", {"roles": [READER], "description": "walked"})["clientId"]
    for name in ("/v2/tokens", "/v2/clientIdSecrets"):
        yield "GET", name, h.ask("GET", name)
        yield "POST", name, h.ask("POST", name, {"roles": [READER], "description": "new", "tokenExpiry": "2126-01-01T00:00:00Z"})
    yield "GET", "/v2/tokens/summary", h.ask("GET", "/v2/tokens/summary")
    yield "GET", "/v2/tokens/{clientId}", h.ask("GET", "/v2/tokens/" + made)
    yield "GET", "/v2/tokens/{clientId}/usage", h.ask("GET", "/v2/tokens/%s/usage" % made)
    yield "GET", "/v2/tokens/{clientId}/sessions", h.ask("GET", "/v2/tokens/%s/sessions" % made)
    yield "GET", "/v2/usage", h.ask("GET", "/v2/usage")
    yield "POST", "/v2/tokens/revoke", h.ask("POST", "/v2/tokens/revoke", {"createdBy": made})
    for name in ("/v2/tokens", "/v2/clientIdSecrets", "/v2/clientIdSecret"):
        made = h.daemon.good("POST", "/v2/tokens", {"roles": [READER]})["clientId"]
        yield "DELETE", name + "/{clientId}", h.ask("DELETE", name + "/" + made)


def roles(h):
    answer = h.ask("POST", ROLES, {"name": "Walked", "policy": policy(["org-user-read"], ["drn:astra:org:" + h.org])})
    role = ROLES + "/" + answer.json()["id"]
    yield "POST", ROLES, answer
    yield "GET", ROLES, h.ask("GET", ROLES)
    yield "GET", ROLES + "/{roleId}", h.ask("GET", role)
    yield "GET", ROLES + "/{roleId}/usage", h.ask("GET", role + "/usage")
    yield "PUT", ROLES + "/{roleId}", h.ask("PUT", role, role_body("Walked on"))
    yield "DELETE", ROLES + "/{roleId}", h.ask("DELETE", role)


def databases(h):
    one, described = "/v2/databases/" + h.database, "/v2/databases/{id}"
    made = h.ask("POST", "/v2/databases", {
        "name": "passing", "contactPoints": ["127.0.0.1:1"], "datacenter": "dc", "username": "u", "password": "p" * 20,
        "listen": "127.0.0.1:%d" % free_port()})
    yield "POST", "/v2/databases", made
    yield "GET", "/v2/databases", h.ask("GET", "/v2/databases")
    yield "POST", described + "/terminate", h.ask("POST", "/v2/databases/%s/terminate" % made.headers["Location"])
    yield "GET", described, h.ask("GET", one)
    for tail in ("datacenters", "keyspaces", "state"):
        yield "GET", described + "/" + tail, h.ask("GET", one + "/" + tail)
    yield "POST", described + "/token", h.ask("POST", one + "/token")
    yield "POST", described + "/keyspaces/{keyspace}", h.ask("POST", one + "/keyspaces/walked")
    yield "DELETE", described + "/keyspaces/{keyspace}", h.ask("DELETE", one + "/keyspaces/walked")
    yield "POST", described + "/secureBundleURL", h.ask("POST", one + "/secureBundleURL")
    for path in ("/v2/availableRegions", "/v2/regions/serverless"):
        yield "GET", path, h.ask("GET", path)
    yield "GET", "/v2/operator/databases/{id}/check", h.operator("GET", "/v2/operator/databases/%s/check" % h.database)


def access(h):
    one, described = "/v2/databases/%s/access-list" % h.database, "/v2/databases/{id}/access-list"
    entries = [{"address": "10.0.0.0/8", "description": "walked", "enabled": True}]
    for method, body in (("POST", entries), ("PATCH", {"addresses": entries}), ("PUT", {"addresses": entries})):
        yield method, described, h.ask(method, one, body)
    yield "GET", described, h.ask("GET", one)
    yield "GET", "/v2/access-lists", h.ask("GET", "/v2/access-lists")
    yield "POST", described + "/preview", h.ask("POST", one + "/preview", {"addresses": entries})
    yield "DELETE", described, h.ask("DELETE", one)
    yield "POST", "/v2/access-list/validate", h.ask("POST", "/v2/access-list/validate", entries)
    for method in ("GET", "POST"):
        yield method, "/v2/access-list/template", h.ask(method, "/v2/access-list/template")
    own, described = "/v2/organizations/%s/devops-acl" % h.org, "/v2/organizations/{orgId}/devops-acl"
    here = [{"address": "127.0.0.0/8", "description": "here", "enabled": True}]
    for method, body in (("POST", here), ("PATCH", here[0]), ("PUT", {"addresses": here}), ("GET", None), ("DELETE", None)):
        yield method, described, h.ask(method, own, body)


def organizations(h):
    settings, groups, own = "/v2/organizations/settings", "/v2/enterprises", "/v2/enterprises/" + h.group
    change = {"defaultLifetimeSeconds": None, "maximumLifetimeSeconds": 1000000000, "inheritExpiry": False, "ceiling": True}
    yield "GET", "/v2/currentOrg", h.ask("GET", "/v2/currentOrg")
    yield "GET", "/v2/organizations", h.ask("GET", "/v2/organizations")
    yield "GET", settings, h.ask("GET", settings)
    seen = h.operator("POST", settings + "/preview", change)
    yield "POST", settings + "/preview", seen
    yield "PUT", settings, h.operator("PUT", settings, {**change, "preview": seen.json()["preview"]})
    made = h.ask("POST", groups + "/organizations", {"name": "Walked", "email": "w@example.org"}, token=h.boss)
    yield "POST", groups + "/organizations", made
    member = "%s/organizations/%s" % (own, made.json()["OrganizationID"])
    yield "GET", groups, h.ask("GET", groups, token=h.boss)
    yield "GET", groups + "/{id}", h.ask("GET", own, token=h.boss)
    yield "PUT", groups + "/{id}", h.ask("PUT", own, {"name": "Group again"}, token=h.boss)
    yield "GET", groups + "/{id}/organizations", h.ask("GET", own + "/organizations", token=h.boss)
    yield "DELETE", groups + "/{id}/organizations/{orgId}", h.operator("DELETE", member + "?standalone=true")
    yield "PUT", groups + "/{id}/organizations/{orgId}", h.operator("PUT", member)


def people(h):
    yield "GET", "/v2/set-up", h.anybody("GET", "/v2/set-up")
    yield "POST", "/v2/set-up/check", h.anybody("POST", "/v2/set-up/check", {"secret": h.link})
    yield "POST", "/v2/set-up", h.anybody("POST", "/v2/set-up", {"secret": h.link, "password": PASSWORD})
    invited = h.ask("PUT", USERS, {"email": BEA, "orgID": h.org, "roles": [READER]})
    yield "PUT", USERS, invited
    one, bea = USERS + "/{userID}", USERS + "/" + invited.json()["UserID"]
    secret = behind(invited.json()["invitationLink"])[1]
    yield "POST", "/v2/invitations/check", h.anybody("POST", "/v2/invitations/check", {"secret": secret})
    yield "POST", "/v2/invitations/accept", h.anybody("POST", "/v2/invitations/accept", {"secret": secret, "password": PASSWORD})
    yield "GET", USERS, h.ask("GET", USERS)
    yield "GET", one, h.ask("GET", bea)
    yield "PUT", one + "/roles", h.ask("PUT", bea + "/roles", {"roles": [READER]})
    yield "POST", "/v2/sessions", h.bea.sign_in(BEA)
    yield from sessions(h)
    yield from account(h)
    yield from operators_people(h)
    yield "DELETE", one, h.ask("DELETE", bea)


def sessions(h):
    assert h.ada.sign_in(ADA).status_code == 200
    current, second = "/v2/sessions/current", Browser(h.daemon)
    yield "GET", current, h.ada.ask("GET", current)
    yield "POST", current + "/proof", h.ada.prove()
    assert second.sign_in(ADA).status_code == 200
    listed = h.ada.ask("GET", "/v2/sessions")
    yield "GET", "/v2/sessions", listed
    other = next(one["id"] for one in listed.json()["sessions"] if not one["current"])
    yield "DELETE", "/v2/sessions/{id}", h.ada.ask("DELETE", "/v2/sessions/" + other)
    yield "DELETE", "/v2/sessions", h.ada.ask("DELETE", "/v2/sessions")
    assert second.sign_in(ADA).status_code == 200
    yield "DELETE", current, second.ask("DELETE", current)


def account(h):
    assert h.bea.prove().status_code == 200
    yield "GET", PERSON, h.bea.ask("GET", PERSON)
    seed = h.bea.ask("POST", PERSON + "/totp")
    yield "POST", PERSON + "/totp", seed
    yield "PUT", PERSON + "/totp", h.bea.ask("PUT", PERSON + "/totp", {"enrolment": seed.json()["enrolment"], "code": totp(seed.json()["secret"])})
    codes = h.bea.ask("POST", PERSON + "/recovery-codes")
    yield "POST", PERSON + "/recovery-codes", codes
    yield "DELETE", PERSON + "/totp", h.bea.ask("DELETE", PERSON + "/totp")
    yield "PUT", PERSON, h.bea.ask("PUT", PERSON, {"password": "another horse battery staple"})


def operators_people(h):
    bea, one = "/v2/operator/people/" + BEA, "/v2/operator/people/{person}"
    yield "POST", one + "/set-up", h.operator("POST", bea + "/set-up")
    yield "PUT", one + "/password", h.operator("PUT", bea + "/password", {"password": PASSWORD})
    yield "DELETE", one + "/totp", h.operator("DELETE", bea + "/totp")


def questions(h):
    table = "drn:astra:org:%s:db:%s:keyspace:shop:table:orders" % (h.org, h.database)
    asked = {"token": h.daemon.administrator, "actions": ["db-table-select"], "resources": [table]}
    yield "POST", "/v2/token/authorize", h.ask("POST", "/v2/token/authorize", asked)
    yield "POST", "/oauth2/introspect", h.ask("POST", "/oauth2/introspect", data={"token": h.daemon.administrator})
    question = "/v2/forward-auth?action=db-table-select&resource=" + table
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        yield method, "/v2/forward-auth", h.ask(method, question)
    draft = policy(["db-table-select"], [table])
    yield "POST", "/v2/policies/preview", h.ask("POST", "/v2/policies/preview", {"policies": [draft], "databaseId": h.database})
    yield "POST", "/v2/policies/review", h.ask("POST", "/v2/policies/review", {"policy": draft})
    yield "GET", "/v2/access-map", h.ask("GET", "/v2/access-map?databaseId=" + h.database)
    yield "POST", "/v2/explain", h.ask("POST", "/v2/explain", {"action": "db-table-select", "resource": table})
    yield "POST", "/v2/explain", h.ask("POST", "/v2/explain", {"databaseId": h.database, "cql": "SELECT * FROM shop.orders"})
    trail, described = "/v2/organizations/%s/telemetry/auditLogs" % h.org, "/v2/organizations/{orgId}/telemetry/auditLogs"
    yield "GET", "/v2/audit", h.ask("GET", "/v2/audit")
    there = {"webhook": {"endpoint": "https://127.0.0.1:9/", "token": "of-nobody"}}
    for method, body in (("POST", there), ("GET", None), ("DELETE", None)):
        yield method, described, h.ask(method, trail, body)


def daemon(h):
    for path in ("/livez", "/readyz", "/v2/openapi.json", "/docs"):
        yield "GET", path, h.anybody("GET", path)
    yield "GET", "/metrics", h.ask("GET", "/metrics")
    there = {"splunk": {"endpoint": "https://127.0.0.1:9/", "token": "of-nobody", "index": "main", "source": "s", "sourcetype": "t"}}
    for method, body in (("POST", there), ("GET", None), ("DELETE", None)):
        yield method, "/v2/operator/audit/export", h.operator(method, "/v2/operator/audit/export", body)
    for path in ("status", "audit", "keys", "organizations"):
        yield "GET", "/v2/operator/" + path, h.operator("GET", "/v2/operator/" + path)
    yield "POST", "/v2/operator/keys", h.operator("POST", "/v2/operator/keys")
    kept = min(one["id"] for one in h.operator("GET", "/v2/operator/keys").json())
    yield "DELETE", "/v2/operator/keys/{keyId}", h.operator("DELETE", "/v2/operator/keys/%d?force=true" % kept)


STEPS = [tokens, roles, databases, access, organizations, people, questions, daemon]


@pytest.fixture(scope="module")
def house(binary, tmp_path_factory):
    node = keyspace_node(shop=["orders"])
    daemon = Latchkey(binary, tmp_path_factory.mktemp("facts-description"))
    daemon.made = daemon.init("--enterprise", "Group")
    daemon.configure(register_listen="127.0.0.0/8", register_targets="127.0.0.0/8", audit_export_targets="127.0.0.0/8", question_limit=1000000, question_burst=1000000)
    daemon.serve()
    yield House(daemon, node)
    daemon.stop()
    node.close()


@pytest.fixture(scope="module")
def document(house):
    return house.anybody("GET", "/v2/openapi.json").json()


@pytest.fixture(scope="module")
def answers(house):
    """All steps taken: what was answered, by method and path as the description has them."""
    found = {}
    for step in STEPS:
        for method, path, answer in step(house):
            found.setdefault((method, path), []).append(answer)
    return found


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            shared = {status: document["components"]["responses"][one["$ref"].rsplit("/", 1)[1]]
                      for status, one in operation["responses"].items() if "$ref" in one}
            yield method.upper(), path, {**operation, "responses": {**operation["responses"], **shared}}


def kind(value):
    return {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object", type(None): "null"}[type(value)]


class Shape:
    """A schema that is strict about names: what it does not name must not be there."""

    def __init__(self, document):
        self.schemas = document["components"]["schemas"]

    def resolved(self, schema):
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def inside(self, schema, value):
        """The alternative of a schema that speaks of values of this kind."""
        schema = self.resolved(schema)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                fits = [one for one in map(self.resolved, schema[word]) if kind(value) in ([one.get("type")] + list(one.get("type") or []))]
                schema = fits[0] if fits else schema
        return schema

    def names(self, schema, value, where):
        """Names that are there and were not promised, or the other way round."""
        schema = self.inside(schema, value)
        if isinstance(value, list):
            for one in value:
                yield from self.names(schema.get("items", {}), one, where + "[]")
        if not isinstance(value, dict) or "properties" not in schema:
            return
        for name in set(value) - set(schema["properties"]):
            yield where + "." + name + " is not promised"
        for name in set(schema.get("required", [])) - set(value):
            yield where + "." + name + " is missing"
        for name in set(value) & set(schema["properties"]):
            yield from self.names(schema["properties"][name], value[name], where + "." + name)


def alike(example, real, where):
    """An example shows the kinds that really come; null may stand for any, and of an empty list nothing can be said."""
    if None in (example, real):
        return
    assert kind(example) == kind(real), "%s is %r in the example and %r in truth" % (where, example, real)
    if isinstance(real, dict):
        for name in set(example) & set(real):
            alike(example[name], real[name], where + "." + name)
    if isinstance(real, list) and example and real:
        alike(example[0], real[0], where + "[0]")


def test_every_operation_has_a_step_here_and_every_step_is_an_operation(document, answers):
    described = {(method, path) for method, path, operation in operations(document) if "absent" not in operation["tags"]}
    assert set(answers) == described


def test_every_operation_answers_with_a_status_and_a_type_that_are_described(document, answers):
    for method, path, operation in operations(document):
        for answer in answers.get((method, path), []):
            where = "%s %s: %d %s" % (method, path, answer.status_code, answer.text[:300])
            good = [status for status in operation["responses"] if status.startswith("2")]
            assert str(answer.status_code) in (good or operation["responses"]), where
            content = operation["responses"][str(answer.status_code)].get("content", {})
            told = answer.headers.get("Content-Type")
            assert (told is None) == (not content) == (answer.content == b""), where
            assert told is None or told.split(";")[0] in content, where


def test_every_answer_has_the_names_of_its_schema_and_no_others(document, answers):
    from jsonschema import Draft202012Validator
    shape, looked_at, found = Shape(document), 0, set()
    for method, path, operation in operations(document):
        for answer in answers.get((method, path), []):
            media = operation["responses"][str(answer.status_code)].get("content", {}).get("application/json")
            if not media or path == "/v2/openapi.json":
                continue
            rooted = {**media["schema"], "components": document["components"]}
            wrong = list(Draft202012Validator(rooted).iter_errors(answer.json()))
            assert not wrong, "%s %s: %s at %s" % (method, path, wrong[0].message, list(wrong[0].path))
            found |= set(shape.names(media["schema"], answer.json(), method + " " + path))
            looked_at += 1
    assert not found and looked_at > 60, sorted(found)


def test_every_example_of_an_answer_is_of_the_kinds_that_really_come(document, answers):
    shape, looked_at = Shape(document), 0
    for method, path, operation in operations(document):
        for answer in answers.get((method, path), []):
            media = operation["responses"][str(answer.status_code)].get("content", {}).get("application/json", {})
            if "example" in media:
                assert not list(shape.names(media["schema"], media["example"], "the example of %s %s" % (method, path)))
                alike(media["example"], answer.json(), "%s %s" % (method, path))
                looked_at += 1
    assert looked_at > 60


def test_what_is_described_as_absent_is_404_in_the_described_type(house, document, answers):
    for method, path, operation in operations(document):
        if "absent" not in operation["tags"]:
            continue
        answer = house.ask(method, re.sub(r"\{\w+\}", NOBODY, path))
        assert answer.status_code == 404 and "404" in operation["responses"], (method, path)
        assert "not part of Latchkey" in errors_of(answer.text)[0]["message"]
        assert answer.headers["Content-Type"] != TEXT
