/* The query of a list of tokens: read strictly, for a filter that was misread shows the wrong ones. */
#include "api/token_filter.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "store/fold.h"
#include "usage/usage_read.h"

#include <stdlib.h>
#include <urcu/urcu-memb.h>

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

/* The number of a word in a set, or of none, which is then said with all of them. */
static err read_word(struct http_request *rq, const struct field *f, bytes text,
                     const char *const *words, size_t n, size_t *out)
{
    char wanted[256];
    size_t i = 0;
    while (i < n && !bytes_eq_text(text, words[i])) i++;
    if (i < n) {
        *out = i;
        return DONE;
    }
    struct wr w = wr_fixed(wanted, sizeof wanted - 1);
    for (size_t k = 0; k < n; k++) {
        wr_text(&w, k == 0 ? "" : k + 1 < n ? ", " : " or ");
        wr_text(&w, words[k]);
    }
    wanted[w.n] = 0;
    return wrong(rq, f, wanted);
}

static err read_status(struct http_request *rq, struct token_filter *f)
{
    static const char *const words[] = {
#define STATUS(id, word, says) word,
#include "api/token_status.def"
#undef STATUS
    };
    const bytes text = http_argument(rq, F(TOKENS_QUERY_STATUS)->name);
    size_t status = TOKEN_STATUS_ANY;
    if (text.n == 0) return DONE;
    TRY(read_word(rq, F(TOKENS_QUERY_STATUS), text, words, TOKEN_STATUSES, &status));
    f->status = (enum token_status)status;
    f->moves = f->moves || f->status == TOKEN_STATUS_EXPIRING || token_filter_is_of_use(f->status);
    return DONE;
}

static err read_sort(struct http_request *rq, struct token_filter *f)
{
    static const char *const words[] = {
#define SORT(id, word) word,
#include "api/token_sort.def"
#undef SORT
    };
    bytes text = http_argument(rq, F(TOKENS_QUERY_SORT)->name);
    size_t sort = TOKEN_SORT_ID;
    if (text.n == 0) return DONE;
    f->descending = text.p[0] == '-';
    if (f->descending) text = bytes_part(text, 1, text.n);
    TRY(read_word(rq, F(TOKENS_QUERY_SORT), text, words, TOKEN_SORTS, &sort));
    f->sort = (enum token_sort)sort;
    f->moves = f->moves || f->sort == TOKEN_SORT_USED;
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

static int by_id(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct uuid));
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
    if (f->named_n) qsort(n.out, f->named_n, sizeof *n.out, by_id);
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
    struct token_filter f = {.page = page_read(rq, TOKEN_PAGE_MAX), .usage = api_of(rq)->usage};
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

/* A section for each: a list of a million is no reason to keep others from freeing what is over. */
int64_t token_filter_last_use(const struct token_filter *f, const char client_id[TOKEN_CLIENT_ID])
{
    urcu_memb_read_lock();
    const int64_t ms = usage_read_last_ms(f->usage, bytes_of(client_id, TOKEN_CLIENT_ID));
    urcu_memb_read_unlock();
    return ms;
}

bool token_filter_has_role(const struct token_filter *f, const struct uuid *roles, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (uuid_eq(&roles[i], &f->role)) return true;
    }
    return false;
}

bool token_filter_has_named(const struct token_filter *f, const struct uuid *roles, size_t n)
{
    for (size_t i = 0; f->named_n && i < n; i++) {
        if (bsearch(&roles[i], f->named, f->named_n, sizeof *f->named, by_id)) return true;
    }
    return false;
}

bool token_filter_is_of_use(enum token_status status)
{
    return status == TOKEN_STATUS_NEVER_USED || status == TOKEN_STATUS_UNUSED;
}

bool token_filter_has_status(const struct token_filter *f, const char client_id[TOKEN_CLIENT_ID],
                             int64_t created_ms, int64_t end_ms, int64_t now_ms)
{
    const bool active = now_ms < end_ms;
    const int64_t long_ago_ms = now_ms - TOKEN_UNUSED_DAYS * TOKEN_DAY_MS;
    switch (f->status) {
    case TOKEN_STATUS_ANY:
        return true;
    case TOKEN_STATUS_ACTIVE:
        return active;
    case TOKEN_STATUS_EXPIRED:
        return !active;
    case TOKEN_STATUS_EXPIRING:
        return active && end_ms - now_ms <= TOKEN_EXPIRING_DAYS * TOKEN_DAY_MS;
    case TOKEN_STATUS_UNENDING:
        return end_ms == CLOCK_NEVER_MS;
    case TOKEN_STATUS_NEVER_USED:
        return active && token_filter_last_use(f, client_id) == 0;
    case TOKEN_STATUS_UNUSED:
        return active && created_ms <= long_ago_ms &&
               token_filter_last_use(f, client_id) <= long_ago_ms;
    }
    return false;
}

static bool is_found(const struct token_filter *f, const struct record_token *t, struct wr *scratch)
{
    return token_filter_has_named(f, t->roles, t->roles_n) ||
           holds(t->description, f->text, scratch) ||
           holds(bytes_of(t->client_id, TOKEN_CLIENT_ID), f->text, scratch) ||
           holds(t->created_by, f->text, scratch);
}

bool token_filter_takes(const struct token_filter *f, const struct record_token *t, int64_t end_ms,
                        int64_t now_ms, struct wr *scratch)
{
    if (f->by_role && !token_filter_has_role(f, t->roles, t->roles_n)) return false;
    if (f->created_by.n && !bytes_eq(f->created_by, t->created_by)) return false;
    if (f->expires_before_ms != CLOCK_NEVER_MS && end_ms >= f->expires_before_ms) return false;
    if (!token_filter_has_status(f, t->client_id, t->created_ns / 1000000, end_ms, now_ms)) {
        return false;
    }
    return f->text.n == 0 || is_found(f, t, scratch);
}
