/* The backlog: events that wait for the writer, up to so many bytes; what finds no room is counted.
 * Not thread safe. */
#pragma once

#include "base/rd.h"
#include "base/wr.h"

struct backlog {
    struct wr events;        /* u32 length and JSON, again and again */
    size_t bytes_max;
    bool urgent;             /* a durable event is among them */
    uint64_t since_ms;       /* monotonic, when the first of them came; 0: there is none */
    uint64_t lost;
};

struct backlog backlog_of(size_t bytes_max);
/* True when the writer has to be woken: it is the first, or the first that is durable. `only_durable`:
 * there is no room on the disk for others. */
bool backlog_add(struct backlog *b, bytes event, bool durable, bool only_durable, uint64_t now_ms);
/* Hands over what waits and begins anew. */
struct backlog backlog_take(struct backlog *b);
/* The next event of a backlog that is read from its start; false at the end. */
bool backlog_next(struct rd *at, bytes *event);
uint64_t backlog_count(const struct backlog *b);
void backlog_drop(struct backlog *b);
