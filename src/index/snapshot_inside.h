/* What a snapshot is made of: listings, one a kind of record. For snapshot*.c alone. */
#pragma once

#include "index/grace.h"
#include "index/listing.h"
#include "index/snapshot.h"

struct snapshot {
    struct grace grace;
    uint64_t version;
    struct listing *kind[RECORD_KINDS_END];      /* NULL: empty */
    struct listing *dead[RECORD_KINDS_END];      /* to be freed with it */
    struct held *dead_records;
};
