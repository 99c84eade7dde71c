/* CREATE and DROP of functions and aggregates: never forwarded, read whole for the picture. */
#include "cql/grammar.h"

static bool argument(struct grammar *g)
{
    return grammar_name(g) && parser_type(g);
}

static bool list_or_nothing(struct grammar *g, bool (*item)(struct grammar *))
{
    if (grammar_peek(g, 1) == TOKEN_CLOSE) return grammar_words(g, TOKEN_OPEN, TOKEN_CLOSE);
    return grammar_parens(g, item);
}

static bool on_null(struct grammar *g)
{
    if (grammar_take(g, K_RETURNS)) {
        if (!grammar_take(g, K_NULL)) return false;
    } else if (!grammar_take(g, K_CALLED)) {
        return false;
    }
    return grammar_words3(g, K_ON, K_NULL, K_INPUT);
}

static bool create_function(struct grammar *g)
{
    return grammar_if_not_exists(g) && parser_term_function_name(g) &&
           list_or_nothing(g, argument) && on_null(g) && grammar_take(g, K_RETURNS) &&
           parser_type(g) &&
           grammar_words3(g, K_LANGUAGE, TOKEN_IDENT, K_AS) && grammar_take(g, TOKEN_STRING);
}

static bool inner_function(struct grammar *g, enum parser_role role)
{
    if (!parser_term_function_name(g)) return false;
    g->refs[g->refs_n - 1].role = role;
    return true;
}

static bool create_aggregate(struct grammar *g)
{
    if (!grammar_if_not_exists(g) || !parser_term_function_name(g)) return false;
    if (!list_or_nothing(g, parser_type) || !grammar_take(g, K_SFUNC)) return false;
    if (!inner_function(g, PARSER_STATE_FUNCTION)) return false;
    if (!grammar_take(g, K_STYPE) || !parser_type(g)) return false;
    if (grammar_take(g, K_FINALFUNC) && !inner_function(g, PARSER_FINAL_FUNCTION)) return false;
    return !grammar_take(g, K_INITCOND) || parser_term(g);
}

bool parser_function_create(struct grammar *g)
{
    if (grammar_take(g, K_OR) && !grammar_take(g, K_REPLACE)) return false;
    if (grammar_take(g, K_FUNCTION)) {
        return grammar_part(g, STATEMENT_CREATE_FUNCTION) && create_function(g);
    }
    return grammar_take(g, K_AGGREGATE) && grammar_part(g, STATEMENT_CREATE_AGGREGATE) &&
           create_aggregate(g);
}

bool parser_function_drop(struct grammar *g)
{
    const bool aggregate = grammar_peek(g, 0) == K_AGGREGATE;
    g->i++;
    if (!grammar_part(g, aggregate ? STATEMENT_DROP_AGGREGATE : STATEMENT_DROP_FUNCTION)) {
        return false;
    }
    if (!grammar_if_exists(g) || !parser_term_function_name(g)) return false;
    return grammar_peek(g, 0) != TOKEN_OPEN || list_or_nothing(g, parser_type);
}
