/* Who acts in which enterprise. */
#pragma once

#include "api/api_call.h"

bool enterprises_is_operator(const struct http_request *rq);
/* The local operator acts in this enterprise from here on. NOT_FOUND. */
MUST err enterprises_operator_scope(struct http_request *rq, bytes id_text, struct api_scope *out);
/* NOT_ALLOWED, for a caller that belongs to an organization. */
MUST err enterprises_only(struct http_request *rq, enum action action);
/* The enterprise of the path, if it is the caller's own (the operator's: any). Permission first,
 * existence second: another one is absent. `by` is what the permit rests on. */
MUST err enterprises_permit_own(struct http_request *rq, enum action action,
                                struct api_scope *scope, struct ask *by,
                                const struct permit **permit);
