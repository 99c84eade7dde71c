/* Requests a caller: the time at which its allowance will be whole again (generic cell rate
 * algorithm), in a table of fixed size. */
#include "http/rate_limit.h"

#include "base/check.h"
#include "base/hash.h"

#include <pthread.h>
#include <stdlib.h>

struct allowance {
    uint64_t caller;   /* hash; 0 with whole_us 0: free */
    uint64_t whole_us; /* monotonic */
};

struct rate_limit {
    uint64_t step_us;  /* that one request costs */
    uint64_t burst_us; /* that may be owed */
    struct hash_seed seed;
    pthread_mutex_t lock;
    struct allowance sets[RATE_LIMIT_SETS][RATE_LIMIT_WAYS];
};

err rate_limit_new(uint64_t per_second, uint64_t burst, struct rate_limit **out)
{
    CHECK(per_second > 0 && burst > 0 && burst < UINT64_MAX / 2000000);
    struct rate_limit *r = calloc(1, sizeof *r);
    if (!r) return FAIL(NO_MEMORY);
    r->step_us = per_second > 1000000 ? 1 : 1000000 / per_second;
    r->burst_us = r->step_us * (burst - 1);
    r->seed = hash_seed_new();
    CHECK(pthread_mutex_init(&r->lock, NULL) == 0);
    *out = r;
    return DONE;
}

void rate_limit_free(struct rate_limit *r)
{
    if (!r) return;
    (void)pthread_mutex_destroy(&r->lock);
    free(r);
}

/* The caller's place, or the one of its set that was quiet the longest, made the caller's. */
static struct allowance *find(struct rate_limit *r, uint64_t caller)
{
    struct allowance *set = r->sets[caller % RATE_LIMIT_SETS];
    struct allowance *oldest = &set[0];
    for (int i = 0; i < RATE_LIMIT_WAYS; i++) {
        if (set[i].caller == caller) return &set[i];
        if (set[i].whole_us < oldest->whole_us) oldest = &set[i];
    }
    *oldest = (struct allowance){.caller = caller};
    return oldest;
}

bool rate_limit_pass(struct rate_limit *r, bytes caller, uint64_t now_ms, uint64_t *wait_ms)
{
    const uint64_t now_us = now_ms * 1000;
    const uint64_t hash = hash_bytes(r->seed, caller);
    pthread_mutex_lock(&r->lock);
    struct allowance *a = find(r, hash);
    if (a->whole_us < now_us) a->whole_us = now_us;
    const uint64_t owed_us = a->whole_us - now_us;
    const bool pass = owed_us <= r->burst_us;
    if (pass) a->whole_us += r->step_us;
    pthread_mutex_unlock(&r->lock);
    if (!pass) *wait_ms = (owed_us - r->burst_us + 999) / 1000;
    return pass;
}
