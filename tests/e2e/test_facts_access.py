"""IP access lists and the questions about tokens, fact by fact."""
import re

import pytest

from facts import JSON, NOBODY, STRANGER, TEXT, assert_empty, assert_refused
from latchkey import ADMINISTRATOR, Latchkey

GO_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})? \+0000 UTC")
JAVA_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+\d{4} UTC")


@pytest.fixture(scope="module")
def house(binary, tmp_path_factory):
    daemon = Latchkey(binary, tmp_path_factory.mktemp("facts-access"))
    daemon.init()
    daemon.configure(question_limit=1000000, question_burst=1000000)
    daemon.serve()
    daemon.org = "drn:astra:org:" + daemon.organization
    daemon.database = daemon.add_database("listed", "127.0.0.1:1", "nobody", "a password that is long enough")
    daemon.powerless = daemon.make_token(daemon.make_role(["org-read"], [])).text
    yield daemon
    daemon.stop()


@pytest.fixture
def path(house):
    """The list of the database, gone after the test."""
    found = "/v2/databases/%s/access-list" % house.database.id
    yield found
    assert_empty(house.http("DELETE", found), 204)


@pytest.fixture
def acl(house):
    """The list of the API itself."""
    found = "/v2/organizations/%s/devops-acl" % house.organization
    yield found
    assert_empty(house.http("DELETE", found + "?force=true"), 202)


def shown(house, path):
    answer = house.http("GET", path)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == JSON
    return answer.json()


# the database's list

def test_access_lists_answers_200_with_an_array(house, path):
    assert shown(house, "/v2/access-lists") == []
    house.http("POST", path, [{"address": "10.0.0.0/8"}])
    assert [one["databaseId"] for one in shown(house, "/v2/access-lists")] == [house.database.id]


def test_access_list_answers_200_with_the_four_keys_even_before_anybody_wrote_one(house, path):
    assert shown(house, path) == {"organizationId": house.organization, "databaseId": house.database.id, "addresses": [],
                                  "configurations": {"accessListEnabled": False}}


def test_addresses_and_configurations_are_always_there_and_description_never_null(house, path):
    assert_empty(house.http("POST", path, [{"address": "10.0.0.0/8"}, {"address": "11.0.0.0/8", "description": None}]), 204)
    found = shown(house, path)
    assert found["configurations"] == {"accessListEnabled": False}
    for one in found["addresses"]:
        assert set(one) == {"address", "description", "enabled", "lastUpdateDateTime"} and one["description"] == "" and one["enabled"] is True


def test_last_update_date_time_is_go_s_time_string_as_java_reads_it_too(house, path):
    house.http("POST", path, [{"address": "10.0.0.0/8"}])
    one, = shown(house, path)["addresses"]
    assert GO_TIME.fullmatch(one["lastUpdateDateTime"]) and JAVA_TIME.fullmatch(one["lastUpdateDateTime"])


@pytest.mark.parametrize("method,body", [
    ("PUT", {"addresses": [{"address": "10.0.0.0/8", "description": "x", "enabled": True}], "configurations": {"accessListEnabled": False}}),
    ("PUT", [{"address": "10.0.0.0/8"}]), ("POST", [{"address": "10.0.0.0/8"}]),
    ("PATCH", {"addresses": [{"address": "10.0.0.0/8"}], "configurations": {"accessListEnabled": False}}),
    ("PATCH", {"configurations": {"accessListEnabled": True}}), ("PATCH", {"addresses": []})])
def test_every_change_of_the_list_answers_204_without_type_and_body(house, path, method, body):
    assert_empty(house.http(method, path, body), 204)


def test_unknown_fields_of_a_list_are_ignored(house, path):
    entry = {"address": "10.0.0.0/8", "id": 7, "lastUpdateDateTime": "2022-06-22 13:12:33.997 +0000 UTC"}
    assert_empty(house.http("POST", path, [entry]), 204)
    assert_empty(house.http("PATCH", path, {"addresses": [entry], "organizationId": NOBODY, "configurations": {"accessListEnabled": False, "x": 1}}), 204)
    assert_empty(house.http("PUT", path, house.good("GET", path)), 204)
    assert [one["address"] for one in shown(house, path)["addresses"]] == ["10.0.0.0/8"]


def test_put_replaces_post_adds_and_patch_changes(house, path):
    def addresses():
        return [(one["address"], one["description"]) for one in shown(house, path)["addresses"]]
    house.http("POST", path, [{"address": "10.0.0.0/8"}])
    house.http("POST", path, [{"address": "11.0.0.0/8"}])
    assert addresses() == [("10.0.0.0/8", ""), ("11.0.0.0/8", "")]
    house.http("PATCH", path, {"addresses": [{"address": "11.0.0.0/8", "description": "changed"}]})
    assert addresses() == [("10.0.0.0/8", ""), ("11.0.0.0/8", "changed")]
    house.http("PUT", path, [{"address": "12.0.0.0/8"}])
    assert addresses() == [("12.0.0.0/8", "")]


@pytest.mark.parametrize("address", ["0.0.0.1/0", "10.0.0.0/8", "192.0.2.7", "192.0.2.7/32", "2001:db8::/32", "::1"])
def test_addresses_are_taken_and_shown_as_they_were_written(house, path, address):
    assert_empty(house.http("POST", path, [{"address": address, "description": "d", "enabled": True}]), 204)
    assert [one["address"] for one in shown(house, path)["addresses"]] == [address]


def test_delete_takes_out_the_addresses_that_are_named_percent_encoded(house, path):
    house.http("POST", path, [{"address": a} for a in ("10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8", "13.0.0.0/8")])
    assert_empty(house.http("DELETE", path + "?addresses=10.0.0.0%2F8"), 204)
    assert_empty(house.http("DELETE", path + "?addresses=11.0.0.0/8&addresses=12.0.0.0%2F8"), 204)
    assert [one["address"] for one in shown(house, path)["addresses"]] == ["13.0.0.0/8"]


def test_delete_without_addresses_takes_out_everything(house, path):
    house.http("PUT", path, {"addresses": [{"address": "10.0.0.0/8"}], "configurations": {"accessListEnabled": True}})
    assert_empty(house.http("DELETE", path), 204)
    assert shown(house, path)["addresses"] == [] and shown(house, path)["configurations"] == {"accessListEnabled": False}


@pytest.mark.parametrize("address", ["", "x", "10.0.0.0/33", "10.0.0", "10.0.0.0/-1", "300.0.0.1", "::1/129", "10.0.0.0 /8", None, 7])
def test_what_is_no_address_is_400_with_text_for_post_and_json_for_the_rest(house, path, address):
    for method, kind in (("POST", TEXT), ("PUT", JSON), ("PATCH", JSON)):
        assert_refused(house.http(method, path, [{"address": address}]), 400, content_type=kind)
    assert shown(house, path)["addresses"] == []


@pytest.mark.parametrize("method,action", [("GET", "accesslist-read"), ("PUT", "accesslist-write"), ("POST", "accesslist-write"),
                                           ("PATCH", "accesslist-write"), ("DELETE", "accesslist-write")])
def test_a_missing_permission_on_a_list_is_401_naming_it(house, path, method, action):
    answer = house.http(method, path, token=house.powerless)
    assert answer.status_code == 401 and action in answer.text


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "PATCH", "DELETE"])
def test_the_list_of_an_absent_database_is_404(house, method):
    body = None if method in ("GET", "DELETE") else [{"address": "10.0.0.0/8"}]
    for database in (NOBODY, "x"):
        answer = house.http(method, "/v2/databases/%s/access-list" % database, body)
        assert answer.status_code == 404 and '"errors"' in answer.text


def test_access_lists_asks_for_accesslist_read_with_403(house):
    assert_refused(house.http("GET", "/v2/access-lists", token=house.powerless), 403, "accesslist-read")


def test_a_list_asks_for_nothing_but_accesslist_actions(house, path):
    token = house.make_token(house.make_role(["accesslist-read", "accesslist-write"], [house.org])).text
    assert house.http("GET", path, token=token).status_code == 200
    assert_empty(house.http("POST", path, [{"address": "10.0.0.0/8"}], token=token), 204)


def test_terraform_s_way_post_patch_read_delete_each(house, path):
    assert_empty(house.http("POST", path, [{"address": "0.0.0.1/0", "description": "", "enabled": True},
                                           {"address": "0.0.0.2/0", "description": "t", "enabled": True}]), 204)
    assert_empty(house.http("PATCH", path, {"addresses": [{"address": "0.0.0.1/0", "description": "", "enabled": True}],
                                            "configurations": {"accessListEnabled": False}}), 204)
    for one in shown(house, path)["addresses"]:
        assert_empty(house.http("DELETE", path + "?addresses=" + one["address"].replace("/", "%2F")), 204)
    assert shown(house, path)["addresses"] == []


# validate and template

@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_template_answers_200_to_get_and_post(house, method):
    answer = house.http(method, "/v2/access-list/template")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == JSON
    assert answer.json()["addresses"] and "accessListEnabled" in answer.json()["configurations"]
    assert all(set(one) == {"address", "description", "enabled"} for one in answer.json()["addresses"])


@pytest.mark.parametrize("addresses,valid", [(["10.0.0.0/8", "::1"], True), ([], True), (["x"], False), (["10.0.0.0/8", "10.0.0.0/99"], False)])
def test_validation_answers_200_with_valid_and_failures(house, addresses, valid):
    for body in ([{"address": a} for a in addresses], {"addresses": [{"address": a} for a in addresses]}):
        answer = house.http("POST", "/v2/access-list/validate", body)
        assert answer.status_code == 200 and set(answer.json()) == {"valid", "validationFailures", "remarks"}
        assert answer.json()["valid"] is valid and bool(answer.json()["validationFailures"]) is not valid


@pytest.mark.parametrize("body,failures", [([1], 1), ([None, {}, {"address": 7}, "::1"], 3), ([""], 1), ({}, 0)])
def test_validation_says_which_entry_has_no_address(house, body, failures):
    answer = house.good("POST", "/v2/access-list/validate", body)
    assert len(answer["validationFailures"]) == failures and answer["valid"] is (failures == 0)
    assert all(re.match(r"addresses\[\d\]", text) for text in answer["validationFailures"])


def test_validation_says_by_entry_what_is_wrong_and_what_is_worth_a_look(house):
    body = ["10.0.0.0/24", "ten", "10.0.0.5/24", "192.0.2.7/32", "2001:db8::1/32", None]
    answer = house.good("POST", "/v2/access-list/validate", body)
    remarks = [(remark["index"], remark["fault"], remark["text"]) for remark in answer["remarks"]]
    assert remarks == [
        (1, True, '"ten" is not an address or a range'),
        (2, False, "10.0.0.5/24 means all of 10.0.0.0/24; one address has no length behind it"),
        (2, False, 'the same range as "10.0.0.0/24" before it; one entry of it is kept, as the last says'),
        (4, False, "2001:db8::1/32 means all of 2001:db8::/32; one address has no length behind it"),
        (5, True, 'has no address: it must be a text, or an object with an "address"')]
    assert answer["valid"] is False and len(answer["validationFailures"]) == 2
    fine = house.good("POST", "/v2/access-list/validate", ["10.0.0.5/24", "10.0.0.5/24"])
    assert fine["valid"] is True and fine["validationFailures"] == [] and len(fine["remarks"]) == 3


def test_validation_shows_the_beginning_of_what_is_too_long_in_whole_characters(house):
    answer = house.good("POST", "/v2/access-list/validate", ["x" + "é" * 40])
    assert answer["remarks"][0]["text"] == '"x%s" is not an address or a range' % ("é" * 31)


@pytest.mark.parametrize("body", ["null", "7", '"::1"', "true", "", '{"addresses": null}', '{"addresses": {}}'])
def test_validation_of_what_is_no_list_is_400(house, body):
    answer = house.http("POST", "/v2/access-list/validate", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400 and "array" in answer.json()["errors"][0]["message"]


# the list of the API

def test_devops_acl_answers_200_201_200_200_202(house, acl):
    assert shown(house, acl)["addresses"] == []
    made = house.http("POST", acl, [{"address": "127.0.0.0/8", "description": "here", "enabled": True}])
    assert made.status_code == 201 and made.headers["Content-Type"] == JSON
    for method, body in (("PUT", {"addresses": [{"address": "127.0.0.0/8"}, {"address": "10.0.0.0/8"}]}),
                         ("PATCH", {"address": "10.0.0.0/8", "description": "one"})):
        answer = house.http(method, acl, body)
        assert answer.status_code == 200, answer.text
    assert_empty(house.http("DELETE", acl + "?addresses=10.0.0.0%2F8"), 202)


def test_devops_acl_shows_created_at_beside_the_last_update(house, acl):
    house.http("POST", acl, [{"address": "127.0.0.0/8"}])
    one, = shown(house, acl)["addresses"]
    assert set(one) == {"address", "description", "enabled", "lastUpdateDateTime", "createdAt"} and GO_TIME.fullmatch(one["createdAt"])


def test_a_list_that_shuts_out_its_caller_is_409_and_with_force_it_is_done(house, acl):
    assert_refused(house.http("POST", acl, [{"address": "10.0.0.0/8"}]), 409, "force=true")
    assert house.http("GET", acl).json()["addresses"] == []
    assert house.http("POST", acl + "?force=true", [{"address": "10.0.0.0/8"}]).status_code == 201
    assert house.http("GET", "/v2/currentOrg").status_code == 403
    house.ask("access-list", "disable", "--api")
    assert house.http("GET", "/v2/currentOrg").status_code == 200


def test_the_organization_s_id_is_taken_in_capitals_on_its_paths(house, acl):
    assert house.good("GET", acl.replace(house.organization, house.organization.upper())) == house.good("GET", acl)
    assert house.http("GET", "/v2/organizations/%s/telemetry/auditLogs" % house.organization.upper()).status_code == 200


def test_another_organization_s_devops_acl_is_404_and_without_permission_403(house):
    assert_refused(house.http("GET", "/v2/organizations/%s/devops-acl" % NOBODY), 404)
    assert_refused(house.http("GET", "/v2/organizations/%s/devops-acl" % house.organization, token=house.powerless), 403, "accesslist-read")


# token/authorize, introspection, forward-auth

def test_authorize_answers_200_with_allow_and_org_id(house):
    database = "drn:astra:org:*:db:" + house.database.id
    for actions, resources, allow in ((["org-db-view"], [database], True), (["org-db-view", "db-cql"], [database], True),
                                      (["org-db-view"], ["drn:astra:org:*"], False), (["no-such-action"], [database], False)):
        answer = house.http("POST", "/v2/token/authorize", {"token": house.administrator, "actions": actions, "resources": resources})
        assert answer.status_code == 200 and answer.json() == {"allow": allow, "org_id": house.organization}, (actions, resources)


def test_authorize_tells_nothing_of_a_token_that_is_not_here(house):
    for token in (STRANGER, "x", house.administrator[:-1]):
        answer = house.http("POST", "/v2/token/authorize", {"token": token, "actions": ["org-db-view"], "resources": ["drn:astra:org:*:db:*"]})
        assert answer.json() == {"allow": False, "org_id": ""}


@pytest.mark.parametrize("body", [{}, {"actions": []}, {"resources": []}, {"actions": [], "resources": ["drn:astra:org:*"]},
                                  {"actions": ["org-read"], "resources": []}, {"actions": "org-read", "resources": ["drn:astra:org:*"]},
                                  {"actions": ["org-read"], "resources": ["nonsense"]}, []])
def test_authorize_without_actions_or_resources_is_400(house, body):
    assert_refused(house.http("POST", "/v2/token/authorize", body), 400)


def test_authorize_about_others_asks_for_org_token_read_and_about_oneself_for_nothing(house):
    question = {"actions": ["org-read"], "resources": ["drn:astra:org:*"]}
    assert_refused(house.http("POST", "/v2/token/authorize", {"token": house.administrator, **question}, token=house.powerless), 403, "org-token-read")
    for own in ({"token": house.powerless}, {}):
        assert house.http("POST", "/v2/token/authorize", {**own, **question}, token=house.powerless).json()["org_id"] == house.organization


def test_authorize_takes_basic_credentials(house):
    import requests
    token = house.make_token(ADMINISTRATOR)
    answer = requests.post(house.api + "/v2/token/authorize", auth=(token.client_id, token.secret), timeout=30,
                           json={"actions": ["org-db-view"], "resources": ["drn:astra:org:*:db:*"]})
    assert answer.status_code == 200 and answer.json()["allow"] is True


def test_the_text_of_a_post_to_an_access_list_is_text_whatever_its_id(house):
    for identity in ("%1A", "%zz", "%C2", "nobody"):
        answer = house.http("POST", "/v2/databases/%s/access-list" % identity, [])
        assert answer.status_code in (400, 404) and answer.headers["Content-Type"].startswith("text/plain"), identity


def introspect(house, token, by=None):
    return house.http("POST", "/oauth2/introspect", None, by, data={"token": token})


def test_introspection_tells_a_live_token_in_the_words_of_rfc_7662(house):
    token = house.make_token(ADMINISTRATOR, tokenExpiry="2126-01-01T00:00:00Z")
    answer = introspect(house, token.text)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == JSON
    told = answer.json()
    assert told["active"] is True and told["client_id"] == token.client_id and told["exp"] == 4922899200 and isinstance(told["iat"], int)
    assert "db-cql" in told["scope"].split() and token.secret not in answer.text and token.text.split(":")[2] not in answer.text


def test_introspection_of_what_is_no_live_token_here_is_exactly_inactive(house):
    dead = house.make_token(ADMINISTRATOR)
    house.delete_token(dead)
    for token in (STRANGER, dead.text, "x"):
        answer = introspect(house, token)
        assert answer.status_code == 200 and answer.json() == {"active": False}


def test_introspection_judges_no_field_but_the_token(house):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for other in ("x=%1D%C2%84", "%zz=%", "token_type_hint=%00", "toke=1&tokens=2", "&=&&"):
        answer = house.http("POST", "/oauth2/introspect", headers=form, data="%s&token=x" % other)
        assert answer.status_code == 200 and answer.json() == {"active": False}, other
    for bad, words in (("token=%zz", "one line of at most"), ("token=%C2%84", "one line of at most"),
                       ("token=" + "x" * 5000, "one line of at most"), ("x=1", "needs a field token"), ("", "needs a field token"),
                       ("token=a&%74oken=b", "several fields token")):
        answer = house.http("POST", "/oauth2/introspect", headers=form, data=bad)
        assert answer.status_code == 400 and words in answer.json()["errors"][0]["message"], bad


def test_forward_auth_answers_200_401_or_403(house):
    path = "/v2/forward-auth?action=org-db-view&resource=drn:astra:org:*:db:" + house.database.id
    assert house.http("GET", path).status_code == 200
    assert house.http("GET", path, token=house.powerless).status_code == 403
    assert house.http("GET", path, token=STRANGER).status_code == 401
    assert house.http("GET", path, headers={"Authorization": None}).status_code == 401
    for header in ("Token", "X-Cassandra-Token"):
        assert house.http("GET", path, headers={"Authorization": None, header: house.administrator}).status_code == 200
    assert house.http("GET", "/v2/forward-auth").status_code == 403
