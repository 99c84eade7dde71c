/* The server keys, for the local operator alone. */
#include "api/api_call.h"
#include "api/routes.h"
#include "http/http_work.h"

static err run_list(struct http_request *rq)
{
    const struct api_ports *p = &api_of(rq)->ports;
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_array(&j);
    TRY(p->keys(p->owner, &j, &rq->call.note));
    json_out_end(&j);
    return DONE;
}

err operator_keys(struct http_request *rq)
{
    if (!api_of(rq)->ports.keys) return FAIL(NOT_READY);
    return http_work(rq, api_of(rq)->work, run_list);
}

static err run_rotate(struct http_request *rq)
{
    const struct api_ports *p = &api_of(rq)->ports;
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    TRY(p->key_rotate(p->owner, &rq->call, &j, &rq->call.note));
    json_out_end(&j);
    return DONE;
}

err operator_key_rotate(struct http_request *rq)
{
    rq->tell_note = true;
    if (!api_of(rq)->ports.key_rotate) return FAIL(NOT_READY);
    return http_work(rq, api_of(rq)->work, run_rotate);
}

/* 0: no number of a key. */
static uint16_t read_key_id(bytes text)
{
    uint32_t n = 0;
    if (text.n == 0 || text.n > 5) return 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') return 0;
        n = n * 10 + (uint32_t)(text.p[i] - '0');
    }
    return n <= UINT16_MAX ? (uint16_t)n : 0;
}

static err run_retire(struct http_request *rq)
{
    const struct api_ports *p = &api_of(rq)->ports;
    const bool force = bytes_eq_text(http_argument(rq, "force"), "true");
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    TRY(p->key_retire(p->owner, &rq->call, read_key_id(rq->params[0]), force, &j, &rq->call.note));
    json_out_end(&j);
    return DONE;
}

err operator_key_retire(struct http_request *rq)
{
    rq->tell_note = true;
    if (!read_key_id(rq->params[0])) return FAIL(NOT_FOUND);
    if (!api_of(rq)->ports.key_retire) return FAIL(NOT_READY);
    return http_work(rq, api_of(rq)->work, run_retire);
}
