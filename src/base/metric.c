#include "base/metric.h"

#include "base/check.h"

#include <stdlib.h>

struct block {
    struct block *next;
    _Atomic int64_t cells[METRICS];
};

static _Atomic(struct block *) blocks;
static _Thread_local struct block *own;

_Atomic int64_t *metric_block(void)
{
    if (!own) {
        own = calloc(1, sizeof *own);
        CHECK(own);
        own->next = atomic_load(&blocks);
        while (!atomic_compare_exchange_weak(&blocks, &own->next, own)) {
        }
    }
    return own->cells;
}

int64_t metric_read(enum metric m)
{
    int64_t sum = 0;
    for (struct block *b = atomic_load(&blocks); b; b = b->next) {
        sum += atomic_load_explicit(&b->cells[m], memory_order_relaxed);
    }
    return sum;
}

void metric_write(struct wr *w)
{
    static const struct {
        const char *name;
        const char *type;
        const char *help;
    } rows[METRICS] = {
#define COUNTER "counter"
#define GAUGE "gauge"
#define METRIC(id, name, type, help) [METRIC_##id] = {name, type, help},
#include "base/metric.def"
#undef METRIC
#undef COUNTER
#undef GAUGE
    };
    for (int m = 0; m < METRICS; m++) {
        wr_format(w, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", rows[m].name, rows[m].help,
                  rows[m].name, rows[m].type, rows[m].name,
                  (long long)metric_read((enum metric)m));
    }
}
