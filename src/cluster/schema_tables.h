/* The rows of system_schema and system_virtual_schema that a token may see: of the tables that it
 * may describe or use, of the types that those use, of what stands on them (decisions 7.9). */
#pragma once

#include "base/arena.h"
#include "cluster/picture.h"

/* What a session may see; `may_see` with an empty table asks about the keyspace. */
struct schema_eyes {
    bool (*may_see)(void *owner, bytes keyspace, bytes table);
    void *owner;
};

/* One table of the schema, filtered. */
struct schema_tables {
    const struct picture *picture;
    const struct picture_table *table;
    struct schema_eyes eyes;
    unsigned rule;                /* how its rows are judged */
    size_t keyspace_at;           /* columns, or columns_n when the table has none */
    size_t name_at;
    bool *seen;                   /* by row, for keyspaces and types */
};

/* Whether the gateway answers for this table at all. */
bool schema_tables_has(bytes keyspace, bytes table);
/* Errors: CQL_INVALID (a table that nobody may see), NO_MEMORY. */
MUST err schema_tables_open(const struct picture *picture, const struct picture_table *table,
                            const struct schema_eyes *eyes, struct arena *arena,
                            struct schema_tables *out);
bool schema_tables_shows(const struct schema_tables *s, size_t row);
