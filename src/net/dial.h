/* Dialling: from "host and port" to a connected non-blocking socket, with one deadline for all of
 * it. */
#pragma once

#include "net/resolver.h"

/* Embed; zero; fill `done`. */
struct dial {
    /* Runs on the loop, never from inside dial_start. `fd` is yours when e is DONE (TCP_NODELAY
     * set). NO_NODE: no such name, refused by all its addresses; TIMED_OUT; IO. */
    void (*done)(struct loop *l, struct dial *d, err e, int fd);
    struct address peer; /* that was reached, or tried last */
    int last_errno;      /* of the last address that failed */
    struct loop *loop;
    struct resolve resolve;
    struct loop_io io;
    struct loop_timer deadline;
    struct loop_timer later;
    uint16_t port;
    size_t next; /* index into resolve.addresses */
    err result;
    bool busy;
};

/* `resolver` may be NULL when the host is a literal address. */
void dial_start(struct resolver *resolver, struct loop *l, struct dial *d, bytes host,
                uint16_t port, uint64_t timeout_ms);
void dial_start_address(struct loop *l, struct dial *d, const struct address *a,
                        uint64_t timeout_ms);
/* Then `done` does not run. Safe when nothing is under way. */
void dial_cancel(struct dial *d);
