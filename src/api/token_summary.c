/* GET /v2/tokens/summary: one pass over the list picture, or over the store where there is none. Days are
 * those of UTC. */
#include "api/token_summary.h"

#include "api/routes.h"
#include "api/token_walk.h"
#include "api/tokens.h"
#include "base/clock.h"
#include "http/http_work.h"

enum { DAY_TEXT = 10 /* 2026-12-01 */ };

void token_summary_begin(struct token_summary *s, const struct token_life *life,
                         const struct token_filter *use)
{
    *s = (struct token_summary){.life = life, .use = use, .oldest_ns = INT64_MAX};
}

/* Of every day that there is, counted from 1970. */
static int64_t day_of(int64_t utc_ms)
{
    return utc_ms >= 0 ? utc_ms / TOKEN_DAY_MS : (utc_ms + 1) / TOKEN_DAY_MS - 1;
}

static void count_end(struct token_summary *s, int64_t end_ms)
{
    const int64_t now_ms = s->life->now_ms;
    if (end_ms == CLOCK_NEVER_MS) {
        s->unending++;
        return;
    }
    const int64_t day = day_of(end_ms) - day_of(now_ms);
    if (day < TOKEN_SUMMARY_DAYS) s->ends[day]++;
    s->expiring += end_ms - now_ms <= TOKEN_EXPIRING_DAYS * TOKEN_DAY_MS;
}

static void count_use(struct token_summary *s, const char *client_id, int64_t created_ms)
{
    const int64_t used_ms = token_filter_last_use(s->use, client_id);
    const int64_t long_ago_ms = s->life->now_ms - TOKEN_UNUSED_DAYS * TOKEN_DAY_MS;
    s->never_used += used_ms == 0;
    s->unused += created_ms <= long_ago_ms && used_ms <= long_ago_ms;
}

void token_summary_add(struct token_summary *s, const char client_id[TOKEN_CLIENT_ID],
                       int64_t created_ns, int64_t expires_ms)
{
    const int64_t created_ms = created_ns / 1000000;
    const int64_t end_ms = snapshot_valid_until(&s->life->policy, created_ms, expires_ms);
    if (end_ms <= s->life->now_ms) {
        s->expired++;
        return;
    }
    s->active++;
    if (created_ns < s->oldest_ns) s->oldest_ns = created_ns;
    count_end(s, end_ms);
    count_use(s, client_id, created_ms);
}

/* --- the answer --- */

static void write_count(struct json_out *j, const struct field *f, size_t n)
{
    json_out_key(j, f->name);
    json_out_int(j, (int64_t)n);
}

static void write_ends(const struct token_summary *s, struct json_out *j)
{
    const int64_t today = day_of(s->life->now_ms);
    json_out_key(j, F(TOKENS_SUMMARY_EXPIRIES)->name);
    json_out_array(j);
    for (int day = 0; day < TOKEN_SUMMARY_DAYS; day++) {
        char text[CLOCK_TEXT_SIZE];
        clock_write_utc((today + day) * TOKEN_DAY_MS * 1000000, 0, text);
        json_out_object(j);
        json_out_pair(j, F(TOKENS_ENDING_DAY)->name, bytes_of(text, DAY_TEXT));
        write_count(j, F(TOKENS_ENDING_COUNT), s->ends[day]);
        json_out_end(j);
    }
    json_out_end(j);
}

void token_summary_write(const struct token_summary *s, struct json_out *j)
{
    json_out_object(j);
    write_count(j, F(TOKENS_SUMMARY_ACTIVE), s->active);
    write_count(j, F(TOKENS_SUMMARY_EXPIRING), s->expiring);
    write_count(j, F(TOKENS_SUMMARY_EXPIRED), s->expired);
    write_count(j, F(TOKENS_SUMMARY_UNENDING), s->unending);
    write_count(j, F(TOKENS_SUMMARY_NEVER_USED), s->never_used);
    write_count(j, F(TOKENS_SUMMARY_UNUSED), s->unused);
    json_out_key(j, F(TOKENS_SUMMARY_OLDEST)->name);
    if (s->oldest_ns == INT64_MAX)
        json_out_null(j);
    else
        json_out_time(j, s->oldest_ns, 3);
    write_ends(s, j);
    json_out_end(j);
}

/* --- the call --- */

struct summing {
    struct token_summary summary;
    struct token_filter filter;
    struct token_life life;
    struct token_walk walk;
};

static bool sum_chunk(void *owner, const struct token_chunk *c, size_t from)
{
    struct summing *s = owner;
    for (size_t row = from; row < c->n; row++) {
        char id[TOKEN_CLIENT_ID];
        token_chunk_id(c, row, id);
        token_summary_add(&s->summary, id, c->created_ns[row], c->expires_ms[row]);
    }
    return true;
}

static bool sum_one(void *owner, const struct record_token *t)
{
    struct summing *s = owner;
    token_summary_add(&s->summary, t->client_id, t->created_ns, t->expires_ms);
    return true;
}

static const struct token_walk_eyes eyes = {sum_chunk, sum_one};

/* On a work thread. */
static err sum_some(struct http_request *rq)
{
    struct summing *s = rq->work;
    return token_walk_turn(&s->walk, api_of(rq));
}

static err sum_on(struct http_request *rq)
{
    const struct summing *s = rq->work;
    if (!s->walk.done) return http_work_then(rq, api_of(rq)->work, sum_some, sum_on);
    struct json_out j = json_out_to(http_json(rq, 200));
    token_summary_write(&s->summary, &j);
    return DONE;
}

err token_summary_get(struct http_request *rq)
{
    struct api_scope scope;
    TRY(api_call_scope(rq, &scope));
    TRY(tokens_permit_reading(rq, &scope));
    struct summing *s = arena_take(&rq->call.arena, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    s->life = token_shown_life(rq, &scope);
    s->filter.usage = api_of(rq)->usage;
    s->walk = token_walk_of(api_of(rq), &scope.id, scope.enterprise, &eyes, s);
    token_summary_begin(&s->summary, &s->life, &s->filter);
    rq->work = s;
    return http_work_then(rq, api_of(rq)->work, sum_some, sum_on);
}
