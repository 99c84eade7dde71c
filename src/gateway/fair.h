/* Whose turn it is when the nodes cannot take everything at once: deficit round robin over tokens,
 * and within a token over its clients. Pure: no clock, no I/O. */
#pragma once

#include "base/list.h"

#include <stdint.h>

/* A token with clients; embedded by its keeper. */
struct fair_token {
    struct list link;    /* among the tokens that wait */
    struct list clients; /* that wait */
    int64_t deficit;     /* bytes it may still send on in its turn; below zero it sits turns out */
};

/* A client; embedded in the session. */
struct fair_client {
    struct list link;
    struct fair_token *token;
    bool waits;
};

struct fair {
    struct list tokens;
    int64_t quantum; /* bytes a turn */
    size_t waiting;  /* clients */
};

void fair_init(struct fair *f, int64_t quantum);
void fair_token_init(struct fair_token *t);
void fair_client_init(struct fair_client *c, struct fair_token *token);

/* Puts the client at the end of its token's queue; nothing happens when it waits already. */
void fair_wait(struct fair *f, struct fair_client *c);
/* Takes it out, wherever it stands. */
void fair_leave(struct fair *f, struct fair_client *c);
/* The client whose turn it is, taken out of the queue, and how many bytes it may send on (at least
 * one; a whole request may go over). NULL when nobody waits. fair_used follows, unless the client
 * is gone. */
struct fair_client *fair_next(struct fair *f, int64_t *allowance);
/* What it sent on. With `again` it wanted to send more and waits anew. */
void fair_used(struct fair *f, struct fair_client *c, int64_t bytes_n, bool again);

static inline bool fair_is_empty(const struct fair *f)
{
    return f->waiting == 0;
}
