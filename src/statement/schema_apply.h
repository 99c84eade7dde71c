/* DDL carried out in the schema picture, as a node would: for `latchkey statement` and tests. */
#pragma once

#include "statement/schema.h"

/* One statement; what is no DDL changes nothing. Functions, aggregates and the other refused kinds
 * count too where the picture knows them. `call` is scratch. Errors: CQL_SYNTAX, CQL_INVALID,
 * NO_MEMORY. */
MUST err schema_apply(struct schema *s, bytes session_keyspace, bytes text, struct arena *call,
                      struct note *note);
/* Many statements, separated by `;`, as DESCRIBE SCHEMA prints them. */
MUST err schema_apply_all(struct schema *s, bytes text, struct arena *call, struct note *note);
