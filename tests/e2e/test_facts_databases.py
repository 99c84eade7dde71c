"""Databases, keyspaces and what is refused beside them, fact by fact; the cluster is a node that records."""
import socket

import pytest

import facts
from facts import INSTANT, JSON, NOBODY, UUID, ZERO_TIME, assert_empty, assert_refused
from keyspace_node import PASSWORD, USER, keyspace_node
from latchkey import ADMINISTRATOR, free_port, until

PATH = "/v2/databases"
STATUSES = "ACTIVE PENDING PREPARING PREPARED INITIALIZING PARKED PARKING UNPARKING TERMINATED TERMINATING RESIZING ERROR MAINTENANCE UNKNOWN"
OTHERS = "ASSOCIATING DECOMMISSIONING DEGRADED HIBERNATED HIBERNATING PLACING RESUMING SYNCHRONIZING SUSPENDED"     # that some client knows
ACTIONS = ("park unpark resize resetPassword addKeyspace addDatacenters terminateDatacenter getCreds terminate removeKeyspace "
           "removeMigrationProxy launchMigrationProxy")


@pytest.fixture(scope="module")
def node():
    found = keyspace_node(crm=["t"], shop=["orders"], zoo=[])
    yield found
    found.close()


@pytest.fixture(scope="module")
def database(latchkey, node):
    """A database that is active, and not the one of the tests with a real cluster."""
    found = latchkey.add_database("facts", "%s:%d" % (node.address, node.port), USER, PASSWORD)
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


def test_the_hosted_service_s_addresses_are_there_and_empty(shown):
    """One client cannot read a database without four of them; that they are empty none minds."""
    assert {shown[name] for name in ("studioUrl", "grafanaUrl", "cqlshUrl", "graphqlUrl", "dataEndpointUrl")} == {""}


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


def test_a_datacenter_has_what_clients_read(shown):
    """Two clients show when it was made; whatever there is of it is of its kind, for one of them checks kinds."""
    one, = shown["info"]["datacenters"]
    texts = {"id", "name", "status", "tier", "cloudProvider", "region", "regionZone", "regionClassification"}
    assert set(one) == texts | {"capacityUnits", "dateCreated"} and all(isinstance(one[name], str) for name in texts)
    assert type(one["capacityUnits"]) is int and INSTANT.fullmatch(one["dateCreated"]) and one["dateCreated"] == shown["creationTime"]


def test_a_database_is_no_vector_database(shown):
    """One client shows any other word there as such, the empty one, too."""
    assert shown["info"]["dbType"] is None


def test_a_message_is_there_only_when_something_is_wrong(latchkey, shown, others):
    assert "message" not in shown
    assert "message" in get(latchkey, PATH + "/" + others[0].id)


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
    """One client adds `additionalKeyspaces` to `keyspace` where there is one, another reads `keyspaces` alone."""
    info = shown["info"]
    assert info["keyspaces"] == ["crm", "shop", "zoo"] == [one for one in [info["keyspace"]] if one] + info["additionalKeyspaces"]


def test_the_default_keyspace_stays_whatever_keyspaces_come_and_go(latchkey, database):
    """One client takes another one for another database, and would replace what there is."""
    path = PATH + "/" + database.id
    before = get(latchkey, path)["info"]["keyspace"]
    assert_empty(latchkey.http("POST", path + "/keyspaces/aaa"), 201)
    assert get(latchkey, path)["info"]["keyspace"] == before and "aaa" in get(latchkey, path)["info"]["additionalKeyspaces"]
    assert_empty(latchkey.http("DELETE", path + "/keyspaces/aaa"), 202)
    assert get(latchkey, path)["info"]["keyspace"] == before


def test_keyspaces_of_a_database_that_is_not_reached_are_empty_arrays_not_null(latchkey, others):
    found = get(latchkey, PATH + "/" + others[0].id)
    assert found["info"]["keyspaces"] == found["info"]["additionalKeyspaces"] == [] and found["info"]["keyspace"] == ""
    assert found["status"] in STATUSES.split() and found["status"] != "ACTIVE" and found["info"]["datacenters"][0]["id"]


def test_the_list_and_the_single_one_agree(latchkey, database):
    one = get(latchkey, PATH + "/" + database.id)
    assert [d for d in get(latchkey, PATH) if d["id"] == database.id] == [one]


def test_the_id_is_found_in_any_letter_case(latchkey, database):
    assert get(latchkey, PATH + "/" + database.id.upper())["id"] == database.id


@pytest.mark.parametrize("method,tail,body,status", [
    ("GET", "/datacenters", None, 200), ("GET", "/access-list", None, 200), ("POST", "/access-list", [{"address": "10.0.0.0/8"}], 204),
    ("DELETE", "/access-list", None, 204), ("POST", "/keyspaces/cased", None, 201), ("DELETE", "/keyspaces/cased", None, 202),
    ("POST", "/secureBundleURL", None, 409), ("POST", "/token", None, 200)])
def test_the_id_is_taken_in_capitals_on_every_path_below_it(latchkey, database, method, tail, body, status):
    assert latchkey.http(method, PATH + "/" + database.id.upper() + tail, body).status_code == status


def test_datacenters_answers_200_with_an_array(latchkey, database):
    assert get(latchkey, PATH + "/" + database.id + "/datacenters") == get(latchkey, PATH + "/" + database.id)["info"]["datacenters"]


# the list

@pytest.mark.parametrize("query", ["include=non_terminated&provider=all&limit=100", "include=nonterminated", "include=all", "include=ACTIVE",
                                   "include=active", "provider=ALL", "provider=AWS", "provider=aws", "limit=1000", "limit=25", "limit=x",
                                   "limit=", "limit=-1", "limit=0", "unknown=1", "include=", "provider=", "starting_after="])
def test_every_query_that_clients_send_is_taken(latchkey, database, query):
    assert database.id in [d["id"] for d in get(latchkey, PATH + "?" + query)]


@pytest.mark.parametrize("query", ["provider=gcp", "provider=AZURE", "provider=gcp&include=terminated", "include=parked"])
def test_what_no_database_is_lists_none(latchkey, database, query):
    assert get(latchkey, PATH + "?" + query) == []


@pytest.mark.parametrize("status", STATUSES.split() + OTHERS.split())
def test_include_is_any_status_that_clients_know_in_any_case(latchkey, database, others, status):
    of_status = [d["id"] for d in get(latchkey, PATH) if d["status"] == status]
    for word in (status, status.lower(), status.title()):
        found = get(latchkey, PATH + "?include=" + word)
        if status == "TERMINATED":      # what other tests have unregistered
            assert {d["status"] for d in found} <= {status} and of_status == [], word
        else:
            assert [d["id"] for d in found] == of_status, word
    assert (database.id in of_status) == (status == "ACTIVE")


def test_a_limit_over_100_is_100(own_latchkey):
    """One client asks for 1000 and takes the answer for all, another asks on until an empty array."""
    own_latchkey.configure(register_targets="127.0.0.0/8", register_listen="127.0.0.1")
    own_latchkey.serve()
    for i in range(101):
        answer = own_latchkey.http("POST", PATH, {
            "name": "Of many %d" % i, "contactPoints": "127.0.0.1:1", "datacenter": "datacenter1", "username": "u", "password": "p" * 20,
            "listen": "127.0.0.1:%d" % free_port()})
        assert answer.status_code == 201, answer.text
    for limit in ("100", "101", "1000", "999999999"):
        answer = own_latchkey.http("GET", PATH + "?limit=" + limit)
        assert len(answer.json()) == 100 and "limit=100&" in answer.headers["Link"], limit
    rest = get(own_latchkey, "%s?limit=1000&starting_after=%s" % (PATH, answer.json()[-1]["id"]))
    assert len(rest) == 1 and get(own_latchkey, "%s?limit=1000&starting_after=%s" % (PATH, rest[0]["id"])) == []
    assert len(get(own_latchkey, PATH)) == 101
    own_latchkey.stop()


def test_of_a_query_parameter_that_comes_twice_the_first_counts(latchkey, database, others):
    assert len(get(latchkey, PATH + "?limit=1&limit=2")) == 1
    assert get(latchkey, PATH + "?include=parked&include=all") == []


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


def test_a_keyspace_of_a_cluster_that_is_not_reached_is_409(latchkey, others):
    """The one status after which one client tries again."""
    for method in ("POST", "DELETE"):
        assert_refused(latchkey.http(method, "%s/%s/keyspaces/k" % (PATH, others[0].id)), 409, "not reached")


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
    assert_refused(own_latchkey.http("POST", "%s/%s/terminate" % (PATH, identity)), 404)
    assert get(own_latchkey, PATH) == []
    own_latchkey.stop()


def test_an_unregistered_database_is_terminated_for_a_while_and_in_no_list_but_that_of_such(own_latchkey):
    own_latchkey.serve()
    gone = own_latchkey.add_database("Gone", "127.0.0.1:1", "nobody", "a password that is long enough")
    path = PATH + "/" + gone.id
    before = get(own_latchkey, path)
    viewer = own_latchkey.make_token(own_latchkey.make_role(["org-db-view"], [gone.drn()]))
    elsewhere = "drn:astra:org:%s:db:%s" % (own_latchkey.organization, facts.NOBODY)
    stranger = own_latchkey.make_token(own_latchkey.make_role(["org-db-view"], [elsewhere]))
    assert_empty(own_latchkey.http("POST", path + "/terminate"), 202)
    after = get(own_latchkey, path)
    assert (after["status"], after["observedStatus"], after["availableActions"]) == ("TERMINATED", "TERMINATED", [])
    assert INSTANT.fullmatch(after["terminationTime"]) and after["terminationTime"] > before["creationTime"]
    changing = {"status", "observedStatus", "availableActions", "terminationTime", "storage", "message"}
    assert {k: v for k, v in after.items() if k not in changing} == {k: v for k, v in before.items() if k not in changing}
    assert own_latchkey.http("GET", path, token=viewer.text).json() == after
    assert_refused(own_latchkey.http("GET", path, token=stranger.text), 404)
    assert get(own_latchkey, PATH) == get(own_latchkey, PATH + "?include=all") == []
    assert get(own_latchkey, PATH + "?include=terminated") == [after]
    assert own_latchkey.http("GET", PATH + "?include=terminated", token=stranger.text).json() == []
    for method, tail in (("POST", "/terminate"), ("GET", "/datacenters"), ("POST", "/token"), ("POST", "/keyspaces/k"), ("GET", "/access-list")):
        assert own_latchkey.http(method, path + tail).status_code == 404, tail
    own_latchkey.stop()
    own_latchkey.serve()
    assert get(own_latchkey, path) == after
    again = own_latchkey.add_database("Gone", "127.0.0.1:1", "nobody", "a password that is long enough")
    assert [d["id"] for d in get(own_latchkey, PATH)] == [again.id]
    assert_empty(own_latchkey.http("POST", "%s/%s/terminate" % (PATH, again.id)), 202)
    first = own_latchkey.http("GET", PATH + "?include=terminated&limit=1")
    second = get(own_latchkey, first.links["next"]["url"].split(own_latchkey.api)[-1])
    assert {d["id"] for d in first.json() + second} == {gone.id, again.id}
    own_latchkey.stop()


def test_what_may_not_be_seen_is_no_place_to_go_on_from(own_latchkey):
    own_latchkey.serve()
    hidden, seen = [own_latchkey.add_database(name, "127.0.0.1:1", "nobody", "a password that is long enough") for name in ("a hidden", "b seen")]
    viewer = own_latchkey.make_token(own_latchkey.make_role(["org-db-view"], [seen.drn()]))

    def behind(identity, more, token):
        return [d["id"] for d in own_latchkey.http("GET", "%s?starting_after=%s%s" % (PATH, identity, more), token=token).json()]

    for more in ("", "&include=terminated"):
        assert behind(hidden.id, more, own_latchkey.administrator) == [seen.id]
        assert behind(hidden.id, more, viewer.text) == behind(NOBODY, more, viewer.text) == []
        for one in (hidden, seen):
            own_latchkey.http("POST", "%s/%s/terminate" % (PATH, one.id))
    own_latchkey.stop()


def test_of_many_that_were_unregistered_the_last_are_remembered(own_latchkey):
    own_latchkey.configure(register_targets="127.0.0.0/8", register_listen="127.0.0.1")
    own_latchkey.serve()

    def register(n):
        answer = own_latchkey.http("POST", PATH, {"name": "n%d" % n, "contactPoints": "127.0.0.1:1", "datacenter": "dc", "username": "u",
                                                  "password": "p" * 20, "listen": "127.0.0.1:%d" % free_port()})
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def unregister(identity):
        return own_latchkey.http("POST", "%s/%s/terminate" % (PATH, identity)).status_code

    gone = []
    for n in range(102):
        gone.append(register(n))
        assert unregister(gone[-1]) == 202
    assert [own_latchkey.http("GET", PATH + "/" + identity).status_code for identity in (gone[0], gone[1], gone[2], gone[-1])] == [404, 404, 200, 200]
    # Those that come at once see the same oldest one; it is in nobody's way, and what is too many goes with the next.
    at_once = [register(n) for n in range(30)]
    address = own_latchkey.api.split("//")[1].split(":")
    doors = [socket.create_connection((address[0], int(address[1])), timeout=60) for _ in at_once]
    for door, identity in zip(doors, at_once):
        door.sendall(("POST %s/%s/terminate HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\nContent-Length: 0\r\n\r\n"
                      % (PATH, identity, own_latchkey.administrator)).encode())
    assert [door.recv(12) for door in doors] == [b"HTTP/1.1 202"] * 30
    for door in doors:
        door.close()
    assert get(own_latchkey, PATH) == []
    assert unregister(register(0)) == 202
    assert len(get(own_latchkey, PATH + "?include=terminated")) == 100
    own_latchkey.stop()


# regions

def test_available_regions_are_the_datacenters_each_once_in_upper_case(latchkey, database, others):
    one, = [r for r in get(latchkey, "/v2/availableRegions") if r["region"] == "datacenter1"]
    assert one["tier"] == "serverless" and one["cloudProvider"] in ("AWS", "GCP", "AZURE") and one["regionDisplay"] == "datacenter1"


@pytest.mark.parametrize("query", ["", "?region-type=all", "?region-type=vector", "?region-type=vector&filter-by-org=enabled", "?filter-by-org=disabled",
                                   "?region-type=", "?region-type=SERVERLESS&unknown=1"])
def test_serverless_regions_are_the_datacenters_each_once_in_lower_case(latchkey, database, others, query):
    one, = [r for r in get(latchkey, "/v2/regions/serverless" + query) if r["name"] == "datacenter1"]
    texts = {"name", "displayName", "zone", "classification", "cloudProvider", "region_type"}
    assert set(one) == texts | {"enabled", "reservedForQualifiedUsers"} and all(isinstance(one[name], str) for name in texts)
    assert one["cloudProvider"] == "aws" and one["enabled"] is True and one["reservedForQualifiedUsers"] is False
    assert one["region_type"] in ("serverless", "vector")


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


def test_the_database_token_s_role_is_reused_as_it_was_edited(latchkey, database):
    path = facts.ROLES + "/" + latchkey.good("POST", "%s/%s/token" % (PATH, database.id))["roles"][0]
    role = latchkey.good("GET", path)
    edited = {"name": "Renamed by hand", "policy": {**role["policy"], "actions": ["db-cql"]}}
    assert_empty(latchkey.http("PUT", path, edited), 200)
    assert latchkey.good("POST", "%s/%s/token" % (PATH, database.id))["roles"] == [role["id"]]
    assert latchkey.good("GET", path)["policy"] == edited["policy"]
    assert_empty(latchkey.http("PUT", path, {"name": role["name"], "policy": role["policy"]}), 200)


def test_the_database_token_s_role_does_not_take_another_role_s_name(latchkey, others):
    own = latchkey.make_role(["org-read"], [], name="facts 2 Database Administrator")
    made = latchkey.good("POST", "%s/%s/token" % (PATH, others[0].id))["roles"]
    assert made != [own] and latchkey.good("GET", facts.ROLES + "/" + made[0])["name"] == "facts 2 Database Administrator (2)"


def test_the_database_token_sees_its_database_alone_and_cannot_mint(latchkey, database, others):
    made = latchkey.good("POST", "%s/%s/token" % (PATH, database.id))
    assert [d["id"] for d in get(latchkey, PATH, made["token"])] == [database.id]
    assert_refused(latchkey.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, token=made["token"]), 403, "org-token-write")
    assert_refused(latchkey.http("GET", "/v2/tokens", token=made["token"]), 403, "org-token-read")
