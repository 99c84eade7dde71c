/* The store's outbox as the audit thread asks for it, until the store goes: audit is closed after it. */
#pragma once

#include "audit/audit.h"
#include "store/store.h"

#include <pthread.h>

struct outbox_port {
    pthread_mutex_t lock; /* initialised by whoever has it */
    struct store *store;  /* NULL: not yet, or no more */
};

void outbox_port_open(struct outbox_port *o, struct store *store);
/* Returns when nobody is reading; whoever asks later hears NOT_READY. */
void outbox_port_close(struct outbox_port *o);
/* `last`: the newest row ever given. */
struct audit_outbox outbox_port_for_audit(struct outbox_port *o, uint64_t last);
