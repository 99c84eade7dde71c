/* Traces that tokens were given: the only rows of system_traces that they may read (T21,
 * decisions 7.10). */
#pragma once

#include "cql/request.h"
#include "gateway/admit.h"

/* An answer with a tracing id goes to this session. */
void traces_note(struct session *s, const struct frame_header *h, bytes body);
/* Forwards a SELECT that asks for traces that this token was given; refuses every other. */
enum envelope_fate traces_answer(struct envelope *e, const struct statement *what,
                                 const struct request_params *params, const struct permit *permit,
                                 uint64_t number);
