"""What holds on every page: accessible in both schemes, whole at 320 px and at 400 %, usable by keyboard, drawn for the documentation."""
import pytest
from playwright.sync_api import expect

import axe
from pages import PAGES
from latchkey import Latchkey
from steps import open_set_up_link, settings_of
from visitor import ADA, give_password, settled, sign_in

every_page = pytest.mark.parametrize("name,path", PAGES, ids=[name for name, _ in PAGES])


@every_page
def test_axe_finds_nothing(entered, furnished, name, path):
    page = entered(furnished.daemon, furnished.fill(path))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe.check(page, "%s, %s" % (name, scheme))


@every_page
def test_nothing_is_lost_at_320_pixels(entered, furnished, name, path):
    """320 px wide is what 1280 px at 400 % zoom leave (WCAG 1.4.10)."""
    page = entered(furnished.daemon, furnished.fill(path), viewport={"width": 320, "height": 256})
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, "the page is %d px wider than the window: %s" % (wider, page.evaluate(TOO_WIDE))
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Tokens")).to_be_visible()
    axe.check(page, name + " at 320 px")


TOO_WIDE = """() => [...document.querySelectorAll('main *')]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-around, pre, svg'))
    .slice(0, 4).map((e) => e.outerHTML.slice(0, 120))"""
# Long lists are cut: a picture shows how a page looks, not all that stands on it.
HIGHEST = {1280: 1400, 390: 1800}


def draw(page, pictures, name, more=0):
    for width, highest in HIGHEST.items():
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        pictures.take(page, "%s-%d" % (name, width), highest + more)


@every_page
def test_pictures(entered, furnished, pictures, name, path):
    page = entered(furnished.daemon, furnished.fill(path))
    below = 0
    if name == "roles":
        below = 300     # of a long list
        page.get_by_role("button", name="Draw how far custom roles reach").click()
        expect(page.get_by_role("button", name="Draw how far custom roles reach")).to_have_count(0)
        settled(page)
    draw(page, pictures, name, below)


@every_page
def test_the_keyboard_reaches_every_control_and_shows_where_it_is(entered, furnished, name, path):
    page = entered(furnished.daemon, furnished.fill(path))
    controls = page.evaluate("""() => [...document.querySelectorAll(
        'a[href], button, input, select, textarea, [tabindex="0"]')].filter((e) => e.checkVisibility({visibilityProperty: true})
        && e.tabIndex >= 0 && !e.disabled && !(e.type === 'radio' && !e.checked)).length""")
    page.evaluate("document.activeElement.blur()")
    reached, unseen = set(), []
    for _ in range(2 * controls + 3):       # it begins where the page put the focus, and passes the browser's own controls
        page.keyboard.press("Tab")
        at = page.evaluate("""() => {
            const e = document.activeElement;
            if (e === document.body) return null;
            const s = getComputedStyle(e);
            window.__all ??= new Map();
            if (!window.__all.has(e)) window.__all.set(e, window.__all.size);
            return [window.__all.get(e), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0, e.outerHTML.slice(0, 120)];
        }""")
        if at is None:      # past the last one; the next is the first
            continue
        if at[0] == 0 and reached:      # once around
            break
        reached.add(at[0])
        if not at[1]:
            unseen.append(at[2])
    assert not unseen, "focus is not to be seen on: %s" % unseen
    assert len(reached) >= controls * 0.9, "the keyboard reaches %d of %d controls" % (len(reached), controls)


def whole_and_accessible(page, what):
    """In both schemes, and at 320 px."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe.check(page, "%s, %s" % (what, scheme))
    page.set_viewport_size({"width": 320, "height": 256})
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, "%s is %d px wider than the window: %s" % (what, wider, page.evaluate(TOO_WIDE))
    axe.check(page, what + " at 320 px")
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("path", ["/", "/tokens", "/tokens/new", "/roles", "/roles/new", "/users", "/audit", "/settings/tokens",
                                  "/settings/organizations", "/settings/enterprise", "/settings/about"])
def test_an_enterprise_s_pages(entered, furnished, pictures, path):
    page = entered(furnished.daemon, "/settings")
    settings_of(page, "Acme Group (enterprise)")
    page.goto(path)
    settled(page)
    whole_and_accessible(page, path + " of an enterprise")
    if path in ("/settings/organizations", "/settings/enterprise"):
        draw(page, pictures, path[1:].replace("/", "-"))


@pytest.mark.parametrize("path", ["/", "/databases", "/tokens", "/roles", "/users", "/access-map", "/explain", "/audit", "/settings/access",
                                  "/roles/there/is/none"])
def test_pages_where_nothing_is_yet(entered, portal, path):
    page = entered(portal, path)
    whole_and_accessible(page, path + " of an empty organization")


SECRET = "0" * 64
OPEN_PAGES = [("sign-in", "/"), ("set-up", "/set-up#" + SECRET), ("set-up-without-its-link", "/set-up"),
              ("invitation", "/invitation#" + SECRET), ("invitation-without-its-link", "/invitation")]


@pytest.mark.parametrize("name,path", OPEN_PAGES, ids=[name for name, _ in OPEN_PAGES])
def test_pages_before_signing_in(window, portal, pictures, name, path):
    page = window(portal)
    page.goto(path)
    settled(page)
    whole_and_accessible(page, name)
    if path.endswith(SECRET):
        draw(page, pictures, name)


def test_the_page_of_a_first_start(window, empty, pictures):
    page = open_set_up_link(window, empty)
    whole_and_accessible(page, "a first start")
    draw(page, pictures, "first-start")


def test_the_steps_after_a_first_start(window, pictures, binary, tmp_path):
    """From an organization without databases: the authenticator, the form for a cluster, the first token."""
    daemon = Latchkey(binary, tmp_path / "x")
    daemon.init()
    daemon.serve()
    give_password(daemon, ADA)
    page = window(daemon)
    sign_in(page, path="/welcome")
    daemon.ask("token", "delete", daemon.good("GET", "/v2/tokens")["clients"][0]["clientId"])
    page.reload()
    for step in ("Protect your account with an authenticator", "Register the first cluster", "Generate the first token", "Connect"):
        settled(page)
        expect(page.locator("[aria-current=step]").get_by_role("heading", level=2)).to_have_text(step)
        whole_and_accessible(page, "the step " + step)
        page.set_viewport_size({"width": 1280, "height": 900})
        if step != "Connect":
            page.get_by_role("button", name="Later").click()
    daemon.stop()


def test_the_page_without_any_token(window, binary, tmp_path):
    daemon = Latchkey(binary, tmp_path / "x")
    daemon.init()
    daemon.serve()
    give_password(daemon, ADA)
    daemon.ask("token", "delete", daemon.good("GET", "/v2/tokens")["clients"][0]["clientId"])
    page = window(daemon)
    sign_in(page, path="/tokens")
    expect(page.get_by_role("heading", name="No token yet")).to_be_visible()
    whole_and_accessible(page, "no token yet")
    daemon.stop()
