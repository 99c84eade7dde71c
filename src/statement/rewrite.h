/* A parsed statement written again: one space between tokens, no comments, every name in quotes and
 * every keyspace-scoped name with its keyspace. */
#pragma once

#include "statement/resolve.h"

/* NO_MEMORY. */
MUST err rewrite_text(const struct resolve *r, bytes *out);
/* `name` in double quotes. */
bytes rewrite_quote(bytes name, struct arena *arena);
