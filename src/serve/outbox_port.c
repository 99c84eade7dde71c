#include "serve/outbox_port.h"

static err outbox_read(void *owner, uint64_t after_row, size_t max,
                       bool (*visit)(void *visitor, uint64_t row, bytes event_json), void *visitor)
{
    struct outbox_port *o = owner;
    pthread_mutex_lock(&o->lock);
    const err e = o->store ? store_outbox_read(o->store, after_row, max, visit, visitor) : FAIL(NOT_READY);
    pthread_mutex_unlock(&o->lock);
    return e;
}

static void outbox_done(void *owner, uint64_t up_to_row)
{
    struct outbox_port *o = owner;
    pthread_mutex_lock(&o->lock);
    if (o->store) store_outbox_done(o->store, up_to_row);
    pthread_mutex_unlock(&o->lock);
}

void outbox_port_open(struct outbox_port *o, struct store *store)
{
    pthread_mutex_lock(&o->lock);
    o->store = store;
    pthread_mutex_unlock(&o->lock);
}

void outbox_port_close(struct outbox_port *o)
{
    outbox_port_open(o, NULL);
}

struct audit_outbox outbox_port_for_audit(struct outbox_port *o, uint64_t last)
{
    return (struct audit_outbox){o, outbox_read, outbox_done, last};
}
