"""Tokens from the page to a program and back: made, copied, used by the Python driver, deleted, thrown out."""
import re

import pytest
from cassandra import Unauthorized
from cassandra.cluster import NoHostAvailable
from playwright.sync_api import expect

import cql
from furniture import days
from latchkey import ADMINISTRATOR, Latchkey, until
from steps import choose_role, copied, go_to, main, row_of, settings_of, shown, stored
from visitor import ADA, give_password, sign_in


def delete_dialog(page):
    return page.get_by_role("dialog", name="Delete this token?")


def test_generate_new_token_use_it_and_delete_it(entered, furnished):
    """Flows 1 and 2, with the Settings' filter on the organization."""
    page = entered(furnished.daemon)
    settings_of(page, "Acme")
    page.get_by_role("link", name="Generate New Token").first.click()
    expect(page.get_by_role("heading", name="Generate New Token", level=1)).to_be_visible()

    choose_role(page, "orders-read")
    permissions = page.locator(".role-permissions", has_text="orders-read")
    expect(permissions).to_contain_text("db-table-select")
    choose_role(page, "no-cards")
    expect(page.locator(".role-permissions")).to_have_count(2)
    expect(main(page)).to_contain_text("cannot be edited later")
    page.get_by_label("Description (optional)").fill("a flow of the tests")
    expect(page.get_by_label("Expiration").locator("option:checked")).to_have_text("Never expire")
    expect(page.locator("section.access")).to_contain_text("orders")
    page.get_by_role("button", name="Generate Token").click()
    token = shown(page)
    stored(page)

    with furnished.door.driver(token) as session:
        assert len(list(session.execute("SELECT * FROM shop.orders"))) == 2
        with pytest.raises(Unauthorized):
            session.execute("SELECT * FROM shop.customers")
        seen = until("a session that is seen", lambda: furnished.daemon.good(
            "GET", "/v2/tokens/" + token.client_id)["openSessions"])

        settings_of(page, "Acme")
        row = row_of(page, "a flow of the tests")
        expect(row).to_contain_text("Active")
        row.get_by_role("button", name="More about a flow of the tests").click()
        page.get_by_role("menuitem", name="Delete").click()
        dialog = delete_dialog(page)
        expect(dialog).to_contain_text("a flow of the tests")
        expect(dialog).to_contain_text(token.client_id)
        expect(dialog).to_contain_text(re.compile("Used .*, %d open sessions? will be closed" % seen))
        expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
        dialog.get_by_role("button", name="Delete Token").click()
        expect(dialog).to_have_count(0)
        expect(row_of(page, "a flow of the tests")).to_have_count(0)

        with pytest.raises((NoHostAvailable, Unauthorized)):
            session.execute("SELECT * FROM shop.orders")
    with pytest.raises(cql.CqlError):
        furnished.door.raw(token)


def test_cancel_and_escape_delete_nothing(entered, furnished):
    token = furnished.tokens["report"]
    page = entered(furnished.daemon, "/tokens")
    for leave in (lambda: page.keyboard.press("Escape"), lambda: page.get_by_role("button", name="Cancel").click()):
        page.get_by_role("button", name="More about monthly report").click()
        page.get_by_role("menuitem", name="Delete").click()
        expect(delete_dialog(page)).to_be_visible()
        leave()
        expect(delete_dialog(page)).to_have_count(0)
    assert furnished.daemon.http("GET", "/v2/tokens/" + token.client_id).status_code == 200


def test_an_expiry_is_set_and_shown(entered, furnished):
    page = entered(furnished.daemon, "/tokens/new?role=%s&expires=30d&description=for+a+month" % furnished.roles["orders-read"])
    expect(page.get_by_label("Description (optional)")).to_have_value("for a month")
    expect(page.get_by_label("orders-read", exact=True)).to_be_checked()
    expect(page.get_by_label("Expiration").locator("option:checked")).to_have_text("After 30 days")
    expect(page.locator("form p.note")).to_contain_text("30 days")
    page.get_by_role("button", name="Generate Token").click()
    token = shown(page)
    stored(page)
    made = furnished.daemon.good("GET", "/v2/tokens/" + token.client_id)
    assert days(29) < made["tokenExpiry"] < days(31)
    expect(page.locator("dl.facts")).to_contain_text("Expires in 30 d")
    go_to(page, "Tokens")
    page.get_by_label("State").select_option(label="Expiring within 30 days")
    expect(row_of(page, "for a month")).to_contain_text("Expires in 30 d")
    expect(row_of(page, "web shop")).to_have_count(0)
    page.reload()       # the list's state is in its address
    expect(row_of(page, "for a month")).to_be_visible()
    expect(row_of(page, "web shop")).to_have_count(0)
    furnished.daemon.delete_token(token)


def test_files_hold_the_token(entered, furnished, tmp_path):
    page = entered(furnished.daemon, "/tokens/new?role=%s&description=files" % furnished.roles["orders-read"])
    page.get_by_role("button", name="Generate Token").click()
    token = shown(page)
    for kind in ("CSV", "JSON", ".env", "cqlshrc"):
        with page.expect_download() as coming:
            page.get_by_role("button", name="Download " + kind).click()
        coming.value.save_as(tmp_path / "file")
        assert token.text in (tmp_path / "file").read_text(), kind
    for tab in ("cqlsh", "Python", "Java", "Node.js", "Go"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel")).to_contain_text(str(furnished.door.port))
    (tmp_path / "file").unlink()
    stored(page)
    furnished.daemon.delete_token(token)


def test_the_enterprise_has_tokens_of_its_own(entered, furnished):
    """Flow 1 with the filter on the enterprise; Delete stands on the row itself."""
    page = entered(furnished.daemon)
    settings_of(page, "Acme Group (enterprise)")
    page.get_by_role("link", name="Generate New Token").first.click()
    roles = page.get_by_role("group", name="Roles to choose from")
    expect(roles.get_by_label("Enterprise Administrator", exact=True)).to_be_visible()
    expect(roles.get_by_label("Organization Administrator", exact=True)).to_have_count(0)
    choose_role(page, "Enterprise Administrator")
    page.get_by_label("Description (optional)").fill("looks after the group")
    page.get_by_role("button", name="Generate Token").click()
    token = shown(page)
    stored(page)
    assert furnished.daemon.http("GET", "/v2/organizations/roles", token=token.text).status_code == 200

    settings_of(page, "Acme Group (enterprise)")
    row = row_of(page, "looks after the group")
    row.get_by_role("button", name="Delete looks after the group").click()
    delete_dialog(page).get_by_role("button", name="Delete Token").click()
    expect(row_of(page, "looks after the group")).to_have_count(0)
    assert furnished.daemon.http("GET", "/v2/organizations/roles", token=token.text).status_code == 401


def test_a_name_in_organizations_opens_its_settings(entered, furnished):
    page = entered(furnished.daemon)
    settings_of(page, "Acme Group (enterprise)")
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Organizations").click()
    page.get_by_role("table", name="Organizations of this enterprise").get_by_text("Acme", exact=True).click()
    expect(page).to_have_url(re.compile("/settings/tokens$"))
    expect(main(page).get_by_label("Enterprise or organization").locator("option:checked")).to_have_text("Acme")
    expect(row_of(page, "orders service")).to_be_visible()


def test_an_organization_s_first_token_is_made_here(entered, binary, tmp_path, window):
    """Flow 4: with no token there are three ways to begin."""
    daemon = Latchkey(binary, tmp_path / "x")
    daemon.init()
    daemon.serve()
    give_password(daemon, ADA)
    first = daemon.good("GET", "/v2/tokens")["clients"][0]["clientId"]
    daemon.ask("token", "delete", first)
    page = window(daemon)
    sign_in(page, path="/tokens")
    expect(page.get_by_role("heading", name="No token yet")).to_be_visible()
    page.get_by_role("link", name="Make a reading token").click()
    expect(page.get_by_label("RO User", exact=True)).to_be_checked()
    page.get_by_role("button", name="Generate Token").click()
    token = copied(page)
    stored(page)
    assert daemon.http("GET", "/v2/currentOrg", token=token).status_code == 200
    daemon.stop()
