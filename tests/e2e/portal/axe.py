"""axe-core on a page as it stands: WCAG 2.2 AA and axe's own good practice."""
import os
import pathlib


def portal_work():
    """Where the Portal of this binary was built, with its packages: beside the binary."""
    return pathlib.Path(os.environ["LATCHKEY_BIN"]).resolve().parent / "src" / "portal" / "portal_work" / "portal"


def source():
    return (portal_work() / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def findings(page):
    """One line a finding: rule, what it says, where."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(source())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
                          TAGS)
    return ["%s: %s (%s)" % (one["id"], one["help"], "; ".join(" ".join(map(str, node["target"])) for node in one["nodes"][:4]))
            for one in found["violations"]]


def check(page, what):
    found = findings(page)
    assert not found, "%s:\n  %s" % (what, "\n  ".join(found))
