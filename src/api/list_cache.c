/* A handful of bodies, counted by those who send them; the one used longest ago makes room. */
#include "api/list_cache.h"

#include "base/check.h"
#include "base/random.h"

#include <pthread.h>
#include <stdlib.h>

struct list_body {
    struct uuid scope;
    uint64_t changes;
    int64_t until_ms;
    struct wr text;
    uint64_t used;   /* a count of uses, not a time */
    size_t holders;  /* the cache, and everybody who sends it */
};

struct list_cache {
    pthread_mutex_t lock;
    uint64_t epoch;
    uint64_t uses;
    size_t bytes;
    size_t drafts;
    struct list_body *bodies[LIST_CACHE_SCOPES];
};

err list_cache_new(struct list_cache **out)
{
    struct list_cache *c = calloc(1, sizeof *c);
    if (!c) return FAIL(NO_MEMORY);
    CHECK(pthread_mutex_init(&c->lock, NULL) == 0);
    random_fill(&c->epoch, sizeof c->epoch);
    *out = c;
    return DONE;
}

uint64_t list_cache_epoch(const struct list_cache *c)
{
    return c->epoch;
}

/* Under the lock. */
static void let_go(struct list_cache *c, struct list_body *b)
{
    if (!b || --b->holders > 0) return;
    c->bytes -= b->text.size;
    wr_drop(&b->text);
    free(b);
}

void list_cache_free(struct list_cache *c)
{
    if (!c) return;
    for (size_t i = 0; i < LIST_CACHE_SCOPES; i++) let_go(c, c->bodies[i]);
    CHECK(c->bytes == 0 && c->drafts == 0);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static struct list_body **find(struct list_cache *c, const struct uuid *scope)
{
    for (size_t i = 0; i < LIST_CACHE_SCOPES; i++) {
        if (c->bodies[i] && uuid_eq(&c->bodies[i]->scope, scope)) return &c->bodies[i];
    }
    return NULL;
}

struct list_body *list_cache_take(struct list_cache *c, const struct uuid *scope, uint64_t changes,
                                  int64_t now_ms)
{
    struct list_body *b = NULL;
    pthread_mutex_lock(&c->lock);
    struct list_body **place = find(c, scope);
    if (place && (*place)->changes == changes && now_ms < (*place)->until_ms) {
        b = *place;
        b->holders++;
        b->used = ++c->uses;
    }
    pthread_mutex_unlock(&c->lock);
    return b;
}

bytes list_body_view(const struct list_body *b)
{
    return wr_view(&b->text);
}

void list_body_give(struct list_cache *c, struct list_body *b)
{
    pthread_mutex_lock(&c->lock);
    let_go(c, b);
    pthread_mutex_unlock(&c->lock);
}

bool list_cache_begin(struct list_cache *c)
{
    pthread_mutex_lock(&c->lock);
    const bool may = c->drafts < LIST_CACHE_DRAFTS;
    c->drafts += may;
    pthread_mutex_unlock(&c->lock);
    return may;
}

/* --- room --- */

static struct list_body **oldest(struct list_cache *c)
{
    struct list_body **found = NULL;
    for (size_t i = 0; i < LIST_CACHE_SCOPES; i++) {
        struct list_body **b = &c->bodies[i];
        if (*b && (!found || (*b)->used < (*found)->used)) found = b;
    }
    return found;
}

static struct list_body **free_place(struct list_cache *c)
{
    for (size_t i = 0; i < LIST_CACHE_SCOPES; i++) {
        if (!c->bodies[i]) return &c->bodies[i];
    }
    return NULL;
}

static void forget(struct list_cache *c, struct list_body **place)
{
    let_go(c, *place);
    *place = NULL;
}

/* What is still being sent counts until it is sent: then there may be no room for a while. */
static struct list_body **make_room(struct list_cache *c, const struct uuid *scope, size_t n)
{
    struct list_body **former = find(c, scope);
    if (former) forget(c, former);
    struct list_body **place = free_place(c);
    while (!place || c->bytes + n > LIST_CACHE_MAX) {
        struct list_body **old = oldest(c);
        if (!old) return NULL;
        forget(c, old);
        place = free_place(c);
    }
    return place;
}

void list_cache_put(struct list_cache *c, const struct uuid *scope, uint64_t changes,
                    int64_t until_ms, struct wr *body)
{
    struct list_body *b = calloc(1, sizeof *b);
    pthread_mutex_lock(&c->lock);
    struct list_body **place = b ? make_room(c, scope, body->size) : NULL;
    if (place) {
        *b = (struct list_body){*scope, changes, until_ms, *body, ++c->uses, 1};
        *body = wr_growing(0);
        c->bytes += b->text.size;
        *place = b;
    } else {
        free(b);
    }
    c->drafts--;
    pthread_mutex_unlock(&c->lock);
    wr_drop(body);
}

void list_cache_abandon(struct list_cache *c, struct wr *body)
{
    pthread_mutex_lock(&c->lock);
    c->drafts--;
    pthread_mutex_unlock(&c->lock);
    wr_drop(body);
}
