"""What people do wrong when they are new, and what they read then: at the field, the row, the link, the address."""
import re

import pytest
import requests
from playwright.sync_api import expect

import axe
from person import PASSWORD, behind
from steps import main
from visitor import settled

READ_ONLY = "d2cfcd63-055c-4a58-b957-8916d4a007a5"
NEWCOMER = "newcomer@example.com"
WIDTHS = (1280, 390)
SPENT = "This link is not good any more"


def looked_at(page, pictures, name):
    """In both schemes and at two widths, one of them a telephone's."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, "%s is wider than %d" % (name, width)
        pictures.take(page, "mistake-%s-%d" % (name, width))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe.check(page, "%s, %s" % (name, scheme))
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def invited(daemon, email):
    """The secret of somebody's invitation, with a role that is of no use here."""
    wish = {"email": email, "OrgID": daemon.organization, "roles": [READ_ONLY]}
    return behind(daemon.good("PUT", "/v2/organizations/users", wish)["invitationLink"])[1]


@pytest.fixture(scope="module")
def newcomer(portal):
    """newcomer(): the secret of a set-up link for somebody whose sessions no other test relies on."""
    accepted = requests.post(portal.api + "/v2/invitations/accept", timeout=60,
                             json={"secret": invited(portal, NEWCOMER), "password": PASSWORD})
    assert accepted.status_code == 200, accepted.text
    return lambda: behind(portal.ask("user", "set-up", NEWCOMER)["setupLink"])[1]


@pytest.mark.parametrize("path,another", [("/set-up", "latchkey user set-up ADDRESS"), ("/invitation", "by inviting you again")])
def test_a_dead_link_says_so_before_anything_is_typed(window, portal, pictures, path, another):
    page = window(portal)
    page.goto(path + "#" + "0" * 64)
    expect(page.get_by_role("heading", name=SPENT, level=1)).to_be_visible()
    expect(page.get_by_text(another)).to_be_visible()
    assert page.locator("input").count() == 0 and "#" not in page.url
    looked_at(page, pictures, "dead" + path.replace("/", "-"))


def test_the_secret_of_a_link_leaves_the_address_before_its_page_is_there(window, portal, newcomer):
    secret = newcomer()
    page = window(portal)
    held = []
    page.route(re.compile("/assets/set_up_page"), lambda route: held.append(route))    # its code does not come
    page.goto("/set-up#" + secret)
    page.wait_for_url(re.compile("/set-up$"))
    assert secret not in page.evaluate("JSON.stringify([location.href, history.state, {...localStorage}, {...sessionStorage}])")
    page.wait_for_function("document.querySelector('.waiting') !== null")
    for route in held:
        route.continue_()
    expect(page.get_by_label("New password")).to_be_visible()


def test_a_password_that_is_guessed_first_is_refused_at_its_field(window, portal, pictures, newcomer):
    secret = newcomer()
    page = window(portal)
    page.goto("/set-up#" + secret)
    field = page.get_by_label("New password")
    for password, why in (("aaaaaaaaaaaaaaaa", "too few different characters"), ("1234567890123456", "a sequence"),
                          ("Newcomer 12345678", "e-mail address")):
        field.fill(password)
        page.get_by_role("button", name="Set password and sign in").click()
        expect(page.locator(".error")).to_contain_text(why)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_be_focused()
    looked_at(page, pictures, "guessed-password")
    field.fill(PASSWORD)
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page).to_have_url(re.compile("/welcome"))


def test_who_is_lost_gets_a_page_with_404_and_needs_no_sign_in(window, portal, pictures):
    page = window(portal)
    answer = page.goto("/nope/deeper")
    assert answer.status == 404 and answer.headers["content-type"].startswith("text/html")
    expect(page.get_by_role("heading", name="There is no such page", level=1)).to_be_visible()
    looked_at(page, pictures, "lost")
    answer = page.request.get("/v2/nope", headers={"Accept": "text/html"})
    assert answer.status == 404 and answer.json()["errors"]


def test_what_is_wrong_with_an_address_stands_at_its_row(entered, portal, pictures):
    page = entered(portal, "/settings/access")
    for address in ("10.0.0.0/8", "ten", "10.0.0.5/24", "10.0.0.9/8"):
        page.get_by_role("button", name="Add address").first.click()
        page.get_by_label("Address or range").last.fill(address)
    rows = page.get_by_role("list", name="Addresses").get_by_role("listitem")
    for button in ("Validate", "Save"):
        page.get_by_role("button", name=button, exact=True).first.click()
        expect(rows.nth(1)).to_contain_text('"ten" is not an address or a range.')
        expect(rows.nth(1).get_by_label("Address or range")).to_be_focused()
        if button == "Validate":
            expect(rows.nth(2)).to_contain_text("10.0.0.5/24 means all of 10.0.0.0/24")
            expect(rows.nth(3)).to_contain_text('The same range as "10.0.0.0/8"')
            expect(rows.nth(0)).not_to_contain_text("means")
            assert "addresses[" not in main(page).inner_text()
            looked_at(page, pictures, "access-list")
            rows.nth(1).get_by_label("Address or range").fill("nine")
            rows.nth(1).get_by_label("Address or range").fill("ten")


def test_contact_points_that_cannot_be_right_are_told_at_their_field(entered, portal, pictures):
    page = entered(portal, "/databases?register=1")
    page.get_by_label("Name", exact=True).fill("main")
    page.get_by_label("Its password").fill("of the gateway's role")
    page.get_by_label("Contact points").fill("10.0.0.256:9042")
    for button in ("Show the command", "Register cluster"):
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_text("“10.0.0.256:9042” is no IP address.")).to_be_visible()
        expect(page.get_by_label("Contact points")).to_be_focused()
    looked_at(page, pictures, "contact-points")
    page.get_by_label("Contact points").fill("10.0.0.25:9042")
    page.get_by_role("button", name="Show the command").click()
    expect(page.get_by_label("Command that registers the cluster", exact=True)).to_contain_text("10.0.0.25:9042")


def test_a_day_that_is_over_and_a_hidden_character_are_told_in_the_form_of_a_token(entered, portal, pictures):
    page = entered(portal, "/tokens/new?expires=2020-01-01&description=a%E2%80%AEb")
    expect(page.get_by_text("That day is over")).to_be_visible()
    expect(page.get_by_text("the control character U+202E")).to_be_visible()
    page.get_by_role("group", name="Roles to choose from").get_by_role("checkbox").first.check()
    expect(page.get_by_text("ends with 1 January 2020")).to_have_count(0)
    looked_at(page, pictures, "token-form")


def test_who_may_make_no_token_reads_what_is_missing(window, portal, pictures):
    page = window(portal)
    page.goto("/invitation#" + invited(portal, "looks@example.com"))
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Accept invitation").click()
    expect(page).to_have_url(re.compile("/welcome"))
    page.goto("/tokens/new")
    settled(page)
    expect(page.get_by_text(re.compile("^You cannot make a token here"))).to_contain_text("org-token-write")
    looked_at(page, pictures, "no-token")


def test_a_role_that_does_nothing_says_so_before_it_is_saved(entered, portal):
    page = entered(portal, "/roles/new")
    page.get_by_label("Name", exact=True).fill("nothing")
    page.get_by_role("button", name="Review and save").click()
    expect(page.get_by_role("dialog")).to_contain_text("It has no actions and no resources: it gives nothing to whoever holds it.")


def test_explain_says_resource_names_in_words(entered, furnished, pictures):
    page = entered(furnished.daemon, furnished.fill("/explain?role={role}&action=db-table-modify&database={database}&keyspace=shop&table=customers"))
    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text("table customers in keyspace shop of shop (drn:astra:org:")
    looked_at(page, pictures, "explain")
