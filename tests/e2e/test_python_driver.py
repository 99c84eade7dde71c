"""The unmodified Python driver through the gateway against real Cassandra: everything that programs do."""
import datetime
import decimal
import os
import threading
import uuid

import pytest

from cassandra import ConsistencyLevel, InvalidRequest, Unauthorized
from cassandra.concurrent import execute_concurrent_with_args
from cassandra.query import BatchStatement, BatchType, SimpleStatement

from conftest import ROWS
from latchkey import until

VERSIONS = pytest.mark.parametrize("session", [4, 3], indirect=True, ids=["v4", "v3"])

TABLES = (
    "CREATE TYPE lab.address (street text, number int)",
    "CREATE TYPE lab.person (name text, home frozen<address>)",
    "CREATE TABLE lab.plain (id int PRIMARY KEY, a text, b bigint, c blob)",
    "CREATE TABLE lab.wide (part int, row int, value text, PRIMARY KEY (part, row))",
    "CREATE TABLE lab.counts (id int PRIMARY KEY, n counter)",
    "CREATE TABLE lab.people (id int PRIMARY KEY, who frozen<person>, homes list<frozen<address>>)",
    "CREATE TABLE lab.boxes (id int PRIMARY KEY, l list<int>, s set<text>, m map<text, int>,"
    " f frozen<map<text, frozen<list<int>>>>, t tuple<int, text>)",
    "CREATE TABLE lab.vectors (id int PRIMARY KEY, v vector<float, 3>)",
    "CREATE CUSTOM INDEX vectors_ann ON lab.vectors (v) USING 'StorageAttachedIndex'",
    "CREATE TABLE lab.types (id int PRIMARY KEY, a ascii, b boolean, c decimal, d double, e float, f inet,"
    " g smallint, h tinyint, i time, j timestamp, k timeuuid, l uuid, m varint, n date, o duration)",
    "CREATE TABLE lab.static_one (part int, row int, s text static, PRIMARY KEY (part, row))",
    "CREATE TABLE lab.growing (id int PRIMARY KEY, a int)",
    "CREATE INDEX wide_value ON lab.wide (value)",
    "CREATE MATERIALIZED VIEW lab.by_b AS SELECT * FROM lab.plain WHERE b IS NOT NULL AND id IS NOT NULL"
    " PRIMARY KEY (b, id)",
    "CREATE FUNCTION lab.plus_one (n int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS 'return n + 1;'",
)


@pytest.fixture(scope="module")
def lab(real, door, everything):
    real.make_keyspace("lab", *TABLES)
    # Made beside the gateway: it hears of it, and reads it, a little later.
    last = "SELECT function_name FROM system_schema.functions WHERE keyspace_name = 'lab'"
    with door.driver(everything) as reader:
        until("the gateway's picture of lab", lambda: list(reader.execute(last)))


@pytest.fixture(scope="module")
def session(request, door, everything, lab):
    with door.driver(everything, request.param) as connected:
        yield connected


@VERSIONS
def test_schema_metadata_is_complete(session):
    keyspace = session.cluster.metadata.keyspaces["lab"]
    assert set(keyspace.tables) >= {"plain", "wide", "counts", "people", "boxes", "vectors", "types"}
    assert [c.name for c in keyspace.tables["wide"].primary_key] == ["part", "row"]
    assert "wide_value" in keyspace.indexes
    assert set(keyspace.user_types) == {"address", "person"}
    assert "by_b" in keyspace.views
    assert keyspace.tables["vectors"].columns["v"].cql_type.startswith("vector<float")
    assert "CREATE TABLE lab.plain" in keyspace.export_as_string()


@VERSIONS
def test_rows_written_are_rows_read(session):
    session.execute("INSERT INTO lab.plain (id, a, b, c) VALUES (1, 'one', 1, 0x01)")
    session.execute("INSERT INTO lab.plain (id, a, b, c) VALUES (%s, %s, %s, %s)", (2, "zwei 'ö' $$", 2, b"\0\xff"))
    assert session.execute("SELECT a FROM lab.plain WHERE id = 2").one().a == "zwei 'ö' $$"
    session.execute("UPDATE lab.plain SET a = 'uno' WHERE id = 1")
    assert session.execute("SELECT a FROM lab.plain WHERE id = 1").one().a == "uno"
    session.execute("DELETE FROM lab.plain WHERE id = 1")
    assert session.execute("SELECT a FROM lab.plain WHERE id = 1").one() is None


@VERSIONS
def test_a_prepared_statement_runs_with_bound_values(session):
    insert = session.prepare("INSERT INTO lab.plain (id, a, b) VALUES (?, ?, ?)")
    select = session.prepare("SELECT a, b FROM lab.plain WHERE id = ?")
    for number in range(20):
        session.execute(insert, (number, "row %d" % number, number))
    assert session.execute(select, (7,)).one() == ("row 7", 7)
    assert session.execute(select, (1000,)).one() is None


@VERSIONS
def test_named_bind_markers_and_null(session):
    insert = session.prepare("INSERT INTO lab.plain (id, a, b) VALUES (:id, :a, :b)")
    session.execute(insert, {"id": 30, "a": None, "b": 5})
    assert session.execute("SELECT a, b FROM lab.plain WHERE id = 30").one() == (None, 5)


def test_an_unset_value_leaves_the_column_as_it_is(door, everything, lab):
    with door.driver(everything, 4) as session:
        session.execute("INSERT INTO lab.plain (id, a, b) VALUES (31, 'kept', 1)")
        session.execute(session.prepare("INSERT INTO lab.plain (id, a, b) VALUES (?, ?, ?)"), (31,))
        assert session.execute("SELECT a, b FROM lab.plain WHERE id = 31").one() == ("kept", 1)


@VERSIONS
@pytest.mark.parametrize("kind", [BatchType.LOGGED, BatchType.UNLOGGED])
def test_a_batch_of_texts_and_prepared_statements(session, kind):
    insert = session.prepare("INSERT INTO lab.wide (part, row, value) VALUES (?, ?, ?)")
    batch = BatchStatement(kind)
    batch.add(insert, (50, 1, "bound"))
    batch.add(SimpleStatement("INSERT INTO lab.wide (part, row, value) VALUES (50, 2, 'text')"))
    batch.add(SimpleStatement("INSERT INTO lab.wide (part, row, value) VALUES (%s, %s, %s)"), (50, 3, "both"))
    session.execute(batch)
    assert [r.value for r in session.execute("SELECT value FROM lab.wide WHERE part = 50")] == ["bound", "text", "both"]


@VERSIONS
def test_a_batch_written_as_one_text(session):
    session.execute("BEGIN BATCH INSERT INTO lab.wide (part, row, value) VALUES (51, 1, 'a');"
                    " UPDATE lab.wide SET value = 'b' WHERE part = 51 AND row = 2; APPLY BATCH")
    assert [r.value for r in session.execute("SELECT value FROM lab.wide WHERE part = 51")] == ["a", "b"]


@VERSIONS
def test_counters_count(session):
    session.execute("DELETE FROM lab.counts WHERE id = %s" % (100 + session.cluster.protocol_version))
    key = uuid.uuid4().int % 1_000_000_000
    add = session.prepare("UPDATE lab.counts SET n = n + ? WHERE id = ?")
    session.execute(add, (5, key))
    session.execute("UPDATE lab.counts SET n = n - 2 WHERE id = %d" % key)
    batch = BatchStatement(BatchType.COUNTER)
    batch.add(add, (10, key))
    session.execute(batch)
    assert session.execute("SELECT n FROM lab.counts WHERE id = %d" % key).one().n == 13


@VERSIONS
def test_light_weight_transactions_say_whether_they_were_applied(session):
    session.execute("DELETE FROM lab.plain WHERE id = 60")
    assert session.execute("INSERT INTO lab.plain (id, a) VALUES (60, 'first') IF NOT EXISTS").was_applied
    assert not session.execute("INSERT INTO lab.plain (id, a) VALUES (60, 'second') IF NOT EXISTS").was_applied
    update = session.prepare("UPDATE lab.plain SET a = ? WHERE id = 60 IF a = ?")
    update.serial_consistency_level = ConsistencyLevel.LOCAL_SERIAL
    assert not session.execute(update, ("third", "nothing")).was_applied
    assert session.execute(update, ("third", "first")).was_applied


@VERSIONS
def test_user_types_as_values_and_by_field(session):
    session.execute("INSERT INTO lab.people (id, who, homes) VALUES (1,"
                    " {name: 'Ada', home: {street: 'Long', number: 3}}, [{street: 'S', number: 1}])")
    row = session.execute("SELECT who, who.name AS name, homes FROM lab.people WHERE id = 1").one()
    assert row.who.home.street == "Long" and row.name == "Ada" and row.homes[0].number == 1
    insert = session.prepare("INSERT INTO lab.people (id, who) VALUES (?, ?)")
    session.execute(insert, (2, row.who))
    assert session.execute("SELECT who FROM lab.people WHERE id = 2").one().who.name == "Ada"


@VERSIONS
def test_collections_and_their_operators(session):
    session.execute("INSERT INTO lab.boxes (id, l, s, m, f, t) VALUES"
                    " (1, [1, 2], {'a', 'b'}, {'k': 1}, {'z': [9, 8]}, (7, 'seven'))")
    session.execute("UPDATE lab.boxes SET l = l + [3], s = s - {'a'}, m['n'] = 2 WHERE id = 1")
    session.execute("UPDATE lab.boxes SET l[0] = 100 WHERE id = 1")
    session.execute("DELETE m['k'] FROM lab.boxes WHERE id = 1")
    row = session.execute("SELECT l, s, m, f, t, m['n'] AS n FROM lab.boxes WHERE id = 1").one()
    assert list(row.l) == [100, 2, 3] and set(row.s) == {"b"} and dict(row.m) == {"n": 2}
    assert list(row.f["z"]) == [9, 8] and tuple(row.t) == (7, "seven") and row.n == 2


@VERSIONS
def test_vectors_and_nearest_neighbours(session):
    for number in range(5):
        session.execute("INSERT INTO lab.vectors (id, v) VALUES (%d, [%d, 0.5, 1])" % (number, number))
    row = session.execute("SELECT id, v, similarity_cosine(v, [4, 0.5, 1]) AS near FROM lab.vectors"
                          " ORDER BY v ANN OF [4, 0.5, 1] LIMIT 1").one()
    assert row.id == 4 and list(row.v) == [4, 0.5, 1] and row.near > 0.99


@VERSIONS
def test_every_native_type_comes_back_as_it_went(session):
    now = datetime.datetime(2026, 11, 24, 12, 30, 15, 250000)
    values = {"id": 1, "a": "ascii", "b": True, "c": decimal.Decimal("1.50"), "d": 2.5, "e": 0.5, "f": "::1", "g": -2,
              "h": -3, "j": now, "k": uuid.uuid1(), "l": uuid.uuid4(), "m": 2 ** 100}
    insert = session.prepare("INSERT INTO lab.types (%s) VALUES (%s)" % (
        ", ".join(values), ", ".join(":" + name for name in values)))
    session.execute(insert, values)
    session.execute("UPDATE lab.types SET i = '08:12:54.123', n = '2026-11-24', o = 1y2mo3d4h WHERE id = 1")
    row = session.execute("SELECT * FROM lab.types WHERE id = 1").one()._asdict()
    assert {name: row[name] for name in values} == values
    assert str(row["n"]) == "2026-11-24" and row["o"].months == 14


@VERSIONS
def test_static_columns_distinct_group_by_and_per_partition_limit(session):
    for part in (1, 2):
        session.execute("INSERT INTO lab.static_one (part, s) VALUES (%d, 'shared')" % part)
        for row in (1, 2, 3):
            session.execute("INSERT INTO lab.static_one (part, row) VALUES (%d, %d)" % (part, row))
    assert {r.part for r in session.execute("SELECT DISTINCT part, s FROM lab.static_one")} == {1, 2}
    counts = session.execute("SELECT part, count(*) AS n FROM lab.static_one GROUP BY part")
    assert {r.n for r in counts} == {3}
    assert len(list(session.execute("SELECT * FROM lab.static_one PER PARTITION LIMIT 1"))) == 2


@VERSIONS
def test_json_casts_arithmetic_functions_and_ttl(session):
    session.execute("INSERT INTO lab.plain JSON '{\"id\": 70, \"a\": \"json\", \"b\": 41}' DEFAULT UNSET")
    session.execute("UPDATE lab.plain USING TTL 1000 AND TIMESTAMP 9000000000000000 SET c = 0x02 WHERE id = 70")
    row = session.execute("SELECT JSON id, a FROM lab.plain WHERE id = 70").one()
    assert row.json == '{"id": 70, "a": "json"}'
    row = session.execute("SELECT CAST(b AS text) AS t, b + 1 AS sum, TTL(c) AS left, WRITETIME(c) AS at,"
                          " token(id) AS tok, toJson(a) AS j FROM lab.plain WHERE id = 70").one()
    assert row.t == "41" and row.sum == 42 and 0 < row.left <= 1000 and row.at == 9000000000000000 and row.j == '"json"'


@VERSIONS
def test_a_function_of_the_keyspace_may_be_called(session):
    session.execute("INSERT INTO lab.wide (part, row, value) VALUES (80, 1, 'x')")
    assert session.execute("SELECT lab.plus_one(row) AS n FROM lab.wide WHERE part = 80").one().n == 2
    assert session.execute("SELECT plus_one(row) AS n FROM lab.wide WHERE part = 80").one().n == 2


@VERSIONS
def test_in_tuples_token_ranges_filtering_and_views(session):
    for row in range(5):
        session.execute("INSERT INTO lab.wide (part, row, value) VALUES (81, %d, 'v%d')" % (row, row))
    assert len(list(session.execute("SELECT * FROM lab.wide WHERE part IN (81) AND row IN (1, 2)"))) == 2
    assert len(list(session.execute("SELECT * FROM lab.wide WHERE part = 81 AND (row) > (2) ORDER BY row DESC"))) == 2
    assert session.execute("SELECT row FROM lab.wide WHERE value = 'v3'").one().row == 3
    assert list(session.execute("SELECT * FROM lab.wide WHERE token(part) > token(81) LIMIT 1 ALLOW FILTERING")) is not None
    session.execute("INSERT INTO lab.plain (id, a, b) VALUES (82, 'in the view', 8200)")
    assert session.execute("SELECT a FROM lab.by_b WHERE b = 8200").one().a == "in the view"


@VERSIONS
@pytest.mark.parametrize("size", [1 << 20, 5 << 20], ids=["1M", "5M"])
def test_large_blobs_go_both_ways(session, size):
    blob = os.urandom(size)
    session.execute(session.prepare("INSERT INTO lab.plain (id, c) VALUES (?, ?)"), (90, blob))
    assert session.execute("SELECT c FROM lab.plain WHERE id = 90").one().c == blob


@pytest.fixture(scope="module")
def many_rows(door, everything, lab):
    """Written through the gateway: 100 000 rows in 20 partitions."""
    with door.driver(everything, 4) as session:
        insert = session.prepare("INSERT INTO lab.wide (part, row, value) VALUES (?, ?, ?)")
        partitions = 20
        batches = []
        for start in range(0, ROWS, 100):
            batch = BatchStatement(BatchType.UNLOGGED)
            for number in range(start, start + 100):
                batch.add(insert, (1000 + start // (ROWS // partitions), number, "value %d" % number))
            batches.append((batch,))
        futures = [session.execute_async(*batch) for batch in batches[:50]]
        for batch in batches[50:]:
            futures.pop(0).result()
            futures.append(session.execute_async(*batch))
        for future in futures:
            future.result()


@VERSIONS
def test_paging_over_a_hundred_thousand_rows_loses_and_repeats_none(session, many_rows):
    statement = SimpleStatement("SELECT row, value FROM lab.wide", fetch_size=5000)
    seen = [row.row for row in session.execute(statement) if row.row is not None and row.value.startswith("value ")]
    assert len(seen) == ROWS and len(set(seen)) == ROWS


def test_paging_of_a_prepared_statement_goes_on_from_a_saved_state(door, everything, many_rows):
    with door.driver(everything, 4) as session:
        select = session.prepare("SELECT row FROM lab.wide WHERE part = 1003")
        select.fetch_size = 1000
        first = session.execute(select)
        assert len(first.current_rows) == 1000
        second = session.execute(select, paging_state=first.paging_state)
        assert second.current_rows[0].row == first.current_rows[-1].row + 1


@VERSIONS
def test_two_thousand_statements_in_flight_on_one_connection(session, many_rows):
    select = session.prepare("SELECT value FROM lab.wide WHERE part = ? AND row = ?")
    asked = [(1000 + number // (ROWS // 20), number) for number in range(0, ROWS, ROWS // 2000)]
    futures = [session.execute_async(select, one) for one in asked]
    for one, future in zip(asked, futures):
        assert future.result().one().value == "value %d" % one[1]


@VERSIONS
def test_use_sets_the_keyspace_of_unqualified_names(door, everything, lab, session):
    with door.driver(everything, session.cluster.protocol_version, keyspace="lab") as inside:
        inside.execute("INSERT INTO plain (id, a) VALUES (95, 'unqualified')")
        assert inside.execute("SELECT a FROM plain WHERE id = 95").one().a == "unqualified"
        inside.set_keyspace("shop")
        assert inside.execute("SELECT item FROM orders WHERE id = 1").one().item == "lamp"
        inside.execute('USE "lab"')
        assert inside.execute(inside.prepare("SELECT a FROM plain WHERE id = 95")).one().a == "unqualified"


def test_use_of_a_keyspace_that_is_not_there_is_an_error(door, everything):
    with door.driver(everything) as session:
        with pytest.raises(InvalidRequest, match="does not exist"):
            session.execute("USE nowhere")


@VERSIONS
def test_a_column_added_under_a_running_prepared_statement_appears(session):
    version = session.cluster.protocol_version
    session.execute("DROP TABLE IF EXISTS lab.growing%d" % version)
    session.execute("CREATE TABLE lab.growing%d (id int PRIMARY KEY, a int)" % version)
    session.execute("INSERT INTO lab.growing%d (id, a) VALUES (1, 1)" % version)
    select = session.prepare("SELECT * FROM lab.growing%d WHERE id = 1" % version)
    assert session.execute(select).one()._asdict() == {"id": 1, "a": 1}
    session.execute("ALTER TABLE lab.growing%d ADD b text" % version)
    session.execute("UPDATE lab.growing%d SET b = 'new' WHERE id = 1" % version)
    for _ in range(10):
        row = session.execute(select).one()._asdict()
        assert row in ({"id": 1, "a": 1}, {"id": 1, "a": 1, "b": "new"}), row
    assert row == {"id": 1, "a": 1, "b": "new"}


@VERSIONS
def test_schema_changes_are_seen_by_the_driver_that_made_them(session):
    name = "made%d" % session.cluster.protocol_version
    session.execute("DROP TABLE IF EXISTS lab." + name)
    session.execute("CREATE TABLE lab.%s (id int PRIMARY KEY, a int)" % name)
    assert name in session.cluster.metadata.keyspaces["lab"].tables
    session.execute("ALTER TABLE lab.%s ADD b text" % name)
    assert "b" in session.cluster.metadata.keyspaces["lab"].tables[name].columns
    session.execute("DROP TABLE lab." + name)
    assert name not in session.cluster.metadata.keyspaces["lab"].tables


@VERSIONS
def test_errors_of_cassandra_come_through_unchanged(session):
    with pytest.raises(InvalidRequest, match="Undefined column name nowhere"):
        session.execute("SELECT nowhere FROM lab.plain")
    with pytest.raises(InvalidRequest):
        session.execute("SELECT * FROM lab.plain WHERE a = 'x'")


@VERSIONS
def test_many_sessions_with_their_own_keyspaces_do_not_disturb_each_other(door, everything, session):
    version, wrong = session.cluster.protocol_version, []

    def work(number):
        with door.driver(everything, version, keyspace="lab" if number % 2 else "shop") as mine:
            for _ in range(30):
                if number % 2:
                    mine.execute("INSERT INTO plain (id, a) VALUES (%d, 'mine %d')" % (500 + number, number))
                    seen = mine.execute("SELECT a FROM plain WHERE id = %d" % (500 + number)).one().a
                    expected = "mine %d" % number
                else:
                    seen, expected = mine.execute("SELECT item FROM orders WHERE id = 2").one().item, "door"
                if seen != expected:
                    wrong.append((number, seen))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@VERSIONS
def test_a_refused_statement_is_the_driver_s_own_unauthorized(door, orders_only, session):
    with door.driver(orders_only, session.cluster.protocol_version) as limited:
        with pytest.raises(Unauthorized, match="missing db-table-select on drn:astra:org:"):
            limited.execute("SELECT * FROM shop.customers")
        with pytest.raises(Unauthorized):
            limited.prepare("SELECT * FROM shop.customers")
        assert limited.execute("SELECT item FROM shop.orders WHERE id = 1").one().item == "lamp"


@VERSIONS
def test_the_metadata_of_a_limited_token_shows_its_own_table_only(door, orders_only, session):
    with door.driver(orders_only, session.cluster.protocol_version) as limited:
        keyspaces = limited.cluster.metadata.keyspaces
        assert set(keyspaces["shop"].tables) == {"orders"}
        assert "vault" not in keyspaces and "lab" not in keyspaces


def test_concurrent_prepares_of_one_text_all_succeed(door, everything, lab):
    with door.driver(everything) as session:
        failures = []

        def prepare():
            try:
                statement = session.prepare("SELECT a FROM lab.plain WHERE id = ? AND b = 77 ALLOW FILTERING")
                session.execute(statement, (1,))
            except Exception as failure:                    # noqa: BLE001
                failures.append(failure)

        threads = [threading.Thread(target=prepare) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []


def test_concurrent_writes_through_the_driver_s_own_helper(door, everything, lab):
    with door.driver(everything) as session:
        insert = session.prepare("INSERT INTO lab.wide (part, row, value) VALUES (?, ?, ?)")
        done = execute_concurrent_with_args(session, insert, [(2000, n, "c") for n in range(1000)], concurrency=100)
        assert all(one.success for one in done)
        assert session.execute("SELECT count(*) FROM lab.wide WHERE part = 2000").one()[0] == 1000
