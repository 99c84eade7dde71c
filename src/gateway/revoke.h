/* A token's end at one worker: its sessions are marked at once, and the end is told when what had
 * been sent on before has reached the nodes. */
#pragma once

#include "base/list.h"

#include <stddef.h>
#include <stdint.h>

struct gateway_worker;
struct upstream;
struct uuid;

/* How far one connection must have come. */
struct revoke_mark {
    const struct upstream *up;
    uint64_t position;
};

/* Embedded; zero it, fill `done`. */
struct revoke {
    void (*done)(struct revoke *r); /* on the worker's thread, not from within revoke_begin */
    struct list link;
    struct revoke_mark *marks;
    size_t marks_n;
    uint64_t until_ms;
};

/* Sessions of the live word, and those of the database (zero: none) whose peer is outside of its access
 * list now. */
void revoke_begin(struct gateway_worker *w, struct revoke *r, uint32_t live,
                  const struct uuid *database);
/* Looks whose end can be told; at the end of a turn and every millisecond while any waits. */
void revoke_look(struct gateway_worker *w);
