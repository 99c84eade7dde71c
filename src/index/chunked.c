#include "index/chunked.h"

#include "base/check.h"

#include <stdlib.h>

bool chunked_init(struct chunked *c, size_t item_size, uint32_t chunk_n)
{
    CHECK(chunk_n > 0 && (chunk_n & (chunk_n - 1)) == 0);
    *c = (struct chunked){.item_size = item_size, .chunk_n = chunk_n};
    c->shift = (uint32_t)__builtin_ctz(chunk_n);
    c->chunks = calloc(CHUNKED_CHUNKS_MAX, sizeof *c->chunks);
    return c->chunks != NULL;
}

void chunked_drop(struct chunked *c)
{
    for (size_t i = 0; c->chunks && i < CHUNKED_CHUNKS_MAX; i++) {
        uint8_t *chunk = atomic_load_explicit(&c->chunks[i], memory_order_relaxed);
        if (!chunk) break;
        free(chunk);
    }
    free(c->chunks);
    c->chunks = NULL;
}

uint32_t chunked_add(struct chunked *c)
{
    const uint32_t at = c->n / c->chunk_n;
    if (at >= CHUNKED_CHUNKS_MAX) return UINT32_MAX;
    if (!atomic_load_explicit(&c->chunks[at], memory_order_relaxed)) {
        uint8_t *chunk = calloc(c->chunk_n, c->item_size);
        if (!chunk) return UINT32_MAX;
        atomic_store_explicit(&c->chunks[at], chunk, memory_order_release);
        atomic_fetch_add_explicit(&c->bytes, c->chunk_n * c->item_size, memory_order_relaxed);
    }
    return c->n++;
}

void *chunked_at(const struct chunked *c, uint32_t number)
{
    const uint32_t at = number >> c->shift;
    if (at >= CHUNKED_CHUNKS_MAX) return NULL;
    uint8_t *chunk = atomic_load_explicit(&c->chunks[at], memory_order_acquire);
    return chunk ? chunk + (size_t)(number & (c->chunk_n - 1)) * c->item_size : NULL;
}
