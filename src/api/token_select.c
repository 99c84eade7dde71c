/* The best so far are a heap with the worst of them on top: most tokens are compared with that one and are
 * done. Numbers decide nearly always; texts are looked at where the first bytes are the same, and ids never,
 * for they are in the order of the picture. It is walked through from the end that the order begins with, so
 * that of many that are alike the first ones stay. */
#include "api/token_select.h"

/* What comes before and behind a cursor. */
struct behind {
    uint64_t key;
    bytes text;
    size_t from; /* tokens whose ids are smaller */
    size_t to;   /* that, and the one with its id */
};

struct selecting {
    const struct token_filter *f;
    const struct behind *behind; /* or NULL */
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

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_texts(bytes a, bytes b)
{
    const size_t n = a.n < b.n ? a.n : b.n;
    const int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : compare_numbers(a.n, b.n);
}

static int compare(const struct token_filter *f, const struct token_pick *a,
                   const struct token_pick *b)
{
    int order = compare_numbers(a->key, b->key);
    if (order == 0 && token_order_is_of_text(f->sort)) {
        order = compare_texts(text_of(f, a->chunk, a->row), text_of(f, b->chunk, b->row));
    }
    if (order == 0) order = compare_numbers(a->number, b->number);
    return f->descending ? -order : order;
}

static bool is_behind(const struct selecting *s, const struct token_pick *p)
{
    const struct behind *b = s->behind;
    if (!b) return true;
    int order = compare_numbers(p->key, b->key);
    if (order == 0 && token_order_is_of_text(s->f->sort)) {
        order = compare_texts(text_of(s->f, p->chunk, p->row), b->text);
    }
    if (order == 0) order = (p->number >= b->to) - (p->number < b->from);
    return s->f->descending ? order < 0 : order > 0;
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

static void find_behind(const struct token_picture *p, const struct token_place_in_order *after,
                        struct behind *out)
{
    *out = (struct behind){.text = bytes_of(after->key, after->key_n)};
    out->key = first_bytes(out->text);
    out->from = token_picture_before(p, after->client_id, false);
    out->to = token_picture_before(p, after->client_id, true);
}

static void look_at(struct selecting *s, const struct token_life *life, const struct token_chunk *c,
                    size_t number, size_t *total)
{
    struct token_match m;
    *total += token_match_chunk(s->f, life, c, &m);
    for (uint32_t i = 0; i < c->n; i++) {
        const uint32_t row = s->f->descending ? c->n - 1 - i : i;
        if (!token_match_has(&m, row)) continue;
        const struct token_pick pick = {key_of(s->f, c, row), c, row, (uint32_t)number + row};
        offer(s, &pick);
    }
}

void token_select(const struct token_picture *p, const struct token_filter *f,
                  const struct token_life *life, const struct token_place_in_order *after,
                  struct token_pick *room, struct token_selection *out)
{
    struct behind behind;
    struct selecting s = {.f = f, .heap = room, .most = f->page.limit + 1};
    size_t number = f->descending ? p->tokens : 0;
    *out = (struct token_selection){.picks = room};
    if (after) {
        find_behind(p, after, &behind);
        s.behind = &behind;
    }
    for (size_t i = 0; i < p->n; i++) {
        const struct token_chunk *c = p->chunks[f->descending ? p->n - 1 - i : i];
        if (f->descending) number -= c->n;
        look_at(&s, life, c, number, &out->total);
        if (!f->descending) number += c->n;
    }
    put_in_order(&s);
    out->more = s.n > f->page.limit;
    out->n = out->more ? f->page.limit : s.n;
}

bool token_select_each(const struct token_picture *p, const struct token_filter *f,
                       const struct token_life *life, const struct token_place_in_order *after,
                       token_select_visit *visit, void *owner)
{
    const size_t from = after ? token_picture_before(p, after->client_id, true) : 0;
    size_t number = 0;
    for (size_t i = 0; i < p->n; number += p->chunks[i++]->n) {
        const struct token_chunk *c = p->chunks[i];
        struct token_match m;
        if (number + c->n <= from) continue;
        if (token_match_chunk(f, life, c, &m) == 0) continue;
        for (size_t row = number < from ? from - number : 0; row < c->n; row++) {
            struct record_token t;
            if (!token_match_has(&m, row)) continue;
            token_chunk_row(c, row, &t);
            if (!visit(owner, &t)) return false;
        }
    }
    return true;
}
