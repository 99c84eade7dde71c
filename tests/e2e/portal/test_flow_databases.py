"""A database's own token with one click, and a role whose change is felt by a session that is open."""
import re

import pytest
from cassandra import Unauthorized
from playwright.sync_api import expect

from latchkey import until
from steps import go_to, main, row_of, shown, stored

ROLE = "shop Database Administrator"


def test_generate_token_makes_or_reuses_the_database_s_role(entered, furnished):
    """Flow 3: Managed clusters, a database, More, Generate Token: one click."""
    daemon = furnished.daemon
    made = []
    for reused in (False, True):
        page = entered(daemon)
        go_to(page, "Databases")
        row_of(page, "shop").get_by_role("button", name="More for shop").click()
        page.get_by_role("menuitem", name="Generate Token").click()
        token = shown(page)
        expect(main(page)).to_contain_text(ROLE)
        expect(main(page)).to_contain_text("which was there already" if reused else "made with it")
        expect(page.get_by_role("tabpanel")).to_contain_text(str(furnished.door.port))
        stored(page)
        made.append(token)
    with furnished.door.driver(made[1]) as session:
        session.execute("INSERT INTO shop.orders (id, item, pieces) VALUES (9, 'key', 1)")
        session.execute("DELETE FROM shop.orders WHERE id = 9")
    roles = {role["name"]: role["id"] for role in daemon.good("GET", "/v2/organizations/roles")}
    assert [name for name in roles if name.startswith(ROLE)] == [ROLE]
    assert all(token.made and daemon.good("GET", "/v2/tokens/" + token.client_id)["roles"] == [roles[ROLE]] for token in made)
    for token in made:
        daemon.delete_token(token)
    assert daemon.http("DELETE", "/v2/organizations/roles/" + roles[ROLE]).status_code == 204


def may_read(session, table):
    try:
        session.execute("SELECT * FROM shop." + table)
        return True
    except Unauthorized:
        return False


def edit(page, furnished, name, checked):
    """The table customers of shop, on or off, by the tree; the review; the end of it."""
    go_to(page, "Roles")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    tree = page.get_by_role("group", name="Databases, keyspaces, tables")
    for label in ("shop", "shop"):     # the database, then its keyspace
        closed = tree.get_by_role("button", name="Open " + label, exact=True)
        if closed.count():
            closed.first.click()
    tree.get_by_label(re.compile("table customers")).set_checked(checked)
    page.get_by_role("button", name="Review and save").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Gained" if checked else "Lost")
    expect(dialog).to_contain_text("customers")
    expect(dialog).to_contain_text("1 token")
    dialog.get_by_role("button", name="Save Role").click()
    expect(page).to_have_url(re.compile("/roles/[0-9a-f-]{36}$"))


def test_an_edited_role_changes_what_an_open_session_may(entered, furnished):
    daemon, database = furnished.daemon, furnished.database
    role = daemon.make_role(["db-cql", "db-table-select"], [database.drn(), database.drn("shop", "orders")], name="live")
    token = daemon.make_token(role, description="an open session")
    page = entered(daemon)
    with furnished.door.driver(token) as session:
        assert may_read(session, "orders") and not may_read(session, "customers")
        edit(page, furnished, "live", True)
        until("what was given", lambda: may_read(session, "customers"))
        edit(page, furnished, "live", False)
        until("what was taken", lambda: not may_read(session, "customers"))
        assert may_read(session, "orders")
    daemon.delete_token(token)
    assert daemon.http("DELETE", "/v2/organizations/roles/" + role).status_code == 204


def test_a_deleted_role_is_named_with_who_holds_it(entered, furnished):
    daemon, database = furnished.daemon, furnished.database
    role = daemon.make_role(["db-cql"], [database.drn()], name="to go")
    token = daemon.make_token(role)
    page = entered(daemon, "/roles/" + role)
    page.get_by_role("button", name="Delete", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("to go")
    expect(dialog).to_contain_text("One token or member holds it")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    dialog.get_by_role("button", name="Delete Role").click()
    expect(page).to_have_url(re.compile("/roles$"))
    daemon.delete_token(token)
    with pytest.raises(AssertionError):
        daemon.good("GET", "/v2/organizations/roles/" + role)
