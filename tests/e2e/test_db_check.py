"""`latchkey db check` against a real node: every right that the gateway's role lacks is named, and every one too many;
what a database's status says when its cluster is not there, or not in the datacenter that was registered."""
import json
import pathlib
import re
import sys

import pytest

from latchkey import free_port, until

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "node"), str(TESTS / "gateway")]

import recording_node  # noqa: E402
import wire  # noqa: E402
from node_schema import Keyspace, Schema, simple  # noqa: E402

DONE, MISSING, CONFLICT = 0, 7, 8
ROLE, PASSWORD = "checked_gateway", "of the role that is checked"
KEYSPACE = "checked"
GRANTS = ("SELECT", "MODIFY", "CREATE", "ALTER", "DROP")


@pytest.fixture(scope="module")
def checked(latchkey, real):
    """A database whose role has exactly the grants that `checked` needs, and none on the other keyspaces."""
    real.run("DROP KEYSPACE IF EXISTS " + KEYSPACE, "DROP ROLE IF EXISTS " + ROLE,
             "CREATE KEYSPACE %s WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}" % KEYSPACE,
             "CREATE TABLE %s.t (k int PRIMARY KEY, v int)" % KEYSPACE,
             "CREATE ROLE %s WITH LOGIN = true AND PASSWORD = '%s'" % (ROLE, PASSWORD),
             *["GRANT %s ON KEYSPACE %s TO %s" % (grant, KEYSPACE, ROLE) for grant in GRANTS])
    yield latchkey.add_database("checked", real.node, ROLE, PASSWORD)
    latchkey.ask("db", "remove", "checked")
    real.run("DROP KEYSPACE " + KEYSPACE, "DROP ROLE " + ROLE)


def check(latchkey, name="checked", code=None):
    done = latchkey.run("db", "check", name, "--json")
    assert code is None or done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def of(answer, keyspace=KEYSPACE):
    found, = [k for k in answer["keyspaces"] if k["name"] == keyspace]
    return found


def said(answer, level):
    return " ".join(f["text"] for f in answer["findings"] if f["level"] == level)


def test_a_role_with_exactly_the_grants_lacks_nothing_in_its_keyspace(latchkey, checked):
    answer = check(latchkey)
    assert of(answer) == {"name": KEYSPACE, "held": list(GRANTS), "missing": [], "withoutSchemaChanges": []}
    assert not [line for line in answer["grants"] if '"%s"' % KEYSPACE in line]
    assert "superuser" not in said(answer, "error") and "system_auth" not in said(answer, "error")
    assert not [k for k in answer["keyspaces"] if k["name"].startswith("system")]


@pytest.mark.parametrize("grant", GRANTS)
def test_each_grant_that_is_taken_away_is_named_and_its_line_puts_it_right(latchkey, checked, real, grant):
    real.run("REVOKE %s ON KEYSPACE %s FROM %s" % (grant, KEYSPACE, ROLE))
    try:
        answer = check(latchkey, code=CONFLICT)
        assert of(answer)["missing"] == [grant] and answer["ok"] is False
        line, = [line for line in answer["grants"] if '"%s"' % KEYSPACE in line]
        assert line == 'GRANT %s ON KEYSPACE "%s" TO "%s";' % (grant, KEYSPACE, ROLE)
        real.run(line.rstrip(";"))
        assert of(check(latchkey))["missing"] == []
    finally:
        real.run("GRANT %s ON KEYSPACE %s TO %s" % (grant, KEYSPACE, ROLE))


def test_a_keyspace_of_others_lacks_what_reading_and_writing_need(latchkey, checked):
    answer = check(latchkey, code=CONFLICT)
    assert of(answer, "vault") == {"name": "vault", "held": [], "missing": ["SELECT", "MODIFY"],
                                   "withoutSchemaChanges": ["CREATE", "ALTER", "DROP"]}
    assert 'GRANT SELECT ON KEYSPACE "vault" TO "%s";' % ROLE in answer["grants"]


def test_everything_granted_everywhere_is_exit_0(latchkey, checked, real):
    answer = check(latchkey, code=CONFLICT)
    real.run(*[line.rstrip(";") for line in answer["grants"]])
    try:
        answer = check(latchkey, code=DONE)
        assert answer["ok"] is True and answer["grants"] == []
        shown = latchkey.run("db", "check", "checked")
        assert shown.returncode == DONE
    finally:
        real.run(*["REVOKE %s ON KEYSPACE %s FROM %s" % (grant, k["name"], ROLE)
                   for k in answer["keyspaces"] if k["name"] != KEYSPACE for grant in ("SELECT", "MODIFY")])


def test_functions_need_to_be_executed(latchkey, checked, real):
    real.run("CREATE FUNCTION %s.twice(a int) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS 'return a;'" % KEYSPACE)
    try:
        answer = until("the function in the answer", lambda: (lambda a: a if of(a)["missing"] else None)(check(latchkey)))
        assert of(answer)["missing"] == ["EXECUTE"]
        line = 'GRANT EXECUTE ON ALL FUNCTIONS IN KEYSPACE "%s" TO "%s";' % (KEYSPACE, ROLE)
        assert line in answer["grants"]
        real.run(line.rstrip(";"))
        assert of(check(latchkey))["missing"] == []
    finally:
        real.run("DROP FUNCTION %s.twice" % KEYSPACE)


@pytest.mark.parametrize("grant,words", [
    ("SELECT ON ALL KEYSPACES", "SELECT on <all keyspaces>"), ("SELECT ON KEYSPACE system_auth", "<keyspace system_auth>"),
    ("SELECT ON TABLE system_auth.roles", "<table system_auth.roles>"), ("AUTHORIZE ON ALL ROLES", "<all roles>")])
def test_a_right_that_reaches_passwords_is_named(latchkey, checked, real, grant, words):
    real.run("GRANT %s TO %s" % (grant, ROLE))
    try:
        answer = check(latchkey, code=CONFLICT)
        assert words in said(answer, "error") and "system_auth" in said(answer, "error")
    finally:
        real.run("REVOKE %s FROM %s" % (grant, ROLE))
    assert words not in said(check(latchkey), "error")


def test_a_superuser_is_named_also_when_it_is_one_through_another_role(latchkey, checked, real):
    real.run("CREATE ROLE IF NOT EXISTS chief WITH SUPERUSER = true", "GRANT chief TO " + ROLE)
    try:
        assert "superuser" in said(check(latchkey, code=CONFLICT), "error")
    finally:
        real.run("REVOKE chief FROM " + ROLE, "DROP ROLE chief")
    assert "superuser" not in said(check(latchkey), "error")


# what only a node of our own making shows

class NodeWithoutAuthorizer(recording_node.RecordingNode):
    def _list(self, frame, text):
        return recording_node.error(frame, wire.INVALID, "LIST is not supported by AllowAllAuthorizer")


def check_of(latchkey, node):
    name = "made"
    latchkey.add_database(name, "%s:%d" % (node.address, node.port), recording_node.USER, recording_node.PASSWORD)
    try:
        return until("a cluster that was read and reached",
                     lambda: (lambda a: None if a["connecting"] or not a["read"] else a)(check(latchkey, name)))
    finally:
        latchkey.ask("db", "remove", name)
        node.close()


def schema():
    return Schema({"shop": Keyspace({"orders": simple()})})


def test_a_cluster_that_checks_no_rights_is_named(latchkey, checked):
    answer = check_of(latchkey, NodeWithoutAuthorizer(schema()))
    assert "CassandraAuthorizer" in said(answer, "error") and answer["ok"] is False
    assert answer["keyspaces"] == [] and answer["grants"] == []


@pytest.mark.parametrize("release,old", [("4.1.7", True), ("5.0.2", True), ("5.0.3", False), ("4.1.8", False)])
def test_a_server_with_known_holes_is_named(latchkey, checked, release, old):
    answer = check_of(latchkey, recording_node.RecordingNode(schema(), release=release))
    assert ("known holes" in said(answer, "warn")) is old
    assert answer["ok"] is True and of(answer, "shop")["withoutSchemaChanges"] == ["CREATE", "ALTER", "DROP"]


def test_a_node_that_is_not_reached_is_counted_and_named(latchkey, checked):
    port = free_port()
    node = recording_node.RecordingNode(schema(), peers=[("127.0.0.9", port)])
    warned = said(check_of(latchkey, node), "warn")
    assert "1 of 2 usable nodes" in warned and "127.0.0.9:%d cannot be reached from here: Connection refused" % port in warned


# status

def shown(latchkey, name):
    return latchkey.ask("db", "show", name)


def metric(latchkey, name):
    text = latchkey.http("GET", "/metrics").text
    return int(re.search(r"^%s (\d+)$" % name, text, re.M).group(1))


def cluster(latchkey, name):
    found, = [c for c in latchkey.ask("status")["clusters"] if c["name"] == name]
    return found


def add(latchkey, tmp_path, name, contact, datacenter, username=ROLE, password=PASSWORD):
    file = tmp_path / "password"
    file.write_text(password)
    file.chmod(0o600)
    return latchkey.run("db", "add", name, "--contact-points", contact, "--datacenter", datacenter, "--username", username,
                        "--password-file", str(file), "--listen", "127.0.0.1:%d" % free_port())


def test_a_datacenter_without_a_node_is_warned_of_at_once_and_shown_everywhere(latchkey, checked, real, tmp_path):
    done = add(latchkey, tmp_path, "lost", real.node, "nowhere")
    try:
        assert done.returncode == DONE and json.loads(done.stdout)["id"]
        warning = [line for line in done.stderr.splitlines() if "warning" in line]
        assert len(warning) == 1 and '"nowhere"' in warning[0] and "datacenter1" in warning[0] and "ERROR" in warning[0]
        database = latchkey.good("GET", "/v2/databases/" + json.loads(done.stdout)["id"])
        assert database["status"] == database["observedStatus"] == "ERROR" and "datacenter1" in database["message"]
        assert shown(latchkey, "lost")["status"] == "ERROR"
        assert cluster(latchkey, "lost")["state"] == "no node in the datacenter"
        assert metric(latchkey, "latchkey_clusters_without_nodes") == 1
        assert "datacenter1" in said(check(latchkey, "lost", CONFLICT), "error")
        assert latchkey.http("GET", "/readyz").status_code == 200
    finally:
        latchkey.ask("db", "remove", "lost")
    until("the metric without it", lambda: metric(latchkey, "latchkey_clusters_without_nodes") == 0)


def test_a_cluster_that_cannot_be_reached_is_a_state_and_not_unreadiness(latchkey, checked, tmp_path):
    done = add(latchkey, tmp_path, "dark", "127.0.0.1:%d" % free_port(), "datacenter1")
    try:
        assert done.returncode == DONE
        found = until("the state of a cluster that is not there",
                      lambda: (lambda d: d if d["status"] == "MAINTENANCE" else None)(shown(latchkey, "dark")))
        assert found["message"] and "MAINTENANCE" in done.stderr
        assert cluster(latchkey, "dark")["state"] == "unreachable"
        assert metric(latchkey, "latchkey_clusters") == metric(latchkey, "latchkey_clusters_connected") + 1
        assert latchkey.http("GET", "/readyz").status_code == 200
        answer = check(latchkey, "dark", CONFLICT)
        assert answer["read"] is False and answer["keyspaces"] == [] and said(answer, "error")
    finally:
        latchkey.ask("db", "remove", "dark")


def test_a_wrong_password_is_said_when_the_database_is_added(latchkey, checked, real, tmp_path):
    done = add(latchkey, tmp_path, "shut", real.node, "datacenter1", password="not it")
    try:
        assert "refuses the service role" in done.stderr
    finally:
        latchkey.ask("db", "remove", "shut")


def test_a_good_database_is_active_and_added_without_a_warning(latchkey, checked, real, tmp_path):
    done = add(latchkey, tmp_path, "fine", real.node, "datacenter1")
    try:
        assert done.returncode == DONE and "warning" not in done.stderr
        assert shown(latchkey, "fine")["status"] == "ACTIVE" and cluster(latchkey, "fine")["state"] == "ready"
    finally:
        latchkey.ask("db", "remove", "fine")
