/* A page of a sorted list of tokens. */
#pragma once

#include "api/token_filter.h"
#include "api/token_list.h"

/* On a work thread: into the answer's body, which was begun, and the Link header. The list is that of
 * the principal's scope. BAD_INPUT: a cursor of another list. */
MUST err token_sorted_write(struct http_request *rq, const struct token_filter *f,
                            const struct token_life *life);
