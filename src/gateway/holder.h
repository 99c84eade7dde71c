/* Who holds the sessions of a lane: every token with its clients, found by its live number. */
#pragma once

#include "base/err.h"
#include "gateway/fair.h"

/* One token and its sessions. */
struct holder {
    struct fair_token fair;
    struct list sessions;
    struct holder *next; /* in its bucket */
    uint32_t live;
    uint32_t sessions_n;
};

struct holders {
    struct holder **buckets;
    size_t size;
    size_t n;
};

MUST err holder_table_init(struct holders *t);
void holder_table_drop(struct holders *t);
/* The token's holder, made when this is its first session; `link` joins its list. NO_MEMORY. */
MUST err holder_enter(struct holders *t, uint32_t live, struct list *link, struct holder **out);
/* Takes the session out; frees the holder with the last one. */
void holder_leave(struct holders *t, struct holder *h, struct list *link);
struct holder *holder_find(const struct holders *t, uint32_t live);
