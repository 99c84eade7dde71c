/* Changes of schema only: addresses of nodes are nobody's business behind a gateway. */
#include "gateway/announce.h"

#include "cql/request.h"
#include "gateway/nodes.h"

#include <urcu/urcu-memb.h>

enum envelope_fate announce_register(struct envelope *e)
{
    struct session *s = e->session;
    uint8_t events;
    const err bad = request_read_register(e->message, &events);
    if (!err_is_ok(bad)) {
        session_refuse(s, e->head.stream, bad, NULL);
        return ENVELOPE_DONE;
    }
    s->events |= events;
    if ((s->events & REQUEST_EVENT_SCHEMA) && list_is_empty(&s->registered)) {
        list_add_last(&s->door->registered, &s->registered);
    }
    response_write_ready(session_out(s), envelope_to(e));
    return ENVELOPE_DONE;
}

static bool may_hear(struct session *s, const struct response_schema_change *c)
{
    const bool table = c->target == RESPONSE_TARGET_TABLE;
    return gate_session_sees(session_worker(s)->gate, &s->gate, c->keyspace,
                             table ? c->name : (bytes){0});
}

void announce_tell(struct worker_door *door, const struct response_event *event)
{
    if (event->type == RESPONSE_EVENT_STATUS && bytes_eq(event->change, BYTES("UP"))) {
        nodes_hurry(door, event->address);
    }
    if (event->type != RESPONSE_EVENT_SCHEMA) return;
    urcu_memb_read_lock();
    for (struct list *at = door->registered.next; at != &door->registered; at = at->next) {
        struct session *s = LIST_OF(at, struct session, registered);
        if (s->state.state == SESSION_READY && may_hear(s, &event->schema)) {
            response_write_event(session_out(s), s->version, event);
        }
    }
    urcu_memb_read_unlock();
}
