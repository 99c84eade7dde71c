/* Pages of other origins that may ask: off unless origins are named, and never with credentials of
 * the browser (the Fetch standard, section 3.2). */
#pragma once

#include "http/http.h"

/* Says in an answer whether the page that asks may read it. */
void cors_answer(struct http_request *rq);
/* An OPTIONS request that a browser sends ahead: adds what the page may send. `allow` are the
 * target's methods. */
void cors_preflight(struct http_request *rq, const char *allow);
