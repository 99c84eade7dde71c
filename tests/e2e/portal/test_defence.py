"""What stands between a viewer and others: sessions, another origin's page, missing permissions, the page's own policy."""
import re

import pytest
from playwright.sync_api import expect

import watch
from person import PASSWORD, Browser, behind
from steps import go_to, main, row_of
from visitor import ADA, settled, sign_in

READER = "reader@example.com"


@pytest.fixture(scope="module")
def reader(furnished):
    """Somebody who may look at tokens and roles, and change nothing."""
    daemon = furnished.daemon
    org = "drn:astra:org:" + daemon.organization
    role = daemon.make_role(["org-token-read", "org-role-read", "org-read", "org-user-read"], [org], name="looker")
    invited = daemon.ask("user", "invite", READER, "--role", "looker", "--org", "Acme")
    answer = Browser(daemon).ask("POST", "/v2/invitations/accept",
                                 {"secret": behind(invited["invitationLink"])[1], "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    yield READER
    user = next(one for one in daemon.good("GET", "/v2/organizations/users")["Users"] if one["Email"] == READER)
    assert daemon.http("DELETE", "/v2/organizations/users/" + user["UserID"]).status_code < 300
    assert daemon.http("DELETE", "/v2/organizations/roles/" + role).status_code == 204


ASK = """async ([method, path, body]) => {
    const me = await (await fetch('/v2/sessions/current')).json();
    const answer = await fetch(path, {method, headers: {'X-Latchkey-Csrf': me.csrfToken, 'Content-Type': 'application/json'},
        body: body === null ? undefined : JSON.stringify(body)});
    return [answer.status, await answer.text()];
}"""


def disabled(page, control, permission):
    """It stays reachable, says what is missing, and does nothing."""
    expect(control).to_have_attribute("aria-disabled", "true")
    reason = page.locator("#" + control.get_attribute("aria-describedby"))
    expect(reason).to_contain_text(permission)
    control.focus()
    expect(reason).to_be_visible()
    before = page.url
    control.click(force=True)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url == before


def test_without_the_permission_a_control_says_what_is_missing_and_the_api_refuses(entered, furnished, reader):
    token, role = furnished.tokens["orders"].client_id, furnished.roles["orders-read"]
    page = entered(furnished.daemon, "/tokens", email=reader)
    disabled(page, page.get_by_role("button", name="Generate New Token"), "org-token-write")
    row_of(page, "orders service").get_by_role("button", name="More about orders service").click()
    item = page.get_by_role("menuitem", name=re.compile("^Delete"))
    expect(item).to_have_attribute("aria-disabled", "true")
    expect(item).to_contain_text("org-token-write")
    item.click(force=True)
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.goto("/tokens/" + token)
    settled(page)
    disabled(page, main(page).get_by_role("button", name="Delete", exact=True), "org-token-write")
    page.goto("/roles/" + role)
    settled(page)
    disabled(page, main(page).get_by_role("button", name="Edit", exact=True), "org-role-write")
    disabled(page, main(page).get_by_role("button", name="Delete", exact=True), "org-role-delete")
    page.goto("/users")
    settled(page)
    disabled(page, main(page).get_by_role("button", name=re.compile("Invite")).first, "org-user-write")

    for method, path, body in (("POST", "/v2/tokens", {"roles": [role]}), ("DELETE", "/v2/tokens/" + token, None),
                               ("DELETE", "/v2/organizations/roles/" + role, None),
                               ("PUT", "/v2/organizations/users", {"email": "x@example.com", "roles": [role]})):
        status, text = page.evaluate(ASK, [method, path, body])
        assert status == 403, (method, path, status, text)
    assert furnished.daemon.http("GET", "/v2/tokens/" + token).status_code == 200


FETCHES = """async ([url, role]) => {
    const seen = [];
    const body = JSON.stringify({roles: [role]});
    for (const options of [{}, {mode: 'no-cors'}, {method: 'POST', mode: 'no-cors', body},
            {method: 'POST', headers: {'Content-Type': 'application/json'}, body}, {method: 'DELETE'}])
        try {
            const answer = await fetch(url, {credentials: 'include', ...options});
            seen.push(answer.type + await answer.text());
        } catch (refused) { seen.push('refused'); }
    return seen;
}"""
FORM = """([url, role]) => {
    const form = document.createElement('form');
    form.method = 'post'; form.action = url; form.enctype = 'text/plain';
    const field = document.createElement('input');
    field.name = '{"roles":["' + role + '"],"description":"'; field.value = '"}';
    form.append(field); document.body.append(form); form.submit();
}"""
FRAME = """(url) => new Promise((done) => {
    const frame = document.createElement('iframe');
    frame.src = url; frame.onload = () => done(frame.contentDocument === null ? 'foreign' : frame.contentDocument.URL);
    document.body.append(frame);
})"""


@pytest.mark.parametrize("attacker", ["http://127.0.0.1:9", "http://127.0.0.2:9"], ids=["same site", "another site"])
def test_a_page_of_another_origin_can_do_nothing_with_the_viewer_s_cookie(chromium, entered, furnished, attacker):
    """In a browser with the cookie in it. To a browser another port is the same site."""
    daemon, role = furnished.daemon, furnished.roles["orders-read"]
    context = chromium.new_context(storage_state=entered(daemon).context.storage_state())
    try:
        page = context.new_page()
        context.route(attacker + "/**", lambda route: route.fulfill(content_type="text/html", body="<title>x</title>"))
        page.goto(attacker + "/")
        before = daemon.good("GET", "/v2/tokens")["clients"]
        target = daemon.api + "/v2/tokens"
        assert page.evaluate(FETCHES, [target, role]) == ["refused"] * 5
        page.evaluate(FRAME, daemon.api + "/tokens")
        assert page.frames[-1].url.startswith("chrome-error:"), "the Portal lets itself be framed"
        with page.expect_response(target) as answered:
            page.evaluate(FORM, [target, role])
        assert answered.value.status in (401, 403)
        assert daemon.good("GET", "/v2/tokens")["clients"] == before
    finally:
        context.close()


@pytest.mark.parametrize("headers", [{"Origin": "http://attacker.invalid"}, {"Origin": "null"}, {}],
                         ids=["another origin", "a null origin", "no CSRF token"])
def test_the_cookie_alone_changes_nothing(entered, furnished, headers):
    page = entered(furnished.daemon)
    before = furnished.daemon.good("GET", "/v2/tokens")["clients"]
    answer = page.context.request.post(furnished.daemon.api + "/v2/tokens", headers={"Origin": furnished.daemon.api, **headers},
                                       data={"roles": [furnished.roles["orders-read"]]})
    assert answer.status == 403
    assert furnished.daemon.good("GET", "/v2/tokens")["clients"] == before


def test_each_sign_in_is_a_new_session_and_scripts_do_not_see_its_cookie(window, portal):
    page = window(portal)
    ids = []
    for _ in range(2):
        sign_in(page)
        [cookie] = page.context.cookies()
        assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and cookie["path"] == "/"
        assert page.evaluate("document.cookie") == ""
        ids.append(cookie["value"])
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert ids[0] != ids[1]
    # One that was given beforehand is not taken over.
    planted = "A" * len(ids[0])
    page.context.add_cookies([{**cookie, "value": planted}])
    sign_in(page)
    assert page.context.cookies()[0]["value"] not in (planted, *ids)


def test_sessions_are_listed_and_ended_by_their_owner(window, portal):
    page, other = window(portal), window(portal)
    sign_in(page, path="/account")
    sign_in(other)
    page.reload()
    settled(page)
    page.get_by_role("button", name="End all others").click()
    page.get_by_role("dialog").get_by_role("button", name="End all others").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    go_to_gone(other)


def go_to_gone(page):
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Roles").click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()


def test_an_administrator_ends_a_member_s_sessions(window, entered, furnished, reader):
    theirs = window(furnished.daemon)
    sign_in(theirs, reader)
    page = entered(furnished.daemon, "/users")
    page.get_by_role("link", name=reader).first.click()
    settled(page)
    page.get_by_role("button", name="End all", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="End all", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    go_to_gone(theirs)


def test_the_policy_is_in_force(entered, furnished):
    """Not only sent: what it forbids does not happen, and the watch of these tests sees it."""
    page = entered(furnished.daemon)
    before = len(watch.violations)
    tried = page.evaluate("""() => {
        const div = document.createElement('div'), script = document.createElement('script');
        const deeds = [() => div.setAttribute('onclick', '1'), () => { div.innerHTML = '<b>x</b>'; }, () => { script.text = '1'; },
            () => document.body.insertAdjacentHTML('beforeend', '<b>x</b>')];
        return deeds.map((deed) => { try { deed(); return 'done'; } catch (refused) { return refused.name; } });
    }""")
    assert tried == ["TypeError"] * 4, "Trusted Types are not required"
    assert page.evaluate("fetch('http://127.0.0.2:1/').then(() => 'sent', () => 'refused')") == "refused"
    assert page.evaluate("window.__violations.length") >= 5
    page.evaluate("window.__violations = []")
    del watch.violations[before:]
    page.watch.complaints.clear()
