"""How requests come and answers go, fact by fact: each test is a thing that some client breaks without."""
import gzip
import json

import pytest

import facts
from facts import JSON, ROLES, assert_empty, new_token, request, role_body, wire
from latchkey import ADMINISTRATOR

MINT = json.dumps({"roles": [ADMINISTRATOR]}).encode()


@pytest.fixture(scope="module")
def org(latchkey):
    return "drn:astra:org:" + latchkey.organization


# what comes before the body

@pytest.mark.parametrize("word", ["100-continue", "100-Continue", "100-CONTINUE", "100-cOnTiNuE"])
def test_expect_continue_in_any_case_is_answered_with_100_before_the_body(latchkey, word):
    words = request(latchkey, "POST", "/v2/clientIdSecrets", MINT, ["Expect: " + word])
    with wire(latchkey) as connection:
        connection.send(words[:-len(MINT)])
        assert connection.head() == b"HTTP/1.1 100 Continue"
        assert connection.send(MINT).answer().status_code == 200


def test_expect_continue_of_a_put_is_answered_with_100(latchkey):
    role = latchkey.make_role(["org-read"], [], name="Continued")
    body = json.dumps(role_body("Continued", "org-user-read")).encode()
    with wire(latchkey) as connection:
        connection.send(request(latchkey, "PUT", ROLES + "/" + role, body, ["Expect: 100-continue"])[:-len(body)])
        assert connection.head() == b"HTTP/1.1 100 Continue"
        assert connection.send(body).answer().status_code == 200


def test_a_body_sent_without_waiting_for_100_is_taken(latchkey):
    with wire(latchkey) as connection:
        connection.send(request(latchkey, "POST", "/v2/tokens", MINT, ["Expect: 100-continue"]))
        answer = connection.answer()
        if answer.status_code == 100:
            answer = connection.answer()
        assert answer.status_code == 200


def test_no_expectation_is_answered_with_417(latchkey):
    for word in ("200-ok", "100-continue, more", "x"):
        with wire(latchkey) as connection:
            answer = connection.send(request(latchkey, "POST", "/v2/tokens", MINT, ["Expect: " + word])).answer()
            assert answer.status_code == 200, word


def test_a_refused_post_with_expect_is_answered_without_its_body(latchkey):
    """The client that asks first hears the refusal instead of being invited to send."""
    words = request(latchkey, "POST", "/v2/tokens", MINT, ["Expect: 100-continue"], token=facts.STRANGER)
    with wire(latchkey) as connection:
        answer = connection.send(words[:-len(MINT)]).answer()
        if answer.status_code == 100:
            answer = connection.send(MINT).answer()
        assert answer.status_code == 401


# bodies where none is expected

BODILESS = [("GET", "/v2/currentOrg", 200), ("GET", "/v2/tokens", 200), ("GET", "/v2/clientIdSecrets", 200),
            ("GET", ROLES, 200), ("GET", ROLES + "/" + ADMINISTRATOR, 200), ("GET", "/v2/databases", 200),
            ("GET", "/v2/databases/" + facts.NOBODY, 404), ("DELETE", "/v2/tokens/" + "x" * 24, 404),
            ("DELETE", "/v2/clientIdSecrets/" + "x" * 24, 404), ("DELETE", "/v2/clientIdSecret/" + "x" * 24, 404),
            ("DELETE", ROLES + "/" + facts.NOBODY, 404), ("DELETE", "/v2/databases/%s/keyspaces/k" % facts.NOBODY, 404),
            ("POST", "/v2/databases/%s/keyspaces/k" % facts.NOBODY, 404),
            ("POST", "/v2/databases/%s/terminate" % facts.NOBODY, 404),
            ("POST", "/v2/databases/%s/secureBundleURL" % facts.NOBODY, 404),
            ("POST", "/v2/databases/%s/token" % facts.NOBODY, 404)]


@pytest.mark.parametrize("body", [b"null", b"{}", b"[]", b"nonsense", b"GET /v2/nowhere HTTP/1.1\r\n\r\n"])
@pytest.mark.parametrize("method,path,status", BODILESS)
def test_a_body_where_none_is_expected_is_read_and_dropped(latchkey, method, path, status, body):
    """One connection: what is not read would be the beginning of the next request."""
    with wire(latchkey) as connection:
        for _ in range(2):
            assert connection.send(request(latchkey, method, path, body)).answer().status_code == status
        assert connection.send(request(latchkey, "GET", "/v2/currentOrg")).answer().status_code == 200


def test_delete_with_the_body_null_deletes(latchkey):
    made = new_token(latchkey).json()
    answer = latchkey.http("DELETE", "/v2/clientIdSecret/" + made["clientId"], data=b"null",
                           headers={"Content-Type": "application/json"})
    assert_empty(answer, 204)


# connections

def test_requests_follow_each_other_on_one_connection(latchkey):
    with wire(latchkey) as connection:
        for _ in range(5):
            for method, path, body, status in (("GET", "/v2/currentOrg", b"", 200), ("POST", "/v2/tokens", MINT, 200),
                                               ("GET", "/v2/tokens/" + "x" * 24, b"", 404), ("GET", ROLES, b"", 200)):
                answer = connection.send(request(latchkey, method, path, body)).answer()
                assert answer.status_code == status and answer.headers.get("Connection", "").lower() != "close"


def test_pipelined_requests_are_answered_in_their_order(latchkey):
    paths = [("GET", "/v2/currentOrg", b"", 200), ("POST", "/v2/tokens", MINT, 200), ("GET", "/v2/nowhere", b"", 404),
             ("GET", ROLES + "/" + ADMINISTRATOR, b"", 200), ("DELETE", "/v2/tokens/" + "x" * 24, b"null", 404),
             ("GET", "/v2/currentOrg", b"null", 200)]
    with wire(latchkey) as connection:
        connection.send(b"".join(request(latchkey, method, path, body) for method, path, body, _ in paths * 3))
        assert [connection.answer().status_code for _ in paths * 3] == [status for *_, status in paths * 3]


def test_a_request_in_single_bytes_is_one_request(latchkey):
    with wire(latchkey) as connection:
        for byte in request(latchkey, "POST", "/v2/tokens", MINT):
            connection.send(bytes([byte]))
        assert connection.answer().status_code == 200


def test_http_1_0_is_answered_and_closed(latchkey):
    with wire(latchkey) as connection:
        answer = connection.send(request(latchkey, "GET", "/v2/currentOrg", version="1.0")).answer()
        assert answer.status_code == 200 and answer.json()["id"] == latchkey.organization
        assert connection.closed()


def test_connection_close_is_obeyed(latchkey):
    with wire(latchkey) as connection:
        answer = connection.send(request(latchkey, "GET", "/v2/currentOrg", headers=["Connection: close"])).answer()
        assert answer.status_code == 200 and connection.closed()


def test_an_upgrade_to_http_2_is_not_taken_and_does_no_harm(latchkey):
    """As a Java client with its defaults offers it."""
    offered = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA"]
    with wire(latchkey) as connection:
        assert connection.send(request(latchkey, "GET", "/v2/currentOrg", headers=offered)).answer().status_code == 200


def test_a_chunked_body_is_taken(latchkey):
    chunked = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (5, MINT[:5], len(MINT) - 5, MINT[5:])
    words = request(latchkey, "POST", "/v2/tokens", headers=["Content-Type: application/json", "Transfer-Encoding: chunked"])
    with wire(latchkey) as connection:
        assert connection.send(words + chunked).answer().status_code == 200
        assert connection.send(request(latchkey, "GET", "/v2/currentOrg")).answer().status_code == 200


def test_an_empty_post_with_content_length_0_is_taken(latchkey):
    words = request(latchkey, "POST", "/v2/databases/%s/keyspaces/k" % facts.NOBODY, headers=["Content-Length: 0"])
    with wire(latchkey) as connection:
        assert connection.send(words).answer().status_code == 404
        assert connection.send(request(latchkey, "GET", "/v2/currentOrg")).answer().status_code == 200


def test_small_answers_have_a_length_and_are_not_chunked(latchkey):
    for method, path, body in (("GET", "/v2/currentOrg", None), ("GET", ROLES + "/" + ADMINISTRATOR, None), ("GET", "/v2/databases", None),
                               ("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}), ("GET", "/v2/nowhere", None)):
        answer = latchkey.http(method, path, body)
        assert "Transfer-Encoding" not in answer.headers
        assert int(answer.headers["Content-Length"]) == len(answer.content)


# bodies

KINDS = ["application/json", "application/json;charset=utf-8", "application/json; charset=ISO-8859-1", "APPLICATION/JSON", "text/json",
         "application/x-www-form-urlencoded", None]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ["/v2/tokens", "/v2/clientIdSecrets"])
def test_a_body_is_json_in_utf_8_whatever_its_type_says(latchkey, path, kind):
    body = json.dumps({"roles": [ADMINISTRATOR], "description": "Grüße"}, ensure_ascii=False).encode()
    answer = latchkey.http("POST", path, None, data=body, headers={"Content-Type": kind})
    assert answer.status_code == 200 and answer.json()["description"] == "Grüße", answer.text


def test_blanks_and_line_ends_around_a_body_are_taken(latchkey):
    assert latchkey.http("POST", "/v2/tokens", None, data=b"\r\n\t " + MINT + b"\n ").status_code == 200


def test_a_body_with_a_byte_order_mark_is_400(latchkey):
    """As with the hosted service, and not taken for an empty one."""
    facts.assert_refused(latchkey.http("POST", "/v2/tokens", None, data=b"\xef\xbb\xbf" + MINT), 400, "not valid JSON")


def test_a_body_in_another_coding_is_400_and_says_so(latchkey):
    for coding in ("gzip", "deflate", "br"):
        answer = latchkey.http("POST", "/v2/tokens", None, data=gzip.compress(MINT), headers={"Content-Encoding": coding})
        facts.assert_refused(answer, 400, "Content-Encoding")
    for coding in ("identity", "Identity", ""):
        assert latchkey.http("POST", "/v2/tokens", None, data=MINT, headers={"Content-Encoding": coding}).status_code == 200, coding


# paths

@pytest.mark.parametrize("path,status", [("/v2/%63urrentOrg", 200), (ROLES + "/" + ADMINISTRATOR.replace("-", "%2D"), 200),
                                         (ROLES + "/%61" + ADMINISTRATOR[1:], 200), ("/v2%2FcurrentOrg", 404), ("//v2/currentOrg", 404),
                                         ("/v2//currentOrg", 404), ("http://localhost/v2/currentOrg", 200)])
def test_a_path_is_the_same_with_percent_signs_and_none_with_a_slash_too_many(latchkey, path, status):
    with wire(latchkey) as connection:
        assert connection.send(request(latchkey, "GET", path)).answer().status_code == status


@pytest.mark.parametrize("path", ["/v2/currentOrg/", "/v2/tokens/", "/v2/databases/", "/v2/organizations/users/", "/v2/access-lists/"])
def test_a_path_that_ends_with_a_slash_is_404_in_the_usual_form(latchkey, path):
    facts.assert_refused(latchkey.http("GET", path), 404)


def test_delete_of_the_list_of_tokens_deletes_none(latchkey):
    """As one description prints it, with the id nowhere in the path."""
    made = new_token(latchkey).json()
    for query in ("", "?clientId=" + made["clientId"]):
        assert latchkey.http("DELETE", "/v2/tokens" + query).status_code == 405
    assert latchkey.http("GET", "/v2/currentOrg", token=made["token"]).status_code == 200


# headers

@pytest.mark.parametrize("path", ["/v2/currentOrg", "/v2/tokens", ROLES, "/v2/databases", "/v2/organizations/users"])
def test_head_is_get_without_its_body(latchkey, path):
    got, head = (latchkey.http(method, path) for method in ("GET", "HEAD"))
    assert head.status_code == got.status_code == 200 and head.content == b"" and head.headers["Content-Type"] == JSON
    with wire(latchkey) as connection:
        connection.send(request(latchkey, "HEAD", path) + request(latchkey, "GET", "/v2/currentOrg"))
        assert b" 200 " in connection.head() and connection.answer().json()["id"] == latchkey.organization


@pytest.mark.parametrize("coding", ["gzip, deflate, br, zstd", "gzip;q=1.0, identity;q=0", "*;q=0", "identity", ""])
def test_answers_come_as_they_are_whatever_codings_are_accepted(latchkey, coding):
    with wire(latchkey) as connection:
        answer = connection.send(request(latchkey, "GET", "/v2/currentOrg", headers=["Accept-Encoding: " + coding])).answer()
        assert answer.json()["id"] == latchkey.organization and "Content-Encoding" not in answer.headers


def test_http_1_0_without_host_is_answered_and_kept_where_it_asks_for_that(latchkey):
    words = request(latchkey, "GET", "/v2/currentOrg", version="1.0", headers=["Connection: keep-alive"]).replace(b"Host: localhost\r\n", b"")
    with wire(latchkey) as connection:
        for _ in range(2):
            answer = connection.send(words).answer()
            assert answer.status_code == 200 and answer.headers["Connection"].lower() == "keep-alive"


def test_two_tokens_in_one_request_are_400(latchkey):
    words = request(latchkey, "GET", "/v2/currentOrg", headers=["Authorization: Bearer " + facts.STRANGER])
    with wire(latchkey) as connection:
        assert connection.send(words).answer().status_code == 400


@pytest.mark.parametrize("path", ["/v2/currentOrg", "/v2/tokens", "/v2/clientIdSecrets", ROLES, ROLES + "/" + ADMINISTRATOR,
                                  "/v2/databases"])
def test_every_200_with_a_body_is_json_in_utf_8(latchkey, path):
    answer = latchkey.http("GET", path)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == JSON
    json.loads(answer.content.decode("utf-8"))


def test_empty_answers_have_no_type(latchkey):
    role = latchkey.good("POST", ROLES, role_body("Typeless"))["id"]
    assert_empty(latchkey.http("PUT", ROLES + "/" + role, role_body("Typeless")), 200)
    assert_empty(latchkey.http("DELETE", ROLES + "/" + role), 204)
    assert_empty(latchkey.http("DELETE", "/v2/tokens/" + new_token(latchkey).json()["clientId"]), 204)


CLIENTS = {
    "terraform": {"User-Agent": "Terraform/1.11.4 (+https://www.terraform.io) Terraform-Plugin-SDK/2.37.0 terraform-provider-astra/dev",
                  "X-Astra-Client-Version": "go/2.2.0", "X-Astra-Provider-Version": "v2.4.0", "Accept": "application/json"},
    "go": {"User-Agent": "Go-http-client/1.1"},
    "java": {"User-Agent": "AstraJavaSDK null", "X-Requested-With": "AstraJavaSDK null", "Accept": "application/json",
             "Content-Type": "application/json"},
    "astrapy 1": {"User-Agent": "astrapy/1.5.2", "Accept": "*/*", "Content-Type": "application/json"},
    "astra-db-ts": {"User-Agent": "astra-db-ts/2.3.0", "Content-Type": "application/json"},
    "vault": {"User-Agent": "Vault-Plugin v2.0.0", "Content-Type": "application/json"},
    "a browser": {"User-Agent": "Mozilla/5.0", "Accept": "text/html,application/xhtml+xml", "Accept-Language": "de"},
    "no agent": {"User-Agent": ""}, "odd types": {"Accept": "application/xml;q=0.9", "Content-Type": "text/plain"}}


@pytest.mark.parametrize("client", CLIENTS)
def test_what_a_client_says_of_itself_changes_nothing(latchkey, client):
    assert latchkey.http("GET", "/v2/currentOrg", headers=CLIENTS[client]).json()["id"] == latchkey.organization
    made = latchkey.http("POST", "/v2/clientIdSecrets", None, data=MINT, headers=CLIENTS[client])
    assert made.status_code == 200 and made.headers["Content-Type"] == JSON
    assert_empty(latchkey.http("DELETE", "/v2/clientIdSecrets/" + made.json()["clientId"], headers=CLIENTS[client]), 204)


@pytest.mark.parametrize("header", ["Range: bytes=0-3", "If-Modified-Since: Sun, 29 Nov 2026 01:05:44 GMT", "TE: trailers", "Origin: https://elsewhere.example",
                                    "Cookie: a=b", "X-HTTP-Method-Override: DELETE", "X-Forwarded-For: 192.0.2.7", "Forwarded: for=192.0.2.7",
                                    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "Cache-Control: no-cache"])
def test_what_libraries_and_proxies_add_changes_nothing(latchkey, header):
    with wire(latchkey) as connection:
        for path in ("/v2/currentOrg", "/v2/clientIdSecrets"):
            answer = connection.send(request(latchkey, "GET", path, headers=[header])).answer()
            assert answer.status_code == 200 and answer.json() == latchkey.good("GET", path)


def test_the_scheme_of_the_token_is_taken_in_any_case(latchkey):
    for scheme in ("Bearer", "bearer", "BEARER"):
        answer = latchkey.http("GET", "/v2/currentOrg", headers={"Authorization": "%s %s" % (scheme, latchkey.administrator)})
        assert answer.status_code == 200, scheme


# unknown names

@pytest.mark.parametrize("path", ["/v2/currentOrg", "/v2/tokens", "/v2/clientIdSecrets", ROLES, ROLES + "/" + ADMINISTRATOR,
                                  "/v2/databases", "/v2/organizations/users", "/v2/access-lists", "/v2/availableRegions"])
def test_unknown_query_parameters_are_ignored(latchkey, path):
    query = "?include=non_terminated&provider=all&foo=bar&empty=&flag&%C3%A4=%20&a=1&a=2"
    assert latchkey.http("GET", path + query).status_code == 200


@pytest.mark.parametrize("more", [{"unknown": 1}, {"name": None}, {"OrgID": ""}, {"nested": {"roles": []}}, {"scopes": []}])
@pytest.mark.parametrize("path", ["/v2/tokens", "/v2/clientIdSecrets"])
def test_unknown_fields_of_a_new_token_are_ignored(latchkey, path, more):
    new_token(latchkey, path, **more)


@pytest.mark.parametrize("spelling", ["orgId", "orgID", "OrgID", "ORGID", "orgid"])
@pytest.mark.parametrize("path", ["/v2/tokens", "/v2/clientIdSecrets"])
def test_the_organization_s_id_is_taken_in_any_spelling(latchkey, path, spelling):
    assert new_token(latchkey, path, **{spelling: latchkey.organization}).json()["orgId"] == latchkey.organization


def test_two_spellings_of_the_organization_that_differ_are_400(latchkey):
    body = {"roles": [ADMINISTRATOR], "orgId": latchkey.organization, "OrgID": facts.NOBODY}
    facts.assert_refused(latchkey.http("POST", "/v2/tokens", body), 400)


def test_unknown_fields_of_a_role_are_ignored(latchkey):
    body = role_body("Unknown fields")
    body.update(ID="x", OrgID=latchkey.organization, Type="default", last_update_user_id="me")
    body["policy"]["version"] = 2
    role = latchkey.good("POST", ROLES, body)
    assert role["id"] != "x" and "version" not in role["policy"]
    assert latchkey.http("PUT", ROLES + "/" + role["id"], body).status_code == 200
