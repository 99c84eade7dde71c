/* The list picture of an organization or enterprise: its tokens by client id, in chunks. A version never
 * changes; the next one shares with it every chunk in which nothing has. Pure: any thread, by its
 * holders. */
#pragma once

#include "api/token_chunk.h"

struct token_picture {
    atomic_size_t holders;
    size_t bytes;  /* with the chunks, whoever else holds those */
    size_t tokens;
    size_t n;
    struct token_chunk *chunks[];
};

void token_picture_hold(struct token_picture *p);
/* NULL is fine. */
void token_picture_let_go(struct token_picture *p);

/* Tokens whose ids are smaller, or (with `itself`) the same. */
size_t token_picture_before(const struct token_picture *p, const char id[TOKEN_CLIENT_ID],
                            bool itself);

/* --- the first version: tokens in order of their ids, as they are read --- */

struct token_picture_draft;

/* NULL without memory. */
struct token_picture_draft *token_picture_begin(void);
/* Copies it. NO_MEMORY. */
MUST err token_picture_add(struct token_picture_draft *d, const struct record_token *t);
size_t token_picture_draft_bytes(const struct token_picture_draft *d);
/* Held by the caller; ends the draft, without memory too. NO_MEMORY. */
MUST err token_picture_finish(struct token_picture_draft *d, struct token_picture **out);
void token_picture_abandon(struct token_picture_draft *d);

/* --- the next version --- */

/* A token as it is now, or that it is gone. */
struct token_picture_change {
    struct token_picture_change *next;
    size_t bytes;  /* that it occupies */
    size_t order;  /* token_picture_apply's own */
    bool gone;
    struct record_token token; /* of one that is gone only its id */
};

/* The changes, oldest first; those of the past are harmless. `from` stays. Held by the caller.
 * NO_MEMORY. */
MUST err token_picture_apply(const struct token_picture *from, struct token_picture_change *changes,
                             struct token_picture **out);
