"""What holds on every page: accessible in both schemes, whole at 320 px and at 400 %, usable by keyboard, drawn for the documentation."""
import pytest
from playwright.sync_api import expect

import axe
from pages import PAGES
from steps import settings_of
from visitor import settled

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


@every_page
def test_pictures(entered, furnished, pictures, name, path):
    page = entered(furnished.daemon, furnished.fill(path))
    for width, highest in HIGHEST.items():
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        pictures.take(page, "%s-%d" % (name, width), highest)


@every_page
def test_the_keyboard_reaches_every_control_and_shows_where_it_is(entered, furnished, name, path):
    page = entered(furnished.daemon, furnished.fill(path))
    controls = page.evaluate("""() => [...document.querySelectorAll(
        'a[href], button, input, select, textarea, [tabindex="0"]')].filter((e) => e.checkVisibility({visibilityProperty: true})
        && e.tabIndex >= 0 && !e.disabled && !(e.type === 'radio' && !e.checked)).length""")
    page.evaluate("document.activeElement.blur()")
    reached, unseen = set(), []
    for _ in range(controls + 3):
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
        reached.add(at[0])
        if not at[1]:
            unseen.append(at[2])
    assert not unseen, "focus is not to be seen on: %s" % unseen
    assert len(reached) >= controls * 0.9, "the keyboard reaches %d of %d controls" % (len(reached), controls)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/tokens", "/tokens/new", "/roles", "/users", "/audit", "/settings/tokens", "/settings/organizations",
                                  "/settings/enterprise"])
def test_axe_finds_nothing_for_an_enterprise(entered, furnished, path, scheme):
    page = entered(furnished.daemon, "/settings", color_scheme=scheme)
    settings_of(page, "Acme Group (enterprise)")
    page.goto(path)
    settled(page)
    axe.check(page, "%s of an enterprise, %s" % (path, scheme))


@pytest.mark.parametrize("path", ["/", "/databases", "/tokens", "/roles", "/users", "/access-map", "/explain", "/audit"])
def test_axe_finds_nothing_where_nothing_is_yet(entered, portal, path):
    page = entered(portal, path)
    axe.check(page, path + " of an empty organization")
