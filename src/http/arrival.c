/* A request as it arrives: its name, its sender, and whether it may be read any further. */
#include "http/arrival.h"

#include "http/forwarded.h"
#include "http/request_id.h"
#include "http/strict.h"

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
    const struct inside_connection *link = rq->inside->link;
    if (rq->call.door == CALL_SOCKET) {
        snprintf(rq->call.peer, sizeof rq->call.peer, "uid=%u", (unsigned)link->uid);
        return;
    }
    rq->inside->peer =
        forwarded_find(&link->peer, wr_view(&rq->inside->forwarded), o->proxies, o->proxies_n);
    rq->inside->network = address_prefix(&rq->inside->peer, SOURCE_V4_BITS, SOURCE_V6_BITS);
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
    struct wr *list = &rq->inside->forwarded;
    if (list->n) wr_text(list, ",");
    wr_bytes(list, value);
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

err arrival_check(struct http_request *rq, const char *method, const char *version)
{
    name_request(rq);
    read_method(rq, method);
    const err framing = check_framing(rq, version);
    name_peer(rq);
    TRY(framing);
    TRY(check_header_size(rq));
    TRY(check_target(rq));
    return check_host(rq);
}
