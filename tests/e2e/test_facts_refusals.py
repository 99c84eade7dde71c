"""Every refusal changes nothing: the store's rows before and after, byte by byte, and those of a backup made before the
first refusal and after the last."""
import hashlib
import os
import sqlite3

import pytest

import leaks
import unix_http
from facts import NOBODY, ROLES, STRANGER, policy, role_body
from latchkey import ADMINISTRATOR, Latchkey, free_port

DATABASE_ADMINISTRATOR = "1faa93f2-b889-4190-9585-4bc6e3c3595a"
ENTERPRISE_ADMINISTRATOR = "014ba2cc-2ed1-44b8-8162-dba27ca7ce57"
READER = "d2cfcd63-055c-4a58-b957-8916d4a007a5"          # RO User
USERS = "/v2/organizations/users"
X24 = "x" * 24


class House:
    """Two organizations with a token, a role and a database each; callers of several sizes."""

    def __init__(self, daemon, folder):
        self.daemon, self.backup = daemon, os.path.join(folder, "backup.db")
        boss = unix_http.good(daemon, "POST", "/v2/tokens", {"roles": [ENTERPRISE_ADMINISTRATOR]}, enterprise=True)["token"]
        made = daemon.good("POST", "/v2/enterprises/organizations", {"name": "Others", "email": "o@example.org"}, token=boss)
        other = made["OrganizationID"]
        theirs = daemon.good("POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "orgId": other}, token=boss)["token"]
        org = "drn:astra:org:" + daemon.organization
        self.callers = {
            "administrator": daemon.administrator, "boss": boss, "stranger": STRANGER, "theirs": theirs,
            "powerless": daemon.make_token(daemon.make_role(["org-read"], [], name="Powerless")).text,
            "minter": daemon.token_for(("org-token-write", org), ("org-token-read", org)).text,
            "keeper": daemon.token_for(("org-user-write", org), ("org-user-read", org)).text,
            "writer": daemon.token_for(("org-role-write", org), ("org-role-delete", org)).text,
            "denied": daemon.make_token(ADMINISTRATOR, daemon.make_role(
                ["org-token-write", "org-role-write", "org-role-delete"], [org], effect="deny", name="Denied")).text,
            "delegated": daemon.make_token(
                daemon.make_role(["org-token-write"], [org, org + ":role:" + NOBODY], name="Delegated")).text}
        dead = daemon.make_token(ADMINISTRATOR)
        daemon.delete_token(dead)
        self.callers["dead"] = dead.text
        self.names = {
            "org": daemon.organization, "other": other, "enterprise": daemon.enterprise,
            "role": daemon.make_role(["org-user-read"], [org], name="Ours"),
            "deny": daemon.make_role(["org-db-view"], [org + ":db:*"], effect="deny", name="In use"),
            "wide": daemon.make_role(["db-table-select"], [org + ":db:*:keyspace:*:table:*"], name="Wide"),
            "line": daemon.make_role(["org-user-read"], [org, org + ":role:*"], name="Delegates"),
            "their role": daemon.good("POST", ROLES, role_body("Theirs"), token=theirs)["id"],
            "token": daemon.make_token(ADMINISTRATOR).client_id, "their token": theirs.split(":")[1], "boss token": boss.split(":")[1]}
        daemon.make_token(self.names["deny"], ADMINISTRATOR)
        self.names["ada"] = daemon.good("GET", USERS)["Users"][0]["UserID"]
        for name, token in (("user", daemon.administrator), ("their user", theirs)):
            self.names[name] = daemon.good("PUT", USERS, {"email": name.replace(" ", "-") + "@example.com", "roles": [READER]}, token=token)["UserID"]
        self.names["database"] = self.register("Ours", daemon.organization, daemon.administrator)
        self.names["their database"] = self.register("Theirs", other, theirs)

    def register(self, name, organization, token):
        body = {"name": name, "contactPoints": "127.0.0.1:1", "datacenter": "datacenter1", "username": "u",
                "password": "a password of the house", "listen": "127.0.0.1:%d" % free_port()}
        status, answer = unix_http.ask(self.daemon, "POST", "/v2/databases", body, organization=organization)
        assert status == 201, answer
        leaks.note(body["password"], "the database " + name)
        return self.daemon.good("GET", "/v2/databases", token=token)[0]["id"]

    def filled(self, value):
        """Names in braces, wherever they stand, replaced by ids."""
        if isinstance(value, str):
            for name, identity in self.names.items():
                value = value.replace("{%s}" % name, identity)
            return value
        if isinstance(value, list):
            return [self.filled(one) for one in value]
        if isinstance(value, dict):
            return {key: self.filled(one) for key, one in value.items()}
        return value

    def fingerprint(self, path=None):
        """Every row but those of the trail, whole: of the store as another process sees it, or of a copy."""
        database = sqlite3.connect("file:%s?mode=ro" % (path or os.path.join(self.daemon.data, "latchkey.db")), uri=True)
        try:
            found = {}
            tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            assert {"record", "claim", "outbox"} <= tables
            for table in tables - {"outbox"}:
                rows = sorted(map(repr, database.execute("SELECT * FROM " + table)))
                found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
            return found
        finally:
            database.close()

    def fingerprint_of_backup(self):
        if os.path.exists(self.backup):
            os.unlink(self.backup)
        assert self.daemon.run("store", "backup", self.backup).returncode == 0
        return self.fingerprint(self.backup)


@pytest.fixture(scope="module")
def house(binary, tmp_path_factory):
    folder = tmp_path_factory.mktemp("refusals")
    daemon = Latchkey(binary, folder / "daemon")
    daemon.init("--enterprise", "Group")
    daemon.serve()
    yield House(daemon, str(folder))
    daemon.stop()


def mint(*roles, **more):
    return {"roles": list(roles), **more}


LINE = "drn:astra:org:{org}"
EXPORT, SENT = "/v2/organizations/{org}/telemetry/auditLogs", {"webhook": {"endpoint": "https://127.0.0.1:9/"}}
TABLES = LINE + ":db:*:keyspace:*:table:*"
CEILING = [
    ("minter", "POST", "/v2/tokens", mint(ADMINISTRATOR), 403), ("minter", "POST", "/v2/clientIdSecrets", mint(DATABASE_ADMINISTRATOR), 403),
    ("minter", "POST", "/v2/tokens", mint("{wide}"), 403), ("minter", "POST", "/v2/tokens", mint("{line}"), 403),
    ("minter", "POST", "/v2/tokens", mint("{role}", "{wide}"), 403), ("minter", "POST", "/v2/databases/{database}/token", None, 401),
    ("delegated", "POST", "/v2/tokens", mint(ADMINISTRATOR), 403), ("delegated", "POST", "/v2/tokens", mint("{wide}"), 403),
    ("writer", "POST", ROLES, {"name": "New", "policy": policy(["db-table-select"], [TABLES])}, 403),
    ("writer", "POST", ROLES, {"name": "New", "policy": policy(["org-token-write"], [LINE])}, 403),
    ("writer", "POST", ROLES, {"name": "New", "policy": policy(["org-user-read"], [LINE + ":role:*"])}, 403),
    ("writer", "POST", ROLES, {"name": "New", "policy": policy(["org-user-read"], [LINE + ":role:" + ADMINISTRATOR])}, 403),
    ("writer", "PUT", ROLES + "/{role}", {"name": "Ours", "policy": policy(["org-token-write"], [LINE])}, 403),
    ("writer", "PUT", ROLES + "/{wide}", {"name": "Wide", "policy": policy(["db-table-select", "db-table-modify"], [TABLES])}, 403),
    ("writer", "PUT", ROLES + "/{deny}", {"name": "In use", "policy": policy(["org-token-write"], [LINE])}, 403),
    ("denied", "POST", "/v2/tokens", mint("{role}"), 403), ("denied", "POST", ROLES, role_body("New"), 403),
    ("denied", "PUT", ROLES + "/{role}", role_body("Ours"), 403), ("denied", "DELETE", ROLES + "/{role}", None, 403)]
PERMISSION = [
    ("powerless", "POST", "/v2/tokens", mint("{role}"), 403), ("powerless", "POST", "/v2/clientIdSecrets", mint("{role}"), 403),
    ("powerless", "DELETE", "/v2/tokens/{token}", None, 403), ("powerless", "DELETE", "/v2/clientIdSecrets/{token}", None, 403),
    ("powerless", "DELETE", "/v2/clientIdSecret/{token}", None, 403), ("powerless", "POST", ROLES, role_body("New"), 403),
    ("powerless", "PUT", ROLES + "/{role}", role_body("Ours"), 403), ("powerless", "DELETE", ROLES + "/{role}", None, 403),
    ("powerless", "POST", "/v2/databases/{database}/terminate", None, 401), ("powerless", "POST", "/v2/databases/{database}/token", None, 401),
    ("powerless", "POST", "/v2/databases/{database}/keyspaces/k", None, 401),
    ("powerless", "DELETE", "/v2/databases/{database}/keyspaces/k", None, 401), ("powerless", "POST", "/v2/databases", {}, 401),
    ("powerless", "POST", "/v2/enterprises/organizations", {"name": "x", "email": "x@example.org"}, 403),
    ("powerless", "PUT", "/v2/organizations/settings", {"defaultTokenLifetime": 1}, 403),
    ("powerless", "POST", "/v2/tokens/revoke", {"createdBy": "{token}"}, 403),
    ("powerless", "POST", EXPORT, SENT, 403), ("powerless", "DELETE", EXPORT, None, 403),
    ("minter", "DELETE", ROLES + "/{role}", None, 403), ("writer", "DELETE", "/v2/tokens/{token}", None, 403)]
NOBODIES = [(caller, method, path, body, 401) for caller in ("stranger", "dead") for method, path, body in (
    ("POST", "/v2/tokens", mint(ADMINISTRATOR)), ("DELETE", "/v2/tokens/{token}", None), ("POST", ROLES, role_body("New")),
    ("DELETE", ROLES + "/{role}", None), ("POST", "/v2/databases/{database}/terminate", None))]
FOREIGN = [
    ("administrator", "POST", "/v2/tokens", mint("{their role}"), 400), ("administrator", "POST", "/v2/tokens", mint(ADMINISTRATOR, orgId="{other}"), 403),
    ("administrator", "DELETE", "/v2/tokens/{their token}", None, 404), ("administrator", "DELETE", "/v2/clientIdSecrets/{their token}", None, 404),
    ("administrator", "DELETE", "/v2/tokens/{boss token}", None, 404), ("administrator", "PUT", ROLES + "/{their role}", role_body("Theirs"), 404),
    ("administrator", "DELETE", ROLES + "/{their role}", None, 404), ("administrator", "POST", "/v2/databases/{their database}/terminate", None, 404),
    ("administrator", "POST", "/v2/databases/{their database}/token", None, 404),
    ("administrator", "POST", "/v2/organizations/{other}/telemetry/auditLogs", SENT, 404), ("theirs", "POST", EXPORT, SENT, 404),
    ("theirs", "DELETE", EXPORT, None, 404),
    ("theirs", "DELETE", "/v2/tokens/{token}", None, 404), ("theirs", "DELETE", ROLES + "/{role}", None, 404),
    ("theirs", "PUT", ROLES + "/{role}", role_body("Ours"), 404), ("theirs", "POST", "/v2/tokens", mint("{role}"), 400),
    ("theirs", "POST", "/v2/databases/{database}/terminate", None, 404), ("boss", "DELETE", "/v2/tokens/{token}", None, 404),
    ("boss", "DELETE", "/v2/clientIdSecrets/{boss token}", None, 403), ("boss", "POST", "/v2/clientIdSecrets", mint(ENTERPRISE_ADMINISTRATOR), 403),
    ("boss", "POST", "/v2/tokens", mint(ADMINISTRATOR, orgId=NOBODY), 403), ("boss", "POST", "/v2/tokens", mint("{role}", orgId="{other}"), 400),
    ("boss", "PUT", ROLES + "/{role}", role_body("Ours"), 404), ("boss", "DELETE", ROLES + "/{role}", None, 404),
    ("boss", "DELETE", "/v2/enterprises/{enterprise}/organizations/" + NOBODY, None, 404)]
BAD = [
    ("POST", "/v2/tokens", {}, 400), ("POST", "/v2/tokens", mint(), 400), ("POST", "/v2/tokens", mint(NOBODY), 400),
    ("POST", "/v2/tokens", mint(ADMINISTRATOR, NOBODY), 400), ("POST", "/v2/tokens", mint("Organization Administrator"), 400),
    ("POST", "/v2/tokens", mint(ADMINISTRATOR, tokenExpiry="2020-01-01T00:00:00Z"), 400),
    ("POST", "/v2/tokens", mint(ADMINISTRATOR, description="a\nb"), 400), ("POST", "/v2/tokens", mint(ENTERPRISE_ADMINISTRATOR), 400),
    ("POST", "/v2/clientIdSecrets", b"{", 400), ("POST", "/v2/clientIdSecrets", b'{"roles":["%s"],"roles":[]}' % ADMINISTRATOR.encode(), 400),
    ("POST", "/v2/tokens", b"x" * (1 << 20) + b"x", 413), ("DELETE", "/v2/tokens/" + X24, None, 404), ("DELETE", "/v2/tokens/x", None, 404),
    ("PUT", "/v2/tokens/{token}", mint(ADMINISTRATOR), 405), ("POST", ROLES, role_body("ours"), 409), ("POST", ROLES, role_body("RO User"), 409),
    ("POST", ROLES, {"name": "New"}, 400), ("POST", ROLES, role_body("New", "no-such-action"), 400), ("POST", ROLES, role_body("New", ""), 400),
    ("POST", ROLES, role_body("New", resources=["nonsense"]), 400), ("POST", ROLES, role_body("New", "db-cql", effect="deny"), 400),
    ("PUT", ROLES + "/{role}", role_body("Wide"), 409), ("PUT", ROLES + "/{role}", role_body("Ours", "enterprise-read"), 400),
    ("PUT", ROLES + "/" + ADMINISTRATOR, role_body("x"), 403), ("DELETE", ROLES + "/" + ADMINISTRATOR, None, 403),
    ("DELETE", ROLES + "/{deny}", None, 409), ("DELETE", ROLES + "/" + NOBODY, None, 404),
    ("POST", "/v2/databases", {"name": "x", "cloudProvider": "GCP", "tier": "serverless", "capacityUnits": 1, "region": "us-east1"}, 422),
    ("POST", "/v2/databases/" + NOBODY + "/terminate", None, 404), ("POST", "/v2/databases/{database}/token", {"tokenExpiry": "x"}, 400),
    ("POST", "/v2/databases/{database}/secureBundleURL", None, 409), ("POST", "/v2/databases/{database}/keyspaces/a-b", None, 422),
    ("POST", "/v2/databases/{database}/keyspaces/k", None, 409),
    ("POST", EXPORT, {}, 400), ("POST", EXPORT, {"pulsar": {}}, 422), ("POST", EXPORT, {"webhook": {"endpoint": "http://192.0.2.1/"}}, 400),
    ("POST", EXPORT, SENT, 403), ("DELETE", EXPORT, None, 404)]
TABLE = CEILING + PERMISSION + NOBODIES + FOREIGN + [("administrator", *row) for row in BAD]


PEOPLE = [
    ("powerless", "PUT", USERS, {"email": "new@example.com", "roles": [READER]}, 403), ("powerless", "DELETE", USERS + "/{user}", None, 403),
    ("powerless", "PUT", USERS + "/{user}/roles", {"roles": [ADMINISTRATOR]}, 403), ("stranger", "DELETE", USERS + "/{user}", None, 401),
    ("dead", "PUT", USERS, {"email": "new@example.com", "roles": [READER]}, 401),
    ("keeper", "PUT", USERS, {"email": "new@example.com", "roles": [ADMINISTRATOR]}, 403), ("keeper", "DELETE", USERS + "/{ada}", None, 403),
    ("keeper", "PUT", USERS + "/{ada}/roles", {"roles": [READER]}, 403), ("keeper", "PUT", USERS + "/{user}/roles", {"roles": [ADMINISTRATOR]}, 403),
    ("administrator", "DELETE", USERS + "/{their user}", None, 404), ("administrator", "PUT", USERS + "/{their user}/roles", {"roles": [READER]}, 404),
    ("theirs", "DELETE", USERS + "/{user}", None, 404), ("administrator", "PUT", USERS + "/{user}/roles", {"roles": ["{their role}"]}, 400),
    ("administrator", "PUT", USERS, {"email": "new@example.com", "roles": [NOBODY]}, 400),
    ("administrator", "PUT", USERS, {"email": "no address", "roles": [READER]}, 400),
    ("administrator", "PUT", USERS, {"email": "new@example.com", "roles": [READER], "OrgID": "{other}"}, 403),
    ("administrator", "PUT", USERS + "/{user}/roles", {"roles": []}, 400), ("administrator", "DELETE", USERS + "/{ada}", None, 409),
    ("administrator", "PUT", USERS + "/{ada}/roles", {"roles": [READER]}, 409), ("administrator", "DELETE", USERS + "/" + NOBODY, None, 404),
    ("stranger", "POST", "/v2/invitations/accept", {"secret": "0" * 64, "password": "correct horse battery staple"}, 404),
    ("stranger", "POST", "/v2/invitations/check", {"secret": "0" * 64}, 404), ("stranger", "POST", "/v2/set-up/check", {"secret": "0" * 64}, 404),
    ("administrator", "POST", "/v2/set-up", {"secret": "0" * 64, "password": "correct horse battery staple"}, 404),
    ("administrator", "POST", "/v2/sessions", {"email": "ada@example.com", "password": "wrong horse battery staple"}, 403),
    ("administrator", "PUT", "/v2/person", {"password": "correct horse battery staple"}, 403)]
LIST, ACL = "/v2/databases/{database}/access-list", "/v2/organizations/{org}/devops-acl"
ENTRY = [{"address": "10.0.0.0/8"}]
ACCESS = [("powerless", method, LIST, body, 401) for method, body in (("PUT", ENTRY), ("POST", ENTRY), ("PATCH", ENTRY), ("DELETE", None))]
ACCESS += [("powerless", method, ACL, body, 403) for method, body in (("PUT", ENTRY), ("POST", ENTRY), ("PATCH", ENTRY), ("DELETE", None))]
ACCESS += [
    ("administrator", "POST", LIST, [{"address": "x"}], 400), ("administrator", "PUT", LIST, {"addresses": {}}, 400),
    ("administrator", "PATCH", LIST, {"configurations": []}, 400), ("administrator", "DELETE", LIST + "?addresses=x", None, 400),
    ("administrator", "POST", "/v2/databases/{their database}/access-list", ENTRY, 404),
    ("administrator", "DELETE", "/v2/databases/{their database}/access-list", None, 404), ("theirs", "PUT", LIST, ENTRY, 404),
    ("administrator", "POST", ACL, ENTRY, 409), ("administrator", "PUT", ACL, ENTRY, 409),
    ("administrator", "POST", "/v2/organizations/{other}/devops-acl", ENTRY, 404), ("theirs", "DELETE", ACL, None, 404),
    ("stranger", "POST", LIST, ENTRY, 401), ("boss", "POST", LIST, ENTRY, 401)]
TABLE = TABLE + PEOPLE + ACCESS


def name_of(row):
    return "%s %s %s %d" % (row[0], row[1], row[2].replace("/v2/", ""), row[4])


@pytest.fixture(scope="module")
def before(house):
    """The rows as they were; each test leaves them so, and so each needs to look once."""
    found = house.fingerprint()
    assert house.fingerprint_of_backup() == found
    return found


@pytest.mark.parametrize("row", TABLE, ids=name_of)
def test_a_refusal_changes_nothing(house, before, row):
    caller, method, path, body, status = row
    more = {"data": body, "headers": {"Content-Type": "application/json"}} if isinstance(body, bytes) else {}
    answer = house.daemon.http(method, house.filled(path), None if more else house.filled(body), token=house.callers[caller], **more)
    assert answer.status_code == status, answer.text
    assert house.fingerprint() == before


def test_a_backup_after_all_of_them_holds_the_same_rows(house, before):
    assert house.fingerprint_of_backup() == before


def test_the_fingerprint_sees_a_change(house, before):
    """Or the tests above would see nothing at all."""
    token = house.daemon.make_token(ADMINISTRATOR)
    with_token = house.fingerprint()
    assert with_token["record"][0] == before["record"][0] + 1
    house.daemon.delete_token(token)
    after = house.fingerprint()
    assert house.fingerprint_of_backup() == after
    assert with_token != after != before      # what is left is that it was deleted
