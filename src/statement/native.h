/* Which functions are Cassandra's own: they need no permission and are in no keyspace of users. */
#pragma once

#include "base/bytes.h"

/* `name` folded. */
bool native_has(bytes name);
