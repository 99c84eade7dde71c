/* Pointers by hash: read under RCU by every worker, changed under the owner's lock. */
#pragma once

#include "base/err.h"
#include "index/grace.h"

#include <stdatomic.h>
#include <stdint.h>

struct shared_place {
    _Atomic uint64_t hash;
    _Atomic(void *) item;
};

struct shared_places {
    struct grace grace;
    size_t size;
    size_t used; /* places that are not empty */
    struct shared_place at[];
};

struct shared_table {
    _Atomic(struct shared_places *) places;
    size_t n;
};

MUST err shared_table_init(struct shared_table *t);
/* When no reader can be inside any more. */
void shared_table_drop(struct shared_table *t);

/* The item for which `is` holds, or NULL; in an RCU read section or under the lock. */
void *shared_table_find(const struct shared_table *t, uint64_t hash,
                        bool (*is)(const void *item, const void *key), const void *key);

/* Under the lock: room for one more (NO_MEMORY), which goes before each put. */
MUST err shared_table_reserve(struct shared_table *t);
void shared_table_put(struct shared_table *t, uint64_t hash, void *item);
/* An item that is in it. The item itself is freed by the caller, after a grace period. */
void shared_table_take(struct shared_table *t, uint64_t hash, const void *item);
