/* Names of a parsed statement looked up in the schema picture: which keyspace each belongs to, what
 * it is there, and whether its keyspace must be written before it. */
#pragma once

#include "base/arena.h"
#include "cql/parser.h"
#include "statement/schema.h"

struct resolve_name {
    bytes keyspace;                      /* folded; empty for a native function without one */
    bytes name;                          /* folded; of a PARSER_KEYSPACE empty */
    const struct schema_entry *entry;    /* NULL: not in the picture, or native */
    bool native;                         /* one of Cassandra's own functions is meant or may be */
    bool insert;                         /* the text has no keyspace and must get one */
    bool missing;                        /* the picture lacks it, and it is no new thing's name */
    bool created;                        /* the name of what the statement creates */
};

struct resolve {
    const struct schema *schema;
    bytes session;                       /* keyspace of the session, or empty */
    const struct parser_statement *parsed;
    struct arena *arena;
    struct resolve_name *names;          /* one for each of parsed->refs */
};

/* Errors: CQL_INVALID when a keyspace is needed and none was chosen, NO_MEMORY. */
MUST err resolve_names(struct resolve *r, struct note *note);

/* A token as the name that it stands for: lower case unless quoted. */
bytes resolve_fold(bytes text, const struct token *t, struct arena *arena);
