/* What to do so that a verdict becomes the other one: which role to change, and how. */
#include "gate/gate_room.h"

#include <stdio.h>

enum { NAMED_MAX = 3, NAME_MAX = 64, LINE_MAX = 250 };

/* Roles that decide alike, by name. */
struct named {
    char text[NAMED_MAX * (NAME_MAX * 4 + 16) + 32];
    size_t n;
    bool builtin; /* one of them is */
    struct resource line; /* of the first */
};

static struct policy_subject only(const struct policy_subject *who, size_t i)
{
    struct policy_subject one = *who;
    const bool draft = i >= who->roles_n;
    one.roles = draft ? NULL : &who->roles[i];
    one.roles_n = !draft;
    one.drafts = draft ? &who->drafts[i - who->roles_n] : NULL;
    one.drafts_n = draft;
    return one;
}

static size_t count(const struct policy_subject *who)
{
    return who->roles_n + who->drafts_n;
}

static const struct role *role_at(const struct policy_subject *who, size_t i)
{
    if (i >= who->roles_n) return &who->drafts[i - who->roles_n];
    return snapshot_role_of(who->snapshot, &who->scope, who->enterprise, &who->roles[i]);
}

static void add(struct named *found, const struct role *r)
{
    const size_t at = strlen(found->text);
    found->builtin = found->builtin || r->builtin;
    found->n++;
    if (found->n > NAMED_MAX) return;
    (void)snprintf(found->text + at, sizeof found->text - at, "%srole %.*s",
                   found->n > 1 ? " and " : "",
                   BYTES_FMT(bytes_part(r->name, 0, NAME_MAX)));
}

/* Every role that allows (or denies) it by itself. */
static struct named find_deciding(const struct policy_subject *who, const struct ask *ask,
                                  enum effect effect)
{
    struct named found = {.n = 0};
    for (size_t i = 0; i < count(who); i++) {
        const struct policy_subject one = only(who, i);
        const struct verdict v = policy_explain(&one, ask);
        if (!v.role || v.role->policy.effect != effect) continue;
        if (found.n == 0) found.line = role_resource(v.line, &who->scope);
        add(&found, v.role);
    }
    if (found.n > NAMED_MAX) {
        const size_t at = strlen(found.text);
        (void)snprintf(found.text + at, sizeof found.text - at, " and %zu more",
                       found.n - NAMED_MAX);
    }
    return found;
}

static bool has_action(const struct role *r, enum action action)
{
    return role_actions(&r->policy) & action_bit(action);
}

static bool covers(const struct policy_subject *who, const struct role *r,
                   const struct resource *on)
{
    for (size_t i = 0; i < r->policy.resources_n; i++) {
        const struct resource line = role_resource(&r->policy.resources[i], &who->scope);
        if (resource_covers(&line, on)) return true;
    }
    return false;
}

/* The role that needs the smallest change: it has the action, or the resource, or nothing of it. */
static const struct role *nearest(const struct policy_subject *who, const struct ask *ask)
{
    const struct role *best = NULL;
    int best_rank = -1;
    for (size_t i = 0; i < count(who); i++) {
        const struct role *r = role_at(who, i);
        if (!r || r->builtin || r->policy.effect == EFFECT_DENY) continue;
        const int rank = has_action(r, ask->action) ? 2 : covers(who, r, &ask->on) ? 1 : 0;
        if (rank > best_rank) best = r;
        if (rank > best_rank) best_rank = rank;
    }
    return best;
}

static void tell_adding(const struct policy_subject *who, const struct ask *ask, const char *on,
                        char *out, size_t room)
{
    const struct role *r = nearest(who, ask);
    const char *action = action_name(ask->action);
    if (!r) {
        (void)snprintf(out, room,
                       "Give its holder a role with %s on %.*s; none of the roles here can be "
                       "changed to have it, and a token keeps its roles for life.",
                       action, LINE_MAX, on);
        return;
    }
    const bytes name = bytes_part(r->name, 0, NAME_MAX);
    if (has_action(r, ask->action)) {
        (void)snprintf(out, room, "Add the resource %.*s to role %.*s, which has %s already.",
                       LINE_MAX, on, BYTES_FMT(name), action);
    } else if (covers(who, r, &ask->on)) {
        (void)snprintf(out, room, "Add %s to role %.*s, which has that resource already.", action,
                       BYTES_FMT(name));
    } else {
        (void)snprintf(out, room, "Add %s on %.*s to role %.*s.", action, LINE_MAX, on,
                       BYTES_FMT(name));
    }
}

static void tell_denied(const struct policy_subject *who, const struct ask *ask, const char *on,
                        struct gate_explanation *e)
{
    const struct named deny = find_deciding(who, ask, EFFECT_DENY);
    const struct named allow = find_deciding(who, ask, EFFECT_ALLOW);
    char line[GATE_DRN_SIZE];
    gate_write_drn(&deny.line, line);
    const int n = snprintf(e->change, sizeof e->change, "Remove the deny of %s on %.*s from %.200s.",
                           action_name(ask->action), LINE_MAX, line, deny.text);
    if (allow.n || n < 0 || (size_t)n + 64 > sizeof e->change) return;
    const size_t at = (size_t)n;
    char more[sizeof e->change];
    tell_adding(who, ask, on, more, sizeof more);
    (void)snprintf(e->change + at, sizeof e->change - at, " %.*s",
                   (int)(sizeof e->change - at - 2), more);
}

static void tell_allowed(const struct policy_subject *who, const struct ask *ask,
                         struct gate_explanation *e)
{
    const struct named allow = find_deciding(who, ask, EFFECT_ALLOW);
    const char *how = allow.builtin ? "Take" : "Remove it from";
    (void)snprintf(e->change, sizeof e->change,
                   "%s %.300s%s, or deny %s there in any role of its holder.", how, allow.text,
                   allow.builtin ? " from its holder" : "", action_name(ask->action));
}

void gate_tell_change(const struct policy_subject *who, const struct ask *ask,
                      struct gate_explanation *e)
{
    char on[GATE_DRN_SIZE];
    const struct resource target = role_resource(&ask->on, &who->scope);
    const enum level level = action_level(ask->action);
    gate_write_drn(&target, on);
    if (level != target.level) {
        (void)snprintf(e->change, sizeof e->change,
                       "Nothing would: %s is asked on the level %s, and this is a resource of "
                       "the level %s.",
                       action_name(ask->action), level_name(level), level_name(target.level));
    } else if (!uuid_eq(&target.scope, &who->scope)) {
        (void)snprintf(e->change, sizeof e->change,
                       "Nothing would: the resource belongs to another %s.",
                       who->enterprise ? "enterprise" : "organization");
    } else if (e->allowed) {
        tell_allowed(who, ask, e);
    } else if (e->by_rule) {
        tell_denied(who, ask, on, e);
    } else {
        tell_adding(who, ask, on, e->change, sizeof e->change);
    }
}
