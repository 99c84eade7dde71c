"""The unmodified Go driver (it tries protocol 5 first) through the gateway; its checks are in go/main.go."""
import pytest

import checks

NAMES = checks.names("go/main.go", r'^\t\{"([^"]+)"')


@pytest.fixture(scope="module")
def answers(real, door, latchkey, database, everything):
    real.make_keyspace("golab", *[table % "golab" for table in checks.TABLES])
    plain = latchkey.make_role(["db-cql", "db-table-select"], [database.drn(), database.drn("golab", "plain")])
    return checks.answers([str(checks.WORK / "drivers" / "go" / "check")], "golab", door, everything,
                          latchkey.make_token(plain), latchkey.make_token(plain))


@pytest.mark.parametrize("name", NAMES)
def test_go_driver(answers, name):
    checks.hold(answers, name)
