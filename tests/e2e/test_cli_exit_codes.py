"""One table: what went wrong, and the exit code that a script sees. The codes' meanings are those of doc/manual.md."""
import os
import pathlib
import re
import subprocess

import pytest

from latchkey import Latchkey, free_port

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent.parent
DONE, USAGE, INVALID, UNAUTHENTICATED, FORBIDDEN, RETRY, MISSING, CONFLICT, INTERNAL = 0, 2, 3, 4, 5, 6, 7, 8, 9

DB_ADD = ["db", "add", "x", "--contact-points", "127.0.0.1:1", "--datacenter", "dc", "--username", "u", "--listen", "LISTEN",
          "--password-file"]
# Each takes the file as its last word.
READERS = {"password": DB_ADD, "policy": ["role", "create", "x", "--policy"], "schema": ["statement", "--schema"],
           "settings": ["config", "check"], "trail": ["audit", "verify"],
           "collector": ["audit", "export", "webhook", "http://127.0.0.1:1/", "--collector-token-file"], "token": ["token", "list", "--url", "URL", "--token-file"],
           "certificates": ["token", "list", "--url", "https://127.0.0.1:1", "--ca-file"]}
WRITERS = {"store": ["store", "backup"], "key": ["key", "backup"]}


@pytest.fixture(scope="module")
def running(binary, tmp_path_factory):
    daemon = Latchkey(binary, tmp_path_factory.mktemp("exit") / "latchkey")
    daemon.init()
    daemon.configure(register_listen="127.0.0.0/8", register_targets="127.0.0.0/8")
    daemon.serve()
    yield daemon
    daemon.stop()


def code_of(daemon, words):
    """The exit code; what failed said why in one line on standard error."""
    words = [w.replace("LISTEN", "127.0.0.1:%d" % free_port()).replace("URL", daemon.api or "") for w in words]
    data = [] if {"--url", "--data"} & set(words) or words[0] in ("statement", "config") else ["--data", daemon.data]
    done = subprocess.run([daemon.binary, *words, *data], input="", capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, LATCHKEY_TOKEN=daemon.administrator))
    assert (done.returncode == DONE) == (not done.stderr.startswith("latchkey")), done
    return done.returncode


@pytest.mark.parametrize("reader", READERS)
def test_a_file_that_is_not_there_is_7_whoever_wants_to_read_it(running, tmp_path, reader):
    assert code_of(running, READERS[reader] + [str(tmp_path / "none")]) == MISSING
    assert code_of(running, READERS[reader] + [str(tmp_path / "none" / "none")]) == MISSING


@pytest.mark.parametrize("reader", [r for r in READERS if r not in ("certificates", "token")])
def test_a_file_that_is_none_is_3(running, tmp_path, reader):
    """A folder; of a trail the one that holds it may be named, so an empty one has none."""
    assert code_of(running, READERS[reader] + [str(tmp_path)]) == (MISSING if reader == "trail" else INVALID)


@pytest.mark.parametrize("reader,text", [("password", ""), ("policy", "{"), ("settings", "workers = many"), ("password", "x" * 9000),
                                         ("collector", "\n"), ("collector", "x" * 1025), ("collector", "two words")])
def test_what_is_wrong_in_a_file_is_3(running, tmp_path, reader, text):
    (tmp_path / "file").write_text(text)
    (tmp_path / "file").chmod(0o600)
    assert code_of(running, READERS[reader] + [str(tmp_path / "file")]) == INVALID


@pytest.mark.parametrize("writer", WRITERS)
def test_a_file_to_write_is_new_in_a_folder_that_is_there(running, tmp_path, writer):
    assert code_of(running, WRITERS[writer] + [str(tmp_path / "none" / "copy")]) == MISSING
    assert code_of(running, WRITERS[writer] + [str(tmp_path / "copy")]) == DONE
    assert code_of(running, WRITERS[writer] + [str(tmp_path / "copy")]) == CONFLICT


def test_a_secret_that_others_may_read_is_3(running, binary, tmp_path):
    (tmp_path / "password").write_text("x")
    (tmp_path / "password").chmod(0o644)
    for reader in ("password", "collector"):
        assert code_of(running, READERS[reader] + [str(tmp_path / "password")]) == INVALID
    (tmp_path / "key.pem").write_text("x")
    (tmp_path / "key.pem").chmod(0o640)
    (tmp_path / "conf").write_text("http-tls-key = %s\n" % (tmp_path / "key.pem"))
    assert code_of(running, ["config", "check", str(tmp_path / "conf")]) == INVALID
    closed = Latchkey(binary, tmp_path / "other")
    closed.init()
    for name, mode in (("server.key", 0o644), ("", 0o755)):
        os.chmod(os.path.join(closed.data, name), mode)
        assert code_of(closed, ["store", "check"]) == INVALID, name
        os.chmod(os.path.join(closed.data, name), 0o600 if name else 0o700)
    assert code_of(closed, ["store", "check"]) == DONE


@pytest.mark.skipif(os.getuid() != 0, reason="takes another user")
def test_a_file_that_is_somebody_else_s_is_5(binary, tmp_path):
    (tmp_path / "conf").write_text("workers = 1\n")
    (tmp_path / "conf").chmod(0o600)
    other = {"user": 65534, "group": 65534, "extra_groups": []}
    with open(binary, "rb") as file:
        done = subprocess.run(["latchkey", "config", "check", str(tmp_path / "conf")], executable="/proc/self/fd/%d" % file.fileno(),
                              pass_fds=[file.fileno()], cwd="/", capture_output=True, text=True, timeout=60, **other)
    assert done.returncode == FORBIDDEN, done


@pytest.mark.parametrize("words,code", [
    (["token"], USAGE), (["token", "show", "x"], INVALID), (["token", "show", "x" * 24], MISSING),
    (["role", "delete", "Organization Administrator"], FORBIDDEN), (["store", "check", "--url", "http://localhost"], USAGE),
    (["user", "invite", "ada@example.com"], USAGE), (["store", "check", "--data", "/nowhere"], MISSING),
    (["token", "list", "--url", "http://localhost:1", "--data", "/nowhere"], USAGE),
    (["access-list", "remove", "10.0.0.0/8", "--api"], MISSING)], ids=str)
def test_what_was_asked_decides(running, words, code):
    assert code_of(running, words) == code


def test_nobody_there_is_6_and_a_wrong_token_4(running, tmp_path):
    assert code_of(running, ["token", "list", "--url", "http://127.0.0.1:%d" % free_port()]) == RETRY
    (tmp_path / "token").write_text("AstraCS:%s:%s" % ("x" * 24, "0" * 64))
    assert code_of(running, READERS["token"] + [str(tmp_path / "token")]) == UNAUTHENTICATED


def test_the_manual_lists_every_code_that_there_is():
    rows = re.findall(r"^ERR\(\w+, +\w+, +\d+, 0x\w+, (\d),", (CHECKOUT / "src" / "base" / "err.def").read_text(), re.M)
    told = re.findall(r"^\| (\d) \|", (CHECKOUT / "doc" / "manual.md").read_text(), re.M)
    assert len(rows) > 50 and sorted(set(rows)) == told
