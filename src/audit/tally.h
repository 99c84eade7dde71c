/* Failures of nobody in particular, counted per event, address prefix and minute, so that strangers
 * cannot fill the disk. Not thread safe. */
#pragma once

#include "base/hash.h"
#include "model/ports.h"

enum { TALLY_ROWS = 1024, TALLY_PREFIX_MAX = 48, TALLY_NAME_MAX = 32 };

struct tally_row {
    char name[TALLY_NAME_MAX];
    char outcome[16];
    char prefix[TALLY_PREFIX_MAX];     /* "192.0.2.0/24", "2001:db8:1::/48", or what the peer is */
    uint64_t count;                    /* 0: free */
};

struct tally {
    int64_t minute;                    /* UTC, since 1970 */
    size_t used;
    struct hash_seed seed;
    struct tally_row rows[TALLY_ROWS + 1];    /* the last one counts what found no room */
};

/* Whether this event is to be counted instead of recorded. */
bool tally_wants(const struct event_draft *draft);
void tally_add(struct tally *t, const struct event_draft *draft, int64_t now_ms);
/* True when there is something and its minute is over. */
bool tally_is_due(const struct tally *t, int64_t now_ms);
/* Gives every row as a draft with a detail {"count":N}, and starts anew. */
void tally_flush(struct tally *t, void (*give)(void *owner, const struct event_draft *draft), void *owner);

/* The network part of "ADDRESS", "ADDRESS:PORT" or "[ADDRESS]:PORT": /24 of IPv4, /48 of IPv6 (mapped
 * IPv4 counts as IPv4); anything else as it is. */
void tally_prefix(const char *peer, char out[TALLY_PREFIX_MAX]);
