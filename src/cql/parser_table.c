/* CREATE TABLE and ALTER TABLE, and the options that tables and views have. */
#include "cql/grammar.h"

static bool mask(struct grammar *g)
{
    if (grammar_peek(g, 0) != K_MASKED) return true;
    if (!grammar_words(g, K_MASKED, K_WITH)) return false;
    if (grammar_peek(g, 0) == K_DEFAULT && grammar_peek(g, 1) != TOKEN_OPEN &&
        grammar_peek(g, 1) != TOKEN_DOT) {
        return grammar_take(g, K_DEFAULT);
    }
    return parser_term_function_name(g) && parser_term_list(g);
}

static bool partition_key(struct grammar *g)
{
    if (grammar_peek(g, 0) == TOKEN_OPEN) return grammar_parens(g, grammar_name);
    return grammar_name(g);
}

/* PRIMARY KEY ( a | (a, …), b, … ) after the word PRIMARY. */
static bool primary_key(struct grammar *g)
{
    if (!grammar_words3(g, K_PRIMARY, K_KEY, TOKEN_OPEN) || !partition_key(g)) return false;
    if (grammar_take(g, TOKEN_COMMA) && !grammar_list(g, grammar_name)) return false;
    return grammar_take(g, TOKEN_CLOSE);
}

static bool column(struct grammar *g)
{
    if (grammar_peek(g, 0) == K_PRIMARY) return primary_key(g);
    if (!grammar_name(g) || !parser_type(g)) return false;
    (void)grammar_take(g, K_STATIC);
    if (!mask(g)) return false;
    return !grammar_take(g, K_PRIMARY) || grammar_take(g, K_KEY);
}

/* Between commas there may be nothing, but for the first. */
static bool columns(struct grammar *g)
{
    if (!grammar_take(g, TOKEN_OPEN) || !column(g)) return false;
    while (grammar_take(g, TOKEN_COMMA)) {
        const enum token_type type = grammar_peek(g, 0);
        if (type != TOKEN_COMMA && type != TOKEN_CLOSE && !column(g)) return false;
    }
    return grammar_take(g, TOKEN_CLOSE);
}

static bool order(struct grammar *g)
{
    if (!grammar_name(g)) return false;
    return grammar_take(g, K_ASC) || grammar_take(g, K_DESC);
}

static bool table_property(struct grammar *g)
{
    const enum token_type next = grammar_peek(g, 1);
    if (grammar_peek(g, 0) == K_COMPACT && next == K_STORAGE) {
        return grammar_words(g, K_COMPACT, K_STORAGE);
    }
    if (grammar_peek(g, 0) == K_CLUSTERING && next == K_ORDER) {
        return grammar_words3(g, K_CLUSTERING, K_ORDER, K_BY) && grammar_parens(g, order);
    }
    return parser_schema_property(g);
}

bool parser_table_properties(struct grammar *g)
{
    if (!grammar_take(g, K_WITH)) return true;
    do {
        if (!table_property(g)) return false;
    } while (grammar_take(g, K_AND));
    return true;
}

bool parser_table_create(struct grammar *g)
{
    if (!grammar_part(g, STATEMENT_CREATE_TABLE) || !grammar_if_not_exists(g)) return false;
    if (!grammar_qualified(g, PARSER_TABLE)) return false;
    g->out->body = g->i;
    if (grammar_peek(g, 0) == K_LIKE) {
        g->parts[0].kind = STATEMENT_COPY_TABLE;
        return true;
    }
    return columns(g) && parser_table_properties(g);
}

static bool altered(struct grammar *g)
{
    if (!grammar_if_exists(g) || !grammar_column(g)) return false;
    if (grammar_take(g, K_TYPE)) return parser_type(g);
    if (grammar_take(g, K_DROP)) return grammar_take(g, K_MASKED);
    return grammar_peek(g, 0) == K_MASKED ? mask(g) : grammar_miss(g);
}

static bool added_column(struct grammar *g)
{
    if (!grammar_name(g) || !parser_type(g)) return false;
    (void)grammar_take(g, K_STATIC);
    return mask(g);
}

static bool added(struct grammar *g)
{
    if (!grammar_if_not_exists(g)) return false;
    if (grammar_peek(g, 0) == TOKEN_OPEN) return grammar_parens(g, added_column);
    return added_column(g);
}

static bool dropped(struct grammar *g)
{
    if (grammar_peek(g, 0) == K_COMPACT && grammar_peek(g, 1) == K_STORAGE) {
        return grammar_words(g, K_COMPACT, K_STORAGE);
    }
    if (!grammar_if_exists(g)) return false;
    const bool many = grammar_peek(g, 0) == TOKEN_OPEN;
    if (!(many ? grammar_parens(g, grammar_name) : grammar_name(g))) return false;
    return !grammar_take(g, K_USING) || grammar_words(g, K_TIMESTAMP, TOKEN_INTEGER);
}

static bool renamed(struct grammar *g)
{
    if (!grammar_if_exists(g)) return false;
    do {
        if (!(grammar_name(g) && grammar_take(g, K_TO) && grammar_name(g))) return false;
    } while (grammar_take(g, K_AND));
    return true;
}

bool parser_table_alter(struct grammar *g)
{
    if (!grammar_part(g, STATEMENT_ALTER_TABLE) || !grammar_if_exists(g)) return false;
    if (!grammar_qualified(g, PARSER_TABLE)) return false;
    g->out->body = g->i;
    if (grammar_take(g, K_ALTER)) return altered(g);
    if (grammar_take(g, K_ADD)) return added(g);
    if (grammar_take(g, K_DROP)) return dropped(g);
    if (grammar_take(g, K_RENAME)) return renamed(g);
    if (!grammar_take(g, K_WITH)) return false;
    do {
        if (!parser_schema_property(g)) return false;
    } while (grammar_take(g, K_AND));
    return true;
}
