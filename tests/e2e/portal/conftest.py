"""A real Chromium on the real Portal of the real binary. Everything watched (watch.py) holds in every test."""
import math
import os
import pathlib
import shutil
import time

import pytest
from playwright.sync_api import expect, sync_playwright

import furniture
import watch
from camera import Pictures
from door import Door
from latchkey import Latchkey, until
from visitor import ADA, give_password, settled, sign_in

# Everything in a container is root's, and nothing but the daemon is to be talked to.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
PATIENCE_MS = 60_000
SIGNED_IN_SECONDS = 300     # a proof holds for 600; on a slow machine it would end in the middle of the run


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("LATCHKEY_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "no chromium here: ./test portal installs it, LATCHKEY_CHROMIUM names another"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pictures():
    """Where screenshots go: LATCHKEY_PICTURES, or a folder beside the builds."""
    checkout = pathlib.Path(__file__).resolve().parents[3]
    return Pictures(pathlib.Path(os.environ.get("LATCHKEY_PICTURES") or checkout / ".latchkey" / "pictures"))


@pytest.fixture
def window(chromium):
    """window(daemon, **options): a fresh page (own cookies) on that daemon; watched to the end of the test."""
    watches = []

    def opened(daemon, **options):
        options.setdefault("viewport", {"width": 1280, "height": 900})
        context = chromium.new_context(base_url=daemon.api, reduced_motion="reduce", locale="en-GB", timezone_id="UTC", **options)
        context.set_default_timeout(PATIENCE_MS)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        watches.append(watch.Watch(context, daemon.api))
        page = context.new_page()
        page.watch = watches[-1]
        return page

    yield opened
    for one in watches:
        one.check()
        one.context.close()


@pytest.fixture(scope="session")
def portal(binary, place):
    """A daemon of the browser tests' own, with an enterprise and an administrator who can sign in."""
    daemon = Latchkey(binary, place / "portal")
    daemon.init("--enterprise", "Acme Group")
    daemon.serve()
    give_password(daemon, ADA)
    yield daemon
    daemon.stop()


@pytest.fixture(scope="session")
def furnished(binary, place, real):
    """Another daemon, as it looks after some weeks; what a test makes in it, it takes away again."""
    daemon = Latchkey(binary, place / "furnished")
    daemon.init("--enterprise", "Acme Group")
    daemon.serve()
    give_password(daemon, ADA)
    database = daemon.add_database("shop", real.node, *real.service)
    until("a database that is active", lambda: daemon.ask("db", "show", "shop")["status"] == "ACTIVE")
    yield furniture.Furnished(daemon, database, Door(database), real)
    daemon.stop()


@pytest.fixture
def empty(binary, tmp_path):
    """A daemon before its first start, with nothing in its folder."""
    daemon = Latchkey(binary, tmp_path / "x")
    os.makedirs(daemon.data, mode=0o700)
    yield daemon
    daemon.stop()


@pytest.fixture(scope="session")
def kept():
    """Signed in once for many tests: by daemon and person, when it was, and the cookies."""
    return {}


@pytest.fixture
def entered(window, kept):
    """entered(daemon, path, email=ADA, **options): a fresh page of somebody who has signed in before, but not so long
    ago that the daemon would ask for another proof of it."""
    def opened(daemon, path="/", email=ADA, **options):
        signed_in, cookies = kept.get((daemon.api, email), (-math.inf, None))
        if time.monotonic() - signed_in > SIGNED_IN_SECONDS:
            page = window(daemon)
            signed_in = time.monotonic()
            sign_in(page, email)
            cookies = page.context.storage_state()
            kept[daemon.api, email] = signed_in, cookies
        page = window(daemon, storage_state=cookies, **options)
        page.goto(path)
        settled(page)
        return page

    return opened


@pytest.fixture
def ada(window, portal):
    """The administrator's page, signed in."""
    page = window(portal)
    sign_in(page)
    return page


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line("pages opened: %d, policy violations: %d" % (watch.pages_seen, len(watch.violations)))
    for line in watch.told:
        terminalreporter.write_line(line)
