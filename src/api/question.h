/* Questions about tokens that others ask: what the three ways of asking share. Everything is answered
 * from the index; cookies are never looked at. */
#pragma once

#include "api/api_call.h"

enum { QUESTION_TOKEN_MAX = 512, QUESTION_RESOURCES_MAX = 64 };

/* Whose token this is (empty: the caller's own), for a caller who may know: with org-token-read, or about
 * itself. *known false: nobody's of this scope. NOT_ALLOWED. */
MUST err question_subject(struct http_request *rq, bytes token, struct principal *out, bool *known);
/* A resource as a question names it: org:* and __ORG_ID__ are the organization of whom it is about, and
 * so in an enterprise. False: it is no resource name. */
bool question_resource(struct http_request *rq, bytes text, const struct principal *about,
                       struct resource *out);
