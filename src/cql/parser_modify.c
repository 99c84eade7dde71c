/* INSERT, UPDATE, DELETE, batches of them, TRUNCATE and USE. */
#include "cql/grammar.h"

static bool attribute(struct grammar *g)
{
    if (!grammar_take(g, K_TIMESTAMP) && !grammar_take(g, K_TTL)) return false;
    return parser_term_integer(g);
}

static bool using_clause(struct grammar *g)
{
    if (!grammar_take(g, K_USING)) return true;
    do {
        if (!attribute(g)) return false;
    } while (grammar_take(g, K_AND));
    return true;
}

static bool not_exists(struct grammar *g)
{
    if (grammar_peek(g, 0) != K_IF) return true;
    grammar_last_part(g)->conditional = true;
    return grammar_if_not_exists(g);
}

static bool json(struct grammar *g)
{
    if (grammar_peek(g, 0) == TOKEN_STRING) g->i++;
    else if (!parser_term_marker(g)) return false;
    if (!grammar_take(g, K_DEFAULT)) return true;
    return grammar_take(g, K_NULL) || grammar_take(g, K_UNSET);
}

bool parser_modify_insert(struct grammar *g)
{
    if (!grammar_words(g, K_INSERT, K_INTO) || !grammar_part(g, STATEMENT_INSERT)) return false;
    if (!grammar_qualified(g, PARSER_TABLE)) return false;
    if (grammar_take(g, K_JSON)) {
        if (!json(g)) return false;
    } else if (!(grammar_parens(g, grammar_column) && grammar_take(g, K_VALUES) &&
                 parser_term_tuple(g))) {
        return false;
    }
    return not_exists(g) && using_clause(g);
}

static bool same_column(const struct grammar *g, uint32_t a, uint32_t b)
{
    const bytes x = lexer_text(g->text, &g->t[a]);
    const bytes y = lexer_text(g->text, &g->t[b]);
    const bool plain = g->t[a].type != TOKEN_QUOTED_NAME && g->t[b].type != TOKEN_QUOTED_NAME;
    if (plain) return bytes_eq_nocase(x, y);
    if (g->t[a].type == g->t[b].type) return bytes_eq(x, y);
    const bytes quoted = g->t[a].type == TOKEN_QUOTED_NAME ? x : y;
    const bytes bare = g->t[a].type == TOKEN_QUOTED_NAME ? y : x;
    const bytes inner = bytes_part(quoted, 1, quoted.n - 2);
    for (size_t i = 0; i < inner.n; i++) {
        if (inner.p[i] >= 'A' && inner.p[i] <= 'Z') return false;
    }
    return bytes_eq_nocase(inner, bare);
}

/* The column again, after `=` or at the end of a sum: only the one that is set. */
static bool itself(struct grammar *g, uint32_t key)
{
    if (!grammar_column(g)) return false;
    if (same_column(g, key, g->i - 1)) return true;
    g->i--;
    g->why = "only the column itself may stand here";
    return grammar_miss(g);
}

/* = term, = column + term, = column - term, = term + column. */
static bool assigned(struct grammar *g, uint32_t key)
{
    const enum token_type after = grammar_peek(g, 1);
    const bool named = grammar_is_name(g, 0) || grammar_peek(g, 0) == TOKEN_EMPTY_NAME;
    if (named && after == TOKEN_INTEGER) return itself(g, key) && grammar_take(g, TOKEN_INTEGER);
    if (named && (after == TOKEN_PLUS || after == TOKEN_MINUS)) {
        if (!itself(g, key)) return false;
        g->i++;
        return parser_term(g);
    }
    if (!parser_term(g)) return false;
    return !grammar_take(g, TOKEN_PLUS) || itself(g, key);
}

static bool operation(struct grammar *g)
{
    const uint32_t key = g->i;
    if (!grammar_column(g)) return false;
    switch ((int)grammar_peek(g, 0)) {
    case TOKEN_EQUAL: g->i++; return assigned(g, key);
    case TOKEN_PLUS_EQUAL: case TOKEN_MINUS_EQUAL: g->i++; return parser_term(g);
    case TOKEN_OPEN_SQUARE:
        g->i++;
        return parser_term(g) && grammar_words(g, TOKEN_CLOSE_SQUARE, TOKEN_EQUAL) &&
               parser_term(g);
    case TOKEN_DOT:
        g->i++;
        return grammar_name(g) && grammar_take(g, TOKEN_EQUAL) && parser_term(g);
    default: return grammar_miss(g);
    }
}

bool parser_modify_update(struct grammar *g)
{
    return grammar_take(g, K_UPDATE) && grammar_part(g, STATEMENT_UPDATE) &&
           grammar_qualified(g, PARSER_TABLE) && using_clause(g) && grammar_take(g, K_SET) &&
           grammar_list(g, operation) && grammar_take(g, K_WHERE) && parser_where(g) &&
           parser_where_conditions(g);
}

static bool deletion(struct grammar *g)
{
    if (!grammar_column(g)) return false;
    if (grammar_take(g, TOKEN_OPEN_SQUARE)) {
        return parser_term(g) && grammar_take(g, TOKEN_CLOSE_SQUARE);
    }
    return !grammar_take(g, TOKEN_DOT) || grammar_name(g);
}

bool parser_modify_delete(struct grammar *g)
{
    if (!grammar_take(g, K_DELETE) || !grammar_part(g, STATEMENT_DELETE)) return false;
    if (grammar_peek(g, 0) != K_FROM && !grammar_list(g, deletion)) return false;
    if (!grammar_take(g, K_FROM) || !grammar_qualified(g, PARSER_TABLE)) return false;
    if (grammar_take(g, K_USING) && !(grammar_take(g, K_TIMESTAMP) && parser_term_integer(g))) {
        return false;
    }
    return grammar_take(g, K_WHERE) && parser_where(g) && parser_where_conditions(g);
}

static bool inner(struct grammar *g)
{
    switch ((int)grammar_peek(g, 0)) {
    case K_INSERT: return parser_modify_insert(g);
    case K_UPDATE: return parser_modify_update(g);
    case K_DELETE: return parser_modify_delete(g);
    default: return grammar_miss(g);
    }
}

bool parser_modify_batch(struct grammar *g)
{
    g->out->kind = STATEMENT_BATCH;
    if (!grammar_take(g, K_BEGIN)) return false;
    if (grammar_take(g, K_UNLOGGED)) g->out->batch = PARSER_BATCH_UNLOGGED;
    else if (grammar_take(g, K_COUNTER)) g->out->batch = PARSER_BATCH_COUNTER;
    if (!grammar_take(g, K_BATCH) || !using_clause(g)) return false;
    while (!grammar_take(g, K_APPLY)) {
        if (!inner(g)) return false;
        (void)grammar_take(g, TOKEN_SEMICOLON);
    }
    return grammar_take(g, K_BATCH);
}

bool parser_modify_truncate(struct grammar *g)
{
    if (!grammar_take(g, K_TRUNCATE) || !grammar_part(g, STATEMENT_TRUNCATE)) return false;
    (void)grammar_take(g, K_COLUMNFAMILY);
    return grammar_qualified(g, PARSER_TABLE);
}

bool parser_modify_use(struct grammar *g)
{
    return grammar_take(g, K_USE) && grammar_part(g, STATEMENT_USE) &&
           grammar_bare(g, PARSER_KEYSPACE);
}
