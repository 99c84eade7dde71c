/* What the daemon asks of its own process: descriptors, no new privileges, no core dumps. */
#pragma once

#include <stdint.h>

/* What of it is in force, for `latchkey status`. */
struct process_state {
    uint64_t descriptors;      /* soft limit after it was raised */
    int no_new_privileges;
    int no_core_dumps;
};

struct process_state process_prepare(void);
/* sd_notify READY=1, RELOADING=1, STOPPING=1; nothing without a service manager. */
void process_notify(const char *state);
