/* Waits after failed proofs, in tables of fixed size. In a full set the pair that failed least is
 * forgotten: to have one's own forgotten costs more failures than it holds. */
#include "people/delay.h"

#include "people/delay_network.h"

#include "base/check.h"
#include "base/hash.h"

#include <pthread.h>
#include <stdlib.h>

struct tried {
    uint64_t who;      /* hash of account and network; 0: free */
    uint64_t at_ms;    /* of the last attempt */
    uint32_t failures; /* attempts since the last success */
    bool known;        /* has been right */
};

struct delay {
    struct hash_seed seed;
    pthread_mutex_t lock;
    struct tried sets[DELAY_SETS][DELAY_WAYS];
    struct delay_network networks;
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

static void forget_old(struct tried *t, uint64_t now_ms)
{
    const uint64_t quiet_ms = now_ms - t->at_ms;
    if (quiet_ms >= DELAY_FORGET_MS) t->failures = 0;
    if (quiet_ms >= (t->known ? DELAY_KNOWN_MS : DELAY_FORGET_MS)) *t = (struct tried){0};
}

/* What it costs to have it forgotten. */
static uint32_t weight(const struct tried *t)
{
    return t->failures + (t->known ? DELAY_FREE : 0);
}

static struct tried *find(struct delay *d, uint64_t who, uint64_t now_ms)
{
    struct tried *set = d->sets[(who >> 1) % DELAY_SETS];
    struct tried *least = &set[0];
    for (int i = 0; i < DELAY_WAYS; i++) {
        if (set[i].who) forget_old(&set[i], now_ms);
        if (set[i].who == who) return &set[i];
        if (weight(&set[i]) < weight(least)) least = &set[i];
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

/* 0: now. Whoever was right from here before does not pay for neighbours. */
static uint64_t wait_of(const struct delay *d, const struct tried *t, uint64_t network, uint64_t now_ms)
{
    const uint64_t due = t->at_ms + wait_after(t->failures);
    const uint64_t own_ms = due > now_ms ? due - now_ms : 0;
    const uint64_t all_ms = t->known ? 0 : delay_network_wait(&d->networks, network, now_ms);
    return own_ms > all_ms ? own_ms : all_ms;
}

bool delay_take(struct delay *d, bytes account, bytes network, bool known, uint64_t now_ms,
                uint64_t *wait_ms)
{
    const uint64_t who = name_of(d, account, network);
    const uint64_t from = hash_bytes(d->seed, network) | 1;
    pthread_mutex_lock(&d->lock);
    struct tried *t = find(d, who, now_ms);
    t->known = t->known || known;
    const uint64_t wait = wait_of(d, t, from, now_ms);
    if (wait == 0) {
        t->at_ms = now_ms;
        t->failures++;
        if (!t->known) delay_network_charge(&d->networks, from, now_ms);
    } else {
        *wait_ms = wait;
    }
    pthread_mutex_unlock(&d->lock);
    return wait == 0;
}

void delay_clear(struct delay *d, bytes account, bytes network, uint64_t now_ms)
{
    const uint64_t who = name_of(d, account, network);
    pthread_mutex_lock(&d->lock);
    struct tried *t = find(d, who, now_ms);
    if (!t->known) delay_network_give_back(&d->networks, hash_bytes(d->seed, network) | 1);
    *t = (struct tried){.who = who, .at_ms = now_ms, .known = true};
    pthread_mutex_unlock(&d->lock);
}
