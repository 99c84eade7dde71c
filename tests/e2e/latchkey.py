"""A Latchkey of the tests' own: the real binary in a folder, its doors on free ports, stopped by its process number."""
import json
import os
import re
import signal
import subprocess
import time

import requests

import leaks
from ports import free_port

ADMINISTRATOR = "ad0566b5-2a67-49de-89e8-92258c2f2c98"    # the built-in role Organization Administrator
WAIT = 120      # patience: what is waited for takes a second on an idle machine


def until(what, truth, seconds=WAIT):
    """Waits for something that comes by itself; the time is only how long we are patient."""
    end = time.monotonic() + seconds
    while True:
        found = truth()
        if found:
            return found
        assert time.monotonic() < end, "%s did not come within %d s" % (what, seconds)
        time.sleep(0.02)


def private(path, flags):
    """For open(): a file that nobody else may read."""
    return os.open(path, flags, 0o600)


class Token:
    def __init__(self, made):
        self.client_id, self.secret, self.text = made["clientId"], made["secret"], made["token"]
        self.made = made


class Database:
    """A registered cluster: its id and the door in front of it."""

    def __init__(self, latchkey, name, identity, port):
        self.latchkey, self.name, self.id, self.port = latchkey, name, identity, port

    def drn(self, keyspace=None, table=None):
        text = "drn:astra:org:%s:db:%s" % (self.latchkey.organization, self.id)
        if keyspace is not None:
            text += ":keyspace:" + keyspace
        if table is not None:
            text += ":table:" + table
        return text


class Latchkey:
    """Set up with init(), started with serve(); everything else needs it running."""

    running = set()     # all that were started and not ended

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, str(folder)
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        leaks.expect(self.folder)
        self.data = os.path.join(self.folder, "data")
        self.log_path = os.path.join(self.folder, "log")
        self.process = self.api = self.config = None
        self.roles = {}
        self.role_number = 0

    # the command line

    def run(self, *words, stdin=None, data=True):
        """A subcommand with this data folder; the answer as it came."""
        where = ["--data", self.data] if data and "--url" not in words else []
        done = subprocess.run([self.binary, *words, *where], input=stdin, capture_output=True,
                              text=True, timeout=120)
        leaks.notice(done.stdout, "latchkey " + " ".join(words[:2]))
        return done

    def ask(self, *words, stdin=None):
        """A subcommand that has to go well; its JSON."""
        done = self.run(*words, stdin=stdin)
        assert done.returncode == 0, "latchkey %s: exit %d\n%s%s" % (
            " ".join(words), done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    # life

    def init(self, *extra):
        self.token_file = os.path.join(self.folder, "administrator-token")
        answer = self.ask("init", "--organization", "Acme", "--administrator", "ada@example.com",
                          "--token-file", self.token_file, *extra)
        self.organization, self.enterprise = answer["organizationId"], answer["enterpriseId"]
        with open(self.token_file, encoding="utf-8") as file:
            self.administrator = file.read().strip()
        leaks.expect(self.folder, self.token_file)
        leaks.note(self.administrator, "latchkey init")
        return answer

    def configure(self, **settings):
        """Settings of the next serve(); the tests ask more than one token may by default."""
        self.config = os.path.join(self.folder, "latchkey.conf")
        settings = {"rate_limit": 1000000, "rate_burst": 1000000, "failure_limit": 1000000,
                    "failure_burst": 1000000, **settings}
        with open(self.config, "w", encoding="utf-8") as file:
            file.writelines("%s = %s\n" % (name.replace("_", "-"), value) for name, value in settings.items())

    def serve(self, *extra, ready=True):
        port = free_port()
        if self.config is None:
            self.configure()
        self.api = "http://127.0.0.1:%d" % port
        self.log_start = os.path.getsize(self.log_path) if os.path.exists(self.log_path) else 0
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve", "--data", self.data, "--config", self.config,
                 "--http", "127.0.0.1:%d" % port, *extra],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        Latchkey.running.add(self)
        if ready:
            self.wait_ready()

    def wait_ready(self):
        def ready():
            assert self.process.poll() is None, "the daemon ended: %s" % self.log()[-3000:]
            return re.search(r"\bready\b", self.log()[self.log_start:])
        until("the word ready in the log", ready)

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait_log(self, pattern, after=0):
        return until("'%s' in the log" % pattern, lambda: re.search(pattern, self.log()[after:]))

    def stop(self):
        """SIGTERM drains; a sanitizer that found something makes the exit code bad, a secret left behind is as bad."""
        if self.process is None:
            return
        leaks.check(self.folder, self.binary)
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(WAIT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the daemon did not end within %d s of SIGTERM" % WAIT)
        self.ended()
        assert code == 0, "the daemon's exit code is %d: %s" % (code, self.log()[-3000:])
        leaks.check(self.folder, self.binary)

    def ended(self):
        self.process = None
        Latchkey.running.discard(self)

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.ended()
            leaks.check(self.folder, self.binary)

    # the HTTP API

    def http(self, method, path, body=None, token=None, **more):
        headers = {"Authorization": "Bearer " + (token or self.administrator)}
        headers.update(more.pop("headers", {}))
        answer = requests.request(method, self.api + path, json=body, headers=headers, timeout=30, **more)
        if not more.get("stream"):      # what is to be read piece by piece is not read here
            leaks.notice_answer(answer, "%s %s" % (method, path))
        return answer

    def good(self, method, path, body=None, token=None):
        answer = self.http(method, path, body, token)
        assert answer.status_code < 300, "%s %s: %d %s" % (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    # things

    def add_database(self, name, node, username, password, *extra):
        password_file = os.path.join(self.folder, name + "-password")
        with open(password_file, "w", encoding="utf-8", opener=private) as file:
            file.write(password + "\n")
        leaks.expect(self.folder, password_file)
        leaks.note(password, "the database " + name)
        port = free_port()
        self.ask("db", "add", name, "--contact-points", node, "--datacenter", "datacenter1",
                 "--username", username, "--password-file", password_file,
                 "--listen", "127.0.0.1:%d" % port, *extra)
        shown = self.ask("db", "show", name)
        return Database(self, name, shown["id"], port)

    def make_role(self, actions, resources, effect="allow", name=None):
        """The id of a custom role; the same policy twice is one role."""
        key = (tuple(sorted(actions)), tuple(sorted(resources)), effect)
        if name is None and key in self.roles:
            return self.roles[key]
        self.role_number += 1
        body = {"name": name or "Test %d" % self.role_number,
                "policy": {"description": "made by a test", "effect": effect,
                           "actions": list(actions), "resources": list(resources)}}
        identity = self.good("POST", "/v2/organizations/roles", body)["id"]
        self.roles[key] = identity
        return identity

    def make_token(self, *roles, **more):
        return Token(self.good("POST", "/v2/tokens", {"roles": list(roles), **more}))

    def token_for(self, *pairs, **more):
        """A token that holds exactly these (action, resource) pairs: a role for each."""
        return self.make_token(*[self.make_role([action], [resource]) for action, resource in pairs], **more)

    def delete_token(self, token):
        answer = self.http("DELETE", "/v2/tokens/" + token.client_id)
        assert answer.status_code == 204, answer.text
