"""What opens over a page: accessible in both schemes, drawn for the documentation where it is part of a flow."""
import pytest

from playwright.sync_api import expect

import axe
from steps import main, row_of
from visitor import settled

SCHEMES = ("light", "dark")


def check(page, what):
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        axe.check(page, "%s, %s" % (what, scheme))
    page.emulate_media(color_scheme="light")


def menu(page, name, item):
    page.get_by_role("button", name=name, exact=True).click()
    check(page, "the menu " + name)
    page.get_by_role("menuitem", name=item).click()


def delete_token(page):
    menu(page, "More about orders service", "Delete")


def unregister(page):
    menu(page, "More for shop", "Unregister")


def press(name):
    return lambda page: main(page).get_by_role("button", name=name, exact=True).first.click()


def review(page):
    page.get_by_label("Description", exact=True).fill("another word")
    page.get_by_role("button", name="Review and save").click()


def unsaved(page):
    page.get_by_label("Description", exact=True).fill("another word")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Tokens").click()


def record(page):
    page.locator("tbody th").get_by_role("link").first.click()


DIALOGS = [
    ("keys", "/", lambda page: page.keyboard.press("?")),
    ("delete-token", "/tokens", delete_token),
    ("delete-role", "/roles/{role}", press("Delete")),
    ("review-role", "/roles/{role}/edit", review),
    ("unsaved-role", "/roles/{role}/edit", unsaved),
    ("unregister", "/databases", unregister),
    ("drop-keyspace", "/databases/{database}?view=keyspaces", press("Drop keyspace shop")),
    ("audit-record", "/audit", record),
]


@pytest.mark.parametrize("name,path,opens", DIALOGS, ids=[name for name, _, _ in DIALOGS])
def test_axe_finds_nothing_in_a_dialog(entered, furnished, pictures, name, path, opens):
    page = entered(furnished.daemon, furnished.fill(path))
    opens(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator(".waiting")).to_have_count(0)
    check(page, name)
    page.set_viewport_size({"width": 320, "height": 256})
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0 and dialog.evaluate("(e) => e.scrollWidth <= e.clientWidth + 1")
    page.set_viewport_size({"width": 1280, "height": 900})
    pictures.take(page, "dialog-" + name, 900, blur=False)


def test_the_once_only_page(entered, furnished, pictures):
    """With a token of dots on the picture."""
    page = entered(furnished.daemon, furnished.fill("/tokens/new?role={role}&description=picture"))
    page.get_by_role("button", name="Generate Token").click()
    expect(page.get_by_role("heading", name="Your new token")).to_be_visible()
    made = page.get_by_label("Token", exact=True).input_value()
    check(page, "once only")
    for tab in page.get_by_role("tab").all():
        tab.click()
        check(page, "once only, " + tab.inner_text())
    page.get_by_role("tab").first.click()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Roles").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "leaving the once-only page")
    page.get_by_role("button", name="Stay here").click()
    page.evaluate("""() => { for (const e of document.querySelectorAll('textarea')) e.value = e.value.length > 40 ? e.value.slice(0, 40) + '…' : e.value;
        for (const e of document.querySelectorAll('pre')) e.textContent = e.textContent.replace(/[0-9a-f]{56}/g, '…'); }""")
    for width, highest in ((1280, 1100), (390, 1500)):
        page.set_viewport_size({"width": width, "height": 900})
        pictures.take(page, "once-only-%d" % width, highest)
    assert made.rsplit(":", 1)[1] not in page.content()
    furnished.daemon.http("DELETE", "/v2/tokens/" + made.split(":")[1])


def test_a_message_of_a_failure(entered, furnished):
    """What happened, what to do, and the request's id."""
    page = entered(furnished.daemon)
    page.goto("/roles/00000000-0000-4000-8000-000000000000")
    expect(main(page).get_by_role("alert")).to_contain_text("Request id")
    check(page, "a failure")


def test_an_empty_list_of_tokens(window, portal, pictures):
    from visitor import sign_in
    portal_tokens = portal.good("GET", "/v2/tokens")["clients"]
    page = window(portal)
    sign_in(page, path="/tokens?q=nothing-has-this-word")
    settled(page)
    expect(main(page)).to_contain_text("No token matches")
    check(page, "nothing found")
    assert portal_tokens
    sign_in_again = window(portal)
    sign_in_again.goto("/")
    expect(sign_in_again.get_by_role("heading", name="Sign in")).to_be_visible()
    check(sign_in_again, "sign in")
    for width in (1280, 390):
        sign_in_again.set_viewport_size({"width": width, "height": 900})
        pictures.take(sign_in_again, "sign-in-%d" % width, 900)


def test_a_password_is_asked_for_again(entered, furnished, pictures):
    """The daemon's own refusal of a proof that is too old, given by hand: its clock is not ours."""
    page = entered(furnished.daemon, furnished.fill("/tokens/new?role={role}"))
    refusal = {"errors": [{"ID": 351001, "message": "confirm your password again: the last proof is older than 10 minutes"}]}
    page.route("**/v2/tokens", lambda route: route.fulfill(status=403, json=refusal), times=1)
    page.get_by_role("button", name="Generate Token").click()
    dialog = page.get_by_role("dialog", name="Confirm that it is you")
    expect(dialog).to_be_visible()
    check(page, "proof")
    pictures.take(page, "dialog-proof", 900, blur=False)
    dialog.get_by_label("Password").fill("correct horse battery staple")
    dialog.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Your new token")).to_be_visible()
    furnished.daemon.http("DELETE", "/v2/tokens/" + page.get_by_label("Token", exact=True).input_value().split(":")[1])
    page.get_by_role("button", name="I have stored it").click()
    assert row_of(page, "never-there").count() == 0
