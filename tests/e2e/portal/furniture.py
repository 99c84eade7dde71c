"""A Portal as it looks after some weeks: databases, roles, tokens in every state, people, some use and some refusals."""
import datetime

import cql
from latchkey import ADMINISTRATOR, until


def days(n):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=n)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


class Furnished:
    """What the pages are about; fill() puts ids into a path."""

    def __init__(self, daemon, database, door, real):
        self.daemon, self.database, self.door, self.real = daemon, database, door, real
        self.roles, self.tokens = {}, {}
        self.make_roles()
        self.make_tokens()
        self.invite()
        self.use()

    def make_roles(self):
        shop = [self.database.drn(), self.database.drn("shop"), self.database.drn("shop", "*")]
        rows = {
            "orders-read": ("allow", ["db-cql", "db-table-select"], [self.database.drn(), self.database.drn("shop", "orders")]),
            "shop-write": ("allow", ["db-cql", "db-table-select", "db-table-modify"], shop),
            "no-cards": ("deny", ["db-table-select", "db-table-modify"], [self.database.drn("shop", "customers")]),
            "retired": ("allow", ["db-cql"], [self.database.drn()]),
        }
        for name, (effect, actions, resources) in rows.items():
            self.roles[name] = self.daemon.make_role(actions, resources, effect, name)

    def make_tokens(self):
        make, roles = self.daemon.make_token, self.roles
        self.tokens["orders"] = make(roles["orders-read"], description="orders service")
        self.tokens["shop"] = make(roles["shop-write"], roles["no-cards"], description="web shop", tokenExpiry=days(200))
        self.tokens["ci"] = make(roles["orders-read"], description="CI, nightly", tokenExpiry=days(6))
        self.tokens["report"] = make(roles["orders-read"], description="monthly report", tokenExpiry=days(45))
        self.tokens["dangling"] = make(roles["retired"], description="old importer")
        assert self.daemon.http("DELETE", "/v2/organizations/roles/" + roles.pop("retired")).status_code == 204
        self.tokens["admin"] = make(ADMINISTRATOR, description="Terraform")

    def invite(self):
        self.daemon.good("PUT", "/v2/organizations/users",
                         {"email": "grace@example.com", "roles": [self.roles["orders-read"]]})

    def use(self):
        """Logins, statements, and a refusal."""
        def connected():
            try:
                return self.door.raw(self.tokens["orders"])
            except (OSError, cql.CqlError):
                return None
        connection = until("a door that is open", connected)
        for _ in range(5):
            connection.query("SELECT * FROM shop.orders")
        try:
            connection.query("SELECT * FROM shop.customers")
        except cql.CqlError:
            pass
        connection.close()

    @property
    def user(self):
        users = self.daemon.good("GET", "/v2/organizations/users")["Users"]
        return next(one["UserID"] for one in users if one["Email"] == "ada@example.com")

    def fill(self, path):
        return path.format(token=self.tokens["orders"].client_id, role=self.roles["orders-read"],
                           deny=self.roles["no-cards"], user=self.user, database=self.database.id)
