"""Somebody in front of a browser: an account, and the way in."""
from playwright.sync_api import expect

from person import PASSWORD, Browser, behind

ADA = "ada@example.com"


def give_password(daemon, email, password=PASSWORD):
    """An account with a password, by the link that the operator hands out."""
    link = daemon.ask("user", "set-up", email)["setupLink"]
    answer = Browser(daemon).ask("POST", "/v2/set-up", {"secret": behind(link)[1], "password": password})
    assert answer.status_code == 200, answer.text


def settled(page):
    """Until the page has its heading and nothing is still being read."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".waiting, [aria-busy=true]")).to_have_count(0)


def sign_in(page, email=ADA, password=PASSWORD, path="/"):
    """By the form, as people do."""
    page.goto(path)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
