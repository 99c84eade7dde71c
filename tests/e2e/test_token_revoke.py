"""Revoking what somebody made: counted first, from the makers down, the caller last."""
import json
import subprocess

import pytest

from latchkey import ADMINISTRATOR, Latchkey

READER = "d2cfcd63-055c-4a58-b957-8916d4a007a5"    # RO User


@pytest.fixture
def family(latchkey):
    """A maker, its two children, the first child's child; and somebody who is no relation."""
    class Family:
        root = latchkey.make_token(ADMINISTRATOR)
        stranger = latchkey.make_token(READER)
    make = lambda by, role: latchkey.good("POST", "/v2/tokens", {"roles": [role]}, token=by)  # noqa: E731
    Family.first, Family.second = make(Family.root.text, ADMINISTRATOR), make(Family.root.text, READER)
    Family.grandchild = make(Family.first["token"], READER)
    Family.made = {t["clientId"] for t in (Family.first, Family.second, Family.grandchild)}
    Family.all = Family.made | {Family.root.client_id}
    yield Family
    for identity in Family.all | {Family.stranger.client_id}:
        latchkey.http("DELETE", "/v2/tokens/" + identity)


def alive(latchkey):
    return {t["clientId"] for t in latchkey.good("GET", "/v2/tokens")["clients"]}


def test_without_a_word_it_is_only_counted(latchkey, family):
    found = latchkey.good("POST", "/v2/tokens/revoke", {"createdBy": family.root.client_id})
    assert found["count"] == 3 and set(found["clientIds"]) == family.made
    assert family.all <= alive(latchkey)


def test_what_somebody_made_is_revoked_with_what_that_made_and_the_maker_stays(latchkey, family):
    done = latchkey.good("POST", "/v2/tokens/revoke", {"createdBy": family.root.client_id, "preview": False})
    assert done["count"] == 3 and set(done["clientIds"]) == family.made
    left = alive(latchkey)
    assert not family.made & left
    assert family.root.client_id in left and family.stranger.client_id in left
    assert latchkey.http("GET", "/v2/currentOrg", token=family.grandchild["token"]).status_code == 401


def test_a_token_is_deleted_with_everything_it_made(latchkey, family):
    path = "/v2/tokens/%s?createdTokens=true" % family.root.client_id
    for _ in range(2):
        answer = latchkey.http("DELETE", path)
        assert answer.status_code == 204 and answer.content == b""
    left = alive(latchkey)
    assert not family.all & left and family.stranger.client_id in left


def test_the_caller_itself_goes_last(latchkey, family):
    answer = latchkey.http("DELETE", "/v2/tokens/%s?createdTokens=true" % family.root.client_id, token=family.root.text)
    assert answer.status_code == 204, answer.text
    assert not family.all & alive(latchkey)


def test_every_one_of_them_is_on_record_by_its_own_name(latchkey, family):
    latchkey.good("POST", "/v2/tokens/revoke", {"createdBy": family.root.client_id, "preview": False})
    done = subprocess.run([latchkey.binary, "audit", "tail", "-n", "50", "--data", latchkey.data],
                          capture_output=True, text=True, check=True)
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert family.made <= {e.get("subject") for e in events if e["name"] == "token.delete"}


def test_many_are_revoked_too(binary, tmp_path):
    daemon = Latchkey(binary, tmp_path / "many")
    daemon.init()
    daemon.serve()
    maker = daemon.make_token(ADMINISTRATOR)
    for _ in range(150):
        daemon.good("POST", "/v2/tokens", {"roles": [READER]}, token=maker.text)
    assert daemon.good("POST", "/v2/tokens/revoke", {"createdBy": maker.client_id, "preview": False})["count"] == 150
    assert len(alive(daemon)) == 2
    daemon.stop()


@pytest.mark.parametrize("body", [{}, {"createdBy": ""}, {"createdBy": 7}, {"createdBy": "x" * 41},
                                  {"createdBy": "x", "preview": "no"}])
def test_a_body_that_cannot_be_read_revokes_nothing(latchkey, family, body):
    assert latchkey.http("POST", "/v2/tokens/revoke", body).status_code == 400
    assert family.all <= alive(latchkey)


def test_nobody_is_found_for_a_maker_that_made_nothing(latchkey, family):
    assert latchkey.good("POST", "/v2/tokens/revoke", {"createdBy": family.stranger.client_id, "preview": False}) == \
        {"count": 0, "clientIds": []}


def test_who_may_not_write_tokens_may_not_revoke(latchkey, family):
    for body in ({"createdBy": family.root.client_id}, {}):
        answer = latchkey.http("POST", "/v2/tokens/revoke", body, token=family.stranger.text)
        assert answer.status_code == 403 and "org-token-write" in answer.text
    answer = latchkey.http("DELETE", "/v2/tokens/%s?createdTokens=true" % family.root.client_id, token=family.stranger.text)
    assert answer.status_code == 403
    assert family.all <= alive(latchkey)


# roles: versions and use

@pytest.fixture
def role(latchkey):
    identity = latchkey.make_role(["org-read"], ["drn:astra:org:" + latchkey.organization], name="versioned")
    latchkey.roles.clear()
    yield "/v2/organizations/roles/" + identity
    latchkey.http("DELETE", "/v2/organizations/roles/" + identity)


def body_of(name):
    return {"name": name, "policy": {"description": "", "effect": "allow", "actions": ["org-read"], "resources": []}}


def test_a_role_has_a_version_that_moves_with_every_change(latchkey, role):
    first = latchkey.http("GET", role)
    assert latchkey.http("GET", role, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert latchkey.http("PUT", role, body_of("versioned 2")).status_code == 200
    second = latchkey.http("GET", role, headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200 and second.headers["ETag"] != first.headers["ETag"]


def test_a_change_that_names_an_older_version_is_412_and_changes_nothing(latchkey, role):
    old = latchkey.http("GET", role).headers["ETag"]
    assert latchkey.http("PUT", role, body_of("versioned 2"), headers={"If-Match": old}).status_code == 200
    assert latchkey.http("PUT", role, body_of("versioned 3"), headers={"If-Match": old}).status_code == 412
    assert latchkey.http("DELETE", role, headers={"If-Match": old}).status_code == 412
    now = latchkey.http("GET", role)
    assert now.json()["name"] == "versioned 2"
    assert latchkey.http("DELETE", role, headers={"If-Match": now.headers["ETag"]}).status_code == 204


def test_a_change_without_a_version_needs_none(latchkey, role):
    assert latchkey.http("PUT", role, body_of("versioned 2")).status_code == 200


def test_who_holds_a_role_is_counted(latchkey, role):
    assert latchkey.good("GET", role + "/usage") == {"holders": 0}
    token = latchkey.make_token(role.rsplit("/", 1)[1])
    assert latchkey.good("GET", role + "/usage") == {"holders": 1}
    latchkey.delete_token(token)
    assert latchkey.good("GET", role + "/usage") == {"holders": 0}
    assert latchkey.http("GET", "/v2/organizations/roles/00000000-0000-4000-8000-000000000000/usage").status_code == 404
