"""How long until something is seen: measured in the browser and printed, not judged here; what is loaded is."""
import statistics

import watch
from visitor import settled, sign_in

LOADED = """() => {
    const [page] = performance.getEntriesByType('navigation');
    const files = performance.getEntriesByType('resource').filter((e) => !e.name.includes('/v2/'));
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return {paint: paint.startTime, bytes: page.encodedBodySize + files.reduce((n, e) => n + e.encodedBodySize, 0), files: files.length};
}"""
HEADING = """() => new Promise((done) => {
    const look = () => document.querySelector('h1') ? done(performance.now()) : requestAnimationFrame(look);
    look();
})"""
FIRST_LOAD_MAX = 150 * 1024
ROUNDS = 7


def measured(window, daemon, state=None):
    """Each round in a browser that has nothing kept."""
    paints, headings, sizes = [], [], set()
    for _ in range(ROUNDS):
        page = window(daemon, **({"storage_state": state} if state else {}))
        page.goto("/", wait_until="commit")
        headings.append(page.evaluate(HEADING))
        settled(page)
        page.wait_for_load_state("networkidle")
        page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
        found = page.evaluate(LOADED)
        paints.append(found["paint"])
        sizes.add(found["bytes"])
    return paints, headings, max(sizes)


def test_the_first_view(window, furnished):
    page = window(furnished.daemon)
    sign_in(page)
    for what, state in (("sign-in", None), ("home, signed in", page.context.storage_state())):
        paints, headings, size = measured(window, furnished.daemon, state)
        watch.told.append("first view, %s: painted after %d ms, heading after %d ms (medians of %d; slowest %d and %d ms), %d bytes compressed"
                          % (what, statistics.median(paints), statistics.median(headings), ROUNDS, max(paints), max(headings), size))
        assert 0 < size <= FIRST_LOAD_MAX
