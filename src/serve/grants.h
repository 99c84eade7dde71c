/* What the gateway's own role may do on the cluster, against what the keyspaces need. */
#pragma once

#include "base/bytes.h"

struct picture;

/* A grant that a keyspace needs. `schema`: only where tokens may change the schema. */
#define GRANTS(X)                                                                                  \
    X(SELECT, "KEYSPACE", false)                                                                   \
    X(MODIFY, "KEYSPACE", false)                                                                   \
    X(CREATE, "KEYSPACE", true)                                                                    \
    X(ALTER, "KEYSPACE", true)                                                                     \
    X(DROP, "KEYSPACE", true)                                                                      \
    X(EXECUTE, "ALL FUNCTIONS IN KEYSPACE", false)

enum grant {
#define GRANT(name, on, schema) GRANT_##name,
    GRANTS(GRANT)
#undef GRANT
    GRANT_COUNT
};

struct grant_row {
    const char *name;
    const char *on;
    bool schema;
};
extern const struct grant_row grant_rows[GRANT_COUNT];

/* One keyspace; bits by enum grant. */
struct grants {
    unsigned held;
    unsigned missing;
    unsigned left_out; /* of those for schema changes: all of them, which is a choice */
};

void grants_of_keyspace(const struct picture *p, bytes keyspace, struct grants *out);

/* Whether a right is one that the gateway's role must not have, or is better without. */
enum grant_danger { GRANT_HARMLESS, GRANT_NEEDLESS, GRANT_DANGEROUS };
enum grant_danger grants_danger(bytes resource, bytes permission);
