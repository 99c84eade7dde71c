/* Scopes by number: organizations and enterprises as token slots name them, with the longest life
 * that each grants. Never forgotten; a removed organization's number stays its own. */
#pragma once

#include "index/chunked.h"
#include "model/uuid.h"

struct scope {
    struct uuid id;
    bool enterprise;
    uint32_t next;                    /* in the same bucket, + 1 */
    _Atomic int64_t maximum_ms;       /* 0: no maximum */
    _Atomic uint64_t changes;         /* of its tokens: made, changed, removed, ended */
    _Atomic uint64_t tokens;
};

enum { SCOPE_BUCKETS = 4096 };

struct scope_table {
    struct chunked scopes;            /* of struct scope */
    _Atomic uint32_t buckets[SCOPE_BUCKETS];  /* number + 1 */
};

bool scope_table_init(struct scope_table *t);
void scope_table_drop(struct scope_table *t);
/* Any reader; NULL: never given a number. */
struct scope *scope_table_find(const struct scope_table *t, const struct uuid *id, bool enterprise);
/* Writer: the scope's number, given now if it had none; UINT32_MAX without memory. */
uint32_t scope_table_number(struct scope_table *t, const struct uuid *id, bool enterprise);
/* NULL for a number that was never given. */
struct scope *scope_table_at(const struct scope_table *t, uint32_t number);
