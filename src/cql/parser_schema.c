/* CREATE, ALTER and DROP of keyspaces, indexes, views and types; DROP TABLE. */
#include "cql/grammar.h"

/* name = constant | word | { … }. The word stays as it is written: it is a value. */
bool parser_schema_property(struct grammar *g)
{
    if (!grammar_name(g) || !grammar_take(g, TOKEN_EQUAL)) return false;
    const enum token_type type = grammar_peek(g, 0);
    if (type == TOKEN_OPEN_CURLY) return parser_term_property_map(g);
    if (type != TOKEN_END && g->t[g->i].class >= KEYWORD_BASIC) {
        g->i++;
        return true;
    }
    return parser_term_constant(g);
}

static bool properties(struct grammar *g)
{
    do {
        if (!parser_schema_property(g)) return false;
    } while (grammar_take(g, K_AND));
    return true;
}

static bool keyspace(struct grammar *g)
{
    if (!grammar_bare(g, PARSER_KEYSPACE)) return false;
    g->out->body = g->i;
    return true;
}

static bool create_keyspace(struct grammar *g)
{
    return grammar_part(g, STATEMENT_CREATE_KEYSPACE) && grammar_if_not_exists(g) && keyspace(g) &&
           grammar_take(g, K_WITH) && properties(g);
}

static bool index_target(struct grammar *g)
{
    const enum token_type type = grammar_peek(g, 0);
    const bool part = type == K_VALUES || type == K_KEYS || type == K_ENTRIES || type == K_FULL;
    if (!part || grammar_peek(g, 1) != TOKEN_OPEN) return grammar_column(g);
    g->i++;
    return grammar_take(g, TOKEN_OPEN) && grammar_column(g) && grammar_take(g, TOKEN_CLOSE);
}

static bool index_targets(struct grammar *g)
{
    if (grammar_peek(g, 1) == TOKEN_CLOSE) return grammar_words(g, TOKEN_OPEN, TOKEN_CLOSE);
    return grammar_parens(g, index_target);
}

static bool create_index(struct grammar *g)
{
    if (!grammar_part(g, STATEMENT_CREATE_INDEX)) return false;
    g->out->index_custom = grammar_take(g, K_CUSTOM);
    if (!grammar_take(g, K_INDEX) || !grammar_if_not_exists(g)) return false;
    if (grammar_peek(g, 0) != K_ON) {
        g->out->index_name = g->i;
        if (!grammar_name(g)) return false;
    }
    if (!grammar_take(g, K_ON) || !grammar_qualified(g, PARSER_TABLE)) return false;
    g->out->body = g->i;
    if (!index_targets(g)) return false;
    if (grammar_take(g, K_USING)) {
        g->out->index_class = g->i;
        if (!grammar_take(g, TOKEN_STRING)) return false;
    }
    return !grammar_take(g, K_WITH) || properties(g);
}

static bool view_key(struct grammar *g)
{
    if (!grammar_words3(g, K_PRIMARY, K_KEY, TOKEN_OPEN)) return false;
    const bool many = grammar_peek(g, 0) == TOKEN_OPEN;
    if (!(many ? grammar_parens(g, grammar_name) : grammar_name(g))) return false;
    if (grammar_take(g, TOKEN_COMMA) && !grammar_list(g, grammar_name)) return false;
    return grammar_take(g, TOKEN_CLOSE);
}

static bool create_view(struct grammar *g)
{
    if (!grammar_part(g, STATEMENT_CREATE_VIEW)) return false;
    if (!grammar_words(g, K_MATERIALIZED, K_VIEW) || !grammar_if_not_exists(g)) return false;
    if (!grammar_qualified(g, PARSER_TABLE)) return false;
    g->out->body = g->i;
    if (!grammar_words(g, K_AS, K_SELECT) || !parser_select_selectors(g)) return false;
    if (!grammar_take(g, K_FROM) || !grammar_qualified(g, PARSER_BASE)) return false;
    if (grammar_take(g, K_WHERE) && !parser_where(g)) return false;
    return view_key(g) && parser_table_properties(g);
}

static bool field(struct grammar *g)
{
    return grammar_name(g) && parser_type(g);
}

static bool create_type(struct grammar *g)
{
    if (!grammar_part(g, STATEMENT_CREATE_TYPE) || !grammar_take(g, K_TYPE)) return false;
    if (!grammar_if_not_exists(g) || !parser_type_name(g)) return false;
    g->out->body = g->i;
    if (!grammar_take(g, TOKEN_OPEN) || !field(g)) return false;
    while (grammar_take(g, TOKEN_COMMA)) {
        const enum token_type type = grammar_peek(g, 0);
        if (type != TOKEN_COMMA && type != TOKEN_CLOSE && !field(g)) return false;
    }
    return grammar_take(g, TOKEN_CLOSE);
}

bool parser_schema_create(struct grammar *g)
{
    switch ((int)grammar_peek(g, 0)) {
    case K_KEYSPACE: g->i++; return create_keyspace(g);
    case K_COLUMNFAMILY: g->i++; return parser_table_create(g);
    case K_CUSTOM: case K_INDEX: return create_index(g);
    case K_MATERIALIZED: return create_view(g);
    case K_TYPE: return create_type(g);
    case K_OR: case K_FUNCTION: case K_AGGREGATE: return parser_function_create(g);
    default: return grammar_miss(g);
    }
}

static bool alter_keyspace(struct grammar *g)
{
    return grammar_part(g, STATEMENT_ALTER_KEYSPACE) && grammar_if_exists(g) && keyspace(g) &&
           grammar_take(g, K_WITH) && properties(g);
}

static bool alter_view(struct grammar *g)
{
    if (!grammar_part(g, STATEMENT_ALTER_VIEW) || !grammar_words(g, K_MATERIALIZED, K_VIEW)) {
        return false;
    }
    return grammar_if_exists(g) && grammar_qualified(g, PARSER_TABLE) && grammar_take(g, K_WITH) &&
           properties(g);
}

static bool rename_fields(struct grammar *g)
{
    if (!grammar_if_exists(g)) return false;
    do {
        if (!(grammar_name(g) && grammar_take(g, K_TO) && grammar_name(g))) return false;
    } while (grammar_take(g, K_AND));
    return true;
}

static bool alter_type(struct grammar *g)
{
    if (!grammar_part(g, STATEMENT_ALTER_TYPE) || !grammar_take(g, K_TYPE)) return false;
    if (!grammar_if_exists(g) || !parser_type_name(g)) return false;
    if (grammar_take(g, K_ALTER)) {
        return grammar_name(g) && grammar_take(g, K_TYPE) && parser_type(g);
    }
    if (grammar_take(g, K_ADD)) return grammar_if_not_exists(g) && field(g);
    return grammar_take(g, K_RENAME) && rename_fields(g);
}

bool parser_schema_alter(struct grammar *g)
{
    switch ((int)grammar_peek(g, 0)) {
    case K_KEYSPACE: g->i++; return alter_keyspace(g);
    case K_COLUMNFAMILY: g->i++; return parser_table_alter(g);
    case K_MATERIALIZED: return alter_view(g);
    case K_TYPE: return alter_type(g);
    default: return grammar_miss(g);
    }
}

static bool drop_named(struct grammar *g, enum statement_kind kind, enum parser_role role)
{
    return grammar_part(g, kind) && grammar_if_exists(g) && grammar_qualified(g, role);
}

bool parser_schema_drop(struct grammar *g)
{
    const enum token_type type = grammar_peek(g, 0);
    if (type == K_FUNCTION || type == K_AGGREGATE) return parser_function_drop(g);
    if (type == TOKEN_END) return grammar_miss(g);
    (void)grammar_miss(g);
    g->i++;
    switch ((int)type) {
    case K_KEYSPACE:
        return grammar_part(g, STATEMENT_DROP_KEYSPACE) && grammar_if_exists(g) && keyspace(g);
    case K_COLUMNFAMILY: return drop_named(g, STATEMENT_DROP_TABLE, PARSER_TABLE);
    case K_INDEX: return drop_named(g, STATEMENT_DROP_INDEX, PARSER_INDEX);
    case K_MATERIALIZED:
        return grammar_take(g, K_VIEW) && drop_named(g, STATEMENT_DROP_VIEW, PARSER_TABLE);
    case K_TYPE:
        return grammar_part(g, STATEMENT_DROP_TYPE) && grammar_if_exists(g) && parser_type_name(g);
    default: return false;
    }
}
