/* What is in a registered cluster, and how it stands: keyspaces with their tables, and nodes. */
#include "api/databases.h"

#include "api/routes.h"
#include "http/http_work.h"

/* --- keyspaces --- */

/* Names of tables, or of views. */
static void write_tables(struct json_out *j, const struct api_keyspace *k, bool views)
{
    json_out_key(j, views ? "views" : "tables");
    json_out_array(j);
    for (size_t i = 0; i < k->tables_n; i++) {
        if (k->tables[i].view == views) json_out_text(j, k->tables[i].name);
    }
    json_out_end(j);
}

static void write_keyspace(struct json_out *j, const struct api_keyspace *k)
{
    json_out_object(j);
    json_out_pair(j, "name", k->name);
    json_out_key(j, "system");
    json_out_bool(j, k->system);
    if (k->replication.n) json_out_pair(j, "replication", k->replication);
    write_tables(j, k, false);
    write_tables(j, k, true);
    json_out_end(j);
}

/* On a work thread, for there may be many. */
static err list_keyspaces(struct http_request *rq)
{
    const struct api_ports *p = &api_of(rq)->ports;
    struct api_schema schema = {0};
    if (p->schema) {
        (void)p->schema(p->owner, rq->work, true, API_TABLES_MAX, &rq->call.arena, &schema);
    }
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_array(&j);
    for (size_t i = 0; i < schema.keyspaces_n; i++) write_keyspace(&j, &schema.keyspaces[i]);
    json_out_end(&j);
    return rq->call.arena.bad ? FAIL(NO_MEMORY) : DONE;
}

err databases_keyspaces(struct http_request *rq)
{
    const struct record_database *d = NULL;
    TRY(databases_find_seen(rq, &d));
    struct uuid *id = arena_take(&rq->call.arena, sizeof *id);
    if (!id) return FAIL(NO_MEMORY);
    *id = d->id;
    rq->work = id;
    return http_work(rq, api_of(rq)->work, list_keyspaces);
}

/* --- state --- */

static void write_nodes(struct json_out *j, const struct api_nodes *nodes)
{
    json_out_key(j, "nodes");
    json_out_array(j);
    for (size_t i = 0; i < nodes->n; i++) {
        const struct api_node *n = &nodes->list[i];
        json_out_object(j);
        json_out_pair(j, "address", n->address);
        json_out_key(j, "up");
        json_out_bool(j, n->up);
        json_out_key(j, "used");
        json_out_bool(j, n->used);
        if (n->datacenter.n) json_out_pair(j, "datacenter", n->datacenter);
        if (n->rack.n) json_out_pair(j, "rack", n->rack);
        if (n->version.n) json_out_pair(j, "version", n->version);
        json_out_end(j);
    }
    json_out_end(j);
}

static void write_schema_read(struct json_out *j, const struct api_nodes *nodes)
{
    json_out_key(j, "schemaReadAt");
    if (nodes->read_ms)
        json_out_time(j, nodes->read_ms * 1000000, 3);
    else
        json_out_null(j);
    if (!uuid_is_zero(&nodes->schema_version)) {
        json_out_pair_uuid(j, "schemaVersion", &nodes->schema_version);
    }
}

err databases_state(struct http_request *rq)
{
    const struct record_database *d = NULL;
    const struct api_ports *p = &api_of(rq)->ports;
    struct api_cluster c;
    struct api_nodes nodes = {0};
    TRY(databases_find_seen(rq, &d));
    databases_look_at(rq, d, &c);
    if (p->nodes) (void)p->nodes(p->owner, &d->id, &rq->call.arena, &nodes);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_pair_text(&j, "status", c.status ? c.status : "ACTIVE");
    if (c.problem[0]) json_out_pair_text(&j, "problem", c.problem);
    write_nodes(&j, &nodes);
    write_schema_read(&j, &nodes);
    json_out_key(&j, "clients");
    json_out_int(&j, c.clients);
    json_out_pair(&j, "cqlAddress", d->advertise.n ? d->advertise : d->listen);
    json_out_end(&j);
    return rq->call.arena.bad ? FAIL(NO_MEMORY) : DONE;
}
