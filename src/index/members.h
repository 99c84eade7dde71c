/* What a person may in a scope, by membership: the compiled role set and the live word that ends when
 * the membership changes. An array in order of id, replaced whole; people are few beside tokens. */
#pragma once

#include "index/live_word.h"
#include "index/role_sets.h"

struct members_list;

struct members {
    _Atomic(struct members_list *) now;
};

struct member {
    struct uuid id;         /* of the membership */
    uint64_t version;       /* of its record */
    uint32_t role_set;
    uint32_t live;
};

/* When nobody reads any more. */
void members_drop(struct members *m);
/* False for a membership that is not there or not accepted yet; *out is a copy. */
bool members_find(const struct members *m, const struct uuid *id, struct member *out);
/* Writer: as the snapshot has them; what changed or went away ends. NO_MEMORY leaves all as it was. */
MUST err members_follow(struct members *m, const struct snapshot *s, struct role_sets *sets,
                        struct live_words *live, uint64_t version);
