/* The gateway as the control thread has it; for the files gateway*.c only. */
#pragma once

#include "gateway/gateway.h"
#include "gateway/worker.h"

#include <pthread.h>

struct gateway {
    struct gateway_options set;
    struct limit_clients clients;
    struct upstream_shared *shared; /* of the control thread */
    struct list doors;
    pthread_mutex_t doors_lock; /* the list is read by gateway_read_status */
    struct gateway_worker *workers;
    unsigned workers_n;
    struct loop_timer drain;
    void *drain_owner;
    void (*drained)(void *owner);
    uint64_t drain_until_ms;
};

/* NULL: it has no door. On the control thread, or under doors_lock. */
struct door *gateway_find_door(const struct gateway *g, const struct uuid *database);
