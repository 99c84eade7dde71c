"""What the tests of single facts share: shapes as patterns, raw bytes to the door, and short words for bodies."""
import contextlib
import json
import re
import socket

from latchkey import ADMINISTRATOR

JSON = "application/json; charset=UTF-8"
TEXT = "text/plain; charset=UTF-8"
NOBODY = "00000000-0000-4000-8000-000000000000"
STRANGER = "AstraCS:%s:%s" % ("x" * 24, "0" * 64)     # well formed, and nobody's
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKEN = re.compile(r"AstraCS:[a-zA-Z]{24}:[a-f0-9]{64}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
ZERO_TIME = "0001-01-01T00:00:00Z"
ROLES = "/v2/organizations/roles"


def policy(actions=("org-read",), resources=(), effect="allow", description="of a test"):
    return {"description": description, "effect": effect, "actions": list(actions), "resources": list(resources)}


def role_body(name, *actions, resources=(), **more):
    return {"name": name, "policy": policy(actions or ("org-read",), resources, **more)}


def errors_of(text):
    """The usual object, looked at closely; its errors."""
    body = json.loads(text)
    assert list(body) == ["errors"] and body["errors"], body
    for error in body["errors"]:
        assert set(error) == {"ID", "message"} and type(error["ID"]) is int and error["message"], error
    return body["errors"]


def assert_refused(answer, status, *words, content_type=JSON):
    """A refusal in the usual form, with these words in its message."""
    assert answer.status_code == status, "%d %s" % (answer.status_code, answer.text)
    assert answer.headers["Content-Type"] == content_type
    message = errors_of(answer.text)[0]["message"]
    for word in words:
        assert word in message, message
    return answer


def assert_empty(answer, status):
    """No body and no type: an empty body of a JSON type is an error to one of the clients."""
    assert answer.status_code == status, "%d %s" % (answer.status_code, answer.text)
    assert answer.content == b"" and "Content-Type" not in answer.headers
    assert answer.headers.get("Content-Length", "0") == "0" and "Transfer-Encoding" not in answer.headers


def port_of(latchkey):
    return int(latchkey.api.rsplit(":", 1)[1])


def request(latchkey, method, path, body=b"", headers=(), version="1.1", token=None):
    """The bytes of a request."""
    lines = ["%s %s HTTP/%s" % (method, path, version), "Host: localhost",
             "Authorization: Bearer " + (token or latchkey.administrator), *headers]
    if body:
        lines += ["Content-Type: application/json", "Content-Length: %d" % len(body)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Answer:
    """As it came over the socket."""

    def __init__(self, head, body):
        first, *lines = head.decode().split("\r\n")
        self.version, status, *_ = first.split(" ", 2)
        self.status_code = int(status)
        self.headers = {name.title(): value for name, value in (line.split(": ", 1) for line in lines)}
        self.content, self.text = body, body.decode()

    def json(self):
        return json.loads(self.text)


class Wire:
    """One connection, bytes in and answers out."""

    def __init__(self, latchkey):
        self.socket = socket.create_connection(("127.0.0.1", port_of(latchkey)), 30)
        self.held = b""

    def send(self, words):
        self.socket.sendall(words)
        return self

    def _until(self, enough):
        while not enough():
            part = self.socket.recv(65536)
            if not part:
                raise ConnectionError("closed after %r" % self.held[-200:])
            self.held += part

    def head(self):
        self._until(lambda: b"\r\n\r\n" in self.held)
        head, _, self.held = self.held.partition(b"\r\n\r\n")
        return head

    def answer(self):
        """One answer, by its Content-Length."""
        head = self.head()
        found = Answer(head, b"")
        length = 0 if found.status_code in (100, 204) else int(found.headers.get("Content-Length", "0"))
        assert "Transfer-Encoding" not in found.headers, head
        self._until(lambda: len(self.held) >= length)
        body, self.held = self.held[:length], self.held[length:]
        return Answer(head, body)

    def closed(self):
        """True when the other side ends without another word."""
        return not self.held and self.socket.recv(1) == b""


@contextlib.contextmanager
def wire(latchkey):
    connection = Wire(latchkey)
    try:
        yield connection
    finally:
        connection.socket.close()


def listed(latchkey, token, path="/v2/tokens"):
    """A token as the list shows it, or None."""
    return next((c for c in latchkey.good("GET", path)["clients"] if c["clientId"] == token.client_id), None)


def new_token(latchkey, path="/v2/tokens", **more):
    answer = latchkey.http("POST", path, {"roles": [ADMINISTRATOR], **more})
    assert answer.status_code == 200, answer.text
    return answer
