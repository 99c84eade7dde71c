/* Counters and gauges: a block of atomics a thread, summed when somebody asks. */
#pragma once

#include "base/wr.h"

#include <stdatomic.h>

enum metric {
#define METRIC(id, name, type, help) METRIC_##id,
#include "base/metric.def"
#undef METRIC
    METRICS
};

/* This thread's block; made at first use and kept for ever. */
_Atomic int64_t *metric_block(void);

static inline void metric_add(enum metric m, int64_t n)
{
    _Atomic int64_t *cell = &metric_block()[m];
    atomic_store_explicit(cell, atomic_load_explicit(cell, memory_order_relaxed) + n,
                          memory_order_relaxed);
}

/* Sum over all threads. */
int64_t metric_read(enum metric m);
/* Prometheus text format 0.0.4. */
void metric_write(struct wr *w);
