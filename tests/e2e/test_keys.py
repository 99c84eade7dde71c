"""Server keys while the daemon runs: a new one signs, tokens follow as they are used, an old one is taken out."""
import json
import os
import re
import sqlite3

import pytest

from latchkey import ADMINISTRATOR, until

DONE, USAGE, INVALID, RETRY, MISSING, CONFLICT = 0, 2, 3, 6, 7, 8


def keys(daemon):
    return {key["id"]: key for key in daemon.ask("key", "list")}


def answers(daemon, token):
    return daemon.http("GET", "/v2/currentOrg", token=token.text).status_code


def test_tokens_follow_a_new_key_as_they_are_used_and_the_old_one_is_retired(own_latchkey):
    daemon = own_latchkey
    daemon.serve()
    old = [daemon.make_token(ADMINISTRATOR) for _ in range(5)]
    assert keys(daemon)[1]["tokens"] == 6
    rotated = daemon.ask("key", "rotate")
    assert rotated["id"] == 2 and rotated["newest"] is True
    new = daemon.make_token(ADMINISTRATOR)
    refused = daemon.run("key", "retire", "1")
    assert refused.returncode == CONFLICT and "--force" in refused.stderr, refused
    for token in old + [new]:
        assert answers(daemon, token) == 200
    daemon.good("GET", "/v2/currentOrg")          # the administrator's
    until("every token under the new key", lambda: (keys(daemon)[1]["tokens"], keys(daemon)[2]["tokens"]) == (0, 7))
    assert daemon.ask("key", "retire", "1")["tokens"] == 0
    assert list(keys(daemon)) == [2]
    for token in old + [new]:
        assert answers(daemon, token) == 200
    daemon.stop()
    daemon.serve()
    for token in old + [new]:
        assert answers(daemon, token) == 200
    daemon.stop()
    names = [json.loads(line)["event"]["name"] for line in daemon.run("audit", "tail", "-n", "1000").stdout.splitlines()]
    assert (names.count("key.rotate"), names.count("token.rekey"), names.count("key.retire")) == (1, 6, 1)
    assert daemon.run("audit", "verify").returncode == DONE
    assert daemon.run("store", "check").returncode == DONE


def test_force_retires_a_key_that_tokens_need_and_only_they_are_refused(own_latchkey):
    daemon = own_latchkey
    daemon.serve()
    lost = daemon.make_token(ADMINISTRATOR)
    daemon.ask("key", "rotate")
    kept = daemon.make_token(ADMINISTRATOR)
    assert daemon.run("key", "retire", "2").returncode == CONFLICT      # signs new tokens
    assert daemon.run("key", "retire", "3").returncode == MISSING
    until("the administrator's token, which was used, under the new key", lambda: keys(daemon)[1]["tokens"] == 1)
    done = daemon.run("key", "retire", "1")
    assert done.returncode == CONFLICT and re.search(r"\b1 token\b", done.stderr), done.stderr
    assert daemon.ask("key", "retire", "1", "--force")["tokens"] == 1
    assert answers(daemon, lost) == 401 and answers(daemon, kept) == 200
    daemon.stop()
    daemon.serve()
    assert answers(daemon, lost) == 401 and answers(daemon, kept) == 200
    assert daemon.http("DELETE", "/v2/tokens/" + lost.client_id, token=kept.text).status_code == 204


def test_the_passwords_of_clusters_survive_the_key_that_sealed_them(own_latchkey):
    daemon = own_latchkey
    daemon.serve()
    daemon.add_database("one", "127.0.0.1:1", "service", "the password of one")
    daemon.wait_log("door_open kind=cql")
    assert keys(daemon)[1]["databases"] == 1
    daemon.ask("key", "rotate")
    assert (keys(daemon)[1]["databases"], keys(daemon)[2]["databases"]) == (0, 1)
    daemon.ask("key", "retire", "1", "--force")
    assert daemon.log().count("door_open kind=cql") == 1, "the door and its sessions were to stay"
    daemon.stop()
    daemon.serve()
    daemon.wait_log("door_open kind=cql", daemon.log_start)
    assert "door_failed" not in daemon.log()
    daemon.stop()
    store = sqlite3.connect(os.path.join(daemon.data, "latchkey.db"))
    assert [row[0] for row in store.execute("SELECT id FROM server_key")] == [2]


def test_without_a_daemon_keys_are_listed_and_not_changed(own_latchkey):
    assert [key["id"] for key in own_latchkey.ask("key", "list")] == [1]
    for words in (("key", "rotate"), ("key", "retire", "1")):
        done = own_latchkey.run(*words)
        assert done.returncode == RETRY and "serve" in done.stderr, done


@pytest.mark.parametrize("words,code", [(("retire",), USAGE), (("retire", "x"), INVALID), (("retire", "0"), MISSING),
                                        (("retire", "99999"), MISSING), (("rotate", "1"), USAGE)])
def test_bad_words_change_no_key(own_latchkey, words, code):
    own_latchkey.serve()
    assert own_latchkey.run("key", *words).returncode == code
    assert list(keys(own_latchkey)) == [1]


def test_keys_are_the_operator_s_alone(own_latchkey):
    own_latchkey.serve()
    for method, path in (("GET", "/v2/operator/keys"), ("POST", "/v2/operator/keys"), ("DELETE", "/v2/operator/keys/1")):
        assert own_latchkey.http(method, path).status_code == 404
    assert list(keys(own_latchkey)) == [1]
