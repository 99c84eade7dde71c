"""kill -9 in the middle of a write load, again and again: what was acknowledged is there, nothing is there by half."""
import http.client
import json
import os
import random
import threading
import time

from latchkey import ADMINISTRATOR, until

KILLS = 1000 if os.environ.get("LATCHKEY_TEST_LONG") else 100
WRITERS = 4


class Writer(threading.Thread):
    """Makes tokens, deletes every third of them, rewrites a role of its own; remembers what was answered."""

    def __init__(self, latchkey, number, role, resource):
        super().__init__()
        self.address = latchkey.api.split("//")[1]
        self.headers = {"Authorization": "Bearer " + latchkey.administrator, "Content-Type": "application/json"}
        self.number, self.role, self.resource = number, role, resource
        self.made, self.deleted, self.asked_to_delete = [], [], []
        self.role_version = self.role_asked = 0
        self.wrong = []

    def ask(self, connection, method, path, body=None):
        connection.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            self.wrong.append((method, path, answer.status, text))
        return json.loads(text) if text else None

    def run(self):
        connection = http.client.HTTPConnection(self.address, timeout=20)
        try:
            turn = 0
            while not self.wrong:
                turn += 1
                made = self.ask(connection, "POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "description": "w%d" % self.number})
                self.made.append(made)
                if turn % 3 == 0:
                    identity = self.made[-2]["clientId"]
                    self.asked_to_delete.append(identity)
                    self.ask(connection, "DELETE", "/v2/tokens/" + identity)
                    self.deleted.append(identity)
                if turn % 2 == 0:
                    self.role_asked = self.role_version + 1
                    self.ask(connection, "PUT", "/v2/organizations/roles/" + self.role, self.policy(self.role_asked))
                    self.role_version = self.role_asked
        except (OSError, http.client.HTTPException, ValueError):
            pass                        # killed: what was not answered may or may not be there

    def policy(self, version):
        return {"name": "Writer %d v%d" % (self.number, version),
                "policy": {"description": "v%d" % version, "effect": "allow", "actions": ["db-table-select"],
                           "resources": ["%s:table:v%d" % (self.resource, version)]}}


def check(latchkey, writers, clients, roles):
    for identity, client in clients.items():
        assert client["roles"] == [ADMINISTRATOR] and client["generatedOn"], "half a token: %s" % client
    for writer in writers:
        assert writer.wrong == [], writer.wrong
        for made in writer.made:
            identity = made["clientId"]
            if identity in writer.deleted:
                assert identity not in clients, "an acknowledged delete of %s is undone" % identity
            elif identity not in writer.asked_to_delete:
                assert identity in clients, "the acknowledged token %s is gone" % identity
                assert clients[identity]["roles"] == [ADMINISTRATOR]
                assert clients[identity]["description"] == "w%d" % writer.number
        role = roles[writer.role]
        assert role["name"] in ("Writer %d v%d" % (writer.number, v) for v in (writer.role_version, writer.role_asked)), role
        version = role["name"].split(" v")[1]
        assert role["policy"]["description"] == "v" + version, role
        assert role["policy"]["resources"] == ["%s:table:v%s" % (writer.resource, version)], role


def test_a_hundred_kills_lose_nothing_that_was_acknowledged(own_latchkey):
    seed = random.Random(9)
    latchkey = own_latchkey
    latchkey.serve()
    resource = "drn:astra:org:%s:db:*:keyspace:k" % latchkey.organization
    roles = [latchkey.make_role(["db-table-select"], ["%s:table:v0" % resource], name="Writer %d v0" % n)
             for n in range(WRITERS)]
    for number in range(WRITERS):       # the role as the writers write it
        body = Writer(latchkey, number, roles[number], resource).policy(0)
        latchkey.good("PUT", "/v2/organizations/roles/" + roles[number], body)
    versions, acknowledged = [0] * WRITERS, 0
    for _ in range(KILLS):
        writers = [Writer(latchkey, n, roles[n], resource) for n in range(WRITERS)]
        for number, writer in enumerate(writers):
            writer.role_version = writer.role_asked = versions[number]
            writer.start()
        until("a first answer", lambda: any(writer.made or not writer.is_alive() for writer in writers))
        time.sleep(seed.uniform(0, 0.1))        # any moment of the load will do
        latchkey.kill()
        for writer in writers:
            writer.join()
        latchkey.serve()
        clients = {c["clientId"]: c for c in latchkey.good("GET", "/v2/tokens")["clients"]}
        found = {r["id"]: r for r in latchkey.good("GET", "/v2/organizations/roles")}
        check(latchkey, writers, clients, found)
        for number, writer in enumerate(writers):
            versions[number] = int(found[roles[number]]["name"].split(" v")[1])
            acknowledged += len(writer.made)
            kept = [m for m in writer.made if m["clientId"] in clients][-1:]
            for made in kept:
                assert latchkey.http("GET", "/v2/currentOrg", token=made["token"]).status_code == 200
        for identity in [i for i, c in clients.items() if c["description"].startswith("w")][:-100]:
            latchkey.http("DELETE", "/v2/tokens/" + identity)       # so that the list stays short
    assert acknowledged > KILLS, "the load was no load"
    assert latchkey.run("store", "check").returncode == 0
    verify_audit(latchkey)
    latchkey.stop()


def verify_audit(latchkey):
    folder = os.path.join(latchkey.data, "audit")
    files = sorted(os.path.join(folder, name) for name in os.listdir(folder)) if os.path.isdir(folder) else \
        [os.path.join(latchkey.data, name) for name in sorted(os.listdir(latchkey.data)) if name.startswith("audit")]
    assert files, os.listdir(latchkey.data)
    done = latchkey.run("audit", "verify", *files)
    assert done.returncode == 0, done.stdout + done.stderr
