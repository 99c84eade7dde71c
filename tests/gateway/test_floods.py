"""What one token may make the gateway keep, and that nobody else pays for it."""
import os
import socket
import struct

import wire
from latchkey import Latchkey, until
from test_traps import SELECT


def test_unfinished_requests_are_paid_by_who_keeps_most(new_rig):
    """Requests that never end fill the worker's budget to its brim; an honest client's two halves arrive."""
    rig = new_rig({"workers": 1})
    token = rig.reader()
    sizes = [size for size in (16 << 20, 1 << 20, 128 << 10, 16 << 10, 2 << 10) for _ in range(40)]
    greedy = [rig.client(token) for _ in sizes]
    with rig.client(rig.everything()) as honest:
        for client, size in zip(greedy, sizes):
            try:
                client.send(struct.pack(">BBhBI", 4, 0, 1, wire.QUERY, size) + b"\0" * (size - 100))
            except wire.Closed:
                pass
        request = wire.frame(4, 0, 77, wire.QUERY, wire.long_string(SELECT) + wire.parameters())
        for cut in range(1, len(request), 10):
            honest.send(request[:cut])
            assert rig.healthy()
            honest.send(request[cut:])
            assert honest.answer(77).opcode == wire.RESULT
    for client in greedy:
        client.close()

def test_waiting_requests_are_capped_by_bytes(new_rig):
    """PREPAREs of 16 MB that the node does not answer: the seventeenth is told so, and others go on."""
    rig = new_rig({"workers": 1})
    rig.node.hold(lambda one: one.opcode == wire.PREPARE)
    token = rig.reader()
    text = "SELECT v FROM shop.orders WHERE v = '%s' AND n = 0" % ("x" * ((16 << 20) - 200))
    clients = [rig.client(token) for _ in range(18)]
    streams = [client.post(wire.PREPARE, wire.long_string(text)) for client in clients]

    def refused():
        answers = [client.early[stream] for client, stream in zip(clients, streams) if stream in client.early]
        for client in clients:
            try:
                got = client.receive(0.01)
                client.early[got.stream] = got
            except TimeoutError:
                pass
        return [one.code for one in answers] == [wire.OVERLOADED] * 2
    until("two refusals", refused, 60)
    assert rig.healthy()
    rig.node.release()
    for client in clients:
        client.close()


def test_strangers_do_not_take_the_last_descriptor(binary, tmp_path):
    """A third of the descriptors would be enough for these connections, at three each they are more than all."""
    few = tmp_path / "few"
    few.write_text("#!/bin/sh\nulimit -n 400\nexec '%s' \"$@\"\n" % binary)
    few.chmod(0o755)
    latchkey = Latchkey(str(few), tmp_path / "latchkey")
    latchkey.init()
    latchkey.serve()
    address = ("127.0.0.1", int(latchkey.api.rsplit(":", 1)[1]))
    strangers = []
    try:
        for _ in range(140):
            strangers.append(socket.create_connection(address, timeout=10))
            strangers[-1].sendall(b"POST /v2/tokens HTTP/1.1\r\n")
        assert len(latchkey.ask("token", "list")) == 1        # over the operator's socket
        assert len(os.listdir("/proc/%d/fd" % latchkey.process.pid)) < 300
        assert "accept_paused" not in latchkey.log() and "connections_capped kind=http" in latchkey.log()
    finally:
        for one in strangers:
            one.close()
        latchkey.stop()
