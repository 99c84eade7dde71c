"""The CQL native protocol, versions 3 and 4, as raw as a test wants it: any bytes out, every frame in.

Python's standard library only. Nothing here is forgiving: what does not decode raises.
"""
import collections
import hashlib
import itertools
import socket
import struct
import time

(ERROR, STARTUP, READY, AUTHENTICATE, OPTIONS, SUPPORTED, QUERY, RESULT, PREPARE, EXECUTE, REGISTER, EVENT, BATCH,
 AUTH_CHALLENGE, AUTH_RESPONSE, AUTH_SUCCESS) = 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
VOID, ROWS, SET_KEYSPACE, PREPARED, SCHEMA_CHANGE = 1, 2, 3, 4, 5

SERVER, PROTOCOL, CREDENTIALS, UNAVAILABLE, OVERLOADED, BOOTSTRAPPING = 0, 0x0A, 0x100, 0x1000, 0x1001, 0x1002
WRITE_TIMEOUT, READ_TIMEOUT = 0x1100, 0x1200
SYNTAX, UNAUTHORIZED, INVALID, CONFIG, EXISTS, UNPREPARED = 0x2000, 0x2100, 0x2200, 0x2300, 0x2400, 0x2500

F_COMPRESSED, F_TRACING, F_PAYLOAD, F_WARNING, F_BETA = 0x01, 0x02, 0x04, 0x08, 0x10
P_VALUES, P_SKIP, P_PAGE, P_STATE, P_SERIAL, P_TIMESTAMP, P_NAMES, P_KEYSPACE = 1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80
ONE, QUORUM, LOCAL_QUORUM, SERIAL = 1, 4, 6, 8
UNSET = object()

TYPES = {"ascii": 1, "bigint": 2, "blob": 3, "boolean": 4, "counter": 5, "decimal": 6, "double": 7, "float": 8, "int": 9,
         "timestamp": 0xB, "uuid": 0xC, "text": 0xD, "varchar": 0xD, "varint": 0xE, "timeuuid": 0xF, "inet": 0x10,
         "date": 0x11, "time": 0x12, "smallint": 0x13, "tinyint": 0x14}


# ---- writing ----

def string(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return struct.pack(">H", len(raw)) + raw


def long_string(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return struct.pack(">i", len(raw)) + raw


def value(data):
    """[value] or [bytes]: None is null, UNSET is not set, text and numbers as a table of text and int wants them."""
    if data is None:
        return struct.pack(">i", -1)
    if data is UNSET:
        return struct.pack(">i", -2)
    if isinstance(data, int):
        data = struct.pack(">i", data)
    elif isinstance(data, str):
        data = data.encode()
    return struct.pack(">i", len(data)) + data


def string_map(pairs):
    return struct.pack(">H", len(pairs)) + b"".join(string(k) + string(v) for k, v in pairs.items())


def string_list(items):
    return struct.pack(">H", len(items)) + b"".join(string(item) for item in items)


def bytes_map(pairs):
    return struct.pack(">H", len(pairs)) + b"".join(string(k) + value(v) for k, v in pairs.items())


def frame(version, flags, stream, opcode, body=b"", length=None):
    return struct.pack(">BBhBI", version, flags, stream, opcode, len(body) if length is None else length) + body


def lz4(data, claimed=None):
    """An LZ4 body without any compression: its length, then one run of literals."""
    long = b"" if len(data) < 15 else b"\xff" * ((len(data) - 15) // 255) + bytes([(len(data) - 15) % 255])
    size = len(data) if claimed is None else claimed
    return struct.pack(">I", size) + bytes([min(len(data), 15) << 4]) + long + data


def lz4_again(data, times, end):
    """`data`, its last byte `times` times more (at least 19), and `end`, of 5 bytes or more: a few bytes for many."""
    def more(n):
        return b"\xff" * (n // 255) + bytes([n % 255])
    def literals(n, match):
        return bytes([min(n, 15) << 4 | match]) + (more(n - 15) if n >= 15 else b"")
    block = literals(len(data), 15) + data + b"\1\0" + more(times - 19) + literals(len(end), 0) + end
    return struct.pack(">I", len(data) + times + len(end)) + block


def snappy(data, claimed=None):
    """The same for Snappy: pieces of 60 bytes at most."""
    size, head = len(data) if claimed is None else claimed, b""
    while True:
        head += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            break
    pieces = [data[at:at + 60] for at in range(0, len(data), 60)]
    return head + b"".join(bytes([len(piece) - 1 << 2]) + piece for piece in pieces)


def parameters(values=(), names=None, consistency=ONE, flags=0, page_size=None, paging_state=None, tail=b""):
    """Query parameters of versions 3 and 4; `flags` adds bits, `tail` adds bytes: for those that should be refused."""
    if values:
        flags |= P_VALUES
    if names:
        flags |= P_NAMES
    if page_size is not None:
        flags |= P_PAGE
    if paging_state is not None:
        flags |= P_STATE
    body = struct.pack(">HB", consistency, flags)
    if flags & P_VALUES:
        body += struct.pack(">H", len(values))
        for number, one in enumerate(values):
            body += (string(names[number]) if names else b"") + value(one)
    if page_size is not None:
        body += struct.pack(">i", page_size)
    if paging_state is not None:
        body += value(paging_state)
    return body + tail


def plain(user, password, authzid=""):
    return value(("%s\0%s\0%s" % (authzid, user, password)).encode())


def batch(entries, kind=0, consistency=ONE, flags=0, tail=b""):
    """Entries are (text or bytes id, values); `flags` is the batch's own byte."""
    body = struct.pack(">BH", kind, len(entries))
    for what, values in entries:
        head = b"\0" + long_string(what) if isinstance(what, str) else b"\1" + string(what)
        body += head + struct.pack(">H", len(values)) + b"".join(value(one) for one in values)
    return body + struct.pack(">HB", consistency, flags) + tail


# ---- reading ----

class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        assert count >= 0 and self.at + count <= len(self.data), "a message is cut short"
        part = self.data[self.at:self.at + count]
        self.at += count
        return part

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(">" + form)))[0]

    def string(self):
        return self.take(self.number("H")).decode()

    def short_bytes(self):
        return self.take(self.number("H"))

    def long_string(self):
        return self.take(self.number("i"))

    def bytes(self):
        size = self.number("i")
        return None if size < 0 else self.take(size)

    def value(self):
        size = self.number("i")
        assert size >= -2, "a value of length %d" % size
        return None if size == -1 else UNSET if size == -2 else self.take(size)

    def string_list(self):
        return [self.string() for _ in range(self.number("H"))]

    def string_map(self):
        return dict((self.string(), self.string()) for _ in range(self.number("H")))

    def bytes_map(self):
        return dict((self.string(), self.bytes()) for _ in range(self.number("H")))

    def rest(self):
        return self.take(len(self.data) - self.at)

    def option(self):
        kind = self.number("H")
        if kind == 0:
            return ("custom", self.string())
        if kind in (0x20, 0x22):
            return (kind, self.option())
        if kind == 0x21:
            return (kind, self.option(), self.option())
        if kind == 0x30:
            keyspace, name = self.string(), self.string()
            return (kind, keyspace, name, [(self.string(), self.option()) for _ in range(self.number("H"))])
        if kind == 0x31:
            return (kind, [self.option() for _ in range(self.number("H"))])
        return kind


Columns = collections.namedtuple("Columns", "flags names types keyspace table paging_state pk")


def read_columns(reader, prepared_version=None):
    flags, count = reader.number("i"), reader.number("i")
    pk = []
    if prepared_version is not None and prepared_version >= 4:
        pk = [reader.number("H") for _ in range(reader.number("i"))]
    paging_state = reader.bytes() if flags & 2 else None
    names, types, keyspace, table = [], [], None, None
    if not flags & 4:
        if flags & 1:
            keyspace, table = reader.string(), reader.string()
        for _ in range(count):
            if not flags & 1:
                keyspace, table = reader.string(), reader.string()
            names.append(reader.string())
            types.append(reader.option())
    else:
        names = [None] * count
    return Columns(flags, names, types, keyspace, table, paging_state, pk)


class Frame:
    """One message as it came; responses decode themselves."""

    def __init__(self, version, flags, stream, opcode, body):
        self.version, self.flags, self.stream, self.opcode, self.body = version, flags, stream, opcode, body

    def __repr__(self):
        return "Frame(%02x flags %02x stream %d opcode %02x %r)" % (
            self.version, self.flags, self.stream, self.opcode, self.body[:120])

    def reader(self):
        """The message proper: what the flags put before it is taken off, and kept."""
        reader = Reader(self.body)
        self.tracing_id = reader.take(16) if self.flags & F_TRACING and self.version & 0x80 else None
        self.warnings = reader.string_list() if self.flags & F_WARNING else []
        self.payload = reader.bytes_map() if self.flags & F_PAYLOAD else {}
        return reader

    @property
    def code(self):
        return self.reader().number("i") if self.opcode == ERROR else None

    @property
    def message(self):
        reader = self.reader()
        reader.number("i")
        return reader.string()

    @property
    def kind(self):
        return self.reader().number("i") if self.opcode == RESULT else None

    def error_extras(self):
        """What an error's code adds: (cl, received, blockfor, write type or data present), or an unprepared id."""
        reader = self.reader()
        code = reader.number("i")
        reader.string()
        if code == UNPREPARED:
            return reader.short_bytes()
        if code == WRITE_TIMEOUT:
            return reader.number("H"), reader.number("i"), reader.number("i"), reader.string()
        if code == READ_TIMEOUT:
            return reader.number("H"), reader.number("i"), reader.number("i"), reader.number("B")
        return reader.rest()

    def prepared(self):
        reader = self.reader()
        assert reader.number("i") == PREPARED
        identity = reader.short_bytes()
        binds = read_columns(reader, self.version & 0x7F)
        return Statement(identity, binds, read_columns(reader))

    def rows(self):
        """Rows as lists of raw bytes or None."""
        reader = self.reader()
        assert reader.number("i") == ROWS, self
        columns = read_columns(reader)
        return [[reader.bytes() for _ in columns.names] for _ in range(reader.number("i"))]

    def columns(self):
        reader = self.reader()
        assert reader.number("i") == ROWS, self
        return read_columns(reader)

    def keyspace(self):
        reader = self.reader()
        assert reader.number("i") == SET_KEYSPACE, self
        return reader.string()


Statement = collections.namedtuple("Statement", "id binds result")


def statement_id(text):
    """The id a node gives a fully qualified text."""
    return hashlib.md5(text.encode()).digest()


class Closed(Exception):
    """The other side ended the connection."""


class Client:
    """One connection. Nothing is sent but what a call says; `login` is the usual greeting."""

    def __init__(self, port, version=4, host="127.0.0.1", timeout=120, receive_buffer=None, source=None):
        self.version, self.timeout = version, timeout
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(timeout)
        if source:
            self.socket.bind((source, 0))
        self.socket.connect((host, port))
        self.streams = itertools.cycle(range(1, 32000))
        self.buffer = b""
        self.events, self.early = [], {}

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()

    def close(self):
        self.socket.close()

    # bytes

    def send(self, data):
        self.socket.settimeout(self.timeout)    # a wait for a frame may have left little of it
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            raise Closed() from None

    def _more(self, end):
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError("no frame within the time")
        self.socket.settimeout(left)
        try:
            part = self.socket.recv(1 << 18)
        except socket.timeout:
            raise TimeoutError("no frame within the time") from None
        except ConnectionResetError:
            part = b""
        if not part:
            raise Closed()
        self.buffer += part

    def receive(self, timeout=None):
        """The next frame, whatever it is."""
        end = time.monotonic() + (self.timeout if timeout is None else timeout)
        while len(self.buffer) < 9:
            self._more(end)
        version, flags, stream, opcode, size = struct.unpack(">BBhBI", self.buffer[:9])
        while len(self.buffer) < 9 + size:
            self._more(end)
        body, self.buffer = self.buffer[9:9 + size], self.buffer[9 + size:]
        return Frame(version, flags, stream, opcode, body)

    def closed(self, timeout=10):
        """Reads to the end; the frames that came before it. TimeoutError when the connection stays open."""
        frames = []
        try:
            while True:
                frames.append(self.receive(timeout))
        except Closed:
            return frames

    def quiet(self, seconds=0.3):
        """Nothing comes for this long."""
        try:
            return self.receive(seconds)
        except TimeoutError:
            return None

    # messages

    def post(self, opcode, body=b"", flags=0, stream=None, version=None):
        stream = next(self.streams) if stream is None else stream
        self.send(frame(self.version if version is None else version, flags, stream, opcode, body))
        return stream

    def answer(self, stream, timeout=None):
        end = time.monotonic() + (self.timeout if timeout is None else timeout)
        while stream not in self.early:
            got = self.receive(max(0.001, end - time.monotonic()))
            if got.stream == -1:
                self.events.append(got)
            else:
                self.early.setdefault(got.stream, got)
        return self.early.pop(stream)

    def ask(self, opcode, body=b"", flags=0, timeout=None):
        return self.answer(self.post(opcode, body, flags), timeout)

    def startup(self, **more):
        return self.ask(STARTUP, string_map({"CQL_VERSION": "3.0.0", **more}))

    def authenticate(self, user, password, authzid=""):
        return self.ask(AUTH_RESPONSE, plain(user, password, authzid))

    def login(self, user, password):
        """STARTUP and PLAIN; the last answer, AUTH_SUCCESS when it went well."""
        answer = self.startup()
        return self.authenticate(user, password) if answer.opcode == AUTHENTICATE else answer

    def query(self, text, *values, **more):
        flags, timeout = more.pop("frame_flags", 0), more.pop("timeout", None)
        return self.ask(QUERY, long_string(text) + parameters(values, **more), flags, timeout)

    def prepare(self, text, flags=0):
        return self.ask(PREPARE, long_string(text), flags)

    def execute(self, identity, *values, **more):
        flags, timeout = more.pop("frame_flags", 0), more.pop("timeout", None)
        return self.ask(EXECUTE, string(identity) + parameters(values, **more), flags, timeout)

    def use(self, keyspace):
        answer = self.query('USE "%s"' % keyspace)
        assert answer.kind == SET_KEYSPACE, answer
        return answer
