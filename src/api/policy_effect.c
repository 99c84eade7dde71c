/* An action needs a line of its level, and a line an action. */
#include "api/policy_effect.h"

struct lines {
    bool own[LEVELS];  /* there is one of this level that can match */
    bool any_database; /* db:* */
};

static bool is_own(const struct resource *line, const struct uuid *scope)
{
    return line->own_scope || uuid_eq(&line->scope, scope);
}

static struct lines look_at(const struct policy *p, const struct uuid *scope)
{
    struct lines l = {.any_database = false};
    for (size_t i = 0; i < p->resources_n; i++) {
        const struct resource *line = &p->resources[i];
        if (!is_own(line, scope)) continue;
        l.own[line->level] = true;
        l.any_database = l.any_database || (line->level == LEVEL_DATABASE && line->id_any);
    }
    return l;
}

static bool tell_actions(const struct policy *p, const struct lines *l, policy_effect_visit *visit,
                         void *owner)
{
    const action_set all = role_actions(p);
    for (unsigned a = 0; a < ACTIONS; a++) {
        const enum action action = (enum action)a;
        const enum level level = action_level(action);
        struct policy_no_effect n = {.action = action, .level = LEVELS};
        if (!(all & action_bit(action))) continue;
        if (!l->own[level]) {
            n.text = "no effect here: the role has no resource of the level";
            n.level = level;
        } else if (action == ACTION_ORG_DB_CREATE && !l->any_database) {
            n.text = "no effect here: it is asked on db:*, and no resource says that";
        } else {
            continue;
        }
        if (!visit(owner, &n)) return false;
    }
    return true;
}

void policy_effect_each(const struct role *role, const struct uuid *scope,
                        policy_effect_visit *visit, void *owner)
{
    const struct policy *p = &role->policy;
    const struct lines l = look_at(p, scope);
    const action_set actions = role_actions(p);
    if (!tell_actions(p, &l, visit, owner)) return;
    for (size_t i = 0; i < p->resources_n; i++) {
        const struct resource *line = &p->resources[i];
        struct policy_no_effect n = {.action = ACTIONS, .line = line, .level = LEVELS};
        if (line->level == LEVEL_STREAM) {
            n.text = "no effect here: streams are accepted and never match";
        } else if (!is_own(line, scope)) {
            n.text = "no effect here: it belongs to somebody else";
        } else if (line->level != LEVEL_ROLE && !(actions & action_of_level(line->level))) {
            n.text = "no effect here: the role has no action of the level";
            n.level = line->level;
        } else {
            continue;
        }
        if (!visit(owner, &n)) return;
    }
}
