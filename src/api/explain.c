/* Why something is allowed or refused: about oneself, a token, or roles; one action on one
 * resource, or everything that a CQL text needs: on a work thread, for a text may be long and name many
 * tables. */
#include "api/policy_about.h"

#include "api/databases.h"
#include "api/routes.h"
#include "http/body.h"
#include "http/http_work.h"

#include <stdio.h>
#include <urcu/urcu-memb.h>

/* Whose permissions are asked about. */
struct subject {
    struct api_scope scope;
    struct policy_about about;
    const struct json_in *body;
};

/* --- about whom --- */

/* One role that is named must be there; of several those that are not count for nothing. */
static err check_role(struct http_request *rq, const struct json_in *body, const struct subject *s)
{
    struct uuid id;
    bool given = false;
    TRY(body_uuid(rq, body, F(EXPLAIN_ASK_ROLE), &id, &given));
    if (!given || snapshot_role_of(api_snapshot(rq), &s->scope.id, s->scope.enterprise, &id)) {
        return DONE;
    }
    return note_fail(&rq->call.note, FAIL(NOT_FOUND), "roleId: there is no such role");
}

static err read_subject(struct http_request *rq, const struct json_in *body, struct subject *s)
{
    static const struct policy_about_fields fields = {
        .tokens = {F(EXPLAIN_ASK_TOKEN), F(EXPLAIN_ASK_CLIENT)},
        .role = F(EXPLAIN_ASK_ROLE),
        .roles = F(EXPLAIN_ASK_ROLES),
        .policies = F(EXPLAIN_ASK_POLICIES)};
    TRY(policy_about_read(rq, &s->scope, body, &fields, &s->about));
    return check_role(rq, body, s);
}

/* --- one question --- */

static void write_resource(struct json_out *j, const char *key, const struct resource *r)
{
    uint8_t room[RESOURCE_TEXT_MAX + 64];
    struct wr w = wr_fixed(room, sizeof room);
    resource_write(r, &w);
    json_out_pair(j, key, wr_view(&w));
}

static void write_rule(struct json_out *j, const struct gate_explanation *x)
{
    json_out_key(j, "rule");
    if (!x->by_rule) {
        json_out_null(j);
        return;
    }
    json_out_object(j);
    if (!uuid_is_zero(&x->role)) json_out_pair_uuid(j, "roleId", &x->role);
    json_out_pair(j, "roleName", x->role_name);
    json_out_pair(j, "effect", x->effect == EFFECT_DENY ? BYTES("deny") : BYTES("allow"));
    write_resource(j, "resource", &x->rule);
    json_out_end(j);
}

static void write_verdict(struct json_out *j, const struct ask *ask,
                          const struct gate_explanation *x)
{
    json_out_key(j, "allow");
    json_out_bool(j, x->allowed);
    json_out_pair(j, "verdict", x->allowed ? BYTES("allow") : BYTES("deny"));
    json_out_pair(j, "action", bytes_of_text(action_name(ask->action)));
    write_resource(j, "resource", &ask->on);
    json_out_pair(j, "text", bytes_of_text(x->text));
    json_out_pair(j, "change", bytes_of_text(x->change));
    write_rule(j, x);
}

static err explain_ask(struct http_request *rq, const struct subject *s, const struct ask *ask,
                       struct gate_explanation *x)
{
    return gate_explain(rq->gate, &rq->call, &s->about.who, ask, x);
}

static err read_action(struct http_request *rq, const struct json_in *body, enum action *out)
{
    bytes name = {0};
    TRY(body_text(rq, body, F(EXPLAIN_ASK_ACTION), &name));
    if (action_find(name, out)) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "unknown action \"%.*s\"", BYTES_FMT(name));
}

static err read_resource(struct http_request *rq, const struct json_in *body, struct resource *out)
{
    bytes text = {0};
    TRY(body_text(rq, body, F(EXPLAIN_ASK_RESOURCE), &text));
    if (err_is_ok(resource_read(text, out))) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "not a resource name: \"%.*s\"",
                     BYTES_FMT(bytes_part(text, 0, 300)));
}

static bool is_given(const struct json_in *body, const struct field *f)
{
    const struct json_in *v = json_in_get(body, f->name);
    return v && !json_in_is(v, JSON_IN_NULL);
}

/* What the question at hand does not use must be well-formed all the same. */
static err check_unused(struct http_request *rq, const struct json_in *body)
{
    enum action action;
    struct resource on;
    struct uuid id;
    bytes keyspace;
    if (is_given(body, F(EXPLAIN_ASK_ACTION))) TRY(read_action(rq, body, &action));
    if (is_given(body, F(EXPLAIN_ASK_RESOURCE))) TRY(read_resource(rq, body, &on));
    if (is_given(body, F(EXPLAIN_ASK_DATABASE)))
        TRY(body_uuid(rq, body, F(EXPLAIN_ASK_DATABASE), &id, NULL));
    return body_text(rq, body, F(EXPLAIN_ASK_KEYSPACE), &keyspace);
}

static err explain_action(struct http_request *rq, const struct json_in *body, const struct subject *s)
{
    struct ask ask;
    struct gate_explanation x;
    TRY(read_action(rq, body, &ask.action));
    TRY(read_resource(rq, body, &ask.on));
    ask.on = role_resource(&ask.on, &s->scope.id);
    TRY(explain_ask(rq, s, &ask, &x));
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    write_verdict(&j, &ask, &x);
    json_out_end(&j);
    return DONE;
}

/* --- a CQL text --- */

static struct resource resource_of(const struct statement_need *n, const struct record_database *d)
{
    if (n->keyspace.n == 0) return resource_database(&d->organization, &d->id);
    if (n->table.n == 0 && !n->table_any) {
        return resource_keyspace(&d->organization, &d->id, n->keyspace);
    }
    struct resource r = resource_table(&d->organization, &d->id, n->keyspace, n->table);
    r.table_any = n->table_any;
    return r;
}

static void say_never(const struct statement_need *n, struct gate_explanation *x)
{
    *x = (struct gate_explanation){0};
    (void)snprintf(x->text, sizeof x->text,
                   "Refused: \"%.*s\" is not there, or is kept for the gateway.",
                   BYTES_FMT(bytes_part(n->named, 0, 200)));
    (void)snprintf(x->change, sizeof x->change,
                   "Nothing would: make it first, if it is not there; no role opens what is kept "
                   "for the gateway.");
}

static err explain_either(struct http_request *rq, const struct subject *s,
                          const struct statement_need *n, struct ask *ask,
                          struct gate_explanation *x)
{
    struct gate_explanation other;
    const struct ask second = {n->or_action, ask->on};
    TRY(explain_ask(rq, s, ask, x));
    if (x->allowed || n->or_action == n->action) return DONE;
    TRY(explain_ask(rq, s, &second, &other));
    if (other.allowed) {
        *ask = second;
        *x = other;
    }
    return DONE;
}

/* What a refusal would tell beyond the statement's own words: the table behind a view or an index, and
 * whether something is there. */
static bool tells_more(const struct statement_need *n)
{
    return n->never || !bytes_eq(n->table, n->named);
}

/* To whoever may not see the database, what they named is all that there is. */
static err explain_named(struct http_request *rq, const struct subject *s,
                         const struct record_database *d, const struct statement_need *n,
                         struct ask *ask, struct gate_explanation *x)
{
    struct statement_need named = *n;
    named.table = n->named;
    ask->on = resource_of(&named, d);
    TRY(explain_either(rq, s, n, ask, x));
    if (x->allowed) say_never(n, x);
    return DONE;
}

static err explain_need(struct http_request *rq, const struct subject *s,
                        const struct record_database *d, const struct statement_need *n,
                        struct ask *ask, struct gate_explanation *x)
{
    *ask = (struct ask){n->action, resource_of(n, d)};
    say_never(n, x);
    if (!n->never) TRY(explain_either(rq, s, n, ask, x));
    if (x->allowed || !tells_more(n) || databases_may_see(rq, d)) return DONE;
    return explain_named(rq, s, d, n, ask, x);
}

/* What the login would be refused for comes before the statement. */
static err write_login(struct http_request *rq, const struct subject *s,
                       const struct record_database *d, struct json_out *j,
                       struct gate_explanation *x)
{
    const struct ask login = {ACTION_DB_CQL, resource_database(&d->organization, &d->id)};
    *x = (struct gate_explanation){.allowed = true};
    if (!s->about.logs_in) return DONE;
    TRY(explain_ask(rq, s, &login, x));
    if (x->allowed) return DONE;
    json_out_object(j);
    write_verdict(j, &login, x);
    json_out_end(j);
    return DONE;
}

static err write_needs(struct http_request *rq, const struct subject *s,
                       const struct record_database *d, const struct statement_need *needs,
                       size_t n)
{
    struct json_out j = json_out_to(http_json(rq, 200));
    char text[512] = "Allowed: the statement needs no permission beyond the login.";
    char change[512] = "Take db-cql on the database from its holder: it could not log in.";
    struct gate_explanation first;
    json_out_object(&j);
    json_out_key(&j, "needs");
    json_out_array(&j);
    TRY(write_login(rq, s, d, &j, &first));
    bool allow = first.allowed;
    if (!allow) (void)snprintf(text, sizeof text, "%s", first.text);
    if (!allow) (void)snprintf(change, sizeof change, "%s", first.change);
    for (size_t i = 0; i < n; i++) {
        struct ask ask;
        struct gate_explanation x;
        TRY(explain_need(rq, s, d, &needs[i], &ask, &x));
        json_out_object(&j);
        write_verdict(&j, &ask, &x);
        json_out_end(&j);
        if (allow) (void)snprintf(text, sizeof text, "%s", x.text);
        if (allow) (void)snprintf(change, sizeof change, "%s", x.change);
        allow = allow && x.allowed;
    }
    json_out_end(&j);
    json_out_key(&j, "allow");
    json_out_bool(&j, allow);
    json_out_pair(&j, "verdict", allow ? BYTES("allow") : BYTES("deny"));
    json_out_pair(&j, "text", bytes_of_text(text));
    json_out_pair(&j, "change", bytes_of_text(change));
    json_out_end(&j);
    return DONE;
}

static err explain_cql(struct http_request *rq, const struct json_in *body, const struct subject *s)
{
    const struct api_ports *p = &api_of(rq)->ports;
    const struct json_in *cql = json_in_get(body, F(EXPLAIN_ASK_CQL)->name);
    const struct statement_need *needs = NULL;
    size_t needs_n = 0;
    bytes keyspace = {0};
    struct uuid id;
    TRY(body_uuid(rq, body, F(EXPLAIN_ASK_DATABASE), &id, NULL));
    TRY(body_text(rq, body, F(EXPLAIN_ASK_KEYSPACE), &keyspace));
    if (!json_in_is(cql, JSON_IN_TEXT)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"cql\" must be a string");
    }
    const struct record_database *d = snapshot_database(api_snapshot(rq), &id);
    if (!d || !uuid_eq(&d->organization, &s->scope.id)) {
        return note_fail(&rq->call.note, FAIL(NOT_FOUND), "databaseId: there is no such database");
    }
    if (!p->needs) return FAIL(NOT_READY);
    TRY(p->needs(p->owner, &id, keyspace, json_in_text(cql), &rq->call.arena, &needs, &needs_n,
                 &rq->call.note));
    return write_needs(rq, s, d, needs, needs_n);
}

/* On a work thread. */
static err explain_cql_there(struct http_request *rq)
{
    const struct subject *s = rq->work;
    urcu_memb_read_lock();
    const err e = explain_cql(rq, s->body, s);
    urcu_memb_read_unlock();
    return e;
}

err explain_post(struct http_request *rq)
{
    struct subject *s = arena_take(&rq->call.arena, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    TRY(api_call_scope(rq, &s->scope));
    TRY(body_object(rq, &s->body));
    TRY(read_subject(rq, s->body, s));
    TRY(check_unused(rq, s->body));
    if (!is_given(s->body, F(EXPLAIN_ASK_CQL))) return explain_action(rq, s->body, s);
    rq->work = s;
    return http_work(rq, api_of(rq)->work, explain_cql_there);
}
