/* A request as it arrives: its name, its sender, and whether it may be read any further. */
#include "http/arrival.h"

#include "http/forwarded.h"
#include "http/request_id.h"

#include <stdio.h>

static void name_request(struct http_request *rq)
{
    const bytes theirs = http_header(rq, "X-Request-Id");
    if (!request_id_is_good(theirs)) {
        request_id_new(rq->call.id);
        return;
    }
    memcpy(rq->call.id, theirs.p, theirs.n);
    rq->call.id[theirs.n] = 0;
}

/* What the audit, limits and access lists see. */
static void name_peer(struct http_request *rq)
{
    const struct http_door_options *o = &rq->inside->door->options;
    const struct http_link *link = rq->inside->link;
    if (rq->call.door == CALL_SOCKET) {
        snprintf(rq->call.peer, sizeof rq->call.peer, "uid=%u", (unsigned)link->uid);
        return;
    }
    rq->inside->peer =
        forwarded_find(&link->peer, wr_view(&rq->inside->forwarded), o->proxies, o->proxies_n);
    rq->inside->network = address_prefix(&rq->inside->peer, SOURCE_V4_BITS, SOURCE_V6_BITS);
    address_write_ip(&rq->inside->peer, rq->call.peer);
}

/* Every field counts: a proxy may add its own after one that the client made up. */
static void read_forwarded(struct http_request *rq)
{
    const struct head *h = &rq->inside->head;
    struct wr *list = &rq->inside->forwarded;
    if (rq->inside->door->options.proxies_n == 0) return;
    for (size_t i = 0; i < h->fields_n; i++) {
        if (!bytes_eq_nocase(h->fields[i].name, BYTES("X-Forwarded-For"))) continue;
        if (list->n) wr_text(list, ",");
        wr_bytes(list, h->fields[i].value);
    }
}

void arrival_name(struct http_request *rq)
{
    name_request(rq);
    read_forwarded(rq);
    name_peer(rq);
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

static void read_method(struct http_request *rq)
{
    const bytes method = rq->inside->head.method;
    rq->head = bytes_eq(method, BYTES("HEAD"));
    rq->inside->options = bytes_eq(method, BYTES("OPTIONS"));
    rq->method = HTTP_ANY;
    rq->inside->method_known = http_method_read(rq->head ? BYTES("GET") : method, &rq->method);
}

err arrival_check(struct http_request *rq)
{
    struct http_inside *in = rq->inside;
    in->target = target_read(bytes_part(in->head.target, 0, TARGET_MAX + 1), &rq->call.arena,
                             &rq->target);
    read_method(rq);
    if (in->forwarded.bad) return FAIL(NO_MEMORY);
    TRY(framing_read(&in->head, HTTP_DOOR_DRAIN_BODY_MAX, &in->framing, &rq->call.note));
    TRY(check_target(rq));
    return check_host(rq);
}
