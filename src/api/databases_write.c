/* The database object, with every member that some client cannot do without. */
#include "api/databases.h"

static const char *const zero_time = "0001-01-01T00:00:00Z";

static void pair_int(struct json_out *j, const char *key, int64_t v)
{
    json_out_key(j, key);
    json_out_int(j, v);
}

static void write_names(struct json_out *j, const char *key, const struct api_cluster *c)
{
    json_out_key(j, key);
    json_out_array(j);
    for (size_t i = 0; i < c->keyspaces_n; i++)
        json_out_text(j, c->keyspaces[i]);
    json_out_end(j);
}

void databases_write_datacenter(struct json_out *j, const struct record_database *d)
{
    char id[UUID_TEXT + 3];
    uuid_write(&d->id, id);
    memcpy(id + UUID_TEXT, "-1", 3);
    json_out_object(j);
    json_out_pair_text(j, "id", id);
    json_out_pair(j, "name", d->datacenter);
    json_out_pair_text(j, "status", "");
    json_out_pair_text(j, "tier", "serverless");
    json_out_pair_text(j, "cloudProvider", "AWS");
    json_out_pair(j, "region", d->datacenter);
    json_out_pair_text(j, "regionZone", "na");
    json_out_pair_text(j, "regionClassification", "standard");
    pair_int(j, "capacityUnits", 1);
    json_out_key(j, "dateCreated");
    json_out_time(j, d->created_ns, 3);
    json_out_end(j);
}

/* Terraform computes the list of keyspaces from `keyspace` and `additionalKeyspaces`, astra-db-ts
 * reads `keyspaces`: all three agree. No keyspace of a cluster of one's own is the one that it began
 * with, and Terraform replaces a database whose `keyspace` changes: so none is named. `dbType` is null,
 * for whatever else stands there counts as a vector database with the Astra CLI. */
static void write_info(struct json_out *j, const struct record_database *d,
                       const struct api_cluster *c)
{
    json_out_key(j, "info");
    json_out_object(j);
    json_out_pair(j, "name", d->name);
    json_out_pair_text(j, "keyspace", "");
    write_names(j, "keyspaces", c);
    write_names(j, "additionalKeyspaces", c);
    json_out_key(j, "datacenters");
    json_out_array(j);
    databases_write_datacenter(j, d);
    json_out_end(j);
    json_out_pair_text(j, "cloudProvider", "AWS");
    json_out_pair_text(j, "tier", "serverless");
    pair_int(j, "capacityUnits", 1);
    json_out_pair(j, "region", d->datacenter);
    json_out_key(j, "dbType");
    json_out_null(j);
    json_out_end(j);
}

static void write_storage(struct json_out *j, const struct api_cluster *c)
{
    json_out_key(j, "storage");
    json_out_object(j);
    pair_int(j, "nodeCount", c->nodes_known);
    pair_int(j, "replicationFactor", c->nodes_known < 3 ? c->nodes_known : 3);
    pair_int(j, "totalStorage", 0);
    pair_int(j, "usedStorage", 0);
    json_out_end(j);
}

static void write_empty_object(struct json_out *j, const char *key)
{
    json_out_key(j, key);
    json_out_object(j);
    json_out_end(j);
}

static void write_actions(struct json_out *j, bool removed)
{
    json_out_key(j, "availableActions");
    json_out_array(j);
    if (removed) {
        json_out_end(j);
        return;
    }
    json_out_text(j, BYTES("terminate"));
    json_out_text(j, BYTES("getCreds"));
    json_out_text(j, BYTES("addKeyspace"));
    json_out_text(j, BYTES("removeKeyspace"));
    json_out_end(j);
}

/* Pages and interfaces of the hosted service. astrapy 1 reads no database, nor a list of them, without them. */
static void write_urls(struct json_out *j)
{
    static const char *const names[] = {"studioUrl", "grafanaUrl", "cqlshUrl", "graphqlUrl", "dataEndpointUrl"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) json_out_pair_text(j, names[i], "");
}

void databases_write(struct json_out *j, const struct record_database *d, const struct api_cluster *c,
                     int64_t removed_ns)
{
    const char *status = removed_ns ? "TERMINATED" : c->status ? c->status : "ACTIVE";
    json_out_object(j);
    json_out_pair_uuid(j, "id", &d->id);
    json_out_pair_uuid(j, "orgId", &d->organization);
    json_out_pair(j, "ownerId", d->owner);
    write_info(j, d, c);
    json_out_key(j, "creationTime");
    json_out_time(j, d->created_ns, 3);
    json_out_key(j, "terminationTime");
    if (removed_ns) json_out_time(j, removed_ns, 3);
    else json_out_text(j, bytes_of_text(zero_time));
    json_out_key(j, "lastUsageTime");
    json_out_time(j, d->created_ns, 3);
    json_out_pair_text(j, "status", status);
    json_out_pair_text(j, "observedStatus", status);
    write_storage(j, c);
    write_empty_object(j, "metrics");
    write_empty_object(j, "cost");
    write_actions(j, removed_ns != 0);
    write_urls(j);
    json_out_pair(j, "cqlAddress", d->advertise.n ? d->advertise : d->listen);
    if (c->problem[0]) json_out_pair_text(j, "message", c->problem);
    json_out_end(j);
}
