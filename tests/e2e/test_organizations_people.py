"""People in organizations and enterprises: who is signed in changes settings, and becomes the first administrator of a
new organization."""
import uuid

import pytest
import requests

import unix_http
from latchkey import ADMINISTRATOR, Latchkey
from person import PASSWORD, Browser, behind

READER = "d2cfcd63-055c-4a58-b957-8916d4a007a5"                    # RO User
ENTERPRISE_ADMINISTRATOR = "014ba2cc-2ed1-44b8-8162-dba27ca7ce57"
USERS = "/v2/organizations/users"
SETTINGS = {"defaultLifetimeSeconds": None, "maximumLifetimeSeconds": None, "inheritExpiry": False, "ceiling": True}


@pytest.fixture(scope="module")
def group(binary, tmp_path_factory):
    daemon = Latchkey(binary, tmp_path_factory.mktemp("people-group"))
    made = daemon.init("--enterprise", "Group")
    daemon.serve()
    with open(made["setupLinkFile"], encoding="utf-8") as file:
        secret = behind(file.read())[1]
    answer = requests.post(daemon.api + "/v2/set-up", json={"secret": secret, "password": PASSWORD}, timeout=60)
    assert answer.status_code == 200, answer.text
    daemon.boss = unix_http.good(daemon, "POST", "/v2/tokens", {"roles": [ENTERPRISE_ADMINISTRATOR]}, enterprise=True)["token"]
    yield daemon
    daemon.stop()


def signed_in(group, email):
    browser = Browser(group)
    answer = browser.sign_in(email)
    assert answer.status_code == 200, answer.text
    return browser


def member(group, scope, token, *roles):
    """Somebody new who has accepted; (address, id)."""
    email = uuid.uuid4().hex + "@example.org"
    answer = group.http("PUT", USERS, {"email": email, "OrgID": scope, "roles": list(roles)}, token=token)
    assert answer.status_code == 200, answer.text
    accepted = requests.post(group.api + "/v2/invitations/accept", timeout=60,
                             json={"secret": behind(answer.json()["invitationLink"])[1], "password": PASSWORD})
    assert accepted.status_code == 200, accepted.text
    return email, answer.json()["UserID"]


def test_an_administrator_who_has_just_signed_in_changes_settings(group):
    here = {"X-Latchkey-Organization": group.organization}
    ada = signed_in(group, "ada@example.com")
    assert ada.ask("GET", "/v2/organizations/settings", headers=here).json() == SETTINGS
    body = dict(SETTINGS, maximumLifetimeSeconds=86400 * 3650)
    shown = ada.ask("POST", "/v2/organizations/settings/preview", body, headers=here)
    assert shown.status_code == 200 and shown.json()["endingNow"] == 0, shown.text
    assert ada.ask("PUT", "/v2/organizations/settings", body, headers=here).status_code == 409
    done = ada.ask("PUT", "/v2/organizations/settings", dict(body, preview=shown.json()["preview"]), headers=here)
    assert done.status_code == 200 and done.json()["maximumLifetimeSeconds"] == 86400 * 3650, done.text
    assert ada.ask("PUT", "/v2/organizations/settings", SETTINGS, headers=here).status_code == 200
    record = group.good("GET", "/v2/audit?event=organization.update&limit=1")["records"][0]["event"]
    assert record["who"]["kind"] == "person" and record["detail"] == SETTINGS


def test_a_member_with_less_changes_none(group):
    email, _ = member(group, group.organization, group.administrator, READER)
    browser = signed_in(group, email)
    answer = browser.ask("PUT", "/v2/organizations/settings", SETTINGS)
    assert answer.status_code == 403 and "org-write" in answer.text
    assert group.good("GET", "/v2/organizations/settings") == SETTINGS


def test_somebody_of_the_enterprise_becomes_a_new_organization_s_administrator(group):
    email, person = member(group, group.enterprise, group.boss, ENTERPRISE_ADMINISTRATOR)
    made = group.good("POST", "/v2/enterprises/organizations",
                      {"name": "Theirs", "email": email, "adminUserID": person}, token=group.boss)
    browser = signed_in(group, email)
    here = {"X-Latchkey-Organization": made["OrganizationID"]}
    users = browser.ask("GET", USERS, headers=here).json()
    assert users["OrgID"] == made["OrganizationID"]
    assert [(u["UserID"], u["Status"], [r["ID"] for r in u["Roles"]]) for u in users["Users"]] == \
        [(person, "active", [ADMINISTRATOR])]
    assert {o["id"] for o in browser.ask("GET", "/v2/organizations").json()} == {made["OrganizationID"]}
    path = "/v2/enterprises/%s/organizations/%s" % (group.enterprise, made["OrganizationID"])
    answer = group.http("DELETE", path, token=group.boss)
    assert answer.status_code == 409 and "1 member" in answer.text


def test_a_stranger_or_somebody_who_has_not_accepted_becomes_nothing(group):
    answer = group.http("PUT", USERS, {"email": "late@example.org", "OrgID": group.enterprise,
                                       "roles": [ENTERPRISE_ADMINISTRATOR]}, token=group.boss)
    invited = answer.json()["UserID"]
    for person in (invited, str(uuid.uuid4())):
        answer = group.http("POST", "/v2/enterprises/organizations",
                            {"name": "Nobody's", "email": "x@example.org", "adminUserID": person}, token=group.boss)
        assert answer.status_code == 400 and "adminUserID" in answer.text
    assert "Nobody's" not in group.http("GET", "/v2/organizations", token=group.boss).text


def test_what_a_person_made_is_found_and_revoked_by_their_id(group):
    here = {"X-Latchkey-Organization": group.organization}
    ada = signed_in(group, "ada@example.com")
    made = ada.ask("POST", "/v2/tokens", {"roles": [READER]}, headers=here)
    assert made.status_code == 200, made.text
    maker = group.good("GET", "/v2/tokens/" + made.json()["clientId"])["createdBy"]
    assert uuid.UUID(maker)
    found = group.good("GET", "/v2/tokens?createdBy=" + maker)["clients"]
    assert [t["clientId"] for t in found] == [made.json()["clientId"]]
    assert group.good("POST", "/v2/tokens/revoke", {"createdBy": maker, "preview": False})["count"] == 1
