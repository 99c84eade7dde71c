/* What every handler of the API begins and ends with. */
#include "api/api_call.h"

#include "base/clock.h"
#include "base/random.h"
#include "http/repeat.h"
#include "model/seal.h"

#include <stdio.h>

struct uuid api_call_new_uuid(void)
{
    uint8_t random[16];
    random_fill(random, sizeof random);
    return uuid_from_random(random);
}

err api_call_seal(struct http_request *rq, const struct uuid *record, bytes secret, bytes *out)
{
    char id[UUID_TEXT];
    uint8_t nonce[SEAL_NONCE];
    uint8_t room[SECRET_MAX + SEAL_OVERHEAD];
    struct wr w = wr_fixed(room, sizeof room);
    uuid_write(record, id);
    random_fill(nonce, sizeof nonce);
    seal_write(server_keys_newest(gate_server_keys(rq->gate)), bytes_of(id, sizeof id), nonce, secret, &w);
    if (w.bad) return FAIL(NO_MEMORY);
    *out = arena_copy(&rq->call.arena, wr_view(&w));
    return rq->call.arena.bad ? FAIL(NO_MEMORY) : DONE;
}

err api_call_person(struct http_request *rq)
{
    if (rq->call.who.kind == PRINCIPAL_PERSON) return DONE;
    return note_fail(&rq->call.note, FAIL(NOT_ALLOWED), "this is for people who are signed in");
}

err api_call_proven(struct http_request *rq)
{
    const struct principal *who = &rq->call.who;
    if (who->kind != PRINCIPAL_PERSON) return DONE;
    return rq->call.now_ms - who->proved_ms < API_PROOF_MS ? DONE : FAIL(PROOF_NEEDED);
}

err api_call_copy(struct http_request *rq, const struct record *from, struct record *out)
{
    struct wr w = wr_growing(RECORD_BODY_MAX);
    record_write(from, &w);
    const bool written = !w.bad;
    const bytes body = arena_copy(&rq->call.arena, wr_view(&w));
    wr_drop(&w);
    if (!written || rq->call.arena.bad) return FAIL(NO_MEMORY);
    *out = (struct record){.version = from->version};
    return record_read(from->kind, body, &rq->call.arena, out);
}

/* --- scope --- */

static err only_one(struct http_request *rq, enum record_kind kind, struct uuid *out)
{
    const struct snapshot_list all = snapshot_all(api_snapshot(rq), kind);
    if (all.n == 1) {
        *out = kind == RECORD_ENTERPRISE ? all.records[0]->of.enterprise.id
                                         : all.records[0]->of.organization.id;
        return DONE;
    }
    const char *what = kind == RECORD_ENTERPRISE ? "enterprise" : "organization";
    if (all.n == 0) return note_fail(&rq->call.note, FAIL(NOT_FOUND), "there is no %s", what);
    return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                     "there are %zu organizations; say which (--org)", all.n);
}

static err find_organization(struct http_request *rq, bytes name, struct uuid *out)
{
    const struct snapshot_list all = snapshot_all(api_snapshot(rq), RECORD_ORGANIZATION);
    struct uuid id;
    const bool by_id = uuid_read(name, &id);
    for (size_t i = 0; i < all.n; i++) {
        const struct record_organization *o = &all.records[i]->of.organization;
        if (by_id ? !uuid_eq(&o->id, &id) : !bytes_eq_nocase(o->name, name)) continue;
        *out = o->id;
        return DONE;
    }
    return note_fail(&rq->call.note, FAIL(NOT_FOUND), "no organization is called \"%.*s\"",
                     BYTES_FMT(bytes_part(name, 0, 128)));
}

static err operator_scope(struct http_request *rq, struct api_scope *out)
{
    const bytes name = http_header(rq, "X-Latchkey-Organization");
    *out = (struct api_scope){.enterprise =
                                  bytes_eq_text(http_header(rq, "X-Latchkey-Enterprise"), "true")};
    if (out->enterprise) return only_one(rq, RECORD_ENTERPRISE, &out->id);
    return name.n ? find_organization(rq, name, &out->id)
                  : only_one(rq, RECORD_ORGANIZATION, &out->id);
}

err api_call_scope(struct http_request *rq, struct api_scope *out)
{
    struct principal *who = &rq->call.who;
    if (who->kind == PRINCIPAL_PERSON && uuid_is_zero(&who->scope)) {
        return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                         "you are signed in, but a member of no organization");
    }
    if (who->kind != PRINCIPAL_OPERATOR) {
        *out = (struct api_scope){who->scope, who->enterprise};
        return DONE;
    }
    TRY(operator_scope(rq, out));
    who->scope = out->id;
    who->enterprise = out->enterprise;
    return DONE;
}

err api_call_scope_at(struct http_request *rq, bytes named, struct api_scope *out)
{
    struct principal *who = &rq->call.who;
    struct uuid id;
    const bool is_id = uuid_read(named, &id);
    if (!is_id || who->kind != PRINCIPAL_OPERATOR || !snapshot_organization(api_snapshot(rq), &id)) {
        return api_call_scope(rq, out);
    }
    *out = (struct api_scope){.id = id};
    who->scope = id;
    return DONE;
}

struct resource api_call_resource(const struct api_scope *scope)
{
    return scope->enterprise ? resource_enterprise(&scope->id) : resource_organization(&scope->id);
}

struct ask api_call_ask(const struct api_scope *scope, enum action organization,
                        enum action enterprise)
{
    return (struct ask){scope->enterprise ? enterprise : organization, api_call_resource(scope)};
}

/* --- commit --- */

struct committing {
    struct store_commit commit;
    struct http_request *rq;
    bool repeatable;
};

static void on_committed(struct store_commit *commit)
{
    struct committing *c = LOOP_OF(commit, struct committing, commit);
    err e = commit->result;
    if (c->repeatable && e.code == ERR_NOT_FOUND) e = DONE;
    if (!err_is_ok(e)) c->rq->call.note = commit->note;
    /* An operator's affair, but the caller has to know whether it was done. */
    if (e.code == ERR_AUDIT_FAILED && commit->note.text[0]) c->rq->tell_note = true;
    http_answer(c->rq, e);
}

static void draft_event(const struct http_request *rq, const struct api_event *from,
                        struct event_draft *to)
{
    *to = (struct event_draft){.name = from->name,
                               .outcome = "done",
                               .who = rq->call.who,
                               .scope = from->scope,
                               .subject = from->subject,
                               .detail = from->detail};
    memcpy(to->call_id, rq->call.id, sizeof to->call_id);
    memcpy(to->peer, rq->call.peer, sizeof to->peer);
}

/* What was carried out before is answered as before, now that it had its permit again: but not with
 * a token that opens nothing any more. */
static err answer_again(struct http_request *rq, const struct api_event *event, bytes made)
{
    struct index_token t;
    const bool is_token = strcmp(event->name, "token.create") == 0;
    if (is_token && !index_find_token(api_of(rq)->index, made, &t)) {
        return note_fail(&rq->call.note, FAIL(CONFLICT),
                         "this Idempotency-Key was used before; the token %.*s that it made is gone",
                         BYTES_FMT(made));
    }
    repeat_answer(rq);
    return DONE;
}

err api_call_commit(struct http_request *rq, const struct permit *permit,
                    const struct change *changes, size_t n, const struct api_event *event,
                    bool repeatable)
{
    struct committing *c = arena_take(&rq->call.arena, sizeof *c);
    struct event_draft draft;
    bytes made = {0};
    if (repeat_is_one(rq, &made)) return answer_again(rq, event, made);
    repeat_makes(rq, event->subject);
    if (!c || rq->answer.body.bad) return FAIL(NO_MEMORY);
    c->rq = rq;
    c->repeatable = repeatable;
    c->commit.loop = rq->loop;
    c->commit.done = on_committed;
    draft_event(rq, event, &draft);
    http_suspend(rq);
    store_commit(api_of(rq)->store, permit, changes, n, &draft, &c->commit);
    return DONE;
}
