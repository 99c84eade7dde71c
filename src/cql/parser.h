/* Recognises every statement of Cassandra 5.0's CQL over its tokens, and notes which of them name
 * something: tables, keyspaces, types, functions. Builds no tree; what it does not know is an
 * error. */
#pragma once

#include "cql/lexer.h"
#include "cql/statement_kind.h"

enum {
    PARSER_DEPTH_MAX = 100,       /* nested literals, types, selectors */
    PARSER_WORK_FACTOR = 16,      /* tokens looked at, as a multiple of the text's tokens */
    PARSER_PARTS_MAX = 1 << 16    /* statements in a batch */
};
#define PARSER_NONE UINT32_MAX

/* What a name in the text refers to. */
enum parser_role {
    PARSER_TABLE,          /* the statement's table; in view statements and DROP, by its kind */
    PARSER_BASE,           /* the table that a view is made from */
    PARSER_KEYSPACE,
    PARSER_TYPE,
    PARSER_FUNCTION,       /* called, or named; an aggregate as well */
    PARSER_STATE_FUNCTION, /* of an aggregate that is created: never qualified in the text */
    PARSER_FINAL_FUNCTION,
    PARSER_INDEX
};

/* How a token is written again. */
enum parser_mark {
    PARSER_AS_IS,
    PARSER_NAME            /* an identifier: folded and quoted */
};

struct parser_ref {
    enum parser_role role;
    uint32_t keyspace;     /* token, or PARSER_NONE */
    uint32_t name;         /* token; of a PARSER_KEYSPACE that is the keyspace */
    uint32_t part;         /* statement of the batch that it stands in */
};

/* One statement, or one of a batch. */
struct parser_part {
    enum statement_kind kind;
    bool conditional;      /* IF … */
    uint32_t table;        /* ref of its table, or PARSER_NONE */
};

enum parser_batch { PARSER_BATCH_LOGGED, PARSER_BATCH_UNLOGGED, PARSER_BATCH_COUNTER };

enum parser_describe {
    PARSER_DESCRIBE_CLUSTER,
    PARSER_DESCRIBE_SCHEMA,
    PARSER_DESCRIBE_KEYSPACES,
    PARSER_DESCRIBE_KEYSPACE,
    PARSER_DESCRIBE_TABLES,
    PARSER_DESCRIBE_TABLE,
    PARSER_DESCRIBE_INDEX,
    PARSER_DESCRIBE_VIEW,
    PARSER_DESCRIBE_TYPES,
    PARSER_DESCRIBE_TYPE,
    PARSER_DESCRIBE_FUNCTIONS,
    PARSER_DESCRIBE_FUNCTION,
    PARSER_DESCRIBE_AGGREGATES,
    PARSER_DESCRIBE_AGGREGATE,
    PARSER_DESCRIBE_BARE      /* a name whose kind the schema tells */
};

struct parser_statement {
    enum statement_kind kind;
    bytes text;
    const struct token *tokens;
    uint32_t tokens_n;            /* up to the last one that means something; no trailing `;` */
    const struct parser_ref *refs;
    uint32_t refs_n;              /* in the order of their names in the text */
    const struct parser_part *parts;
    uint32_t parts_n;             /* 1 but for a batch */
    uint32_t binds_n;
    enum parser_batch batch;
    enum parser_describe describe;
    uint32_t index_class;         /* token of CREATE INDEX … USING, or PARSER_NONE */
    uint32_t index_name;          /* token of CREATE INDEX's name, or PARSER_NONE */
    bool index_custom;
    bool column_free;             /* a SELECT whose selectors name no column */
    uint32_t body;                /* DDL: first token after the names (columns, options) */
};

/* Errors: CQL_SYNTAX (line, column and token in the note), NO_MEMORY. A refused kind is no error:
 * it is recognised by its first words and its refs are empty; CREATE and DROP of functions and
 * aggregates are read whole, for the schema picture. */
MUST err parser_read(bytes text, struct arena *arena, struct parser_statement *out,
                     struct note *note);
