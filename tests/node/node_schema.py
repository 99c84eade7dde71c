"""A schema as a node shows it: keyspaces, tables, types, views and indexes as rows of system_schema, and their encoding."""
import ipaddress
import re
import struct
import uuid

import wire

OPTIONS = [("additional_write_policy", "text"), ("allow_auto_snapshot", "boolean"), ("bloom_filter_fp_chance", "double"),
           ("caching", "map<text, text>"), ("cdc", "boolean"), ("comment", "text"), ("compaction", "map<text, text>"),
           ("compression", "map<text, text>"), ("crc_check_chance", "double"), ("dclocal_read_repair_chance", "double"),
           ("default_time_to_live", "int"), ("extensions", "map<text, blob>"), ("gc_grace_seconds", "int"),
           ("id", "uuid"), ("incremental_backups", "boolean"), ("max_index_interval", "int"), ("memtable", "text"),
           ("memtable_flush_period_in_ms", "int"), ("min_index_interval", "int"), ("read_repair", "text"),
           ("read_repair_chance", "double"), ("speculative_retry", "text")]
COLUMNS = [("keyspace_name", "text"), ("table_name", "text"), ("column_name", "text"), ("clustering_order", "text"),
           ("column_name_bytes", "blob"), ("kind", "text"), ("position", "int"), ("type", "text")]
LOCAL = [("key", "text"), ("bootstrapped", "text"), ("broadcast_address", "inet"), ("broadcast_port", "int"),
         ("cluster_name", "text"), ("cql_version", "text"), ("data_center", "text"), ("gossip_generation", "int"),
         ("host_id", "uuid"), ("listen_address", "inet"), ("listen_port", "int"), ("native_protocol_version", "text"),
         ("partitioner", "text"), ("rack", "text"), ("release_version", "text"), ("rpc_address", "inet"),
         ("rpc_port", "int"), ("schema_version", "uuid"), ("tokens", "set<text>"),
         ("truncated_at", "map<uuid, blob>")]
TABLES = {
    "system.local": LOCAL,
    "system.peers": [("peer", "inet"), ("data_center", "text"), ("host_id", "uuid"), ("preferred_ip", "inet"),
                     ("rack", "text"), ("release_version", "text"), ("rpc_address", "inet"), ("schema_version", "uuid"),
                     ("tokens", "set<text>")],
    "system.peers_v2": [("peer", "inet"), ("peer_port", "int"), ("data_center", "text"), ("host_id", "uuid"),
                        ("native_address", "inet"), ("native_port", "int"), ("preferred_ip", "inet"),
                        ("preferred_port", "int"), ("rack", "text"), ("release_version", "text"),
                        ("schema_version", "uuid"), ("tokens", "set<text>")],
    "system.size_estimates": [("keyspace_name", "text"), ("table_name", "text"), ("range_start", "text"),
                              ("range_end", "text"), ("mean_partition_size", "bigint"), ("partitions_count", "bigint")],
    "system_schema.keyspaces": [("keyspace_name", "text"), ("durable_writes", "boolean"),
                                ("replication", "map<text, text>")],
    "system_schema.tables": [("keyspace_name", "text"), ("table_name", "text"), ("flags", "set<text>")] + OPTIONS,
    "system_schema.columns": COLUMNS,
    "system_schema.types": [("keyspace_name", "text"), ("type_name", "text"), ("field_names", "list<text>"),
                            ("field_types", "list<text>")],
    "system_schema.functions": [("keyspace_name", "text"), ("function_name", "text"), ("argument_types", "list<text>"),
                                ("argument_names", "list<text>"), ("body", "text"), ("called_on_null_input", "boolean"),
                                ("language", "text"), ("return_type", "text")],
    "system_schema.aggregates": [("keyspace_name", "text"), ("aggregate_name", "text"), ("argument_types", "list<text>"),
                                 ("final_func", "text"), ("initcond", "text"), ("return_type", "text"),
                                 ("state_func", "text"), ("state_type", "text")],
    "system_schema.triggers": [("keyspace_name", "text"), ("table_name", "text"), ("trigger_name", "text"),
                               ("options", "map<text, text>")],
    "system_schema.indexes": [("keyspace_name", "text"), ("table_name", "text"), ("index_name", "text"),
                              ("kind", "text"), ("options", "map<text, text>")],
    "system_schema.views": [("keyspace_name", "text"), ("view_name", "text"), ("base_table_id", "uuid"),
                            ("base_table_name", "text"), ("include_all_columns", "boolean"),
                            ("where_clause", "text")] + OPTIONS,
    "system_schema.dropped_columns": [("keyspace_name", "text"), ("table_name", "text"), ("column_name", "text"),
                                      ("dropped_time", "timestamp"), ("kind", "text"), ("type", "text")],
    "system_schema.column_masks": [("keyspace_name", "text"), ("table_name", "text"), ("column_name", "text"),
                                   ("function_argument_nulls", "list<boolean>"),
                                   ("function_argument_types", "list<text>"),
                                   ("function_argument_values", "list<text>"), ("function_keyspace", "text"),
                                   ("function_name", "text")],
    "system_virtual_schema.keyspaces": [("keyspace_name", "text")],
    "system_virtual_schema.tables": [("keyspace_name", "text"), ("table_name", "text"), ("comment", "text")],
    "system_virtual_schema.columns": COLUMNS,
}


# ---- types and values ----

def option(kind):
    """The [option] of a type's name; what is neither native nor a collection of such is given as text."""
    kind = kind.strip()
    collection = re.match(r"(frozen|list|set|map)<(.*)>$", kind)
    if not collection:
        return struct.pack(">H", wire.TYPES.get(kind, 0x0D))
    outer, inner = collection.groups()
    if outer == "frozen":
        return option(inner)
    if outer == "map":
        key, held = inner.split(",", 1)
        return struct.pack(">H", 0x21) + option(key) + option(held)
    return struct.pack(">H", 0x20 if outer == "list" else 0x22) + option(inner)


def encode(kind, data):
    """A Python value as a node would send it; bytes go as they are."""
    kind = kind.strip()
    if data is None or isinstance(data, bytes):
        return data
    if kind.startswith("frozen<"):
        return encode(kind[7:-1], data)
    if kind.startswith("map<"):
        key, held = kind[4:-1].split(",", 1)
        return struct.pack(">i", len(data)) + b"".join(
            wire.value(encode(key, k)) + wire.value(encode(held, v)) for k, v in data.items())
    if kind.startswith(("list<", "set<")):
        inner = kind[kind.index("<") + 1:-1]
        return struct.pack(">i", len(data)) + b"".join(wire.value(encode(inner, one)) for one in data)
    return encode_native(kind, data)


def encode_native(kind, data):
    if kind in ("int", "bigint", "double", "timestamp", "counter"):
        form = {"int": ">i", "double": ">d"}.get(kind, ">q")
        return struct.pack(form, data)
    if kind == "boolean":
        return b"\1" if data else b"\0"
    if kind in ("uuid", "timeuuid"):
        return data.bytes
    if kind == "inet":
        return ipaddress.ip_address(data).packed
    return str(data).encode()


def native_sample(kind, echo):
    """A value of some column: the first bound value where its bytes can be one, else null."""
    if echo is None or echo is wire.UNSET:
        return None
    if kind in ("text", "varchar", "ascii", "blob") or kind == "int" and len(echo) == 4:
        return echo
    return None


def rows_body(keyspace, table, columns, rows, skip=False, paging_state=None):
    """The body of a ROWS result; `rows` hold encoded values."""
    flags = (4 if skip else 1) | (2 if paging_state is not None else 0)
    body = struct.pack(">iii", wire.ROWS, flags, len(columns))
    if paging_state is not None:
        body += wire.value(paging_state)
    if not skip:
        body += wire.string(keyspace) + wire.string(table)
        body += b"".join(wire.string(name) + option(kind) for name, kind in columns)
    return body + struct.pack(">i", len(rows)) + b"".join(wire.value(one) for row in rows for one in row)


# ---- the schema ----

class Table:
    """Columns are (name, type, kind) with kind partition_key, clustering or regular."""

    def __init__(self, columns, base=None, indexes=()):
        self.columns = [column if len(column) == 3 else (*column, "regular") for column in columns]
        self.base, self.indexes = base, list(indexes)
        self.id = uuid.uuid4()

    def type_of(self, name):
        return next((kind for column, kind, _ in self.columns if column == name), "text")

    def partition_key(self):
        return [name for name, _, kind in self.columns if kind == "partition_key"]


class Keyspace:
    def __init__(self, tables=None, types=None, functions=None, aggregates=None):
        self.tables = dict(tables or {})
        self.types = dict(types or {})
        self.functions = list(functions or [])
        self.aggregates = list(aggregates or [])


def simple(*more):
    """A table as most tests want it: id int, v text."""
    return Table([("id", "int", "partition_key"), ("v", "text"), *more])


class Schema:
    def __init__(self, keyspaces):
        self.keyspaces = keyspaces
        self.version = uuid.uuid4()

    def table(self, keyspace, name):
        found = self.keyspaces.get(keyspace)
        return found.tables.get(name) if found else None

    def changed(self):
        self.version = uuid.uuid4()

    def rows(self, name):
        """The rows of one of system_schema's tables, as dictionaries."""
        maker = getattr(self, "_" + name, None)
        return list(maker()) if maker else []

    def _keyspaces(self):
        for name in [*self.keyspaces, "system", "system_schema", "system_auth"]:
            yield {"keyspace_name": name, "durable_writes": True,
                   "replication": {"class": "org.apache.cassandra.locator.NetworkTopologyStrategy", "datacenter1": "1"}}

    def _each(self, views):
        for keyspace, held in self.keyspaces.items():
            for name, table in held.tables.items():
                if bool(table.base) == views:
                    yield keyspace, name, table

    def _options(self, table):
        return {"id": table.id, "bloom_filter_fp_chance": 0.01, "comment": "", "crc_check_chance": 1.0,
                "additional_write_policy": "99p", "speculative_retry": "99p", "read_repair": "BLOCKING", "cdc": None,
                "caching": {"keys": "ALL", "rows_per_partition": "NONE"}, "gc_grace_seconds": 864000,
                "compaction": {"class": "org.apache.cassandra.db.compaction.SizeTieredCompactionStrategy"},
                "compression": {"class": "org.apache.cassandra.io.compress.LZ4Compressor"},
                "dclocal_read_repair_chance": 0.0, "read_repair_chance": 0.0, "default_time_to_live": 0,
                "max_index_interval": 2048, "min_index_interval": 128, "memtable_flush_period_in_ms": 0,
                "extensions": {}}

    def _tables(self):
        for keyspace, name, table in self._each(views=False):
            yield {"keyspace_name": keyspace, "table_name": name, "flags": ["compound"], **self._options(table)}

    def _views(self):
        for keyspace, name, view in self._each(views=True):
            yield {"keyspace_name": keyspace, "view_name": name, "base_table_name": view.base,
                   "base_table_id": self.table(keyspace, view.base).id, "include_all_columns": True,
                   "where_clause": "id IS NOT NULL", **self._options(view)}

    def _columns(self):
        for keyspace, held in self.keyspaces.items():
            for name, table in held.tables.items():
                places = {"partition_key": 0, "clustering": 0}
                for column, kind, role in table.columns:
                    place = places.get(role, -1)
                    places[role] = place + 1
                    yield {"keyspace_name": keyspace, "table_name": name, "column_name": column,
                           "clustering_order": "asc" if role == "clustering" else "none",
                           "column_name_bytes": column.encode(), "kind": role,
                           "position": place if role in ("partition_key", "clustering") else -1, "type": kind}

    def _types(self):
        for keyspace, held in self.keyspaces.items():
            for name, fields in held.types.items():
                yield {"keyspace_name": keyspace, "type_name": name, "field_names": [f for f, _ in fields],
                       "field_types": [kind for _, kind in fields]}

    def _indexes(self):
        for keyspace, held in self.keyspaces.items():
            for name, table in held.tables.items():
                for index in table.indexes:
                    yield {"keyspace_name": keyspace, "table_name": name, "index_name": index, "kind": "COMPOSITES",
                           "options": {"target": "v"}}

    def _functions(self):
        for keyspace, held in self.keyspaces.items():
            for name, arguments, returned in held.functions:
                yield {"keyspace_name": keyspace, "function_name": name, "argument_types": list(arguments),
                       "argument_names": ["a%d" % i for i in range(len(arguments))], "body": "return a0;",
                       "called_on_null_input": False, "language": "java", "return_type": returned}

    def _aggregates(self):
        for keyspace, held in self.keyspaces.items():
            for name, arguments, state, final, returned in held.aggregates:
                yield {"keyspace_name": keyspace, "aggregate_name": name, "argument_types": list(arguments),
                       "final_func": final, "initcond": None, "return_type": returned, "state_func": state,
                       "state_type": returned}
