"""Enterprises, their organizations, and what each may do to the other; the settings of an organization."""
import datetime
import re
import uuid

import pytest

import unix_http
from latchkey import ADMINISTRATOR, Latchkey, until

READER = "d2cfcd63-055c-4a58-b957-8916d4a007a5"                    # RO User
ENTERPRISE_ADMINISTRATOR = "014ba2cc-2ed1-44b8-8162-dba27ca7ce57"
NOBODY = "00000000-0000-4000-8000-000000000000"
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$")


@pytest.fixture(scope="module")
def group(binary, tmp_path_factory):
    """A daemon with an enterprise and one member organization; `group.boss` is the enterprise's token."""
    daemon = Latchkey(binary, tmp_path_factory.mktemp("group"))
    daemon.init("--enterprise", "Group")
    daemon.serve()
    daemon.boss = unix_http.good(daemon, "POST", "/v2/tokens", {"roles": [ENTERPRISE_ADMINISTRATOR]},
                                 enterprise=True)["token"]
    yield daemon
    daemon.stop()


def make(group, name, token=None, **more):
    return group.good("POST", "/v2/enterprises/organizations", {"name": name, "email": "x@example.org", **more},
                      token=token or group.boss)


def enterprise_token(group, *actions):
    """A token with an enterprise role of these actions alone."""
    role = group.good("POST", "/v2/organizations/roles",
                      {"name": "role " + uuid.uuid4().hex,
                       "policy": {"description": "", "effect": "allow", "actions": list(actions),
                                  "resources": ["drn:astra:enterprise:" + group.enterprise]}}, token=group.boss)
    return group.good("POST", "/v2/tokens", {"roles": [role["id"]]}, token=group.boss)["token"]


@pytest.fixture
def organization(group):
    made = make(group, "Org " + uuid.uuid4().hex)
    yield made["OrganizationID"]
    group.http("DELETE", "/v2/enterprises/%s/organizations/%s" % (group.enterprise, made["OrganizationID"]),
               token=group.boss)


def mint(group, organization, *roles, by=None):
    return group.http("POST", "/v2/tokens", {"roles": list(roles), "orgId": organization}, token=by or group.boss)


# making organizations

def test_a_made_organization_has_every_field_that_clients_need(group):
    answer = group.http("POST", "/v2/enterprises/organizations",
                        {"name": "Complete", "email": "a@b.c", "adminUserID": None}, token=group.boss)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["OrganizationName"] == "Complete" and made["OrganizationEmail"] == "a@b.c"
    assert uuid.UUID(made["OrganizationID"]) and made["OrgType"] == "organization"
    assert made["EnterpriseId"] == group.enterprise and made["OrganizationGroupId"]
    assert TIME.match(made["CreatedAt"]) and TIME.match(made["LastModified"]) and "MarketplaceData" in made


@pytest.mark.parametrize("body", [{}, {"name": "x"}, {"name": "", "email": "a@b.c"}, {"name": "x", "email": ""}, {"name": "x", "email": "nonsense"},
                                  {"name": "x", "email": "a@b.c", "adminUserID": "x"},
                                  {"name": "x", "email": "a@b.c", "adminUserID": NOBODY},
                                  {"name": "x" * 129, "email": "a@b.c"}])
def test_a_wrong_organization_is_not_made(group, body):
    before = group.good("GET", "/v2/organizations", token=group.boss)
    assert group.http("POST", "/v2/enterprises/organizations", body, token=group.boss).status_code == 400
    assert group.good("GET", "/v2/organizations", token=group.boss) == before


def test_names_are_unique_in_the_enterprise_ignoring_case(group, organization):
    name = [o["name"] for o in group.good("GET", "/v2/organizations", token=group.boss) if o["id"] == organization][0]
    answer = group.http("POST", "/v2/enterprises/organizations", {"name": name.upper(), "email": "a@b.c"}, token=group.boss)
    assert answer.status_code == 409


def test_another_enterprise_is_not_made_into(group):
    answer = group.http("POST", "/v2/enterprises/organizations",
                        {"name": "Elsewhere", "email": "a@b.c", "enterpriseID": NOBODY}, token=group.boss)
    assert answer.status_code == 403
    assert make(group, "Here " + uuid.uuid4().hex, enterpriseID=group.enterprise)["EnterpriseId"] == group.enterprise


def test_an_organization_s_token_makes_none_and_reads_no_enterprise(group):
    for method, path in (("POST", "/v2/enterprises/organizations"), ("GET", "/v2/enterprises"),
                         ("GET", "/v2/enterprises/" + group.enterprise), ("PUT", "/v2/enterprises/" + group.enterprise),
                         ("GET", "/v2/enterprises/%s/organizations" % group.enterprise),
                         ("DELETE", "/v2/enterprises/%s/organizations/%s" % (group.enterprise, group.organization))):
        answer = group.http(method, path, {"name": "x", "email": "a@b.c"} if method != "GET" else None)
        assert answer.status_code == 403 and "enterprise-" in answer.text, path


@pytest.mark.parametrize("action,method,path", [
    ("enterprise-org-manage", "POST", "/v2/enterprises/organizations"), ("enterprise-read", "GET", "/v2/enterprises"),
    ("enterprise-read", "GET", "/v2/enterprises/{}"), ("enterprise-write", "PUT", "/v2/enterprises/{}"),
    ("enterprise-read", "GET", "/v2/enterprises/{}/organizations"), ("enterprise-read", "GET", "/v2/organizations"),
    ("enterprise-org-manage", "DELETE", "/v2/enterprises/{}/organizations/" + NOBODY)])
def test_the_permission_that_is_missing_is_named_first(group, action, method, path):
    token = enterprise_token(group, "enterprise-billing-read")
    answer = group.http(method, path.format(group.enterprise), {} if method in ("POST", "PUT") else None, token=token)
    assert answer.status_code == 403 and action in answer.text


# reading and renaming

def test_an_enterprise_is_read_and_renamed(group):
    path = "/v2/enterprises/" + group.enterprise
    assert [e["id"] for e in group.good("GET", "/v2/enterprises", token=group.boss)] == [group.enterprise]
    assert group.good("PUT", path, {"name": "Group & Co"}, token=group.boss)["name"] == "Group & Co"
    assert group.good("GET", path, token=group.boss)["name"] == "Group & Co"
    assert group.http("PUT", path, {"name": ""}, token=group.boss).status_code == 400


def test_another_enterprise_is_absent(group):
    for method, path in (("GET", "/v2/enterprises/" + NOBODY), ("PUT", "/v2/enterprises/" + NOBODY),
                         ("GET", "/v2/enterprises/x"), ("GET", "/v2/enterprises/%s/organizations" % NOBODY),
                         ("DELETE", "/v2/enterprises/%s/organizations/%s" % (NOBODY, group.organization))):
        assert group.http(method, path, {"name": "x"} if method == "PUT" else None, token=group.boss).status_code == 404


def test_a_token_sees_its_own_organization_and_an_enterprise_s_the_members(group, organization):
    own = group.good("GET", "/v2/organizations")
    assert [o["id"] for o in own] == [group.organization] and own[0]["name"] == "Acme" and "email" not in own[0]
    members = {o["id"] for o in group.good("GET", "/v2/organizations", token=group.boss)}
    assert {group.organization, organization} <= members
    assert {o["id"] for o in group.good("GET", "/v2/enterprises/%s/organizations" % group.enterprise,
                                        token=group.boss)} == members


# removing, bringing in, letting go

def test_an_organization_that_has_something_is_not_removed_and_what_it_has_is_said(group, organization):
    token = mint(group, organization, ADMINISTRATOR).json()
    group.good("POST", "/v2/organizations/roles", {"name": "own", "policy": {
        "description": "", "effect": "allow", "actions": [], "resources": []}}, token=token["token"])
    path = "/v2/enterprises/%s/organizations/%s" % (group.enterprise, organization)
    answer = group.http("DELETE", path, token=group.boss)
    assert answer.status_code == 409 and "1 token" in answer.text and "1 custom role" in answer.text
    role = [r["id"] for r in group.good("GET", "/v2/organizations/roles", token=token["token"]) if r["name"] == "own"][0]
    group.http("DELETE", "/v2/organizations/roles/" + role, token=token["token"])
    group.http("DELETE", "/v2/tokens/" + token["clientId"], token=token["token"])
    assert group.http("DELETE", path, token=group.boss).status_code == 204
    assert group.http("DELETE", path, token=group.boss).status_code == 404
    assert mint(group, organization, READER).status_code == 403


def test_only_the_operator_lets_an_organization_go_and_brings_it_in(group, organization):
    token = mint(group, organization, ADMINISTRATOR).json()["token"]
    path = "/v2/enterprises/%s/organizations/%s" % (group.enterprise, organization)
    assert group.http("DELETE", path + "?standalone=true", token=group.boss).status_code == 403
    assert unix_http.ask(group, "DELETE", path + "?standalone=true")[0] == 204
    assert group.http("GET", "/v2/currentOrg", token=token).json()["id"] == organization
    assert mint(group, organization, READER).status_code == 403
    assert group.http("PUT", path, token=group.boss).status_code == 403
    assert unix_http.ask(group, "PUT", path)[0] == 204
    assert unix_http.ask(group, "PUT", path)[0] == 204
    assert mint(group, organization, READER).status_code == 200
    group.good("POST", "/v2/tokens/revoke", {"createdBy": "x"}, token=token)
    for t in group.good("GET", "/v2/tokens", token=token)["clients"]:
        group.http("DELETE", "/v2/tokens/" + t["clientId"], token=token)


def test_what_is_not_there_is_not_brought_in(group):
    path = "/v2/enterprises/%s/organizations/%s"
    assert unix_http.ask(group, "PUT", path % (group.enterprise, NOBODY))[0] == 404
    assert unix_http.ask(group, "PUT", path % (NOBODY, group.organization))[0] == 404


# minting

def test_an_enterprise_token_mints_for_a_member_with_that_organization_s_roles(group, organization):
    answer = mint(group, organization, ADMINISTRATOR)
    assert answer.status_code == 200 and answer.json()["orgId"] == organization
    token = answer.json()["token"]
    assert group.http("GET", "/v2/currentOrg", token=token).json()["id"] == organization
    assert mint(group, organization, ENTERPRISE_ADMINISTRATOR).status_code == 400
    group.http("DELETE", "/v2/tokens/" + answer.json()["clientId"], token=token)


def test_an_enterprise_token_mints_for_nobody_else(group):
    for other in (NOBODY, "not-a-uuid"):
        assert mint(group, other, READER).status_code in (400, 403)
    assert mint(group, NOBODY, READER).status_code == 403


def test_minting_asks_for_reading_and_writing_tokens(group, organization):
    for actions in (["enterprise-token-read"], ["enterprise-org-manage"]):
        assert mint(group, organization, READER, by=enterprise_token(group, *actions)).status_code == 403
    writer = enterprise_token(group, "enterprise-token-write")
    assert mint(group, organization, ADMINISTRATOR, by=writer).status_code == 200
    assert group.http("POST", "/v2/tokens", {"roles": [ENTERPRISE_ADMINISTRATOR]}, token=writer).status_code == 403
    for t in group.good("GET", "/v2/tokens", token=mint(group, organization, ADMINISTRATOR).json()["token"])["clients"]:
        unix_http.ask(group, "DELETE", "/v2/tokens/" + t["clientId"], organization=organization)


def test_an_enterprise_token_does_nothing_else_in_a_member_organization(group, organization):
    minted = mint(group, organization, READER).json()
    assert group.http("GET", "/v2/tokens/" + minted["clientId"], token=group.boss).status_code == 404
    assert group.http("DELETE", "/v2/tokens/" + minted["clientId"], token=group.boss).status_code == 404
    assert minted["clientId"] not in group.http("GET", "/v2/tokens", token=group.boss).text
    assert group.http("GET", "/v2/databases", token=group.boss).status_code == 401
    assert group.http("GET", "/v2/organizations/settings", token=group.boss).status_code == 403
    unix_http.ask(group, "DELETE", "/v2/tokens/" + minted["clientId"], organization=organization)


def test_client_id_secrets_knows_nothing_of_enterprises(group, organization):
    body = {"roles": [READER], "orgId": organization}
    assert group.http("POST", "/v2/clientIdSecrets", body, token=group.boss).status_code == 403
    assert group.http("POST", "/v2/clientIdSecrets", {"roles": [ENTERPRISE_ADMINISTRATOR]}, token=group.boss).status_code == 403
    assert group.good("GET", "/v2/clientIdSecrets", token=group.boss) == {"clients": []}
    made = group.good("POST", "/v2/tokens", {"roles": [ENTERPRISE_ADMINISTRATOR]}, token=group.boss)
    for path in ("/v2/clientIdSecrets/", "/v2/clientIdSecret/"):
        assert group.http("DELETE", path + made["clientId"], token=group.boss).status_code == 403
    assert made["clientId"] in group.http("GET", "/v2/tokens", token=group.boss).text


def test_an_organization_s_role_is_found_by_the_enterprise_that_hands_it_out(group):
    role = group.make_role(["org-read"], ["drn:astra:org:" + group.organization])
    assert group.good("GET", "/v2/organizations/roles/" + role, token=group.boss)["id"] == role
    shown = {r["id"] for r in group.good("GET", "/v2/organizations/roles", token=group.boss)}
    assert role not in shown and ENTERPRISE_ADMINISTRATOR in shown


def test_enterprise_roles_hold_enterprise_actions_alone_and_others_none(group):
    policy = {"description": "", "effect": "allow", "actions": ["org-read"], "resources": []}
    assert group.http("POST", "/v2/organizations/roles", {"name": "no", "policy": policy}, token=group.boss).status_code == 400
    policy["actions"] = ["enterprise-read"]
    assert group.http("POST", "/v2/organizations/roles", {"name": "no", "policy": policy}).status_code == 400


# settings

SETTINGS = {"defaultLifetimeSeconds": None, "maximumLifetimeSeconds": None, "inheritExpiry": False, "ceiling": True}


@pytest.fixture
def settings(group):
    """Changes them as the operator, by way of the preview; they are as before afterwards."""
    def change(**wanted):
        body = dict(SETTINGS, **wanted)
        shown = unix_http.good(group, "POST", "/v2/organizations/settings/preview", body, organization="Acme")
        return unix_http.good(group, "PUT", "/v2/organizations/settings", dict(body, preview=shown["preview"]),
                              organization="Acme")
    yield change
    change()


def test_settings_are_read_with_org_read(group):
    assert group.good("GET", "/v2/organizations/settings") == SETTINGS
    token = group.make_token(READER)
    assert group.http("GET", "/v2/organizations/settings", token=token.text).status_code == 403


def test_no_token_changes_settings(group):
    for path in ("PUT /v2/organizations/settings", "POST /v2/organizations/settings/preview"):
        method, _, path = path.partition(" ")
        answer = group.http(method, path, dict(SETTINGS, ceiling=False))
        assert answer.status_code == 403 and "no token" in answer.text
    assert group.good("GET", "/v2/organizations/settings") == SETTINGS


@pytest.mark.parametrize("body", [{}, {"defaultLifetimeSeconds": 1}, dict(SETTINGS, maximumLifetimeSeconds=0),
                                  dict(SETTINGS, maximumLifetimeSeconds=-1), dict(SETTINGS, defaultLifetimeSeconds="1"),
                                  dict(SETTINGS, maximumLifetimeSeconds=4e9), dict(SETTINGS, ceiling="no")])
def test_settings_that_cannot_be_read_change_nothing(group, body):
    assert unix_http.ask(group, "PUT", "/v2/organizations/settings", body, organization="Acme")[0] == 400
    assert group.good("GET", "/v2/organizations/settings") == SETTINGS


def test_a_default_above_the_maximum_is_refused_in_words(group, settings):
    body = dict(SETTINGS, defaultLifetimeSeconds=3601, maximumLifetimeSeconds=3600)
    for method, path in (("PUT", "/v2/organizations/settings"), ("POST", "/v2/organizations/settings/preview")):
        status, answer = unix_http.ask(group, method, path, body, organization="Acme")
        assert status == 400 and "must not be more than maximumLifetimeSeconds" in answer["errors"][0]["message"]
    assert group.good("GET", "/v2/organizations/settings") == SETTINGS
    assert settings(defaultLifetimeSeconds=3600, maximumLifetimeSeconds=3600)["defaultLifetimeSeconds"] == 3600


def test_a_lower_maximum_asks_for_its_preview_first(group, settings):
    old = group.make_token(READER)
    body = dict(SETTINGS, maximumLifetimeSeconds=3600)
    status, answer = unix_http.ask(group, "PUT", "/v2/organizations/settings", body, organization="Acme")
    assert status == 409 and "preview" in answer["errors"][0]["message"]
    shown = unix_http.good(group, "POST", "/v2/organizations/settings/preview", body, organization="Acme")
    assert shown["endingNow"] == 0 and shown["endingWithin7Days"] >= 2
    other = dict(body, maximumLifetimeSeconds=1800, preview=shown["preview"])
    assert unix_http.ask(group, "PUT", "/v2/organizations/settings", other, organization="Acme")[0] == 409
    assert settings(maximumLifetimeSeconds=3600)["maximumLifetimeSeconds"] == 3600
    assert settings(maximumLifetimeSeconds=7200)["maximumLifetimeSeconds"] == 7200
    found = group.good("GET", "/v2/tokens/" + old.client_id)
    assert found["tokenExpiry"] is None and TIME.match(found["effectiveExpiry"])


def test_a_lower_maximum_holds_at_once(group, settings):
    # On the operator's word: the administrator's own token ends with the others, and lives again afterwards.
    token = group.make_token(READER)
    assert group.http("GET", "/v2/currentOrg", token=token.text).status_code == 200
    made = datetime.datetime.fromisoformat(token.made["generatedOn"][:26] + "+00:00")
    until("the token's second", lambda: datetime.datetime.now(datetime.timezone.utc) - made > datetime.timedelta(seconds=1))
    settings(maximumLifetimeSeconds=1)
    assert group.http("GET", "/v2/currentOrg", token=token.text).status_code == 401
    settings()
    assert group.http("GET", "/v2/currentOrg", token=token.text).status_code == 200


def test_the_default_is_what_a_token_gets_that_asks_for_nothing(group, settings):
    settings(defaultLifetimeSeconds=3600)
    made = group.make_token(READER).made
    left = datetime.datetime.fromisoformat(made["tokenExpiry"].replace("Z", "+00:00")) - datetime.datetime.now(datetime.timezone.utc)
    assert 3000 < left.total_seconds() <= 3600
    stated = group.make_token(READER, tokenExpiry="2126-01-01T00:00:00Z").made
    assert stated["tokenExpiry"].startswith("2126-01-01")


def test_a_token_ends_no_later_than_its_maker_where_that_is_wanted(group, settings):
    end = "2030-06-01T00:00:00.000Z"
    maker = group.make_token(ADMINISTRATOR, tokenExpiry=end)
    ask = lambda **more: group.http("POST", "/v2/tokens", {"roles": [READER], **more}, token=maker.text)  # noqa: E731
    assert ask().json()["tokenExpiry"] is None
    settings(inheritExpiry=True)
    assert ask().json()["tokenExpiry"] == "2030-06-01T00:00:00Z"
    assert ask(tokenExpiry="2030-01-01T00:00:00Z").status_code == 200
    answer = ask(tokenExpiry="2031-01-01T00:00:00Z")
    assert answer.status_code == 400 and "2030-06-01" in answer.text


def test_the_ceiling_is_lifted_and_holds_again(group, settings):
    role = group.make_role(["org-token-write"], ["drn:astra:org:" + group.organization])
    token = group.make_token(role)
    ask = lambda: group.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, token=token.text).status_code  # noqa: E731
    assert ask() == 403
    settings(ceiling=False)
    assert ask() == 200
    settings()
    assert ask() == 403


def test_a_change_of_settings_that_names_an_older_version_is_412(group, settings):
    old = group.http("GET", "/v2/organizations/settings").headers["ETag"]
    settings(defaultLifetimeSeconds=3600)
    status, _ = unix_http.ask(group, "PUT", "/v2/organizations/settings", SETTINGS, organization="Acme", If_Match=old)
    assert status == 412
