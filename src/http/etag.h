/* Versions of what a path shows: a strong ETag in answers, If-Match before changes, If-None-Match
 * (RFC 9110, section 13). */
#pragma once

#include "http/http.h"

enum { ETAG_MAX = 64 };

/* The version of what the answer shows, after it was begun (http_json). Visible ASCII without '"',
 * at most ETAG_MAX bytes. A GET whose If-None-Match names it is answered 304 by the door. */
void etag_set(struct http_request *rq, bytes version);
/* To be asked by a handler that changes what has this version (empty: it is not there) before it
 * does. PRECONDITION when If-Match is given and names another; DONE without the field. */
MUST err etag_check(struct http_request *rq, bytes version);
/* The door's own: adds the field, turns 200 into 304. */
void etag_answer(struct http_request *rq);

/* Whether a field's value names the version. `weak`: W/ in front does not matter. Pure. */
bool etag_names(bytes value, bytes version, bool weak);
