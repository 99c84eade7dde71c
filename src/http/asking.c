/* What questions need of the door. */
#include "http/asking.h"

#include "http/exchange.h"
#include "http/forwarded.h"

bool asking_is_from_proxy(const struct http_request *rq)
{
    const struct http_door_options *o = &rq->inside->door->options;
    return forwarded_is_proxy(&rq->inside->link->peer, o->proxies, o->proxies_n);
}

err asking_header(struct http_request *rq, const char *name, bytes *out)
{
    const struct head *h = &rq->inside->head;
    *out = (bytes){0};
    for (size_t i = 0, n = 0; i < h->fields_n; i++) {
        if (!bytes_eq_nocase(h->fields[i].name, bytes_of_text(name))) continue;
        if (++n > 1) return note_fail(&rq->call.note, FAIL(BAD_INPUT), "several %s fields", name);
        *out = h->fields[i].value;
    }
    return DONE;
}

bool asking_passes(struct http_request *rq)
{
    return exchange_count(rq, rq->inside->door->options.questions);
}
