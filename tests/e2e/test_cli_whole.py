"""Every subcommand that there is, as completion knows them: with good input, with bad input, and by a token without
permission (or over --url, where only the socket will do): exit code, the answer's kind, one line of reason."""
import json
import os
import re
import subprocess

import pytest

from latchkey import ADMINISTRATOR, Latchkey, free_port

DONE, USAGE, INVALID, UNAUTHENTICATED, FORBIDDEN, RETRY, MISSING, CONFLICT, INTERNAL = 0, 2, 3, 4, 5, 6, 7, 8, 9
NOBODY = "00000000-0000-4000-8000-000000000000"
READER = "d2cfcd63-055c-4a58-b957-8916d4a007a5"    # RO User
LOCAL = "local"     # asks no daemon, or only that of this machine: a token has nothing to do with it

# Command and verb: words that are good; words that are bad and their exit code; who may not: the exit code of the good
# words by a token that may nothing (LOCAL: those of the folder's owner alone). Capitals stand for what there is. In order.
TABLE = [
    ("status", "", [], (["now"], USAGE), LOCAL),
    ("db", "add", ["second", "--contact-points", "127.0.0.1:1", "--datacenter", "dc", "--username", "u", "--password-file", "PASSWORD",
                   "--listen", "LISTEN"], (["x", "--contact-points", "127.0.0.1:99999", "--datacenter", "dc", "--username", "u",
                                            "--password-file", "PASSWORD", "--listen", "LISTEN"], INVALID), FORBIDDEN),
    ("db", "list", [], (["x"], USAGE), FORBIDDEN),
    ("db", "show", ["second"], (["nowhere"], MISSING), FORBIDDEN),
    ("db", "check", ["second"], (["nowhere"], MISSING), FORBIDDEN),
    ("db", "keyspaces", ["second"], (["nowhere"], MISSING), FORBIDDEN),
    ("db", "token", ["second"], (["second", "--expires", "yesterday"], INVALID), FORBIDDEN),
    ("db", "remove", ["second"], (["nowhere"], MISSING), FORBIDDEN),
    ("org", "list", [], (["x"], USAGE), DONE),
    ("org", "show", ["Acme"], (["Nowhere Inc"], MISSING), DONE),
    ("org", "create", ["New", "--email", "n@example.org"], (["New", "--email", "no address"], INVALID), FORBIDDEN),
    ("enterprise", "show", [], (["x"], USAGE), FORBIDDEN),
    ("enterprise", "rename", ["Acme Holding"], ([""], INVALID), FORBIDDEN),
    ("enterprise", "remove-org", ["New"], (["Nowhere Inc"], MISSING), FORBIDDEN),
    ("enterprise", "add-org", ["Guest"], (["Nowhere Inc"], MISSING), FORBIDDEN),
    ("settings", "get", [], (["x"], USAGE), FORBIDDEN),
    ("settings", "set", ["--default", "30d"], (["--default", "soon"], INVALID), FORBIDDEN),
    ("role", "list", [], (["x"], USAGE), FORBIDDEN),
    ("role", "create", ["Made", "--policy", "POLICY"], (["Made", "--policy", "BROKEN"], INVALID), FORBIDDEN),
    ("role", "show", ["Made"], (["nothing of the kind"], MISSING), FORBIDDEN),
    ("role", "update", ["Made", "--policy", "POLICY"], ([ADMINISTRATOR, "--policy", "BROKEN"], INVALID), FORBIDDEN),
    ("role", "delete", ["Made"], (["nothing of the kind"], MISSING), FORBIDDEN),
    ("token", "create", ["--role", READER], (["--role", "nothing of the kind"], MISSING), FORBIDDEN),
    ("token", "list", [], (["--status", "weird"], INVALID), FORBIDDEN),
    ("token", "show", ["TOKEN"], (["no-client-id"], INVALID), FORBIDDEN),
    ("token", "check", [], (["x"], USAGE), DONE),
    ("token", "delete", ["TOKEN"], (["no-client-id"], INVALID), FORBIDDEN),
    ("user", "invite", ["new@example.com", "--role", READER], (["no address", "--role", READER], INVALID), FORBIDDEN),
    ("user", "list", [], (["x"], USAGE), FORBIDDEN),
    ("user", "show", ["new@example.com"], (["nobody@example.com"], MISSING), FORBIDDEN),
    ("user", "set-roles", ["new@example.com", "--role", READER], (["new@example.com"], USAGE), FORBIDDEN),
    ("user", "invite-link", ["new@example.com"], (["nobody@example.com"], MISSING), FORBIDDEN),
    ("user", "set-password", ["new@example.com"], (["nobody@example.com"], MISSING), LOCAL),
    ("user", "set-up", ["new@example.com"], (["nobody@example.com"], MISSING), LOCAL),
    ("user", "reset-totp", ["new@example.com"], (["nobody@example.com"], MISSING), LOCAL),
    ("session", "list", ["ada@example.com"], (["nobody@example.com"], MISSING), FORBIDDEN),
    ("session", "end", ["--user", "ada@example.com"], ([NOBODY], MISSING), FORBIDDEN),
    ("user", "remove", ["new@example.com"], (["nobody@example.com"], MISSING), FORBIDDEN),
    ("access-list", "show", ["--api"], (["--db", "nowhere"], MISSING), FORBIDDEN),
    ("access-list", "add", ["127.0.0.0/8", "--api"], (["300.0.0.0/8", "--api"], INVALID), FORBIDDEN),
    ("access-list", "disable", ["--api"], ([], USAGE), FORBIDDEN),
    ("access-list", "enable", ["--api"], (["--db", "nowhere"], MISSING), FORBIDDEN),
    ("access-list", "remove", ["127.0.0.0/8", "--api", "--force"], (["10.9.9.9", "--api"], MISSING), FORBIDDEN),
    ("explain", "", ["--token-id", "OWN", "--action", "org-read", "--resource", "RESOURCE"],
     (["--token-id", "OWN", "--action", "fly", "--resource", "RESOURCE"], INVALID), DONE),
    ("statement", "", [], (["--nonsense"], USAGE), LOCAL),
    ("key", "list", [], (["x"], USAGE), LOCAL),
    ("key", "backup", ["FILE"], (["/nowhere/at/all"], MISSING), LOCAL),
    ("key", "rotate", [], (["x"], USAGE), LOCAL),
    ("key", "retire", ["1", "--force"], (["many"], INVALID), LOCAL),
    ("store", "check", [], (["x"], USAGE), LOCAL),
    ("store", "backup", ["FILE"], (["/nowhere/at/all"], MISSING), LOCAL),
    ("store", "restore", None, (["/nowhere/at/all"], CONFLICT), LOCAL),     # the daemon runs; test_restore.py
    ("store", "copy", None, (["/nowhere/at/all", "/nowhere/else"], MISSING), LOCAL),     # test_store_copy.py
    ("audit", "tail", [], (["--lines", "many"], USAGE), LOCAL),
    ("audit", "search", ["token"], (["--outcome", "weird"], INVALID), FORBIDDEN),
    ("audit", "verify", [], (["/nowhere/at/all"], MISSING), LOCAL),
    ("audit", "export", [], (["kafka", "https://c.example.org/"], USAGE), FORBIDDEN),
    ("audit", "export", ["webhook", "http://127.0.0.1:1/", "--collector-token-file", "PASSWORD", "--after", "0"],
     (["webhook", "c.example.org"], INVALID), FORBIDDEN),
    ("audit", "export", ["splunk", "http://127.0.0.1:1/", "--collector-token-file", "PASSWORD", "--index", "i"],
     (["splunk", "http://127.0.0.1:1/"], USAGE), FORBIDDEN),
    ("audit", "export", ["end"], (["end", "now"], USAGE), FORBIDDEN),
    ("config", "show", [], (["/nowhere/at/all"], MISSING), LOCAL),
    ("config", "check", ["SETTINGS"], (["/nowhere/at/all"], MISSING), LOCAL),
    ("completion", "bash", [], (["x"], USAGE), LOCAL),
    ("completion", "zsh", [], (["x"], USAGE), LOCAL),
    ("completion", "man", [], (["x"], USAGE), LOCAL),
    ("completion", "roles", [], (["x"], USAGE), FORBIDDEN),
    ("completion", "databases", [], (["x"], USAGE), FORBIDDEN),
    ("init", "", None, (["--organization", ""], INVALID), LOCAL),     # how every test here begins; test_cli.py
    ("serve", "", None, (["--workers", "many"], INVALID), LOCAL),
]
OF_AN_ORGANIZATION = {"db", "settings", "role", "token", "user", "session", "access-list", "explain", "audit",
                      "completion"}
NO_FOLDER = {("statement", ""), ("config", "show"), ("config", "check"), ("completion", "bash"), ("completion", "zsh"),
             ("completion", "man"), ("store", "copy")}
# Of a cluster that is not there: found out and said, which is not 0. With one that is there: test_db_check.py.
ABSENT = {("db", "check"): CONFLICT}
IDS = [(" ".join(row[:2])).strip() for row in TABLE]


@pytest.fixture(scope="module")
def house(binary, tmp_path_factory):
    daemon = Latchkey(binary, tmp_path_factory.mktemp("whole") / "latchkey")
    daemon.init("--enterprise", "Acme Group")
    daemon.configure(register_listen="127.0.0.0/8", register_targets="127.0.0.0/8")
    daemon.serve()
    folder = tmp_path_factory.mktemp("files")
    policy = {"effect": "allow", "actions": ["org-read"], "resources": ["drn:astra:org:" + daemon.organization]}
    for name, text in (("PASSWORD", "x"), ("POLICY", json.dumps(policy)), ("BROKEN", "{"), ("SETTINGS", "workers = 2\n")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    daemon.powerless = daemon.token_for(("db-cql", "drn:astra:org:%s:db:%s" % (daemon.organization, NOBODY)))
    daemon.stands = {name: str(folder / name) for name in ("PASSWORD", "POLICY", "BROKEN", "SETTINGS")}
    daemon.stands.update(RESOURCE="drn:astra:org:" + daemon.organization, OWN=daemon.powerless.client_id)
    daemon.ask("org", "create", "Guest", "--email", "g@example.org")
    daemon.ask("enterprise", "remove-org", "Guest", "--standalone")
    daemon.spare = daemon.make_token(READER)
    yield daemon
    daemon.stop()


def run(house, row, words, *more, token=None, owner=True):
    command, verb = row[0], row[1]
    stands = dict(house.stands, TOKEN=house.spare.client_id, LISTEN="127.0.0.1:%d" % free_port(),
                  FILE=os.path.join(house.folder, "file-%d" % free_port()))
    words = [command, *([verb] if verb else []), *[stands.get(w, w) for w in words], *more]
    if "--url" not in words and (command, verb) not in NO_FOLDER:
        words += ["--data", house.data]
        words += ["--org", "Acme"] if command in OF_AN_ORGANIZATION else []
    stdin = house.powerless.text if verb == "check" and command == "token" else "a long enough password\n" if verb == "set-password" else ""
    environment = {k: v for k, v in os.environ.items() if k != "LATCHKEY_TOKEN"}
    if token:
        environment["LATCHKEY_TOKEN"] = token
    return subprocess.run([house.binary, *words], input=stdin, capture_output=True, text=True, timeout=60, env=environment,
                          **({} if owner else {"user": 65534, "group": 65534, "extra_groups": []}))


def failed(done, code):
    """The exit code, nothing on standard output, and one line that says why."""
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == "" and done.stderr.startswith("latchkey"), done
    assert code == USAGE or done.stderr.count("\n") == 1, done.stderr


def test_every_subcommand_has_its_row(house):
    text = subprocess.run([house.binary, "completion", "bash"], capture_output=True, text=True, timeout=60).stdout
    found = {(command, verb) for command, verbs in re.findall(r"^    ([a-z-]+)\)\n        verbs='([^']*)'", text, re.M)
             for verb in verbs.split() or [""]}
    assert {(row[0], row[1]) for row in TABLE} == found


@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_bad_input_is_refused_with_its_exit_code(house, row):
    words, code = row[3]
    failed(run(house, row, words), code)


@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_who_may_not_gets_nothing(house, row):
    if row[2] is None:
        return
    if row[4] is not LOCAL:
        done = run(house, row, row[2], "--url", house.api, token=house.powerless.text)
        if row[4] == DONE:      # about oneself
            assert done.returncode == DONE, done
        else:
            failed(done, row[4])
        failed(run(house, row, row[2], "--url", house.api, token="nonsense"), UNAUTHENTICATED) if row[4] != DONE else None
    elif row[:2] not in NO_FOLDER:
        done = run(house, row, row[2], "--url", house.api, token=house.administrator)
        assert done.returncode in (USAGE, FORBIDDEN) and done.stdout == "", done
        if os.geteuid() == 0:
            done = run(house, row, row[2], owner=False)
            assert done.returncode not in (DONE, INTERNAL) and done.stdout == "" and done.stderr.startswith("latchkey"), done


def is_json(text):
    """A whole, or one of a line."""
    try:
        json.loads(text)
    except ValueError:
        for line in text.splitlines():
            json.loads(line)


# In the order of the table: what one makes, a later one takes.
@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_good_input_is_done(house, row):
    if row[2] is None:
        return
    done = run(house, row, row[2])
    code = ABSENT.get((row[0], row[1]), DONE)
    assert done.returncode == code, done
    assert (code == DONE) == (not done.stderr.startswith("latchkey")), done.stderr
    if done.stdout and row[0] not in ("completion", "config") and row[1] not in ("verify", "check"):
        is_json(done.stdout)
