/* What questions need of the door. */
#include "http/asking.h"

#include "http/exchange.h"
#include "http/forwarded.h"

bool asking_is_from_proxy(const struct http_request *rq)
{
    const struct http_door_options *o = &rq->inside->door->options;
    return forwarded_is_proxy(&rq->inside->link->peer, o->proxies, o->proxies_n);
}

struct search {
    bytes name;
    bytes value;
    size_t n;
};

static enum MHD_Result see(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_n,
                           const char *value, size_t value_n)
{
    struct search *s = cls;
    (void)kind;
    if (!bytes_eq_nocase(bytes_of(name, name_n), s->name)) return MHD_YES;
    s->value = bytes_of(value, value ? value_n : 0);
    s->n++;
    return MHD_YES;
}

err asking_header(struct http_request *rq, const char *name, bytes *out)
{
    struct search s = {.name = bytes_of_text(name)};
    (void)MHD_get_connection_values_n(rq->inside->connection, MHD_HEADER_KIND, see, &s);
    if (s.n > 1) return note_fail(&rq->call.note, FAIL(BAD_INPUT), "several %s fields", name);
    *out = s.value;
    return DONE;
}

bool asking_passes(struct http_request *rq)
{
    return exchange_count(rq, rq->inside->door->options.questions);
}
