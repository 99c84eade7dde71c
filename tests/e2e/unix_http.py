"""The API over the daemon's UNIX socket, as the local operator."""
import http.client
import json
import os
import socket

import leaks


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


def ask(latchkey, method, path, body=None, organization=None, enterprise=False, **headers):
    """(status, JSON or None)."""
    connection = Connection(os.path.join(latchkey.data, "latchkey.sock"))
    headers = {k.replace("_", "-"): v for k, v in headers.items()}
    if organization:
        headers["X-Latchkey-Organization"] = organization
    if enterprise:
        headers["X-Latchkey-Enterprise"] = "true"
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    leaks.notice(text.decode(errors="replace"), "%s %s of the operator" % (method, path))
    return answer.status, json.loads(text) if text else None


def good(latchkey, method, path, body=None, **more):
    status, answer = ask(latchkey, method, path, body, **more)
    assert status < 300, "%s %s: %d %s" % (method, path, status, answer)
    return answer
