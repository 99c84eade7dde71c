"""Access lists: who gets to the CQL door and to the API, from where, and what a change does to those who are inside."""
import re
import uuid

import pytest
import wire

GO_TIME = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+0000 UTC$")
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def shared(binary, tmp_path_factory):
    """A daemon whose proxy we are: X-Forwarded-For says where an HTTP call comes from."""
    from conftest import Rig, RecordingNode, make_schema
    node = RecordingNode(make_schema())
    rig = Rig(binary, str(tmp_path_factory.mktemp("access")), node, {"trusted-proxies": "127.0.0.1/32"})
    yield rig
    rig.close()
    node.close()


@pytest.fixture
def door(rig):
    """The path of the database's list, which is gone again after the test."""
    path = "/v2/databases/%s/access-list" % rig.database.id
    yield path
    assert rig.latchkey.http("DELETE", path).status_code == 204


@pytest.fixture
def api(rig):
    path = "/v2/organizations/%s/devops-acl" % rig.latchkey.organization
    yield path
    assert call(rig, "DELETE", path, source="10.0.0.1").status_code in (202, 403)
    rig.latchkey.ask("access-list", "disable", "--api")
    assert rig.latchkey.http("DELETE", path).status_code == 202


def call(rig, method, path, body=None, token=None, source=None):
    headers = {"X-Forwarded-For": source} if source else {}
    return rig.latchkey.http(method, path, body, token, headers=headers)


def holder(rig, *actions):
    org = "drn:astra:org:" + rig.latchkey.organization
    return rig.latchkey.make_token(rig.latchkey.make_role(list(actions), [org])).text


def entry(address, **more):
    return {"address": address, **more}


def switch(on):
    return {"configurations": {"accessListEnabled": on}}


def login(rig, token, source="127.0.0.1", version=4):
    client = wire.Client(rig.port, version, source=source)
    return client, client.login("token", token.text)


# the shapes

def test_a_database_without_a_list_has_an_empty_one_that_is_open(rig, door):
    answer = rig.latchkey.http("GET", door)
    assert answer.status_code == 200
    assert answer.json() == {"organizationId": rig.latchkey.organization, "databaseId": rig.database.id, "addresses": [],
                             "configurations": {"accessListEnabled": False}}
    assert rig.latchkey.good("GET", "/v2/access-lists") == []


def test_add_then_enable_then_take_out_one_by_one_as_terraform_does(rig, door):
    http = rig.latchkey.http
    assert http("POST", door, [entry("0.0.0.1/0", description="all", enabled=True), entry("::1")]).status_code == 204
    assert http("PATCH", door, {"addresses": [entry("::1", description="here")], **switch(True)}).status_code == 204
    shown = http("GET", door).json()
    assert [(one["address"], one["description"], one["enabled"]) for one in shown["addresses"]] == [
        ("0.0.0.1/0", "all", True), ("::1", "here", True)]
    assert all(GO_TIME.match(one["lastUpdateDateTime"]) for one in shown["addresses"])
    assert shown["configurations"] == {"accessListEnabled": True}
    assert rig.latchkey.good("GET", "/v2/access-lists") == [shown]
    assert http("DELETE", door + "?addresses=0.0.0.0/0&addresses=0::1/128").status_code == 204
    assert http("GET", door).json()["addresses"] == []
    assert http("GET", door).json()["configurations"] == {"accessListEnabled": True}
    assert http("DELETE", door).status_code == 204
    assert rig.latchkey.good("GET", "/v2/access-lists") == []


def test_put_replaces_and_takes_an_array_too(rig, door):
    http = rig.latchkey.http
    assert http("PUT", door, {"addresses": [entry("10.0.0.0/8")], **switch(False)}).status_code == 204
    assert http("PUT", door, [entry("192.168.0.0/16", enabled=False), entry("192.168.1.1/16")]).status_code == 204
    shown = http("GET", door).json()["addresses"]
    assert [(one["address"], one["enabled"]) for one in shown] == [("192.168.0.0/16", False)]


@pytest.mark.parametrize("body", [[entry("10.0.0.0/33")], [entry("host")], [entry("")], [{}], ["10.0.0.0/8"], "x", 7, None,
                                  {"addresses": {}}, {"configurations": []}, [entry("10.0.0.1", enabled="yes")],
                                  [entry("10.0.0.1", description="\u202e")],
                                  [entry("10.%d.%d.%d" % (i >> 16, i >> 8 & 255, i & 255)) for i in range(1001)]])
def test_what_is_no_list_changes_nothing(rig, door, body):
    assert rig.latchkey.http("POST", door, [entry("10.0.0.0/8")]).status_code == 204
    before = rig.latchkey.http("GET", door).json()
    for method in ("POST", "PUT", "PATCH"):
        answer = rig.latchkey.http(method, door, body)
        assert answer.status_code == 400, answer.text
        want = "text/plain" if method == "POST" else "application/json"
        assert answer.headers["Content-Type"].startswith(want) and '"errors"' in answer.text
    assert rig.latchkey.http("DELETE", door + "?addresses=nonsense").status_code == 400
    assert rig.latchkey.http("GET", door).json() == before


def test_permission_first_existence_second(rig):
    reader, writer, other = holder(rig, "accesslist-read"), holder(rig, "accesslist-write"), holder(rig, "org-read")
    path = "/v2/databases/%s/access-list"
    for identity in (rig.database.id, str(uuid.uuid4()), "x"):
        found = identity == rig.database.id
        assert call(rig, "GET", path % identity, token=other).status_code == 401
        assert call(rig, "GET", path % identity, token=writer).status_code == 401
        assert call(rig, "GET", path % identity, token=reader).status_code == (200 if found else 404)
        assert call(rig, "POST", path % identity, [], token=reader).status_code == 401
        assert call(rig, "POST", path % identity, [], token=writer).status_code == (204 if found else 404)
    assert call(rig, "GET", "/v2/access-lists", token=writer).status_code == 403
    missing = call(rig, "GET", path % NOBODY, token=reader)
    assert missing.headers["Content-Type"].startswith("text/plain")
    acl = "/v2/organizations/%s/devops-acl"
    for identity in (rig.latchkey.organization, NOBODY):
        assert call(rig, "GET", acl % identity, token=other).status_code == 403
        assert call(rig, "PUT", acl % identity, [], token=reader).status_code == 403
    assert call(rig, "GET", acl % NOBODY, token=reader).status_code == 404
    assert call(rig, "DELETE", path % rig.database.id, token=writer).status_code == 204


def test_validate_and_template(rig):
    token = holder(rig, "org-read")
    good = call(rig, "POST", "/v2/access-list/validate", {"addresses": [entry("10.0.0.0/8")]}, token)
    assert good.status_code == 200 and good.json() == {"valid": True, "validationFailures": [], "remarks": []}
    bad = call(rig, "POST", "/v2/access-list/validate", [entry("10.0.0.0/8"), entry("ten"), "::1"], token).json()
    assert bad["valid"] is False and len(bad["validationFailures"]) == 1 and "[1]" in bad["validationFailures"][0]
    for method in ("GET", "POST"):
        shown = call(rig, method, "/v2/access-list/template", token=token)
        assert shown.status_code == 200 and shown.json()["addresses"][0]["description"]


# the CQL door

def test_the_list_decides_at_login(rig, door, version):
    token = rig.reader()
    cases = [([], False, True), ([], True, False), ([entry("127.0.0.1")], True, True), ([entry("127.0.0.2/32")], True, False),
             ([entry("127.0.0.0/8")], True, True), ([entry("127.0.0.0/8", enabled=False)], True, False),
             ([entry("::ffff:127.0.0.1/128")], True, True), ([entry("::/0")], True, False)]
    for addresses, enabled, inside in cases:
        assert rig.latchkey.http("PUT", door, {"addresses": addresses, **switch(enabled)}).status_code == 204
        client, answer = login(rig, token, version=version)
        assert (answer.opcode == wire.AUTH_SUCCESS) == inside, (addresses, answer)
        if not inside:
            assert answer.code == wire.CREDENTIALS and "127.0.0.1" in answer.message and "access list" in answer.message
        client.close()


def test_a_stranger_is_not_told_of_the_list(rig, door):
    assert rig.latchkey.http("PUT", door, switch(True)).status_code == 204
    with wire.Client(rig.port) as client:
        answer = client.login("token", "AstraCS:" + "x" * 24 + ":" + "0" * 64)
        assert answer.opcode == wire.ERROR and "access" not in answer.message


def test_live_sessions_outside_are_closed_before_the_answer(rig, door, version):
    """The change is answered when every worker has looked; the sockets are shut within the same moment."""
    token = rig.reader()
    assert rig.latchkey.http("PUT", door, {"addresses": [entry("127.0.0.0/8")], **switch(True)}).status_code == 204
    inside = [login(rig, token, "127.0.0.1", version) for _ in range(8)]
    outside = [login(rig, token, "127.0.0.2", version) for _ in range(8)]
    assert all(answer.opcode == wire.AUTH_SUCCESS for _, answer in inside + outside)
    answer = rig.latchkey.http("PUT", door, {"addresses": [entry("127.0.0.1")], **switch(True)})
    assert answer.status_code == 204
    assert answer.elapsed.total_seconds() < 10
    for client, _ in outside:
        client.closed(5)
        client.close()
    for client, _ in inside:
        assert client.query("SELECT v FROM shop.orders WHERE id = 1").opcode == wire.RESULT
    assert rig.latchkey.http("DELETE", door + "?addresses=127.0.0.1").status_code == 204
    for client, _ in inside:
        client.closed(5)
        client.close()


def test_a_preview_names_whom_the_list_would_close_and_closes_nobody(rig, door):
    preview, token, http = door + "/preview", rig.reader(), rig.latchkey.http
    inside, outside = ([login(rig, token, source)[0] for _ in range(n)] for source, n in (("127.0.0.1", 2), ("127.0.0.2", 3)))
    stranger = wire.Client(rig.port, 4, source="127.0.0.2")     # who has not logged in is no session yet
    try:
        def ask(body, **more):
            answer = http("POST", preview, body, **more)
            assert answer.status_code == 200, answer.text
            return answer.json()
        assert http("PUT", door, {"addresses": [entry("127.0.0.2")], **switch(False)}).status_code == 204
        before = http("GET", door).json()
        found = ask({"addresses": [entry("127.0.0.1")], **switch(True)})
        assert (found["openSessions"], found["closing"]) == (5, 3)
        assert [(one["clientId"], one["address"]) for one in found["sessions"]] == [(token.client_id, "127.0.0.2")] * 3
        assert all(one["since"].endswith("Z") for one in found["sessions"])
        for body, closing in (({"addresses": [entry("127.0.0.1")], **switch(False)}, 0), (switch(True), 5), ([entry("127.0.0.1")], 0),
                              ({"addresses": [entry("127.0.0.0/8")], **switch(True)}, 0),
                              ({"addresses": [entry("127.0.0.0/8", enabled=False)], **switch(True)}, 5)):
            assert ask(body)["closing"] == closing, body
        writer = holder(rig, "accesslist-write")
        told = ask(switch(True), token=writer)
        assert told["closing"] == 5 and told["sessions"] == []
        assert http("GET", door).json() == before
        for client in inside + outside:
            assert client.query("SELECT v FROM shop.orders WHERE id = 1").opcode == wire.RESULT
        reader = holder(rig, "accesslist-read")
        assert http("POST", preview, switch(True), token=reader).status_code == 401
        assert http("POST", preview, [entry("10.0.0.0/33")]).status_code == 400
        assert http("POST", "/v2/databases/%s/access-list/preview" % NOBODY, switch(True)).status_code == 404
    finally:
        for client in [*inside, *outside, stranger]:
            client.close()


def test_nothing_of_an_outsider_goes_on_after_the_answer(rig, watch, door):
    token = rig.reader()
    client, _ = login(rig, token, "127.0.0.2")
    assert client.query("SELECT v FROM shop.orders WHERE id = 1").opcode == wire.RESULT
    assert rig.latchkey.http("PUT", door, {"addresses": [entry("127.0.0.1")], **switch(True)}).status_code == 204
    start = rig.node.mark()
    try:
        client.post(wire.QUERY, wire.long_string("SELECT v FROM shop.orders WHERE id = 77") + wire.parameters())
    except wire.Closed:
        pass
    client.closed(5)
    assert not [one for one in rig.node.received(start) if "77" in (one.text or "")]
    client.close()


def test_unregistering_takes_the_list_along(rig):
    database = rig.latchkey.add_database("short", "%s:%d" % (rig.node.address, rig.node.port), "cassandra", "cassandra")
    path = "/v2/databases/%s/access-list" % database.id
    assert rig.latchkey.http("PUT", path, switch(True)).status_code == 204
    assert rig.latchkey.http("POST", "/v2/databases/%s/terminate" % database.id).status_code == 202
    assert rig.latchkey.http("GET", path).status_code == 404
    assert all(one["databaseId"] != database.id for one in rig.latchkey.good("GET", "/v2/access-lists"))


# the API

def test_the_api_list_guards_v2_and_not_the_socket(rig, api):
    made = call(rig, "POST", api, [entry("10.0.0.0/8", description="office")], source="10.1.2.3")
    assert made.status_code == 201
    shown = made.json()
    assert shown["configurations"] == {"accessListEnabled": True} and shown["organizationId"] == rig.latchkey.organization
    one = shown["addresses"][0]
    assert (one["address"], one["description"], one["enabled"]) == ("10.0.0.0/8", "office", True)
    assert GO_TIME.match(one["lastUpdateDateTime"]) and GO_TIME.match(one["createdAt"])
    for path in ("/v2/currentOrg", "/v2/tokens", "/v2/databases", "/v2/access-lists"):
        assert call(rig, "GET", path, source="10.9.9.9").status_code == 200
        refused = call(rig, "GET", path, source="11.0.0.1")
        assert refused.status_code == 403 and "11.0.0.1" in refused.json()["errors"][0]["message"]
        assert call(rig, "GET", path, token="AstraCS:" + "x" * 24 + ":" + "0" * 64, source="11.0.0.1").status_code == 401
    assert rig.latchkey.http("GET", "/v2/currentOrg").status_code == 403
    assert rig.latchkey.ask("token", "list")
    assert rig.latchkey.ask("access-list", "show", "--api")["addresses"]
    assert call(rig, "GET", "/livez", source="11.0.0.1").status_code == 200
    with rig.client(rig.everything()):
        pass


def test_who_would_shut_themselves_out_hears_so_first(rig, api):
    assert call(rig, "PUT", api, [entry("10.0.0.0/8")], source="11.0.0.1").status_code == 409
    assert call(rig, "GET", api).json()["addresses"] == []
    assert call(rig, "PUT", api, {"addresses": [entry("10.0.0.0/8")], **switch(True)}, source="10.0.0.1").status_code == 200
    assert call(rig, "PATCH", api, entry("10.0.0.0/8", enabled=False), source="10.0.0.1").status_code == 409
    gone = call(rig, "DELETE", api + "?addresses=10.0.0.0/8", source="10.0.0.1")
    assert gone.status_code == 409 and "force" in gone.json()["errors"][0]["message"]
    assert call(rig, "GET", api, source="10.0.0.1").status_code == 200
    assert call(rig, "DELETE", api + "?addresses=10.0.0.0/8&force=true", source="10.0.0.1").status_code == 202
    assert call(rig, "GET", api, source="10.0.0.1").status_code == 403
    rig.latchkey.ask("access-list", "add", "10.0.0.1", "--api")
    assert call(rig, "GET", api, source="10.0.0.1").status_code == 200


def test_a_forged_address_is_not_believed(new_rig):
    rig = new_rig()
    path = "/v2/organizations/%s/devops-acl" % rig.latchkey.organization
    answer = call(rig, "PUT", path, {"addresses": [entry("10.0.0.0/8")], **switch(True)}, source="10.0.0.1")
    assert answer.status_code == 409 and "127.0.0.1" in answer.json()["errors"][0]["message"]


# the command line

def test_the_command_line(rig, door):
    ask, run = rig.latchkey.ask, rig.latchkey.run
    ask("access-list", "add", "127.0.0.2", "10.0.0.0/8", "--db", "test", "--description", "lab")
    shown = ask("access-list", "show", "--db", "test", "--json")
    assert [one["address"] for one in shown["addresses"]] == ["127.0.0.2", "10.0.0.0/8"]
    assert {one["description"] for one in shown["addresses"]} == {"lab"} and not shown["configurations"]["accessListEnabled"]
    ask("access-list", "enable", "--db", "test")
    client, answer = login(rig, rig.reader())
    assert answer.opcode == wire.ERROR
    client.close()
    ask("access-list", "remove", "127.0.0.2/32", "10.0.0.0/8", "--db", rig.database.id)
    assert ask("access-list", "show", "--db", "test", "--json")["addresses"] == []
    ask("access-list", "disable", "--db", "test")
    client, answer = login(rig, rig.reader())
    assert answer.opcode == wire.AUTH_SUCCESS
    client.close()
    for words, code in ((["show"], 2), (["show", "--api", "--db", "test"], 2), (["add", "--api"], 2), (["add", "x", "--db", "test"], 3),
                        (["remove", "x&y", "--db", "test"], 3), (["show", "--db", "none"], 7)):
        assert run("access-list", *words).returncode == code, words
