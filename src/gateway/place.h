/* Which node gets a request: of those that may be used, the one with the fewest requests in flight.
 */
#pragma once

#include "gateway/worker.h"

enum place {
    PLACE_FOUND,
    PLACE_FULL, /* wait: the lane is served again when there is room, or none is left */
    PLACE_NONE  /* no node is connected, and none is expected at once */
};

/* `pinned` is taken when it is not NULL and has room. */
enum place place_choose(struct lane *lane, enum node_lane which, struct upstream *pinned,
                        struct upstream **out);
