"""An Idempotency-Key outlives the daemon: what was made under it is not made again. Needs no Cassandra."""
import json

import pytest

import unix_http
from latchkey import ADMINISTRATOR, Latchkey

ENTERPRISE_ADMINISTRATOR = "014ba2cc-2ed1-44b8-8162-dba27ca7ce57"


@pytest.fixture(scope="module")
def daemon(binary, tmp_path_factory):
    daemon = Latchkey(binary, tmp_path_factory.mktemp("replay"))
    daemon.init("--enterprise", "Group")
    daemon.serve()
    daemon.boss = unix_http.good(daemon, "POST", "/v2/tokens", {"roles": [ENTERPRISE_ADMINISTRATOR]}, enterprise=True)["token"]
    daemon.member = daemon.good("POST", "/v2/enterprises/organizations", {"name": "Member", "email": "m@example.org"}, token=daemon.boss)["OrganizationID"]
    yield daemon
    daemon.stop()


@pytest.fixture(params=["stop", "kill"])
def again(daemon, request):
    """Ends the daemon and starts it anew."""
    def restart():
        getattr(daemon, request.param)()
        daemon.serve()
    restart.how = request.param
    return restart


def post(daemon, key, path="/v2/tokens", token=None, **body):
    return daemon.http("POST", path, {"roles": [ADMINISTRATOR], **body}, token=token, headers={"Idempotency-Key": key})


def named(daemon, description):
    return [c for c in daemon.good("GET", "/v2/tokens")["clients"] if c.get("description") == description]


def assert_made(answer, made):
    assert answer.status_code == 409 and made["clientId"] in answer.text and made["secret"] not in answer.text, answer.text


@pytest.mark.parametrize("path", ["/v2/tokens", "/v2/clientIdSecrets"])
def test_the_same_request_is_409_and_names_the_token(daemon, again, path):
    key = "same-%s-%s" % (again.how, path)
    made = post(daemon, key, path, description=key).json()
    again()
    for _ in range(2):
        assert_made(post(daemon, key, path, description=key), made)
    assert [c["clientId"] for c in named(daemon, key)] == [made["clientId"]]
    assert daemon.http("GET", "/v2/currentOrg", token=made["token"]).status_code == 200


def test_another_body_is_422(daemon, again):
    made = post(daemon, "body-" + again.how, description="one").json()
    again()
    answer = post(daemon, "body-" + again.how, description="two")
    assert answer.status_code == 422 and "Idempotency-Key" in answer.text and made["clientId"] not in answer.text
    assert not named(daemon, "two")


def test_a_token_that_is_gone_is_not_made_again(daemon, again):
    made = post(daemon, "gone-" + again.how).json()
    assert daemon.http("DELETE", "/v2/tokens/" + made["clientId"]).status_code == 204
    again()
    assert_made(post(daemon, "gone-" + again.how), made)


def test_keys_stay_their_caller_s_own(daemon, again):
    other = daemon.make_token(ADMINISTRATOR).text
    made = post(daemon, "own-" + again.how).json()
    again()
    answer = post(daemon, "own-" + again.how, token=other)
    assert answer.status_code == 200 and answer.json()["clientId"] != made["clientId"]


def test_what_was_refused_may_be_tried_again(daemon, again):
    key = "refused-" + again.how
    assert post(daemon, key, roles=["00000000-0000-4000-8000-000000000000"]).status_code == 400
    again()
    assert post(daemon, key).status_code == 200


@pytest.mark.parametrize("level", ["enterprise", "member"])
def test_what_an_enterprise_makes_is_remembered_too(daemon, again, level):
    key = "%s-%s" % (level, again.how)
    body = {"roles": [ENTERPRISE_ADMINISTRATOR]} if level == "enterprise" else {"orgId": daemon.member}
    made = post(daemon, key, token=daemon.boss, **body)
    assert made.status_code == 200, made.text
    again()
    assert_made(post(daemon, key, token=daemon.boss, **body), made.json())


def test_the_store_keeps_one_for_each_key(daemon):
    def replays():
        daemon.stop()
        done = daemon.run("store", "check")
        daemon.serve()
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)["records"]["replay"]
    before = replays()
    for key in ("one", "one", "two"):
        post(daemon, "count-" + key)
    daemon.good("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]})
    assert replays() == before + 2
