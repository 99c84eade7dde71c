/* Making tokens: shared by the token routes and by the database token. */
#pragma once

#include "api/api_call.h"

#include "http/json_in.h"

/* What a new token shall be; views are borrowed until the commit. */
struct tokens_wish {
    struct api_scope scope; /* that the token belongs to */
    struct uuid roles[ROLE_TOKEN_ROLES_MAX];
    size_t roles_n;
    bytes description;
    int64_t expires_ms; /* effective; CLOCK_NEVER_MS: never */
    int64_t expires_ns; /* the same as it is answered */
    struct ask by;      /* what its permit rests on */
};

/* Asked by a path of the legacy name, which knows nothing of enterprises (decisions 1.13). */
bool tokens_is_legacy(const struct http_request *rq);
MUST err tokens_permit_reading(struct http_request *rq, const struct api_scope *scope);
/* Reads description and tokenExpiry, by the scope's lifetime policy. BAD_INPUT. */
MUST err tokens_read_common(struct http_request *rq, const struct json_in *body, struct tokens_wish *wish);
/* A signed-in person has to have proved themselves (PROOF_NEEDED). Makes the secret, fills the answer
 * (200, once) and commits the token after the `before_n` changes that stand in `changes`, which has
 * room for TOKENS_CHANGES more. */
enum { TOKENS_CHANGES = 2 }; /* the token, and that its request was carried out */
MUST err tokens_create(struct http_request *rq, const struct tokens_wish *wish,
                       const struct permit *permit, struct change *changes, size_t before_n);
