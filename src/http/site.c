/* Where browsers find this door. */
#include "http/site.h"

#include "http/inside.h"

const struct http_site *site_of(const struct http_request *rq)
{
    return &rq->inside->door->options.site;
}

err site_check(struct http_request *rq)
{
    const struct http_site *s = site_of(rq);
    const bytes origin = http_header(rq, "Origin");
    for (size_t i = 0; i < s->origins_n; i++) {
        if (bytes_eq(s->origins[i], origin)) return DONE;
    }
    if (s->origins_n == 0) {
        return note_fail(&rq->call.note, FAIL(CROSS_SITE), SITE_NO_SIGN_IN);
    }
    return note_fail(&rq->call.note, FAIL(CROSS_SITE),
                     "the request's Origin is not this daemon's own address, %.*s (public-url)",
                     BYTES_FMT(s->base));
}
