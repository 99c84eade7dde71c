"""./run as a newcomer meets it: its lines come, they work as printed, a second run reuses all, Ctrl-C leaves nothing."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

import pytest
import requests

from person import PASSWORD, behind

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
# Two cores have 600 in five minutes, and much of the time is downloads and a node's start. What the machine does beside
# it does not count.
PROCESSOR_SECONDS = 300


def processor_seconds(session):
    """Of all processes of a session, with the children that they have seen end."""
    ticks = 0
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


class Demo:
    def __init__(self, folder, *words):
        self.text = ""
        self.process = subprocess.Popen(["./run", *words], cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True, env=dict(os.environ, LATCHKEY_DEMO=str(folder)), start_new_session=True)
        for line in self.process.stdout:
            self.text += line
            if "Ctrl-C stops" in line:
                self.seconds = processor_seconds(self.process.pid)
                return
        raise AssertionError("./run ended with %d:\n%s" % (self.process.wait(), self.text))

    def line(self, pattern):
        return re.search(r"^ *(\S*%s.*)$" % pattern, self.text, re.M).group(1)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGINT)
        self.text += self.process.stdout.read()
        return self.process.wait(60)


def shell(line):
    return subprocess.run(line, shell=True, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)


def leftovers(folder):
    """Processes that still use the demo's folder."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            with open("/proc/%s/cmdline" % entry, "rb") as file:
                if entry.isdigit() and str(folder).encode() in file.read() and int(entry) != os.getpid():
                    found.append(entry)
        except OSError:
            pass
    return found


@pytest.fixture(scope="module")
def folder():
    """A short path: a socket's may have 107 bytes."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="demo"))
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def demo(folder):
    running = Demo(folder)
    yield running
    if running.process.poll() is None:
        running.stop()


def test_the_lines_come_within_five_minutes(demo):
    print("%.0f seconds of processor time" % demo.seconds)
    assert 1 < demo.seconds < PROCESSOR_SECONDS
    assert "http://127.0.0.1:" in demo.text and "cqlsh" in demo.text and "curl" in demo.text


def test_the_portal_is_there_and_its_link_lets_the_administrator_in(demo):
    link = demo.line("/set-up#").strip()
    page, secret = behind(link)
    root = page.removesuffix("/set-up")
    assert root + ";" in demo.text
    for path in ("/", "/set-up"):
        answer = requests.get(root + path, timeout=30)
        assert answer.status_code == 200 and "<script" in answer.text
    done = requests.post(root + "/v2/set-up", json={"secret": secret, "password": PASSWORD}, timeout=60)
    assert done.status_code == 200 and done.json()["email"] == "admin@example.com"
    done = requests.post(root + "/v2/sessions", json={"email": "admin@example.com", "password": PASSWORD},
                         headers={"Origin": root}, timeout=60)
    assert done.status_code == 200 and done.json()["memberships"]


def test_the_cqlsh_line_reads_the_table_and_no_other(demo):
    line = demo.line("bin/cqlsh")
    done = shell(line)
    assert done.returncode == 0 and "lamp" in done.stdout, done.stdout + done.stderr
    done = shell(line.replace(".orders", ".customers"))
    assert done.returncode != 0 and "missing db-table-select" in done.stderr


def test_the_curl_line_lists_the_tokens(demo):
    done = shell(demo.line("curl -s"))
    assert done.returncode == 0 and "orders of the demo" in done.stdout
    assert json.loads(done.stdout)["clients"]


def test_secrets_of_the_demo_are_for_their_owner_alone(demo, folder):
    for name in ("token", "administrator-token", "service-password", "cassandra-password"):
        assert os.stat(folder / name).st_mode & 0o077 == 0, name


def test_a_second_run_beside_it_says_that_it_runs_already(demo, folder):
    done = subprocess.run(["./run"], cwd=CHECKOUT, capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, LATCHKEY_DEMO=str(folder)))
    assert done.returncode != 0 and "running already" in done.stderr


def test_the_delete_line_shuts_the_token_out(demo):
    done = shell(demo.line("latchkey token delete"))
    assert done.returncode == 0, done.stderr
    done = shell(demo.line("bin/cqlsh"))
    assert done.returncode != 0 and "Bad credentials" in done.stdout + done.stderr


def test_ctrl_c_stops_all_of_it_and_the_next_run_is_up_in_seconds_with_a_new_token(demo, folder):
    demo.stop()
    assert leftovers(folder) == []
    again = Demo(folder)
    try:
        assert again.seconds < 60
        assert "lamp" in shell(again.line("bin/cqlsh")).stdout
        assert "/set-up#" not in again.text and "a password is chosen" in again.text
    finally:
        again.stop()
    assert leftovers(folder) == []


def test_a_cluster_that_is_there_already_is_used(real, folder, tmp_path):
    password = tmp_path / "password"
    password.write_text("cassandra\n")
    password.chmod(0o600)
    running = Demo(folder, "--cluster", real.node, "--username", "cassandra", "--password-file", str(password))
    try:
        assert "in front of Cassandra at " + real.node in running.text
        assert "lamp" in shell(running.line("bin/cqlsh")).stdout
    finally:
        running.stop()


@pytest.mark.parametrize("words,says", [
    (["--nonsense"], "what is"), (["--cluster"], "needs a value"), (["--cluster", "127.0.0.1:1"], "go together"),
    (["--cluster", "127.0.0.1:1", "--username", "u", "--password-file", "/nowhere"], "cannot be read")])
def test_run_refuses_words_that_make_no_sense(words, says):
    done = subprocess.run(["./run", *words], cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and says in done.stderr
