/* DESCRIBE resolved: a bare name gets its kind, a missing keyspace is written down. */
#pragma once

#include "statement/resolve.h"
#include "statement/statement.h"

/* Fills route, describe, keyspace, table, needs and text. Errors: CQL_INVALID, NO_MEMORY. */
MUST err describe_read(const struct resolve *r, struct statement *out, struct note *note);
