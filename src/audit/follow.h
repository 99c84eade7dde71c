/* Reading a trail forward from where one was, record by record, however often it is asked. */
#pragma once

#include "audit/lines.h"
#include "model/uuid.h"

enum { FOLLOW_READ_MAX = 4 << 20 /* bytes of records that one call looks at */ };

/* Right after record `seq`. The file (by its first record) and the offset are only remembered: zero is
 * looked for. */
struct follow_place {
    uint64_t seq;
    uint64_t file;
    uint64_t offset;
};

/* False: this one is not taken, and the place stays before it. Views are lent for the visit. */
typedef bool follow_visit(void *owner, const struct chain_record *r, bytes line);

struct follow {
    const char *folder;
    const struct uuid *scope;   /* only what is of this organization; NULL: all */
    uint64_t last;              /* up to this record */
    follow_visit *visit;
    void *owner;
    struct lines *room;         /* lent; large */
};

/* Records that are not there, for their files are gone. */
struct follow_gap {
    uint64_t records;
    uint64_t before;   /* the record that is there again; of several gaps, of the last one */
};

/* Moves `at` behind what was visited or passed over; up to f->last, unless a visit ends it or there is much
 * to read: then call again.
 * AUDIT_BROKEN at a line that is no record; NOT_FOUND, IO. */
MUST err follow_read(const struct follow *f, struct follow_place *at, struct follow_gap *missing, struct note *note);
