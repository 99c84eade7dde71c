"""No room left, told to the real daemon twice: by a limit on the size of its files, which works everywhere, and by a
file system of its own that is full, where a mount namespace may be made."""
import os
import re
import resource
import shutil
import signal
import subprocess

import pytest

from latchkey import ADMINISTRATOR, free_port, until

FULL = 507


class Limited:
    """Writes beyond a file's size limit fail with EFBIG; the limit is taken off from outside."""

    def __init__(self, daemon):
        self.daemon = daemon

    def start(self):
        self.daemon.serve()

    def fill(self):
        sizes = [os.path.getsize(os.path.join(base, name)) for base, _, names in os.walk(self.daemon.data) for name in names]
        self.limit(max(sizes) + 4096)

    def make_room(self):
        self.limit(resource.RLIM_INFINITY)

    def limit(self, soft):
        resource.prlimit(self.daemon.process.pid, resource.RLIMIT_FSIZE, (soft, resource.RLIM_INFINITY))


class Mounted:
    """The data folder is a small tmpfs that only the daemon sees; we reach it through /proc."""

    SIZE = "16m"

    def __init__(self, daemon):
        self.daemon = daemon

    def start(self):
        daemon, port = self.daemon, free_port()
        daemon.configure()
        kept = daemon.data + ".kept"
        os.rename(daemon.data, kept)
        os.mkdir(daemon.data, 0o700)
        script = ("mount -t tmpfs -o size=%s,mode=700 none '%s' && cp -a '%s/.' '%s/' && exec \"$@\""
                  % (self.SIZE, daemon.data, kept, daemon.data))
        daemon.api, daemon.log_start = "http://127.0.0.1:%d" % port, 0
        with open(daemon.log_path, "ab") as log:
            daemon.process = subprocess.Popen(
                [*namespace(), "sh", "-c", script, "sh", daemon.binary, "serve", "--data", daemon.data,
                 "--config", daemon.config, "--http", "127.0.0.1:%d" % port], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        daemon.wait_ready()
        self.ballast = "/proc/%d/root%s/ballast" % (daemon.process.pid, daemon.data)

    def fill(self):
        with open(self.ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass

    def make_room(self):
        os.unlink(self.ballast)


def namespace():
    return ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-rm"]


def may_mount():
    tried = subprocess.run([*namespace(), "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True)
    return tried.returncode == 0


@pytest.fixture(params=[Limited, Mounted], ids=["limit", "tmpfs"])
def place(request, own_latchkey):
    if request.param is Mounted and not may_mount():
        pytest.skip("no mount namespaces here: the limit alone is tested")
    former = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)        # the daemon inherits it, as from systemd
    yield request.param(own_latchkey)
    signal.signal(signal.SIGXFSZ, former)


def test_a_full_disk_refuses_changes_loses_nothing_and_goes_on(place):
    daemon = place.daemon
    place.start()
    kept = [daemon.make_token(ADMINISTRATOR) for _ in range(3)]
    place.fill()
    refused = None
    for _ in range(20000):          # until the log of the store, which has room of its own, is full too
        answer = daemon.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "description": "x" * 1000})
        if answer.status_code != 200:
            refused = answer
            break
        kept.append(made(answer.json()))
    assert refused is not None and refused.status_code in (FULL, 500), (len(kept), refused and refused.text)
    assert re.search("no space|not be recorded|it was done", refused.text), refused.text
    listed = ids(daemon)
    known = {token.client_id for token in kept} | {own(daemon)}
    unanswered = listed - known         # the store had room for it, the trail had not: the answer says so
    assert known <= listed and len(unanswered) == ("it was done" in refused.text), (refused.text, unanswered)
    for token in kept[:3] + kept[-3:]:
        assert daemon.http("GET", "/v2/currentOrg", token=token.text).status_code == 200
    delete = daemon.http("DELETE", "/v2/tokens/" + kept[0].client_id)
    assert delete.status_code != 204 or daemon.http("GET", "/v2/currentOrg", token=kept[0].text).status_code == 401
    place.make_room()
    after = until("a token, once there is room", lambda: made_or_none(daemon))
    deleted = kept.pop(0)
    assert daemon.http("DELETE", "/v2/tokens/" + deleted.client_id).status_code == 204
    kept.append(after)
    assert ids(daemon) == {token.client_id for token in kept} | {own(daemon)} | unanswered
    daemon.stop()
    if isinstance(place, Limited):
        daemon.serve()
        assert ids(daemon) == {token.client_id for token in kept} | {own(daemon)} | unanswered
        daemon.stop()
        assert daemon.run("store", "check").returncode == 0
        assert daemon.run("audit", "verify").returncode == 0


def made(answer):
    from latchkey import Token
    return Token(answer)


def made_or_none(daemon):
    answer = daemon.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]})
    return made(answer.json()) if answer.status_code == 200 else None


def own(daemon):
    return daemon.administrator.split(":")[1]


def ids(daemon):
    return {one["clientId"] for one in daemon.good("GET", "/v2/tokens")["clients"]}
