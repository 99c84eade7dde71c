/* SELECT, and the selectors that views have as well. */
#include "cql/grammar.h"

static bool sum(struct grammar *g);

static bool column(struct grammar *g)
{
    g->columns_n++;
    return grammar_name(g);
}

static bool slice(struct grammar *g)
{
    if (!grammar_take(g, TOKEN_OPEN_SQUARE)) return false;
    if (grammar_take(g, TOKEN_RANGE)) {
        if (!parser_term(g)) return false;
    } else {
        if (!parser_term(g)) return false;
        const bool open = grammar_take(g, TOKEN_RANGE) && grammar_peek(g, 0) == TOKEN_CLOSE_SQUARE;
        const bool range = g->t[g->i - 1].type == TOKEN_RANGE;
        if (range && !open && !parser_term(g)) return false;
    }
    return grammar_take(g, TOKEN_CLOSE_SQUARE);
}

/* .field and [element], as often as they come. */
static bool modifiers(struct grammar *g)
{
    for (;;) {
        const enum token_type type = grammar_peek(g, 0);
        if (type == TOKEN_DOT) {
            g->i++;
            if (!grammar_name(g)) return false;
        } else if (type == TOKEN_OPEN_SQUARE) {
            if (!slice(g)) return false;
        } else {
            return true;
        }
    }
}

static bool arguments(struct grammar *g)
{
    if (grammar_peek(g, 0) == TOKEN_OPEN && grammar_peek(g, 1) == TOKEN_CLOSE) {
        return grammar_words(g, TOKEN_OPEN, TOKEN_CLOSE);
    }
    return grammar_parens(g, sum);
}

static bool of_column(struct grammar *g)
{
    g->i++;
    return grammar_take(g, TOKEN_OPEN) && column(g) && modifiers(g) && grammar_take(g, TOKEN_CLOSE);
}

static bool cast(struct grammar *g)
{
    g->i++;
    return grammar_take(g, TOKEN_OPEN) && sum(g) && grammar_take(g, K_AS) &&
           parser_type_native(g) && grammar_take(g, TOKEN_CLOSE);
}

/* A word: column or function. */
static bool word(struct grammar *g)
{
    if (grammar_peek(g, 1) == TOKEN_OPEN) {
        switch ((int)grammar_peek(g, 0)) {
        case K_COUNT:
            if (grammar_peek(g, 2) != TOKEN_STAR) break;
            g->columns_n++;
            g->i++;
            return grammar_words3(g, TOKEN_OPEN, TOKEN_STAR, TOKEN_CLOSE);
        case K_TTL: case K_WRITETIME: case K_MAXWRITETIME: return of_column(g);
        case K_CAST: return cast(g);
        default: break;
        }
    }
    if (parser_term_is_function(g)) return parser_term_function_name(g) && arguments(g);
    return column(g);
}

static bool hint_or_tuple(struct grammar *g);

static bool curly_rest(struct grammar *g)
{
    const bool map = grammar_take(g, TOKEN_COLON);
    if (map && !sum(g)) return false;
    while (grammar_take(g, TOKEN_COMMA)) {
        if (!sum(g)) return false;
        if (map && !(grammar_take(g, TOKEN_COLON) && sum(g))) return false;
    }
    return grammar_take(g, TOKEN_CLOSE_CURLY);
}

static bool curly(struct grammar *g)
{
    if (!grammar_take(g, TOKEN_OPEN_CURLY)) return false;
    if (grammar_peek(g, 0) == TOKEN_CLOSE_CURLY) return grammar_take(g, TOKEN_CLOSE_CURLY);
    return sum(g) && curly_rest(g);
}

static bool square(struct grammar *g)
{
    if (!grammar_take(g, TOKEN_OPEN_SQUARE)) return false;
    if (grammar_peek(g, 0) == TOKEN_CLOSE_SQUARE) return grammar_take(g, TOKEN_CLOSE_SQUARE);
    return grammar_list(g, sum) && grammar_take(g, TOKEN_CLOSE_SQUARE);
}

static bool plain(struct grammar *g)
{
    switch ((int)grammar_peek(g, 0)) {
    case K_NULL: return grammar_take(g, K_NULL);
    case TOKEN_QMARK: case TOKEN_COLON: return parser_term_marker(g);
    case TOKEN_OPEN: return hint_or_tuple(g);
    case TOKEN_OPEN_CURLY: return curly(g);
    case TOKEN_OPEN_SQUARE: return square(g);
    default: break;
    }
    if (grammar_is_name(g, 0) || grammar_peek(g, 0) == K_TOKEN) return word(g);
    return parser_term_constant(g);
}

static bool without_field(struct grammar *g)
{
    return grammar_enter(g) && grammar_leave(g, plain(g));
}

/* `(a) AS b` is an alias, `(a) AS` a column of that name with a type before it. */
static bool alias_follows(const struct grammar *g)
{
    return grammar_peek(g, 0) == K_AS && grammar_peek(g, 1) != K_AS && grammar_is_name(g, 1);
}

/* (type) selector, or else (selector, …). */
static bool hint_or_tuple(struct grammar *g)
{
    const struct grammar_mark here = grammar_here(g);
    const uint32_t binds = g->out->binds_n;
    if (grammar_take(g, TOKEN_OPEN) && parser_type(g) && grammar_take(g, TOKEN_CLOSE) &&
        !alias_follows(g) && without_field(g)) {
        return true;
    }
    grammar_back(g, here);
    g->out->binds_n = binds;
    return grammar_parens(g, sum);
}

static bool group(struct grammar *g)
{
    if (grammar_peek(g, 0) == TOKEN_MINUS) {
        g->i++;
        return grammar_enter(g) && grammar_leave(g, group(g));
    }
    return without_field(g) && modifiers(g);
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

static bool sum(struct grammar *g)
{
    for (;;) {
        if (!product(g)) return false;
        const enum token_type type = grammar_peek(g, 0);
        if (type != TOKEN_PLUS && type != TOKEN_MINUS) return true;
        g->i++;
    }
}

static bool selector(struct grammar *g)
{
    if (!sum(g)) return false;
    return !grammar_take(g, K_AS) || grammar_name(g);
}

bool parser_select_selectors(struct grammar *g)
{
    if (grammar_peek(g, 0) == TOKEN_STAR) {
        g->columns_n++;
        return grammar_take(g, TOKEN_STAR);
    }
    return grammar_list(g, selector);
}

/* JSON and DISTINCT are columns where no selectors follow them. */
static bool worded_clause(struct grammar *g, enum token_type word, bool (*rest)(struct grammar *))
{
    const struct grammar_mark here = grammar_here(g);
    const uint32_t binds = g->out->binds_n;
    if (grammar_peek(g, 0) != word) return rest(g);
    const bool sure = grammar_peek(g, 1) == TOKEN_STAR;
    g->i++;
    if (rest(g) || sure) return grammar_peek(g, 0) == K_FROM || grammar_miss(g);
    grammar_back(g, here);
    g->out->binds_n = binds;
    return rest(g);
}

static bool plain_clause(struct grammar *g)
{
    return parser_select_selectors(g) && (grammar_peek(g, 0) == K_FROM || grammar_miss(g));
}

static bool distinct_clause(struct grammar *g)
{
    return worded_clause(g, K_DISTINCT, plain_clause);
}

static bool clause(struct grammar *g)
{
    return worded_clause(g, K_JSON, distinct_clause);
}

static bool ordering(struct grammar *g)
{
    if (!grammar_column(g)) return false;
    if (grammar_peek(g, 0) == K_ANN && !(grammar_words(g, K_ANN, K_OF) && parser_term(g))) {
        return false;
    }
    if (!grammar_take(g, K_ASC)) (void)grammar_take(g, K_DESC);
    return true;
}

static bool tail(struct grammar *g)
{
    if (grammar_take(g, K_WHERE) && !parser_where(g)) return false;
    if (grammar_take(g, K_GROUP) && !(grammar_take(g, K_BY) && grammar_list(g, sum))) return false;
    if (grammar_take(g, K_ORDER) && !(grammar_take(g, K_BY) && grammar_list(g, ordering))) {
        return false;
    }
    if (grammar_take(g, K_PER) &&
        !(grammar_words(g, K_PARTITION, K_LIMIT) && parser_term_integer(g))) {
        return false;
    }
    if (grammar_take(g, K_LIMIT) && !parser_term_integer(g)) return false;
    return !grammar_take(g, K_ALLOW) || grammar_take(g, K_FILTERING);
}

bool parser_select(struct grammar *g)
{
    if (!grammar_take(g, K_SELECT) || !grammar_part(g, STATEMENT_SELECT) || !clause(g)) {
        return false;
    }
    g->out->column_free = g->columns_n == 0;
    return grammar_take(g, K_FROM) && grammar_qualified(g, PARSER_TABLE) && tail(g);
}
