/* What a token is used for, and what an organization's tokens are: from usage.db, by the hour; last uses
 * and open sessions. */
#include "api/token_usage.h"

#include "api/databases.h"
#include "api/routes.h"
#include "api/tokens.h"
#include "base/clock.h"
#include "http/body.h"
#include "http/http_work.h"
#include "usage/usage.h"
#include "usage/usage_file.h"

#include <urcu/urcu-memb.h>

enum { HOURS_DEFAULT = 24 };
static_assert((int)API_USAGE_HOURS_MAX == (int)USAGE_FILE_HOURS, "what is kept can be asked for");

struct usage_question {
    struct http_request *rq;
    struct usage_span span;
    bytes client_id; /* empty: of all of the scope */
    struct usage_hour hours[USAGE_FILE_HOURS];
    int64_t refusals[REFUSALS];
};

/* --- how a token is shown --- */

static void write_text(struct json_out *j, const char *key, const char *text)
{
    json_out_key(j, key);
    if (*text) json_out_text(j, bytes_of_text(text));
    else json_out_null(j);
}

static void write_time(struct json_out *j, const char *key, int64_t utc_ms)
{
    json_out_key(j, key);
    if (utc_ms) json_out_time(j, utc_ms * 1000000, 3);
    else json_out_null(j);
}

static void write_seen(struct json_out *j, const struct usage *u, bytes client_id,
                       const struct usage_seen *seen)
{
    urcu_memb_read_lock();
    const uint32_t sessions = usage_read_sessions(u, client_id);
    urcu_memb_read_unlock();
    write_time(j, "lastUsedAt", seen->used_ms);
    write_text(j, "lastUsedFrom", seen->from);
    write_text(j, "lastUsedBy", seen->by);
    json_out_key(j, "openSessions");
    json_out_int(j, sessions);
}

struct showing {
    bytes client_id;
    struct usage_seen seen;
};

static err find_seen(void *owner, struct usage_file *f)
{
    struct showing *s = owner;
    return f ? usage_file_token(f, s->client_id, &s->seen) : DONE;
}

/* A file that fails is no reason to show no tokens. */
void token_usage_write(struct json_out *j, struct usage *u, bytes client_id)
{
    struct showing s = {.client_id = client_id};
    if (!err_is_ok(usage_ask(u, find_seen, &s))) s.seen = (struct usage_seen){0};
    write_seen(j, u, client_id, &s.seen);
}

struct token_usage_version token_usage_version(const struct usage *u, const struct uuid *scope)
{
    return (struct token_usage_version){usage_read_last_ms(u, bytes_of(scope->b, sizeof scope->b)),
                                        usage_read_scope_sessions(u, scope)};
}

/* --- what is asked --- */

/* A number as it is written, or 0. */
static int64_t number_of(bytes text)
{
    int64_t v = 0;
    if (text.n > 6) return 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') return 0;
        v = v * 10 + (text.p[i] - '0');
    }
    return v;
}

static err read_hours(struct http_request *rq, int64_t *out)
{
    const struct field *f = F(USAGE_QUERY_HOURS);
    const struct target_argument *given = target_argument(&rq->target, f->name);
    *out = given ? number_of(given->value) : HOURS_DEFAULT;
    if (*out >= (int64_t)f->least && *out <= (int64_t)f->most) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "%s must be a number from %zu to %zu", f->name,
                     f->least, f->most);
}

static err make_question(struct http_request *rq, const struct api_scope *scope, bytes client_id)
{
    int64_t hours;
    TRY(read_hours(rq, &hours));
    struct usage_question *q = arena_take(&rq->call.arena, sizeof *q);
    if (!q) return FAIL(NO_MEMORY);
    q->rq = rq;
    q->client_id = client_id;
    q->span = (struct usage_span){
        .first = rq->call.now_ms / USAGE_FILE_HOUR_MS - hours + 1, .n = (size_t)hours, .scope = scope->id};
    rq->work = q;
    return DONE;
}

/* --- what is answered --- */

static void write_hours(struct json_out *j, const struct usage_question *q)
{
    json_out_key(j, "hours");
    json_out_array(j);
    for (size_t i = 0; i < q->span.n; i++) {
        json_out_object(j);
        json_out_key(j, "hour");
        json_out_time(j, (q->span.first + (int64_t)i) * USAGE_FILE_HOUR_MS * 1000000, 3);
        json_out_key(j, "logins");
        json_out_int(j, q->hours[i].logins);
        json_out_key(j, "refusals");
        json_out_int(j, q->hours[i].refusals);
        json_out_key(j, "statements");
        json_out_int(j, q->hours[i].statements);
        json_out_end(j);
    }
    json_out_end(j);
}

static void write_refusals(struct json_out *j, const struct usage_question *q)
{
    json_out_key(j, "refusals");
    json_out_array(j);
    for (unsigned r = REFUSAL_NONE + 1; r < REFUSALS; r++) {
        if (!q->refusals[r]) continue;
        json_out_object(j);
        json_out_pair_text(j, "reason", refusal_text((enum refusal)r));
        json_out_key(j, "count");
        json_out_int(j, q->refusals[r]);
        json_out_end(j);
    }
    json_out_end(j);
}

/* Who reads tokens need not see databases, nor what is in them; one that is gone is seen as all are. */
static bool may_see(const struct http_request *rq, const struct uuid *scope, const struct uuid *database)
{
    const struct record_database d = {.id = *database, .organization = *scope};
    urcu_memb_read_lock();
    const bool may = databases_may_see(rq, &d);
    urcu_memb_read_unlock();
    return may;
}

struct tables {
    const struct usage_question *question;
    struct json_out *json;
};

static void write_table(void *owner, const struct usage_visit *v)
{
    const struct tables *t = owner;
    const struct usage_question *q = t->question;
    struct json_out *j = t->json;
    if (!may_see(q->rq, &q->span.scope, &v->database)) return;
    json_out_object(j);
    json_out_pair_uuid(j, "databaseId", &v->database);
    json_out_pair(j, "keyspace", v->keyspace);
    json_out_pair(j, "table", v->table);
    json_out_key(j, "reads");
    json_out_int(j, v->reads);
    json_out_key(j, "writes");
    json_out_int(j, v->writes);
    write_time(j, "lastUsedAt", v->used_ms);
    json_out_end(j);
}

static void write_refused(void *owner, bytes client_id, int64_t n)
{
    struct json_out *j = owner;
    json_out_object(j);
    json_out_pair(j, "clientId", client_id);
    json_out_key(j, "count");
    json_out_int(j, n);
    json_out_end(j);
}

static err read_counts(struct usage_question *q, struct usage_file *f)
{
    if (!f) return DONE;
    TRY(usage_file_hours(f, &q->span, q->hours));
    return usage_file_refusals(f, &q->span, q->refusals);
}

static err answer_token(void *owner, struct usage_file *f)
{
    struct usage_question *q = owner;
    struct usage_seen seen = {0};
    struct json_out j = json_out_to(http_json(q->rq, 200));
    if (f) TRY(usage_file_token(f, q->client_id, &seen));
    q->span.token = seen.number;
    if (seen.number) TRY(read_counts(q, f));
    json_out_object(&j);
    write_seen(&j, api_of(q->rq)->usage, q->client_id, &seen);
    write_hours(&j, q);
    write_refusals(&j, q);
    json_out_key(&j, "tables");
    json_out_array(&j);
    if (seen.number) {
        struct tables tables = {q, &j};
        TRY(usage_file_tables(f, &q->span, write_table, &tables));
    }
    json_out_end(&j);
    json_out_end(&j);
    return DONE;
}

static err answer_scope(void *owner, struct usage_file *f)
{
    struct usage_question *q = owner;
    struct json_out j = json_out_to(http_json(q->rq, 200));
    TRY(read_counts(q, f));
    urcu_memb_read_lock();
    const uint32_t sessions = usage_read_scope_sessions(api_of(q->rq)->usage, &q->span.scope);
    urcu_memb_read_unlock();
    json_out_object(&j);
    write_hours(&j, q);
    write_refusals(&j, q);
    json_out_key(&j, "refusedTokens");
    json_out_array(&j);
    if (f) TRY(usage_file_refused(f, &q->span, write_refused, &j));
    json_out_end(&j);
    json_out_key(&j, "openSessions");
    json_out_int(&j, sessions);
    json_out_end(&j);
    return DONE;
}

/* --- the calls; what follows `http_work` is on a work thread --- */

static err work_token(struct http_request *rq)
{
    return usage_ask(api_of(rq)->usage, answer_token, rq->work);
}

static err work_scope(struct http_request *rq)
{
    return usage_ask(api_of(rq)->usage, answer_scope, rq->work);
}

static err find_token(struct http_request *rq, struct api_scope *scope, struct index_token *t)
{
    TRY(api_call_scope(rq, scope));
    TRY(tokens_permit_reading(rq, scope));
    if (index_find_token(api_of(rq)->index, rq->params[0], t) && uuid_eq(&t->scope, &scope->id)) {
        return DONE;
    }
    return FAIL(NOT_FOUND);
}

err token_usage_get(struct http_request *rq)
{
    struct api_scope scope;
    struct index_token t;
    TRY(find_token(rq, &scope, &t));
    TRY(make_question(rq, &scope, rq->params[0]));
    return http_work(rq, api_of(rq)->work, work_token);
}

err token_usage_all(struct http_request *rq)
{
    struct api_scope scope;
    TRY(api_call_scope(rq, &scope));
    TRY(tokens_permit_reading(rq, &scope));
    TRY(make_question(rq, &scope, (bytes){0}));
    return http_work(rq, api_of(rq)->work, work_scope);
}

/* --- open sessions --- */

static void write_session(struct http_request *rq, struct json_out *j, const struct api_session *s)
{
    const struct record_database *d = snapshot_database(api_snapshot(rq), &s->database);
    json_out_object(j);
    json_out_pair_uuid(j, "databaseId", &s->database);
    json_out_pair(j, "database", d && databases_may_see(rq, d) ? d->name : (bytes){0});
    json_out_pair_text(j, "address", s->from);
    write_text(j, "driver", s->by);
    write_time(j, "since", s->since_ms);
    json_out_end(j);
}

static err write_sessions(struct http_request *rq)
{
    const struct api_sessions *all = rq->work;
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_key(&j, "sessions");
    json_out_array(&j);
    for (size_t i = 0; i < all->n; i++) write_session(rq, &j, &all->rows[i]);
    json_out_end(&j);
    json_out_key(&j, "count");
    json_out_int(&j, (int64_t)all->count);
    json_out_end(&j);
    return DONE;
}

static void on_sessions(struct api_sessions *all)
{
    http_continue(all->rq, write_sessions);
}

err token_usage_sessions(struct http_request *rq)
{
    struct api_scope scope;
    struct index_token t;
    const struct api_ports *p = &api_of(rq)->ports;
    TRY(find_token(rq, &scope, &t));
    struct api_sessions *all = arena_take(&rq->call.arena, sizeof *all);
    if (!all) return FAIL(NO_MEMORY);
    *all = (struct api_sessions){.rq = rq, .client_id = rq->params[0], .live = t.live, .done = on_sessions};
    rq->work = all;
    if (!p->sessions) return write_sessions(rq);
    TRY(p->sessions(p->owner, all));
    http_suspend(rq);
    return DONE;
}
