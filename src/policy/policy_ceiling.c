/* The ceiling: nobody hands out what they do not hold (decisions 1.6), but by delegation (1.7).
 *
 * What a role grants is its pairs (action, resource) of one level within its holder's scope. Patterns
 * are compared as patterns: `*` is held only by who holds `*`. */
#include "policy/policy.h"

static const action_set exempt =
    UINT64_C(1) << ACTION_ORG_READ | UINT64_C(1) << ACTION_ORG_USER_READ |
    UINT64_C(1) << ACTION_ORG_DB_VIEW | UINT64_C(1) << ACTION_ACCESSLIST_READ;

bool policy_is_exempt(enum action action)
{
    return exempt & action_bit(action);
}

static const struct role *role_at(const struct policy_subject *who, size_t i)
{
    return snapshot_role_of(who->snapshot, &who->scope, who->enterprise, &who->roles[i]);
}

/* The pairs of one line: its actions of the line's level, none when the line can never match. */
static action_set line_actions(const struct role *role, const struct resource *line,
                               const struct uuid *scope)
{
    if (!uuid_eq(&line->scope, scope)) return 0;
    return role_actions(&role->policy) & action_of_level(line->level);
}

/* The actions that the role grants (or denies, by `effect`) on all that `target` stands for. */
static action_set role_covers(const struct role *role, enum effect effect, const struct uuid *scope,
                              const struct resource *target)
{
    action_set got = 0;
    if (!role || role->policy.effect != effect) return 0;
    for (size_t i = 0; i < role->policy.resources_n; i++) {
        const struct resource line = role_resource(&role->policy.resources[i], scope);
        if (resource_covers(&line, target)) got |= line_actions(role, &line, scope);
    }
    return got;
}

bool policy_holds(const struct policy_subject *caller, enum action action,
                  const struct resource *pattern)
{
    const struct resource on = role_resource(pattern, &caller->scope);
    return on.level == action_level(action) &&
           role_set_held(caller->set, &on) & action_bit(action);
}

static enum action first_of(action_set set)
{
    return (enum action)__builtin_ctzll(set);
}

/* Every pair of `role` that `known` (may be NULL) does not have with the same effect is held. */
static bool holds_pairs(const struct policy_subject *caller, const struct role *role,
                        const struct role *known, struct policy_lack *lack)
{
    for (size_t i = 0; i < role->policy.resources_n; i++) {
        const struct resource line = role_resource(&role->policy.resources[i], &caller->scope);
        const action_set pairs = line_actions(role, &line, &caller->scope) & ~exempt;
        action_set missing = pairs ? pairs & ~role_set_held(caller->set, &line) : 0;
        if (missing) missing &= ~role_covers(known, role->policy.effect, &caller->scope, &line);
        if (!missing) continue;
        *lack = (struct policy_lack){first_of(missing), line};
        return false;
    }
    return true;
}

/* --- delegation --- */

static bool is_delegation_line(const struct resource *line, const struct uuid *scope)
{
    return line->level == LEVEL_ROLE && uuid_eq(&line->scope, scope);
}

static bool role_has_line(const struct role *role, enum effect effect, const struct uuid *scope,
                          const struct resource *target)
{
    if (!role || role->policy.effect != effect) return false;
    for (size_t i = 0; i < role->policy.resources_n; i++) {
        const struct resource line = role_resource(&role->policy.resources[i], scope);
        if (line.level != LEVEL_ROLE) continue;
        if (effect == EFFECT_DENY ? resource_meets(&line, target)
                                  : resource_covers(&line, target)) {
            return true;
        }
    }
    return false;
}

/* The caller holds the delegation line itself. A deny role's line takes delegation away. */
static bool holds_line(const struct policy_subject *caller, const struct resource *target)
{
    bool has = false;
    for (size_t i = 0; i < caller->roles_n; i++) {
        const struct role *r = role_at(caller, i);
        if (role_has_line(r, EFFECT_DENY, &caller->scope, target)) return false;
        has = has || role_has_line(r, EFFECT_ALLOW, &caller->scope, target);
    }
    return has;
}

static bool holds_all_grants(const struct policy_subject *caller, const struct role *role)
{
    struct policy_lack ignored;
    return role->policy.effect == EFFECT_DENY || holds_pairs(caller, role, NULL, &ignored);
}

struct every_role {
    const struct policy_subject *caller;
    bool all;
};

static bool visit_grants(void *owner, const struct role *role)
{
    struct every_role *e = owner;
    e->all = holds_all_grants(e->caller, role);
    return e->all;
}

/* The line itself, or all grants of its target; of every role for `*`. A role that is not there (yet
 * or any more) has no grants to hold: only the line will do. */
static bool may_give_line(const struct policy_subject *caller, const struct resource *line)
{
    if (holds_line(caller, line)) return true;
    if (line->id_any) {
        struct every_role e = {caller, true};
        snapshot_each_role(caller->snapshot, &caller->scope, caller->enterprise, visit_grants, &e);
        return e.all;
    }
    const struct role *target =
        snapshot_role_of(caller->snapshot, &caller->scope, caller->enterprise, &line->id);
    return target && holds_all_grants(caller, target);
}

static bool may_give_lines(const struct policy_subject *caller, const struct role *role,
                           const struct role *known, struct policy_lack *lack)
{
    if (role->policy.effect == EFFECT_DENY) return true;
    for (size_t i = 0; i < role->policy.resources_n; i++) {
        const struct resource line = role_resource(&role->policy.resources[i], &caller->scope);
        if (!is_delegation_line(&line, &caller->scope)) continue;
        if (role_has_line(known, EFFECT_ALLOW, &caller->scope, &line)) continue;
        if (may_give_line(caller, &line)) continue;
        *lack = (struct policy_lack){ACTIONS, line};
        return false;
    }
    return true;
}

static bool still_denies(const struct role *role, const struct resource *target,
                         const struct uuid *scope)
{
    if (!role || role->policy.effect != EFFECT_DENY) return false;
    for (size_t i = 0; i < role->policy.resources_n; i++) {
        const struct resource line = role_resource(&role->policy.resources[i], scope);
        if (line.level == LEVEL_ROLE && resource_covers(&line, target)) return true;
    }
    return false;
}

/* A delegation that a deny takes away comes back when its line goes: only who may give it may lift
 * it. */
static bool may_lift_lines(const struct policy_subject *caller, const struct role *before,
                           const struct role *after, struct policy_lack *lack)
{
    for (size_t i = 0; i < before->policy.resources_n; i++) {
        const struct resource line = role_resource(&before->policy.resources[i], &caller->scope);
        if (!is_delegation_line(&line, &caller->scope)) continue;
        if (still_denies(after, &line, &caller->scope) || may_give_line(caller, &line)) continue;
        *lack = (struct policy_lack){ACTIONS, line};
        return false;
    }
    return true;
}

/* No deny of the caller meets what the role grants. */
static bool is_free_of_denies(const struct policy_subject *caller, const struct role *role)
{
    for (size_t i = 0; i < role->policy.resources_n; i++) {
        const struct resource line = role_resource(&role->policy.resources[i], &caller->scope);
        const action_set pairs = line_actions(role, &line, &caller->scope);
        if (pairs & role_set_denied_within(caller->set, &line)) return false;
    }
    return true;
}

static bool is_delegated(const struct policy_subject *caller, const struct role *role,
                         enum action delegating)
{
    if (caller->enterprise) return false;
    const struct resource organization = resource_organization(&caller->scope);
    const struct resource line = resource_role(&caller->scope, &role->id);
    return holds_line(caller, &line) &&
           policy_explain(caller, &(struct ask){delegating, organization}).allowed &&
           is_free_of_denies(caller, role);
}

bool policy_may_hand_out(const struct policy_subject *caller, const struct role *role,
                         enum action delegating, struct policy_lack *lack)
{
    if (role->policy.effect == EFFECT_DENY) return true;
    if (!is_delegated(caller, role, delegating) && !holds_pairs(caller, role, NULL, lack)) {
        return false;
    }
    return may_give_lines(caller, role, NULL, lack);
}

bool policy_may_change(const struct policy_subject *caller, const struct role *before,
                       const struct role *after, struct policy_lack *lack)
{
    if (after && after->policy.effect == EFFECT_ALLOW) {
        if (!holds_pairs(caller, after, before, lack)) return false;
        if (!may_give_lines(caller, after, before, lack)) return false;
    }
    if (!before || before->policy.effect != EFFECT_DENY) return true;
    return holds_pairs(caller, before, after, lack) &&
           may_lift_lines(caller, before, after, lack);
}
