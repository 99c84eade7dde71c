/* A page of a list picture: the first so many tokens that a filter takes, in its order, behind a place in
 * it, and how many it takes in all. Pure. */
#pragma once

#include "api/token_match.h"
#include "api/token_order.h"
#include "api/token_picture.h"

struct token_pick {
    uint64_t key; /* the number by which is sorted, or the first eight bytes of the text */
    const struct token_chunk *chunk;
    uint32_t row;
    uint32_t number; /* in the picture: ids are in the order of numbers */
};

struct token_selection {
    struct token_pick *picks; /* in order */
    size_t n;
    size_t total;
    bool more;                /* there are others behind them */
};

/* `room` is for one more than the filter's page; `after` NULL: from the start. */
void token_select(const struct token_picture *p, const struct token_filter *f,
                  const struct token_life *life, const struct token_place_in_order *after,
                  struct token_pick *room, struct token_selection *out);
/* Of a pick, for a cursor. */
void token_select_place(const struct token_filter *f, const struct token_pick *pick,
                        struct token_place_in_order *out);

/* All that the filter takes, in order of their ids, behind this one (NULL: from the start); false ends it.
 * True: it went to the end. */
typedef bool token_select_visit(void *owner, const struct record_token *t);
bool token_select_each(const struct token_picture *p, const struct token_filter *f,
                       const struct token_life *life, const struct token_place_in_order *after,
                       token_select_visit *visit, void *owner);
