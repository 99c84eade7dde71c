/* Keyspaces of a registered cluster, made and dropped on the cluster itself. The answer leaves when its
 * nodes agree and the gateway knows it, so that whoever connects next finds what they made. */
#include "api/databases.h"

#include "api/routes.h"

#include <stdio.h>

enum { KEYSPACE_NAME_MAX = 48, KEYSPACE_CQL_MAX = 512 };

/* What stays of the request while the cluster works. */
struct keyspace_order {
    struct http_request *rq;
    const struct permit *permit;
    const char *event;
    char subject[UUID_TEXT + 1 + KEYSPACE_NAME_MAX + 1]; /* database:keyspace */
};

static bool is_word(bytes name)
{
    for (size_t i = 0; i < name.n; i++) {
        const uint8_t c = name.p[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '_') return false;
    }
    return name.n > 0 && name.n <= KEYSPACE_NAME_MAX;
}

static bool is_system(bytes name)
{
    return bytes_eq_text(name, "system") || bytes_has_prefix(name, BYTES("system_"));
}

/* Cassandra's own rule for names; system keyspaces are nobody's to make or drop. */
static err check_name(struct http_request *rq, bytes name)
{
    if (!is_word(name)) {
        return note_fail(&rq->call.note, FAIL(UNPROCESSABLE),
                         "a keyspace's name has 1 to %d letters, digits and underscores",
                         KEYSPACE_NAME_MAX);
    }
    if (!is_system(name)) return DONE;
    return note_fail(&rq->call.note, FAIL(UNPROCESSABLE), "system keyspaces are Cassandra's own");
}

static struct ask ask_of(const struct http_request *rq, const struct api_scope *scope,
                         enum action action)
{
    struct uuid id = {{0}};
    (void)uuid_read(rq->params[0], &id);
    return (struct ask){action, resource_keyspace(&scope->id, &id, rq->params[1])};
}

/* Permission first, for the names as they were written; then whether there is such a database. */
static err permit_on(struct http_request *rq, enum action action, enum action or_else,
                     const struct record_database **out, const struct permit **permit)
{
    struct api_scope scope;
    TRY(api_call_scope(rq, &scope));
    struct ask ask = ask_of(rq, &scope, action);
    const struct ask other = ask_of(rq, &scope, or_else);
    if (!gate_may(rq->gate, &rq->call, &ask) && gate_may(rq->gate, &rq->call, &other)) ask = other;
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, permit));
    *out = databases_find(rq, &scope);
    return *out ? DONE : FAIL(NOT_FOUND);
}

static bool has_keyspace(const struct api_cluster *c, bytes name)
{
    for (size_t i = 0; i < c->keyspaces_n; i++) {
        if (bytes_eq(c->keyspaces[i], name)) return true;
    }
    return false;
}

/* On the request's loop. */
static void on_ordered(void *waiter, err e, const char *why)
{
    struct keyspace_order *o = waiter;
    struct http_request *rq = o->rq;
    gate_record_done(rq->gate, &rq->call, o->permit, o->event, err_is_ok(e) ? "done" : "failed",
                     bytes_of_text(o->subject));
    rq->tell_note = true;
    if (!err_is_ok(e) && why[0]) e = note_fail(&rq->call.note, e, "%s", why);
    http_answer(rq, e);
}

static err order(struct http_request *rq, const struct record_database *d,
                 const struct permit *permit, const char *event, const char *cql)
{
    const struct api_ports *p = &api_of(rq)->ports;
    char id[UUID_TEXT + 1];
    struct keyspace_order *o = arena_take(&rq->call.arena, sizeof *o);
    if (!o) return FAIL(NO_MEMORY);
    uuid_text(&d->id, id);
    *o = (struct keyspace_order){.rq = rq, .permit = permit, .event = event};
    (void)snprintf(o->subject, sizeof o->subject, "%s:%.*s", id, BYTES_FMT(rq->params[1]));
    if (!p->order) return FAIL(NOT_READY);
    TRY(p->order(p->owner, &d->id, cql, rq->loop, o, on_ordered));
    http_suspend(rq);
    return DONE;
}

/* Terraform asks again after 409 alone. */
static err look_at(struct http_request *rq, const struct record_database *d, struct api_cluster *c)
{
    const struct api_ports *p = &api_of(rq)->ports;
    *c = (struct api_cluster){0};
    if (p->cluster && p->cluster(p->owner, &d->id, &rq->call.arena, c) && c->nodes_known > 0) {
        return DONE;
    }
    return note_fail(&rq->call.note, FAIL(CONFLICT), "the cluster is not reached%s%s",
                     c->problem[0] ? ": " : "", c->problem);
}

err keyspaces_post(struct http_request *rq)
{
    const struct record_database *d = NULL;
    const struct permit *permit = NULL;
    struct api_cluster c;
    char cql[KEYSPACE_CQL_MAX];
    const struct api_ports *p = &api_of(rq)->ports;
    TRY(permit_on(rq, ACTION_DB_KEYSPACE_CREATE, ACTION_DB_ALL_KEYSPACE_CREATE, &d, &permit));
    TRY(check_name(rq, rq->params[1]));
    TRY(look_at(rq, d, &c));
    if (has_keyspace(&c, rq->params[1])) {
        return note_fail(&rq->call.note, FAIL(UNPROCESSABLE), "the keyspace %.*s exists already",
                         BYTES_FMT(rq->params[1]));
    }
    const uint32_t most = p->replicas ? p->replicas(p->owner) : 1;
    const uint32_t replicas = c.nodes_known < most ? c.nodes_known : most;
    struct wr w = wr_fixed(cql, sizeof cql - 1);
    wr_format(&w, "CREATE KEYSPACE \"%.*s\" WITH replication = {'class': 'NetworkTopologyStrategy', '",
              BYTES_FMT(rq->params[1]));
    for (size_t i = 0; i < d->datacenter.n; i++) {
        if (d->datacenter.p[i] == '\'') wr_u8(&w, '\'');
        wr_u8(&w, d->datacenter.p[i]);
    }
    wr_format(&w, "': %u}", replicas);
    if (w.bad) return FAIL(UNPROCESSABLE);
    cql[w.n] = 0;
    http_empty(rq, 201);
    return order(rq, d, permit, "keyspace.create", cql);
}

err keyspaces_delete(struct http_request *rq)
{
    const struct record_database *d = NULL;
    const struct permit *permit = NULL;
    struct api_cluster c;
    char cql[KEYSPACE_CQL_MAX];
    TRY(permit_on(rq, ACTION_DB_KEYSPACE_DROP, ACTION_DB_KEYSPACE_DROP, &d, &permit));
    TRY(check_name(rq, rq->params[1]));
    TRY(look_at(rq, d, &c));
    if (!has_keyspace(&c, rq->params[1])) {
        return note_fail(&rq->call.note, FAIL(NOT_FOUND), "there is no keyspace %.*s",
                         BYTES_FMT(rq->params[1]));
    }
    (void)snprintf(cql, sizeof cql, "DROP KEYSPACE \"%.*s\"", BYTES_FMT(rq->params[1]));
    http_empty(rq, 202);
    return order(rq, d, permit, "keyspace.delete", cql);
}
