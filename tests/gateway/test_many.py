"""Thousands of sessions: nobody sees another's answer, a deleted token sends nothing more, one greedy client starves no one.

LATCHKEY_TEST_SESSIONS and LATCHKEY_TEST_REVOCATIONS change the numbers, for builds with a sanitizer.
"""
import json
import os
import random
import resource
import subprocess
import sys
import threading
import time

import pytest
import wire
from conftest import HERE, LONG, Watch, resident, room

SESSIONS = int(os.environ.get("LATCHKEY_TEST_SESSIONS", "2000"))
LOADED = max(10, SESSIONS // 2)
REVOCATIONS = int(os.environ.get("LATCHKEY_TEST_REVOCATIONS", "100"))
SECONDS = 120 if LONG else 15


@pytest.fixture(autouse=True, scope="module")
def many_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Swarm:
    def __init__(self, rig, folder, tokens, sessions, seconds, *words):
        path = os.path.join(str(folder), "tokens")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(token.text for token in tokens))
        self.process = subprocess.Popen([sys.executable, str(HERE / "swarm.py"), str(rig.port), path, "--sessions", str(sessions),
                                         "--seconds", str(seconds), *words], stdout=subprocess.PIPE, text=True)
        self.ready = int(self.process.stdout.readline().split()[1])

    def end(self):
        self.process.terminate()
        return json.loads(self.process.communicate(timeout=120)[0].splitlines()[-1])

    def wait(self):
        return json.loads(self.process.communicate(timeout=600)[0].splitlines()[-1])


def of_token(received, account):
    return bool(received.values) and isinstance(received.values[0], bytes) and received.values[0].startswith(b"%06d." % account)


def test_isolation(new_rig, tmp_path):
    """Random disconnects, late answers, revocations and lost nodes: whatever comes back was one's own."""
    rig = new_rig({"cql-connections-address": 10000})
    dice = random.Random(7)
    tokens = [rig.reader() for _ in range(40)]

    def sometimes_late(received, answer):
        if dice.random() < 0.3:
            connection = received.connection
            timer = time.monotonic() + dice.random() * 0.2
            rig.node.later.append((timer, next(rig.node.order), connection, answer))
            rig.node.later.sort()
            from recording_node import NOTHING
            return NOTHING
        return None
    rig.node.rule(lambda one: one.opcode in (wire.EXECUTE, wire.QUERY) and len(rig.node.later) < 2000, sometimes_late)
    swarm = Swarm(rig, tmp_path, tokens, SESSIONS, SECONDS, "--churn", "0.02")
    for number, token in enumerate(tokens[:20]):
        time.sleep(SECONDS / 40)
        rig.latchkey.delete_token(token)
        if number % 8 == 7:
            rig.node.drop_connections()
        with rig.node.lock:
            del rig.node.frames[:-1000]
    report = swarm.wait()
    print({key: held for key, held in report.items() if key != "lost"})
    assert report["wrongs"] == 0, report["wrong"]
    assert report["answers"] > SESSIONS and report["sessions"] > SESSIONS
    assert set(report["errors"]) <= {"login 0x0100", "startup 0x0100", "0x0100", "0x1001", "0x1200", "prepare 0x1001", "prepare 0x0100",
                                     "prepare 0x1200", "prepare 0x2500", "0x2500"}, report["errors"]
    rig.node.rules.clear()
    assert rig.healthy()


def test_revocation_under_load(new_rig, tmp_path):
    """After the answer to DELETE the node receives not one more statement of that token, and its sessions end."""
    rig = new_rig({"cql-connections-address": 10000})
    tokens = [rig.reader() for _ in range(REVOCATIONS + 1)]
    swarm = Swarm(rig, tmp_path, tokens, LOADED, 600)
    assert swarm.ready == LOADED
    sys.setswitchinterval(0.0005)
    answered, frames_before = [], rig.node.mark()
    try:
        for number, token in enumerate(tokens[1:], 1):
            began = time.monotonic()
            rig.latchkey.delete_token(token)
            positions = rig.node.positions()
            answered.append((number, positions, rig.node.mark(), time.monotonic(), time.monotonic() - began))
            time.sleep(0.02)
        time.sleep(1.5)
    finally:
        sys.setswitchinterval(0.005)
    report = swarm.end()
    late = []
    received = rig.node.received(frames_before)
    numbered = [(one.number, one) for one in received]
    for number, positions, mark, _, _ in answered:
        late += [one for place, one in numbered if place >= mark and of_token(one, number)
                 and one.start >= positions.get(one.connection, 0)]
    assert not late, "%d statements came after the answer, the first %r" % (len(late), late[0])
    assert [one for one in received if of_token(one, 0)], "there was no load"
    lost = {}
    for account, when in report["lost"]:
        lost.setdefault(account, []).append(when)
    each = {number: len(range(number, LOADED, len(tokens))) for number in range(1, len(tokens))}
    assert {number: len(lost.get(number, [])) for number in each} == each
    slowest = max([max(lost[number]) - when for number, _, _, when, _ in answered if lost.get(number)])
    print("DELETE took at most %.1f ms, sessions ended at most %.1f ms after its answer" % (
        1000 * max(took for *_, took in answered), 1000 * slowest))
    assert slowest < 5
    assert report["wrongs"] == 0 and 0 not in lost


def test_policy_change_under_load(new_rig, tmp_path):
    """A role that loses its table: after the answer to the change nothing more of it goes on, and the sessions stay."""
    rig = new_rig({"cql-connections-address": 10000})
    role = rig.latchkey.make_role(["db-cql", "db-table-select"], [rig.database.drn(), rig.database.drn("shop", "orders")],
                                  name="Changes under load")
    tokens = [rig.latchkey.make_token(role) for _ in range(5)] + [rig.reader()]
    swarm = Swarm(rig, tmp_path, tokens, max(12, LOADED // 5), 600)
    sys.setswitchinterval(0.0005)
    try:
        rig.set_policy(role, ["db-cql", "db-table-select"], [rig.database.drn(), rig.database.drn("shop", "users")])
        positions, mark = rig.node.positions(), rig.node.mark()
    finally:
        sys.setswitchinterval(0.005)
    time.sleep(1)
    report = swarm.end()
    late = [one for one in rig.node.received(mark) if one.values and any(of_token(one, number) for number in range(5))
            and one.start >= positions.get(one.connection, 0)]
    assert not late, late[:3]
    assert report["errors"].get("0x2100", 0) > 0 and not report["lost"] and report["wrongs"] == 0


# ---- fair shares ----

def flood(client, version, count, mark=b"hog!"):
    """Writes `count` statements from a thread, for the gateway stops reading at some point."""
    one = wire.long_string("SELECT v FROM shop.orders WHERE id = ?") + wire.parameters([mark])
    data = b"".join(wire.frame(version, 0, stream % 32000, wire.QUERY, one) for stream in range(count))
    client.socket.settimeout(120)

    def write():
        try:
            client.socket.sendall(data)
        except OSError:
            pass
    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


def test_ten_thousand_unanswered_requests_starve_nobody(rig, version):
    """The node answers the greedy client not at all: a hundred others are served all the same."""
    token, others = rig.reader(), rig.reader()
    rule = rig.node.hold(lambda one: one.values == [b"hog!"])
    watch = Watch(rig.node)
    hog = rig.client(token, version)
    thread = flood(hog, version, 10000)
    rig.node.wait_for(lambda: len(watch.all()) > 1000, "the flood")
    clients = [rig.client(others, version) for _ in range(100)]
    for _ in range(3):
        for client in clients:
            client.post(wire.QUERY, wire.long_string("SELECT v FROM shop.orders WHERE id = ?") + wire.parameters([b"mine"]), stream=1)
        for client in clients:
            assert client.answer(1).rows() == [[b"mine"]]
    held = len([one for one in watch.all() if one.values == [b"hog!"]])
    assert held <= 4096 + 64, "%d requests of one client outstanding" % held
    rig.node.unrule(rule)
    got = 0
    while got < 10000:
        rig.node.release()
        try:
            assert hog.receive(1).rows() == [[b"hog!"]]
            got += 1
        except TimeoutError:
            assert rig.node.held or len(watch.all()) < 10000 + 300
    thread.join(30)
    for client in clients + [hog]:
        client.close()


def test_a_busy_flood_starves_nobody(rig, version):
    """The node answers as fast as it can; between two turns of a small client the greedy one gets a bounded share."""
    hog = rig.client(rig.reader(), version)
    watch = Watch(rig.node)
    thread = flood(hog, version, 10000)
    done = []

    def drain():
        while len(done) < 10000:
            done.append(hog.receive(60))
    drainer = threading.Thread(target=drain, daemon=True)
    drainer.start()
    clients = [rig.client(rig.everything(), version) for _ in range(100)]
    for client in clients:
        client.post(wire.QUERY, wire.long_string("SELECT v FROM shop.orders WHERE id = ?") + wire.parameters([b"mine"]), stream=1)
    for client in clients:
        assert client.answer(1, 30).rows() == [[b"mine"]]
        client.close()
    drainer.join(60)
    thread.join(60)
    assert len(done) == 10000 and {one.rows()[0][0] for one in done} == {b"hog!"}
    assert len(watch.all()) == 10100
    hog.close()


def test_a_client_that_does_not_read_is_only_its_own_trouble(new_rig):
    """Its answers are held up to a cap; the shared connection goes on for all others, and memory stays bounded."""
    rig = new_rig({"workers": 1})
    big = b"x" * 100000
    slow = rig.client(rig.reader(), receive_buffer=4096)
    one = wire.long_string("SELECT v FROM shop.orders WHERE id = ?") + wire.parameters([big])
    thread = threading.Thread(target=lambda: [silent(slow.send, wire.frame(4, 0, stream, wire.QUERY, one)) for stream in range(3000)],
                              daemon=True)
    thread.start()
    for _ in range(20):
        assert rig.healthy()
        time.sleep(0.05)
    assert resident(rig) < room(rig, 600)
    slow.close()
    assert rig.healthy()


def silent(function, *words):
    try:
        function(*words)
    except (wire.Closed, OSError):
        pass


def test_two_thousand_in_flight_on_one_connection(rig, version):
    with rig.client(rig.reader(), version) as client:
        identity = client.prepare("SELECT v FROM shop.orders WHERE id = ?").prepared().id
        marks = {stream: b"mark%06d" % stream for stream in range(2000)}
        client.send(b"".join(wire.frame(version, 0, stream, wire.EXECUTE, wire.string(identity) + wire.parameters([mark]))
                             for stream, mark in marks.items()))
        for _ in range(2000):
            answer = client.receive()
            assert answer.rows() == [[marks.pop(answer.stream)]]
