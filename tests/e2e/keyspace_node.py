"""A node that records, and makes and drops the keyspaces that it is asked for."""
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "node"), str(TESTS / "gateway")]

import recording_node  # noqa: E402
from node_schema import Keyspace, Schema, simple  # noqa: E402

USER, PASSWORD = recording_node.USER, recording_node.PASSWORD


class KeyspaceNode(recording_node.RecordingNode):
    def _changed(self, frame, text):
        made = re.match(r'(CREATE|DROP) KEYSPACE "(\w+)"', text)
        if made and made.group(1) == "CREATE":
            self.schema.keyspaces[made.group(2)] = Keyspace({})
        elif made:
            del self.schema.keyspaces[made.group(2)]
        self.schema.changed()
        return super()._changed(frame, text)


def keyspace_node(**keyspaces):
    """A node with these keyspaces, each by the names of its tables."""
    return KeyspaceNode(Schema({name: Keyspace({table: simple() for table in tables}) for name, tables in keyspaces.items()}))
