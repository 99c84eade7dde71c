#include "cql/grammar.h"

bool grammar_words(struct grammar *g, enum token_type a, enum token_type b)
{
    return grammar_take(g, a) && grammar_take(g, b);
}

bool grammar_words3(struct grammar *g, enum token_type a, enum token_type b, enum token_type c)
{
    return grammar_words(g, a, b) && grammar_take(g, c);
}

bool grammar_is_name(const struct grammar *g, uint32_t ahead)
{
    const enum token_type type = grammar_peek(g, ahead);
    if (type == TOKEN_IDENT || type == TOKEN_QUOTED_NAME) return true;
    return type != TOKEN_END && g->t[g->i + ahead].class >= KEYWORD_BASIC;
}

bool grammar_name(struct grammar *g)
{
    if (!grammar_is_name(g, 0)) return grammar_miss(g);
    g->t[g->i++].mark = PARSER_NAME;
    return true;
}

bool grammar_column(struct grammar *g)
{
    if (grammar_peek(g, 0) == TOKEN_EMPTY_NAME) return grammar_take(g, TOKEN_EMPTY_NAME);
    return grammar_name(g);
}

static bool grow(struct grammar *g, void **list, uint32_t *size, uint32_t n, size_t each)
{
    const uint32_t more = *size ? *size * 2 : 8;
    void *bigger = arena_take_array(g->arena, more, each);
    if (!bigger) return false;
    if (n) memcpy(bigger, *list, n * each);
    *list = bigger;
    *size = more;
    return true;
}

bool grammar_ref(struct grammar *g, enum parser_role role, uint32_t keyspace, uint32_t name)
{
    void *list = g->refs;
    if (g->refs_n == g->refs_size && !grow(g, &list, &g->refs_size, g->refs_n, sizeof *g->refs)) {
        return false;
    }
    g->refs = list;
    g->refs[g->refs_n++] =
        (struct parser_ref){role, keyspace, name, g->parts_n ? g->parts_n - 1 : 0};
    return true;
}

bool grammar_part(struct grammar *g, enum statement_kind kind)
{
    void *list = g->parts;
    if (g->parts_n >= PARSER_PARTS_MAX) {
        g->why = "too many statements in one batch";
        return grammar_miss(g);
    }
    const size_t each = sizeof *g->parts;
    if (g->parts_n == g->parts_size && !grow(g, &list, &g->parts_size, g->parts_n, each)) {
        return false;
    }
    g->parts = list;
    g->parts[g->parts_n++] = (struct parser_part){.kind = kind, .table = PARSER_NONE};
    return true;
}

static bool qualified(struct grammar *g, enum parser_role role, bool (*last)(struct grammar *))
{
    uint32_t keyspace = PARSER_NONE;
    if (grammar_is_name(g, 0) && grammar_peek(g, 1) == TOKEN_DOT) {
        keyspace = g->i;
        if (!grammar_name(g) || !grammar_take(g, TOKEN_DOT)) return false;
    }
    return last(g) && grammar_ref(g, role, keyspace, g->i - 1);
}

bool grammar_qualified(struct grammar *g, enum parser_role role)
{
    if (!qualified(g, role, grammar_name)) return false;
    if (role == PARSER_TABLE && g->parts_n) grammar_last_part(g)->table = g->refs_n - 1;
    return true;
}

bool grammar_bare(struct grammar *g, enum parser_role role)
{
    return grammar_name(g) && grammar_ref(g, role, PARSER_NONE, g->i - 1);
}

bool grammar_enter(struct grammar *g)
{
    g->depth++;
    if (g->depth > PARSER_DEPTH_MAX) {
        g->why = "nested too deeply";
        return grammar_leave(g, grammar_miss(g));
    }
    if (g->work > (uint64_t)PARSER_WORK_FACTOR * g->n + 1024) {
        g->why = "too involved";
        return grammar_leave(g, grammar_miss(g));
    }
    return true;
}

bool grammar_list(struct grammar *g, bool (*item)(struct grammar *))
{
    do {
        if (!item(g)) return false;
    } while (grammar_take(g, TOKEN_COMMA));
    return true;
}

bool grammar_parens(struct grammar *g, bool (*item)(struct grammar *))
{
    return grammar_take(g, TOKEN_OPEN) && grammar_list(g, item) && grammar_take(g, TOKEN_CLOSE);
}

bool grammar_if_not_exists(struct grammar *g)
{
    if (grammar_peek(g, 0) != K_IF) return true;
    return grammar_words3(g, K_IF, K_NOT, K_EXISTS);
}

bool grammar_if_exists(struct grammar *g)
{
    if (grammar_peek(g, 0) != K_IF) return true;
    return grammar_words(g, K_IF, K_EXISTS);
}
