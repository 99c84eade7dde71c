/* A ring under a lock: tracing is rare. */
#include "gateway/traces_given.h"

#include <stdlib.h>

err traces_given_init(struct traces_given *t)
{
    *t = (struct traces_given){0};
    t->list = calloc(TRACES_GIVEN_KEPT, sizeof *t->list);
    if (!t->list) return FAIL(NO_MEMORY);
    pthread_mutex_init(&t->lock, NULL);
    return DONE;
}

void traces_given_drop(struct traces_given *t)
{
    if (!t->list) return;
    free(t->list);
    t->list = NULL;
    pthread_mutex_destroy(&t->lock);
}

void traces_given_add(struct traces_given *t, const struct principal *who, const struct uuid *id)
{
    pthread_mutex_lock(&t->lock);
    t->list[t->next] = (struct trace_given){*id, who->live_word, who->live};
    t->next = (t->next + 1) % TRACES_GIVEN_KEPT;
    pthread_mutex_unlock(&t->lock);
}

bool traces_given_has(struct traces_given *t, const struct principal *who, const struct uuid *id)
{
    bool found = false;
    if (uuid_is_zero(id)) return false;
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < TRACES_GIVEN_KEPT && !found; i++) {
        const struct trace_given *g = &t->list[i];
        found = uuid_eq(&g->id, id) && g->live == who->live && g->live_word == who->live_word;
    }
    pthread_mutex_unlock(&t->lock);
    return found;
}
