/* Sweeping: marks of tokens that were deleted and databases that were unregistered long ago, and of requests that
 * may be carried out again, leave the store. */
#pragma once

#include "loop/work.h"

struct gate;
struct store;
struct sweep;

enum {
    SWEEP_FIRST_MS = 60 * 1000,       /* after the start */
    SWEEP_EVERY_MS = 3600 * 1000,
    SWEEP_DAYS = 30,                  /* so long a repeated DELETE is answered like the first, and a database
                                         is seen to be TERMINATED */
    SWEEP_BATCH = 256                 /* marks a transaction */
};

/* Begins on the control loop; everything is borrowed. */
MUST err sweep_new(struct loop *control, struct work *work, struct gate *gate, struct store *store,
                   struct sweep **out);
/* One sweep now, as if it were `now_ms` (UTC): of what was deleted more than SWEEP_DAYS before, and of
 * what has ended. */
void sweep_start(struct sweep *s, int64_t now_ms);
/* Turns the loop until what is under way has ended. NULL is fine. */
void sweep_free(struct sweep *s);
