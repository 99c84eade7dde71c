"""Frames by hand: what no honest driver sends, and the answers as they are."""
import socket
import struct

ERROR, STARTUP, READY, AUTHENTICATE, OPTIONS, SUPPORTED = 0x00, 0x01, 0x02, 0x03, 0x05, 0x06
QUERY, RESULT, PREPARE, EXECUTE, REGISTER, EVENT = 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C
BATCH, AUTH_CHALLENGE, AUTH_RESPONSE, AUTH_SUCCESS = 0x0D, 0x0E, 0x0F, 0x10
ONE = 0x0001


def string(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return struct.pack(">H", len(raw)) + raw


def long_string(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return struct.pack(">i", len(raw)) + raw


def startup_body(**options):
    options = {"CQL_VERSION": "3.0.0", **options}
    return struct.pack(">H", len(options)) + b"".join(string(k) + string(v) for k, v in options.items())


def plain(username, password, authzid=""):
    return "\0".join((authzid, username, password)).encode()


class Reply:
    def __init__(self, version, flags, stream, opcode, body):
        self.version, self.flags, self.stream = version, flags, stream
        self.opcode, self.body = opcode, body

    @property
    def code(self):
        return struct.unpack_from(">i", self.body)[0] if self.opcode == ERROR else None

    @property
    def message(self):
        size = struct.unpack_from(">H", self.body, 4)[0]
        return self.body[6:6 + size].decode()

    def __repr__(self):
        if self.opcode == ERROR:
            return "ERROR 0x%04X %s" % (self.code, self.message)
        return "opcode 0x%02X, %d bytes" % (self.opcode, len(self.body))


def header_of(version):
    """Versions 1 and 2 have one byte of stream id."""
    return ">BBbBi" if version in (1, 2) else ">BBhBi"


class Raw:
    """A TCP connection that says whatever it is told to."""

    def __init__(self, port, version=4, timeout=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.version = version

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, opcode, body=b"", stream=0, version=None, flags=0, length=None):
        version = self.version if version is None else version
        self.socket.sendall(struct.pack(header_of(version), version, flags, stream, opcode,
                                        len(body) if length is None else length) + body)

    def _exactly(self, count):
        parts = []
        while count:
            part = self.socket.recv(min(count, 1 << 20))
            if not part:
                raise ConnectionError("closed")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def receive(self):
        first = self._exactly(1)
        layout = header_of(first[0] & 0x7F)
        version, flags, stream, opcode, length = struct.unpack(
            layout, first + self._exactly(struct.calcsize(layout) - 1))
        return Reply(version, flags, stream, opcode, self._exactly(length))

    def ask(self, opcode, body=b"", **more):
        self.send(opcode, body, **more)
        return self.receive()

    def closed(self, seconds=20):
        """True when the other side closes before it says anything more."""
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(1) == b""
        except ConnectionError:
            return True
        except socket.timeout:
            return False

    def authenticate(self, sasl):
        answer = self.ask(STARTUP, startup_body())
        assert answer.opcode == AUTHENTICATE, answer
        return self.ask(AUTH_RESPONSE, struct.pack(">i", len(sasl)) + sasl)

    def login(self, token, username="token"):
        answer = self.authenticate(plain(username, getattr(token, "text", token)))
        assert answer.opcode == AUTH_SUCCESS, answer
        return self

    def query(self, text, flags=0, **more):
        return self.ask(QUERY, long_string(text) + struct.pack(">HB", ONE, flags), **more)

    def prepare(self, text):
        """The prepared id, or the error."""
        answer = self.ask(PREPARE, long_string(text))
        if answer.opcode != RESULT:
            return answer
        size = struct.unpack_from(">H", answer.body, 4)[0]
        return answer.body[6:6 + size]

    def execute(self, identity):
        return self.ask(EXECUTE, string(identity) + struct.pack(">HB", ONE, 0))
