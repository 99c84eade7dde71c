"""axe-core on a page as it stands: WCAG 2.2 AA and axe's own good practice."""
import os
import pathlib

PACKAGES = "src/portal/portal_work/portal/node_modules"     # beside the binary, where its Portal was built


def source():
    return pathlib.Path(os.environ["LATCHKEY_BIN"]).resolve().parent.joinpath(PACKAGES, "axe-core", "axe.min.js").read_text(encoding="utf-8")


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
