/* What only the local operator asks, over the UNIX socket. */
#include "api/api_call.h"
#include "api/routes.h"
#include "http/http_work.h"
#include "http/page.h"

enum { AUDIT_TAIL_MAX = 100000 };

err operator_status(struct http_request *rq)
{
    const struct api_ports *p = &api_of(rq)->ports;
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    if (p->status) p->status(p->owner, &j);
    json_out_end(&j);
    return DONE;
}

static err run_check(struct http_request *rq)
{
    const struct api_ports *p = &api_of(rq)->ports;
    const struct uuid *id = rq->work;
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    TRY(p->check(p->owner, id, &j, &rq->call.note));
    json_out_end(&j);
    return DONE;
}

err operator_check(struct http_request *rq)
{
    struct uuid *id = arena_take(&rq->call.arena, sizeof *id);
    if (!id) return FAIL(NO_MEMORY);
    if (!uuid_read(rq->params[0], id) || !snapshot_database(api_snapshot(rq), id)) {
        return FAIL(NOT_FOUND);
    }
    rq->work = id;
    if (!api_of(rq)->ports.check) return FAIL(NOT_READY);
    return http_work(rq, api_of(rq)->work, run_check);
}

static size_t read_count(bytes text, size_t otherwise)
{
    size_t n = 0;
    if (text.n == 0 || text.n > 6) return otherwise;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') return otherwise;
        n = n * 10 + (size_t)(text.p[i] - '0');
    }
    return n < AUDIT_TAIL_MAX ? n : AUDIT_TAIL_MAX;
}

static err run_tail(struct http_request *rq)
{
    const struct api_ports *p = &api_of(rq)->ports;
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_array(&j);
    TRY(p->audit_tail(p->owner, read_count(http_argument(rq, "n"), 20), &j, &rq->call.note));
    json_out_end(&j);
    return DONE;
}

err operator_audit(struct http_request *rq)
{
    if (!api_of(rq)->ports.audit_tail) return FAIL(NOT_READY);
    return http_work(rq, api_of(rq)->work, run_tail);
}

static void write_organization(struct json_out *j, const struct record_organization *o)
{
    json_out_object(j);
    json_out_pair_uuid(j, "id", &o->id);
    json_out_pair(j, "name", o->name);
    json_out_key(j, "enterpriseId");
    if (uuid_is_zero(&o->enterprise))
        json_out_null(j);
    else
        json_out_uuid(j, &o->enterprise);
    json_out_end(j);
}

err operator_organizations(struct http_request *rq)
{
    const struct snapshot *s = api_snapshot(rq);
    const struct snapshot_list organizations = snapshot_all(s, RECORD_ORGANIZATION);
    const struct snapshot_list enterprises = snapshot_all(s, RECORD_ENTERPRISE);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_key(&j, "organizations");
    json_out_array(&j);
    for (size_t i = 0; i < organizations.n; i++) {
        write_organization(&j, &organizations.records[i]->of.organization);
    }
    json_out_end(&j);
    json_out_key(&j, "enterprises");
    json_out_array(&j);
    for (size_t i = 0; i < enterprises.n; i++) {
        const struct record_enterprise *e = &enterprises.records[i]->of.enterprise;
        json_out_object(&j);
        json_out_pair_uuid(&j, "id", &e->id);
        json_out_pair(&j, "name", e->name);
        json_out_end(&j);
    }
    json_out_end(&j);
    json_out_end(&j);
    return DONE;
}
