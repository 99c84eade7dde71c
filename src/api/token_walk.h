/* Once over all tokens of a scope, in order of their client ids, a turn at a time on work threads: by its
 * list picture, or by the store where there is none. */
#pragma once

#include "api/api.h"
#include "api/token_chunk.h"

enum {
    TOKEN_WALK_ROWS = 20000,    /* of the store, in one turn */
    TOKEN_WALK_PICTURE = 100000 /* tokens of a picture, more or less: at the dearest no longer than those */
};

/* Whichever of the two is asked: the one about a chunk of tokens from a row on, or the one about a token.
 * False ends it. */
struct token_walk_eyes {
    bool (*chunk)(void *owner, const struct token_chunk *c, size_t from);
    bool (*token)(void *owner, const struct record_token *t);
};

struct token_walk {
    const struct token_walk_eyes *eyes;
    void *owner; /* theirs */
    struct uuid scope;
    size_t tokens; /* more or less */
    bool from_store;
    bool done;
    char last[TOKEN_CLIENT_ID];
    size_t last_n;
    size_t rows; /* of this turn */
    bool enough;
};

/* Within a read section. */
struct token_walk token_walk_of(const struct api *api, const struct uuid *scope, bool enterprise,
                                const struct token_walk_eyes *eyes, void *owner);
/* On a work thread, outside of read sections, again and again until it is `done`. */
MUST err token_walk_turn(struct token_walk *w, const struct api *api);
