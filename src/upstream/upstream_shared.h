/* What the upstreams of one thread share: a read buffer, and room for request bodies that are kept
 * until they are answered. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

enum {
    UPSTREAM_SHARED_SIZE = 256 * 1024,
    UPSTREAM_KEEP_MAX = 16 * 1024,         /* longest body that is kept for repair */
    UPSTREAM_KEEP_IDLE_MAX = 4 * 1024      /* free pieces of each size that are not given back */
};

struct upstream_kept {
    struct upstream_kept *next;
    uint32_t n;
    uint32_t size;    /* class */
    uint8_t data[];
};

struct upstream_shared;

MUST err upstream_shared_new(struct upstream_shared **out);
/* When no upstream uses it any more. */
void upstream_shared_free(struct upstream_shared *s);

/* UPSTREAM_SHARED_SIZE bytes, for use between two callbacks of the loop. */
uint8_t *upstream_shared_buffer(struct upstream_shared *s);
/* A copy; NULL when it is longer than UPSTREAM_KEEP_MAX or there is no memory. */
struct upstream_kept *upstream_shared_keep(struct upstream_shared *s, bytes body);
void upstream_shared_give(struct upstream_shared *s, struct upstream_kept *kept);
