/* The evaluator: may a principal do this, by which rule, and may it hand this out? Pure: a snapshot
 * and roles come in, verdicts go out; what it cannot place is denied. */
#pragma once

#include "index/role_set.h"
#include "model/permit.h"

/* Whose permissions are asked about. */
struct policy_subject {
    const struct snapshot *snapshot;
    struct uuid scope;               /* organization or enterprise */
    bool enterprise;
    const struct uuid *roles;        /* in the holder's order; dangling ids give nothing */
    size_t roles_n;
    const struct role *drafts;       /* besides, roles that nobody has yet; for explaining only */
    size_t drafts_n;
    const struct role_set *set;      /* of the same roles; the ceiling needs it, explaining does not */
};

struct verdict {
    bool allowed;
    const struct role *role;         /* that decided; NULL: nothing allows it. Lent by the snapshot */
    const struct resource *line;     /* of that role, as written */
};

/* The fast answer, from the compiled set. NULL set: denied. */
bool policy_decide(const struct role_set *set, const struct ask *ask);
/* The same answer with the rule that made it: the first denying line of the first role that denies,
 * else the first allowing line of the first role that allows (decisions 1.1, 1.3). */
struct verdict policy_explain(const struct policy_subject *who, const struct ask *ask);

/* --- the ceiling (decisions 1.6 to 1.8) --- */

/* The first thing that a caller lacks. */
struct policy_lack {
    enum action action;              /* ACTIONS: a delegation line is lacking */
    struct resource on;
};

/* The caller may hand out `role` within its own scope: it holds every pair that the role grants, or
 * the role was delegated to it; and it holds every delegation line of the role, or what lies behind
 * it. `delegating` is the action that delegation rests on (ORG_TOKEN_WRITE or ORG_USER_WRITE). */
bool policy_may_hand_out(const struct policy_subject *caller, const struct role *role,
                         enum action delegating, struct policy_lack *lack);
/* The caller may turn `before` (NULL: nothing) into `after` (NULL: nothing): it holds every pair that
 * this adds, and every pair of a deny that this weakens. */
bool policy_may_change(const struct policy_subject *caller, const struct role *before,
                       const struct role *after, struct policy_lack *lack);
/* Caller holds the pair: an allow covers it as a pattern and no deny meets it. */
bool policy_holds(const struct policy_subject *caller, enum action action,
                  const struct resource *pattern);
/* Reading rights that the ceiling does not compare (decisions 1.6). */
bool policy_is_exempt(enum action action);
