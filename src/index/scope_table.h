/* Scopes by number: organizations and enterprises as token slots name them, with the longest life
 * that each grants. Never forgotten; a removed organization's number stays its own. */
#pragma once

#include "index/chunked.h"
#include "model/uuid.h"

struct scope {
    struct uuid id;
    bool enterprise;
    uint32_t next;                    /* in the same bucket, + 1; the writer's */
    _Atomic int64_t maximum_ms;       /* 0: no maximum */
};

enum { SCOPE_BUCKETS = 4096 };

struct scope_table {
    struct chunked scopes;            /* of struct scope */
    uint32_t buckets[SCOPE_BUCKETS];  /* number + 1; the writer's */
};

bool scope_table_init(struct scope_table *t);
void scope_table_drop(struct scope_table *t);
/* Writer: the scope's number, given now if it had none; UINT32_MAX without memory. */
uint32_t scope_table_number(struct scope_table *t, const struct uuid *id, bool enterprise);
/* NULL for a number that was never given. */
struct scope *scope_table_at(const struct scope_table *t, uint32_t number);
