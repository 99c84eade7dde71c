"""What a token may not touch must not be told apart from what is not there: by words, by time, by what the node sees."""
import node_schema
import pytest
import wire
from conftest import Watch
from recording_node import reply
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


COLUMNS = [("keyspace_name", "text"), ("type", "text"), ("name", "text"), ("create_statement", "text")]
DESCRIBED = [("shop", "keyspace", "shop"), ("vault", "keyspace", "vault"), ("shop", "table", "orders"), ("shop", "table", '"Users"'),
             ("shop", "materialized_view", "by_v"), ("shop", "index", "orders_v_idx"), ("shop", "type", "addr"),
             ("shop", "function", "upper(text)"), ("shop", "aggregate", "total(text)"), ("vault", "table", "orders"),
             ("vault", "function", "upper(text)"), ("system", "table", "local")]
TABLE_ROWS = {("shop", "keyspace", "shop"), ("shop", "table", "orders"), ("shop", "materialized_view", "by_v"),
              ("shop", "index", "orders_v_idx")}
REST = {("shop", "type", "addr"), ("shop", "function", "upper(text)"), ("shop", "aggregate", "total(text)")}


@pytest.mark.parametrize("rights, seen", [
    ([("db-table-select", "shop", "orders")], TABLE_ROWS),
    ([("db-table-select", "shop", "Users")], {("shop", "keyspace", "shop"), ("shop", "table", '"Users"')}),
    ([("db-keyspace-describe", "shop")], {("shop", "keyspace", "shop")} | REST),
    ([("db-table-select", "shop", "*")], TABLE_ROWS | REST | {("shop", "table", '"Users"')})])
def test_describe_shows_functions_and_types_only_with_the_keyspace(rig, version, rights, seen):
    """A function's row is its source: the right to one table does not show it."""
    body = node_schema.rows_body("system", "describe", COLUMNS, [[part.encode() for part in (*row, "text")] for row in DESCRIBED])
    rig.node.rule("DESCRIBE", lambda received, _: reply(received.frame, wire.RESULT, body))
    with rig.client(rig.token(*rights), version) as client:
        rows = client.query("DESCRIBE SCHEMA").rows()
    assert {tuple(cell.decode() for cell in row[:3]) for row in rows} == seen
