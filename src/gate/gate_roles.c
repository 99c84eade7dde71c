/* Roles asked about many resources: compiled once, by the compiler of the index, and asked by its
 * evaluator. */
#include "gate/gate_room.h"

struct gate_roles {
    struct role_set set;
};

static const struct role_set *set_of(const struct gate_roles *r)
{
    return &r->set;
}

err gate_roles_new(const struct gate *g, const struct gate_about *who, struct gate_roles **out)
{
    struct role_set *set = NULL;
    TRY(role_set_compile_drafts(index_snapshot(g->index), &who->scope, who->enterprise, who->roles,
                                who->roles_n, who->drafts, who->drafts_n, &set));
    *out = (struct gate_roles *)(void *)set;
    return DONE;
}

void gate_roles_free(struct gate_roles *r)
{
    if (r) role_set_free(&r->set);
}

action_set gate_roles_allowed(const struct gate_roles *r, const struct resource *on)
{
    return r ? role_set_allowed(set_of(r), on) : 0;
}

action_set gate_roles_denied(const struct gate_roles *r, const struct resource *on)
{
    return r ? role_set_denied(set_of(r), on) : 0;
}

struct gate_difference gate_roles_compare(const struct gate_roles *before,
                                          const struct gate_roles *after, const struct resource *on)
{
    const action_set allowed_before = gate_roles_allowed(before, on);
    const action_set allowed_after = gate_roles_allowed(after, on);
    const action_set denied_before = gate_roles_denied(before, on);
    const action_set denied_after = gate_roles_denied(after, on);
    return (struct gate_difference){
        .gained = (allowed_after & ~allowed_before) | (denied_before & ~denied_after),
        .lost = (allowed_before & ~allowed_after) | (denied_after & ~denied_before)};
}

action_set gate_set_allowed(const struct gate *g, uint32_t role_set, const struct resource *on)
{
    const struct role_set *set = index_role_set(g->index, role_set);
    return set ? role_set_allowed(set, on) : 0;
}
