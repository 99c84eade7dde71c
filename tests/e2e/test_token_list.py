"""GET /v2/tokens: filters, order, pages, versions, and lists that are long."""
import datetime
import os
import re

import pytest

import many_tokens
from latchkey import ADMINISTRATOR, Latchkey, until

READER = "d2cfcd63-055c-4a58-b957-8916d4a007a5"    # RO User
LONG = 1_000_000 if os.environ.get("LATCHKEY_TEST_LONG") else 100_000


def ids(latchkey, query="", token=None):
    return [t["clientId"] for t in latchkey.good("GET", "/v2/tokens" + query, token=token)["clients"]]


def pages(latchkey, query):
    """Every page's client ids, as the Link headers lead on."""
    path = "/v2/tokens" + query
    while path:
        answer = latchkey.http("GET", path)
        assert answer.status_code == 200, answer.text
        yield [t["clientId"] for t in answer.json()["clients"]]
        link = re.match('<(.*)>; rel="next"$', answer.headers.get("Link", ""))
        path = link and link.group(1)


@pytest.fixture(scope="module", params=["pictures", "store"])
def lists(request, binary, tmp_path_factory):
    """A daemon of our own: every token in it is known. Pages are answered from pictures in memory, or from the store."""
    daemon = Latchkey(binary, tmp_path_factory.mktemp("lists"))
    daemon.init()
    if request.param == "store":
        daemon.configure(list_memory_bytes=0)
    daemon.serve()
    daemon.soon = (datetime.datetime.now(datetime.timezone.utc) +
                   datetime.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    daemon.later = "2126-01-01T00:00:00Z"
    daemon.reader = daemon.make_token(READER, description="Zebra reads orders", tokenExpiry=daemon.later)
    daemon.short = daemon.make_token(READER, description="apple", tokenExpiry=daemon.soon)
    daemon.maker = daemon.make_token(ADMINISTRATOR, description="Ärger, a maker")
    daemon.child = daemon.good("POST", "/v2/tokens", {"roles": [READER], "description": "child"},
                               token=daemon.maker.text)["clientId"]
    yield daemon
    daemon.stop()


def test_a_list_can_be_asked_for_by_role(lists):
    found = ids(lists, "?role=" + READER)
    assert set(found) == {lists.reader.client_id, lists.short.client_id, lists.child}


def test_a_list_can_be_asked_for_by_creator(lists):
    assert ids(lists, "?createdBy=" + lists.maker.client_id) == [lists.child]


def test_a_list_can_be_asked_for_by_the_time_of_ending(lists):
    assert ids(lists, "?expiresBefore=2030-01-01T00:00:00Z") == [lists.short.client_id]
    assert ids(lists, "?expiresBefore=" + lists.soon) == []
    assert len(ids(lists, "?status=active")) == len(ids(lists))
    assert ids(lists, "?status=expired") == []


@pytest.mark.parametrize("text,which", [("ORDERS", "reader"), ("APPLE", "short"), ("%C3%A4RGER", "maker"), ("ro uSER", None)])
def test_a_search_finds_text_in_any_case_and_names_of_roles(lists, text, which):
    found = ids(lists, "?q=" + text)
    if which:
        assert found == [getattr(lists, which).client_id]
    else:
        assert set(found) == set(ids(lists, "?role=" + READER))


def test_a_search_finds_client_ids_and_creators(lists):
    found = ids(lists, "?q=" + lists.maker.client_id.lower())
    assert set(found) == {lists.maker.client_id, lists.child}


def test_filters_hold_together(lists):
    assert ids(lists, "?role=%s&q=zebra&status=active" % READER) == [lists.reader.client_id]
    assert ids(lists, "?role=%s&q=zebra&status=expired" % READER) == []


@pytest.mark.parametrize("query", ["?role=reader", "?expiresBefore=tomorrow", "?status=dead", "?sort=size&limit=2",
                                   "?sort=-generatedOn", "?q=%07", "?sort=description&limit=2&starting_after=x"])
def test_a_filter_that_cannot_be_read_is_refused_by_name(lists, query):
    answer = lists.http("GET", "/v2/tokens" + query)
    assert answer.status_code == 400, answer.text


def test_an_unknown_status_is_told_all_there_are(lists):
    for legacy in ("/v2/tokens", "/v2/clientIdSecrets"):
        answer = lists.http("GET", legacy + "?status=Active")
        assert answer.status_code == 400
        for word in ("any", "active", "expired", "expiring", "unending", "neverUsed", "unused"):
            assert word in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("limit", ["", "&limit=1000"])
def test_a_list_can_be_asked_for_by_what_becomes_of_tokens(lists, limit):
    everything = set(ids(lists))
    assert ids(lists, "?status=expiring" + limit) == [lists.short.client_id]
    assert set(ids(lists, "?status=unending" + limit)) == everything - {lists.short.client_id, lists.reader.client_id}
    assert set(ids(lists, "?status=any" + limit)) == everything


@pytest.mark.parametrize("query", ["?limit=1", "?limit=1&status=active", "?limit=2&sort=-createdBy", "?limit=1&q=a", "?limit=3&role=" + READER,
                                   "?limit=1&status=expired"])
def test_a_page_says_how_many_there_are_in_all(lists, query):
    answer = lists.http("GET", "/v2/tokens" + query)
    seen = [i for page in pages(lists, query) for i in page]
    assert int(answer.headers["X-Latchkey-Total"]) == len(seen) == len(set(seen))
    behind = re.match('<(.*)>; rel="next"$', answer.headers.get("Link", ""))
    if behind:
        assert lists.http("GET", behind.group(1)).headers["X-Latchkey-Total"] == str(len(seen))


def test_the_whole_list_does_not(lists):
    assert "X-Latchkey-Total" not in lists.http("GET", "/v2/tokens").headers


def test_the_first_page_after_a_change_has_it(lists):
    for query in ("?limit=100&sort=-generatedOn", "?limit=100&q=CHANGED"):
        made = lists.make_token(READER, description="changed just now")
        assert made.client_id in ids(lists, query)
        lists.delete_token(made)
        assert made.client_id not in ids(lists, query)


def test_a_page_whose_times_move_has_no_version(lists):
    assert "ETag" in lists.http("GET", "/v2/tokens?limit=5&status=active").headers
    assert "ETag" not in lists.http("GET", "/v2/tokens?limit=5&status=expiring").headers


def test_the_summary_counts_what_the_filters_find(lists):
    found = lists.good("GET", "/v2/tokens/summary")
    for key, query in (("active", "active"), ("expired", "expired"), ("expiringWithin30Days", "expiring"), ("withoutEnd", "unending")):
        assert found[key] == len(ids(lists, "?status=" + query)), key
    today = datetime.datetime.now(datetime.timezone.utc).date()
    days = [day["day"] for day in found["expiries"]]
    assert len(days) == 90 and days[0] in (str(today), str(today - datetime.timedelta(days=1)))
    assert days == [str(datetime.date.fromisoformat(days[0]) + datetime.timedelta(days=i)) for i in range(90)]
    assert {day["day"]: day["count"] for day in found["expiries"] if day["count"]} == {lists.soon[:10]: 1}
    first = min(lists.good("GET", "/v2/tokens")["clients"], key=lambda t: t["generatedOn"])
    assert found["oldestGeneratedOn"] == first["generatedOn"]


def test_expiring_is_what_ends_within_thirty_days(lists):
    now = datetime.datetime.now(datetime.timezone.utc)
    ends = [(now + datetime.timedelta(days=30, hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ") for hours in (-1, 1)]
    before = lists.good("GET", "/v2/tokens/summary")["expiringWithin30Days"]
    within, beyond = (lists.make_token(READER, tokenExpiry=end) for end in ends)
    assert {within.client_id, beyond.client_id} & set(ids(lists, "?status=expiring")) == {within.client_id}
    assert lists.good("GET", "/v2/tokens/summary")["expiringWithin30Days"] == before + 1
    for token in (within, beyond):
        lists.delete_token(token)


def test_what_is_used_is_told_from_what_is_not(lists):
    asleep, awake = (lists.make_token(READER, description="of use") for _ in range(2))
    mine = {asleep.client_id, awake.client_id}
    assert mine <= set(ids(lists, "?limit=1000&status=neverUsed"))
    assert not mine & set(ids(lists, "?limit=1000&status=unused"))
    assert lists.http("GET", "/v2/currentOrg", token=awake.text).status_code == 200
    until("the use of a token", lambda: mine & set(ids(lists, "?limit=1000&status=neverUsed")) == {asleep.client_id})
    assert mine & set(ids(lists, "?status=neverUsed")) == {asleep.client_id}
    assert ids(lists, "?limit=2&q=of%20use&sort=lastUsedAt") == [asleep.client_id, awake.client_id]
    assert [i for page in pages(lists, "?limit=1&q=of%20use&sort=-lastUsedAt") for i in page] == [awake.client_id, asleep.client_id]
    shown = lists.good("GET", "/v2/tokens?limit=2&q=of%20use&sort=lastUsedAt")["clients"]
    assert shown[0]["lastUsedAt"] is None and shown[1]["lastUsedAt"]
    assert lists.good("GET", "/v2/tokens/summary")["neverUsed"] == len(ids(lists, "?status=neverUsed"))
    for token in (asleep, awake):
        lists.delete_token(token)


def test_who_may_not_read_tokens_gets_no_summary(lists):
    answer = lists.http("GET", "/v2/tokens/summary", token=lists.reader.text)
    assert answer.status_code == 403 and "org-token-read" in answer.text


def test_other_arguments_are_ignored(lists):
    assert ids(lists, "?include=all&limit=x&colour=red") == ids(lists)


def test_pages_show_every_token_once_while_others_come_and_go(lists):
    all_of_them = set(ids(lists))
    seen = []
    for number, page in enumerate(pages(lists, "?limit=2")):
        assert len(page) <= 2
        seen += page
        if number == 0:
            gone = lists.make_token(READER)
            lists.delete_token(gone)
            lists.extra = lists.make_token(READER)
    assert len(seen) == len(set(seen)) and all_of_them <= set(seen)
    lists.delete_token(lists.extra)


def test_a_page_that_is_full_and_the_last_has_no_link(lists):
    n = len(ids(lists))
    assert len(list(pages(lists, "?limit=%d" % n))) == 1


@pytest.mark.parametrize("key", ["description", "generatedOn", "tokenExpiry", "createdBy", "clientId"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_sorted_pages_are_the_sorted_list(lists, key, sign):
    rows = lists.good("GET", "/v2/tokens")["clients"]
    rows.sort(key=lambda t: ("" if key == "clientId" else (t[key] or "9999").lower(), t["clientId"]),
              reverse=sign == "-")
    found = [i for page in pages(lists, "?limit=2&sort=%s%s" % (sign, key)) for i in page]
    assert found == [t["clientId"] for t in rows]


def test_the_version_stays_while_nothing_changes_and_moves_with_every_change(lists):
    first = lists.http("GET", "/v2/tokens")
    tag = first.headers["ETag"]
    again = lists.http("GET", "/v2/tokens", headers={"If-None-Match": tag})
    assert again.status_code == 304 and again.content == b""
    assert lists.http("GET", "/v2/tokens").content == first.content
    made = lists.make_token(READER)
    changed = lists.http("GET", "/v2/tokens", headers={"If-None-Match": tag})
    assert changed.status_code == 200 and made.client_id in changed.text
    lists.delete_token(made)
    gone = lists.http("GET", "/v2/tokens", headers={"If-None-Match": changed.headers["ETag"]})
    assert gone.status_code == 200 and made.client_id not in gone.text


def test_a_list_from_memory_forgets_a_token_as_soon_as_its_end_has_come(lists):
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(milliseconds=400)
    made = lists.make_token(READER, tokenExpiry=end.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (end.microsecond // 1000))

    def status():
        return [t["status"] for t in lists.good("GET", "/v2/tokens")["clients"] if t["clientId"] == made.client_id][0]
    seen = {status()}
    while "expired" not in seen:
        seen.add(status())
        assert datetime.datetime.now(datetime.timezone.utc) < end + datetime.timedelta(seconds=20)
    lists.delete_token(made)


def test_a_version_of_another_process_is_not_taken_for_ours(lists):
    tag = lists.http("GET", "/v2/tokens").headers["ETag"]
    lists.stop()
    lists.serve()
    assert lists.http("GET", "/v2/tokens", headers={"If-None-Match": tag}).status_code == 200


def test_who_may_not_read_tokens_is_refused_before_any_filter_is_read(lists):
    answer = lists.http("GET", "/v2/tokens?role=nonsense", token=lists.reader.text)
    assert answer.status_code == 403 and "org-token-read" in answer.text


# long lists

KEY = b'{"clientId":'


def memory_kib(pid, what="VmHWM"):
    with open("/proc/%d/status" % pid, encoding="utf-8") as file:
        return int(re.search(what + r":\s+(\d+)", file.read()).group(1))


def test_a_long_list_is_whole_and_takes_no_memory_of_its_length(own_latchkey):
    daemon = own_latchkey
    many_tokens.add(daemon.data, daemon.organization, READER, LONG)
    daemon.serve()
    assert len(ids(daemon, "?limit=10")) == 10
    before = memory_kib(daemon.process.pid)
    with daemon.http("GET", "/v2/tokens", stream=True) as answer:
        assert answer.status_code == 200
        n = length = 0
        end = b""
        for piece in answer.iter_content(1 << 16):
            both = end + piece
            n += both.count(KEY)
            length += len(piece)
            end = both[-len(KEY) + 1:]
    after = memory_kib(daemon.process.pid)
    assert n == LONG + 1 and end.endswith(b"]}")
    print("list of %d tokens: %d MiB sent, the daemon grew by %d MiB" % (n, length >> 20, (after - before) >> 10))
    assert after - before < 128 << 10, "grew by %d KiB" % (after - before)
    found = daemon.good("GET", "/v2/tokens?q=number%20" + str(LONG - 1))["clients"]
    assert [t["clientId"] for t in found] == [many_tokens.client_id(LONG - 1)]
    newest = ids(daemon, "?limit=3&sort=-description&createdBy=operator%20uid%3D0")
    assert newest[0] == many_tokens.client_id(LONG - 1)
    daemon.stop()


def without_use(answer):
    """The page but for what its very asking changes."""
    use = ("lastUsedAt", "lastUsedFrom", "lastUsedBy", "openSessions")
    return [{key: value for key, value in token.items() if key not in use} for token in answer.json()["clients"]]


def test_pages_of_a_long_list_are_the_same_from_memory_as_from_the_store(own_latchkey):
    """With room for half of the list there is no picture of it."""
    daemon = own_latchkey
    many_tokens.add(daemon.data, daemon.organization, READER, LONG)
    queries = ["?limit=50&sort=%s%s" % (sign, key) for sign in ("", "-") for key in
               ("generatedOn", "tokenExpiry", "description", "createdBy", "clientId")]
    queries += ["?limit=50&q=ER%20777", "?limit=50&q=ro%20user&sort=-description", "?limit=3&status=active", "?limit=2&createdBy=nobody"]
    daemon.serve()
    until("the asker's own use", lambda: daemon.good("GET", "/v2/tokens/summary")["neverUsed"] == LONG)
    daemon.stop()
    found, summaries, grown = [], [], []
    for room in (4096 * LONG, 40 * LONG):
        daemon.configure(list_memory_bytes=room)
        daemon.serve()
        before = memory_kib(daemon.process.pid)
        answers = [daemon.http("GET", "/v2/tokens" + query) for query in queries]
        found.append([(without_use(answer), answer.headers.get("Link"), answer.headers["X-Latchkey-Total"]) for answer in answers])
        summaries.append({**daemon.good("GET", "/v2/tokens/summary"), "neverUsed": None})
        grown.append(memory_kib(daemon.process.pid) - before)
        daemon.stop()
    assert found[0] == found[1]
    assert summaries[0] == summaries[1] and summaries[0]["withoutEnd"] == LONG + 1
    print("the daemon grew by %d KiB with a picture, by %d KiB without" % tuple(grown))
    assert grown[0] < (128 << 10) * (LONG // 100_000)


def test_a_reader_that_leaves_in_the_middle_of_a_long_list_harms_nobody(own_latchkey):
    daemon = own_latchkey
    many_tokens.add(daemon.data, daemon.organization, READER, 30_000)
    daemon.serve()
    for _ in range(5):
        with daemon.http("GET", "/v2/tokens", stream=True) as answer:
            assert answer.raw.read(1000)
    assert len(ids(daemon)) == 30_001
    daemon.stop()
