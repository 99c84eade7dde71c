"""The token is on the once-only page and nowhere else: not after it, not beside it, not after a reload."""
import re

import pytest
from playwright.sync_api import expect

from steps import TOKEN, choose_role, shown, stored

EVERYWHERE = """async () => {
    const held = [document.documentElement.outerHTML, location.href, JSON.stringify(history.state), document.title,
        JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie,
        ...[...document.querySelectorAll('input, textarea')].map((e) => e.value)];
    for (const {name} of await indexedDB.databases()) held.push(name);
    for (const name of await caches.keys()) held.push(name);
    for (const entry of performance.getEntries()) held.push(entry.name);
    return held.join(' ');
}"""


@pytest.fixture
def once(entered, furnished):
    """A page that shows a new token, and the token; it is deleted at the end."""
    page = entered(furnished.daemon, "/tokens")
    page.get_by_role("link", name="Generate New Token").first.click()
    choose_role(page, "orders-read")
    page.get_by_label("Description (optional)").fill("once")
    page.get_by_role("button", name="Generate Token").click()
    token = shown(page)
    page.evaluate("navigator.clipboard.writeText('')")
    yield page, token
    furnished.daemon.delete_token(token)


def parts(token):
    """What must not be found: the token, its secret, its third part."""
    return [token.text, token.secret, token.text.rsplit(":", 1)[1]]


def assert_gone(page, token):
    held = page.evaluate(EVERYWHERE)
    assert not [part for part in parts(token) if part in held]


def dialog(page):
    return page.get_by_role("dialog", name="Have you stored the token?")


def test_after_it_is_left_it_is_nowhere(once, furnished):
    page, token = once
    held = page.evaluate(EVERYWHERE)
    assert token.text in held, "the test looks in the wrong places"
    outside = page.evaluate("[location.href, JSON.stringify(history.state), JSON.stringify({...localStorage}),"
                            " JSON.stringify({...sessionStorage})].join(' ')")
    assert not [part for part in parts(token) if part in outside]
    stored(page)
    expect(page).to_have_url(re.compile("/tokens/" + token.client_id))
    assert_gone(page, token)
    for way in (page.go_back, page.go_forward, page.reload):
        way()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_gone(page, token)
    log = furnished.daemon.log()
    assert not [part for part in parts(token) if part in log]


def test_one_answer_had_it_and_no_second(once, furnished):
    page, token = once
    stored(page)
    page.goto("/tokens/" + token.client_id)
    expect(page.get_by_role("heading", level=1)).to_contain_text("once")
    page.goto("/tokens?q=once")
    page.goto("/audit")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    with_it = [(method, url.partition("?")[0]) for method, url, text in page.watch.secrets if text == token.text]
    assert with_it == [("POST", furnished.daemon.api + "/v2/tokens")]


def test_a_reload_asks_and_does_not_bring_it_back(once):
    page, token = once
    asked = []
    def answer(one):
        asked.append(one.type)
        one.accept()
    page.on("dialog", answer)
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.get_by_role("heading", level=1)).to_contain_text("Generate New Token")
    assert_gone(page, token)


def test_closing_asks(once):
    page, token = once
    asked = []
    def answer(one):
        asked.append(one.type)
        one.dismiss()
    page.on("dialog", answer)
    page.close(run_before_unload=True)
    page.wait_for_timeout(0)
    expect(page.get_by_label("Token", exact=True)).to_have_value(token.text)
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("leave", ["link", "back", "key", "filter", "sign out"])
def test_leaving_asks_and_staying_keeps_it(once, leave):
    page, token = once
    ways = {
        "link": lambda: page.get_by_role("navigation", name="Pages").get_by_role("link", name="Roles").click(),
        "back": page.go_back,
        "key": lambda: (page.get_by_role("heading", level=1).click(), page.keyboard.press("g"), page.keyboard.press("r")),
        "filter": lambda: page.get_by_label("Enterprise or organization").select_option(label="Acme Group (enterprise)"),
        "sign out": lambda: page.get_by_role("button", name="Sign out").click(),
    }
    ways[leave]()
    expect(dialog(page)).to_be_visible()
    expect(dialog(page).get_by_role("button", name="Stay here")).to_be_focused()
    dialog(page).get_by_role("button", name="Stay here").click()
    expect(dialog(page)).to_have_count(0)
    expect(page.get_by_label("Token", exact=True)).to_have_value(token.text)
    if leave == "sign out":     # the others of this run are in the same session
        return
    ways[leave]()
    dialog(page).get_by_role("button", name="I have stored it").click()
    expect(page.get_by_label("Token", exact=True)).to_have_count(0)
    assert_gone(page, token)
    if leave == "filter":
        page.get_by_label("Enterprise or organization").first.select_option(label="Acme")


def test_escape_and_clicks_beside_do_nothing(once):
    page, token = once
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Escape")
    page.mouse.click(5, 500)
    page.mouse.click(1270, 880)
    expect(page.get_by_label("Token", exact=True)).to_have_value(token.text)
    expect(dialog(page)).to_have_count(0)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Roles").click()
    page.mouse.click(5, 5)      # beside the dialog
    expect(dialog(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Token", exact=True)).to_have_value(token.text)


def test_no_other_page_has_one(entered, furnished):
    for path in ("/tokens", "/tokens/{token}", "/audit", "/account", "/"):
        page = entered(furnished.daemon, furnished.fill(path))
        assert not TOKEN.search(page.evaluate(EVERYWHERE)), path
