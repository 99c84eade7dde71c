#include "model/role.h"

#include "base/utf8.h"

#include <inttypes.h>

action_set role_actions(const struct policy *p)
{
    action_set set = 0;
    for (size_t i = 0; i < p->actions_n; i++) set |= action_bit(p->actions[i]);
    return set;
}

static err refuse_control(const char *field, bytes text, struct note *note)
{
    uint32_t control = 0;
    if (!utf8_is_valid(text) || !utf8_has_control(text, &control)) return DONE;
    return note_fail(note, FAIL(BAD_INPUT),
                     "%s has the control character U+%04" PRIX32 ", which people do not see; take it out",
                     field, control);
}

static err check_texts(const struct role *r, struct note *note)
{
    TRY(refuse_control("name", r->name, note));
    TRY(refuse_control("policy.description", r->policy.description, note));
    if (r->name.n == 0 || !utf8_is_plain(r->name, ROLE_NAME_MAX)) {
        return note_fail(note, FAIL(BAD_INPUT),
                         "name must be 1 to %d characters",
                         ROLE_NAME_MAX);
    }
    if (!utf8_is_plain(r->policy.description, ROLE_DESCRIPTION_MAX)) {
        return note_fail(note, FAIL(BAD_INPUT),
                         "policy.description must be at most %d characters",
                         ROLE_DESCRIPTION_MAX);
    }
    if (r->policy.actions_n > ROLE_ACTIONS_MAX) {
        return note_fail(note, FAIL(BAD_INPUT), "policy.actions: at most %d", ROLE_ACTIONS_MAX);
    }
    if (r->policy.resources_n > ROLE_RESOURCES_MAX) {
        return note_fail(note, FAIL(BAD_INPUT), "policy.resources: at most %d", ROLE_RESOURCES_MAX);
    }
    return DONE;
}

static err check_levels(const struct role *r, struct note *note)
{
    for (size_t i = 0; i < r->policy.actions_n; i++) {
        const enum action a = r->policy.actions[i];
        if ((action_level(a) == LEVEL_ENTERPRISE) == r->enterprise) continue;
        return note_fail(note, FAIL(BAD_INPUT), "policy.actions: %s is not for %s roles",
                         action_name(a), r->enterprise ? "enterprise" : "organization");
    }
    for (size_t i = 0; i < r->policy.resources_n; i++) {
        if ((r->policy.resources[i].level == LEVEL_ENTERPRISE) == r->enterprise) continue;
        return note_fail(note, FAIL(BAD_INPUT), "policy.resources: line %zu is not for %s roles",
                         i + 1, r->enterprise ? "enterprise" : "organization");
    }
    return DONE;
}

static bool has_level(const struct policy *p, enum level level)
{
    for (size_t i = 0; i < p->resources_n; i++) {
        if (p->resources[i].level == level) return true;
    }
    return false;
}

err role_check(const struct role *r, struct note *note)
{
    TRY(check_texts(r, note));
    TRY(check_levels(r, note));
    if (r->policy.effect != EFFECT_DENY) return DONE;
    for (size_t i = 0; i < r->policy.actions_n; i++) {
        const enum level level = action_level(r->policy.actions[i]);
        if (has_level(&r->policy, level)) continue;
        return note_fail(note, FAIL(BAD_INPUT),
                         "a deny of %s has no effect: policy.resources has no line of %s level",
                         action_name(r->policy.actions[i]), level_name(level));
    }
    return DONE;
}

/* Everything that `to` names is among what `from` names. */
static bool names_all_of(const struct policy *from, const struct policy *to)
{
    if (role_actions(to) & ~role_actions(from)) return false;
    for (size_t i = 0; i < to->resources_n; i++) {
        bool covered = false;
        for (size_t k = 0; k < from->resources_n && !covered; k++)
            covered = resource_covers(&from->resources[k], &to->resources[i]);
        if (!covered) return false;
    }
    return true;
}

bool role_widens(const struct role *before, const struct role *after)
{
    const bool denied = before->policy.effect == EFFECT_DENY;
    if (!after) return denied;
    if (denied != (after->policy.effect == EFFECT_DENY)) return denied;
    return denied ? !names_all_of(&after->policy, &before->policy)
                  : !names_all_of(&before->policy, &after->policy);
}

struct resource role_resource(const struct resource *line, const struct uuid *scope)
{
    struct resource r = *line;
    if (r.own_scope) {
        r.own_scope = false;
        r.scope = *scope;
    }
    return r;
}

static bool copy_resources(struct arena *a, const struct policy *from, struct policy *to)
{
    struct resource *lines = arena_take_array(a, from->resources_n, sizeof *lines);
    if (!lines && from->resources_n) return false;
    for (size_t i = 0; i < from->resources_n; i++) {
        lines[i] = from->resources[i];
        lines[i].keyspace = arena_copy(a, lines[i].keyspace);
        lines[i].table = arena_copy(a, lines[i].table);
    }
    to->resources = lines;
    return !a->bad;
}

bool role_copy(struct arena *a, const struct role *from, struct role *to)
{
    struct role r = *from;
    r.name = arena_copy(a, from->name);
    r.updated_by = arena_copy(a, from->updated_by);
    r.policy.description = arena_copy(a, from->policy.description);
    enum action *actions = arena_take_array(a, from->policy.actions_n, sizeof *actions);
    if (a->bad) return false;
    if (from->policy.actions_n) {
        memcpy(actions, from->policy.actions, from->policy.actions_n * sizeof *actions);
    }
    r.policy.actions = actions;
    if (!copy_resources(a, &from->policy, &r.policy)) return false;
    *to = r;
    return true;
}
