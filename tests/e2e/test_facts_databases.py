"""Databases, keyspaces and what is refused beside them, fact by fact; the cluster is a node that records."""
import pathlib
import re
import sys

import pytest

import facts
from facts import INSTANT, JSON, NOBODY, UUID, ZERO_TIME, assert_empty, assert_refused
from latchkey import ADMINISTRATOR, free_port, until

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "node"), str(TESTS / "gateway")]

import recording_node  # noqa: E402
from node_schema import Keyspace, Schema, simple  # noqa: E402

PATH = "/v2/databases"
STATUSES = "ACTIVE PENDING PREPARING PREPARED INITIALIZING PARKED PARKING UNPARKING TERMINATED TERMINATING RESIZING ERROR MAINTENANCE UNKNOWN"
ACTIONS = ("park unpark resize resetPassword addKeyspace addDatacenters terminateDatacenter getCreds terminate removeKeyspace "
           "removeMigrationProxy launchMigrationProxy")


class Node(recording_node.RecordingNode):
    """Makes and drops the keyspaces that it is asked for."""

    def _changed(self, frame, text):
        made = re.match(r'(CREATE|DROP) KEYSPACE "(\w+)"', text)
        if made and made.group(1) == "CREATE":
            self.schema.keyspaces[made.group(2)] = Keyspace({})
        elif made:
            del self.schema.keyspaces[made.group(2)]
        self.schema.changed()
        return super()._changed(frame, text)


@pytest.fixture(scope="module")
def node():
    found = Node(Schema({"crm": Keyspace({"t": simple()}), "shop": Keyspace({"orders": simple()}),
                         "zoo": Keyspace({})}))
    yield found
    found.close()


@pytest.fixture(scope="module")
def database(latchkey, node):
    """A database that is active, and not the one of the tests with a real cluster."""
    found = latchkey.add_database("facts", "%s:%d" % (node.address, node.port), recording_node.USER, recording_node.PASSWORD)
    until("a database that is active with its keyspaces",
          lambda: (lambda d: d["status"] == "ACTIVE" and d["info"]["keyspaces"])(latchkey.good("GET", PATH + "/" + found.id)))
    yield found
    latchkey.ask("db", "remove", "facts")


@pytest.fixture(scope="module")
def others(latchkey, database):
    """Two more, without a node."""
    names = ["facts 2", "facts 3"]
    found = [latchkey.add_database(name, "127.0.0.1:%d" % free_port(), "nobody", "nothing") for name in names]
    yield found
    for name in names:
        latchkey.run("db", "remove", name)


@pytest.fixture(scope="module")
def viewer(latchkey, database):
    """May view this database alone."""
    return latchkey.token_for(("org-db-view", database.drn())).text


def get(latchkey, path, token=None):
    answer = latchkey.http("GET", path, token=token)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == JSON, answer.text
    return answer.json()


@pytest.fixture(params=["list", "one"])
def shown(latchkey, database, request):
    """The object, from either place."""
    if request.param == "one":
        return get(latchkey, PATH + "/" + database.id)
    return next(d for d in get(latchkey, PATH) if d["id"] == database.id)


# the object

def test_database_list_answers_200_with_a_bare_array(latchkey, database):
    assert isinstance(get(latchkey, PATH), list)


def test_database_has_every_key_of_the_wire(shown):
    assert {"id", "orgId", "ownerId", "info", "creationTime", "terminationTime", "lastUsageTime", "status", "observedStatus", "storage",
            "metrics", "cost", "availableActions"} <= set(shown)


def test_ids_are_lower_case_uuids(shown, latchkey):
    assert UUID.fullmatch(shown["id"]) and shown["orgId"] == latchkey.organization and isinstance(shown["ownerId"], str)


def test_info_has_what_clients_read(shown):
    info = shown["info"]
    assert {"name", "keyspaces", "datacenters", "keyspace", "additionalKeyspaces", "cloudProvider", "tier", "capacityUnits", "region",
            "dbType"} <= set(info)
    assert info["name"] == "facts" and info["tier"] == "serverless" and isinstance(info["capacityUnits"], int) and info["region"]


def test_cloud_provider_is_one_of_three(shown):
    """Any other word makes one client crash."""
    assert shown["info"]["cloudProvider"] in ("AWS", "GCP", "AZURE")
    assert all(d["cloudProvider"] in ("AWS", "GCP", "AZURE") for d in shown["info"]["datacenters"])


def test_storage_is_an_object_of_four_numbers(shown):
    assert set(shown["storage"]) == {"nodeCount", "replicationFactor", "totalStorage", "usedStorage"}
    assert all(isinstance(v, int) for v in shown["storage"].values()) and shown["storage"]["nodeCount"] == 1


def test_datacenters_have_an_id_and_a_name(shown):
    one, = shown["info"]["datacenters"]
    assert one["id"] == shown["id"] + "-1" and one["name"] and isinstance(one["region"], str) and one["tier"] == "serverless"


def test_status_is_upper_case_and_of_the_common_set(shown):
    assert shown["status"] == shown["observedStatus"] == "ACTIVE" and shown["status"] in STATUSES.split()


def test_times_are_instants_and_termination_time_is_zero(shown):
    assert INSTANT.fullmatch(shown["creationTime"]) and INSTANT.fullmatch(shown["lastUsageTime"]) and shown["terminationTime"] == ZERO_TIME


def test_metrics_and_cost_are_objects_and_actions_are_of_the_known_ones(shown):
    assert isinstance(shown["metrics"], dict) and isinstance(shown["cost"], dict)
    assert set(shown["availableActions"]) <= set(ACTIONS.split())


def test_keyspaces_are_told_three_ways_that_agree(shown):
    """One client adds `additionalKeyspaces` to `keyspace`, another reads `keyspaces` alone."""
    info = shown["info"]
    assert info["keyspaces"] == ["crm", "shop", "zoo"] == [info["keyspace"]] + info["additionalKeyspaces"]


def test_keyspaces_of_a_database_that_is_not_reached_are_empty_arrays_not_null(latchkey, others):
    found = get(latchkey, PATH + "/" + others[0].id)
    assert found["info"]["keyspaces"] == found["info"]["additionalKeyspaces"] == [] and found["info"]["keyspace"] == ""
    assert found["status"] in STATUSES.split() and found["status"] != "ACTIVE" and found["info"]["datacenters"][0]["id"]


def test_the_list_and_the_single_one_agree(latchkey, database):
    one = get(latchkey, PATH + "/" + database.id)
    assert [d for d in get(latchkey, PATH) if d["id"] == database.id] == [one]


def test_the_id_is_found_in_any_letter_case(latchkey, database):
    assert get(latchkey, PATH + "/" + database.id.upper())["id"] == database.id


def test_datacenters_answers_200_with_an_array(latchkey, database):
    assert get(latchkey, PATH + "/" + database.id + "/datacenters") == get(latchkey, PATH + "/" + database.id)["info"]["datacenters"]


# the list

@pytest.mark.parametrize("query", ["include=non_terminated&provider=all&limit=100", "include=nonterminated", "include=all", "include=ACTIVE",
                                   "include=active", "provider=ALL", "provider=AWS", "provider=aws", "limit=1000", "limit=25", "limit=x",
                                   "limit=", "limit=-1", "limit=0", "unknown=1", "include=", "provider=", "starting_after="])
def test_every_query_that_clients_send_is_taken(latchkey, database, query):
    assert database.id in [d["id"] for d in get(latchkey, PATH + "?" + query)]


@pytest.mark.parametrize("query", ["provider=gcp", "provider=AZURE", "include=terminated", "include=parked"])
def test_what_no_database_is_lists_none(latchkey, database, query):
    assert get(latchkey, PATH + "?" + query) == []


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_paging_with_starting_after_sees_each_once_and_ends_with_an_empty_array(latchkey, database, others, limit):
    seen, last = [], ""
    while True:
        page = get(latchkey, "%s?limit=%d%s" % (PATH, limit, "&starting_after=" + last if last else ""))
        if not page:
            break
        assert len(page) <= limit
        seen += [d["id"] for d in page]
        last = seen[-1]
    assert seen == [d["id"] for d in get(latchkey, PATH)] and {database.id, *[o.id for o in others]} <= set(seen)


def test_starting_after_an_unknown_one_is_an_empty_array(latchkey, database):
    assert get(latchkey, PATH + "?starting_after=" + NOBODY) == get(latchkey, PATH + "?limit=5&starting_after=x") == []


def test_the_next_page_is_named_in_the_link_header_alone(latchkey, database, others):
    answer = latchkey.http("GET", PATH + "?limit=1")
    assert len(answer.json()) == 1 and 'rel="next"' in answer.headers["Link"]
    following = latchkey.http("GET", answer.headers["Link"].split(">")[0].strip("<").replace(latchkey.api, ""))
    assert following.status_code == 200 and following.json()[0]["id"] != answer.json()[0]["id"]
    assert "Link" not in latchkey.http("GET", PATH).headers


def test_databases_that_may_not_be_seen_are_left_out(latchkey, database, others, viewer):
    assert [d["id"] for d in get(latchkey, PATH, viewer)] == [database.id]


# who may see what

def test_a_database_that_may_not_be_seen_is_404_as_an_absent_one(latchkey, database, others, viewer):
    unseen, absent = (latchkey.http("GET", PATH + "/" + identity, token=viewer) for identity in (others[0].id, NOBODY))
    assert_refused(unseen, 404)
    assert_refused(absent, 404)
    assert facts.errors_of(unseen.text) == facts.errors_of(absent.text)


@pytest.mark.parametrize("method,tail,action", [
    ("POST", "/terminate", "org-db-terminate"), ("POST", "/keyspaces/new", "db-keyspace-create"), ("DELETE", "/keyspaces/shop", "db-keyspace-drop"),
    ("POST", "/secureBundleURL", "db-cql"), ("POST", "/secureBundleURL?all=true", "db-cql"), ("POST", "/token", "org-token-write")])
def test_a_missing_permission_below_a_database_is_401_naming_it(latchkey, database, viewer, method, tail, action):
    assert_refused(latchkey.http(method, PATH + "/" + database.id + tail, token=viewer), 401, action)


@pytest.mark.parametrize("method,tail,action", [
    ("POST", "/keyspaces/new", "db-keyspace-create"), ("DELETE", "/keyspaces/shop", "db-keyspace-drop")])
def test_a_missing_keyspace_permission_names_the_keyspace(latchkey, database, viewer, method, tail, action):
    assert_refused(latchkey.http(method, PATH + "/" + database.id + tail, token=viewer), 401, database.drn(tail.rsplit("/", 1)[1]))


# keyspaces

def test_keyspace_create_answers_201_empty_and_drop_202_empty(latchkey, database, node):
    path, mark = "%s/%s/keyspaces/fresh" % (PATH, database.id), node.mark()
    assert_empty(latchkey.http("POST", path), 201)
    assert "fresh" in get(latchkey, PATH + "/" + database.id)["info"]["additionalKeyspaces"]
    assert_empty(latchkey.http("DELETE", path, data=b"null", headers={"Content-Type": "application/json"}), 202)
    assert "fresh" not in get(latchkey, PATH + "/" + database.id)["info"]["keyspaces"]
    texts = [r.text for r in node.received(mark, control=True) if r.text and " KEYSPACE " in r.text]
    assert [t.split()[0] for t in texts] == ["CREATE", "DROP"] and all('"fresh"' in t for t in texts)


def test_a_keyspace_that_exists_is_422_and_one_that_does_not_404(latchkey, database):
    assert_refused(latchkey.http("POST", "%s/%s/keyspaces/shop" % (PATH, database.id)), 422, "exists already")
    assert_refused(latchkey.http("DELETE", "%s/%s/keyspaces/not_there" % (PATH, database.id)), 404)


@pytest.mark.parametrize("bad", ["a-b", "a%20b", "x" * 49, "system", "system_auth", "%C3%A4", "%22"])
def test_a_name_that_is_no_keyspace_s_is_422(latchkey, database, bad):
    for method in ("POST", "DELETE"):
        assert_refused(latchkey.http(method, "%s/%s/keyspaces/%s" % (PATH, database.id, bad)), 422)


def test_a_keyspace_of_a_cluster_that_is_not_reached_is_503_with_retry_after(latchkey, others):
    answer = latchkey.http("POST", "%s/%s/keyspaces/k" % (PATH, others[0].id))
    assert_refused(answer, 503, "not reached")
    assert int(answer.headers["Retry-After"]) > 0


# registering

HOSTED = {"name": "x", "cloudProvider": "GCP", "tier": "serverless", "capacityUnits": 1, "region": "us-east1", "keyspace": "k", "dbType": "vector"}


def test_a_body_of_the_hosted_service_s_shape_is_422_and_says_why(latchkey):
    assert_refused(latchkey.http("POST", PATH, HOSTED), 422, "registers clusters, it does not create them", "contactPoints")


def test_registering_through_the_api_needs_the_settings_that_allow_targets(latchkey):
    body = {"name": "by api", "contactPoints": "127.0.0.1:1", "datacenter": "datacenter1", "username": "u", "password": "p" * 20,
            "listen": "127.0.0.1:%d" % free_port()}
    answer = latchkey.http("POST", PATH, body)
    assert answer.status_code in (401, 403, 422) and "register" in answer.text
    assert answer.status_code == 422 or "latchkey db add" in answer.text


@pytest.mark.parametrize("points", ["10.0.0.256:9042", "1.2.3:9042", "node:0", "node:99999", "http://node:9042", "a b", "10.0.0.0/8", "0.0.0.0:9042",
                                    "[::]:9042", "127.0.0.1:1,,127.0.0.1:2", ",".join(["127.0.0.1:1"] * 17)])
def test_contact_points_that_cannot_be_right_are_400_before_anybody_is_sent_to_the_operator(latchkey, points):
    body = {"name": "by api", "contactPoints": points, "datacenter": "datacenter1", "username": "u", "password": "p" * 20,
            "listen": "127.0.0.1:%d" % free_port()}
    assert_refused(latchkey.http("POST", PATH, body), 400, "contactPoints")


def test_database_create_answers_201_empty_with_the_bare_id_as_location_and_terminate_202(own_latchkey):
    own_latchkey.configure(register_targets="127.0.0.0/8", register_listen="127.0.0.1")
    own_latchkey.serve()
    body = {"name": "By API", "contactPoints": ["127.0.0.1:1"], "datacenter": "datacenter1", "username": "u", "password": "p" * 20,
            "listen": "127.0.0.1:%d" % free_port()}
    answer = own_latchkey.http("POST", PATH, body)
    assert_empty(answer, 201)
    identity = answer.headers["Location"]
    assert UUID.fullmatch(identity) and get(own_latchkey, PATH + "/" + identity)["info"]["name"] == "By API"
    assert get(own_latchkey, PATH + "/" + identity)["ownerId"] == own_latchkey.administrator.split(":")[1]
    assert_refused(own_latchkey.http("POST", PATH, {**body, "name": "by api"}), 409)
    answer = own_latchkey.http("POST", "%s/%s/terminate?preparedStateOnly=false" % (PATH, identity))
    assert_empty(answer, 202)
    assert_refused(own_latchkey.http("GET", PATH + "/" + identity), 404)
    assert_refused(own_latchkey.http("POST", "%s/%s/terminate" % (PATH, identity)), 404)
    assert get(own_latchkey, PATH) == []
    own_latchkey.stop()


# beside them

@pytest.mark.parametrize("query", ["", "?all=true"])
def test_bundles_are_409_until_there_are_some(latchkey, database, query):
    assert_refused(latchkey.http("POST", "%s/%s/secureBundleURL%s" % (PATH, database.id, query)), 409, "address")


@pytest.mark.parametrize("tail", ["park", "unpark", "resize", "resetPassword", "datacenters"])
def test_what_only_a_hosted_service_can_do_is_404_with_a_number(latchkey, database, tail):
    assert_refused(latchkey.http("POST", "%s/%s/%s" % (PATH, database.id, tail)), 404, "not part of Latchkey")


def test_the_database_token_is_answered_like_any_token(latchkey, database):
    answer = latchkey.http("POST", "%s/%s/token" % (PATH, database.id))
    assert answer.status_code == 200 and answer.headers["Content-Type"] == JSON and answer.headers["Cache-Control"] == "no-store"
    assert facts.TOKEN.fullmatch(answer.json()["token"]) and len(answer.json()["roles"]) == 1


def test_the_database_token_s_role_is_named_after_the_database_and_has_no_organization_line(latchkey, database):
    made = latchkey.good("POST", "%s/%s/token" % (PATH, database.id))
    role = latchkey.good("GET", facts.ROLES + "/" + made["roles"][0])
    assert role["name"] == "facts Database Administrator" and len(role["policy"]["actions"]) == 38
    assert all(line.startswith(database.drn()) for line in role["policy"]["resources"])
    assert {database.drn(), database.drn("*"), database.drn("*", "*")} <= set(role["policy"]["resources"])


def test_a_database_token_that_is_asked_for_twice_is_made_once_with_its_role(latchkey, database):
    former = latchkey.good("POST", "%s/%s/token" % (PATH, database.id))["roles"][0]
    assert latchkey.http("DELETE", facts.ROLES + "/" + former).status_code in (200, 204)
    first, second = (latchkey.http("POST", "%s/%s/token" % (PATH, database.id), headers={"Idempotency-Key": "one-click"}) for _ in range(2))
    assert first.status_code == second.status_code == 200 and first.json() == second.json(), first.text + second.text
    assert first.json()["roles"] != [former] and first.json()["roles"] == latchkey.good("POST", "%s/%s/token" % (PATH, database.id))["roles"]


def test_the_database_token_sees_its_database_alone_and_cannot_mint(latchkey, database, others):
    made = latchkey.good("POST", "%s/%s/token" % (PATH, database.id))
    assert [d["id"] for d in get(latchkey, PATH, made["token"])] == [database.id]
    assert_refused(latchkey.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, token=made["token"]), 403, "org-token-write")
    assert_refused(latchkey.http("GET", "/v2/tokens", token=made["token"]), 403, "org-token-read")
