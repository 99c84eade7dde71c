"""The same answers when the daemon ends and starts between any two of them: what was answered is on disk, and nothing that
an answer depends on is in memory alone. Ended by SIGTERM and by SIGKILL in turn; once not at all, for comparison."""
import itertools
import re

import pytest
import requests

from facts import (NOBODY, ROLES, TEXT, assert_empty, assert_refused, errors_of, listed, policy, role_body)
from latchkey import ADMINISTRATOR, Latchkey, Token, free_port
from person import PASSWORD, Browser, behind

READER = "d2cfcd63-055c-4a58-b957-8916d4a007a5"          # RO User


class Life:
    """A daemon that may end between two steps."""

    def __init__(self, daemon, how):
        self.daemon, self.how, self.restarts = daemon, how, 0

    def next(self):
        """The daemon to ask next."""
        if self.how == "plain":
            return self.daemon
        self.restarts += 1
        if self.restarts % 2:
            self.daemon.stop()
        else:
            self.daemon.kill()
        self.daemon.serve()
        return self.daemon


@pytest.fixture(scope="module", params=["plain", "restarted"])
def life(binary, tmp_path_factory, request):
    daemon = Latchkey(binary, tmp_path_factory.mktemp("life"))
    daemon.init()
    daemon.serve()
    found = Life(daemon, request.param)
    yield found
    daemon.stop()


def test_a_token_lives_through_it_all(life):
    made = life.next().http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "description": "kept", "tokenExpiry": "2126-01-01T00:00:00.123456789Z"})
    assert made.status_code == 200
    token = Token(made.json())
    one = listed(life.next(), token)
    assert one["description"] == "kept" and one["roles"] == [ADMINISTRATOR] and one["tokenExpiry"] == "2126-01-01T00:00:00.123Z"
    assert one["generatedOn"] == token.made["generatedOn"][:23] + "Z"
    assert life.next().http("GET", "/v2/currentOrg", token=token.text).json() == {"id": life.daemon.organization}
    assert one.items() <= life.next().good("GET", "/v2/tokens/" + token.client_id).items()
    assert_empty(life.next().http("DELETE", "/v2/clientIdSecrets/" + token.client_id), 204)
    assert life.next().http("GET", "/v2/currentOrg", token=token.text).status_code == 401
    assert listed(life.next(), token) is None
    assert_empty(life.next().http("DELETE", "/v2/tokens/" + token.client_id), 204)
    assert errors_of(life.next().http("GET", "/v2/currentOrg", token=token.text).text)[0]["ID"] == 340018


def test_a_role_lives_through_it_all(life):
    org = "drn:astra:org:" + life.daemon.organization
    actions, resources = ["org-user-read", "org-token-read", "db-cql"], [org + ":db:*", org, "drn:astra:org:" + NOBODY, org.upper().replace("DRN:ASTRA:ORG", "drn:astra:org")]
    answer = life.next().http("POST", ROLES, {"name": "Kept", "policy": policy(actions, resources)})
    assert answer.status_code == 201
    role = answer.json()
    token = life.next().make_token(role["id"])
    assert life.next().good("GET", ROLES + "/" + role["id"].upper()) == role
    assert_refused(life.next().http("POST", ROLES, role_body("KEPT")), 409, content_type=TEXT)
    assert life.next().http("GET", "/v2/tokens", token=token.text).status_code == 200
    assert_empty(life.next().http("PUT", ROLES + "/" + role["id"], {"name": "Changed", "policy": policy(actions[:1], [])}), 200)
    changed = life.next().good("GET", ROLES + "/" + role["id"])
    assert changed["name"] == "Changed" and changed["policy"]["actions"] == actions[:1] and changed["policy"]["resources"] == []
    assert_refused(life.next().http("GET", "/v2/tokens", token=token.text), 403, "org-token-read")
    assert_empty(life.next().http("DELETE", ROLES + "/" + role["id"]), 204)
    assert_refused(life.next().http("DELETE", ROLES + "/" + role["id"]), 404, content_type=TEXT)
    assert listed(life.next(), token)["roles"] == [role["id"]]
    assert life.next().http("POST", "/v2/tokens", {"roles": [role["id"]]}).status_code == 400
    assert life.next().http("POST", ROLES, role_body("kept")).status_code == 201


def test_a_deny_role_is_guarded_by_its_holders_all_the_while(life):
    org = "drn:astra:org:" + life.daemon.organization
    role = life.next().good("POST", ROLES, {"name": "Denies", "policy": policy(["org-token-read"], [org], effect="deny")})["id"]
    token = life.next().make_token(role, ADMINISTRATOR)
    assert life.next().http("GET", "/v2/tokens", token=token.text).status_code == 403
    assert_refused(life.next().http("DELETE", ROLES + "/" + role), 409, content_type=TEXT)
    life.next().delete_token(token)
    assert_empty(life.next().http("DELETE", ROLES + "/" + role), 204)


def test_a_database_lives_through_it_all(life):
    found = life.next().add_database("Kept", "127.0.0.1:1", "nobody", "a password that is long enough")
    path = "/v2/databases/" + found.id
    shown = life.next().good("GET", path)
    assert shown["info"]["name"] == "Kept" and shown["id"] == found.id
    again = life.next().good("GET", "/v2/databases")
    assert [(d["id"], d["creationTime"], d["ownerId"]) for d in again] == [(shown["id"], shown["creationTime"], shown["ownerId"])]
    first = Token(life.next().good("POST", path + "/token"))
    second = Token(life.next().good("POST", path + "/token"))
    assert first.made["roles"] == second.made["roles"]
    refused = life.next().run("db", "add", "KEPT", "--contact-points", "127.0.0.1:1", "--datacenter", "datacenter1", "--username", "u",
                              "--password-file", life.daemon.folder + "/Kept-password", "--listen", "127.0.0.1:%d" % free_port())
    assert refused.returncode == 8, refused.stderr
    assert_empty(life.next().http("POST", path + "/terminate"), 202)
    assert life.next().good("GET", path)["status"] == "TERMINATED"
    assert life.next().good("GET", "/v2/databases") == []
    assert life.next().good("GET", ROLES + "/" + first.made["roles"][0])["name"] == "Kept Database Administrator"


def test_a_user_lives_through_it_all(life):
    users, email = "/v2/organizations/users", "bea@example.com"
    first = life.next().good("PUT", users, {"email": email, "OrgID": life.daemon.organization, "roles": [READER]})
    again = life.next().good("PUT", users, {"email": email.upper(), "roles": [READER]})
    assert again["UserID"] == first["UserID"] and again["Status"] == "invited"
    for link, status in ((first, 404), (again, 200), (again, 404)):
        daemon = life.next()
        answer = requests.post(daemon.api + "/v2/invitations/accept", timeout=60,
                               json={"secret": behind(link["invitationLink"])[1], "password": PASSWORD})
        assert answer.status_code == status, answer.text
    assert life.next().good("GET", users + "/" + first["UserID"])["Status"] == "active"
    browser = Browser(life.next())
    assert browser.sign_in(email).status_code == 200
    session = browser.ask("GET", "/v2/sessions/current").json()
    browser.latchkey = life.next()
    assert browser.ask("GET", "/v2/sessions/current").json() == session
    assert_empty(life.next().http("PUT", users + "/" + first["UserID"] + "/roles", {"roles": [ADMINISTRATOR]}), 204)
    assert browser.ask("GET", "/v2/tokens").status_code == 200
    assert_empty(life.next().http("DELETE", users + "/" + first["UserID"]), 204)
    assert life.next().http("GET", users + "/" + first["UserID"]).status_code == 404
    assert browser.ask("GET", "/v2/currentOrg").status_code in (401, 403)


def test_an_access_list_lives_through_it_all(life):
    path = "/v2/databases/%s/access-list" % life.daemon.add_database("Listed", "127.0.0.1:1", "nobody", "a password that is long enough").id
    assert_empty(life.next().http("POST", path, [{"address": "0.0.0.1/0", "description": "kept"}, {"address": "::1"}]), 204)
    first = life.next().good("GET", path)
    assert [(one["address"], one["description"]) for one in first["addresses"]] == [("0.0.0.1/0", "kept"), ("::1", "")]
    assert_empty(life.next().http("PATCH", path, {"configurations": {"accessListEnabled": True}}), 204)
    assert life.next().good("GET", path) == {**first, "configurations": {"accessListEnabled": True}}
    assert_empty(life.next().http("DELETE", path + "?addresses=0.0.0.1%2F0"), 204)
    assert [one["address"] for one in life.next().good("GET", path)["addresses"]] == ["::1"]
    assert_empty(life.next().http("DELETE", path), 204)
    assert life.next().good("GET", "/v2/access-lists") == []


def test_every_refusal_is_the_same_one_later(life):
    for method, path, body, status in (("POST", "/v2/tokens", {"roles": [NOBODY]}, 400), ("DELETE", "/v2/tokens/" + "x" * 24, None, 404),
                                       ("DELETE", ROLES + "/" + ADMINISTRATOR, None, 403), ("GET", "/v2/databases/" + NOBODY, None, 404)):
        assert life.next().http(method, path, body).status_code == status


def test_the_trail_is_whole_and_without_gap_afterwards(life):
    done = life.next().run("audit", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    numbers = [int(n) for n in re.findall(r'"seq(?:uence)?":(\d+)', life.daemon.run("audit", "tail", "-n", "1000").stdout)]
    assert numbers == list(itertools.islice(itertools.count(numbers[0]), len(numbers)))
    assert life.how == "plain" or life.restarts > 40
