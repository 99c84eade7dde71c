/* Role sets by number: interned, so that tokens of one scope with the same roles share one. Numbers
 * are never used again; a set that its roles' change makes anew keeps its number. */
#pragma once

#include "index/chunked.h"
#include "index/role_set.h"

struct role_sets {
    struct chunked sets;         /* of struct role_sets_item */
    uint32_t *buckets;           /* number + 1; the writer's, like what follows */
    size_t buckets_n;            /* a power of two */
};

bool role_sets_init(struct role_sets *t);
void role_sets_drop(struct role_sets *t);

/* Writer: the set of these roles (1 to ROLE_TOKEN_ROLES_MAX, or none), compiled now if it is new. */
MUST err role_sets_intern(struct role_sets *t, const struct snapshot *snapshot,
                          const struct uuid *scope, bool enterprise, const struct uuid *roles,
                          size_t n, uint64_t version, uint32_t *number);
/* Writer: compiles every set that contains the role again and tells of each. */
MUST err role_sets_refresh(struct role_sets *t, const struct snapshot *snapshot,
                           const struct uuid *role, uint64_t version, void *owner,
                           void (*changed)(void *owner, uint32_t number));
/* NULL for an unknown number. */
const struct role_set *role_sets_at(const struct role_sets *t, uint32_t number);
/* Writer: so many tokens more, or fewer, hold the set. */
void role_sets_count(struct role_sets *t, uint32_t number, int more);
/* Tokens that hold the role, in this scope or (NULL) in any; any reader. */
size_t role_sets_holders(const struct role_sets *t, const struct uuid *role,
                         const struct uuid *scope);
uint32_t role_sets_n(const struct role_sets *t);
size_t role_sets_bytes(const struct role_sets *t);
