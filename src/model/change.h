/* One change to the truth: as committed, fed to other nodes, indexed and audited. */
#pragma once

#include "model/permit.h"
#include "model/record.h"

enum change_verb { CHANGE_PUT, CHANGE_REMOVE };

/* What the record's version must be for the change to be done. */
#define CHANGE_ANY_VERSION UINT64_MAX
#define CHANGE_ABSENT UINT64_C(0)
/* Of REMOVE: whatever version, and what is gone already is as good. */
#define CHANGE_GONE_TOO (UINT64_MAX - 1)

struct change {
    enum change_verb verb;
    uint64_t expect;          /* one of these three, or the version last seen */
    struct ask by;            /* the pair that the permit must cover for this change */
    struct record record;     /* whole for PUT; for REMOVE the kind, the key and the scope */
};

enum { CHANGE_LIST_MAX = 1024 };
