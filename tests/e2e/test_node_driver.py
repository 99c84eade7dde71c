"""The unmodified Node.js driver (protocol 4) through the gateway; its checks are in node/check.js."""
import json
import os
import pathlib
import re
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
MODULES = HERE.parent.parent / ".latchkey" / "node" / "node_modules"
NAMES = re.findall(r"^  async '([^']+)'", (HERE / "node" / "check.js").read_text(), re.M)


@pytest.fixture(scope="module")
def answers(real, door, everything):
    real.make_keyspace(
        "nodelab",
        "CREATE TYPE nodelab.address (street text, number int)",
        "CREATE TABLE nodelab.plain (id int PRIMARY KEY, a text, c blob, l list<int>, m map<text, int>)",
        "CREATE TABLE nodelab.people (id int PRIMARY KEY, home frozen<address>)",
        "CREATE TABLE nodelab.wide (part int, row int, PRIMARY KEY (part, row))",
        "CREATE TABLE nodelab.counts (id int PRIMARY KEY, n counter)",
        "CREATE TABLE nodelab.vectors (id int PRIMARY KEY, v vector<float, 3>)")
    done = subprocess.run(["node", str(HERE / "node" / "check.js"),
                           "127.0.0.1 %d token %s" % (door.port, everything.text)],
                          env=dict(os.environ, NODE_PATH=str(MODULES)), capture_output=True, text=True, timeout=180)
    return {line["name"]: line["error"] for line in map(json.loads, done.stdout.splitlines())}, done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_node_driver(answers, name):
    found, words = answers
    assert name in found, words
    assert found[name] is None, found[name]
