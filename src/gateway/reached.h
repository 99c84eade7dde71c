/* Which nodes of a cluster have a connection now, by host id: one worker writes, any thread asks. */
#pragma once

#include "base/bytes.h"

#include <pthread.h>

enum { REACHED_MAX = 1024, REACHED_ID = 16 };

struct reached {
    pthread_mutex_t lock;
    size_t n;
    uint8_t ids[REACHED_MAX][REACHED_ID];
};

void reached_init(struct reached *r);
void reached_drop(struct reached *r);
/* Instead of what was there before; at most REACHED_MAX, one behind the other. */
void reached_set(struct reached *r, const uint8_t *ids, size_t n);
bool reached_has(struct reached *r, const uint8_t id[REACHED_ID]);
