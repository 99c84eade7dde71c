"""What is given back to the system. For a build without sanitizers: theirs keep what was freed. Needs no Cassandra."""
import concurrent.futures

import pytest

from person import Browser

HASH_KIB = 19456    # people/password.h
AT_ONCE = 8         # more than there are threads that hash


@pytest.fixture
def daemon(own_latchkey):
    own_latchkey.serve()
    return own_latchkey


def resident_kib(daemon):
    with open("/proc/%d/statm" % daemon.process.pid, encoding="ascii") as file:
        return int(file.read().split()[1]) * 4


def sign_in_by_many(daemon, round_):
    """Nobody is known, and whoever is unknown costs a hash as well."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(lambda i: Browser(daemon).sign_in("x%d-%d@example.com" % (round_, i)), range(AT_ONCE)))
    assert {answer.status_code for answer in answers} == {401}


def test_the_memory_of_a_hash_is_not_kept(daemon):
    before = resident_kib(daemon)
    for round_ in range(4):
        sign_in_by_many(daemon, round_)
    assert resident_kib(daemon) < before + HASH_KIB
