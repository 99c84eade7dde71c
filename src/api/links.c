/* Links that were handed to a person: the set-up of an account, and invitations. Neither signs
 * anybody in: whoever comes by a link then signs in as always. */
#include "api/proving.h"
#include "api/routes.h"
#include "api/session_write.h"
#include "api/set_up_state.h"
#include "base/clock.h"
#include "http/body.h"
#include "http/http_work.h"
#include "people/link.h"
#include "people/password.h"
#include "people/people.h"

/* A guess counts as a failure of its network, so that guessing has an end. */
static err dead(struct http_request *rq)
{
    return http_count_failure(rq, FAIL(LINK_SPENT));
}

/* A password for an account that has none, or whose link allows a new one. */
struct setting {
    bytes secret;   /* of the link; borrowed from the body */
    bytes password;
    struct uuid person;
    char hash[PASSWORD_ENCODED];
};

static err hash_it(struct http_request *rq)
{
    struct setting *s = rq->work;
    return password_hash(s->password, s->hash);
}

static void set_password(const struct setting *s, struct record_person *p)
{
    p->password = bytes_of_text(s->hash);
    p->password_is_short = password_is_short(s->password);
    p->credentials_ns = clock_utc_ns();
    p->setup = (struct record_hash){{0}};
    p->setup_ends_ms = 0;
}

/* --- set-up --- */

static const struct record *find_set_up(const struct snapshot *s, bytes secret, int64_t now_ms)
{
    const struct snapshot_list all = snapshot_all(s, RECORD_PERSON);
    const struct record *found = NULL;
    for (size_t i = 0; i < all.n; i++) {
        const struct record_person *p = &all.records[i]->of.person;
        if (link_is(secret, &p->setup, p->setup_ends_ms, now_ms)) found = all.records[i];
    }
    return found;
}

static void write_email(struct http_request *rq, bytes email)
{
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_pair(&j, "email", email);
    json_out_end(&j);
}

static err set_up(struct http_request *rq)
{
    const struct setting *s = rq->work;
    struct session_ends all;
    char id[UUID_TEXT + 1];
    const struct record *r = find_set_up(api_snapshot(rq), s->secret, rq->call.now_ms);
    if (!r) return FAIL(LINK_SPENT);
    const struct permit *permit = gate_permit_proven(rq->gate, &rq->call, &r->of.person.id);
    if (!permit) return FAIL(NO_MEMORY);
    TRY(session_ends_of(rq, &r->of.person.id, NULL, false, 1, &all));
    struct change *c = &all.changes[all.n++];
    *c = (struct change){
        .verb = CHANGE_PUT, .expect = r->version, .by = gate_own(&r->of.person.id), .record = *r};
    set_password(s, &c->record.of.person);
    write_email(rq, r->of.person.email);
    uuid_text(&r->of.person.id, id);
    const struct api_event event = {
        .name = "person.password", .subject = bytes_of_text(id), .detail = BYTES("{\"by\":\"link\"}")};
    const struct api_ports *ports = &api_of(rq)->ports;
    if (ports->set_up) ports->set_up(ports->owner, s->secret);
    return api_call_commit(rq, permit, all.changes, all.n, &event, false);
}

err links_set_up(struct http_request *rq)
{
    const struct json_in *body = NULL;
    struct setting *s = arena_take(&rq->call.arena, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    TRY(body_object(rq, &body));
    TRY(body_text(rq, body, F(SET_UP_SECRET), &s->secret));
    TRY(body_text(rq, body, F(SET_UP_PASSWORD), &s->password));
    const struct record *r = find_set_up(api_snapshot(rq), s->secret, rq->call.now_ms);
    if (!r) return dead(rq);
    TRY(password_check(s->password, r->of.person.email, r->of.person.sealed_totp.n > 0, &rq->call.note));
    rq->work = s;
    return http_work_then(rq, api_of(rq)->people->hashes, hash_it, set_up);
}

/* --- invitations --- */

static const struct record *find_invitation(const struct snapshot *s, bytes secret, int64_t now_ms)
{
    const struct snapshot_list all = snapshot_all(s, RECORD_MEMBERSHIP);
    const struct record *found = NULL;
    for (size_t i = 0; i < all.n; i++) {
        const struct record_membership *m = &all.records[i]->of.membership;
        if (m->invited && link_is(secret, &m->invitation, m->invitation_ends_ms, now_ms))
            found = all.records[i];
    }
    return found;
}

static void write_accepted(struct http_request *rq, const struct record_membership *m)
{
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_pair(&j, "email", m->email);
    json_out_pair_uuid(&j, "scope", &m->scope);
    json_out_pair(&j, "kind", m->enterprise ? BYTES("enterprise") : BYTES("organization"));
    json_out_pair(&j, "name", session_scope_name(api_snapshot(rq), m));
    json_out_end(&j);
}

/* `changes[0]` is the account's. The membership is written by whoever proved to be the one that it
 * is for: the permit says so for the membership's own pair, too. */
static err accept(struct http_request *rq, const struct setting *s, struct change *changes)
{
    char id[UUID_TEXT + 1];
    const struct record *r = find_invitation(api_snapshot(rq), s->secret, rq->call.now_ms);
    if (!r || !uuid_eq(&r->of.membership.person, &changes[0].record.of.person.id))
        return FAIL(LINK_SPENT);
    const struct permit *permit =
        gate_permit_invited(rq->gate, &rq->call, &r->of.membership);
    if (!permit) return FAIL(NO_MEMORY);
    changes[1] = (struct change){.verb = CHANGE_PUT,
                                 .expect = r->version,
                                 .by = gate_member(&r->of.membership),
                                 .record = *r};
    struct record_membership *m = &changes[1].record.of.membership;
    m->invited = false;
    m->invitation = (struct record_hash){{0}};
    m->invitation_ends_ms = 0;
    write_accepted(rq, m);
    uuid_text(&m->person, id);
    const struct api_event event = {
        .name = "user.accept", .subject = bytes_of_text(id), .scope = m->scope};
    return api_call_commit(rq, permit, changes, 2, &event, false);
}

/* Who has an account gives its password; so the link alone opens nobody's. */
static err accept_proven(struct http_request *rq, struct proving *p)
{
    struct change changes[2] = {proving_change(p)};
    return accept(rq, p->more, changes);
}

static err accept_new(struct http_request *rq)
{
    const struct setting *s = rq->work;
    const struct record *r = snapshot_record(api_snapshot(rq), RECORD_PERSON, &s->person);
    if (!r || r->of.person.password.n) return FAIL(LINK_SPENT);
    struct change changes[2] = {
        {.verb = CHANGE_PUT, .expect = r->version, .by = gate_own(&s->person), .record = *r}};
    set_password(s, &changes[0].record.of.person);
    return accept(rq, s, changes);
}

static err read_accept(struct http_request *rq, struct setting *s, struct proof_given *given)
{
    const struct json_in *body = NULL;
    TRY(body_object(rq, &body));
    TRY(body_text(rq, body, F(ACCEPT_SECRET), &s->secret));
    TRY(body_text(rq, body, F(ACCEPT_PASSWORD), &s->password));
    given->password = s->password;
    TRY(body_text(rq, body, F(ACCEPT_CODE), &given->code));
    return body_text(rq, body, F(ACCEPT_RECOVERY), &given->recovery);
}

err links_accept(struct http_request *rq)
{
    struct proof_given given = {0};
    struct setting *s = arena_take(&rq->call.arena, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    TRY(read_accept(rq, s, &given));
    const struct snapshot *snapshot = api_snapshot(rq);
    const struct record *m = find_invitation(snapshot, s->secret, rq->call.now_ms);
    const struct record *r =
        m ? snapshot_record(snapshot, RECORD_PERSON, &m->of.membership.person) : NULL;
    if (!r) return dead(rq);
    s->person = r->of.person.id;
    if (r->of.person.password.n)
        return proving_begin(rq, r, (bytes){0}, &given, accept_proven, s);
    TRY(password_check(s->password, r->of.person.email, false, &rq->call.note));
    rq->work = s;
    return http_work_then(rq, api_of(rq)->people->hashes, hash_it, accept_new);
}

/* --- before anything is typed --- */

static err read_secret(struct http_request *rq, bytes *out)
{
    const struct json_in *body = NULL;
    TRY(gate_check_any_list(rq->gate, &rq->call));
    TRY(body_object(rq, &body));
    return body_text(rq, body, F(LINK_ASK_SECRET), out);
}

/* Whose link it is, is not said: these calls change nothing and leave no record, so somebody who found
 * a link could ask unnoticed. */
err links_check_set_up(struct http_request *rq)
{
    bytes secret = {0};
    TRY(read_secret(rq, &secret));
    const struct record *r = find_set_up(api_snapshot(rq), secret, rq->call.now_ms);
    if (!r) return dead(rq);
    set_up_state_good(rq, r->of.person.setup_ends_ms);
    return DONE;
}

err links_check_invitation(struct http_request *rq)
{
    bytes secret = {0};
    TRY(read_secret(rq, &secret));
    const struct record *r = find_invitation(api_snapshot(rq), secret, rq->call.now_ms);
    if (!r) return dead(rq);
    set_up_state_good(rq, r->of.membership.invitation_ends_ms);
    return DONE;
}
