/* Last uses and open sessions in memory: open addressing by a keyed hash of 64 bits, 24 bytes a place.
 * One thread writes, all read without locks. Names are not kept: that two of ten million share a hash
 * has a chance of one in some hundred thousand, and would show a wrong time, nothing else. */
#pragma once

#include "base/err.h"
#include "base/hash.h"

#include <stdatomic.h>

struct usage_cells;

struct usage_last {
    struct hash_seed seed;
    _Atomic(struct usage_cells *) cells;
    size_t used; /* places; the writer's */
};

struct usage_cell {
    _Atomic uint64_t hash; /* 0: empty */
    _Atomic int64_t last_ms;
    _Atomic int32_t sessions;
};

MUST err usage_last_init(struct usage_last *t);
/* When nobody reads any more. */
void usage_last_drop(struct usage_last *t);
/* Writer: room for so many, before they come; only saves time. */
MUST err usage_last_reserve(struct usage_last *t, size_t n);
/* Writer: used then, if not later already (but by hours: then the clock was wrong), and so many more
 * sessions are open. NO_MEMORY. */
MUST err usage_last_note(struct usage_last *t, bytes key, int64_t used_ms, int32_t sessions);
/* Writer: as if it had never been used. */
void usage_last_forget(struct usage_last *t, bytes key);
/* In a read section. NULL: nothing is known. */
const struct usage_cell *usage_last_find(const struct usage_last *t, bytes key);
