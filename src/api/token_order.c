/* The order of a sorted page of tokens, and the places in it that are cursors. */
#include "api/token_order.h"

#include "base/hex.h"
#include "store/fold.h"

void token_order_key_number(struct token_place_in_order *p, int64_t v)
{
    struct wr w = wr_fixed(p->key, sizeof p->key);
    wr_u64be(&w, (uint64_t)v);
    p->key_n = w.n;
}

void token_order_key_text(struct token_place_in_order *p, bytes folded)
{
    p->key_n = folded.n < sizeof p->key ? folded.n : sizeof p->key;
    if (p->key_n) memcpy(p->key, folded.p, p->key_n);
}

bool token_order_is_of_text(enum token_sort sort)
{
    return sort == TOKEN_SORT_DESCRIPTION || sort == TOKEN_SORT_CREATOR;
}

static void key_folded(struct token_place_in_order *p, bytes text, struct wr *scratch)
{
    scratch->n = 0;
    fold_write(text, scratch);
    token_order_key_text(p, wr_view(scratch));
}

void token_order_place(const struct token_filter *f, const struct record_token *t,
                       struct wr *scratch, struct token_place_in_order *out)
{
    out->key_n = 0;
    memcpy(out->client_id, t->client_id, sizeof out->client_id);
    switch (f->sort) {
    case TOKEN_SORT_ID:
        return;
    case TOKEN_SORT_GENERATED:
        token_order_key_number(out, t->created_ns);
        return;
    case TOKEN_SORT_EXPIRY:
        token_order_key_number(out, t->expires_ms);
        return;
    case TOKEN_SORT_USED:
        token_order_key_number(out, token_filter_last_use(f, t->client_id));
        return;
    case TOKEN_SORT_DESCRIPTION:
        key_folded(out, t->description, scratch);
        return;
    case TOKEN_SORT_CREATOR:
        key_folded(out, t->created_by, scratch);
        return;
    }
}

int token_order_compare(const struct token_filter *f, const struct token_place_in_order *a,
                        const struct token_place_in_order *b)
{
    const size_t n = a->key_n < b->key_n ? a->key_n : b->key_n;
    int order = n ? memcmp(a->key, b->key, n) : 0;
    if (order == 0) order = (a->key_n > b->key_n) - (a->key_n < b->key_n);
    if (order == 0) order = memcmp(a->client_id, b->client_id, sizeof a->client_id);
    return f->descending ? -order : order;
}

void token_order_write_place(const struct token_filter *f, const struct token_place_in_order *p,
                             struct wr *w)
{
    char text[2 * TOKEN_SORT_KEY];
    if (!token_order_is_stored(f)) {
        hex_write(bytes_of(p->key, p->key_n), text);
        wr_bytes(w, bytes_of(text, 2 * p->key_n));
        wr_u8(w, '.');
    }
    wr_bytes(w, bytes_of(p->client_id, sizeof p->client_id));
}

/* Whatever stands there is a place among ids; one that is shorter comes before those that begin so. */
static void read_id(bytes text, struct token_place_in_order *out)
{
    const bytes id = bytes_part(text, 0, sizeof out->client_id);
    *out = (struct token_place_in_order){.key_n = 0};
    if (id.n) memcpy(out->client_id, id.p, id.n);
}

bool token_order_read_place(const struct token_filter *f, bytes text,
                            struct token_place_in_order *out)
{
    if (token_order_is_stored(f)) {
        read_id(text, out);
        return true;
    }
    if (text.n < sizeof out->client_id + 1) return false;
    const size_t hex_n = text.n - sizeof out->client_id - 1;
    if (hex_n % 2 || hex_n > 2 * sizeof out->key || text.p[hex_n] != '.') return false;
    out->key_n = hex_n / 2;
    memcpy(out->client_id, text.p + hex_n + 1, sizeof out->client_id);
    return hex_n == 0 || hex_read(bytes_part(text, 0, hex_n), out->key, out->key_n, true);
}
