/* What questions need of the door that other requests do not: header fields that only proxies may send,
 * fields that must not come twice, and the limit of the token in question. */
#pragma once

#include "http/http.h"

/* The connection comes from one of the trusted proxies. */
bool asking_is_from_proxy(const struct http_request *rq);
/* The one value of a field; empty: it is not there. BAD_INPUT, said in the note: it comes twice. */
MUST err asking_header(struct http_request *rq, const char *name, bytes *out);
/* Counts a question under rq->call.who; false: too many. */
bool asking_passes(struct http_request *rq);
