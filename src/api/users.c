/* Users of an organization or enterprise, in the spelling of the hosted service: listed, shown, given
 * roles. */
#include "api/routes.h"
#include "api/session_write.h"
#include "api/users_change.h"
#include "http/body.h"

/* --- on the wire --- */

static void write_roles(struct json_out *j, const struct snapshot *s, const struct uuid *roles,
                        size_t n)
{
    json_out_key(j, "Roles");
    json_out_array(j);
    for (size_t i = 0; i < n; i++) {
        const struct role *r = snapshot_role(s, &roles[i]);
        json_out_object(j);
        json_out_pair_uuid(j, "ID", &roles[i]);
        json_out_pair(j, "Name", r ? r->name : (bytes){0});
        json_out_end(j);
    }
    json_out_end(j);
}

void users_write(struct json_out *j, const struct snapshot *s, const struct record_membership *m)
{
    json_out_pair_uuid(j, "UserID", &m->person);
    json_out_pair(j, "Email", m->email);
    json_out_pair(j, "Status", m->invited ? BYTES("invited") : BYTES("active"));
    write_roles(j, s, m->roles, m->roles_n);
}

static err permit_reading(struct http_request *rq, struct api_scope *scope)
{
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, scope));
    const struct ask ask = api_call_ask(scope, ACTION_ORG_USER_READ, ACTION_ENTERPRISE_USER_READ);
    return gate_permit(rq->gate, &rq->call, &ask, 1, &permit);
}

err users_list(struct http_request *rq)
{
    struct api_scope scope;
    TRY(permit_reading(rq, &scope));
    const struct snapshot *s = api_snapshot(rq);
    const struct snapshot_list all = snapshot_members(s, &scope.id);
    const struct record_membership of = {.scope = scope.id, .enterprise = scope.enterprise};
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_pair_uuid(&j, "OrgID", &scope.id);
    json_out_pair(&j, "OrgName", session_scope_name(s, &of));
    json_out_key(&j, "Users");
    json_out_array(&j);
    for (size_t i = 0; i < all.n; i++) {
        json_out_object(&j);
        users_write(&j, s, &all.records[i]->of.membership);
        json_out_end(&j);
    }
    json_out_end(&j);
    json_out_end(&j);
    return DONE;
}

err users_get(struct http_request *rq)
{
    struct api_scope scope;
    const struct record *found = NULL;
    TRY(permit_reading(rq, &scope));
    TRY(users_find(rq, &scope, &found));
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    users_write(&j, api_snapshot(rq), &found->of.membership);
    json_out_end(&j);
    return DONE;
}

/* --- the audit's words --- */

static bytes detail_of(struct http_request *rq, bytes email, const struct uuid *roles, size_t n)
{
    struct wr w = wr_growing(1 << 14);
    struct json_out j = json_out_to(&w);
    json_out_object(&j);
    json_out_pair(&j, "email", email);
    json_out_key(&j, "roles");
    json_out_array(&j);
    for (size_t i = 0; i < n; i++)
        json_out_uuid(&j, &roles[i]);
    json_out_end(&j);
    json_out_end(&j);
    const bytes detail = arena_copy(&rq->call.arena, wr_view(&w));
    wr_drop(&w);
    return detail;
}

err users_commit(struct http_request *rq, const struct permit *permit, const struct change *changes,
                 size_t n, const char *name, const struct record_membership *m)
{
    char id[UUID_TEXT + 1];
    uuid_text(&m->person, id);
    const struct api_event event = {.name = name,
                                    .subject = bytes_of_text(id),
                                    .detail = detail_of(rq, m->email, m->roles, m->roles_n),
                                    .scope = m->scope};
    return api_call_commit(rq, permit, changes, n, &event, false);
}

/* --- roles --- */

err users_put_roles(struct http_request *rq)
{
    struct api_scope scope;
    struct uuid roles[ROLE_TOKEN_ROLES_MAX];
    size_t roles_n = 0;
    size_t n = 1;
    const struct permit *permit = NULL;
    const struct record *found = NULL;
    const struct json_in *body = NULL;
    TRY(api_call_scope(rq, &scope));
    const struct ask ask = users_ask(&scope);
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    TRY(api_call_proven(rq));
    TRY(users_find(rq, &scope, &found));
    TRY(body_object(rq, &body));
    TRY(body_uuids(rq, body, F(USER_ROLES_ROLES), roles, &roles_n));
    const struct users_change c = {&scope, &found->of.membership, roles, roles_n};
    TRY(users_permit(rq, &c, &found->of.membership.person, &permit));
    struct change changes[2] = {
        {.verb = CHANGE_PUT, .expect = found->version, .by = ask, .record = *found}};
    changes[0].record.of.membership.roles = roles;
    changes[0].record.of.membership.roles_n = roles_n;
    TRY(users_keep_administrator(rq, &c, changes, &n));
    http_empty(rq, 204);
    return users_commit(rq, permit, changes, n, "user.roles", &changes[0].record.of.membership);
}
