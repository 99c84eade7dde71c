"""`latchkey store copy FROM TO`: the whole installation in a new folder, or nothing."""
import json
import os
import socket
import subprocess

import pytest

from latchkey import ADMINISTRATOR, Latchkey

DONE, USAGE, INVALID, MISSING, CONFLICT, INTERNAL = 0, 2, 3, 7, 8, 9


def copy(daemon, to, *more, source=None):
    return subprocess.run([daemon.binary, "store", "copy", str(source or daemon.data), str(to), *more], capture_output=True,
                          text=True, timeout=120)


def refused(done, code):
    assert done.returncode == code and done.stdout == "" and done.stderr.count("\n") == 1, done
    return done.stderr


@pytest.fixture
def filled(own_latchkey):
    own_latchkey.serve()
    own_latchkey.kept = own_latchkey.make_token(ADMINISTRATOR, description="kept")
    gone = own_latchkey.make_token(ADMINISTRATOR)
    own_latchkey.delete_token(gone)
    own_latchkey.gone = gone
    return own_latchkey


def test_the_copy_is_served_like_the_one_before(filled, binary, tmp_path):
    filled.kill()                                   # what is in the log of the store alone comes along
    done = copy(filled, tmp_path / "to")
    assert done.returncode == DONE and "one of them only" in done.stderr, done
    assert json.loads(done.stdout)["tokens"] == 2 and json.loads(done.stdout)["auditRecords"] > 3
    for base, folders, files in os.walk(tmp_path / "to"):
        assert os.stat(base).st_mode & 0o777 == 0o700
        assert all(os.stat(os.path.join(base, name)).st_mode & 0o777 == 0o600 for name in files)
    other = Latchkey(binary, tmp_path / "other")
    other.data, other.administrator = str(tmp_path / "to"), filled.administrator
    assert other.run("store", "check").returncode == DONE
    other.serve()
    assert other.good("GET", "/v2/tokens/" + filled.kept.client_id, token=filled.kept.text)["description"] == "kept"
    assert other.http("GET", "/v2/currentOrg", token=filled.gone.text).status_code == 401
    assert other.good("GET", "/v2/audit?subject=" + filled.gone.client_id)["records"][0]["event"]["name"] == "token.delete"
    assert other.run("audit", "verify").returncode == DONE
    other.stop()
    assert filled.run("store", "check").returncode == DONE


def test_a_folder_in_use_is_not_copied(filled, tmp_path):
    assert "in use" in refused(copy(filled, tmp_path / "to"), CONFLICT)
    assert not (tmp_path / "to").exists()


def test_what_is_there_is_left_alone(filled, binary, tmp_path):
    filled.stop()
    (tmp_path / "to").mkdir(0o700)
    (tmp_path / "to" / "somebody's").write_text("x")
    assert "not empty" in refused(copy(filled, tmp_path / "to"), CONFLICT)
    assert os.listdir(tmp_path / "to") == ["somebody's"]
    refused(copy(filled, filled.data), CONFLICT)
    refused(copy(filled, os.path.join(filled.data, "inside")), INVALID)
    assert not os.path.exists(os.path.join(filled.data, "inside"))
    refused(copy(filled, tmp_path / "none" / "to"), MISSING)
    refused(copy(filled, tmp_path / "new", source=tmp_path / "none"), MISSING)
    (tmp_path / "wide").mkdir()
    (tmp_path / "wide").chmod(0o755)
    refused(copy(filled, tmp_path / "wide"), INVALID)
    assert copy(filled, tmp_path / "to", "--data", filled.data).returncode == USAGE
    assert filled.run("store", "check").returncode == DONE


@pytest.mark.parametrize("damage", ["store", "key", "trail"])
def test_what_is_not_whole_is_not_copied(filled, tmp_path, damage):
    filled.stop()
    if damage == "store":
        with open(os.path.join(filled.data, "latchkey.db"), "r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * 4096)
    elif damage == "key":
        os.unlink(os.path.join(filled.data, "server.key"))
    else:
        folder = os.path.join(filled.data, "audit")
        name = os.path.join(folder, sorted(n for n in os.listdir(folder) if n.endswith(".jsonl"))[0])
        with open(name, encoding="utf-8") as file:
            text = file.read()
        with open(name, "w", encoding="utf-8") as file:
            file.write(text.replace("token.create", "token.delete", 1))
    refused(copy(filled, tmp_path / "to"), INTERNAL)
    assert os.listdir(tmp_path / "to") == []


def test_what_is_no_file_is_named(filled, tmp_path):
    filled.stop()
    with socket.socket(socket.AF_UNIX) as left:      # a socket that a daemon left is nothing to copy
        left.bind(os.path.join(filled.data, "left.sock"))
    os.symlink("/etc/passwd", os.path.join(filled.data, "link"))
    assert "link" in refused(copy(filled, tmp_path / "to"), INVALID)
    os.unlink(os.path.join(filled.data, "link"))
    assert copy(filled, tmp_path / "to").returncode == DONE
    assert "left.sock" not in os.listdir(tmp_path / "to")


def test_of_two_copies_to_one_folder_one_stays_whole(filled, tmp_path):
    filled.stop()
    assert copy(filled, tmp_path / "twin").returncode == DONE
    for number in range(5):
        to = tmp_path / ("to-%d" % number)
        both = [subprocess.Popen([filled.binary, "store", "copy", str(source), str(to)], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE) for source in (filled.data, tmp_path / "twin")]
        ends = [(one.communicate(timeout=120), one.returncode)[1] for one in both]
        assert ends.count(DONE) == 1 and ends.count(CONFLICT) == 1, ends
        assert sorted(os.listdir(to)) == sorted(os.listdir(tmp_path / "twin"))


def test_a_copy_inside_of_what_is_copied_is_refused_before_anything_is_made(filled, tmp_path):
    filled.stop()
    (tmp_path / "link").symlink_to(filled.data)
    for inside in (os.path.join(filled.data, "inner"), str(tmp_path / "link" / "inner")):
        assert "inside of" in refused(copy(filled, inside), INVALID)
    assert not os.path.exists(os.path.join(filled.data, "inner"))
    assert copy(filled, filled.data + "-beside").returncode == DONE      # a name that only begins so
