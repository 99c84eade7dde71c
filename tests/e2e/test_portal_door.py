"""What a browser meets before anybody has signed in, whether the Portal is in the binary or not: the state of the daemon,
and access lists, which guard the Portal and signing in as they guard the API."""
import pytest
import requests

from latchkey import Latchkey
from person import PASSWORD, Browser, behind

INSIDE, OUTSIDE, ELSEWHERE = "192.0.2.7", "198.51.100.1", "203.0.113.9"


def from_(address):
    return {"X-Forwarded-For": address}


def get(daemon, path, address=INSIDE):
    return requests.get(daemon.api + path, headers=from_(address), timeout=30)


def set_up(daemon, link):
    answer = requests.post(daemon.api + "/v2/set-up", json={"secret": behind(link)[1], "password": PASSWORD}, timeout=60)
    assert answer.status_code == 200, answer.text


def started(binary, folder, *words):
    """Every address is one that a trusted proxy names; Ada has her password."""
    daemon = Latchkey(binary, folder)
    made = daemon.init(*words)
    daemon.configure(trusted_proxies="127.0.0.0/8")
    daemon.serve()
    with open(made["setupLinkFile"], encoding="utf-8") as file:
        set_up(daemon, file.read())
    return daemon


@pytest.fixture
def house(binary, tmp_path):
    daemon = started(binary, tmp_path / "x")
    yield daemon
    daemon.stop()


def sign_in(daemon, address, password=PASSWORD, email="ada@example.com"):
    return Browser(daemon).ask("POST", "/v2/sessions", {"email": email, "password": password}, headers=from_(address))


def test_the_state_is_told_and_nothing_of_anybody(house):
    state = get(house, "/v2/set-up").json()
    port = house.api.rpartition(":")[2]
    assert state == {"state": "ready", "address": house.api, "why": None, "linkFile": None,
                     "origins": ["http://%s:%s" % (host, port) for host in ("127.0.0.1", "localhost", "[::1]")]}


def test_over_plain_http_elsewhere_it_is_said_why_nobody_can_sign_in(binary, tmp_path):
    daemon = Latchkey(binary, tmp_path / "x")
    daemon.init()
    daemon.configure(public_url="http://keys.example:8090")
    daemon.serve()
    state = requests.get(daemon.api + "/v2/set-up", timeout=30).json()
    assert state["origins"] == [] and state["address"] == "http://keys.example:8090"
    assert "ssh -L" in state["why"] and "https://" in state["why"]
    refused = Browser(daemon).sign_in("ada@example.com")
    assert refused.status_code == 403 and refused.json()["errors"][0]["message"] == state["why"]
    daemon.stop()


def test_the_list_of_the_api_guards_the_portal_and_signing_in(house):
    assert get(house, "/").status_code == 200
    assert sign_in(house, OUTSIDE).status_code == 200
    house.ask("access-list", "add", INSIDE, "--api", "--force")
    house.ask("access-list", "enable", "--api", "--force")
    for path in ("/", "/v2/set-up"):
        assert get(house, path).status_code == 200
        refused = get(house, path, OUTSIDE)
        assert refused.status_code == 403 and OUTSIDE in refused.json()["errors"][0]["message"]
    assert sign_in(house, INSIDE).status_code == 200
    # From outside the right password, a wrong one and no account are one answer.
    right, wrong = sign_in(house, OUTSIDE), sign_in(house, ELSEWHERE, "wrong horse battery staple")
    nobody = sign_in(house, "203.0.114.9", email="nobody@example.com")
    assert right.status_code == wrong.status_code == nobody.status_code == 401
    assert right.json() == wrong.json() == nobody.json()
    assert "Set-Cookie" not in right.headers


def test_who_belongs_to_two_organizations_signs_in_where_one_lets_them(binary, tmp_path):
    daemon = started(binary, tmp_path / "x", "--enterprise", "Group")
    bob = "bob@example.com"

    def accept(invited, address):
        return requests.post(daemon.api + "/v2/invitations/accept", timeout=60, headers=from_(address), json={
            "secret": behind(invited["invitationLink"])[1], "password": PASSWORD}).status_code

    daemon.ask("org", "create", "Second", "--enterprise", "--email", bob)
    invited = daemon.ask("user", "invite", bob, "--role", "Organization Administrator", "--org", "Second")
    assert accept(invited, OUTSIDE) == 200
    assert sign_in(daemon, OUTSIDE, email=bob).status_code == 200
    daemon.ask("access-list", "enable", "--api", "--force", "--org", "Second")
    assert get(daemon, "/", OUTSIDE).status_code == 200      # the first organization hears it
    assert sign_in(daemon, OUTSIDE, email=bob).status_code == 401
    # Invited is not a member: the list of where he is one counts, for accepting, too.
    invited = daemon.ask("user", "invite", bob, "--role", "Organization Administrator", "--org", "Acme")
    assert sign_in(daemon, OUTSIDE, email=bob).status_code == 401
    assert accept(invited, OUTSIDE) == 401
    daemon.ask("access-list", "add", INSIDE, "--api", "--force", "--org", "Second")
    assert accept(invited, INSIDE) == 200
    assert sign_in(daemon, OUTSIDE, email=bob).status_code == 200
    daemon.stop()
