"""The 16 built-in organization roles, fact by fact: ids, names, resources, and which action which of them holds."""
import pytest

from facts import ROLES, TEXT, ZERO_TIME, assert_refused, role_body

# abbreviation, name, id, number of actions
BUILT_IN = [
    ("OA", "Organization Administrator", "ad0566b5-2a67-49de-89e8-92258c2f2c98", 54),
    ("DA", "Database Administrator", "1faa93f2-b889-4190-9585-4bc6e3c3595a", 38),
    ("AU", "Admin User", "43745b73-ad46-46e4-b826-c15d06d2cea0", 39),
    ("RWU", "R/W User", "b73e44b2-b9e9-43b8-a7c1-c6a2fe2dab50", 11),
    ("ROU", "RO User", "d2cfcd63-055c-4a58-b957-8916d4a007a5", 10),
    ("ASA", "Admin Svc Acct", "892c45bb-d395-488c-9428-8a50f7013e2b", 38),
    ("RWS", "R/W Svc Acct", "b4ed0e9e-67e8-47b6-8b58-c6629be961a9", 9),
    ("ROS", "RO Svc Acct", "16a4b1d7-a615-41f8-95ca-52b0280f4d77", 8),
    ("AAU", "API Admin User", "67c4b5dc-dd3f-4b2d-be51-09be12836d57", 35),
    ("ARWU", "API R/W User", "946cfbde-24cc-4953-9355-d57bfd61bf39", 10),
    ("AROU", "API RO User", "5dc84d0d-4fdd-4ec2-a223-71341b6d7685", 9),
    ("AASA", "API Admin Svc Acct", "dde8a0e9-f4ae-4b42-b642-9f257436c8da", 35),
    ("ARWS", "API R/W Svc Acct", "efdfd41f-6184-4891-8400-b5779a0551d9", 8),
    ("AROS", "API RO Svc Acct", "74b7d8b1-ecf1-48e5-a35f-0f999d369889", 7),
    ("BA", "Billing Admin", "c5fabb3c-1ae1-4648-898f-d3b98167d62e", 4),
    ("UI", "UI View Only", "a25baf86-1bde-43d2-86ac-647e3d884bac", 3)]

FOUR = ["", ":db:*", ":db:*:keyspace:*", ":db:*:keyspace:*:table:*"]
RESOURCES = {"BA": ["", ":db:*"], "UI": ["", ":db:*"], "OA": FOUR + [":stream:*", ":role:*"],
             "ASA": FOUR + [":stream:*"], "AAU": FOUR + [":stream:*"], "AASA": FOUR + [":stream:*"]}

# who holds: what
MATRIX = {
    "OA AU":
        "org-read db-data-import",
    "OA":
        "org-write org-role-read org-role-write org-role-delete org-external-auth-read org-external-auth-write "
        "org-notification-write org-audits-read org-integrations-read org-integrations-write",
    "OA DA AU RWU ROU ASA AAU ARWU AROU AASA BA UI":
        "org-user-read org-db-view",
    "OA AU ASA AAU AASA":
        "org-user-write",
    "OA DA":
        "org-token-read org-token-write accesslist-write",
    "OA AU ASA AAU AASA BA":
        "org-billing-read org-billing-write",
    "OA DA AU ASA":
        "org-cmk-read org-cmk-write db-manage-thirdpartymetrics",
    "OA ASA AAU AASA":
        "org-stream-manage",
    "OA DA RWU ROU RWS ROS AAU ARWU AROU AASA ARWS AROS UI":
        "accesslist-read",
    "OA DA AU ASA AAU AASA":
        "org-db-create org-db-terminate org-db-expand org-db-passwordreset org-db-suspend org-db-addpeering "
        "org-db-managemigratorproxy db-manage-region db-manage-privateendpoint db-all-keyspace-create db-keyspace-alter "
        "db-keyspace-authorize db-keyspace-create db-keyspace-drop db-keyspace-grant db-keyspace-modify db-table-alter "
        "db-table-authorize db-table-create db-table-drop db-table-grant",
    "OA DA AU RWU ROU ASA RWS ROS AAU ARWU AROU AASA ARWS AROS":
        "db-all-keyspace-describe db-keyspace-describe db-table-describe db-table-select db-rest db-graphql",
    "OA DA AU RWU ASA RWS AAU ARWU AASA ARWS":
        "db-table-modify",
    "OA DA AU RWU ROU ASA RWS ROS":
        "db-cql"}
HOLDERS = {action: set(holders.split()) for holders, actions in MATRIX.items() for action in actions.split()}


@pytest.fixture(scope="module")
def shown(latchkey):
    return {role["id"]: role for role in latchkey.good("GET", ROLES)}


def test_the_matrix_is_whole():
    assert len(HOLDERS) == 54 and {h for holders in HOLDERS.values() for h in holders} == {row[0] for row in BUILT_IN}


@pytest.mark.parametrize("short,name,identity,actions", BUILT_IN)
def test_a_built_in_role_has_its_id_name_and_number_of_actions(shown, short, name, identity, actions):
    role = shown[identity]
    assert role["name"] == role["policy"]["description"] == name and role["policy"]["effect"] == "allow"
    assert len(role["policy"]["actions"]) == len(set(role["policy"]["actions"])) == actions


@pytest.mark.parametrize("short,name,identity,actions", BUILT_IN)
def test_a_built_in_role_holds_exactly_the_actions_of_the_matrix(shown, short, name, identity, actions):
    assert set(shown[identity]["policy"]["actions"]) == {action for action, holders in HOLDERS.items() if short in holders}


@pytest.mark.parametrize("short,name,identity,actions", BUILT_IN)
def test_a_built_in_role_shows_its_resources_with_the_placeholder(shown, short, name, identity, actions):
    assert shown[identity]["policy"]["resources"] == ["drn:astra:org:__ORG_ID__" + tail for tail in RESOURCES.get(short, FOUR)]


@pytest.mark.parametrize("short,name,identity,actions", BUILT_IN)
def test_a_built_in_role_was_never_updated_by_anybody(shown, short, name, identity, actions):
    assert shown[identity]["last_update_date_time"] == ZERO_TIME and shown[identity]["last_update_user_id"] == ""


@pytest.mark.parametrize("short,name,identity,actions", BUILT_IN)
def test_a_built_in_role_can_be_read_but_neither_changed_nor_deleted(latchkey, shown, short, name, identity, actions):
    assert latchkey.good("GET", ROLES + "/" + identity.upper()) == shown[identity]
    assert_refused(latchkey.http("PUT", ROLES + "/" + identity, role_body("x")), 403, content_type=TEXT)
    assert_refused(latchkey.http("DELETE", ROLES + "/" + identity), 403, content_type=TEXT)


def test_there_are_16_of_them(shown):
    assert {row[2] for row in BUILT_IN} == {r["id"] for r in shown.values() if r["last_update_date_time"] == ZERO_TIME}


# method, path, and who of the built-in roles gets through: others are refused
ASKS = [("GET", "/v2/tokens", "org-token-read", 200, 403), ("GET", "/v2/clientIdSecrets", "org-token-read", 200, 403),
        ("DELETE", "/v2/tokens/" + "x" * 24, "org-token-write", 404, 403), ("GET", "/v2/databases", "org-db-view", 200, 401),
        ("GET", "/v2/databases/00000000-0000-4000-8000-000000000000", "org-db-view", 404, 401),
        ("POST", "/v2/databases/00000000-0000-4000-8000-000000000000/terminate", "org-db-terminate", 404, 401),
        ("POST", "/v2/databases/00000000-0000-4000-8000-000000000000/keyspaces/k", "db-keyspace-create", 404, 401),
        ("DELETE", "/v2/databases/00000000-0000-4000-8000-000000000000/keyspaces/k", "db-keyspace-drop", 404, 401),
        ("POST", "/v2/databases/00000000-0000-4000-8000-000000000000/secureBundleURL", "db-cql", 404, 401),
        ("DELETE", "/v2/organizations/roles/00000000-0000-4000-8000-000000000000", "org-role-delete", 404, 403),
        ("GET", "/v2/organizations/users", "org-user-read", 200, 403),
        ("DELETE", "/v2/organizations/users/00000000-0000-4000-8000-000000000000", "org-user-write", 404, 403),
        ("GET", "/v2/access-lists", "accesslist-read", 200, 403), ("GET", "/v2/availableRegions", "org-db-create", 200, 401),
        ("GET", "/v2/regions/serverless", "org-db-create", 200, 401),
        ("GET", "/v2/databases/00000000-0000-4000-8000-000000000000/access-list", "accesslist-read", 404, 401),
        ("DELETE", "/v2/databases/00000000-0000-4000-8000-000000000000/access-list", "accesslist-write", 404, 401),
        ("GET", "/v2/audit", "org-audits-read", 200, 403), ("GET", "/v2/organizations/settings", "org-read", 200, 403)]


@pytest.fixture(scope="module")
def tokens(latchkey):
    return {short: latchkey.make_token(identity).text for short, _, identity, _ in BUILT_IN}


@pytest.mark.parametrize("method,path,action,open_,shut", ASKS)
def test_built_in_roles_open_exactly_the_paths_of_their_actions(latchkey, tokens, method, path, action, open_, shut):
    for short, token in tokens.items():
        assert latchkey.http(method, path, token=token).status_code == (open_ if short in HOLDERS[action] else shut), short


def test_roles_are_listed_to_role_readers_and_to_who_mints_tokens(latchkey, tokens):
    for short, token in tokens.items():
        good = short in HOLDERS["org-role-read"] | HOLDERS["org-token-write"]
        assert latchkey.http("GET", ROLES, token=token).status_code == (200 if good else 403), short
