#include "index/scope_table.h"

enum { SCOPES_A_CHUNK = 64 };

bool scope_table_init(struct scope_table *t)
{
    *t = (struct scope_table){0};
    return chunked_init(&t->scopes, sizeof(struct scope), SCOPES_A_CHUNK);
}

void scope_table_drop(struct scope_table *t)
{
    chunked_drop(&t->scopes);
}

struct scope *scope_table_at(const struct scope_table *t, uint32_t number)
{
    return chunked_at(&t->scopes, number);
}

/* Ids are random; the first bytes are as good as any hash. */
static size_t bucket_of(const struct uuid *id)
{
    return ((size_t)id->b[0] << 8 | id->b[1]) % SCOPE_BUCKETS;
}

/* The place + 1, or 0. */
static uint32_t find(const struct scope_table *t, const struct uuid *id, bool enterprise)
{
    uint32_t at = atomic_load_explicit(&t->buckets[bucket_of(id)], memory_order_acquire);
    while (at) {
        const struct scope *s = scope_table_at(t, at - 1);
        if (uuid_eq(&s->id, id) && s->enterprise == enterprise) return at;
        at = s->next;
    }
    return 0;
}

struct scope *scope_table_find(const struct scope_table *t, const struct uuid *id, bool enterprise)
{
    const uint32_t at = find(t, id, enterprise);
    return at ? scope_table_at(t, at - 1) : NULL;
}

/* Whole before it is published: `next` never changes afterwards. */
uint32_t scope_table_number(struct scope_table *t, const struct uuid *id, bool enterprise)
{
    _Atomic uint32_t *bucket = &t->buckets[bucket_of(id)];
    const uint32_t there = find(t, id, enterprise);
    if (there) return there - 1;
    const uint32_t number = chunked_add(&t->scopes);
    if (number == UINT32_MAX) return number;
    struct scope *s = scope_table_at(t, number);
    s->id = *id;
    s->enterprise = enterprise;
    s->next = atomic_load_explicit(bucket, memory_order_relaxed);
    atomic_store_explicit(bucket, number + 1, memory_order_release);
    return number;
}
