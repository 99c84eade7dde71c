"""Before each call the local operator takes away the access list of the API that the call before may have written, so that
whoever writes it is never shut out of writing it again."""
import http.client
import os
import socket

import schemathesis

SOCKET, LIST = os.environ["LATCHKEY_SOCKET"], "/v2/organizations/%s/devops-acl" % os.environ["FENCED"]


@schemathesis.hook
def before_call(context, case, kwargs):
    connection = http.client.HTTPConnection("localhost", timeout=30)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(30)
    connection.sock.connect(SOCKET)
    connection.request("DELETE", LIST)
    status = connection.getresponse().status
    connection.close()
    assert status == 202, status
