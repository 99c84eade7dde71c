/* One request from its first line to its answer: refused early or read whole, routed, identified,
 * run, perhaps waited for, sent. */
#include "http/exchange.h"

#include "base/check.h"
#include "base/hex.h"
#include "base/random.h"
#include "base/secret.h"
#include "gate/gate.h"
#include "http/cors.h"
#include "http/credential.h"
#include "http/etag.h"
#include "http/forwarded.h"
#include "http/http_link.h"
#include "http/problem.h"
#include "http/rate_limit.h"
#include "http/repeat.h"
#include "http/sending.h"
#include "http/strict.h"

#include <jansson.h>
#include <stdio.h>
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
    wipe_and_drop(&rq->answer.body);
    arena_drop(&rq->call.arena);
    struct http_door *d = w->inside.door;
    d->busy--;
    if (d->draining) loop_flush_later(d->loop, &d->flush);
    free(w);
}

/* --- before routing --- */

static bool is_request_id(bytes id)
{
    if (id.n == 0 || id.n > CALL_ID_MAX) return false;
    for (size_t i = 0; i < id.n; i++) {
        const uint8_t c = id.p[i];
        const uint8_t letter = (uint8_t)(c | 0x20);
        const bool ok = (c >= '0' && c <= '9') || (letter >= 'a' && letter <= 'z') || c == '.' ||
                        c == '_' || c == '-';
        if (!ok) return false;
    }
    return true;
}

static void name_request(struct http_request *rq)
{
    const bytes theirs = http_header(rq, "X-Request-Id");
    if (is_request_id(theirs)) {
        memcpy(rq->call.id, theirs.p, theirs.n);
        rq->call.id[theirs.n] = 0;
        return;
    }
    uint8_t random[12];
    random_fill_small(random, sizeof random);
    hex_write(bytes_of(random, sizeof random), rq->call.id);
    rq->call.id[2 * sizeof random] = 0;
}

/* What the audit, limits and access lists see. */
static void name_peer(struct http_request *rq)
{
    const struct http_door_options *o = &rq->inside->door->options;
    const struct inside_connection *link = rq->inside->link;
    if (rq->call.door == CALL_SOCKET) {
        snprintf(rq->call.peer, sizeof rq->call.peer, "uid=%u", (unsigned)link->uid);
        return;
    }
    rq->inside->peer =
        forwarded_find(&link->peer, rq->inside->forwarded, o->proxies, o->proxies_n);
    address_write_ip(&rq->inside->peer, rq->call.peer);
}

/* What a request's header says, gathered in one pass. */
struct header {
    struct strict strict;
    struct http_request *rq;
};

/* Every field of this name counts: a proxy may add its own after one that the client made up. */
static void see_forwarded(struct http_request *rq, bytes value)
{
    const bytes former = rq->inside->forwarded;
    const char *joined =
        arena_format(&rq->call.arena, "%.*s,%.*s", BYTES_FMT(former), BYTES_FMT(value));
    rq->inside->forwarded = bytes_of_text(joined);
}

static enum MHD_Result see_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                  size_t name_n, const char *value, size_t value_n)
{
    struct header *h = cls;
    const bytes key = bytes_of(name, name_n);
    const bytes text = bytes_of(value, value ? value_n : 0);
    (void)kind;
    strict_see(&h->strict, key, text);
    const bool behind = h->rq->inside->door->options.proxies_n > 0;
    if (behind && bytes_eq_nocase(key, BYTES("X-Forwarded-For"))) see_forwarded(h->rq, text);
    return MHD_YES;
}

static err check_framing(struct http_request *rq, const char *version)
{
    struct header h = {.rq = rq};
    strict_begin(&h.strict, version);
    (void)MHD_get_connection_values_n(rq->inside->connection, MHD_HEADER_KIND, see_header, &h);
    TRY(strict_judge(&h.strict, HTTP_DOOR_DRAIN_BODY_MAX, &rq->inside->length, &rq->call.note));
    if (h.strict.codings) rq->inside->length = HTTP_BODY_MAX;
    return DONE;
}

static err check_header_size(struct http_request *rq)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(rq->inside->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (!i || i->header_size <= HTTP_DOOR_HEADER_MAX) return DONE;
    return note_fail(&rq->call.note, FAIL(HEADER_TOO_BIG), "header over %d bytes",
                     HTTP_DOOR_HEADER_MAX);
}

/* Without the port, for that changes behind proxies. */
static bytes host_name(bytes host)
{
    size_t n = host.n;
    while (n > 0 && host.p[n - 1] >= '0' && host.p[n - 1] <= '9')
        n--;
    const bool port = n > 0 && n < host.n && host.p[n - 1] == ':';
    return port ? bytes_part(host, 0, n - 1) : host;
}

static err check_host(struct http_request *rq)
{
    const struct http_door_options *o = &rq->inside->door->options;
    const bytes host = host_name(http_header(rq, "Host"));
    if (o->socket || o->hosts_n == 0) return DONE;
    for (size_t i = 0; i < o->hosts_n; i++) {
        if (bytes_eq_nocase(o->hosts[i], host)) return DONE;
    }
    return FAIL(HOST_NOT_ALLOWED);
}

static bool looks_like_token(const struct http_request *rq, bytes value)
{
    const struct http_door_options *o = &rq->inside->door->options;
    for (size_t i = 0; i < o->prefixes_n; i++) {
        if (bytes_has_prefix(value, o->prefixes[i])) return true;
    }
    return bytes_has_prefix(value, BYTES("AstraCS:"));
}

static err check_target(struct http_request *rq)
{
    if (!err_is_ok(rq->inside->target)) {
        return note_fail(&rq->call.note, rq->inside->target, "%s",
                         rq->inside->target.code == ERR_TARGET_TOO_LONG
                             ? err_text(rq->inside->target)
                             : "malformed request target");
    }
    for (size_t i = 0; i < rq->target.arguments_n; i++) {
        if (!looks_like_token(rq, rq->target.arguments[i].value) &&
            !looks_like_token(rq, rq->target.arguments[i].name))
            continue;
        return note_fail(
            &rq->call.note, FAIL(BAD_INPUT),
            "a token does not belong into a query string; delete that token, it is in logs now");
    }
    return DONE;
}

static void read_method(struct http_request *rq, const char *method)
{
    rq->head = strcmp(method, "HEAD") == 0;
    rq->inside->options = strcmp(method, "OPTIONS") == 0;
    const bytes name = rq->head ? BYTES("GET") : bytes_of_text(method);
    rq->method = HTTP_ANY;
    rq->inside->method_known = http_method_read(name, &rq->method);
}

/* Failures are counted under the network that they come from, and nothing else is: whoever presents
 * what is right is never refused for what others of its network presented. */
static err count_failure(struct http_request *rq, err e)
{
    struct rate_limit *failures = rq->inside->door->options.failures;
    const struct address network =
        address_prefix(&rq->inside->peer, SOURCE_V4_BITS, SOURCE_V6_BITS);
    if (!failures || network.family == ADDRESS_NONE) return e;
    if (err_row(e)->class != ERR_CLASS_UNAUTHENTICATED) return e;
    if (rate_limit_pass(failures, bytes_of(network.ip, sizeof network.ip), loop_now_ms(rq->loop),
                        &rq->inside->wait_ms))
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
    return err_is_ok(e) ? e : count_failure(rq, e);
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
    name_request(rq);
    read_method(rq, method);
    const err framing = check_framing(rq, version);
    name_peer(rq);
    TRY(framing);
    TRY(check_header_size(rq));
    TRY(check_target(rq));
    TRY(check_host(rq));
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
