/* What goes to a node: appended, then written, and for a little while still there, so that a
 * request whose statement the node has forgotten can be taken up again (decisions 7.1, 7.2).
 * Positions count every byte that was ever appended. */
#pragma once

#include "base/wr.h"

enum {
    OUTBOX_UNSENT_MAX = 24 * 1024 * 1024, /* never exceeded */
    OUTBOX_HISTORY = 128 * 1024,         /* at least so many of the bytes written last are there */
    OUTBOX_BUFFER_MAX = 1024 * 1024       /* a buffer above this is not kept */
};

struct outbox {
    struct wr now;      /* what was appended last, */
    size_t written_n;   /* how much of it was written, */
    uint64_t now_at;    /* and its position */
    struct wr former;   /* what was written before, */
    uint64_t former_at; /* and its position */
};

void outbox_init(struct outbox *o);
/* Empty, at position 0; the memory stays. */
void outbox_reset(struct outbox *o);
void outbox_drop(struct outbox *o);
/* Overwrites all that was written or appended. */
void outbox_wipe(struct outbox *o);

static inline bytes outbox_unsent(const struct outbox *o)
{
    return bytes_part(wr_view(&o->now), o->written_n, o->now.n);
}
static inline uint64_t outbox_appended(const struct outbox *o)
{
    return o->now_at + o->now.n;
}
static inline uint64_t outbox_written(const struct outbox *o)
{
    return o->now_at + o->written_n;
}
/* So many of the unsent bytes were written. */
void outbox_took(struct outbox *o, size_t n);
/* The n bytes that end at this position, lent until something is appended or written; empty when
 * they are not there any more. */
bytes outbox_recall(const struct outbox *o, uint64_t end_at, size_t n);
