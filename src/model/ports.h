/* Ports: function tables that serve fills, so that a room can ask for what it may not include. */
#pragma once

#include "base/wr.h"
#include "model/call.h"
#include "model/change.h"

/* What happened, for the audit trail; the names are rows of audit/event.def. */
struct event_draft {
    const char *name;         /* "token.create" */
    const char *outcome;      /* "done", "refused", "failed" */
    struct principal who;
    char call_id[CALL_ID_MAX + 1];
    char peer[CALL_PEER_MAX];
    struct uuid scope;
    bytes subject;            /* what it was done to: a client id, role id, database id */
    bytes detail;             /* one JSON object as text, without secrets; or empty */
};

/* Through the bounded buffer: never waits, losses are counted (decisions 5.2). */
struct event_sink {
    void *owner;
    void (*record)(void *owner, const struct event_draft *draft);
};
