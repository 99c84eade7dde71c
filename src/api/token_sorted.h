/* A page of a sorted list of tokens. */
#pragma once

#include "api/token_filter.h"
#include "api/token_list.h"

struct token_sorting;

/* The list is that of the principal's scope; `f`, `life` and `scratch` live as long as the call.
 * BAD_INPUT: a cursor of another list. NO_MEMORY. */
MUST err token_sorted_begin(struct http_request *rq, const struct token_filter *f,
                            const struct token_life *life, struct wr *scratch,
                            struct token_sorting **out);
/* On a work thread: looks at some tokens more. When it has seen all, it writes the answer and its Link
 * header. */
MUST err token_sorted_turn(struct http_request *rq, struct token_sorting *s);
bool token_sorted_is_done(const struct token_sorting *s);
