"""The command line on organizations, enterprises, settings, lists of tokens and the audit trail."""
import json

import pytest

from latchkey import ADMINISTRATOR, Latchkey

DONE, USAGE, INVALID, UNAUTHENTICATED, FORBIDDEN, RETRY, MISSING, CONFLICT, INTERNAL = 0, 2, 3, 4, 5, 6, 7, 8, 9
READER = "RO User"


@pytest.fixture(scope="module")
def group(binary, tmp_path_factory):
    daemon = Latchkey(binary, tmp_path_factory.mktemp("cli-group"))
    daemon.init("--enterprise", "Group")
    daemon.serve()
    yield daemon
    daemon.stop()


def test_organizations_are_made_listed_and_shown(group):
    made = group.ask("org", "create", "Tools", "--email", "t@example.org")
    assert made["OrganizationName"] == "Tools" and made["EnterpriseId"] == group.enterprise
    assert {o["name"] for o in group.ask("org", "list")} >= {"Acme", "Tools"}
    assert group.ask("org", "show", "tools")["id"] == made["OrganizationID"]
    assert group.ask("org", "show", "--org", "Tools")["id"] == made["OrganizationID"]
    assert group.run("org", "create", "Tools", "--email", "t@example.org").returncode == CONFLICT
    assert group.run("org", "create", "More").returncode == USAGE
    assert group.run("org", "show", "Nobody").returncode == MISSING


def test_an_enterprise_is_shown_and_renamed(group):
    assert group.ask("enterprise", "show")["id"] == group.enterprise
    assert group.ask("enterprise", "rename", "Group & Sons")["name"] == "Group & Sons"
    assert group.ask("enterprise", "show")["name"] == "Group & Sons"


def test_an_organization_leaves_comes_back_and_is_removed_when_it_is_empty(group):
    group.ask("org", "create", "Guest", "--email", "g@example.org")
    token = group.ask("token", "create", "--role", READER, "--org", "Guest")["clientId"]
    done = group.run("enterprise", "remove-org", "Guest")
    assert done.returncode == CONFLICT and "1 token" in done.stderr
    assert group.run("enterprise", "remove-org", "Guest", "--standalone").returncode == DONE
    done = group.run("enterprise", "remove-org", "Guest")
    assert done.returncode == MISSING and "no such organization" in done.stderr
    assert group.ask("org", "show", "Guest")["enterpriseId"] is None
    assert group.run("enterprise", "add-org", "Guest").returncode == DONE
    assert group.ask("org", "show", "Guest")["enterpriseId"] == group.enterprise
    assert group.run("token", "delete", token, "--org", "Guest").returncode == DONE
    assert group.run("enterprise", "remove-org", "Guest").returncode == DONE
    assert group.run("org", "show", "Guest").returncode == MISSING


def test_without_an_enterprise_that_is_said(binary, latchkey):
    done = latchkey.run("enterprise", "show")
    assert done.returncode == MISSING and "enterprise" in done.stderr
    assert latchkey.run("org", "create", "X", "--email", "x@y.z").returncode == INVALID


def test_settings_keep_what_is_not_said(group):
    assert group.ask("settings", "set", "--default", "90d", "--org", "Acme")["defaultLifetimeSeconds"] == 90 * 86400
    now = group.ask("settings", "set", "--inherit-expiry", "yes", "--org", "Acme")
    assert now == {"defaultLifetimeSeconds": 90 * 86400, "maximumLifetimeSeconds": None, "inheritExpiry": True, "ceiling": True}
    now = group.ask("settings", "set", "--default", "never", "--inherit-expiry", "no", "--org", "Acme")
    assert now == group.ask("settings", "get", "--org", "Acme") and now["defaultLifetimeSeconds"] is None


def test_a_maximum_that_ends_tokens_asks_for_yes(group):
    done = group.run("settings", "set", "--maximum", "1d", "--org", "Acme")
    assert done.returncode == CONFLICT and "within 7 days" in done.stderr and "--yes" in done.stderr
    assert group.ask("settings", "get", "--org", "Acme")["maximumLifetimeSeconds"] is None
    assert group.ask("settings", "set", "--maximum", "1d", "--yes", "--org", "Acme")["maximumLifetimeSeconds"] == 86400
    assert group.ask("settings", "set", "--maximum", "never", "--org", "Acme")["maximumLifetimeSeconds"] is None


@pytest.mark.parametrize("words,code", [(["set"], USAGE), (["set", "--maximum", "soon"], INVALID), (["set", "--default", "0d"], INVALID),
                                        (["set", "--ceiling", "maybe"], INVALID), (["get", "x"], USAGE)])
def test_settings_that_make_no_sense_are_refused(group, words, code):
    assert group.run("settings", *words, "--org", "Acme").returncode == code


def test_a_token_may_read_settings_and_not_set_them(group, tmp_path):
    remote = ("--url", group.api, "--token-file", group.token_file)
    assert group.ask("settings", "get", *remote)["ceiling"] is True
    assert group.run("settings", "set", "--ceiling", "no", *remote).returncode == FORBIDDEN


def test_lists_of_tokens_are_filtered(group):
    make = lambda *words: group.ask("token", "create", *words, "--org", "Acme")  # noqa: E731
    find = lambda *words: {t["clientId"] for t in group.ask("token", "list", *words, "--org", "Acme")}  # noqa: E731
    report = make("--role", READER, "--description", "Nightly report", "--expires", "3d")["clientId"]
    other = make("--role", ADMINISTRATOR)["clientId"]
    assert find("--search", "NIGHTLY") == {report}
    assert find("--expires-before", "10d") == {report}
    assert report in find("--role", READER) and other not in find("--role", READER)
    assert find("--created-by", "nobody") == set() and other in find("--created-by", "operator uid=0") | find()
    assert group.run("token", "list", "--role", "a", "--role", "b").returncode == USAGE


def test_a_token_is_deleted_with_what_it_made(group):
    maker = group.ask("token", "create", "--role", ADMINISTRATOR, "--org", "Acme")
    made = group.good("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, token=maker["token"])["clientId"]
    assert group.run("token", "delete", maker["clientId"], "--created-tokens", "--org", "Acme").returncode == DONE
    assert group.run("token", "show", made, "--org", "Acme").returncode == MISSING


def test_the_trail_is_searched(group, tmp_path):
    token = group.ask("token", "create", "--role", READER, "--org", "Acme")["clientId"]
    assert group.run("token", "delete", token, "--org", "Acme").returncode == DONE
    find = lambda *words: group.ask("audit", "search", *words, "--org", "Acme")  # noqa: E731
    assert [r["event"]["name"] for r in find("--subject", token)] == ["token.delete", "token.create"]
    assert [r["event"]["name"] for r in find(token.lower(), "--event", "token.create")] == ["token.create"]
    assert len(find("-n", "2")) == 2
    assert find("--subject", token, "--outcome", "refused") == []
    assert any(r["event"]["name"] == "organization.create" for r in find("--every-scope", "-n", "1000"))
    assert group.run("audit", "search", "--from", "yesterday", "--org", "Acme").returncode == INVALID
    remote = ("--url", group.api, "--token-file", group.token_file)
    assert len(group.ask("audit", "search", "--subject", token, *remote)) == 2
    assert group.run("audit", "tail", *remote).returncode == USAGE
    assert json.dumps(find("--subject", token)).count(token) == 2
