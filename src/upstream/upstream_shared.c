/* Kept bodies come from free lists of four sizes: no allocation for a request on a busy thread. */
#include "upstream/upstream_shared.h"

#include <stdlib.h>

enum { SIZES = 4, FIRST_SIZE = 256, STEP_BITS = 2 };

struct free_list {
    struct upstream_kept *first;
    size_t n;
};

struct upstream_shared {
    struct free_list sizes[SIZES];
    uint8_t buffer[UPSTREAM_SHARED_SIZE];
};

err upstream_shared_new(struct upstream_shared **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? DONE : FAIL(NO_MEMORY);
}

void upstream_shared_free(struct upstream_shared *s)
{
    if (!s) return;
    for (size_t i = 0; i < SIZES; i++) {
        for (struct upstream_kept *k = s->sizes[i].first; k; k = s->sizes[i].first) {
            s->sizes[i].first = k->next;
            free(k);
        }
    }
    free(s);
}

uint8_t *upstream_shared_buffer(struct upstream_shared *s)
{
    return s->buffer;
}

static uint32_t size_of(size_t n)
{
    uint32_t size = 0;
    while (size < SIZES && ((size_t)FIRST_SIZE << (STEP_BITS * size)) < n)
        size++;
    return size;
}

struct upstream_kept *upstream_shared_keep(struct upstream_shared *s, bytes body)
{
    const uint32_t size = size_of(body.n);
    if (size >= SIZES) return NULL;
    struct free_list *list = &s->sizes[size];
    struct upstream_kept *k = list->first;
    if (k) {
        list->first = k->next;
        list->n--;
    } else {
        k = malloc(sizeof *k + ((size_t)FIRST_SIZE << (STEP_BITS * size)));
        if (!k) return NULL;
    }
    k->next = NULL;
    k->size = size;
    k->n = (uint32_t)body.n;
    if (body.n) memcpy(k->data, body.p, body.n);
    return k;
}

void upstream_shared_give(struct upstream_shared *s, struct upstream_kept *kept)
{
    if (!kept) return;
    struct free_list *list = &s->sizes[kept->size];
    if (list->n >= (size_t)UPSTREAM_KEEP_IDLE_MAX >> (STEP_BITS * kept->size)) {
        free(kept);
        return;
    }
    kept->next = list->first;
    list->first = kept;
    list->n++;
}
