/* Searching a trail, newest record first. */
#pragma once

#include "audit/chain.h"
#include "model/uuid.h"

enum {
    SEARCH_READ_MAX = 64 << 20 /* bytes of records that one call looks at; then it says where it was */
};

/* Empty and zero members are not asked. Names and ids are compared whole, `text` anywhere in the
 * record in any (ASCII) case. */
struct search_query {
    const struct uuid *scope; /* done in it, or by somebody of it; NULL: all */
    int64_t from_ns;          /* when it happened: at or after */
    int64_t until_ns;         /* before; 0: not asked */
    bytes actor;
    bytes subject;
    bytes event;              /* "token.create", or "token." for all that begin so */
    bytes outcome;
    bytes text;
    uint64_t before;          /* records with a lower sequence; 0: from the newest */
    size_t max;
};

struct search_end {
    size_t found;
    uint64_t last;            /* the lowest sequence that was looked at */
    bool more;                /* there are older records */
};

/* False ends it. Views are lent for the visit. */
typedef bool search_visit(void *owner, const struct chain_record *r);

/* Without a daemon too. AUDIT_BROKEN at a line that is no record; NOT_FOUND, IO, NO_MEMORY. */
MUST err search_run(const char *folder, const struct search_query *q, search_visit *visit,
                    void *owner, struct search_end *end, struct note *note);
