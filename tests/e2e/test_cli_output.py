"""What the command line shows: tables on a terminal, JSON elsewhere, the same help as ever, and no success that was
not written down. LATCHKEY_TEST_WRITE=1 writes the help down anew."""
import json
import os
import pathlib
import pty
import re
import subprocess

import pytest

from latchkey import free_port

DONE, USAGE, INVALID, MISSING, CONFLICT, INTERNAL = 0, 2, 3, 7, 8, 9
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMANDS = re.findall(r'^COMMAND\("([a-z-]+)"', (ROOT / "src" / "cli" / "command.def").read_text(encoding="utf-8"), re.M)
GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden" / "help.txt"


def on_terminal(daemon, *words):
    return shown_by(daemon.binary, *words, "--data", daemon.data)


def shown_by(binary, *words):
    """Exit code, what a terminal shows, standard error."""
    ours, theirs = pty.openpty()
    done = subprocess.Popen([binary, *words], stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, text=True)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:         # the terminal's other side is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    error = done.stderr.read()
    return done.wait(30), shown.decode().replace("\r\n", "\n"), error


# help

def help_of(binary):
    texts = []
    for words in [[]] + [[command] for command in COMMANDS]:
        done = subprocess.run([binary, *words, "--help"], capture_output=True, text=True, timeout=30)
        assert done.returncode == DONE and done.stderr == ""
        texts.append("$ latchkey %s\n%s" % (" ".join([*words, "--help"]), done.stdout))
    return "\n".join(texts)


def test_help_is_as_it_was_written_down(binary):
    found = help_of(binary)
    if os.environ.get("LATCHKEY_TEST_WRITE"):
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["-h"], ["--help"], ["help"]])
def test_help_is_found_under_all_its_names(binary, words):
    done = subprocess.run([binary, *words], capture_output=True, text=True, timeout=30)
    assert done.returncode == DONE and done.stdout.startswith("latchkey ") and "  statement " in done.stdout


# tables and JSON

@pytest.fixture(scope="module")
def things(latchkey, tmp_path_factory):
    """A role, a token and a database whose cluster is not there."""
    folder = tmp_path_factory.mktemp("things")
    policy = folder / "policy.json"
    policy.write_text(json.dumps({"description": "shown", "effect": "allow", "actions": ["db-cql"],
                                  "resources": ["drn:astra:org:%s:db:*" % latchkey.organization]}))
    (folder / "password").write_text("x")
    (folder / "password").chmod(0o600)
    role = latchkey.ask("role", "create", "Shown Role", "--policy", str(policy))["id"]
    token = latchkey.ask("token", "create", "--role", "Shown Role", "--description", "a shown token")
    made = latchkey.run("db", "add", "shown", "--contact-points", "127.0.0.1:%d" % free_port(), "--datacenter", "dc",
                        "--username", 'odd"role', "--password-file", str(folder / "password"),
                        "--listen", "127.0.0.1:%d" % free_port())
    assert made.returncode == DONE, made.stderr
    yield {"role": role, "token": token["clientId"], "database": json.loads(made.stdout)["id"], "policy": str(policy),
           "said": made.stderr}
    latchkey.ask("db", "remove", "shown")
    latchkey.ask("token", "delete", token["clientId"])
    latchkey.ask("role", "delete", role)


TABLES = [
    (["db", "list"], ["ID", "NAME", "STATUS", "DATACENTER", "KEYSPACES", "CQL"], list),
    (["role", "list"], ["ID", "NAME", "EFFECT", "ACTIONS"], list),
    (["token", "list"], ["CLIENT ID", "DESCRIPTION", "ROLES", "GENERATED", "EXPIRES"], list),
    (["key", "list"], ["KEY", "CREATED", "SIGNS NEW TOKENS"], list),
    (["status"], ["CLUSTER", "STATE", "DOOR", "ADDRESS", "audit head"], dict),
    (["db", "show", "shown"], ["ID", "NAME", "STATUS", "DATACENTER", "CQL", "WHY"], dict),
    (["role", "show", "Shown Role"], ["id", "name", "effect", "actions", "resources"], dict),
    (["token", "show", "TOKEN"], ["client id", "status", "roles", "created by"], dict),
    (["store", "check"], ["sound", "tokens", "roles"], dict),
    (["audit", "verify"], ["whole", "records", "hash"], dict),
    (["audit", "export"], ["sent nowhere"], dict),
]


@pytest.mark.parametrize("words,titles,shape", TABLES, ids=lambda v: "-".join(v[:2]) if isinstance(v, list) else "")
def test_a_terminal_gets_a_table_and_everything_else_json(latchkey, things, words, titles, shape):
    words = [things["token"] if word == "TOKEN" else word for word in words]
    code, shown, error = on_terminal(latchkey, *words)
    assert (code, error) == (DONE, "")
    for title in titles:
        assert title in shown, shown
    assert not shown.lstrip().startswith(("{", "["))
    piped = latchkey.run(*words)
    assert isinstance(json.loads(piped.stdout), shape) and piped.stderr == ""
    code, asked, _ = on_terminal(latchkey, *words, "--json")
    assert code == DONE and isinstance(json.loads(asked), shape)


def test_what_is_made_is_shown_in_both_ways(latchkey, things):
    code, shown, _ = on_terminal(latchkey, "token", "create", "--role", "Shown Role")
    facts = dict(line.split("  ", 1) for line in shown.splitlines())
    assert code == DONE and facts["token"].strip().startswith("AstraCS:")
    latchkey.ask("token", "delete", facts["client id"].strip())
    made = latchkey.ask("token", "create", "--role", "Shown Role")
    assert made["token"].startswith("AstraCS:") and made["roles"] == [things["role"]]
    code, shown, error = on_terminal(latchkey, "token", "delete", made["clientId"])
    assert (code, shown, error) == (DONE, "", "deleted %s\n" % made["clientId"])


def test_a_check_that_finds_something_says_so_on_both(latchkey, things):
    code, shown, error = on_terminal(latchkey, "db", "check", "shown")
    assert code == CONFLICT and "error " in shown and "warn " in shown and error.startswith("latchkey: ")
    piped = latchkey.run("db", "check", "shown")
    assert piped.returncode == CONFLICT and {f["level"] for f in json.loads(piped.stdout)["findings"]} >= {"error", "warn"}


def test_explain_is_a_sentence_for_people(latchkey, things):
    words = ["explain", "--role", "Shown Role", "--action", "db-cql",
             "--resource", "drn:astra:org:%s:db:%s" % (latchkey.organization, things["database"])]
    code, shown, _ = on_terminal(latchkey, *words)
    assert code == DONE and "allow" in shown.lower() and not shown.startswith("{")
    assert isinstance(latchkey.ask(*words), dict)


def test_the_grants_that_are_printed_quote_the_role_s_name(things):
    assert 'TO "odd""role";' in things["said"]


def test_the_words_of_others_do_not_talk_to_the_terminal(latchkey, things):
    policy = json.loads(pathlib.Path(things["policy"]).read_text())
    policy["description"] = "red \x1b[31m and a bell \x07"
    made = latchkey.http("POST", "/v2/organizations/roles", {"name": "Loud", "policy": policy})
    if made.status_code >= 400:
        assert made.status_code == 400
        return
    try:
        assert "\x1b" not in on_terminal(latchkey, "role", "show", "Loud")[1]
    finally:
        latchkey.ask("role", "delete", "Loud")


# what was not written

def on_full_disk(daemon, *words):
    with open("/dev/full", "w", encoding="ascii") as full:
        return subprocess.run([daemon.binary, *words, "--data", daemon.data], stdin=subprocess.DEVNULL, stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=60)


@pytest.mark.parametrize("words", [["token", "list"], ["db", "list"], ["store", "check"], ["audit", "tail"],
                                   ["token", "create", "--role", "Shown Role"]], ids=" ".join)
def test_an_answer_that_could_not_be_written_is_no_success(latchkey, things, words):
    done = on_full_disk(latchkey, *words)
    assert done.returncode == INTERNAL and "standard output" in done.stderr


# names

def test_a_role_is_found_by_id_and_by_name_in_any_case(latchkey, things):
    by_id = latchkey.ask("role", "show", things["role"])
    assert by_id == latchkey.ask("role", "show", "shown role") == latchkey.ask("role", "show", "SHOWN ROLE")
    assert latchkey.run("role", "show", "Shown").returncode == MISSING


@pytest.mark.parametrize("name", ["Shown Role", "shown ROLE", "Organization Administrator"])
def test_no_two_roles_have_one_name(latchkey, things, name):
    done = latchkey.run("role", "create", name, "--policy", things["policy"])
    if done.returncode == DONE:         # then a name is no longer enough
        identity = json.loads(done.stdout)["id"]
        shown = latchkey.run("role", "show", name)
        latchkey.ask("role", "delete", identity)
        assert shown.returncode == INVALID and "give the id" in shown.stderr
    else:
        assert done.returncode == CONFLICT and name.lower() in done.stderr.lower()


def test_more_databases_than_a_page_are_all_listed(own_latchkey):
    own_latchkey.configure(register_listen="127.0.0.0/8", register_targets="127.0.0.0/8")
    own_latchkey.serve()
    for n in range(102):
        answer = own_latchkey.http("POST", "/v2/databases", {
            "name": "many %d" % n, "contactPoints": "127.0.0.1:1", "datacenter": "dc", "username": "u", "password": "p",
            "listen": "127.0.0.1:%d" % free_port()})
        assert answer.status_code == 201, answer.text
    assert len(own_latchkey.ask("db", "list")) == 102
    assert own_latchkey.ask("db", "show", "many 101")["info"]["name"] == "many 101"


# settings

def test_config_takes_one_file(binary, tmp_path):
    file = tmp_path / "settings"
    file.write_text("")
    for verb in ("show", "check"):
        done = subprocess.run([binary, "config", verb, str(file), "another"], capture_output=True, text=True, timeout=30)
        assert done.returncode == USAGE and "another" in done.stderr and done.stdout == ""
