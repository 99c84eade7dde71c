"""Every flow from its first page to its end by keyboard alone: not one click in this file."""
import re

import pytest
from playwright.sync_api import expect

import leaks
from keyboard import button, choose, confirm, copy_token, pick, press, tab_to, write
from latchkey import free_port
from person import PASSWORD, Browser, behind, totp
from steps import TOKEN, main, open_set_up_link, row_of
from visitor import ADA, settled, sign_in

ENTERPRISE = "Acme Group (enterprise)"


def stored(page):
    """The token of the once-only page, which is left as somebody who has stored it."""
    text = copy_token(page)
    press(page, button(page, "I have stored it"))
    expect(page.get_by_role("heading", name="Your new token")).to_have_count(0)
    return text


def authenticator(page):
    """Set up from where the page offers it; its secret and recovery codes."""
    press(page, button(page, "Set up an authenticator"))
    shown = main(page).locator("form.authenticator code").first
    secret = shown.inner_text().replace(" ", "")
    leaks.note(secret, "an authenticator's secret")
    write(page, page.get_by_label("Code that it shows now"), totp(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Recovery codes")).to_be_visible()
    codes = page.get_by_role("list", name="Recovery codes").get_by_role("listitem").all_inner_texts()
    press(page, button(page, "I have stored them"))
    expect(page.get_by_role("list", name="Recovery codes")).to_have_count(0)
    return secret, [code.strip() for code in codes]


def test_first_start_to_the_snippet_and_the_cluster_taken_off_again(window, empty, real):
    port = free_port()
    empty.configure(register_targets="127.0.0.0/8", register_listen="127.0.0.0/8")
    page = open_set_up_link(window, empty)
    for label, text in (("Name of the organization", "Acme"), ("Your e-mail address", ADA), ("Your password", PASSWORD)):
        write(page, page.get_by_label(label), text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Welcome to Acme", level=1)).to_be_focused()
    authenticator(page)
    for label, text in (("Name", "main"), ("Contact points", real.node), ("Local datacenter", "datacenter1"),
                        ("Role of the gateway", real.service[0]), ("Its password", real.service[1]),
                        ("Listen address", "127.0.0.1:%d" % port)):
        write(page, page.get_by_label(label, exact=True), text)
    press(page, button(page, "Register cluster"))
    expect(page.get_by_role("heading", name="Generate the first token")).to_be_visible()
    press(page, button(page, "Generate Token"))
    token = stored(page)
    assert empty.http("GET", "/v2/databases", token=token).status_code == 200
    expect(page.get_by_role("heading", name="Connect", level=2)).to_be_visible()
    tab_to(page, page.get_by_role("tab", name="cqlsh"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Python")).to_be_focused()
    expect(page.get_by_role("tabpanel")).to_contain_text(str(port))
    press(page, page.get_by_role("tabpanel").get_by_role("button", name=re.compile("^Copy")).first)
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)

    press(page, page.get_by_role("link", name="Go to Home"))
    page.keyboard.press("g")
    page.keyboard.press("d")
    settled(page)
    pick(page, button(page, "More for main"), "Unregister")
    confirm(page, "Unregister")
    expect(page.get_by_role("heading", name="No cluster is registered yet")).to_be_visible()


def test_a_cluster_whose_address_is_the_operator_s_to_choose(entered, furnished):
    page = entered(furnished.daemon, "/databases")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Register a cluster")).to_be_visible()
    write(page, page.get_by_label("Name", exact=True), "by keyboard")
    press(page, button(page, "Show the command"))
    press(page, page.get_by_role("button", name="Copy Command that registers the cluster"))
    command = page.evaluate("navigator.clipboard.readText()")
    assert command.startswith("latchkey db add 'by keyboard'") and "--data" in command
    press(page, button(page, "Back to the form"))
    press(page, button(page, "Cancel"))
    expect(page.get_by_role("heading", name="Register a cluster")).to_have_count(0)


def test_an_enterprise_s_token_made_and_deleted(entered, furnished):
    page = entered(furnished.daemon, "/settings")
    tab_to(page, main(page).get_by_label("Enterprise or organization"))
    page.keyboard.type("Acme Group")
    expect(main(page).get_by_label("Enterprise or organization").locator("option:checked")).to_have_text(ENTERPRISE)
    press(page, main(page).get_by_role("link", name="Generate New Token").first)
    settled(page)
    choose(page, page.get_by_label("For whom?"), "Acme Group itself")
    write(page, page.get_by_label("Description (optional)"), "of the group, by keyboard")
    press(page, page.get_by_label("Enterprise Administrator", exact=True), "Space")
    press(page, button(page, "Generate Token"))
    token = stored(page)
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(row_of(page, "of the group, by keyboard")).to_be_visible()
    press(page, button(page, "Delete of the group, by keyboard"))
    confirm(page, "Delete Token")
    expect(row_of(page, "of the group, by keyboard")).to_have_count(0)
    assert furnished.daemon.http("GET", "/v2/organizations/roles", token=token).status_code == 401


def test_somebody_invited_accepts_changes_role_and_is_removed(entered, window, furnished):
    email = "keys@example.com"
    page = entered(furnished.daemon, "/users")
    page.keyboard.press("c")
    write(page, page.get_by_label("E-mail address", exact=True), email)
    press(page, page.get_by_role("group", name="Roles to choose from").get_by_label("orders-read", exact=True), "Space")
    press(page, button(page, "Invite"))
    press(page, page.get_by_role("button", name="Copy invitation link"))
    link = page.evaluate("navigator.clipboard.readText()")
    leaks.note(behind(link)[1], "an invitation")
    press(page, button(page, "I have handed it over"))

    theirs = window(furnished.daemon)
    theirs.goto(link)
    expect(theirs.get_by_role("heading", name="You are invited")).to_be_focused()
    write(theirs, theirs.get_by_label("New password"), PASSWORD)
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_role("navigation", name="Pages")).to_be_visible()

    pick(page, button(page, "More for " + email), "Change Roles")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    press(page, dialog.get_by_label("shop-write", exact=True), "Space")
    press(page, dialog.get_by_role("button", name="Save Roles"))
    expect(dialog).to_have_count(0)
    expect(row_of(page, email)).to_contain_text("shop-write")
    press(page, page.get_by_role("link", name=email).first)
    settled(page)
    press(page, button(page, "End all"))
    confirm(page, "End all")
    press(page, page.get_by_role("navigation", name="Pages").get_by_role("link", name="Users"))
    settled(page)
    pick(page, button(page, "More for " + email), "Remove")
    confirm(page, "Remove User")
    expect(row_of(page, email)).to_have_count(0)


@pytest.mark.parametrize("second", ["code", "recovery code"])
def test_sign_in_with_a_second_factor(window, furnished, second):
    email = "second-%s@example.com" % second.replace(" ", "-")
    daemon = furnished.daemon
    invited = daemon.ask("user", "invite", email, "--role", "orders-read", "--org", "Acme")
    accepted = Browser(daemon).ask("POST", "/v2/invitations/accept",
                                   {"secret": behind(invited["invitationLink"])[1], "password": PASSWORD})
    assert accepted.status_code == 200, accepted.text
    page = window(daemon)
    sign_in(page, email, path="/account")
    settled(page)
    secret, codes = authenticator(page)
    press(page, page.get_by_role("banner").get_by_role("button", name="Sign out"))
    write(page, page.get_by_label("E-mail address"), email)
    write(page, page.get_by_label("Password", exact=True), PASSWORD)
    if second == "code":
        write(page, page.get_by_label("Code from your authenticator"), totp(secret, 1))
    else:
        press(page, button(page, "Use a recovery code"))
        tab_to(page, page.get_by_label("Recovery code"), back=True)
        page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    assert Browser(daemon).sign_in(email).status_code == 401, "the password alone is enough"
    user = next(one for one in daemon.good("GET", "/v2/organizations/users")["Users"] if one["Email"] == email)
    assert daemon.http("DELETE", "/v2/organizations/users/" + user["UserID"]).status_code < 300


def test_a_database_s_access_list(entered, furnished):
    daemon, path = furnished.daemon, "/v2/databases/%s/access-list" % furnished.database.id
    page = entered(daemon, furnished.fill("/databases/{database}"))
    tab_to(page, page.get_by_role("tab", name="Link"))
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Access list")).to_be_focused()
    settled(page)
    press(page, page.get_by_label("The list is in force"), "Space")
    press(page, button(page, "Add address"))
    tab_to(page, page.get_by_label("Address or range"), back=True)
    page.keyboard.type("127.0.0.0/8")
    write(page, page.get_by_label("Description"), "here")
    press(page, button(page, "Validate"))
    expect(main(page)).to_contain_text("All addresses are fine.")
    press(page, button(page, "Save"))
    expect(page.get_by_role("status").filter(has_text="The access list is saved.")).to_have_count(1)
    kept = daemon.good("GET", path)
    assert [one["address"] for one in kept["addresses"]] == ["127.0.0.0/8"] and kept["configurations"]["accessListEnabled"]
    settled(page)
    press(page, button(page, "Take out 127.0.0.0/8"))
    expect(page.get_by_label("Address or range")).to_have_count(0)
    assert daemon.http("DELETE", path).status_code == 204


def test_sessions_are_listed_and_ended(entered, window, furnished):
    page = entered(furnished.daemon, "/account")
    other = window(furnished.daemon)
    sign_in(other)
    tab_to(page, page.get_by_role("link", name=ADA))
    page.keyboard.press("Enter")
    page.reload()
    settled(page)
    table = page.get_by_role("table", name="Your signed-in browsers")
    before = table.get_by_role("button", name=re.compile("^End the session")).count()
    press(page, table.get_by_role("button", name=re.compile("^End the session")).first)
    confirm(page, "End session")
    expect(table.get_by_role("button", name=re.compile("^End the session"))).to_have_count(before - 1)


def test_a_role_is_made_with_a_part_of_the_tree(entered, furnished):
    daemon = furnished.daemon
    page = entered(daemon, "/roles")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    write(page, page.get_by_label("Name", exact=True), "made by keyboard")
    for action in ("db-cql", "db-table-select"):
        tab_to_action(page, action)
        page.keyboard.press("Space")
    press(page, page.get_by_label("database shop"), "Space")
    press(page, button(page, "Open shop"))
    press(page, button(page, "+ all in it: shop").last)
    press(page, button(page, "Review and save"))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Gained")
    press(page, dialog.get_by_role("button", name="Save Role"))
    expect(page.get_by_role("heading", name="made by keyboard", level=1)).to_be_visible()
    press(page, main(page).get_by_role("button", name="Delete", exact=True))
    confirm(page, "Delete Role")
    expect(page).to_have_url(re.compile("/roles$"))


def tab_to_action(page, name):
    """Its box, in a group that may have to be opened before."""
    box = page.get_by_label(re.compile(name))
    group = page.locator("details", has=box)
    if not box.is_visible():
        press(page, group.locator("summary"))
    return tab_to(page, box)


def test_explain_a_statement(entered, furnished):
    page = entered(furnished.daemon, "/explain")
    press(page, page.get_by_label("I myself"), "ArrowDown")
    expect(page.get_by_label("A token", exact=True)).to_be_checked()
    write(page, page.get_by_label("Client id"), furnished.tokens["orders"].client_id)
    tab_to(page, page.get_by_label("do one action"))
    page.keyboard.press("ArrowDown")
    write(page, page.get_by_role("textbox", name="CQL statement"), "UPDATE shop.orders SET pieces = 3 WHERE id = 1")
    choose(page, page.get_by_label("Database", exact=True), "shop")
    press(page, button(page, "Explain"))
    expect(page.get_by_role("heading", name="Verdict")).to_be_visible()
    expect(main(page)).to_contain_text("Refused")
    expect(main(page)).to_contain_text("db-table-modify")


def test_search_the_audit_trail_and_open_a_record(entered, furnished):
    page = entered(furnished.daemon, "/audit")
    choose(page, page.get_by_label("What", exact=True), "Roles")
    settled(page)
    expect(page.locator("tbody tr").first).to_contain_text("role.")
    tab_to(page, page.get_by_role("region", name="Audit records, newest first"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("^Record "))
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
