"""Audit records sent on, by the page: set up, seen to arrive and to fail, ended; what the operator set up; without a mouse."""
import re
import subprocess

import pytest
from playwright.sync_api import expect

import leaks
import unix_http
from collector import Collector
from dialogs import check, check_dialog
from keyboard import button, confirm, press, tab_to, write
from latchkey import ADMINISTRATOR, Latchkey, private
from person import PASSWORD
from steps import main, settings_of
from visitor import ADA, give_password, settled

SECRET = "the-collector's-own-token-0815"
PROOF_NEEDED = {"errors": [{"ID": 351001, "message": "confirm your password again: the last proof is older than 10 minutes"}]}


@pytest.fixture
def collector():
    leaks.note(SECRET, "the collector's token")
    found = Collector()
    yield found
    found.close()


@pytest.fixture
def sending(binary, tmp_path):
    """A daemon whose people may have records sent to this machine."""
    daemon = Latchkey(binary, tmp_path / "sending")
    daemon.init()
    daemon.configure(audit_export_targets="127.0.0.0/8")
    daemon.serve()
    give_password(daemon, ADA)
    yield daemon
    daemon.stop()


def path(daemon):
    return "/v2/organizations/%s/telemetry/auditLogs" % daemon.organization


def part(page):
    return main(page).locator("section").filter(has=page.get_by_role("heading", name="Sent on", exact=True))


def stands(page, state):
    expect(part(page).locator(".badge")).to_have_text(state)


def at_320(page, what):
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, what
    check(page, what)
    page.set_viewport_size({"width": 1280, "height": 900})


def ask_for_proof_once(page):
    """The daemon's own refusal of a proof that is too old, given by hand: its clock is not ours."""
    refused = []

    def answer(route):
        if route.request.method == "GET" or refused:
            return route.fallback()
        refused.append(route.request)
        return route.fulfill(status=403, json=PROOF_NEEDED)

    page.route("**/telemetry/auditLogs", answer)


def give_proof(page):
    dialog = page.get_by_role("dialog", name="Confirm that it is you")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Confirm").click()
    expect(dialog).to_have_count(0)


def test_records_are_sent_on_and_it_is_seen_how_that_goes(entered, sending, collector, pictures):
    page = entered(sending, "/audit")
    expect(part(page)).to_contain_text("sent nowhere else")
    part(page).get_by_role("button", name="Send records on").click()
    dialog = page.get_by_role("dialog", name="Send records on")
    dialog.get_by_label("Endpoint").fill("http://192.0.2.1/")
    dialog.get_by_label("Token (optional)").fill(SECRET)
    dialog.get_by_role("button", name="Send on").click()
    expect(dialog.get_by_label("Endpoint")).to_be_focused()
    expect(dialog).to_contain_text("http:// would send records in clear")
    check_dialog(page, "a refused endpoint")

    ask_for_proof_once(page)
    dialog.get_by_label("Endpoint").fill(collector.url + "/audit")
    dialog.get_by_role("button", name="Send on").click()
    give_proof(page)
    expect(dialog).to_have_count(0)
    collector.until_event("audit-export.update")
    stands(page, "Up to date")
    expect(part(page)).to_contain_text("Webhook, %s/audit, with a token" % collector.url)
    expect(part(page)).to_contain_text("by " + ADA)
    assert collector.requests[0].headers["Authorization"] == "Bearer " + SECRET
    token = sending.make_token(ADMINISTRATOR)
    collector.until_event("token.create", token.client_id)
    at_320(page, "sent on")
    part(page).scroll_into_view_if_needed()
    pictures.take(page, "audit-sent-on", 1600)

    collector.answer = 503
    sending.make_token(ADMINISTRATOR)
    stands(page, "Failing")     # by itself
    expect(part(page)).to_contain_text(re.compile(r"The server answers 503\. .* \d+ records? of the trail"))
    at_320(page, "failing")
    collector.answer = 200
    stands(page, "Up to date")

    part(page).get_by_role("button", name="End sending").click()
    expect(page.get_by_role("dialog")).to_contain_text(collector.url + "/audit")
    check_dialog(page, "ending")
    page.get_by_role("dialog").get_by_role("button", name="End sending").click()
    expect(part(page)).to_contain_text("sent nowhere else")
    expect(part(page).get_by_role("heading")).to_be_focused()
    assert sending.good("GET", path(sending))["enabled"] is False
    page.get_by_label("What", exact=True).select_option(label="Sending records on")
    settled(page)
    expect(page.locator("tbody tr").first).to_contain_text("audit-export.delete")


def test_a_change_needs_the_token_again_and_goes_on_where_it_was(entered, sending, collector):
    """From a webhook to Splunk, by the keyboard alone; everything once more where that is asked for."""
    sending.http("POST", path(sending), {"webhook": {"endpoint": collector.url, "token": SECRET}})
    first = collector.until_event("audit-export.update")["seq"]
    page = entered(sending, "/audit")
    press(page, part(page).get_by_role("button", name="Change"))
    dialog = page.get_by_role("dialog", name="Change where records are sent on to")
    expect(dialog.get_by_label("Endpoint")).to_be_focused()
    expect(dialog.get_by_label("Token (optional)")).to_have_value("")
    expect(dialog).to_contain_text("left empty, records are sent without one")
    tab_to(page, dialog.get_by_label("Kind of server"), back=True)
    page.keyboard.type("Spl")
    write(page, dialog.get_by_label("Token", exact=True), "two words")
    press(page, dialog.locator("summary"))
    write(page, dialog.get_by_label("Index (optional)"), "security")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Token", exact=True)).to_be_focused()
    expect(dialog).to_contain_text("It must be printable ASCII without spaces")
    write(page, dialog.get_by_label("Token", exact=True), SECRET)
    tab_to(page, dialog.get_by_label("What has not arrived yet"))
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_label("Everything that is in the trail, once more")).to_be_checked()
    collector.requests.clear()
    press(page, dialog.get_by_role("button", name="Save"))
    expect(dialog).to_have_count(0)
    expect(part(page).get_by_role("button", name="Change")).to_be_focused()
    expect(part(page)).to_contain_text("Splunk, " + collector.url)
    expect(part(page)).to_contain_text("security")
    collector.until(lambda record: record["seq"] < first)
    assert collector.requests[0].headers["Authorization"] == "Splunk " + SECRET
    stands(page, "Up to date")
    press(page, button(page, "End sending"))
    confirm(page, "End sending")
    expect(part(page).get_by_role("heading")).to_be_focused()


def run_as_operator(daemon, command, folder):
    """As it stands on the page, in a shell, with the token in the file that it names."""
    line = command.replace("latchkey ", daemon.binary + " ", 1).replace("DIR", daemon.data)
    with open(folder / "collector.token", "w", encoding="utf-8", opener=private) as file:
        file.write(SECRET)
    done = subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, command + done.stderr


def test_where_to_is_the_operator_s_to_choose(entered, portal, collector, pictures, tmp_path):
    """The command stands there until it was run; then all that is left is to look."""
    page = entered(portal, "/audit")
    part(page).get_by_role("button", name="Send records on").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kind of server").select_option(label="Splunk")
    dialog.locator("summary").click()
    check_dialog(page, "sending to Splunk")
    pictures.take(page, "dialog-send-to-splunk", blur=False)
    dialog.get_by_label("Endpoint").fill(collector.url)
    dialog.get_by_label("Token", exact=True).fill(SECRET)
    dialog.get_by_label("Index (optional)").fill("it's $HOME")
    dialog.get_by_label("Everything that is in the trail").check()
    dialog.get_by_role("button", name="Send on").click()
    expect(dialog).to_contain_text("audit-export-targets")
    expect(dialog).to_contain_text("Nothing was changed.")
    command = dialog.get_by_label("Command that sends records on", exact=True).inner_text()
    assert command.startswith("latchkey audit export") and SECRET not in command
    check_dialog(page, "the operator's command", waits=True)
    pictures.take(page, "dialog-send-by-operator", blur=False)
    try:
        run_as_operator(portal, command, tmp_path)
        expect(dialog).to_have_count(0)
        stands(page, "Up to date")
        expect(part(page)).to_contain_text("it's $HOME")
        expect(part(page)).to_contain_text("The local operator has set this up, and alone changes it")
        expect(part(page).get_by_role("button")).to_have_count(0)
        collector.until(lambda record: record["event"]["name"] == "organization.found")
        at_320(page, "the operator's")
    finally:
        unix_http.good(portal, "DELETE", path(portal))


def test_an_enterprise_has_none(entered, portal):
    page = entered(portal, "/settings")
    settings_of(page, "Acme Group (enterprise)")
    page.goto("/audit")
    settled(page)
    expect(page.get_by_role("heading", name="The chain")).to_be_visible()
    expect(part(page)).to_have_count(0)
