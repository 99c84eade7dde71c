"""An older store takes the place of a newer one: what the trail says was revoked stays revoked."""
import json
import os
import shutil

import pytest

import unix_http
from latchkey import ADMINISTRATOR, Latchkey

DONE, USAGE, MISSING, CONFLICT, INTERNAL = 0, 2, 7, 8, 9


def answers(daemon, token):
    return daemon.http("GET", "/v2/currentOrg", token=token.text).status_code


def role(daemon, name, table):
    return daemon.make_role(["db-table-select"], ["drn:astra:org:%s:db:*:keyspace:k:table:%s" % (daemon.organization, table)],
                            name=name)


@pytest.fixture
def changed(own_latchkey, tmp_path):
    """A stopped daemon, and a backup from before some deletions."""
    daemon = own_latchkey
    daemon.serve()
    daemon.kept = daemon.make_token(ADMINISTRATOR)
    daemon.revoked = [daemon.make_token(ADMINISTRATOR) for _ in range(3)]
    daemon.gone, daemon.narrowed, daemon.before = (role(daemon, name, name[0]) for name in ("gone", "narrowed", "before"))
    body = {"name": "before", "policy": {"description": "changed before", "effect": "allow", "actions": ["org-read"], "resources": [
        "drn:astra:org:" + daemon.organization]}}
    daemon.good("PUT", "/v2/organizations/roles/" + daemon.before, body)
    daemon.add_database("removed", "127.0.0.1:1", "service", "password")
    daemon.backup = str(tmp_path / "backup.db")
    assert daemon.run("store", "backup", daemon.backup).returncode == DONE
    for token in daemon.revoked:
        daemon.delete_token(token)
    daemon.late = daemon.make_token(ADMINISTRATOR)
    daemon.delete_token(daemon.late)
    assert daemon.http("DELETE", "/v2/organizations/roles/" + daemon.gone).status_code == 204
    body = {"name": "narrowed", "policy": {"description": "", "effect": "deny", "actions": ["db-table-select"],
                                           "resources": ["drn:astra:org:%s:db:*:keyspace:k:table:b" % daemon.organization]}}
    daemon.good("PUT", "/v2/organizations/roles/" + daemon.narrowed, body)
    assert daemon.run("db", "remove", "removed").returncode == DONE
    return daemon


def trail(daemon):
    return [json.loads(line)["event"]["name"] for line in daemon.run("audit", "tail", "-n", "1000").stdout.splitlines()]


def test_what_was_deleted_after_the_backup_is_deleted_again(changed):
    daemon = changed
    daemon.stop()
    before = len(trail(daemon))
    said = daemon.run("store", "restore", daemon.backup, "--force")
    assert said.returncode == DONE, said
    result = json.loads(said.stdout)
    assert (result["tokensDeletedAgain"], result["rolesDeletedAgain"], result["databasesRemovedAgain"]) == (3, 1, 1)
    assert result["rolesChangedLater"] == [daemon.narrowed] and "changed after the backup" in said.stderr
    daemon.serve()
    assert answers(daemon, daemon.kept) == 200
    for token in daemon.revoked + [daemon.late]:
        assert answers(daemon, token) == 401
    listed = {one["clientId"] for one in daemon.good("GET", "/v2/tokens")["clients"]}
    assert daemon.kept.client_id in listed and not listed & {one.client_id for one in daemon.revoked}
    assert daemon.http("DELETE", "/v2/tokens/" + daemon.revoked[0].client_id).status_code == 204    # as before the restore
    assert daemon.http("GET", "/v2/organizations/roles/" + daemon.gone).status_code == 404
    assert daemon.ask("db", "list") == []
    daemon.make_token(ADMINISTRATOR)
    daemon.stop()
    names = trail(daemon)[before:]
    assert "store.restore" in names and "token.create" in names
    assert daemon.run("audit", "verify").returncode == DONE
    assert daemon.run("store", "check").returncode == DONE
    assert os.path.exists(os.path.join(daemon.data, "latchkey.db.before"))


@pytest.mark.parametrize("later", ["nothing", "ended", "changed", "ended before, and set up again"])
def test_records_are_not_sent_again_to_where_they_went_once(own_latchkey, tmp_path, later):
    daemon, backup = own_latchkey, str(tmp_path / "backup.db")
    path = "/v2/organizations/%s/telemetry/auditLogs" % daemon.organization
    sent = {"webhook": {"endpoint": "https://127.0.0.1:9/"}}
    daemon.serve()
    unix_http.good(daemon, "POST", path, sent)
    if later.startswith("ended before"):
        unix_http.good(daemon, "DELETE", path)
        unix_http.good(daemon, "POST", path, sent)
    assert daemon.run("store", "backup", backup).returncode == DONE
    if later == "ended":
        unix_http.good(daemon, "DELETE", path)
    elif later == "changed":
        unix_http.good(daemon, "POST", path, {"webhook": {"endpoint": "https://127.0.0.1:10/"}})
    daemon.stop()
    said = daemon.run("store", "restore", backup, "--force")
    ended = later in ("ended", "changed")
    assert json.loads(said.stdout)["auditExportsEnded"] == ended and ("latchkey audit export" in said.stderr) == ended
    daemon.serve()
    assert unix_http.good(daemon, "GET", path)["enabled"] != ended
    daemon.stop()


def test_what_went_with_its_organization_is_not_sent_again_either(binary, tmp_path):
    daemon, backup = Latchkey(binary, tmp_path / "latchkey"), str(tmp_path / "backup.db")
    daemon.init("--enterprise", "Group")
    daemon.serve()
    lone = unix_http.good(daemon, "POST", "/v2/enterprises/organizations", {"name": "Lone", "email": "x@example.org"},
                          enterprise=True)["OrganizationID"]
    path = "/v2/organizations/%s/telemetry/auditLogs" % lone
    unix_http.good(daemon, "POST", path, {"webhook": {"endpoint": "https://127.0.0.1:9/"}})
    assert daemon.run("store", "backup", backup).returncode == DONE
    unix_http.good(daemon, "DELETE", "/v2/enterprises/%s/organizations/%s" % (daemon.enterprise, lone), enterprise=True)
    daemon.stop()
    assert json.loads(daemon.run("store", "restore", backup, "--force").stdout)["auditExportsEnded"] == 1
    daemon.serve()
    assert unix_http.good(daemon, "GET", path)["enabled"] is False
    daemon.stop()


def test_without_the_trail_revoked_tokens_would_live_again(changed):
    daemon = changed
    daemon.stop()
    said = daemon.run("store", "restore", daemon.backup, "--force", "--no-audit")
    assert said.returncode == DONE and "live again" in said.stderr, said
    daemon.serve()
    assert answers(daemon, daemon.revoked[0]) == 200, "the test above would show nothing"


def test_a_new_machine_gets_the_key_the_store_and_a_copy_of_the_trail(changed, binary, tmp_path):
    daemon = changed
    daemon.stop()
    new = Latchkey(binary, tmp_path / "new")
    os.mkdir(new.data, 0o700)
    shutil.copy(os.path.join(daemon.data, "server.key"), new.data)
    assert new.run("store", "restore", daemon.backup).returncode == USAGE      # no trail here
    said = new.run("store", "restore", daemon.backup, "--audit", os.path.join(daemon.data, "audit"))
    assert said.returncode == DONE, said
    new.administrator = daemon.administrator
    new.serve()
    try:
        assert answers(new, daemon.kept) == 200
        assert answers(new, daemon.revoked[0]) == 401
    finally:
        new.kill()


def test_an_older_copy_of_the_trail_revives_nobody(changed, tmp_path):
    daemon = changed
    daemon.stop()
    folder, copy = os.path.join(daemon.data, "audit"), tmp_path / "copy"
    name = sorted(os.listdir(folder))[0]
    with open(os.path.join(folder, name), "rb") as file:
        before = file.read().split(b"token.delete")[0].splitlines(True)[:-1]
    copy.mkdir()
    (copy / name).write_bytes(b"".join(before))
    assert daemon.ask("store", "restore", daemon.backup, "--force", "--audit", str(copy))["tokensDeletedAgain"] == 3
    daemon.serve()
    assert answers(daemon, daemon.revoked[0]) == 401


def test_a_restore_that_is_refused_changes_nothing(changed, binary, tmp_path):
    daemon = changed
    assert daemon.run("store", "restore", daemon.backup, "--force").returncode == CONFLICT     # it runs
    daemon.stop()
    assert daemon.run("store", "restore", daemon.backup).returncode == CONFLICT
    assert daemon.run("store", "restore", str(tmp_path / "nowhere"), "--force").returncode == MISSING
    other = Latchkey(binary, tmp_path / "other")
    other.init()
    theirs = str(tmp_path / "theirs.db")
    assert other.run("store", "backup", theirs).returncode == DONE
    said = daemon.run("store", "restore", theirs, "--force")
    assert said.returncode == INTERNAL and "key" in said.stderr, said
    bad = tmp_path / "bad"
    shutil.copytree(os.path.join(daemon.data, "audit"), bad)
    name = sorted(os.listdir(bad))[0]
    text = (bad / name).read_bytes()
    (bad / name).write_bytes(text.replace(b"token.delete", b"token.create", 1))
    said = daemon.run("store", "restore", daemon.backup, "--force", "--audit", str(bad))
    assert said.returncode == INTERNAL and "line" in said.stderr, said
    assert sorted(n for n in os.listdir(daemon.data) if "before" in n or "restored" in n) == []
    daemon.serve()
    assert answers(daemon, daemon.revoked[0]) == 401 and answers(daemon, daemon.kept) == 200


def test_a_trail_that_a_crash_cut_short_serves_all_the_same(changed):
    daemon = changed
    daemon.stop()
    folder = os.path.join(daemon.data, "audit")
    with open(os.path.join(folder, sorted(os.listdir(folder))[-1]), "ab") as file:
        file.write(b'{"seq":99,"time":"20')
    assert daemon.ask("store", "restore", daemon.backup, "--force")["tokensDeletedAgain"] == 3
    daemon.serve()
    assert answers(daemon, daemon.revoked[0]) == 401


def test_a_restore_that_fails_half_way_leaves_the_store_where_it_was(changed):
    daemon = changed
    daemon.kill()                                                             # leaves the store's log
    os.makedirs(os.path.join(daemon.data, "latchkey.db.before-wal", "in the way"))
    said = daemon.run("store", "restore", daemon.backup, "--force")
    assert said.returncode != DONE and "cannot move" in said.stderr, said
    assert sorted(n for n in os.listdir(daemon.data) if "restored" in n or n == "latchkey.db.before") == []
    daemon.serve()
    assert answers(daemon, daemon.revoked[0]) == 401 and answers(daemon, daemon.kept) == 200
