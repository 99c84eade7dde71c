"""What a restart leaves of waits: who signed in rightly from a network before does not wait for what others fail there."""
import os

import pytest
import requests

from person import PASSWORD, Browser, behind
from test_people import ADA, READ_ONLY, WRONG, accept, invite

OFTEN = 100     # a network may fail so often


def fail_often(daemon):
    """Names that nobody has, each tried once."""
    for i in range(OFTEN + 1):
        status = Browser(daemon).sign_in("nobody-%d@example.com" % i, WRONG).status_code
        if status == 429:
            return
        assert status == 401
    raise AssertionError("nobody waits")


@pytest.fixture
def house(own_latchkey):
    own_latchkey.serve()
    with open(os.path.join(own_latchkey.data, "setup-link"), encoding="utf-8") as file:
        secret = behind(file.read())[1]
    answer = requests.post(own_latchkey.api + "/v2/set-up", json={"secret": secret, "password": PASSWORD}, timeout=60)
    assert answer.status_code == 200, answer.text
    return own_latchkey


def test_who_was_right_from_here_before_a_restart_does_not_wait_for_strangers(house):
    new = "new@example.com"
    assert accept(house, invite(house, new, READ_ONLY)).status_code == 200
    assert Browser(house).sign_in(ADA).status_code == 200
    house.stop()
    house.serve()
    fail_often(house)
    assert Browser(house).sign_in(new).status_code == 429           # was never right with a password from here
    assert Browser(house).sign_in(ADA, WRONG).status_code == 401    # her own failure, and not a stranger's
    assert Browser(house).sign_in(ADA).status_code == 200
