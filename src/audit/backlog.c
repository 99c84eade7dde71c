#include "audit/backlog.h"

#include "base/check.h"
#include "base/metric.h"

struct backlog backlog_of(size_t bytes_max)
{
    return (struct backlog){.events = wr_growing(bytes_max), .bytes_max = bytes_max};
}

bool backlog_add(struct backlog *b, bytes event, bool durable, bool only_durable, uint64_t now_ms)
{
    const size_t left = b->bytes_max - b->events.n;
    if (left < sizeof(uint32_t) || event.n > left - sizeof(uint32_t) || (only_durable && !durable)) {
        b->lost++;
        metric_add(METRIC_AUDIT_LOST, 1);
        return false;
    }
    wr_bytes32(&b->events, event);
    CHECK(!b->events.bad);
    const bool wake = !b->since_ms || (durable && !b->urgent);
    if (!b->since_ms) b->since_ms = now_ms + 1;
    b->urgent = b->urgent || durable;
    return wake;
}

struct backlog backlog_take(struct backlog *b)
{
    const struct backlog taken = *b;
    *b = backlog_of(taken.bytes_max);
    return taken;
}

bool backlog_next(struct rd *at, bytes *event)
{
    if (at->left.n == 0) return false;
    *event = rd_bytes32(at);
    return true;
}

uint64_t backlog_count(const struct backlog *b)
{
    struct rd at = rd_over(wr_view(&b->events));
    bytes event;
    uint64_t n = 0;
    while (backlog_next(&at, &event)) n++;
    return n;
}

void backlog_drop(struct backlog *b)
{
    wr_drop(&b->events);
}
