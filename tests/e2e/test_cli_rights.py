"""Every subcommand that asks a daemon, by those who may not: the exit code, one line that names what is missing, nothing
on standard output, and nothing done."""
import json
import os
import subprocess

import pytest

from latchkey import ADMINISTRATOR, free_port

USAGE, INVALID, UNAUTHENTICATED, FORBIDDEN, RETRY = 2, 3, 4, 5, 6

# Words, and what the refusal names. Words in capitals stand for things that exist.
ASKING = [
    (["db", "list"], "org-db-view"),
    (["db", "show", "main"], "org-db-view"),
    (["db", "keyspaces", "main"], "org-db-view"),
    (["db", "remove", "main"], "org-db-view"),
    (["db", "token", "main"], "org-db-view"),
    (["db", "add", "mine", "--contact-points", "127.0.0.1:1", "--datacenter", "dc", "--username", "u", "--password-file",
      "PASSWORD", "--listen", "127.0.0.1:1"], "org-db-create"),
    (["role", "list"], "org-role-read"),
    (["role", "show", ADMINISTRATOR], "org-role-read"),
    (["role", "create", "Mine", "--policy", "POLICY"], "org-role-write"),
    (["role", "update", ADMINISTRATOR, "--policy", "POLICY"], "org-role-read"),
    (["role", "delete", ADMINISTRATOR], "org-role-read"),
    (["token", "list"], "org-token-read"),
    (["token", "show", "TOKEN"], "org-token-read"),
    (["token", "delete", "TOKEN"], "org-token-write"),
    (["token", "create", "--role", ADMINISTRATOR], "org-role-read"),
    (["audit", "export"], "org-audits-read"),
    (["audit", "export", "webhook", "http://127.0.0.1:1/"], "org-audits-read"),
    (["audit", "export", "end"], "org-audits-read"),
    (["explain", "--token-id", "TOKEN", "--action", "db-cql", "--resource", "DATABASE"], "org-role-read"),
]


@pytest.fixture(scope="module")
def other(latchkey):
    token = latchkey.make_token(ADMINISTRATOR)
    yield token
    latchkey.delete_token(token)


@pytest.fixture
def ask(latchkey, database, other, tmp_path):
    """Runs the words against the daemon's HTTP door with this token."""
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps({"effect": "allow", "actions": ["db-cql"], "resources": [database.drn()]}))

    (tmp_path / "password").write_text("x")
    (tmp_path / "password").chmod(0o600)

    def run(words, token, *more):
        stands = {"POLICY": str(policy), "PASSWORD": str(tmp_path / "password"), "TOKEN": other.client_id, "DATABASE": database.drn()}
        return subprocess.run([latchkey.binary, *[stands.get(word, word) for word in words], "--url", latchkey.api, *more],
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                              env=dict(os.environ, LATCHKEY_TOKEN=token))
    return run


def refused(done, code):
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == "" and done.stderr.startswith("latchkey: ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def counts(latchkey):
    return [len(latchkey.ask(*words)) for words in (["db", "list"], ["role", "list"], ["token", "list", "--all"])]


@pytest.mark.parametrize("words,missing", ASKING, ids=lambda v: " ".join(v[:2]) if isinstance(v, list) else "")
def test_a_token_without_the_right_is_exit_5_and_changes_nothing(latchkey, ask, orders_only, words, missing):
    before = counts(latchkey)
    assert missing in refused(ask(words, orders_only.text), FORBIDDEN)
    assert counts(latchkey) == before


@pytest.mark.parametrize("words,missing", ASKING, ids=lambda v: " ".join(v[:2]) if isinstance(v, list) else "")
def test_no_token_that_lives_is_exit_4(latchkey, ask, words, missing):
    for token in ("nonsense", "AstraCS:" + "a" * 24 + ":" + "0" * 64):
        refused(ask(words, token), UNAUTHENTICATED)


def test_what_only_the_operator_may_register_is_refused_to_an_administrator(ask, other):
    words, _ = [row for row in ASKING if row[0][1] == "add"][0]
    words = [("127.0.0.1:%d" % free_port()) if word == "127.0.0.1:1" else word for word in words]
    assert "opened by the local operator" in refused(ask(words, other.text), FORBIDDEN)


def test_no_token_at_all_is_exit_4_and_says_how_to_give_one(latchkey):
    environment = {name: value for name, value in os.environ.items() if name != "LATCHKEY_TOKEN"}
    done = subprocess.run([latchkey.binary, "token", "list", "--url", latchkey.api], capture_output=True, text=True,
                          timeout=60, env=environment)
    assert "--token-file" in refused(done, UNAUTHENTICATED)


@pytest.mark.parametrize("url,code", [("ftp://127.0.0.1", INVALID), ("127.0.0.1:8090", INVALID),
                                      ("http://192.0.2.1", INVALID), ("http://127.0.0.1:%d" % free_port(), RETRY),
                                      ("https://127.0.0.1:%d" % free_port(), RETRY)])
def test_an_address_that_is_none_or_leads_nowhere(latchkey, other, url, code):
    done = subprocess.run([latchkey.binary, "token", "list", "--url", url], capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, LATCHKEY_TOKEN=other.text))
    refused(done, code)
    assert other.text not in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes somebody else")
@pytest.mark.parametrize("words", [["status"], ["token", "list"], ["db", "list"], ["store", "check"], ["key", "list"],
                                   ["audit", "tail"]], ids=" ".join)
def test_who_does_not_own_the_data_folder_gets_nothing_from_it(latchkey, words):
    done = subprocess.run([latchkey.binary, *words, "--data", latchkey.data], capture_output=True, text=True, timeout=60,
                          user=65534, group=65534, extra_groups=[])
    assert done.returncode != 0 and done.stdout == "" and done.stderr.startswith("latchkey: "), done.stderr


# several organizations and an enterprise

def test_an_organization_that_is_not_there_is_refused(latchkey):
    done = latchkey.run("token", "list", "--org", "Nowhere Inc")
    assert done.returncode != 0 and done.stdout == "" and "Nowhere Inc" in done.stderr


@pytest.mark.parametrize("name", ["Acme", "ID"])
def test_the_organization_may_be_named(latchkey, name):
    named = latchkey.organization if name == "ID" else name
    assert latchkey.ask("token", "list", "--org", named) == latchkey.ask("token", "list")
    assert latchkey.ask("db", "list", "--org", named) == latchkey.ask("db", "list")


def test_without_an_enterprise_there_is_nothing_to_act_in(latchkey):
    done = latchkey.run("role", "list", "--enterprise")
    assert done.returncode != 0 and done.stdout == "" and "enterprise" in done.stderr


def test_the_enterprise_acts_for_itself_and_its_organization_stays_the_default(own_latchkey, binary, tmp_path):
    data = str(tmp_path / "with-enterprise")
    made = subprocess.run([binary, "init", "--data", data, "--organization", "Acme", "--administrator", "a@b.example",
                           "--enterprise", "Holding", "--no-token"], capture_output=True, text=True, timeout=60)
    assert made.returncode == 0 and json.loads(made.stdout)["enterpriseId"]
    own_latchkey.data = data
    own_latchkey.serve()
    roles = own_latchkey.ask("role", "list")
    of_enterprise = own_latchkey.ask("role", "list", "--enterprise")
    assert {r["name"] for r in roles} != {r["name"] for r in of_enterprise}
    assert own_latchkey.ask("token", "list") == [] == own_latchkey.ask("token", "list", "--enterprise")
    token = own_latchkey.ask("token", "create", "--role", "Enterprise Administrator", "--enterprise")
    assert [t["clientId"] for t in own_latchkey.ask("token", "list", "--enterprise")] == [token["clientId"]]
    assert own_latchkey.ask("token", "list") == []
    assert own_latchkey.run("db", "list", "--enterprise").returncode == FORBIDDEN
