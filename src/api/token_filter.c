/* The query of a list of tokens: read strictly, for a filter that was misread shows the wrong ones. */
#include "api/token_filter.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "store/fold.h"

enum { SEARCH_MAX = 256 };

static err wrong(struct http_request *rq, const struct field *f, const char *wanted)
{
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "%s must be %s", f->name, wanted);
}

static err read_role(struct http_request *rq, struct token_filter *f)
{
    const bytes text = http_argument(rq, F(TOKENS_QUERY_ROLE)->name);
    f->by_role = text.n > 0;
    if (!f->by_role || uuid_read(text, &f->role)) return DONE;
    return wrong(rq, F(TOKENS_QUERY_ROLE), "a role's id");
}

static err read_before(struct http_request *rq, struct token_filter *f)
{
    const bytes text = http_argument(rq, F(TOKENS_QUERY_EXPIRES_BEFORE)->name);
    int64_t ns = 0;
    f->expires_before_ms = CLOCK_NEVER_MS;
    if (text.n == 0) return DONE;
    if (!err_is_ok(clock_read_utc(text, &ns))) {
        return wrong(rq, F(TOKENS_QUERY_EXPIRES_BEFORE), "a time such as 2030-01-31T12:00:00Z");
    }
    f->expires_before_ms = ns / 1000000;
    return DONE;
}

static err read_status(struct http_request *rq, struct token_filter *f)
{
    const bytes text = http_argument(rq, F(TOKENS_QUERY_STATUS)->name);
    if (bytes_eq_text(text, "active")) {
        f->status = TOKEN_STATUS_ACTIVE;
    } else if (bytes_eq_text(text, "expired")) {
        f->status = TOKEN_STATUS_EXPIRED;
    } else if (text.n && !bytes_eq_text(text, "any")) {
        return wrong(rq, F(TOKENS_QUERY_STATUS), "active, expired or any");
    }
    return DONE;
}

static err read_sort(struct http_request *rq, struct token_filter *f)
{
    static const char *const names[] = {[TOKEN_SORT_ID] = "clientId",
                                        [TOKEN_SORT_GENERATED] = "generatedOn",
                                        [TOKEN_SORT_EXPIRY] = "tokenExpiry",
                                        [TOKEN_SORT_DESCRIPTION] = "description",
                                        [TOKEN_SORT_CREATOR] = "createdBy"};
    bytes text = http_argument(rq, F(TOKENS_QUERY_SORT)->name);
    if (text.n == 0) return DONE;
    f->descending = text.p[0] == '-';
    if (f->descending) text = bytes_part(text, 1, text.n);
    size_t i = 0;
    while (i < sizeof names / sizeof *names && !bytes_eq_text(text, names[i])) i++;
    if (i == sizeof names / sizeof *names) {
        return wrong(rq, F(TOKENS_QUERY_SORT),
                     "clientId, generatedOn, tokenExpiry, description or createdBy, with - in front "
                     "for the other direction");
    }
    f->sort = (enum token_sort)i;
    const bool as_stored = f->sort == TOKEN_SORT_ID && !f->descending;
    if (as_stored || f->page.limit) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "sort needs limit, of at most %d",
                     TOKEN_PAGE_MAX);
}

/* --- search --- */

static bool holds(bytes text, bytes folded, struct wr *scratch)
{
    scratch->n = 0;
    fold_write(text, scratch);
    /* An empty text may have no memory at all, which memmem does not take. */
    if (scratch->bad || scratch->n < folded.n) return false;
    return folded.n == 0 || memmem(scratch->p, scratch->n, folded.p, folded.n) != NULL;
}

struct naming {
    struct token_filter *f;
    struct uuid *out;
    size_t most;
    struct wr *scratch;
};

static bool name_role(void *owner, const struct role *r)
{
    struct naming *n = owner;
    struct token_filter *f = n->f;
    if (f->named_n < n->most && holds(r->name, f->text, n->scratch)) n->out[f->named_n++] = r->id;
    return true;
}

/* The names are looked up now, for the list is made where the picture may not be held. */
static err find_roles(struct http_request *rq, const struct api_scope *scope, struct token_filter *f,
                      struct wr *scratch)
{
    const struct role *builtin = NULL;
    struct naming n = {.f = f, .scratch = scratch};
    n.most = builtin_roles(&builtin) + snapshot_roles(api_snapshot(rq), &scope->id).n;
    n.out = arena_take_array(&rq->call.arena, n.most, sizeof *n.out);
    if (!n.out) return FAIL(NO_MEMORY);
    snapshot_each_role(api_snapshot(rq), &scope->id, scope->enterprise, name_role, &n);
    f->named = n.out;
    return DONE;
}

static err read_search(struct http_request *rq, const struct api_scope *scope,
                       struct token_filter *f)
{
    const bytes text = http_argument(rq, F(TOKENS_QUERY_SEARCH)->name);
    struct wr w = wr_growing(1 << 13);
    if (text.n == 0) return DONE;
    if (!utf8_is_plain(text, SEARCH_MAX)) {
        return wrong(rq, F(TOKENS_QUERY_SEARCH), "a text of at most 256 characters");
    }
    fold_write(text, &w);
    f->text = arena_copy(&rq->call.arena, wr_view(&w));
    w.n = 0;
    const err e = w.bad || f->text.n == 0 ? FAIL(NO_MEMORY) : find_roles(rq, scope, f, &w);
    wr_drop(&w);
    return e;
}

err token_filter_read(struct http_request *rq, const struct api_scope *scope,
                      struct token_filter *out)
{
    struct token_filter f = {.page = page_read(rq, TOKEN_PAGE_MAX)};
    f.created_by = http_argument(rq, F(TOKENS_QUERY_CREATED_BY)->name);
    TRY(read_role(rq, &f));
    TRY(read_before(rq, &f));
    TRY(read_status(rq, &f));
    TRY(read_sort(rq, &f));
    TRY(read_search(rq, scope, &f));
    f.any = f.by_role || f.created_by.n || f.expires_before_ms != CLOCK_NEVER_MS ||
            f.status != TOKEN_STATUS_ANY || f.text.n;
    *out = f;
    return DONE;
}

/* --- asking it --- */

static bool has_role(const struct record_token *t, const struct uuid *roles, size_t n)
{
    for (size_t i = 0; i < t->roles_n; i++) {
        for (size_t k = 0; k < n; k++) {
            if (uuid_eq(&t->roles[i], &roles[k])) return true;
        }
    }
    return false;
}

static bool is_found(const struct token_filter *f, const struct record_token *t, struct wr *scratch)
{
    return has_role(t, f->named, f->named_n) || holds(t->description, f->text, scratch) ||
           holds(bytes_of(t->client_id, TOKEN_CLIENT_ID), f->text, scratch) ||
           holds(t->created_by, f->text, scratch);
}

bool token_filter_takes(const struct token_filter *f, const struct record_token *t, int64_t end_ms,
                        int64_t now_ms, struct wr *scratch)
{
    if (f->by_role && !has_role(t, &f->role, 1)) return false;
    if (f->created_by.n && !bytes_eq(f->created_by, t->created_by)) return false;
    if (f->expires_before_ms != CLOCK_NEVER_MS && end_ms >= f->expires_before_ms) return false;
    if (f->status == TOKEN_STATUS_ACTIVE && now_ms >= end_ms) return false;
    if (f->status == TOKEN_STATUS_EXPIRED && now_ms < end_ms) return false;
    return f->text.n == 0 || is_found(f, t, scratch);
}

/* --- order --- */

static void place_number(struct token_place_in_order *p, int64_t v)
{
    struct wr w = wr_fixed(p->key, sizeof p->key);
    wr_u64be(&w, (uint64_t)v);
    p->key_n = w.n;
}

static void place_text(struct token_place_in_order *p, bytes text, struct wr *scratch)
{
    scratch->n = 0;
    fold_write(text, scratch);
    p->key_n = scratch->n < sizeof p->key ? scratch->n : sizeof p->key;
    if (p->key_n) memcpy(p->key, scratch->p, p->key_n);
}

void token_filter_place(const struct token_filter *f, const struct record_token *t,
                        struct wr *scratch, struct token_place_in_order *out)
{
    out->key_n = 0;
    memcpy(out->client_id, t->client_id, sizeof out->client_id);
    switch (f->sort) {
    case TOKEN_SORT_ID:
        return;
    case TOKEN_SORT_GENERATED:
        place_number(out, t->created_ns);
        return;
    case TOKEN_SORT_EXPIRY:
        place_number(out, t->expires_ms);
        return;
    case TOKEN_SORT_DESCRIPTION:
        place_text(out, t->description, scratch);
        return;
    case TOKEN_SORT_CREATOR:
        place_text(out, t->created_by, scratch);
        return;
    }
}

int token_filter_order(const struct token_filter *f, const struct token_place_in_order *a,
                       const struct token_place_in_order *b)
{
    const size_t n = a->key_n < b->key_n ? a->key_n : b->key_n;
    int order = n ? memcmp(a->key, b->key, n) : 0;
    if (order == 0) order = (a->key_n > b->key_n) - (a->key_n < b->key_n);
    if (order == 0) order = memcmp(a->client_id, b->client_id, sizeof a->client_id);
    return f->descending ? -order : order;
}

void token_filter_write_place(const struct token_place_in_order *p, struct wr *w)
{
    char text[2 * TOKEN_SORT_KEY];
    hex_write(bytes_of(p->key, p->key_n), text);
    wr_bytes(w, bytes_of(text, 2 * p->key_n));
    wr_u8(w, '.');
    wr_bytes(w, bytes_of(p->client_id, sizeof p->client_id));
}

bool token_filter_read_place(bytes text, struct token_place_in_order *out)
{
    if (text.n < sizeof out->client_id + 1) return false;
    const size_t hex_n = text.n - sizeof out->client_id - 1;
    if (hex_n % 2 || hex_n > 2 * sizeof out->key || text.p[hex_n] != '.') return false;
    out->key_n = hex_n / 2;
    memcpy(out->client_id, text.p + hex_n + 1, sizeof out->client_id);
    return hex_n == 0 || hex_read(bytes_part(text, 0, hex_n), out->key, out->key_n, true);
}
