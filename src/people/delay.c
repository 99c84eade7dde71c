/* Waits after failed proofs, in a table of fixed size. In a full set the pair that failed least is
 * forgotten: to have one's own forgotten costs more failures than it holds. */
#include "people/delay.h"

#include "base/check.h"
#include "base/hash.h"

#include <pthread.h>
#include <stdlib.h>

struct tried {
    uint64_t who;      /* hash of account and network; 0: free */
    uint64_t at_ms;    /* of the last attempt */
    uint32_t failures; /* attempts since the last success */
};

struct delay {
    struct hash_seed seed;
    pthread_mutex_t lock;
    struct tried sets[DELAY_SETS][DELAY_WAYS];
};

err delay_new(struct delay **out)
{
    struct delay *d = calloc(1, sizeof *d);
    if (!d) return FAIL(NO_MEMORY);
    d->seed = hash_seed_new();
    CHECK(pthread_mutex_init(&d->lock, NULL) == 0);
    *out = d;
    return DONE;
}

void delay_free(struct delay *d)
{
    if (!d) return;
    (void)pthread_mutex_destroy(&d->lock);
    free(d);
}

static uint64_t name_of(const struct delay *d, bytes account, bytes network)
{
    const uint64_t both[] = {hash_bytes(d->seed, account), hash_bytes(d->seed, network)};
    return hash_bytes(d->seed, bytes_of(both, sizeof both)) | 1;
}

static struct tried *find(struct delay *d, uint64_t who, uint64_t now_ms)
{
    struct tried *set = d->sets[(who >> 1) % DELAY_SETS];
    struct tried *least = &set[0];
    for (int i = 0; i < DELAY_WAYS; i++) {
        if (set[i].who && now_ms - set[i].at_ms >= DELAY_FORGET_MS) set[i] = (struct tried){0};
        if (set[i].who == who) return &set[i];
        if (set[i].failures < least->failures) least = &set[i];
    }
    *least = (struct tried){.who = who, .at_ms = now_ms};
    return least;
}

static uint64_t wait_after(uint32_t failures)
{
    uint64_t ms = DELAY_FIRST_MS;
    if (failures < DELAY_FREE) return 0;
    for (uint32_t i = DELAY_FREE; i < failures && ms < DELAY_MOST_MS; i++)
        ms *= 2;
    return ms < DELAY_MOST_MS ? ms : DELAY_MOST_MS;
}

bool delay_take(struct delay *d, bytes account, bytes network, uint64_t now_ms, uint64_t *wait_ms)
{
    const uint64_t who = name_of(d, account, network);
    pthread_mutex_lock(&d->lock);
    struct tried *t = find(d, who, now_ms);
    const uint64_t due = t->at_ms + wait_after(t->failures);
    const bool pass = now_ms >= due;
    if (pass) {
        t->at_ms = now_ms;
        t->failures++;
    } else {
        *wait_ms = due - now_ms;
    }
    pthread_mutex_unlock(&d->lock);
    return pass;
}

void delay_clear(struct delay *d, bytes account, bytes network)
{
    const uint64_t who = name_of(d, account, network);
    pthread_mutex_lock(&d->lock);
    struct tried *set = d->sets[(who >> 1) % DELAY_SETS];
    for (int i = 0; i < DELAY_WAYS; i++) {
        if (set[i].who == who) set[i] = (struct tried){0};
    }
    pthread_mutex_unlock(&d->lock);
}
