/* The audit trail as far as it is the caller's: what was done in its scope, and by those of its scope
 * elsewhere, so that a token minted by an enterprise is on both sides' record. */
#include "api/api_call.h"
#include "api/routes.h"
#include "audit/event_name.h"
#include "audit/search.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "http/body.h"
#include "http/http_work.h"
#include "http/page.h"

#include <stdio.h>

enum { PAGE_DEFAULT = 100 };

struct searching_for {
    struct search_query query;
    struct uuid scope;
    struct page page;
    struct json_out json;
};

/* --- what is asked --- */

static err wrong(struct http_request *rq, const struct field *f, const char *wanted)
{
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "%s must be %s", f->name, wanted);
}

static err read_time(struct http_request *rq, const struct field *f, int64_t *out)
{
    const bytes text = http_argument(rq, f->name);
    if (text.n == 0 || err_is_ok(clock_read_utc(text, out))) return DONE;
    return wrong(rq, f, "a time such as 2030-01-31T12:00:00Z");
}

static err read_text(struct http_request *rq, const struct field *f, bytes *out)
{
    *out = http_argument(rq, f->name);
    return utf8_is_plain(*out, f->most) ? DONE : wrong(rq, f, "a text of a sensible length");
}

static err read_before(struct http_request *rq, struct searching_for *s)
{
    const bytes text = s->page.after;
    uint64_t v = 0;
    for (size_t i = 0; i < text.n && text.n < 19; i++) {
        const bool digit = text.p[i] >= '0' && text.p[i] <= '9';
        v = digit ? v * 10 + (uint64_t)(text.p[i] - '0') : UINT64_MAX / 16;
        if (!digit) break;
    }
    if (text.n && (text.n >= 19 || v == 0 || v == UINT64_MAX / 16)) {
        return wrong(rq, F(AUDIT_QUERY_AFTER), "as the Link header says");
    }
    s->query.before = v;
    return DONE;
}

/* The few words of doc/formats.md: a slip would find nothing, which looks like good news. */
static err read_outcome(struct http_request *rq, bytes *out)
{
    static const char *const words[] = {"", "done", "refused", "failed"};
    TRY(read_text(rq, F(AUDIT_QUERY_OUTCOME), out));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (bytes_eq(*out, bytes_of_text(words[i]))) return DONE;
    }
    return wrong(rq, F(AUDIT_QUERY_OUTCOME), "done, refused or failed");
}

/* As for the outcome: what there is not happened never, and nobody should believe so. */
static err read_event(struct http_request *rq, bytes *out)
{
    const struct field *f = F(AUDIT_QUERY_EVENT);
    TRY(read_text(rq, f, out));
    if (out->n == 0 || event_name_is_known(*out)) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "%s: no event is called \"%.*s\"; token.create is one, token. all"
                     " that begin so", f->name, BYTES_FMT(*out));
}

static err read_times(struct http_request *rq, struct search_query *q)
{
    TRY(read_time(rq, F(AUDIT_QUERY_FROM), &q->from_ns));
    TRY(read_time(rq, F(AUDIT_QUERY_TO), &q->until_ns));
    if (!q->from_ns || !q->until_ns || q->from_ns < q->until_ns) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "%s must be before %s", F(AUDIT_QUERY_FROM)->name,
                     F(AUDIT_QUERY_TO)->name);
}

static err read_query(struct http_request *rq, struct searching_for *s)
{
    struct search_query *q = &s->query;
    s->page = page_read(rq, API_AUDIT_PAGE_MAX);
    if (s->page.limit == 0) s->page.limit = PAGE_DEFAULT;
    q->max = s->page.limit;
    TRY(read_times(rq, q));
    TRY(read_text(rq, F(AUDIT_QUERY_ACTOR), &q->actor));
    TRY(read_text(rq, F(AUDIT_QUERY_SUBJECT), &q->subject));
    TRY(read_event(rq, &q->event));
    TRY(read_outcome(rq, &q->outcome));
    TRY(read_text(rq, F(AUDIT_QUERY_SEARCH), &q->text));
    return read_before(rq, s);
}

/* --- the answer --- */

static bool write_record(void *owner, const struct chain_record *r)
{
    struct json_out *j = owner;
    char hash[2 * CHAIN_HASH];
    hex_write(bytes_of(r->at.hash, CHAIN_HASH), hash);
    json_out_object(j);
    json_out_key(j, "seq");
    json_out_int(j, (int64_t)r->at.seq);
    json_out_pair(j, "time", r->time);
    json_out_pair(j, "hash", bytes_of(hash, sizeof hash));
    json_out_key(j, "event");
    json_out_raw(j, r->event);
    json_out_end(j);
    return !j->w->bad;
}

/* On a work thread. */
static err run_search(struct http_request *rq)
{
    struct searching_for *s = rq->work;
    struct search_end end;
    char last[24];
    s->json = json_out_to(http_json(rq, 200));
    json_out_object(&s->json);
    json_out_key(&s->json, "records");
    json_out_array(&s->json);
    TRY(search_run(api_of(rq)->audit_folder, &s->query, write_record, &s->json, &end,
                   &rq->call.note));
    json_out_end(&s->json);
    json_out_end(&s->json);
    (void)snprintf(last, sizeof last, "%llu", (unsigned long long)end.last);
    if (end.more) page_link(rq, &s->page, bytes_of_text(last));
    return DONE;
}

err audits_search(struct http_request *rq)
{
    struct api_scope scope = {{{0}}, false};
    const struct permit *permit = NULL;
    const bool is_operator = rq->call.who.kind == PRINCIPAL_OPERATOR;
    bool all = false;
    TRY(body_query_truth(rq, F(AUDIT_QUERY_ALL), &all));
    if (!all || !is_operator) {
        TRY(api_call_scope(rq, &scope));
        const struct ask ask =
            api_call_ask(&scope, ACTION_ORG_AUDITS_READ, ACTION_ENTERPRISE_READ);
        TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    }
    if (all && !is_operator) {
        return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                         "only the local operator reads the records of every scope");
    }
    struct searching_for *s = arena_take(&rq->call.arena, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    s->scope = scope.id;
    s->query.scope = all ? NULL : &s->scope;
    TRY(read_query(rq, s));
    if (!api_of(rq)->audit_folder) return FAIL(NOT_READY);
    rq->work = s;
    return http_work(rq, api_of(rq)->work, run_search);
}
