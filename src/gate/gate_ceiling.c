/* Permits for handing out roles and for writing them: the ceiling (decisions 1.6 to 1.9, 1.12). */
#include "gate/gate_room.h"

static struct policy_subject subject_of(const struct gate *g, const struct principal *who)
{
    const struct role_set *set = index_role_set(g->index, who->role_set);
    return (struct policy_subject){.snapshot = index_snapshot(g->index),
                                   .scope = who->scope,
                                   .enterprise = who->enterprise,
                                   .roles = set ? set->roles : NULL,
                                   .roles_n = set ? set->roles_n : 0,
                                   .set = set};
}

static err say_lack(struct note *note, const struct policy_lack *lack)
{
    char drn[GATE_DRN_SIZE];
    gate_write_drn(&lack->on, drn);
    if (lack->action == ACTIONS) {
        return note_fail(note, FAIL(ABOVE_CEILING),
                         "the caller may not delegate what it was not delegated: missing the line %s",
                         drn);
    }
    return note_fail(note, FAIL(ABOVE_CEILING),
                     "the caller may hand out only what it holds: missing %s on %s",
                     action_name(lack->action), drn);
}

static err refuse_lack(const struct gate *g, struct call *call, const struct policy_lack *lack)
{
    char drn[GATE_DRN_SIZE];
    gate_write_drn(&lack->on, drn);
    gate_record(g, call,
                &(struct gate_event){.name = "api.refused",
                                     .outcome = "refused",
                                     .action = lack->action,
                                     .on = drn,
                                     .reason = "above the ceiling"});
    return say_lack(&call->note, lack);
}

/* Unknown, foreign, of another level: one and the same wording (decisions 1.5). */
static err find_role(const struct gate *g, struct call *call, const struct uuid *scope,
                     bool enterprise, const struct uuid *id, const struct role **out)
{
    const struct role *r = snapshot_role_of(index_snapshot(g->index), scope, enterprise, id);
    char text[UUID_TEXT + 1];
    uuid_text(id, text);
    if (!r) {
        return note_fail(&call->note, FAIL(BAD_INPUT),
                         "roles: %s is not a role that can be given here", text);
    }
    *out = r;
    return DONE;
}

static bool is_ceiling_off(const struct gate *g, const struct uuid *scope)
{
    const struct record_organization *o = snapshot_organization(index_snapshot(g->index), scope);
    return o && o->ceiling_off;
}

/* An enterprise token mints for a member organization (1.8): everything, but tokens only. */
static err permit_minting(const struct gate *g, struct call *call, const struct uuid *scope,
                          bool for_users)
{
    const struct record_organization *o = snapshot_organization(index_snapshot(g->index), scope);
    if (!o || !uuid_eq(&o->enterprise, &call->who.scope)) {
        return note_fail(&call->note, FAIL(NOT_ALLOWED),
                         "the organization is not a member of the caller's enterprise");
    }
    const struct ask ask = {ACTION_ENTERPRISE_TOKEN_WRITE, resource_enterprise(&call->who.scope)};
    if (for_users || !gate_decide(g, &call->who, &ask)) return gate_refuse(g, call, &ask);
    return DONE;
}

static err permit_scope(const struct gate *g, struct call *call, const struct uuid *scope,
                        bool enterprise, bool for_users, bool *compare)
{
    *compare = false;
    if (call->who.kind == PRINCIPAL_OPERATOR) return DONE;
    if (call->who.enterprise && !enterprise) return permit_minting(g, call, scope, for_users);
    if (call->who.enterprise != enterprise || !uuid_eq(&call->who.scope, scope)) {
        return note_fail(&call->note, FAIL(NOT_ALLOWED), "the caller belongs to another %s",
                         call->who.enterprise ? "enterprise" : "organization");
    }
    if (!index_role_set(g->index, call->who.role_set)) return FAIL(NOT_ALLOWED);
    *compare = !is_ceiling_off(g, scope);
    return DONE;
}

err gate_permit_roles(struct gate *g, struct call *call, const struct ask *asks, size_t n,
                      const struct uuid *scope, bool enterprise, const struct uuid *roles,
                      size_t roles_n, bool for_users, const struct permit **out)
{
    bool compare;
    const struct permit *p;
    TRY(gate_permit(g, call, asks, n, &p));
    TRY(permit_scope(g, call, scope, enterprise, for_users, &compare));
    const struct policy_subject caller = subject_of(g, &call->who);
    const enum action delegating = for_users ? ACTION_ORG_USER_WRITE : ACTION_ORG_TOKEN_WRITE;
    for (size_t i = 0; i < roles_n; i++) {
        const struct role *role = NULL;
        struct policy_lack lack;
        TRY(find_role(g, call, scope, enterprise, &roles[i], &role));
        if (!compare || policy_may_hand_out(&caller, role, delegating, &lack)) continue;
        return refuse_lack(g, call, &lack);
    }
    *out = p;
    return DONE;
}

/* DONE with *lacks false: it may be done. */
static err check_role_change(const struct gate *g, struct call *call, const struct role *before,
                             const struct role *after, bool *lacks, struct policy_lack *lack)
{
    const struct role *either = after ? after : before;
    bool compare;
    *lacks = false;
    if (before && before->builtin) return FAIL(BUILTIN_ROLE);
    if (before && after && !uuid_eq(&before->scope, &after->scope)) return FAIL(BAD_INPUT);
    if (call->who.enterprise && !either->enterprise) {
        return note_fail(&call->note, FAIL(NOT_ALLOWED), "the role belongs to an organization");
    }
    TRY(permit_scope(g, call, &either->scope, either->enterprise, true, &compare));
    const struct policy_subject caller = subject_of(g, &call->who);
    *lacks = compare && !policy_may_change(&caller, before, after, lack);
    return DONE;
}

err gate_permit_role_change(struct gate *g, struct call *call, const struct ask *asks, size_t n,
                            const struct role *before, const struct role *after,
                            const struct permit **out)
{
    const struct permit *p;
    struct policy_lack lack;
    bool lacks;
    TRY(gate_permit(g, call, asks, n, &p));
    TRY(check_role_change(g, call, before, after, &lacks, &lack));
    if (lacks) return refuse_lack(g, call, &lack);
    *out = p;
    return DONE;
}

err gate_foresee_role_change(struct gate *g, struct call *call, const struct ask *ask,
                             const struct role *before, const struct role *after)
{
    struct policy_lack lack;
    bool lacks;
    char drn[GATE_DRN_SIZE];
    if (!gate_may(g, call, ask)) {
        gate_write_drn(&ask->on, drn);
        return note_fail(&call->note, FAIL(NOT_ALLOWED), "missing %s on %s",
                         action_name(ask->action), drn);
    }
    TRY(check_role_change(g, call, before, after, &lacks, &lack));
    return lacks ? say_lack(&call->note, &lack) : DONE;
}
