/* Whose permissions a question is about: a token's, some roles', drafts', or one's own. */
#pragma once

#include "api/api_call.h"

struct json_in;

/* The fields that say it; any may be NULL. Those of one body. */
struct policy_about_fields {
    const struct field *tokens[2]; /* a client id, by the name that comes first */
    const struct field *role;
    const struct field *roles;
    const struct field *policies;
};
struct policy_about {
    struct gate_about who; /* in the call's arena */
    bool oneself;          /* nobody else, and nothing else */
    bool logs_in;          /* a token or member; a role of several need not hold db-cql */
};

/* About others: org-role-read or org-token-write, or their like of an enterprise; about oneself always
 * (decisions 4.10). Everything that is given is taken together. BAD_INPUT, NOT_FOUND (a token),
 * NOT_ALLOWED, said in the note. */
MUST err policy_about_read(struct http_request *rq, const struct api_scope *scope,
                           const struct json_in *body, const struct policy_about_fields *fields,
                           struct policy_about *out);
