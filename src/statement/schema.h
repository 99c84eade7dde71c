/* The schema picture: what statements are looked up in. Keyspaces, tables, views and their bases,
 * indexes and the tables that own them, types, functions. Built from the rows of system_schema or
 * by carrying out DDL; once built it is only read, by any thread. Lives in the arena that it was
 * made in. */
#pragma once

#include "base/arena.h"
#include "base/hash.h"

struct schema;
struct note;

enum schema_object {
    SCHEMA_KEYSPACE,
    SCHEMA_TABLE,       /* and views: they share one space of names */
    SCHEMA_INDEX,
    SCHEMA_TYPE,
    SCHEMA_FUNCTION,    /* any overload */
    SCHEMA_AGGREGATE,
    SCHEMA_OBJECTS
};

enum schema_column_kind {
    SCHEMA_COLUMN_REGULAR,
    SCHEMA_COLUMN_PARTITION_KEY,
    SCHEMA_COLUMN_CLUSTERING,
    SCHEMA_COLUMN_STATIC
};

struct schema_column {
    const struct schema_column *next;
    bytes name;
    enum schema_column_kind kind;
    bool counter;
};

/* One named thing of a keyspace. */
struct schema_entry {
    enum schema_object object;
    bytes keyspace;
    bytes name;                           /* empty for a keyspace */
    bool view;                            /* a table that is a view of `owner` */
    bool counter;                         /* a table of counters */
    const struct schema_entry *owner;     /* base table of a view, table of an index; or NULL */
    bytes state_function;                 /* of an aggregate, in its keyspace */
    bytes final_function;                 /* of an aggregate, or empty */
    const struct schema_entry *views;     /* of a base table: the first of its views */
    const struct schema_entry *sibling;   /* the next view of the same base */
    const struct schema_column *columns;  /* of a table, newest first */
    uint32_t overloads;                   /* of a function or aggregate */
};

/* Errors: NO_MEMORY. The seed keeps whoever may create tables from making look-ups slow. */
MUST err schema_new(struct arena *arena, struct hash_seed seed, struct schema **out);

/* Each adds what is not there yet and changes what is; names are copied into the arena. A view's
 * base and an index's table are added bare when they are not there. Errors: NO_MEMORY. */
MUST err schema_add_keyspace(struct schema *s, bytes keyspace);
MUST err schema_add_table(struct schema *s, bytes keyspace, bytes table);
/* `type` as system_schema.columns prints it ("counter" makes the table one of counters). */
MUST err schema_add_column(struct schema *s, bytes keyspace, bytes table, bytes column,
                           enum schema_column_kind kind, bytes type);
MUST err schema_add_view(struct schema *s, bytes keyspace, bytes view, bytes base);
MUST err schema_add_index(struct schema *s, bytes keyspace, bytes table, bytes index);
MUST err schema_add_type(struct schema *s, bytes keyspace, bytes type);
MUST err schema_add_function(struct schema *s, bytes keyspace, bytes function);
MUST err schema_add_aggregate(struct schema *s, bytes keyspace, bytes aggregate,
                              bytes state_function, bytes final_function);

/* Forgets a thing, with all that lives in it or on it; nothing happens when it is not there. */
void schema_drop(struct schema *s, enum schema_object object, bytes keyspace, bytes name);

/* NULL when it is not there. For SCHEMA_KEYSPACE `name` is empty. */
const struct schema_entry *schema_find(const struct schema *s, enum schema_object object,
                                       bytes keyspace, bytes name);
bool schema_has_keyspace(const struct schema *s, bytes keyspace);
/* Things in the picture, of all sorts. */
size_t schema_count(const struct schema *s);
