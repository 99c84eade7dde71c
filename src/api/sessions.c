/* Sessions: signing in, the one in use, the list, their ends, and the proof that one is still who
 * signed in. */
#include "api/proving.h"
#include "api/routes.h"
#include "api/session_write.h"
#include "base/secret.h"
#include "http/body.h"
#include "http/site.h"

/* --- signing in --- */

static err read_given(struct http_request *rq, const struct json_in *body, struct proof_given *out)
{
    TRY(body_text(rq, body, F(PROOF_PASSWORD), &out->password));
    TRY(body_text(rq, body, F(PROOF_CODE), &out->code));
    return body_text(rq, body, F(PROOF_RECOVERY), &out->recovery);
}

static void wipe_new(struct http_request *rq)
{
    struct proving *p = rq->work;
    if (p && p->more) secret_wipe(p->more, sizeof(struct session_new));
}

static struct uuid first_scope(const struct snapshot *s, const struct uuid *person)
{
    const struct snapshot_list all = snapshot_all(s, RECORD_MEMBERSHIP);
    for (size_t i = 0; i < all.n; i++) {
        const struct record_membership *m = &all.records[i]->of.membership;
        if (uuid_eq(&m->person, person) && !m->invited) return m->scope;
    }
    return (struct uuid){{0}};
}

static err signed_in(struct http_request *rq, struct proving *p)
{
    const struct record_person *person = &p->person.of.person;
    struct session_new *made = arena_take(&rq->call.arena, sizeof *made);
    struct session_ends ends;
    char id[UUID_TEXT + 1];
    if (!made) return FAIL(NO_MEMORY);
    p->more = made;
    rq->drop = wipe_new;
    const struct permit *permit = gate_permit_proven(rq->gate, &rq->call, &person->id);
    if (!permit) return FAIL(NO_MEMORY);
    TRY(session_ends_of(rq, &person->id, NULL, true, 2, &ends));
    session_make(rq, &person->id, made);
    ends.changes[ends.n++] = proving_change(p);
    ends.changes[ends.n++] = (struct change){
        .verb = CHANGE_PUT,
        .expect = CHANGE_ABSENT,
        .by = gate_own(&person->id),
        .record = {.kind = RECORD_SESSION, .of.session = made->record}};
    session_write(rq, &made->record, person, bytes_of(made->secret, sizeof made->secret));
    cookie_set(rq, made->secret);
    uuid_text(&made->record.id, id);
    const struct api_event event = {.name = "session.create",
                                    .subject = bytes_of_text(id),
                                    .scope = first_scope(api_snapshot(rq), &person->id)};
    return api_call_commit(rq, permit, ends.changes, ends.n, &event, false);
}

err sessions_post(struct http_request *rq)
{
    const struct json_in *body = NULL;
    bytes email = {0};
    struct proof_given given;
    TRY(site_check(rq));
    TRY(body_object(rq, &body));
    TRY(body_text(rq, body, F(SIGN_IN_EMAIL), &email));
    TRY(read_given(rq, body, &given));
    const struct snapshot *s = api_snapshot(rq);
    const struct record_person *person = snapshot_person_called(s, email);
    const struct record *r = person ? snapshot_record(s, RECORD_PERSON, &person->id) : NULL;
    return proving_begin(rq, r, email, &given, signed_in, NULL);
}

/* --- the one in use --- */

err sessions_current(struct http_request *rq)
{
    const struct snapshot *s = api_snapshot(rq);
    TRY(api_call_person(rq));
    const struct record_session *session = snapshot_session(s, &rq->call.who.session);
    const struct record_person *person = snapshot_person(s, &rq->call.who.person);
    if (!session || !person) return FAIL(SESSION_ENDED);
    session_write(rq, session, person, cookie_secret(rq));
    return DONE;
}

static err proved(struct http_request *rq, struct proving *p)
{
    const struct uuid *id = &rq->call.who.session;
    const struct record *now = snapshot_record(api_snapshot(rq), RECORD_SESSION, id);
    const struct permit *permit = NULL;
    char text[UUID_TEXT + 1];
    if (!now) return FAIL(SESSION_ENDED);
    TRY(gate_permit_own(rq->gate, &rq->call, &rq->call.who.person, NULL, 0, &permit));
    struct change changes[2] = {proving_change(p), {.verb = CHANGE_PUT, .expect = now->version}};
    changes[1].by = changes[0].by;
    changes[1].record = *now;
    struct record_session *session = &changes[1].record.of.session;
    session->proved_ms = session->seen_ms = rq->call.now_ms;
    session_write(rq, session, &p->person.of.person, cookie_secret(rq));
    uuid_text(id, text);
    const struct api_event event = {
        .name = "session.prove", .subject = bytes_of_text(text), .scope = rq->call.who.scope};
    return api_call_commit(rq, permit, changes, 2, &event, false);
}

err sessions_prove(struct http_request *rq)
{
    const struct json_in *body = NULL;
    struct proof_given given;
    TRY(api_call_person(rq));
    TRY(body_object(rq, &body));
    TRY(read_given(rq, body, &given));
    const struct record *r = snapshot_record(api_snapshot(rq), RECORD_PERSON, &rq->call.who.person);
    if (!r) return FAIL(SESSION_ENDED);
    return proving_begin(rq, r, (bytes){0}, &given, proved, NULL);
}

/* --- whose --- */

/* A member of the caller's scope by the argument userId, whose sessions the caller may see and end;
 * invited ones are not there. NOT_FOUND. */
static err find_other(struct http_request *rq, const struct uuid *person)
{
    struct api_scope scope;
    TRY(api_call_scope(rq, &scope));
    const struct ask ask = api_call_ask(&scope, ACTION_ORG_USER_WRITE, ACTION_ENTERPRISE_USER_WRITE);
    const struct permit *permit = NULL;
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    const struct record_membership *m = snapshot_membership(api_snapshot(rq), person, &scope.id);
    return m && !m->invited ? DONE : FAIL(NOT_FOUND);
}

static bool is_own(const struct http_request *rq, const struct uuid *person)
{
    return rq->call.who.kind == PRINCIPAL_PERSON && uuid_eq(&rq->call.who.person, person);
}

/* What may be written to sessions of this person by whoever may end them. */
static err permit_ending(struct http_request *rq, const struct uuid *person,
                         const struct permit **out)
{
    struct api_scope scope;
    if (is_own(rq, person)) return gate_permit_own(rq->gate, &rq->call, person, NULL, 0, out);
    TRY(find_other(rq, person));
    TRY(api_call_scope(rq, &scope));
    const struct ask ask = api_call_ask(&scope, ACTION_ORG_USER_WRITE, ACTION_ENTERPRISE_USER_WRITE);
    return gate_permit_account(rq->gate, &rq->call, person, &ask, 1, out);
}

/* --- the list --- */

static void write_time(struct json_out *j, const char *key, int64_t utc_ms)
{
    json_out_key(j, key);
    json_out_time(j, utc_ms * 1000000, 3);
}

static void write_one(struct http_request *rq, struct json_out *j, const struct record_session *s)
{
    const struct record_person *p = snapshot_person(api_snapshot(rq), &s->person);
    json_out_object(j);
    json_out_pair_uuid(j, "id", &s->id);
    json_out_pair_uuid(j, "userId", &s->person);
    json_out_pair(j, "email", p ? p->email : (bytes){0});
    write_time(j, "createdOn", s->created_ms);
    write_time(j, "seenOn", s->seen_ms);
    write_time(j, "provedOn", s->proved_ms);
    json_out_pair(j, "address", s->address);
    json_out_pair(j, "userAgent", s->agent);
    json_out_key(j, "current");
    json_out_bool(j, uuid_eq(&s->id, &rq->call.who.session));
    json_out_end(j);
}

static void write_all_of(struct http_request *rq, struct json_out *j, const struct uuid *person)
{
    const struct snapshot_list all = snapshot_sessions(api_snapshot(rq), person);
    for (size_t i = 0; i < all.n; i++) {
        const struct record_session *s = &all.records[i]->of.session;
        if (rq->call.now_ms < session_end_ms(s)) write_one(rq, j, s);
    }
}

/* Of everybody in the scope. */
static err list_members(struct http_request *rq, struct json_out *j)
{
    struct api_scope scope;
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, &scope));
    const struct ask ask = api_call_ask(&scope, ACTION_ORG_USER_WRITE, ACTION_ENTERPRISE_USER_WRITE);
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    const struct snapshot_list members = snapshot_members(api_snapshot(rq), &scope.id);
    for (size_t i = 0; i < members.n && i < API_SESSIONS_SHOWN_MAX; i++) {
        const struct record_membership *m = &members.records[i]->of.membership;
        if (!m->invited) write_all_of(rq, j, &m->person);
    }
    return DONE;
}

static err list_into(struct http_request *rq, struct json_out *j)
{
    const bytes user = http_argument(rq, "userId");
    const bool all = bytes_eq_text(http_argument(rq, "all"), "true");
    struct uuid person = rq->call.who.person;
    if (all || (user.n == 0 && rq->call.who.kind != PRINCIPAL_PERSON)) return list_members(rq, j);
    if (user.n && !uuid_read(user, &person)) return FAIL(NOT_FOUND);
    if (!is_own(rq, &person)) TRY(find_other(rq, &person));
    write_all_of(rq, j, &person);
    return DONE;
}

err sessions_list(struct http_request *rq)
{
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_key(&j, "sessions");
    json_out_array(&j);
    TRY(list_into(rq, &j));
    json_out_end(&j);
    json_out_end(&j);
    return DONE;
}

/* --- their ends --- */

static err end_them(struct http_request *rq, const struct permit *permit, const struct uuid *person,
                    const struct change *changes, size_t n)
{
    char id[UUID_TEXT + 1];
    uuid_text(person, id);
    const char *detail = arena_format(&rq->call.arena, "{\"sessions\":%zu}", n);
    const struct api_event event = {.name = "session.end",
                                    .subject = bytes_of_text(id),
                                    .detail = bytes_of_text(detail),
                                    .scope = rq->call.who.scope};
    return api_call_commit(rq, permit, changes, n, &event, true);
}

err sessions_delete_all(struct http_request *rq)
{
    const bytes user = http_argument(rq, "userId");
    struct uuid person = rq->call.who.person;
    const struct permit *permit = NULL;
    struct session_ends ends;
    if (user.n == 0) TRY(api_call_person(rq));
    if (user.n && !uuid_read(user, &person)) return FAIL(NOT_FOUND);
    TRY(permit_ending(rq, &person, &permit));
    const bool own = is_own(rq, &person);
    TRY(session_ends_of(rq, &person, own ? &rq->call.who.session : NULL, false, 0, &ends));
    http_empty(rq, 204);
    return ends.n ? end_them(rq, permit, &person, ends.changes, ends.n) : DONE;
}

err sessions_delete(struct http_request *rq)
{
    struct uuid id = rq->call.who.session;
    const struct permit *permit = NULL;
    const bool current = rq->params[0].n == 0; /* …/current has a row without a placeholder */
    if (current) TRY(api_call_person(rq));
    if (!current && !uuid_read(rq->params[0], &id)) return FAIL(NOT_FOUND);
    const struct record *r = snapshot_record(api_snapshot(rq), RECORD_SESSION, &id);
    if (!r) return note_fail(&rq->call.note, FAIL(NOT_FOUND), "no session has this id, or it has ended");
    TRY(permit_ending(rq, &r->of.session.person, &permit));
    const struct change change = {.verb = CHANGE_REMOVE,
                                  .expect = CHANGE_ANY_VERSION,
                                  .by = gate_own(&r->of.session.person),
                                  .record = *r};
    http_empty(rq, 204);
    if (uuid_eq(&id, &rq->call.who.session)) cookie_clear(rq);
    return end_them(rq, permit, &r->of.session.person, &change, 1);
}
