/* The parser's state and its smallest steps, shared by the files of the grammar. A rule gives false
 * where the text is not what it wants; the furthest token reached is what the error will name. */
#pragma once

#include "cql/parser.h"

struct grammar {
    bytes text;
    struct token *t;
    uint32_t i;
    uint32_t n;
    uint32_t far;            /* furthest token that was refused */
    const char *why;         /* more than "not expected here", or NULL */
    uint32_t depth;
    uint64_t work;
    struct arena *arena;
    struct parser_ref *refs;
    uint32_t refs_n;
    uint32_t refs_size;
    struct parser_part *parts;
    uint32_t parts_n;
    uint32_t parts_size;
    uint32_t columns_n;      /* columns named in selectors so far */
    struct parser_statement *out;
};

/* Where a rule began, so that another can be tried. */
struct grammar_mark {
    uint32_t i;
    uint32_t refs_n;
    uint32_t columns_n;
};

static inline enum token_type grammar_peek(const struct grammar *g, uint32_t ahead)
{
    return g->n - g->i > ahead ? (enum token_type)g->t[g->i + ahead].type : TOKEN_END;
}

static inline bool grammar_miss(struct grammar *g)
{
    if (g->i > g->far) g->far = g->i;
    return false;
}

/* Takes the token if it is of this type. */
static inline bool grammar_take(struct grammar *g, enum token_type type)
{
    if (grammar_peek(g, 0) != type) return grammar_miss(g);
    g->i++;
    return true;
}

static inline struct grammar_mark grammar_here(const struct grammar *g)
{
    return (struct grammar_mark){g->i, g->refs_n, g->columns_n};
}

static inline void grammar_back(struct grammar *g, struct grammar_mark m)
{
    g->work += g->i - m.i + 1;
    for (uint32_t i = m.i; i < g->i; i++) g->t[i].mark = PARSER_AS_IS;
    g->i = m.i;
    g->refs_n = m.refs_n;
    g->columns_n = m.columns_n;
}

/* Two or three tokens in a row. */
bool grammar_words(struct grammar *g, enum token_type a, enum token_type b);
bool grammar_words3(struct grammar *g, enum token_type a, enum token_type b, enum token_type c);

/* Token `ahead` may be an identifier: bare, quoted or an unreserved keyword. */
bool grammar_is_name(const struct grammar *g, uint32_t ahead);
/* Identifiers; each is marked to be quoted. */
bool grammar_name(struct grammar *g);
/* A column: the empty name as well. */
bool grammar_column(struct grammar *g);
/* [keyspace .] name, with a ref. */
bool grammar_qualified(struct grammar *g, enum parser_role role);
/* One name without a keyspace before it, with a ref. */
bool grammar_bare(struct grammar *g, enum parser_role role);
bool grammar_ref(struct grammar *g, enum parser_role role, uint32_t keyspace, uint32_t name);
bool grammar_part(struct grammar *g, enum statement_kind kind);
static inline struct parser_part *grammar_last_part(struct grammar *g)
{
    return &g->parts[g->parts_n - 1];
}

/* One level deeper, and back. False beyond PARSER_DEPTH_MAX or when the work is used up. */
bool grammar_enter(struct grammar *g);
static inline bool grammar_leave(struct grammar *g, bool result)
{
    g->depth--;
    return result;
}

/* item , item … */
bool grammar_list(struct grammar *g, bool (*item)(struct grammar *));
/* ( item , item … ) */
bool grammar_parens(struct grammar *g, bool (*item)(struct grammar *));
bool grammar_if_not_exists(struct grammar *g);    /* optional */
bool grammar_if_exists(struct grammar *g);        /* optional */

/* parser_type.c */
bool parser_type(struct grammar *g);
bool parser_type_name(struct grammar *g);          /* of a user's type */
bool parser_type_native(struct grammar *g);

/* parser_term.c */
bool parser_term(struct grammar *g);
bool parser_term_simple(struct grammar *g);
bool parser_term_constant(struct grammar *g);
bool parser_term_marker(struct grammar *g);
bool parser_term_integer(struct grammar *g);       /* INTEGER or a marker */
bool parser_term_tuple(struct grammar *g);
bool parser_term_list(struct grammar *g);          /* ( [term , …] ) */
bool parser_term_property_map(struct grammar *g);  /* { constant : constant , … } */
/* The name of a function, with a ref; reads [keyspace .] name when "(" follows. */
bool parser_term_function_name(struct grammar *g);
bool parser_term_is_function(const struct grammar *g);

/* parser_select.c, parser_where.c */
bool parser_select(struct grammar *g);
bool parser_select_selectors(struct grammar *g);
bool parser_where(struct grammar *g);
bool parser_where_conditions(struct grammar *g);
bool parser_where_operator(struct grammar *g);

/* parser_modify.c */
bool parser_modify_insert(struct grammar *g);
bool parser_modify_update(struct grammar *g);
bool parser_modify_delete(struct grammar *g);
bool parser_modify_batch(struct grammar *g);
bool parser_modify_truncate(struct grammar *g);
bool parser_modify_use(struct grammar *g);

/* parser_table.c, parser_schema.c, parser_function.c, parser_describe.c, parser_refused.c; they
 * begin after CREATE, ALTER or DROP */
bool parser_table_create(struct grammar *g);
bool parser_table_alter(struct grammar *g);
bool parser_table_properties(struct grammar *g);
bool parser_schema_create(struct grammar *g);
bool parser_schema_alter(struct grammar *g);
bool parser_schema_drop(struct grammar *g);
bool parser_schema_property(struct grammar *g);
bool parser_function_create(struct grammar *g);
bool parser_function_drop(struct grammar *g);
bool parser_describe(struct grammar *g);
/* True when the first words are those of a refused kind; the statement's end is then not looked
 * for. */
bool parser_refused(struct grammar *g);
