/* The system tables of the fake node: one node, one keyspace `bench`, one table `kv`. */
#ifndef BENCH_FAKE_SCHEMA_H
#define BENCH_FAKE_SCHEMA_H

#include "wire.h"

/* Fills in what the rows of system.local say of this node. `port` is its own. */
void fake_schema_start(unsigned port);

/* Appends the body of a ROWS result for a SELECT on a system table; false when the text names none.
 * WHERE is not looked at: the tables hold what a gateway asks for. */
bool fake_schema_answer(const char *cql, struct wire_buf *out);

#endif
