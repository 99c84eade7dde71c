"""astrapy 1.5 as it comes: what it does with roles, tokens, users, databases and access lists, told as one JSON object."""
import json
import os
import sys

from astrapy import DataAPIClient
from astrapy.constants import Environment
from astrapy.core.ops import AstraDBOps
from astrapy.defaults import DEV_OPS_URL_ENV_MAP

ops = AstraDBOps(os.environ["LATCHKEY_TOKEN"], dev_ops_url=os.environ["LATCHKEY_API"])
database, organization = os.environ["LATCHKEY_DATABASE"], os.environ["LATCHKEY_ORGANIZATION"]
seen = {}


def done_without_json(call, *words):
    """This client reads every answer as JSON: one without a body raises when the server has done its work."""
    try:
        return call(*words)
    except ValueError:
        return None


seen["organization"] = ops.get_organization()["id"]
policy = {"description": "astrapy", "effect": "allow", "actions": ["db-cql", "db-table-select"],
          "resources": ["drn:astra:org:%s:db:%s" % (organization, database),
                        "drn:astra:org:%s:db:%s:keyspace:shop:table:*" % (organization, database)]}
role = ops.create_role({"name": "astrapy one", "policy": policy})
seen["role"] = ops.get_role(role["id"])
done_without_json(ops.update_role, role["id"], {"name": "astrapy 1.5", "policy": policy})
seen["renamed"] = ops.get_role(role["id"])["name"]
seen["roles"] = [r["name"] for r in ops.get_roles()]
token = ops.create_token({"roles": [role["id"]]})
seen["token"] = {key: token[key] for key in ("clientId", "orgId", "roles")}
seen["token_text"] = token["token"]
seen["listed"] = token["clientId"] in [c["clientId"] for c in ops.get_clients()["clients"]]
done_without_json(ops.delete_token, token["clientId"])
seen["listed_after"] = token["clientId"] in [c["clientId"] for c in ops.get_clients()["clients"]]
done_without_json(ops.delete_role, role["id"])
seen["roles_after"] = [r["name"] for r in ops.get_roles()]
invited = done_without_json(ops.invite_user, {"email": "astrapy@example.com", "orgID": organization,
                                              "roles": ["d2cfcd63-055c-4a58-b957-8916d4a007a5"]})
users = ops.get_users()["Users"]
person = [u for u in users if u["Email"] == "astrapy@example.com"][0]
seen["user"] = ops.get_user(person["UserID"])
done_without_json(ops.update_user_roles, person["UserID"], {"roles": ["a25baf86-1bde-43d2-86ac-647e3d884bac"]})
seen["user_roles"] = [r["Name"] for r in ops.get_user(person["UserID"])["Roles"]]
done_without_json(ops.remove_user, person["UserID"])
seen["users_after"] = [u["Email"] for u in ops.get_users()["Users"]]
seen["databases"] = [d["info"]["name"] for d in ops.get_databases()]
seen["database"] = ops.get_database(database)["id"]
ops.create_keyspace(database, "astrapy_one")
seen["keyspaces"] = ops.get_database(database)["info"]["keyspaces"]
done_without_json(ops.delete_keyspace, database, "astrapy_one")
seen["keyspaces_after"] = ops.get_database(database)["info"]["keyspaces"]
done_without_json(ops.add_access_list_address, database,
                  [{"address": "10.0.0.0/8", "description": "office", "enabled": True}])
seen["access_list"] = ops.get_access_list(database)
seen["access_lists"] = [entry["databaseId"] for entry in ops.get_access_lists()]
done_without_json(ops.delete_access_list, database)
seen["access_list_after"] = ops.get_access_list(database)["addresses"]
seen["template"] = ops.get_access_list_template()
# Its administrator asks at the address of its environment, whatever `dev_ops_url` says.
DEV_OPS_URL_ENV_MAP[Environment.PROD] = os.environ["LATCHKEY_API"]
admin = DataAPIClient(os.environ["LATCHKEY_TOKEN"]).get_admin()
seen["admin_databases"] = [d.info.name for d in admin.list_databases()]
seen["admin_status"] = admin.database_info(database).raw_info["status"]
json.dump(seen, sys.stdout)
