/* What the local operator does to somebody's account: a set-up link, a password, the second factor
 * taken off. Whoever owns the data folder needs nobody's proof. */
#include "api/api_call.h"
#include "api/new_password.h"
#include "api/routes.h"
#include "api/session_write.h"
#include "base/clock.h"
#include "base/secret.h"
#include "http/site.h"
#include "people/link.h"
#include "people/people.h"

/* By id or address. */
static err find(struct http_request *rq, const struct record **out)
{
    const struct snapshot *s = api_snapshot(rq);
    struct uuid id;
    if (!uuid_read(rq->params[0], &id)) {
        const struct record_person *p = snapshot_person_called(s, rq->params[0]);
        if (p) id = p->id;
        if (!p) return note_fail(&rq->call.note, FAIL(NOT_FOUND), "nobody has this address; `latchkey user list` shows the members");
    }
    *out = snapshot_record(s, RECORD_PERSON, &id);
    return *out ? DONE : FAIL(NOT_FOUND);
}

static err commit(struct http_request *rq, const struct record *before,
                  const struct record_person *after, const char *event_name, bool end_sessions)
{
    struct session_ends all;
    const struct permit *permit = NULL;
    char id[UUID_TEXT + 1];
    TRY(gate_permit_own(rq->gate, &rq->call, &after->id, NULL, 0, &permit));
    TRY(session_ends_of(rq, &after->id, NULL, !end_sessions, 1, &all));
    struct change *c = &all.changes[all.n++];
    *c = (struct change){.verb = CHANGE_PUT,
                         .expect = before->version,
                         .by = gate_own(&after->id),
                         .record = *before};
    c->record.of.person = *after;
    uuid_text(&after->id, id);
    const struct api_event event = {.name = event_name, .subject = bytes_of_text(id)};
    return api_call_commit(rq, permit, all.changes, all.n, &event, false);
}

err operator_person_set_up(struct http_request *rq)
{
    const struct record *r = NULL;
    struct link link;
    struct wr w = wr_growing(4096);
    TRY(find(rq, &r));
    struct record_person after = r->of.person;
    link_new(&link);
    after.setup = link.hash;
    after.setup_ends_ms = rq->call.now_ms + LINK_SETUP_MS;
    link_write(&link, site_of(rq)->base, "/set-up", &w);
    struct json_out j = json_out_to(http_json(rq, 200));
    rq->answer.secret = true;
    json_out_object(&j);
    json_out_pair(&j, "email", after.email);
    json_out_pair(&j, "setupLink", wr_view(&w));
    json_out_key(&j, "expiresOn");
    json_out_time(&j, after.setup_ends_ms * 1000000, 3);
    json_out_end(&j);
    secret_wipe(&link, sizeof link);
    if (w.p) secret_wipe(w.p, w.n);
    wr_drop(&w);
    return commit(rq, r, &after, "person.set_up", false);
}

static err put_password(struct http_request *rq)
{
    const struct record *r = NULL;
    TRY(find(rq, &r));
    struct record_person after = r->of.person;
    new_password_put(rq, &after);
    after.credentials_ns = clock_utc_ns();
    after.setup = (struct record_hash){{0}};
    after.setup_ends_ms = 0;
    http_empty(rq, 204);
    return commit(rq, r, &after, "person.password", true);
}

err operator_person_password(struct http_request *rq)
{
    const struct record *r = NULL;
    TRY(find(rq, &r));
    return new_password_take(rq, &r->of.person, put_password);
}

/* A password that does only beside a second factor goes with it: then a set-up link is needed. */
err operator_person_totp(struct http_request *rq)
{
    const struct record *r = NULL;
    TRY(find(rq, &r));
    struct record_person after = r->of.person;
    const bool void_password = after.password_is_short;
    after.sealed_totp = (bytes){0};
    after.totp_step = 0;
    after.recovery_n = 0;
    after.credentials_ns = clock_utc_ns();
    if (void_password) {
        after.password = (bytes){0};
        after.password_is_short = false;
    }
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_pair(&j, "email", after.email);
    json_out_key(&j, "passwordRemoved");
    json_out_bool(&j, void_password);
    json_out_end(&j);
    return commit(rq, r, &after, "person.totp", true);
}
