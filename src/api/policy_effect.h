/* What of a role grants and denies nothing (decisions 1.1): for whoever wonders. Pure. */
#pragma once

#include "model/role.h"

struct policy_no_effect {
    enum action action;          /* ACTIONS: it is about the line alone */
    const struct resource *line; /* NULL: about the action alone */
    const char *text;            /* for people */
    enum level level;            /* that is missing, or LEVELS */
};

/* False ends it. */
typedef bool policy_effect_visit(void *owner, const struct policy_no_effect *n);
void policy_effect_each(const struct role *role, const struct uuid *scope,
                        policy_effect_visit *visit, void *owner);
