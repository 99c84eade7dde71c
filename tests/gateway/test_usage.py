"""What tokens are used for: every statement, login and refusal counts once, for the token and table that it was."""
import os
import pathlib
import stat

import pytest
import wire
from latchkey import until
from test_traps import allowed, refused

READ = "SELECT v FROM shop.orders WHERE id = ?"
WRITE = "INSERT INTO shop.orders (id, v) VALUES (?, 'x')"
DRIVER = {"DRIVER_NAME": "Driver of a \x1b test", "DRIVER_VERSION": "1.2.3"}
STATEMENT = "no permission for the statement"


def usage(rig, token, hours=2):
    return rig.latchkey.good("GET", "/v2/tokens/%s/usage?hours=%d" % (token.client_id, hours))


def totals(shown):
    return {what: sum(hour[what] for hour in shown["hours"]) for what in ("logins", "refusals", "statements")}


def tables(shown):
    return {"%s.%s" % (one["keyspace"], one["table"]): (one["reads"], one["writes"]) for one in shown["tables"]}


def reasons(shown):
    return {one["reason"]: one["count"] for one in shown["refusals"]}


def until_usage(rig, token, right):
    """Asked again until it is right: what was counted is there within seconds."""
    shown = [None]

    def look():
        shown[0] = usage(rig, token)
        return right(shown[0])
    try:
        until("usage as it should be", look, 30)
    except AssertionError:
        raise AssertionError("usage is %r" % shown[0]) from None
    return shown[0]


def client_of(rig, token, version=4, source=None, driver=None):
    client = wire.Client(rig.port, version, source=source)
    assert client.startup(**(driver or DRIVER)).opcode == wire.AUTHENTICATE
    assert client.authenticate("token", token.text).opcode == wire.AUTH_SUCCESS
    return client


def test_statements_count_once_each(rig, version):
    token = rig.writer()
    with client_of(rig, token, version, "127.0.0.2") as client:
        read, write = client.prepare(READ).prepared().id, client.prepare(WRITE).prepared().id
        for i in range(40):
            allowed(client.execute(read, b"x"))
            allowed(client.execute(write, 1))
        for i in range(7):
            allowed(client.query("SELECT v FROM shop.orders WHERE id = %d" % i))
            allowed(client.query("UPDATE shop.orders SET v = 'y' WHERE id = 3"))
        allowed(client.query("INSERT INTO shop.orders (id, v) VALUES (1, 'x') IF NOT EXISTS"))
        allowed(client.query("SELECT key FROM system.local"))     # answered here: of no table
        shown = until_usage(rig, token, lambda shown: totals(shown)["statements"] == 95)
        assert tables(shown) == {"shop.orders": (47, 48)}
        assert totals(shown)["logins"] == 1 and totals(shown)["refusals"] == 0 and shown["refusals"] == []
        assert shown["lastUsedFrom"] == "127.0.0.2" and shown["lastUsedBy"] == "Driver of a ? test 1.2.3"
        assert shown["openSessions"] == 1
        assert len(shown["hours"]) == 2 and shown["tables"][0]["databaseId"] == rig.database.id
        allowed(client.execute(read, b"x"))
        until_usage(rig, token, lambda shown: tables(shown) == {"shop.orders": (48, 48)})
    until_usage(rig, token, lambda shown: shown["openSessions"] == 0)


def test_batches_count_once_for_each_table(rig):
    token = rig.token(("db-table-modify", "shop", "orders"), ("db-table-modify", "shop", "users"))
    insert = "INSERT INTO shop.%s (id) VALUES (%d)"
    with client_of(rig, token) as client:
        prepared = client.prepare("INSERT INTO shop.orders (id) VALUES (?)").prepared().id
        allowed(client.ask(wire.BATCH, wire.batch([(insert % ("orders", 1), []), (prepared, [1]), (insert % ("users", 2), [])])))
        allowed(client.query("BEGIN BATCH %s; %s; %s APPLY BATCH" % (insert % ("orders", 1), insert % ("orders", 2), insert % ("users", 1))))
        refused(client.ask(wire.BATCH, wire.batch([(insert % ("orders", 1), []), (insert % ("json", 1), [])])))
        shown = until_usage(rig, token, lambda shown: totals(shown)["refusals"] == 1 and totals(shown)["statements"] == 2)
    assert tables(shown) == {"shop.orders": (0, 2), "shop.users": (0, 2)}
    assert reasons(shown) == {STATEMENT: 1}


def test_a_view_is_a_use_of_its_table(rig):
    token = rig.reader()
    with client_of(rig, token) as client:
        allowed(client.query("SELECT id FROM shop.by_v WHERE v = 'x'"))
        until_usage(rig, token, lambda shown: tables(shown) == {"shop.orders": (1, 0)})


def test_a_request_that_is_sent_again_counts_once(rig):
    """The node forgets what was prepared; the gateway prepares it there and sends the request again."""
    token = rig.reader()
    with client_of(rig, token) as client:
        identity = client.prepare(READ).prepared().id
        allowed(client.execute(identity, b"x"))
        for _ in range(3):
            rig.node.forget()
            allowed(client.execute(identity, b"x"))
        allowed(client.query("SELECT v FROM shop.orders WHERE id = 1"))
        shown = until_usage(rig, token, lambda shown: totals(shown)["statements"] >= 5)
    assert totals(shown)["statements"] == 5 and tables(shown) == {"shop.orders": (5, 0)}


def test_refusals_say_why(rig):
    token = rig.reader()
    with client_of(rig, token) as client:
        for _ in range(3):
            refused(client.query("SELECT v FROM vault.secrets WHERE id = 1"))
        refused(client.prepare("INSERT INTO shop.orders (id) VALUES (1)"))
        assert client.query("CREATE ROLE x").opcode == wire.ERROR
    assert rig.latchkey.http("GET", "/v2/organizations/users", token=token.text).status_code == 403
    lone = rig.latchkey.make_token(rig.latchkey.make_role(["org-read"], ["drn:astra:org:" + rig.latchkey.organization]))
    with wire.Client(rig.port) as client:
        assert client.login("token", lone.text).code == wire.CREDENTIALS
    shown = until_usage(rig, token, lambda shown: totals(shown)["refusals"] == 6)
    assert reasons(shown) == {STATEMENT: 4, "a kind of statement that nobody may send": 1, "no permission for the API call": 1}
    shown = until_usage(rig, lone, lambda shown: totals(shown)["refusals"] == 1)
    assert reasons(shown) == {"no permission to open the database": 1}
    assert shown["lastUsedAt"] is None and shown["lastUsedFrom"] is None and shown["lastUsedBy"] is None
    whole = rig.latchkey.good("GET", "/v2/usage?hours=2")
    refused_tokens = {one["clientId"]: one["count"] for one in whole["refusedTokens"]}
    for one, count in ((token, 6), (lone, 1)):      # ten are shown: those that were refused most
        shown_least = min(refused_tokens.values())
        assert refused_tokens.get(one.client_id) == count or (len(refused_tokens) == 10 and shown_least >= count)
    assert reasons(whole)["no permission to open the database"] >= 1
    assert totals(whole)["refusals"] >= 7 and totals(whole)["logins"] >= 1


def test_a_wrong_secret_leaves_no_trace(rig):
    """Whoever knows a client id and guesses is neither the token's last use nor its refusal."""
    token, other = rig.reader(), rig.reader()
    wrong = token.text[:-64] + "0" * 64
    with wire.Client(rig.port) as client:
        assert client.login(token.client_id, "not the secret").code == wire.CREDENTIALS
    with wire.Client(rig.port) as client:
        assert client.login("token", wrong).code == wire.CREDENTIALS
    assert rig.latchkey.http("GET", "/v2/currentOrg", token=wrong).status_code == 401
    with client_of(rig, other) as client:
        allowed(client.query("SELECT v FROM shop.orders WHERE id = 1"))
        until_usage(rig, other, lambda shown: totals(shown)["statements"] == 1)
    shown = usage(rig, token)
    assert totals(shown) == {"logins": 0, "refusals": 0, "statements": 0} and shown["lastUsedAt"] is None


def test_http_is_a_use(rig):
    token = rig.reader()
    assert rig.latchkey.http("GET", "/v2/currentOrg", token=token.text, headers={"User-Agent": "my script/2"}).status_code == 200
    shown = until_usage(rig, token, lambda shown: shown["lastUsedAt"])
    assert shown["lastUsedFrom"] == "127.0.0.1" and shown["lastUsedBy"] == "my script/2"
    assert totals(shown) == {"logins": 0, "refusals": 0, "statements": 0}


def test_sessions_are_listed(rig):
    token = rig.reader()
    path = "/v2/tokens/%s/sessions" % token.client_id
    assert rig.latchkey.good("GET", path) == {"sessions": [], "count": 0}
    clients = [client_of(rig, token, 4 - i % 2, "127.0.0.%d" % (i + 1), {"DRIVER_NAME": "d", "DRIVER_VERSION": str(i)}) for i in range(5)]
    shown = rig.latchkey.good("GET", path)          # asked of the workers: nothing is late here
    assert shown["count"] == 5
    assert sorted((one["address"], one["driver"], one["database"], one["databaseId"]) for one in shown["sessions"]) == [
        ("127.0.0.%d" % (i + 1), "d %d" % i, "test", rig.database.id) for i in range(5)]
    for client in clients:
        client.close()
    until("no session", lambda: rig.latchkey.good("GET", path)["count"] == 0)
    many = [rig.client(token) for _ in range(110)]
    shown = rig.latchkey.good("GET", path)
    assert shown["count"] == 110 and len(shown["sessions"]) == 100
    for client in many:
        client.close()


def test_tokens_are_shown_with_their_use(rig):
    token, unused = rig.reader(), rig.reader()
    with client_of(rig, token):
        until("an open session", lambda: rig.latchkey.good("GET", "/v2/tokens/" + token.client_id)["openSessions"] == 1)
        page = {one["clientId"]: one for one in rig.latchkey.good("GET", "/v2/tokens?limit=1000")["clients"]}
        assert page[token.client_id]["openSessions"] == 1 and page[token.client_id]["lastUsedFrom"] == "127.0.0.1"
        assert page[token.client_id]["lastUsedAt"]
        assert page[unused.client_id]["lastUsedAt"] is None and page[unused.client_id]["openSessions"] == 0
        sorted_page = rig.latchkey.good("GET", "/v2/tokens?limit=1000&sort=-generatedOn")["clients"]
        assert {one["clientId"]: one["openSessions"] for one in sorted_page}[token.client_id] == 1
    whole = rig.latchkey.good("GET", "/v2/tokens")["clients"]
    assert not any("lastUsedAt" in one for one in whole), "the whole list is kept, and use is not"


def test_a_page_has_another_version_when_a_token_was_used(rig):
    token = rig.reader()
    first = rig.latchkey.http("GET", "/v2/tokens?limit=1000")
    assert first.headers["ETag"]
    with client_of(rig, token):
        pass

    def changed():
        again = rig.latchkey.http("GET", "/v2/tokens?limit=1000", headers={"If-None-Match": first.headers["ETag"]})
        return again.status_code == 200 and {one["clientId"]: one for one in again.json()["clients"]}[token.client_id]["lastUsedAt"]
    until("the token's use", changed, 30)


@pytest.mark.parametrize("hours", ["0", "721", "-1", "x", "1e3", "99999999999999999999"])
def test_hours_have_limits(rig, hours):
    assert rig.latchkey.http("GET", "/v2/usage", params={"hours": hours}).status_code == 400


def test_it_outlives_a_restart_and_stays_private(new_rig):
    rig = new_rig()
    token = rig.reader()
    with client_of(rig, token) as client:
        allowed(client.query("SELECT v FROM shop.orders WHERE id = 1"))
    rig.latchkey.stop()             # at once: what was counted is written at the end
    for name in ("usage.db", "usage.db-wal", "usage.db-shm"):
        path = pathlib.Path(rig.latchkey.data, name)
        assert not path.exists() or stat.S_IMODE(os.stat(path).st_mode) == 0o600, name
    rig.latchkey.serve()
    shown = usage(rig, token)
    assert tables(shown) == {"shop.orders": (1, 0)} and totals(shown) == {"logins": 1, "refusals": 0, "statements": 1}
    assert shown["lastUsedBy"] == "Driver of a ? test 1.2.3" and shown["openSessions"] == 0


def test_a_damaged_file_stops_nobody(new_rig):
    rig = new_rig()
    token = rig.reader()
    rig.latchkey.stop()
    path = pathlib.Path(rig.latchkey.data, "usage.db")
    path.write_bytes(b"no database" * 1000)
    rig.latchkey.serve()
    assert "usage_set_aside" in rig.latchkey.log()
    assert path.with_name("usage.db.damaged").read_bytes().startswith(b"no database")
    rig.wait_up()
    with client_of(rig, token) as client:
        allowed(client.query("SELECT v FROM shop.orders WHERE id = 1"))
        until_usage(rig, token, lambda shown: totals(shown)["statements"] == 1)


def test_lists_are_found_and_sorted_by_use(new_rig):
    rig = new_rig()
    first, second, unused = rig.reader(), rig.reader(), rig.reader()
    seen = []
    for token in (first, second):
        with client_of(rig, token):
            pass
        until_usage(rig, token, lambda shown: shown["lastUsedAt"] and shown["lastUsedAt"] not in seen)
        seen.append(usage(rig, token)["lastUsedAt"])
    never = [one["clientId"] for one in rig.latchkey.good("GET", "/v2/tokens?status=neverUsed&limit=1000")["clients"]]
    assert unused.client_id in never and first.client_id not in never and second.client_id not in never
    by_use = [one["clientId"] for one in rig.latchkey.good("GET", "/v2/tokens?sort=-lastUsedAt&limit=1000")["clients"]]
    assert by_use.index(second.client_id) < by_use.index(first.client_id) < by_use.index(unused.client_id)
    before = rig.latchkey.good("GET", "/v2/tokens/summary")["neverUsed"]
    assert before == len(never)
