/* A role set: the roles that tokens of one scope share, compiled so that a question is a handful of
 * look-ups. A pattern's shape says which of its components are `*`; the shapes that occur at a level
 * are each looked up once. Entries are ordered, not hashed: no choice of names makes them slow, and
 * most sets have fewer than a dozen. Immutable; replaced whole when one of its roles changes. */
#pragma once

#include "index/grace.h"
#include "index/snapshot.h"

struct role_set_entry;

struct role_set {
    struct grace grace;
    uint32_t number;
    uint64_t version;               /* of the index when this was compiled: rises with every change */
    struct uuid scope;
    bool enterprise;
    const struct uuid *roles;       /* ascending, each once; dangling ids are kept */
    size_t roles_n;
    const struct role_set_entry *entries;
    size_t entries_n;
    uint8_t shapes[LEVELS];         /* bit s: a pattern of shape s occurs at this level */
    bool denies;                    /* some entry denies something */
    size_t bytes;                   /* that it occupies */
};

/* The actions of the resource's level that are allowed on it: allowed by some role, denied by none.
 * A component that is `any` in the question is covered only by `*` (decisions 1.4). */
action_set role_set_allowed(const struct role_set *s, const struct resource *on);
/* The actions of its level that are denied on all that it stands for. */
action_set role_set_denied(const struct role_set *s, const struct resource *on);
/* False, too, where the resource is not of the action's level (decisions 1.1). */
bool role_set_allows(const struct role_set *s, enum action action, const struct resource *on);
/* The actions that are denied on something that the pattern stands for. */
action_set role_set_denied_within(const struct role_set *s, const struct resource *pattern);
/* The actions that are allowed on all that the pattern stands for, and denied on nothing of it: what
 * the ceiling calls held (decisions 1.6). */
action_set role_set_held(const struct role_set *s, const struct resource *pattern);
/* Whether the action is allowed on some resource of its level, known or not (decisions 1.5). */
bool role_set_allows_anywhere(const struct role_set *s, enum action action);
/* The actions of all levels that are allowed on some resource. */
action_set role_set_allowed_somewhere(const struct role_set *s);
/* The table actions that are allowed on some table of the keyspace, existing or not. */
action_set role_set_in_keyspace(const struct role_set *s, const struct uuid *database,
                                bytes keyspace);

/* --- building --- */

/* Roles that the snapshot lacks, foreign ones and those of the wrong level give nothing. `roles` in
 * any order. NO_MEMORY. */
MUST err role_set_compile(const struct snapshot *snapshot, const struct uuid *scope, bool enterprise,
                          const struct uuid *roles, size_t n, uint32_t number, uint64_t version,
                          struct role_set **out);
/* The same with roles besides that nobody has (yet), for asking what they would do; never published. */
MUST err role_set_compile_drafts(const struct snapshot *snapshot, const struct uuid *scope,
                                 bool enterprise, const struct uuid *roles, size_t n,
                                 const struct role *drafts, size_t drafts_n,
                                 struct role_set **out);
void role_set_free(struct role_set *s);
/* Frees it after a grace period. */
void role_set_retire(struct role_set *s);
/* Orders ids and drops repeated ones; returns how many are left. */
size_t role_set_order(struct uuid *roles, size_t n);
