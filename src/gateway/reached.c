/* Nodes are few and the question is rare: a list under a lock. */
#include "gateway/reached.h"

#include "base/check.h"

void reached_init(struct reached *r)
{
    CHECK(pthread_mutex_init(&r->lock, NULL) == 0);
    r->n = 0;
}

void reached_drop(struct reached *r)
{
    (void)pthread_mutex_destroy(&r->lock);
}

void reached_set(struct reached *r, const uint8_t *ids, size_t n)
{
    CHECK(n <= REACHED_MAX);
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < n; i++) memcpy(r->ids[i], ids + i * REACHED_ID, REACHED_ID);
    r->n = n;
    pthread_mutex_unlock(&r->lock);
}

bool reached_has(struct reached *r, const uint8_t id[REACHED_ID])
{
    bool has = false;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < r->n && !has; i++) has = memcmp(r->ids[i], id, REACHED_ID) == 0;
    pthread_mutex_unlock(&r->lock);
    return has;
}
