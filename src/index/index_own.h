/* The index from the inside. For the files index*.c only. */
#pragma once

#include "index/index.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/metric.h"
#include "index/access.h"
#include "index/live_word.h"
#include "index/members.h"
#include "index/role_sets.h"
#include "index/scope_table.h"
#include "index/token_table.h"

#include <stdlib.h>

struct index {
    _Atomic uint64_t version;
    uint64_t attempts;              /* the writer's: a failed index_apply counts, too */
    _Atomic(struct snapshot *) snapshot;
    struct token_table tokens;
    _Atomic int64_t next_end_ms;    /* no token ends before that is not counted as ended */
    struct live_words live;
    struct scope_table scopes;
    struct role_sets sets;
    struct members members;
    struct access access;
    _Atomic uint32_t of_key[UINT16_MAX + 1];    /* tokens by number of their server key */
};

/* min(expiry, created + maximum). */
static inline int64_t index_own_end_of(int64_t created_ms, int64_t expires_ms, int64_t maximum_ms)
{
    const struct record_organization o = {.maximum_lifetime_ms = maximum_ms};
    return snapshot_valid_until(&o, created_ms, expires_ms);
}

static inline int64_t index_own_slot_end(const struct index *x, const struct token_slot *slot)
{
    const struct scope *scope = scope_table_at(&x->scopes, slot->scope);
    return index_own_end_of((int64_t)slot->created_s * 1000, token_slot_expires_ms(slot),
                            atomic_load_explicit(&scope->maximum_ms, memory_order_relaxed));
}
