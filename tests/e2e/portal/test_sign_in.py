"""Sign-in and its session, in a browser."""
import re

from playwright.sync_api import expect

import axe
from person import PASSWORD
from visitor import ADA, settled, sign_in


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


END_ALL = """async () => {
    const me = await (await fetch('/v2/sessions/current')).json();
    await fetch('/v2/sessions', {method: 'DELETE', headers: {'X-Latchkey-Csrf': me.csrfToken}});
}"""


def end_elsewhere(window, daemon):
    other = window(daemon)
    sign_in(other, path="/account")
    other.evaluate(END_ALL)


def again(page):
    return page.get_by_role("dialog", name="Sign in again")


def choose_something(page):
    page.get_by_label("The organization itself").check()
    box = page.get_by_label(re.compile("org-token-read"))
    if not box.is_visible():
        page.locator("details", has=box).locator("summary").click()
    box.check()


def sign_in_again(page, password=PASSWORD):
    expect(again(page).get_by_label("Password", exact=True)).to_be_focused()
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_a_session_that_was_ended_elsewhere_says_so_and_goes_on_after_signing_in(window, portal):
    page = window(portal)
    sign_in(page, path="/roles")
    end_elsewhere(window, portal)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Users").click()
    expect(again(page)).to_contain_text("Your session has ended")
    sign_in_again(page)
    expect(again(page)).to_have_count(0)
    expect(page).to_have_url(re.compile("/users$"))
    expect(page.get_by_role("main").get_by_text(ADA)).to_be_visible()


def test_what_was_typed_outlives_the_session_and_the_click_is_made_again(window, portal):
    page = window(portal)
    sign_in(page, path="/roles/new")
    page.get_by_label("Name", exact=True).fill("typed before")
    page.get_by_label("Description", exact=True).fill("it took an hour")
    choose_something(page)
    end_elsewhere(window, portal)
    page.get_by_role("button", name="Review and save").click()
    expect(again(page)).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe.check(page, "signing in again, " + scheme)
    page.set_viewport_size({"width": 320, "height": 256})
    assert again(page).evaluate("(e) => e.scrollWidth <= e.clientWidth + 1")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("Escape")
    expect(again(page)).to_be_visible()
    expect(page.locator("main input").first).to_be_hidden()     # neither drawn nor read out
    assert "typed before" not in page.locator("body").aria_snapshot()
    held = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, location.href, history.state])")
    assert "typed before" not in held
    sign_in_again(page, "wrong " + PASSWORD)
    expect(again(page).get_by_role("alert")).to_be_visible()
    again(page).get_by_label("Password", exact=True).fill("")
    again(page).get_by_label("Password", exact=True).focus()
    sign_in_again(page)
    expect(again(page)).to_have_count(0)
    review = page.get_by_role("dialog", name="Review the new role")
    expect(review).to_contain_text("Gained")
    review.get_by_role("button", name="Back to editing").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("typed before")
    expect(page.get_by_label("Description", exact=True)).to_have_value("it took an hour")


def test_a_password_in_a_form_does_not_outlive_the_session(window, portal):
    page = window(portal)
    sign_in(page, path="/databases?register=1")
    page.get_by_label("Name", exact=True).fill("main")
    page.get_by_label("Its password").fill("of the gateway's role")
    end_elsewhere(window, portal)
    page.get_by_role("button", name="Show the command").click()
    expect(again(page)).to_be_visible()
    assert page.locator("main input[type=password]").input_value() == ""
    sign_in_again(page)
    expect(page.get_by_label("Command that registers the cluster", exact=True)).to_contain_text("main")


def test_a_cookie_that_the_browser_has_dropped_is_the_end_of_the_session(window, portal):
    """After twelve hours the browser itself lets go of it, and sends none."""
    page = window(portal)
    sign_in(page, path="/roles")
    settled(page)
    page.context.clear_cookies()
    # The page may notice by itself first, and then lies covered: what is clicked is the link, not the place where it is.
    page.locator("nav a[href='/users']").dispatch_event("click")
    expect(again(page)).to_be_visible()
    again(page).get_by_role("button", name="Sign in as somebody else").click()
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    assert page.locator("nav").count() == 0 and page.evaluate("location.pathname + location.search") == "/"
    sign_in_there(page)
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    expect(page).not_to_have_url(re.compile("users"))


def sign_in_there(page):
    page.get_by_label("E-mail address").fill(ADA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_tab_goes_on_when_another_has_signed_in_again(window, portal):
    page = window(portal)
    sign_in(page, path="/roles/new")
    page.get_by_label("Name", exact=True).fill("in the first tab")
    end_elsewhere(window, portal)
    second = page.context.new_page()
    second.goto("/")
    sign_in_there(second)
    expect(second.get_by_role("navigation", name="Pages")).to_be_visible()
    choose_something(page)
    page.get_by_role("button", name="Review and save").click()
    expect(page.get_by_role("dialog", name="Review the new role")).to_contain_text("Gained")
    expect(again(page)).to_have_count(0)
