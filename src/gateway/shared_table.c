/* Open addressing; replaced whole when it grows. A place that was emptied is marked, so that
 * searches go on over it. */
#include "gateway/shared_table.h"

#include "base/list.h"

#include <stdlib.h>

enum { FIRST_SIZE = 256 };

static char gone;

static struct shared_places *places_new(size_t size)
{
    struct shared_places *p = calloc(1, sizeof *p + size * sizeof p->at[0]);
    if (p) p->size = size;
    return p;
}

static void free_places(struct grace *g)
{
    free(LIST_OF(g, struct shared_places, grace));
}

err shared_table_init(struct shared_table *t)
{
    struct shared_places *p = places_new(FIRST_SIZE);
    if (!p) return FAIL(NO_MEMORY);
    t->n = 0;
    atomic_store(&t->places, p);
    return DONE;
}

void shared_table_drop(struct shared_table *t)
{
    free(atomic_load(&t->places));
    atomic_store(&t->places, NULL);
}

void *shared_table_find(const struct shared_table *t, uint64_t hash,
                        bool (*is)(const void *item, const void *key), const void *key)
{
    const struct shared_places *p = atomic_load_explicit(&t->places, memory_order_acquire);
    for (size_t i = (size_t)hash & (p->size - 1);; i = (i + 1) & (p->size - 1)) {
        void *item = atomic_load_explicit(&p->at[i].item, memory_order_acquire);
        if (!item) return NULL;
        if (item == &gone) continue;
        if (atomic_load_explicit(&p->at[i].hash, memory_order_relaxed) != hash) continue;
        if (is(item, key)) return item;
    }
}

static void put(struct shared_places *p, uint64_t hash, void *item)
{
    for (size_t i = (size_t)hash & (p->size - 1);; i = (i + 1) & (p->size - 1)) {
        const void *there = atomic_load_explicit(&p->at[i].item, memory_order_relaxed);
        if (there && there != &gone) continue;
        if (!there) p->used++;
        atomic_store_explicit(&p->at[i].hash, hash, memory_order_relaxed);
        atomic_store_explicit(&p->at[i].item, item, memory_order_release);
        return;
    }
}

/* A wider one, or one of the same size without the emptied places. */
err shared_table_reserve(struct shared_table *t)
{
    struct shared_places *old = atomic_load_explicit(&t->places, memory_order_relaxed);
    if ((old->used + 1) * 2 <= old->size) return DONE;
    const size_t size = (t->n + 1) * 4 > old->size ? old->size * 2 : old->size;
    struct shared_places *fresh = places_new(size);
    if (!fresh) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < old->size; i++) {
        void *item = atomic_load_explicit(&old->at[i].item, memory_order_relaxed);
        if (item && item != &gone) {
            put(fresh, atomic_load_explicit(&old->at[i].hash, memory_order_relaxed), item);
        }
    }
    atomic_store_explicit(&t->places, fresh, memory_order_release);
    grace_call(&old->grace, free_places);
    return DONE;
}

void shared_table_put(struct shared_table *t, uint64_t hash, void *item)
{
    put(atomic_load_explicit(&t->places, memory_order_relaxed), hash, item);
    t->n++;
}

void shared_table_take(struct shared_table *t, uint64_t hash, const void *item)
{
    struct shared_places *p = atomic_load_explicit(&t->places, memory_order_relaxed);
    size_t i = (size_t)hash & (p->size - 1);
    while (atomic_load_explicit(&p->at[i].item, memory_order_relaxed) != item)
        i = (i + 1) & (p->size - 1);
    atomic_store_explicit(&p->at[i].item, &gone, memory_order_release);
    t->n--;
}
