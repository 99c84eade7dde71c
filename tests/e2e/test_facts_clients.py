"""Tools that people have at hand: curl in its several ways, and the jq scripts that were written for the hosted service."""
import json
import os
import shutil
import subprocess
import time

import pytest

from facts import JSON, ROLES
from latchkey import ADMINISTRATOR

pytestmark = pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="curl and jq are not both here")


def curl(latchkey, *words, stdin=None):
    """The words of curl with our token, from a file: what stands among its words everybody can read."""
    with open(os.path.join(latchkey.folder, "curl-headers"), "w", opener=lambda p, f: os.open(p, f, 0o600), encoding="utf-8") as file:
        file.write("Authorization: Bearer %s\n" % latchkey.administrator)
    try:
        done = subprocess.run(["curl", "-sS", "--max-time", "30", "-H", "@" + file.name, *words], input=stdin, capture_output=True, text=True,
                              timeout=60)
    finally:
        os.unlink(file.name)
    assert done.returncode == 0, done.stderr
    return done.stdout


def jq(program, text, *words):
    done = subprocess.run(["jq", "-r", *words, program], input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


# curl

@pytest.mark.parametrize("words", [[], ["--http1.1"], ["--http1.0"], ["-0"], ["--http2"], ["--no-keepalive"], ["--compressed"], ["-H", "Accept: */*"]])
def test_curl_reads_current_org_in_every_way(latchkey, words):
    out = curl(latchkey, "-w", "\n%{http_code} %{content_type}", *words, latchkey.api + "/v2/currentOrg")
    body, code, kind = out.rsplit("\n", 1)[0], *out.rsplit("\n", 1)[1].split(" ", 1)
    assert json.loads(body)["id"] == latchkey.organization and code == "200" and kind == JSON


@pytest.mark.parametrize("expect", ["Expect: 100-continue", "expect: 100-Continue", "Expect:"])
def test_curl_with_expect_does_not_wait_for_its_answer(latchkey, expect):
    """curl waits a second before it sends a body that nobody invited."""
    words = ["-H", expect, "--expect100-timeout", "20", "-H", "Content-Type: application/json", "-d", '{"roles":["%s"]}' % ADMINISTRATOR]
    began = time.monotonic()
    made = json.loads(curl(latchkey, *words, latchkey.api + "/v2/tokens"))
    assert len(made["token"]) == 97 and time.monotonic() - began < 20


def test_curl_sends_a_megabyte_with_expect_and_hears_400(latchkey):
    body = json.dumps({"roles": [ADMINISTRATOR], "description": "x" * 900000})
    out = curl(latchkey, "-o", os.devnull, "-w", "%{http_code}", "-H", "Expect: 100-continue", "-H", "Content-Type: application/json",
               "--data-binary", "@-", latchkey.api + "/v2/tokens", stdin=body)
    assert out == "400"


def test_curl_uses_one_connection_for_several_requests(latchkey):
    paths = ["/v2/currentOrg", ROLES, "/v2/tokens", "/v2/nowhere", "/v2/currentOrg"]
    words = [word for path in paths for word in ("-o", os.devnull, latchkey.api + path)]
    out = curl(latchkey, "--http1.1", "-w", "%{http_code} %{num_connects}\n", *words)
    assert out.splitlines() == ["200 1", "200 0", "200 0", "404 0", "200 0"]


def test_curl_with_http_1_0_gets_a_whole_list_and_the_end_of_the_connection(latchkey):
    assert len(json.loads(curl(latchkey, "--http1.0", latchkey.api + ROLES))) >= 16


def test_curl_deletes_with_a_body_and_sees_204_without_type(latchkey):
    token = latchkey.make_token(ADMINISTRATOR)
    out = curl(latchkey, "-i", "-X", "DELETE", "-H", "Content-Type: application/json", "-d", "null",
               latchkey.api + "/v2/clientIdSecret/" + token.client_id)
    assert out.startswith("HTTP/1.1 204") and "\ncontent-type:" not in out.lower()


def test_curl_head_and_options_do_no_harm(latchkey):
    out = curl(latchkey, "-o", os.devnull, "-w", "%{http_code}", "-I", latchkey.api + "/v2/currentOrg")
    assert out in ("200", "405")
    assert curl(latchkey, "-o", os.devnull, "-w", "%{http_code}", "-X", "OPTIONS", latchkey.api + "/v2/tokens") in ("200", "204", "405")


# scripts

def test_the_lab_script_reads_client_ids_and_roles(latchkey):
    token = latchkey.make_token(ADMINISTRATOR)
    for path in ("/v2/clientIdSecrets", "/v2/tokens"):
        text = curl(latchkey, latchkey.api + path)
        found = jq(".[][] | .clientId, .roles", text, "-c")
        assert len(found) == 2 * len(json.loads(text)["clients"])
        assert json.loads(found[found.index(token.client_id) + 1]) == [ADMINISTRATOR]


def test_the_lab_script_makes_a_role_and_keeps_its_id(latchkey):
    body = json.dumps({"name": "By script", "policy": {"description": "By script", "resources": ["drn:astra:org:" + latchkey.organization],
                                                       "actions": ["org-db-view"], "effect": "allow"}})
    role, = jq(".id", curl(latchkey, "-H", "Content-Type: application/json", "-d", body, latchkey.api + ROLES))
    token, = jq(".token", curl(latchkey, "-d", json.dumps({"roles": [role]}), latchkey.api + "/v2/clientIdSecrets"))
    assert latchkey.http("GET", "/v2/currentOrg", token=token).status_code == 200
    latchkey.http("DELETE", ROLES + "/" + role)


def test_the_vault_script_finds_a_role_s_id_by_its_name(latchkey):
    text = curl(latchkey, latchkey.api + ROLES)
    assert jq('.[] | select(.name == "Organization Administrator") | .id', text) == [ADMINISTRATOR]
    assert len(jq('.[] | "\\(.id) \\(.name)"', text)) == len(json.loads(text))


def test_the_rotation_script_reads_ids_roles_and_ages(latchkey):
    found = jq('.clients[] | [.clientId, .roles[0], .generatedOn] | @tsv', curl(latchkey, latchkey.api + "/v2/tokens"))
    assert found and all(len(line.split("\t")) == 3 and "null" not in line for line in found)
    assert jq('.clients[0].generatedOn | sub("\\\\.[0-9]+"; "") | fromdate', curl(latchkey, latchkey.api + "/v2/tokens"))[0].isdigit()


def test_an_error_s_number_and_message_are_read_by_a_script(latchkey):
    text = curl(latchkey, "-H", "Authorization: Bearer x", "-H", "Accept: application/json", latchkey.api + "/v2/nowhere")
    assert jq(".errors[0].ID | type", text) == ["number"] and jq(".errors[0].message | length > 0", text) == ["true"]
