/* Deciding: a line grants or denies (action, resource) only where the resource is of the action's
 * level; a deny of any role beats the allows of all (decisions 1.1 to 1.4). */
#include "policy/policy.h"

bool policy_decide(const struct role_set *set, const struct ask *ask)
{
    return set && role_set_allows(set, ask->action, &ask->on);
}

static bool has_action(const struct role *r, enum action action)
{
    for (size_t i = 0; i < r->policy.actions_n; i++) {
        if (r->policy.actions[i] == action) return true;
    }
    return false;
}

/* The role's first line that covers the target. */
static const struct resource *covering_line(const struct role *r, const struct uuid *scope,
                                            const struct resource *on)
{
    for (size_t i = 0; i < r->policy.resources_n; i++) {
        const struct resource line = role_resource(&r->policy.resources[i], scope);
        if (resource_covers(&line, on)) return &r->policy.resources[i];
    }
    return NULL;
}

static const struct role *role_at(const struct policy_subject *who, size_t i)
{
    if (i >= who->roles_n) return &who->drafts[i - who->roles_n];
    return snapshot_role_of(who->snapshot, &who->scope, who->enterprise, &who->roles[i]);
}

static struct verdict find_rule(const struct policy_subject *who, enum action action,
                                const struct resource *on, enum effect effect)
{
    for (size_t i = 0; i < who->roles_n + who->drafts_n; i++) {
        const struct role *r = role_at(who, i);
        if (!r || r->policy.effect != effect || !has_action(r, action)) continue;
        const struct resource *line = covering_line(r, &who->scope, on);
        if (line) return (struct verdict){effect == EFFECT_ALLOW, r, line};
    }
    return (struct verdict){0};
}

struct verdict policy_explain(const struct policy_subject *who, const struct ask *ask)
{
    const struct resource on = role_resource(&ask->on, &who->scope);
    const struct verdict nothing = {0};
    if (on.level != action_level(ask->action) || !uuid_eq(&on.scope, &who->scope)) return nothing;
    const struct verdict denied = find_rule(who, ask->action, &on, EFFECT_DENY);
    return denied.role ? denied : find_rule(who, ask->action, &on, EFFECT_ALLOW);
}
