/* Terms: literals, bind markers, function calls, casts and sums of them. A column is no term. */
#include "cql/grammar.h"

bool parser_term_constant(struct grammar *g)
{
    switch ((int)grammar_peek(g, 0)) {
    case TOKEN_STRING: case TOKEN_INTEGER: case TOKEN_FLOAT: case TOKEN_BOOLEAN:
    case TOKEN_DURATION: case TOKEN_UUID: case TOKEN_HEX: case TOKEN_NEGATIVE_NAN:
    case TOKEN_NEGATIVE_INFINITY: case K_POSITIVE_NAN: case K_POSITIVE_INFINITY:
        g->i++;
        return true;
    default: return grammar_miss(g);
    }
}

bool parser_term_marker(struct grammar *g)
{
    g->out->binds_n++;
    if (grammar_peek(g, 0) == TOKEN_COLON) return grammar_take(g, TOKEN_COLON) && grammar_name(g);
    return grammar_take(g, TOKEN_QMARK);
}

bool parser_term_integer(struct grammar *g)
{
    if (grammar_peek(g, 0) == TOKEN_INTEGER) return grammar_take(g, TOKEN_INTEGER);
    return parser_term_marker(g);
}

bool parser_term_tuple(struct grammar *g)
{
    return grammar_parens(g, parser_term);
}

bool parser_term_list(struct grammar *g)
{
    if (grammar_peek(g, 0) == TOKEN_OPEN && grammar_peek(g, 1) == TOKEN_CLOSE) {
        return grammar_words(g, TOKEN_OPEN, TOKEN_CLOSE);
    }
    return grammar_parens(g, parser_term);
}

static bool may_be_function(const struct grammar *g, uint32_t ahead)
{
    const enum token_type type = grammar_peek(g, ahead);
    if (type == TOKEN_IDENT || type == TOKEN_QUOTED_NAME || type == K_TOKEN || type == K_COUNT) {
        return true;
    }
    if (type == TOKEN_END) return false;
    const uint8_t class = g->t[g->i + ahead].class;
    return class == KEYWORD_BASIC || class == KEYWORD_NATIVE;
}

bool parser_term_is_function(const struct grammar *g)
{
    if (grammar_is_name(g, 0) && grammar_peek(g, 1) == TOKEN_DOT) {
        return may_be_function(g, 2) && grammar_peek(g, 3) == TOKEN_OPEN;
    }
    return may_be_function(g, 0) && grammar_peek(g, 1) == TOKEN_OPEN;
}

bool parser_term_function_name(struct grammar *g)
{
    uint32_t keyspace = PARSER_NONE;
    if (grammar_is_name(g, 0) && grammar_peek(g, 1) == TOKEN_DOT) {
        keyspace = g->i;
        if (!grammar_name(g) || !grammar_take(g, TOKEN_DOT)) return false;
    }
    if (!may_be_function(g, 0)) return grammar_miss(g);
    g->t[g->i++].mark = PARSER_NAME;
    return grammar_ref(g, PARSER_FUNCTION, keyspace, g->i - 1);
}

static bool function(struct grammar *g)
{
    return parser_term_function_name(g) && parser_term_list(g);
}

static bool map_entry(struct grammar *g)
{
    return parser_term(g) && grammar_take(g, TOKEN_COLON) && parser_term(g);
}

static bool field_entry(struct grammar *g)
{
    return grammar_name(g) && grammar_take(g, TOKEN_COLON) && parser_term(g);
}

/* What follows the first element: a map's value and entries, or more elements of a set. */
static bool map_or_set(struct grammar *g)
{
    if (!parser_term(g)) return false;
    if (!grammar_take(g, TOKEN_COLON)) {
        return !grammar_take(g, TOKEN_COMMA) || grammar_list(g, parser_term);
    }
    if (!parser_term(g)) return false;
    return !grammar_take(g, TOKEN_COMMA) || grammar_list(g, map_entry);
}

static bool curly(struct grammar *g)
{
    if (!grammar_take(g, TOKEN_OPEN_CURLY)) return false;
    if (grammar_peek(g, 0) == TOKEN_CLOSE_CURLY) return grammar_take(g, TOKEN_CLOSE_CURLY);
    const bool fields = grammar_is_name(g, 0) && grammar_peek(g, 1) == TOKEN_COLON;
    if (!(fields ? grammar_list(g, field_entry) : map_or_set(g))) return false;
    return grammar_take(g, TOKEN_CLOSE_CURLY);
}

static bool square(struct grammar *g)
{
    if (!grammar_take(g, TOKEN_OPEN_SQUARE)) return false;
    if (grammar_peek(g, 0) == TOKEN_CLOSE_SQUARE) return grammar_take(g, TOKEN_CLOSE_SQUARE);
    return grammar_list(g, parser_term) && grammar_take(g, TOKEN_CLOSE_SQUARE);
}

static bool cast(struct grammar *g)
{
    return grammar_words(g, K_CAST, TOKEN_OPEN) && parser_term_simple(g) && grammar_take(g, K_AS) &&
           parser_type_native(g) && grammar_take(g, TOKEN_CLOSE);
}

/* (type) term, or else (term, …). */
static bool hint_or_tuple(struct grammar *g)
{
    const struct grammar_mark here = grammar_here(g);
    const uint32_t binds = g->out->binds_n;
    if (grammar_take(g, TOKEN_OPEN) && parser_type(g) && grammar_take(g, TOKEN_CLOSE) &&
        parser_term_simple(g)) {
        return true;
    }
    grammar_back(g, here);
    g->out->binds_n = binds;
    return parser_term_tuple(g);
}

static bool simple(struct grammar *g)
{
    switch ((int)grammar_peek(g, 0)) {
    case K_NULL: return grammar_take(g, K_NULL);
    case TOKEN_QMARK: case TOKEN_COLON: return parser_term_marker(g);
    case TOKEN_OPEN: return hint_or_tuple(g);
    case TOKEN_OPEN_CURLY: return curly(g);
    case TOKEN_OPEN_SQUARE: return square(g);
    default: break;
    }
    if (grammar_peek(g, 0) == K_CAST && grammar_peek(g, 1) == TOKEN_OPEN) return cast(g);
    return parser_term_is_function(g) ? function(g) : parser_term_constant(g);
}

bool parser_term_simple(struct grammar *g)
{
    return grammar_enter(g) && grammar_leave(g, simple(g));
}

static bool group(struct grammar *g)
{
    if (grammar_peek(g, 0) == TOKEN_MINUS) g->i++;
    return parser_term_simple(g);
}

static bool product(struct grammar *g)
{
    for (;;) {
        if (!group(g)) return false;
        const enum token_type type = grammar_peek(g, 0);
        if (type != TOKEN_STAR && type != TOKEN_SLASH && type != TOKEN_PERCENT) return true;
        g->i++;
    }
}

/* `{1} + a`: the sum's last part is a column, which is not ours to read. */
static bool column_follows(const struct grammar *g)
{
    if (grammar_peek(g, 0) != TOKEN_PLUS) return false;
    if (grammar_peek(g, 1) == TOKEN_EMPTY_NAME) return true;
    if (!grammar_is_name(g, 1)) return false;
    const enum token_type after = grammar_peek(g, 2);
    return after != TOKEN_OPEN && after != TOKEN_DOT;
}

bool parser_term(struct grammar *g)
{
    for (;;) {
        if (!product(g)) return false;
        const enum token_type type = grammar_peek(g, 0);
        if ((type != TOKEN_PLUS && type != TOKEN_MINUS) || column_follows(g)) return true;
        g->i++;
    }
}

static bool property_entry(struct grammar *g)
{
    return parser_term_constant(g) && grammar_take(g, TOKEN_COLON) && parser_term_constant(g);
}

bool parser_term_property_map(struct grammar *g)
{
    if (!grammar_take(g, TOKEN_OPEN_CURLY)) return false;
    if (grammar_peek(g, 0) == TOKEN_CLOSE_CURLY) return grammar_take(g, TOKEN_CLOSE_CURLY);
    return grammar_list(g, property_entry) && grammar_take(g, TOKEN_CLOSE_CURLY);
}
