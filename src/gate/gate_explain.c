/* The story of a decision in one sentence: the verdict, why, and what would change it. */
#include "gate/gate_room.h"

#include <stdio.h>

/* "role <name>" with its line, for the note's sake cut where they are too long. */
static void tell_rule(struct gate_explanation *e, const struct ask *ask)
{
    char line[GATE_DRN_SIZE];
    gate_write_drn(&e->rule, line);
    const bytes name = bytes_part(e->role_name, 0, 64);
    if (e->allowed) {
        (void)snprintf(e->text, sizeof e->text, "Allowed: role %.*s allows %s on %.250s",
                       BYTES_FMT(name), action_name(ask->action), line);
    } else {
        (void)snprintf(e->text, sizeof e->text,
                       "Refused: role %.*s denies %s on %.250s, and a deny beats every allow. It "
                       "would take that line out of the role, or the role from its holder.",
                       BYTES_FMT(name), action_name(ask->action), line);
    }
}

static size_t count_dangling(const struct policy_subject *who)
{
    size_t n = 0;
    for (size_t i = 0; i < who->roles_n; i++) {
        n += !snapshot_role_of(who->snapshot, &who->scope, who->enterprise, &who->roles[i]);
    }
    return n;
}

/* That of so many roles, so many of them deleted, none allows it: up to the verb. */
static void tell_none(char *text, size_t size, size_t roles, size_t gone)
{
    char dangling[48] = "";
    if (gone) (void)snprintf(dangling, sizeof dangling, " (%zu of them deleted)", gone);
    if (roles == 0)
        (void)snprintf(text, size, "there is no role that allows");
    else if (roles == 1)
        (void)snprintf(text, size, "the one role%s does not allow", gone ? " (deleted)" : "");
    else
        (void)snprintf(text, size, "none of the %zu roles%s allows", roles, dangling);
}

static void tell_nothing(struct gate_explanation *e, const struct policy_subject *who,
                         const struct ask *ask)
{
    char on[GATE_DRN_SIZE];
    gate_write_drn(&ask->on, on);
    const enum level level = action_level(ask->action);
    if (level != ask->on.level) {
        (void)snprintf(e->text, sizeof e->text,
                       "Refused: %s is asked on the level %s, and %.250s is of the level %s, so no "
                       "role can allow it.",
                       action_name(ask->action), level_name(level), on, level_name(ask->on.level));
        return;
    }
    char nobody[96];
    tell_none(nobody, sizeof nobody, who->roles_n + who->drafts_n, count_dangling(who));
    (void)snprintf(e->text, sizeof e->text,
                   "Refused: %s %s on %.250s. It would take a role with that action and that "
                   "resource, or a resource with * in place of a name.",
                   nobody, action_name(ask->action), on);
}

err gate_explain(struct gate *g, struct call *call, const struct gate_about *about,
                 const struct ask *ask, struct gate_explanation *out)
{
    const struct policy_subject who = {.snapshot = index_snapshot(g->index),
                                       .scope = about->scope,
                                       .enterprise = about->enterprise,
                                       .roles = about->roles,
                                       .roles_n = about->roles_n,
                                       .drafts = about->drafts,
                                       .drafts_n = about->drafts_n};
    const struct verdict v = policy_explain(&who, ask);
    struct gate_explanation e = {.allowed = v.allowed, .by_rule = v.role != NULL};
    gate_tell_change(&who, ask, &e);
    if (!v.role) {
        tell_nothing(&e, &who, ask);
        *out = e;
        return DONE;
    }
    e.role = v.role->id;
    e.role_name = arena_copy(&call->arena, v.role->name);
    e.effect = v.role->policy.effect;
    e.rule = role_resource(v.line, &about->scope);
    e.rule.keyspace = arena_copy(&call->arena, v.line->keyspace);
    e.rule.table = arena_copy(&call->arena, v.line->table);
    if (call->arena.bad) return FAIL(NO_MEMORY);
    tell_rule(&e, ask);
    *out = e;
    return DONE;
}
