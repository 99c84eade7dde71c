/* One HTTP request as its handler sees it. */
#include "http/http.h"

#include "base/check.h"
#include "base/secret.h"
#include "http/inside.h"
#include "http/problem.h"

const char *http_method_name(enum http_method m)
{
    switch (m) {
#define METHOD(id)  \
    case HTTP_##id: \
        return #id;
#include "http/method.def"
#undef METHOD
    case HTTP_METHODS:
        break;
    }
    return "?";
}

bool http_method_read(bytes text, enum http_method *out)
{
    for (unsigned i = 0; i < HTTP_METHODS; i++) {
        if (!bytes_eq_text(text, http_method_name((enum http_method)i))) continue;
        *out = (enum http_method)i;
        return true;
    }
    return false;
}

bytes http_header(const struct http_request *rq, const char *name)
{
    const struct head_field *f =
        rq->inside ? head_field(&rq->inside->head, bytes_of_text(name)) : NULL;
    return f ? f->value : (bytes){0};
}

bytes http_argument(const struct http_request *rq, const char *name)
{
    const struct target_argument *a = target_argument(&rq->target, name);
    return a ? a->value : (bytes){0};
}

struct wr *http_text(struct http_request *rq, unsigned status, const char *type)
{
    struct http_answer *a = &rq->answer;
    if (a->body.p && a->secret) secret_wipe(a->body.p, a->body.n);
    wr_drop(&a->body);
    a->body = wr_growing_wiped(HTTP_ANSWER_MAX);
    a->status = status;
    a->type = type;
    a->stream = NULL;
    a->headers_n = 0;
    a->etag = NULL;
    a->secret = false;
    return &a->body;
}

struct wr *http_json(struct http_request *rq, unsigned status)
{
    return http_text(rq, status, "application/json; charset=UTF-8");
}

void http_empty(struct http_request *rq, unsigned status)
{
    (void)http_text(rq, status, NULL);
}

void http_stream(struct http_request *rq, unsigned status, const char *type, struct http_stream *s)
{
    (void)http_text(rq, status, type);
    rq->answer.stream = s;
}

void http_add_header(struct http_request *rq, const char *name, const char *value)
{
    struct http_answer *a = &rq->answer;
    CHECK(a->headers_n < HTTP_HEADERS_MAX);
    const char *copy = arena_text(&rq->call.arena, bytes_of_text(value));
    if (copy) a->headers[a->headers_n++] = (struct http_header){name, copy};
}

void http_suspend(struct http_request *rq)
{
    CHECK(rq->inside->state == INSIDE_RUNNING);
    rq->inside->state = INSIDE_WAITING;
}

void http_wait(struct http_request *rq, uint64_t ms)
{
    rq->inside->wait_ms = ms;
}

bytes http_network(const struct http_request *rq)
{
    const struct address *n = &rq->inside->network;
    return n->family == ADDRESS_NONE ? (bytes){0} : bytes_of(n->ip, sizeof n->ip);
}
