/* How much of one queue a caller may hold at once, so that none keeps the others out. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

struct share;

/* Places that are counted; two callers who meet in one share its allowance, which strangers cannot
 * arrange. */
enum { SHARE_PLACES = 4096 };

/* Each caller holds at most `each_max`. NO_MEMORY. */
MUST err share_new(unsigned each_max, struct share **out);
void share_free(struct share *s);
/* TOO_MANY, or *place is to be given back. Any thread. */
MUST err share_take(struct share *s, bytes caller, size_t *place);
void share_give(struct share *s, size_t place);
