/* The table of last uses. What is forgotten keeps its place until the table is made anew. */
#include "usage/usage_last.h"

#include "index/grace.h"

#include <stdlib.h>

enum { FIRST_SIZE = 1024, AHEAD_MS = 2 * 3600 * 1000 };

struct usage_cells {
    struct grace grace;
    size_t size; /* a power of two */
    struct usage_cell at[];
};

static struct usage_cells *cells_new(size_t size)
{
    struct usage_cells *c = calloc(1, sizeof *c + size * sizeof c->at[0]);
    if (c) c->size = size;
    return c;
}

err usage_last_init(struct usage_last *t)
{
    struct usage_cells *c = cells_new(FIRST_SIZE);
    if (!c) return FAIL(NO_MEMORY);
    *t = (struct usage_last){.seed = hash_seed_new()};
    atomic_store_explicit(&t->cells, c, memory_order_release);
    return DONE;
}

void usage_last_drop(struct usage_last *t)
{
    free(atomic_load_explicit(&t->cells, memory_order_relaxed));
    atomic_store_explicit(&t->cells, NULL, memory_order_relaxed);
}

static uint64_t hash_of(const struct usage_last *t, bytes key)
{
    const uint64_t h = hash_bytes(t->seed, key);
    return h ? h : 1;
}

/* Its place, or the empty one where it would be: there always is one. */
static struct usage_cell *place_of(struct usage_cells *c, uint64_t hash)
{
    size_t i = hash & (c->size - 1);
    for (;;) {
        const uint64_t there = atomic_load_explicit(&c->at[i].hash, memory_order_acquire);
        if (there == hash || there == 0) return &c->at[i];
        i = (i + 1) & (c->size - 1);
    }
}

static void free_cells(struct grace *g)
{
    free((void *)((char *)g - offsetof(struct usage_cells, grace)));
}

static int64_t last_of(const struct usage_cell *c)
{
    return atomic_load_explicit(&c->last_ms, memory_order_relaxed);
}

static int32_t sessions_of(const struct usage_cell *c)
{
    return atomic_load_explicit(&c->sessions, memory_order_relaxed);
}

static void fill(struct usage_cell *c, uint64_t hash, int64_t last_ms, int32_t sessions)
{
    atomic_store_explicit(&c->last_ms, last_ms, memory_order_relaxed);
    atomic_store_explicit(&c->sessions, sessions, memory_order_relaxed);
    atomic_store_explicit(&c->hash, hash, memory_order_release);
}

static bool is_known(const struct usage_cell *c)
{
    return atomic_load_explicit(&c->hash, memory_order_relaxed) && (last_of(c) || sessions_of(c));
}

static size_t count_known(const struct usage_cells *cells)
{
    size_t n = 0;
    for (size_t i = 0; i < cells->size; i++) n += is_known(&cells->at[i]);
    return n;
}

/* What is known of nobody is left behind. */
static size_t move_all(const struct usage_cells *from, struct usage_cells *to)
{
    size_t n = 0;
    for (size_t i = 0; i < from->size; i++) {
        const struct usage_cell *c = &from->at[i];
        const uint64_t hash = atomic_load_explicit(&c->hash, memory_order_relaxed);
        if (!is_known(c)) continue;
        fill(place_of(to, hash), hash, last_of(c), sessions_of(c));
        n++;
    }
    return n;
}

static err grow(struct usage_last *t, size_t size)
{
    struct usage_cells *old = atomic_load_explicit(&t->cells, memory_order_relaxed);
    struct usage_cells *new = cells_new(size);
    if (!new) return FAIL(NO_MEMORY);
    t->used = move_all(old, new);
    atomic_store_explicit(&t->cells, new, memory_order_release);
    grace_call(&old->grace, free_cells);
    return DONE;
}

err usage_last_reserve(struct usage_last *t, size_t n)
{
    size_t size = atomic_load_explicit(&t->cells, memory_order_relaxed)->size;
    if (n <= size / 2) return DONE;
    while (size / 2 < n) {
        if (size > SIZE_MAX / 4 / sizeof(struct usage_cell)) return FAIL(NO_MEMORY);
        size *= 2;
    }
    return grow(t, size);
}

/* One more. Where tokens come and go the table is made anew as large as it was: at least a quarter is
 * free then, so that it is not soon made again. */
static err make_room(struct usage_last *t)
{
    const struct usage_cells *cells = atomic_load_explicit(&t->cells, memory_order_relaxed);
    if (t->used + 1 <= cells->size / 2) return DONE;
    if (count_known(cells) < cells->size / 4) return grow(t, cells->size);
    return usage_last_reserve(t, t->used + 1);
}

err usage_last_note(struct usage_last *t, bytes key, int64_t used_ms, int32_t sessions)
{
    TRY(make_room(t));
    const uint64_t hash = hash_of(t, key);
    struct usage_cell *c =
        place_of(atomic_load_explicit(&t->cells, memory_order_relaxed), hash);
    if (!atomic_load_explicit(&c->hash, memory_order_relaxed)) t->used++;
    const int64_t before = last_of(c);
    const bool ahead = used_ms && before > used_ms + AHEAD_MS; /* of a clock that was wrong */
    fill(c, hash, used_ms > before || ahead ? used_ms : before, sessions_of(c) + sessions);
    return DONE;
}

void usage_last_forget(struct usage_last *t, bytes key)
{
    const uint64_t hash = hash_of(t, key);
    struct usage_cell *c =
        place_of(atomic_load_explicit(&t->cells, memory_order_relaxed), hash);
    if (!atomic_load_explicit(&c->hash, memory_order_relaxed)) return;
    atomic_store_explicit(&c->last_ms, 0, memory_order_relaxed);
}

const struct usage_cell *usage_last_find(const struct usage_last *t, bytes key)
{
    struct usage_cells *cells = atomic_load_explicit(&t->cells, memory_order_acquire);
    const struct usage_cell *c = place_of(cells, hash_of(t, key));
    return atomic_load_explicit(&c->hash, memory_order_acquire) ? c : NULL;
}
