"""Keyspaces made and dropped through the API, on a real cluster: status codes, permissions, and that the gateway knows
them before the answer leaves."""
import threading
import uuid

import pytest
import requests

from latchkey import free_port


def token_with(latchkey, actions, resources):
    return latchkey.make_token(latchkey.make_role(actions, resources))


@pytest.fixture
def unreached(latchkey, database):
    """The id of a database without a node."""
    found = latchkey.add_database("unreached", "127.0.0.1:%d" % free_port(), "nobody", "nothing")
    yield found.id
    latchkey.ask("db", "remove", "unreached")


@pytest.fixture
def api(latchkey, database):
    class Api:
        def call(self, method, name, token=None, where=None):
            return requests.request(
                method, "%s/v2/databases/%s/keyspaces/%s" % (latchkey.api, where or database.id, name), timeout=60,
                headers={"Authorization": "Bearer " + getattr(token, "text", token or latchkey.administrator)})

        def keyspaces(self):
            shown = requests.get("%s/v2/databases/%s" % (latchkey.api, database.id), timeout=60,
                                 headers={"Authorization": "Bearer " + latchkey.administrator}).json()["info"]
            assert shown["keyspace"] == "" and shown["additionalKeyspaces"] == shown["keyspaces"]
            return shown["keyspaces"]
    return Api()


@pytest.fixture
def name(real):
    made = "made_%s" % uuid.uuid4().hex[:12]
    yield made
    real.run("DROP KEYSPACE IF EXISTS " + made)


def message(answer):
    return answer.json()["errors"][0]["message"]


def test_a_keyspace_is_made_with_201_and_dropped_with_202(api, name, real):
    made = api.call("POST", name)
    assert (made.status_code, made.text) == (201, "")
    assert name in api.keyspaces()
    rows = real.superuser.query("SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = '%s'" % name)
    assert "NetworkTopologyStrategy" in str(rows) and "datacenter1" in str(rows)
    dropped = api.call("DELETE", name)
    assert (dropped.status_code, dropped.text) == (202, "")
    assert name not in api.keyspaces()


def test_a_new_keyspace_can_be_used_through_the_gateway_at_once(api, name, latchkey, database, door):
    token = token_with(latchkey, ["db-cql", "db-table-create", "db-table-modify", "db-table-select"],
                                [database.drn(), database.drn(name), database.drn(name, "*")])
    assert api.call("POST", name).status_code == 201
    with door.driver(token) as session:
        session.execute("CREATE TABLE %s.t (k int PRIMARY KEY)" % name)
        session.execute("INSERT INTO %s.t (k) VALUES (1)" % name)
        assert len(list(session.execute("SELECT k FROM %s.t" % name))) == 1


def test_an_existing_keyspace_and_a_bad_name_are_422(api, name):
    assert api.call("POST", name).status_code == 201
    again = api.call("POST", name)
    assert again.status_code == 422 and "exists already" in message(again)
    for bad in ("a-b", "x" * 49, "%22x%22", "a%20b", "system", "system_auth", "%C3%A4"):
        for method in ("POST", "DELETE"):
            refused = api.call(method, bad)
            assert refused.status_code == 422, (method, bad, refused.text)


def test_a_name_in_capitals_is_the_name_as_it_was_written(api, real):
    try:
        assert api.call("POST", "CapitalLetters").status_code == 201
        assert "CapitalLetters" in api.keyspaces()
        assert api.call("DELETE", "capitalletters").status_code == 404
    finally:
        assert api.call("DELETE", "CapitalLetters").status_code == 202


def test_an_unknown_keyspace_and_an_unknown_database_are_404(api, name):
    assert api.call("DELETE", name).status_code == 404
    for method in ("POST", "DELETE"):
        assert api.call(method, name, where=str(uuid.uuid4())).status_code == 404


def test_a_missing_permission_is_401_and_names_what_is_missing_before_existence(api, name, latchkey, database):
    token = token_with(latchkey, ["db-cql", "org-db-view"], [database.drn()])
    for method, action in (("POST", "db-keyspace-create"), ("DELETE", "db-keyspace-drop")):
        for where in (database.id, str(uuid.uuid4())):
            refused = api.call(method, name, token, where)
            assert refused.status_code == 401, refused.text
            assert action in message(refused) and name in message(refused)
    assert name not in api.keyspaces()


def test_the_right_to_make_all_keyspaces_makes_one(api, name, latchkey, database):
    token = token_with(latchkey, ["db-all-keyspace-create"], [database.drn(name)])
    assert api.call("POST", name, token).status_code == 201
    assert api.call("DELETE", name, token).status_code == 401


def test_while_one_is_under_way_another_is_409_and_nothing_is_lost(api, real):
    names = ["race_%d" % i for i in range(8)]
    answers = {}

    def make(one):
        answers[one] = api.call("POST", one).status_code
    try:
        threads = [threading.Thread(target=make, args=(one,)) for one in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(answers.values()) <= {201, 409} and 201 in answers.values()
        made = api.keyspaces()
        assert all((one in made) == (status == 201) for one, status in answers.items()), answers
    finally:
        for one in names:
            real.run("DROP KEYSPACE IF EXISTS " + one)


def test_a_cluster_that_is_not_reached_is_409_with_words(latchkey, unreached):
    answer = requests.post("%s/v2/databases/%s/keyspaces/ks" % (latchkey.api, unreached), timeout=60,
                           headers={"Authorization": "Bearer " + latchkey.administrator})
    assert answer.status_code == 409 and "not reached" in message(answer)


def test_both_are_in_the_audit_trail(api, name, latchkey, database):
    assert api.call("POST", name).status_code == 201
    assert api.call("DELETE", name).status_code == 202
    lines = latchkey.run("audit", "tail", "-n", "30").stdout
    for event in ("keyspace.create", "keyspace.delete"):
        assert event in lines
    assert "%s:%s" % (database.id, name) in lines


def test_the_datacenter_is_listed_for_who_may_see_the_database(latchkey, database):
    where = "%s/v2/databases/%s/datacenters" % (latchkey.api, database.id)
    shown = requests.get(where, timeout=60, headers={"Authorization": "Bearer " + latchkey.administrator})
    assert shown.status_code == 200
    assert [d["id"] for d in shown.json()] == [database.id + "-1"] and shown.json()[0]["region"] == "datacenter1"


@pytest.mark.parametrize("query, there", [
    ("include=nonterminated&provider=all&limit=1000", True), ("include=non_terminated&provider=ALL", True),
    ("include=all", True), ("include=active", True), ("include=parked", False), ("include=terminated", False),
    ("provider=gcp", False), ("provider=aws", True), ("include=nonsense&provider=nonsense", True)])
def test_filters_of_the_list_of_databases(latchkey, database, query, there):
    listed = requests.get("%s/v2/databases?%s" % (latchkey.api, query), timeout=60,
                          headers={"Authorization": "Bearer " + latchkey.administrator})
    assert listed.status_code == 200
    assert (database.id in [d["id"] for d in listed.json()]) == there
