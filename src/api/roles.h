/* Roles as JSON. */
#pragma once

#include "api/api_call.h"

struct json_in;

/* org-role-read or org-token-write, in a scope (decisions 4.10). */
MUST err roles_permit_reading(struct http_request *rq, const struct api_scope *scope);
/* A policy as it was sent; what is wrong with its form is said in the note. Views are in the body and
 * in the call's arena. BAD_INPUT. */
MUST err roles_read_policy(struct http_request *rq, const struct json_in *policy,
                           struct policy *out);
/* IN_USE: it denies, and is held. */
MUST err roles_check_unused(struct http_request *rq, const struct role *r);
void roles_write(struct json_out *j, const struct role *r);
