"""Clients of the hosted service, unmodified, from their registries, against the real binary and a real cluster: nothing
but the address is other than at home. `./test clients` installs them; each is a small program in clients/ that tells
what it saw as one JSON object."""
import json
import os
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
WORK = HERE.parent.parent / ".latchkey" / "clients"


@pytest.fixture(scope="module")
def run(latchkey, database, door):
    def run(*command, spare=""):
        environment = {**os.environ, "LATCHKEY_SPARE": spare, "LATCHKEY_API": latchkey.api, "LATCHKEY_TOKEN": latchkey.administrator,
                       "LATCHKEY_DATABASE": database.id, "LATCHKEY_ORGANIZATION": latchkey.organization}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, "%s%s" % (done.stdout[-2000:], done.stderr[-4000:])
        return json.loads(done.stdout.splitlines()[-1])
    return run


def spare(latchkey, name):
    """One more, to be unregistered."""
    return latchkey.add_database(name, "127.0.0.1:1", "nobody", "a password that is long enough").id


def test_astrapy_1_manages_roles_tokens_users_keyspaces_and_access_lists(run, latchkey, database):
    seen = run(str(WORK / "astrapy1" / "bin" / "python"), str(HERE / "clients" / "astrapy1.py"))
    assert seen["organization"] == seen["token"]["orgId"] == latchkey.organization
    assert seen["role"]["name"] == "astrapy one" and seen["renamed"] == "astrapy 1.5"
    assert seen["role"]["policy"]["actions"] == ["db-cql", "db-table-select"]
    assert "astrapy 1.5" in seen["roles"] and "astrapy 1.5" not in seen["roles_after"]
    assert len(seen["token_text"]) == 97 and seen["listed"] and not seen["listed_after"]
    assert seen["user"]["Status"] == "invited" and seen["user_roles"] == ["UI View Only"]
    assert "astrapy@example.com" not in seen["users_after"]
    assert database.name in seen["databases"] and seen["database"] == database.id
    assert "astrapy_one" in seen["keyspaces"] and "astrapy_one" not in seen["keyspaces_after"]
    assert [a["address"] for a in seen["access_list"]["addresses"]] == ["10.0.0.0/8"]
    assert database.id in seen["access_lists"] and seen["access_list_after"] == []
    assert database.name in seen["admin_databases"] and seen["admin_status"] == "ACTIVE"


def test_astrapy_2_manages_databases_and_keyspaces(run, latchkey, database):
    seen = run(str(WORK / "astrapy2" / "bin" / "python"), str(HERE / "clients" / "astrapy2.py"), spare=spare(latchkey, "spare of astrapy"))
    assert database.name in seen["databases"]
    assert seen["database"]["id"] == database.id and seen["database"]["status"] == "ACTIVE"
    assert "astrapy_two" in seen["keyspaces"] and "astrapy_two" not in seen["keyspaces_after"]
    assert "404" in seen["absent"]
    assert "spare of astrapy" in seen["databases"] and "spare of astrapy" not in seen["databases_after"]


def test_the_java_sdk_manages_roles_tokens_users_and_keyspaces(run, latchkey, database):
    seen = run("java", "-cp", "%s/*" % (WORK / "java"), str(HERE / "clients" / "java" / "Client.java"))
    assert seen["organization"] == latchkey.organization and seen["organizationName"] == "Acme"
    assert seen["role"] == "java sdk" and not seen["roleAfter"]
    # The SDK's builder puts the organization's own line before the two that were asked for.
    assert len(seen["resources"]) == 3 and seen["resources"][2].endswith(":keyspace:shop:table:orders")
    assert len(seen["tokenText"]) == 97 and seen["listed"] and not seen["listedAfter"]
    assert seen["description"] == "made by the Java SDK" and seen["expiry"]
    assert seen["invited"] == "invited" and "java@example.com" not in seen["users"]
    assert database.name in seen["databases"] and seen["absent"] is False
    assert "java_sdk" in seen["keyspaces"] and "java_sdk" not in seen["keyspacesAfter"]


def test_astra_db_ts_manages_databases_and_keyspaces(run, latchkey, database):
    seen = run("node", str(WORK / "node" / "client.mjs"), spare=spare(latchkey, "spare of astra-db-ts"))
    assert "spare of astra-db-ts" in seen["databases"] and "spare of astra-db-ts" not in seen["databasesAfter"]
    assert database.name in seen["databases"] and seen["database"] == database.name
    assert "astra_db_ts" in seen["keyspaces"] and "astra_db_ts" not in seen["keyspacesAfter"]
    assert "404" in seen["absent"]
