/* Numbers, operators and UUIDs go out byte for byte as they were cut, so they are cut the same
 * again. */
#include "statement/rewrite.h"

#include "base/check.h"

struct sink {
    uint8_t *p;
    size_t n;
    size_t size;
};

static void put(struct sink *s, const uint8_t *p, size_t n)
{
    CHECK(n <= s->size - s->n);
    if (n) memcpy(s->p + s->n, p, n);
    s->n += n;
}

static void put_byte(struct sink *s, uint8_t c)
{
    CHECK(s->n < s->size);
    s->p[s->n++] = c;
}

/* The name between quotes, those inside it doubled. */
static void put_quoted(struct sink *s, bytes name, uint8_t quote)
{
    put_byte(s, quote);
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == quote) put_byte(s, quote);
        put_byte(s, name.p[i]);
    }
    put_byte(s, quote);
}

static void put_lower(struct sink *s, bytes word)
{
    CHECK(word.n + 2 <= s->size - s->n);
    uint8_t *p = s->p + s->n;
    *p++ = '"';
    for (size_t i = 0; i < word.n; i++) {
        const uint8_t c = word.p[i];
        *p++ = (uint8_t)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    *p = '"';
    s->n += word.n + 2;
}

static void put_token(struct sink *s, bytes word, const struct token *t)
{
    const bool dollars = t->type == TOKEN_STRING && word.p[0] == '$';
    if (t->mark == PARSER_NAME && t->type != TOKEN_QUOTED_NAME) put_lower(s, word);
    else if (dollars) put_quoted(s, bytes_part(word, 2, word.n - 4), '\'');
    else put(s, word.p, word.n);
}

/* Enough for every token in quotes with all its bytes doubled, and every keyspace inserted. */
static size_t bound(const struct resolve *r)
{
    const struct parser_statement *p = r->parsed;
    size_t size = 16 + 3 * (size_t)p->tokens_n;
    for (uint32_t i = 0; i < p->tokens_n; i++) {
        const struct token *t = &p->tokens[i];
        const bool dollars = t->type == TOKEN_STRING && p->text.p[t->at] == '$';
        size += dollars ? 2 * (size_t)t->n : t->n;
    }
    for (uint32_t i = 0; i < p->refs_n; i++) {
        if (r->names[i].insert) size += 2 * r->names[i].keyspace.n + 3;
    }
    return size;
}

err rewrite_text(const struct resolve *r, bytes *out)
{
    const struct parser_statement *p = r->parsed;
    struct sink s = {.size = bound(r)};
    s.p = arena_take(r->arena, s.size);
    if (!s.p) return FAIL(NO_MEMORY);
    uint32_t ref = 0;
    bool tight = true;    /* no space before the next token */
    for (uint32_t i = 0; i < p->tokens_n; i++) {
        const struct token *t = &p->tokens[i];
        const bool dot = t->type == TOKEN_DOT;
        if (!tight && !dot) put_byte(&s, ' ');
        while (ref < p->refs_n && p->refs[ref].name < i) ref++;
        if (ref < p->refs_n && p->refs[ref].name == i && r->names[ref].insert) {
            put_quoted(&s, r->names[ref].keyspace, '"');
            put_byte(&s, '.');
        }
        put_token(&s, lexer_text(p->text, t), t);
        tight = dot && i > 0 && p->tokens[i - 1].mark == PARSER_NAME;
    }
    *out = (bytes){s.p, s.n};
    return DONE;
}

bytes rewrite_quote(bytes name, struct arena *arena)
{
    struct sink s = {.size = 2 * name.n + 2};
    s.p = arena_take(arena, s.size);
    if (!s.p) return (bytes){0};
    put_quoted(&s, name, '"');
    return (bytes){s.p, s.n};
}
