/* The list pictures that there are: made when a page is asked for, kept current by what is committed,
 * and let go, the one used longest ago first, where their memory has a bound. */
#pragma once

#include "api/token_picture.h"
#include "model/change.h"

struct store;
struct token_pictures;

enum {
    TOKEN_PICTURES_SCOPES = 64,
    TOKEN_PICTURES_WAITING = 100000, /* changes of a scope that no page has asked about; then it is let go */
    TOKEN_PICTURES_TURN = 20000      /* tokens that are read from the store at once */
};

/* At most so much memory, without what answers under way still hold; 0: there are none. */
MUST err token_pictures_new(size_t bytes_max, struct token_pictures **out);
/* NULL is fine. */
void token_pictures_free(struct token_pictures *k);

/* Control, before the index has them: whoever reads the index's count of changes first, and then a
 * picture, lacks none of those. */
void token_pictures_changed(struct token_pictures *k, const struct change *changes, size_t n);

/* On a work thread: one turn of getting at a scope's picture. */
enum token_pictures_answer {
    TOKEN_PICTURES_READY, /* *out, held by the caller, is as current as anybody has been told */
    TOKEN_PICTURES_MORE,  /* it is being made; ask again */
    TOKEN_PICTURES_NONE   /* it would be too large, or cannot be made */
};
/* `tokens`: how many there are, more or less. */
enum token_pictures_answer token_pictures_turn(struct token_pictures *k, struct store *store,
                                               const struct uuid *scope, size_t tokens,
                                               struct token_picture **out);
size_t token_pictures_bytes(struct token_pictures *k);
