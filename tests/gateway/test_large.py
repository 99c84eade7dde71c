"""Answers over 64 KiB: passed on as they come, never mixed with others, on a connection of their own once they are known."""
import time

import pytest
import wire
from conftest import Watch, resident, room
from latchkey import until
from test_traps import allowed, refused

READ = "SELECT v FROM shop.orders WHERE id = ?"
SMALL = "SELECT v FROM shop.orders WHERE id = ? AND n = 1"
BIG = bytes(range(251)) * 8000    # two million bytes


def ask_big(client, stream=7):
    client.post(wire.QUERY, wire.long_string(READ) + wire.parameters([b"big"]), stream=stream)


def wait_for_bytes(client, count):
    """At least so many bytes, whatever they are."""
    while len(client.buffer) < count:
        client._more(time.monotonic() + 20)


@pytest.fixture
def single(new_rig):
    """One worker, so that clients share its connections."""
    return new_rig({"workers": 1})


def big_answers(rig, cut=None):
    """A small request with a large answer."""
    return rig.node.grow(lambda one: one.values == [b"big"], BIG, cut)


def test_passed_on_before_it_is_all_there(rig, version):
    rule = big_answers(rig, 1 << 20)
    with rig.client(rig.everything(), version) as client:
        ask_big(client)
        wait_for_bytes(client, 900000)
        client.post(wire.QUERY, wire.long_string("SELECT release_version FROM system.local") + wire.parameters(), stream=8)
        client.post(wire.OPTIONS, stream=9)
        assert client.quiet(0.3) is None, "something whole came in the middle of an answer"
        rig.node.release()
        assert allowed(client.receive()).rows() == [[BIG]]
        assert [client.receive().stream for _ in range(2)] == [8, 9]
    rig.node.unrule(rule)


def test_whole_and_in_order_whatever_comes_together(rig, version):
    values = [BIG[stream:200000] if stream % 3 == 0 else b"%d" % stream for stream in range(40)]
    with rig.client(rig.everything(), version) as client:
        for stream, value in enumerate(values):
            client.post(wire.QUERY, wire.long_string(READ) + wire.parameters([value]), stream=stream)
            client.post(wire.OPTIONS, stream=100 + stream)
        for stream, value in enumerate(values):
            assert allowed(client.answer(stream, timeout=60)).rows() == [[value]]
            assert client.answer(100 + stream).opcode == wire.SUPPORTED


def test_a_client_that_leaves_in_the_middle(rig, version):
    rule = big_answers(rig, 1 << 20)
    client = rig.client(rig.everything(), version)
    ask_big(client)
    wait_for_bytes(client, 900000)
    client.close()
    rig.node.release()
    rig.node.unrule(rule)
    assert rig.healthy(version)


def test_a_node_that_is_lost_in_the_middle(single, version):
    """Whoever has the beginning is closed; everybody else on the connection hears what happened to his own request."""
    rule = big_answers(single, 1 << 20)
    waits = single.node.hold(lambda one: one.values == [b"wait"])
    other = single.client(single.everything(), version)
    watch = Watch(single.node)
    other.post(wire.QUERY, wire.long_string(READ) + wire.parameters([b"wait"]), stream=5)
    single.node.wait_for(lambda: watch.all(), "the one who waits")
    client = single.client(single.everything(), version)
    ask_big(client)
    wait_for_bytes(client, 900000)
    single.node.drop_connections()
    assert client.closed() == []
    refused(other.answer(5), wire.READ_TIMEOUT)
    single.node.unrule(rule)
    single.node.unrule(waits)
    single.recovered()
    other.close()


def test_nothing_more_of_it_after_its_token_ended(rig, version):
    token = rig.reader()
    rule = big_answers(rig, 1 << 20)
    client = rig.client(token, version)
    ask_big(client)
    wait_for_bytes(client, 900000)
    rig.latchkey.delete_token(token)
    rig.node.release()
    assert client.closed() == [], "the rest came after the end"
    assert len(client.buffer) < len(BIG)
    rig.node.unrule(rule)
    assert rig.healthy(version)


def test_known_ones_keep_others_waiting_no_more(single, version):
    """The first large answer of a statement marks it; from then on it has a connection beside the one of small answers."""
    with single.client(single.everything(), version) as client, single.client(single.everything(), version) as other:
        identity = client.prepare(READ).prepared().id
        small = other.prepare(SMALL).prepared().id
        rule = big_answers(single)
        allowed(client.execute(identity, b"big"))

        def apart():
            watch = Watch(single.node)
            assert allowed(client.execute(identity, b"big", timeout=30)).rows() == [[BIG]]
            assert allowed(other.execute(small, b"x")).rows() == [[b"x"]]
            connections = [one.connection for one in watch.all(opcodes={wire.EXECUTE})]
            return connections[0] is not connections[1]
        until("a second connection", apart)
        single.node.unrule(rule)
        rule = big_answers(single, 1 << 20)
        client.post(wire.EXECUTE, wire.string(identity) + wire.parameters([b"big"]), stream=7)
        wait_for_bytes(client, 900000)
        for _ in range(20):
            assert allowed(other.execute(small, b"y")).rows() == [[b"y"]]
        single.node.release()
        assert client.answer(7).rows() == [[BIG]]
        single.node.unrule(rule)


def test_memory_of_many_that_are_read_at_once(single, version):
    """Twelve times sixteen million bytes pass through a daemon that keeps none of them."""
    single.node.grow(lambda one: one.values == [b"big"], BIG * 8)
    with single.client(single.everything(), version) as client:
        allowed(client.query(READ, b"big", timeout=60))
        before = resident(single)
        for _ in range(12):
            assert len(client.query(READ, b"big", timeout=60).body) > 8 * len(BIG)
        assert resident(single) - before < room(single, 64)
