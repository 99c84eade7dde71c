"""People: set-up, invitations, sign-in, sessions, second factors, re-authentication; every status and every refusal by
plain HTTP against the real binary, and again after a restart. No secret of any of it is in the data folder or the log."""
import json
import os
import re
import socket
import stat
import time
from datetime import datetime

import pytest
import requests

import routes
from latchkey import ADMINISTRATOR, Latchkey, until
from person import PASSWORD, Browser, behind, totp

READ_ONLY = "d2cfcd63-055c-4a58-b957-8916d4a007a5"
NOBODY = "00000000-0000-4000-8000-000000000000"
ADA = "ada@example.com"
WRONG = "wrong horse battery staple"
USERS = "/v2/organizations/users"


def message(answer):
    return answer.json()["errors"][0]["message"]


def code(answer):
    return answer.json()["errors"][0]["ID"]


def set_up(daemon, email=ADA, password=PASSWORD):
    made = daemon.ask("user", "set-up", email)
    answer = requests.post(daemon.api + "/v2/set-up", json={"secret": behind(made["setupLink"])[1],
                                                            "password": password}, timeout=60)
    assert answer.status_code == 200 and answer.json() == {"email": email}, answer.text


def signed_in(daemon, email=ADA, password=PASSWORD, **more):
    browser = Browser(daemon)
    answer = browser.sign_in(email, password, **more)
    assert answer.status_code == 200, answer.text
    return browser


def invite(daemon, email, *roles, token=None):
    answer = daemon.http("PUT", USERS, {"email": email, "OrgID": daemon.organization, "roles": list(roles)}, token)
    assert answer.status_code == 200, answer.text
    return answer.json()


def accept(daemon, invited, password=PASSWORD, **more):
    return requests.post(daemon.api + "/v2/invitations/accept", timeout=60,
                         json={"secret": behind(invited["invitationLink"])[1], "password": password, **more})


@pytest.fixture(scope="module")
def house(binary, tmp_path_factory):
    """A Latchkey whose administrator, Ada, has chosen her password by the link of init."""
    daemon = Latchkey(binary, tmp_path_factory.mktemp("people") / "x")
    daemon.made = daemon.init()
    daemon.serve()
    with open(daemon.made["setupLinkFile"], encoding="utf-8") as file:
        daemon.link = file.read()
    daemon.secrets = [behind(daemon.link)[1], PASSWORD]
    answer = requests.post(daemon.api + "/v2/set-up", timeout=60,
                           json={"secret": behind(daemon.link)[1], "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    yield daemon
    daemon.stop()


@pytest.fixture
def member(house, request):
    """Somebody new with a role that is of no use, who has accepted; the number makes the address new."""
    email = "m%d@example.com" % time.monotonic_ns()
    made = invite(house, email, READ_ONLY)
    answer = accept(house, made)
    assert answer.status_code == 200, answer.text
    house.secrets.append(behind(made["invitationLink"])[1])
    return email, made["UserID"]


# set-up

def test_init_leaves_a_link_that_is_good_once_and_its_file_goes(house, binary, tmp_path):
    page, secret = behind(house.link)
    assert page == "http://127.0.0.1:8090/set-up"
    assert not os.path.exists(house.made["setupLinkFile"])
    again = requests.post(house.api + "/v2/set-up", json={"secret": secret, "password": PASSWORD}, timeout=60)
    assert again.status_code == 404 and "link" in message(again)
    other = Latchkey(binary, tmp_path / "other")
    conf = tmp_path / "conf"
    conf.write_text("public-url = https://Keys.Example:443/\n")
    made = other.init("--config", str(conf))
    assert stat.S_IMODE(os.stat(made["setupLinkFile"]).st_mode) == 0o600
    assert open(made["setupLinkFile"], encoding="utf-8").read().startswith("https://keys.example/set-up#")


@pytest.mark.parametrize("body,status", [
    ({}, 400), ({"secret": "x", "password": PASSWORD}, 404), ({"secret": "0" * 64, "password": PASSWORD}, 404),
    ({"secret": "0" * 64}, 400), ({"secret": 7, "password": PASSWORD}, 400)])
def test_a_link_that_never_was_sets_nothing_up(house, body, status):
    assert requests.post(house.api + "/v2/set-up", json=body, timeout=60).status_code == status


CHECKS = ("/v2/set-up/check", "/v2/invitations/check")


def check(daemon, path, secret):
    return requests.post(daemon.api + path, json={"secret": secret}, timeout=60)


def test_a_link_is_looked_at_without_being_spent_and_says_nothing_of_whose_it_is(house):
    start = time.time()
    secret = behind(house.ask("user", "set-up", ADA)["setupLink"])[1]
    email = "l%d@example.com" % time.monotonic_ns()
    invited = behind(invite(house, email, READ_ONLY)["invitationLink"])[1]
    house.secrets += [secret, invited]
    for path, mine, other, least, most in ((CHECKS[0], secret, invited, 3500, 3700), (CHECKS[1], invited, secret, 72 * 3600 - 100, 72 * 3600 + 600)):
        for _ in range(2):
            good = check(house, path, mine)
            assert good.status_code == 200 and list(good.json()) == ["expiresOn"], good.text
            left = datetime.fromisoformat(good.json()["expiresOn"].replace("Z", "+00:00")).timestamp() - start
            assert least <= left <= most
        # Of the other kind, spent, cut, never made: one answer.
        for dead in (other, mine[:-1], mine.upper(), "0" * 64, "x"):
            bad = check(house, path, dead)
            assert bad.status_code == 404 and message(bad) == "this link was used already, has been replaced, or its time is over"
    assert requests.post(house.api + "/v2/set-up", json={"secret": secret, "password": PASSWORD}, timeout=60).status_code == 200
    assert check(house, CHECKS[0], secret).status_code == 404


@pytest.mark.parametrize("path", CHECKS)
@pytest.mark.parametrize("body", [{}, {"secret": None}, {"secret": 7}, {"secret": ""}, {"secret": "x" * 257}, []])
def test_what_is_no_link_at_all_is_400(house, path, body):
    assert requests.post(house.api + path, json=body, timeout=60).status_code == 400


def test_guesses_at_links_count_as_failures_of_their_network_and_a_good_one_is_answered(own_latchkey):
    own_latchkey.configure(failure_limit=1, failure_burst=5)
    own_latchkey.serve()
    secret = behind(own_latchkey.ask("user", "set-up", ADA)["setupLink"])[1]
    statuses = {check(own_latchkey, path, "0" * 64).status_code for path in CHECKS for _ in range(15)}
    assert statuses == {404, 429}
    assert check(own_latchkey, CHECKS[0], secret).status_code == 200


def test_what_is_guessed_first_is_no_password_wherever_it_is_chosen(house):
    email = "adalbert.stifter@example.com"
    assert accept(house, invite(house, email, READ_ONLY)).status_code == 200
    secret = behind(house.ask("user", "set-up", ADA)["setupLink"])[1]
    invited = invite(house, "g%d@example.com" % time.monotonic_ns(), READ_ONLY)
    browser = signed_in(house, email)
    for password, why in (("aaaaaaaaaaaaaaaa", "too few different"), ("1234567890123456", "a sequence"),
                          ("qwertyuiopasdfgh", "a sequence")):
        for answer in (requests.post(house.api + "/v2/set-up", json={"secret": secret, "password": password}, timeout=60),
                       accept(house, invited, password), browser.ask("PUT", "/v2/person", {"password": password})):
            assert answer.status_code == 400 and why in message(answer) and password not in answer.text
    own = browser.ask("PUT", "/v2/person", {"password": "Adalbert.Stifter1234"})
    assert own.status_code == 400 and "e-mail address" in message(own)
    assert requests.post(house.api + "/v2/set-up", json={"secret": secret, "password": PASSWORD}, timeout=60).status_code == 200


def test_the_operator_makes_a_new_link_and_a_short_password_spends_none(house):
    made = house.ask("user", "set-up", ADA)
    page, secret = behind(made["setupLink"])
    assert page == house.api + "/set-up" and made["email"] == ADA
    short = requests.post(house.api + "/v2/set-up", json={"secret": secret, "password": "fourteen chars"}, timeout=60)
    assert short.status_code == 400 and "at least 15" in message(short)
    good = requests.post(house.api + "/v2/set-up", json={"secret": secret, "password": PASSWORD}, timeout=60)
    assert good.status_code == 200


# signing in

def test_sign_in_answers_who_and_where_and_sets_a_strict_cookie(house):
    browser = Browser(house)
    answer = browser.sign_in(ADA.upper())
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["person"]["email"] == ADA and found["person"]["secondFactor"] is False
    assert [(m["scope"], m["kind"], m["name"]) for m in found["memberships"]] == [
        (house.organization, "organization", "Acme")]
    assert [r["id"] for r in found["memberships"][0]["roles"]] == [ADMINISTRATOR]
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("latchkey=") and "Secure" not in cookie
    for part in ("Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=43200"):
        assert part in cookie
    assert answer.headers["Cache-Control"] == "no-store"
    current = browser.ask("GET", "/v2/sessions/current")
    assert current.status_code == 200 and current.json() == found
    house.secrets += [browser.cookie, found["csrfToken"]]


def test_wrong_names_and_wrong_passwords_are_one_answer(house):
    wrong = [Browser(house).sign_in(ADA, WRONG), Browser(house).sign_in("nobody@example.com"),
             Browser(house).sign_in("not an address")]
    assert {a.status_code for a in wrong} == {401} and {code(a) for a in wrong} == {351004} and len({a.text for a in wrong}) == 1
    assert all("Set-Cookie" not in a.headers for a in wrong)
    for body in ({}, {"email": ADA}, {"email": "", "password": PASSWORD}, {"email": ADA, "password": 7},
                 {"email": ADA, "password": "x" * 300}):
        assert Browser(house).ask("POST", "/v2/sessions", body).status_code == 400, body


def test_sign_in_needs_our_own_origin(house):
    for origin in (None, "null", "https://evil.example", house.api + ".evil.example", house.api.replace("http", "https")):
        answer = Browser(house).ask("POST", "/v2/sessions", {"email": ADA, "password": PASSWORD}, origin=origin)
        assert answer.status_code == 403 and code(answer) == 351002, origin
    local = Browser(house)
    local.origin = house.api.replace("127.0.0.1", "localhost")
    assert local.sign_in(ADA).status_code == 200


def test_who_fails_often_waits_and_others_do_not(house, member):
    email, _ = member
    for _ in range(5):
        assert Browser(house).sign_in(email, WRONG).status_code == 401
    answer = Browser(house).sign_in(email, WRONG)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) >= 1
    assert Browser(house).sign_in(ADA).status_code == 200
    for _ in range(6):
        last = Browser(house).sign_in("never-was-%s" % email, WRONG)
    assert last.status_code == 429, "an unknown account waits like a known one"
    until("the wait's end", lambda: Browser(house).sign_in(email).status_code == 200)


# cookie callers

def test_a_cookie_is_not_looked_at_beside_a_token(house):
    browser = signed_in(house)
    answer = browser.ask("GET", "/v2/sessions/current", headers={"Authorization": "Bearer " + house.administrator})
    assert answer.status_code == 403
    assert browser.ask("GET", "/v2/currentOrg", headers={"Authorization": "Bearer x"}).status_code == 401
    assert browser.ask("GET", "/v2/currentOrg").json()["id"] == house.organization


def test_what_changes_something_needs_origin_and_csrf_token(house):
    browser = signed_in(house)
    for wrong in (dict(origin=None), dict(origin="https://evil.example"), dict(csrf=None), dict(csrf="0" * 64),
                  dict(csrf="")):
        answer = browser.ask("POST", "/v2/tokens", {"roles": [READ_ONLY]}, **wrong)
        assert answer.status_code == 403 and code(answer) == 351002, wrong
    assert browser.ask("POST", "/v2/tokens", {"roles": [READ_ONLY]}).status_code == 200
    assert browser.ask("GET", "/v2/tokens", csrf=None, origin=None).status_code == 200


UNSAFE = [r for r in routes.routes() if r.method in ("POST", "PUT", "PATCH", "DELETE") and r.who.startswith("CALLER")]


@pytest.mark.parametrize("how", [dict(csrf=None), dict(csrf="0" * 64), dict(origin=None), dict(origin="https://evil.example")],
                         ids=["no CSRF token", "a wrong one", "no origin", "another origin"])
def test_every_unsafe_call_wants_both(house, how):
    """Whatever the call is, and before anything of it is looked at."""
    browser = signed_in(house)
    assert len(UNSAFE) > 40
    for route in UNSAFE:
        answer = browser.ask(route.method, re.sub(r"\{\w+\}", "x", route.path), {"not": "looked at"}, **how)
        assert answer.status_code == 403 and code(answer) == 351002, "%r: %d %s" % (route, answer.status_code, answer.text)
    assert browser.ask("GET", "/v2/sessions/current").status_code == 200


def test_an_unknown_cookie_is_401_with_its_own_words(house):
    answer = requests.get(house.api + "/v2/currentOrg", cookies={"latchkey": "0" * 64}, timeout=30)
    assert answer.status_code == 401 and "sign in" in message(answer) and code(answer) == 351003
    other = requests.get(house.api + "/v2/currentOrg", cookies={"__Host-latchkey": "0" * 64}, timeout=30)
    assert other.status_code == 401 and "no token" in message(other)


def test_a_page_hears_403_where_a_token_hears_401(house, member):
    browser = signed_in(house, member[0])
    assert browser.ask("GET", "/v2/databases").status_code in (200, 403)
    answer = browser.ask("POST", "/v2/databases", {"name": "x"})
    assert answer.status_code == 403 and "org-db-create" in message(answer)


def test_where_one_acts_is_said_by_its_id(house):
    browser = signed_in(house)
    def at(name, value):
        return browser.ask("GET", "/v2/currentOrg", headers={name: value}).status_code
    assert at("X-Latchkey-Organization", house.organization) == 200
    assert at("X-Latchkey-Organization", NOBODY) == 403
    assert at("X-Latchkey-Enterprise", "true") == 400


# re-authentication

def test_a_proof_holds_ten_minutes(house, member):
    """The clock is not ours here; the unit tests move it. A proof is refused when it is wrong."""
    browser = signed_in(house)
    assert browser.prove(WRONG).status_code == 401
    answer = browser.prove()
    assert answer.status_code == 200 and answer.json()["csrfToken"] == browser.csrf
    assert answer.json()["provedOn"] > answer.json()["createdOn"]
    assert house.http("POST", "/v2/sessions/current/proof", {"password": PASSWORD}).status_code == 403


# sessions

def test_sessions_are_listed_and_ended(house, member):
    email, user = member
    one, two, three = (signed_in(house, email) for _ in range(3))
    mine = one.ask("GET", "/v2/sessions").json()["sessions"]
    assert len(mine) == 3 and [s["current"] for s in mine].count(True) == 1
    assert all(s["email"] == email and s["address"] == "127.0.0.1" and s["userAgent"] for s in mine)
    current = {b: b.ask("GET", "/v2/sessions/current").json()["id"] for b in (one, two, three)}
    assert one.ask("DELETE", "/v2/sessions/" + current[two]).status_code == 204
    assert two.ask("GET", "/v2/currentOrg").status_code == 401
    assert one.ask("DELETE", "/v2/sessions/" + current[two]).status_code == 404
    assert one.ask("DELETE", "/v2/sessions").status_code == 204
    assert three.ask("GET", "/v2/currentOrg").status_code == 401
    assert one.ask("GET", "/v2/currentOrg").status_code == 200
    out = one.ask("DELETE", "/v2/sessions/current")
    assert out.status_code == 204 and "Max-Age=0" in out.headers["Set-Cookie"]
    assert one.ask("GET", "/v2/currentOrg").status_code == 401


def test_all_sessions_end_though_one_of_them_ends_meanwhile(house, member):
    email, user = member
    one, two, three = (signed_in(house, email) for _ in range(3))
    current = two.ask("GET", "/v2/sessions/current").json()["id"]
    host, port = house.api.split("//")[1].split(":")
    # The second one is carried out while the first is under way, and finds its session no more.
    doors = [socket.create_connection((host, int(port)), timeout=60) for _ in range(2)]
    for door, path in zip(doors, ("/v2/sessions/" + current, "/v2/sessions")):
        door.sendall(("DELETE %s HTTP/1.1\r\nHost: %s:%s\r\nOrigin: %s\r\nCookie: latchkey=%s\r\nX-Latchkey-Csrf: %s\r\n\r\n"
                      % (path, host, port, house.api, one.cookie, one.csrf)).encode())
    first, all_of_them = [door.recv(12) for door in doors]
    assert first in (b"HTTP/1.1 204", b"HTTP/1.1 404") and all_of_them == b"HTTP/1.1 204"
    for door in doors:
        door.close()
    assert two.ask("GET", "/v2/currentOrg").status_code == three.ask("GET", "/v2/currentOrg").status_code == 401
    assert one.ask("GET", "/v2/currentOrg").status_code == 200


def test_others_sessions_need_the_permission_and_the_scope(house, member):
    email, user = member
    browser, ada = signed_in(house, email), signed_in(house)
    session = browser.ask("GET", "/v2/sessions/current").json()["id"]
    adas = ada.ask("GET", "/v2/sessions/current").json()
    assert browser.ask("GET", "/v2/sessions?all=true").status_code == 403
    assert browser.ask("GET", "/v2/sessions?userId=" + adas["person"]["id"]).status_code == 403
    assert browser.ask("DELETE", "/v2/sessions/" + adas["id"]).status_code == 403
    assert browser.ask("DELETE", "/v2/sessions?userId=" + adas["person"]["id"]).status_code == 403
    assert ada.ask("GET", "/v2/sessions?userId=" + NOBODY).status_code == 404
    assert [s["id"] for s in ada.ask("GET", "/v2/sessions?userId=" + user).json()["sessions"]] == [session]
    assert session in [s["id"] for s in house.good("GET", "/v2/sessions")["sessions"]]
    assert ada.ask("DELETE", "/v2/sessions/" + session).status_code == 204
    assert browser.ask("GET", "/v2/currentOrg").status_code == 401
    assert browser.sign_in(email).status_code == 200
    assert house.http("DELETE", "/v2/sessions?userId=" + user).status_code == 204
    assert browser.ask("GET", "/v2/currentOrg").status_code == 401
    assert house.http("DELETE", "/v2/sessions").status_code == 403


def test_more_than_twenty_sessions_end_the_oldest(house, member):
    browsers = [signed_in(house, member[0]) for _ in range(21)]
    assert browsers[0].ask("GET", "/v2/currentOrg").status_code == 401
    assert browsers[1].ask("GET", "/v2/currentOrg").status_code == 200
    assert len(browsers[20].ask("GET", "/v2/sessions").json()["sessions"]) == 20


# one's own account

def test_a_password_is_changed_and_the_other_sessions_end(house, member):
    email, _ = member
    one, two = signed_in(house, email), signed_in(house, email)
    assert one.ask("PUT", "/v2/person", {"password": "too short"}).status_code == 400
    assert one.ask("PUT", "/v2/person", {}).status_code == 400
    assert one.ask("GET", "/v2/person").json()["email"] == email
    changed = "another long enough one"
    assert one.ask("PUT", "/v2/person", {"password": changed}).status_code == 204
    house.secrets.append(changed)
    assert two.ask("GET", "/v2/person").status_code == 401
    assert one.ask("GET", "/v2/person").status_code == 200
    assert Browser(house).sign_in(email).status_code == 401
    assert Browser(house).sign_in(email, changed).status_code == 200
    assert house.http("GET", "/v2/person").status_code == 403


def enrol(house, browser):
    made = browser.ask("POST", "/v2/person/totp")
    assert made.status_code == 200, made.text
    assert made.json()["uri"].startswith("otpauth://totp/Latchkey:")
    secret = made.json()["secret"]
    house.secrets.append(secret)
    house.used = totp(secret)       # the code that is used up by this
    answer = browser.ask("PUT", "/v2/person/totp", {"enrolment": made.json()["enrolment"], "code": house.used})
    assert answer.status_code == 200, answer.text
    codes = answer.json()["recoveryCodes"]
    assert len(codes) == len(set(codes)) == 10
    house.secrets += codes
    return secret, codes


def test_a_second_factor_is_set_up_used_and_taken_off(house, member):
    email, _ = member
    browser, other = signed_in(house, email), signed_in(house, email)
    made = browser.ask("POST", "/v2/person/totp").json()
    for body in ({}, {"enrolment": made["enrolment"], "code": "000000x"}, {"enrolment": "00", "code": totp(made["secret"])},
                 {"enrolment": other.ask("POST", "/v2/person/totp").json()["enrolment"], "code": totp(made["secret"])}):
        assert browser.ask("PUT", "/v2/person/totp", body).status_code == 400, body
    assert browser.ask("GET", "/v2/person").json()["secondFactor"] is False
    assert browser.ask("POST", "/v2/person/recovery-codes").status_code == 409
    assert browser.ask("DELETE", "/v2/person/totp").status_code == 404
    secret, codes = enrol(house, browser)
    assert other.ask("GET", "/v2/person").status_code == 401
    assert browser.ask("GET", "/v2/person").json() == {**browser.ask("GET", "/v2/person").json(), "secondFactor": True,
                                                       "recoveryCodesLeft": 10}
    plain, wrong = Browser(house).sign_in(email), Browser(house).sign_in(email, WRONG)
    assert plain.status_code == wrong.status_code == 401 and plain.text == wrong.text
    # The code of the enrolment is used; that of the next step is good once.
    assert Browser(house).sign_in(email, code=house.used).status_code == 401
    following = totp(secret, 1)
    assert Browser(house).sign_in(email, code=following).status_code == 200
    assert Browser(house).sign_in(email, code=following).status_code == 401
    assert Browser(house).sign_in(email, recoveryCode=codes[0].upper()).status_code == 200
    assert Browser(house).sign_in(email, recoveryCode=codes[0]).status_code == 401
    assert browser.ask("GET", "/v2/person").json()["recoveryCodesLeft"] == 9
    renewed = browser.ask("POST", "/v2/person/recovery-codes").json()["recoveryCodes"]
    house.secrets += renewed
    assert Browser(house).sign_in(email, recoveryCode=codes[1]).status_code == 401
    assert browser.prove(recoveryCode=renewed[0]).status_code == 200
    # A short password does beside a second factor, and holds it there.
    assert browser.ask("PUT", "/v2/person", {"password": "eight ch"}).status_code == 204
    refused = browser.ask("DELETE", "/v2/person/totp")
    assert refused.status_code == 409 and "at least 15" in message(refused)
    assert browser.ask("PUT", "/v2/person", {"password": PASSWORD}).status_code == 204
    assert browser.ask("DELETE", "/v2/person/totp").status_code == 204
    assert Browser(house).sign_in(email).status_code == 200


def test_the_operator_sets_passwords_and_takes_second_factors_off(house, member):
    email, user = member
    browser = signed_in(house, email)
    enrol(house, browser)
    assert browser.ask("PUT", "/v2/person", {"password": "eight ch"}).status_code == 204
    reset = house.ask("user", "reset-totp", email)
    assert reset == {"email": email, "passwordRemoved": True}
    assert browser.ask("GET", "/v2/person").status_code == 401
    assert Browser(house).sign_in(email, "eight ch").status_code == 401
    done = house.run("user", "set-password", email, stdin="set by the operator\n")
    assert done.returncode == 0, done.stderr
    assert Browser(house).sign_in(email, "set by the operator").status_code == 200
    house.secrets.append("set by the operator")
    done = house.run("user", "set-password", email, stdin="short\n")
    assert done.returncode == 3 and "at least 15" in done.stderr
    assert house.http("PUT", "/v2/operator/people/%s/password" % user, {"password": PASSWORD}).status_code == 404


# users

def test_users_are_in_the_spelling_of_the_hosted_service(house):
    found = house.good("GET", USERS)
    assert found["OrgID"] == house.organization and found["OrgName"] == "Acme"
    ada = [u for u in found["Users"] if u["Email"] == ADA][0]
    assert ada == {"UserID": ada["UserID"], "Email": ADA, "Status": "active",
                   "Roles": [{"ID": ADMINISTRATOR, "Name": "Organization Administrator"}]}
    assert house.good("GET", USERS + "/" + ada["UserID"].upper()) == ada
    for absent in (NOBODY, "x", "%20"):
        assert house.http("GET", USERS + "/" + absent).status_code == 404
        assert house.http("DELETE", USERS + "/" + absent).status_code == 404
    assert house.http("PUT", USERS + "/" + NOBODY + "/roles", {"roles": [READ_ONLY]}).status_code == 404


@pytest.mark.parametrize("body", [
    {}, {"email": "b@example.com"}, {"email": "b@example.com", "roles": []}, {"email": "no address", "roles": [READ_ONLY]},
    {"email": "b@example.com", "roles": ["RO User"]}, {"email": "b@example.com", "roles": [NOBODY]},
    {"email": "b@example.com", "roles": ["014ba2cc-2ed1-44b8-8162-dba27ca7ce57"]},
    {"email": "b@example.com", "roles": [READ_ONLY], "OrgID": "x"}, {"email": 7, "roles": [READ_ONLY]}])
def test_a_wrong_invitation_invites_nobody(house, body):
    before = house.good("GET", USERS)
    assert house.http("PUT", USERS, body).status_code == 400
    assert house.good("GET", USERS) == before


def test_an_invitation_is_accepted_once_by_its_latest_link(house):
    email = "bea@example.com"
    first = invite(house, email, READ_ONLY)
    assert first["Status"] == "invited" and first["invitationLink"].startswith(house.api + "/invitation#")
    for spelling in ("orgId", "orgID", "OrgID"):
        again = house.http("PUT", USERS, {"email": email.upper(), spelling: house.organization.upper(), "roles": [READ_ONLY]})
        assert again.status_code == 200 and again.json()["UserID"] == first["UserID"]
    assert house.http("PUT", USERS, {"email": email, "OrgID": NOBODY, "roles": [READ_ONLY]}).status_code == 403
    assert Browser(house).sign_in(email).status_code == 401
    assert accept(house, first).status_code == 404
    assert accept(house, again.json(), "too short").status_code == 400
    good = accept(house, again.json())
    assert good.status_code == 200 and good.json() == {"email": email, "scope": house.organization,
                                                       "kind": "organization", "name": "Acme"}
    assert accept(house, again.json()).status_code == 404
    assert house.good("GET", USERS + "/" + first["UserID"])["Status"] == "active"
    assert signed_in(house, email).ask("GET", "/v2/currentOrg").status_code == 200
    # Somebody active gets roles, and no link.
    changed = invite(house, email, READ_ONLY, ADMINISTRATOR)
    assert changed["Status"] == "active" and "invitationLink" not in changed
    assert house.http("PUT", USERS + "/" + first["UserID"] + "/roles", {"roles": [READ_ONLY]}).status_code == 204
    assert house.http("PUT", USERS + "/" + first["UserID"] + "/roles", {"roles": []}).status_code == 400
    house.secrets += [behind(first["invitationLink"])[1], behind(again.json()["invitationLink"])[1]]


def test_nobody_changes_who_is_broader_and_the_last_administrator_stays(house, member):
    email, user = member
    org = "drn:astra:org:" + house.organization
    keeper = house.make_role(["org-user-write", "org-user-read"], [org, org + ":role:" + READ_ONLY], name="Keeper")
    token = house.make_token(keeper).text
    ada = [u["UserID"] for u in house.good("GET", USERS)["Users"] if u["Email"] == ADA][0]
    for method, path, body in (("DELETE", USERS + "/" + ada, None), ("PUT", USERS + "/" + ada + "/roles", {"roles": [READ_ONLY]}),
                               ("PUT", USERS, {"email": ADA, "roles": [READ_ONLY]}),
                               ("PUT", USERS, {"email": "x@example.com", "roles": [ADMINISTRATOR]}),
                               ("PUT", USERS + "/" + user + "/roles", {"roles": [ADMINISTRATOR]})):
        assert house.http(method, path, body, token).status_code == 403, path
    assert house.http("PUT", USERS + "/" + user + "/roles", {"roles": [READ_ONLY]}, token).status_code == 204
    for method, path, body in (("DELETE", USERS + "/" + ada, None), ("PUT", USERS + "/" + ada + "/roles", {"roles": [READ_ONLY]}),
                               ("PUT", USERS, {"email": ADA, "roles": [READ_ONLY]})):
        answer = house.http(method, path, body)
        assert answer.status_code == 409 and "last administrator" in message(answer)
    nobody = house.make_token(house.make_role(["db-cql"], [org + ":db:*"])).text
    for method, path, body in (("GET", USERS, None), ("GET", USERS + "/" + ada, None), ("DELETE", USERS + "/" + ada, None),
                               ("PUT", USERS, {"email": "x@y.z", "roles": [READ_ONLY]}),
                               ("PUT", USERS + "/" + NOBODY + "/roles", {"roles": [READ_ONLY]})):
        answer = house.http(method, path, body, nobody)
        assert answer.status_code == 403 and "org-user-" in message(answer), path
        assert house.http(method, path, body, "x").status_code == 401
    # With a second administrator the first may be demoted, and back.
    invite(house, email, ADMINISTRATOR)
    assert house.http("PUT", USERS + "/" + ada + "/roles", {"roles": [READ_ONLY]}).status_code == 204
    assert house.http("PUT", USERS + "/" + user + "/roles", {"roles": [READ_ONLY]}).status_code == 409
    assert house.http("PUT", USERS + "/" + ada + "/roles", {"roles": [ADMINISTRATOR]}).status_code == 204
    assert house.http("PUT", USERS + "/" + user + "/roles", {"roles": [READ_ONLY]}).status_code == 204


def test_a_removed_member_is_out_at_once_and_their_tokens_are_named(house, member):
    email, user = member
    invite(house, email, ADMINISTRATOR)
    browser = signed_in(house, email)
    made = browser.ask("POST", "/v2/tokens", {"roles": [READ_ONLY]}).json()
    assert house.good("GET", "/v2/tokens/" + made["clientId"])["createdBy"] == user
    answer = house.http("DELETE", USERS + "/" + user)
    assert answer.status_code == 204 and answer.content == b"" and "Content-Type" not in answer.headers
    assert answer.headers["X-Latchkey-Tokens-Made"] == "1" and answer.headers["X-Latchkey-Token-Ids"] == made["clientId"]
    assert browser.ask("GET", "/v2/sessions/current").status_code == 401
    assert Browser(house).sign_in(email).status_code == 401
    assert house.http("GET", "/v2/currentOrg", token=made["token"]).status_code == 200
    assert house.http("DELETE", USERS + "/" + user).status_code == 404


# the command line

def test_users_and_sessions_by_the_command_line(house):
    email = "carl@example.com"
    made = house.ask("user", "invite", email, "--role", "RO User")
    assert made["Status"] == "invited"
    again = house.ask("user", "invite-link", email)
    assert again["invitationLink"] != made["invitationLink"] and accept(house, made).status_code == 404
    assert accept(house, again).status_code == 200
    done = house.run("user", "invite-link", email)
    assert done.returncode == 8 and "accepted" in done.stderr
    assert house.ask("user", "show", email)["Status"] == "active"
    assert email in [u["Email"] for u in house.ask("user", "list")]
    house.ask("user", "set-roles", email, "--role", "RO User", "--role", "Organization Administrator")
    assert len(house.ask("user", "show", email)["Roles"]) == 2
    browser = signed_in(house, email)
    listed = house.ask("session", "list", email)
    assert [s["email"] for s in listed] == [email]
    house.ask("session", "end", listed[0]["id"])
    assert browser.ask("GET", "/v2/currentOrg").status_code == 401
    browser = signed_in(house, email)
    house.ask("session", "end", "--user", email)
    assert browser.ask("GET", "/v2/currentOrg").status_code == 401
    remote = house.run("user", "list", "--url", house.api, "--token-file", house.token_file, data=False)
    assert remote.returncode == 0 and email in remote.stdout, remote.stderr
    done = house.run("user", "set-up", email, "--url", house.api, "--token-file", house.token_file, data=False)
    assert done.returncode == 2
    removed = house.run("user", "remove", email)
    assert removed.returncode == 0, removed.stderr
    assert house.run("user", "show", email).returncode == 7
    assert house.run("user", "set-up", "nobody@example.com").returncode == 7
    assert house.run("user", "invite", "x@y.z").returncode == 2
    assert house.run("user", "invite", "x@y.z", "--role", "No Such Role").returncode == 7


# life

def test_sessions_passwords_and_factors_outlive_a_restart(house, member):
    email, user = member
    browser = signed_in(house, email)
    secret, codes = enrol(house, browser)
    before = house.ask("key", "list")[-1]
    assert before["people"] == 1
    house.ask("key", "rotate")
    after = house.ask("key", "list")
    assert [k["people"] for k in after[-2:]] == [0, 1], "second factors follow the newest key"
    house.stop()
    house.serve()
    browser.latchkey = house
    browser.origin = house.api
    assert browser.ask("GET", "/v2/sessions/current").json()["csrfToken"] == browser.csrf
    assert Browser(house).sign_in(email, code=house.used).status_code == 401
    assert Browser(house).sign_in(email, code=totp(secret, 1)).status_code == 200
    assert Browser(house).sign_in(email, recoveryCode=codes[2]).status_code == 200
    assert browser.ask("DELETE", "/v2/sessions/current").status_code == 204


def test_everything_is_in_the_trail_and_no_secret_is_anywhere(house):
    browser = signed_in(house)
    house.secrets += [browser.cookie, browser.csrf]
    house.ask("audit", "tail", "-n", "1")
    house.stop()
    tail = house.run("audit", "tail", "-n", "100000").stdout
    for name in ("session.create", "session.prove", "session.end", "session.refused", "person.set_up", "person.password",
                 "person.totp", "person.recovery", "user.invite", "user.accept", "user.roles", "user.remove"):
        assert name in tail, name
    assert house.run("audit", "verify").returncode == 0
    found = house.log().encode()
    for folder, _, files in os.walk(house.data):
        for name in files:
            with open(os.path.join(folder, name), "rb") as file:
                found += file.read()
    assert ADA.encode() in found
    for secret in house.secrets:
        assert secret.encode() not in found, "a secret is in the data folder or the log"
    house.serve()


def test_who_was_removed_after_a_backup_is_removed_again_by_its_restore(own_latchkey, tmp_path):
    own_latchkey.serve()
    made = invite(own_latchkey, "gone@example.com", READ_ONLY)
    assert accept(own_latchkey, made).status_code == 200
    assert own_latchkey.run("store", "backup", str(tmp_path / "backup")).returncode == 0
    assert own_latchkey.http("DELETE", USERS + "/" + made["UserID"]).status_code == 204
    own_latchkey.stop()
    restored = own_latchkey.ask("store", "restore", str(tmp_path / "backup"), "--force")
    assert restored["membersRemovedAgain"] == 1
    own_latchkey.serve()
    assert own_latchkey.http("GET", USERS + "/" + made["UserID"]).status_code == 404
    own_latchkey.stop()


# where nobody can sign in

def test_beyond_this_machine_without_tls_nobody_signs_in_and_hears_why(own_latchkey):
    own_latchkey.configure(public_url="http://keys.example:8090")
    own_latchkey.serve()
    set_up(own_latchkey)
    browser = Browser(own_latchkey)
    browser.origin = "http://keys.example:8090"
    answer = browser.sign_in(ADA)
    assert answer.status_code == 403 and "public-url" in message(answer) and "ssh -L" in message(answer)
    own_latchkey.stop()
    own_latchkey.configure(public_url="https://keys.example")
    own_latchkey.serve()
    browser = Browser(own_latchkey)
    browser.origin = "https://keys.example"
    answer = browser.sign_in(ADA)
    assert answer.status_code == 200 and answer.headers["Set-Cookie"].startswith("__Host-latchkey=")
    assert answer.headers["Set-Cookie"].endswith("; Secure")
    own_latchkey.stop()


# enterprise

def test_an_enterprise_has_users_of_its_own(binary, tmp_path):
    daemon = Latchkey(binary, tmp_path / "x")
    daemon.init("--enterprise", "Holding")
    daemon.serve()
    set_up(daemon)
    ada = signed_in(daemon)
    kinds = [m["kind"] for m in ada.ask("GET", "/v2/sessions/current").json()["memberships"]]
    assert sorted(kinds) == ["enterprise", "organization"]
    there = {"X-Latchkey-Enterprise": daemon.enterprise}
    found = ada.ask("GET", USERS, headers=there).json()
    assert found["OrgID"] == daemon.enterprise and found["OrgName"] == "Holding"
    assert found["Users"][0]["Roles"][0]["ID"] == "014ba2cc-2ed1-44b8-8162-dba27ca7ce57"
    wrong = ada.ask("PUT", USERS, {"email": "b@c.d", "roles": [ADMINISTRATOR]}, headers=there)
    assert wrong.status_code == 400
    made = ada.ask("PUT", USERS, {"email": "b@c.d", "roles": ["014ba2cc-2ed1-44b8-8162-dba27ca7ce57"]}, headers=there)
    assert made.status_code == 200 and "invitationLink" in made.json()
    assert accept(daemon, made.json()).json()["kind"] == "enterprise"
    # Into the organization as well: an account that there is proves itself by its password.
    again = invite(daemon, "b@c.d", READ_ONLY)
    assert accept(daemon, again, WRONG).status_code == 401
    assert accept(daemon, again).status_code == 200
    assert ada.ask("DELETE", USERS + "/" + again["UserID"]).status_code == 204
    assert signed_in(daemon, "b@c.d").ask("GET", "/v2/currentOrg").json()["id"] == daemon.enterprise
    gone = signed_in(daemon, "b@c.d")
    assert ada.ask("DELETE", USERS + "/" + again["UserID"], headers=there).status_code == 204
    assert gone.ask("GET", "/v2/currentOrg").status_code == 401
    daemon.stop()


# the first start

def first_start(daemon):
    daemon.serve(ready=False)
    daemon.wait_log("first_start")
    with open(os.path.join(daemon.data, "setup-link"), encoding="utf-8") as file:
        return file.read()


def test_an_empty_folder_serves_its_set_up_alone_and_then_everything(binary, tmp_path):
    daemon = Latchkey(binary, tmp_path / "x")
    os.makedirs(daemon.data, mode=0o700)
    page, secret = behind(first_start(daemon))
    assert page == daemon.api + "/set-up"
    assert stat.S_IMODE(os.stat(os.path.join(daemon.data, "setup-link")).st_mode) == 0o600
    assert secret not in daemon.log()
    home = requests.get(daemon.api + "/", timeout=30)
    assert home.status_code == 200 and "setup-link" in home.text
    assert requests.get(daemon.api + "/readyz", timeout=30).status_code == 503
    assert requests.get(daemon.api + "/v2/tokens", timeout=30).status_code == 404
    body = {"secret": secret, "organization": "Acme", "administrator": ADA, "password": PASSWORD}
    good = requests.post(daemon.api + "/v2/set-up/check", json={"secret": secret}, timeout=60)
    assert good.status_code == 200 and list(good.json()) == ["expiresOn"]
    assert requests.post(daemon.api + "/v2/set-up/check", json={"secret": "0" * 64}, timeout=60).status_code == 404
    for wrong, status in (({"password": "aaaaaaaaaaaaaaaa"}, 400), ({"password": ADA + " " + ADA}, 400), ({"secret": "0" * 64}, 404), ({"password": "short"}, 400), ({"administrator": "x"}, 400),
                          ({"organization": ""}, 400), ({"organization": None}, 400)):
        answer = requests.post(daemon.api + "/v2/set-up", json={**body, **wrong}, timeout=60)
        assert answer.status_code == status, wrong
    assert sorted(os.listdir(daemon.data)) == ["latchkey.sock", "setup-link"]
    answer = requests.post(daemon.api + "/v2/set-up", json=body, timeout=60)
    assert answer.status_code == 200 and answer.json()["email"] == ADA and answer.json()["enterpriseId"] is None
    daemon.wait_ready()
    assert not os.path.exists(os.path.join(daemon.data, "setup-link"))
    daemon.organization = answer.json()["organizationId"]
    browser = signed_in(daemon)
    assert browser.ask("GET", "/v2/currentOrg").json()["id"] == daemon.organization
    assert browser.ask("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}).status_code == 200
    daemon.stop()


def test_a_first_start_ends_in_order_and_stays_on_this_machine(binary, tmp_path):
    daemon = Latchkey(binary, tmp_path / "x")
    os.makedirs(daemon.data, mode=0o700)
    first_start(daemon)
    daemon.stop()
    assert os.listdir(daemon.data) == []
    done = daemon.run("serve", "--http", "0.0.0.0:0")
    assert done.returncode == 3 and "latchkey init" in done.stderr
    (tmp_path / "x" / "data" / "stranger").write_text("")
    done = daemon.run("serve", "--http", "127.0.0.1:0")
    assert done.returncode == 7 and "latchkey init" in done.stderr


# memory

def found_in_memory(pid, text):
    """How often the bytes stand in what the process may write."""
    found = 0
    with open("/proc/%d/maps" % pid, encoding="utf-8") as maps, open("/proc/%d/mem" % pid, "rb", 0) as memory:
        for line in maps:
            place, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            begin, end = (int(number, 16) for number in place.split("-"))
            if end - begin > 1 << 30:   # a sanitizer's own
                continue
            while begin < end:
                try:
                    part = os.pread(memory.fileno(), min(end - begin, 1 << 24), begin)
                except OSError:     # nothing was ever there
                    break
                found += part.count(text)
                begin += max(len(part), 1)
    return found


def sign_in_by_pieces(house, email, password):
    """What has come grows at the door from read to read."""
    body = json.dumps({"email": email, "password": password, "unread": "x" * 3000})
    words = ("POST /v2/sessions HTTP/1.1\r\nHost: localhost\r\nOrigin: %s\r\nConnection: close\r\n"
             "Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s" % (house.api, password, len(body), body)).encode()
    with socket.create_connection(("127.0.0.1", int(house.api.rsplit(":", 1)[1])), 30) as client:
        for at in range(0, len(words), 97):
            client.sendall(words[at:at + 97])
            assert requests.get(house.api + "/livez", timeout=30).ok
        assert client.recv(12) == b"HTTP/1.1 401"


@pytest.mark.parametrize("how", ["right", "wrong", "pieces"])
def test_a_password_is_not_left_in_memory(house, how):
    tail = " and what comes behind it is %s, too" % how
    password = "the beginning of a block is written over when it is freed" + tail
    if how == "right":
        assert accept(house, invite(house, "memory@example.com", READ_ONLY), password).status_code == 200
        assert Browser(house).sign_in("memory@example.com", password).status_code == 200
    elif how == "wrong":
        assert Browser(house).sign_in(ADA, password).status_code == 401
    else:
        sign_in_by_pieces(house, ADA, password)
    assert found_in_memory(house.process.pid, b"AstraCS:") > 0
    assert found_in_memory(house.process.pid, tail.encode()) == 0
