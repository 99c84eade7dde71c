/* How much of one queue a caller may hold: counters in a table of fixed size. */
#include "http/share.h"

#include "base/check.h"
#include "base/hash.h"

#include <stdatomic.h>
#include <stdlib.h>

struct share {
    unsigned each_max;
    struct hash_seed seed;
    atomic_uint held[SHARE_PLACES];
};

err share_new(unsigned each_max, struct share **out)
{
    struct share *s = calloc(1, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    s->each_max = each_max;
    s->seed = hash_seed_new();
    *out = s;
    return DONE;
}

void share_free(struct share *s)
{
    free(s);
}

err share_take(struct share *s, bytes caller, size_t *place)
{
    const size_t i = (size_t)(hash_bytes(s->seed, caller) % SHARE_PLACES);
    if (atomic_fetch_add(&s->held[i], 1) >= s->each_max) {
        atomic_fetch_sub(&s->held[i], 1);
        return FAIL(TOO_MANY);
    }
    *place = i;
    return DONE;
}

void share_give(struct share *s, size_t place)
{
    CHECK(place < SHARE_PLACES && atomic_fetch_sub(&s->held[place], 1) > 0);
}
