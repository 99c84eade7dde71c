/* A record held in memory: one block with everything it points at, shared by successive snapshots. */
#pragma once

#include "model/record.h"

struct held {
    uint64_t born;          /* version of the snapshot that it was made for */
    struct held *next;      /* on a list of those to be freed */
    size_t bytes;           /* of the block */
    struct record record;
};

/* A deep copy; NULL without memory. For listed kinds alone (record_is_listed). */
struct held *held_new(const struct record *from, uint64_t born);
void held_free(const struct record *r);
/* The block that a listed record is part of. */
struct held *held_of(const struct record *r);
