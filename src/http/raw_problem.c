/* Refusals of what never became a request: a whole answer in one write, in the shape of all others.
 * Nobody waits for it: a connection that takes no more than that is cut without a word. */
#include "http/raw_problem.h"

#include "base/log.h"
#include "base/metric.h"
#include "http/problem.h"
#include "http/request_id.h"

#include <gnutls/gnutls.h>

enum { RAW_PROBLEM_SIZE = 1024, RAW_PROBLEM_UNREAD_MAX = 256 << 10 };

struct raw {
    unsigned status;
    const char *line;
    const char *message;
};

static struct raw raw_of(unsigned status)
{
    switch (status) {
    case 408:
        return (struct raw){408, "408 Request Timeout", "the request did not come in time"};
    case 413:
        return (struct raw){413, "413 Content Too Large", "body over the size limit"};
    case 414:
        return (struct raw){414, "414 URI Too Long", "request target over the size limit"};
    case 431:
        return (struct raw){431, "431 Request Header Fields Too Large",
                            "header over the size limit"};
    case 500:
        return (struct raw){500, "500 Internal Server Error", "internal error"};
    case 505:
        return (struct raw){400, "400 Bad Request", "unknown HTTP version"};
    default:
        return (struct raw){400, "400 Bad Request", "the request is not well-formed HTTP/1.1"};
    }
}

static void write_header(struct wr *w, const struct raw *r, const char *id, bool tls,
                         size_t body_n)
{
    wr_format(w, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n", r->line, body_n);
    wr_format(w, "X-Request-Id: %s\r\nContent-Type: application/json; charset=UTF-8\r\n", id);
#define HEADER(name, value) wr_text(w, name ": " value "\r\n");
#include "http/answer_header.def"
#undef HEADER
    if (tls) wr_text(w, HTTP_HSTS_NAME ": " HTTP_HSTS_VALUE "\r\n");
    wr_text(w, "\r\n");
}

static void send_bytes(const struct inside_connection *c, bytes b)
{
    if (c->door->options.tls) {
        const union MHD_ConnectionInfo *i =
            MHD_get_connection_info(c->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
        if (i) (void)gnutls_record_send(i->tls_session, b.p, b.n);
    } else {
        (void)send(c->fd, b.p, b.n, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
}

/* What is left unread at a close makes the system take the answer back. */
static void drop_unread(const struct inside_connection *c)
{
    uint8_t nowhere[4096];
    for (size_t n = 0; n < RAW_PROBLEM_UNREAD_MAX; n += sizeof nowhere) {
        if (recv(c->fd, nowhere, sizeof nowhere, MSG_DONTWAIT) <= 0) return;
    }
}

void raw_problem_send(struct inside_connection *c, unsigned status)
{
    char text[RAW_PROBLEM_SIZE];
    char body[256];
    char id[CALL_ID_MAX + 1];
    char peer[ADDRESS_TEXT_SIZE];
    const struct raw r = raw_of(status);
    struct wr w = wr_fixed(text, sizeof text);
    struct wr b = wr_fixed(body, sizeof body);
    wr_format(&b, "{\"errors\":[{\"ID\":%u,\"message\":\"%s\"}]}", PROBLEM_OURS + r.status,
              r.message);
    request_id_new(id);
    address_write_ip(&c->peer, peer);
    write_header(&w, &r, id, c->door->options.tls, b.n);
    wr_bytes(&w, wr_view(&b));
    if (!w.bad && !b.bad) send_bytes(c, wr_view(&w));
    drop_unread(c);
    (void)shutdown(c->fd, SHUT_WR);
    metric_add(METRIC_HTTP_REQUESTS, 1);
    log_line(LOG_DEBUG, "http_refused", "id=%s peer=%s status=%u note=\"%s\"", id, peer, r.status,
             r.message);
}
