"""Secrets that a run has seen, and the places where none of them may stand: the daemon's folder, its processes' words.

Every answer that a test helper gets is read for what is handed out once. When a daemon ends its folder is searched for
what was seen since it was there, and before its folder goes, at the latest when the run ends, for whatever was ever seen:
many folders at once, for a search costs as much as there are secrets.
"""
import glob
import os
import re
import shutil
import subprocess
import tempfile

SHORTEST = 12       # what is shorter stands somewhere by chance
LEFT_MAX = 30       # folders that wait to be searched for everything
ANSWER_MAX = 1 << 20    # longer ones are lists, and lists hold no secrets

TOKEN = re.compile(r"AstraCS:[A-Za-z]{24}:[0-9a-f]{64}")
TOKEN_BYTES = re.compile(TOKEN.pattern.encode())
FIELD = re.compile(r'"(secret|token|password|csrfToken|enrolment|uri)"\s*:\s*"((?:[^"\\]|\\.)+)"')
CODES = re.compile(r'"recoveryCodes"\s*:\s*\[([^\]]*)\]')
LINK = re.compile(r'https?://[^\s"#]+#([A-Za-z0-9_-]{32,})')
COOKIE = re.compile(r"(?:__Host-)?latchkey[\w-]*=([^;\s]+)")

found_in = {}       # secret, as bytes: where it came from
last_seen = {}      # secret, as bytes: the number of the note
folders = {}        # a daemon's folder: the files in it that are meant to hold a secret
began = {}          # a daemon's folder: the number of the note that came before it
notes = 0
left = []           # folders that nobody needs any more


def keep(secret, where):
    found_in.setdefault(secret, where)
    last_seen[secret] = notes


def note(secret, where):
    """One secret; of a token also its third part, as text and as the bytes that it spells."""
    global notes
    if len(secret) < SHORTEST:
        return
    notes += 1
    keep(secret.encode(), where)
    if TOKEN.fullmatch(secret):
        digest = secret.rsplit(":", 1)[1]
        keep(digest.encode(), where + ", its third part")
        keep(bytes.fromhex(digest), where + ", its third part as bytes")


def notice(text, where):
    """All that an answer hands out."""
    if len(text) > ANSWER_MAX:
        return
    for token in TOKEN.findall(text):
        note(token, where)
    for name, value in FIELD.findall(text):
        note(value, "%s of %s" % (name, where))
    for codes in CODES.findall(text):
        for code in re.findall(r'"([^"]+)"', codes):
            note(code, "recovery code of " + where)
    for secret in LINK.findall(text):
        note(secret, "link of " + where)


def notice_answer(answer, where):
    """An HTTP answer with its cookies."""
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        notice(answer.text, where)
    for value in COOKIE.findall(answer.headers.get("Set-Cookie", "")):
        note(value, "cookie of " + where)


def expect(folder, *files):
    """A daemon's folder; these files in it are meant to hold a secret."""
    began.setdefault(os.path.realpath(folder), notes)
    folders.setdefault(os.path.realpath(folder), set()).update(os.path.realpath(file) for file in files)


def patterns(secrets):
    """One a line for grep: of bytes the longest run without a line end or a zero; a token is found by its third part."""
    runs = (max(re.split(rb"[\n\0]", secret), key=len) for secret in secrets if not TOKEN_BYTES.fullmatch(secret))
    return b"\n".join(sorted({run for run in runs if len(run) >= SHORTEST}))


def suspects(places, secrets):
    """Files with something that looks like one of the secrets: one pass, however many there are."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(patterns(secrets))
        file.flush()
        done = subprocess.run(["grep", "-r", "-l", "-a", "-F", "-f", file.name, *places], capture_output=True,
                              text=True, env={**os.environ, "LC_ALL": "C"})
    assert done.returncode in (0, 1) or "No such file" in done.stderr, done.stderr
    return [name for name in done.stdout.splitlines() if os.path.isfile(name)]


def search(*places, since=0):
    """[(file, where the secret in it came from)] of what was seen since; the secrets themselves are not said."""
    secrets = [secret for secret, number in last_seen.items() if number > since]
    places = [place for place in places if os.path.isdir(place)]
    allowed = set().union(*(folders.get(os.path.realpath(place), ()) for place in places))
    leaked = []
    if not secrets or not places:
        return leaked
    for name in suspects(places, secrets):
        if os.path.realpath(name) in allowed or os.path.basename(name) == "setup-link":
            continue
        with open(name, "rb") as file:
            held = file.read()
        leaked += [(name, found_in[secret]) for secret in secrets if secret in held]
    return leaked


def search_processes(program):
    """Secrets among the words that processes of this program were started with: everybody may read those."""
    leaked = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                words = file.read()
        except OSError:
            continue
        if os.path.basename(words.split(b"\0")[0].decode(errors="replace")) == os.path.basename(program):
            leaked += [(path, where) for secret, where in found_in.items() if secret in words]
    return leaked


def check(folder, program):
    """A daemon's folder, for what was seen since it was there; the rest follows before it goes."""
    leaked = search(folder, since=began.get(os.path.realpath(folder), 0)) + search_processes(program)
    assert not leaked, "secrets stand where none may: %s" % leaked[:10]


def check_for_everything(places, program):
    leaked = search(*places) + search_processes(program)
    assert not leaked, "secrets stand where none may: %s" % leaked[:10]


def leave(folder, program="latchkey"):
    """The folder goes, but not before it was searched for everything, with others."""
    left.append(str(folder))
    if len(left) >= LEFT_MAX:
        let_go(program)


def let_go(program):
    places = left.copy()
    left.clear()
    check_for_everything(places, program)
    for place in places:
        shutil.rmtree(place, ignore_errors=True)


def check_everything(program="latchkey"):
    """At the end of a run: every folder that a daemon of it had and that is still there."""
    check_for_everything(folders, program)
