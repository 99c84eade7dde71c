"""The unmodified Java driver (it tries protocol 5 first) through the gateway; its checks are in java/Check.java."""
import pytest

import checks

NAMES = checks.names("java/Check.java", r'^        check\("([^"]+)"')


@pytest.fixture(scope="module")
def answers(real, door, latchkey, database, everything):
    real.make_keyspace("javalab", *[table % "javalab" for table in checks.TABLES])
    plain = latchkey.make_role(["db-cql", "db-table-select"], [database.drn(), database.drn("javalab", "plain")])
    command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", "%s/*" % (checks.WORK / "drivers" / "java"),
               str(checks.HERE / "java" / "Check.java")]
    return checks.answers(command, "javalab", door, everything, latchkey.make_token(plain), latchkey.make_token(plain))


@pytest.mark.parametrize("name", NAMES)
def test_java_driver(answers, name):
    checks.hold(answers, name)
