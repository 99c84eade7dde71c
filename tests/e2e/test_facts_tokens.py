"""Application tokens, fact by fact: the text, the answers that make, list and delete them, and when they end."""
import datetime
import hashlib
import zlib

import pytest

import facts
from facts import INSTANT, JSON, NOBODY, ROLES, TOKEN, UUID, assert_empty, assert_refused, listed, new_token, role_body
from latchkey import ADMINISTRATOR, Token, until

PATHS = ["/v2/tokens", "/v2/clientIdSecrets"]
DELETES = ["/v2/tokens/", "/v2/clientIdSecrets/", "/v2/clientIdSecret/"]
DATABASE_ADMINISTRATOR = "1faa93f2-b889-4190-9585-4bc6e3c3595a"


@pytest.fixture(scope="module", params=PATHS)
def made(latchkey, request):
    """The answer to a create, through either name."""
    return new_token(latchkey, request.param, orgId=latchkey.organization, description="made here")


# the text

def test_token_is_97_characters_in_three_parts(made):
    text = made.json()["token"]
    assert len(text) == 97 and TOKEN.fullmatch(text) and len(text.split(":")) == 3


def test_the_middle_of_the_token_is_its_client_id(made):
    assert made.json()["token"].split(":")[1] == made.json()["clientId"] and len(made.json()["clientId"]) == 24


def test_the_third_part_is_the_sha_256_of_the_secret(made):
    assert made.json()["token"].split(":")[2] == hashlib.sha256(made.json()["secret"].encode()).hexdigest()


def test_the_secret_has_128_characters_that_need_no_quoting(made):
    secret = made.json()["secret"]
    assert len(secret) == 128 and not set(secret) & set(": '\"\\\0`$!&|;<>()\t\n") and secret.isascii()
    assert secret[0].isalnum()


def test_the_end_of_a_client_id_is_the_checksum_of_its_beginning(made):
    identity, letters = made.json()["clientId"], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    value, digits = zlib.crc32(identity[:20].encode()) % 52 ** 4, ""
    for _ in range(4):
        value, digit = divmod(value, 52)
        digits = letters[digit] + digits
    assert identity[20:] == digits


def test_client_ids_and_secrets_do_not_come_twice(latchkey):
    tokens = [latchkey.make_token(ADMINISTRATOR) for _ in range(20)]
    assert len({t.client_id.lower() for t in tokens}) == len({t.secret for t in tokens}) == 20


# create

def test_token_create_answers_200_with_json_and_four_strings(made):
    assert made.status_code == 200 and made.headers["Content-Type"] == JSON
    assert all(made.json()[name] and isinstance(made.json()[name], str) for name in ("clientId", "secret", "token", "orgId"))


def test_token_create_has_exactly_the_fields_in_camel_case(made):
    assert set(made.json()) == {"clientId", "secret", "orgId", "roles", "token", "generatedOn", "tokenExpiry", "description"}


def test_org_id_of_a_create_is_a_lower_case_uuid_of_the_organization(made, latchkey):
    assert UUID.fullmatch(made.json()["orgId"]) and made.json()["orgId"] == latchkey.organization


def test_generated_on_of_a_create_has_nanoseconds_and_zone(made):
    assert INSTANT.fullmatch(made.json()["generatedOn"]) and len(made.json()["generatedOn"]) == len("2021-04-30T19:38:26.147847107Z")


def test_generated_on_is_now(made):
    then = datetime.datetime.fromisoformat(made.json()["generatedOn"][:23] + "+00:00")
    assert abs((datetime.datetime.now(datetime.timezone.utc) - then).total_seconds()) < 600


def test_roles_of_a_create_are_ids(made):
    assert made.json()["roles"] == [ADMINISTRATOR]


def test_a_create_is_not_to_be_stored(made):
    assert made.headers["Cache-Control"] == "no-store" and "ETag" not in made.headers


def test_description_is_empty_by_default(latchkey):
    assert new_token(latchkey).json()["description"] == ""


@pytest.mark.parametrize("path", PATHS)
def test_several_roles_are_all_kept(latchkey, path):
    roles = [ADMINISTRATOR, DATABASE_ADMINISTRATOR, latchkey.make_role(["org-read"], [], name="Kept " + path[4:])]
    answer = latchkey.good("POST", path, {"roles": roles})
    assert set(answer["roles"]) == set(roles)
    assert set(listed(latchkey, Token(answer))["roles"]) == set(roles)


def test_a_role_named_twice_is_one(latchkey):
    assert latchkey.good("POST", "/v2/tokens", {"roles": [ADMINISTRATOR, ADMINISTRATOR.upper()]})["roles"] == [ADMINISTRATOR]


def test_role_ids_in_capitals_are_taken_and_answered_in_lower_case(latchkey):
    token = Token(latchkey.good("POST", "/v2/tokens", {"roles": [ADMINISTRATOR.upper()]}))
    assert token.made["roles"] == [ADMINISTRATOR] and listed(latchkey, token)["roles"] == [ADMINISTRATOR]


def test_a_token_has_at_most_64_roles(latchkey):
    roles = [latchkey.make_role(["org-read"], [], name="Of many %d" % i) for i in range(65)]
    assert latchkey.http("POST", "/v2/tokens", {"roles": roles}).status_code == 400
    assert latchkey.good("POST", "/v2/tokens", {"roles": roles[:64]})["roles"] == roles[:64]
    for role in roles:
        latchkey.http("DELETE", ROLES + "/" + role)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("roles", [None, [], "x", [1], [None], [[]], {}, [""], ["Organization Administrator"], [NOBODY],
                                   [ADMINISTRATOR + "x"], [ADMINISTRATOR[:-1]], [" " + ADMINISTRATOR]])
def test_anything_but_ids_of_roles_that_exist_is_400(latchkey, path, roles):
    assert_refused(latchkey.http("POST", path, {"roles": roles}), 400)


@pytest.mark.parametrize("path", PATHS)
def test_a_create_without_roles_is_400(latchkey, path):
    assert_refused(latchkey.http("POST", path, {}), 400, "roles")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("org", [NOBODY, "x", 1, [], {"id": 1}])
def test_another_organization_is_403_and_what_is_no_id_is_400(latchkey, path, org):
    assert_refused(latchkey.http("POST", path, {"roles": [ADMINISTRATOR], "orgId": org}), 403 if org == NOBODY else 400, "orgId")


@pytest.mark.parametrize("org", [None, ""])
def test_an_empty_organization_is_one_s_own(latchkey, org):
    assert new_token(latchkey, orgId=org).json()["orgId"] == latchkey.organization


def test_the_organization_s_id_is_taken_in_capitals(latchkey):
    assert new_token(latchkey, orgId=latchkey.organization.upper()).json()["orgId"] == latchkey.organization


@pytest.mark.parametrize("description,status", [("x" * 1024, 200), ("x" * 1025, 400), ("ä€𝄞" * 341, 200), ("a\nb", 400), ("a\0b", 400),
                                                ("a\u202eb", 400), ("<b>\"'&;--", 200), (7, 400), ([], 400), (None, 200), ("", 200)])
def test_descriptions_up_to_1024_characters_without_control_characters(latchkey, description, status):
    answer = latchkey.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "description": description})
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["description"] == (description or "")
        assert listed(latchkey, Token(answer.json()))["description"] == (description or "")


# list

@pytest.mark.parametrize("path", PATHS)
def test_token_list_is_200_json_with_the_one_key_clients(latchkey, path):
    answer = latchkey.http("GET", path)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == JSON
    assert list(answer.json()) == ["clients"] and isinstance(answer.json()["clients"], list)


@pytest.mark.parametrize("path", PATHS)
def test_every_listed_token_has_what_clients_read(latchkey, path):
    latchkey.make_token(ADMINISTRATOR)
    for one in latchkey.good("GET", path)["clients"]:
        assert len(one["clientId"]) == 24 and one["clientId"].isalpha()
        assert one["roles"] and all(UUID.fullmatch(role) for role in one["roles"])
        assert INSTANT.fullmatch(one["generatedOn"]) and isinstance(one["description"], str)
        assert one["tokenExpiry"] is None or INSTANT.fullmatch(one["tokenExpiry"])


@pytest.mark.parametrize("path", PATHS)
def test_lists_hold_no_secret_no_token_and_no_org_id(latchkey, path):
    token = latchkey.make_token(ADMINISTRATOR)
    answer = latchkey.http("GET", path)
    assert token.secret not in answer.text and token.text.split(":")[2] not in answer.text and "AstraCS:" not in answer.text
    assert not {"secret", "token", "orgId"} & set(listed(latchkey, token, path))


def test_generated_on_in_lists_has_milliseconds(latchkey):
    token = latchkey.make_token(ADMINISTRATOR)
    assert listed(latchkey, token)["generatedOn"] == token.made["generatedOn"][:23] + "Z"


def test_both_lists_are_one(latchkey):
    latchkey.make_token(ADMINISTRATOR)
    assert latchkey.good("GET", "/v2/tokens") == latchkey.good("GET", "/v2/clientIdSecrets")


@pytest.mark.parametrize("path", PATHS)
def test_a_token_made_through_either_name_is_in_both_lists(latchkey, path):
    token = Token(new_token(latchkey, path).json())
    assert listed(latchkey, token, "/v2/tokens") and listed(latchkey, token, "/v2/clientIdSecrets")


def test_the_list_covers_the_whole_organization(latchkey):
    """Not only one's own tokens."""
    other = latchkey.make_token(ADMINISTRATOR)
    reader = latchkey.token_for(("org-token-read", "drn:astra:org:" + latchkey.organization))
    clients = latchkey.http("GET", "/v2/tokens", token=reader.text).json()["clients"]
    assert {other.client_id, reader.client_id} <= {c["clientId"] for c in clients}


def test_an_expired_token_stays_listed_until_it_is_deleted(latchkey):
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1.2)
    token = latchkey.make_token(ADMINISTRATOR, tokenExpiry=end.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    until("the end of the token", lambda: latchkey.http("GET", "/v2/currentOrg", token=token.text).status_code == 401)
    assert listed(latchkey, token)["status"] == "expired"
    assert latchkey.http("DELETE", "/v2/tokens/" + token.client_id).status_code == 204
    assert listed(latchkey, token) is None


def test_one_token_can_be_read_in_the_form_of_the_list(latchkey):
    token = latchkey.make_token(ADMINISTRATOR, description="one")
    one = latchkey.good("GET", "/v2/tokens/" + token.client_id)
    use = {"lastUsedAt": None, "lastUsedFrom": None, "lastUsedBy": None, "openSessions": 0}
    assert one == {**listed(latchkey, token), **use}


def test_client_ids_are_compared_exactly(latchkey):
    token = latchkey.make_token(ADMINISTRATOR)
    other = token.client_id.swapcase()
    assert_refused(latchkey.http("GET", "/v2/tokens/" + other), 404)
    assert_refused(latchkey.http("DELETE", "/v2/tokens/" + other), 404)
    assert latchkey.http("GET", "/v2/currentOrg", token=token.text).status_code == 200


def test_a_dangling_role_stays_in_the_token_s_list(latchkey):
    """An empty list of roles makes one client fail, an unknown id does not."""
    role = latchkey.good("POST", ROLES, role_body("To dangle"))["id"]
    token = latchkey.make_token(role)
    assert latchkey.http("DELETE", ROLES + "/" + role).status_code == 204
    assert listed(latchkey, token)["roles"] == [role]
    assert latchkey.http("GET", "/v2/currentOrg", token=token.text).status_code == 200


# delete

@pytest.mark.parametrize("path", DELETES)
def test_token_delete_answers_204_without_type_and_body(latchkey, path):
    assert_empty(latchkey.http("DELETE", path + latchkey.make_token(ADMINISTRATOR).client_id), 204)


@pytest.mark.parametrize("path", DELETES)
def test_a_repeated_delete_answers_204_again_through_every_name(latchkey, path):
    token = latchkey.make_token(ADMINISTRATOR)
    latchkey.delete_token(token)
    for again in (path, path):
        assert_empty(latchkey.http("DELETE", again + token.client_id), 204)


@pytest.mark.parametrize("path", DELETES)
def test_deleting_a_client_id_that_never_was_is_404(latchkey, path):
    assert_refused(latchkey.http("DELETE", path + "x" * 24), 404)


@pytest.mark.parametrize("path", DELETES)
def test_a_deleted_token_is_out_of_the_list_and_opens_nothing(latchkey, path):
    token = latchkey.make_token(ADMINISTRATOR)
    latchkey.http("DELETE", path + token.client_id)
    assert listed(latchkey, token) is None
    assert latchkey.http("GET", "/v2/currentOrg", token=token.text).status_code == 401
    assert latchkey.http("GET", "/v2/tokens/" + token.client_id).status_code == 404


def test_a_token_may_delete_itself(latchkey):
    token = latchkey.make_token(ADMINISTRATOR)
    assert_empty(latchkey.http("DELETE", "/v2/tokens/" + token.client_id, token=token.text), 204)
    assert latchkey.http("DELETE", "/v2/tokens/" + token.client_id, token=token.text).status_code == 401


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST"])
def test_there_is_no_update_of_a_token(latchkey, method):
    token = latchkey.make_token(ADMINISTRATOR)
    for path in ("/v2/tokens/", "/v2/clientIdSecrets/"):
        assert latchkey.http(method, path + token.client_id, {"description": "new"}).status_code == 405
    assert listed(latchkey, token)["description"] == ""


# expiry

FAR = [("2126-01-01T00:00:00Z", "2126-01-01T00:00:00Z"), ("2126-01-01T00:00:00.1Z", "2126-01-01T00:00:00.100Z"),
       ("2126-01-01T00:00:00.12Z", "2126-01-01T00:00:00.120Z"), ("2126-01-01T00:00:00.123Z", "2126-01-01T00:00:00.123Z"),
       ("2126-01-01T00:00:00.123456Z", "2126-01-01T00:00:00.123456Z"),
       ("2126-01-01T00:00:00.123456789Z", "2126-01-01T00:00:00.123456789Z"),
       ("2126-01-01T02:00:00+02:00", "2126-01-01T00:00:00Z"), ("2125-12-31T18:30:00-05:30", "2126-01-01T00:00:00Z"),
       ("2126-01-01t00:00:00z", "2126-01-01T00:00:00Z")]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("given,answered", FAR)
def test_expiry_is_taken_with_0_to_9_digits_and_any_zone_and_answered_in_utc(latchkey, path, given, answered):
    token = Token(new_token(latchkey, path, tokenExpiry=given).json())
    assert token.made["tokenExpiry"] == answered
    shown = listed(latchkey, token)["tokenExpiry"]
    assert shown == answered[:19] + "." + (answered[20:-1] + "000")[:3] + "Z"


@pytest.mark.parametrize("absent", [None, "", "0001-01-01T00:00:00Z"])
def test_an_absent_expiry_is_never_and_shown_as_null(latchkey, absent):
    token = Token(new_token(latchkey, tokenExpiry=absent).json())
    assert token.made["tokenExpiry"] is None and listed(latchkey, token)["tokenExpiry"] is None


@pytest.mark.parametrize("given", ["2020-01-01T00:00:00Z", "tomorrow", "2126-01-01", "2126-01-01 00:00:00Z", "2126-01-01T00:00:00",
                                   "2126-13-01T00:00:00Z", "2126-02-30T00:00:00Z", "2126-01-01T25:00:00Z", "4922380800", 4922380800, True, [], {},
                                   "2126-01-01T00:00:00.Z", "2126-01-01T00:00:00.1234567890Z", "+2126-01-01T00:00:00Z", " 2126-01-01T00:00:00Z"])
def test_an_expiry_in_the_past_or_in_no_form_of_time_is_400(latchkey, given):
    assert_refused(latchkey.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "tokenExpiry": given}), 400, "tokenExpiry")


def test_an_expiry_beyond_the_organization_s_maximum_is_400_and_an_absent_one_is_the_maximum(own_latchkey):
    own_latchkey.serve()
    own_latchkey.ask("settings", "set", "--maximum", "1d", "--yes")
    for path in PATHS:
        assert_refused(own_latchkey.http("POST", path, {"roles": [ADMINISTRATOR], "tokenExpiry": "2126-01-01T00:00:00Z"}), 400, "tokenExpiry")
        for absent in ({}, {"tokenExpiry": None}, {"tokenExpiry": ""}, {"tokenExpiry": "0001-01-01T00:00:00Z"}):
            made = new_token(own_latchkey, path, **absent).json()
            begin, end = (datetime.datetime.fromisoformat(made[name][:19]) for name in ("generatedOn", "tokenExpiry"))
            assert end - begin == datetime.timedelta(days=1) and listed(own_latchkey, Token(made))["tokenExpiry"][:19] == made["tokenExpiry"][:19]
    own_latchkey.stop()


# who may

def test_reading_tokens_does_not_let_one_write_and_the_other_way_round(latchkey):
    org = "drn:astra:org:" + latchkey.organization
    reader, writer = (latchkey.token_for((action, org)).text for action in ("org-token-read", "org-token-write"))
    assert latchkey.http("GET", "/v2/tokens", token=reader).status_code == 200
    assert_refused(latchkey.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, token=reader), 403, "org-token-write")
    assert_refused(latchkey.http("DELETE", "/v2/tokens/" + "x" * 24, token=reader), 403, "org-token-write")
    assert_refused(latchkey.http("GET", "/v2/tokens", token=writer), 403, "org-token-read")
    assert_refused(latchkey.http("DELETE", "/v2/tokens/" + "x" * 24, token=writer), 404)


def test_a_database_administrator_lists_and_makes_tokens_but_none_of_an_organization_administrator(latchkey):
    token = latchkey.make_token(DATABASE_ADMINISTRATOR).text
    assert latchkey.http("GET", "/v2/tokens", token=token).status_code == 200
    assert latchkey.http("POST", "/v2/tokens", {"roles": [DATABASE_ADMINISTRATOR]}, token=token).status_code == 200
    assert_refused(latchkey.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, token=token), 403, "missing org-write")


def test_who_mints_tokens_may_read_the_roles_to_choose_from(latchkey):
    """Two clients look every role up before they ask for a token."""
    token = latchkey.make_token(DATABASE_ADMINISTRATOR).text
    assert latchkey.http("GET", ROLES, token=token).status_code == 200
    assert latchkey.http("GET", ROLES + "/" + ADMINISTRATOR, token=token).status_code == 200


def test_any_holder_of_org_token_write_may_delete_any_token(latchkey):
    token = latchkey.make_token(ADMINISTRATOR)
    writer = latchkey.token_for(("org-token-write", "drn:astra:org:" + latchkey.organization))
    assert_empty(latchkey.http("DELETE", "/v2/tokens/" + token.client_id, token=writer.text), 204)


def test_a_token_whose_organization_line_is_missing_may_not_mint(latchkey):
    token = latchkey.token_for(("org-token-write", "drn:astra:org:%s:db:*" % latchkey.organization)).text
    assert_refused(latchkey.http("POST", "/v2/tokens", {"roles": [ADMINISTRATOR]}, token=token), 403, "org-token-write")


def test_rotation_by_hand_create_switch_delete(latchkey):
    """As a vault does it: the new one works before the old one ends, the old one's end does not touch it."""
    old = latchkey.make_token(ADMINISTRATOR)
    new = Token(latchkey.http("POST", "/v2/clientIdSecrets", {"roles": old.made["roles"]}, token=old.text).json())
    assert latchkey.http("GET", "/v2/currentOrg", token=new.text).status_code == 200
    assert_empty(latchkey.http("DELETE", "/v2/clientIdSecrets/" + old.client_id, token=new.text), 204)
    assert latchkey.http("GET", "/v2/currentOrg", token=new.text).status_code == 200
    assert latchkey.http("GET", "/v2/currentOrg", token=old.text).status_code == 401


def test_current_org_has_the_key_id_exactly(latchkey):
    answer = latchkey.http("GET", "/v2/currentOrg")
    assert answer.headers["Content-Type"] == JSON and answer.json() == {"id": latchkey.organization}
    assert UUID.fullmatch(answer.json()["id"]) and facts.NOBODY != answer.json()["id"]
