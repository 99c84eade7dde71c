/* Which traces were given to whom; shared by all workers of a door, for a client may ask on another
 * connection than the traced one. Thread safe. */
#pragma once

#include "base/err.h"
#include "model/principal.h"

#include <pthread.h>

enum { TRACES_GIVEN_KEPT = 4096 }; /* the oldest is forgotten first */

struct trace_given {
    struct uuid id;
    uint64_t live_word; /* of the token */
    uint32_t live;
};

struct traces_given {
    pthread_mutex_t lock;
    struct trace_given *list;
    size_t next;
};

MUST err traces_given_init(struct traces_given *t);
void traces_given_drop(struct traces_given *t);
void traces_given_add(struct traces_given *t, const struct principal *who, const struct uuid *id);
bool traces_given_has(struct traces_given *t, const struct principal *who, const struct uuid *id);
