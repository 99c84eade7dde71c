/* Requests that somebody might send: made of the route table and its shapes, and then broken. */
#pragma once

#include "api/route_facts.h"
#include "fuzz_random.h"

#include <jansson.h>

enum { POOL_MAX = 256, POOL_TEXT = 160 };

/* What earlier answers named, for later requests to ask for. */
struct pool {
    char text[POOL_MAX][POOL_TEXT];
    size_t n;
};

struct maker {
    struct random random;
    const char *token;        /* that may everything */
    const char *keep;         /* its client id, which is never deleted */
    const char *fenced;       /* the organization whose access list to the API is written, */
    const char *fenced_token; /* by one of its own, and by the operator, whom no list shuts out */
    const char *nowhere;      /* where no cluster listens */
    const char *door;         /* where a database may listen */
    struct pool ids;
    struct pool tokens;
};

struct request {
    struct wr bytes;
    bool head;
    bool odd;           /* may be answered with a closed connection alone */
    size_t route;
};

void request_make(struct maker *m, bool socket, struct request *out);
/* Keeps ids and tokens that an answer names. */
void request_learn(struct maker *m, const json_t *answer);
