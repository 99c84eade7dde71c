/* Tokens and what they made: counted, or revoked from the makers down. */
#pragma once

#include "api/api_call.h"

enum {
    TOKEN_TREE_MAX = 100000, /* that one call finds */
    TOKEN_TREE_SHOWN = 1000  /* that its answer names */
};

struct token_tree_wish {
    struct api_scope scope;
    struct ask by;    /* what the permit rests on */
    bytes maker;      /* client id, person's id or operator */
    bool with_maker;  /* the maker is a token of this scope and goes first */
    bool preview;     /* nothing is changed */
    bool show;        /* answers 200 with what was found, else 204 */
};

/* Suspends the request. Everything is copied but the permit. NO_MEMORY, TOO_MANY. */
MUST err token_tree_begin(struct http_request *rq, const struct token_tree_wish *wish,
                          const struct permit *permit);
