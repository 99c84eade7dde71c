/* How many requests a second one caller may make, with a burst; shared by all HTTP loops. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

struct rate_limit;

/* Callers that are remembered; beyond it the one that owes least is forgotten, so that to be
 * forgotten by making others known costs as much as was owed. */
enum { RATE_LIMIT_SETS = 4096, RATE_LIMIT_WAYS = 4 };

/* `per_second` and `burst` of at least 1. NO_MEMORY. */
MUST err rate_limit_new(uint64_t per_second, uint64_t burst, struct rate_limit **out);
void rate_limit_free(struct rate_limit *r);
/* Counts one request of `caller`; false: too many, and *wait_ms says when one would pass. Any
 * thread; `now_ms` is monotonic. */
bool rate_limit_pass(struct rate_limit *r, bytes caller, uint64_t now_ms, uint64_t *wait_ms);
