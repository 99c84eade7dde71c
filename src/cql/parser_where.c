/* Relations after WHERE, conditions after IF. */
#include "cql/grammar.h"

bool parser_where_operator(struct grammar *g)
{
    switch ((int)grammar_peek(g, 0)) {
    case TOKEN_EQUAL: case TOKEN_NOT_EQUAL: case TOKEN_LESS: case TOKEN_LESS_EQUAL:
    case TOKEN_GREATER: case TOKEN_GREATER_EQUAL:
        g->i++;
        return true;
    default: return grammar_miss(g);
    }
}

static bool compared(struct grammar *g)
{
    return parser_where_operator(g) && parser_term(g);
}

static bool is_marker(const struct grammar *g)
{
    return grammar_peek(g, 0) == TOKEN_QMARK || grammar_peek(g, 0) == TOKEN_COLON;
}

static bool in_values(struct grammar *g)
{
    if (!grammar_take(g, K_IN)) return false;
    return is_marker(g) ? parser_term_marker(g) : parser_term_list(g);
}

static bool contains(struct grammar *g)
{
    if (!grammar_take(g, K_CONTAINS)) return false;
    (void)grammar_take(g, K_KEY);
    return parser_term(g);
}

static bool element(struct grammar *g)
{
    return grammar_take(g, TOKEN_OPEN_SQUARE) && parser_term(g) &&
           grammar_take(g, TOKEN_CLOSE_SQUARE);
}

static bool of_column(struct grammar *g)
{
    if (!grammar_column(g)) return false;
    switch ((int)grammar_peek(g, 0)) {
    case K_LIKE: return grammar_take(g, K_LIKE) && parser_term(g);
    case K_IS: return grammar_words3(g, K_IS, K_NOT, K_NULL);
    case K_IN: return in_values(g);
    case K_CONTAINS: return contains(g);
    case TOKEN_OPEN_SQUARE: return element(g) && compared(g);
    default: return compared(g);
    }
}

static bool tuple_value(struct grammar *g)
{
    return is_marker(g) ? parser_term_marker(g) : parser_term_tuple(g);
}

/* (), a marker, tuples, or markers for tuples. */
static bool tuple_in(struct grammar *g)
{
    if (!grammar_take(g, K_IN)) return false;
    if (is_marker(g)) return parser_term_marker(g);
    if (grammar_peek(g, 1) == TOKEN_CLOSE) return grammar_words(g, TOKEN_OPEN, TOKEN_CLOSE);
    const enum token_type first = grammar_peek(g, 1);
    const bool markers = first == TOKEN_QMARK || first == TOKEN_COLON;
    return grammar_parens(g, markers ? parser_term_marker : parser_term_tuple);
}

static bool of_tuple(struct grammar *g)
{
    if (!grammar_parens(g, grammar_column)) return false;
    if (grammar_peek(g, 0) == K_IN) return tuple_in(g);
    return parser_where_operator(g) && tuple_value(g);
}

static bool relation(struct grammar *g);

static bool parenthesised(struct grammar *g)
{
    const struct grammar_mark here = grammar_here(g);
    const uint32_t binds = g->out->binds_n;
    if (of_tuple(g)) return true;
    grammar_back(g, here);
    g->out->binds_n = binds;
    return grammar_take(g, TOKEN_OPEN) && relation(g) && grammar_take(g, TOKEN_CLOSE);
}

static bool any(struct grammar *g)
{
    if (grammar_peek(g, 0) == K_TOKEN) {
        return grammar_take(g, K_TOKEN) && grammar_parens(g, grammar_column) && compared(g);
    }
    return grammar_peek(g, 0) == TOKEN_OPEN ? parenthesised(g) : of_column(g);
}

static bool relation(struct grammar *g)
{
    return grammar_enter(g) && grammar_leave(g, any(g));
}

/* expr(index, term): the index is one of the statement's table. */
static bool expression(struct grammar *g)
{
    return grammar_take(g, TOKEN_EXPR) && grammar_name(g) && grammar_take(g, TOKEN_COMMA) &&
           parser_term(g) && grammar_take(g, TOKEN_CLOSE);
}

bool parser_where(struct grammar *g)
{
    do {
        if (!(grammar_peek(g, 0) == TOKEN_EXPR ? expression(g) : relation(g))) return false;
    } while (grammar_take(g, K_AND));
    return true;
}

static bool compared_or_in(struct grammar *g)
{
    return grammar_peek(g, 0) == K_IN ? in_values(g) : compared(g);
}

static bool condition(struct grammar *g)
{
    if (!grammar_column(g)) return false;
    switch ((int)grammar_peek(g, 0)) {
    case K_CONTAINS: return contains(g);
    case TOKEN_OPEN_SQUARE: return element(g) && compared_or_in(g);
    case TOKEN_DOT: return grammar_take(g, TOKEN_DOT) && grammar_name(g) && compared_or_in(g);
    default: return compared_or_in(g);
    }
}

bool parser_where_conditions(struct grammar *g)
{
    if (!grammar_take(g, K_IF)) return true;
    grammar_last_part(g)->conditional = true;
    if (grammar_peek(g, 0) == K_EXISTS) {
        const enum token_type after = grammar_peek(g, 1);
        const bool column =
            after == TOKEN_EQUAL || after == TOKEN_DOT || after == TOKEN_OPEN_SQUARE;
        if (!column) return grammar_take(g, K_EXISTS);
    }
    do {
        if (!condition(g)) return false;
    } while (grammar_take(g, K_AND));
    return true;
}
