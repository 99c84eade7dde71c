/* Inviting a user. There is no mail: the invitation's link is in the answer, once. */
#include "api/routes.h"
#include "api/users_change.h"
#include "base/clock.h"
#include "base/secret.h"
#include "http/body.h"
#include "http/site.h"
#include "people/email.h"
#include "people/link.h"

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

static err read_scope(struct http_request *rq, const struct json_in *body, struct invitation *i)
{
    const struct json_in *v = NULL;
    struct uuid org;
    TRY(body_any_case(rq, body, F(USER_INVITE_ORG), &v));
    if (!v || (json_in_is(v, JSON_IN_TEXT) && json_in_text(v).n == 0)) return DONE;
    if (!json_in_is(v, JSON_IN_TEXT) || !uuid_read(json_in_text(v), &org))
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"OrgID\" must be a UUID");
    if (uuid_eq(&org, &i->scope.id)) return DONE;
    return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                     "OrgID names another organization than the caller's");
}

static err read_invitation(struct http_request *rq, struct invitation *i)
{
    const struct json_in *body = NULL;
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
    users_write(&j, api_snapshot(rq), m);
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
    return users_commit(rq, permit, changes, n, m->invited ? "user.invite" : "user.roles", m);
}
