#!/usr/bin/env python3
"""Many sessions at once in a process of their own: each sends marked statements and knows which mark must come back.

usage: swarm.py PORT TOKENS-FILE --sessions N --seconds S [--in-flight M] [--churn P] [--version 3|4] [--seed X]

A session logs in with the token of its number modulo their count, prepares, and then keeps M statements in flight.
With churn, a session leaves with probability P after an answer, in the middle of whatever is outstanding, and a new
one takes its place with a token by chance. Prints "ready" when all are logged in, and a JSON object at its end;
SIGTERM ends it early.
"""
import argparse
import collections
import json
import random
import selectors
import signal
import socket
import struct
import sys
import time

import wire

TEXT = "SELECT v FROM shop.orders WHERE id = ?"
SKIP = wire.P_SKIP


class Session:
    def __init__(self, swarm, number, account):
        self.swarm, self.number, self.account = swarm, number, account
        self.inbox, self.outbox = bytearray(), bytearray()
        self.state, self.id, self.outstanding, self.stream = "startup", None, {}, 0
        self.socket = socket.socket()
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect(("127.0.0.1", swarm.options.port))
        self.socket.setblocking(False)
        swarm.selector.register(self.socket, selectors.EVENT_READ, self)
        self.send(wire.STARTUP, wire.string_map({"CQL_VERSION": "3.0.0"}))

    def send(self, opcode, body, stream=0):
        self.outbox += wire.frame(self.swarm.options.version, 0, stream, opcode, body)

    def statement(self):
        swarm = self.swarm
        swarm.serial += 1
        mark = b"%06d.%06d.%010d" % (self.account, self.number, swarm.serial)
        self.stream = self.stream % 30000 + 1
        while self.stream in self.outstanding:
            self.stream = self.stream % 30000 + 1
        self.outstanding[self.stream] = mark
        if swarm.random.random() < 0.8:
            self.send(wire.EXECUTE, wire.string(self.id) + wire.parameters([mark], flags=SKIP), self.stream)
        else:
            self.send(wire.QUERY, wire.long_string(TEXT) + wire.parameters([mark]), self.stream)

    def flush(self):
        if not self.outbox or self.state == "gone":
            return
        try:
            sent = self.socket.send(self.outbox)
            del self.outbox[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self.end("closed")
            return
        if self.outbox:
            self.swarm.unsent.add(self)
        else:
            self.swarm.unsent.discard(self)

    def end(self, why):
        if self.state == "gone":
            return
        self.swarm.logged_in -= self.state == "ready"
        self.state = "gone"
        self.swarm.selector.unregister(self.socket)
        self.socket.close()
        self.swarm.unsent.discard(self)
        self.swarm.over(self, why)

    def readable(self):
        try:
            part = self.socket.recv(1 << 17)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        if not part:
            self.end("closed")
            return
        self.inbox += part
        at = 0
        while self.state != "gone" and len(self.inbox) - at >= 9:
            version, flags, stream, opcode, size = struct.unpack_from(">BBhBI", self.inbox, at)
            if len(self.inbox) - at < 9 + size:
                break
            self.got(wire.Frame(version, flags, stream, opcode, bytes(self.inbox[at + 9:at + 9 + size])))
            at += 9 + size
        del self.inbox[:at]
        self.flush()

    def got(self, frame):
        swarm = self.swarm
        if self.state == "ready":
            self.answered(frame)
        elif frame.opcode == wire.AUTHENTICATE:
            self.state = "login"
            self.send(wire.AUTH_RESPONSE, wire.plain("token", swarm.tokens[self.account]))
        elif frame.opcode == wire.AUTH_SUCCESS:
            self.state = "prepare"
            self.send(wire.PREPARE, wire.long_string(TEXT))
        elif frame.opcode == wire.RESULT:
            self.id, self.state = frame.prepared().id, "ready"
            swarm.logged_in += 1
            for _ in range(swarm.options.in_flight):
                self.statement()
        else:
            swarm.errors["%s 0x%04x" % (self.state, frame.code or 0)] += 1
            self.end("refused")

    def answered(self, frame):
        swarm = self.swarm
        mark = self.outstanding.pop(frame.stream, None)
        if mark is None:
            swarm.wrong.append("session %d: stream %d was not outstanding: %r" % (self.number, frame.stream, frame.body[:80]))
        elif frame.opcode == wire.ERROR:
            swarm.errors["0x%04x" % frame.code] += 1
        elif frame.rows() != [[mark]]:
            swarm.wrong.append("session %d: %r instead of %r" % (self.number, frame.rows(), mark))
        else:
            swarm.answers += 1
        if swarm.options.churn and swarm.random.random() < swarm.options.churn:
            self.flush()
            self.end("left")
        elif not swarm.stopping:
            self.statement()


class Swarm:
    def __init__(self, options):
        self.options, self.random = options, random.Random(options.seed)
        with open(options.tokens, encoding="utf-8") as file:
            self.tokens = file.read().split()
        self.selector = selectors.DefaultSelector()
        self.errors, self.wrong, self.answers, self.serial = collections.Counter(), [], 0, 0
        self.logged_in, self.sessions_made, self.lost, self.stopping = 0, 0, [], False
        self.unsent, self.again = set(), collections.deque()

    def make(self, account):
        self.sessions_made += 1
        session = Session(self, self.sessions_made, account)
        session.flush()

    def over(self, session, why):
        if why == "closed":
            self.lost.append((session.account, time.monotonic()))
        if self.options.churn and not self.stopping:
            self.again.append(self.random.randrange(len(self.tokens)))

    def turn(self, wait=0.02):
        for key, _ in self.selector.select(wait):
            key.data.readable()
        for session in list(self.unsent):
            session.flush()
        for _ in range(min(50, len(self.again))):
            self.make(self.again.popleft())

    def run(self):
        for number in range(self.options.sessions):
            self.make(number % len(self.tokens))
            if number % 20 == 19:
                self.turn(0)
        limit = time.monotonic() + 60
        while self.logged_in < self.options.sessions and time.monotonic() < limit and not self.options.churn:
            self.turn()
        print("ready", self.logged_in, flush=True)
        end = time.monotonic() + self.options.seconds
        while time.monotonic() < end and not self.stopping:
            self.turn()
        self.stopping = True
        print(json.dumps({"answers": self.answers, "wrong": self.wrong[:20], "wrongs": len(self.wrong), "errors": self.errors,
                          "lost": self.lost, "sessions": self.sessions_made, "logged_in": self.logged_in}))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("tokens")
    parser.add_argument("--sessions", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--in-flight", type=int, default=1)
    parser.add_argument("--churn", type=float, default=0.0)
    parser.add_argument("--version", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    swarm = Swarm(parser.parse_args())
    signal.signal(signal.SIGTERM, lambda *_: setattr(swarm, "stopping", True))
    swarm.run()


if __name__ == "__main__":
    sys.exit(main())
