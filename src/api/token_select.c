/* The best so far are a heap with the worst of them on top: most tokens are compared with that one and are
 * done. Numbers decide nearly always; texts are looked at where the first bytes are the same. */
#include "api/token_select.h"

struct selecting {
    const struct token_filter *f;
    const struct token_place_in_order *after;
    uint64_t after_key;
    struct token_pick *heap;
    size_t n;
    size_t most;
};

/* --- order --- */

static uint64_t first_bytes(bytes text)
{
    uint64_t v = 0;
    for (size_t i = 0; i < 8; i++) v = v << 8 | (i < text.n ? text.p[i] : 0);
    return v;
}

static bytes text_of(const struct token_filter *f, const struct token_chunk *c, uint32_t row)
{
    const bytes text = f->sort == TOKEN_SORT_CREATOR ? token_chunk_creator_text(c, c->creator[row])
                                                     : token_chunk_description(c, row);
    return bytes_part(text, 0, TOKEN_SORT_KEY);
}

static uint64_t key_of(const struct token_filter *f, const struct token_chunk *c, uint32_t row)
{
    char id[TOKEN_CLIENT_ID];
    switch (f->sort) {
    case TOKEN_SORT_GENERATED:
        return (uint64_t)c->created_ns[row];
    case TOKEN_SORT_EXPIRY:
        return (uint64_t)c->expires_ms[row];
    case TOKEN_SORT_USED:
        token_chunk_id(c, row, id);
        return (uint64_t)token_filter_last_use(f, id);
    case TOKEN_SORT_DESCRIPTION:
    case TOKEN_SORT_CREATOR:
        return first_bytes(text_of(f, c, row));
    case TOKEN_SORT_ID:
        return 0;
    }
    return 0;
}

void token_select_place(const struct token_filter *f, const struct token_pick *pick,
                        struct token_place_in_order *out)
{
    out->key_n = 0;
    token_chunk_id(pick->chunk, pick->row, out->client_id);
    if (token_order_is_of_text(f->sort)) {
        token_order_key_text(out, text_of(f, pick->chunk, pick->row));
    } else if (f->sort != TOKEN_SORT_ID) {
        token_order_key_number(out, (int64_t)pick->key);
    }
}

static int compare_keys(const struct token_filter *f, uint64_t a, uint64_t b)
{
    const int order = (a > b) - (a < b);
    return f->descending ? -order : order;
}

static int compare(const struct token_filter *f, const struct token_pick *a,
                   const struct token_pick *b)
{
    struct token_place_in_order x;
    struct token_place_in_order y;
    const int order = compare_keys(f, a->key, b->key);
    if (order) return order;
    token_select_place(f, a, &x);
    token_select_place(f, b, &y);
    return token_order_compare(f, &x, &y);
}

static bool is_behind(const struct selecting *s, const struct token_pick *p)
{
    struct token_place_in_order place;
    if (!s->after) return true;
    const int order = compare_keys(s->f, p->key, s->after_key);
    if (order) return order > 0;
    token_select_place(s->f, p, &place);
    return token_order_compare(s->f, &place, s->after) > 0;
}

/* --- the heap --- */

static void swap(struct token_pick *a, struct token_pick *b)
{
    const struct token_pick was = *a;
    *a = *b;
    *b = was;
}

static void rise(struct selecting *s, size_t at)
{
    while (at > 0 && compare(s->f, &s->heap[at], &s->heap[(at - 1) / 2]) > 0) {
        swap(&s->heap[at], &s->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static void sink(struct selecting *s)
{
    size_t at = 0;
    for (;;) {
        size_t worst = 2 * at + 1;
        if (worst >= s->n) return;
        if (worst + 1 < s->n && compare(s->f, &s->heap[worst + 1], &s->heap[worst]) > 0) worst++;
        if (compare(s->f, &s->heap[worst], &s->heap[at]) <= 0) return;
        swap(&s->heap[at], &s->heap[worst]);
        at = worst;
    }
}

static void offer(struct selecting *s, const struct token_pick *p)
{
    if (!is_behind(s, p)) return;
    if (s->n < s->most) {
        s->heap[s->n++] = *p;
        rise(s, s->n - 1);
    } else if (compare(s->f, p, &s->heap[0]) < 0) {
        s->heap[0] = *p;
        sink(s);
    }
}

/* The worst goes to the end, again and again. */
static void put_in_order(struct selecting *s)
{
    const size_t all = s->n;
    while (s->n > 1) {
        swap(&s->heap[0], &s->heap[s->n - 1]);
        s->n--;
        sink(s);
    }
    s->n = all;
}

static uint64_t key_of_place(const struct token_place_in_order *p)
{
    return first_bytes(bytes_of(p->key, p->key_n));
}

void token_select(const struct token_picture *p, const struct token_filter *f,
                  const struct token_life *life, const struct token_place_in_order *after,
                  struct token_pick *room, struct token_selection *out)
{
    struct selecting s = {.f = f, .after = after, .heap = room, .most = f->page.limit + 1};
    struct token_match m;
    if (after) s.after_key = key_of_place(after);
    *out = (struct token_selection){.picks = room};
    for (size_t i = 0; i < p->n; i++) {
        const struct token_chunk *c = p->chunks[i];
        out->total += token_match_chunk(f, life, c, &m);
        for (uint32_t row = 0; row < c->n; row++) {
            if (!token_match_has(&m, row)) continue;
            const struct token_pick pick = {key_of(f, c, row), c, row};
            offer(&s, &pick);
        }
    }
    put_in_order(&s);
    out->more = s.n > f->page.limit;
    out->n = out->more ? f->page.limit : s.n;
}
