/* What is known of a token's use, from memory: a look-up is one hash and, mostly, one line of memory, so
 * that a list of a hundred thousand tokens may ask for each of them. Never waits.
 *
 * Callers are threads registered with liburcu, inside a read section. `u` may be NULL: nothing is known. */
#pragma once

#include "base/bytes.h"

struct usage;
struct uuid;

/* When the token was last used (UTC), at most some seconds late; 0: not since it is counted. */
int64_t usage_read_last_ms(const struct usage *u, bytes client_id);
/* CQL sessions that are open with it. */
uint32_t usage_read_sessions(const struct usage *u, bytes client_id);
/* The same of all tokens of an organization or enterprise. */
uint32_t usage_read_scope_sessions(const struct usage *u, const struct uuid *scope);
