/* The only way to a node: a request that was decided, on a stream of a shared connection. */
#pragma once

#include "gateway/session.h"
#include "model/permit.h"

/* What a request does, for the error when its answer is lost (decisions 7.4). */
enum forward_kind {
    FORWARD_READ,
    FORWARD_SIMPLE,
    FORWARD_BATCH, /* logged and unlogged: never BATCH_LOG */
    FORWARD_COUNTER,
    FORWARD_CAS,
    FORWARD_SCHEMA /* TRUNCATE and DDL */
};

/* Who owns a slot: bits of upstream_slot.flags. */
enum {
    FORWARD_OF_SESSION = 0x01,
    FORWARD_OF_JOB = 0x02,      /* a PREPARE (prepare.h) */
    FORWARD_OF_DESCRIBE = 0x04, /* of a session as well; its rows are filtered (describing.h) */
    FORWARD_AWAITS = 0x08       /* a change of schema: held until the nodes agree */
};

struct forward {
    const struct permit *permit;
    uint64_t number; /* statement that the permit is for */
    const struct statement *what; /* counted for its tables; NULL: not counted, or elsewhere */
    enum forward_kind kind;
    uint16_t consistency;
    bool slow; /* the long deadline */
    bool awaits;
    bool filtered; /* an answer to DESCRIBE */
    bool as_query; /* the body is a QUERY, whatever the client sent */
    bool keep;     /* the body is needed again when the node has forgotten a statement */
};

/* Appends the request with this body. Errors: TOO_MANY, NO_MEMORY,
 * BUG (the permit is not for it). */
MUST err forward_send(const struct envelope *e, struct upstream *up, const struct forward *f,
                      bytes body);
/* What forward_send packed into slot->extra: kind, consistency, attempts, and bytes in units of 16.
 */
static inline enum forward_kind forward_kind_of(const struct upstream_slot *slot)
{
    return (enum forward_kind)(slot->extra & 0x07);
}
static inline uint16_t forward_consistency_of(const struct upstream_slot *slot)
{
    return (uint16_t)(slot->extra >> 3 & 0x0f);
}
static inline uint8_t forward_attempts_of(const struct upstream_slot *slot)
{
    return (uint8_t)(slot->extra >> 7 & 0x1f);
}
/* As the session has counted them. */
static inline uint32_t forward_bytes_of(const struct upstream_slot *slot)
{
    return slot->extra >> 12 << 4;
}
