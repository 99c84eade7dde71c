/* What a browser meets before anybody has signed in. */
#pragma once

#include "http/http.h"

/* The answer of GET /v2/set-up; `link_file`: of a first start, or NULL. */
void set_up_state_write(struct http_request *rq, const char *state, const char *link_file);
/* That a link is good, and how long. */
void set_up_state_good(struct http_request *rq, int64_t ends_ms);
