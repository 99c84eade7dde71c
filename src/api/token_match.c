/* One question after the other to the whole chunk, the dear ones last: a text is looked for in all
 * descriptions and client ids at once, and of roles and creators each is asked once. */
#include "api/token_match.h"

#include "base/clock.h"

enum { DIFFERENT_MAX = TOKEN_CHUNK_MAX }; /* roles or creators of a chunk */

static void set(struct token_match *m, size_t row)
{
    m->rows[row / 64] |= UINT64_C(1) << row % 64;
}

static void clear(struct token_match *m, size_t row)
{
    m->rows[row / 64] &= ~(UINT64_C(1) << row % 64);
}

static void set_all(struct token_match *m, size_t n)
{
    *m = (struct token_match){{0}};
    for (size_t row = 0; row < n; row++) set(m, row);
}

static void keep_role(const struct token_filter *f, const struct token_chunk *c,
                      struct token_match *m)
{
    bool has[DIFFERENT_MAX];
    for (size_t i = 0; i < c->role_lists_n; i++) {
        size_t n;
        const struct uuid *roles = token_chunk_roles(c, i, &n);
        has[i] = token_filter_has_role(f, roles, n);
    }
    for (size_t row = 0; row < c->n; row++) {
        if (!has[c->role_list[row]]) clear(m, row);
    }
}

static void keep_creator(const struct token_filter *f, const struct token_chunk *c,
                         struct token_match *m)
{
    bool is[DIFFERENT_MAX];
    for (size_t i = 0; i < c->creators_n; i++) {
        is[i] = bytes_eq(token_chunk_creator(c, i), f->created_by);
    }
    for (size_t row = 0; row < c->n; row++) {
        if (!is[c->creator[row]]) clear(m, row);
    }
}

static bool has_times(const struct token_filter *f, const struct token_life *life,
                      const struct token_chunk *c, size_t row)
{
    const int64_t created_ms = c->created_ns[row] / 1000000;
    const int64_t end_ms = snapshot_valid_until(&life->policy, created_ms, c->expires_ms[row]);
    char id[TOKEN_CLIENT_ID] = {0};
    if (f->expires_before_ms != CLOCK_NEVER_MS && end_ms >= f->expires_before_ms) return false;
    if (token_filter_is_of_use(f->status)) token_chunk_id(c, row, id);
    return token_filter_has_status(f, id, created_ms, end_ms, life->now_ms);
}

static void keep_times(const struct token_filter *f, const struct token_life *life,
                       const struct token_chunk *c, struct token_match *m)
{
    for (size_t row = 0; row < c->n; row++) {
        if (token_match_has(m, row) && !has_times(f, life, c, row)) clear(m, row);
    }
}

/* --- search --- */

/* In roles' names and creators. */
static void find_shared(const struct token_filter *f, const struct token_chunk *c,
                        struct token_match *found)
{
    bool roles[DIFFERENT_MAX];
    bool creators[DIFFERENT_MAX];
    for (size_t i = 0; i < c->role_lists_n; i++) {
        size_t n;
        const struct uuid *ids = token_chunk_roles(c, i, &n);
        roles[i] = token_filter_has_named(f, ids, n);
    }
    for (size_t i = 0; i < c->creators_n; i++) {
        const bytes text = token_chunk_creator_text(c, i);
        creators[i] = text.n >= f->text.n && memmem(text.p, text.n, f->text.p, f->text.n);
    }
    for (size_t row = 0; row < c->n; row++) {
        if (roles[c->role_list[row]] || creators[c->creator[row]]) set(found, row);
    }
}

/* The row in whose text this place is; not before `from`. */
static size_t row_at(const struct token_chunk *c, size_t from, size_t place)
{
    size_t low = from;
    size_t high = c->n;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (c->text_at[middle] <= place)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void find_own(const struct token_filter *f, const struct token_chunk *c,
                     struct token_match *found)
{
    const uint8_t *end = c->text + c->text_at[c->n];
    size_t row = 0;
    while (row < c->n) {
        const uint8_t *from = c->text + c->text_at[row];
        const uint8_t *at = memmem(from, (size_t)(end - from), f->text.p, f->text.n);
        if (!at) return;
        row = row_at(c, row, (size_t)(at - c->text));
        set(found, row++);
    }
}

static void keep_found(const struct token_filter *f, const struct token_chunk *c,
                       struct token_match *m)
{
    struct token_match found = {{0}};
    find_shared(f, c, &found);
    find_own(f, c, &found);
    for (size_t i = 0; i < TOKEN_CHUNK_MAX / 64; i++) m->rows[i] &= found.rows[i];
}

size_t token_match_chunk(const struct token_filter *f, const struct token_life *life,
                         const struct token_chunk *c, struct token_match *out)
{
    size_t n = 0;
    set_all(out, c->n);
    if (!f->any) return c->n;
    if (f->by_role) keep_role(f, c, out);
    if (f->created_by.n) keep_creator(f, c, out);
    if (f->text.n) keep_found(f, c, out);
    if (f->status != TOKEN_STATUS_ANY || f->expires_before_ms != CLOCK_NEVER_MS) {
        keep_times(f, life, c, out);
    }
    for (size_t row = 0; row < c->n; row++) n += token_match_has(out, row);
    return n;
}
