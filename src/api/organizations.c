/* Organizations: seen, made in an enterprise, brought into it, and taken out. Bringing one in, and letting one
 * go with all it has, is the local operator's: nobody else speaks for both. */
#include "api/enterprises.h"

#include "api/routes.h"
#include "base/clock.h"
#include "http/body.h"
#include "people/email.h"

/* --- seeing them --- */

static void write_organization(struct json_out *j, const struct record_organization *o, bool email)
{
    json_out_object(j);
    json_out_pair_uuid(j, "id", &o->id);
    json_out_pair(j, "name", o->name);
    if (email) json_out_pair(j, "email", o->email);
    json_out_key(j, "enterpriseId");
    if (uuid_is_zero(&o->enterprise))
        json_out_null(j);
    else
        json_out_uuid(j, &o->enterprise);
    json_out_key(j, "createdAt");
    json_out_time(j, o->created_ns, 3);
    json_out_end(j);
}

static err write_members(struct http_request *rq, const struct uuid *enterprise)
{
    const struct snapshot_list all = snapshot_organizations(api_snapshot(rq), enterprise);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_array(&j);
    for (size_t i = 0; i < all.n; i++) {
        write_organization(&j, &all.records[i]->of.organization, true);
    }
    json_out_end(&j);
    return DONE;
}

err organizations_members(struct http_request *rq)
{
    struct api_scope scope;
    struct ask by;
    const struct permit *permit = NULL;
    TRY(enterprises_permit_own(rq, ACTION_ENTERPRISE_READ, &scope, &by, &permit));
    return write_members(rq, &scope.id);
}

/* Of a token its own; of a person those that it belongs to; of an enterprise's caller the members. */
static bool may_see(const struct http_request *rq, const struct record_organization *o)
{
    const struct principal *who = &rq->call.who;
    switch (who->kind) {
    case PRINCIPAL_OPERATOR:
        return true;
    case PRINCIPAL_TOKEN:
        return uuid_eq(&o->id, &who->scope);
    case PRINCIPAL_PERSON: {
        const struct record_membership *m =
            snapshot_membership(api_snapshot(rq), &who->person, &o->id);
        return m && !m->invited;
    }
    case PRINCIPAL_NONE:
        break;
    }
    return false;
}

err organizations_list(struct http_request *rq)
{
    const struct principal *who = &rq->call.who;
    const struct permit *permit = NULL;
    if (who->enterprise && who->kind == PRINCIPAL_TOKEN) {
        const struct ask ask = {ACTION_ENTERPRISE_READ, resource_enterprise(&who->scope)};
        TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
        return write_members(rq, &who->scope);
    }
    const struct snapshot_list all = snapshot_all(api_snapshot(rq), RECORD_ORGANIZATION);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_array(&j);
    for (size_t i = 0; i < all.n; i++) {
        const struct record_organization *o = &all.records[i]->of.organization;
        if (may_see(rq, o)) write_organization(&j, o, enterprises_is_operator(rq));
    }
    json_out_end(&j);
    return DONE;
}

/* --- making one --- */

static void write_made(struct json_out *j, const struct record_organization *o)
{
    json_out_object(j);
    json_out_pair(j, "OrganizationName", o->name);
    json_out_pair_uuid(j, "OrganizationID", &o->id);
    json_out_pair(j, "OrganizationEmail", o->email);
    json_out_key(j, "MarketplaceData");
    json_out_null(j);
    json_out_key(j, "CreatedAt");
    json_out_time(j, o->created_ns, 3);
    json_out_key(j, "LastModified");
    json_out_time(j, o->created_ns, 3);
    json_out_pair(j, "OrgType", BYTES("organization"));
    json_out_pair_uuid(j, "EnterpriseId", &o->enterprise);
    json_out_pair_uuid(j, "OrganizationGroupId", &o->enterprise);
    json_out_end(j);
}

static err read_id(struct http_request *rq, const struct json_in *body, const struct field *f,
                   struct uuid *out, bool *given)
{
    const struct json_in *v = NULL;
    TRY(body_any_case(rq, body, f, &v));
    *given = v && !(json_in_is(v, JSON_IN_TEXT) && json_in_text(v).n == 0);
    if (!*given || (json_in_is(v, JSON_IN_TEXT) && uuid_read(json_in_text(v), out))) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"%s\" must be a UUID", f->name);
}

/* The enterprise that a new organization is for: the caller's own, the one that the operator names,
 * or the only one. */
static err choose_enterprise(struct http_request *rq, const struct json_in *body, struct api_scope *scope)
{
    struct uuid named = {{0}};
    bool given = false;
    TRY(read_id(rq, body, F(ORGANIZATION_NEW_ENTERPRISE), &named, &given));
    if (!enterprises_is_operator(rq)) {
        if (!given || uuid_eq(&named, &scope->id)) return DONE;
        return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                         "enterpriseID names another enterprise than the caller's");
    }
    const struct snapshot_list all = snapshot_all(api_snapshot(rq), RECORD_ENTERPRISE);
    if (!given && all.n == 0) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "there is no enterprise that it could belong to; `latchkey init --enterprise` makes one");
    }
    if (!given && all.n != 1) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "there are %zu enterprises; say which (enterpriseID)", all.n);
    }
    char id[UUID_TEXT + 1];
    uuid_text(given ? &named : &all.records[0]->of.enterprise.id, id);
    return enterprises_operator_scope(rq, bytes_of_text(id), scope);
}

/* Somebody who has accepted being in the enterprise, or in one of its organizations. */
static bool belongs(const struct http_request *rq, const struct uuid *person,
                    const struct uuid *enterprise)
{
    const struct snapshot *s = api_snapshot(rq);
    const struct snapshot_list all = snapshot_organizations(s, enterprise);
    const struct record_membership *m = snapshot_membership(s, person, enterprise);
    bool found = m && !m->invited;
    for (size_t i = 0; i < all.n && !found; i++) {
        m = snapshot_membership(s, person, &all.records[i]->of.organization.id);
        found = m && !m->invited;
    }
    return found;
}

/* The first administrator, where one is named; else the enterprise's tokens do without. */
static err read_administrator(struct http_request *rq, const struct json_in *body,
                              const struct record_organization *o, struct change *change, size_t *n)
{
    static const struct uuid *const role = &builtin_organization_administrator;
    struct uuid id = {{0}};
    bool given = false;
    TRY(read_id(rq, body, F(ORGANIZATION_NEW_ADMINISTRATOR), &id, &given));
    if (!given) return DONE;
    const struct record_person *p = snapshot_person(api_snapshot(rq), &id);
    if (!p || !belongs(rq, &id, &o->enterprise)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "adminUserID is nobody who belongs to the enterprise");
    }
    *change = (struct change){.verb = CHANGE_PUT, .expect = CHANGE_ABSENT};
    change->record.kind = RECORD_MEMBERSHIP;
    change->record.of.membership =
        (struct record_membership){.id = record_membership_id(&id, &o->id),
                                   .person = id,
                                   .scope = o->id,
                                   .email = p->email,
                                   .created_ns = o->created_ns,
                                   .created_by = bytes_of_text(rq->call.who.name),
                                   .roles = role,
                                   .roles_n = 1};
    *n += 1;
    return DONE;
}

static bool is_taken(const struct http_request *rq, const struct uuid *enterprise, bytes name,
                     const struct uuid *but)
{
    const struct snapshot_list all = snapshot_organizations(api_snapshot(rq), enterprise);
    for (size_t i = 0; i < all.n; i++) {
        const struct record_organization *o = &all.records[i]->of.organization;
        if (!uuid_eq(&o->id, but) && bytes_eq_nocase(o->name, name)) return true;
    }
    return false;
}

static err commit_organization(struct http_request *rq, const struct permit *permit,
                               const struct change *changes, size_t n, const char *name)
{
    const struct record_organization *o = &changes[0].record.of.organization;
    char id[UUID_TEXT + 1];
    struct wr w = wr_growing(1 << 12);
    struct json_out j = json_out_to(&w);
    uuid_text(&o->id, id);
    json_out_object(&j);
    json_out_pair(&j, "name", o->name);
    if (!uuid_is_zero(&o->enterprise)) json_out_pair_uuid(&j, "enterprise", &o->enterprise);
    json_out_end(&j);
    const struct api_event event = {.name = name,
                                    .subject = bytes_of_text(id),
                                    .detail = w.bad ? (bytes){0} : wr_view(&w),
                                    .scope = o->id};
    const err e = api_call_commit(rq, permit, changes, n, &event, false);
    wr_drop(&w);
    return e;
}

err organizations_make(struct http_request *rq)
{
    struct api_scope scope = {{{0}}, true};
    struct change changes[2] = {{.verb = CHANGE_PUT, .expect = CHANGE_ABSENT}};
    size_t n = 1;
    const struct permit *permit = NULL;
    const struct json_in *body = NULL;
    if (!enterprises_is_operator(rq)) {
        TRY(api_call_scope(rq, &scope));
        if (!scope.enterprise) return enterprises_only(rq, ACTION_ENTERPRISE_ORG_MANAGE);
    }
    struct ask by = {ACTION_ENTERPRISE_ORG_MANAGE, resource_enterprise(&scope.id)};
    TRY(gate_permit(rq->gate, &rq->call, &by, 1, &permit));
    TRY(body_object(rq, &body));
    TRY(choose_enterprise(rq, body, &scope));
    by.on = resource_enterprise(&scope.id);
    struct record_organization *o = &changes[0].record.of.organization;
    changes[0].record.kind = RECORD_ORGANIZATION;
    *o = (struct record_organization){
        .id = api_call_new_uuid(), .enterprise = scope.id, .created_ns = clock_utc_ns()};
    TRY(body_text(rq, body, F(ORGANIZATION_NEW_NAME), &o->name));
    TRY(body_text(rq, body, F(ORGANIZATION_NEW_EMAIL), &o->email));
    if (!email_is_plausible(o->email)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"email\" is no e-mail address");
    }
    TRY(read_administrator(rq, body, o, &changes[1], &n));
    changes[0].by = changes[1].by = by;
    if (is_taken(rq, &scope.id, o->name, &o->id)) {
        return note_fail(&rq->call.note, FAIL(NAME_TAKEN),
                         "an organization is called \"%.*s\" already", BYTES_FMT(o->name));
    }
    struct json_out j = json_out_to(http_json(rq, 201));
    write_made(&j, o);
    return commit_organization(rq, permit, changes, n, "organization.create");
}

/* --- bringing one in, letting one go --- */

static const struct record *find_organization(const struct http_request *rq)
{
    struct uuid id;
    if (!uuid_read(rq->params[1], &id)) return NULL;
    return snapshot_record(api_snapshot(rq), RECORD_ORGANIZATION, &id);
}

err organizations_add(struct http_request *rq)
{
    struct api_scope scope;
    struct change change = {.verb = CHANGE_PUT};
    const struct permit *permit = NULL;
    TRY(enterprises_permit_own(rq, ACTION_ENTERPRISE_ORG_MANAGE, &scope, &change.by, &permit));
    if (!enterprises_is_operator(rq)) {
        return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                         "only the local operator brings an organization into an enterprise: "
                         "latchkey enterprise add-org");
    }
    const struct record *r = find_organization(rq);
    if (!r) return FAIL(NOT_FOUND);
    change.record = *r;
    change.expect = r->version;
    struct record_organization *o = &change.record.of.organization;
    http_empty(rq, 204);
    if (uuid_eq(&o->enterprise, &scope.id)) return DONE;
    if (!uuid_is_zero(&o->enterprise)) {
        return note_fail(&rq->call.note, FAIL(CONFLICT),
                         "the organization belongs to another enterprise");
    }
    if (is_taken(rq, &scope.id, o->name, &o->id)) {
        return note_fail(&rq->call.note, FAIL(NAME_TAKEN),
                         "the enterprise has an organization called \"%.*s\" already",
                         BYTES_FMT(o->name));
    }
    o->enterprise = scope.id;
    return commit_organization(rq, permit, &change, 1, "organization.update");
}

static void count(struct wr *w, size_t n, const char *one)
{
    if (n) wr_format(w, "%s%zu %s%s", w->n ? ", " : "", n, one, n == 1 ? "" : "s");
}

static err check_empty(struct http_request *rq, const struct uuid *id)
{
    const struct snapshot *s = api_snapshot(rq);
    char text[200];
    struct wr w = wr_fixed(text, sizeof text);
    count(&w, (size_t)index_scope(api_of(rq)->index, id, false).tokens, "token");
    count(&w, snapshot_databases(s, id).n, "database");
    count(&w, snapshot_roles(s, id).n, "custom role");
    count(&w, snapshot_members(s, id).n, "member");
    if (w.n == 0) return DONE;
    return note_fail(&rq->call.note, FAIL(IN_USE), "the organization is not empty: it has %.*s",
                     BYTES_FMT(wr_view(&w)));
}

/* What has no place without it goes with it: the access list of its API, and where its records are sent. */
static size_t add_removals(struct http_request *rq, const struct change *of, struct change changes[3])
{
    static const enum record_kind kinds[] = {RECORD_ACCESS_LIST, RECORD_AUDIT_EXPORT};
    size_t n = 0;
    changes[n++] = *of;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct record *r = snapshot_record(api_snapshot(rq), kinds[i], &of->record.of.organization.id);
        if (r) changes[n++] = (struct change){.verb = CHANGE_REMOVE, .expect = r->version, .by = of->by, .record = *r};
    }
    return n;
}

/* Out of the enterprise with all it has, or gone when it has nothing. */
err organizations_remove(struct http_request *rq)
{
    struct api_scope scope;
    struct change change = {.verb = CHANGE_REMOVE};
    const struct permit *permit = NULL;
    bool keep = false;
    TRY(enterprises_permit_own(rq, ACTION_ENTERPRISE_ORG_MANAGE, &scope, &change.by, &permit));
    TRY(body_query_truth(rq, F(ORGANIZATION_REMOVE_QUERY_STANDALONE), &keep));
    const struct record *r = find_organization(rq);
    if (!r || !uuid_eq(&r->of.organization.enterprise, &scope.id)) {
        return note_fail(&rq->call.note, FAIL(NOT_FOUND), "the enterprise has no such organization");
    }
    change.record = *r;
    change.expect = r->version;
    http_empty(rq, 204);
    if (!keep) {
        struct change all[3];
        TRY(check_empty(rq, &r->of.organization.id));
        return commit_organization(rq, permit, all, add_removals(rq, &change, all), "organization.delete");
    }
    if (!enterprises_is_operator(rq)) {
        return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                         "only the local operator lets an organization go as it is");
    }
    static const struct uuid nobody;
    change.verb = CHANGE_PUT;
    change.record.of.organization.enterprise = nobody;
    if (is_taken(rq, &nobody, r->of.organization.name, &r->of.organization.id)) {
        return note_fail(&rq->call.note, FAIL(NAME_TAKEN),
                         "an organization of its own is called so already");
    }
    return commit_organization(rq, permit, &change, 1, "organization.update");
}
