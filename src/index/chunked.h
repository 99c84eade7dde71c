/* An array that grows and never moves: chunks behind a directory of atomic pointers. One thread
 * grows it; any thread that was given an element's number may reach it. */
#pragma once

#include "base/bytes.h"

#include <stdatomic.h>

enum { CHUNKED_CHUNKS_MAX = 1 << 16 };

struct chunked {
    size_t item_size;
    uint32_t chunk_n;                  /* items a chunk, a power of two */
    uint32_t shift;                    /* log2 of chunk_n: no division on every request */
    uint32_t n;                        /* items in use; the writer's */
    _Atomic(uint8_t *) *chunks;
    atomic_size_t bytes;
};

/* False without memory. */
bool chunked_init(struct chunked *c, size_t item_size, uint32_t chunk_n);
/* When nobody reads any more. */
void chunked_drop(struct chunked *c);
/* Writer: one more item, zeroed; its number, or UINT32_MAX without memory or when it is full. */
uint32_t chunked_add(struct chunked *c);
/* NULL for a number that was never given out. */
void *chunked_at(const struct chunked *c, uint32_t number);
