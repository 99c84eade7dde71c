"""What people do on the pages, in the words of the buttons."""
import os
import re

from playwright.sync_api import expect

from latchkey import Token

TOKEN = re.compile(r"AstraCS:[A-Za-z]{24}:[0-9a-f]{64}")
FILTER = "Enterprise or organization"


def main(page):
    return page.get_by_role("main")


def go_to(page, name):
    page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def settings_of(page, scope):
    """Settings, with the filter on this organization or enterprise."""
    go_to(page, "Settings")
    main(page).get_by_label(FILTER).select_option(label=scope)
    expect(main(page).get_by_label(FILTER).locator("option:checked")).to_have_text(scope)
    expect(page.get_by_role("heading", name="Tokens", level=2)).to_be_visible()


def choose_role(page, name):
    page.get_by_role("group", name="Roles to choose from").get_by_label(name, exact=True).check()


def copied(page):
    """The token as the clipboard has it after Copy, which says that it was copied."""
    page.get_by_role("button", name="Copy the token").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Copied the token")).to_have_count(1)
    text = page.evaluate("navigator.clipboard.readText()")
    assert TOKEN.fullmatch(text), "what was copied is no token"
    return text


def shown(page):
    """The token of the once-only page."""
    expect(page.get_by_role("heading", name="Your new token", level=1)).to_be_visible()
    text = copied(page)
    field = page.get_by_label("Token", exact=True)
    assert field.input_value() == text and field.get_attribute("readonly") is not None
    return Token({"clientId": page.get_by_label("Client id", exact=True).input_value(),
                  "secret": page.get_by_label("Client secret", exact=True).input_value(), "token": text})


def stored(page):
    page.get_by_role("button", name="I have stored it").click()
    expect(page.get_by_role("heading", name="Your new token")).to_have_count(0)


def row_of(page, text):
    return page.get_by_role("row").filter(has_text=text)


def open_set_up_link(window, daemon):
    """The page behind the link that a first start leaves in a file."""
    daemon.serve(ready=False)
    daemon.wait_log("first_start")
    with open(os.path.join(daemon.data, "setup-link"), encoding="utf-8") as file:
        link = file.read().strip()
    page = window(daemon)
    page.watch.restarts = True
    page.goto("/")      # without the link it is said where it is
    expect(main(page)).to_contain_text(os.path.join(daemon.data, "setup-link"))
    page.goto(link)
    expect(page.get_by_role("heading", name="Welcome to Latchkey", level=1)).to_be_visible()
    assert "#" not in page.url and page.evaluate("history.length") <= 3
    return page
