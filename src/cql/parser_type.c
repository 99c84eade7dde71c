/* Types as columns, fields and casts have them. */
#include "cql/grammar.h"

bool parser_type_native(struct grammar *g)
{
    if (grammar_peek(g, 0) == TOKEN_END || g->t[g->i].class != KEYWORD_NATIVE) {
        return grammar_miss(g);
    }
    g->i++;
    return true;
}

/* Words that no user's type may have for a name, as written. */
static bool is_reserved_type(bytes name)
{
    return bytes_eq_text(name, "byte") || bytes_eq_text(name, "complex") ||
           bytes_eq_text(name, "enum") || bytes_eq_text(name, "interval") ||
           bytes_eq_text(name, "macaddr") || bytes_eq_text(name, "bitstring");
}

bool parser_type_name(struct grammar *g)
{
    const bool dotted = grammar_is_name(g, 0) && grammar_peek(g, 1) == TOKEN_DOT;
    const uint32_t last = dotted ? 2 : 0;
    const enum token_type type = grammar_peek(g, last);
    if (type == TOKEN_END) return grammar_miss(g);
    const struct token *t = &g->t[g->i + last];
    const bool named = type == TOKEN_QUOTED_NAME || t->class == KEYWORD_BASIC || type == K_KEY ||
                       (type == TOKEN_IDENT && !is_reserved_type(lexer_text(g->text, t)));
    return named ? grammar_qualified(g, PARSER_TYPE) : grammar_miss(g);
}

static bool of_one(struct grammar *g)
{
    g->i++;
    return grammar_take(g, TOKEN_LESS) && parser_type(g) && grammar_take(g, TOKEN_GREATER);
}

static bool of_two(struct grammar *g)
{
    g->i++;
    return grammar_take(g, TOKEN_LESS) && parser_type(g) && grammar_take(g, TOKEN_COMMA) &&
           parser_type(g) && grammar_take(g, TOKEN_GREATER);
}

static bool of_many(struct grammar *g)
{
    g->i++;
    return grammar_take(g, TOKEN_LESS) && grammar_list(g, parser_type) &&
           grammar_take(g, TOKEN_GREATER);
}

static bool of_length(struct grammar *g)
{
    g->i++;
    return grammar_take(g, TOKEN_LESS) && parser_type(g) && grammar_take(g, TOKEN_COMMA) &&
           grammar_take(g, TOKEN_INTEGER) && grammar_take(g, TOKEN_GREATER);
}

static bool any(struct grammar *g)
{
    const enum token_type type = grammar_peek(g, 0);
    if (grammar_peek(g, 1) == TOKEN_LESS) {
        if (type == K_MAP) return of_two(g);
        if (type == K_LIST || type == K_SET || type == K_FROZEN) return of_one(g);
        if (type == K_TUPLE) return of_many(g);
        if (type == K_VECTOR) return of_length(g);
    }
    if (type == TOKEN_STRING) return grammar_take(g, TOKEN_STRING);
    const bool native = type != TOKEN_END && g->t[g->i].class == KEYWORD_NATIVE;
    if (native && grammar_peek(g, 1) != TOKEN_DOT) return parser_type_native(g);
    return parser_type_name(g);
}

bool parser_type(struct grammar *g)
{
    return grammar_enter(g) && grammar_leave(g, any(g));
}
