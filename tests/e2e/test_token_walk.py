"""What is asked about all tokens of an organization at once: from its picture in memory, and from the store, the same."""
import pytest

import many_tokens
import unix_http
from latchkey import ADMINISTRATOR, Latchkey

READER = "d2cfcd63-055c-4a58-b957-8916d4a007a5"    # RO User
MANY = 20_500                                      # more than one turn of the store
DAY = 86400


@pytest.fixture(scope="module")
def crowd(binary, tmp_path_factory):
    daemon = Latchkey(binary, tmp_path_factory.mktemp("walk"))
    daemon.init()
    many_tokens.add(daemon.data, daemon.organization, READER, MANY)
    daemon.serve()
    daemon.child_role = daemon.make_role(["org-read"], ["drn:astra:org:" + daemon.organization], name="Of children")
    daemon.maker = daemon.make_token(ADMINISTRATOR, description="maker")
    daemon.children = sorted(daemon.good("POST", "/v2/tokens", {"roles": [daemon.child_role], "description": "child %d" % i},
                                         token=daemon.maker.text)["clientId"] for i in range(25))
    middle = daemon.good("POST", "/v2/tokens", {"roles": [ADMINISTRATOR], "description": "middle"}, token=daemon.maker.text)
    daemon.leaf = daemon.good("POST", "/v2/tokens", {"roles": [daemon.child_role], "description": "leaf"},
                              token=middle["token"])["clientId"]
    daemon.middle = middle["clientId"]
    daemon.good("POST", "/v2/tokens", {"roles": [daemon.child_role], "tokenExpiry": "2126-01-01T00:00:00Z"})
    yield daemon
    daemon.stop()


def answers(daemon):
    settings = {"defaultLifetimeSeconds": None, "maximumLifetimeSeconds": 3 * DAY}
    return {
        "settings": unix_http.good(daemon, "POST", "/v2/organizations/settings/preview", settings),
        "tree": daemon.good("POST", "/v2/tokens/revoke", {"createdBy": daemon.maker.client_id, "preview": True}),
        "review": daemon.good("POST", "/v2/policies/review", {"roleId": daemon.child_role}),
        "map": daemon.good("GET", "/v2/access-map"),
        # who was used when is told a little later, the rest at once
        "summary": {key: value for key, value in daemon.good("GET", "/v2/tokens/summary").items() if "sed" not in key},
    }


def test_the_picture_and_the_store_give_the_same_answers(crowd):
    by_picture = answers(crowd)
    again = answers(crowd)
    crowd.stop()
    crowd.configure(list_memory_bytes=0)
    crowd.serve()
    by_store = answers(crowd)
    assert by_picture == again == by_store
    assert by_store["settings"]["endingNow"] == MANY and by_store["settings"]["endingWithin7Days"] == 30
    assert sorted(by_store["tree"]["clientIds"]) == sorted(crowd.children + [crowd.middle, crowd.leaf])
    assert by_store["review"]["tokens"] == 27 and len(by_store["review"]["clientIds"]) == 20
    groups = {g["roles"][0]["name"]: g for g in by_store["map"]["groups"]}
    assert groups["Of children"]["tokens"] == 27 and len(groups["Of children"]["clients"]) == 20
    assert [c["clientId"] for c in groups["Of children"]["clients"]] == sorted(
        c["clientId"] for c in groups["Of children"]["clients"])


@pytest.mark.parametrize("memory", [64 << 20, 0])
def test_what_a_token_made_is_revoked_however_it_is_found(crowd, memory):
    crowd.stop()
    crowd.configure(list_memory_bytes=memory)
    crowd.serve()
    crowd.good("GET", "/v2/tokens/summary")     # where there is to be a picture, it is there before
    maker = crowd.make_token(ADMINISTRATOR)
    made = [crowd.good("POST", "/v2/tokens", {"roles": [crowd.child_role]}, token=maker.text)["clientId"] for _ in range(70)]
    before = len(crowd.good("GET", "/v2/tokens?limit=1000&status=active&createdBy=" + maker.client_id)["clients"])
    found = crowd.good("POST", "/v2/tokens/revoke", {"createdBy": maker.client_id, "preview": False})
    assert before == found["count"] == 70 and sorted(found["clientIds"]) == sorted(made)
    assert crowd.good("GET", "/v2/tokens?limit=10&createdBy=" + maker.client_id)["clients"] == []
    assert crowd.good("POST", "/v2/tokens/revoke", {"createdBy": maker.client_id, "preview": True})["count"] == 0
    crowd.delete_token(maker)
