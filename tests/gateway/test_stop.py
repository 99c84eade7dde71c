"""SIGTERM while something is under way: what only the control thread can finish is finished, and the daemon ends."""
import threading

import requests
from latchkey import ADMINISTRATOR, until


def test_the_daemon_ends_while_changes_come(new_rig):
    rig = new_rig()
    made, ended = [], threading.Event()

    def create():
        with requests.Session() as session:
            session.headers["Authorization"] = "Bearer " + rig.latchkey.administrator
            while not ended.is_set():
                try:
                    answer = session.post(rig.latchkey.api + "/v2/tokens", json={"roles": [ADMINISTRATOR]}, timeout=60)
                except requests.RequestException:
                    return
                if answer.status_code == 200:
                    made.append(answer.json()["clientId"])
    threads = [threading.Thread(target=create) for _ in range(8)]
    for one in threads:
        one.start()
    until("tokens", lambda: len(made) > 50)
    rig.latchkey.stop()
    ended.set()
    for one in threads:
        one.join()
    rig.latchkey.serve()
    there = {one["clientId"] for one in rig.latchkey.ask("token", "list")}
    assert set(made) <= there


def test_the_daemon_ends_while_a_cluster_does_not_answer_an_order(new_rig):
    rig = new_rig()
    rig.node.hold(lambda one: (one.text or "").startswith("CREATE KEYSPACE"))
    answers = []
    order = threading.Thread(target=lambda: answers.append(
        rig.latchkey.http("POST", "/v2/databases/%s/keyspaces/fresh" % rig.database.id)))
    order.start()
    until("the order", lambda: any("CREATE KEYSPACE" in (text or "") for text in rig.node.texts_since(control=True)))
    rig.latchkey.stop()
    order.join()
    assert answers[0].status_code >= 500 and "look whether it was carried out" in answers[0].text
