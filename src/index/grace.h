/* Freeing what readers may still look at: after a grace period, on liburcu's own thread. */
#pragma once

#include <stdbool.h>
#include <urcu/urcu-memb.h>

/* Embed it in what is published and later replaced. */
struct grace {
    struct rcu_head head;
    void (*drop)(struct grace *g);
};

/* From a registered thread: `drop` runs once nobody can be reading any more. */
void grace_call(struct grace *g, void (*drop)(struct grace *g));
/* Waits until everything handed over so far has been dropped. Never on a loop. */
void grace_wait(void);
