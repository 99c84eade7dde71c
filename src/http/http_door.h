/* A door of the HTTP kind: a listening socket on one loop, and HTTP/1.1 behind it, plain or under TLS.
 * Everything runs on that loop. */
#pragma once

#include "http/route.h"
#include "http/site.h"
#include "net/address.h"

struct once;
struct rate_limit;
struct share;

enum {
    HTTP_DOOR_READ_MS = 10000, /* from the first byte of a request to its last */
    HTTP_DOOR_KEEP_MS = 75000, /* between two requests */
    HTTP_DOOR_STILL_MS = 60000, /* to write anything of an answer */
    HTTP_DOOR_DRAIN_BODY_MAX =
        8 << 20, /* of a body over the limit that is read before it is refused */
    HTTP_DOOR_STRANGER_BODY_MAX = 16 << 10, /* longer ones only from identified callers */
    HTTP_DOOR_PER_SOURCE = 256,             /* connections of one address */
    HTTP_DOOR_PROXIES_MAX = 32,
    HTTP_DOOR_HOSTS_MAX = 32,
    HTTP_DOOR_ORIGINS_MAX = 32,
    HTTP_DOOR_PREFIXES_MAX = 8
};

#define HTTP_HSTS_NAME "Strict-Transport-Security"
#define HTTP_HSTS_VALUE "max-age=31536000"

enum http_tls_minimum { HTTP_TLS_1_2, HTTP_TLS_1_3 };

/* Copied, but for what the pointers lead to, which must outlive the door. */
struct http_door_options {
    const struct http_routes *routes;
    void *owner; /* given to the handlers as rq->owner */
    struct gate *gate;
    bool tls; /* with the certificate of http/http_tls.h */
    enum http_tls_minimum tls_minimum;
    struct rate_limit *rate;     /* of requests a caller; NULL: none */
    struct rate_limit *questions; /* of questions a token; NULL: none */
    struct rate_limit *failures; /* of failed identifications a network; NULL: none */
    struct share *share;         /* of the work threads' queue; NULL: as it comes */
    struct once *once;           /* answers held for Idempotency-Keys; NULL: the field is ignored */
    size_t connections_max;
    bytes hosts[HTTP_DOOR_HOSTS_MAX]; /* Host values that are answered, without port; none: any */
    size_t hosts_n;
    struct cidr proxies[HTTP_DOOR_PROXIES_MAX]; /* whose X-Forwarded-For is believed */
    size_t proxies_n;
    bytes origins[HTTP_DOOR_ORIGINS_MAX]; /* of pages that may ask, "*" for all; none: no CORS */
    size_t origins_n;
    bytes prefixes[HTTP_DOOR_PREFIXES_MAX]; /* of tokens: what begins so is refused in queries */
    size_t prefixes_n;
    struct http_site site; /* for signed-in browsers */
    err (*elsewhere)(struct http_request *rq); /* answers a GET of what no row has, or NO_ROUTE; or NULL */
    void (*person_seen)(struct http_request *rq); /* one of them asks something; or NULL */
    void (*token_seen)(struct http_request *rq, err e); /* whoever asked has been answered so; or NULL */
    bool socket;         /* a UNIX socket: callers are the local operator */
    uint32_t socket_uid; /* the uid besides 0 that may connect to it */
};

/* `fd` is listening (net/listen.h) and the door's from here on, even when this fails. Called before
 * the loop runs, or on its thread. IO, NO_MEMORY. */
MUST err http_door_open(struct loop *l, const struct http_door_options *options, int fd,
                        struct http_door **out);
/* Accepts nobody any more, closes idle connections and calls `done` on the loop when no request is
 * under way. */
void http_door_drain(struct http_door *d, void *owner, void (*done)(void *owner));
/* On the loop's thread, or after it; requests that wait are waited for, connections are cut. Drain
 * first to be polite. */
void http_door_free(struct http_door *d);
/* Requests that are being read, answered or waited for. */
size_t http_door_busy(const struct http_door *d);
