"""Refusals, fact by fact: which status, which shape, which number, and what the words name."""
import time

import pytest

import facts
from facts import JSON, NOBODY, ROLES, STRANGER, TEXT, assert_refused, errors_of, policy, role_body
from latchkey import ADMINISTRATOR, until

DB = "/v2/databases/" + NOBODY
EVERYWHERE = [("GET", "/v2/currentOrg"), ("GET", "/v2/tokens"), ("POST", "/v2/tokens"), ("DELETE", "/v2/tokens/" + "x" * 24),
              ("GET", "/v2/clientIdSecrets"), ("POST", "/v2/clientIdSecrets"), ("DELETE", "/v2/clientIdSecrets/" + "x" * 24),
              ("DELETE", "/v2/clientIdSecret/" + "x" * 24), ("GET", ROLES), ("POST", ROLES), ("GET", ROLES + "/" + NOBODY),
              ("PUT", ROLES + "/" + NOBODY), ("DELETE", ROLES + "/" + NOBODY), ("GET", "/v2/databases"), ("POST", "/v2/databases"),
              ("GET", DB), ("POST", DB + "/terminate"), ("POST", DB + "/keyspaces/k"), ("DELETE", DB + "/keyspaces/k"),
              ("POST", DB + "/secureBundleURL"), ("GET", DB + "/datacenters"), ("POST", DB + "/token"), ("POST", "/v2/explain")]

# method, path, body, the permission that a token without any lacks
IAM = [("GET", "/v2/tokens", None, "org-token-read"), ("GET", "/v2/clientIdSecrets", None, "org-token-read"),
       ("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, "org-token-write"),
       ("POST", "/v2/clientIdSecrets", {"roles": [ADMINISTRATOR]}, "org-token-write"),
       ("DELETE", "/v2/tokens/" + "x" * 24, None, "org-token-write"),
       ("DELETE", "/v2/clientIdSecrets/" + "x" * 24, None, "org-token-write"),
       ("DELETE", "/v2/clientIdSecret/" + "x" * 24, None, "org-token-write"),
       ("GET", ROLES, None, "org-role-read"), ("POST", ROLES, role_body("x"), "org-role-write"),
       ("GET", ROLES + "/" + ADMINISTRATOR, None, "org-role-read"), ("PUT", ROLES + "/" + NOBODY, role_body("x"), "org-role-write"),
       ("DELETE", ROLES + "/" + NOBODY, None, "org-role-delete")]
DATABASE = [("GET", "/v2/databases", "org-db-view"), ("GET", DB, "org-db-view"), ("GET", DB + "/datacenters", "org-db-view"),
            ("POST", "/v2/databases", "org-db-create"), ("POST", DB + "/terminate", "org-db-terminate"),
            ("POST", DB + "/keyspaces/k", "db-keyspace-create"), ("DELETE", DB + "/keyspaces/k", "db-keyspace-drop"),
            ("POST", DB + "/secureBundleURL", "db-cql"), ("POST", DB + "/token", "org-token-write")]


@pytest.fixture(scope="module")
def powerless(latchkey):
    """A live token that holds nothing."""
    return latchkey.make_token(latchkey.make_role(["org-read"], [], name="Nothing at all")).text


def type_of_refusal(method, path, status):
    """Role endpoints answer text, so that one client shows it as it is; but 401, and the list's 403, as the others."""
    if not path.startswith(ROLES) or status == 401:
        return JSON
    return JSON if (method, path, status) == ("GET", ROLES, 403) else TEXT


# who is asking

@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer x", "Bearer AstraCS", "Bearer AstraCS:x", "Basic eDp5", "x",
                                    "Bearer AstraCS:%s" % ("x" * 24), "Bearer AstraCS:%s:%s" % ("x" * 23, "0" * 64),
                                    "Bearer AstraCS:%s:%s" % ("x" * 24, "0" * 63), "Bearer AstraCS:%s:%s" % ("1" * 24, "0" * 64),
                                    "Bearer astracs:%s:%s" % ("x" * 24, "0" * 64), "Bearer AstraCS:%s:%s" % ("x" * 24, "A" * 64),
                                    "Bearer AstraCS:%s:%s:" % ("x" * 24, "0" * 64), 'Bearer "%s"' % STRANGER])
def test_no_token_or_a_malformed_one_is_401_with_340012(latchkey, header):
    answer = latchkey.http("GET", "/v2/currentOrg", headers={"Authorization": header})
    assert errors_of(assert_refused(answer, 401).text)[0]["ID"] == 340012


def test_no_token_at_all_is_said_in_words(latchkey):
    """`invalid token format` for an empty token misled people."""
    assert_refused(latchkey.http("GET", "/v2/currentOrg", headers={"Authorization": None}), 401, "no token")


def test_a_stray_character_behind_a_good_token_is_401(latchkey):
    for stray in ("x", "\"", "'", ",", "0"):
        answer = latchkey.http("GET", "/v2/currentOrg", token=latchkey.administrator + stray)
        assert errors_of(assert_refused(answer, 401).text)[0]["ID"] == 340012, stray


def test_blanks_around_a_good_token_are_forgiven(latchkey):
    answer = latchkey.http("GET", "/v2/currentOrg", headers={"Authorization": "Bearer   %s \t" % latchkey.administrator})
    assert answer.status_code == 200


@pytest.mark.parametrize("method,path", EVERYWHERE)
def test_an_unknown_token_is_401_with_340018_on_every_route(latchkey, method, path):
    answer = latchkey.http(method, path, token=STRANGER)
    assert errors_of(assert_refused(answer, 401).text)[0]["ID"] == 340018
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("method,path", EVERYWHERE)
def test_no_token_is_401_with_340012_on_every_route(latchkey, method, path):
    answer = latchkey.http(method, path, headers={"Authorization": None})
    assert errors_of(assert_refused(answer, 401).text)[0]["ID"] == 340012


def test_a_deleted_token_is_401_with_340018(latchkey):
    token = latchkey.make_token(ADMINISTRATOR)
    latchkey.delete_token(token)
    answer = latchkey.http("GET", "/v2/currentOrg", token=token.text)
    assert errors_of(assert_refused(answer, 401).text)[0]["ID"] == 340018


def test_a_wrong_secret_of_a_live_client_is_401_with_340018_and_the_same_words(latchkey):
    token = latchkey.make_token(ADMINISTRATOR)
    wrong = "AstraCS:%s:%s" % (token.client_id, "0" * 64)
    unknown, answer = (latchkey.http("GET", "/v2/currentOrg", token=text) for text in (STRANGER, wrong))
    assert errors_of(assert_refused(answer, 401).text) == errors_of(unknown.text)


def test_an_expired_token_is_401_with_340018(latchkey):
    end = time.time() + 1.5
    token = latchkey.make_token(ADMINISTRATOR, tokenExpiry=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(end)))
    until("the end of the token", lambda: latchkey.http("GET", "/v2/currentOrg", token=token.text).status_code == 401)
    answer = latchkey.http("GET", "/v2/currentOrg", token=token.text)
    assert errors_of(assert_refused(answer, 401).text)[0]["ID"] == 340018


def test_a_live_token_without_the_permission_is_403_and_a_dead_one_401(latchkey, powerless):
    """What a secret scanner asks to know whether a find is live."""
    assert latchkey.http("GET", "/v2/tokens", token=powerless).status_code == 403
    assert latchkey.http("GET", "/v2/tokens").status_code == 200
    assert latchkey.http("GET", "/v2/tokens", token=STRANGER).status_code == 401


def test_a_401_is_never_the_body_null(latchkey, powerless):
    for token in (STRANGER, powerless):
        answer = latchkey.http("GET", "/v2/databases", token=token)
        assert answer.status_code == 401 and answer.text != "null"
        errors_of(answer.text)


# what is missing

@pytest.mark.parametrize("method,path,body,action", IAM)
def test_a_missing_permission_is_403_naming_it_on_iam_paths(latchkey, powerless, method, path, body, action):
    answer = latchkey.http(method, path, body, token=powerless)
    assert_refused(answer, 403, action, "drn:astra:org:" + latchkey.organization, content_type=type_of_refusal(method, path, 403))


@pytest.mark.parametrize("method,path,action", DATABASE)
def test_a_missing_permission_is_401_naming_it_on_database_paths(latchkey, powerless, method, path, action):
    assert_refused(latchkey.http(method, path, token=powerless), 401, action)


@pytest.mark.parametrize("method,path,action", DATABASE)
def test_a_missing_permission_on_database_paths_is_not_340018(latchkey, powerless, method, path, action):
    """One client takes that number for a token that is not valid."""
    assert errors_of(latchkey.http(method, path, token=powerless).text)[0]["ID"] not in (340012, 340018)


def test_currentorg_needs_no_permission(latchkey, powerless):
    assert latchkey.http("GET", "/v2/currentOrg", token=powerless).json()["id"] == latchkey.organization


# what is absent

@pytest.mark.parametrize("method,path,content_type", [
    ("GET", "/v2/nowhere", JSON), ("GET", "/v2", JSON), ("GET", "/nowhere", JSON), ("GET", "/v3/currentOrg", JSON), ("GET", "/v2/Tokens", JSON),
    ("GET", "/v2/tokens/" + "x" * 24, JSON), ("DELETE", "/v2/tokens/" + "x" * 24, JSON), ("GET", DB, JSON),
    ("DELETE", "/v2/tokens/x", JSON), ("DELETE", "/v2/tokens/", JSON),
    ("GET", DB + "/datacenters", JSON), ("POST", DB + "/terminate", JSON), ("POST", DB + "/keyspaces/k", JSON),
    ("DELETE", DB + "/keyspaces/k", JSON), ("POST", DB + "/secureBundleURL", JSON), ("POST", DB + "/token", JSON),
    ("GET", "/v2/databases/x", JSON), ("GET", ROLES + "/" + NOBODY, TEXT), ("GET", ROLES + "/x", TEXT), ("GET", ROLES + "/", TEXT),
    ("DELETE", ROLES + "/" + NOBODY, TEXT), ("GET", ROLES + "/a/b", TEXT)])
def test_what_is_absent_is_404(latchkey, method, path, content_type):
    assert_refused(latchkey.http(method, path), 404, content_type=content_type)


def test_an_absent_role_is_404_for_put_with_a_good_body(latchkey):
    assert_refused(latchkey.http("PUT", ROLES + "/" + NOBODY, role_body("x")), 404, content_type=TEXT)


def test_a_random_database_is_404_for_who_may_view_databases(latchkey):
    """How two clients find out whether they may poll."""
    viewer = latchkey.token_for(("org-db-view", "drn:astra:org:%s:db:*" % latchkey.organization))
    assert_refused(latchkey.http("GET", DB, token=viewer.text), 404)


def test_a_line_about_another_database_is_enough_to_be_told_404(latchkey):
    viewer = latchkey.token_for(("org-db-view", "drn:astra:org:%s:db:11111111-1111-4111-8111-111111111111" % latchkey.organization))
    assert_refused(latchkey.http("GET", DB, token=viewer.text), 404)


@pytest.mark.parametrize("method,path", [
    ("POST", "/v2/authenticateServiceAccount"), ("POST", "/v2/enterprises/consumption"), ("POST", DB + "/datacenters"),
    ("POST", DB + "/park"), ("POST", DB + "/unpark"), ("POST", DB + "/resize"), ("POST", DB + "/resetPassword"),
    ("POST", DB + "/datacenters/dc-1/terminate"), ("POST", "/v2/enterprises/billing-reports/generate-report"),
    ("GET", "/v2/enterprises/billing-reports/11111111-1111-4111-8111-111111111111"),
    ("GET", "/v2/scim/ServiceProviderConfig"), ("GET", "/v2/scim/users"), ("POST", "/v2/scim/groups"),
    ("PATCH", "/v2/scim/users/1"), ("GET", "/v2/admin/tokens"), ("GET", "/v2/streaming/tenants")])
def test_what_is_not_part_of_latchkey_is_404_in_those_words(latchkey, method, path):
    assert_refused(latchkey.http(method, path), 404, "not part of Latchkey")


def test_a_wrong_method_is_405_with_the_right_ones(latchkey):
    for method, path, good in (("PUT", "/v2/tokens", "POST"), ("DELETE", "/v2/currentOrg", "GET"), ("PATCH", ROLES, "POST")):
        answer = latchkey.http(method, path)
        assert answer.status_code == 405 and good in answer.headers["Allow"]
        errors_of(answer.text)


# shapes of the role endpoints' refusals, call by call: what one client's generated code can decode

@pytest.fixture(scope="module")
def role_refusals(latchkey, powerless):
    """Each (call, status) that can be brought about: what to ask."""
    denying = latchkey.make_role(["db-cql"], ["drn:astra:org:%s:db:*" % latchkey.organization], effect="deny", name="Denies")
    latchkey.make_token(denying, ADMINISTRATOR)
    latchkey.make_role(["org-read"], [], name="Called so")
    one, builtin = ROLES + "/" + NOBODY, ROLES + "/" + ADMINISTRATOR
    own = ROLES + "/" + latchkey.make_role(["org-read"], [], name="To be put")
    return {
        ("list", 401): ("GET", ROLES, None, STRANGER), ("list", 403): ("GET", ROLES, None, powerless),
        ("post", 400): ("POST", ROLES, {"name": ""}, None), ("post", 401): ("POST", ROLES, None, STRANGER),
        ("post", 403): ("POST", ROLES, role_body("x"), powerless), ("post", 409): ("POST", ROLES, role_body("called SO"), None),
        ("get", 401): ("GET", one, None, STRANGER), ("get", 403): ("GET", one, None, powerless), ("get", 404): ("GET", one, None, None),
        ("put", 400): ("PUT", own, {"name": "x"}, None), ("put", 401): ("PUT", one, None, STRANGER),
        ("put", 403): ("PUT", builtin, role_body("x"), None), ("put", 404): ("PUT", one, role_body("x"), None),
        ("put", 409): ("PUT", own, role_body("Called so"), None),
        ("delete", 401): ("DELETE", one, None, STRANGER), ("delete", 403): ("DELETE", builtin, None, None),
        ("delete", 404): ("DELETE", one, None, None), ("delete", 409): ("DELETE", ROLES + "/" + denying, None, None)}


@pytest.mark.parametrize("call,status", [
    ("list", 401), ("list", 403), ("post", 400), ("post", 401), ("post", 403), ("post", 409), ("get", 401), ("get", 403), ("get", 404),
    ("put", 400), ("put", 401), ("put", 403), ("put", 404), ("put", 409), ("delete", 401), ("delete", 403), ("delete", 404), ("delete", 409)])
def test_a_refusal_of_the_role_endpoints_has_the_type_its_client_decodes(latchkey, role_refusals, call, status):
    method, path, body, token = role_refusals[call, status]
    answer = latchkey.http(method, path, body, token=token)
    assert_refused(answer, status, content_type=JSON if status == 401 or (call, status) == ("list", 403) else TEXT)


def test_the_prefix_with_an_empty_id_is_text_as_well(latchkey):
    for path in (ROLES + "/", ROLES + "//", ROLES + "/x/y/z"):
        answer = latchkey.http("GET", path)
        assert answer.status_code in (400, 404) and answer.headers["Content-Type"] == TEXT, path
        errors_of(answer.text)


def test_a_body_that_is_no_json_is_400_as_text_on_role_paths_and_json_elsewhere(latchkey):
    for path, content_type in ((ROLES, TEXT), ("/v2/tokens", JSON), ("/v2/clientIdSecrets", JSON), ("/v2/explain", JSON)):
        answer = latchkey.http("POST", path, None, data=b"{", headers={"Content-Type": "application/json"})
        assert_refused(answer, 400, content_type=content_type)


# words

def test_all_unknown_actions_are_named_at_once(latchkey):
    answer = latchkey.http("POST", ROLES, {"name": "x", "policy": policy(["org-read", "no-1", "no-2", "no-3"])})
    assert_refused(answer, 400, "no-1", "no-2", "no-3", content_type=TEXT)


def test_an_unknown_role_among_good_ones_is_named(latchkey):
    for path in ("/v2/tokens", "/v2/clientIdSecrets"):
        assert_refused(latchkey.http("POST", path, {"roles": [ADMINISTRATOR, NOBODY]}), 400, NOBODY)


def test_a_role_s_name_in_place_of_its_id_is_400_and_says_that_ids_are_wanted(latchkey):
    assert_refused(latchkey.http("POST", "/v2/tokens", {"roles": ["Organization Administrator"]}), 400, "role")


def test_a_refusal_never_repeats_the_token(latchkey):
    for token in (STRANGER, latchkey.administrator + "x"):
        assert token.split(":")[2][:60] not in latchkey.http("GET", "/v2/currentOrg", token=token).text
