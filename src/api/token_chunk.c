/* Made in two steps: gathered in buffers that grow, then copied into one block of the right size. Roles
 * and creators are few among neighbours, so each is kept once. */
#include "api/token_chunk.h"

#include "base/check.h"
#include "store/fold.h"

#include <stdalign.h>
#include <stdlib.h>

struct gathering {
    int64_t created_ns[TOKEN_CHUNK_MAX];
    int64_t expires_ms[TOKEN_CHUNK_MAX];
    uint32_t capitals[TOKEN_CHUNK_MAX];
    uint32_t text_at[TOKEN_CHUNK_MAX + 1];
    uint32_t written_at[TOKEN_CHUNK_MAX + 1];
    uint32_t creator_at[TOKEN_CHUNK_MAX + 1];
    uint32_t creator_text_at[TOKEN_CHUNK_MAX + 1];
    uint32_t roles_at[TOKEN_CHUNK_MAX + 1];
    uint16_t creator[TOKEN_CHUNK_MAX];
    uint16_t role_list[TOKEN_CHUNK_MAX];
    struct wr text;
    struct wr written;
    struct wr creators;
    struct wr creator_text;
    struct wr roles;
    uint32_t n;
    uint32_t creators_n;
    uint32_t role_lists_n;
};

/* --- gathering --- */

/* Nothing at all may have no memory. */
static bytes between(const struct wr *w, const uint32_t *at, size_t i)
{
    return at[i + 1] == at[i] ? (bytes){0} : bytes_of(w->p + at[i], at[i + 1] - at[i]);
}

/* The number of a text in a list of different ones, the newest first: neighbours look alike. */
static uint32_t number_of(struct wr *all, uint32_t *at, uint32_t *n, bytes one)
{
    for (uint32_t i = *n; i > 0; i--) {
        if (bytes_eq(between(all, at, i - 1), one)) return i - 1;
    }
    wr_bytes(all, one);
    at[++*n] = (uint32_t)all->n;
    return *n - 1;
}

static uint16_t creator_of(struct gathering *g, bytes name)
{
    const uint32_t before = g->creators_n;
    const uint32_t number = number_of(&g->creators, g->creator_at, &g->creators_n, name);
    if (g->creators_n > before) {
        fold_write(name, &g->creator_text);
        g->creator_text_at[g->creators_n] = (uint32_t)g->creator_text.n;
    }
    return (uint16_t)number;
}

static void add_id(struct gathering *g, const char *id)
{
    uint32_t capitals = 0;
    for (unsigned i = 0; i < TOKEN_CLIENT_ID; i++) {
        capitals |= (uint32_t)!(id[i] & 0x20) << i;
        wr_u8(&g->text, (uint8_t)(id[i] | 0x20));
    }
    g->capitals[g->n] = capitals;
    wr_u8(&g->text, TOKEN_CHUNK_MARK);
}

static void add_description(struct gathering *g, bytes description)
{
    const size_t from = g->text.n;
    fold_write(description, &g->text);
    if (g->text.bad) return;
    if (!bytes_eq(bytes_of(g->text.p + from, g->text.n - from), description)) {
        wr_bytes(&g->written, description);
    }
    wr_u8(&g->text, TOKEN_CHUNK_MARK);
}

static void add_row(struct gathering *g, const struct record_token *t)
{
    const size_t i = g->n;
    g->created_ns[i] = t->created_ns;
    g->expires_ms[i] = t->expires_ms;
    add_id(g, t->client_id);
    add_description(g, t->description);
    g->creator[i] = creator_of(g, t->created_by);
    g->role_list[i] = (uint16_t)number_of(&g->roles, g->roles_at, &g->role_lists_n,
                                          bytes_of(t->roles, t->roles_n * sizeof *t->roles));
    g->text_at[i + 1] = (uint32_t)g->text.n;
    g->written_at[i + 1] = (uint32_t)g->written.n;
    g->n++;
}

static struct gathering *begin(void)
{
    struct gathering *g = calloc(1, sizeof *g);
    if (!g) return NULL;
    struct wr *const all[] = {&g->text, &g->written, &g->creators, &g->creator_text, &g->roles};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) *all[i] = wr_growing(UINT32_MAX);
    return g;
}

static bool is_whole(const struct gathering *g)
{
    return !g->text.bad && !g->written.bad && !g->creators.bad && !g->creator_text.bad &&
           !g->roles.bad;
}

static void drop(struct gathering *g)
{
    wr_drop(&g->text);
    wr_drop(&g->written);
    wr_drop(&g->creators);
    wr_drop(&g->creator_text);
    wr_drop(&g->roles);
    free(g);
}

/* --- the block --- */

static size_t aligned(size_t n)
{
    const size_t align = alignof(max_align_t);
    return (n + align - 1) / align * align;
}

struct block {
    uint8_t *p;    /* NULL: only its size is wanted */
    size_t n;
};

static const void *put(struct block *b, const void *from, size_t n)
{
    uint8_t *to = b->p ? b->p + b->n : NULL;
    if (to && n) memcpy(to, from, n);
    b->n += aligned(n);
    return to;
}

static void fill(const struct gathering *g, struct block *b, struct token_chunk *c)
{
    c->n = g->n;
    c->creators_n = g->creators_n;
    c->role_lists_n = g->role_lists_n;
    c->created_ns = put(b, g->created_ns, g->n * sizeof *g->created_ns);
    c->expires_ms = put(b, g->expires_ms, g->n * sizeof *g->expires_ms);
    c->capitals = put(b, g->capitals, g->n * sizeof *g->capitals);
    c->text_at = put(b, g->text_at, (g->n + 1) * sizeof *g->text_at);
    c->written_at = put(b, g->written_at, (g->n + 1) * sizeof *g->written_at);
    c->creator_at = put(b, g->creator_at, (g->creators_n + 1) * sizeof *g->creator_at);
    c->creator_text_at =
        put(b, g->creator_text_at, (g->creators_n + 1) * sizeof *g->creator_text_at);
    c->roles_at = put(b, g->roles_at, (g->role_lists_n + 1) * sizeof *g->roles_at);
    c->creator = put(b, g->creator, g->n * sizeof *g->creator);
    c->role_list = put(b, g->role_list, g->n * sizeof *g->role_list);
    c->roles = put(b, g->roles.p, g->roles.n);
    c->text = put(b, g->text.p, g->text.n);
    c->written = put(b, g->written.p, g->written.n);
    c->creators = put(b, g->creators.p, g->creators.n);
    c->creator_text = put(b, g->creator_text.p, g->creator_text.n);
}

static struct token_chunk *pack(const struct gathering *g)
{
    struct token_chunk sizes;
    struct block b = {NULL, aligned(sizeof sizes)};
    fill(g, &b, &sizes);
    struct token_chunk *out = malloc(b.n);
    if (!out) return NULL;
    struct block filled = {(uint8_t *)out, aligned(sizeof *out)};
    fill(g, &filled, out);
    out->bytes = b.n;
    atomic_init(&out->holders, 1);
    return out;
}

err token_chunk_new(const struct record_token *rows, size_t n, struct token_chunk **out)
{
    CHECK(n > 0 && n <= TOKEN_CHUNK_MAX);
    struct gathering *g = begin();
    if (!g) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < n; i++) add_row(g, &rows[i]);
    struct token_chunk *c = is_whole(g) ? pack(g) : NULL;
    drop(g);
    if (!c) return FAIL(NO_MEMORY);
    *out = c;
    return DONE;
}

void token_chunk_hold(struct token_chunk *c)
{
    atomic_fetch_add_explicit(&c->holders, 1, memory_order_relaxed);
}

void token_chunk_let_go(struct token_chunk *c)
{
    if (atomic_fetch_sub_explicit(&c->holders, 1, memory_order_acq_rel) == 1) free(c);
}

/* --- reading --- */

void token_chunk_id(const struct token_chunk *c, size_t row, char out[TOKEN_CLIENT_ID])
{
    const uint8_t *folded = c->text + c->text_at[row];
    for (unsigned i = 0; i < TOKEN_CLIENT_ID; i++) {
        const bool capital = c->capitals[row] >> i & 1;
        out[i] = (char)(capital ? folded[i] & ~0x20 : folded[i]);
    }
}

bytes token_chunk_description(const struct token_chunk *c, size_t row)
{
    const uint32_t from = c->text_at[row] + TOKEN_CLIENT_ID + 1;
    return bytes_of(c->text + from, c->text_at[row + 1] - 1 - from);
}

bytes token_chunk_creator(const struct token_chunk *c, size_t number)
{
    const uint32_t from = c->creator_at[number];
    return bytes_of(c->creators + from, c->creator_at[number + 1] - from);
}

bytes token_chunk_creator_text(const struct token_chunk *c, size_t number)
{
    const uint32_t from = c->creator_text_at[number];
    return bytes_of(c->creator_text + from, c->creator_text_at[number + 1] - from);
}

const struct uuid *token_chunk_roles(const struct token_chunk *c, size_t number, size_t *n)
{
    const uint32_t from = c->roles_at[number];
    *n = (c->roles_at[number + 1] - from) / sizeof *c->roles;
    return c->roles + from / sizeof *c->roles;
}

void token_chunk_row(const struct token_chunk *c, size_t row, struct record_token *out)
{
    const uint32_t written = c->written_at[row + 1] - c->written_at[row];
    *out = (struct record_token){
        .created_ns = c->created_ns[row],
        .expires_ms = c->expires_ms[row],
        .description = written ? bytes_of(c->written + c->written_at[row], written)
                               : token_chunk_description(c, row),
        .created_by = token_chunk_creator(c, c->creator[row])};
    out->roles = token_chunk_roles(c, c->role_list[row], &out->roles_n);
    token_chunk_id(c, row, out->client_id);
}
