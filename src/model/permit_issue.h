/* The permit's constructor. Open to the gate alone (src/rooms.txt). */
#pragma once

#include "base/arena.h"
#include "model/permit.h"

/* In the arena; NULL when it refuses or n is over PERMIT_ASKS_MAX. Names are copied. */
const struct permit *permit_issue(struct arena *a, const struct principal *who,
                                  const struct ask *asks, size_t n);
/* A permit without a list, for a statement that was decided by cached bits; it covers nothing at the
 * store. Lives in the caller's storage of PERMIT_STATEMENT_SIZE bytes for one turn. */
enum { PERMIT_STATEMENT_SIZE = 192 };
const struct permit *permit_issue_statement(void *storage, const struct principal *who,
                                            uint64_t statement);
