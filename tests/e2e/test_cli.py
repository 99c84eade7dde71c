"""The command line: what it prints, what it refuses, and the exit codes that scripts rely on."""
import json
import os
import pathlib
import re
import shutil
import socket
import stat
import subprocess

import pytest

from conftest import SERVICE, SERVICE_PASSWORD
from latchkey import ADMINISTRATOR, Latchkey, free_port, until

DONE, USAGE, INVALID, UNAUTHENTICATED, FORBIDDEN, RETRY, MISSING, CONFLICT, INTERNAL = 0, 2, 3, 4, 5, 6, 7, 8, 9
COMMANDS = ("init", "serve", "status", "db", "org", "enterprise", "settings", "role", "token", "explain", "statement", "key",
            "store", "audit", "config")
NOBODY = "00000000-0000-4000-8000-000000000000"


def call(binary, *words, stdin=None, **environment):
    return subprocess.run([binary, *words], input=stdin, capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, **environment))


def refused(done, code):
    """One line of what, why and what to do, on standard error alone."""
    assert done.returncode == code, "exit %d: %s%s" % (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    assert "PROGRAM ERROR" not in done.stderr
    assert done.stderr.startswith("latchkey") and done.stderr.count("\n") <= 2, done.stderr
    return done.stderr


# the program itself

def test_help_names_every_subcommand_and_each_has_help_with_an_example(binary):
    done = call(binary, "--help")
    assert done.returncode == DONE
    for command in COMMANDS:
        assert command in done.stdout
        help_text = call(binary, command, "--help")
        assert help_text.returncode == DONE and "latchkey " + command in help_text.stdout, help_text


def test_version_is_printed(binary):
    done = call(binary, "--version")
    assert done.returncode == DONE and re.match(r"latchkey \d+\.\d+", done.stdout)


@pytest.mark.parametrize("words", [[], ["nonsense"], ["token"], ["token", "nonsense"], ["token", "--nonsense"], ["db", "add"],
                                   ["role", "create"], ["status", "--json=maybe"]])
def test_a_call_that_makes_no_sense_is_usage(binary, tmp_path, words):
    done = call(binary, *words, XDG_DATA_HOME=str(tmp_path))
    assert done.returncode == USAGE and done.stderr, done


def test_without_a_daemon_the_error_says_how_to_start_one(binary, tmp_path):
    daemon = Latchkey(binary, tmp_path / "x")
    daemon.init()
    done = daemon.run("token", "list")
    assert done.returncode not in (DONE, USAGE)
    assert "serve" in done.stderr, done.stderr


# init

def test_init_prints_one_object_and_keeps_the_token_in_a_file_for_its_owner(binary, tmp_path):
    daemon = Latchkey(binary, tmp_path / "x")
    answer = daemon.init()
    assert re.fullmatch("[0-9a-f-]{36}", answer["organizationId"]) and answer["enterpriseId"] is None
    assert answer["administrator"] == "ada@example.com" and "setupLinkFile" in answer
    assert "token" not in answer and "secret" not in answer
    assert stat.S_IMODE(os.stat(daemon.token_file).st_mode) == 0o600
    assert daemon.administrator.startswith("AstraCS:") and len(daemon.administrator) == 97


def test_init_without_a_file_prints_the_token_and_with_no_token_makes_none(binary, tmp_path):
    common = ("--organization", "Acme", "--administrator", "a@b.c")
    made = json.loads(call(binary, "init", "--data", str(tmp_path / "a"), *common).stdout)
    assert made["token"].startswith("AstraCS:" + made["clientId"]) and len(made["secret"]) == 128
    made = json.loads(call(binary, "init", "--data", str(tmp_path / "b"), *common, "--no-token").stdout)
    assert "token" not in made or made["token"] is None


def test_init_makes_the_folder_and_files_for_their_owner_alone(binary, tmp_path):
    daemon = Latchkey(binary, tmp_path / "x")
    daemon.init()
    assert stat.S_IMODE(os.stat(daemon.data).st_mode) == 0o700
    for name in os.listdir(daemon.data):
        path = os.path.join(daemon.data, name)
        if os.path.isfile(path):
            assert stat.S_IMODE(os.stat(path).st_mode) & 0o077 == 0, name


def test_init_of_a_folder_in_use_is_refused_and_changes_nothing(binary, own_latchkey):
    words = refused(own_latchkey.run("init", "--organization", "Other", "--administrator", "x@y.z"), CONFLICT)
    assert own_latchkey.data in words
    own_latchkey.serve()
    assert own_latchkey.good("GET", "/v2/currentOrg")["id"] == own_latchkey.organization


@pytest.mark.parametrize("words,code", [
    (["--administrator", "a@b.c"], USAGE), (["--organization", "Acme"], USAGE),
    (["--organization", "", "--administrator", "a@b.c"], INVALID), (["--organization", "A\nB", "--administrator", "a@b.c"], INVALID),
    (["--organization", "Acme", "--administrator", "nobody"], INVALID),
    (["--organization", "Acme", "--administrator", "a@b.c", "--token-expires", "yesterday"], INVALID),
    (["--organization", "Acme", "--administrator", "a@b.c", "--token-expires", "2020-01-01T00:00:00Z"], INVALID)])
def test_init_with_bad_words_is_refused_and_leaves_no_folder(binary, tmp_path, words, code):
    refused(call(binary, "init", "--data", str(tmp_path / "x"), *words), code)
    assert not os.path.exists(tmp_path / "x" / "server.key")


def test_init_makes_nothing_when_the_token_could_not_be_written_down(binary, tmp_path):
    words = ["init", "--data", str(tmp_path / "x"), "--organization", "Acme", "--administrator", "a@b.c", "--token-file"]
    refused(call(binary, *words, str(tmp_path / "nowhere" / "token")), MISSING)
    assert not os.path.exists(tmp_path / "x")
    assert call(binary, *words, str(tmp_path / "token")).returncode == DONE


def test_a_folder_that_is_not_there_is_exit_7_and_says_to_make_it(binary, own_latchkey, tmp_path):
    for words in (["init", "--data", "NEW", "--organization", "Acme", "--administrator", "a@b.c"],
                  ["store", "backup", "NEW", "--data", own_latchkey.data], ["key", "backup", "NEW", "--data", own_latchkey.data]):
        words[words.index("NEW")] = str(tmp_path / "nowhere" / "new")
        assert "make that first" in refused(call(binary, *words), MISSING)


def test_the_first_token_may_end(binary, tmp_path):
    daemon = Latchkey(binary, tmp_path / "x")
    daemon.init("--token-expires", "90d")
    daemon.serve()
    try:
        listed = daemon.good("GET", "/v2/tokens")["clients"]
        assert len(listed) == 1 and listed[0]["tokenExpiry"]
    finally:
        daemon.kill()


# serve

def serve_fails(daemon, *extra):
    daemon.serve(*extra, ready=False)
    code = daemon.process.wait(30)
    daemon.process = None
    assert code != 0
    return daemon.log()


def test_serve_without_a_store_says_what_to_do(binary, tmp_path):
    daemon = Latchkey(binary, tmp_path / "x")
    assert "init" in serve_fails(daemon)
    os.mkdir(daemon.data, 0o700)
    pathlib.Path(daemon.data, "somebody's").touch()
    assert "init" in serve_fails(daemon)


@pytest.mark.parametrize("what,mode", [("folder", 0o755), ("files", 0o644)])
def test_serve_refuses_modes_that_others_can_read(own_latchkey, what, mode):
    if what == "folder":
        os.chmod(own_latchkey.data, mode)
        assert "mode" in serve_fails(own_latchkey) or "0700" in own_latchkey.log()
        return
    for name in [n for n in os.listdir(own_latchkey.data) if os.path.isfile(os.path.join(own_latchkey.data, n))]:
        path = os.path.join(own_latchkey.data, name)
        if name.endswith((".key", ".db")) or "key" in name:
            os.chmod(path, mode)
            assert name in serve_fails(own_latchkey), name
            os.chmod(path, 0o600)


def test_serve_refuses_a_store_without_its_key_and_a_damaged_store(own_latchkey):
    keys = [n for n in os.listdir(own_latchkey.data) if "key" in n]
    stores = [n for n in os.listdir(own_latchkey.data) if n.endswith((".db", ".sqlite"))]
    assert keys and stores, os.listdir(own_latchkey.data)
    key, store = (os.path.join(own_latchkey.data, n[0]) for n in (keys, stores))
    os.rename(key, key + ".away")
    assert "key" in serve_fails(own_latchkey)
    os.rename(key + ".away", key)
    shutil.copy(store, store + ".good")
    with open(store, "r+b") as file:
        file.write(b"this is no store at all" * 10)
    for side in ("-wal", "-shm"):
        if os.path.exists(store + side):
            os.unlink(store + side)
    said = serve_fails(own_latchkey)
    assert store + " is not a Latchkey store" in said, said
    os.unlink(store)
    said = serve_fails(own_latchkey)
    assert store + " is missing" in said and "store restore" in said, said


@pytest.mark.skipif(os.getuid() != 0, reason="takes another user")
def test_somebody_else_hears_that_the_folder_is_not_theirs(binary, latchkey):
    other = {"user": 65534, "group": 65534, "extra_groups": []}
    # The binary through an open file: the checkout may be closed to others.
    with open(binary, "rb") as file:
        done = subprocess.run(["latchkey", "token", "list", "--data", latchkey.data], executable="/proc/self/fd/%d" % file.fileno(),
                              pass_fds=[file.fileno()], cwd="/", capture_output=True, text=True, timeout=60, **other)
    assert "not yours" in refused(done, FORBIDDEN)


def test_two_daemons_on_one_folder_are_refused(own_latchkey, binary):
    own_latchkey.serve()
    second = Latchkey(binary, own_latchkey.folder + "-second")
    second.data = own_latchkey.data
    serve_fails(second)
    assert own_latchkey.good("GET", "/v2/currentOrg")


def test_a_port_in_use_is_named(own_latchkey):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert str(port) in serve_fails(own_latchkey, "--http", "127.0.0.1:%d" % port)


def test_a_port_of_another_daemon_is_not_shared_with_it(latchkey, own_latchkey):
    assert "in use" in serve_fails(own_latchkey, "--http", latchkey.api.split("//")[1])


def test_plain_http_beyond_loopback_is_refused(own_latchkey):
    assert "plaintext" in serve_fails(own_latchkey, "--http", "0.0.0.0:%d" % free_port())


def test_a_setting_that_does_not_exist_is_named_with_its_line(own_latchkey):
    own_latchkey.configure(no_such_setting=1)
    with open(own_latchkey.config, encoding="utf-8") as file:
        line = 1 + [text.split()[0] for text in file].index("no-such-setting")
    assert 'latchkey.conf:%d: no setting is called "no-such-setting"' % line in serve_fails(own_latchkey)


def test_sigterm_ends_the_daemon_with_code_0_and_sighup_does_not(own_latchkey):
    import signal
    own_latchkey.serve()
    own_latchkey.process.send_signal(signal.SIGHUP)
    assert own_latchkey.good("GET", "/v2/currentOrg")
    own_latchkey.stop()


# status, db

def test_status_tells_version_store_index_doors_and_clusters(latchkey, database, door):
    status = latchkey.ask("status", "--json")
    text = json.dumps(status)
    assert status["version"] and str(database.port) in text and "main" in text


def test_db_list_show_keyspaces_and_check(latchkey, database, door):
    assert database.id in json.dumps(latchkey.ask("db", "list"))
    assert latchkey.ask("db", "show", database.id)["id"] == latchkey.ask("db", "show", "main")["id"] == database.id
    assert "shop" in json.dumps(latchkey.ask("db", "keyspaces", "main"))
    assert latchkey.run("db", "check", "main").stdout


def test_db_check_warns_about_a_superuser_as_service_role(latchkey, real):
    latchkey.add_database("root", real.node, "cassandra", "cassandra")
    done = latchkey.run("db", "check", "root")
    assert "superuser" in (done.stdout + done.stderr).lower()
    assert latchkey.run("db", "remove", "root").returncode == DONE


def test_db_check_names_the_datacenters_that_there_are(latchkey, real):
    latchkey.add_database("astray", real.node, "cassandra", "cassandra", "--datacenter", "nowhere")
    said = until("the check of a read cluster", lambda: [
        f["text"] for f in json.loads(latchkey.run("db", "check", "astray").stdout)["findings"] if "nowhere" in f["text"] and "no node" in f["text"]])
    assert "datacenter1" in said[0]
    assert latchkey.run("db", "remove", "astray").returncode == DONE


def test_db_token_is_limited_to_its_database(latchkey, database, door):
    made = latchkey.ask("db", "token", "main", "--expires", "30d")
    door.raw(made["token"]).query("SELECT * FROM shop.orders")


@pytest.mark.parametrize("change,code", [
    ({"--listen": "nonsense"}, INVALID), ({"--listen": "127.0.0.1:99999"}, INVALID), ({"--contact-points": ""}, INVALID),
    ({"--contact-points": "host:port:port"}, INVALID), ({"--datacenter": None}, USAGE), ({"--password-file": "/nowhere"}, MISSING),
    ({"--listen": "0.0.0.0:19999"}, INVALID), ({"NAME": "main"}, CONFLICT), ({"NAME": "MAIN"}, CONFLICT), ({"NAME": ""}, INVALID)])
def test_db_add_refuses_bad_words(latchkey, database, real, tmp_path, change, code):
    password = tmp_path / "password"
    password.write_text(SERVICE_PASSWORD)
    password.chmod(0o600)
    words = {"--contact-points": real.node, "--datacenter": "datacenter1", "--username": SERVICE,
             "--password-file": str(password), "--listen": "127.0.0.1:%d" % free_port(), "NAME": "another", **change}
    name = words.pop("NAME")
    done = latchkey.run("db", "add", name, *[w for pair in words.items() if pair[1] is not None for w in pair])
    try:
        assert done.returncode in (code, INVALID), done.stderr
        assert done.returncode != DONE and done.stderr
    finally:
        if done.returncode == DONE:
            latchkey.run("db", "remove", name)


def test_db_add_refuses_a_password_file_that_others_may_read(own_latchkey, tmp_path):
    own_latchkey.serve()
    password = tmp_path / "password"
    password.write_text("x")
    password.chmod(0o644)
    words = ("db", "add", "one", "--contact-points", "127.0.0.1:1", "--datacenter", "dc", "--username", "u",
             "--password-file", str(password), "--listen", "127.0.0.1:%d" % free_port())
    assert "chmod 600 %s" % password in refused(own_latchkey.run(*words), INVALID)
    assert own_latchkey.ask("db", "list") == []
    password.chmod(0o600)
    password.write_text("x" * 1025)
    assert "1 to 1024 bytes" in refused(own_latchkey.run(*words), INVALID)
    password.write_text("x" * 1024)
    assert own_latchkey.run(*words).returncode == DONE


def test_store_check_and_the_daemon_notice_the_key_of_another_store(binary, own_latchkey, tmp_path):
    other = Latchkey(binary, tmp_path / "other")
    other.init()
    key = os.path.join(own_latchkey.data, "server.key")
    os.rename(key, key + ".own")
    shutil.copy(os.path.join(other.data, "server.key"), key)
    assert "not the one that this store was made with" in refused(own_latchkey.run("store", "check"), INTERNAL)
    assert "not the one that this store was made with" in serve_fails(own_latchkey)
    os.replace(key + ".own", key)
    assert own_latchkey.run("store", "check").returncode == DONE


def test_db_add_refuses_an_address_that_is_taken(latchkey, database, real, tmp_path):
    password = tmp_path / "password"
    password.write_text(SERVICE_PASSWORD)
    password.chmod(0o600)
    for listen, code in ((real.node, CONFLICT), ("127.0.0.1:%d" % database.port, CONFLICT), ("127.0.0.1:0", INVALID)):
        words = refused(latchkey.run(
            "db", "add", "another", "--contact-points", real.node, "--datacenter", "datacenter1", "--username", SERVICE,
            "--password-file", str(password), "--listen", listen), code)
        assert listen in words


def test_a_door_opens_again_where_a_removed_one_was(own_latchkey, tmp_path):
    own_latchkey.serve()
    password = tmp_path / "password"
    password.write_text("x")
    password.chmod(0o600)
    port = free_port()
    for _ in range(10):
        own_latchkey.ask("db", "add", "again", "--contact-points", "127.0.0.1:1", "--datacenter", "dc", "--username", "u",
                         "--password-file", str(password), "--listen", "127.0.0.1:%d" % port)
        socket.create_connection(("127.0.0.1", port), 5).close()
        own_latchkey.ask("db", "remove", "again")
    assert "door_failed" not in own_latchkey.log()


def test_a_database_that_is_not_there_is_exit_7(latchkey):
    for verb in ("show", "remove", "keyspaces", "token", "check"):
        refused(latchkey.run("db", verb, "nowhere"), MISSING)


def test_the_cluster_s_password_is_in_no_answer_and_not_in_clear_in_the_store(latchkey, database):
    assert SERVICE_PASSWORD not in latchkey.run("db", "show", "main").stdout
    for name in os.listdir(latchkey.data):
        path = os.path.join(latchkey.data, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                assert SERVICE_PASSWORD.encode() not in file.read(), name


# role, token

def test_a_role_goes_through_its_life(latchkey, database, tmp_path):
    policy = {"description": "x", "effect": "allow", "actions": ["db-cql"], "resources": [database.drn()]}
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(policy))
    made = latchkey.ask("role", "create", "Typed", "--policy", str(file))
    assert latchkey.ask("role", "show", "Typed")["id"] == latchkey.ask("role", "show", made["id"])["id"] == made["id"]
    policy["actions"].append("db-rest")
    file.write_text(json.dumps(policy))
    assert latchkey.run("role", "update", "Typed", "--policy", str(file)).returncode == DONE
    assert latchkey.ask("role", "show", "Typed")["policy"]["actions"] == ["db-cql", "db-rest"]
    assert any(r["name"] == "Typed" for r in latchkey.ask("role", "list"))
    assert latchkey.run("role", "create", "Typed", "--policy", str(file)).returncode == CONFLICT
    assert latchkey.run("role", "delete", "Typed").returncode == DONE
    refused(latchkey.run("role", "show", "Typed"), MISSING)


@pytest.mark.parametrize("text", ["", "{", "[]", "{\"actions\": [\"no-such\"], \"resources\": [], \"effect\": \"allow\", \"description\": \"\"}"])
def test_a_bad_policy_file_is_refused(latchkey, tmp_path, text):
    file = tmp_path / "policy.json"
    file.write_text(text)
    refused(latchkey.run("role", "create", "Bad", "--policy", str(file)), INVALID)
    assert latchkey.run("role", "create", "Bad", "--policy", "/nowhere").returncode != DONE


def test_a_built_in_role_is_not_deleted_from_the_command_line_either(latchkey):
    refused(latchkey.run("role", "delete", "Organization Administrator"), FORBIDDEN)


def test_a_token_goes_through_its_life(latchkey):
    made = latchkey.ask("token", "create", "--role", "Organization Administrator", "--role", "RO User",
                        "--description", "typed", "--expires", "30d")
    assert ADMINISTRATOR in made["roles"] and len(made["roles"]) == 2
    shown = latchkey.ask("token", "show", made["clientId"])
    assert shown["description"] == "typed" and "secret" not in shown and made["token"] not in json.dumps(shown)
    assert any(t["clientId"] == made["clientId"] for t in latchkey.ask("token", "list"))
    checked = latchkey.ask("token", "check", stdin=made["token"] + "\n")
    assert checked["clientId"] == made["clientId"] and made["token"] not in json.dumps(checked)
    assert latchkey.run("token", "delete", made["clientId"]).returncode == DONE
    assert latchkey.http("GET", "/v2/currentOrg", token=made["token"]).status_code == 401


@pytest.mark.parametrize("words,code", [
    (["create"], USAGE), (["create", "--role", "No Such Role"], MISSING), (["create", "--role", "R/W User", "--expires", "soon"], INVALID),
    (["create", "--role", "R/W User", "--expires", "-1d"], INVALID), (["show", "x" * 24], MISSING), (["show", "x"], INVALID),
    (["delete", "x" * 24], MISSING), (["delete"], USAGE), (["show"], USAGE), (["list", "--limit", "0"], USAGE),
    (["list", "--limit", "many"], USAGE), (["list", "--limit", "1001"], USAGE), (["list", "--all", "--status", "active"], USAGE),
    (["list", "--status", "dead"], INVALID), (["list", "--sort", "size"], INVALID)])
def test_token_refuses_bad_words(latchkey, words, code):
    refused(latchkey.run("token", *words), code)


def test_a_list_is_cut_sorted_and_counted_on_the_command_line(own_latchkey):
    daemon = own_latchkey
    daemon.serve()
    made = [daemon.make_token(ADMINISTRATOR, description=name).client_id for name in ("b", "c", "a")]
    daemon.ask("token", "create", "--role", "Organization Administrator", "--expires", "3d", "--description", "soon over")
    assert daemon.ask("token", "list", "--total") == 5
    assert daemon.ask("token", "list", "--total", "--status", "expiring") == 1
    assert daemon.ask("token", "list", "--total", "--status", "expired") == 0
    assert [t["description"] for t in daemon.ask("token", "list", "--status", "expiring")] == ["soon over"]
    done = daemon.run("token", "list", "--status", "unending", "--sort=-generatedOn", "--limit", "2")
    assert [t["clientId"] for t in json.loads(done.stdout)] == [made[2], made[1]]
    assert done.stderr == "these are 2 of 4\n"
    done = daemon.run("token", "list", "--sort", "description", "--search", made[0])
    assert [t["clientId"] for t in json.loads(done.stdout)] == [made[0]] and done.stderr == ""


def test_token_check_tells_a_typo_offline(binary, latchkey, tmp_path):
    made = latchkey.make_token(ADMINISTRATOR)
    typo = made.text[:10] + ("x" if made.text[10] != "x" else "y") + made.text[11:]
    done = call(binary, "token", "check", "--data", str(tmp_path), stdin=typo)
    assert json.loads(done.stdout)["checksum"] is False


def test_token_check_asks_the_daemon_whether_the_secret_is_right(latchkey):
    made = latchkey.make_token(ADMINISTRATOR)
    assert latchkey.ask("token", "check", stdin=made.text)["status"] == "active"
    done = latchkey.run("token", "check", stdin=made.text[:-1] + ("0" if made.text[-1] != "0" else "1"))
    assert done.returncode == UNAUTHENTICATED and json.loads(done.stdout)["status"] == "not recognised"
    latchkey.delete_token(made)
    assert latchkey.run("token", "check", stdin=made.text).returncode == UNAUTHENTICATED


@pytest.mark.parametrize("words", [["role", "show", "a", "b"], ["token", "list", "x"], ["db", "show", "a", "b"],
                                   ["key", "backup", "a", "b"], ["audit", "verify", "a", "b"], ["token", "create"] + ["--role=x"] * 300])
def test_a_word_too_many_is_usage(latchkey, words):
    refused(latchkey.run(*words), USAGE)


def test_a_remote_daemon_is_asked_with_a_token_from_the_environment_or_a_file(binary, latchkey, tmp_path):
    file = tmp_path / "token"
    file.write_text(latchkey.administrator + "\n")
    good = call(binary, "token", "list", "--url", latchkey.api, "--token-file", str(file))
    assert good.returncode == DONE and json.loads(good.stdout), good.stderr
    assert call(binary, "token", "list", "--url", latchkey.api, LATCHKEY_TOKEN=latchkey.administrator).returncode == DONE
    wrong = call(binary, "token", "list", "--url", latchkey.api, LATCHKEY_TOKEN="AstraCS:x")
    assert wrong.returncode == UNAUTHENTICATED, wrong
    assert call(binary, "token", "list", "--url", "http://192.0.2.1:1", LATCHKEY_TOKEN="x").returncode != DONE


@pytest.mark.parametrize("token,says", [("", "empty"), (" \n", "empty"), ("AstraCS:a\nX-More: b", "line end"),
                                        ("AstraCS:a b", "space"), ("AstraCS:\u00e9", "character")])
def test_what_is_no_token_is_not_sent(binary, latchkey, token, says):
    done = call(binary, "token", "list", "--url", latchkey.api, LATCHKEY_TOKEN=token)
    assert says in refused(done, UNAUTHENTICATED)


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://x", "API/v2", "API/v2/"])
def test_a_url_that_is_none_is_named(binary, latchkey, url):
    done = call(binary, "token", "list", "--url", url.replace("API", latchkey.api), LATCHKEY_TOKEN=latchkey.administrator)
    assert ("leave out /v2" if "v2" in url else '"%s"' % url) in refused(done, INVALID)


@pytest.mark.parametrize("words,code,says", [
    (["session", "end", "../tokens"], INVALID, "session list"), (["session", "end", "a b"], INVALID, "session list"),
    (["session", "end", ""], INVALID, "session list"), (["session", "end", NOBODY], MISSING, "no session"),
    (["user", "set-up", "nobody@example.org"], MISSING, "user list"), (["access-list", "remove", "x y", "--api"], INVALID, "x y"),
    (["token", "list", "--org", ""], USAGE, "--org"), (["audit", "search", "--outcome", "weird"], INVALID, "done, refused or failed"),
    (["org", "create", "X", "--email", "x@y.z"], INVALID, "init --enterprise")])
def test_a_slip_is_told_with_what_to_do(latchkey, words, code, says):
    assert says in refused(latchkey.run(*words), code)


@pytest.mark.parametrize("words", [["status"], ["store", "check"], ["key", "list"], ["audit", "tail"], ["db", "check", "main"]])
def test_what_needs_the_data_folder_is_not_done_from_elsewhere(latchkey, database, words):
    assert "--data" in refused(latchkey.run(*words, "--url", latchkey.api, "--token-file", latchkey.token_file), USAGE)


def test_a_folder_and_an_address_at_once_are_refused(latchkey):
    done = latchkey.run("token", "list", "--data=" + latchkey.data, "--url", latchkey.api, "--token-file", latchkey.token_file)
    assert done.returncode == USAGE and "--data" in done.stderr and "--url" in done.stderr


def test_what_is_in_no_access_list_cannot_be_taken_out_of_it(latchkey):
    def addresses():
        return [a["address"] for a in latchkey.ask("access-list", "show", "--api")["addresses"]]
    assert latchkey.run("access-list", "add", "10.0.0.0/8", "2001:db8::/32", "--api").returncode == DONE
    said = refused(latchkey.run("access-list", "remove", "10.0.0.0/8", "10.0.0.0/9", "--api"), MISSING)
    assert "10.0.0.0/9" in said and addresses() == ["10.0.0.0/8", "2001:db8::/32"]
    assert latchkey.run("access-list", "remove", "10.1.2.3/8", "2001:DB8:0::/32", "--api").returncode == DONE   # the same, spelled otherwise
    assert addresses() == []


def test_a_missing_permission_is_exit_5_on_database_paths_too(binary, latchkey, database, orders_only):
    done = call(binary, "db", "list", "--url", latchkey.api, LATCHKEY_TOKEN=orders_only.text)
    assert "org-db-view" in refused(done, FORBIDDEN)


# explain, key, store, audit, config

def test_explain_says_allow_or_deny_and_why(latchkey, database, orders_only):
    allow = latchkey.run("explain", "--token-id", orders_only.client_id, "--action", "db-table-select",
                         "--resource", database.drn("shop", "orders"))
    deny = latchkey.run("explain", "--token-id", orders_only.client_id, "--action", "db-table-select",
                        "--resource", database.drn("shop", "customers"))
    assert allow.returncode == DONE and "allow" in allow.stdout.lower(), allow.stderr
    assert "deny" in deny.stdout.lower() or "false" in deny.stdout.lower(), deny.stdout + deny.stderr


def test_keys_are_listed_without_their_bytes_and_backed_up_for_their_owner(latchkey, tmp_path):
    listed = latchkey.run("key", "list")
    assert listed.returncode == DONE and not re.search("[0-9a-f]{64}", listed.stdout)
    backup = tmp_path / "key"
    assert latchkey.run("key", "backup", str(backup)).returncode == DONE
    assert stat.S_IMODE(os.stat(backup).st_mode) == 0o600
    assert latchkey.run("key", "backup", str(backup)).returncode == CONFLICT


def test_a_backup_of_a_store_in_use_is_a_whole_store(latchkey, tmp_path):
    backup = tmp_path / "copy.db"
    done = latchkey.run("store", "backup", str(backup))
    assert done.returncode == DONE and "key" in (done.stdout + done.stderr), done
    assert stat.S_IMODE(os.stat(backup).st_mode) == 0o600
    import sqlite3
    assert sqlite3.connect(str(backup)).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert latchkey.run("store", "check").returncode == DONE


def audit_files(daemon):
    return sorted(os.path.join(base, name) for base, _, names in os.walk(daemon.data) for name in names
                  if "audit" in os.path.relpath(os.path.join(base, name), daemon.data) and not name.endswith((".head", ".lock")))


def test_the_audit_records_changes_without_secrets_and_verifies(own_latchkey):
    own_latchkey.serve()
    token = own_latchkey.make_token(ADMINISTRATOR, description="audited")
    own_latchkey.delete_token(token)
    tail = own_latchkey.run("audit", "tail")
    assert tail.returncode == DONE and token.client_id in tail.stdout, tail
    assert token.secret not in tail.stdout and token.text[-64:] not in tail.stdout
    for line in filter(None, tail.stdout.splitlines()):
        json.loads(line)
    files = audit_files(own_latchkey)
    assert own_latchkey.run("audit", "verify", *files).returncode == DONE
    own_latchkey.stop()


@pytest.mark.parametrize("damage", ["edit", "delete", "swap"])
def test_an_edited_audit_file_is_found_out(own_latchkey, tmp_path, damage):
    own_latchkey.serve()
    for _ in range(5):
        own_latchkey.delete_token(own_latchkey.make_token(ADMINISTRATOR))
    own_latchkey.stop()
    file = [f for f in audit_files(own_latchkey) if os.path.getsize(f)][0]
    lines = open(file, encoding="utf-8").read().splitlines(True)
    middle = len(lines) // 2
    if damage == "edit":
        lines[middle] = lines[middle].replace("token", "tokem", 1)
    elif damage == "delete":
        del lines[middle]
    else:
        lines[middle], lines[middle - 1] = lines[middle - 1], lines[middle]
    copy = tmp_path / "audit.jsonl"
    copy.write_text("".join(lines))
    done = own_latchkey.run("audit", "verify", str(copy))
    assert done.returncode not in (DONE, USAGE), done


def test_a_folder_without_a_trail_is_not_called_whole(binary, tmp_path):
    refused(call(binary, "audit", "verify", str(tmp_path)), MISSING)


def test_a_folder_is_no_file_of_settings(binary, tmp_path):
    refused(call(binary, "config", "check", str(tmp_path)), INVALID)


def test_config_show_is_a_file_that_config_check_accepts(binary, tmp_path):
    shown = call(binary, "config", "show")
    assert shown.returncode == DONE and "rate-limit" in shown.stdout
    file = tmp_path / "conf"
    file.write_text(shown.stdout)
    assert call(binary, "config", "check", str(file)).returncode == DONE
    file.write_text("workers = many\n")
    assert call(binary, "config", "check", str(file)).returncode == INVALID


# statement

def statement(binary, *lines, options=()):
    done = call(binary, "statement", *options, stdin="".join(
        (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    assert done.returncode == DONE, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_statement_says_what_a_text_needs(binary):
    answer, = statement(binary, {"keyspace": "ks", "cql": "select * from T -- x\n", "id": [1, 2]})
    assert answer["accepted"] is True and answer["kind"] == "SELECT" and answer["error"] is None and answer["id"] == [1, 2]
    assert answer["actions"] == [{"action": "db-table-select", "keyspace": "ks", "table": "t"}]
    assert '"ks"."t"' in answer["statement"] and "--" not in answer["statement"]


@pytest.mark.parametrize("line", ["{", "[]", "7", "{}", "{\"cql\": 7}", "{\"cql\": \"SELECT * FROM t\", \"keyspace\": null}", "\"x\"",
                                  "{\"cql\": \"SELECT * FROM a.t\", \"keyspace\": 7}", "{\"cql\": \"CREATE ROLE x\"}", "{\"cql\": \"\"}", "{\"cql\": \"SELECT \\u0000\"}"])
def test_statement_answers_a_bad_line_and_goes_on(binary, line):
    first, second = statement(binary, line, {"cql": "SELECT * FROM a.b"})
    assert first["accepted"] is False and first["error"]
    assert second["accepted"] is True


def test_statement_says_what_is_wrong_however_it_has_to_cut_the_text_that_it_quotes(binary):
    for ahead in range(4):
        text = "SELECT '%s%s' nonsense nonsense" % ("a" * ahead, "\u1681" * 40)
        answer = statement(binary, {"cql": text})[0]
        assert answer["accepted"] is False and answer["error"].startswith("line 1:"), answer
        wrong = statement(binary, {"cql": "FROM '%s%s'" % ("a" * ahead, "\u1681" * 40)})[0]
        quoted = statement(binary, {"cql": "SELECT k FROM t WHERE '%s%s'" % ("a" * ahead, "\u1681" * 40)})[0]
        assert wrong["error"] and quoted["error"], (wrong, quoted)


def test_statement_says_when_it_cannot_read_or_write(binary, tmp_path):
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        done = subprocess.run([binary, "statement"], stdin=folder, capture_output=True, text=True, timeout=60)
    finally:
        os.close(folder)
    assert "standard input" in refused(done, INVALID)
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([binary, "statement"], input='{"cql": "SELECT * FROM a.b"}\n', stdout=full, text=True,
                              stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == INTERNAL and "write" in done.stderr
    assert "nowhere" in refused(call(binary, "statement", "--schema", str(tmp_path / "nowhere"), stdin=""), MISSING)


def test_statement_follows_the_schema_of_a_file_and_of_applied_lines(binary, tmp_path):
    schema = tmp_path / "schema.cql"
    schema.write_text("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};\n"
                      "CREATE TABLE k.t (id int PRIMARY KEY, a int);\nCREATE INDEX i ON k.t (a);\n")
    answers = statement(
        binary, {"cql": "DROP INDEX k.i"},
        {"cql": "CREATE MATERIALIZED VIEW k.v AS SELECT * FROM t WHERE a IS NOT NULL AND id IS NOT NULL PRIMARY KEY (a, id)", "apply": True},
        {"cql": "SELECT * FROM k.v"}, {"cql": "DROP INDEX k.unknown"}, options=("--schema", str(schema)))
    assert answers[0]["actions"] == [{"action": "db-table-alter", "keyspace": "k", "table": "t"}]
    assert answers[2]["actions"] == [{"action": "db-table-select", "keyspace": "k", "table": "t"}]
    assert answers[3]["accepted"] is False


def test_statement_answers_each_line_as_soon_as_it_is_read(binary):
    process = subprocess.Popen([binary, "statement"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        for number in range(3):
            process.stdin.write(json.dumps({"cql": "SELECT * FROM a.b", "id": number}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
    finally:
        process.stdin.close()
        assert process.wait(10) == DONE
        process.stdout.close()
