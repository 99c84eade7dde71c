"""Who is let in through the CQL door, with what words the others are sent away, and what the log keeps."""
import datetime
import struct
import time

import pytest
from cassandra import AuthenticationFailed
from cassandra.cluster import NoHostAvailable

from conftest import SERVICE, SERVICE_PASSWORD, Door
from latchkey import ADMINISTRATOR, until
from raw import AUTH_RESPONSE, AUTH_SUCCESS, AUTHENTICATE, ERROR, STARTUP, Raw, plain, startup_body

BAD_CREDENTIALS = 0x0100


def refusal(door, username, password, authzid=""):
    with Raw(door.port) as client:
        answer = client.authenticate(plain(username, password, authzid))
        assert answer.opcode == ERROR, answer
        assert answer.code == BAD_CREDENTIALS, answer
        assert client.closed(), "a refused login is followed by a close"
        return answer.message


@pytest.mark.parametrize("version", [3, 4])
def test_the_python_driver_logs_in_with_the_token_as_password(door, orders_only, version):
    with door.driver(orders_only, version) as session:
        assert session.execute("SELECT item FROM shop.orders WHERE id = 1").one().item == "lamp"


@pytest.mark.parametrize("version", [3, 4])
def test_the_python_driver_logs_in_with_client_id_and_secret(door, orders_only, version):
    with door.driver(None, version, orders_only.client_id, orders_only.secret) as session:
        assert session.execute("SELECT item FROM shop.orders WHERE id = 1").one().item == "lamp"


def test_a_driver_that_is_not_pinned_steps_down_to_a_version_that_both_speak(door, orders_only):
    with door.driver(orders_only, None) as session:
        assert session.cluster.protocol_version in (4, 5)
        assert session.execute("SELECT item FROM shop.orders WHERE id = 1").one().item == "lamp"


def test_the_authenticator_announced_is_one_that_every_driver_knows(door):
    with Raw(door.port) as client:
        answer = client.ask(STARTUP, startup_body())
        assert answer.opcode == AUTHENTICATE
        assert answer.body[2:] == b"org.apache.cassandra.auth.PasswordAuthenticator"


def test_a_driver_with_a_wrong_token_is_told_that_authentication_failed(door, orders_only):
    wrong = orders_only.text[:-1] + ("0" if orders_only.text[-1] != "0" else "1")
    with pytest.raises(NoHostAvailable) as failure:
        with door.driver(None, password=wrong):
            pass
    assert any(isinstance(e, AuthenticationFailed) for e in failure.value.errors.values())


def test_unknown_wrong_expired_and_revoked_are_refused_in_the_same_words(door, latchkey, orders_only):
    words = set()
    words.add(refusal(door, "token", "AstraCS:" + "x" * 24 + ":" + "0" * 64))
    words.add(refusal(door, "token", orders_only.text[:-64] + "0" * 64))
    words.add(refusal(door, orders_only.client_id, "x" * 128))
    words.add(refusal(door, orders_only.client_id.swapcase(), orders_only.secret))
    revoked = latchkey.make_token(ADMINISTRATOR)
    latchkey.delete_token(revoked)
    words.add(refusal(door, "token", revoked.text))
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1.2)
    expired = latchkey.make_token(ADMINISTRATOR, tokenExpiry=end.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    time.sleep(max(0, (end - datetime.datetime.now(datetime.timezone.utc)).total_seconds()))
    words.add(refusal(door, "token", expired.text))
    assert len(words) == 1, words


def test_a_token_that_is_wrong_in_any_one_byte_is_refused(door, orders_only):
    text = orders_only.text
    for at, letter in enumerate(text):
        wrong = "1" if letter == "0" else "0" if letter in "123456789abcdef" else chr(ord(letter) ^ 1)
        with Raw(door.port) as client:
            answer = client.authenticate(plain("token", text[:at] + wrong + text[at + 1:]))
            assert answer.opcode == ERROR and answer.code == BAD_CREDENTIALS, "byte %d: %s" % (at, answer)


@pytest.mark.parametrize("change", [
    lambda t: t + "0", lambda t: t[:-1], lambda t: t.lower(), lambda t: t.upper(), lambda t: " " + t,
    lambda t: t + " ", lambda t: t + "\n", lambda t: "", lambda t: t[:72], lambda t: t.split(":")[2],
    lambda t: "AstraCS:" + t, lambda t: t.replace(":", "::")])
def test_a_token_in_another_spelling_is_refused(door, orders_only, change):
    refusal(door, "token", change(orders_only.text))


@pytest.mark.parametrize("username", ["", "Token", "TOKEN", "cassandra", "token "])
def test_another_user_name_with_the_token_is_refused(door, orders_only, username):
    refusal(door, username, orders_only.text)


def test_the_real_password_of_the_cluster_is_refused_at_the_door(door):
    refusal(door, "cassandra", "cassandra")


def test_an_authorization_identity_is_refused(door, orders_only):
    refusal(door, "token", orders_only.text, authzid="cassandra")


@pytest.mark.parametrize("sasl", [b"", b"\0", b"\0token", b"\0\0\0\0"])
def test_a_malformed_sasl_answer_is_refused(door, sasl):
    with Raw(door.port) as client:
        answer = client.authenticate(sasl)
        assert answer.opcode == ERROR and answer.code in (BAD_CREDENTIALS, 0x000A), answer
        assert client.closed()


def test_a_third_nul_in_the_sasl_answer_is_refused(door, orders_only):
    with Raw(door.port) as client:
        answer = client.authenticate(plain("token", orders_only.text) + b"\0")
        assert answer.opcode == ERROR and answer.code in (BAD_CREDENTIALS, 0x000A), answer


def test_a_token_without_db_cql_is_refused_and_the_log_says_why(door, latchkey, database):
    token = latchkey.token_for(("db-table-select", database.drn("shop", "orders")))
    after = len(latchkey.log())
    assert "db-cql" in refusal(door, "token", token.text)
    latchkey.wait_log(r"db-cql", after)
    until("the refusal in the audit", lambda: any(
        token.client_id in line and "db-cql" in line for line in latchkey.run("audit", "tail", "-n", "100").stdout.splitlines()))


def test_db_cql_on_another_database_does_not_open_this_one(door, latchkey, database):
    other = database.drn().replace(database.id, "00000000-0000-4000-8000-000000000000")
    token = latchkey.token_for(("db-cql", other))
    assert "db-cql" in refusal(door, "token", token.text)


def test_a_deny_of_db_cql_wins_over_an_allow(door, latchkey, database):
    deny = latchkey.make_role(["db-cql"], [database.drn()], effect="deny")
    assert "db-cql" in refusal(door, "token", latchkey.make_token(ADMINISTRATOR, deny).text)


def test_the_identity_of_a_connection_cannot_be_changed_after_login(door, orders_only, everything):
    with Raw(door.port) as client:
        client.login(orders_only)
        sasl = plain("token", everything.text)
        answer = client.ask(AUTH_RESPONSE, struct.pack(">i", len(sasl)) + sasl)
        assert answer.opcode == ERROR, answer
        if not client.closed(1):
            assert client.query("SELECT * FROM shop.customers").opcode == ERROR


def test_no_secret_is_in_the_log(door, latchkey, orders_only):
    refusal(door, "token", orders_only.text[:-1] + "x")
    with Raw(door.port) as client:
        assert client.authenticate(plain("token", orders_only.text)).opcode == AUTH_SUCCESS
    log = latchkey.log()
    for secret in (orders_only.text[-64:], orders_only.text[-60:-4], orders_only.secret, latchkey.administrator):
        assert secret not in log


def test_an_enterprise_token_never_opens_a_database(own_latchkey, real, tmp_path):
    enterprise = type(own_latchkey)(own_latchkey.binary, tmp_path / "enterprise")
    enterprise.init("--enterprise", "Holding")
    enterprise.serve()
    try:
        database = enterprise.add_database("main", real.node, SERVICE, SERVICE_PASSWORD)
        made = enterprise.ask("token", "create", "--enterprise", "--role", "Enterprise Administrator")
        after = len(enterprise.log())
        refusal(Door(database), "token", made["token"])
        enterprise.wait_log("enterprise", after)
    finally:
        enterprise.kill()
