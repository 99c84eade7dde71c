#include "statement/local_select.h"

enum { TOKENS_MAX = 8192 };    /* a longer statement has another shape */

struct walk {
    const struct resolve *r;
    const struct token *t;
    uint32_t i;
    uint32_t n;
    uint32_t binds;
};

static enum token_type peek(const struct walk *w, uint32_t ahead)
{
    return w->n - w->i > ahead ? (enum token_type)w->t[w->i + ahead].type : TOKEN_END;
}

static bool take(struct walk *w, enum token_type type)
{
    if (peek(w, 0) != type) return false;
    w->i++;
    return true;
}

static bytes fold(const struct walk *w, uint32_t i)
{
    return resolve_fold(w->r->parsed->text, &w->t[i], w->r->arena);
}

static bool name(struct walk *w, bytes *out)
{
    if (peek(w, 0) == TOKEN_END || w->t[w->i].mark != PARSER_NAME) return false;
    *out = fold(w, w->i++);
    return true;
}

static bool value(struct walk *w, struct statement_value *out)
{
    const enum token_type type = peek(w, 0);
    *out = (struct statement_value){.type = STATEMENT_VALUE_OTHER};
    switch ((int)type) {
    case TOKEN_COLON:
        out->type = STATEMENT_VALUE_BIND;
        out->bind = w->binds++;
        w->i++;
        return name(w, &out->text);
    case TOKEN_QMARK: out->type = STATEMENT_VALUE_BIND; out->bind = w->binds++; break;
    case TOKEN_STRING: out->type = STATEMENT_VALUE_TEXT; out->text = fold(w, w->i); break;
    case TOKEN_INTEGER: out->type = STATEMENT_VALUE_INTEGER; break;
    case TOKEN_UUID: out->type = STATEMENT_VALUE_UUID; break;
    case TOKEN_BOOLEAN: out->type = STATEMENT_VALUE_BOOLEAN; break;
    case K_NULL: out->type = STATEMENT_VALUE_NULL; break;
    case TOKEN_FLOAT: case TOKEN_HEX: case TOKEN_DURATION: break;
    default: return false;
    }
    if (!out->text.n && type != TOKEN_QMARK && type != TOKEN_STRING) {
        out->text = lexer_text(w->r->parsed->text, &w->t[w->i]);
    }
    w->i++;
    return true;
}

/* A column, or toJson of one. */
static bool selector(struct walk *w, struct statement_selector *out)
{
    if (peek(w, 0) != TOKEN_END && peek(w, 1) == TOKEN_OPEN) {
        const bytes function = lexer_text(w->r->parsed->text, &w->t[w->i]);
        out->json = bytes_eq_nocase(function, BYTES("tojson")) ||
                    bytes_eq_nocase(function, BYTES("to_json"));
        if (!out->json) return false;
        w->i += 2;
    }
    return name(w, &out->column) && (!out->json || take(w, TOKEN_CLOSE));
}

static bool selectors(struct walk *w, struct statement_select *out, struct statement_selector *list)
{
    out->selectors = list;
    if (take(w, TOKEN_STAR)) return true;
    out->count = peek(w, 0) == K_COUNT && peek(w, 1) == TOKEN_OPEN && peek(w, 2) == TOKEN_STAR &&
                 peek(w, 3) == TOKEN_CLOSE;
    if (out->count) {
        w->i += 4;
        return !take(w, K_AS) || name(w, &list[0].alias);
    }
    do {
        struct statement_selector *s = &list[out->selectors_n++];
        if (!selector(w, s)) return false;
        if (take(w, K_AS) && !name(w, &s->alias)) return false;
    } while (take(w, TOKEN_COMMA));
    return true;
}

static bool values(struct walk *w, struct statement_restriction *out, struct statement_value *list)
{
    out->values = list;
    out->in = take(w, K_IN);
    if (!out->in && !take(w, TOKEN_EQUAL)) return false;
    if (!out->in || peek(w, 0) != TOKEN_OPEN) {
        out->in_bind = out->in;
        out->values_n = 1;
        return value(w, &list[0]);
    }
    w->i++;
    if (take(w, TOKEN_CLOSE)) return true;
    do {
        if (!value(w, &list[out->values_n++])) return false;
    } while (take(w, TOKEN_COMMA));
    return take(w, TOKEN_CLOSE);
}

/* No value or restriction is shorter than one token, so lists as long as the tokens suffice. */
static bool where(struct walk *w, struct statement_select *out, struct statement_restriction *list,
                  struct statement_value *pool)
{
    out->where = list;
    if (!take(w, K_WHERE)) return true;
    do {
        struct statement_restriction *one = &list[out->where_n++];
        if (!name(w, &one->column) || !values(w, one, pool)) return false;
        pool += one->values_n;
    } while (take(w, K_AND));
    return true;
}

static bool tail(struct walk *w, struct statement_select *out)
{
    out->limited = take(w, K_LIMIT);
    if (out->limited && !value(w, &out->limit)) return false;
    if (take(w, K_ALLOW)) w->i++;
    return w->i == w->n;
}

/* The keyspace, if it is written, the dot and the table. */
static bool from(struct walk *w)
{
    bytes part;
    if (!take(w, K_FROM) || !name(w, &part)) return false;
    return !take(w, TOKEN_DOT) || name(w, &part);
}

err local_select_read(const struct resolve *r, struct statement_select *out)
{
    const struct parser_statement *p = r->parsed;
    const size_t room = p->tokens_n + 1;
    if (room > TOKENS_MAX) return DONE;
    struct walk w = {.r = r, .t = p->tokens, .i = 1, .n = p->tokens_n};
    struct statement_selector *names = arena_take_array(r->arena, room, sizeof *names);
    struct statement_restriction *list = arena_take_array(r->arena, room, sizeof *list);
    struct statement_value *pool = arena_take_array(r->arena, room, sizeof *pool);
    if (!names || !list || !pool) return FAIL(NO_MEMORY);
    if (w.t[w.i].mark != PARSER_NAME) out->json = take(&w, K_JSON);
    if (w.t[w.i].mark != PARSER_NAME) out->distinct = take(&w, K_DISTINCT);
    out->simple = selectors(&w, out, names) && from(&w) && where(&w, out, list, pool) &&
                  tail(&w, out);
    return r->arena->bad ? FAIL(NO_MEMORY) : DONE;
}
