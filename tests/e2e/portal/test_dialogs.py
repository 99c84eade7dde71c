"""What opens over a page: accessible in both schemes, drawn for the documentation where it is part of a flow."""
import re

import pytest
from cassandra import Unauthorized
from cassandra.cluster import NoHostAvailable
from playwright.sync_api import expect

import leaks
from dialogs import check, check_dialog
from person import PASSWORD, Browser, behind, totp
from steps import main, row_of
from visitor import ADA, settled, sign_in


def menu(page, name, item):
    page.get_by_role("button", name=name, exact=True).click()
    check(page, "the menu " + name)
    page.get_by_role("menuitem", name=item).click()


def delete_token(page, _):
    menu(page, "More about orders service", "Delete")


def unregister(page, _):
    menu(page, "More for shop", "Unregister")


def press(name):
    return lambda page, _: main(page).get_by_role("button", name=name, exact=True).first.click()


def review(page, _):
    page.get_by_label("Description", exact=True).fill("another word")
    page.get_by_label(re.compile("db-table-modify")).check()
    page.get_by_role("button", name="Review and save").click()


def unsaved(page, _):
    page.get_by_label("Description", exact=True).fill("another word")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Tokens").click()


def overtaken(page, furnished):
    """Somebody writes the role, as it is, while the page has it open."""
    path = "/v2/organizations/roles/" + furnished.roles["orders-read"]
    role = furnished.daemon.good("GET", path)
    furnished.daemon.good("PUT", path, {"name": role["name"], "policy": role["policy"]})
    review(page, furnished)
    page.get_by_role("dialog").get_by_role("button", name="Save Role").click()
    expect(page.get_by_role("dialog", name="Somebody else was faster")).to_be_visible()


def record(page, _):
    page.locator("tbody th").get_by_role("link").first.click()


def of_user(item):
    return lambda page, _: menu(page, "More for grace@example.com", item)


def other_session(page, furnished, deed):
    assert Browser(furnished.daemon).sign_in(ADA).status_code == 200
    page.reload()
    settled(page)
    main(page).get_by_role("button", name=deed).first.click()


def end_session(page, furnished):
    other_session(page, furnished, re.compile("^End the session"))


def end_others(page, furnished):
    other_session(page, furnished, "End all others")


def lower_maximum(page, _):
    page.get_by_label("Maximum lifetime", exact=True).fill("3650")
    page.get_by_role("button", name="Save settings").click()


def shut_out(page, _):
    page.get_by_label("The list is in force").check()
    page.get_by_role("button", name="Save").click()


def still_signed_in(page, _):
    busy = {"errors": [{"ID": 350503, "message": "busy"}]}
    page.route("**/v2/sessions/current", lambda route: route.fulfill(status=503, json=busy) if route.request.method == "DELETE"
               else route.continue_())
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()


DIALOGS = [
    ("keys", "/", lambda page, _: page.keyboard.press("?")),
    ("delete-token", "/tokens", delete_token),
    ("delete-role", "/roles/{role}", press("Delete")),
    ("deny-in-use", "/roles/{deny}", press("Delete")),
    ("review-role", "/roles/{role}/edit", review),
    ("unsaved-role", "/roles/{role}/edit", unsaved),
    ("overtaken-role", "/roles/{role}/edit", overtaken),
    ("unregister", "/databases", unregister),
    ("drop-keyspace", "/databases/{database}?view=keyspaces", press("Drop keyspace shop")),
    ("audit-record", "/audit", record),
    ("send-records-on", "/audit", press("Send records on")),
    ("roles-of-user", "/users", of_user("Change Roles")),
    ("remove-user", "/users", of_user("Remove")),
    ("end-session", "/account", end_session),
    ("end-other-sessions", "/account", end_others),
    ("end-member-sessions", "/users/{user}", press("End all")),
    ("lower-maximum", "/settings/lifetimes", lower_maximum),
    ("shut-yourself-out", "/settings/access", shut_out),
    ("still-signed-in", "/", still_signed_in),
]


@pytest.mark.parametrize("name,path,opens", DIALOGS, ids=[name for name, _, _ in DIALOGS])
def test_axe_finds_nothing_in_a_dialog(entered, furnished, pictures, name, path, opens):
    page = entered(furnished.daemon, furnished.fill(path))
    opens(page, furnished)
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("dialog").locator(".waiting")).to_have_count(0)
    pictures.take(page, "dialog-" + name, blur=False)
    check_dialog(page, name)


def test_saving_an_access_list_names_the_sessions_that_it_closes(entered, furnished, pictures):
    """A driver is connected from here, and the list has another network: Cancel keeps it, saving throws it out."""
    daemon, path = furnished.daemon, "/v2/databases/%s/access-list" % furnished.database.id
    page = entered(daemon, furnished.fill("/databases/{database}?view=access"))
    with furnished.door.driver(furnished.tokens["orders"]) as session:
        page.get_by_role("button", name="Add address").click()
        page.get_by_label("Address or range").fill("192.0.2.0/24")
        page.get_by_label("The list is in force").check()
        page.get_by_role("button", name="Save").click()
        dialog = page.get_by_role("dialog", name=re.compile(r"^Close \d+ open sessions?\?"))
        expect(dialog).to_contain_text("orders service")
        expect(dialog).to_contain_text("from 127.0.0.1")
        expect(dialog.get_by_text("orders service")).to_be_visible()
        pictures.take(page, "dialog-close-sessions", blur=False)
        check_dialog(page, "closing sessions")
        dialog.get_by_role("button", name="Cancel").click()
        assert len(list(session.execute("SELECT * FROM shop.orders"))) == 2
        assert daemon.good("GET", path)["addresses"] == []
        page.get_by_role("button", name="Save").click()
        dialog.get_by_role("button", name="Save and close them").click()
        expect(dialog).to_have_count(0)
        try:
            with pytest.raises((NoHostAvailable, Unauthorized)):
                session.execute("SELECT * FROM shop.orders")
        finally:
            assert daemon.http("DELETE", path).status_code == 204


def test_an_authenticator_and_its_codes(window, furnished):
    """Set up, its codes left without being stored, taken off."""
    email, daemon = "dialogs@example.com", furnished.daemon
    link = daemon.ask("user", "invite", email, "--role", "orders-read", "--org", "Acme")["invitationLink"]
    accepted = Browser(daemon).ask("POST", "/v2/invitations/accept", {"secret": behind(link)[1], "password": PASSWORD})
    page = window(daemon)
    sign_in(page, email, path="/account")
    page.get_by_role("button", name="Set up an authenticator").click()
    secret = main(page).locator("form.authenticator code").first.inner_text().replace(" ", "")
    leaks.note(secret, "an authenticator's secret")
    expect(page.get_by_role("img", name=re.compile("^QR code"))).to_be_visible()
    check(page, "an authenticator's secret")
    page.get_by_label("Code that it shows now").fill(totp(secret))
    page.get_by_role("button", name="Confirm authenticator").click()
    expect(page.get_by_role("list", name="Recovery codes")).to_be_visible()
    check(page, "recovery codes")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Home").click()
    expect(page.get_by_role("dialog", name="Leave without the codes?")).to_be_visible()
    check_dialog(page, "leaving the codes")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="I have stored them").click()
    page.get_by_role("button", name="Take off").click()
    expect(page.get_by_role("dialog", name="Take the authenticator off?")).to_be_visible()
    check_dialog(page, "taking it off")
    page.get_by_role("dialog").get_by_role("button", name="Take off").click()
    expect(page.get_by_role("button", name="Set up an authenticator")).to_be_visible()
    user = next(one for one in daemon.good("GET", "/v2/organizations/users")["Users"] if one["Email"] == email)
    assert accepted.status_code == 200 and daemon.http("DELETE", "/v2/organizations/users/" + user["UserID"]).status_code < 300


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
    pictures.take(page, "dialog-proof", blur=False)
    dialog.get_by_label("Password").fill("correct horse battery staple")
    dialog.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Your new token")).to_be_visible()
    furnished.daemon.http("DELETE", "/v2/tokens/" + page.get_by_label("Token", exact=True).input_value().split(":")[1])
    page.get_by_role("button", name="I have stored it").click()
    assert row_of(page, "never-there").count() == 0
