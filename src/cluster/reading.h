/* One reading of a cluster's system tables over a control connection: queries out, a picture
 * back. */
#pragma once

#include "cluster/picture.h"
#include "upstream/upstream.h"

enum { READING_PARTS_MAX = 24, READING_PAGE = 2000 };

/* One query of it; the owner of its slot. */
struct reading_part {
    struct reading *reading;
    unsigned row;    /* of the table of queries */
};

struct reading {
    struct upstream *up;
    struct picture *picture;
    uint32_t number;         /* of this reading; answers to older ones are ignored */
    unsigned outstanding;
    bool running;
    err failed;
    char role[256];          /* of the gateway, for its own grants */
    struct reading_part parts[READING_PARTS_MAX];
    /* Not from within reading_start. The picture is handed over; NULL with an error. */
    void (*done)(struct reading *r, err e, struct picture *p);
};

/* Sends all queries. Slots carry `kind` in their statement field, reading.number in generation.
 * Errors: NO_MEMORY, NOT_READY; then `done` does not run. */
MUST err reading_start(struct reading *r, struct upstream *up, uint32_t kind);
/* An answer to a slot of that kind. */
void reading_reply(struct reading *r, const struct upstream_slot *slot,
                   const struct frame_header *h, bytes body);
/* The connection is lost; `done` does not run. */
void reading_cancel(struct reading *r);
