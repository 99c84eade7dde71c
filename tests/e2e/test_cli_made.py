"""What the command line makes of its own tables: completion for shells, the manual page, and lists as they were
written down (LATCHKEY_TEST_WRITE=1 writes those anew)."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from latchkey import free_port
from test_cli_output import COMMANDS, on_terminal

DONE, USAGE = 0, 2
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden" / "lists.txt"


def made(binary, what):
    done = subprocess.run([binary, "completion", what], capture_output=True, text=True, timeout=60)
    assert done.returncode == DONE and done.stderr == "", done
    return done.stdout


@pytest.fixture(scope="module")
def listed(binary, tmp_path_factory):
    """A daemon with few things in it, whose lists are known."""
    from latchkey import Latchkey
    daemon = Latchkey(binary, tmp_path_factory.mktemp("listed") / "latchkey")
    daemon.init()
    daemon.configure(register_listen="127.0.0.0/8", register_targets="127.0.0.0/8")
    daemon.serve()
    daemon.make_role(["db-cql", "db-table-select"], ["drn:astra:org:__ORG_ID__:db:*"], name="orders read")
    answer = daemon.http("POST", "/v2/databases", {
        "name": "shop", "contactPoints": "127.0.0.1:1", "datacenter": "dc1", "username": "u", "password": "p",
        "listen": "127.0.0.1:%d" % free_port()})
    assert answer.status_code == 201
    yield daemon
    daemon.stop()


# bash

def complete(binary, tmp_path, *words):
    """What bash would offer for the last of the words."""
    script = tmp_path / "latchkey.bash"
    script.write_text(made(binary, "bash"))
    (tmp_path / "bin").mkdir(exist_ok=True)
    link = tmp_path / "bin" / "latchkey"
    if not link.exists():
        link.symlink_to(binary)
    program = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _latchkey; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "--norc", "-c", program, "bash", script, "latchkey", *words], capture_output=True, text=True,
                          timeout=60, cwd=tmp_path, env=dict(os.environ, PATH="%s:%s" % (tmp_path / "bin", os.environ["PATH"])))
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.split("\n") if line]


def test_bash_completes_commands_verbs_and_options(binary, tmp_path):
    assert set(COMMANDS) <= set(complete(binary, tmp_path, ""))
    assert complete(binary, tmp_path, "exp") == ["explain"]
    assert complete(binary, tmp_path, "token", "") == ["create", "list", "show", "delete", "check"]
    assert complete(binary, tmp_path, "token", "create", "--desc") == ["--description"]
    assert "--contact-points" in complete(binary, tmp_path, "db", "add", "--")
    assert complete(binary, tmp_path, "status", "x") == []


def test_bash_completes_files_where_a_file_is_meant(binary, tmp_path):
    (tmp_path / "policy one.json").write_text("{}")
    assert complete(binary, tmp_path, "role", "create", "x", "--policy", "pol") == ["policy one.json"]
    assert complete(binary, tmp_path, "audit", "verify", "pol") == ["policy one.json"]
    assert complete(binary, tmp_path, "role", "create", "pol") == []


def test_bash_completes_the_words_that_there_are(binary, tmp_path):
    assert complete(binary, tmp_path, "audit", "export", "") == ["webhook", "splunk", "end"]
    assert complete(binary, tmp_path, "audit", "export", "s") == ["splunk"]
    assert complete(binary, tmp_path, "audit", "export", "splunk", "") == []
    (tmp_path / "collector.token").write_text("x")
    assert complete(binary, tmp_path, "audit", "export", "splunk", "x", "--collector-token-file", "coll") == ["collector.token"]


def test_bash_asks_the_daemon_for_names_and_quotes_them(binary, listed, tmp_path):
    where = ["--data", listed.data]
    assert complete(binary, tmp_path, "role", "show", *where, "ord") == ["orders\\ read"]
    assert complete(binary, tmp_path, "token", "create", *where, "--role", "Organization") == ["Organization\\ Administrator"]
    assert complete(binary, tmp_path, "db", "check", *where, "") == ["shop"]
    assert complete(binary, tmp_path, "role", "show", "--data", "/nowhere", "") == []


def test_every_verb_that_is_completed_is_one(binary, listed):
    script = made(binary, "bash")
    seen = 0
    for command, verbs in re.findall(r"^    (\w[\w-]*)\)\n        verbs='([^']*)'", script, re.M):
        said = subprocess.run([binary, command, "no-such-verb"], capture_output=True, text=True, timeout=60).stderr
        for verb in verbs.split():
            assert re.search(r"\b%s\b" % verb, said), (command, verb, said)
            seen += 1
    assert seen > 20


# zsh

@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh")
def test_zsh_completes_commands_verbs_and_options(binary, tmp_path):
    script = tmp_path / "_latchkey"
    script.write_text(made(binary, "zsh"))
    program = """
        compadd() { [[ $1 == -a ]] && print -l -- ${(P)2}; return 0; }
        _describe() { print -l -- ${(P)2}; }
        _files() { print files; }
        words=(latchkey ""); CURRENT=2; source %s
        words=(latchkey token ""); CURRENT=3; _latchkey
        words=(latchkey role create x --policy ""); CURRENT=6; _latchkey
        words=(latchkey db add --); CURRENT=4; _latchkey
        words=(latchkey audit export ""); CURRENT=4; _latchkey
    """ % script
    done = subprocess.run(["zsh", "-f", "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stderr == "", done
    lines = done.stdout.split("\n")
    assert "token:application tokens" in lines and "create" in lines and "files" in lines and "splunk" in lines
    assert any(line.startswith("--contact-points:") for line in lines)


# the manual page

def test_the_manual_page_names_every_command_and_option(binary):
    page = made(binary, "man")
    for command in COMMANDS:
        assert ".SS latchkey " + command.replace("-", "\\-") in page
        usage = subprocess.run([binary, command, "--help"], capture_output=True, text=True, timeout=60).stdout
        for option in re.findall(r"^ .*?--([a-z-]+)", usage, re.M):
            assert option in ("help", "usage", "version") or "\\-\\-" + option.replace("-", "\\-") in page, (command, option)
    assert all(ord(c) < 128 for c in page)


@pytest.mark.parametrize("program", [["groff", "-man", "-Tutf8", "-ww", "-z"], ["mandoc", "-Tlint"],
                                     ["man", "--warnings", "-E", "UTF-8", "-Tutf8", "-Z", "-l"]], ids=lambda p: p[0])
def test_the_manual_page_has_no_faults(binary, tmp_path, program):
    if not shutil.which(program[0]):
        pytest.skip("no " + program[0])
    page = tmp_path / "latchkey.1"
    page.write_text(made(binary, "man"))
    done = subprocess.run([*program, page], capture_output=True, text=True, timeout=60, env=dict(os.environ, MANWIDTH="80"))
    assert done.returncode == 0 and done.stderr == "", done.stderr
    assert program[0] != "mandoc" or done.stdout == ""


@pytest.mark.parametrize("words", [[], ["fish"], ["bash", "zsh"]])
def test_what_is_not_made_is_usage(binary, words):
    done = subprocess.run([binary, "completion", *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == USAGE and done.stdout == ""


# lists as they were written down

def masked(text):
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                  lambda m: m.group(0) if m.group(0) in BUILT_IN else "<a UUID of thirty-six characters...>", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "<some time in millisec..>", text)
    text = re.sub(r"\b(?=[A-Za-z]{24}\b)(?!Administrator)[A-Za-z]{24}\b", "<client id of 24 char..>", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "<address>", text)
    text = re.sub(r"uid=\d+", "uid=<number>", text)
    text = re.sub(r"(MAINTENANCE|INITIALIZING|ERROR)", "<status>", text)
    return re.sub(r"(<status>|STATUS) +", r"\1 ", text)


BUILT_IN = set()


def test_lists_are_as_they_were_written_down(listed):
    BUILT_IN.update(role["id"] for role in listed.good("GET", "/v2/organizations/roles") if role["name"] != "orders read")
    found = []
    for words in (["token", "list"], ["token", "list", "--total", "--status", "unending"], ["db", "list"], ["role", "list"], ["key", "list"]):
        code, shown, error = on_terminal(listed, *words)
        assert (code, error) == (DONE, "")
        found.append("$ latchkey %s\n%s" % (" ".join(words), masked(shown)))
        piped = listed.ask(*words)
        if words[0] == "role":
            piped = [role for role in piped if role["name"] in ("RO User", "orders read")]
        text = json.dumps(piped, indent=2)
        text = re.sub(r',?\n +"(message|nodesKnown)": "[^"]*"', "", text)
        found.append("$ latchkey %s | cat\n%s\n" % (" ".join(words), masked(text)))
    found = "\n".join(found)
    if os.environ.get("LATCHKEY_TEST_WRITE"):
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8")
