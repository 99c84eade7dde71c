/* A request as it arrives, before it is routed. */
#pragma once

#include "http/inside.h"

/* Names the request and its sender, and refuses framing that two readers could read differently,
 * headers and targets over their limits, tokens in the query, and hosts that are not ours: BAD_INPUT,
 * HEADER_TOO_BIG, TARGET_TOO_LONG, BODY_TOO_BIG, HOST_NOT_ALLOWED, said in the note. */
MUST err arrival_check(struct http_request *rq, const char *method, const char *version);
