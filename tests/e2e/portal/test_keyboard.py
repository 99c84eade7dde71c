"""By keyboard alone: not one click in this file."""
import re

from playwright.sync_api import expect

from keyboard import button, copy_token, press, tab_to
from person import PASSWORD
from steps import TOKEN, main, row_of
from visitor import ADA, settled


def test_sign_in_make_a_token_copy_it_leave_and_delete_it(window, furnished):
    page = window(furnished.daemon)
    page.goto("/tokens")
    tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type(ADA)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(row_of(page, "orders service")).to_be_visible()

    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Generate New Token", level=1)).to_be_focused()
    tab_to(page, page.get_by_label("Description (optional)"))
    page.keyboard.type("made by keyboard")
    press(page, page.get_by_label("orders-read", exact=True), "Space")
    tab_to(page, page.get_by_label("Expiration"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Expiration").locator("option:checked")).to_have_text("After 7 days")
    press(page, button(page, "Generate Token"))

    text = copy_token(page)
    page.keyboard.press("Escape")
    expect(page.get_by_label("Token", exact=True)).to_have_value(text)
    page.keyboard.press("g")    # to another page, and back
    page.keyboard.press("r")
    expect(button(page, "Stay here")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    press(page, button(page, "I have stored it"))

    expect(page).to_have_url(re.compile("/tokens/[A-Za-z]{24}$"))
    settled(page)
    press(page, main(page).get_by_role("button", name="Delete", exact=True))
    dialog = page.get_by_role("dialog", name="Delete this token?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    press(page, dialog.get_by_role("button", name="Delete Token"))
    expect(dialog).to_have_count(0)
    assert furnished.daemon.http("GET", "/v2/currentOrg", token=text).status_code == 401


def test_a_menu_of_a_row(entered, furnished):
    page = entered(furnished.daemon, "/tokens")
    more = button(page, "More about web shop")
    press(page, more)
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Delete this token?")).to_be_visible()
    page.keyboard.press("Enter")    # on Cancel, where the focus starts
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(more).to_be_focused()


def test_a_database_s_token_with_one_press(entered, furnished):
    page = entered(furnished.daemon, "/databases")
    press(page, button(page, "More for shop"))
    expect(page.get_by_role("menuitem").first).to_be_focused()
    for _ in range(5):
        if page.get_by_role("menuitem", name="Generate Token").evaluate("(e) => e === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your new token", level=1)).to_be_focused()
    client_id = page.get_by_label("Client id", exact=True).input_value()
    press(page, button(page, "I have stored it"))
    expect(page.get_by_role("heading", name="Your new token")).to_have_count(0)
    assert furnished.daemon.http("DELETE", "/v2/tokens/" + client_id).status_code == 204


def test_the_filter_and_an_enterprise_s_organizations(entered, furnished):
    """Typed letter by letter: no letter is a key of the page, and the focus stays where it is."""
    page = entered(furnished.daemon, "/settings")
    choice = main(page).get_by_label("Enterprise or organization")
    tab_to(page, choice)
    page.keyboard.type("Acme Group")
    expect(choice.locator("option:checked")).to_have_text("Acme Group (enterprise)")
    offered = page.get_by_role("navigation", name="Settings").get_by_role("link", name="Organizations")
    expect(offered).to_be_visible()
    expect(choice).to_be_focused()
    press(page, offered)
    press(page, page.get_by_role("table", name="Organizations of this enterprise").get_by_text("Acme", exact=True))
    expect(choice.locator("option:checked")).to_have_text("Acme")


def test_the_filter_on_top_keeps_the_focus_while_somebody_types(entered, furnished):
    page = entered(furnished.daemon, "/tokens")
    choice = page.get_by_role("banner").get_by_label("Enterprise or organization")
    tab_to(page, choice)
    page.keyboard.type("Acme Group")
    expect(page.get_by_role("heading", level=1)).to_have_text("Acme Group")
    expect(choice).to_be_focused()
    assert page.url.endswith("/")


def test_edit_a_role(entered, furnished):
    daemon, database = furnished.daemon, furnished.database
    role = daemon.make_role(["db-cql", "db-table-select"], [database.drn(), database.drn("shop", "orders")], name="by keyboard")
    page = entered(daemon, "/roles")
    press(page, page.get_by_role("link", name="by keyboard", exact=True).first)
    press(page, page.get_by_role("link", name="Edit", exact=True))
    settled(page)
    write = page.get_by_label(re.compile("db-table-modify"))
    if not write.is_visible():
        press(page, page.locator("summary", has_text=re.compile("[Tt]able")).first)
    press(page, write, "Space")
    expect(write).to_be_checked()
    press(page, button(page, "Review and save"))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Gained")
    press(page, dialog.get_by_role("button", name="Save Role"))
    expect(page).to_have_url(re.compile("/roles/%s$" % role))     # not the editor's, which ends otherwise
    assert "db-table-modify" in daemon.good("GET", "/v2/organizations/roles/" + role)["policy"]["actions"]
    assert daemon.http("DELETE", "/v2/organizations/roles/" + role).status_code == 204


def test_letters_lead_to_pages_and_through_rows_and_none_while_typing(entered, furnished):
    page = entered(furnished.daemon)
    heading = page.get_by_role("heading", level=1)
    for key, title in (("t", "Tokens"), ("r", "Roles"), ("d", "Databases"), ("a", "Audit"), ("t", "Tokens")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        expect(heading).to_have_text(title)
    settled(page)
    page.keyboard.press("/")
    search = page.get_by_label("Search", exact=True)
    expect(search).to_be_focused()
    page.keyboard.type("g r j c ?")
    expect(search).to_have_value("g r j c ?")
    expect(heading).to_have_text("Tokens")
    expect(page.get_by_role("dialog")).to_have_count(0)
    search.fill("shop")
    expect(page.locator("tbody tr")).to_have_count(1)
    tab_to(page, page.get_by_role("region", name="Tokens"))
    page.keyboard.press("j")
    expect(page.locator("tr.selected")).to_contain_text("web shop")
    page.keyboard.press("Enter")
    expect(heading).to_have_text("web shop")

    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keys")
    expect(help_).to_be_visible()
    press(page, help_.get_by_label("Use these keys"), "Space")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.keyboard.press("?")
    expect(heading).to_have_text("web shop")
    expect(help_).to_have_count(0)


def test_the_first_tab_leads_past_what_is_on_every_page(entered, furnished):
    page = entered(furnished.daemon, "/roles")
    page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges()")
    skip = page.get_by_role("link", name="Skip to the content")
    tab_to(page, skip)
    page.keyboard.press("Enter")
    expect(main(page)).to_be_focused()
