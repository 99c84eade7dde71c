"""What must hold of everything that opens over a page."""
from playwright.sync_api import expect

import axe

SCHEMES = ("light", "dark")


def check(page, what):
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        axe.check(page, "%s, %s" % (what, scheme))
    page.emulate_media(color_scheme="light")


def check_dialog(page, name, waits=False):
    """In both schemes, at 320 px, and with the focus kept inside."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    if not waits:
        expect(dialog.locator(".waiting")).to_have_count(0)
    check(page, name)
    page.set_viewport_size({"width": 320, "height": 256})
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0 and dialog.evaluate("(e) => e.scrollWidth <= e.clientWidth + 1")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert dialog.evaluate("(e) => e.contains(document.activeElement)"), "the focus is not in the dialog"
    for _ in range(12):
        page.keyboard.press("Tab")      # past its end focus is the browser's own for a moment, never the page's
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
