"""The audit trail for people: who and what are called by their names, and found by them."""
import re

from playwright.sync_api import expect

from steps import main, row_of
from visitor import ADA, settled


def test_who_is_found_by_name_and_shown_by_name(entered, furnished):
    token = furnished.tokens["orders"]
    page = entered(furnished.daemon, "/audit?event=cql.")
    row = row_of(page, "cql.login").first
    expect(row.get_by_role("link", name="orders service")).to_be_visible()
    expect(row.get_by_role("link", name="shop", exact=True)).to_have_attribute("href", "/databases/" + furnished.database.id)

    page.goto("/audit")
    settled(page)
    who = page.get_by_label("Who", exact=True)
    who.fill("orders serv")
    expect(page).to_have_url(re.compile("actor=" + token.client_id))
    settled(page)
    expect(page.locator("tbody tr").first).to_contain_text("orders service")
    who.fill(ADA.split("@")[0])
    expect(page).to_have_url(re.compile("actor=[0-9a-f-]{36}"))
    settled(page)
    expect(page.locator("tbody tr").first).to_contain_text(ADA)
    page.reload()       # the address has the id, the field the name
    expect(page.get_by_label("Who", exact=True)).to_have_value(ADA)
    main(page).get_by_role("button", name="Clear filters").click()
    expect(page.get_by_label("Who", exact=True)).to_have_value("")
    page.get_by_label("Who", exact=True).fill("nobody of this name")
    expect(main(page)).to_contain_text("Nothing matches.")
