"""What people do without a mouse. In the tests that use it there is not one click."""
from playwright.sync_api import expect

from steps import TOKEN

SEEN = """(e) => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 }"""


def has_focus(target):
    return target.evaluate("(e) => e === document.activeElement")


def tab_to(page, target, most=150, back=False):
    """Tab until the target has the focus, which has to be seen on it."""
    expect(target).to_be_visible()
    for _ in range(most):
        if has_focus(target):
            assert target.evaluate(SEEN), "the focus is not to be seen"
            return target
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError("not reached by Tab: %s" % target)


def press(page, target, key="Enter"):
    tab_to(page, target)
    page.keyboard.press(key)


def write(page, field, text):
    """In place of what stands in the field."""
    tab_to(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def choose(page, field, text):
    """In a select, by its first letters."""
    tab_to(page, field)
    page.keyboard.type(text)
    expect(field.locator("option:checked")).to_have_text(text)


def pick(page, button_, item):
    """A deed of a menu."""
    press(page, button_)
    wanted = page.get_by_role("menuitem", name=item)
    expect(page.get_by_role("menuitem").first).to_be_focused()
    for _ in range(page.get_by_role("menuitem").count()):
        if has_focus(wanted):
            break
        page.keyboard.press("ArrowDown")
    expect(wanted).to_be_focused()
    page.keyboard.press("Enter")


def copy_token(page):
    """From the once-only page, which says so and stays; the clipboard is emptied again."""
    expect(page.get_by_role("heading", name="Your new token", level=1)).to_be_focused()
    press(page, button(page, "Copy the token"))
    expect(button(page, "Copied")).to_be_focused()
    text = page.evaluate("navigator.clipboard.readText()")
    assert TOKEN.fullmatch(text)
    page.evaluate("navigator.clipboard.writeText('')")
    return text


def confirm(page, name):
    """In a dialog that asks before something ends: focus starts on Cancel and stays inside."""
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    press(page, dialog.get_by_role("button", name=name, exact=True))
    expect(dialog).to_have_count(0)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)
