/* What a CQL statement is and needs: text and the session's keyspace in; kind, the actions that it
 * asks for, and the text to forward (fully qualified, quoted, comments gone) out. */
#pragma once

#include "base/arena.h"
#include "cql/statement_kind.h"
#include "model/action.h"

struct schema;

enum {
    STATEMENT_TEXT_MAX = 16 * 1024 * 1024,    /* longest text that is read, in bytes */
    /* Arena that the longest texts may take, as a multiple of their length; for sizing a call's
     * cap. */
    STATEMENT_ARENA_FACTOR = 64
};

/* One action that must be allowed. */
struct statement_need {
    enum action action;
    enum action or_action;    /* suffices as well; the same as `action` when nothing else does */
    bytes keyspace;           /* empty: asked on the database */
    bytes table;              /* empty: asked on the keyspace */
    bytes named;              /* as the statement named it: all that a denial may tell */
    bool table_any;           /* asked on all tables of the keyspace; `table` is "*" */
    bool bare;                /* `named` may mean a keyspace or a table: a denial tells neither */
    bool never;               /* nobody may: not in the picture, or kept for the gateway */
    const char *instead;      /* of `never`: what can be asked, for people; NULL: nothing */
};

/* Where the answer comes from. */
enum statement_route {
    STATEMENT_ROUTE_FORWARD,       /* `text` goes to a node */
    STATEMENT_ROUTE_LOCAL_SYSTEM,  /* system.local, peers, peers_v2: see `select` */
    STATEMENT_ROUTE_SCHEMA,        /* system_schema.*, system_virtual_schema.*: see `select` */
    STATEMENT_ROUTE_ESTIMATES,     /* system.size_estimates, table_estimates of one exact table (in
                                      needs); forwarded */
    STATEMENT_ROUTE_ESTIMATES_BOUND, /* the same, of a table that bound values name: needs nothing
                                      yet; with the values see statement_estimates_need */
    STATEMENT_ROUTE_TRACES,        /* system_traces.sessions, events; see `select` */
    STATEMENT_ROUTE_USE,           /* `keyspace` is the one to use; never forwarded */
    STATEMENT_ROUTE_DESCRIBE       /* see `describe`; `text` may be forwarded, rows filtered */
};

enum statement_batch { STATEMENT_BATCH_NONE, STATEMENT_BATCH_LOGGED, STATEMENT_BATCH_UNLOGGED,
                       STATEMENT_BATCH_COUNTER };

/* A literal or a bind marker of a simple SELECT. */
enum statement_value_type {
    STATEMENT_VALUE_TEXT,        /* `text` without quotes */
    STATEMENT_VALUE_INTEGER,
    STATEMENT_VALUE_UUID,
    STATEMENT_VALUE_BOOLEAN,
    STATEMENT_VALUE_OTHER,       /* as written */
    STATEMENT_VALUE_NULL,
    STATEMENT_VALUE_BIND         /* number `bind`; `text` is its name, or empty */
};
struct statement_value {
    enum statement_value_type type;
    bytes text;
    uint32_t bind;
};

struct statement_selector {
    bytes column;    /* folded */
    bytes alias;     /* empty: the column's name */
    bool json;       /* toJson(column) */
};

/* `column = value`, `column IN (values)`, or `column IN ?` with one BIND and `in_bind`. */
struct statement_restriction {
    bytes column;
    bool in;
    bool in_bind;
    const struct statement_value *values;
    size_t values_n;
};

/* A SELECT on a table that the gateway answers itself. Nothing but `simple` counts unless it is
 * set: plain columns, toJson of them, `*` or count(*); equalities and INs joined by AND; LIMIT; ALLOW FILTERING. */
struct statement_select {
    bool simple;
    bool count;              /* count(*), alone; its alias is in selectors[0].alias */
    bool distinct;
    bool json;
    const struct statement_selector *selectors;    /* selectors_n == 0: `*` */
    size_t selectors_n;
    const struct statement_restriction *where;
    size_t where_n;
    bool limited;
    struct statement_value limit;
};

enum statement_describe {
    STATEMENT_DESCRIBE_CLUSTER,
    STATEMENT_DESCRIBE_SCHEMA,
    STATEMENT_DESCRIBE_KEYSPACES,
    STATEMENT_DESCRIBE_KEYSPACE,
    STATEMENT_DESCRIBE_TABLES,
    STATEMENT_DESCRIBE_TABLE,
    STATEMENT_DESCRIBE_INDEX,
    STATEMENT_DESCRIBE_VIEW,
    STATEMENT_DESCRIBE_TYPES,
    STATEMENT_DESCRIBE_TYPE,
    STATEMENT_DESCRIBE_FUNCTIONS,
    STATEMENT_DESCRIBE_FUNCTION,
    STATEMENT_DESCRIBE_AGGREGATES,
    STATEMENT_DESCRIBE_AGGREGATE
};

/* All views live in the arena, or in the text that was given. */
struct statement {
    enum statement_kind kind;
    enum statement_route route;
    bytes text;                            /* to be forwarded: UTF-8 */
    const struct statement_need *needs;    /* every one must be allowed */
    size_t needs_n;
    bytes keyspace;      /* of the main target; of a listing: what limits it, or empty */
    bytes table;         /* the main target's name, folded; empty when there is none */
    bool conditional;    /* a light-weight transaction: IF … */
    bool ddl;            /* answered by Schema_change or Void; deadlines and agreement of DDL */
    bool if_exists;      /* DROP or ALTER … IF EXISTS; not of views */
    bool counter;        /* writes counters */
    enum statement_batch batch;
    const char *write_type;     /* of a write whose answer is lost: "SIMPLE", …; NULL: a read */
    uint32_t binds_n;           /* bind markers */
    bool unknown_relation;      /* the picture lacks a name: reload once, then as `never` */
    enum statement_describe describe;      /* of a DESCRIBE; a bare name became its kind */
    struct statement_select select;        /* of a SELECT with another route than FORWARD */
};

/* Reads, resolves, rewrites. `session_keyspace` is what USE chose, or empty. Errors: CQL_SYNTAX
 * (note: line, column and what was met), CQL_INVALID (no keyspace chosen), STATEMENT_REFUSED
 * (out->kind is set, and the note names it), NO_MEMORY. Nothing is forwarded after an error. Names
 * that the picture lacks are no error: they come with a need that nobody has. */
MUST err statement_understand(const struct schema *schema, bytes session_keyspace, bytes text,
                              struct arena *arena, struct statement *out, struct note *note);

/* The values that name the table whose estimates are asked for, each a TEXT or a BIND. False: they
 * name not exactly one. */
bool statement_estimates_of(const struct statement_select *s, struct statement_value *keyspace,
                            struct statement_value *table);
/* What these names need: to read the table, of a view the one that it shows. */
struct statement_need statement_estimates_need(const struct schema *schema, bytes keyspace,
                                               bytes table);

/* The keyspace's name as an identifier of CQL means it: "Ks" folds to ks, "\"Ks\"" stays Ks.
 * CQL_SYNTAX when it is not one identifier. */
MUST err statement_fold_name(bytes identifier, struct arena *arena, bytes *out);
/* The name in double quotes, inner quotes doubled. */
bytes statement_quote_name(bytes name, struct arena *arena);

/* system, system_*, dse_* and the like: kept from every token but for the routes above. */
bool statement_is_system_keyspace(bytes keyspace);

/* Cassandra's word for what an action permits: "SELECT", "MODIFY", "ALTER", …. */
const char *statement_permission(enum action action);
/* The target as Cassandra writes it in a denial, by the names that the statement itself used:
 * "<table ks.t>", "<keyspace ks>", "<all keyspaces>". */
bytes statement_target(const struct statement_need *need, struct arena *arena);
