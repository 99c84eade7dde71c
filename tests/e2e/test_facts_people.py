"""Users, fact by fact: PascalCase, two words of status, nothing null, and who is told what."""
import uuid

import pytest
import requests

import leaks
from facts import JSON, NOBODY, ROLES, UUID, assert_empty, assert_refused, errors_of, role_body
from latchkey import ADMINISTRATOR, Latchkey
from person import PASSWORD, Browser, behind

USERS = "/v2/organizations/users"
READER = "d2cfcd63-055c-4a58-b957-8916d4a007a5"          # RO User
ADA = "ada@example.com"


@pytest.fixture(scope="module")
def house(binary, tmp_path_factory):
    daemon = Latchkey(binary, tmp_path_factory.mktemp("facts-people"))
    made = daemon.init()
    daemon.serve()
    with open(made["setupLinkFile"], encoding="utf-8") as file:
        link = file.read()
    leaks.notice(link, "the first link")
    answer = requests.post(daemon.api + "/v2/set-up", json={"secret": behind(link)[1], "password": PASSWORD}, timeout=60)
    assert answer.status_code == 200, answer.text
    daemon.org = "drn:astra:org:" + daemon.organization
    yield daemon
    daemon.stop()


def invite(house, *roles, email=None, token=None, **more):
    body = {"email": email or "u%s@example.com" % uuid.uuid4().hex[:12], "roles": list(roles or [READER]), **more}
    return house.http("PUT", USERS, body, token)


@pytest.fixture
def invited(house):
    answer = invite(house)
    assert answer.status_code == 200, answer.text
    yield answer.json()
    house.http("DELETE", USERS + "/" + answer.json()["UserID"])


@pytest.fixture
def active(house, invited):
    """Somebody who has accepted."""
    answer = requests.post(house.api + "/v2/invitations/accept", timeout=60,
                           json={"secret": behind(invited["invitationLink"])[1], "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return house.good("GET", USERS + "/" + invited["UserID"])


def one(house, **is_):
    (name, value), = is_.items()
    return next(u for u in house.good("GET", USERS)["Users"] if u[name] == value)


# the list

def test_users_list_answers_200_with_an_object_of_three_pascal_case_keys(house):
    answer = house.http("GET", USERS)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == JSON and list(answer.json()) == ["OrgID", "OrgName", "Users"]


def test_org_id_and_org_name_are_the_organization_s(house):
    listed = house.good("GET", USERS)
    assert listed["OrgID"] == house.organization and listed["OrgName"] == "Acme" and isinstance(listed["Users"], list)


def test_every_user_has_the_four_keys_in_pascal_case(house, invited, active):
    for user in house.good("GET", USERS)["Users"]:
        assert set(user) == {"UserID", "Email", "Status", "Roles"}


def test_ids_emails_and_roles_are_never_null(house, invited):
    for user in house.good("GET", USERS)["Users"]:
        assert UUID.fullmatch(user["UserID"]) and "@" in user["Email"] and user["Roles"]
        assert all(set(role) == {"ID", "Name"} and UUID.fullmatch(role["ID"]) and isinstance(role["Name"], str) for role in user["Roles"])


def test_status_is_active_or_invited_in_lower_case(house, invited):
    assert one(house, Email=ADA)["Status"] == "active" and one(house, UserID=invited["UserID"])["Status"] == "invited"
    assert {u["Status"] for u in house.good("GET", USERS)["Users"]} <= {"active", "invited"}


def test_accepting_makes_an_invited_one_active(active):
    assert active["Status"] == "active"


def test_a_user_s_roles_have_id_and_name(house):
    assert one(house, Email=ADA)["Roles"] == [{"ID": ADMINISTRATOR, "Name": "Organization Administrator"}]


def test_a_user_s_deleted_role_stays_with_an_empty_name(house):
    role = house.good("POST", ROLES, role_body("Passing"))["id"]
    user = invite(house, role).json()["UserID"]
    assert_empty(house.http("DELETE", ROLES + "/" + role), 204)
    assert one(house, UserID=user)["Roles"] == [{"ID": role, "Name": ""}]
    assert_empty(house.http("DELETE", USERS + "/" + user), 204)


# one user

def test_one_user_answers_200_with_the_object_of_the_list(house, invited):
    answer = house.http("GET", USERS + "/" + invited["UserID"])
    assert answer.status_code == 200 and answer.headers["Content-Type"] == JSON
    assert answer.json() == one(house, UserID=invited["UserID"])


def test_a_user_s_id_is_found_in_any_letter_case(house, invited):
    assert house.good("GET", USERS + "/" + invited["UserID"].upper())["UserID"] == invited["UserID"]


@pytest.mark.parametrize("method,tail,body", [("GET", "", None), ("DELETE", "", None), ("PUT", "/roles", {"roles": [READER]})])
@pytest.mark.parametrize("user", [NOBODY, "x", "0"])
def test_an_absent_user_is_404(house, method, tail, body, user):
    assert_refused(house.http(method, USERS + "/" + user + tail, body), 404)


# inviting

def test_invite_answers_200_with_json_and_the_user(house, invited):
    assert {"UserID", "Email", "Status", "Roles", "invitationLink"} <= set(invited) and invited["Status"] == "invited"


@pytest.mark.parametrize("spelling", ["orgID", "OrgID", "orgId", "ORGID"])
def test_the_invite_s_organization_is_taken_in_any_spelling(house, spelling):
    answer = invite(house, **{spelling: house.organization})
    assert answer.status_code == 200, answer.text


def test_the_invite_s_organization_may_be_left_out(house):
    assert invite(house).status_code == 200


@pytest.mark.parametrize("spelling", ["orgID", "OrgID", "orgId"])
def test_an_invite_for_another_organization_is_403(house, spelling):
    assert_refused(invite(house, **{spelling: NOBODY}), 403)


def test_two_spellings_of_the_organization_that_differ_are_400(house):
    assert_refused(invite(house, orgID=house.organization, OrgID=NOBODY), 400)


def test_unknown_fields_of_an_invite_are_ignored(house):
    assert invite(house, firstName="x", unknown={"a": []}).status_code == 200


@pytest.mark.parametrize("change", [{"email": None}, {"email": ""}, {"email": 7}, {"email": "no address"}, {"email": "a@b@c"}, {"email": "x" * 300 + "@example.com"},
                                    {"roles": None}, {"roles": []}, {"roles": "x"}, {"roles": [NOBODY]}, {"roles": ["RO User"]},
                                    {"roles": ["014ba2cc-2ed1-44b8-8162-dba27ca7ce57"]}])
def test_an_invite_without_a_good_address_or_good_roles_is_400(house, change):
    body = {"email": "bad@example.com", "roles": [READER], **change}
    assert_refused(house.http("PUT", USERS, body), 400)


def test_sending_an_invite_again_is_200_and_voids_the_former_link(house, invited):
    again = invite(house, email=invited["Email"])
    assert again.status_code == 200 and again.json()["UserID"] == invited["UserID"]
    former, latest = behind(invited["invitationLink"])[1], behind(again.json()["invitationLink"])[1]
    assert former != latest
    answer = requests.post(house.api + "/v2/invitations/accept", json={"secret": former, "password": PASSWORD}, timeout=60)
    assert_refused(answer, 404)


def test_an_address_is_one_user_in_any_letter_case(house, invited):
    assert invite(house, email=invited["Email"].upper()).json()["UserID"] == invited["UserID"]


def test_the_link_is_in_the_invite_s_answer_alone(house, invited):
    assert "invitation" not in house.http("GET", USERS).text and "invitation" not in house.http("GET", USERS + "/" + invited["UserID"]).text


def test_the_invite_s_answer_is_not_to_be_stored(house):
    assert invite(house).headers["Cache-Control"] == "no-store"


# changing and removing

def test_user_role_change_answers_204_and_replaces_all(house, invited):
    other = house.make_role(["org-read"], [], name="Replacing")
    assert_empty(house.http("PUT", USERS + "/" + invited["UserID"] + "/roles", {"roles": [other]}), 204)
    assert [r["ID"] for r in house.good("GET", USERS + "/" + invited["UserID"])["Roles"]] == [other]


@pytest.mark.parametrize("roles", [None, [], "x", [NOBODY], ["RO User"], [7]])
def test_a_role_change_without_good_roles_is_400(house, invited, roles):
    assert_refused(house.http("PUT", USERS + "/" + invited["UserID"] + "/roles", {"roles": roles}), 400)


def test_role_ids_of_users_are_taken_in_capitals_and_answered_in_lower_case(house, invited):
    assert_empty(house.http("PUT", USERS + "/" + invited["UserID"] + "/roles", {"roles": [READER.upper()]}), 204)
    assert house.good("GET", USERS + "/" + invited["UserID"])["Roles"] == [{"ID": READER, "Name": "RO User"}]


def test_user_delete_answers_204_without_type_and_body_then_404(house, invited):
    assert_empty(house.http("DELETE", USERS + "/" + invited["UserID"], data=b"null", headers={"Content-Type": "application/json"}), 204)
    assert_refused(house.http("GET", USERS + "/" + invited["UserID"]), 404)
    assert_refused(house.http("DELETE", USERS + "/" + invited["UserID"]), 404)


def test_a_removed_member_s_session_ends_and_their_link_is_void(house, active):
    browser = Browser(house)
    assert browser.sign_in(active["Email"]).status_code == 200
    assert_empty(house.http("DELETE", USERS + "/" + active["UserID"]), 204)
    assert browser.ask("GET", "/v2/currentOrg").status_code in (401, 403)


def test_the_last_organization_administrator_can_neither_be_removed_nor_demoted(house):
    ada = one(house, Email=ADA)["UserID"]
    assert_refused(house.http("DELETE", USERS + "/" + ada), 409)
    assert_refused(house.http("PUT", USERS + "/" + ada + "/roles", {"roles": [READER]}), 409)


# who may

@pytest.mark.parametrize("method,tail,body,action", [
    ("GET", "", None, "org-user-read"), ("GET", "/" + NOBODY, None, "org-user-read"),
    ("PUT", "", {"email": "x@example.com", "roles": [READER]}, "org-user-write"), ("DELETE", "/" + NOBODY, None, "org-user-write"),
    ("PUT", "/" + NOBODY + "/roles", {"roles": [READER]}, "org-user-write")])
def test_a_missing_permission_on_users_is_403_naming_it(house, method, tail, body, action):
    token = house.make_token(house.make_role(["org-read"], [])).text
    assert_refused(house.http(method, USERS + tail, body, token=token), 403, action)


@pytest.mark.parametrize("method,tail", [("GET", ""), ("PUT", ""), ("GET", "/" + NOBODY), ("DELETE", "/" + NOBODY), ("PUT", "/%s/roles" % NOBODY)])
def test_a_dead_token_on_users_is_401_with_340018(house, method, tail):
    answer = house.http(method, USERS + tail, token="AstraCS:%s:%s" % ("x" * 24, "0" * 64))
    assert errors_of(assert_refused(answer, 401).text)[0]["ID"] == 340018


def test_reading_users_is_enough_for_the_check_of_a_token(house):
    """One command-line client takes any token for invalid that may not list users."""
    assert house.http("GET", USERS, token=house.token_for(("org-user-read", house.org)).text).status_code == 200


def test_who_may_not_hand_out_a_role_invites_nobody_with_it(house):
    token = house.token_for(("org-user-write", house.org)).text
    assert_refused(invite(house, ADMINISTRATOR, token=token), 403)


# what a person changes

def test_last_update_user_id_is_the_user_s_id_where_a_person_made_the_change(house):
    browser, ada = Browser(house), one(house, Email=ADA)["UserID"]
    browser.sign_in(ADA)
    role = browser.ask("POST", ROLES, role_body("By a person")).json()
    assert role["last_update_user_id"] == ada
    mine = house.good("POST", ROLES, role_body("By a token"))
    assert_empty(browser.ask("PUT", ROLES + "/" + mine["id"], role_body("By a person after all")), 200)
    assert house.good("GET", ROLES + "/" + mine["id"])["last_update_user_id"] == ada


# sessions

def test_sign_in_answers_one_thing_for_unknown_names_and_wrong_passwords(house):
    wrong = [Browser(house).sign_in(ADA, "wrong horse battery staple"), Browser(house).sign_in("nobody-%s@example.com" % uuid.uuid4().hex)]
    assert {a.status_code for a in wrong} == {401} and len({a.text for a in wrong}) == 1


def test_the_cookie_is_strict_and_not_for_scripts(house):
    cookie = Browser(house).sign_in(ADA).headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/"))


def test_a_cookie_beside_a_token_is_not_looked_at(house):
    browser = Browser(house)
    browser.sign_in(ADA)
    token = house.make_token(house.make_role(["org-read"], [])).text
    assert_refused(browser.ask("GET", USERS, headers={"Authorization": "Bearer " + token}), 403, "org-user-read")


def test_a_cookie_without_csrf_token_or_origin_changes_nothing(house):
    browser = Browser(house)
    browser.sign_in(ADA)
    for more in ({"csrf": None}, {"origin": None}, {"origin": "https://evil.example"}, {"csrf": "0" * 64}):
        assert_refused(browser.ask("PUT", USERS, {"email": "csrf@example.com", "roles": [READER]}, **more), 403)
    assert "csrf@example.com" not in house.http("GET", USERS).text
