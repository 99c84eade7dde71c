/* Numbers that are the same for the same seed (xorshift64*). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_next(struct random *r)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return r->state * UINT64_C(2685821657736338717);
}

static inline size_t random_to(struct random *r, size_t n)
{
    return n ? (size_t)((random_next(r) >> 33) % n) : 0;
}

static inline bool random_one_in(struct random *r, size_t n)
{
    return random_to(r, n) == 0;
}
