/* Pages of other origins that may ask: compared byte for byte with the list, for browsers send
 * origins in one spelling. */
#include "http/cors.h"

#include "http/inside.h"

static const struct http_door_options *options_of(const struct http_request *rq)
{
    return &rq->inside->door->options;
}

/* NULL: it may not. */
static const char *allowed(struct http_request *rq)
{
    const struct http_door_options *o = options_of(rq);
    const bytes origin = http_header(rq, "Origin");
    for (size_t i = 0; origin.n && i < o->origins_n; i++) {
        if (bytes_eq_text(o->origins[i], "*")) return "*";
        if (bytes_eq(o->origins[i], origin)) return arena_text(&rq->call.arena, origin);
    }
    return NULL;
}

void cors_answer(struct http_request *rq)
{
    if (options_of(rq)->origins_n == 0) return;
    const char *origin = allowed(rq);
    http_add_header(rq, "Vary", "Origin");
    if (!origin) return;
    http_add_header(rq, "Access-Control-Allow-Origin", origin);
    http_add_header(rq, "Access-Control-Expose-Headers",
                    "ETag, Link, Retry-After, X-Latchkey-Total, X-Request-Id");
}

void cors_preflight(struct http_request *rq, const char *allow)
{
    if (http_header(rq, "Access-Control-Request-Method").n == 0 || !allowed(rq)) return;
    http_add_header(rq, "Access-Control-Allow-Methods", allow);
    http_add_header(rq, "Access-Control-Allow-Headers",
                    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
                    "X-Request-Id");
    http_add_header(rq, "Access-Control-Max-Age", "600");
}
