"""The Portal's files as the real binary gives them: every file in every coding is the same bytes as the build made, and
nothing else of the machine comes out. For a binary that was built with the Portal: ./test portal."""
import gzip
import hashlib
import json
import os
import pathlib
import re
import socket
import subprocess

import pytest
import requests

from latchkey import Latchkey
from person import PASSWORD, Browser, behind

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGES = re.findall(r'^PAGE\("([^"]*)", (\w+)\)', (ROOT / "src/portal/page.def").read_text(), re.M)
FIRST_LOAD_MAX = 150 * 1024
LASTING = "public, max-age=31536000, immutable"
UNBROTLI = "process.stdout.write(require('zlib').brotliDecompressSync(require('fs').readFileSync(0)))"


@pytest.fixture(scope="module")
def dist(binary):
    """What the build of this very binary has packed."""
    folder = pathlib.Path(binary).resolve().parent / "src" / "portal" / "portal_work" / "portal" / "dist"
    assert (folder / "index.html").is_file(), binary + " is built without the Portal; ./test portal builds one with it"
    return folder


@pytest.fixture(scope="module")
def files(dist):
    return {"/" + str(path.relative_to(dist)): path.read_bytes() for path in dist.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def daemon(binary, tmp_path_factory):
    house = Latchkey(binary, tmp_path_factory.mktemp("portal") / "x")
    house.init()
    house.serve()
    yield house
    house.stop()


def get(daemon, path, coding="", method="GET", **headers):
    """The answer with its body as it came over the wire."""
    answer = requests.request(method, daemon.api + path, headers={"Accept-Encoding": coding, **headers}, timeout=30, stream=True)
    answer.body = answer.raw.read(decode_content=False)
    return answer


def decoded(answer):
    coding = answer.headers.get("Content-Encoding", "identity")
    if coding == "br":
        return subprocess.run(["node", "-e", UNBROTLI], input=answer.body, stdout=subprocess.PIPE, check=True).stdout
    return gzip.decompress(answer.body) if coding == "gzip" else answer.body


def test_every_file_in_every_coding_is_what_was_built(daemon, files):
    for path, content in files.items():
        seen = {}
        for coding in ("br", "gzip", ""):
            answer = get(daemon, path, coding)
            assert answer.status_code == 200, path
            assert decoded(answer) == content, (path, coding)
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert len(answer.body) == int(answer.headers["Content-Length"])
            used = answer.headers.get("Content-Encoding", "identity")
            assert used in (coding or "identity", "identity")
            assert used == "identity" or len(answer.body) < len(content)
            seen[used] = answer.headers["ETag"]
            assert answer.headers["ETag"] == '"%s-%s"' % (hashlib.sha256(answer.body).hexdigest()[:32], used)
            head = get(daemon, path, coding, "HEAD")
            assert head.body == b"" and head.status_code == 200
            for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control", "Content-Security-Policy"):
                assert head.headers[name] == answer.headers[name]
        assert len(set(seen.values())) == len(seen)
    script = max((path for path in files if path.endswith(".js")), key=lambda path: len(files[path]))
    assert get(daemon, script, "gzip, deflate, br;q=0.9").headers["Content-Encoding"] == "gzip"
    assert get(daemon, script, "gzip, deflate, br").headers["Content-Encoding"] == "br"


def test_a_file_that_is_known_is_304(daemon, files):
    for path in files:
        first = get(daemon, path, "br")
        again = get(daemon, path, "br", **{"If-None-Match": first.headers["ETag"]})
        if path == "/index.html":
            assert first.headers["Cache-Control"] == "no-store"
        else:
            hashed = re.fullmatch(r"/assets/.+-[\w-]{8,}\.[a-z0-9]+", path)
            assert first.headers["Cache-Control"] == (LASTING if hashed else "no-cache"), path
        assert again.status_code == 304 and again.body == b""
        for name in ("ETag", "Cache-Control", "Content-Security-Policy", "Vary"):
            assert again.headers[name] == first.headers[name]
        other = get(daemon, path, "identity", **{"If-None-Match": first.headers["ETag"]})
        assert other.status_code == (200 if first.headers.get("Content-Encoding") else 304)


def test_pages_are_index_html_and_nothing_else_is(daemon, files):
    page = files["/index.html"]
    for path, what in PAGES:
        below = [path + "/", path + "/x", path + "/x/y%2F..?q=1"] if what == "BELOW" else []
        for asked in [path, *below]:
            answer = get(daemon, asked)
            assert (answer.status_code, answer.body) == (200, page), asked
            assert answer.headers["Cache-Control"] == "no-store"
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                refused = get(daemon, asked, method=method)
                assert refused.status_code == 405 and refused.headers["Allow"] == "GET, HEAD, OPTIONS", (method, asked)
    for nothing in ("/nowhere", "/v2", "/v2/nowhere", "/assets", "/assets/", "/assets/nothing-12345678.js", "/signin",
                    "/index.htm", "/favicon.ico.br", "/portal_pack.c", "/index.html/", "/Tokens"):
        for method in ("GET", "POST"):
            answer = get(daemon, nothing, method=method)
            assert answer.status_code == 404 and json.loads(answer.body)["errors"], nothing
            assert answer.headers["Content-Type"].startswith("application/json")


def test_every_page_of_the_app_has_its_row():
    """src/portal/page.def and portal/src/pages/pages.ts are one set."""
    text = (ROOT / "portal/src/pages/pages.ts").read_text()
    paths = re.findall(r"path: '([^']+)'", text)
    assert len(paths) > 10
    rows = dict(PAGES)
    for path in paths:
        root = "/" + path.split("/")[1]
        assert root in rows, path
        assert path == root or rows[root] == "BELOW", path
    assert set(rows) == {"/" + path.split("/")[1] for path in paths}


def test_no_path_leaves_the_set_of_files(daemon):
    port = int(daemon.api.rpartition(":")[2])
    for path in ("/assets/../index.html", "/assets/..%2findex.html", "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
                 "/assets/%2e%2e/%2e%2e/server.key", "//etc/passwd", "/assets//index.html", "/assets/..%5c..%5cx", "/./index.html",
                 "/assets/%00", "/index.html%00.js", "/%c0%ae%c0%ae/x", "/" + "../" * 15 + "etc/passwd"):
        with socket.create_connection(("127.0.0.1", port), 30) as line:
            line.sendall(("GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n" % path).encode())
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        status = int(answer.split(b" ", 2)[1])
        assert status in (400, 404), (path, answer)
        assert b"root:" not in answer and b"<html" not in answer


def test_the_fields_of_safety(daemon, files):
    for path in [*files, "/tokens", "/set-up"]:
        fields = get(daemon, path).headers
        policy = dict(part.strip().split(" ", 1) for part in fields["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
        for kind in ("script-src", "style-src", "connect-src", "img-src"):
            assert policy[kind] == "'self'"
        assert policy["require-trusted-types-for"] == "'script'"
        assert fields["X-Content-Type-Options"] == "nosniff" and fields["Referrer-Policy"] == "no-referrer"
        assert fields["Cross-Origin-Opener-Policy"] == fields["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in fields["Permissions-Policy"]
        assert "Set-Cookie" not in fields


def test_the_page_names_only_files_of_its_own_and_the_first_load_is_small(daemon, files):
    page = files["/index.html"].decode()
    for tag in re.findall(r"<script[^>]*>", page):
        assert "src=" in tag, tag
    assert "<style" not in page and " style=" not in page and not re.search(r"\son\w+=", page)
    named = set(re.findall(r'(?:src|href)="([^"]+)"', page))
    assert named
    total = len(get(daemon, "/", "br").body)
    for path in named:
        assert path in files, path
        total += len(get(daemon, path, "br").body)
    print("first load: %d bytes" % total)
    assert total <= FIRST_LOAD_MAX, "%d bytes" % total


def test_an_empty_folder_serves_the_page_and_goes_on_to_the_door(binary, files, tmp_path):
    house = Latchkey(binary, tmp_path / "x")
    os.makedirs(house.data, mode=0o700)
    house.serve(ready=False)
    house.wait_log("first_start")
    link = os.path.join(house.data, "setup-link")
    with open(link, encoding="utf-8") as file:
        page, secret = behind(file.read())
    assert page == house.api + "/set-up"
    for path in ("/", "/set-up", "/index.html"):
        assert get(house, path).body == files["/index.html"]
    for path in files:
        assert get(house, path).status_code == 200
    assert get(house, "/v2/tokens").status_code == 404
    state = requests.get(house.api + "/v2/set-up", timeout=30).json()
    assert state["state"] == "first-start" and state["linkFile"] == link and house.api in state["origins"]
    founded = requests.post(house.api + "/v2/set-up", timeout=60, json={
        "secret": secret, "organization": "Acme", "administrator": "ada@example.com", "password": PASSWORD})
    assert founded.status_code == 200
    house.wait_ready()
    assert requests.get(house.api + "/v2/set-up", timeout=30).json()["state"] == "ready"
    assert get(house, "/").body == files["/index.html"]
    assert Browser(house).sign_in("ada@example.com").status_code == 200
    house.stop()


def test_status_says_that_the_portal_is_there(daemon):
    assert daemon.ask("status", "--json")["portal"] is True
