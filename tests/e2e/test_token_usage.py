"""What a token is used for, seen through a real driver against real Cassandra; and that nobody sees another organization's."""
import pytest
from cassandra import Unauthorized
from cassandra.query import BatchStatement

from latchkey import ADMINISTRATOR, Latchkey, until


def usage(latchkey, token, **more):
    return latchkey.http("GET", "/v2/tokens/%s/usage" % token.client_id, **more).json()


def test_a_driver_s_work_is_counted(latchkey, database, door, real):
    token = latchkey.make_token(latchkey.make_role(["db-cql", "db-table-select", "db-table-modify"],
                                                   [database.drn(), database.drn("shop", "orders")], name="Counted"))
    with door.driver(token) as session:
        read = session.prepare("SELECT item FROM shop.orders WHERE id = ?")
        write = session.prepare("INSERT INTO shop.orders (id, item) VALUES (?, ?)")
        for number in range(20):
            session.execute(read, [number])
            session.execute(write, [1000 + number, "counted"])
        batch = BatchStatement()
        for number in range(3):
            batch.add(write, [1000 + number, "again"])
        session.execute(batch)
        session.execute("DELETE FROM shop.orders WHERE id = 1000")
        with pytest.raises(Unauthorized):
            session.execute("SELECT * FROM shop.customers")

        def counted():
            shown = usage(latchkey, token)
            return shown if sum(hour["statements"] for hour in shown["hours"]) >= 42 else None
        shown = until("the driver's statements", counted)
        assert [(one["keyspace"], one["table"], one["reads"], one["writes"], one["databaseId"]) for one in shown["tables"]] == [
            ("shop", "orders", 20, 22, database.id)]
        assert sum(hour["statements"] for hour in shown["hours"]) == 42 and len(shown["hours"]) == 24
        assert shown["refusals"] == [{"reason": "no permission for the statement", "count": 1}]
        assert "Python Driver 3." in shown["lastUsedBy"] and shown["lastUsedFrom"] == "127.0.0.1"
        sessions = latchkey.good("GET", "/v2/tokens/%s/sessions" % token.client_id)
        assert sessions["count"] >= 2, "one for the driver's own questions, one for ours"
        assert {one["database"] for one in sessions["sessions"]} == {"main"}
        blind = latchkey.make_token(latchkey.make_role(["org-token-read"], ["drn:astra:org:" + latchkey.organization])).text
        unnamed = latchkey.good("GET", "/v2/tokens/%s/usage" % token.client_id, token=blind)
        assert unnamed["tables"] == [] and sum(hour["statements"] for hour in unnamed["hours"]) == 42
        sessions = latchkey.good("GET", "/v2/tokens/%s/sessions" % token.client_id, token=blind)
        assert {one["database"] for one in sessions["sessions"]} == {""} and sessions["count"] >= 2


def test_a_deleted_token_shows_nothing(latchkey):
    token = latchkey.make_token(ADMINISTRATOR)
    assert usage(latchkey, token)["lastUsedAt"] is None
    latchkey.delete_token(token)
    for what in ("usage", "sessions"):
        assert latchkey.http("GET", "/v2/tokens/%s/%s" % (token.client_id, what)).status_code == 404


def test_organizations_are_kept_apart(binary, tmp_path):
    daemon = Latchkey(binary, tmp_path)
    daemon.init("--enterprise", "Group")
    daemon.serve()
    import unix_http
    boss = unix_http.good(daemon, "POST", "/v2/tokens", {"roles": ["014ba2cc-2ed1-44b8-8162-dba27ca7ce57"]}, enterprise=True)["token"]
    other = daemon.good("POST", "/v2/enterprises/organizations", {"name": "Others", "email": "o@example.org"}, token=boss)["OrganizationID"]
    theirs = daemon.good("POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "orgId": other}, token=boss)["token"]
    poor = daemon.make_token("d2cfcd63-055c-4a58-b957-8916d4a007a5")      # RO User
    assert daemon.http("GET", "/v2/usage", token=poor.text).status_code == 403
    ours = until("the refusal", lambda: (lambda shown: shown if shown["refusals"] else None)(daemon.good("GET", "/v2/usage")))
    assert ours["refusedTokens"] == [{"clientId": poor.client_id, "count": 1}]
    assert ours["refusals"] == [{"reason": "no permission for the API call", "count": 1}]
    shown = daemon.good("GET", "/v2/usage", token=theirs)
    assert shown["refusals"] == [] and shown["refusedTokens"] == [] and shown["openSessions"] == 0
    assert daemon.http("GET", "/v2/tokens/%s/usage" % poor.client_id, token=theirs).status_code == 404
    daemon.stop()


def test_hours_that_are_no_number_are_refused(latchkey):
    token = latchkey.make_token(ADMINISTRATOR)
    for path in ("/v2/usage", "/v2/tokens/%s/usage" % token.client_id):
        for hours in ("", "0", "721", "x", "-1", "9999999"):
            answer = latchkey.http("GET", path + "?hours=" + hours)
            assert answer.status_code == 400 and "hours must be a number from 1 to 720" in answer.text, (path, hours)
        for query in ("", "?hours=720", "?hours=1"):
            assert latchkey.http("GET", path + query).status_code == 200, (path, query)
