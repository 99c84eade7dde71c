"""What holds on every page: accessible in both schemes, whole at 320 px and at 400 %, usable by keyboard, drawn for the documentation."""
import pytest
from playwright.sync_api import expect

import axe
from pages import PAGES
from visitor import sign_in

IDS = [name for name, _ in PAGES]


def settled(page):
    """Until the page has its heading and nothing is still being read."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".waiting")).to_have_count(0)


@pytest.fixture(scope="module")
def peopled(furnished):
    """The furnished daemon and what its pages are about."""
    return furnished


def open_page(window, furnished, path, **options):
    page = window(furnished.daemon, **options)
    sign_in(page)
    page.goto(furnished.fill(path))
    settled(page)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name,path", PAGES, ids=IDS)
def test_axe_finds_nothing(window, peopled, name, path, scheme):
    page = open_page(window, peopled, path, color_scheme=scheme)
    axe.check(page, "%s, %s" % (name, scheme))


@pytest.mark.parametrize("name,path", PAGES, ids=IDS)
def test_nothing_is_lost_at_320_pixels(window, peopled, name, path):
    """320 px wide is what 1280 px at 400 % zoom leave (WCAG 1.4.10)."""
    page = open_page(window, peopled, path, viewport={"width": 320, "height": 256})
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, "the page is %d px wider than the window" % wider
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Tokens")).to_be_visible()
    axe.check(page, name + " at 320 px")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name,path", PAGES, ids=IDS)
def test_pictures(window, peopled, pictures, name, path, width):
    page = open_page(window, peopled, path, viewport={"width": width, "height": 900})
    page.screenshot(path=pictures / ("%s-%d.png" % (name, width)), full_page=True, animations="disabled")


@pytest.mark.parametrize("name,path", PAGES, ids=IDS)
def test_the_keyboard_reaches_every_control_and_shows_where_it_is(window, peopled, name, path):
    page = open_page(window, peopled, path)
    controls = page.evaluate("""() => [...document.querySelectorAll(
        'a[href], button, input, select, textarea, [tabindex="0"]')].filter((e) => e.checkVisibility({visibilityProperty: true})
        && e.tabIndex >= 0 && !e.disabled && !(e.type === 'radio' && !e.checked)).length""")
    page.evaluate("document.activeElement.blur()")
    reached, unseen = set(), []
    for _ in range(controls + 20):
        page.keyboard.press("Tab")
        at = page.evaluate("""() => {
            const e = document.activeElement;
            if (e === document.body) return null;
            const s = getComputedStyle(e);
            window.__all ??= new Map();
            if (!window.__all.has(e)) window.__all.set(e, window.__all.size);
            return [window.__all.get(e), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0, e.outerHTML.slice(0, 120)];
        }""")
        if at is None or at[0] in reached and len(reached) > 1:
            break
        reached.add(at[0])
        if not at[1]:
            unseen.append(at[2])
    assert not unseen, "focus is not to be seen on: %s" % unseen
    assert len(reached) >= controls * 0.9, "the keyboard reaches %d of %d controls" % (len(reached), controls)
