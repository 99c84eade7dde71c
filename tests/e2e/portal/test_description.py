"""The types that the pages are checked against are those of the API that this very binary describes."""
import subprocess

from axe import portal_work


def test_the_types_are_what_the_daemon_says_of_itself(portal):
    done = subprocess.run(["node", "tools/describe.mjs", portal.api + "/v2/openapi.json", "--check"], cwd=portal_work(),
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
