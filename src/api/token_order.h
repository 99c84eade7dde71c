/* The order of a sorted page of tokens, and the places in it that are cursors. */
#pragma once

#include "api/token_filter.h"

enum {
    TOKEN_SORT_KEY = 64 /* bytes of a text by which is sorted; beyond them the client id decides */
};

/* A token's place in the order asked for: compare as bytes, then the client id. */
struct token_place_in_order {
    uint8_t key[TOKEN_SORT_KEY];
    size_t key_n;
    char client_id[TOKEN_CLIENT_ID];
};

void token_order_place(const struct token_filter *f, const struct record_token *t,
                       struct wr *scratch, struct token_place_in_order *out);
/* The keys of the two kinds of order. */
void token_order_key_number(struct token_place_in_order *p, int64_t v);
void token_order_key_text(struct token_place_in_order *p, bytes folded);
bool token_order_is_of_text(enum token_sort sort);
/* Below 0: `a` comes first, as the filter orders. */
int token_order_compare(const struct token_filter *f, const struct token_place_in_order *a,
                        const struct token_place_in_order *b);
/* The stored order: its cursors are client ids. */
static inline bool token_order_is_stored(const struct token_filter *f)
{
    return f->sort == TOKEN_SORT_ID && !f->descending;
}
/* A place as the cursor of a page, and back; one that is no place of this order is refused. */
void token_order_write_place(const struct token_filter *f, const struct token_place_in_order *p,
                             struct wr *w);
bool token_order_read_place(const struct token_filter *f, bytes text,
                            struct token_place_in_order *out);
