#include "serve/ports.h"

#include "audit/audit.h"
#include "audit/tail.h"
#include "base/check.h"
#include "base/hex.h"
#include "cluster/cluster.h"
#include "cluster/picture.h"
#include "gateway/gateway.h"
#include "index/index.h"
#include "index/snapshot.h"
#include "net/address.h"
#include "portal/files.h"
#include "serve/db_check.h"
#include "serve/exporting.h"
#include "serve/keyring.h"
#include "serve/port_schema.h"
#include "serve/port_sessions.h"
#include "serve/register.h"
#include "serve/setup_link.h"
#include "statement/schema.h"
#include "statement/statement.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <urcu/urcu-memb.h>

/* --- one cluster --- */

struct keyspaces {
    struct arena *arena;
    bytes *list;
    size_t n;
};

static int by_name(const void *a, const void *b)
{
    const bytes *x = a;
    const bytes *y = b;
    const size_t n = x->n < y->n ? x->n : y->n;
    const int order = n ? memcmp(x->p, y->p, n) : 0;
    return order ? order : (x->n > y->n) - (x->n < y->n);
}

static void show_keyspaces(void *owner, const struct picture *p)
{
    struct keyspaces *k = owner;
    const struct picture_table *t = picture_table(p, BYTES("system_schema"), BYTES("keyspaces"));
    if (!t) return;
    const size_t most = t->rows_n < API_KEYSPACES_MAX ? t->rows_n : API_KEYSPACES_MAX;
    k->list = arena_take_array(k->arena, most, sizeof *k->list);
    for (size_t i = 0; k->list && i < t->rows_n && k->n < most; i++) {
        const bytes name = picture_cell(t, i, "keyspace_name");
        if (!statement_is_system_keyspace(name)) k->list[k->n++] = arena_copy(k->arena, name);
    }
    if (k->n) qsort(k->list, k->n, sizeof *k->list, by_name);
}

/* In our words, and in those of the statuses that every client of /v2/databases knows. */
static const struct {
    const char *name;
    const char *status;
} cluster_states[] = {
    [GATEWAY_CLUSTER_CONNECTING] = {"connecting", "INITIALIZING"},
    [GATEWAY_CLUSTER_UNREACHABLE] = {"unreachable", "MAINTENANCE"},
    [GATEWAY_CLUSTER_ASTRAY] = {"no node in the datacenter", "ERROR"},
    [GATEWAY_CLUSTER_READY] = {"ready", "ACTIVE"},
};

static bool cluster(void *owner, const struct uuid *database, struct arena *a,
                    struct api_cluster *out)
{
    struct ports *p = owner;
    struct gateway_status status;
    struct keyspaces k = {.arena = a};
    if (!gateway_read_status(p->gateway, database, &status)) {
        *out = (struct api_cluster){
            .status = "ERROR",
            .problem = "the database's door is not open; the daemon's log says why"};
        return true;
    }
    (void)gateway_show_picture(p->gateway, database, show_keyspaces, &k);
    *out = (struct api_cluster){
        .keyspaces = k.list,
        .keyspaces_n = k.n,
        .nodes_known = status.nodes_known,
        .nodes_up = status.nodes_up,
        .clients = status.clients,
        .port = status.port,
        .status = cluster_states[status.cluster].status,
    };
    (void)snprintf(out->problem, sizeof out->problem, "%.159s", status.problem);
    return true;
}

/* --- what a statement needs --- */

struct question {
    bytes keyspace;
    bytes cql;
    struct arena *arena;
    struct statement statement;
    struct note *note;
    err result;
};

static void show_needs(void *owner, const struct picture *p)
{
    struct question *q = owner;
    q->result =
        statement_understand(p->schema, q->keyspace, q->cql, q->arena, &q->statement, q->note);
    struct statement_need *copy = arena_take_array(q->arena, q->statement.needs_n, sizeof *copy);
    if (!err_is_ok(q->result)) return;
    if (!copy && q->statement.needs_n) {
        q->result = FAIL(NO_MEMORY);
        return;
    }
    for (size_t i = 0; i < q->statement.needs_n; i++) {
        copy[i] = q->statement.needs[i];
        copy[i].keyspace = arena_copy(q->arena, copy[i].keyspace);
        copy[i].table = arena_copy(q->arena, copy[i].table);
        copy[i].named = arena_copy(q->arena, copy[i].named);
    }
    q->statement.needs = copy;
}

static err needs(void *owner, const struct uuid *database, bytes keyspace, bytes cql,
                 struct arena *a, const struct statement_need **out, size_t *n, struct note *note)
{
    struct ports *p = owner;
    struct question q = {
        .keyspace = keyspace, .cql = cql, .arena = a, .note = note, .result = DONE};
    if (!gateway_show_picture(p->gateway, database, show_needs, &q)) {
        return note_fail(note, FAIL(NOT_READY), "the cluster's schema has not been read yet");
    }
    TRY(q.result);
    if (q.statement.route == STATEMENT_ROUTE_ESTIMATES_BOUND) {
        return note_fail(note, FAIL(UNPROCESSABLE),
                         "what this statement needs its values decide: write keyspace_name and table_name into it");
    }
    *out = q.statement.needs;
    *n = q.statement.needs_n;
    return DONE;
}

/* --- changes of schema --- */

struct ordering {
    struct cluster_order order;
    void *waiter;
    void (*done)(void *waiter, err e, const char *why);
};

static void ordered(struct cluster_order *o)
{
    struct ordering *x = LOOP_OF(o, struct ordering, order);
    x->done(x->waiter, o->result, o->why.text);
    free(x);
}

static err order(void *owner, const struct uuid *database, const char *cql, struct loop *loop,
                 void *waiter, void (*done)(void *waiter, err e, const char *why))
{
    const struct ports *p = owner;
    struct ordering *x = calloc(1, sizeof *x);
    if (!x) return FAIL(NO_MEMORY);
    *x = (struct ordering){{.loop = loop, .done = ordered}, waiter, done};
    const int n = snprintf(x->order.text, sizeof x->order.text, "%s", cql);
    CHECK(n > 0 && (size_t)n < sizeof x->order.text);
    const err e = gateway_order(p->gateway, database, &x->order);
    if (err_is_ok(e)) return DONE;
    free(x);
    return FAIL(NOT_READY);
}

static err sessions(void *owner, struct api_sessions *q)
{
    const struct ports *p = owner;
    return port_sessions_ask(p->gateway, q);
}

static uint32_t replicas(void *owner)
{
    const struct ports *p = owner;
    return (uint32_t)config_number(p->config, SETTING_KEYSPACE_REPLICAS);
}

/* --- the daemon --- */

static err may_register(void *owner, const struct principal *who, const struct record_database *d,
                        struct note *note)
{
    const struct ports *p = owner;
    struct address listen;
    struct note why = {{0}};
    TRY(register_check(p->config, who, d, note));
    TRY(register_listen(d, &listen, note));
    const err e = gateway_check_listen(p->gateway, &listen, &why);
    if (err_is_ok(e)) return DONE;
    return note_fail(note, e, "listen: %.*s cannot be used: %s", BYTES_FMT(d->listen), why.text);
}

static bool ready(void *owner, const char **why)
{
    const struct ports *p = owner;
    if (audit_is_well(p->audit)) return true;
    *why = "the audit trail cannot be written";
    return false;
}

static void status_index(const struct ports *p, struct json_out *j)
{
    struct index_numbers n;
    urcu_memb_read_lock();
    index_count(p->index, &n);
    urcu_memb_read_unlock();
    json_out_key(j, "index");
    json_out_object(j);
    const struct {
        const char *key;
        uint64_t value;
    } rows[] = {{"version", n.version},     {"tokens", n.tokens},
                {"roles", n.roles},         {"roleSets", n.role_sets},
                {"databases", n.databases}, {"organizations", n.organizations},
                {"bytes", n.bytes}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_out_key(j, rows[i].key);
        json_out_int(j, (int64_t)rows[i].value);
    }
    json_out_end(j);
}

static void status_door(struct json_out *j, const char *kind, const char *address, bytes database)
{
    json_out_object(j);
    json_out_pair(j, "kind", bytes_of_text(kind));
    json_out_pair(j, "address", bytes_of_text(address));
    if (database.n) json_out_pair(j, "database", database);
    json_out_end(j);
}

static void door_address(const struct record_database *d, uint16_t port,
                         char out[ADDRESS_TEXT_SIZE])
{
    struct address a;
    (void)snprintf(out, ADDRESS_TEXT_SIZE, "%.*s", BYTES_FMT(d->listen));
    if (!port || !err_is_ok(address_read(d->listen, 1, &a))) return;
    a.port = port;
    address_write(&a, out);
}

static void status_doors(const struct ports *p, const struct snapshot *s, struct json_out *j)
{
    const struct snapshot_list all = snapshot_all(s, RECORD_DATABASE);
    json_out_key(j, "doors");
    json_out_array(j);
    status_door(j, "http", p->http_address, (bytes){0});
    status_door(j, "socket", p->socket_path, (bytes){0});
    for (size_t i = 0; i < all.n; i++) {
        const struct record_database *d = &all.records[i]->of.database;
        struct gateway_status g;
        char address[ADDRESS_TEXT_SIZE];
        if (!gateway_read_status(p->gateway, &d->id, &g)) continue;
        door_address(d, g.port, address);
        status_door(j, "cql", address, d->name);
    }
    json_out_end(j);
}

static void status_cluster(const struct ports *p, const struct record_database *d,
                           struct json_out *j)
{
    struct gateway_status g = {0};
    const bool door = gateway_read_status(p->gateway, &d->id, &g);
    const char *state = door ? cluster_states[g.cluster].name : "no door";
    json_out_object(j);
    json_out_pair_uuid(j, "id", &d->id);
    json_out_pair(j, "name", d->name);
    json_out_pair(j, "state", bytes_of_text(state));
    json_out_key(j, "clients");
    json_out_int(j, g.clients);
    json_out_key(j, "nodesKnown");
    json_out_int(j, g.nodes_known);
    json_out_key(j, "nodesUp");
    json_out_int(j, g.nodes_up);
    if (g.problem[0]) json_out_pair(j, "problem", bytes_of_text(g.problem));
    json_out_end(j);
}

static void status_audit(const struct ports *p, struct json_out *j)
{
    const struct chain head = audit_head(p->audit);
    char hash[2 * sizeof head.hash];
    hex_write(bytes_of(head.hash, sizeof head.hash), hash);
    json_out_key(j, "audit");
    json_out_object(j);
    json_out_key(j, "sequence");
    json_out_int(j, (int64_t)head.seq);
    json_out_pair(j, "hash", bytes_of(hash, sizeof hash));
    json_out_end(j);
}

static void status_process(const struct ports *p, struct json_out *j)
{
    json_out_pair(j, "version", BYTES(LATCHKEY_VERSION));
    json_out_key(j, "pid");
    json_out_int(j, getpid());
    json_out_key(j, "startedAt");
    json_out_time(j, p->started_ns, 3);
    json_out_key(j, "store");
    json_out_object(j);
    json_out_pair(j, "kind", BYTES("sqlite"));
    json_out_end(j);
    json_out_key(j, "portal");
    json_out_bool(j, portal_files.n > 0);
    json_out_key(j, "sandbox");
    json_out_object(j);
    json_out_key(j, "noNewPrivileges");
    json_out_bool(j, p->process.no_new_privileges);
    json_out_key(j, "noCoreDumps");
    json_out_bool(j, p->process.no_core_dumps);
    json_out_key(j, "descriptors");
    json_out_int(j, (int64_t)p->process.descriptors);
    json_out_end(j);
}

static void status(void *owner, struct json_out *j)
{
    const struct ports *p = owner;
    status_process(p, j);
    status_index(p, j);
    status_audit(p, j);
    urcu_memb_read_lock();
    const struct snapshot *s = index_snapshot(p->index);
    const struct snapshot_list all = snapshot_all(s, RECORD_DATABASE);
    status_doors(p, s, j);
    json_out_key(j, "clusters");
    json_out_array(j);
    for (size_t i = 0; i < all.n; i++)
        status_cluster(p, &all.records[i]->of.database, j);
    json_out_end(j);
    json_out_key(j, "exports");
    json_out_array(j);
    exporting_status(p->exporting, s, j);
    json_out_end(j);
    urcu_memb_read_unlock();
}

/* --- checks --- */

static err check(void *owner, const struct uuid *database, struct json_out *j, struct note *note)
{
    (void)note;
    db_check_write(owner, database, j);
    return DONE;
}

static bool tail_line(void *owner, const struct chain_record *r, bytes line)
{
    struct json_out *j = owner;
    (void)r;
    json_out_text(j, line);
    return true;
}

static err audit_tail(void *owner, size_t n, struct json_out *j, struct note *note)
{
    const struct ports *p = owner;
    return tail_read(p->audit_folder, 0, n, tail_line, j, note);
}

static uint64_t audit_last(void *owner)
{
    const struct ports *p = owner;
    return audit_head(p->audit).seq;
}

static err may_export(void *owner, const struct record_audit_export *e, struct note *note)
{
    const struct ports *p = owner;
    return exporting_check(p->exporting, e, note);
}

static bool export_state(void *owner, const struct record_audit_export *e, struct api_export_state *out)
{
    const struct ports *p = owner;
    return exporting_state(p->exporting, e, out);
}

static void set_up(void *owner, bytes secret)
{
    const struct ports *p = owner;
    setup_link_remove(p->data, secret);
}

static err keys(void *owner, struct json_out *j, struct note *note)
{
    const struct ports *p = owner;
    return keyring_list(p->keys, j, note);
}

static err key_rotate(void *owner, const struct call *call, struct json_out *j, struct note *note)
{
    const struct ports *p = owner;
    return keyring_rotate(p->keys, call, j, note);
}

static err key_retire(void *owner, const struct call *call, uint16_t id, bool force, struct json_out *j,
                      struct note *note)
{
    const struct ports *p = owner;
    return keyring_retire(p->keys, call, id, force, j, note);
}

struct api_ports ports_for_api(struct ports *p)
{
    return (struct api_ports){
        .owner = p,
        .cluster = cluster,
        .schema = port_schema_read,
        .nodes = port_schema_nodes,
        .may_register = may_register,
        .needs = needs,
        .order = order,
        .sessions = sessions,
        .replicas = replicas,
        .ready = ready,
        .status = status,
        .check = check,
        .audit_tail = audit_tail,
        .audit_last = audit_last,
        .may_export = may_export,
        .export_state = export_state,
        .set_up = set_up,
        .keys = keys,
        .key_rotate = key_rotate,
        .key_retire = key_retire,
    };
}
