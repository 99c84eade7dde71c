/* A request as it arrives, before it is routed. */
#pragma once

#include "http/inside.h"

/* Names the request and its sender by what its head says, if it has one. */
void arrival_name(struct http_request *rq);
/* Refuses framing that two readers could read differently, targets over their limits, tokens in the query,
 * and hosts that are not ours: BAD_INPUT, TARGET_TOO_LONG, BODY_TOO_BIG, HOST_NOT_ALLOWED, said in the
 * note. */
MUST err arrival_check(struct http_request *rq);
