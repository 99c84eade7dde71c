/* Memory for a page, whatever the length of the list: it is read through once, in turns that let others
 * have theirs, and the best of it so far are kept. */
#include "api/token_sorted.h"

#include "api/token_page.h"

enum { TURN_ROWS = 20000 };

struct token_sorting {
    const struct token_filter *filter;
    const struct token_life *life;
    struct wr *scratch;
    char last[TOKEN_CLIENT_ID]; /* looked at */
    size_t last_n;
    size_t rows;                /* in this turn */
    bool done;
    struct token_place_in_order *kept; /* in order; one more than a page */
    size_t kept_n;
    size_t total;
    const struct token_place_in_order *after; /* or NULL */
};

/* Where it belongs among those that are kept. */
static size_t place_of(const struct token_sorting *s, const struct token_place_in_order *p)
{
    size_t low = 0;
    size_t high = s->kept_n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (token_order_compare(s->filter, &s->kept[middle], p) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool sort_one(void *owner, const struct record *r)
{
    struct token_sorting *s = owner;
    const struct token_filter *f = s->filter;
    const struct record_token *t = &r->of.token;
    struct token_place_in_order p;
    const int64_t end_ms = token_shown_end(s->life, t);
    memcpy(s->last, t->client_id, sizeof s->last);
    s->last_n = sizeof s->last;
    s->rows++;
    if (!token_filter_takes(f, t, end_ms, s->life->now_ms, s->scratch)) return true;
    s->total++;
    token_order_place(f, t, s->scratch, &p);
    if (s->after && token_order_compare(f, &p, s->after) <= 0) return true;
    const bool full = s->kept_n == f->page.limit + 1;
    if (full && token_order_compare(f, &p, &s->kept[s->kept_n - 1]) > 0) return true;
    const size_t at = place_of(s, &p);
    if (!full) s->kept_n++;
    memmove(&s->kept[at + 1], &s->kept[at], (s->kept_n - 1 - at) * sizeof p);
    s->kept[at] = p;
    return true;
}

static void link_next(struct http_request *rq, const struct token_sorting *s, size_t shown)
{
    uint8_t room[3 * TOKEN_SORT_KEY];
    struct wr cursor = wr_fixed(room, sizeof room);
    if (shown == s->kept_n) return;
    token_order_write_place(s->filter, &s->kept[shown - 1], &cursor);
    page_link(rq, &s->filter->page, wr_view(&cursor));
}

static err write_page(struct http_request *rq, const struct token_sorting *s)
{
    const size_t limit = s->filter->page.limit;
    const size_t n = s->kept_n < limit ? s->kept_n : limit;
    struct json_out j = json_out_to(http_json(rq, 200));
    struct arena a;
    arena_init(&a, RECORD_BODY_MAX);
    json_out_object(&j);
    json_out_key(&j, "clients");
    json_out_array(&j);
    for (size_t i = 0; i < n; i++) {
        const bytes id = bytes_of(s->kept[i].client_id, TOKEN_CLIENT_ID);
        struct record r;
        arena_reset(&a);
        const err e = store_get(api_of(rq)->store, RECORD_TOKEN, id, &a, &r);
        if (err_is_ok(e)) token_shown_write(&j, &r.of.token, s->life);
    }
    arena_drop(&a);
    json_out_end(&j);
    json_out_end(&j);
    token_page_total(rq, s->total);
    link_next(rq, s, n);
    return j.w->bad ? FAIL(NO_MEMORY) : DONE;
}

err token_sorted_begin(struct http_request *rq, const struct token_filter *f,
                       const struct token_life *life, struct wr *scratch,
                       const struct token_place_in_order *after, struct token_sorting **out)
{
    struct token_sorting *s = arena_take(&rq->call.arena, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    s->filter = f;
    s->life = life;
    s->scratch = scratch;
    s->after = after;
    s->kept = arena_take_array(&rq->call.arena, f->page.limit + 1, sizeof *s->kept);
    if (!s->kept) return FAIL(NO_MEMORY);
    *out = s;
    return DONE;
}

err token_sorted_turn(struct http_request *rq, struct token_sorting *s)
{
    s->rows = 0;
    TRY(store_scan(api_of(rq)->store, RECORD_TOKEN, &rq->call.who.scope,
                   bytes_of(s->last, s->last_n), TURN_ROWS, sort_one, s, NULL));
    s->done = s->rows < TURN_ROWS;
    return s->done ? write_page(rq, s) : DONE;
}

bool token_sorted_is_done(const struct token_sorting *s)
{
    return s->done;
}
