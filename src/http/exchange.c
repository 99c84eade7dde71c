/* One request from its first line to its answer: refused early or read whole, routed, identified,
 * run, perhaps waited for, sent. */
#include "http/exchange.h"

#include "base/check.h"
#include "base/secret.h"
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
#include "http/sending.h"

#include <jansson.h>
#include <stdlib.h>
#include <urcu/urcu-memb.h>

struct whole {
    struct http_request rq;
    struct http_inside inside;
};

struct http_request *exchange_new(struct http_door *d, struct inside_connection *link,
                                  struct MHD_Connection *c, const char *uri)
{
    struct whole *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    struct http_request *rq = &w->rq;
    rq->inside = &w->inside;
    rq->loop = d->loop;
    rq->gate = d->options.gate;
    rq->owner = d->options.owner;
    arena_init(&rq->call.arena, CALL_ARENA_MAX);
    rq->call.door = d->options.socket ? CALL_SOCKET : CALL_HTTP;
    rq->call.now_ms = loop_now_utc_ms(d->loop);
    w->inside.connection = c;
    w->inside.door = d;
    w->inside.link = link;
    w->inside.body = wr_growing(HTTP_BODY_MAX);
    w->inside.forwarded = wr_growing(2 * HTTP_DOOR_HEADER_MAX);
    const bytes copy =
        arena_copy(&rq->call.arena, bytes_part(bytes_of_text(uri), 0, TARGET_MAX + 1));
    w->inside.target = target_read(copy, &rq->call.arena, &rq->target);
    d->busy++;
    return rq;
}

static void wipe_and_drop(struct wr *w)
{
    if (w->p) secret_wipe(w->p, w->n);
    wr_drop(w);
}

void exchange_free(struct http_request *rq)
{
    struct whole *w = (struct whole *)(void *)rq;
    CHECK(w->inside.state != INSIDE_WAITING);
    if (rq->drop) rq->drop(rq);
    json_decref(rq->json);
    wipe_and_drop(&w->inside.body);
    wr_drop(&w->inside.forwarded);
    wipe_and_drop(&rq->answer.body);
    arena_drop(&rq->call.arena);
    struct http_door *d = w->inside.door;
    d->busy--;
    if (d->draining) loop_flush_later(d->loop, &d->flush);
    free(w);
}

/* --- who --- */

/* Failures are counted under the network that they come from, and nothing else is: whoever presents
 * what is right is never refused for what others of its network presented. */
static err count_failure(struct http_request *rq, err e)
{
    struct rate_limit *failures = rq->inside->door->options.failures;
    const bytes network = http_network(rq);
    if (!failures || network.n == 0) return e;
    if (err_row(e)->class != ERR_CLASS_UNAUTHENTICATED) return e;
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
    if (!err_is_ok(e)) return count_failure(rq, e);
    return cred.kind == CREDENTIAL_SESSION ? cookie_check(rq, cred.session) : DONE;
}

static err find_route(struct http_request *rq)
{
    char allow[ROUTE_ALLOW_SIZE] = "";
    if (route_find_any(rq->inside->door->options.routes, rq)) return DONE;
    if (rq->inside->options) return DONE;
    if (!rq->inside->method_known) return FAIL(METHOD_NOT_ALLOWED);
    const err e = route_find(rq->inside->door->options.routes, rq, allow);
    if (!err_is_ok(e)) return e;
    if (rq->route->who == HTTP_OPERATOR && rq->call.door != CALL_SOCKET) return FAIL(NO_ROUTE);
    return DONE;
}

/* A stranger's long body is not read. */
static err check_stranger(struct http_request *rq)
{
    if (rq->inside->length <= HTTP_DOOR_STRANGER_BODY_MAX) return DONE;
    urcu_memb_read_lock();
    const err e = identify(rq);
    urcu_memb_read_unlock();
    return e;
}

static err begin(struct http_request *rq, const char *method, const char *version)
{
    TRY(arrival_check(rq, method, version));
    rq->inside->route = find_route(rq);
    return check_stranger(rq);
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
    if (!route_allowed(rq->inside->door->options.routes, &rq->target, allow)) return FAIL(NO_ROUTE);
    http_empty(rq, 204);
    http_add_header(rq, "Allow", allow);
    cors_preflight(rq, allow);
    return DONE;
}

static err run_handler(struct http_request *rq)
{
    if (rq->inside->options && !rq->route) return answer_options(rq);
    TRY(rq->inside->route);
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
        (void)route_allowed(rq->inside->door->options.routes, &rq->target, allow);
        http_add_header(rq, "Allow", allow);
    }
    etag_answer(rq);
    cors_answer(rq);
    repeat_end(rq, e);
    rq->inside->state = INSIDE_ANSWERED;
}

/* A body over the limit was read to its end, so that the client hears why; then the door closes. */
static void run(struct http_request *rq)
{
    struct http_inside *in = rq->inside;
    in->state = INSIDE_RUNNING;
    loop_stop_timer(rq->loop, &in->link->deadline);
    const bool bodiless = rq->method == HTTP_GET || rq->method == HTTP_DELETE;
    if (!bodiless) rq->body = wr_view(&in->body);
    const err e = in->body_seen > HTTP_BODY_MAX ? FAIL(BODY_TOO_BIG) : run_handler(rq);
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
    MHD_resume_connection(rq->inside->connection);
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

/* --- the library's callback --- */

static enum MHD_Result refuse(struct http_request *rq, err e)
{
    finish_answer(rq, e);
    rq->answer.close = true;
    return sending_begin(rq);
}

static enum MHD_Result take_body(struct http_request *rq, const char *data, size_t *data_n)
{
    struct http_inside *in = rq->inside;
    in->body_seen += *data_n;
    if (in->body_seen <= HTTP_BODY_MAX) wr_bytes(&in->body, bytes_of(data, *data_n));
    *data_n = 0;
    return in->body_seen <= HTTP_DOOR_DRAIN_BODY_MAX ? MHD_YES : MHD_NO;
}

enum MHD_Result exchange_step(struct http_request *rq, const char *method, const char *version,
                              const char *data, size_t *data_n)
{
    struct http_inside *in = rq->inside;
    if (in->state == INSIDE_NEW) {
        const err e = begin(rq, method, version);
        in->state = INSIDE_READING;
        return err_is_ok(e) ? MHD_YES : refuse(rq, e);
    }
    if (in->state == INSIDE_READING && *data_n) return take_body(rq, data, data_n);
    if (in->state == INSIDE_READING) run(rq);
    if (in->state == INSIDE_WAITING) {
        MHD_suspend_connection(in->connection);
        return MHD_YES;
    }
    return in->state == INSIDE_ANSWERED ? sending_begin(rq) : MHD_NO;
}
