"""What a token may not touch must not be told apart from what is not there: by words, by time, by what the node sees."""
import pytest
import wire
from conftest import Watch
from test_traps import refused, without


@pytest.mark.parametrize("form", [
    "SELECT * FROM vault.%s", "INSERT INTO vault.%s (id) VALUES (1)", "TRUNCATE vault.%s", "ALTER TABLE vault.%s ADD x int",
    "CREATE INDEX ON vault.%s (v)", "DESCRIBE TABLE vault.%s", "DROP INDEX vault.%s", "DROP MATERIALIZED VIEW vault.%s",
    "SELECT vault.%s(v) FROM vault.secrets", "BEGIN BATCH DELETE FROM vault.%s WHERE id = 1 APPLY BATCH"])
def test_a_missing_name_is_looked_for_only_for_who_may_touch_it(rig, version, form):
    """A reading of the schema takes longer than a refusal, and costs the cluster nineteen queries."""
    with rig.client(rig.reader(), version) as client:
        watch = Watch(rig.node)
        refused(client.query(form % "unheard"), wire.UNAUTHORIZED)
        refused(client.prepare(form % "unheard"), wire.UNAUTHORIZED)
    assert not watch.all(control=True)


@pytest.mark.parametrize("used", [None, "shop"], ids=["unused", "used"])
def test_a_bare_name_after_describe_tells_no_keyspace(rig, watch, version, used):
    with rig.client(rig.reader(), version) as client:
        if used:
            client.use(used)
        there = refused(client.query("DESCRIBE vault"))
        missing = refused(client.query("DESCRIBE cellar"))
        table = refused(client.query("DESCRIBE users"))
    assert without(there.message, "vault") == without(missing.message, "cellar") == without(table.message, "users")
    watch.nothing()
