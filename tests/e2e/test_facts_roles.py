"""Custom roles, fact by fact: their form on the wire, what a policy may hold, and what changing one does."""
import pytest

from facts import (INSTANT, JSON, NOBODY, ROLES, TEXT, UUID, ZERO_TIME, assert_empty, assert_refused, errors_of, policy, role_body)
from latchkey import ADMINISTRATOR

KEYS = ["id", "name", "policy", "last_update_date_time", "last_update_user_id"]
DB, KS = "9a1f6c2e-54b7-4f0a-8a57-2f1a6a3d5c11", "shop"


@pytest.fixture(scope="module")
def org(latchkey):
    return "drn:astra:org:" + latchkey.organization


@pytest.fixture(scope="module")
def number():
    held = iter(range(1000))
    return lambda: next(held)


@pytest.fixture
def make(latchkey, number):
    """A role with this policy; gone after the test."""
    made = []

    def one(name=None, **more):
        answer = latchkey.http("POST", ROLES, {"name": name or "Fact %d" % number(), "policy": policy(**more)})
        if answer.status_code == 201:
            made.append(answer.json()["id"])
        return answer
    yield one
    for role in made:
        latchkey.http("DELETE", ROLES + "/" + role)


# shapes and codes

def test_role_create_answers_201_with_json_and_the_role(make):
    answer = make()
    assert answer.status_code == 201 and answer.headers["Content-Type"] == JSON and list(answer.json()) == KEYS


def test_role_read_answers_200_with_json_and_the_role_as_created(latchkey, make):
    role = make(actions=["org-user-read"]).json()
    answer = latchkey.http("GET", ROLES + "/" + role["id"])
    assert answer.status_code == 200 and answer.headers["Content-Type"] == JSON and answer.json() == role


def test_role_update_answers_200_without_body_and_type(latchkey, make):
    role = make("Updated").json()
    assert_empty(latchkey.http("PUT", ROLES + "/" + role["id"], role_body("Updated again")), 200)
    assert latchkey.good("GET", ROLES + "/" + role["id"])["name"] == "Updated again"


def test_role_delete_answers_204_without_body_and_type(latchkey, make):
    role = make().json()["id"]
    assert_empty(latchkey.http("DELETE", ROLES + "/" + role), 204)
    assert_refused(latchkey.http("GET", ROLES + "/" + role), 404, content_type=TEXT)


def test_a_repeated_delete_of_a_role_is_404(latchkey, make):
    role = make().json()["id"]
    latchkey.http("DELETE", ROLES + "/" + role)
    assert_refused(latchkey.http("DELETE", ROLES + "/" + role), 404, content_type=TEXT)


def test_role_list_answers_200_with_a_bare_array_of_built_in_and_custom_roles(latchkey, make):
    role = make().json()
    answer = latchkey.http("GET", ROLES)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == JSON and isinstance(answer.json(), list)
    assert role in answer.json() and ADMINISTRATOR in [r["id"] for r in answer.json()]


def test_every_listed_role_has_lower_case_keys_and_an_object_as_policy(latchkey, make):
    make()
    for role in latchkey.good("GET", ROLES):
        assert list(role) == KEYS and UUID.fullmatch(role["id"]) and role["name"]
        assert set(role["policy"]) == {"description", "resources", "actions", "effect"}
        assert isinstance(role["policy"]["resources"], list) and isinstance(role["policy"]["actions"], list)


def test_last_update_date_time_is_a_time_and_last_update_datetime_is_absent(latchkey, make):
    role = make().json()
    assert INSTANT.fullmatch(role["last_update_date_time"]) and "last_update_datetime" not in role
    for role in latchkey.good("GET", ROLES):
        assert INSTANT.fullmatch(role["last_update_date_time"])


def test_last_update_user_id_is_the_client_id_of_the_token_that_made_the_change(latchkey, make):
    other = latchkey.make_token(ADMINISTRATOR)
    role = make("By two").json()
    assert role["last_update_user_id"] == latchkey.administrator.split(":")[1]
    latchkey.http("PUT", ROLES + "/" + role["id"], role_body("By two"), token=other.text)
    assert latchkey.good("GET", ROLES + "/" + role["id"])["last_update_user_id"] == other.client_id


def test_an_update_moves_the_time_of_the_last_update(latchkey, make):
    role = make("Moved").json()
    latchkey.http("PUT", ROLES + "/" + role["id"], role_body("Moved", "org-user-read"))
    assert latchkey.good("GET", ROLES + "/" + role["id"])["last_update_date_time"] >= role["last_update_date_time"]


@pytest.mark.parametrize("spell", [str.upper, str.title, str.swapcase])
def test_role_ids_are_found_in_any_letter_case_and_answered_in_lower_case(latchkey, make, spell):
    role = make().json()
    path = ROLES + "/" + spell(role["id"])
    assert latchkey.good("GET", path)["id"] == role["id"]
    assert_empty(latchkey.http("PUT", path, {"name": role["name"], "policy": role["policy"]}), 200)
    assert_empty(latchkey.http("DELETE", path), 204)


# policies

def test_order_of_actions_and_resources_is_kept(latchkey, make, org):
    actions = ["org-user-read", "db-cql", "org-db-view", "accesslist-read", "db-table-select"]
    resources = [org + ":db:*:keyspace:*:table:*", org, org + ":db:" + DB, org + ":db:*"]
    role = make(actions=actions, resources=resources).json()
    for shown in (role, latchkey.good("GET", ROLES + "/" + role["id"]), [r for r in latchkey.good("GET", ROLES) if r["id"] == role["id"]][0]):
        assert shown["policy"]["actions"] == actions and shown["policy"]["resources"] == resources
    latchkey.http("PUT", ROLES + "/" + role["id"], {"name": role["name"], "policy": policy(actions[::-1], resources[::-1])})
    shown = latchkey.good("GET", ROLES + "/" + role["id"])["policy"]
    assert shown["actions"] == actions[::-1] and shown["resources"] == resources[::-1]


def test_order_is_kept_over_a_restart(own_latchkey):
    actions, org = ["org-user-read", "db-cql", "accesslist-read"], "drn:astra:org:" + own_latchkey.organization
    own_latchkey.serve()
    role = own_latchkey.good("POST", ROLES, {"name": "x", "policy": policy(actions, [org + ":db:*", org])})
    own_latchkey.stop()
    own_latchkey.serve()
    assert own_latchkey.good("GET", ROLES + "/" + role["id"]) == role


def test_a_role_with_empty_resources_is_accepted(make):
    assert make(actions=["org-db-view"], resources=[]).json()["policy"]["resources"] == []


def test_a_role_with_another_organization_s_id_is_accepted_and_never_matches(latchkey, make):
    foreign = "drn:astra:org:" + NOBODY
    role = make(actions=["org-token-read"], resources=[foreign]).json()
    assert role["policy"]["resources"] == [foreign]
    assert latchkey.http("GET", "/v2/tokens", token=latchkey.make_token(role["id"]).text).status_code == 403


def test_the_seven_line_layout_is_accepted(make, org):
    lines = [org, org + ":db:" + DB] + [org + ":db:%s:keyspace:%s:table:*" % (DB, k) for k in ("system_schema", "system", "system_virtual_schema")]
    lines += [org + ":db:%s:keyspace:*" % DB, org + ":db:%s:keyspace:*:table:*" % DB]
    assert make(actions=["org-db-view", "db-cql"], resources=lines).json()["policy"]["resources"] == lines


def test_org_id_placeholder_of_a_copied_built_in_role_is_one_s_own_organization(latchkey, make):
    role = make(actions=["org-token-read"], resources=["drn:astra:org:__ORG_ID__"]).json()
    assert latchkey.http("GET", "/v2/tokens", token=latchkey.make_token(role["id"]).text).status_code == 200


GOOD = ["", ":db:*", ":db:" + DB, ":db:%s:keyspace:*" % DB, ":db:*:keyspace:shop", ":db:*:keyspace:shop:table:*", ":db:*:keyspace:Shop:table:o-r d",
        ":db:%s:keyspace:not_there:table:either" % DB, ":stream:*", ":role:*", ":role:" + NOBODY]
BAD = ["drn:astra:org:", "drn:astra:org:x", "drn:astra:org:*", "drn:astra", "", "*", "drn:aws:org:" + NOBODY, "drn:astra:org:%s:" % NOBODY,
       "drn:astra:org:%s:db" % NOBODY, "drn:astra:org:%s:db:" % NOBODY, "drn:astra:org:%s:db:shop" % NOBODY, "drn:astra:org:%s:db:*:table:x" % NOBODY,
       "drn:astra:org:%s:db:*:keyspace:" % NOBODY, "drn:astra:org:%s:db:*:keyspace:a:b" % NOBODY, "drn:astra:org:%s:db:*:keyspace:a:table:b:c" % NOBODY,
       "drn:astra:org:%s:role:x" % NOBODY, "drn:astra:enterprise:" + NOBODY, 7, None, []]


@pytest.mark.parametrize("tail", GOOD)
def test_every_form_of_resource_is_accepted_and_answered_as_sent(make, org, tail):
    assert make(resources=[org + tail]).json()["policy"]["resources"] == [org + tail]


def test_ids_in_a_resource_are_answered_as_they_were_spelled_and_count_all_the_same(latchkey, make, org):
    """One client compares them letter by letter, and would change the role for ever."""
    upper = "drn:astra:org:" + latchkey.organization.upper()
    lines = [upper, org + ":db:" + DB.upper(), upper + ":db:%s:keyspace:shop" % DB.title(), org + ":role:" + ADMINISTRATOR.upper()]
    role = make(actions=["org-token-read"], resources=lines).json()
    assert role["policy"]["resources"] == lines == latchkey.good("GET", ROLES + "/" + role["id"])["policy"]["resources"]
    assert latchkey.http("GET", "/v2/tokens", token=latchkey.make_token(role["id"]).text).status_code == 200


@pytest.mark.parametrize("resource", BAD)
def test_what_is_no_resource_is_400_naming_it(latchkey, make, resource):
    answer = assert_refused(make(resources=[resource]), 400, content_type=TEXT)
    if isinstance(resource, str) and resource.startswith("drn:astra:org"):
        assert resource in errors_of(answer.text)[0]["message"]


@pytest.mark.parametrize("actions", [["no-such"], ["ORG-READ"], ["org-read "], [""], [7], [None], [["org-read"]], ["enterprise-read"],
                                     "org-read", None, {}, 7])
def test_unknown_actions_and_what_is_no_list_of_them_are_400(latchkey, actions):
    body = {"name": "Unknown", "policy": {**policy(), "actions": actions}}
    assert_refused(latchkey.http("POST", ROLES, body), 400, content_type=TEXT)


@pytest.mark.parametrize("actions", [[""], ["", ""], ["org-read", ""], ["", "org-read"]])
def test_an_empty_action_is_400_and_not_the_first_that_there_is(latchkey, actions):
    assert_refused(latchkey.http("POST", ROLES, {"name": "Empty", "policy": policy(actions)}), 400, "empty", content_type=TEXT)


@pytest.mark.parametrize("resources", ["drn:astra:org:" + NOBODY, None, {}, 7, [["drn:astra:org:" + NOBODY]]])
def test_resources_that_are_no_list_of_names_are_400(latchkey, resources):
    body = {"name": "Unlisted", "policy": {**policy(), "resources": resources}}
    assert_refused(latchkey.http("POST", ROLES, body), 400, content_type=TEXT)


@pytest.mark.parametrize("effect,status", [("allow", 201), ("deny", 201), ("Allow", 400), ("", 400), ("permit", 400), (None, 400), (1, 400)])
def test_effect_is_allow_or_deny(make, org, effect, status):
    assert make(effect=effect, actions=["org-read"], resources=[org]).status_code == status


def test_a_denied_action_without_a_resource_of_its_level_is_400(make, org):
    assert_refused(make(effect="deny", actions=["db-cql"], resources=[org]), 400, "db-cql", content_type=TEXT)


@pytest.mark.parametrize("change", [{"name": None}, {"name": 7}, {"policy": None}, {"policy": "text"}, {"policy": []}, {"policy": {}},
                                    {"policy": {"actions": [], "resources": []}}, {"policy": {"effect": "allow", "actions": []}},
                                    {"policy": {"effect": "allow", "resources": []}}])
def test_both_name_and_policy_are_needed_to_create_and_to_update(latchkey, make, change):
    role = make("Whole").json()
    body = {**role_body("Whole 2"), **change}
    assert_refused(latchkey.http("POST", ROLES, body), 400, content_type=TEXT)
    assert_refused(latchkey.http("PUT", ROLES + "/" + role["id"], body), 400, content_type=TEXT)
    assert latchkey.good("GET", ROLES + "/" + role["id"]) == role


@pytest.mark.parametrize("given", [{}, {"description": None}, {"description": ""}])
def test_a_policy_without_description_is_answered_with_an_empty_one(latchkey, make, given):
    """Never null and never missing: one client compares what it reads with what it wrote."""
    body = {key: value for key, value in policy().items() if key != "description"}
    answer = latchkey.http("POST", ROLES, {"name": "Undescribed", "policy": {**body, **given}})
    assert answer.status_code == 201 and answer.json()["policy"]["description"] == "", answer.text
    latchkey.http("DELETE", ROLES + "/" + answer.json()["id"])


def test_policy_as_a_string_of_json_is_400(latchkey):
    assert_refused(latchkey.http("POST", ROLES, {"name": "x", "policy": "{\"effect\":\"allow\"}"}), 400, content_type=TEXT)


# names

@pytest.mark.parametrize("name", ["R/W", "API Read / Write", "Ünïcode 名", "a" * 128, "<b>&\"'", "1", "x (2)"])
def test_any_printable_name_is_accepted_and_answered_as_sent(make, name):
    assert make(name).json()["name"] == name


@pytest.mark.parametrize("name", ["", "   ", "a" * 129, "a\nb", "a\tb", "a\u0000b", "a\u202eb", "a\u2066b"])
def test_an_empty_too_long_or_unprintable_name_is_400(make, latchkey, name):
    assert_refused(latchkey.http("POST", ROLES, role_body(name)), 400, content_type=TEXT)


@pytest.mark.parametrize("name", ["Only once", "only ONCE", "  Only once  ", "Organization Administrator", "r/w user", "API RO SVC ACCT"])
def test_a_name_is_unique_without_regard_to_case_and_against_built_in_ones(make, latchkey, name):
    make("Only once")
    assert_refused(latchkey.http("POST", ROLES, role_body(name)), 409, content_type=TEXT)


def test_renaming_to_a_name_that_is_taken_is_409_and_to_its_own_is_not(latchkey, make):
    make("Taken by one")
    role = make("Taken by two").json()["id"]
    assert_refused(latchkey.http("PUT", ROLES + "/" + role, role_body("taken BY one")), 409, content_type=TEXT)
    assert_empty(latchkey.http("PUT", ROLES + "/" + role, role_body("TAKEN by two")), 200)


def test_blanks_around_a_name_are_dropped(make):
    assert make("  Trimmed  ").json()["name"] == "Trimmed"


@pytest.mark.parametrize("field,n,status", [("actions", 256, 201), ("actions", 257, 400), ("resources", 4096, 201), ("resources", 4097, 400)])
def test_at_most_256_actions_and_4096_resources(latchkey, org, number, field, n, status):
    body = role_body("Many %d" % number())
    if field == "actions":
        body["policy"]["actions"] = (["org-read", "org-user-read"] * n)[:n]
    else:
        body["policy"]["resources"] = [org + ":db:*:keyspace:k%d" % i for i in range(n)]
    answer = latchkey.http("POST", ROLES, body)
    assert answer.status_code == status, answer.text[:300]
    if status == 201:
        assert answer.json()["policy"] == body["policy"]
        assert latchkey.http("DELETE", ROLES + "/" + answer.json()["id"]).status_code == 204


# effects

def test_a_resource_line_implies_nothing_below_it(latchkey, org):
    """`db:*` alone does not open its tables."""
    token = latchkey.token_for(("db-table-select", org + ":db:*"))
    asked = {"tokenId": token.client_id, "action": "db-table-select", "resource": org + ":db:%s:keyspace:shop:table:orders" % DB}
    assert latchkey.good("POST", "/v2/explain", asked)["allow"] is False


LEVELS = [("org-token-read", ""), ("accesslist-read", ""), ("org-db-view", ":db:" + DB), ("db-cql", ":db:" + DB), ("db-rest", ":db:" + DB),
          ("db-graphql", ":db:" + DB), ("db-manage-region", ":db:" + DB), ("db-keyspace-create", ":db:%s:keyspace:shop" % DB),
          ("db-all-keyspace-create", ":db:%s:keyspace:shop" % DB), ("db-table-select", ":db:%s:keyspace:shop:table:orders" % DB)]


@pytest.mark.parametrize("action,level", LEVELS)
def test_an_action_counts_on_the_resource_of_its_own_level_alone(latchkey, org, action, level):
    for _, other in LEVELS:
        token = latchkey.token_for((action, org + other))
        asked = {"tokenId": token.client_id, "action": action, "resource": org + level}
        assert latchkey.good("POST", "/v2/explain", asked)["allow"] is (other == level), other


def test_actions_and_resources_are_a_cross_product_within_one_role_only(latchkey, org):
    roles = [latchkey.make_role(["db-table-select"], [org + ":db:*:keyspace:a:table:*"]),
             latchkey.make_role(["db-table-modify"], [org + ":db:*:keyspace:b:table:*"])]
    token = latchkey.make_token(*roles)
    for action, keyspace, allow in (("db-table-select", "a", True), ("db-table-modify", "b", True), ("db-table-select", "b", False),
                                    ("db-table-modify", "a", False)):
        asked = {"tokenId": token.client_id, "action": action, "resource": org + ":db:%s:keyspace:%s:table:t" % (DB, keyspace)}
        assert latchkey.good("POST", "/v2/explain", asked)["allow"] is allow


def test_a_deny_of_any_role_beats_the_allows_of_all(latchkey, org):
    token = latchkey.make_token(ADMINISTRATOR, latchkey.make_role(["org-token-read"], [org], effect="deny"))
    assert_refused(latchkey.http("GET", "/v2/tokens", token=token.text), 403, "org-token-read")


def test_editing_a_role_changes_its_tokens_at_once(latchkey, org, make):
    role = make("Edited", actions=["org-token-read"], resources=[org]).json()["id"]
    token = latchkey.make_token(role).text
    for actions, status in ((["org-user-read"], 403), (["org-token-read"], 200), ([], 403), (["org-token-read"], 200)):
        latchkey.good("PUT", ROLES + "/" + role, {"name": "Edited", "policy": policy(actions, [org])})
        assert latchkey.http("GET", "/v2/tokens", token=token).status_code == status


def test_deleting_a_role_in_use_is_allowed_and_takes_its_rights(latchkey, org, make):
    role = make(actions=["org-token-read"], resources=[org]).json()["id"]
    token = latchkey.make_token(role).text
    assert_empty(latchkey.http("DELETE", ROLES + "/" + role), 204)
    assert latchkey.http("GET", "/v2/tokens", token=token).status_code == 403
    assert latchkey.http("GET", "/v2/currentOrg", token=token).status_code == 200


def test_deleting_a_deny_role_in_use_is_409_with_the_number_of_holders(latchkey, org, make):
    role = make(effect="deny", actions=["org-token-read"], resources=[org]).json()["id"]
    tokens = [latchkey.make_token(role, ADMINISTRATOR) for _ in range(2)]
    assert_refused(latchkey.http("DELETE", ROLES + "/" + role), 409, "2 tokens", content_type=TEXT)
    for token in tokens:
        latchkey.delete_token(token)
    assert_empty(latchkey.http("DELETE", ROLES + "/" + role), 204)


def test_who_may_write_roles_reads_what_they_made(latchkey, org):
    """A caller that may create and list is not refused the single role: one client reads after it has created."""
    token = latchkey.token_for(("org-role-write", org), ("org-role-read", org), ("org-role-delete", org)).text
    role = latchkey.http("POST", ROLES, role_body("Own"), token=token).json()["id"]
    assert latchkey.http("GET", ROLES + "/" + role, token=token).status_code == 200
    assert latchkey.http("PUT", ROLES + "/" + role, role_body("Own"), token=token).status_code == 200
    assert latchkey.http("DELETE", ROLES + "/" + role, token=token).status_code == 204


def test_nobody_writes_more_into_a_role_than_they_hold(latchkey, org):
    token = latchkey.token_for(("org-role-write", org), ("org-role-read", org)).text
    body = {"name": "More", "policy": policy(["db-table-select"], [org + ":db:*:keyspace:*:table:*"])}
    assert_refused(latchkey.http("POST", ROLES, body, token=token), 403, "db-table-select", content_type=TEXT)


@pytest.mark.parametrize("action", ["org-read", "org-user-read", "org-db-view", "accesslist-read"])
def test_four_reading_actions_are_not_compared(latchkey, org, action):
    token = latchkey.token_for(("org-role-write", org)).text
    body = {"name": "Reads " + action, "policy": policy([action], [org, org + ":db:*"])}
    answer = latchkey.http("POST", ROLES, body, token=token)
    assert answer.status_code == 201, answer.text
    assert answer.json()["last_update_date_time"] != ZERO_TIME
    latchkey.http("DELETE", ROLES + "/" + answer.json()["id"])
