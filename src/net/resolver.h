/* Names to addresses, on a loop and without blocking it (c-ares). One resolver a loop. */
#pragma once

#include "loop/loop.h"
#include "net/address.h"

struct resolver;
struct resolve_query;

enum { RESOLVE_ADDRESSES_MAX = 16, RESOLVE_TRY_MS = 2000, RESOLVE_TRIES = 3 };

/* Embed; zero; fill `done`, which runs on the loop, never from inside resolver_start. */
struct resolve {
    void (*done)(struct loop *l, struct resolve *r, err e); /* NO_NODE: no such name, no answer */
    struct address addresses[RESOLVE_ADDRESSES_MAX];        /* without a port */
    size_t addresses_n;
    struct loop_timer arrival;
    struct resolver *resolver;
    struct resolve_query *query;
    err result;
};

MUST err resolver_new(struct loop *l, struct resolver **out);
/* Cancel what is under way first. */
void resolver_free(struct resolver *s);

void resolver_start(struct resolver *s, struct resolve *r, const char *name);
/* Then `done` does not run. Safe when nothing is under way. */
void resolver_cancel(struct resolve *r);
