"""Enterprises, fact by fact: what a new organization's answer holds, and what an enterprise token does and does not do."""
import uuid

import pytest

import unix_http
from facts import INSTANT, JSON, NOBODY, ROLES, TEXT, UUID, assert_empty, assert_refused, policy, role_body
from latchkey import ADMINISTRATOR, Latchkey

ENTERPRISE_ADMINISTRATOR = "014ba2cc-2ed1-44b8-8162-dba27ca7ce57"
MADE = {"OrganizationName", "OrganizationID", "OrganizationEmail", "MarketplaceData", "CreatedAt", "LastModified", "OrgType", "EnterpriseId",
        "OrganizationGroupId"}
PATH = "/v2/enterprises/organizations"


@pytest.fixture(scope="module")
def group(binary, tmp_path_factory):
    daemon = Latchkey(binary, tmp_path_factory.mktemp("facts-group"))
    daemon.init("--enterprise", "Group")
    daemon.configure(audit_export_targets="127.0.0.0/8")
    daemon.serve()
    daemon.boss = unix_http.good(daemon, "POST", "/v2/tokens", {"roles": [ENTERPRISE_ADMINISTRATOR]}, enterprise=True)["token"]
    yield daemon
    daemon.stop()


def as_boss(group, method, path, body=None):
    return group.http(method, path, body, token=group.boss)


@pytest.fixture(scope="module")
def member(group):
    """An organization of the enterprise, made by it; the answer."""
    return as_boss(group, "POST", PATH, {"name": "Member", "email": "m@example.org"})


# a new organization

def test_enterprise_org_create_answers_201_with_json(member):
    assert member.status_code == 201 and member.headers["Content-Type"] == JSON


def test_enterprise_org_create_has_every_field_in_pascal_case(member):
    assert MADE <= set(member.json())


@pytest.mark.parametrize("field", ["OrganizationID", "OrgType", "EnterpriseId", "OrganizationGroupId", "CreatedAt", "LastModified"])
def test_six_fields_of_a_new_organization_are_text_and_not_empty(member, field):
    assert isinstance(member.json()[field], str) and member.json()[field]


def test_marketplace_data_is_null_or_an_object(member):
    """Anything else cannot be decoded by one client."""
    assert member.json()["MarketplaceData"] is None or isinstance(member.json()["MarketplaceData"], dict)


def test_a_new_organization_s_fields_are_what_they_say(member, group):
    made = member.json()
    assert made["OrganizationName"] == "Member" and made["OrganizationEmail"] == "m@example.org" and made["OrgType"] == "organization"
    assert UUID.fullmatch(made["OrganizationID"]) and made["EnterpriseId"] == group.enterprise
    assert INSTANT.fullmatch(made["CreatedAt"]) and INSTANT.fullmatch(made["LastModified"])


@pytest.mark.parametrize("more", [{}, {"adminUserID": None}, {"adminUserID": ""}, {"unknown": 1}, {"enterpriseID": "own"}])
def test_a_new_organization_takes_what_clients_send(group, more):
    if more.get("enterpriseID"):
        more = {"enterpriseID": group.enterprise}
    answer = as_boss(group, "POST", PATH, {"name": "T " + uuid.uuid4().hex, "email": "t@example.org", **more})
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": None, "email": "x@example.org"}, {"name": 7, "email": "x@example.org"}, [], "x"])
def test_a_new_organization_without_a_name_is_400(group, body):
    assert_refused(as_boss(group, "POST", PATH, body), 400)


def test_an_organization_s_token_makes_no_organization(group):
    assert_refused(group.http("POST", PATH, {"name": "x", "email": "x@example.org"}), 403, "enterprise-org-manage")


# an enterprise token on the paths that it shares

def test_current_org_of_an_enterprise_token_is_the_enterprise(group):
    assert as_boss(group, "GET", "/v2/currentOrg").json() == {"id": group.enterprise}


def test_the_token_list_of_an_enterprise_token_is_the_enterprise_s(group):
    listed = as_boss(group, "GET", "/v2/tokens").json()["clients"]
    assert group.boss.split(":")[1] in [c["clientId"] for c in listed]
    assert group.administrator.split(":")[1] not in [c["clientId"] for c in listed]


def test_client_id_secrets_of_an_enterprise_token_is_an_empty_array(group):
    answer = as_boss(group, "GET", "/v2/clientIdSecrets")
    assert answer.status_code == 200 and answer.json() == {"clients": []}


def test_client_id_secrets_neither_makes_nor_deletes_enterprise_tokens(group):
    assert_refused(as_boss(group, "POST", "/v2/clientIdSecrets", {"roles": [ENTERPRISE_ADMINISTRATOR]}), 403)
    assert_refused(as_boss(group, "DELETE", "/v2/clientIdSecrets/" + group.boss.split(":")[1]), 403)
    assert as_boss(group, "GET", "/v2/currentOrg").status_code == 200


def test_without_org_id_an_enterprise_token_makes_an_enterprise_token(group):
    for more in ({}, {"orgId": group.enterprise}, {"OrgID": group.enterprise.upper()}, {"orgId": ""}):
        answer = as_boss(group, "POST", "/v2/tokens", {"roles": [ENTERPRISE_ADMINISTRATOR], **more})
        assert answer.status_code == 200 and answer.json()["orgId"] == group.enterprise, answer.text
        assert_empty(as_boss(group, "DELETE", "/v2/tokens/" + answer.json()["clientId"]), 204)


def test_with_org_id_an_enterprise_token_makes_a_token_of_that_organization(group, member):
    answer = as_boss(group, "POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "orgId": member.json()["OrganizationID"]})
    assert answer.status_code == 200 and answer.json()["orgId"] == member.json()["OrganizationID"]
    assert group.http("GET", "/v2/currentOrg", token=answer.json()["token"]).json() == {"id": member.json()["OrganizationID"]}


def test_an_org_id_outside_of_the_enterprise_is_403(group):
    assert_refused(as_boss(group, "POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "orgId": NOBODY}), 403, "orgId")


@pytest.mark.parametrize("roles,organization", [([ADMINISTRATOR], False), ([ENTERPRISE_ADMINISTRATOR], True), ([NOBODY], True),
                                                ([ADMINISTRATOR, ENTERPRISE_ADMINISTRATOR], True)])
def test_roles_of_the_other_level_are_400_like_unknown_ones(group, member, roles, organization):
    body = {"roles": roles, **({"orgId": member.json()["OrganizationID"]} if organization else {})}
    assert_refused(as_boss(group, "POST", "/v2/tokens", body), 400, roles[-1])


def test_an_organization_s_token_hands_out_no_enterprise_role(group):
    assert_refused(group.http("POST", "/v2/tokens", {"roles": [ENTERPRISE_ADMINISTRATOR]}), 400, ENTERPRISE_ADMINISTRATOR)


def test_a_role_of_another_member_is_400_like_an_unknown_one(group, member):
    role = group.good("POST", ROLES, role_body("Of Acme alone"))["id"]
    answer = as_boss(group, "POST", "/v2/tokens", {"roles": [role], "orgId": member.json()["OrganizationID"]})
    unknown = as_boss(group, "POST", "/v2/tokens", {"roles": [NOBODY], "orgId": member.json()["OrganizationID"]})
    assert_refused(answer, 400)
    assert answer.text.replace(role, "") == unknown.text.replace(NOBODY, "")


def test_an_enterprise_token_s_id_is_absent_to_organizations(group):
    identity = group.boss.split(":")[1]
    assert_refused(group.http("GET", "/v2/tokens/" + identity), 404)
    assert_refused(group.http("DELETE", "/v2/tokens/" + identity), 404)
    assert as_boss(group, "GET", "/v2/currentOrg").status_code == 200


@pytest.mark.parametrize("method,tail", [("GET", ""), ("GET", "/" + NOBODY), ("POST", ""), ("POST", "/%s/terminate" % NOBODY),
                                         ("POST", "/%s/keyspaces/k" % NOBODY), ("POST", "/%s/token" % NOBODY)])
def test_databases_with_an_enterprise_token_are_401(group, method, tail):
    assert_refused(as_boss(group, method, "/v2/databases" + tail), 401)


# roles of the enterprise

def test_the_role_list_of_an_enterprise_token_shows_enterprise_roles_alone(group):
    assert [r["id"] for r in as_boss(group, "GET", ROLES).json() if r["last_update_user_id"] == ""] == [ENTERPRISE_ADMINISTRATOR]


def test_enterprise_administrator_has_ten_actions_on_the_enterprise(group):
    shown = as_boss(group, "GET", ROLES + "/" + ENTERPRISE_ADMINISTRATOR).json()
    assert shown["name"] == "Enterprise Administrator" and len(shown["policy"]["actions"]) == 10
    assert all(a.startswith("enterprise-") for a in shown["policy"]["actions"])


def test_an_enterprise_token_finds_a_member_s_role_by_id_for_the_look_before_the_mint(group, member):
    role = group.good("POST", ROLES, role_body("Looked up"))["id"]
    assert as_boss(group, "GET", ROLES + "/" + role).json()["id"] == role
    assert as_boss(group, "GET", ROLES + "/" + ADMINISTRATOR).json()["id"] == ADMINISTRATOR
    assert role not in [r["id"] for r in as_boss(group, "GET", ROLES).json()]


def test_an_organization_s_list_shows_no_enterprise_role(group):
    assert ENTERPRISE_ADMINISTRATOR not in [r["id"] for r in group.good("GET", ROLES)]
    assert_refused(group.http("GET", ROLES + "/" + ENTERPRISE_ADMINISTRATOR), 404, content_type=TEXT)


@pytest.mark.parametrize("action,status", [("enterprise-read", 201), ("org-read", 400), ("db-cql", 400)])
def test_enterprise_roles_hold_enterprise_actions_alone(group, action, status):
    body = {"name": "E " + uuid.uuid4().hex, "policy": policy([action], ["drn:astra:enterprise:" + group.enterprise])}
    assert as_boss(group, "POST", ROLES, body).status_code == status


def test_consumption_and_billing_reports_are_not_part_of_latchkey(group):
    for path in ("/v2/enterprises/consumption", "/v2/enterprises/billing-reports/generate-report"):
        assert_refused(as_boss(group, "POST", path, {}), 404)


# reading

def test_the_enterprise_and_its_members_can_be_read(group, member):
    assert as_boss(group, "GET", "/v2/enterprises").status_code == 200
    assert as_boss(group, "GET", "/v2/enterprises/" + group.enterprise).status_code == 200
    listed = as_boss(group, "GET", "/v2/enterprises/%s/organizations" % group.enterprise)
    assert listed.status_code == 200 and member.json()["OrganizationID"] in listed.text


def test_another_enterprise_is_404(group):
    assert_refused(as_boss(group, "GET", "/v2/enterprises/" + NOBODY), 404)


# regions and the trail's export: the rest of sections 5 and 6

def test_regions_answer_200_with_an_array(group):
    for path in ("/v2/availableRegions", "/v2/regions/serverless?region-type=all&filter-by-org=enabled"):
        answer = group.http("GET", path)
        assert answer.status_code == 200 and isinstance(answer.json(), list), path


def test_regions_without_org_db_create_are_401_naming_it(group):
    token = group.make_token(group.make_role(["org-read"], [], name="No regions")).text
    for path in ("/v2/availableRegions", "/v2/regions/serverless"):
        assert_refused(group.http("GET", path, token=token), 401, "org-db-create")


def test_the_export_of_the_trail_asks_for_org_audits_read(group):
    path = "/v2/organizations/%s/telemetry/auditLogs" % group.organization
    token = group.make_token(group.make_role(["org-read"], [], name="No trail")).text
    for method in ("GET", "POST", "DELETE"):
        assert_refused(group.http(method, path, token=token), 403, "org-audits-read")
    assert group.http("GET", path).status_code == 200


def test_the_export_of_the_trail_is_set_up_and_ended_with_202(group):
    path = "/v2/organizations/%s/telemetry/auditLogs" % group.organization
    assert_empty(group.http("POST", path, {"webhook": {"endpoint": "https://127.0.0.1:9/"}}), 202)
    assert group.http("GET", path).json()["enabled"] is True
    assert_empty(group.http("DELETE", path), 202)
    assert group.http("GET", path).json()["enabled"] is False
