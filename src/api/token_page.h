/* A page of a list of tokens that is filtered or sorted, with how many there are in all: from the scope's
 * picture, or where that would be too large by reading the store through once. */
#pragma once

#include "api/token_shown.h"
#include "api/token_order.h"

struct token_paging;

/* What is lent must last as long as the request. BAD_INPUT: the cursor is no place of this order. */
MUST err token_page_begin(struct http_request *rq, const struct token_filter *f,
                          const struct token_life *life, struct wr *scratch, size_t tokens,
                          struct token_paging **out);
/* On a work thread, one turn; the last one writes the answer. */
MUST err token_page_turn(struct http_request *rq, struct token_paging *p);
bool token_page_is_done(const struct token_paging *p);
/* X-Latchkey-Total. */
void token_page_total(struct http_request *rq, size_t n);
