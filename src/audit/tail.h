/* The last records of a trail, for reading. */
#pragma once

#include "audit/chain.h"

/* False ends it. Views are lent for the visit. */
typedef bool tail_visit(void *owner, const struct chain_record *r, bytes line);

/* At most `max` records with a sequence above `after`, the newest ones, in order; a record that is being
 * written is left out. Without a daemon too. To follow: call again with the last sequence seen.
 * AUDIT_BROKEN at a line that is no record; NOT_FOUND, IO. */
MUST err tail_read(const char *folder, uint64_t after, size_t max, tail_visit *visit, void *owner,
                   struct note *note);
