/* Pages of a list of tokens that is sorted by something, where there is no picture of it. */
#pragma once

#include "api/token_shown.h"
#include "api/token_order.h"

struct token_sorting;

/* `after` NULL: from the start. What is lent must last as long as the request. NO_MEMORY. */
MUST err token_sorted_begin(struct http_request *rq, const struct token_filter *f,
                            const struct token_life *life, struct wr *scratch,
                            const struct token_place_in_order *after, struct token_sorting **out);
/* On a work thread: some more of the list; the last turn writes the answer. */
MUST err token_sorted_turn(struct http_request *rq, struct token_sorting *s);
bool token_sorted_is_done(const struct token_sorting *s);
