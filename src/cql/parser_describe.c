/* DESCRIBE in all its forms. */
#include "cql/grammar.h"

static bool as(struct grammar *g, enum parser_describe what)
{
    g->out->describe = what;
    return true;
}

static bool named(struct grammar *g, enum parser_describe what, enum parser_role role)
{
    g->i++;
    return as(g, what) && grammar_qualified(g, role);
}

static bool function(struct grammar *g, enum parser_describe what)
{
    g->i++;
    return as(g, what) && parser_term_function_name(g);
}

static bool listing(struct grammar *g, enum parser_describe what)
{
    g->i++;
    return as(g, what);
}

static bool keyspace(struct grammar *g)
{
    g->i++;
    (void)as(g, PARSER_DESCRIBE_KEYSPACE);
    return !grammar_is_name(g, 0) || grammar_bare(g, PARSER_KEYSPACE);
}

static bool bare(struct grammar *g)
{
    return as(g, PARSER_DESCRIBE_BARE) && grammar_qualified(g, PARSER_TABLE);
}

static bool schema(struct grammar *g)
{
    g->i++;
    return as(g, PARSER_DESCRIBE_SCHEMA);
}

static bool type(struct grammar *g)
{
    g->i++;
    return as(g, PARSER_DESCRIBE_TYPE) && parser_type_name(g);
}

/* A word that could begin a form is a name instead where nothing of that form follows. */
static bool ends_here(const struct grammar *g)
{
    const enum token_type next = grammar_peek(g, 1);
    return next == TOKEN_END || next == TOKEN_SEMICOLON || next == K_WITH || next == TOKEN_DOT;
}

static bool target(struct grammar *g)
{
    switch ((int)grammar_peek(g, 0)) {
    case K_CLUSTER: return listing(g, PARSER_DESCRIBE_CLUSTER);
    case K_FULL: g->i++; return grammar_peek(g, 0) == K_SCHEMA ? schema(g) : grammar_miss(g);
    case K_SCHEMA: return schema(g);
    case K_KEYSPACES: return listing(g, PARSER_DESCRIBE_KEYSPACES);
    case K_ONLY:
        if (grammar_peek(g, 1) != K_KEYSPACE) return bare(g);
        g->i++;
        return keyspace(g);
    case K_KEYSPACE: return keyspace(g);
    case K_TABLES: return listing(g, PARSER_DESCRIBE_TABLES);
    case K_COLUMNFAMILY: return named(g, PARSER_DESCRIBE_TABLE, PARSER_TABLE);
    case K_INDEX: return named(g, PARSER_DESCRIBE_INDEX, PARSER_INDEX);
    case K_MATERIALIZED:
        g->i++;
        return grammar_peek(g, 0) == K_VIEW ? named(g, PARSER_DESCRIBE_VIEW, PARSER_TABLE)
                                            : grammar_miss(g);
    case K_TYPES: return listing(g, PARSER_DESCRIBE_TYPES);
    case K_TYPE: return ends_here(g) ? bare(g) : type(g);
    case K_FUNCTIONS: return listing(g, PARSER_DESCRIBE_FUNCTIONS);
    case K_FUNCTION: return ends_here(g) ? bare(g) : function(g, PARSER_DESCRIBE_FUNCTION);
    case K_AGGREGATES: return listing(g, PARSER_DESCRIBE_AGGREGATES);
    case K_AGGREGATE: return ends_here(g) ? bare(g) : function(g, PARSER_DESCRIBE_AGGREGATE);
    default: return bare(g);
    }
}

bool parser_describe(struct grammar *g)
{
    if (!grammar_take(g, K_DESCRIBE) && !grammar_take(g, K_DESC)) return false;
    if (!grammar_part(g, STATEMENT_DESCRIBE) || !target(g)) return false;
    return !grammar_take(g, K_WITH) || grammar_take(g, K_INTERNALS);
}
