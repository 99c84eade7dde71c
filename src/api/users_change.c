/* Changing who belongs to a scope. */
#include "api/users_change.h"

struct ask users_ask(const struct api_scope *scope)
{
    return api_call_ask(scope, ACTION_ORG_USER_WRITE, ACTION_ENTERPRISE_USER_WRITE);
}

err users_find(struct http_request *rq, const struct api_scope *scope, const struct record **out)
{
    struct uuid person;
    if (!uuid_read(rq->params[0], &person)) return FAIL(NOT_FOUND);
    const struct uuid id = record_membership_id(&person, &scope->id);
    *out = snapshot_record(api_snapshot(rq), RECORD_MEMBERSHIP, &id);
    return *out ? DONE : FAIL(NOT_FOUND);
}

/* Roles that are there; dangling ones give nothing. */
static size_t living(struct http_request *rq, const struct users_change *c, struct uuid *out)
{
    size_t n = 0;
    for (size_t i = 0; i < c->before->roles_n && n < ROLE_TOKEN_ROLES_MAX; i++) {
        if (!snapshot_role_of(api_snapshot(rq), &c->scope->id, c->scope->enterprise,
                              &c->before->roles[i]))
            continue;
        out[n++] = c->before->roles[i];
    }
    return n;
}

static err permit_before(struct http_request *rq, const struct users_change *c)
{
    struct uuid roles[ROLE_TOKEN_ROLES_MAX];
    const struct ask ask = users_ask(c->scope);
    const struct permit *permit = NULL;
    if (!c->before) return DONE;
    const size_t n = living(rq, c, roles);
    const err e = gate_permit_roles(rq->gate, &rq->call, &ask, 1, &c->scope->id,
                                    c->scope->enterprise, roles, n, true, &permit);
    if (e.code != ERR_ABOVE_CEILING) return e;
    return note_fail(&rq->call.note, e,
                     "this member may do more than the caller, who so may not change or remove them");
}

err users_permit(struct http_request *rq, const struct users_change *c, const struct uuid *person,
                 const struct permit **out)
{
    const struct ask ask = users_ask(c->scope);
    const struct permit *permit = NULL;
    TRY(gate_permit_roles(rq->gate, &rq->call, &ask, 1, &c->scope->id, c->scope->enterprise,
                          c->roles, c->roles_n, true, &permit));
    TRY(permit_before(rq, c));
    return gate_permit_account(rq->gate, &rq->call, person, &ask, 1, out);
}

static bool has(const struct uuid *roles, size_t n, const struct uuid *role)
{
    for (size_t i = 0; i < n; i++) {
        if (uuid_eq(&roles[i], role)) return true;
    }
    return false;
}

static bool administers(const struct record_membership *m, const struct uuid *role)
{
    return !m->invited && has(m->roles, m->roles_n, role);
}

err users_keep_administrator(struct http_request *rq, const struct users_change *c,
                             struct change *keep, size_t *n)
{
    const struct uuid *role = c->scope->enterprise ? &builtin_enterprise_administrator
                                                   : &builtin_organization_administrator;
    if (!c->before || !administers(c->before, role) || has(c->roles, c->roles_n, role)) return DONE;
    if (rq->call.who.kind == PRINCIPAL_OPERATOR) return DONE;
    const struct snapshot_list all = snapshot_members(api_snapshot(rq), &c->scope->id);
    for (size_t i = 0; i < all.n; i++) {
        const struct record_membership *m = &all.records[i]->of.membership;
        if (!administers(m, role) || uuid_eq(&m->person, &c->before->person)) continue;
        keep[(*n)++] = (struct change){.verb = CHANGE_PUT,
                                       .expect = all.records[i]->version,
                                       .by = users_ask(c->scope),
                                       .record = *all.records[i]};
        return DONE;
    }
    return FAIL(LAST_ADMINISTRATOR);
}
