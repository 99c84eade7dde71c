/* Sending audit records to a server of somebody else's, beside the trail: where to, and how it stands. An
 * organization's own records, or, as the local operator's, all that there are. The sending is elsewhere. */
#include "api/api_call.h"
#include "api/routes.h"
#include "base/clock.h"
#include "http/body.h"
#include "model/destination.h"

enum { EVENT_DETAIL_MAX = 8 << 10 };

struct asked {
    struct uuid id;    /* of the export: an organization's, or zero */
    struct ask by;
    const struct permit *permit;
};

static err permit_of_organization(struct http_request *rq, struct asked *a)
{
    struct api_scope scope;
    struct uuid id;
    TRY(api_call_scope_at(rq, rq->params[0], &scope));
    a->by = api_call_ask(&scope, ACTION_ORG_AUDITS_READ, ACTION_ENTERPRISE_READ);
    TRY(gate_permit(rq->gate, &rq->call, &a->by, 1, &a->permit));
    a->id = scope.id;
    if (!uuid_read(rq->params[0], &id) || !uuid_eq(&id, &scope.id)) return FAIL(NOT_FOUND);
    if (!scope.enterprise) return DONE;
    return note_fail(&rq->call.note, FAIL(NOT_FOUND),
                     "of an enterprise nothing is sent on: its organizations have exports of their own, and its own"
                     " records go with all (`latchkey audit export --every-scope`)");
}

static err permit_of_all(struct http_request *rq, struct asked *a)
{
    a->by = (struct ask){ACTION_ORG_AUDITS_READ, resource_organization(&a->id)};
    return gate_permit(rq->gate, &rq->call, &a->by, 1, &a->permit);
}

/* --- how it stands --- */

static void write_pair(struct json_out *j, const struct field *f, bytes text)
{
    if (text.n) json_out_pair(j, f->name, text);
}

static void write_time(struct json_out *j, const struct field *f, int64_t utc_ms)
{
    if (utc_ms == 0) return;
    json_out_key(j, f->name);
    json_out_time(j, utc_ms * 1000000, 3);
}

static void write_number(struct json_out *j, const struct field *f, uint64_t n)
{
    json_out_key(j, f->name);
    json_out_int(j, (int64_t)n);
}

static void write_truth(struct json_out *j, const struct field *f, bool v)
{
    json_out_key(j, f->name);
    json_out_bool(j, v);
}

static void write_destination(struct json_out *j, const struct record_audit_export *e)
{
    json_out_key_object(j, destination_name(e->destination));
    json_out_pair(j, F(AUDIT_SPLUNK_ENDPOINT)->name, e->endpoint);
    write_truth(j, F(AUDIT_SPLUNK_HAS_TOKEN), e->sealed_token.n > 0);
    write_pair(j, F(AUDIT_SPLUNK_INDEX), e->index);
    write_pair(j, F(AUDIT_SPLUNK_SOURCE), e->source);
    write_pair(j, F(AUDIT_SPLUNK_SOURCETYPE), e->sourcetype);
    json_out_end(j);
}

/* Nothing for a moment after it was set up anew. */
static void write_delivery(struct http_request *rq, struct json_out *j, const struct record_audit_export *e)
{
    const struct api_ports *p = &api_of(rq)->ports;
    struct api_export_state s = {0};
    if (!p->export_state || !p->export_state(p->owner, e, &s)) return;
    json_out_key_object(j, F(AUDIT_EXPORT_DELIVERY)->name);
    json_out_pair_text(j, F(AUDIT_DELIVERY_STATE)->name, s.word);
    write_number(j, F(AUDIT_DELIVERY_SEQUENCE), s.sequence);
    write_number(j, F(AUDIT_DELIVERY_BEHIND), s.behind);
    write_number(j, F(AUDIT_DELIVERY_SENT), s.sent);
    write_number(j, F(AUDIT_DELIVERY_MISSING), s.missing);
    write_time(j, F(AUDIT_DELIVERY_SUCCESS), s.success_ms);
    write_time(j, F(AUDIT_DELIVERY_FAILURE), s.failure_ms);
    write_time(j, F(AUDIT_DELIVERY_NEXT), s.next_ms);
    write_pair(j, F(AUDIT_DELIVERY_PROBLEM), bytes_of_text(s.problem));
    json_out_end(j);
}

static err get(struct http_request *rq, const struct asked *a)
{
    const struct record_audit_export *e = snapshot_audit_export(api_snapshot(rq), &a->id);
    const char *name = e ? destination_name(e->destination) : NULL;
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    write_truth(&j, F(AUDIT_EXPORT_ENABLED), name != NULL);
    json_out_pair_text(&j, F(AUDIT_EXPORT_DESTINATION)->name, name ? name : "trail");
    json_out_pair(&j, F(AUDIT_EXPORT_RECORDS)->name, BYTES("/v2/audit"));
    if (name) {
        write_destination(&j, e);
        write_time(&j, F(AUDIT_EXPORT_UPDATED), e->updated_ns / 1000000);
        json_out_pair(&j, F(AUDIT_EXPORT_UPDATED_BY)->name, e->updated_by);
        write_truth(&j, F(AUDIT_EXPORT_OPERATOR), e->by_operator);
        write_delivery(rq, &j, e);
    }
    json_out_end(&j);
    return DONE;
}

/* --- what it shall be --- */

/* It becomes a field of a request's head as it is. */
static err check_token(struct http_request *rq, const struct field *f, bytes token)
{
    for (size_t i = 0; i < token.n; i++) {
        if (token.p[i] > ' ' && token.p[i] <= '~') continue;
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"%s\" must be printable ASCII without spaces, for it goes into a header field", f->name);
    }
    return DONE;
}

static err seal_token(struct http_request *rq, const struct field *f, bytes token, struct record_audit_export *e)
{
    e->sealed_token = (bytes){0};
    if (token.n == 0) return DONE;
    TRY(check_token(rq, f, token));
    return api_call_seal(rq, &e->id, token, &e->sealed_token);
}

static err read_webhook(struct http_request *rq, const struct json_in *o, struct record_audit_export *e)
{
    bytes token = {0};
    e->destination = DESTINATION_WEBHOOK;
    TRY(body_text(rq, o, F(AUDIT_WEBHOOK_NEW_ENDPOINT), &e->endpoint));
    TRY(body_text(rq, o, F(AUDIT_WEBHOOK_NEW_TOKEN), &token));
    return seal_token(rq, F(AUDIT_WEBHOOK_NEW_TOKEN), token, e);
}

static err read_splunk(struct http_request *rq, const struct json_in *o, struct record_audit_export *e)
{
    bytes token = {0};
    e->destination = DESTINATION_SPLUNK;
    TRY(body_text(rq, o, F(AUDIT_SPLUNK_NEW_ENDPOINT), &e->endpoint));
    TRY(body_text(rq, o, F(AUDIT_SPLUNK_NEW_TOKEN), &token));
    TRY(body_text(rq, o, F(AUDIT_SPLUNK_NEW_INDEX), &e->index));
    TRY(body_text(rq, o, F(AUDIT_SPLUNK_NEW_SOURCE), &e->source));
    TRY(body_text(rq, o, F(AUDIT_SPLUNK_NEW_SOURCETYPE), &e->sourcetype));
    return seal_token(rq, F(AUDIT_SPLUNK_NEW_TOKEN), token, e);
}

static err refuse_destination(struct http_request *rq, const struct json_in *body)
{
    if (json_in_get(body, "pulsar")) {
        return note_fail(&rq->call.note, FAIL(UNPROCESSABLE),
                         "records are not sent to Pulsar from here: say \"webhook\" or \"splunk\", and let a collector"
                         " (Vector, Fluent Bit) that takes JSON lines pass them on");
    }
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "one of \"webhook\" and \"splunk\" must be there, with its endpoint");
}

static err read_destination(struct http_request *rq, const struct json_in *body, struct record_audit_export *e)
{
    const struct json_in *webhook = NULL;
    const struct json_in *splunk = NULL;
    TRY(body_inner_object(rq, body, F(AUDIT_EXPORT_NEW_WEBHOOK), &webhook));
    TRY(body_inner_object(rq, body, F(AUDIT_EXPORT_NEW_SPLUNK), &splunk));
    if (!webhook == !splunk) return refuse_destination(rq, body);
    return webhook ? read_webhook(rq, webhook, e) : read_splunk(rq, splunk, e);
}

/* Without a word it goes on from where it is, so that a token is changed without a gap. */
static err read_after(struct http_request *rq, const struct json_in *body, bool is_new, struct record_audit_export *e)
{
    const struct api_ports *p = &api_of(rq)->ports;
    const int64_t last = (int64_t)p->audit_last(p->owner);
    bool given = false;
    if (is_new) e->after = last;
    TRY(body_number(rq, body, F(AUDIT_EXPORT_NEW_AFTER), &e->after, &given));
    if (given && e->after > last) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"%s\": the newest record is %lld",
                         F(AUDIT_EXPORT_NEW_AFTER)->name, (long long)last);
    }
    if (given || is_new) e->series = api_call_new_uuid();
    return DONE;
}

static err read_export(struct http_request *rq, const struct record *before, struct record *r)
{
    const struct api_ports *p = &api_of(rq)->ports;
    const struct json_in *body = NULL;
    struct record_audit_export *e = &r->of.audit_export;
    e->by_operator = rq->call.who.kind == PRINCIPAL_OPERATOR;
    e->updated_by = bytes_of_text(rq->call.who.name);
    e->updated_ns = clock_utc_ns();
    e->index = e->source = e->sourcetype = (bytes){0};
    TRY(body_object(rq, &body));
    TRY(read_destination(rq, body, e));
    TRY(p->may_export(p->owner, e, &rq->call.note));
    return read_after(rq, body, before == NULL, e);
}

/* --- the change --- */

/* What the operator arranged is evidence that nobody it may tell of takes away. */
static err check_owner(struct http_request *rq, const struct record *before)
{
    TRY(api_call_proven(rq));
    if (!before || !before->of.audit_export.by_operator || rq->call.who.kind == PRINCIPAL_OPERATOR) return DONE;
    return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                     "the local operator set this export up, and alone changes it (`latchkey audit export`)");
}

static err commit(struct http_request *rq, const struct asked *a, const struct change *change)
{
    const struct record_audit_export *e = &change->record.of.audit_export;
    const bool remove = change->verb == CHANGE_REMOVE;
    const char *name = destination_name(e->destination);
    char id[UUID_TEXT + 1];
    struct wr detail = wr_growing(EVENT_DETAIL_MAX);
    struct json_out j = json_out_to(&detail);
    uuid_text(&e->id, id);
    json_out_object(&j);
    json_out_pair_text(&j, "destination", name ? name : "");
    json_out_pair(&j, "endpoint", e->endpoint);
    write_number(&j, F(AUDIT_EXPORT_NEW_AFTER), (uint64_t)e->after);
    json_out_end(&j);
    const struct api_event event = {.name = remove ? "audit-export.delete" : "audit-export.update",
                                    .subject = bytes_of_text(id),
                                    .detail = detail.bad ? (bytes){0} : wr_view(&detail),
                                    .scope = e->id};
    const err done = api_call_commit(rq, a->permit, change, 1, &event, false);
    wr_drop(&detail);
    return done;
}

static err set(struct http_request *rq, const struct asked *a)
{
    const struct record *before = snapshot_record(api_snapshot(rq), RECORD_AUDIT_EXPORT, &a->id);
    struct change change = {.verb = CHANGE_PUT, .expect = before ? before->version : CHANGE_ABSENT, .by = a->by};
    TRY(check_owner(rq, before));
    change.record = before ? *before : (struct record){.kind = RECORD_AUDIT_EXPORT, .of.audit_export.id = a->id};
    TRY(read_export(rq, before, &change.record));
    http_empty(rq, 202);
    return commit(rq, a, &change);
}

static err end(struct http_request *rq, const struct asked *a)
{
    const struct record *before = snapshot_record(api_snapshot(rq), RECORD_AUDIT_EXPORT, &a->id);
    if (!before) return note_fail(&rq->call.note, FAIL(NOT_FOUND), "audit records are sent nowhere");
    TRY(check_owner(rq, before));
    const struct change change = {.verb = CHANGE_REMOVE, .expect = before->version, .by = a->by, .record = *before};
    http_empty(rq, 202);
    return commit(rq, a, &change);
}

/* --- routes --- */

err audit_export_get(struct http_request *rq)
{
    struct asked a;
    TRY(permit_of_organization(rq, &a));
    return get(rq, &a);
}

err audit_export_set(struct http_request *rq)
{
    struct asked a;
    TRY(permit_of_organization(rq, &a));
    return set(rq, &a);
}

err audit_export_end(struct http_request *rq)
{
    struct asked a;
    TRY(permit_of_organization(rq, &a));
    return end(rq, &a);
}

err audit_export_all_get(struct http_request *rq)
{
    struct asked a = {{{0}}, {0}, NULL};
    TRY(permit_of_all(rq, &a));
    return get(rq, &a);
}

err audit_export_all_set(struct http_request *rq)
{
    struct asked a = {{{0}}, {0}, NULL};
    TRY(permit_of_all(rq, &a));
    return set(rq, &a);
}

err audit_export_all_end(struct http_request *rq)
{
    struct asked a = {{{0}}, {0}, NULL};
    TRY(permit_of_all(rq, &a));
    return end(rq, &a);
}
