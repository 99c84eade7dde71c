/* How many connections each network has open: one stranger cannot take every place. */
#pragma once

#include "net/address.h"

/* Prefixes that count as one source. */
enum { SOURCE_V4_BITS = 32, SOURCE_V6_BITS = 64 };

struct source_limit;

/* `total_max` connections at once, `each_max` of one source; 0 for each_max: no limit of that kind.
 * For one thread. */
MUST err source_limit_new(size_t total_max, size_t each_max, struct source_limit **out);
void source_limit_free(struct source_limit *s);

/* Counts one more; TOO_MANY when that would be over a limit. Loopback has no limit but the total.
 */
MUST err source_limit_take(struct source_limit *s, const struct address *a);
/* Once for every take that succeeded. */
void source_limit_give(struct source_limit *s, const struct address *a);
size_t source_limit_open(const struct source_limit *s);
