/* Checking a trail offline: finds an edited, removed, added or moved record, and a cut tail. */
#pragma once

#include "audit/chain.h"

struct verify_report {
    uint64_t records;
    uint64_t first;           /* sequence of the first record there is; 0: none */
    struct chain last;
    bool begins_later;        /* the first record is not the first of the chain: older files are gone */
};

/* `path`: the audit folder, or one file of it. `known`: a record that was seen before (its sequence and
 * hash) and must be there; NULL: the tail cannot be judged. AUDIT_BROKEN with what and where in the note;
 * NOT_FOUND, IO. */
MUST err verify_trail(const char *path, const struct chain *known, struct verify_report *out,
                      struct note *note);

/* The same, and `visit` sees every record that was found whole, in order. `torn_end`: an incomplete last
 * record, as a crash leaves it, is passed over. */
typedef void verify_visit(void *owner, const struct chain_record *r);
MUST err verify_each(const char *path, bool torn_end, verify_visit *visit, void *owner,
                     struct verify_report *out, struct note *note);
