/* What an audit trail says of records that a backup may hold: which were deleted, which changed. */
#pragma once

#include "audit/chain.h"
#include "model/record.h"

/* What the trail says of one record. */
struct restore_trace {
    enum record_kind kind;
    bool deleted;            /* else it was changed, and is looked at by somebody */
    bool unless_in_backup;   /* its id may have been there before and after: only what came later counts */
    uint64_t row;            /* of the store's outbox */
    size_t id_n;
    char id[RECORD_ID_MAX];
};

struct restore_traces {
    struct restore_trace *list;
    size_t n;
    size_t room;
    bool no_memory;
};

void restore_traces_take(struct restore_traces *t, const struct chain_record *record);
void restore_traces_drop(struct restore_traces *t);
