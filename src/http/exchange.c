#include "http/exchange.h"

#include "base/check.h"
#include "gate/gate.h"
#include "http/arrival.h"
#include "http/cookie.h"
#include "http/cors.h"
#include "http/credential.h"
#include "http/etag.h"
#include "http/http_link.h"
#include "http/problem.h"
#include "http/rate_limit.h"
#include "http/repeat.h"

#include <stdlib.h>
#include <urcu/urcu-memb.h>

enum { IDLE_ARENA_MAX = 64 << 10 };

struct whole {
    struct http_request rq;
    struct http_inside inside;
};

/* The last one that ended, with the memory of its call, or a new one. */
static struct whole *take_whole(struct http_door *d)
{
    struct whole *w = (struct whole *)(void *)d->idle;
    d->idle = NULL;
    if (!w) {
        w = calloc(1, sizeof *w);
        if (w) arena_init(&w->rq.call.arena, CALL_ARENA_MAX);
        return w;
    }
    const struct arena arena = w->rq.call.arena;
    *w = (struct whole){.rq.call.arena = arena};
    return w;
}

struct http_request *exchange_new(struct http_link *c)
{
    struct http_door *d = c->door;
    struct whole *w = take_whole(d);
    if (!w) return NULL;
    struct http_request *rq = &w->rq;
    rq->inside = &w->inside;
    rq->loop = d->loop;
    rq->gate = d->options.gate;
    rq->owner = d->options.owner;
    rq->method = HTTP_ANY;
    rq->call.door = d->options.socket ? CALL_SOCKET : CALL_HTTP;
    rq->call.now_ms = loop_now_utc_ms(d->loop);
    w->inside.door = d;
    w->inside.link = c;
    w->inside.body = wr_growing_wiped(HTTP_BODY_MAX);
    w->inside.forwarded = wr_growing(2 * HEAD_MAX);
    d->busy++;
    return rq;
}

void exchange_free(struct http_request *rq)
{
    struct whole *w = (struct whole *)(void *)rq;
    CHECK(w->inside.state != INSIDE_WAITING && !w->inside.sending.making);
    if (rq->drop) rq->drop(rq);
    wr_wipe(&w->inside.body);
    wr_drop(&w->inside.forwarded);
    wr_wipe(&w->inside.sending.piece);
    wr_wipe(&rq->answer.body);
    arena_wipe(&rq->call.arena, IDLE_ARENA_MAX);
    struct http_door *d = w->inside.door;
    d->busy--;
    if (d->draining) loop_flush_later(d->loop, &d->flush);
    struct http_request *before = d->idle;
    d->idle = rq;
    exchange_drop(before);
}

void exchange_drop(struct http_request *idle)
{
    if (!idle) return;
    arena_drop(&idle->call.arena);
    free((struct whole *)(void *)idle);
}

/* --- who --- */

/* Failures are counted under the network that they come from, and nothing else is: whoever presents
 * what is right is never refused for what others of its network presented. */
err http_count_failure(struct http_request *rq, err e)
{
    struct rate_limit *failures = rq->inside->door->options.failures;
    const bytes network = http_network(rq);
    if (!failures || network.n == 0) return e;
    if (rate_limit_pass(failures, network, loop_now_ms(rq->loop), &rq->inside->wait_ms))
        return e;
    rq->tell_note = false;
    rq->answer.close = true;
    return FAIL(TOO_MANY);
}

static err identify(struct http_request *rq)
{
    struct credential cred = {0};
    err e = credential_read(rq, &cred);
    if (err_is_ok(e)) e = gate_identify(rq->gate, &rq->call, &cred);
    if (!err_is_ok(e)) {
        return err_row(e)->class == ERR_CLASS_UNAUTHENTICATED ? http_count_failure(rq, e) : e;
    }
    return cred.kind == CREDENTIAL_SESSION ? cookie_check(rq, cred.session) : DONE;
}

/* What takes every method takes OPTIONS and unknown ones, too. */
static err find_route(struct http_request *rq)
{
    char allow[ROUTE_ALLOW_SIZE] = "";
    const err e = route_find(rq->inside->door->routes, rq, allow);
    if (!rq->route && rq->inside->options) return DONE;
    TRY(e);
    if (rq->route->who == HTTP_OPERATOR && rq->call.door != CALL_SOCKET) return FAIL(NO_ROUTE);
    return DONE;
}

/* A stranger's long body is not read. */
static err check_stranger(struct http_request *rq)
{
    const struct framing *f = &rq->inside->framing;
    if (!f->chunked && f->length <= HTTP_DOOR_STRANGER_BODY_MAX) return DONE;
    urcu_memb_read_lock();
    const err e = identify(rq);
    urcu_memb_read_unlock();
    return e;
}

/* The text is the link's and is gone with the turn. */
static err read_head(struct http_request *rq, bytes text, const struct head_scan *scan)
{
    struct http_inside *in = rq->inside;
    const bytes copy = arena_copy(&rq->call.arena, bytes_part(text, 0, scan->at));
    if (copy.n == 0) return FAIL(NO_MEMORY);
    return head_read(copy, scan, &rq->call.arena, &in->head, &rq->call.note);
}

static err begin(struct http_request *rq, bytes text, const struct head_scan *scan)
{
    const err e = read_head(rq, text, scan);
    arrival_name(rq);
    TRY(e);
    TRY(arrival_check(rq));
    rq->inside->route = find_route(rq);
    return check_stranger(rq);
}

void exchange_head(struct http_request *rq, bytes text, const struct head_scan *scan)
{
    const err e = begin(rq, text, scan);
    if (!err_is_ok(e)) exchange_refuse(rq, e);
}

void exchange_welcome(const struct http_request *rq, struct wr *out)
{
    const struct framing *f = &rq->inside->framing;
    if (f->expects && (f->chunked || f->length)) wr_text(out, "HTTP/1.1 100 Continue\r\n\r\n");
}

/* --- body --- */

static void take(struct http_inside *in, bytes part)
{
    in->body_seen += part.n;
    if (in->body_seen <= HTTP_BODY_MAX) wr_bytes(&in->body, part);
}

static enum chunks_got take_chunks(struct http_inside *in, bytes *rest)
{
    enum chunks_got got = CHUNKS_MORE;
    while (rest->n && got == CHUNKS_MORE) {
        bytes piece;
        got = chunks_take(&in->chunks, rest, &piece);
        take(in, piece);
        if (in->body_seen > HTTP_DOOR_DRAIN_BODY_MAX) return CHUNKS_TOO_BIG;
    }
    return got;
}

enum chunks_got exchange_body(struct http_request *rq, bytes *rest)
{
    struct http_inside *in = rq->inside;
    if (in->framing.chunked) return take_chunks(in, rest);
    const bytes part = bytes_part(*rest, 0, (size_t)in->framing.length - in->body_seen);
    *rest = bytes_part(*rest, part.n, rest->n);
    take(in, part);
    return in->body_seen == in->framing.length ? CHUNKS_END : CHUNKS_MORE;
}

/* --- routing and running --- */

bool exchange_count(struct http_request *rq, struct rate_limit *rate)
{
    const bytes caller = bytes_of_text(rq->call.who.name);
    return !rate || rate_limit_pass(rate, caller, loop_now_ms(rq->loop), &rq->inside->wait_ms);
}

/* The local operator has no limit. */
static err admit(struct http_request *rq)
{
    const struct http_door_options *o = &rq->inside->door->options;
    TRY(identify(rq));
    if (rq->call.who.kind == PRINCIPAL_PERSON && o->person_seen) o->person_seen(rq);
    if (rq->call.who.kind == PRINCIPAL_OPERATOR) return DONE;
    return exchange_count(rq, rq->route->who == HTTP_ASKER ? o->questions : o->rate)
               ? DONE
               : FAIL(TOO_MANY);
}

static err answer_options(struct http_request *rq)
{
    char allow[ROUTE_ALLOW_SIZE];
    if (!route_allowed(rq->inside->door->routes, &rq->target, allow)) return FAIL(NO_ROUTE);
    http_empty(rq, 204);
    http_add_header(rq, "Allow", allow);
    cors_preflight(rq, allow);
    return DONE;
}

static err answer_elsewhere(struct http_request *rq)
{
    const struct http_door_options *o = &rq->inside->door->options;
    const err none = rq->inside->route;
    if (none.code != ERR_NO_ROUTE || rq->method != HTTP_GET || !o->elsewhere) return none;
    urcu_memb_read_lock(); /* it looks at access lists, as handlers do */
    const err e = o->elsewhere(rq);
    urcu_memb_read_unlock();
    return e;
}

static err run_handler(struct http_request *rq)
{
    if (rq->inside->options && !rq->route) return answer_options(rq);
    if (!err_is_ok(rq->inside->route)) return answer_elsewhere(rq);
    urcu_memb_read_lock();
    err e = rq->route->who == HTTP_ANYBODY ? DONE : admit(rq);
    if (err_is_ok(e)) e = repeat_begin(rq);
    if (err_is_ok(e)) e = rq->route->run(rq);
    urcu_memb_read_unlock();
    return e;
}

static void finish_answer(struct http_request *rq, err e)
{
    const struct http_door_options *o = &rq->inside->door->options;
    if (o->token_seen) o->token_seen(rq, e);
    if (err_is_ok(e) && (rq->answer.status == 0 || rq->answer.body.bad || rq->call.arena.bad)) {
        e = FAIL(NO_MEMORY);
    }
    if (!err_is_ok(e)) problem_answer(rq, e);
    if (e.code == ERR_METHOD_NOT_ALLOWED) {
        char allow[ROUTE_ALLOW_SIZE];
        (void)route_allowed(rq->inside->door->routes, &rq->target, allow);
        http_add_header(rq, "Allow", allow);
    }
    etag_answer(rq);
    cors_answer(rq);
    repeat_end(rq, e);
    rq->inside->state = INSIDE_ANSWERED;
}

/* What is refused before it is whole: the two sides may disagree on where the next request begins, or
 * should not meet. A request that was read to its end is refused without a close, whatever its body
 * says (RFC 9112, section 9.3). */
void exchange_refuse(struct http_request *rq, err e)
{
    if (!rq->call.id[0]) arrival_name(rq);
    finish_answer(rq, e);
    rq->answer.close = true;
}

/* A body over the limit was read to its end, so that the client hears why; then the door closes. */
void exchange_run(struct http_request *rq)
{
    struct http_inside *in = rq->inside;
    in->state = INSIDE_RUNNING;
    const bool bodiless = rq->method == HTTP_GET || rq->method == HTTP_DELETE;
    if (!bodiless) rq->body = wr_view(&in->body);
    err e = in->body.bad ? FAIL(NO_MEMORY) : DONE;
    if (in->body_seen > HTTP_BODY_MAX) {
        e = FAIL(BODY_TOO_BIG);
        rq->answer.close = true;
    }
    if (err_is_ok(e)) e = run_handler(rq);
    CHECK(in->state == INSIDE_RUNNING || err_is_ok(e));
    if (in->state == INSIDE_RUNNING)
        finish_answer(rq, e);
    else
        in->door->waiting++;
}

void http_answer(struct http_request *rq, err e)
{
    struct http_door *d = rq->inside->door;
    CHECK(rq->inside->state == INSIDE_WAITING);
    d->waiting--;
    finish_answer(rq, e);
    http_link_later(rq->inside->link);
}

void http_continue(struct http_request *rq, err (*then)(struct http_request *rq))
{
    struct http_inside *in = rq->inside;
    CHECK(in->state == INSIDE_WAITING);
    in->state = INSIDE_RUNNING;
    rq->call.now_ms = loop_now_utc_ms(rq->loop);
    urcu_memb_read_lock();
    const err e = then(rq);
    urcu_memb_read_unlock();
    CHECK(in->state == INSIDE_RUNNING || err_is_ok(e));
    if (in->state != INSIDE_RUNNING) return;
    in->state = INSIDE_WAITING;
    http_answer(rq, e);
}
