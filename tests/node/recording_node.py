"""A Cassandra node for tests: it logs the gateway in, shows the schema it was given, and keeps every frame it received.

Versions 3 and 4, one thread. What a data frame is answered with can be changed: rules delay, drop, refuse, answer
UNPREPARED, or hold an answer until the test lets it go. `received()` is how a test knows what reached the database.
"""
import collections
import fcntl
import hashlib
import heapq
import itertools
import pathlib
import re
import selectors
import socket
import struct
import sys
import termios
import threading
import time
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "gateway")]

import node_schema  # noqa: E402
import wire  # noqa: E402

USER, PASSWORD = "latchkey_gateway", "the service role's password"
DATA = (wire.QUERY, wire.PREPARE, wire.EXECUTE, wire.BATCH)
SYSTEM = re.compile(r'\bfrom\s+"?(system\w*)"?\s*\.\s*"?(\w+)"?', re.I)
PICTURE = re.compile(r'\bfrom\s+"?system(_schema|_virtual_schema)?"?\s*\.\s*"?(?!(?:local|size_estimates)\b)\w+', re.I)
ORDER = re.compile(r'(create|drop)\s+keyspace\b', re.I)    # the gateway's own, on its control connection
TARGET = re.compile(r'\b(?:from|into|update|truncate(?:\s+table)?)\s+(?!table\b)"?([\w]+)"?\s*\.\s*"?([\w]+)"?', re.I)

CLOSE = object()    # an action's answer: end the connection
NOTHING = object()  # an action's answer: say nothing, ever


class Received:
    """A frame as the node got it, with what it says."""

    def __init__(self, number, connection, frame, start):
        self.number, self.connection, self.frame = number, connection, frame
        self.opcode, self.stream, self.flags, self.body = frame.opcode, frame.stream, frame.flags, frame.body
        self.start = start              # position of its first byte in what the connection received
        self.time = time.monotonic()
        self.text, self.id, self.values, self.entries, self.decoded = None, None, [], [], True
        try:
            self._decode(frame.reader())
        except (AssertionError, struct.error, UnicodeDecodeError):
            self.decoded = False

    def _decode(self, reader):
        if self.opcode in (wire.QUERY, wire.PREPARE):
            self.text = reader.long_string().decode()
        if self.opcode == wire.EXECUTE:
            self.id = reader.short_bytes()
            self.text = self.connection.node.texts.get(self.id)
        if self.opcode in (wire.QUERY, wire.EXECUTE):
            self._parameters(reader)
        if self.opcode == wire.BATCH:
            self._batch(reader)

    def _parameters(self, reader):
        self.consistency, self.query_flags = reader.number("H"), reader.number("B")
        if self.query_flags & wire.P_VALUES:
            for _ in range(reader.number("H")):
                if self.query_flags & wire.P_NAMES:
                    reader.string()
                self.values.append(reader.value())
        self.page_size = reader.number("i") if self.query_flags & wire.P_PAGE else None
        self.paging_state = reader.bytes() if self.query_flags & wire.P_STATE else None
        self.serial = reader.number("H") if self.query_flags & wire.P_SERIAL else None
        self.timestamp = reader.number("q") if self.query_flags & wire.P_TIMESTAMP else None
        self.trailing = reader.rest()

    def _batch(self, reader):
        self.batch_type = reader.number("B")
        for _ in range(reader.number("H")):
            if reader.number("B") == 0:
                what = reader.long_string().decode()
            else:
                identity = reader.short_bytes()
                what = self.connection.node.texts.get(identity, identity)
            self.entries.append((what, [reader.value() for _ in range(reader.number("H"))]))
        self.text = "; ".join(str(what) for what, _ in self.entries)
        self.values = [one for _, values in self.entries for one in values]
        self.consistency, self.query_flags = reader.number("H"), reader.number("B")
        self.serial = reader.number("H") if self.query_flags & wire.P_SERIAL else None
        self.timestamp = reader.number("q") if self.query_flags & wire.P_TIMESTAMP else None
        self.trailing = reader.rest()

    def __repr__(self):
        return "Received(#%d opcode %02x on %d: %s %r)" % (
            self.number, self.opcode, self.connection.number, self.text or self.body[:60], self.values)


class Connection:
    def __init__(self, node, number, sock):
        self.node, self.number, self.socket = node, number, sock
        self.inbox, self.outbox = bytearray(), bytearray()
        self.taken = 0              # bytes that whole frames have used up
        self.startup, self.logged_in, self.registered, self.picture = None, False, [], False
        self.version, self.open = None, True

    @property
    def control(self):
        """The gateway's own: it asked for events or for the schema."""
        return bool(self.registered) or self.picture

    def arrived(self):
        """How many bytes have reached this machine's end of the connection, read or not."""
        with self.node.lock:
            if not self.open:
                return self.taken + len(self.inbox)
            waiting = struct.unpack("i", fcntl.ioctl(self.socket, termios.FIONREAD, b"\0" * 4))[0]
            return self.taken + len(self.inbox) + waiting


Rule = collections.namedtuple("Rule", "match action times")


class RecordingNode:
    """Listens at once; `close` ends it. `peers` are (address, port, datacenter) of further nodes to name."""

    def __init__(self, schema, address="127.0.0.1", port=0, datacenter="datacenter1", peers=(), release="5.0.9",
                 host_id=None, cluster="Recording Cluster"):
        self.schema, self.address, self.datacenter = schema, address, datacenter
        self.peers, self.release_version, self.cluster = list(peers), release, cluster
        self.host_id = host_id or uuid.uuid5(uuid.NAMESPACE_DNS, "%s:%s" % (address, port))
        self.lock = threading.RLock()
        self.texts = {}             # id -> text of everything prepared here
        self.prepared = set()       # ids this node knows; a test may forget them
        self.frames, self.connections, self.rules, self.held = [], [], [], []
        self.later, self.order = [], itertools.count()
        self.refuse_login, self.refuse_connections, self.open_login = False, False, False
        self.unreadable = False     # whether what it says of its schema is an error
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((address, port))
        self.port = self.listener.getsockname()[1]
        self.listener.listen(1024)
        self.listener.setblocking(False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ, None)
        self.wake_read, self.wake_write = socket.socketpair()
        self.wake_read.setblocking(False)
        self.selector.register(self.wake_read, selectors.EVENT_READ, "wake")
        self.running = True
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def close(self):
        self.running = False
        self._wake()
        self.thread.join(10)
        for connection in list(self.connections):
            self._end(connection)
        self.listener.close()

    def _wake(self):
        try:
            self.wake_write.send(b"x")
        except OSError:
            pass

    # ---- what a test asks ----

    def mark(self):
        """A place in the record: `received(mark)` is what came after it."""
        with self.lock:
            return len(self.frames)

    def received(self, since=0, opcodes=DATA, control=False):
        """Statements that came to the data connections, in order."""
        with self.lock:
            frames = self.frames[since:]
        return [one for one in frames if one.opcode in opcodes and (control or not one.connection.control)]

    def texts_since(self, since=0, **more):
        return [one.text for one in self.received(since, **more)]

    def wait_for(self, condition, what="a frame", seconds=20):
        end = time.monotonic() + seconds
        while True:
            found = condition()
            if found:
                return found
            assert time.monotonic() < end, "%s did not come within %g s" % (what, seconds)
            time.sleep(0.005)

    def data_connections(self):
        with self.lock:
            return [one for one in self.connections if one.open and one.logged_in and not one.control]

    def positions(self):
        """For each open data connection the byte it had received by now; a frame that starts there came later."""
        with self.lock:
            return {one: one.arrived() for one in self.data_connections()}

    # ---- what a test changes ----

    def rule(self, match, action, times=None):
        """`action(received, answer)` says what is sent for frames where `match(received)` holds: bytes, None for the
        usual answer, CLOSE or NOTHING. `match` may be a word of the text."""
        matches = match if callable(match) else lambda one: one.text is not None and match in one.text
        rule = [matches, action, times]
        with self.lock:
            self.rules.append(rule)
        return rule

    def unrule(self, rule):
        with self.lock:
            if rule in self.rules:
                self.rules.remove(rule)

    def hold(self, match):
        """Keeps the answers to matching frames until `release`."""
        def keep(received, answer):
            self.held.append((received.connection, answer))
            return NOTHING
        return self.rule(match, keep)

    def release(self):
        with self.lock:
            held, self.held = self.held, []
            for connection, answer in held:
                if connection.open:
                    connection.outbox += answer
        self._wake()
        return len(held)

    def grow(self, match, value, cut=None):
        """Answers matching frames as if they had bound this value. With `cut` only so many bytes are sent, the rest at
        `release`; until then nothing else may be asked on that connection."""
        def grown(received, _):
            skip = bool(received.query_flags & wire.P_SKIP)
            answer = self._statement(received.frame, received.text, [value], skip)
            if cut is None:
                return answer
            self.held.append((received.connection, answer[cut:]))
            return answer[:cut]
        return self.rule(match, grown)

    def delay(self, match, seconds):
        def later(received, answer):
            heapq.heappush(self.later, (time.monotonic() + seconds, next(self.order), received.connection, answer))
            return NOTHING
        return self.rule(match, later)

    def fail(self, match, code, message="as the test says", extras=b"", times=None):
        return self.rule(match, lambda received, _: error(received.frame, code, message, extras), times)

    def drop(self, match, times=1):
        """Ends the connection that a matching frame came on."""
        return self.rule(match, lambda *_: CLOSE, times)

    def forget(self, text=None):
        """As after a restart: EXECUTE of these ids is answered UNPREPARED."""
        with self.lock:
            self.prepared -= {identity for identity in self.prepared if text is None or text in self.texts[identity]}

    def drop_connections(self, control=False):
        with self.lock:
            for connection in list(self.connections):
                if connection.open and (control or not connection.control):
                    self._end(connection)

    def event(self, *parts):
        """Sends an EVENT of these strings to whoever registered for its type."""
        body = b"".join(wire.string(part) for part in parts)
        with self.lock:
            for connection in self.connections:
                if connection.open and parts[0] in connection.registered:
                    connection.outbox += wire.frame(connection.version | 0x80, 0, -1, wire.EVENT, body)
        self._wake()

    def schema_event(self, change, target, keyspace, name=None):
        self.schema.changed()
        self.event(*["SCHEMA_CHANGE", change, target, keyspace, *([name] if name else [])])

    # ---- the loop ----

    def _run(self):
        while self.running:
            with self.lock:
                self._due()
                self._flush_all()
                wait = max(0.0, self.later[0][0] - time.monotonic()) if self.later else 1.0
            for key, mask in self.selector.select(wait):
                with self.lock:
                    if key.data is None:
                        self._accept()
                    elif key.data == "wake":
                        self.wake_read.recv(4096)
                    elif key.data.open:
                        self._turn(key.data)

    def _due(self):
        while self.later and self.later[0][0] <= time.monotonic():
            _, _, connection, answer = heapq.heappop(self.later)
            if connection.open:
                connection.outbox += answer

    def _accept(self):
        try:
            sock, _ = self.listener.accept()
        except BlockingIOError:
            return
        if self.refuse_connections:
            sock.close()
            return
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(self, len(self.connections), sock)
        self.connections.append(connection)
        self.selector.register(sock, selectors.EVENT_READ, connection)

    def _end(self, connection):
        if connection.open:
            connection.open = False
            self.selector.unregister(connection.socket)
            connection.socket.close()

    def _flush_all(self):
        for connection in self.connections:
            if connection.open and connection.outbox:
                self._flush(connection)

    def _flush(self, connection):
        try:
            sent = connection.socket.send(connection.outbox) if connection.outbox else 0
            del connection.outbox[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self._end(connection)
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.outbox else 0)
        if self.selector.get_key(connection.socket).events != events:
            self.selector.modify(connection.socket, events, connection)

    def _turn(self, connection):
        try:
            part = connection.socket.recv(1 << 18)
        except BlockingIOError:
            part = None
        except OSError:
            part = b""
        if part == b"":
            self._end(connection)
            return
        connection.inbox += part or b""
        at = 0
        while connection.open and len(connection.inbox) - at >= 9:
            version, flags, stream, opcode, size = struct.unpack_from(">BBhBI", connection.inbox, at)
            if len(connection.inbox) - at < 9 + size:
                break
            body = bytes(connection.inbox[at + 9:at + 9 + size])
            self._got(connection, wire.Frame(version, flags, stream, opcode, body), connection.taken + at)
            at += 9 + size
        del connection.inbox[:at]
        connection.taken += at
        if connection.open:
            self._flush(connection)

    def _got(self, connection, frame, start):
        received = Received(len(self.frames), connection, frame, start)
        if received.opcode == wire.QUERY and received.text and PICTURE.search(received.text):
            connection.picture = True
        self.frames.append(received)
        answer = self._answer(connection, received)
        if frame.opcode in DATA and (not connection.control or ORDER.match(received.text or "")):
            answer = self._ruled(received, answer)
        if answer is CLOSE:
            self._end(connection)
        elif answer is not NOTHING:
            connection.outbox += answer

    def _ruled(self, received, answer):
        for rule in self.rules:
            if rule[2] != 0 and rule[0](received):
                rule[2] = None if rule[2] is None else rule[2] - 1
                changed = rule[1](received, answer)
                return answer if changed is None else changed
        return answer

    # ---- answers ----

    def _answer(self, connection, received):
        frame = received.frame
        if frame.version not in (3, 4):
            return wire.frame(0x84, 0, frame.stream, wire.ERROR, struct.pack(">i", wire.PROTOCOL) + wire.string(
                "Invalid or unsupported protocol version (%d); supported versions are (3/v3, 4/v4)" % frame.version))
        connection.version = frame.version
        if frame.opcode in DATA and not connection.logged_in:
            return error(frame, wire.PROTOCOL, "not logged in")
        handler = {wire.OPTIONS: self._options, wire.STARTUP: self._startup, wire.AUTH_RESPONSE: self._auth,
                   wire.REGISTER: self._register, wire.QUERY: self._query, wire.PREPARE: self._prepare,
                   wire.EXECUTE: self._execute, wire.BATCH: self._batch}.get(frame.opcode)
        return handler(connection, received) if handler else error(frame, wire.PROTOCOL, "unexpected message")

    def _options(self, _, received):
        lists = {"CQL_VERSION": ["3.4.7"], "COMPRESSION": [], "PROTOCOL_VERSIONS": ["3/v3", "4/v4"]}
        return reply(received.frame, wire.SUPPORTED, struct.pack(">H", len(lists)) + b"".join(
            wire.string(key) + wire.string_list(held) for key, held in lists.items()))

    def _startup(self, connection, received):
        connection.startup = received.frame.reader().string_map()
        return reply(received.frame, wire.AUTHENTICATE, wire.string("org.apache.cassandra.auth.PasswordAuthenticator"))

    def _auth(self, connection, received):
        right = self.open_login or received.frame.reader().bytes() == ("\0%s\0%s" % (USER, PASSWORD)).encode()
        if self.refuse_login or not right:
            return error(received.frame, wire.CREDENTIALS, "Provided username and/or password are incorrect")
        connection.logged_in = True
        return reply(received.frame, wire.AUTH_SUCCESS, wire.value(None))

    def _register(self, connection, received):
        connection.registered = received.frame.reader().string_list()
        return reply(received.frame, wire.READY)

    def _query(self, _, received):
        text, frame = received.text, received.frame
        if text is None:
            return error(frame, wire.PROTOCOL, "no statement")
        system = SYSTEM.search(text)
        if system:
            return self._system(frame, text, "%s.%s" % system.groups())
        if text.upper().startswith("LIST "):
            return self._list(frame, text)
        return self._statement(frame, text, received.values, False)

    def _list(self, frame, text):
        """The gateway's own role: no superuser, grants on nothing but keyspaces."""
        if text.upper().startswith("LIST ROLES"):
            columns = [("role", "text"), ("super", "boolean"), ("login", "boolean")]
            rows = [[USER.encode(), b"\0", b"\1"]]
        else:
            columns = [("role", "text"), ("username", "text"), ("resource", "text"), ("permission", "text")]
            rows = [[USER.encode(), USER.encode(), b"<keyspace %s>" % name.encode(), grant]
                    for name in self.schema.keyspaces for grant in (b"SELECT", b"MODIFY")]
        return reply(frame, wire.RESULT, node_schema.rows_body("system_auth", "roles", columns, rows))

    def _statement(self, frame, text, values, skip):
        word = text.split(None, 1)[0].upper() if text.split() else ""
        target = TARGET.search(text)
        if word == "SELECT" and target:
            keyspace, name = target.groups()
            table = self.schema.table(keyspace, name)
            if table is None:
                return error(frame, wire.INVALID, "unconfigured table " + name)
            columns = selected(text, table)
            echo = values[0] if values else None
            row = [node_schema.native_sample(kind, echo) for _, kind in columns]
            return reply(frame, wire.RESULT, node_schema.rows_body(keyspace, name, columns, [row], skip))
        if word in ("CREATE", "ALTER", "DROP"):
            return self._changed(frame, text)
        return reply(frame, wire.RESULT, struct.pack(">i", wire.VOID))

    def _changed(self, frame, text):
        change = {"C": "CREATED", "A": "UPDATED", "D": "DROPPED"}[text.split()[0][0].upper()]
        names = re.search(r'"?(\w+)"?(?:\s*\.\s*"?(\w+)"?)?\s*(?:\(|WITH|ADD|DROP|AS|$)',
                          re.sub(r"(?i)^\w+\s+(\w+\s+VIEW|\w+)\s+(IF\s+(NOT\s+)?EXISTS\s+)?", "", text))
        keyspace, name = (names.group(1), names.group(2)) if names else ("ks", None)
        target = "TABLE" if name else "KEYSPACE"
        return reply(frame, wire.RESULT, struct.pack(">i", wire.SCHEMA_CHANGE) + b"".join(
            wire.string(part) for part in [change, target, keyspace, *([name] if name else [])]))

    def _prepare(self, _, received):
        text, frame = received.text, received.frame
        if text is None:
            return error(frame, wire.PROTOCOL, "no statement")
        identity = hashlib.md5(text.encode()).digest()
        self.texts[identity] = text
        self.prepared.add(identity)
        return reply(frame, wire.RESULT, self.prepared_body(frame.version, identity, text))

    def prepared_body(self, version, identity, text):
        target = TARGET.search(text)
        keyspace, name = target.groups() if target else ("ks", "t")
        table = self.schema.table(keyspace, name) or node_schema.simple()
        binds = bind_columns(text, table)
        names = [column for column, _ in binds]
        pk = [names.index(column) for column in table.partition_key() if column in names]
        body = struct.pack(">i", wire.PREPARED) + wire.string(identity) + struct.pack(">ii", 1 if binds else 0, len(binds))
        if version >= 4:
            pk = pk if len(pk) == len(table.partition_key()) else []
            body += struct.pack(">i", len(pk)) + b"".join(struct.pack(">H", one) for one in pk)
        if binds:
            body += wire.string(keyspace) + wire.string(name)
            body += b"".join(wire.string(column) + node_schema.option(kind) for column, kind in binds)
        if not text.upper().startswith("SELECT"):
            return body + struct.pack(">ii", 4, 0)
        columns = selected(text, table)
        body += struct.pack(">ii", 1, len(columns)) + wire.string(keyspace) + wire.string(name)
        return body + b"".join(wire.string(column) + node_schema.option(kind) for column, kind in columns)

    def _execute(self, _, received):
        if received.id not in self.prepared:
            return error(received.frame, wire.UNPREPARED, "Prepared query with ID not found", wire.string(received.id or b""))
        skip = bool(received.query_flags & wire.P_SKIP)
        return self._statement(received.frame, received.text, received.values, skip)

    def _batch(self, _, received):
        for what, _ in received.entries:
            if isinstance(what, bytes):
                return error(received.frame, wire.UNPREPARED, "Prepared query with ID not found", wire.string(what))
        return reply(received.frame, wire.RESULT, struct.pack(">i", wire.VOID))

    # ---- system tables ----

    def _system(self, frame, text, name):
        columns = node_schema.TABLES.get(name.lower())
        if columns is None:
            return error(frame, wire.INVALID, "unconfigured table " + name)
        keyspace, table = name.lower().split(".")
        if self.unreadable and keyspace == "system_schema":
            return error(frame, wire.SERVER, "not now")
        rows = self._system_rows(keyspace, table)
        for column, literal in re.findall(r'"?(\w+)"?\s*=\s*\'([^\']*)\'', text):
            rows = [row for row in rows if str(row.get(column)) == literal]
        chosen = [(column, kind) for column, kind in columns if asked_for(text, column)]
        encoded = [[node_schema.encode(kind, row.get(column)) for column, kind in chosen] for row in rows]
        return reply(frame, wire.RESULT, node_schema.rows_body(keyspace, table, chosen, encoded))

    def _system_rows(self, keyspace, table):
        if keyspace == "system_schema":
            return self.schema.rows(table)
        if table == "local":
            return [{"key": "local", "bootstrapped": "COMPLETED", "cluster_name": self.cluster, "cql_version": "3.4.7",
                     "data_center": self.datacenter, "rack": "rack1", "host_id": self.host_id,
                     "broadcast_address": self.address, "listen_address": self.address, "rpc_address": self.address,
                     "broadcast_port": 7000, "listen_port": 7000, "rpc_port": self.port, "native_protocol_version": "5",
                     "partitioner": "org.apache.cassandra.dht.Murmur3Partitioner", "gossip_generation": 1,
                     "release_version": self.release_version, "schema_version": self.schema.version, "tokens": ["0"]}]
        if table in ("peers", "peers_v2"):
            return [self._peer(*peer) for peer in self.peers]
        return []

    def _peer(self, address, port, datacenter="datacenter1"):
        return {"peer": address, "peer_port": 7000, "data_center": datacenter, "rack": "rack1",
                "host_id": uuid.uuid5(uuid.NAMESPACE_DNS, "%s:%s" % (address, port)), "rpc_address": address,
                "native_address": address, "native_port": port, "release_version": self.release_version,
                "schema_version": self.schema.version, "tokens": [str(port)]}


def reply(frame, opcode, body=b""):
    return wire.frame(frame.version | 0x80, 0, frame.stream, opcode, body)


def error(frame, code, message, extras=b""):
    return reply(frame, wire.ERROR, struct.pack(">i", code) + wire.string(message) + extras)


def select_list(text):
    return re.match(r"\s*select\s+(?:json\s+|distinct\s+)?(.*?)\s+from\s", text, re.I | re.S)


def asked_for(text, column):
    listed = select_list(text)
    return listed is None or listed.group(1).strip() == "*" or re.search(r'\b%s\b' % column, listed.group(1)) is not None


def selected(text, table):
    found = [(name, kind) for name, kind, _ in table.columns if asked_for(text, name)]
    return found or [("count", "bigint")]


def bind_columns(text, table):
    """Names and types of the markers: by position in an INSERT, else by the name that stands before the marker."""
    bare = re.sub(r"'(?:[^']|'')*'", "''", text)
    insert = re.search(r'into\s+[\w".\s]+?\(([^)]*)\)\s*values\s*\(([^)]*)\)', bare, re.I)
    names = []
    if insert:
        columns = [one.strip().strip('"') for one in insert.group(1).split(",")]
        names = [column for column, held in zip(columns, insert.group(2).split(",")) if "?" in held or ":" in held]
        bare = bare[insert.end():]
    names += [name for name in re.findall(r'"?(\w+)"?\s*(?:=|<|>|<=|>=|\bin)\s*\(?\s*[?:]', bare, re.I)]
    names += ["[marker]"] * (re.sub(r"'(?:[^']|'')*'", "''", text).count("?") - len(names))
    return [(name, table.type_of(name)) for name in names]
