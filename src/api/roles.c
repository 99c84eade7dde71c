/* Roles: the built-in ones and a scope's own, read, written and deleted under the ceiling. */
#include "api/roles.h"

#include "api/routes.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "http/body.h"
#include "http/etag.h"

#include <stdio.h>

/* --- on the wire --- */

static void write_resources(struct json_out *j, const struct policy *p)
{
    json_out_key(j, "resources");
    json_out_array(j);
    for (size_t i = 0; i < p->resources_n; i++) {
        uint8_t room[RESOURCE_TEXT_MAX + 64];
        struct wr w = wr_fixed(room, sizeof room);
        resource_write(&p->resources[i], &w);
        json_out_text(j, wr_view(&w));
    }
    json_out_end(j);
}

static void write_policy(struct json_out *j, const struct policy *p)
{
    json_out_key(j, "policy");
    json_out_object(j);
    json_out_pair(j, "description", p->description);
    write_resources(j, p);
    json_out_key(j, "actions");
    json_out_array(j);
    for (size_t i = 0; i < p->actions_n; i++) {
        json_out_text(j, bytes_of_text(action_name(p->actions[i])));
    }
    json_out_end(j);
    json_out_pair(j, "effect", p->effect == EFFECT_DENY ? BYTES("deny") : BYTES("allow"));
    json_out_end(j);
}

void roles_write(struct json_out *j, const struct role *r)
{
    json_out_object(j);
    json_out_pair_uuid(j, "id", &r->id);
    json_out_pair(j, "name", r->name);
    write_policy(j, &r->policy);
    json_out_key(j, "last_update_date_time");
    if (r->updated_ns)
        json_out_time(j, r->updated_ns, 3);
    else
        json_out_text(j, BYTES("0001-01-01T00:00:00Z"));
    json_out_pair(j, "last_update_user_id", r->updated_by);
    json_out_end(j);
}

/* --- reading --- */

/* Who mints tokens must be able to choose roles, too. */
err roles_permit_reading(struct http_request *rq, const struct api_scope *scope)
{
    const struct permit *permit = NULL;
    const struct ask read = api_call_ask(scope, ACTION_ORG_ROLE_READ, ACTION_ENTERPRISE_ROLE_READ);
    const struct ask mint =
        api_call_ask(scope, ACTION_ORG_TOKEN_WRITE, ACTION_ENTERPRISE_TOKEN_WRITE);
    if (gate_may(rq->gate, &rq->call, &mint)) return DONE;
    return gate_permit(rq->gate, &rq->call, &read, 1, &permit);
}

static bool list_one(void *owner, const struct role *r)
{
    roles_write(owner, r);
    return true;
}

err roles_list(struct http_request *rq)
{
    struct api_scope scope;
    TRY(api_call_scope(rq, &scope));
    TRY(roles_permit_reading(rq, &scope));
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_array(&j);
    snapshot_each_role(api_snapshot(rq), &scope.id, scope.enterprise, list_one, &j);
    json_out_end(&j);
    return DONE;
}

/* Terraform looks a member organization's role up with the enterprise token that will hand it out
 * (decisions 1.12). */
static const struct role *member_role(const struct http_request *rq, const struct api_scope *scope,
                                      const struct uuid *id)
{
    const struct role *r = snapshot_role(api_snapshot(rq), id);
    if (!r || !scope->enterprise || r->enterprise) return NULL;
    if (r->builtin) return r;
    const struct record_organization *o = snapshot_organization(api_snapshot(rq), &r->scope);
    return o && uuid_eq(&o->enterprise, &scope->id) ? r : NULL;
}

static const struct role *own_role(const struct http_request *rq, const struct api_scope *scope)
{
    struct uuid id;
    if (!uuid_read(rq->params[0], &id)) return NULL;
    return snapshot_role_of(api_snapshot(rq), &scope->id, scope->enterprise, &id);
}

/* The record's version; built-in roles have but one. */
static bytes version_of(const struct role *r, char room[ETAG_MAX])
{
    return bytes_of(room, (size_t)snprintf(room, ETAG_MAX, "%llu", (unsigned long long)r->version));
}

static err find_role(struct http_request *rq, const struct api_scope *scope, const struct role **out)
{
    struct uuid id;
    if (!uuid_read(rq->params[0], &id)) return FAIL(NOT_FOUND);
    const struct role *r = own_role(rq, scope);
    if (!r) r = member_role(rq, scope, &id);
    if (!r) return FAIL(NOT_FOUND);
    *out = r;
    return DONE;
}

err roles_get(struct http_request *rq)
{
    struct api_scope scope;
    const struct role *r = NULL;
    char version[ETAG_MAX];
    TRY(api_call_scope(rq, &scope));
    TRY(roles_permit_reading(rq, &scope));
    TRY(find_role(rq, &scope, &r));
    struct json_out j = json_out_to(http_json(rq, 200));
    roles_write(&j, r);
    etag_set(rq, version_of(r, version));
    return DONE;
}

/* Of a built-in role only the caller's scope knows its own share, and nobody else's is told. */
err roles_usage(struct http_request *rq)
{
    struct api_scope scope;
    TRY(api_call_scope(rq, &scope));
    TRY(roles_permit_reading(rq, &scope));
    const struct role *r = own_role(rq, &scope);
    if (!r) return FAIL(NOT_FOUND);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_key(&j, "holders");
    json_out_int(&j, (int64_t)index_role_holders_in(api_of(rq)->index, &r->id, &scope.id));
    json_out_end(&j);
    return DONE;
}

/* --- reading a policy that was sent --- */

static bytes trimmed(bytes b)
{
    while (b.n && b.p[0] == ' ')
        b = bytes_part(b, 1, b.n);
    while (b.n && b.p[b.n - 1] == ' ')
        b.n--;
    return b;
}

static err read_name(struct http_request *rq, const struct json_in *body, bytes *out)
{
    bytes name = {0};
    TRY(body_text(rq, body, F(ROLE_NEW_NAME), &name));
    name = trimmed(name);
    if (name.n == 0) return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"name\" is empty");
    *out = name;
    return DONE;
}

/* Collects what is wrong, so that one answer names all of it. Never writes nothing: what is in `w` is
 * what callers go by. */
static void complain(struct wr *w, const struct json_in *item)
{
    bytes text = json_in_is(item, JSON_IN_TEXT) ? item->text : BYTES("(not a string)");
    if (text.n == 0) text = BYTES("(an empty text)");
    wr_format(w, "%s%.*s", w->n ? ", " : "", BYTES_FMT(bytes_part(text, 0, 120)));
}

static err complaint(struct http_request *rq, const char *what, const struct wr *w)
{
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "%s: %.*s", what,
                     BYTES_FMT(bytes_part(wr_view(w), 0, 400)));
}

static err read_actions(struct http_request *rq, const struct json_in *policy, struct policy *out)
{
    const struct json_in *list = NULL;
    char room[2048];
    struct wr wrong = wr_fixed(room, sizeof room);
    TRY(body_array(rq, policy, F(POLICY_ACTIONS), &list));
    const size_t n = json_in_n(list);
    enum action *actions = arena_take_array(&rq->call.arena, n + 1, sizeof *actions);
    if (!actions) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < n; i++) {
        const struct json_in *item = json_in_at(list, i);
        const bool known = json_in_is(item, JSON_IN_TEXT) && action_find(json_in_text(item), &actions[i]);
        if (!known && !wrong.bad) complain(&wrong, item);
    }
    if (wrong.n) return complaint(rq, "unknown actions", &wrong);
    out->actions = actions;
    out->actions_n = n;
    return DONE;
}

static err read_resources(struct http_request *rq, const struct json_in *policy, struct policy *out)
{
    const struct json_in *list = NULL;
    char room[2048];
    struct wr wrong = wr_fixed(room, sizeof room);
    TRY(body_array(rq, policy, F(POLICY_RESOURCES), &list));
    const size_t n = json_in_n(list);
    struct resource *resources = arena_take_array(&rq->call.arena, n + 1, sizeof *resources);
    if (!resources) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < n; i++) {
        const struct json_in *item = json_in_at(list, i);
        const bool good = json_in_is(item, JSON_IN_TEXT) &&
                          utf8_is_plain(json_in_text(item), RESOURCE_TEXT_MAX) &&
                          err_is_ok(resource_read(json_in_text(item), &resources[i]));
        if (!good && !wrong.bad) complain(&wrong, item);
    }
    if (wrong.n) return complaint(rq, "not resource names", &wrong);
    out->resources = resources;
    out->resources_n = n;
    return DONE;
}

static err read_effect(struct http_request *rq, const struct json_in *policy, struct policy *out)
{
    bytes text = {0};
    TRY(body_text(rq, policy, F(POLICY_EFFECT), &text));
    if (bytes_eq_text(text, "allow"))
        out->effect = EFFECT_ALLOW;
    else if (bytes_eq_text(text, "deny"))
        out->effect = EFFECT_DENY;
    else
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"effect\" must be allow or deny");
    return DONE;
}

err roles_read_policy(struct http_request *rq, const struct json_in *policy, struct policy *out)
{
    TRY(body_text(rq, policy, F(POLICY_DESCRIPTION), &out->description));
    TRY(read_effect(rq, policy, out));
    TRY(read_actions(rq, policy, out));
    return read_resources(rq, policy, out);
}

static err read_role(struct http_request *rq, struct role *r)
{
    const struct json_in *body = NULL;
    const struct json_in *policy = NULL;
    TRY(body_object(rq, &body));
    TRY(read_name(rq, body, &r->name));
    TRY(body_inner_object(rq, body, F(ROLE_NEW_POLICY), &policy));
    TRY(roles_read_policy(rq, policy, &r->policy));
    r->updated_ns = clock_utc_ns();
    r->updated_by = bytes_of_text(rq->call.who.name);
    return role_check(r, &rq->call.note);
}

static err check_name_is_free(struct http_request *rq, const struct role *r)
{
    const struct role *other = snapshot_role_named(api_snapshot(rq), &r->scope, r->name);
    const bool taken = builtin_name_is_taken(r->name) || (other && !uuid_eq(&other->id, &r->id));
    if (!taken) return DONE;
    return note_fail(&rq->call.note, FAIL(NAME_TAKEN), "a role is called \"%.*s\" already",
                     BYTES_FMT(bytes_part(r->name, 0, 256)));
}

/* --- writing --- */

static err commit_role(struct http_request *rq, const struct permit *permit, const char *event_name,
                       const struct change *change)
{
    const struct role *r = &change->record.of.role;
    char id[UUID_TEXT + 1];
    uuid_text(&r->id, id);
    struct wr w = wr_growing(1 << 13);
    struct json_out j = json_out_to(&w);
    json_out_object(&j);
    json_out_pair(&j, "name", r->name);
    if (change->verb == CHANGE_PUT) write_policy(&j, &r->policy);
    json_out_end(&j);
    const struct api_event event = {.name = event_name,
                                    .subject = bytes_of_text(id),
                                    .detail = w.bad ? (bytes){0} : wr_view(&w),
                                    .scope = r->scope};
    const err e = api_call_commit(rq, permit, change, 1, &event, change->verb == CHANGE_REMOVE);
    wr_drop(&w);
    return e;
}

err roles_post(struct http_request *rq)
{
    struct api_scope scope;
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, &scope));
    struct change change = {.verb = CHANGE_PUT, .expect = CHANGE_ABSENT};
    change.by = api_call_ask(&scope, ACTION_ORG_ROLE_WRITE, ACTION_ENTERPRISE_ROLE_WRITE);
    TRY(gate_permit(rq->gate, &rq->call, &change.by, 1, &permit));
    struct role *r = &change.record.of.role;
    change.record.kind = RECORD_ROLE;
    *r =
        (struct role){.id = api_call_new_uuid(), .scope = scope.id, .enterprise = scope.enterprise};
    TRY(read_role(rq, r));
    TRY(gate_permit_role_change(rq->gate, &rq->call, &change.by, 1, NULL, r, &permit));
    TRY(check_name_is_free(rq, r));
    struct json_out j = json_out_to(http_json(rq, 201));
    roles_write(&j, r);
    return commit_role(rq, permit, "role.create", &change);
}

err roles_put(struct http_request *rq)
{
    struct api_scope scope;
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, &scope));
    char version[ETAG_MAX];
    struct change change = {.verb = CHANGE_PUT};
    change.by = api_call_ask(&scope, ACTION_ORG_ROLE_WRITE, ACTION_ENTERPRISE_ROLE_WRITE);
    TRY(gate_permit(rq->gate, &rq->call, &change.by, 1, &permit));
    const struct role *before = own_role(rq, &scope);
    if (!before) return FAIL(NOT_FOUND);
    if (before->builtin) return FAIL(BUILTIN_ROLE);
    TRY(etag_check(rq, version_of(before, version)));
    change.record = *snapshot_record(api_snapshot(rq), RECORD_ROLE, &before->id);
    change.expect = change.record.version;
    struct role *after = &change.record.of.role;
    TRY(read_role(rq, after));
    TRY(gate_permit_role_change(rq->gate, &rq->call, &change.by, 1, before, after, &permit));
    if (role_widens(before, after)) TRY(api_call_proven(rq));
    TRY(check_name_is_free(rq, after));
    http_empty(rq, 200);
    return commit_role(rq, permit, "role.update", &change);
}

err roles_check_unused(struct http_request *rq, const struct role *r)
{
    const size_t holders = index_role_holders(api_of(rq)->index, &r->id);
    if (r->policy.effect != EFFECT_DENY || holders == 0) return DONE;
    return note_fail(&rq->call.note, FAIL(IN_USE),
                     "the role denies, and %zu tokens hold it: deleting it would give them more",
                     holders);
}

err roles_delete(struct http_request *rq)
{
    struct api_scope scope;
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, &scope));
    char version[ETAG_MAX];
    struct change change = {.verb = CHANGE_REMOVE, .expect = CHANGE_ANY_VERSION};
    change.by = api_call_ask(&scope, ACTION_ORG_ROLE_DELETE, ACTION_ENTERPRISE_ROLE_WRITE);
    TRY(gate_permit(rq->gate, &rq->call, &change.by, 1, &permit));
    const struct role *before = own_role(rq, &scope);
    if (!before) return FAIL(NOT_FOUND);
    if (before->builtin) return FAIL(BUILTIN_ROLE);
    TRY(gate_permit_role_change(rq->gate, &rq->call, &change.by, 1, before, NULL, &permit));
    TRY(etag_check(rq, version_of(before, version)));
    if (role_widens(before, NULL)) TRY(api_call_proven(rq));
    TRY(roles_check_unused(rq, before));
    if (http_header(rq, "If-Match").n) change.expect = before->version;
    change.record = *snapshot_record(api_snapshot(rq), RECORD_ROLE, &before->id);
    http_empty(rq, 204);
    return commit_role(rq, permit, "role.delete", &change);
}
