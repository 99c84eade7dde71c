/* A change costs the chunk that it is in. Chunks are cut in half when they are full and joined with what
 * follows when little is left of them, so that a list does not crumble. */
#include "api/token_picture.h"

#include "base/check.h"

#include <stdlib.h>

enum {
    FILL = 3 * TOKEN_CHUNK_MAX / 4, /* of a first version: the next changes do not cut every chunk */
    LEAST = TOKEN_CHUNK_MAX / 8,    /* fewer are joined with the next chunk's */
    DRAFT_MAX = 256 << 20           /* of texts of one chunk, before they are packed */
};

void token_picture_hold(struct token_picture *p)
{
    atomic_fetch_add_explicit(&p->holders, 1, memory_order_relaxed);
}

void token_picture_let_go(struct token_picture *p)
{
    if (!p || atomic_fetch_sub_explicit(&p->holders, 1, memory_order_acq_rel) != 1) return;
    for (size_t i = 0; i < p->n; i++) token_chunk_let_go(p->chunks[i]);
    free(p);
}

size_t token_picture_before(const struct token_picture *p, const char id[TOKEN_CLIENT_ID],
                            bool itself)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        const struct token_chunk *c = p->chunks[i];
        char last[TOKEN_CLIENT_ID];
        token_chunk_id(c, c->n - 1, last);
        size_t row = memcmp(last, id, sizeof last) < 0 ? c->n : 0;
        for (; row < c->n; row++) {
            char at[TOKEN_CLIENT_ID];
            token_chunk_id(c, row, at);
            if (memcmp(at, id, sizeof at) >= !!itself) return n + row;
        }
        n += c->n;
    }
    return n;
}

/* --- chunks in a row --- */

struct row {
    struct token_chunk **chunks;
    size_t n;
    size_t room;
    size_t tokens;
    size_t bytes;
};

static void drop_row(struct row *r)
{
    for (size_t i = 0; i < r->n; i++) token_chunk_let_go(r->chunks[i]);
    free(r->chunks);
}

/* Takes the chunk over, or lets it go. */
static err append(struct row *r, struct token_chunk *c)
{
    if (r->n == r->room) {
        const size_t room = r->room ? 2 * r->room : 16;
        struct token_chunk **more = realloc(r->chunks, room * sizeof *more);
        if (!more) {
            token_chunk_let_go(c);
            return FAIL(NO_MEMORY);
        }
        r->chunks = more;
        r->room = room;
    }
    r->chunks[r->n++] = c;
    r->tokens += c->n;
    r->bytes += c->bytes;
    return DONE;
}

/* In equal parts, so that none is full at once. */
static err append_tokens(struct row *r, const struct record_token *tokens, size_t n)
{
    size_t parts = (n + TOKEN_CHUNK_MAX - 1) / TOKEN_CHUNK_MAX;
    while (n > 0) {
        struct token_chunk *c;
        const size_t part = n / parts--;
        TRY(token_chunk_new(tokens, part, &c));
        TRY(append(r, c));
        tokens += part;
        n -= part;
    }
    return DONE;
}

/* The row is over. */
static err finish(struct row *r, struct token_picture **out)
{
    const size_t size = sizeof **out + r->n * sizeof *r->chunks;
    struct token_picture *p = malloc(size);
    if (!p) {
        drop_row(r);
        return FAIL(NO_MEMORY);
    }
    atomic_init(&p->holders, 1);
    p->bytes = size + r->bytes;
    p->tokens = r->tokens;
    p->n = r->n;
    if (r->n) memcpy(p->chunks, r->chunks, r->n * sizeof *r->chunks);
    free(r->chunks);
    *out = p;
    return DONE;
}

/* --- the first version --- */

struct token_picture_draft {
    struct row row;
    struct arena texts;
    struct record_token tokens[FILL];
    size_t n;
};

struct token_picture_draft *token_picture_begin(void)
{
    struct token_picture_draft *d = calloc(1, sizeof *d);
    if (d) arena_init(&d->texts, DRAFT_MAX);
    return d;
}

static err pack(struct token_picture_draft *d)
{
    TRY(append_tokens(&d->row, d->tokens, d->n));
    d->n = 0;
    arena_reset(&d->texts);
    return DONE;
}

err token_picture_add(struct token_picture_draft *d, const struct record_token *t)
{
    struct record_token *to = &d->tokens[d->n];
    *to = *t;
    const bytes roles = arena_copy(&d->texts, bytes_of(t->roles, t->roles_n * sizeof *t->roles));
    to->roles = (const struct uuid *)(const void *)roles.p;
    to->description = arena_copy(&d->texts, t->description);
    to->created_by = arena_copy(&d->texts, t->created_by);
    if (d->texts.bad) return FAIL(NO_MEMORY);
    d->n++;
    return d->n == FILL ? pack(d) : DONE;
}

size_t token_picture_draft_bytes(const struct token_picture_draft *d)
{
    return sizeof *d + d->texts.used + d->row.bytes + d->row.room * sizeof *d->row.chunks;
}

void token_picture_abandon(struct token_picture_draft *d)
{
    drop_row(&d->row);
    arena_drop(&d->texts);
    free(d);
}

err token_picture_finish(struct token_picture_draft *d, struct token_picture **out)
{
    const err e = pack(d);
    if (!err_is_ok(e)) {
        token_picture_abandon(d);
        return e;
    }
    struct row row = d->row;
    arena_drop(&d->texts);
    free(d);
    return finish(&row, out);
}

/* --- the next version --- */

/* The changes in order of ids, the last one of each. */
struct changed {
    struct token_picture_change **all;
    size_t n;
    size_t next;
};

static int by_id(const void *a, const void *b)
{
    const struct token_picture_change *x = *(struct token_picture_change *const *)a;
    const struct token_picture_change *y = *(struct token_picture_change *const *)b;
    const int order = memcmp(x->token.client_id, y->token.client_id, TOKEN_CLIENT_ID);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static bool same_id(const struct token_picture_change *a, const struct token_picture_change *b)
{
    return memcmp(a->token.client_id, b->token.client_id, TOKEN_CLIENT_ID) == 0;
}

static err put_in_order(struct token_picture_change *changes, struct changed *out)
{
    size_t n = 0;
    for (struct token_picture_change *c = changes; c; c = c->next) c->order = n++;
    struct token_picture_change **all = calloc(n + 1, sizeof *all);
    if (!all) return FAIL(NO_MEMORY);
    for (struct token_picture_change *c = changes; c; c = c->next) all[c->order] = c;
    qsort(all, n, sizeof *all, by_id);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n && same_id(all[i], all[i + 1])) continue;
        all[kept++] = all[i];
    }
    *out = (struct changed){all, kept, 0};
    return DONE;
}

struct applying {
    const struct token_picture *from;
    struct changed changed;
    size_t chunk;      /* of `from`, the next */
    struct row row;
    struct record_token *tokens; /* merged, not yet in a chunk */
    size_t n;
    size_t room;
};

static err take(struct applying *a, const struct record_token *t)
{
    if (a->n == a->room) {
        const size_t room = a->room ? 2 * a->room : TOKEN_CHUNK_MAX;
        struct record_token *more = realloc(a->tokens, room * sizeof *more);
        if (!more) return FAIL(NO_MEMORY);
        a->tokens = more;
        a->room = room;
    }
    a->tokens[a->n++] = *t;
    return DONE;
}

static struct token_picture_change *next_change(const struct applying *a)
{
    return a->changed.next < a->changed.n ? a->changed.all[a->changed.next] : NULL;
}

/* Where the first chunk may begin earlier, for what comes before it belongs to it. */
static bool is_before_chunk(const struct applying *a, const struct token_picture_change *c,
                            size_t chunk)
{
    char first[TOKEN_CLIENT_ID];
    if (chunk >= a->from->n) return true;
    token_chunk_id(a->from->chunks[chunk], 0, first);
    return memcmp(c->token.client_id, first, TOKEN_CLIENT_ID) < 0;
}

static err take_change(struct applying *a)
{
    const struct token_picture_change *c = a->changed.all[a->changed.next++];
    return c->gone ? DONE : take(a, &c->token);
}

/* The next chunk's tokens with the changes that belong among them, or behind them and before the next. */
static err merge_chunk(struct applying *a)
{
    const struct token_chunk *c = a->from->chunks[a->chunk++];
    const struct token_picture_change *change;
    for (size_t i = 0; i < c->n; i++) {
        struct record_token t;
        int order = -1;
        token_chunk_row(c, i, &t);
        while ((change = next_change(a)) &&
               (order = memcmp(change->token.client_id, t.client_id, TOKEN_CLIENT_ID)) < 0) {
            TRY(take_change(a));
        }
        if (change && order == 0) {
            TRY(take_change(a));
        } else {
            TRY(take(a, &t));
        }
    }
    while ((change = next_change(a)) && is_before_chunk(a, change, a->chunk)) TRY(take_change(a));
    return DONE;
}

static bool is_touched(const struct applying *a)
{
    const struct token_picture_change *c = next_change(a);
    return c && is_before_chunk(a, c, a->chunk + 1);
}

static err share_chunk(struct applying *a)
{
    struct token_chunk *c = a->from->chunks[a->chunk++];
    token_chunk_hold(c);
    return append(&a->row, c);
}

static err flush(struct applying *a)
{
    TRY(append_tokens(&a->row, a->tokens, a->n));
    a->n = 0;
    return DONE;
}

static err walk(struct applying *a)
{
    while (a->chunk < a->from->n) {
        const bool few = a->n > 0 && a->n < LEAST;
        if (!few) TRY(flush(a));
        TRY(few || is_touched(a) ? merge_chunk(a) : share_chunk(a));
    }
    while (next_change(a)) TRY(take_change(a));
    return flush(a);
}

err token_picture_apply(const struct token_picture *from, struct token_picture_change *changes,
                        struct token_picture **out)
{
    struct applying a = {.from = from};
    TRY(put_in_order(changes, &a.changed));
    const err e = walk(&a);
    free(a.changed.all);
    free(a.tokens);
    if (err_is_ok(e)) return finish(&a.row, out);
    drop_row(&a.row);
    return e;
}
