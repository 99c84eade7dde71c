/* What a request presents to say who is calling. */
#pragma once

#include "http/http.h"

/* Bearer; HTTP Basic (client id and secret) where the route takes it; the uid on a UNIX socket where
 * neither is given; the cookie of a signed-in browser. Whoever presents Authorization is that one: a
 * cookie beside it is not looked at. Views are in the call's arena or the header. TOKEN_MALFORMED,
 * BAD_INPUT, said in the note; NO_MEMORY. */
MUST err credential_read(struct http_request *rq, struct credential *out);
/* What follows "Bearer" in an Authorization field; empty: another scheme. */
bytes credential_bearer(bytes header);
