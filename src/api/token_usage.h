/* A token's use as tokens are shown with it. */
#pragma once

#include "api/api_call.h"

/* "lastUsedAt", "lastUsedFrom", "lastUsedBy" and "openSessions", within an open object. Blocking: on a
 * work thread. */
void token_usage_write(struct json_out *j, struct usage *u, bytes client_id);
/* What changes when one of them does, of all tokens of a scope. */
struct token_usage_version {
    int64_t written_ms;
    uint32_t sessions;
};
struct token_usage_version token_usage_version(const struct usage *u, const struct uuid *scope);
