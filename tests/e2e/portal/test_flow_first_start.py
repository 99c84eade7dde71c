"""From an empty folder to a program that connects, all of it in the browser."""
import os
import re
import shlex

from playwright.sync_api import expect

import leaks
from door import Door
from latchkey import Database, free_port, private, until
from person import PASSWORD, totp
from steps import main, open_set_up_link, shown, stored

ADA = "ada@example.com"


def found(page):
    page.get_by_label("Name of the organization").fill("Acme")
    page.get_by_label("Your e-mail address").fill(ADA)
    page.get_by_label("Your password").fill("short")
    page.get_by_role("button", name="Set up and sign in").click()
    expect(page.get_by_label("Your password")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Set up and sign in").click()
    expect(page.get_by_role("heading", name="Welcome to Acme", level=1)).to_be_visible()


def set_up_authenticator(page):
    page.get_by_role("button", name="Set up an authenticator").click()
    shown = main(page).locator("form.authenticator code").first
    secret = shown.inner_text().replace(" ", "")
    leaks.note(secret, "an authenticator's secret")
    page.get_by_label("Code that it shows now").fill(totp(secret))
    page.get_by_role("button", name=re.compile("^(Confirm|Turn on|Set up|It works)")).click()
    expect(main(page)).to_contain_text("ecovery code")
    page.get_by_role("button", name=re.compile("stored")).click()


def fill_in(page, real, port):
    page.get_by_label("Name", exact=True).fill("main")
    page.get_by_label("Contact points").fill(real.node)
    page.get_by_label("Local datacenter").fill("datacenter1")
    page.get_by_label("Role of the gateway").fill(real.service[0])
    page.get_by_label("Its password").fill(real.service[1])
    page.get_by_label("Listen address").fill("127.0.0.1:%d" % port)


def to_the_snippet(page, daemon, port):
    """The first token, and a program with what the page says."""
    page.get_by_role("button", name="Generate Token").click()
    token = shown(page)
    stored(page)
    expect(page.get_by_role("heading", name="Connect", level=2)).to_be_visible()
    snippet = page.get_by_role("tabpanel")
    expect(snippet).to_contain_text("127.0.0.1 %d" % port)
    assert token.text not in page.content()
    door = Door(Database(daemon, "main", None, port))
    def connected():
        try:
            with door.driver(token) as session:
                return list(session.execute("SELECT * FROM shop.orders"))
        except Exception:       # the door was opened a moment ago
            return None
    assert len(until("rows through the new door", connected, 60)) == 2


def test_with_register_targets_set_the_page_does_it_all(window, empty, real):
    port = free_port()
    empty.configure(register_targets="127.0.0.0/8", register_listen="127.0.0.0/8")
    page = open_set_up_link(window, empty)
    found(page)
    set_up_authenticator(page)
    fill_in(page, real, port)
    page.get_by_role("button", name="Register cluster").click()
    to_the_snippet(page, empty, port)


def test_without_it_the_page_says_the_command_and_goes_on_when_it_was_run(window, empty, real):
    port = free_port()
    page = open_set_up_link(window, empty)
    found(page)
    page.get_by_role("button", name="Later").click()
    fill_in(page, real, port)
    page.get_by_role("button", name="Register cluster").click()
    command = page.get_by_label("Command that registers the cluster", exact=True)
    expect(command).to_contain_text("latchkey db add main")
    words = shlex.split(command.inner_text().replace("\\\n", " "))[1:]
    assert real.service[1] not in words
    path = os.path.join(empty.folder, "gateway.password")
    with open(path, "w", encoding="utf-8", opener=private) as file:
        file.write(real.service[1] + "\n")
    leaks.expect(empty.folder, path)
    words[words.index("--password-file") + 1] = path
    at = words.index("--data")
    assert words[at:at + 2] == ["--data", "DIR"]
    del words[at:at + 2]        # the tests say it themselves
    empty.ask(*words)
    expect(page.get_by_role("heading", name="Generate the first token")).to_be_visible()
    to_the_snippet(page, empty, port)
