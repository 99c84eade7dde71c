/* The tokens of an organization or enterprise, counted by what becomes of them. Pure. */
#pragma once

#include "api/token_shown.h"
#include "api/token_filter.h"
#include "http/json_out.h"

enum { TOKEN_SUMMARY_DAYS = 90 /* of which is told how many end on each, today the first */ };

struct token_summary {
    const struct token_life *life;
    const struct token_filter *use; /* for when they were used */
    size_t active;
    size_t expiring;                /* within TOKEN_EXPIRING_DAYS */
    size_t expired;
    size_t unending;
    size_t never_used;
    size_t unused;                  /* for TOKEN_UNUSED_DAYS */
    int64_t oldest_ns;              /* of the active ones; INT64_MAX: there is none */
    size_t ends[TOKEN_SUMMARY_DAYS];
};

void token_summary_begin(struct token_summary *s, const struct token_life *life,
                         const struct token_filter *use);
void token_summary_add(struct token_summary *s, const char client_id[TOKEN_CLIENT_ID],
                       int64_t created_ns, int64_t expires_ms);
void token_summary_write(const struct token_summary *s, struct json_out *j);
