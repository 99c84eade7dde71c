/* Copies of requests, counted with their session so that neither outlives the other. */
#include "gateway/park.h"

#include <stdlib.h>
#include <urcu/urcu-memb.h>

err park_add(const struct envelope *e, struct list *on)
{
    struct gateway_worker *w = session_worker(e->session);
    if (w->parked >= LIMIT_PARKED) return FAIL(TOO_MANY);
    if (w->parked_bytes + e->message.n > LIMIT_PARKED_BYTES) return FAIL(TOO_MANY);
    struct parked *p = malloc(sizeof *p + e->message.n);
    if (!p) return FAIL(NO_MEMORY);
    *p = (struct parked){.session = e->session,
                         .head = e->head,
                         .attempts = e->attempts,
                         .reloaded = e->reloaded,
                         .unread = e->unread,
                         .counted = e->counted,
                         .keyspace_n = (uint8_t)e->keyspace.n,
                         .message_n = (uint32_t)e->message.n};
    if (e->keyspace.n) memcpy(p->keyspace, e->keyspace.p, e->keyspace.n);
    if (e->message.n) memcpy(p->message, e->message.p, e->message.n);
    list_add_last(on, &p->link);
    session_took(e->session, p->message_n);
    w->parked++;
    w->parked_bytes += p->message_n;
    return DONE;
}

void park_drop(struct parked *p)
{
    session_worker(p->session)->parked--;
    session_worker(p->session)->parked_bytes -= p->message_n;
    list_remove(&p->link);
    session_gave(p->session, p->message_n);
    free(p);
}

static enum envelope_fate handle(struct envelope *e)
{
    urcu_memb_read_lock();
    const enum envelope_fate fate = session_handle(e);
    urcu_memb_read_unlock();
    return fate;
}

void park_resume(struct parked *p, struct upstream *pinned)
{
    struct session *s = p->session;
    if (s->state.state == SESSION_READY) {
        struct envelope e = {.session = s,
                             .head = p->head,
                             .message = bytes_of(p->message, p->message_n),
                             .keyspace = bytes_of(p->keyspace, p->keyspace_n),
                             .pinned = pinned,
                             .attempts = (uint8_t)(p->attempts + 1),
                             .reloaded = p->reloaded,
                             .unread = p->unread,
                             .counted = p->counted};
        if (e.attempts > LIMIT_ATTEMPTS) {
            session_refuse(s, p->head.stream, FAIL(TIMED_OUT), NULL);
        } else if (handle(&e) == ENVELOPE_WAITS) {
            list_remove(&p->link);
            list_add_last(&s->lane->parked, &p->link);
            return;
        }
    }
    park_drop(p);
}
