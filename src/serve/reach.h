/* Whether nodes accept connections, all tried at once. For threads that may block. */
#pragma once

#include "net/address.h"

enum { REACH_MAX = 64, REACH_WAIT_MS = 2000 };

struct reach {
    struct address to;
    int error; /* errno of the attempt; 0: it was connected */
};

/* At most REACH_MAX of them; the rest is left alone. Nothing is sent. */
void reach_try(struct reach *nodes, size_t n);
