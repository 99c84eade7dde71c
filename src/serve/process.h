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

/* Of `wanted` connections, as many as a share of the descriptors suffices for: strangers at one door leave
 * some for the other, for nodes, files, and the operator. Says in the log when it is less. */
enum { PROCESS_HTTP_SHARE = 4, PROCESS_HTTP_EACH = 3, PROCESS_CQL_SHARE = 2, PROCESS_CQL_EACH = 1 };
uint64_t process_afford(const struct process_state *state, const char *what, uint64_t wanted,
                        unsigned share, unsigned each);

/* sd_notify READY=1, RELOADING=1, STOPPING=1; nothing without a service manager. */
void process_notify(const char *state);
