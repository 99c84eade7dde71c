"""astrapy 2 as it comes: databases and keyspaces, told as one JSON object."""
import json
import os
import sys

from astrapy import DataAPIClient
from astrapy.api_options import APIOptions, DevOpsAPIURLOptions

options = APIOptions(dev_ops_api_url_options=DevOpsAPIURLOptions(dev_ops_url=os.environ["LATCHKEY_API"],
                                                                 dev_ops_api_version="v2"))
admin = DataAPIClient(api_options=options).get_admin(token=os.environ["LATCHKEY_TOKEN"])
database = os.environ["LATCHKEY_DATABASE"]
seen = {"databases": [d.name for d in admin.list_databases()]}
info = admin.database_info(database)
seen["database"] = {"id": info.id, "name": info.name, "status": info.status, "keyspaces": info.keyspaces}
# An endpoint in the hosted service's form is how this client learns of id and region; nothing is sent to it.
own = admin.get_database_admin(api_endpoint="https://%s-%s.apps.astra.datastax.com" % (database, "datacenter1"))
own.create_keyspace("astrapy_two")
seen["keyspaces"] = own.list_keyspaces()
own.drop_keyspace("astrapy_two")
seen["keyspaces_after"] = own.list_keyspaces()
try:
    admin.database_info("11111111-1111-4111-8111-111111111111")
    seen["absent"] = "found"
except Exception as error:    # the class differs between this client's minor versions
    seen["absent"] = str(error)
admin.drop_database(os.environ["LATCHKEY_SPARE"])     # until it is TERMINATED
seen["databases_after"] = [d.name for d in admin.list_databases()]
json.dump(seen, sys.stdout)
