"""The served description against what the binary answers: the document is valid, and schemathesis finds nothing
with all of its checks on, over TCP with a token and over the UNIX socket as the local operator. The seed and the
number of cases are fixed; exceptions and their reasons are in schemathesis.toml."""
import os
import pathlib
import re
import socket
import subprocess
import sys
import threading

import pytest
import requests
from openapi_spec_validator import validate

import unix_http
from latchkey import ADMINISTRATOR, Latchkey, free_port

HERE = pathlib.Path(__file__).resolve().parent
LONG = bool(os.environ.get("LATCHKEY_TEST_LONG"))
SEED = "20260131"


@pytest.fixture(scope="module")
def described(binary, tmp_path_factory):
    """A daemon of its own, for what is asked there is thrown about; one database, whose node is absent."""
    daemon = Latchkey(binary, tmp_path_factory.mktemp("described") / "latchkey")
    daemon.init("--enterprise", "Acme Group")
    daemon.configure(register_listen="127.0.0.0/8", register_targets="127.0.0.0/8")
    daemon.serve()
    answer = daemon.http("POST", "/v2/databases", {
        "name": "absent", "contactPoints": "127.0.0.1:1", "datacenter": "dc", "username": "u", "password": "p",
        "listen": "127.0.0.1:%d" % free_port()})
    assert answer.status_code == 201, answer.text
    daemon.database = answer.headers["Location"]
    daemon.fenced = daemon.ask("org", "create", "Fenced", "--email", "f@example.org")["OrganizationID"]
    yield daemon
    daemon.stop()


@pytest.fixture(scope="module")
def document(described):
    answer = requests.get(described.api + "/v2/openapi.json", timeout=30)
    assert answer.status_code == 200
    return answer


@pytest.fixture(scope="module")
def operator_port(described):
    """A TCP port that leads to the UNIX socket: who asks there is the local operator."""
    listener = socket.create_server(("127.0.0.1", 0))

    def pump(source, target):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                target.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, target):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def accept():
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            inner = socket.socket(socket.AF_UNIX)
            inner.connect(os.path.join(described.data, "latchkey.sock"))
            for pair in ((client, inner), (inner, client)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def run(described, url, folder, *words, cases):
    program = pathlib.Path(sys.executable).parent / "schemathesis"
    done = subprocess.run(
        [program, "--config-file", HERE / "schemathesis.toml", "run", url + "/v2/openapi.json",
         "--seed", SEED, "--max-examples", str(cases), "--workers", "1", "--no-color", *words],
        cwd=folder, capture_output=True, text=True, timeout=3600 if LONG else 500,
        env=dict(os.environ, COLUMNS="160", DATABASE=described.database, FENCED=described.fenced))
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    tested = re.search(r"(\d+) generated", done.stdout)
    assert tested and int(tested.group(1)) > 50, done.stdout[-3000:]


def test_schemathesis_finds_nothing_with_a_token(described, tmp_path):
    run(described, described.api, tmp_path, "-H", "Authorization: Bearer " + described.administrator,
        cases=1000 if LONG else 5)
    assert described.good("GET", "/v2/currentOrg")["id"] == described.organization


def test_schemathesis_finds_nothing_as_the_operator(described, operator_port, tmp_path):
    run(described, "http://127.0.0.1:%d" % operator_port, tmp_path, "--include-path-regex", "^/v2/operator",
        "--phases", "examples,coverage,fuzzing", "-H", "X-Latchkey-Organization: Acme", cases=300 if LONG else 12)


def test_schemathesis_finds_nothing_at_the_access_list_of_the_api(described, tmp_path, monkeypatch):
    """Asked by a token of the organization whose list it is; hooks let it in again after each change."""
    token = unix_http.good(described, "POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, organization="Fenced")["token"]
    monkeypatch.setenv("SCHEMATHESIS_HOOKS", str(HERE / "schemathesis_hooks.py"))
    monkeypatch.setenv("LATCHKEY_SOCKET", os.path.join(described.data, "latchkey.sock"))
    run(described, described.api, tmp_path, "--include-path-regex", "devops-acl$", "--phases", "examples,coverage,fuzzing",
        "-H", "Authorization: Bearer " + token, cases=1000 if LONG else 60)
    found = unix_http.good(described, "GET", "/v2/audit?event=access-list.&limit=1000", organization="Fenced")
    by_token = [r for r in found["records"] if r["event"]["outcome"] == "done" and not r["event"]["who"]["name"].startswith("operator")]
    assert len(by_token) > 20, "hardly a list was written"


# the document itself

def test_the_document_is_valid_openapi(document):
    validate(document.json())
    assert document.json()["openapi"].startswith("3.1")


def test_every_example_passes_its_own_schema(document):
    from jsonschema import Draft202012Validator
    whole = document.json()
    schemas = whole["components"]["schemas"]

    def check(schema, value, where):
        rooted = {"$ref": "#/components/schemas/" + where} if schema is None else dict(schema)
        rooted["components"] = {"schemas": schemas}
        wrong = list(Draft202012Validator(rooted).iter_errors(value))
        assert not wrong, (where, wrong[0].message)

    count = 0
    for name, schema in schemas.items():
        for field, inner in schema.get("properties", {}).items():
            for example in inner.get("examples", []):
                check(inner, example, name + "." + field)
                count += 1
    for path, item in whole["paths"].items():
        for method, operation in item.items():
            bodies = [operation.get("requestBody", {})] + list(operation["responses"].values())
            for media in [m for body in bodies for m in body.get("content", {}).values()]:
                if "example" in media:
                    check(media["schema"], media["example"], method + " " + path)
                    count += 1
    assert count > 100


def test_the_document_and_the_page_are_for_anybody_and_have_versions(described):
    for path, media in (("/v2/openapi.json", "application/json"), ("/docs", "text/html")):
        first = requests.get(described.api + path, timeout=30)
        assert first.status_code == 200 and first.headers["Content-Type"].startswith(media)
        assert first.headers["ETag"].startswith('"') and first.headers["Cache-Control"] == "no-cache"
        again = requests.get(described.api + path, headers={"If-None-Match": first.headers["ETag"]}, timeout=30)
        assert again.status_code == 304 and again.content == b""
        other = requests.get(described.api + path, headers={"If-None-Match": '"other"'}, timeout=30)
        assert other.content == first.content


def test_every_path_that_is_described_is_there(described, document):
    for path, item in document.json()["paths"].items():
        if path == "/v2/forward-auth":      # takes every method, OPTIONS too, as a question
            continue
        target = re.sub(r"\{[^}]*\}", "x", path)
        answer = described.http("OPTIONS", target)
        allowed = {word.strip().lower() for word in answer.headers["Allow"].split(",")}
        assert answer.status_code == 204 and allowed - {"head", "options"} == set(item), path


# the page

def test_the_page_lets_in_its_own_style_and_nothing_else(described):
    import base64
    import hashlib
    page = requests.get(described.api + "/docs", timeout=30)
    style, = re.findall("<style>(.*?)</style>", page.text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-%s';" % digest)
    assert "<script" not in page.text and not re.search(r"""(href|src)=["'](https?:)?//""", page.text)
    assert 'name="viewport"' in page.text and "prefers-color-scheme: dark" in style


def test_the_page_is_well_formed_and_its_anchors_lead_somewhere(described):
    from html.parser import HTMLParser
    void = {"meta", "link", "br", "hr", "img", "input"}

    class Reader(HTMLParser):
        def __init__(self):
            super().__init__()
            self.open, self.ids, self.links, self.headings = [], [], [], []

        def handle_starttag(self, tag, attrs):
            attrs = dict(attrs)
            self.ids += [attrs["id"]] if "id" in attrs else []
            self.links += [attrs["href"]] if "href" in attrs else []
            self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
            if tag not in void:
                self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

    reader = Reader()
    reader.feed(requests.get(described.api + "/docs", timeout=30).text)
    assert reader.open == [] and len(set(reader.ids)) == len(reader.ids)
    assert {link[1:] for link in reader.links if link.startswith("#")} <= set(reader.ids)
    assert reader.headings[0] == 1 and all(b - a <= 1 for a, b in zip(reader.headings, reader.headings[1:]))
