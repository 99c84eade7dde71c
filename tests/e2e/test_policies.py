"""Permissions looked at as a whole, with a real schema: the preview says of every cell what authorize says, a review what a
change then does, the map who reaches what; and nobody learns a name that they may not see."""
import json
import re
import uuid

import pytest

from latchkey import ADMINISTRATOR, free_port, until

SYSTEM = {"system", "system_schema", "system_auth"}


def preview(latchkey, ask=None, token=None):
    return latchkey.good("POST", "/v2/policies/preview", ask or {}, token=token)


def review(latchkey, token=None, **ask):
    return latchkey.good("POST", "/v2/policies/review", ask, token=token)


def own_role(latchkey, actions, *resources):
    """The id of a role that no other test has."""
    return latchkey.good("POST", "/v2/organizations/roles", {"name": "Own " + uuid.uuid4().hex, "policy": {
        "effect": "allow", "actions": actions, "resources": list(resources)}})["id"]


def row_of(answer, database, keyspace=None, table=None):
    found = [r for r in answer["rows"] if (r.get("databaseId"), r.get("keyspace"), r.get("table")) == (database.id, keyspace, table)]
    assert len(found) == 1, (keyspace, table, answer["rows"])
    return found[0]


def names(difference):
    return {(d.get("databaseName"), d.get("keyspace"), d.get("table")): d["actions"] for d in difference}


@pytest.fixture(scope="module")
def blind(latchkey, database):
    """Reads tokens, roles and people, uses tables, and may see no database."""
    return latchkey.make_token(latchkey.make_role(
        ["org-read", "org-token-read", "org-token-write", "org-role-read", "org-role-write", "org-user-read", "db-cql", "db-table-select"],
        ["drn:astra:org:" + latchkey.organization, "drn:astra:org:%s:db:*" % latchkey.organization, database.drn("shop", "orders")]))


# the schema

def test_keyspaces_are_those_of_the_cluster(latchkey, database):
    shown = {k["name"]: k for k in latchkey.good("GET", "/v2/databases/%s/keyspaces" % database.id)}
    assert {"customers", "orders"} <= set(shown["shop"]["tables"]) and shown["vault"]["tables"] == ["secrets"]
    assert shown["shop"]["replication"] == "NetworkTopologyStrategy, datacenter1: 1" and shown["shop"]["system"] is False
    assert SYSTEM <= set(shown) and all(shown[name]["system"] for name in SYSTEM) and shown["system"]["replication"] == "LocalStrategy"
    assert "local" in shown["system"]["tables"] and list(shown) == sorted(shown)
    assert shown["shop"]["tables"] == sorted(shown["shop"]["tables"]) and shown["shop"]["views"] == []


def test_a_new_table_is_there_when_its_statement_was_answered(latchkey, database, door, real):
    name = "t_" + uuid.uuid4().hex[:8]
    token = latchkey.token_for(("db-cql", database.drn()), ("db-table-create", database.drn("shop", name)))
    connection = door.raw(token)
    connection.query("CREATE TABLE shop.%s (id int PRIMARY KEY)" % name)
    connection.close()
    shown = {k["name"]: k["tables"] for k in latchkey.good("GET", "/v2/databases/%s/keyspaces" % database.id)}
    assert name in shown["shop"]
    assert row_of(preview(latchkey), database, "shop", name)["level"] == "table"
    real.run("DROP TABLE shop." + name)


def test_the_state_names_nodes_and_when_the_schema_was_read(latchkey, database, real):
    state = until("a node that is up", lambda: (lambda s: s if all(n["up"] for n in s["nodes"]) else None)(
        latchkey.good("GET", "/v2/databases/%s/state" % database.id)))
    assert state["status"] == "ACTIVE" and "problem" not in state and state["cqlAddress"].endswith(":%d" % database.port)
    node, = state["nodes"]
    assert node == {"address": real.node, "up": True, "used": True, "datacenter": "datacenter1", "rack": node["rack"],
                    "version": node["version"]} and re.match(r"\d+\.\d+", node["version"])
    assert re.match(r"20\d\d-.*\.\d{3}Z$", state["schemaReadAt"]) and uuid.UUID(state["schemaVersion"])
    assert isinstance(state["clients"], int)


def test_a_database_without_a_node_says_so(latchkey):
    made = latchkey.add_database("nowhere", "127.0.0.1:%d" % free_port(), "nobody", "nothing")
    try:
        state = until("the problem", lambda: (lambda s: s if s.get("problem") else None)(
            latchkey.good("GET", "/v2/databases/%s/state" % made.id)))
        assert state["nodes"] == [] and state["schemaReadAt"] is None and state["status"] == "MAINTENANCE"
        assert latchkey.good("GET", "/v2/databases/%s/keyspaces" % made.id) == []
        assert row_of(preview(latchkey, {"databaseId": made.id}), made)["databaseName"] == "nowhere"
    finally:
        latchkey.ask("db", "remove", "nowhere")


# who may see what

def test_who_may_not_see_a_database_learns_no_name_in_it(latchkey, database, blind):
    told = [json.dumps(preview(latchkey, ask, token=blind.text)) for ask in (
        {}, {"clientId": blind.client_id}, {"roles": [ADMINISTRATOR], "systemKeyspaces": True})]
    told.append(json.dumps(review(latchkey, token=blind.text, policy={"effect": "allow", "actions": ["db-cql"], "resources": [
        "drn:astra:org:%s:db:%s" % (latchkey.organization, database.id)]})))
    told.append(json.dumps(latchkey.good("GET", "/v2/access-map", token=blind.text)["reach"]))
    for path in ("keyspaces", "state"):
        answer = latchkey.http("GET", "/v2/databases/%s/%s" % (database.id, path), token=blind.text)
        assert answer.status_code == 401
        told.append(answer.text)
    for ask in ({"databaseId": database.id}, {"databaseId": str(uuid.uuid4())}):
        answer = latchkey.http("POST", "/v2/policies/preview", ask, token=blind.text)
        assert answer.status_code == 404
        told.append(answer.text)
    for name in ("customers", "vault", "secrets", "system_schema", '"main"', real_address(latchkey, database)):
        assert not any(name in text for text in told), name


def real_address(latchkey, database):
    return latchkey.good("GET", "/v2/databases/%s/state" % database.id)["nodes"][0]["address"]


def test_who_sees_another_database_sees_that_one_alone(latchkey, database):
    token = latchkey.token_for(("org-db-view", "drn:astra:org:%s:db:%s" % (latchkey.organization, uuid.uuid4())))
    for path in ("keyspaces", "state"):
        assert latchkey.http("GET", "/v2/databases/%s/%s" % (database.id, path), token=token.text).status_code == 404
    assert [r["level"] for r in preview(latchkey, token=token.text)["rows"]] == ["organization", "database"]


def test_others_need_a_permission_and_oneself_none(latchkey, database, orders_only):
    mine = preview(latchkey, token=orders_only.text)
    assert mine == preview(latchkey, {"clientId": orders_only.client_id}, token=orders_only.text)
    for ask in ({"roles": [ADMINISTRATOR]}, {"policies": [{"effect": "allow", "actions": [], "resources": []}]}, {"clientId": "x" * 24}):
        assert latchkey.http("POST", "/v2/policies/preview", ask, token=orders_only.text).status_code == 403
    assert latchkey.http("POST", "/v2/policies/review", {"roleId": ADMINISTRATOR}, token=orders_only.text).status_code == 403
    assert latchkey.http("GET", "/v2/access-map", token=orders_only.text).status_code == 403


# what is said

def test_every_cell_of_a_preview_is_what_authorize_says(latchkey, database):
    token = latchkey.make_token(
        latchkey.make_role(["db-cql", "db-table-select", "db-table-modify", "db-keyspace-describe"],
                           [database.drn(), database.drn("shop"), database.drn("shop", "*")]),
        latchkey.make_role(["db-table-modify"], [database.drn("shop", "orders")], effect="deny"))
    answer = preview(latchkey, {"clientId": token.client_id})
    shop = [r for r in answer["rows"] if r.get("keyspace") == "shop"]
    assert {r.get("table") for r in shop} >= {None, "orders", "customers"}
    for row in shop + [row_of(answer, database)]:
        for action in ("db-cql", "db-table-select", "db-table-modify", "db-table-drop", "db-keyspace-describe"):
            said = latchkey.good("POST", "/v2/token/authorize", {"token": token.text, "actions": [action], "resources": [row["resource"]]})
            assert said["allow"] is (action in row["allowed"]), (row, action)
    assert row_of(answer, database, "shop", "orders")["denied"] == ["db-table-modify"]
    assert "reads" in answer["summary"] and answer["truncated"] is False and answer["dangling"] == []


def test_system_keyspaces_are_there_on_request(latchkey, database):
    assert SYSTEM.isdisjoint(r.get("keyspace") for r in preview(latchkey)["rows"])
    assert SYSTEM <= {r.get("keyspace") for r in preview(latchkey, {"systemKeyspaces": True})["rows"]}


def test_a_deleted_role_dangles(latchkey, database):
    role = own_role(latchkey, ["org-read"], "drn:astra:org:" + latchkey.organization)
    token = latchkey.make_token(role)
    assert latchkey.http("DELETE", "/v2/organizations/roles/" + role).status_code == 204
    answer = preview(latchkey, {"clientId": token.client_id})
    assert answer["dangling"] == [role] and not any(r["allowed"] for r in answer["rows"])
    latchkey.delete_token(token)


def test_a_review_foretells_what_the_change_does(latchkey, database):
    role = own_role(latchkey, ["db-cql", "db-table-select"], database.drn(), database.drn("shop", "orders"))
    token = latchkey.make_token(role)
    after = {"effect": "allow", "actions": ["db-cql", "db-table-modify"], "resources": [database.drn(), database.drn("shop", "*"),
                                                                                        database.drn("later", "t")]}
    before = preview(latchkey, {"clientId": token.client_id})
    told = review(latchkey, roleId=role, policy=after)
    assert told["refused"] is None and told["tokens"] == 1 and told["clientIds"][0]["clientId"] == token.client_id
    gained, lost = names(told["gained"]), names(told["lost"])
    assert gained[("main", "shop", "orders")] == ["db-table-modify"] and gained[(None, "later", "t")] == ["db-table-modify"]
    assert lost == {("main", "shop", "orders"): ["db-table-select"]}
    assert latchkey.http("PUT", "/v2/organizations/roles/" + role, {"name": "n" + uuid.uuid4().hex, "policy": after}).status_code == 200
    now = preview(latchkey, {"clientId": token.client_id})
    real_gains = {}
    for row, was in zip(now["rows"], before["rows"]):
        assert row["resource"] == was["resource"]
        more = [a for a in row["allowed"] if a not in was["allowed"]]
        if more:
            real_gains[(row.get("databaseName"), row.get("keyspace"), row.get("table"))] = more
    del gained[(None, "later", "t")]
    assert real_gains == gained
    latchkey.delete_token(token)


def test_a_review_changes_and_records_nothing(latchkey, database):
    role = latchkey.make_role(["org-role-read", "org-role-write"], ["drn:astra:org:" + latchkey.organization])
    token = latchkey.make_token(role)
    before = latchkey.http("GET", "/v2/organizations/roles").text
    told = review(latchkey, token=token.text, policy={"effect": "allow", "actions": ["db-cql"], "resources": [database.drn()]})
    assert "missing db-cql on " + database.drn() in told["refused"]
    assert latchkey.http("GET", "/v2/organizations/roles").text == before
    refusals = latchkey.good("GET", "/v2/audit?actor=%s&outcome=refused&limit=10" % token.client_id)["records"]
    assert refusals == []
    latchkey.delete_token(token)


def test_who_can_write_orders(latchkey, database, orders_only):
    asked = "/v2/access-map?action=db-table-modify&resource=" + database.drn("shop", "orders")
    answer = latchkey.good("GET", asked)
    holders = [c["clientId"] for g in answer["groups"] for c in g["clients"]]
    assert orders_only.client_id in holders and all("db-table-modify" in r["actions"] and r["writes"] for r in answer["reach"])
    assert {(r["keyspace"], r["table"]) for r in answer["reach"]} == {("shop", "orders")}
    whole = latchkey.good("GET", "/v2/access-map?databaseId=" + database.id)
    place, = [i for i, g in enumerate(whole["groups"]) if orders_only.client_id in [c["clientId"] for c in g["clients"]]]
    reach = {(r["level"], r.get("keyspace"), r.get("table")): r for r in whole["reach"] if r["group"] == place}
    assert set(reach) == {("database", None, None), ("keyspace", "shop", None), ("table", "shop", "orders")}
    assert reach[("database", None, None)]["reads"] and reach[("database", None, None)]["actions"] == ["db-cql"]
    assert reach[("keyspace", "shop", None)]["writes"] and not reach[("keyspace", "shop", None)]["changesSchema"]


def test_explain_says_what_would_change_it(latchkey, database, orders_only):
    ask = {"tokenId": orders_only.client_id, "databaseId": database.id, "cql": "SELECT * FROM shop.customers"}
    answer = latchkey.good("POST", "/v2/explain", ask)
    assert answer["allow"] is False
    assert answer["change"].startswith("Add the resource %s to role " % database.drn("shop", "customers"))
    assert answer["change"] == answer["needs"][-1]["change"]
    draft = {"effect": "allow", "actions": ["db-table-select"], "resources": [database.drn("shop", "customers")]}
    answer = latchkey.good("POST", "/v2/explain", dict(ask, policies=[draft]))
    assert answer["allow"] is True and answer["needs"][-1]["rule"]["roleName"] == "draft 1"
    roles = [latchkey.make_role(["db-cql"], [database.drn()]), latchkey.make_role(["db-table-select"], [database.drn("shop", "customers")])]
    ask = {"roles": roles, "databaseId": database.id, "cql": "SELECT * FROM shop.customers"}
    assert latchkey.good("POST", "/v2/explain", ask)["allow"] is True


def test_explain_claims_nothing_of_what_bound_values_decide(latchkey, database, orders_only):
    sizes = "SELECT * FROM system.size_estimates WHERE keyspace_name = 'shop' AND table_name = "

    def explain(table):
        return latchkey.http("POST", "/v2/explain", {"tokenId": orders_only.client_id, "databaseId": database.id, "cql": sizes + table})
    assert [explain(table).json()["allow"] for table in ("'orders'", "'customers'")] == [True, False]
    answer = explain("?")
    assert answer.status_code == 422 and "its values decide" in answer.text


def test_explain_tells_who_may_not_see_the_database_no_more_than_they_named(latchkey, database, real, blind):
    real.run("CREATE INDEX IF NOT EXISTS by_value ON vault.secrets (secret)")
    try:
        def explained(index, token):
            text = json.dumps(latchkey.good("POST", "/v2/explain", {"databaseId": database.id, "cql": "DROP INDEX vault.%s" % index,
                                                                    "clientId": blind.client_id}, token=token))
            return text.replace(index, "INDEX")
        until("the index", lambda: "table:secrets" in explained("by_value", None))
        assert "is not there" in explained("by_nothing", None)
        assert explained("by_value", blind.text) == explained("by_nothing", blind.text)
        assert "secrets" not in explained("by_value", blind.text) and "is not there" not in explained("by_nothing", blind.text)
    finally:
        real.run("DROP INDEX vault.by_value")
