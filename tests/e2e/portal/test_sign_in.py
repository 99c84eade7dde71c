"""Sign-in and its session, in a browser."""
import re

from playwright.sync_api import expect

import axe
from person import PASSWORD
from visitor import ADA, sign_in


def test_signing_in_leads_to_what_was_asked_for(window, portal):
    page = window(portal)
    page.goto("/roles")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, path="/roles")
    expect(page).to_have_url(re.compile("/roles$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Roles")


def test_a_wrong_password_and_an_unknown_address_hear_the_same(window, portal):
    page = window(portal)
    page.goto("/")
    heard = []
    for email in (ADA, "nobody@example.com"):
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password", exact=True).fill("wrong " + PASSWORD)
        with page.expect_response("**/v2/sessions"):
            page.get_by_role("button", name="Sign in", exact=True).click()
        heard.append(page.get_by_role("alert").locator("strong").inner_text())
        axe.check(page, "a refused sign-in")
    assert heard[0] == heard[1]


def test_signing_out_ends_the_session_everywhere(ada, portal):
    cookies = ada.context.cookies()
    assert [(c["httpOnly"], c["sameSite"]) for c in cookies] == [(True, "Strict")]
    ada.get_by_role("button", name="Sign out").click()
    expect(ada.get_by_role("heading", name="Sign in")).to_be_visible()
    ada.context.add_cookies(cookies)
    ada.reload()
    expect(ada.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_session_that_was_ended_elsewhere_says_so_and_goes_on_after_signing_in(window, portal):
    page, other = window(portal), window(portal)
    sign_in(page, path="/roles")
    sign_in(other, path="/account")
    other.evaluate("""async () => {
        const me = await (await fetch('/v2/sessions/current')).json();
        await fetch('/v2/sessions', {method: 'DELETE', headers: {'X-Latchkey-Csrf': me.csrfToken}});
    }""")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Users").click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    page.get_by_label("E-mail address").fill(ADA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/users$"))
