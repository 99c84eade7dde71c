/* Application tokens: created once with their secret, read without it, deleted so that a repeated
 * delete is answered like the first. */
#include "api/tokens.h"

#include "api/replay.h"
#include "api/routes.h"
#include "api/token_shown.h"
#include "api/token_tree.h"
#include "base/clock.h"
#include "base/random.h"
#include "http/body.h"
#include "http/http_work.h"
#include "http/repeat.h"

/* clientIdSecrets, the legacy name, knows nothing of enterprises (decisions 1.13). */
bool tokens_is_legacy(const struct http_request *rq)
{
    return !bytes_eq_text(rq->target.segments[1], "tokens");
}

static err refuse_enterprise(struct http_request *rq)
{
    return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                     "clientIdSecrets does not serve enterprise tokens; use /v2/tokens");
}

/* --- what is wished for --- */

static bool is_zero_time(bytes text)
{
    return text.n == 0 || bytes_has_prefix(text, BYTES("0001-01-01T00:00:00"));
}

/* When the token that makes this one ends, where the organization wants that to be the latest. */
static int64_t maker_s_end(const struct http_request *rq, const struct record_organization *o)
{
    const bool inherits = o && o->inherit_expiry && rq->call.who.kind == PRINCIPAL_TOKEN;
    return inherits ? rq->call.who.valid_until_ms : CLOCK_NEVER_MS;
}

static err check_maker_s_end(struct http_request *rq, int64_t expires_ms, int64_t latest_ms)
{
    char text[CLOCK_TEXT_SIZE];
    if (expires_ms <= latest_ms) return DONE;
    clock_write_utc(latest_ms * 1000000, 0, text);
    return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                     "tokenExpiry is past the end of the token that makes it, which is %s", text);
}

static err read_expiry(struct http_request *rq, const struct json_in *body, struct tokens_wish *wish)
{
    const struct record_organization *o =
        wish->scope.enterprise ? NULL : snapshot_organization(api_snapshot(rq), &wish->scope.id);
    const int64_t latest_ms = maker_s_end(rq, o);
    bytes text = {0};
    TRY(body_text(rq, body, F(TOKEN_NEW_EXPIRY), &text));
    if (is_zero_time(text)) {
        wish->expires_ms = snapshot_default_expiry(o, rq->call.now_ms);
        if (wish->expires_ms > latest_ms) wish->expires_ms = latest_ms;
        wish->expires_ns = wish->expires_ms == CLOCK_NEVER_MS ? 0 : wish->expires_ms * 1000000;
        return DONE;
    }
    if (!err_is_ok(clock_read_utc(text, &wish->expires_ns))) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"tokenExpiry\" must be a time such as 2030-01-31T12:00:00Z");
    }
    wish->expires_ms = wish->expires_ns / 1000000;
    TRY(check_maker_s_end(rq, wish->expires_ms, latest_ms));
    return snapshot_check_expiry(o, rq->call.now_ms, wish->expires_ms, &rq->call.note);
}

err tokens_read_common(struct http_request *rq, const struct json_in *body, struct tokens_wish *wish)
{
    TRY(body_text(rq, body, F(TOKEN_NEW_DESCRIPTION), &wish->description));
    return read_expiry(rq, body, wish);
}

static err read_org_id(struct http_request *rq, const struct json_in *body, struct uuid *out, bool *given)
{
    const struct json_in *v = NULL;
    TRY(body_any_case(rq, body, F(TOKEN_NEW_ORG), &v));
    *given = v && !(json_in_is(v, JSON_IN_TEXT) && json_in_text(v).n == 0);
    if (!*given) return DONE;
    if (json_in_is(v, JSON_IN_TEXT) && uuid_read(json_in_text(v), out)) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "field \"orgId\" must be a UUID");
}

/* In which scope the token is made: one's own, or a member organization's for an enterprise. */
static err choose_scope(struct http_request *rq, const struct json_in *body, const struct api_scope *own,
                        struct tokens_wish *wish)
{
    struct uuid org;
    bool given = false;
    TRY(read_org_id(rq, body, &org, &given));
    wish->scope = *own;
    wish->by = api_call_ask(own, ACTION_ORG_TOKEN_WRITE, ACTION_ENTERPRISE_TOKEN_WRITE);
    if (!given || uuid_eq(&org, &own->id)) return DONE;
    if (!own->enterprise) {
        return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                         "orgId names another organization than the caller's");
    }
    wish->scope = (struct api_scope){.id = org};
    const struct record_organization *o = snapshot_organization(api_snapshot(rq), &org);
    if (o && uuid_eq(&o->enterprise, &own->id)) return DONE;
    return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                     "orgId is not a member of the caller's enterprise");
}

/* --- making one --- */

struct making {
    struct token_new token;
    char text[TOKEN_PREFIX_MAX + TOKEN_CLIENT_ID + 1 + TOKEN_DIGEST_TEXT];
    struct record_token record;
};

static void wipe_making(struct http_request *rq)
{
    secret_wipe(rq->work, sizeof(struct making));
}

static int digits_of(int64_t ns)
{
    if (ns % 1000000000 == 0) return 0;
    if (ns % 1000000 == 0) return 3;
    return ns % 1000 == 0 ? 6 : 9;
}

static void write_roles(struct json_out *j, const struct uuid *roles, size_t n)
{
    json_out_key(j, "roles");
    json_out_array(j);
    for (size_t i = 0; i < n; i++)
        json_out_uuid(j, &roles[i]);
    json_out_end(j);
}

static void write_created(struct http_request *rq, const struct tokens_wish *wish,
                          const struct making *m, size_t text_n)
{
    struct json_out j = json_out_to(http_json(rq, 200));
    rq->answer.secret = true;
    json_out_object(&j);
    json_out_pair(&j, "clientId", bytes_of(m->token.client_id, TOKEN_CLIENT_ID));
    json_out_pair(&j, "secret", bytes_of(m->token.secret, TOKEN_SECRET));
    json_out_pair_uuid(&j, "orgId", &wish->scope.id);
    write_roles(&j, wish->roles, wish->roles_n);
    json_out_pair(&j, "token", bytes_of(m->text, text_n));
    json_out_key(&j, "generatedOn");
    json_out_time(&j, m->record.created_ns, 9);
    json_out_key(&j, "tokenExpiry");
    if (wish->expires_ms == CLOCK_NEVER_MS)
        json_out_null(&j);
    else
        json_out_time(&j, wish->expires_ns, digits_of(wish->expires_ns));
    json_out_pair(&j, "description", wish->description);
    json_out_end(&j);
}

static struct record_token record_of(const struct http_request *rq, const struct tokens_wish *wish,
                                     const struct token_new *t)
{
    const struct server_key *key = server_keys_newest(gate_server_keys(rq->gate));
    struct record_token r = {.scope = wish->scope.id,
                             .enterprise = wish->scope.enterprise,
                             .key_id = key->id,
                             .created_ns = clock_utc_ns(),
                             .expires_ms = wish->expires_ms,
                             .roles = wish->roles,
                             .roles_n = wish->roles_n,
                             .description = wish->description,
                             .created_by = bytes_of_text(rq->call.who.name)};
    memcpy(r.client_id, t->client_id, TOKEN_CLIENT_ID);
    server_key_verifier(key, t->digest, r.verifier);
    return r;
}

static bytes event_detail(struct http_request *rq, const struct tokens_wish *wish)
{
    struct wr w = wr_growing(1 << 14);
    struct json_out j = json_out_to(&w);
    json_out_object(&j);
    write_roles(&j, wish->roles, wish->roles_n);
    if (wish->expires_ms != CLOCK_NEVER_MS) {
        json_out_key(&j, "expires");
        json_out_time(&j, wish->expires_ns, 3);
    }
    if (rq->call.who.enterprise && !wish->scope.enterprise) {
        json_out_pair_uuid(&j, "enterprise", &rq->call.who.scope);
    }
    json_out_end(&j);
    const bytes detail = arena_copy(&rq->call.arena, wr_view(&w));
    wr_drop(&w);
    return detail;
}

/* The token, and that this request made it. */
static size_t put_made(struct http_request *rq, const struct tokens_wish *wish,
                       const struct record_token *made, struct change out[TOKENS_CHANGES])
{
    out[0] = (struct change){.verb = CHANGE_PUT,
                             .expect = CHANGE_ABSENT,
                             .record = {.kind = RECORD_TOKEN, .of.token = *made}};
    const size_t n =
        1 + replay_put(api_snapshot(rq), repeat_key(rq), rq->call.now_ms, made, &out[1]);
    for (size_t i = 0; i < n; i++) out[i].by = wish->by;
    return n;
}

err tokens_create(struct http_request *rq, const struct tokens_wish *wish,
                  const struct permit *permit, struct change *changes, size_t before_n)
{
    TRY(api_call_proven(rq));
    struct making *m = arena_take(&rq->call.arena, sizeof *m);
    if (!m) return FAIL(NO_MEMORY);
    rq->work = m;
    rq->drop = wipe_making;
    token_make(&m->token, random_below);
    m->record = record_of(rq, wish, &m->token);
    const size_t text_n = token_write(&m->token, api_of(rq)->prefix, m->text);
    write_created(rq, wish, m, text_n);
    const size_t n = before_n + put_made(rq, wish, &m->record, changes + before_n);
    const struct api_event event = {.name = "token.create",
                                    .subject = bytes_of(m->token.client_id, TOKEN_CLIENT_ID),
                                    .detail = event_detail(rq, wish),
                                    .scope = wish->scope.id};
    return api_call_commit(rq, permit, changes, n, &event, false);
}

err tokens_post(struct http_request *rq)
{
    struct api_scope own;
    struct tokens_wish wish = {0};
    struct change changes[TOKENS_CHANGES];
    const struct json_in *body = NULL;
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, &own));
    if (own.enterprise && tokens_is_legacy(rq)) return refuse_enterprise(rq);
    TRY(body_object(rq, &body));
    TRY(choose_scope(rq, body, &own, &wish));
    TRY(body_uuids(rq, body, F(TOKEN_NEW_ROLES), wish.roles, &wish.roles_n));
    TRY(tokens_read_common(rq, body, &wish));
    const struct ask asks[] = {wish.by, {ACTION_ENTERPRISE_TOKEN_READ, wish.by.on}};
    TRY(gate_permit_roles(rq->gate, &rq->call, asks, wish.scope.enterprise ? 2 : 1, &wish.scope.id,
                          wish.scope.enterprise, wish.roles, wish.roles_n, false, &permit));
    return tokens_create(rq, &wish, permit, changes, 0);
}

/* --- reading one --- */

err tokens_permit_reading(struct http_request *rq, const struct api_scope *scope)
{
    const struct permit *permit = NULL;
    const struct ask ask = api_call_ask(scope, ACTION_ORG_TOKEN_READ, ACTION_ENTERPRISE_TOKEN_READ);
    return gate_permit(rq->gate, &rq->call, &ask, 1, &permit);
}

/* On a work thread. */
static err get_one(struct http_request *rq)
{
    struct record r;
    TRY(store_get(api_of(rq)->store, RECORD_TOKEN, rq->params[0], &rq->call.arena, &r));
    if (!uuid_eq(&r.of.token.scope, &rq->call.who.scope)) return FAIL(NOT_FOUND);
    struct json_out j = json_out_to(http_json(rq, 200));
    token_shown_write(&j, &r.of.token, rq->work);
    return DONE;
}

err tokens_get(struct http_request *rq)
{
    struct api_scope scope;
    struct index_token t;
    TRY(api_call_scope(rq, &scope));
    TRY(tokens_permit_reading(rq, &scope));
    if (!index_find_token(api_of(rq)->index, rq->params[0], &t) || !uuid_eq(&t.scope, &scope.id)) {
        return FAIL(NOT_FOUND);
    }
    struct token_life *life = arena_take(&rq->call.arena, sizeof *life);
    if (!life) return FAIL(NO_MEMORY);
    *life = token_shown_life(rq, &scope);
    life->usage = api_of(rq)->usage;
    rq->work = life;
    return http_work(rq, api_of(rq)->work, get_one);
}

/* --- deleting one --- */

/* On a work thread: was it this scope that deleted it, not long ago? (decisions 2.3) */
static err was_deleted(struct http_request *rq)
{
    const int64_t keep_ms = INT64_C(86400000) * API_TOMBSTONE_DAYS;
    struct record r;
    TRY(store_get(api_of(rq)->store, RECORD_TOMBSTONE, rq->params[0], &rq->call.arena, &r));
    const struct record_tombstone *t = &r.of.tombstone;
    if (!uuid_eq(&t->scope, &rq->call.who.scope)) return FAIL(NOT_FOUND);
    if (rq->call.now_ms - t->deleted_ms > keep_ms) return FAIL(NOT_FOUND);
    http_empty(rq, 204);
    return DONE;
}

static err delete_it(struct http_request *rq, const struct api_scope *scope, const struct ask *by,
                     const struct permit *permit)
{
    struct change changes[2] = {
        {.verb = CHANGE_REMOVE,
         .expect = CHANGE_ANY_VERSION,
         .by = *by,
         .record = {.kind = RECORD_TOKEN,
                    .of.token = {.scope = scope->id, .enterprise = scope->enterprise}}},
        {.verb = CHANGE_PUT,
         .expect = CHANGE_ANY_VERSION,
         .by = *by,
         .record = {.kind = RECORD_TOMBSTONE,
                    .of.tombstone = {.scope = scope->id, .deleted_ms = rq->call.now_ms}}}};
    memcpy(changes[0].record.of.token.client_id, rq->params[0].p, TOKEN_CLIENT_ID);
    memcpy(changes[1].record.of.tombstone.client_id, rq->params[0].p, TOKEN_CLIENT_ID);
    const struct api_event event = {
        .name = "token.delete", .subject = rq->params[0], .scope = scope->id};
    http_empty(rq, 204);
    return api_call_commit(rq, permit, changes, 2, &event, true);
}

err tokens_delete(struct http_request *rq)
{
    struct api_scope scope;
    struct index_token t;
    bool made = false; /* and everything it made (decisions 2.2) */
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, &scope));
    if (scope.enterprise && tokens_is_legacy(rq)) return refuse_enterprise(rq);
    const struct ask by =
        api_call_ask(&scope, ACTION_ORG_TOKEN_WRITE, ACTION_ENTERPRISE_TOKEN_WRITE);
    const struct ask asks[] = {by, {ACTION_ENTERPRISE_TOKEN_READ, by.on}};
    TRY(gate_permit(rq->gate, &rq->call, asks, scope.enterprise ? 2 : 1, &permit));
    TRY(body_query_truth(rq, F(TOKEN_DELETE_QUERY_MADE), &made));
    if (!token_is_client_id(rq->params[0])) return FAIL(NOT_FOUND);
    if (index_find_token(api_of(rq)->index, rq->params[0], &t)) {
        if (!uuid_eq(&t.scope, &scope.id)) return FAIL(NOT_FOUND);
        const struct token_tree_wish wish = {
            .scope = scope, .by = by, .maker = rq->params[0], .with_maker = true};
        return made ? token_tree_begin(rq, &wish, permit) : delete_it(rq, &scope, &by, permit);
    }
    return http_work(rq, api_of(rq)->work, was_deleted);
}
