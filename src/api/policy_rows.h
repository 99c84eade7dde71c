/* The resources of which a table of permissions speaks: the organization or enterprise, and what is in
 * the databases that the caller may see, by its real name. */
#pragma once

#include "api/api_call.h"

enum { POLICY_ROWS_MAX = 5000 };

/* Which resources. */
struct policy_wish {
    struct api_scope scope;
    bool by_database; /* of its databases this one alone */
    struct uuid database;
    bool system; /* Cassandra's own keyspaces, too */
};

struct policy_row {
    struct resource on;
    bytes database_name; /* empty where it is of no database */
};
struct policy_rows {
    struct policy_row *list;
    size_t n;
    bool truncated; /* there are more than POLICY_ROWS_MAX */
};

/* The scope first, db:* of an organization, then database by database its keyspaces and their tables,
 * each by name. Views are not there: they stand for their tables. Much work for an HTTP loop; within
 * an RCU read section. NO_MEMORY; NOT_FOUND: no such database, or none that the caller may see. */
MUST err policy_rows_read(struct http_request *rq, const struct policy_wish *wish,
                          struct policy_rows *out);
/* NOT_FOUND as above, without the work. */
MUST err policy_rows_check(struct http_request *rq, const struct policy_wish *wish);

/* Of the actions of its level those that are ever asked on it: org-db-create is asked on db:* alone. */
action_set policy_rows_asked(const struct resource *on);
/* Members resource, level and names, in an open object. */
void policy_rows_write(struct json_out *j, const struct policy_row *row);
/* "key": names of actions. */
void policy_rows_write_actions(struct json_out *j, const char *key, action_set set);
