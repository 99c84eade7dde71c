"""Another organization's things: whatever the route, whatever the id, they are as absent as what never was. Every row
of src/api/route.def is tried, in the path, the query and the body; a new row is tried by being there."""
import json
import re
import uuid

import pytest

import routes
import unix_http
from latchkey import ADMINISTRATOR, Latchkey, free_port

READER = "d2cfcd63-055c-4a58-b957-8916d4a007a5"                    # RO User
ENTERPRISE_ADMINISTRATOR = "014ba2cc-2ed1-44b8-8162-dba27ca7ce57"


class Things:
    """What an organization has, by kind."""

    def __init__(self, house, organization, token, name):
        self.token, self.ids = token, {"organization": organization}
        self.ids["role"] = house.good("POST", "/v2/organizations/roles", {"name": "Role of " + name, "policy": {
            "description": "secret of " + name, "effect": "allow", "actions": ["org-read"],
            "resources": ["drn:astra:org:" + organization]}}, token=token)["id"]
        self.ids["client"] = house.good("POST", "/v2/tokens", {"roles": [self.ids["role"]], "description": "secret of " + name},
                                        token=token)["clientId"]
        self.ids["former database"] = self.register(house, organization, token, name)
        assert house.http("POST", "/v2/databases/%s/terminate" % self.ids["former database"], token=token).status_code == 202
        self.ids["database"] = self.register(house, organization, token, name)

    def register(self, house, organization, token, name):
        status, answer = unix_http.ask(house, "POST", "/v2/databases", {
            "name": "database of " + name, "contactPoints": "127.0.0.1:%d" % free_port(), "datacenter": "dc of " + name,
            "username": "u", "password": "p", "listen": "127.0.0.1:%d" % free_port()}, organization=organization)
        assert status == 201, answer
        return house.good("GET", "/v2/databases", token=token)[0]["id"]

    def natural(self, path, placeholder):
        """The id of ours that belongs there."""
        if placeholder == "clientId":
            return self.ids["client"]
        if placeholder == "roleId":
            return self.ids["role"]
        if placeholder == "orgId":
            return self.ids["organization"]
        if placeholder != "id":
            return "shop"           # a name, or an id of a kind that is not among ours
        return self.ids["database"] if "/databases" in path else self.ids["organization"]


@pytest.fixture(scope="module")
def house(binary, tmp_path_factory):
    daemon = Latchkey(binary, tmp_path_factory.mktemp("foreign"))
    daemon.init("--enterprise", "Group")
    daemon.configure(failure_burst=1000000)
    daemon.serve()
    daemon.boss = unix_http.good(daemon, "POST", "/v2/tokens", {"roles": [ENTERPRISE_ADMINISTRATOR]}, enterprise=True)["token"]
    other = daemon.good("POST", "/v2/enterprises/organizations", {"name": "Others", "email": "o@example.org"},
                        token=daemon.boss)["OrganizationID"]
    theirs = daemon.good("POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "orgId": other}, token=daemon.boss)["token"]
    daemon.ours = Things(daemon, daemon.organization, daemon.administrator, "ours")
    daemon.theirs = Things(daemon, other, theirs, "theirs")
    daemon.theirs.ids["enterprise"] = daemon.enterprise
    daemon.poor = daemon.make_token(READER).text
    lone = daemon.good("POST", "/v2/enterprises/organizations", {"name": "Loner", "email": "l@example.org"},
                       token=daemon.boss)["OrganizationID"]
    lone_token = daemon.good("POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "orgId": lone}, token=daemon.boss)["token"]
    daemon.loner = Things(daemon, lone, lone_token, "the loner")
    assert unix_http.ask(daemon, "DELETE", "/v2/enterprises/%s/organizations/%s?standalone=true" % (daemon.enterprise, lone))[0] == 204
    # Who asks, and whose things: an organization about another, an enterprise about one that is none of its own.
    daemon.strangers = [(daemon.ours.token, daemon.theirs), (daemon.poor, daemon.theirs), (daemon.boss, daemon.loner)]
    yield daemon
    daemon.stop()


def never_was(kind):
    return "".join(reversed("abcdefghijklmnopqrstuvwx")) if kind == "client" else str(uuid.uuid4())


def said(house, route, token, identity, path, body):
    """What was answered, with the id that was asked for taken out."""
    answer = house.http(route.method, path, body, token=token, allow_redirects=False)
    text = re.sub(re.escape(identity), "<ID>", answer.text, flags=re.I)
    return answer.status_code, re.sub(r'"(seq|time|at|hash)":("[^"]*"|\d+)', "", text)


def state(house):
    """All that the others can see of themselves, and their own record of what was done to them."""
    seen = [house.http("GET", path, token=token).text for token in (house.theirs.token, house.loner.token)
            for path in ("/v2/tokens", "/v2/organizations/roles", "/v2/databases", "/v2/organizations/settings",
                         "/v2/organizations", "/v2/audit?limit=1000")]
    seen += [house.http("GET", path, token=house.boss).text for path in ("/v2/organizations", "/v2/tokens")]
    return seen


def body_of(route, shapes, identity):
    """An example of the body with this id wherever an id can be, and a name that is free."""
    body = {}
    for field in shapes.get(route.body, ()):
        value = field.example
        if field.type == "UUID":
            value = identity
        elif field.type in ("UUIDS", "TEXTS") and field.name in ("roles", "addresses"):
            value = [identity]
        elif field.type == "TEXT" and re.search("(?i)id$|createdBy", field.name):
            value = identity
        elif field.type == "OBJECT":
            value = {f.name: f.example for f in shapes.get(field.item, ())}
        elif field.name == "name":
            value = "name " + uuid.uuid4().hex
        if value is not None:
            body[field.name] = value
    return body


def assert_absent(house, route, make, kind):
    """`make` gives path and body for an id; the others' id is answered as one that never was."""
    for token, whose in house.strangers:
        if kind not in whose.ids or (whose is house.loner and route.path == "/v2/audit"):
            continue            # what the enterprise did while the loner belonged to it is on its own record
        theirs, nobody = whose.ids[kind], never_was(kind)
        path, body = make(theirs)
        asked = path + json.dumps(body)
        got = said(house, route, token, theirs, path, body)
        wanted = said(house, route, token, nobody, *make(nobody))
        if got[0] < 300 and wanted[0] == got[0] and route.method != "GET":
            continue            # it made or did something of the caller's own; state() tells whether of others
        assert got == wanted, "%r with their %s" % (route, kind)
        for name, secret in whose.ids.items():
            assert name == "enterprise" or secret in asked or secret not in got[1], "%r tells their %s" % (route, name)
        assert "of theirs" not in got[1] and "the loner" not in got[1]


def is_of_callers(route):
    return route.who not in ("ANYBODY",) or "{" in route.path


ROUTES = sorted((r for r in routes.routes() if is_of_callers(r)), key=lambda r: (r.path != "/v2/audit", r.path, r.method))
SHAPES = routes.fields()


def test_the_rows_were_read():
    assert len(ROUTES) > 30 and {"TOKEN_NEW", "TOKENS_QUERY"} <= set(SHAPES)


@pytest.mark.parametrize("route", [r for r in ROUTES if r.query in SHAPES], ids=repr)
def test_in_the_query(house, route):
    before = state(house)
    path = re.sub(r"\{(\w+)\}", lambda m: house.ours.natural(route.path, m.group(1)) if route.method == "GET" else "x", route.path)
    for field in SHAPES[route.query]:
        if field.type not in ("TEXT", "UUID") or field.name == "starting_after":    # a place in one's own list
            continue
        for kind in house.theirs.ids:
            assert_absent(house, route, lambda i, f=field: ("%s?%s=%s" % (path, f.name, i), None), kind)
    assert state(house) == before


@pytest.mark.parametrize("route", [r for r in ROUTES if r.placeholders], ids=repr)
def test_in_the_path(house, route):
    before = state(house)
    for place in range(len(route.placeholders)):
        for rest in (house.ours, house.theirs):
            for kind in house.theirs.ids:
                def make(identity, place=place, rest=rest):
                    names = iter(range(len(route.placeholders)))

                    def fill(match):
                        return identity if next(names) == place else rest.natural(route.path, match.group(1))
                    path = re.sub(r"\{(\w+)\}", fill, route.path)
                    return path, body_of(route, SHAPES, house.ours.ids["role"]) if route.body != "NONE" else None
                others = [rest.natural(route.path, n) for i, n in enumerate(route.placeholders) if i != place]
                if rest is house.theirs and (not others or house.theirs.ids[kind] in others):
                    continue
                assert_absent(house, route, make, kind)
    assert state(house) == before


@pytest.mark.parametrize("route", [r for r in ROUTES if r.body in SHAPES], ids=repr)
def test_in_the_body(house, route):
    before = state(house)
    for kind in house.theirs.ids:
        def make(identity):
            path = re.sub(r"\{(\w+)\}", lambda m: house.ours.natural(route.path, m.group(1)), route.path)
            return path, body_of(route, SHAPES, identity)
        assert_absent(house, route, make, kind)
    assert state(house) == before


def test_the_operator_s_headers_are_not_for_tokens(house):
    for header in ({"X-Latchkey-Organization": house.theirs.ids["organization"]}, {"X-Latchkey-Organization": "Others"},
                   {"X-Latchkey-Enterprise": "true"}):
        assert house.http("GET", "/v2/currentOrg", headers=header).json()["id"] == house.organization
