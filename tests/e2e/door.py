"""Ways in through the gateway, as the tests use them."""
import contextlib

from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.policies import RoundRobinPolicy

import cql
from latchkey import until


class Door:
    """Ways in through the gateway."""

    def __init__(self, database):
        self.database, self.port = database, database.port

    def raw(self, token, username="token"):
        """A small connection for single statements (fixture/cql.py, protocol 4)."""
        return cql.Connection("127.0.0.1", self.port, username, getattr(token, "text", token))

    @contextlib.contextmanager
    def driver(self, token, version=4, username="token", password=None, keyspace=None, **more):
        """A session of the unmodified Python driver; version None: it finds one by itself."""
        profile = ExecutionProfile(load_balancing_policy=RoundRobinPolicy(), request_timeout=60)
        if version is not None:
            more["protocol_version"] = version
        cluster = Cluster(["127.0.0.1"], port=self.port,
                          auth_provider=PlainTextAuthProvider(username, password or token.text),
                          execution_profiles={EXEC_PROFILE_DEFAULT: profile}, connect_timeout=20, **more)
        try:
            yield cluster.connect(keyspace)
        finally:
            cluster.shutdown()


def wait_until_answered(door):
    """Until a statement goes through: a new door is open before its cluster is known."""
    def answered():
        connection = door.raw(door.database.latchkey.administrator)
        try:
            return connection.query("SELECT now() FROM system.local")
        except cql.CqlError:
            return None
        finally:
            connection.close()
    until("an answer of the cluster", answered)
