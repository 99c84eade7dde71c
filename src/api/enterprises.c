/* Enterprises: read and renamed by their own callers, and who belongs to them. */
#include "api/enterprises.h"

#include "api/routes.h"
#include "http/body.h"

bool enterprises_is_operator(const struct http_request *rq)
{
    return rq->call.who.kind == PRINCIPAL_OPERATOR;
}

err enterprises_only(struct http_request *rq, enum action action)
{
    return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                     "missing %s: the caller belongs to an organization, not to an enterprise",
                     action_name(action));
}

err enterprises_operator_scope(struct http_request *rq, bytes id_text, struct api_scope *out)
{
    struct principal *who = &rq->call.who;
    struct uuid id;
    if (!uuid_read(id_text, &id) || !snapshot_enterprise(api_snapshot(rq), &id)) {
        return FAIL(NOT_FOUND);
    }
    *out = (struct api_scope){id, true};
    who->scope = id;
    who->enterprise = true;
    return DONE;
}

err enterprises_permit_own(struct http_request *rq, enum action action, struct api_scope *scope,
                      struct ask *by, const struct permit **permit)
{
    struct uuid id;
    if (enterprises_is_operator(rq)) {
        TRY(enterprises_operator_scope(rq, rq->params[0], scope));
    } else {
        TRY(api_call_scope(rq, scope));
        if (!scope->enterprise) return enterprises_only(rq, action);
    }
    *by = (struct ask){action, resource_enterprise(&scope->id)};
    TRY(gate_permit(rq->gate, &rq->call, by, 1, permit));
    return uuid_read(rq->params[0], &id) && uuid_eq(&id, &scope->id) ? DONE : FAIL(NOT_FOUND);
}

/* --- enterprises --- */

static void write_enterprise(struct json_out *j, const struct record_enterprise *e)
{
    json_out_object(j);
    json_out_pair_uuid(j, "id", &e->id);
    json_out_pair(j, "name", e->name);
    json_out_key(j, "createdAt");
    json_out_time(j, e->created_ns, 3);
    json_out_end(j);
}

err enterprises_list(struct http_request *rq)
{
    struct api_scope scope = {{{0}}, false};
    const struct permit *permit = NULL;
    if (!enterprises_is_operator(rq)) {
        TRY(api_call_scope(rq, &scope));
        if (!scope.enterprise) return enterprises_only(rq, ACTION_ENTERPRISE_READ);
        const struct ask ask = {ACTION_ENTERPRISE_READ, resource_enterprise(&scope.id)};
        TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    }
    const struct snapshot_list all = snapshot_all(api_snapshot(rq), RECORD_ENTERPRISE);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_array(&j);
    for (size_t i = 0; i < all.n; i++) {
        const struct record_enterprise *e = &all.records[i]->of.enterprise;
        if (enterprises_is_operator(rq) || uuid_eq(&e->id, &scope.id)) write_enterprise(&j, e);
    }
    json_out_end(&j);
    return DONE;
}

err enterprises_get(struct http_request *rq)
{
    struct api_scope scope;
    struct ask by;
    const struct permit *permit = NULL;
    TRY(enterprises_permit_own(rq, ACTION_ENTERPRISE_READ, &scope, &by, &permit));
    const struct record_enterprise *e = snapshot_enterprise(api_snapshot(rq), &scope.id);
    if (!e) return FAIL(NOT_FOUND);
    struct json_out j = json_out_to(http_json(rq, 200));
    write_enterprise(&j, e);
    return DONE;
}

err enterprises_put(struct http_request *rq)
{
    struct api_scope scope;
    struct change change = {.verb = CHANGE_PUT};
    const struct permit *permit = NULL;
    const struct json_in *body = NULL;
    bytes name = {0};
    TRY(enterprises_permit_own(rq, ACTION_ENTERPRISE_WRITE, &scope, &change.by, &permit));
    const struct record *r = snapshot_record(api_snapshot(rq), RECORD_ENTERPRISE, &scope.id);
    if (!r) return FAIL(NOT_FOUND);
    TRY(body_object(rq, &body));
    TRY(body_text(rq, body, F(ENTERPRISE_CHANGE_NAME), &name));
    change.record = *r;
    change.expect = r->version;
    change.record.of.enterprise.name = name;
    struct json_out j = json_out_to(http_json(rq, 200));
    write_enterprise(&j, &change.record.of.enterprise);
    char id[UUID_TEXT + 1];
    uuid_text(&scope.id, id);
    const struct api_event event = {
        .name = "enterprise.update", .subject = bytes_of_text(id), .scope = scope.id};
    return api_call_commit(rq, permit, &change, 1, &event, false);
}
