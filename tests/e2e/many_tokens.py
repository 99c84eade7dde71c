"""Tokens by the hundred thousand, written into a stopped daemon's store as doc/formats.md says."""
import os
import sqlite3
import struct
import uuid

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOKEN = 5
NEVER = 2 ** 63 - 1


def field(tag, value):
    return struct.pack(">BI", tag, len(value)) + value


def number(tag, value):
    return field(tag, struct.pack(">q", value)) if value else b""


def client_id(i):
    digits = ""
    for _ in range(12):
        i, digit = divmod(i, 52)
        digits = LETTERS[digit] + digits
    return "manyTokensXX" + digits


def body(identity, scope, role, created_ns, expires_ms, description, created_by):
    return b"".join((
        field(1, identity.encode()), field(2, scope), field(4, struct.pack(">Q", 1)), field(5, b"\0" * 24),
        number(6, created_ns), number(7, expires_ms),
        field(8, description.encode()) if description else b"",
        field(9, created_by.encode()) if created_by else b"", field(35, role)))


def add(data, organization, role, n, expires_ms=NEVER):
    """Nobody can log in with them; lists do not care."""
    scope, role = uuid.UUID(organization).bytes, uuid.UUID(role).bytes
    db = sqlite3.connect(os.path.join(data, "latchkey.db"))
    rows = ((TOKEN, client_id(i), 1, scope,
             body(client_id(i), scope, role, 1_700_000_000_000_000_000 + i * 1_000_000, expires_ms,
                  "token number %d" % i, "operator uid=0"))
            for i in range(n))
    with db:
        db.executemany("INSERT INTO record (kind, id, version, scope, body) VALUES (?, ?, ?, ?, ?)", rows)
    db.close()
