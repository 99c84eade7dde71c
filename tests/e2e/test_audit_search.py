"""GET /v2/audit: who sees which records, and how they are found."""
import datetime
import json
import os
import re
import uuid

import pytest

import unix_http
from latchkey import ADMINISTRATOR, Latchkey, until

READER = "d2cfcd63-055c-4a58-b957-8916d4a007a5"                    # RO User
ENTERPRISE_ADMINISTRATOR = "014ba2cc-2ed1-44b8-8162-dba27ca7ce57"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def house(binary, tmp_path_factory):
    """Two organizations of one enterprise: ours, and one that is theirs."""
    daemon = Latchkey(binary, tmp_path_factory.mktemp("house"))
    daemon.init("--enterprise", "Group")
    daemon.serve()
    daemon.boss = unix_http.good(daemon, "POST", "/v2/tokens", {"roles": [ENTERPRISE_ADMINISTRATOR]}, enterprise=True)["token"]
    daemon.theirs = daemon.good("POST", "/v2/enterprises/organizations", {"name": "Theirs", "email": "t@example.org"},
                                token=daemon.boss)["OrganizationID"]
    daemon.their_token = daemon.good("POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "orgId": daemon.theirs},
                                     token=daemon.boss)
    yield daemon
    daemon.stop()


def search(house, query="", token=None):
    return house.good("GET", "/v2/audit" + query, token=token)["records"]


def pages(house, query):
    path = "/v2/audit" + query
    while path:
        answer = house.http("GET", path)
        assert answer.status_code == 200, answer.text
        yield answer.json()["records"]
        link = re.match('<(.*)>; rel="next"$', answer.headers.get("Link", ""))
        path = link and link.group(1)


def test_what_was_done_is_found_by_subject_newest_first(house):
    token = house.make_token(READER)
    house.delete_token(token)
    found = search(house, "?subject=" + token.client_id)
    assert [r["event"]["name"] for r in found] == ["token.delete", "token.create"]
    assert found[0]["seq"] > found[1]["seq"] and re.fullmatch("[0-9a-f]{64}", found[0]["hash"])
    assert found[0]["event"]["who"]["name"] == house.administrator.split(":")[1]


def test_each_filter_leaves_out_what_it_should(house):
    maker = house.make_token(ADMINISTRATOR)
    made = house.good("POST", "/v2/tokens", {"roles": [READER]}, token=maker.text)["clientId"]
    reader = house.make_token(READER)
    house.delete_token(house.make_token(READER))
    assert house.http("GET", "/v2/tokens", token=reader.text).status_code == 403
    assert [r["event"]["subject"] for r in search(house, "?actor=%s&event=token.create" % maker.client_id)] == [made]
    assert {r["event"]["name"] for r in search(house, "?event=token.")} == {"token.create", "token.delete"}
    refused = until("the refusal's record", lambda: search(house, "?outcome=refused&actor=" + reader.client_id))
    assert all(r["event"]["outcome"] == "refused" for r in refused)
    assert [r["event"]["subject"] for r in search(house, "?q=%s&event=token.create" % made.upper())] == [made]


def test_time_bounds_are_from_inclusive_to_exclusive(house):
    token = house.make_token(READER)
    record = search(house, "?subject=" + token.client_id)[0]
    at = record["event"]["at"]
    assert search(house, "?subject=%s&from=%s" % (token.client_id, at))
    assert not search(house, "?subject=%s&to=%s" % (token.client_id, at))
    after = (datetime.datetime.fromisoformat(at[:-1] + "+00:00") + datetime.timedelta(microseconds=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert search(house, "?subject=%s&to=%s" % (token.client_id, after))
    assert not search(house, "?subject=%s&from=%s" % (token.client_id, after))


@pytest.mark.parametrize("query", ["?from=yesterday", "?outcome=weird", "?to=x", "?q=%07", "?starting_after=x", "?starting_after=0",
                                   "?starting_after=99999999999999999999", "?event=" + "x" * 65])
def test_a_question_that_cannot_be_read_is_refused(house, query):
    assert house.http("GET", "/v2/audit" + query).status_code == 400


@pytest.mark.parametrize("event", ["token.cre", "token", "toke.", ".", "token.create.", "Token.create", "nonsense"])
def test_an_event_that_there_is_not_is_named(house, event):
    answer = house.http("GET", "/v2/audit?event=" + event)
    assert answer.status_code == 400 and '\\"%s\\"' % event in answer.text, answer.text


def test_times_the_wrong_way_round_find_nothing_and_say_so(house):
    now, later = "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.001Z"
    assert house.http("GET", "/v2/audit?from=%s&to=%s" % (now, later)).status_code == 200
    for end in (now, "2026-01-31T11:00:00Z"):
        answer = house.http("GET", "/v2/audit?from=%s&to=%s" % (now, end))
        assert answer.status_code == 400 and "from must be before to" in answer.text


def test_pages_give_every_record_once(house):
    for _ in range(5):
        house.delete_token(house.make_token(READER))
    whole = [r["seq"] for r in search(house, "?limit=1000")]
    paged = [r["seq"] for page in pages(house, "?limit=3") for r in page]
    assert [s for s in paged if s <= whole[0]] == whole
    assert paged == sorted(set(paged), reverse=True)


def test_a_record_is_seen_by_its_scope_alone(house):
    ours, theirs = house.make_token(READER), house.good(
        "POST", "/v2/tokens", {"roles": [READER]}, token=house.their_token["token"])["clientId"]
    assert search(house, "?subject=" + ours.client_id) and not search(house, "?subject=" + theirs)
    assert search(house, "?subject=" + theirs, token=house.their_token["token"])
    assert not search(house, "?subject=" + ours.client_id, token=house.their_token["token"])
    assert house.theirs not in json.dumps(search(house, "?limit=1000"))


def test_a_token_minted_by_an_enterprise_is_on_both_sides_record(house):
    minted = house.good("POST", "/v2/tokens", {"roles": [READER], "orgId": house.theirs}, token=house.boss)["clientId"]
    for token in (house.boss, house.their_token["token"]):
        found = search(house, "?event=token.create&subject=" + minted, token=token)
        assert len(found) == 1
        event = found[0]["event"]
        assert event["scope"] == house.theirs and event["who"]["enterprise"] == house.enterprise
    assert not search(house, "?subject=" + minted)


def test_reading_asks_for_org_audits_read_or_enterprise_read(house):
    answer = house.http("GET", "/v2/audit?from=nonsense", token=house.make_token(READER).text)
    assert answer.status_code == 403 and "org-audits-read" in answer.text
    assert house.http("GET", "/v2/audit?all=true").status_code == 403


def test_the_operator_reads_all_and_chooses_a_scope(house):
    everything = unix_http.good(house, "GET", "/v2/audit?all=true&limit=1000")["records"]
    assert {"organization.found", "organization.create"} <= {r["event"]["name"] for r in everything}
    theirs = unix_http.good(house, "GET", "/v2/audit?limit=1000", organization=house.theirs)["records"]
    assert theirs and all(house.theirs in json.dumps(r) for r in theirs)


def test_records_of_older_files_are_found(own_latchkey):
    daemon = own_latchkey
    daemon.configure(audit_file_bytes=65536)
    daemon.serve()
    first = daemon.make_token(READER)
    while len(os.listdir(os.path.join(daemon.data, "audit"))) < 3:
        daemon.delete_token(daemon.make_token(READER, description="x" * 1000))
    assert [r["event"]["name"] for r in search(daemon, "?subject=" + first.client_id)] == ["token.create"]
    seen = [r["seq"] for page in pages(daemon, "?limit=50&event=token.") for r in page]
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) >= 200
    daemon.stop()


def test_a_record_that_was_changed_is_not_shown_as_if_it_were_true(own_latchkey):
    daemon = own_latchkey
    daemon.serve()
    token = daemon.make_token(READER)
    folder = os.path.join(daemon.data, "audit")
    path = os.path.join(folder, os.listdir(folder)[0])
    with open(path, "rb") as file:
        text = file.read()
    forged = token.client_id.encode().swapcase()
    with open(path, "wb") as file:
        file.write(text.replace(token.client_id.encode(), forged))
    answer = daemon.http("GET", "/v2/audit")
    assert answer.status_code == 500 and forged.decode() not in answer.text
    daemon.kill()


# regions

@pytest.mark.parametrize("path", ["/v2/availableRegions", "/v2/regions/serverless"])
def test_regions_ask_for_org_db_create_and_say_401(house, path):
    assert house.good("GET", path) == []
    answer = house.http("GET", path, token=house.make_token(READER).text)
    assert answer.status_code == 401 and "org-db-create" in answer.text
    assert house.http("GET", path, token=house.boss).status_code == 401
