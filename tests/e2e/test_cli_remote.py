"""The command line over --url: everything that a token may ask works as over the socket, with the same exit codes; a
token goes in clear to nobody beyond this machine who was not named."""
import json
import os
import subprocess

import pytest

from latchkey import ADMINISTRATOR, Latchkey, free_port

DONE, USAGE, INVALID, UNAUTHENTICATED, FORBIDDEN, RETRY, MISSING, CONFLICT = 0, 2, 3, 4, 5, 6, 7, 8


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")], check=True, capture_output=True)
    return folder


def start(binary, folder, *extra):
    daemon = Latchkey(binary, folder / "latchkey")
    daemon.init()
    daemon.configure(register_listen="127.0.0.0/8", register_targets="127.0.0.0/8", failure_limit=1000000,
                     failure_burst=1000000)
    daemon.serve(*extra)
    return daemon


@pytest.fixture(scope="module", params=["http", "https"])
def remote(request, binary, certificate, tmp_path_factory):
    """run(*words) over the network, with the administrator's token."""
    folder = tmp_path_factory.mktemp(request.param)
    secure = request.param == "https"
    daemon = start(binary, folder, *(["--http-tls-cert", str(certificate / "cert.pem"), "--http-tls-key",
                                      str(certificate / "key.pem")] if secure else []))
    url = daemon.api.replace("http://", "https://") if secure else daemon.api
    trust = ["--ca-file", str(certificate / "cert.pem")] if secure else []

    def run(*words, token=daemon.administrator, stdin=None, **environment):
        return subprocess.run([binary, *words, "--url", url, *trust], capture_output=True, text=True, input=stdin, timeout=60,
                              env=dict(os.environ, LATCHKEY_TOKEN=token, XDG_DATA_HOME="/nowhere", **environment))

    def ask(*words, **more):
        done = run(*words, **more)
        assert done.returncode == DONE, done.stdout + done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None
    run.ask, run.daemon, run.url, run.trust, run.binary = ask, daemon, url, trust, binary
    yield run
    daemon.stop()


def refused(done, code):
    assert done.returncode == code, "exit %d: %s%s" % (done.returncode, done.stdout, done.stderr)
    assert done.stdout == "" and done.stderr.startswith("latchkey: ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_a_token_goes_through_its_life(remote):
    created = remote.ask("token", "create", "--role", "RO User", "--expires", "1d", "--description", "from afar")
    assert remote.ask("token", "show", created["clientId"])["description"] == "from afar"
    assert created["clientId"] in [t["clientId"] for t in remote.ask("token", "list", "--all")]
    assert remote.ask("token", "check", stdin=created["token"])["status"] == "active"
    assert remote("token", "delete", created["clientId"]).returncode == DONE
    refused(remote("token", "show", created["clientId"]), MISSING)


def test_a_role_goes_through_its_life(remote, tmp_path):
    policy = {"actions": ["db-cql"], "resources": ["drn:astra:org:__ORG_ID__:db:*"]}
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(policy))
    created = remote.ask("role", "create", "far role", "--policy", str(file))
    assert remote.ask("role", "show", "FAR role")["id"] == created["id"]
    assert remote("role", "update", "far role", "--policy", "-", stdin=json.dumps(dict(policy, effect="deny"))).returncode == DONE
    assert remote.ask("role", "show", created["id"])["policy"]["effect"] == "deny"
    refused(remote("role", "create", "far role", "--policy", str(file)), CONFLICT)
    assert "far role" in remote("completion", "roles").stdout.split("\n")
    assert remote("role", "delete", "far role").returncode == DONE
    refused(remote("role", "delete", "far role"), MISSING)


def test_a_database_goes_through_its_life(remote, tmp_path):
    (tmp_path / "password").write_text("p")
    (tmp_path / "password").chmod(0o600)
    words = ["db", "add", "far", "--contact-points", "127.0.0.1:1", "--datacenter", "dc", "--username", "u", "--password-file",
             str(tmp_path / "password"), "--listen", "127.0.0.1:%d" % free_port()]
    made = remote.ask(*words)
    refused(remote(*words), CONFLICT)
    assert remote.ask("db", "show", "far")["id"] == made["id"] == remote.ask("db", "list")[0]["id"]
    assert remote.ask("db", "keyspaces", "far") == []
    assert remote.ask("db", "token", "far", "--expires", "1h")["token"].startswith("AstraCS:")
    assert remote("completion", "databases").stdout == "far\n"
    verdict = remote.ask("explain", "--role", "RO User", "--action", "db-cql",
                         "--resource", "drn:astra:org:__ORG_ID__:db:" + made["id"])
    assert verdict["verdict"] in ("allow", "deny")
    refused(remote("explain", "--role", "RO User", "--cql", "SELECT * FROM a.b"), RETRY)
    assert remote("db", "remove", "far").returncode == DONE
    refused(remote("db", "show", "far"), MISSING)


@pytest.mark.parametrize("words", [["status"], ["db", "check", "x"], ["key", "list"], ["key", "backup", "x"], ["store", "check"],
                                   ["store", "backup", "x"], ["audit", "tail"], ["audit", "verify"]], ids=" ".join)
def test_what_is_the_operator_s_is_refused_in_words(remote, words):
    if words[:2] == ["db", "check"]:
        refused(remote(*words), MISSING)        # it is looked for first
        return
    assert "--data" in refused(remote(*words), USAGE)


@pytest.mark.parametrize("words", [["--org", "Acme"], ["--enterprise"]])
def test_a_token_s_scope_is_its_own(remote, words):
    assert "--org" in refused(remote("token", "list", *words), USAGE)


@pytest.mark.parametrize("token,code", [("", UNAUTHENTICATED), ("x", UNAUTHENTICATED),
                                        ("AstraCS:%s:%s" % ("x" * 24, "0" * 64), UNAUTHENTICATED)])
def test_a_token_that_is_none_is_exit_4(remote, token, code):
    refused(remote("token", "list", token=token), code)


def test_a_missing_permission_is_exit_5_and_named(remote):
    weak = remote.ask("token", "create", "--role", "RO Svc Acct")["token"]
    assert "org-token-read" in refused(remote("token", "list", token=weak), FORBIDDEN)
    assert "org-db-view" in refused(remote("db", "list", token=weak), FORBIDDEN)
    assert "org-token-write" in refused(remote("token", "delete", "x" * 24, token=weak), FORBIDDEN)


def test_a_token_file_wins_over_the_environment_and_must_be_there(remote, tmp_path):
    (tmp_path / "token").write_text(remote.daemon.administrator + "\n")
    assert remote("token", "list", "--token-file", str(tmp_path / "token"), token="x").returncode == DONE
    refused(remote("token", "list", "--token-file", str(tmp_path / "none")), MISSING)
    done = subprocess.run([remote.binary, "token", "list", "--url", remote.url, *remote.trust], capture_output=True, text=True,
                          timeout=60, env={k: v for k, v in os.environ.items() if k != "LATCHKEY_TOKEN"})
    assert "LATCHKEY_TOKEN" in refused(done, UNAUTHENTICATED)


def test_the_token_is_in_no_error(remote):
    for words in (["token", "list"], ["db", "show", "nowhere"], ["role", "show", "nowhere"]):
        token = "AstraCS:%s:%s" % ("y" * 24, "1" * 64)
        done = remote(*words, token=token)
        assert token[-64:] not in done.stdout + done.stderr


# whom a token is given to

@pytest.mark.parametrize("url", ["http://192.0.2.1:1", "http://127.evil.example:1", "http://localhost:x@192.0.2.1:1",
                                 "http://localhost.evil.example", "http://[::1]@192.0.2.1:1", "http://[2001:db8::1]:1"])
def test_no_token_goes_in_clear_beyond_this_machine(binary, url):
    done = subprocess.run([binary, "token", "list", "--url", url], capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, LATCHKEY_TOKEN="AstraCS:x"))
    assert "--plaintext" in refused(done, INVALID)


@pytest.mark.parametrize("url", ["http://localhost:%d", "http://127.0.0.1:%d", "http://LOCALHOST:%d", "http://127.1.2.3:%d",
                                 "http://[::1]:%d"])
def test_this_machine_is_known_by_its_names(binary, url):
    done = subprocess.run([binary, "token", "list", "--url", url % free_port()], capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, LATCHKEY_TOKEN="AstraCS:x"))
    assert "does not answer" in refused(done, RETRY)


@pytest.mark.parametrize("remote", ["http"], indirect=True)
def test_a_proxy_does_not_get_what_goes_in_clear(remote):
    nowhere = "http://127.0.0.1:%d" % free_port()
    assert remote("token", "list", http_proxy=nowhere, all_proxy=nowhere).returncode == DONE


@pytest.mark.parametrize("url", ["ftp://localhost", "localhost:8090", "file:///etc/passwd", ""])
def test_what_is_no_address_is_said_to_be_none(binary, url):
    done = subprocess.run([binary, "token", "list", "--url", url], capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, LATCHKEY_TOKEN="AstraCS:x"))
    refused(done, INVALID)


@pytest.mark.parametrize("remote", ["https"], indirect=True)
def test_a_certificate_that_nobody_trusts_is_not_spoken_to(remote):
    done = subprocess.run([remote.binary, "token", "list", "--url", remote.url], capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, LATCHKEY_TOKEN=remote.daemon.administrator))
    assert "--ca-file" in refused(done, RETRY)
    other = remote.url.replace("127.0.0.1", "127.0.0.2")
    done = subprocess.run([remote.binary, "token", "list", "--url", other, *remote.trust], capture_output=True, text=True,
                          timeout=60, env=dict(os.environ, LATCHKEY_TOKEN=remote.daemon.administrator))
    refused(done, RETRY)


def test_an_address_of_the_other_kind_of_door_is_told(remote):
    secure = remote.url.startswith("https")
    other = remote.url.replace("https://", "http://") if secure else remote.url.replace("http://", "https://")
    done = subprocess.run([remote.binary, "token", "list", "--url", other, *remote.trust], capture_output=True, text=True,
                          timeout=60, env=dict(os.environ, LATCHKEY_TOKEN=remote.daemon.administrator))
    assert ("it takes https://" if secure else "it takes http://") in refused(done, RETRY)


def test_the_administrator_of_the_test_is_one(remote):
    assert ADMINISTRATOR in [t["roles"][0] for t in remote.ask("token", "list")]
