/* One's own account: password, authenticator, recovery codes. Every change asks for a proof within
 * the last minutes and ends the sessions elsewhere. */
#include "api/new_password.h"
#include "api/routes.h"
#include "api/session_write.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/random.h"
#include "base/secret.h"
#include "http/body.h"
#include "people/password.h"
#include "people/people.h"
#include "people/proof.h"
#include "people/recovery.h"
#include "people/totp.h"

/* The caller's own record, still theirs to change. */
static err own(struct http_request *rq, const struct record **out)
{
    TRY(api_call_person(rq));
    *out = snapshot_record(api_snapshot(rq), RECORD_PERSON, &rq->call.who.person);
    return *out ? DONE : FAIL(SESSION_ENDED);
}

static err own_proven(struct http_request *rq, const struct record **out)
{
    TRY(api_call_person(rq));
    TRY(api_call_proven(rq));
    return own(rq, out);
}

static void write_time(struct json_out *j, const char *key, int64_t utc_ns)
{
    json_out_key(j, key);
    if (utc_ns)
        json_out_time(j, utc_ns, 3);
    else
        json_out_null(j);
}

err person_get(struct http_request *rq)
{
    const struct record *r = NULL;
    TRY(own(rq, &r));
    const struct record_person *p = &r->of.person;
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_pair_uuid(&j, "id", &p->id);
    json_out_pair(&j, "email", p->email);
    write_time(&j, "createdOn", p->created_ns);
    write_time(&j, "credentialsChangedOn", p->credentials_ns);
    json_out_key(&j, "secondFactor");
    json_out_bool(&j, p->sealed_totp.n > 0);
    json_out_key(&j, "recoveryCodesLeft");
    json_out_int(&j, (int64_t)p->recovery_n);
    json_out_end(&j);
    return DONE;
}

/* Commits the changed account and ends its sessions but the caller's. */
static err commit(struct http_request *rq, const struct record *before,
                  const struct record_person *after, const char *event_name, const char *detail)
{
    struct session_ends all;
    const struct permit *permit = NULL;
    char id[UUID_TEXT + 1];
    TRY(gate_permit_own(rq->gate, &rq->call, &after->id, NULL, 0, &permit));
    TRY(session_ends_of(rq, &after->id, &rq->call.who.session, false, 1, &all));
    struct change *c = &all.changes[all.n++];
    *c = (struct change){.verb = CHANGE_PUT,
                         .expect = before->version,
                         .by = gate_own(&after->id),
                         .record = *before};
    c->record.of.person = *after;
    c->record.of.person.credentials_ns = clock_utc_ns();
    uuid_text(&after->id, id);
    const struct api_event event = {.name = event_name,
                                    .subject = bytes_of_text(id),
                                    .detail = bytes_of_text(detail),
                                    .scope = rq->call.who.scope};
    return api_call_commit(rq, permit, all.changes, all.n, &event, false);
}

/* --- password --- */

static err put_password(struct http_request *rq)
{
    const struct record *r = NULL;
    TRY(own(rq, &r));
    struct record_person after = r->of.person;
    new_password_put(rq, &after);
    http_empty(rq, 204);
    return commit(rq, r, &after, "person.password", "");
}

err person_put(struct http_request *rq)
{
    const struct record *r = NULL;
    TRY(own_proven(rq, &r));
    return new_password_take(rq, &r->of.person, put_password);
}

/* --- authenticator --- */

/* Between the two steps the seed is kept by the page, sealed for this person: nothing is stored
 * that was not confirmed. */
static err read_enrolment(struct http_request *rq, const struct json_in *body, struct secret *seed)
{
    bytes hex = {0};
    TRY(body_text(rq, body, F(TOTP_CONFIRM_ENROLMENT), &hex));
    uint8_t *sealed = arena_take(&rq->call.arena, hex.n / 2 + 1);
    if (!sealed) return FAIL(NO_MEMORY);
    if (hex.n % 2 == 0 && hex_read(hex, sealed, hex.n / 2, false) &&
        err_is_ok(proof_open(gate_server_keys(rq->gate), &rq->call.who.session, bytes_of(sealed, hex.n / 2),
                             seed)))
        return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                     "field \"enrolment\" is not what POST /v2/person/totp gave to this session");
}

err person_totp_new(struct http_request *rq)
{
    const struct record *r = NULL;
    struct secret seed;
    char text[TOTP_SEED_TEXT];
    struct wr uri = wr_growing(4096);
    struct wr sealed = wr_growing(4096);
    TRY(own_proven(rq, &r));
    totp_new(&seed);
    totp_seed_text(&seed, text);
    totp_uri(&seed, r->of.person.email, &uri);
    /* For the session, so that another's page cannot be made to confirm it. */
    proof_seal(server_keys_newest(gate_server_keys(rq->gate)), &rq->call.who.session, &seed, &sealed);
    char *hex = arena_take(&rq->call.arena, 2 * sealed.n + 1);
    if (hex) hex_write(wr_view(&sealed), hex);
    struct json_out j = json_out_to(http_json(rq, 200));
    rq->answer.secret = true;
    json_out_object(&j);
    json_out_pair(&j, "secret", bytes_of(text, sizeof text));
    json_out_pair(&j, "uri", wr_view(&uri));
    json_out_pair(&j, "enrolment", bytes_of_text(hex));
    json_out_end(&j);
    secret_drop(&seed);
    secret_wipe(text, sizeof text);
    if (uri.p) secret_wipe(uri.p, uri.n);
    wr_drop(&uri);
    wr_drop(&sealed);
    return hex ? DONE : FAIL(NO_MEMORY);
}

/* Ten new codes: in the person's record as hashes, in the answer as they are, once. */
static err renew_recovery(struct http_request *rq, struct record_person *p)
{
    struct recovery_codes codes;
    struct record_hash *hashes = arena_take_array(&rq->call.arena, RECOVERY_CODES, sizeof *hashes);
    if (!hashes) return FAIL(NO_MEMORY);
    recovery_new(&codes, hashes);
    p->recovery = hashes;
    p->recovery_n = RECOVERY_CODES;
    struct json_out j = json_out_to(http_json(rq, 200));
    rq->answer.secret = true;
    json_out_object(&j);
    json_out_key(&j, "recoveryCodes");
    json_out_array(&j);
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        json_out_text(&j, bytes_of(codes.text[i], RECOVERY_TEXT));
    json_out_end(&j);
    json_out_end(&j);
    secret_wipe(&codes, sizeof codes);
    return DONE;
}

static err seal_seed(struct http_request *rq, const struct secret *seed, struct record_person *p)
{
    struct wr w = wr_growing(1024);
    proof_seal(server_keys_newest(gate_server_keys(rq->gate)), &p->id, seed, &w);
    p->sealed_totp = arena_copy(&rq->call.arena, wr_view(&w));
    wr_drop(&w);
    return p->sealed_totp.n ? DONE : FAIL(NO_MEMORY);
}

static err confirm(struct http_request *rq, const struct record *r, const struct secret *seed,
                   bytes code)
{
    struct record_person after = r->of.person;
    if (!totp_find(seed, code, rq->call.now_ms, 0, &after.totp_step)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"code\" is not what this authenticator shows now; is its clock right?");
    }
    TRY(seal_seed(rq, seed, &after));
    TRY(renew_recovery(rq, &after));
    return commit(rq, r, &after, "person.totp", "{\"secondFactor\":true}");
}

err person_totp_put(struct http_request *rq)
{
    const struct json_in *body = NULL;
    const struct record *r = NULL;
    struct secret seed;
    bytes code = {0};
    TRY(own_proven(rq, &r));
    TRY(body_object(rq, &body));
    TRY(body_text(rq, body, F(TOTP_CONFIRM_CODE), &code));
    TRY(read_enrolment(rq, body, &seed));
    const err e = confirm(rq, r, &seed, code);
    secret_drop(&seed);
    return e;
}

err person_totp_delete(struct http_request *rq)
{
    const struct record *r = NULL;
    TRY(own_proven(rq, &r));
    struct record_person after = r->of.person;
    if (after.sealed_totp.n == 0) return FAIL(NOT_FOUND);
    if (after.password_is_short) {
        return note_fail(&rq->call.note, FAIL(CONFLICT),
                         "your password does only beside a second factor: choose one of at least %d "
                         "characters first", PASSWORD_LEAST);
    }
    after.sealed_totp = (bytes){0};
    after.totp_step = 0;
    after.recovery_n = 0;
    http_empty(rq, 204);
    return commit(rq, r, &after, "person.totp", "{\"secondFactor\":false}");
}

err person_recovery_post(struct http_request *rq)
{
    const struct record *r = NULL;
    TRY(own_proven(rq, &r));
    struct record_person after = r->of.person;
    if (after.sealed_totp.n == 0) {
        return note_fail(&rq->call.note, FAIL(CONFLICT),
                         "recovery codes stand for a second factor, and none is set up");
    }
    TRY(renew_recovery(rq, &after));
    return commit(rq, r, &after, "person.recovery", "");
}
