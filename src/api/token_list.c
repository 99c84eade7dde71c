/* GET /v2/tokens: one piece at a time whatever the length, from memory when nothing has changed since,
 * and a page where one is asked for.
 *
 * The scope's count of changes is read before the store is: what is labelled with it is never older. */
#include "api/list_cache.h"
#include "api/routes.h"
#include "api/token_page.h"
#include "api/token_pictures.h"
#include "api/token_select.h"
#include "api/token_shown.h"
#include "api/token_usage.h"
#include "api/tokens.h"
#include "base/clock.h"
#include "http/etag.h"
#include "http/http_work.h"

#include <stdlib.h>

enum {
    TEXT_MAX = 12 << 10,   /* of one token as it is shown; a piece has room for the last one */
    PIECE_ROWS = 20000,    /* that are looked at for one piece */
    SCRATCH_MAX = 1 << 14
};

struct listing {
    struct http_stream stream;
    struct api *api;
    struct uuid scope;
    uint64_t changes;
    struct token_life life;
    bool settled; /* no token has ended that is not counted among the changes */
    struct token_usage_version used; /* of a page, which shows it */
    struct token_filter filter;
    struct json_out json;
    struct wr scratch;
    struct wr first; /* piece, made before the answer began */
    char last[TOKEN_CLIENT_ID]; /* shown or looked at */
    size_t last_n;
    size_t shown;
    size_t rows;           /* looked at for this piece */
    bool more;             /* a page ends before the list does */
    bool ended;
    int64_t next_end_ms;   /* of the tokens that are active */
    bool gathering;
    struct wr gathered;    /* for the next who asks */
    struct list_body *body;
    size_t sent;           /* of the body */
    size_t tokens;         /* of the scope, when its changes were counted */
    struct token_paging *paging;
};

/* --- pieces --- */

static void remember(struct listing *l, const struct record_token *t)
{
    memcpy(l->last, t->client_id, sizeof l->last);
    l->last_n = sizeof l->last;
}

static bool is_full(const struct listing *l)
{
    return !l->filter.page.limit && l->json.w->n > HTTP_PIECE_MAX - TEXT_MAX;
}

static bool list_taken(void *owner, const struct record_token *t)
{
    struct listing *l = owner;
    remember(l, t);
    l->shown++;
    token_shown_write(&l->json, t, &l->life);
    return !l->json.w->bad && !is_full(l);
}

static bool list_one(void *owner, const struct record *r)
{
    struct listing *l = owner;
    const struct record_token *t = &r->of.token;
    const int64_t end_ms = token_shown_end(&l->life, t);
    l->rows++;
    if (end_ms > l->life.now_ms && end_ms < l->next_end_ms) l->next_end_ms = end_ms;
    if (l->filter.any &&
        !token_filter_takes(&l->filter, t, end_ms, l->life.now_ms, &l->scratch)) {
        remember(l, t);
        return true;
    }
    if (l->filter.page.limit && l->shown == l->filter.page.limit) {
        l->more = true;
        return false;
    }
    return list_taken(l, t);
}

/* Of a list that is filtered most of the store need not be read. False: there is no picture, or not yet. */
static bool scan_picture(struct listing *l, bool *to_the_end)
{
    struct token_picture *p = NULL;
    struct token_place_in_order after;
    const bytes last = l->last_n ? bytes_of(l->last, l->last_n) : l->filter.page.after;
    if (!l->filter.any || l->filter.page.limit) return false;
    if (token_pictures_turn(l->api->pictures, l->api->store, &l->scope, l->tokens, &p) !=
        TOKEN_PICTURES_READY) {
        return false;
    }
    (void)token_order_read_place(&l->filter, last, &after);
    *to_the_end = token_select_each(p, &l->filter, &l->life, last.n ? &after : NULL, list_taken, l);
    token_picture_let_go(p);
    return true;
}

static err scan(struct listing *l, size_t most, bool *to_the_end)
{
    if (scan_picture(l, to_the_end)) return l->json.w->bad ? FAIL(NO_MEMORY) : DONE;
    l->rows = 0;
    TRY(store_scan(l->api->store, RECORD_TOKEN, &l->scope,
                   l->last_n ? bytes_of(l->last, l->last_n) : l->filter.page.after, most, list_one,
                   l, NULL));
    *to_the_end = !l->more && l->rows < most && !is_full(l);
    return l->json.w->bad ? FAIL(NO_MEMORY) : DONE;
}

/* What was said so far is kept for the next who asks, as long as it is not too much. */
static void gather(struct listing *l, const struct wr *piece)
{
    if (!l->gathering) return;
    wr_bytes(&l->gathered, wr_view(piece));
    if (!l->gathered.bad && !l->ended) return;
    l->gathering = false;
    if (l->gathered.bad) {
        list_cache_abandon(l->api->lists, &l->gathered);
    } else {
        list_cache_put(l->api->lists, &l->scope, l->changes, l->next_end_ms, &l->gathered);
    }
}

/* Where nothing of many rows is shown, a line end keeps the answer going: JSON does not mind. */
static err write_piece(struct listing *l, struct wr *w)
{
    bool to_the_end = false;
    l->json.w = w;
    if (l->last_n == 0 && l->json.depth == 0) {
        json_out_object(&l->json);
        json_out_key(&l->json, "clients");
        json_out_array(&l->json);
    }
    TRY(scan(l, PIECE_ROWS, &to_the_end));
    if (to_the_end || l->more) {
        json_out_end(&l->json);
        json_out_end(&l->json);
        l->ended = true;
    } else if (w->n == 0) {
        wr_u8(w, '\n');
    }
    gather(l, w);
    return DONE;
}

/* On a work thread. */
static err next_piece(struct http_stream *s, struct http_request *rq, struct wr *w)
{
    struct listing *l = LOOP_OF(s, struct listing, stream);
    (void)rq;
    return l->ended ? DONE : write_piece(l, w);
}

static err first_piece(struct http_stream *s, struct http_request *rq, struct wr *w)
{
    struct listing *l = LOOP_OF(s, struct listing, stream);
    (void)rq;
    wr_bytes(w, wr_view(&l->first));
    wr_drop(&l->first);
    l->stream.next = next_piece;
    return DONE;
}

/* What fails before the first piece is there still fails with a status of its own. */
static void stream_rest(struct http_request *rq, struct listing *l)
{
    l->first = rq->answer.body;
    rq->answer.body = wr_fixed(NULL, 0);
    l->stream = (struct http_stream){first_piece, l->api->work};
    http_stream(rq, 200, "application/json; charset=UTF-8", &l->stream);
}

/* --- the call --- */

/* A page of which the store alone does not say what is on it, or how many there are. */
static bool is_looked_for(const struct token_filter *f)
{
    return f->page.limit && (f->any || !token_order_is_stored(f));
}

/* A token that ends is a change, counted within milliseconds; until it is, a list has no version. */
static bool has_version(const struct listing *l)
{
    return l->api->lists && !l->filter.moves && l->settled;
}

static void set_etag(struct http_request *rq, const struct listing *l)
{
    if (!has_version(l)) return;
    const char *version =
        arena_format(&rq->call.arena, "%016llx.%llx.%llx.%x",
                     (unsigned long long)list_cache_epoch(l->api->lists),
                     (unsigned long long)l->changes, (unsigned long long)l->used.written_ms,
                     l->used.sessions);
    if (version) etag_set(rq, bytes_of_text(version));
}

/* On a work thread. */
static err list_all(struct http_request *rq)
{
    struct listing *l = rq->work;
    struct wr *w = http_json(rq, 200);
    l->json = json_out_to(w);
    TRY(write_piece(l, w));
    if (l->filter.page.limit) token_page_total(rq, l->tokens);
    if (l->more) page_link(rq, &l->filter.page, bytes_of(l->last, sizeof l->last));
    if (!l->ended) stream_rest(rq, l);
    set_etag(rq, l);
    return DONE;
}

/* On a work thread. */
static err page_some(struct http_request *rq)
{
    const struct listing *l = rq->work;
    return token_page_turn(rq, l->paging);
}

static err page_on(struct http_request *rq)
{
    const struct listing *l = rq->work;
    if (!token_page_is_done(l->paging)) {
        return http_work_then(rq, l->api->work, page_some, page_on);
    }
    set_etag(rq, l);
    return DONE;
}

static void drop_listing(struct http_request *rq)
{
    struct listing *l = rq->work;
    wr_drop(&l->scratch);
    wr_drop(&l->first);
    if (l->gathering) list_cache_abandon(l->api->lists, &l->gathered);
    if (l->body) list_body_give(l->api->lists, l->body);
}

static err next_of_body(struct http_stream *s, struct http_request *rq, struct wr *w)
{
    struct listing *l = LOOP_OF(s, struct listing, stream);
    const bytes part = bytes_part(list_body_view(l->body), l->sent, HTTP_PIECE_MAX);
    (void)rq;
    wr_bytes(w, part);
    l->sent += part.n;
    return DONE;
}

/* True: answered from what was rendered before. */
static bool answer_from_memory(struct http_request *rq, struct listing *l)
{
    struct list_cache *c = l->api->lists;
    const bool whole = token_order_is_stored(&l->filter) && !l->filter.any &&
                       !l->filter.page.limit &&
                       l->filter.page.after.n == 0;
    if (!c || !whole) return false;
    l->body = list_cache_take(c, &l->scope, l->changes, l->life.now_ms);
    l->gathering = !l->body && list_cache_begin(c);
    if (!l->body) return false;
    const bytes text = list_body_view(l->body);
    if (text.n <= HTTP_PIECE_MAX) {
        wr_bytes(http_json(rq, 200), text);
    } else {
        l->stream.next = next_of_body;
        http_stream(rq, 200, "application/json; charset=UTF-8", &l->stream);
    }
    set_etag(rq, l);
    return true;
}

static bool is_known(struct http_request *rq, const struct listing *l)
{
    if (!has_version(l) || http_header(rq, "If-None-Match").n == 0) return false;
    (void)http_json(rq, 200);
    set_etag(rq, l);
    const bytes version = bytes_of_text(rq->answer.etag);
    return etag_names(http_header(rq, "If-None-Match"), bytes_part(version, 1, version.n - 2), true);
}

err token_list_get(struct http_request *rq)
{
    struct api_scope scope;
    TRY(api_call_scope(rq, &scope));
    if (scope.enterprise && tokens_is_legacy(rq)) {
        wr_text(http_json(rq, 200), "{\"clients\":[]}");
        return DONE;
    }
    TRY(tokens_permit_reading(rq, &scope));
    struct listing *l = arena_take(&rq->call.arena, sizeof *l);
    if (!l) return FAIL(NO_MEMORY);
    l->api = api_of(rq);
    l->scope = scope.id;
    l->next_end_ms = CLOCK_NEVER_MS;
    l->scratch = wr_growing(SCRATCH_MAX);
    l->gathered = wr_growing(LIST_CACHE_BODY_MAX);
    TRY(token_filter_read(rq, &scope, &l->filter));
    const struct index_scope counted = index_scope(l->api->index, &scope.id, scope.enterprise);
    l->changes = counted.changes;
    l->tokens = (size_t)counted.tokens;
    l->life = token_shown_life(rq, &scope);
    l->settled = l->life.now_ms < counted.next_end_ms;
    if (l->filter.page.limit) {
        l->life.usage = l->api->usage;
        l->used = token_usage_version(l->api->usage, &scope.id);
    }
    if (is_known(rq, l)) return DONE;
    rq->work = l;
    rq->drop = drop_listing;
    if (answer_from_memory(rq, l)) return DONE;
    if (!is_looked_for(&l->filter)) return http_work(rq, l->api->work, list_all);
    TRY(token_page_begin(rq, &l->filter, &l->life, &l->scratch, l->tokens, &l->paging));
    return http_work_then(rq, l->api->work, page_some, page_on);
}
