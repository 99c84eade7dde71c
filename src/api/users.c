/* Users of an organization or enterprise, in the spelling of the hosted service: listed, invited,
 * given roles, removed. There is no mail: an invitation's link is in the answer, once. */
#include "api/routes.h"
#include "api/session_write.h"
#include "api/users_change.h"
#include "base/clock.h"
#include "base/secret.h"
#include "http/body.h"
#include "http/http_work.h"
#include "http/site.h"
#include "people/email.h"
#include "people/link.h"

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

/* The members of a user inside an open object. */
static void write_user(struct json_out *j, const struct snapshot *s, const struct record_membership *m)
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
        write_user(&j, s, &all.records[i]->of.membership);
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
    write_user(&j, api_snapshot(rq), &found->of.membership);
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

static err commit(struct http_request *rq, const struct permit *permit, const struct change *changes,
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

/* --- inviting --- */

/* What the body asks for; views are borrowed. */
struct invitation {
    struct api_scope scope;
    bytes email;
    struct uuid roles[ROLE_TOKEN_ROLES_MAX];
    size_t roles_n;
    struct link link;
};

static void wipe_link(struct http_request *rq)
{
    secret_wipe(&((struct invitation *)rq->work)->link, sizeof(struct link));
}

static err read_scope(struct http_request *rq, const json_t *body, struct invitation *i)
{
    const json_t *v = NULL;
    struct uuid org;
    TRY(body_any_case(rq, body, F(USER_INVITE_ORG), &v));
    if (!v || (json_is_string(v) && json_string_length(v) == 0)) return DONE;
    if (!json_is_string(v) || !uuid_read(body_view(v), &org))
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"OrgID\" must be a UUID");
    if (uuid_eq(&org, &i->scope.id)) return DONE;
    return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                     "OrgID names another organization than the caller's");
}

static err read_invitation(struct http_request *rq, struct invitation *i)
{
    const json_t *body = NULL;
    TRY(body_object(rq, &body));
    TRY(read_scope(rq, body, i));
    TRY(body_text(rq, body, F(USER_INVITE_EMAIL), &i->email));
    TRY(body_uuids(rq, body, F(USER_INVITE_ROLES), i->roles, &i->roles_n));
    if (email_is_plausible(i->email)) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"email\" is no e-mail address");
}

static void write_invited(struct http_request *rq, const struct invitation *i,
                          const struct record_membership *m)
{
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    write_user(&j, api_snapshot(rq), m);
    if (m->invited) {
        struct wr w = wr_growing(4096);
        rq->answer.secret = true;
        link_write(&i->link, site_of(rq)->base, "/invitation", &w);
        json_out_pair(&j, "invitationLink", wr_view(&w));
        json_out_key(&j, "invitationExpires");
        json_out_time(&j, m->invitation_ends_ms * 1000000, 3);
        if (w.p) secret_wipe(w.p, w.n);
        wr_drop(&w);
    }
    json_out_end(&j);
}

/* The account: a new one, or the one that there is, which must not go away meanwhile. */
static struct change account_change(struct http_request *rq, const struct invitation *i)
{
    const struct snapshot *s = api_snapshot(rq);
    const struct record_person *known = snapshot_person_called(s, i->email);
    struct change c = {.verb = CHANGE_PUT, .expect = CHANGE_ABSENT};
    if (known) {
        c.record = *snapshot_record(s, RECORD_PERSON, &known->id);
        c.expect = c.record.version;
    } else {
        c.record.kind = RECORD_PERSON;
        c.record.of.person = (struct record_person){.id = api_call_new_uuid(),
                                                    .email = i->email,
                                                    .created_ns = clock_utc_ns()};
    }
    c.by = gate_own(&c.record.of.person.id);
    return c;
}

static struct change membership_change(struct http_request *rq, struct invitation *i,
                                       const struct record_person *person)
{
    const struct uuid id = record_membership_id(&person->id, &i->scope.id);
    const struct record *known = snapshot_record(api_snapshot(rq), RECORD_MEMBERSHIP, &id);
    struct change c = {.verb = CHANGE_PUT, .expect = CHANGE_ABSENT, .by = users_ask(&i->scope)};
    struct record_membership *m = &c.record.of.membership;
    c.record.kind = RECORD_MEMBERSHIP;
    if (known) {
        c.record = *known;
        c.expect = known->version;
    } else {
        *m = (struct record_membership){.id = id,
                                        .person = person->id,
                                        .scope = i->scope.id,
                                        .enterprise = i->scope.enterprise,
                                        .email = person->email,
                                        .invited = true,
                                        .created_ns = clock_utc_ns(),
                                        .created_by = bytes_of_text(rq->call.who.name)};
    }
    m->roles = i->roles;
    m->roles_n = i->roles_n;
    if (m->invited) {
        link_new(&i->link);
        m->invitation = i->link.hash;
        m->invitation_ends_ms = rq->call.now_ms + LINK_INVITATION_MS;
    }
    return c;
}

err users_invite(struct http_request *rq)
{
    struct invitation *i = arena_take(&rq->call.arena, sizeof *i);
    const struct permit *permit = NULL;
    struct change changes[3];
    size_t n = 2;
    if (!i) return FAIL(NO_MEMORY);
    TRY(api_call_scope(rq, &i->scope));
    const struct ask ask = users_ask(&i->scope);
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    TRY(api_call_proven(rq));
    TRY(read_invitation(rq, i));
    rq->work = i;
    rq->drop = wipe_link;
    changes[0] = account_change(rq, i);
    changes[1] = membership_change(rq, i, &changes[0].record.of.person);
    const struct record_membership *m = &changes[1].record.of.membership;
    const struct record *before = snapshot_record(api_snapshot(rq), RECORD_MEMBERSHIP, &m->id);
    const struct users_change c = {&i->scope, before ? &before->of.membership : NULL, i->roles,
                                   i->roles_n};
    TRY(users_permit(rq, &c, &m->person, &permit));
    TRY(users_keep_administrator(rq, &c, changes, &n));
    write_invited(rq, i, m);
    return commit(rq, permit, changes, n, m->invited ? "user.invite" : "user.roles", m);
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
    const json_t *body = NULL;
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
    return commit(rq, permit, changes, n, "user.roles", &changes[0].record.of.membership);
}

/* --- removing --- */

/* The tokens that somebody made stay (decisions 3.3): the answer names them. */
struct leaving {
    struct uuid person;
    struct uuid scope;
    char id[UUID_TEXT + 1];
    size_t made;
    char named[API_TOKENS_NAMED_MAX][TOKEN_CLIENT_ID];
};

static bool see_token(void *owner, const struct record *r)
{
    struct leaving *l = owner;
    if (!bytes_eq_text(r->of.token.created_by, l->id)) return true;
    if (l->made < API_TOKENS_NAMED_MAX)
        memcpy(l->named[l->made], r->of.token.client_id, TOKEN_CLIENT_ID);
    l->made++;
    return true;
}

/* On a work thread. */
static err look_for_tokens(struct http_request *rq)
{
    struct leaving *l = rq->work;
    return store_scan(api_of(rq)->store, RECORD_TOKEN, &l->scope, (bytes){0}, SIZE_MAX, see_token, l,
                      NULL);
}

static void name_tokens(struct http_request *rq, const struct leaving *l)
{
    char ids[API_TOKENS_NAMED_MAX * (TOKEN_CLIENT_ID + 1) + 1];
    struct wr w = wr_fixed(ids, sizeof ids - 1);
    const char *count = arena_format(&rq->call.arena, "%zu", l->made);
    for (size_t i = 0; i < l->made && i < API_TOKENS_NAMED_MAX; i++)
        wr_format(&w, "%s%.*s", i ? "," : "", TOKEN_CLIENT_ID, l->named[i]);
    ids[w.n] = 0;
    if (count) http_add_header(rq, "X-Latchkey-Tokens-Made", count);
    if (w.n) http_add_header(rq, "X-Latchkey-Token-Ids", ids);
}

static bool is_elsewhere(const struct snapshot *s, const struct record_membership *m)
{
    const struct snapshot_list all = snapshot_all(s, RECORD_MEMBERSHIP);
    for (size_t i = 0; i < all.n; i++) {
        const struct record_membership *o = &all.records[i]->of.membership;
        if (uuid_eq(&o->person, &m->person) && !uuid_eq(&o->id, &m->id)) return true;
    }
    return false;
}

/* Who belongs nowhere any more has no account either. */
static void add_account(const struct snapshot *s, const struct record_membership *m,
                        struct session_ends *all)
{
    const struct record *person = snapshot_record(s, RECORD_PERSON, &m->person);
    if (!person) return;
    all->changes[all->n++] = (struct change){.verb = CHANGE_REMOVE,
                                             .expect = person->version,
                                             .by = gate_own(&m->person),
                                             .record = *person};
}

static err remove_changes(struct http_request *rq, const struct users_change *c,
                          const struct record *found, struct session_ends *all)
{
    const struct snapshot *s = api_snapshot(rq);
    const struct record_membership *m = &found->of.membership;
    const bool elsewhere = is_elsewhere(s, m);
    TRY(session_ends_of(rq, &m->person, NULL, elsewhere, 3, all));
    if (elsewhere) all->n = 0;
    all->changes[all->n++] = (struct change){.verb = CHANGE_REMOVE,
                                             .expect = found->version,
                                             .by = users_ask(c->scope),
                                             .record = *found};
    if (!elsewhere) add_account(s, m, all);
    return users_keep_administrator(rq, c, all->changes, &all->n);
}

static err remove_it(struct http_request *rq)
{
    const struct leaving *l = rq->work;
    struct api_scope scope;
    struct session_ends all;
    const struct permit *permit = NULL;
    const struct record *found = NULL;
    TRY(api_call_scope(rq, &scope));
    TRY(users_find(rq, &scope, &found));
    const struct users_change c = {.scope = &scope, .before = &found->of.membership};
    TRY(users_permit(rq, &c, &l->person, &permit));
    TRY(remove_changes(rq, &c, found, &all));
    http_empty(rq, 204);
    name_tokens(rq, l);
    return commit(rq, permit, all.changes, all.n, "user.remove", &found->of.membership);
}

err users_delete(struct http_request *rq)
{
    struct api_scope scope;
    size_t n = 0;
    struct change keep[1];
    const struct permit *permit = NULL;
    const struct record *found = NULL;
    struct leaving *l = arena_take(&rq->call.arena, sizeof *l);
    if (!l) return FAIL(NO_MEMORY);
    TRY(api_call_scope(rq, &scope));
    const struct ask ask = users_ask(&scope);
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    TRY(users_find(rq, &scope, &found));
    l->person = found->of.membership.person;
    l->scope = scope.id;
    uuid_text(&l->person, l->id);
    const struct users_change c = {.scope = &scope, .before = &found->of.membership};
    TRY(users_permit(rq, &c, &l->person, &permit));
    TRY(users_keep_administrator(rq, &c, keep, &n));
    rq->work = l;
    return http_work_then(rq, api_of(rq)->work, look_for_tokens, remove_it);
}
