"""Programs with drivers of other languages: each tells what it saw, one JSON line a check: its name, and null or what
was wrong."""
import json
import os
import pathlib
import re
import subprocess

from latchkey import until

HERE = pathlib.Path(__file__).resolve().parent
WORK = HERE.parent.parent / ".latchkey"

TABLES = ("CREATE TYPE %s.address (street text, number int)",
          "CREATE TABLE %s.plain (id int PRIMARY KEY, a text, c blob, l list<int>, m map<text, int>)",
          "CREATE TABLE %s.people (id int PRIMARY KEY, home frozen<address>, t tuple<int, text>)",
          "CREATE TABLE %s.wide (part int, row int, v text, PRIMARY KEY (part, row))",
          "CREATE TABLE %s.counts (id int PRIMARY KEY, n counter)",
          "CREATE TABLE %s.vectors (id int PRIMARY KEY, v vector<float, 3>)")


def names(source, pattern):
    return re.findall(pattern, (HERE / source).read_text(), re.M)


def answers(command, keyspace, door, everything, limited, doomed):
    """What the program at `command` says of the driver in its hand, by the checks' names."""
    latchkey = door.database.latchkey
    # The keyspace was made beside the gateway, which hears of it, and reads it, a little later.
    reader = door.raw(everything)
    shown = "SELECT table_name FROM system_schema.tables WHERE keyspace_name = '%s' AND table_name = 'vectors'" % keyspace
    until("the gateway's picture of " + keyspace, lambda: reader.query(shown))
    reader.close()
    words = {"PORT": door.port, "KEYSPACE": keyspace, "TOKEN": everything.text, "CLIENT_ID": everything.client_id,
             "SECRET": everything.secret, "LIMITED": limited.text, "DOOMED": doomed.text,
             "DELETE": "%s/v2/tokens/%s" % (latchkey.api, doomed.client_id), "ADMINISTRATOR": latchkey.administrator}
    done = subprocess.run(command, env={**os.environ, **{"CHECK_" + name: str(word) for name, word in words.items()}},
                          capture_output=True, text=True, timeout=240)
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {line["name"]: line["error"] for line in found}, done.stderr[-4000:]


def hold(found, name):
    checked, words = found
    assert name in checked, words
    assert checked[name] is None, checked[name]
