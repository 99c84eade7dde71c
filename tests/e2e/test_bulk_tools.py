"""What programs ask that read and write whole tables (the Spark connector, DSBulk), with a token for one table."""
import pytest

from cassandra import ConsistencyLevel, InvalidRequest, Unauthorized
from cassandra.cluster import ExecutionProfile
from cassandra.concurrent import execute_concurrent_with_args
from cassandra.policies import ConstantSpeculativeExecutionPolicy, RoundRobinPolicy
from cassandra.query import BatchStatement, BatchType, SimpleStatement, dict_factory

from latchkey import until

# As the Spark connector, Beam and Hadoop's input format ask.
ESTIMATES = ("SELECT range_start, range_end, partitions_count, mean_partition_size FROM system.size_estimates"
             " WHERE keyspace_name = ? AND table_name = ?")


@pytest.fixture(scope="module")
def bulk(real, door, everything):
    real.make_keyspace("bulk", "CREATE TABLE bulk.rows (part int, row int, value text, PRIMARY KEY (part, row))",
                       "CREATE TABLE bulk.hidden (id int PRIMARY KEY, value text)")
    with door.driver(everything) as session:
        until("the gateway's picture of bulk", lambda: list(session.execute(
            "SELECT table_name FROM system_schema.tables WHERE keyspace_name = 'bulk' AND table_name = 'hidden'")))


@pytest.fixture(scope="module")
def rows_only(latchkey, database, bulk):
    return latchkey.make_token(latchkey.make_role(["db-cql", "db-table-select", "db-table-modify"],
                                                  [database.drn(), database.drn("bulk", "rows")]))


@pytest.mark.parametrize("version", [3, 4])
def test_estimates_of_a_table_that_may_be_read(door, real, rows_only, database, version):
    with door.driver(rows_only, version) as session:
        prepared = session.prepare(ESTIMATES)
        assert [c.type.typename for c in prepared.column_metadata] == ["varchar", "varchar"]

        def same():
            written = real.superuser.query(ESTIMATES.replace("?", "'bulk'", 1).replace("?", "'rows'"))
            return len(list(session.execute(prepared, ("bulk", "rows")))) == len(written)
        until("the node's own estimates", same)     # it writes them now and then
        for table in ("hidden", "nothing_at_all"):
            with pytest.raises(Unauthorized, match="missing db-table-select on " + database.drn("bulk", table)):
                session.execute(prepared, ("bulk", table))
        with pytest.raises(Unauthorized, match="ask for one table at a time"):
            session.execute("SELECT * FROM system.size_estimates")
        with pytest.raises(InvalidRequest):
            session.execute(prepared, ("bulk", None))


def test_a_table_in_pieces_by_token(door, rows_only, bulk):
    with door.driver(rows_only) as session:
        insert = session.prepare("INSERT INTO bulk.rows (part, row, value) VALUES (?, ?, ?) USING TTL 10000")
        done = execute_concurrent_with_args(session, insert, [(n % 20, n, "v") for n in range(2000)], concurrency=100)
        assert all(one.success for one in done)
        piece = session.prepare("SELECT part, row FROM bulk.rows WHERE token(part) > ? AND token(part) <= ?")
        piece.fetch_size = 100
        ends = [-2 ** 63, -2 ** 62, 0, 2 ** 62, 2 ** 63 - 1]
        found = [row for low, high in zip(ends, ends[1:]) for row in session.execute(piece, (low, high))]
        assert len(found) == len(set(found)) == 2000
        assert len(session.cluster.metadata.token_map.ring) == 1


def test_profiles_speculation_warnings_and_payloads(door, rows_only, bulk):
    with door.driver(rows_only) as session:
        session.cluster.add_execution_profile("speculative", ExecutionProfile(
            load_balancing_policy=RoundRobinPolicy(), row_factory=dict_factory, request_timeout=60,
            consistency_level=ConsistencyLevel.LOCAL_QUORUM,
            speculative_execution_policy=ConstantSpeculativeExecutionPolicy(0.0001, 5)))
        read = session.prepare("SELECT value FROM bulk.rows WHERE part = ? AND row = ?")
        read.is_idempotent = True
        session.execute("INSERT INTO bulk.rows (part, row, value) VALUES (500, 1, 'once')")
        waiting = [session.execute_async(read, (500, 1), execution_profile="speculative") for _ in range(200)]
        assert [one.result().one() for one in waiting] == [{"value": "once"}] * 200
        batch = BatchStatement(BatchType.UNLOGGED)
        for part in range(60):
            batch.add(SimpleStatement("INSERT INTO bulk.rows (part, row, value) VALUES (%s, 0, %s)"), (600 + part, "x" * 200))
        written = session.execute_async(batch)
        written.result()
        assert any("exceeding specified threshold" in one for one in written.warnings)
        # Nothing of a payload reaches the node, whoever it names.
        named = session.execute_async("SELECT value FROM bulk.rows WHERE part = 500",
                                      custom_payload={"ProxyExecute": b"cassandra", "k": b"v"})
        assert named.result().one().value == "once" and named.custom_payload is None
