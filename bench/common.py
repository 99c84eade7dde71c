"""What the comparisons share: the network of their own, the contenders, the machine's facts, and writing results."""
import http.client
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CHECKOUT = HERE.parent
PROXY_CORE, REST_CORE = "0", "1"


def own_network():
    """Starts the script again in a network of its own, where loopback's congestion control is cubic.

    HAProxy has no setting for it, and BBR collapses on loopback at times. Without the right to make one
    the comparison runs in the network that is there, and the result says so."""
    if os.environ.get("BENCH_NETWORK"):
        return os.environ["BENCH_NETWORK"]
    route = ("ip link set lo up && ip route change local 127.0.0.1 dev lo proto kernel scope host"
             " src 127.0.0.1 table local congctl cubic")
    probe = subprocess.run(["unshare", "-n", "sh", "-c", route], capture_output=True)
    if probe.returncode != 0:
        return "the machine's own"
    os.environ["BENCH_NETWORK"] = "own namespace, cubic"
    os.execvp("unshare", ["unshare", "-n", "sh", "-c", route + ' && exec "$@"', "sh", sys.executable, *sys.argv])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit("a contender ended by itself with code %d" % process.returncode)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    sys.exit("nobody listens at port %d after %d s" % (port, seconds))


def find(build, name):
    for path in (pathlib.Path(build) / "bench" / name, pathlib.Path(build) / name):
        if os.access(path, os.X_OK):
            return str(path)
    sys.exit("%s is not in %s: meson setup --buildtype=release -Dbench=true, then ninja" % (name, build))


class Place:
    """A folder and the processes started in it; all of them end with it."""

    def __init__(self, build, latchkey=None):
        self.build = build
        self.latchkey = latchkey
        self.folder = tempfile.mkdtemp(prefix="bench-")
        self.processes = []

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(text)
        return self.path(name)

    def start(self, core, *words, **more):
        process = subprocess.Popen(["taskset", "-c", core, *words], stdin=subprocess.DEVNULL, **more)
        self.processes.append(process)
        return process

    def node(self, core, *words):
        """One that keeps marks is measured by when it is told: it goes before everything else where that is allowed."""
        first = ["chrt", "-f", "5"] if "--marks" in words and os.geteuid() == 0 else []
        process = self.start(core, *first, find(self.build, "fake_node"), *words, stdout=subprocess.PIPE, text=True)
        process.port = json.loads(process.stdout.readline())["port"]
        return process

    def load(self, port, *words):
        """Runs the generator to its end; its report."""
        command = ["taskset", "-c", REST_CORE, find(self.build, "load"), "--port", str(port), *words]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit("the load generator failed: " + done.stderr.strip())
        report = json.loads(done.stdout.splitlines()[-1])
        if done.stderr.strip():
            print(done.stderr.strip()[:500], file=sys.stderr)
        return report


class Direct:
    name = "direct"

    def __init__(self, place):
        self.process = self.node = place.node(PROXY_CORE)
        self.port = self.node.port
        self.account = ["--user", "bench", "--password-file", place.write("direct-password", "bench\n")]


class Haproxy:
    name = "haproxy"
    SETTINGS = """global
    nbthread 1
    maxconn 8000
defaults
    mode tcp
    maxconn 8000
    timeout connect 5s
    timeout client 1h
    timeout server 1h
frontend in
    bind 127.0.0.1:%d
    default_backend out
backend out
    server node 127.0.0.1:%d
"""

    def __init__(self, place):
        self.node = place.node(REST_CORE)
        self.port = free_port()
        settings = place.write("haproxy.cfg", self.SETTINGS % (self.port, self.node.port))
        self.process = place.start(PROXY_CORE, "haproxy", "-db", "-q", "-f", settings)
        wait_for_port(self.port, self.process)
        self.account = ["--user", "bench", "--password-file", place.write("haproxy-password", "bench\n")]


class Latchkey:
    """One worker in front of a fake node, authorisation on, with a token for that database."""

    name = "latchkey"

    def __init__(self, place, *node_words, core=PROXY_CORE, serve=()):
        self.place = place
        self.node = place.node(REST_CORE, *node_words)
        self.binary = place.latchkey or find(place.build, "latchkey")
        self.data = place.path("data")
        self.token_file = place.path("administrator-token")
        made = self.ask("init", "--organization", "Bench", "--administrator", "bench@example.com",
                        "--token-file", self.token_file)
        self.organization = made["organizationId"]
        with open(self.token_file, encoding="utf-8") as file:
            self.administrator = file.read().strip()
        self.http_port, self.port = free_port(), free_port()
        with open(place.path("log"), "w", encoding="utf-8") as log:
            self.process = place.start(core, self.binary, "serve", "--data", self.data, "--workers", "1",
                                       "--http", "127.0.0.1:%d" % self.http_port, *serve, stdout=log, stderr=log)
        self.wait_ready()
        self.add_database()

    def add_database(self):
        password = self.place.write("service-password", "bench\n")
        self.ask("db", "add", "bench", "--contact-points", "127.0.0.1:%d" % self.node.port, "--datacenter", "dc1",
                 "--username", "bench", "--password-file", password, "--listen", "127.0.0.1:%d" % self.port)
        self.database = self.ask("db", "show", "bench")["id"]
        self.role = self.make_role(self.drn())
        token = self.make_token()["token"]
        self.account = ["--user", "token", "--password-file", self.place.write("token", token + "\n")]
        wait_for_port(self.port, self.process)
        time.sleep(1.0)

    def wait_ready(self, seconds=20):
        end = time.monotonic() + seconds
        while not re.search(r"\bready\b", self.log()):
            if self.process.poll() is not None or time.monotonic() > end:
                sys.exit("latchkey did not start:\n" + self.log()[-3000:])
            time.sleep(0.02)

    def log(self):
        with open(self.place.path("log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def ask(self, *words):
        done = subprocess.run([self.binary, *words, "--data", self.data], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit("latchkey %s: exit %d\n%s" % (" ".join(words), done.returncode, done.stderr))
        return json.loads(done.stdout) if done.stdout.strip() else None

    def drn(self):
        database = "drn:astra:org:%s:db:%s" % (self.organization, self.database)
        return [database, database + ":keyspace:bench", database + ":keyspace:bench:table:kv"]

    def http(self, method, path, body=None):
        """(status, JSON or None, nanoseconds it took, CLOCK_MONOTONIC and CLOCK_REALTIME of the answer) on a kept connection."""
        if not hasattr(self, "connection"):
            self.connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=60)
        headers = {"Authorization": "Bearer " + self.administrator, "Content-Type": "application/json"}
        before = time.monotonic_ns()
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        after, wall = time.monotonic_ns(), time.time_ns()
        return answer.status, json.loads(text) if text.strip() else None, after - before, (after, wall)

    def make_role(self, resources):
        actions = ["db-cql", "db-table-select", "db-table-modify", "db-table-describe"]
        status, made, _, _ = self.http("POST", "/v2/organizations/roles", {
            "name": "Bench", "policy": {"description": "bench", "effect": "allow", "actions": actions,
                                        "resources": resources}})
        if status >= 300:
            sys.exit("the role was refused: %d %s" % (status, made))
        return made["id"]

    def make_token(self):
        status, made, _, _ = self.http("POST", "/v2/tokens", {"roles": [self.role]})
        if status >= 300:
            sys.exit("the token was refused: %d %s" % (status, made))
        return made


CONTENDERS = {contender.name: contender for contender in (Direct, Haproxy, Latchkey)}


def first_line(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0].strip()
    except (OSError, IndexError):
        return "not there"


def facts(network, latchkey=None):
    """What the machine is; nothing here names a folder or a host."""
    cpu = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
           if line.startswith("model name")]
    memory = re.search(r"MemTotal:\s+(\d+)", open("/proc/meminfo", encoding="utf-8").read())
    described = subprocess.run(["git", "-C", str(CHECKOUT), "rev-parse", "--short", "HEAD"],
                               capture_output=True, text=True).stdout.strip()
    return {"date": time.strftime("%Y-%m-%d", time.gmtime()), "cpu": cpu[0] if cpu else "unknown",
            "cores": os.cpu_count(), "memory_gib": round(int(memory.group(1)) / 2**20, 1),
            "kernel": platform.release(), "network": network, "commit": described,
            "haproxy": first_line("haproxy", "-v"), "latchkey": first_line(latchkey, "--version") if latchkey else None,
            "compiler": first_line("gcc", "--version"), "load_1min_at_start": round(os.getloadavg()[0], 2)}


def median(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(str(field) for field in row) + " |" for row in rows]) + "\n"


def write_result(name, result, text, folder=None):
    folder = pathlib.Path(folder) if folder else HERE / "results"
    folder.mkdir(exist_ok=True)
    (folder / (name + ".json")).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    (folder / (name + ".md")).write_text(text, encoding="utf-8")
    print(text)


def facts_text(machine):
    return "".join("- %s: %s\n" % (key.replace("_", " "), value) for key, value in machine.items() if value is not None)
