/* A chained hash by live number: small numbers, so they are their own hash. */
#include "gateway/holder.h"

#include "base/check.h"

#include <stdlib.h>

enum { FIRST_SIZE = 64 };

err holder_table_init(struct holders *t)
{
    *t = (struct holders){.size = FIRST_SIZE};
    t->buckets = calloc(t->size, sizeof *t->buckets);
    return t->buckets ? DONE : FAIL(NO_MEMORY);
}

void holder_table_drop(struct holders *t)
{
    CHECK(t->n == 0);
    free(t->buckets);
    t->buckets = NULL;
}

static struct holder **bucket(const struct holders *t, uint32_t live)
{
    return &t->buckets[live & (t->size - 1)];
}

struct holder *holder_find(const struct holders *t, uint32_t live)
{
    struct holder *h = *bucket(t, live);
    while (h && h->live != live)
        h = h->next;
    return h;
}

/* Without memory the chains get longer, nothing else. */
static void widen(struct holders *t)
{
    struct holders wider = {.size = t->size * 2, .n = t->n};
    wider.buckets = calloc(wider.size, sizeof *wider.buckets);
    if (!wider.buckets) return;
    for (size_t i = 0; i < t->size; i++) {
        struct holder *h = t->buckets[i];
        while (h) {
            struct holder *next = h->next;
            struct holder **to = bucket(&wider, h->live);
            h->next = *to;
            *to = h;
            h = next;
        }
    }
    free(t->buckets);
    *t = wider;
}

static err holder_new(struct holders *t, uint32_t live, struct holder **out)
{
    struct holder *h = calloc(1, sizeof *h);
    if (!h) return FAIL(NO_MEMORY);
    if (t->n >= t->size) widen(t);
    fair_token_init(&h->fair);
    list_init(&h->sessions);
    h->live = live;
    struct holder **at = bucket(t, live);
    h->next = *at;
    *at = h;
    t->n++;
    *out = h;
    return DONE;
}

err holder_enter(struct holders *t, uint32_t live, struct list *link, struct holder **out)
{
    struct holder *h = holder_find(t, live);
    if (!h) TRY(holder_new(t, live, &h));
    list_add_last(&h->sessions, link);
    h->sessions_n++;
    *out = h;
    return DONE;
}

void holder_leave(struct holders *t, struct holder *h, struct list *link)
{
    list_remove(link);
    if (--h->sessions_n > 0) return;
    struct holder **at = bucket(t, h->live);
    while (*at != h)
        at = &(*at)->next;
    *at = h->next;
    t->n--;
    free(h);
}
